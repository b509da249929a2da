/* probe.c - how is the storage server? For health checks and `gwctl backend test' (see store/admin.h)
 *
 * One request each, not repeated: the first without credentials, which shows that the name, TLS and the server itself work; with a
 * service account a second, for its session object. Then the mirror, as an embedded store is looked at. */
#include "store/jmap/driver.h"

#include <stdarg.h>
#include <stdio.h>

#include "store/admin.h"
#include "store/local/admin.h"

#define TIMEOUT_MS 15000u
#define ANSWER_MAX ((uint64_t)8 << 20) /* octets */

struct probing {
	struct jmap_store *js;
	const struct gw_probe *p;
	bool stopped;
};

static void __attribute__((format(printf, 5, 6)))
tell(struct probing *r, const char *name, uint64_t us, enum gw_probe_state state, const char *fmt, ...)
{
	char text[GW_ERR_TEXT];
	struct gw_probe_step step = { name, state, us, text };
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	if (!r->stopped && !r->p->step(r->p->ctx, &step))
		r->stopped = true;
}

/* GET the session resource; l NULL: as nobody. */
static int get(struct probing *r, const struct jmap_login *l, struct http_header *headers, struct http_call *call, struct gw_err *err)
{
	http_call_init(call);
	call->kind = JMAP_CALL_SESSION;
	call->method = "GET";
	call->url = r->js->url;
	call->headers = headers;
	if (l)
		jmap_login_sign(l, call, headers);
	call->follow = true;
	call->timeout_ms = TIMEOUT_MS;
	call->max_response = ANSWER_MAX;
	return jmap_http(r->js, call, err);
}

/* ---- as nobody ---- */

static void judge(struct probing *r, const struct http_call *call)
{
	const char *url = call->final_url ? call->final_url : call->url;

	if (call->status == 401)
		tell(r, "server", call->us, GW_PROBE_OK, "%s answers and asks who is there%s", url,
			call->www_basic && call->www_bearer ? " (Basic, Bearer)" : call->www_basic ? " (Basic)" :
			call->www_bearer				? " (Bearer)" : "");
	else if (call->status == 200 || call->status == 403)
		tell(r, "server", call->us, GW_PROBE_OK, "%s answers (HTTP status %d)", url, call->status);
	else if (call->status == 404 || call->status == 410)
		tell(r, "server", call->us, GW_PROBE_CRITICAL,
			"%s: HTTP status %d: no JMAP session resource is there; server_socket may name its path", url, call->status);
	else
		tell(r, "server", call->us, call->status >= 500 ? GW_PROBE_CRITICAL : GW_PROBE_WARNING,
			"%s: HTTP status %d, expected 401 or 200", url, call->status);
}

static bool look_at_server(struct probing *r)
{
	struct gw_err err = { .text = "" };
	struct http_call call;
	struct http_header headers[1];
	int rc = get(r, NULL, headers, &call, &err);

	if (rc < 0)
		tell(r, "server", call.us, GW_PROBE_CRITICAL, "%s: %s", r->js->url, err.text);
	else
		judge(r, &call);
	http_call_done(&call);
	return rc == 0;
}

/* ---- as the service account ---- */

static void read_session(struct probing *r, const struct http_call *call)
{
	struct jmap_session session = { 0 };
	struct gw_err err = { .text = "" };
	struct gw_arena arena;

	gw_arena_init(&arena, 4096, 0);
	if (jmap_session_read(gw_buf_slice(&call->response), call->final_url ? call->final_url : call->url, false, &arena, &session,
		    &err) < 0)
		tell(r, "session", call->us, GW_PROBE_WARNING, "the session object of the service account %s: %s",
			r->js->set.service_user, err.text);
	else
		tell(r, "session", call->us, GW_PROBE_OK, "the service account %s is signed on: %zu accounts with mail, %s",
			r->js->set.service_user, session.n_accounts,
			session.events.n ? "changes are pushed" : "changes are not pushed");
	gw_arena_done(&arena);
}

static void look_at_session(struct probing *r)
{
	struct jmap_login *l = jmap_login_service(r->js);
	struct gw_err err = { .text = "" };
	struct http_header headers[1];
	struct http_call call;
	int rc = get(r, l, headers, &call, &err);

	if (rc < 0)
		tell(r, "session", call.us, GW_PROBE_CRITICAL, "%s", err.text);
	else if (call.status == 200)
		read_session(r, &call);
	else
		tell(r, "session", call.us, GW_PROBE_CRITICAL, "the service account %s (backend_user) is refused: HTTP status %d",
			r->js->set.service_user, call.status);
	http_call_done(&call);
	jmap_login_unref(l);
}

int jmap_probe(struct gw_store *s, const struct gw_probe *p, struct gw_err *err)
{
	struct probing r = { .js = (struct jmap_store *)s, .p = p };

	if (p->deep && look_at_server(&r) && r.js->set.service_user && !r.stopped)
		look_at_session(&r);
	return r.stopped ? gw_fail(err, GW_EINTR, "interrupted") : local_probe(s, p, err);
}
