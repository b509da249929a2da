/* import.c - mail that gwctl has read elsewhere comes into an account, as a job (see transfer.h, store/import.h)
 *
 * A batch is what gwctl offers at a time. What is wanted of it is put into the store whenever enough has come together, and
 * acknowledged when all of it is on the disk. Whoever is killed when, the next run finds in the store what was brought. */
#include "daemon/ctl/transfer.h"

#include "store/admin.h"
#include "util/mem.h"

#include <stdlib.h>

#define COMMIT_BYTES (16u << 20) /* of messages in one transaction, about */

struct counts {
	uint64_t imported, bytes, already;
	uint64_t quota, too_large, unreadable, refused; /* messages that were left out, by reason */
	uint64_t folders, created, folders_refused;
	uint64_t renumbered, flags_changed, keywords_lost, uidls_lost;
};

struct import {
	struct transfer t;
	struct gw_acct *acct;
	bool flags, again, dry_run;
	uint64_t max_size;
	struct gw_arena names;  /* of the source and the folder */
	struct gw_arena batch;  /* what was offered */
	struct gw_slice source;
	uint32_t uidnext;       /* of the folder at its source */
	bool refused;           /* the folder has no place here */
	struct gw_import_into into;
	struct gw_transfer_offer *offer[GW_TRANSFER_BATCH];
	unsigned n_offers;
	struct gw_import_message staged[GW_TRANSFER_BATCH];
	size_t n_staged;
	uint64_t staged_bytes;
	struct gw_append *append; /* of the message that is coming; NULL: it is left out */
	unsigned number;          /* its number in the batch */
	uint64_t received;        /* octets of it */
	struct counts n;
};

/* ---- storing ---- */

static void drop_staged(struct import *im)
{
	for (size_t i = 0; i < im->n_staged; i++)
		gw_append_close(im->staged[i].append);
	im->n_staged = 0;
	im->staged_bytes = 0;
}

static void left_out(struct import *im, struct gw_slice key, int rc)
{
	switch (rc) {
	case GW_EEXIST:
		im->n.already++;
		break;
	case GW_EQUOTA:
		im->n.quota++;
		transfer_tell_problem(&im->t, key, "left out: the account would pass its quota");
		break;
	default:
		im->n.refused++;
		transfer_tell_problem(&im->t, key, "left out: the mailbox has used up its message numbers");
	}
}

static void count(struct import *im, const struct gw_import_message *m)
{
	if (m->rc < 0) {
		left_out(im, m->key, m->rc);
		return;
	}
	im->n.imported++;
	im->n.renumbered += m->renumbered;
	im->n.keywords_lost += m->keyword_lost;
	im->n.uidls_lost += m->uidl_lost;
}

static int commit(struct import *im, struct gw_err *err)
{
	int rc = im->n_staged ? gw_import_commit(im->acct, &im->into, im->staged, im->n_staged, err) : 0;

	for (size_t i = 0; rc == 0 && i < im->n_staged; i++)
		count(im, &im->staged[i]);
	drop_staged(im);
	return rc;
}

/* ---- a folder ---- */

/* All of it is here. */
static int end_folder(struct import *im, struct gw_err *err)
{
	if (im->refused || im->dry_run || !im->into.map)
		return 0;
	return gw_import_finish(im->acct, &im->into, im->uidnext, err);
}

/* Where a folder goes: below the mailbox that was asked for. */
static struct gw_slice target_of(struct import *im, struct gw_slice name)
{
	struct gw_slice into = gw_ctl_slice(im->t.w->r, "into");

	if (into.n == 0)
		return gw_slice_str(im->t.folder);
	return gw_slice_str(gw_arena_printf(&im->names, "%.*s/%.*s", GW_FMT(into), GW_FMT(name)));
}

static bool no_place(int rc)
{
	return rc == GW_EINVAL || rc == GW_ELIMIT || rc == GW_EACCES;
}

static int begin_folder(struct import *im, const struct gw_transfer_folder *f, struct gw_err *err)
{
	struct gw_import_folder folder = { .source = im->source, .uidvalidity = f->uidvalidity, .special = f->special,
		.selectable = f->selectable, .subscribe = f->subscribed, .again = im->again, .look = im->dry_run };
	int rc;

	gw_arena_reset(&im->names);
	im->t.folder = gw_arena_str(&im->names, f->name);
	im->t.done = 0;
	im->t.total = f->messages;
	im->uidnext = f->uidnext;
	folder.name = target_of(im, f->name);
	rc = gw_import_folder(im->acct, &folder, &im->into, err);
	im->refused = no_place(rc);
	if (im->refused) {
		im->n.folders_refused++;
		transfer_tell_problem(&im->t, gw_slice(NULL, 0), "left out with its %lu messages: %s", (unsigned long)f->messages,
				      err->text);
		return 0;
	}
	if (rc < 0)
		return rc;
	im->n.folders++;
	im->n.created += im->into.created;
	transfer_tell_folder(&im->t, folder.name, im->into.created, f->uidvalidity ? &im->into.keeps_uids : NULL);
	return 0;
}

/* ---- what is offered ---- */

static int take_offer(struct import *im, const struct gw_transfer_offer *o, struct gw_err *err)
{
	struct gw_transfer_offer *copy;

	if (im->n_offers == 0)
		gw_arena_reset(&im->batch);
	if (o->key.n > GW_IMPORT_KEY_MAX)
		return gw_fail(err, GW_EINVAL, "what names a message at its source has at most %d octets", GW_IMPORT_KEY_MAX);
	copy = gw_arena_alloc(&im->batch, sizeof *copy);
	*copy = *o;
	copy->key = gw_arena_dup(&im->batch, o->key);
	copy->uidl = gw_arena_dup(&im->batch, o->uidl);
	for (unsigned i = 0; i < o->n_keywords; i++)
		copy->keywords[i] = gw_arena_dup(&im->batch, o->keywords[i]);
	im->offer[im->n_offers++] = copy;
	return 0;
}

/* Flags of messages that are here already. */
static int bring_flags(struct import *im, const bool *known, struct gw_err *err)
{
	struct gw_import_flags v[GW_TRANSFER_BATCH];
	uint64_t changed = 0;
	size_t n = 0;
	int rc;

	for (unsigned i = 0; i < im->n_offers; i++) {
		const struct gw_transfer_offer *o = im->offer[i];

		if (known[i])
			v[n++] = (struct gw_import_flags){ o->key, o->flags, o->keywords, o->n_keywords };
	}
	rc = n ? gw_import_flags(im->acct, &im->into, v, n, &changed, err) : 0;
	im->n.flags_changed += changed;
	return rc;
}

/* Is there room for one more of this size? What it says of its size is believed only so far. */
static bool fits(struct gw_quota *q, uint64_t size)
{
	if ((q->storage_limit && q->storage_used + size > q->storage_limit) ||
	    (q->messages_limit && q->messages_used >= q->messages_limit))
		return false;
	q->storage_used += size;
	q->messages_used++;
	return true;
}

static void too_large(struct import *im, struct gw_slice key, uint64_t size)
{
	im->n.too_large++;
	transfer_tell_problem(&im->t, key, "left out: it has %llu octets or more", (unsigned long long)size);
}

/* Which of the offers do we want? */
static int choose(struct import *im, const bool *known, char *want, struct gw_err *err)
{
	struct gw_quota q;
	int rc = gw_acct_quota(im->acct, &q, err);

	if (rc == 0 && im->dry_run) {
		q.storage_used += im->n.bytes;
		q.messages_used += im->n.imported;
	}
	for (unsigned i = 0; rc == 0 && i < im->n_offers; i++) {
		const struct gw_transfer_offer *o = im->offer[i];

		if (known[i])
			im->n.already++;
		else if (o->size > im->max_size)
			too_large(im, o->key, o->size);
		else if (!fits(&q, o->size))
			left_out(im, o->key, GW_EQUOTA);
		else if (im->dry_run)
			im->n.imported++, im->n.bytes += o->size;
		else
			want[i] = 1;
	}
	return rc;
}

static int answer_offers(struct import *im, struct gw_err *err)
{
	struct gw_slice keys[GW_TRANSFER_BATCH];
	bool known[GW_TRANSFER_BATCH];
	char want[GW_TRANSFER_BATCH] = { 0 };
	int rc = 0;

	for (unsigned i = 0; i < im->n_offers; i++)
		keys[i] = im->offer[i]->key;
	if (im->refused) {
		im->n.refused += im->n_offers;
	} else {
		rc = gw_import_known(im->acct, &im->into, keys, im->n_offers, known, err);
		if (rc == 0 && im->flags && !im->dry_run)
			rc = bring_flags(im, known, err);
		if (rc == 0)
			rc = choose(im, known, want, err);
	}
	if (rc < 0)
		return rc;
	return transfer_say(&im->t, &(struct gw_transfer_frame){ .type = GW_TRANSFER_WANT, .bytes = { want, im->n_offers } }, err);
}

/* ---- messages ---- */

static int begin_message(struct import *im, unsigned number, struct gw_err *err)
{
	const struct gw_transfer_offer *o = im->offer[number];
	int rc = gw_append_open(im->acct, GW_APPEND_UNKNOWN, &im->append, err);

	im->number = number;
	im->received = 0;
	if (rc == 0)
		gw_append_set(im->append, o->flags, o->keywords, o->n_keywords, o->date);
	return rc;
}

static void drop_message(struct import *im)
{
	gw_append_close(im->append);
	im->append = NULL;
}

static int take_data(struct import *im, struct gw_slice bytes, struct gw_err *err)
{
	int rc = 0;

	im->received += bytes.n;
	im->t.bytes += bytes.n;
	if (!im->append)
		return 0;
	if (im->received <= im->max_size)
		rc = gw_append_write(im->append, bytes, err);
	if (rc == GW_ELIMIT || im->received > im->max_size) {
		too_large(im, im->offer[im->number]->key, im->received);
		drop_message(im);
		return 0;
	}
	return rc;
}

static int end_message(struct import *im, struct gw_err *err)
{
	const struct gw_transfer_offer *o = im->offer[im->number];

	if (!im->append)
		return 0;
	im->staged[im->n_staged++] =
		(struct gw_import_message){ .append = im->append, .key = o->key, .uidl = o->uidl, .uid = o->uid };
	im->append = NULL;
	im->staged_bytes += im->received;
	im->n.bytes += im->received;
	return im->staged_bytes >= COMMIT_BYTES ? commit(im, err) : 0;
}

static void no_message(struct import *im, unsigned number, struct gw_slice why)
{
	drop_message(im);
	im->n.unreadable++;
	transfer_tell_problem(&im->t, im->offer[number]->key, "left out: %.*s", GW_FMT(why));
}

static int end_batch(struct import *im, struct gw_err *err)
{
	int rc = commit(im, err);

	if (rc < 0)
		return rc;
	im->t.done += im->n_offers;
	im->n_offers = 0;
	transfer_tell_step(&im->t);
	return transfer_say(&im->t, &(struct gw_transfer_frame){ .type = GW_TRANSFER_ACK }, err);
}

/* ---- the dialogue ---- */

static int take_hello(struct import *im, struct gw_slice source, struct gw_err *err)
{
	if (source.n == 0 || source.n > GW_IMPORT_KEY_MAX)
		return gw_fail(err, GW_EINVAL, "what names a source has 1 to %d octets", GW_IMPORT_KEY_MAX);
	im->source = gw_slice(gw_xslicedup(source), source.n);
	return 0;
}

static int take(struct import *im, const struct gw_transfer_frame *f, struct gw_err *err)
{
	switch (f->type) {
	case GW_TRANSFER_HELLO:
		return take_hello(im, f->hello.source, err);
	case GW_TRANSFER_FOLDER:
		im->n_offers = 0;
		return begin_folder(im, &f->folder, err);
	case GW_TRANSFER_OFFER:
		return take_offer(im, &f->offer, err);
	case GW_TRANSFER_ASK:
		return answer_offers(im, err);
	case GW_TRANSFER_MESSAGE:
		return begin_message(im, f->message.number, err);
	case GW_TRANSFER_DATA:
		return take_data(im, f->bytes, err);
	case GW_TRANSFER_END:
		return end_message(im, err);
	case GW_TRANSFER_CANNOT:
		no_message(im, f->message.number, f->message.text);
		return 0;
	case GW_TRANSFER_COMMIT:
		return end_batch(im, err);
	case GW_TRANSFER_COMPLETE:
		return end_folder(im, err);
	default:
		return 0;
	}
}

static int run(struct import *im, struct gw_err *err)
{
	struct gw_transfer_frame f = { .type = GW_TRANSFER_ACK };
	int rc;

	do {
		rc = transfer_hear(&im->t, &f, err);
		if (rc == 0)
			rc = take(im, &f, err);
	} while (rc == 0 && f.type != GW_TRANSFER_DONE);
	if (rc == 0)
		rc = transfer_say(&im->t, &(struct gw_transfer_frame){ .type = GW_TRANSFER_ACK }, err);
	if (rc == 0)
		rc = transfer_flush(&im->t, err);
	if (rc < 0 && rc != GW_EINTR && im->t.folder)
		gw_err_ctx(err, "folder \"%s\"", im->t.folder);
	return rc;
}

static void put_counts(struct import *im)
{
	const struct counts *n = &im->n;
	uint64_t skipped = n->quota + n->too_large + n->unreadable + n->refused;
	struct gw_json *j = gw_ctl_ok(&im->t.w->reply);
	const struct {
		const char *name;
		uint64_t value;
	} rare[] = {
		{ "over_quota", n->quota }, { "too_large", n->too_large }, { "unreadable", n->unreadable },
		{ "no_place", n->refused }, { "folders_left_out", n->folders_refused }, { "renumbered", n->renumbered },
		{ "flags_changed", n->flags_changed }, { "keywords_lost", n->keywords_lost }, { "uidls_lost", n->uidls_lost },
	};

	gw_json_u64(j, im->dry_run ? "would_import" : "imported", n->imported);
	gw_json_u64(j, "bytes", n->bytes);
	gw_json_u64(j, "already", n->already);
	gw_json_u64(j, "skipped", skipped);
	gw_json_u64(j, "folders", n->folders);
	gw_json_u64(j, im->dry_run ? "folders_would_be_made" : "folders_made", n->created);
	for (size_t i = 0; i < sizeof rare / sizeof *rare; i++)
		if (rare[i].value)
			gw_json_u64(j, rare[i].name, rare[i].value);
	gw_json_u64(j, "exit", skipped || n->folders_refused ? 1 : 0);
	gw_ctl_end(&im->t.w->reply);
	if (!im->dry_run)
		log_event(&im->t.w->g->log, GW_EV_IMPORT, GW_TEXT("user", gw_ctl_slice(im->t.w->r, "user")),
			  GW_NUM("messages", n->imported), GW_NUM("bytes_in", n->bytes));
}

static int work_import(struct ctl_work *w, struct gw_err *err)
{
	struct import *im = gw_xalloc(sizeof *im);
	int rc;

	transfer_init(&im->t, w, false);
	im->flags = gw_ctl_flag(w->r, "flags");
	im->again = gw_ctl_flag(w->r, "again");
	im->dry_run = gw_ctl_flag(w->r, "dry-run");
	im->max_size = gw_ctl_number(w->r, "max-size", UINT64_MAX);
	gw_arena_init(&im->names, 0, 0);
	gw_arena_init(&im->batch, 64 * 1024, 0);
	rc = gw_admin_open(w->store, gw_ctl_slice(w->r, "user"), &im->acct, err);
	if (rc == 0)
		rc = run(im, err);
	if (rc == 0)
		put_counts(im);
	drop_message(im);
	drop_staged(im);
	gw_acct_close(im->acct);
	gw_arena_done(&im->names);
	gw_arena_done(&im->batch);
	free((char *)im->source.p);
	transfer_done(&im->t);
	free(im);
	return rc;
}

const struct ctl_handler ctl_handlers_import[] = {
	{ "import", .work = work_import },
	{ 0 },
};
