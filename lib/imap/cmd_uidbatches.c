/* cmd_uidbatches.c - UIDBATCHES: ranges of UIDs with about as many messages each (RFC 10022)
 *
 * Counted from the newest message down, on the list that the session has in memory. Each batch begins where the one above it
 * ends, and the last one goes down to 1, so that together they leave no UID out. */
#include "imap/commands.h"

#include "imap/put.h"

#define SIZE_MIN 500u      /* messages of a batch (RFC 10022: what clients may ask for) */
#define SPAN_MAX 100000u   /* messages of all batches that are asked for by their numbers */

struct batches {
	uint32_t next, last; /* batches, counted from 1 */
	bool any;
};

static uint32_t uid_at(const struct gw_index *ix, uint32_t seq)
{
	return gw_index_at(ix, seq)->uid;
}

/* Batch number n of size messages. False: there is none. */
static bool find_batch(const struct gw_index *ix, uint32_t size, uint32_t n, struct gw_range *ret)
{
	uint64_t above = (uint64_t)size * (n - 1), below = (uint64_t)size * n;

	if (above >= ix->n)
		return false;
	ret->hi = uid_at(ix, ix->n - (uint32_t)above);
	ret->lo = below >= ix->n ? 1 : uid_at(ix, ix->n - (uint32_t)below) + 1;
	return true;
}

static enum imap_step put_batches(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	struct batches *b = t->state;
	struct gw_range r;

	for (; b->next <= b->last && find_batch(s->view->told, t->cmd->uidbatches.size, b->next, &r); b->next++) {
		if (gw_out_full(out))
			return IMAP_STEP_MORE;
		gw_out_char(out, b->any ? ',' : ' ');
		b->any = true;
		gw_out_u64(out, r.hi);
		gw_out_char(out, ':');
		gw_out_u64(out, r.lo);
	}
	gw_out_lit(out, "\r\n");
	return imap_ok(t, "UIDBATCHES completed");
}

enum imap_step imap_run_uidbatches(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	const struct imap_uidbatches *c = &t->cmd->uidbatches;
	struct gw_err err = { 0 };
	struct batches *b;
	int rc;

	if (t->state)
		return put_batches(s, t, out);
	if (c->size < SIZE_MIN)
		return imap_no(t, "TOOFEW", "A batch has 500 messages or more");
	if (c->first > c->last)
		return imap_bad_code(t, "CLIENTBUG", "The range of batches is reversed");
	if (c->first != c->last && (uint64_t)c->size * (c->last - c->first + 1) > SPAN_MAX)
		return imap_no(t, "TOOMANY", "These batches have more than 100000 messages together");
	rc = imap_view_load(s, &err);
	if (rc < 0)
		return imap_fail(s, t, rc, &err);
	b = gw_arena_alloc(&t->arena, sizeof *b);
	*b = (struct batches){ .next = c->first ? c->first : 1, .last = c->last ? c->last : UINT32_MAX };
	t->state = b;
	gw_out_lit(out, "* UIDBATCHES (TAG ");
	imap_put_string(out, t->tag);
	gw_out_char(out, ')');
	return put_batches(s, t, out);
}
