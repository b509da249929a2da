/* context_tell.c - ADDTO and REMOVEFROM (RFC 5267 4.3.2; see context.h)
 *
 * The result of SEARCH is in mailbox order, so the client can find the place itself: it is told as 0. That of SORT has places,
 * counted from 1. Long lists become several responses. */
#include "imap/context.h"

#include "imap/put.h"

#define PIECE 1000 /* ranges or edits in one response */

void context_news_done(struct context_news *news)
{
	gw_set_done(&news->set);
	context_edits_done(&news->edits);
	*news = (struct context_news){ 0 };
}

static void put_head(const struct imap_context *c, const struct context_news *news, struct gw_out *out)
{
	gw_out_lit(out, "* ESEARCH (TAG ");
	imap_put_string(out, c->tag);
	gw_out_str(out, c->where);
	gw_out_str(out, c->uid ? ") UID " : ") ");
	gw_out_str(out, news->adds ? "ADDTO (" : "REMOVEFROM (");
}

/* Does edit i go on with the list of the one before it? */
static bool goes_on(const struct context_news *news, size_t i)
{
	const struct context_edit *v = news->edits.v;

	return v[i].at == v[i - 1].at + news->adds;
}

/* "3 17:18,4": what stands side by side is one list. Returns the first edit behind it. */
static size_t put_list(const struct context_news *news, size_t i, size_t end, struct gw_out *out)
{
	const struct context_edit *v = news->edits.v;
	size_t first = i;

	gw_out_u64(out, (uint64_t)v[i].at + 1);
	do {
		size_t from = i;

		gw_out_char(out, from == first ? ' ' : ',');
		gw_out_u64(out, v[i++].number);
		while (i < end && goes_on(news, i) && v[i].number == v[i - 1].number + 1) /* only what ascends is a range (3.2) */
			i++;
		if (i - from < 2)
			continue;
		gw_out_char(out, ':');
		gw_out_u64(out, v[i - 1].number);
	} while (i < end && goes_on(news, i));
	return i;
}

static void put_edits(const struct context_news *news, size_t end, struct gw_out *out)
{
	size_t i = put_list(news, news->told, end, out);

	while (i < end) {
		gw_out_char(out, ' ');
		i = put_list(news, i, end, out);
	}
}

bool context_news_tell(const struct imap_context *c, struct context_news *news, struct gw_out *out)
{
	size_t all = c->search.n_sort ? news->edits.n : news->set.n;

	while (news->told < all) {
		size_t n = all - news->told < PIECE ? all - news->told : PIECE;

		if (gw_out_full(out))
			return false;
		put_head(c, news, out);
		if (c->search.n_sort) {
			put_edits(news, news->told + n, out);
		} else {
			gw_out_lit(out, "0 ");
			gw_set_put(out, &(struct gw_set){ .r = news->set.r + news->told, .n = n });
		}
		gw_out_lit(out, ")\r\n");
		news->told += n;
	}
	return true;
}
