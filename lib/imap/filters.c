/* filters.c - named searches (RFC 5466; see filters.h)
 *
 * Filters may name filters. All of a search are replaced at a time, and that so often as PASSES says: a loop does not end by then,
 * and what is left is a filter that does not exist (RFC 5466 3.1). What a filter stands for is parsed once a command. */
#include "imap/filters.h"

#include "imap/parse.h"
#include "util/utf8.h"

#define PASSES 10 /* at least 3 */

struct filter {
	struct gw_slice name; /* as it was asked for */
	const struct imap_search_key *key;
	size_t n;
};

struct filters {
	struct gw_arena *arena;
	const struct gw_metadata *entry; /* of the server */
	size_t n_entries;
	struct filter *known;
	size_t n_known;
	bool uses_modseq;
};

static const struct gw_slice roots[] = {
	{ "/private/filters/values/", sizeof "/private/filters/values/" - 1 },
	{ "/shared/filters/values/", sizeof "/shared/filters/values/" - 1 },
};

static const struct imap_search_key *first_filter(const struct imap_search *q)
{
	for (size_t i = 0; i < q->n; i++)
		if (q->key[i].op == IMAP_KEY_FILTER)
			return &q->key[i];
	return NULL;
}

/* ---- one filter ---- */

/* Names of entries know no case (RFC 5464 3.1); keys are in small letters. */
static const struct gw_metadata *find_entry(const struct filters *f, struct gw_slice name)
{
	for (size_t r = 0; r < sizeof roots / sizeof *roots; r++)
		for (size_t i = 0; i < f->n_entries; i++) {
			struct gw_slice rest = f->entry[i].name;

			if (rest.n == roots[r].n + name.n && gw_slice_eq(gw_slice_take(&rest, roots[r].n), roots[r]) &&
			    gw_slice_eqi(rest, name))
				return &f->entry[i];
		}
	return NULL;
}

/* search-criteria, in UTF-8: into c->search. NULL, or what is wrong. */
static const char *parse(struct gw_slice value, struct imap_command *c)
{
	static const struct imap_parse_ctx ctx = { .utf8 = true };
	const char *why = NULL;

	c->ctx = &ctx;
	if (!gw_utf8_valid(value))
		return "A filter is UTF-8";
	if (!imap_want_search_keys(&value, c, &why))
		return why;
	return value.n ? "Something stands behind the keys" : NULL;
}

/* NULL: there is none of that name, or it is no search. */
static const struct filter *find_filter(struct filters *f, struct gw_slice name)
{
	struct imap_command c = { .arena = f->arena };
	struct filter *ret = &f->known[f->n_known];
	const struct gw_metadata *e;

	for (size_t i = 0; i < f->n_known; i++)
		if (gw_slice_eqi(f->known[i].name, name))
			return &f->known[i];
	e = find_entry(f, name);
	if (!e || parse(e->value, &c))
		return NULL;
	*ret = (struct filter){ .name = name, .key = c.search.key, .n = c.search.n };
	f->uses_modseq |= c.search.uses_modseq;
	f->n_known++;
	return ret;
}

/* ---- all filters of a search ---- */

/* Where each key will stand when the filters are replaced, and behind the last how many there are. NULL: *ret_missing is none, or
 * with that empty there are too many keys. */
static const size_t *places(struct filters *f, const struct imap_search *q, struct gw_slice *ret_missing)
{
	size_t *at = gw_arena_calloc(f->arena, q->n + 1, sizeof *at);

	*ret_missing = GW_S("");
	for (size_t i = 0; i < q->n; i++) {
		const struct filter *one = NULL;

		if (q->key[i].op == IMAP_KEY_FILTER && !(one = find_filter(f, q->key[i].text))) {
			*ret_missing = q->key[i].text;
			return NULL;
		}
		at[i + 1] = at[i] + (one ? one->n : 1);
		if (at[i + 1] > IMAP_SEARCH_KEYS_MAX)
			return NULL;
	}
	return at;
}

static void insert(struct filters *f, struct imap_search *q, const size_t *at)
{
	struct imap_search_key *v = gw_arena_calloc(f->arena, at[q->n], sizeof *v);

	for (size_t i = 0; i < q->n; i++) {
		const struct imap_search_key *k = &q->key[i];
		const struct filter *one = k->op == IMAP_KEY_FILTER ? find_filter(f, k->text) : NULL;

		if (one) {
			memcpy(v + at[i], one->key, one->n * sizeof *v);
			continue;
		}
		v[at[i]] = *k;
		v[at[i]].span = (uint32_t)(at[i + k->span] - at[i]);
	}
	q->key = v;
	q->n = at[q->n];
}

/* As the parser counts: AND over everything is a level, too. */
static bool too_deep(const struct imap_search *q)
{
	size_t end[IMAP_SEARCH_DEPTH_MAX + 1], depth = 0;

	for (size_t i = 0; i < q->n; i++) {
		enum imap_search_op op = q->key[i].op;

		while (depth && end[depth - 1] <= i)
			depth--;
		if (op != IMAP_KEY_AND && op != IMAP_KEY_OR && op != IMAP_KEY_NOT)
			continue;
		if (depth > IMAP_SEARCH_DEPTH_MAX)
			return true;
		end[depth++] = i + q->key[i].span;
	}
	return false;
}

static int undefined(struct imap_task *t, struct gw_slice name)
{
	imap_no(t, gw_arena_printf(&t->arena, "UNDEFINED-FILTER %.*s", (int)name.n, name.p), "There is no such filter");
	return 1;
}

static int replace_all(struct filters *f, struct imap_task *t, struct imap_search *q)
{
	const struct imap_search_key *left = first_filter(q);

	for (unsigned pass = 0; left && pass < PASSES; pass++) {
		struct gw_slice missing;
		const size_t *at = places(f, q, &missing);

		if (!at && missing.n)
			return undefined(t, missing);
		if (!at || gw_arena_over(f->arena)) {
			imap_no(t, "LIMIT", "With its filters the search has too many keys");
			return 1;
		}
		insert(f, q, at);
		left = first_filter(q);
	}
	if (left)
		return undefined(t, left->text);
	if (!too_deep(q))
		return 0;
	imap_no(t, "LIMIT", "With its filters the search is nested too deeply");
	return 1;
}

int imap_filters_replace(struct imap_session *s, struct imap_task *t, struct gw_err *err)
{
	struct imap_search *q = &t->cmd->search;
	struct filters f = { .arena = &t->arena };
	struct gw_metadata *all = NULL;
	int rc;

	if (!first_filter(q))
		return 0;
	if (!imap_offers(s, "FILTERS")) {
		imap_bad(t, "This key of SEARCH is not known");
		return 1;
	}
	if (q->charset.n && !gw_slice_eqi(q->charset, GW_S("UTF-8")) && !gw_slice_eqi(q->charset, GW_S("US-ASCII"))) {
		imap_bad_code(t, "BADCHARSET (UTF-8)", "With FILTER the charset is UTF-8"); /* RFC 5466 3.1 */
		return 1;
	}
	q->charset = GW_S("");
	rc = gw_metadata_get(s->acct, NULL, &t->arena, &all, &f.n_entries, err);
	if (rc < 0)
		return rc;
	f.entry = all;
	f.known = gw_arena_calloc(&t->arena, f.n_entries + 1, sizeof *f.known);
	rc = replace_all(&f, t, q);
	q->uses_modseq |= f.uses_modseq;
	return rc;
}

/* ---- annotations ---- */

const char *imap_filter_problem(struct gw_arena *arena, struct gw_slice key, struct gw_slice value)
{
	struct imap_command c = { .arena = arena };
	struct gw_slice name;

	for (size_t r = 0; r < sizeof roots / sizeof *roots; r++) {
		struct gw_slice rest = key;

		if (key.n < roots[r].n || !gw_slice_eq(gw_slice_take(&rest, roots[r].n), roots[r]))
			continue;
		if (!imap_get_filter_name(&rest, &name) || rest.n)
			return "This is no name of a filter";
		return value.p ? parse(value, &c) : NULL;
	}
	return NULL;
}
