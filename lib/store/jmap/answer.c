/* answer.c - an answer as a list of method responses (RFC 8620 3.4), and its values checked */
#include "store/jmap/answer.h"

#include "util/mem.h"
#include "util/num.h"

#include <stdlib.h>

struct response {
	struct gw_slice name;
	struct json_value args;
	unsigned call;
};

struct jmap_answer {
	struct json *json;
	struct gw_slice state;
	size_t n;
	struct response v[];
};

/* How many responses an answer may have: one call rarely gives more than two (RFC 8620 3.4, 5.4). */
static size_t most(unsigned calls)
{
	return (size_t)calls * 4 + 16;
}

static bool one_response(struct json_value v, unsigned calls, struct response *ret)
{
	struct json_iter it = json_each(v);
	uint64_t tag;

	if (json_type(v) != JSON_ARRAY || json_count(v) != 3)
		return false;
	json_next(&it);
	ret->name = json_text(it.value);
	if (json_type(it.value) != JSON_STRING)
		return false;
	json_next(&it);
	ret->args = it.value;
	json_next(&it);
	/* A tag that is none of ours is nobody's answer. */
	ret->call = gw_parse_u64(json_text(it.value), &tag) && tag < calls ? (unsigned)tag : calls;
	json_sort(json_member(ret->args, GW_S("destroyed")));
	return json_type(ret->args) == JSON_OBJECT && json_type(it.value) == JSON_STRING;
}

static int read_responses(struct json_value list, unsigned calls, struct jmap_answer *a, struct gw_err *err)
{
	for (struct json_iter it = json_each(list); json_next(&it);)
		if (!one_response(it.value, calls, &a->v[a->n++]))
			return gw_fail(
				err, GW_ECORRUPT, "a method response that is no [name, arguments, tag] (RFC 8620 3.2)");
	return 0;
}

int jmap_answer_read(struct gw_slice text, unsigned calls, struct jmap_answer **ret, struct gw_err *err)
{
	struct jmap_answer *a;
	struct json_value list;
	struct json *json;
	int rc = json_read(text, &json, err);

	if (rc < 0)
		return rc;
	list = json_member(json_root(json), GW_S("methodResponses"));
	if (json_type(list) != JSON_ARRAY || json_count(list) > most(calls)) {
		json_free(json);
		return gw_fail(
			err, GW_ECORRUPT, "an answer without \"methodResponses\", or with too many (RFC 8620 3.4)");
	}
	a = gw_xalloc(sizeof *a + json_count(list) * sizeof *a->v);
	a->json = json;
	a->state = json_text(json_member(json_root(json), GW_S("sessionState")));
	rc = read_responses(list, calls, a, err);
	if (rc < 0)
		jmap_answer_free(a);
	else
		*ret = a;
	return rc;
}

void jmap_answer_free(struct jmap_answer *a)
{
	if (!a)
		return;
	json_free(a->json);
	free(a);
}

struct gw_slice jmap_session_state(const struct jmap_answer *a)
{
	return a->state;
}

/* ---- the answer of one call ---- */

/* The first answer counts; what a server does besides (RFC 8620 5.4: an implicit /set) comes behind it. */
static const struct response *find(const struct jmap_answer *a, unsigned call)
{
	for (size_t i = 0; i < a->n; i++)
		if (a->v[i].call == call)
			return &a->v[i];
	return NULL;
}

static bool is_error(const struct response *r)
{
	return gw_slice_eq(r->name, GW_S("error"));
}

void jmap_call_failure(const struct jmap_answer *a, unsigned call, struct jmap_failure *ret)
{
	const struct response *r = find(a, call);

	*ret = (struct jmap_failure){ .kind = JMAP_OK };
	if (!r)
		jmap_failure_corrupt(GW_S("no answer"), ret);
	else if (is_error(r))
		jmap_failure_read(r->args, ret);
}

struct json_value jmap_args_of(const struct jmap_answer *a, unsigned call)
{
	const struct response *r = find(a, call);

	return r && !is_error(r) ? r->args : (struct json_value){ 0 };
}

bool jmap_answers(const struct jmap_answer *a, unsigned call, const char *method)
{
	const struct response *r = find(a, call);
	size_t n = strlen(method);

	return r && r->name.n >= n && memcmp(r->name.p + r->name.n - n, method, n) == 0;
}

int jmap_args(const struct jmap_answer *a, unsigned call, const char *method, struct gw_slice account,
	struct json_value *ret, struct gw_err *err)
{
	const struct response *r = find(a, call);
	struct jmap_failure failure;

	jmap_call_failure(a, call, &failure);
	if (failure.kind != JMAP_OK)
		return jmap_fail(&failure, method, err);
	if (!jmap_answers(a, call, method))
		return gw_fail(err, GW_ECORRUPT, "the storage server answered a %s with something else (RFC 8620 3.4)",
			method);
	if (!gw_slice_eq(json_text(json_member(r->args, GW_S("accountId"))), account))
		return gw_fail(err, GW_ECORRUPT, "%s: the storage server answers for another account than %.*s", method,
			GW_FMT(account));
	*ret = r->args;
	return 0;
}

/* ---- values ---- */

static int wrong(const struct jmap_taker *t, const char *name, const char *expected)
{
	return gw_fail(t->err, GW_ECORRUPT, "%s: \"%s\" is not %s", t->what, name, expected);
}

static bool told(struct json_value v)
{
	return json_type(v) > JSON_NULL;
}

static struct json_value member(struct json_value object, const char *name)
{
	return json_member(object, gw_slice_str(name));
}

int jmap_may_id(const struct jmap_taker *t, struct json_value object, const char *name, struct gw_slice *ret)
{
	return told(member(object, name)) ? jmap_want_id(t, object, name, ret) : 0;
}

int jmap_may_uint(const struct jmap_taker *t, struct json_value object, const char *name, uint64_t *ret)
{
	return told(member(object, name)) ? jmap_want_uint(t, object, name, ret) : 0;
}

int jmap_may_state(const struct jmap_taker *t, struct json_value object, const char *name, struct gw_slice *ret)
{
	return told(member(object, name)) ? jmap_want_state(t, object, name, ret) : 0;
}

int jmap_want_id(const struct jmap_taker *t, struct json_value object, const char *name, struct gw_slice *ret)
{
	struct json_value v = member(object, name);

	if (json_type(v) != JSON_STRING || !jmap_id_ok(json_text(v)))
		return wrong(t, name, "an id (RFC 8620 1.2)");
	*ret = gw_arena_dup(t->arena, json_text(v));
	return 0;
}

int jmap_want_uint(const struct jmap_taker *t, struct json_value object, const char *name, uint64_t *ret)
{
	return json_uint(member(object, name), ret) ? 0 : wrong(t, name, "a whole number below 2^53 (RFC 8620 1.3)");
}

int jmap_want_bool(const struct jmap_taker *t, struct json_value object, const char *name, bool *ret)
{
	enum json_type type = json_type(member(object, name));

	if (type != JSON_TRUE && type != JSON_FALSE)
		return wrong(t, name, "true or false");
	*ret = type == JSON_TRUE;
	return 0;
}

static int want_text(const struct jmap_taker *t, struct json_value object, const char *name, size_t least, size_t max,
	struct gw_slice *ret)
{
	struct json_value v = member(object, name);
	struct gw_slice s = json_text(v);

	if (json_type(v) != JSON_STRING || s.n < least || s.n > max || (s.n && memchr(s.p, 0, s.n)))
		return gw_fail(t->err, GW_ECORRUPT, "%s: \"%s\" is no text of %zu to %zu octets without NUL", t->what, name,
			least, max);
	*ret = gw_arena_dup(t->arena, s);
	return 0;
}

int jmap_want_text(
	const struct jmap_taker *t, struct json_value object, const char *name, size_t max, struct gw_slice *ret)
{
	return want_text(t, object, name, 1, max, ret);
}

int jmap_want_any_text(
	const struct jmap_taker *t, struct json_value object, const char *name, size_t max, struct gw_slice *ret)
{
	return want_text(t, object, name, 0, max, ret);
}

int jmap_want_state(const struct jmap_taker *t, struct json_value object, const char *name, struct gw_slice *ret)
{
	return jmap_want_text(t, object, name, JMAP_STATE_MAX, ret);
}

int jmap_want_list(const struct jmap_taker *t, struct json_value object, const char *name, enum json_type type,
	bool null, struct json_value *ret)
{
	struct json_value v = member(object, name);

	if (json_type(v) != type && !(null && !told(v)))
		return wrong(t, name, type == JSON_ARRAY ? "a list" : "an object");
	if (json_count(v) > JMAP_OBJECTS_MAX)
		return gw_fail(t->err, GW_ECORRUPT, "%s: %zu entries in \"%s\"; at most %d are read", t->what,
			json_count(v), name, JMAP_OBJECTS_MAX);
	*ret = v;
	return 0;
}
