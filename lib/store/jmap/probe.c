/* probe.c - how is the storage server? For health checks and `gwctl backend test' (see store/admin.h)
 *
 * The server itself (look.h), the database that gateways share, and the mirror, as an embedded store is looked at. */
#include "store/jmap/driver.h"
#include "store/jmap/look.h"

#include "store/admin.h"
#include "store/local/admin.h"
#include "store/shared/look.h"

struct probing {
	struct jmap_store *js;
	const struct gw_probe *p;
};

static int do_http(void *ctx, struct http_call *call, struct gw_err *err)
{
	return jmap_http(ctx, call, err);
}

/* What serves nobody is critical; what only the service account is hit by is not. */
static enum gw_probe_state state_of(enum jmap_found found)
{
	switch (found) {
	case JMAP_FOUND_GOOD:
		return GW_PROBE_OK;
	case JMAP_FOUND_UNFIT:
	case JMAP_FOUND_LIMITS:
		return GW_PROBE_WARNING;
	default:
		return GW_PROBE_CRITICAL;
	}
}

static bool on_seen(void *ctx, const struct jmap_seen *s)
{
	const struct probing *r = ctx;
	const struct gw_probe_step step = { s->name, state_of(s->found), s->us, s->text };

	return r->p->step(r->p->ctx, &step);
}

static bool look_at_server(struct probing *r)
{
	struct jmap_store *js = r->js;
	struct jmap_login *l = js->set.service_user ? jmap_login_service(js) : NULL;
	const struct jmap_look look = { .http = do_http, .http_ctx = js, .kind = JMAP_CALL_SESSION, .url = js->url,
		.user = js->set.service_user, .authorization = l ? gw_secret_slice(&l->authorization) : GW_S(""), .seen = on_seen,
		.ctx = r };
	bool go_on = jmap_look(&look);

	if (l)
		jmap_login_unref(l);
	return go_on;
}

static bool look_at_database(const struct probing *r)
{
	uint64_t begin = gw_mono_us(r->js->clock);
	struct shared_facts facts;
	struct gw_err err = { .text = "" };
	int rc = shared_probe(r->js->shared, &facts, &err);
	char text[GW_ERR_TEXT];
	const struct gw_probe_step step = { "state_database", rc < 0 ? GW_PROBE_CRITICAL : GW_PROBE_OK,
		gw_mono_us(r->js->clock) - begin, rc < 0 ? err.text : text };

	if (rc == 0)
		shared_facts_text(&facts, text, sizeof text);
	return r->p->step(r->p->ctx, &step);
}

int jmap_probe(struct gw_store *s, const struct gw_probe *p, struct gw_err *err)
{
	struct probing r = { .js = (struct jmap_store *)s, .p = p };

	if (p->deep && (!look_at_server(&r) || (r.js->shared && !look_at_database(&r))))
		return gw_fail(err, GW_EINTR, "interrupted");
	return local_probe(s, p, err);
}
