/* match.c - searching text on a JMAP server
 *
 * IMAP's SEARCH is exact (RFC 3501 6.4.4): substrings, any case. The server's own search knows words and stems, so the answer is
 * worked out here, from the mirror and the text index; what is not here yet is brought. Sites that like the server's answer
 * better have TEXT and BODY asked there (jmap_search = server). */
#include "store/jmap/driver.h"

#include <stdlib.h>

#include "util/mem.h"

static int by_number(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static void add_hits(const struct gw_index *index, const struct gw_set *seqs, uint64_t *contents, size_t n, struct gw_set *ret)
{
	size_t hint = 0;

	if (n > 1)
		qsort(contents, n, sizeof *contents, by_number);
	for (uint32_t seq = gw_set_next(seqs, 1, &hint); seq && seq <= index->n; seq = gw_set_next(seqs, seq + 1, &hint)) {
		const struct gw_entry *e = gw_index_at(index, seq);

		if (e && e->content && n && bsearch(&e->content, contents, n, sizeof *contents, by_number))
			gw_set_add(ret, seq, seq);
	}
}

static int ask_server(struct jmap_remote *r, uint64_t mailbox, const struct gw_index *index, const struct gw_match *m,
	const struct gw_set *seqs, struct gw_set *ret, const atomic_bool *stop, struct gw_err *err)
{
	struct mirror_mailbox mb;
	struct gw_slice *ids, state;
	struct jmap_exchange x;
	uint64_t limit, *contents;
	unsigned call;
	size_t n = 0;
	int rc;

	jmap_exchange_begin(&x, r);
	rc = mirror_mailbox(r->acc, mailbox, &x.arena, &mb, err);
	if (rc == 0) {
		call = jmap_email_search(&x.request, mb.id, m->field == GW_MATCH_BODY ? "body" : "text", m->needle, 0);
		rc = jmap_exchange_do(&x, true, stop, err);
		if (rc == 0)
			rc = jmap_exchange_ok(&x, call, "Email/query", err);
		if (rc == 0)
			rc = jmap_take_ids(x.answer, call, jmap_account_id(r), &x.arena, &ids, &n, &limit, &state, err);
		if (rc == 0) {
			contents = gw_arena_calloc(&x.arena, n + 1, sizeof *contents);
			rc = mirror_known(r->acc, mailbox, ids, n, contents, err);
			if (rc == 0)
				add_hits(index, seqs, contents, n, ret);
		}
	}
	jmap_exchange_done(&x);
	return rc;
}

int jmap_match(struct gw_acct *a, struct gw_mbox_id id, const struct gw_index *index, const struct gw_match *m,
	const struct gw_set *seqs, struct gw_match_place *place, struct gw_set *ret, struct gw_err *err)
{
	const struct jmap_acct *ja = (const struct jmap_acct *)a;
	bool text = m->field == GW_MATCH_TEXT || m->field == GW_MATCH_BODY;
	struct jmap_remote *r;
	int rc = jmap_remote_of(a, id.space, &r, err);

	if (rc < 0)
		return rc;
	if (text && m->needle.n && ja->js->set.server_search)
		return ask_server(r, id.id, index, m, seqs, ret, &a->interrupted, err);
	return gw_local_match(a, id, index, m, seqs, place, ret, err);
}
