/* look.c - is a JMAP server what the gateway needs? (see look.h) */
#include "store/jmap/look.h"

#include <stdarg.h>
#include <stdio.h>

#include "store/jmap/json.h"

#define TIMEOUT_MS 15000u
#define ANSWER_MAX ((uint64_t)8 << 20) /* octets */
#define CORE	   "urn:ietf:params:jmap:core"
#define MAIL	   "urn:ietf:params:jmap:mail"

struct looking {
	const struct jmap_look *at;
	const char *name; /* of the step */
	const struct jmap_session *session;
	bool stopped;
};

static void __attribute__((format(printf, 4, 5)))
tell(struct looking *r, enum jmap_found found, const struct http_call *call, const char *fmt, ...)
{
	char text[GW_ERR_TEXT];
	struct jmap_seen seen = { r->name, found, call->us, text, r->session };
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	if (!r->stopped && !r->at->seen(r->at->ctx, &seen))
		r->stopped = true;
}

static int get(struct looking *r, unsigned timeout_ms, struct gw_slice authorization, struct http_call *call, struct gw_err *err)
{
	http_call_init(call);
	call->kind = r->at->kind;
	call->method = "GET";
	call->url = r->at->url;
	call->authorization = authorization;
	call->follow = true;
	call->timeout_ms = timeout_ms ? timeout_ms : TIMEOUT_MS;
	call->max_response = ANSWER_MAX;
	return r->at->http(r->at->http_ctx, call, err);
}

static const char *url_of(const struct http_call *call)
{
	return call->final_url ? call->final_url : call->url;
}

static void no_answer(struct looking *r, const struct http_call *call, const struct gw_err *err)
{
	static const enum jmap_found found[] = { [HTTP_NO_TROUBLE] = JMAP_FOUND_AWAY, [HTTP_AWAY] = JMAP_FOUND_AWAY,
		[HTTP_NO_TLS] = JMAP_FOUND_NO_TLS, [HTTP_ELSEWHERE] = JMAP_FOUND_ELSEWHERE, [HTTP_OTHER_TROUBLE] = JMAP_FOUND_NO_JSON };

	tell(r, found[call->trouble], call, "%s: %s", call->url, err->text);
}

/* What an answer says that is neither a session object nor a refusal. */
static void other_answer(struct looking *r, const struct http_call *call)
{
	if (call->status == 404 || call->status == 405 || call->status == 410)
		tell(r, JMAP_FOUND_NO_RESOURCE, call,
			"%s: HTTP status %d: no JMAP session resource is there; server_socket may name its path", url_of(call), call->status);
	else if (call->status >= 500)
		tell(r, JMAP_FOUND_AWAY, call, "%s: HTTP status %d: the server has trouble", url_of(call), call->status);
	else
		tell(r, JMAP_FOUND_NO_RESOURCE, call, "%s: HTTP status %d, expected 401 or 200", url_of(call), call->status);
}

/* ---- as nobody ---- */

/* A page for people is no session object; what stands in one is looked at when somebody signs on. */
static bool is_json(const struct http_call *call)
{
	struct json *json = NULL;
	bool ret = json_read(gw_buf_slice(&call->response), &json, NULL) == 0 && json_type(json_root(json)) == JSON_OBJECT;

	json_free(json);
	return ret;
}

static bool look_at_server(struct looking *r)
{
	struct gw_err err = { .text = "" };
	struct http_call call;
	int rc = get(r, r->at->server_ms, GW_S(""), &call, &err);
	bool go_on = false;

	r->name = "server";
	if (rc < 0) {
		no_answer(r, &call, &err);
	} else if (call.status == 401) {
		tell(r, JMAP_FOUND_GOOD, &call, "%s answers and asks who is there%s", url_of(&call),
			call.www_basic && call.www_bearer ? " (Basic, Bearer)" : call.www_basic ? " (Basic)" :
			call.www_bearer				  ? " (Bearer)" : "");
		go_on = true;
	} else if (call.status == 403 || (call.status == 200 && is_json(&call))) {
		tell(r, JMAP_FOUND_GOOD, &call, "%s answers (HTTP status %d)", url_of(&call), call.status);
		go_on = true;
	} else if (call.status == 200) {
		tell(r, JMAP_FOUND_NO_JSON, &call, "%s: what is there is not JSON, so it is no JMAP session resource", url_of(&call));
	} else {
		other_answer(r, &call);
	}
	http_call_done(&call);
	return go_on;
}

/* ---- as the service account ---- */

/* The first limit of the core capability that is missing or 0 (RFC 8620 section 2); NULL: all are there. */
static const char *bad_limit(struct json_value root)
{
	static const char *const names[] = { "maxSizeUpload", "maxConcurrentUpload", "maxSizeRequest", "maxConcurrentRequests",
		"maxCallsInRequest", "maxObjectsInGet", "maxObjectsInSet" };
	struct json_value core = json_member(json_member(root, GW_S("capabilities")), GW_S(CORE));
	uint64_t v;

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (!json_uint(json_member(core, gw_slice_str(names[i])), &v) || v == 0)
			return names[i];
	return NULL;
}

static void tell_session(struct looking *r, const struct http_call *call, const char *limit)
{
	const struct jmap_session *s = r->session;
	const char *user = r->at->user;

	if (limit)
		tell(r, JMAP_FOUND_LIMITS, call,
			"the session object of the service account %s: %s is missing or 0, so what RFC 8620 suggests is used", user, limit);
	else
		tell(r, JMAP_FOUND_GOOD, call,
			"the service account %s is signed on: %zu account%s with mail, %s; limits: %u objects in a get, %u in a set, %u calls "
			"and %llu octets in a request, uploads of %llu octets",
			user, s->n_accounts, s->n_accounts == 1 ? "" : "s", s->events.n ? "changes are pushed" : "changes are not pushed",
			s->limit.max_get, s->limit.max_set, s->limit.max_calls, (unsigned long long)s->limit.max_request,
			(unsigned long long)s->limit.max_upload);
}

static void read_session(struct looking *r, const struct http_call *call)
{
	struct jmap_session session = { 0 };
	struct gw_err err = { .text = "" };
	struct gw_arena arena;
	struct json *json = NULL;
	struct json_value root;

	if (json_read(gw_buf_slice(&call->response), &json, &err) < 0) {
		tell(r, JMAP_FOUND_NO_JSON, call, "the session object of the service account %s is not JSON: %s", r->at->user, err.text);
		return;
	}
	root = json_root(json);
	gw_arena_init(&arena, 4096, 0);
	if (json_type(json_member(json_member(root, GW_S("capabilities")), GW_S(MAIL))) != JSON_OBJECT)
		tell(r, JMAP_FOUND_NO_MAIL, call, "the server knows JMAP, but not for mail (%s is none of its capabilities)", MAIL);
	else if (jmap_session_read(gw_buf_slice(&call->response), url_of(call), false, &arena, &session, &err) < 0)
		tell(r, JMAP_FOUND_UNFIT, call, "the session object of the service account %s: %s", r->at->user, err.text);
	else {
		r->session = &session;
		tell_session(r, call, bad_limit(root));
		r->session = NULL;
	}
	json_free(json);
	gw_arena_done(&arena);
}

static void look_at_session(struct looking *r)
{
	struct gw_err err = { .text = "" };
	struct http_call call;
	int rc = get(r, 0, r->at->authorization, &call, &err);

	r->name = "session";
	if (rc < 0)
		no_answer(r, &call, &err);
	else if (call.status == 200)
		read_session(r, &call);
	else if (call.status == 401)
		tell(r, JMAP_FOUND_REFUSED, &call,
			"the service account %s (backend_user) is refused: the server does not know it, or not with this password (HTTP status 401)", r->at->user);
	else if (call.status == 403)
		tell(r, JMAP_FOUND_LOCKED, &call, "the service account %s (backend_user) is known and may not sign on: it is "
			"locked, or has no right to use JMAP (HTTP status 403)", r->at->user);
	else
		other_answer(r, &call);
	http_call_done(&call);
}

bool jmap_look(const struct jmap_look *at)
{
	struct looking r = { .at = at };

	if (look_at_server(&r) && at->user && !r.stopped)
		look_at_session(&r);
	return !r.stopped;
}
