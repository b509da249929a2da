/* parse_sort.c - SORT and THREAD (RFC 5256 5, RFC 5957 5, RFC 5267 3, RFC 5257 5, RFC 6203 6) */
#include "imap/parse.h"

static const struct {
	const char *name;
	enum imap_sort_key key;
} sort_keys[IMAP_SORT_KEYS] = {
	{ "ARRIVAL", IMAP_SORT_ARRIVAL },
	{ "CC", IMAP_SORT_CC },
	{ "DATE", IMAP_SORT_DATE },
	{ "DISPLAYFROM", IMAP_SORT_DISPLAYFROM },
	{ "DISPLAYTO", IMAP_SORT_DISPLAYTO },
	{ "FROM", IMAP_SORT_FROM },
	{ "RELEVANCY", IMAP_SORT_RELEVANCY },
	{ "SIZE", IMAP_SORT_SIZE },
	{ "SUBJECT", IMAP_SORT_SUBJECT },
	{ "TO", IMAP_SORT_TO },
};

static const struct {
	const char *name;
	enum imap_thread_algorithm algorithm;
} algorithms[] = {
	{ "ORDEREDSUBJECT", IMAP_THREAD_ORDEREDSUBJECT },
	{ "REFERENCES", IMAP_THREAD_REFERENCES },
};

static bool get_sort_key(struct gw_slice *in, enum imap_sort_key *ret)
{
	struct gw_slice name;

	if (!imap_get_atom(in, &name))
		return false;
	for (size_t i = 0; i < IMAP_SORT_KEYS; i++)
		if (gw_slice_eqi(name, gw_slice_str(sort_keys[i].name))) {
			*ret = sort_keys[i].key;
			return true;
		}
	return false;
}

/* One that was there before decides nothing any more, and is left out: so the list is never long. */
static bool add_criterion(struct imap_command *c, struct imap_sort_criterion *v, struct imap_sort_criterion one, const char **why)
{
	struct imap_search *s = &c->search;
	size_t annotations = 0;

	for (size_t i = 0; i < s->n_sort; i++) {
		annotations += v[i].key == IMAP_SORT_ANNOTATION;
		if (v[i].key == one.key && v[i].shared == one.shared && gw_slice_eq(v[i].entry, one.entry))
			return true;
	}
	if (one.key == IMAP_SORT_ANNOTATION && annotations == IMAP_ANNOTATION_KEYS_MAX)
		return imap_fail_no(c, "LIMIT", why, "SORT has too many criteria");
	v[s->n_sort++] = one;
	return true;
}

/* sort-criteria = "(" sort-criterion *(SP sort-criterion) ")"; sort-criterion = ["REVERSE" SP] sort-key */
static bool parse_criteria(struct gw_slice *in, struct imap_command *c, const char **why)
{
	struct imap_sort_criterion *v = gw_arena_calloc(c->arena, IMAP_SORT_KEYS + IMAP_ANNOTATION_KEYS_MAX, sizeof *v);

	if (!imap_get_char(in, '('))
		return imap_fail_bad(why, "SORT needs a list of criteria");
	c->search.sort = v;
	do {
		struct imap_sort_criterion one = { .reverse = imap_get_prefix(in, GW_S("REVERSE ")) };

		if (imap_get_word(in, GW_S("ANNOTATION"))) {
			one.key = IMAP_SORT_ANNOTATION;
			if (!imap_want_annotation_sort(in, c, &one, why))
				return false;
		} else if (!get_sort_key(in, &one.key)) {
			return imap_fail_bad(why, "This criterion of SORT is not known");
		}
		if (!add_criterion(c, v, one, why))
			return false;
	} while (imap_get_sp(in));
	return imap_get_char(in, ')') || imap_fail_bad(why, "The list of criteria is not closed");
}

/* search-criteria = charset 1*(SP search-key) */
static bool parse_search_criteria(struct gw_slice *in, struct imap_command *c, const char **why)
{
	if (!imap_want_sp(in, why) || !imap_want_astring(in, c, &c->search.charset, why))
		return false;
	if (!c->search.charset.n)
		return imap_fail_bad(why, "A charset is expected");
	return imap_want_sp(in, why) && imap_want_search_keys(in, c, why);
}

/* SP ["RETURN" SP options SP] sort-criteria SP search-criteria */
bool imap_parse_sort(struct gw_slice *in, struct imap_command *c, const char **why)
{
	return imap_want_sp(in, why) && imap_want_return(in, c, why) && parse_criteria(in, c, why) &&
	       parse_search_criteria(in, c, why);
}

/* SP thread-alg SP search-criteria */
bool imap_parse_thread(struct gw_slice *in, struct imap_command *c, const char **why)
{
	struct gw_slice name;

	if (!imap_want_sp(in, why))
		return false;
	if (!imap_get_atom(in, &name))
		return imap_fail_bad(why, "THREAD needs an algorithm");
	for (size_t i = 0; i < sizeof algorithms / sizeof *algorithms; i++)
		if (gw_slice_eqi(name, gw_slice_str(algorithms[i].name))) {
			c->search.thread = algorithms[i].algorithm;
			return parse_search_criteria(in, c, why);
		}
	return imap_fail_bad(why, "This algorithm of THREAD is not known");
}
