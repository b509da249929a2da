/* cmd_comparator.c - COMPARATOR: how strings are compared by SEARCH, SORT and THREAD (RFC 5255 4.7, RFC 4790)
 *
 * There is one comparator, the one that has to be: the index of texts and the keys of SORT are made with it (text/casemap.h). It
 * has all three operations, so no command is without one. */
#include "imap/commands.h"

#define COMPARATOR "i;unicode-casemap"
#define ORDER_MAX 254u /* octets of a name or pattern (RFC 4790 3.2) */

/* collation-char, ALPHA or DIGIT among them, and wildcards (RFC 4790 3.1, 3.2) */
static bool order_ok(struct gw_slice order)
{
	if (!order.n || order.n > ORDER_MAX)
		return false;
	for (size_t i = 0; i < order.n; i++) {
		char c = gw_lower(order.p[i]);

		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && (!c || !strchr("-;=.*", c)))
			return false;
	}
	return true;
}

/* Does the pattern, in which "*" stands for any octets, mean this name? Linear but for the last star. */
static bool matches(struct gw_slice pattern, struct gw_slice name)
{
	size_t p = 0, n = 0, star = SIZE_MAX, from = 0;

	while (n < name.n) {
		if (p < pattern.n && pattern.p[p] == '*') {
			star = p++;
			from = n;
		} else if (p < pattern.n && gw_lower(pattern.p[p]) == gw_lower(name.p[n])) {
			p++;
			n++;
		} else if (star != SIZE_MAX) { /* let the star have one more */
			p = star + 1;
			n = ++from;
		} else {
			return false;
		}
	}
	while (p < pattern.n && pattern.p[p] == '*')
		p++;
	return p == pattern.n;
}

enum imap_step imap_run_comparator(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	const struct imap_words *orders = &t->cmd->words;
	bool found = orders->n == 0;

	(void)s;
	for (size_t i = 0; i < orders->n; i++) {
		struct gw_slice order = orders->v[i];
		bool reversed = order.n && *order.p == '-';

		if (order.n && (*order.p == '+' || reversed))
			gw_slice_take(&order, 1);
		if (!order_ok(order))
			return imap_bad(t, "That is not the name of a comparator");
		found |= !reversed && (gw_slice_eqi(order, GW_S("default")) || matches(order, GW_S(COMPARATOR)));
	}
	if (!found)
		return imap_no(t, "BADCOMPARATOR", "There is no such comparator here");
	gw_out_lit(out, "* COMPARATOR \"" COMPARATOR "\"\r\n");
	return imap_ok(t, "COMPARATOR completed");
}
