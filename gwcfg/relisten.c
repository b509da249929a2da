/* relisten.c - the listeners of a configuration in the newer form (gwcfg fix --listen)
 *
 * server_bind, NAME_enable and NAME_port of all services become one NAME_listen each, with the addresses that they mean
 * now. kopano-gateway from 8.7 on refuses the older options. All four services are written, also those that are off: what
 * a file in the newer form does not mention gets other defaults. */
#include "gwcfg/tree.h"

#include "util/mem.h"

#include <stdlib.h>
#include <string.h>

struct row {
	const struct gw_option *opt;
	int service; /* enum gw_service; -1: all */
};

#define ROWS (GW_SERVICE_COUNT * 2 + 1)

static const struct gw_option *service_row(enum gw_service s, const char *what)
{
	char *name = gw_xasprintf("%s_%s", gw_service_name(s), what);
	const struct gw_option *opt = gw_option_find(gw_slice_str(name));

	free(name);
	return opt;
}

/* The options of the older form. */
static void older_rows(struct row v[ROWS])
{
	v[0] = (struct row){ gw_option_find(GW_S("server_bind")), -1 };
	for (int s = 0; s < GW_SERVICE_COUNT; s++) {
		v[2 * s + 1] = (struct row){ service_row((enum gw_service)s, "enable"), s };
		v[2 * s + 2] = (struct row){ service_row((enum gw_service)s, "port"), s };
	}
}

/* The file that says most of a service: where its port or whether it is on was set, else the main file. */
static struct tree_file *file_of(const struct tree *t, const struct row older[ROWS], int service)
{
	const struct gw_config *cfg = t->before.cfg;
	struct tree_file *f = NULL;
	struct gw_place at;

	for (size_t i = ROWS; i-- && !f;)
		if ((older[i].service == service || older[i].service == -1) && gw_config_is_set(cfg, older[i].opt, &at))
			f = tree_find(t, at.file);
	return f ? f : t->v[0];
}

static void edit(struct tree_file *f, const struct gw_option *opt, const char *value)
{
	struct gw_buf now;

	gw_buf_init(&now, 0);
	if (value ? gw_config_edit_set(tree_text(f), opt, gw_slice_str(value), &now, &f->edits, NULL) == 0 :
		    gw_config_edit_unset(tree_text(f), opt, &now, &f->edits) > 0)
		tree_put(f, &now);
	gw_buf_done(&now);
}

static void put_texts(const struct gw_listens *all, struct gw_buf *out)
{
	for (size_t i = 0; i < all->n; i++)
		gw_buf_printf(out, "%s%s", i ? " " : "", all->v[i].text);
}

static void describe(struct tree *t, const struct row older[ROWS], int service)
{
	const struct gw_option *opt = service_row((enum gw_service)service, "listen");
	struct gw_buf text;

	if (gw_config_is_set(t->before.cfg, opt, NULL))
		return;
	gw_buf_init(&text, 0);
	put_texts(&t->before.cfg->listen[service], &text);
	edit(file_of(t, older, service), opt, gw_buf_str(&text));
	gw_buf_done(&text);
}

void relisten(struct tree *t)
{
	struct row older[ROWS];
	bool any = false;

	older_rows(older);
	for (size_t i = 0; i < ROWS; i++)
		any |= gw_config_is_set(t->before.cfg, older[i].opt, NULL);
	if (!any)
		return;
	for (int s = 0; s < GW_SERVICE_COUNT; s++)
		describe(t, older, s);
	for (size_t i = 0; i < ROWS; i++)
		for (size_t k = 0; k < t->n; k++)
			edit(t->v[k], older[i].opt, NULL);
}

bool relisten_means_the_same(const struct gw_config *was, const struct gw_config *now)
{
	struct row older[ROWS];
	bool same = true;

	older_rows(older);
	for (int s = 0; s < GW_SERVICE_COUNT; s++) {
		struct gw_buf a, b;

		gw_buf_init(&a, 0);
		gw_buf_init(&b, 0);
		put_texts(&was->listen[s], &a);
		put_texts(&now->listen[s], &b);
		same &= gw_slice_eq(gw_buf_slice(&a), gw_buf_slice(&b));
		gw_buf_done(&a);
		gw_buf_done(&b);
	}
	for (size_t i = 0; same && i < gw_option_count(); i++) {
		const struct gw_option *opt = gw_option_at(i);
		bool about = opt->type == GW_OPT_LISTEN;

		for (size_t k = 0; k < ROWS; k++)
			about |= older[k].opt == opt;
		same = about || strcmp(gw_config_text(was, opt), gw_config_text(now, opt)) == 0;
	}
	return same;
}
