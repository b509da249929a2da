/* fetch.c - the cursor of store/account with messages that are brought here before it comes to them
 *
 * A window (bring.c) runs ahead of the cursor, farther each time; messages come in any order and are shown in theirs. One that cannot
 * be had is found out when it is its turn, so that those before it are shown. */
#include "store/jmap/driver.h"

#include "util/mem.h"

#define AHEAD_FIRST 8 /* messages looked ahead at first: then twice as many each time */

struct jmap_fetch {
	struct gw_fetch base;
	struct gw_acct *acct;
	struct gw_fetch *view;
	struct gw_db_account *acc;
	struct jmap_remote *remote;
	struct jmap_window *coming;  /* NULL: nothing had to come yet */
	struct gw_index *index;
	const struct gw_set *seqs;
	bool derived, body;          /* what must be here */
	unsigned step;               /* messages looked ahead next time */
	unsigned ahead;              /* messages between next and seen */
	uint32_t next;               /* sequence number; 0: at the end */
	uint32_t seen;               /* the next one to look at, ahead of next; 0: none */
	size_t hint, seen_hint;      /* into seqs */
	const struct gw_entry *entry; /* current */
};

int jmap_fetch_open(struct gw_acct *a, struct gw_mbox_id id, const struct gw_index *index, const struct gw_set *seqs, unsigned want,
	struct gw_fetch **ret, struct gw_err *err)
{
	const unsigned known = GW_WANT_IDS | GW_WANT_SAVEDATE | GW_WANT_UIDL; /* without the bytes */
	struct gw_db_account *acc;
	struct jmap_fetch *f;
	struct gw_fetch *view;
	struct jmap_remote *remote;
	int rc = gw_acct_db(a, id.space, &acc, err);

	if (rc == 0)
		rc = jmap_remote_of(a, id.space, &remote, err);
	if (rc == 0)
		rc = view_fetch_open(a, id, index, seqs, want, &view, err);
	if (rc != 0)
		return rc;
	f = gw_xalloc(sizeof *f);
	f->base.ops = a->ops;
	f->acct = a;
	f->view = view;
	f->acc = acc;
	f->remote = remote;
	f->index = gw_index_ref(index);
	f->seqs = seqs;
	f->body = want & GW_WANT_BODY;
	f->derived = want & ~known;
	f->step = AHEAD_FIRST;
	f->next = f->seen = gw_set_next(seqs, 1, &f->hint);
	f->seen_hint = f->hint;
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
	jmap_window_free(f->coming);
	gw_index_unref(f->index);
	free(f);
}

static enum gw_db_bytes wanted(const struct jmap_fetch *f)
{
	return f->body ? GW_DB_BODIES : GW_DB_DERIVED;
}

/* Look at the next messages: what is not here of them comes. */
static int look_ahead(struct jmap_fetch *f, struct gw_err *err)
{
	uint64_t contents[GW_DB_BRING_MAX];
	size_t n = 0, missing = 0;
	int rc;

	for (; f->seen && n < f->step; f->seen = gw_set_next(f->seqs, f->seen + 1, &f->seen_hint)) {
		const struct gw_entry *e = gw_index_at(f->index, f->seen);

		if (!e) {
			f->seen = 0;
			break;
		}
		if (e->content)
			contents[n++] = e->content;
		f->ahead++;
	}
	if (f->step < GW_DB_BRING_MAX)
		f->step *= 2;
	if (!n)
		return 0;
	view_fetch_pause(f->view);
	if (!f->coming)
		f->coming = jmap_window_new(f->remote, wanted(f), &f->acct->interrupted);
	rc = jmap_window_want(f->coming, contents, n, &missing, err);
	if (rc == 0 && f->body && missing < n)
		mirror_touch(f->acc, contents, n, NULL);
	return rc;
}

/* Be ready for the message that is next, if it can be had. */
static int make_ready(struct jmap_fetch *f, struct gw_err *err)
{
	const struct gw_entry *e;
	int rc = 0;

	if (f->ahead < f->step / 2 && f->seen)
		rc = look_ahead(f, err);
	e = rc == 0 && f->next ? gw_index_at(f->index, f->next) : NULL;
	if (!e || !e->content || !f->coming || !jmap_window_wants(f->coming, e->content))
		return rc;
	view_fetch_pause(f->view);
	return jmap_window_until(f->coming, e->content, err);
}

/* What was brought may have been evicted since by others' messages: once more, this one alone. */
static int bring_one(struct jmap_fetch *f, const struct gw_entry *e, struct gw_err *err)
{
	view_fetch_pause(f->view);
	return e ? gw_db_bring(f->acc, &e->content, 1, wanted(f), &f->acct->interrupted, err) : 0;
}

/* The cursor has shown seq. (It leaves out what was removed.) */
static void go_on(struct jmap_fetch *f, uint32_t seq)
{
	while (f->next && f->next <= seq) {
		f->next = f->next != UINT32_MAX ? gw_set_next(f->seqs, f->next + 1, &f->hint) : 0;
		if (f->ahead)
			f->ahead--;
	}
	if (!f->ahead) { /* it is not behind */
		f->seen = f->next;
		f->seen_hint = f->hint;
	}
}

/* Bytes are asked for that were not to be expected: those of the next ones, too. */
static void start_over(struct jmap_fetch *f)
{
	f->body = true;
	jmap_window_free(f->coming);
	f->coming = NULL;
	f->ahead = 0;
	f->seen = f->next;
	f->seen_hint = f->hint;
}

int jmap_fetch_next(struct gw_fetch *base, struct gw_message *ret, bool *ret_gone, struct gw_err *err)
{
	struct jmap_fetch *f = (struct jmap_fetch *)base;
	int rc = 0;

	if (f->derived && f->next)
		rc = make_ready(f, err);
	if (rc < 0)
		return rc;
	rc = view_fetch_next(f->view, ret, ret_gone, err);
	if (rc == GW_ENOENT) { /* also of one that another process took in meanwhile: a new look finds it */
		rc = bring_one(f, gw_index_at(f->index, f->next), err);
		if (rc == 0)
			rc = view_fetch_next(f->view, ret, ret_gone, err);
	}
	if (rc <= 0)
		return rc;
	f->entry = ret->entry;
	go_on(f, ret->seq);
	return rc;
}

long jmap_fetch_read(struct gw_fetch *base, uint64_t off, void *dst, size_t n, struct gw_err *err)
{
	struct jmap_fetch *f = (struct jmap_fetch *)base;
	long got = view_fetch_read(f->view, off, dst, n, err);

	if (got != GW_ENOENT || !f->entry)
		return got;
	if (!f->body)
		start_over(f);
	got = bring_one(f, f->entry, err);
	return got < 0 ? got : view_fetch_read(f->view, off, dst, n, err);
}
