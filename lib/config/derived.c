/* derived.c - values that follow from several options, by name (see show.h) */
#include "config/priv.h"
#include "config/show.h"
#include "util/buf.h"

static void put_listeners(const struct gw_config *cfg, enum gw_service s, struct gw_buf *out)
{
	for (size_t i = 0; i < cfg->listen[s].n; i++)
		gw_buf_printf(out, "%s%s", i ? " " : "", cfg->listen[s].v[i].text);
}

static void put_pop3(const struct gw_config *cfg, struct gw_buf *out)
{
	put_listeners(cfg, GW_SERVICE_POP3, out);
}

static void put_pop3s(const struct gw_config *cfg, struct gw_buf *out)
{
	put_listeners(cfg, GW_SERVICE_POP3S, out);
}

static void put_imap(const struct gw_config *cfg, struct gw_buf *out)
{
	put_listeners(cfg, GW_SERVICE_IMAP, out);
}

static void put_imaps(const struct gw_config *cfg, struct gw_buf *out)
{
	put_listeners(cfg, GW_SERVICE_IMAPS, out);
}

static void put_metrics(const struct gw_config *cfg, struct gw_buf *out)
{
	put_listeners(cfg, GW_SERVICE_METRICS, out);
}

static void put_services(const struct gw_config *cfg, struct gw_buf *out)
{
	for (unsigned s = 0, n = 0; s < GW_SERVICE_COUNT; s++)
		if (cfg->listen[s].n)
			gw_buf_printf(out, "%s%s", n++ ? " " : "", gw_service_name((enum gw_service)s));
}

/* By the words of tls_min_proto; GW_TLS_ANY is the last of them. */
static void put_version(enum gw_tls_version v, struct gw_buf *out)
{
	const struct gw_option_word *w = gw_option_find(GW_S("tls_min_proto"))->words;

	while (w[1].word && (v == GW_TLS_ANY || w->value < v))
		w++;
	gw_buf_printf(out, "%s", w->word);
}

static void put_tls_min(const struct gw_config *cfg, struct gw_buf *out)
{
	put_version(cfg->tls_min, out);
}

static void put_tls_max(const struct gw_config *cfg, struct gw_buf *out)
{
	put_version(cfg->tls_max, out);
}

static void put_certificates(const struct gw_config *cfg, struct gw_buf *out)
{
	for (size_t i = 0; i < cfg->n_certs; i++)
		gw_buf_printf(out, "%s%s:%s", i ? " " : "", cfg->certs[i].cert, cfg->certs[i].key);
}

static const struct gw_derived all[] = {
	{ "services", "the services that are on", put_services },
	{ "pop3.listen", "where POP3 listens; empty when it is off", put_pop3 },
	{ "pop3s.listen", "where POP3 inside TLS listens; empty when it is off", put_pop3s },
	{ "imap.listen", "where IMAP listens; empty when it is off", put_imap },
	{ "imaps.listen", "where IMAP inside TLS listens; empty when it is off", put_imaps },
	{ "metrics.listen", "where metrics are served; empty when they are not", put_metrics },
	{ "tls.min", "the oldest version of TLS that is spoken", put_tls_min },
	{ "tls.max", "the newest version of TLS that is spoken", put_tls_max },
	{ "tls.certificates", "all pairs cert.pem:key.pem, the one for unknown names first", put_certificates },
};

const struct gw_derived *gw_derived_at(size_t i)
{
	return i < sizeof all / sizeof *all ? &all[i] : NULL;
}

const struct gw_derived *gw_derived_find(struct gw_slice name)
{
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if (gw_slice_eq(name, gw_slice_str(all[i].name)))
			return &all[i];
	return NULL;
}
