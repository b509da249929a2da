/* fetch.c - the cursor of store/account with messages that are brought here before it comes to them */
#include "store/jmap/driver.h"

#include "util/mem.h"

#define WINDOW_FIRST 8			    /* messages looked ahead at first: then twice as many each time */
#define WINDOW_OCTETS ((uint64_t)16 << 20) /* of bodies */

struct jmap_fetch {
	struct gw_fetch base;
	struct gw_acct *acct;
	struct gw_fetch *view;
	struct gw_db_account *acc;
	struct gw_index *index;
	const struct gw_set *seqs;
	bool derived, body;          /* what must be here */
	unsigned window;
	uint32_t next;               /* sequence number; 0: at the end */
	uint32_t ready;              /* messages up to this one are here */
	size_t hint, ahead_hint;     /* into seqs */
	const struct gw_entry *entry; /* current */
};

int jmap_fetch_open(struct gw_acct *a, struct gw_mbox_id id, const struct gw_index *index, const struct gw_set *seqs, unsigned want,
	struct gw_fetch **ret, struct gw_err *err)
{
	const unsigned known = GW_WANT_IDS | GW_WANT_SAVEDATE | GW_WANT_UIDL; /* without the bytes */
	struct gw_db_account *acc;
	struct jmap_fetch *f;
	struct gw_fetch *view;
	int rc = gw_acct_db(a, id.space, &acc, err);

	if (rc == 0)
		rc = view_fetch_open(a, id, index, seqs, want, &view, err);
	if (rc != 0)
		return rc;
	f = gw_xalloc(sizeof *f);
	f->base.ops = a->ops;
	f->acct = a;
	f->view = view;
	f->acc = acc;
	f->index = gw_index_ref(index);
	f->seqs = seqs;
	f->body = want & GW_WANT_BODY;
	f->derived = want & ~known;
	f->window = WINDOW_FIRST;
	f->next = gw_set_next(seqs, 1, &f->hint);
	*ret = &f->base;
	return 0;
}

void jmap_fetch_pause(struct gw_fetch *base)
{
	view_fetch_pause(((struct jmap_fetch *)base)->view);
}

void jmap_fetch_close(struct gw_fetch *base)
{
	struct jmap_fetch *f = (struct jmap_fetch *)base;

	view_fetch_close(f->view);
	gw_index_unref(f->index);
	free(f);
}

/* Bring the messages from f->next on that come next. */
static int look_ahead(struct jmap_fetch *f, struct gw_err *err)
{
	uint64_t contents[GW_DB_BRING_MAX], octets = 0;
	uint32_t seq = f->next;
	size_t n = 0;

	f->ahead_hint = f->hint;
	for (; seq && n < f->window && octets < WINDOW_OCTETS; seq = gw_set_next(f->seqs, seq + 1, &f->ahead_hint)) {
		const struct gw_entry *e = gw_index_at(f->index, seq);

		if (!e)
			break;
		f->ready = seq;
		if (e->content)
			contents[n++] = e->content;
		octets += f->body ? e->size : 0;
	}
	if (f->window < GW_DB_BRING_MAX)
		f->window *= 2;
	view_fetch_pause(f->view);
	return gw_db_bring(f->acc, contents, n, f->body, &f->acct->interrupted, err);
}

/* What was brought may have been evicted since by others' messages: once more, this one alone. */
static int bring_one(struct jmap_fetch *f, const struct gw_entry *e, struct gw_err *err)
{
	view_fetch_pause(f->view);
	return e ? gw_db_bring(f->acc, &e->content, 1, f->body, &f->acct->interrupted, err) : 0;
}

int jmap_fetch_next(struct gw_fetch *base, struct gw_message *ret, bool *ret_gone, struct gw_err *err)
{
	struct jmap_fetch *f = (struct jmap_fetch *)base;
	int rc = 0;

	if (f->derived && f->next > f->ready)
		rc = look_ahead(f, err);
	if (rc < 0)
		return rc;
	rc = view_fetch_next(f->view, ret, ret_gone, err);
	if (rc == GW_ENOENT) {
		rc = bring_one(f, gw_index_at(f->index, f->next), err);
		if (rc == 0)
			rc = view_fetch_next(f->view, ret, ret_gone, err);
	}
	if (rc <= 0)
		return rc;
	f->entry = ret->entry;
	f->next = ret->seq != UINT32_MAX ? gw_set_next(f->seqs, ret->seq + 1, &f->hint) : 0;
	return rc;
}

long jmap_fetch_read(struct gw_fetch *base, uint64_t off, void *dst, size_t n, struct gw_err *err)
{
	struct jmap_fetch *f = (struct jmap_fetch *)base;
	long got = view_fetch_read(f->view, off, dst, n, err);

	if (got != GW_ENOENT || !f->entry)
		return got;
	f->body = true;
	got = bring_one(f, f->entry, err);
	return got < 0 ? got : view_fetch_read(f->view, off, dst, n, err);
}
