/* fetch_new.c - FETCH responses that no FETCH asked for: data of new messages (RFC 5465 5.2, 7; see fetch.h) */
#include "imap/fetch.h"

#include <stdlib.h>

#include "util/mem.h"

struct imap_task *imap_fetch_new(const struct imap_fetch *items, const struct gw_set *uids)
{
	struct imap_task *t = gw_xcalloc(1, sizeof *t);
	struct imap_command *c;
	struct gw_range *r;

	gw_arena_init(&t->arena, 0, 0);
	t->verb = imap_verb_of(IMAP_VERB_FETCH);
	t->unasked = true;
	t->cmd = c = gw_arena_alloc(&t->arena, sizeof *c);
	r = gw_arena_calloc(&t->arena, uids->n, sizeof *r);
	memcpy(r, uids->r, uids->n * sizeof *r);
	c->arena = &t->arena;
	c->verb = IMAP_VERB_FETCH;
	c->uid = true;
	c->fetch = *items;
	c->fetch.sets_seen = false;
	c->fetch.set = (struct imap_seqset){ .r = r, .n = uids->n };
	return t;
}

void imap_fetch_free(struct imap_task *t)
{
	if (!t)
		return;
	gw_arena_done(&t->arena);
	free(t);
}
