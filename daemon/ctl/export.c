/* export.c - the mail of an account goes to gwctl, which writes it elsewhere, as a job (see transfer.h)
 *
 * What gwctl has already it does not want; so a run that was interrupted is gone on with by the next. */
#include "daemon/ctl/transfer.h"

#include "store/admin.h"
#include "store/uidl.h"
#include "util/glob.h"
#include "util/mem.h"

#include <stdio.h>
#include <stdlib.h>

struct export {
	struct transfer t;
	struct gw_acct *acct;
	struct gw_arena names;          /* of the mailboxes */
	const struct gw_mailbox *box;   /* the one at work */
	struct gw_index *index;
	enum gw_uidl_format uidls;      /* what POP3 clients know messages by that have no name of their own */
	char piece[GW_TRANSFER_FRAME_MAX];
	uint64_t exported, bytes, already, vanished, folders;
};

/* ---- offers ---- */

static int offer_one(struct export *ex, const struct gw_message *m, struct gw_err *err)
{
	const struct gw_entry *e = m->entry;
	struct gw_transfer_frame f = { .type = GW_TRANSFER_OFFER, .offer = { .uidl = m->uidl, .uid = e->uid,
		.flags = e->flags & GW_FLAG_SYSTEM, .date = e->date, .size = e->size } };
	char key[24], uidl[GW_UIDL_MAX + 1];

	snprintf(key, sizeof key, "%u.%u", ex->index->uidvalidity, e->uid);
	f.offer.key = gw_slice_str(key);
	if (f.offer.uidl.n == 0) {
		gw_uidl_make(ex->uidls, ex->index->uidvalidity, e->uid, uidl);
		f.offer.uidl = gw_slice_str(uidl);
	}
	for (unsigned k = 0; k < ex->index->keywords.n; k++)
		if (e->flags & GW_FLAG_KEYWORD(k))
			f.offer.keywords[f.offer.n_keywords++] = gw_slice_str(ex->index->keywords.name[k]);
	return transfer_say(&ex->t, &f, err);
}

/* The messages seqs that are there; their sequence numbers in ret, in the order they were offered. */
static int offer_all(struct export *ex, const struct gw_set *seqs, uint32_t *ret, unsigned *ret_n, struct gw_err *err)
{
	struct gw_message m;
	struct gw_fetch *f;
	bool gone;
	int rc = gw_fetch_open(ex->acct, ex->box->id, ex->index, seqs, GW_WANT_UIDL, &f, err);

	if (rc < 0)
		return rc;
	while ((rc = gw_fetch_next(f, &m, &gone, err)) > 0) {
		if (gone)
			continue;
		ret[(*ret_n)++] = m.seq;
		rc = offer_one(ex, &m, err);
		if (rc < 0)
			break;
	}
	gw_fetch_close(f);
	return rc;
}

/* ---- messages ---- */

static int give_body(struct export *ex, struct gw_fetch *f, struct gw_err *err)
{
	uint64_t off = 0;
	int rc = 0;

	while (rc == 0) {
		long n = gw_fetch_read(f, off, ex->piece, sizeof ex->piece, err);

		if (n <= 0) {
			rc = (int)n;
			break;
		}
		off += (uint64_t)n;
		gw_fetch_pause(f);
		rc = transfer_say(&ex->t, &(struct gw_transfer_frame){ .type = GW_TRANSFER_DATA, .bytes = { ex->piece, (size_t)n } },
				  err);
	}
	ex->t.bytes += off;
	if (rc < 0)
		return rc;
	ex->exported++;
	ex->bytes += off;
	return transfer_say(&ex->t, &(struct gw_transfer_frame){ .type = GW_TRANSFER_END }, err);
}

static int give_one(struct export *ex, struct gw_fetch *f, unsigned number, bool gone, struct gw_err *err)
{
	struct gw_transfer_frame begin = { .type = GW_TRANSFER_MESSAGE, .message = { .number = number } };
	int rc;

	if (gone) {
		begin.type = GW_TRANSFER_CANNOT;
		begin.message.text = GW_S("it was removed meanwhile");
		ex->vanished++;
		return transfer_say(&ex->t, &begin, err);
	}
	rc = transfer_say(&ex->t, &begin, err);
	return rc < 0 ? rc : give_body(ex, f, err);
}

/* Those of the n messages that were offered, seqs, that are wanted. */
static int give_all(struct export *ex, const uint32_t *seqs, unsigned n, struct gw_err *err)
{
	struct gw_set wanted;
	struct gw_message m;
	struct gw_fetch *f = NULL;
	unsigned at = 0;
	bool gone;
	int rc = 0;

	gw_set_init(&wanted);
	for (unsigned i = 0; i < n; i++)
		if (ex->t.stream.wanted[i])
			gw_set_add(&wanted, seqs[i], seqs[i]);
	ex->already += n - gw_set_count(&wanted);
	if (wanted.n)
		rc = gw_fetch_open(ex->acct, ex->box->id, ex->index, &wanted, GW_WANT_BODY, &f, err);
	while (f && rc >= 0 && (rc = gw_fetch_next(f, &m, &gone, err)) > 0) {
		while (at < n && seqs[at] != m.seq)
			at++;
		gw_fetch_pause(f);
		rc = at < n ? give_one(ex, f, at, gone, err) : 0;
	}
	gw_fetch_close(f);
	gw_set_done(&wanted);
	return rc;
}

/* Wait for the other end's word. */
static int await(struct export *ex, struct gw_err *err)
{
	struct gw_transfer_frame f;

	return transfer_hear(&ex->t, &f, err);
}

static int give_batch(struct export *ex, uint32_t first, struct gw_err *err)
{
	uint32_t seqs[GW_TRANSFER_BATCH], last = first + GW_TRANSFER_BATCH - 1;
	struct gw_set set;
	unsigned n = 0;
	int rc;

	gw_set_init(&set);
	gw_set_add(&set, first, last < ex->index->n ? last : ex->index->n);
	rc = offer_all(ex, &set, seqs, &n, err);
	gw_set_done(&set);
	if (rc < 0 || n == 0)
		return rc;
	rc = transfer_say(&ex->t, &(struct gw_transfer_frame){ .type = GW_TRANSFER_ASK }, err);
	if (rc == 0)
		rc = await(ex, err);
	if (rc == 0)
		rc = give_all(ex, seqs, n, err);
	if (rc == 0)
		rc = transfer_say(&ex->t, &(struct gw_transfer_frame){ .type = GW_TRANSFER_COMMIT }, err);
	return rc < 0 ? rc : await(ex, err);
}

/* ---- mailboxes ---- */

static int give_messages(struct export *ex, struct gw_err *err)
{
	int rc = gw_mbox_index(ex->acct, ex->box->id, &ex->index, err);

	if (rc == GW_ENOENT) /* deleted meanwhile */
		return 0;
	for (uint32_t first = 1; rc == 0 && first <= ex->index->n; first += GW_TRANSFER_BATCH) {
		rc = give_batch(ex, first, err);
		ex->t.done = first + GW_TRANSFER_BATCH - 1;
		if (ex->t.done > ex->index->n)
			ex->t.done = ex->index->n;
		transfer_tell_step(&ex->t);
	}
	gw_index_unref(ex->index);
	ex->index = NULL;
	return rc < 0 ? rc : transfer_say(&ex->t, &(struct gw_transfer_frame){ .type = GW_TRANSFER_COMPLETE }, err);
}

static int give_mailbox(struct export *ex, const struct gw_mailbox *mb, struct gw_err *err)
{
	struct gw_transfer_frame f = { .type = GW_TRANSFER_FOLDER, .folder = { .name = mb->name, .uidvalidity = mb->uidvalidity,
		.uidnext = mb->uidnext, .messages = mb->messages, .special = mb->attrs & GW_MBOX_SPECIAL,
		.subscribed = mb->attrs & GW_MBOX_SUBSCRIBED, .selectable = !(mb->attrs & GW_MBOX_NOSELECT) } };
	int rc = transfer_say(&ex->t, &f, err);

	ex->box = mb;
	ex->folders++;
	ex->t.folder = gw_arena_str(&ex->names, mb->name);
	ex->t.done = 0;
	ex->t.total = mb->messages;
	transfer_tell_folder(&ex->t, mb->name, false, NULL);
	if (rc == 0 && f.folder.selectable)
		rc = give_messages(ex, err);
	if (rc < 0 && rc != GW_EINTR)
		gw_err_ctx(err, "mailbox \"%s\"", ex->t.folder);
	return rc;
}

static bool asked_for(const struct gw_mailbox *mb, struct gw_slice pattern)
{
	if (mb->id.space || mb->attrs & (GW_MBOX_NONEXISTENT | GW_MBOX_PUBLIC | GW_MBOX_OTHER))
		return false;
	return pattern.n == 0 || gw_glob(pattern, mb->name);
}

static int give_mailboxes(struct export *ex, struct gw_err *err)
{
	struct gw_slice pattern = gw_ctl_slice(ex->t.w->r, "folder");
	struct gw_mailbox *v;
	size_t n = 0;
	int rc = gw_acct_list(ex->acct, &ex->names, &v, &n, err);

	for (size_t i = 0; rc == 0 && i < n; i++)
		if (asked_for(&v[i], pattern))
			rc = give_mailbox(ex, &v[i], err);
	return rc;
}

static int run(struct export *ex, struct gw_err *err)
{
	struct gw_transfer_frame hello = { .type = GW_TRANSFER_HELLO,
		.hello = { GW_TRANSFER_VERSION, gw_slice_str(gw_acct_user(ex->acct)) } };
	int rc = transfer_say(&ex->t, &hello, err);

	if (rc == 0)
		rc = give_mailboxes(ex, err);
	if (rc == 0)
		rc = transfer_say(&ex->t, &(struct gw_transfer_frame){ .type = GW_TRANSFER_DONE }, err);
	return rc < 0 ? rc : await(ex, err);
}

static void put_counts(struct export *ex)
{
	struct gw_json *j = gw_ctl_ok(&ex->t.w->reply);

	gw_json_u64(j, "exported", ex->exported);
	gw_json_u64(j, "bytes", ex->bytes);
	gw_json_u64(j, "already", ex->already);
	gw_json_u64(j, "folders", ex->folders);
	if (ex->vanished)
		gw_json_u64(j, "vanished", ex->vanished);
	gw_json_u64(j, "exit", 0);
	gw_ctl_end(&ex->t.w->reply);
	log_event(&ex->t.w->g->log, GW_EV_EXPORT, GW_TEXT("user", gw_ctl_slice(ex->t.w->r, "user")),
		  GW_NUM("messages", ex->exported), GW_NUM("bytes_out", ex->bytes));
}

static enum gw_uidl_format uidl_format(struct ctl_work *w)
{
	struct snapshot *s = snapshot_get(w->g);
	enum gw_uidl_format format = s->config->pop3_uidl_format;

	snapshot_unref(s);
	return format;
}

static int work_export(struct ctl_work *w, struct gw_err *err)
{
	struct export *ex = gw_xalloc(sizeof *ex);
	int rc;

	transfer_init(&ex->t, w, true);
	ex->uidls = uidl_format(w);
	gw_arena_init(&ex->names, 0, 0);
	rc = gw_admin_open(w->store, gw_ctl_slice(w->r, "user"), &ex->acct, err);
	if (rc == 0)
		rc = run(ex, err);
	if (rc == 0)
		put_counts(ex);
	gw_acct_close(ex->acct);
	gw_arena_done(&ex->names);
	transfer_done(&ex->t);
	free(ex);
	return rc;
}

const struct ctl_handler ctl_handlers_export[] = {
	{ "export", .work = work_export },
	{ 0 },
};
