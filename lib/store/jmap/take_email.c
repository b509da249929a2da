/* take_email.c - Email/get: messages as facts (RFC 8621 4.1, 4.2) */
#include "store/jmap/answer.h"

#include "util/clock.h"

#include <stdlib.h>

/* ---- UTCDate: "2014-10-30T06:12:00Z", a fraction may be there (RFC 8620 1.4) ---- */

static bool number(struct gw_slice *s, size_t digits, char behind, unsigned *ret)
{
	unsigned v = 0;

	if (s->n <= digits)
		return false;
	for (size_t i = 0; i < digits; i++) {
		if (s->p[i] < '0' || s->p[i] > '9')
			return false;
		v = v * 10 + (unsigned)(s->p[i] - '0');
	}
	if (behind && s->p[digits] != behind)
		return false;
	gw_slice_take(s, digits + (behind ? 1 : 0));
	*ret = v;
	return true;
}

/* "Z" or ".123Z" */
static bool ending(struct gw_slice s)
{
	if (s.n > 2 && s.p[0] == '.')
		for (gw_slice_take(&s, 1); s.n > 1 && s.p[0] >= '0' && s.p[0] <= '9';)
			gw_slice_take(&s, 1);
	return gw_slice_eq(s, GW_S("Z"));
}

static bool read_date(struct gw_slice s, int64_t *ret)
{
	unsigned year, month, day, hour, minute, second;

	if (!number(&s, 4, '-', &year) || !number(&s, 2, '-', &month) || !number(&s, 2, 'T', &day) ||
		!number(&s, 2, ':', &hour) || !number(&s, 2, ':', &minute) || !number(&s, 2, 0, &second) || !ending(s))
		return false;
	if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60)
		return false;
	*ret = gw_time_from_civil(year, month, day) + hour * 3600 + minute * 60 + second;
	return true;
}

/* ---- sets: {"name": true, ...} ---- */

static int by_bytes(const void *a, const void *b)
{
	return gw_slice_cmp(*(const struct gw_slice *)a, *(const struct gw_slice *)b);
}

static size_t sort_unique(struct gw_slice *v, size_t n)
{
	size_t kept = 0;

	if (n > 1)
		qsort(v, n, sizeof *v, by_bytes);
	for (size_t i = 0; i < n; i++)
		if (kept == 0 || !gw_slice_eq(v[kept - 1], v[i]))
			v[kept++] = v[i];
	return kept;
}

static int want_set(const struct jmap_taker *t, struct json_value email, const char *name, struct json_value *ret)
{
	int rc = jmap_want_list(t, email, name, JSON_OBJECT, false, ret);

	if (rc < 0)
		return rc;
	for (struct json_iter it = json_each(*ret); json_next(&it);)
		if (json_type(it.value) != JSON_TRUE && json_type(it.value) != JSON_FALSE)
			return gw_fail(t->err, GW_ECORRUPT, "%s: an entry of \"%s\" is not true (RFC 8621 4.1.1)",
				t->what, name);
	return 0;
}

static int take_places(const struct jmap_taker *t, struct json_value email, struct jmap_email *e)
{
	struct gw_slice *v;
	struct json_value set;
	int rc = want_set(t, email, "mailboxIds", &set);

	if (rc < 0)
		return rc;
	v = gw_arena_calloc(t->arena, json_count(set) + 1, sizeof *v);
	e->mailboxes = v;
	for (struct json_iter it = json_each(set); json_next(&it);) {
		if (!jmap_id_ok(it.name))
			return gw_fail(
				t->err, GW_ECORRUPT, "%s: \"mailboxIds\" has what is no id (RFC 8620 1.2)", t->what);
		if (json_type(it.value) == JSON_TRUE)
			v[e->n_mailboxes++] = gw_arena_dup(t->arena, it.name);
	}
	e->n_mailboxes = sort_unique(v, e->n_mailboxes);
	return 0;
}

static struct gw_slice lower(struct gw_slice s, struct gw_arena *arena)
{
	char *p = gw_arena_str(arena, s);

	for (size_t i = 0; i < s.n; i++)
		p[i] = gw_lower(p[i]);
	return gw_slice(p, s.n);
}

/* Keywords that RFC 8621 does not allow cannot be shown: they are left out. */
static int take_keywords(const struct jmap_taker *t, struct json_value email, struct jmap_email *e)
{
	struct gw_slice *v;
	struct json_value set;
	int rc = want_set(t, email, "keywords", &set);

	if (rc < 0)
		return rc;
	v = gw_arena_calloc(t->arena, json_count(set) + 1, sizeof *v);
	e->keywords = v;
	for (struct json_iter it = json_each(set); json_next(&it);)
		if (json_type(it.value) == JSON_TRUE && jmap_keyword_ok(it.name))
			v[e->n_keywords++] = lower(it.name, t->arena);
	e->n_keywords = sort_unique(v, e->n_keywords);
	return 0;
}

/* ---- messages ---- */

/* What never changes; it is not there when only the rest was asked for. */
static int take_constants(const struct jmap_taker *t, struct json_value email, struct jmap_email *e)
{
	struct json_value date = json_member(email, GW_S("receivedAt"));
	int rc = jmap_may_id(t, email, "blobId", &e->blob);

	if (rc == 0)
		rc = jmap_may_id(t, email, "threadId", &e->thread);
	if (rc < 0 || e->blob.n == 0)
		return rc;
	if (!read_date(json_text(date), &e->received))
		return gw_fail(t->err, GW_ECORRUPT, "%s: \"receivedAt\" is no UTCDate (RFC 8620 1.4)", t->what);
	return jmap_want_uint(t, email, "size", &e->size);
}

static int take_email(const struct jmap_taker *t, struct json_value v, struct jmap_email *e)
{
	int rc = jmap_want_id(t, v, "id", &e->id);

	if (rc == 0)
		rc = take_places(t, v, e);
	if (rc == 0)
		rc = take_keywords(t, v, e);
	return rc == 0 ? take_constants(t, v, e) : rc;
}

static int take_list(const struct jmap_taker *t, struct json_value list, struct jmap_email *v, size_t *ret_n)
{
	struct gw_slice *ids = gw_arena_calloc(t->arena, json_count(list) + 1, sizeof *ids);
	struct jmap_idset set;
	size_t n = 0;

	jmap_idset_init(&set, ids, json_count(list), t->arena);
	for (struct json_iter it = json_each(list); json_next(&it);) {
		int rc = take_email(t, it.value, &v[n]);

		if (rc < 0)
			return rc;
		ids[n] = v[n].id;
		if (jmap_idset_add(&set, (uint32_t)n))
			n++;
		else
			memset(&v[n], 0, sizeof v[n]);
	}
	*ret_n = n;
	return 0;
}

int jmap_take_emails(const struct jmap_answer *a, unsigned call, struct gw_slice account, struct gw_arena *arena,
	struct jmap_email **ret, size_t *ret_n, struct gw_slice **ret_not_found, size_t *ret_n_not_found,
	struct gw_slice *ret_state, struct gw_err *err)
{
	struct jmap_taker t = { "Email/get", arena, err };
	struct json_value args, list = { 0 };
	int rc = jmap_args(a, call, t.what, account, &args, err);

	if (rc == 0)
		rc = jmap_want_state(&t, args, "state", ret_state);
	if (rc == 0)
		rc = jmap_want_list(&t, args, "list", JSON_ARRAY, false, &list);
	if (rc == 0)
		rc = jmap_want_ids(&t, args, "notFound", true, ret_not_found, ret_n_not_found);
	if (rc < 0)
		return rc;
	*ret = gw_arena_calloc(arena, json_count(list) + 1, sizeof **ret);
	return take_list(&t, list, *ret, ret_n);
}
