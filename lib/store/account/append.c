/* append.c - receiving messages and putting them into a mailbox
 *
 * While bytes come in, the deriver reads along and they are staged: small messages in memory, large ones in a
 * file without a name beside the database (it is gone with the process). A commit finishes the derived
 * values first and takes the writer's place last, so that parsing never delays other writers. */
#include "store/account/append.h"
#include "mime/unbinary.h"
#include "store/account/annotate.h"
#include "store/account/rights.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#define STAGE_MEMORY ((uint64_t)256 << 10)
#define STAGE_FIRST 8192u /* octets made room for when nobody knows how many come */

static int stage_file(struct view_append *ap, struct gw_err *err)
{
	const char *dir = gw_db_account_dir(((struct view_acct *)ap->acct)->own);
	uid_t owner = ((struct view_acct *)ap->acct)->own->env->opt.owner;
	int rc = 0;

	if (dir) {
		rc = db_make_dir(dir, owner, err);
		ap->fd = rc < 0 ? -1 : open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	} else {
		ap->fd = memfd_create("message", MFD_CLOEXEC);
	}
	if (rc < 0 || ap->fd >= 0)
		return rc;
	rc = gw_code_errno(errno);
	return gw_fail(err, (enum gw_code)(rc == GW_ENOENT ? GW_EIO : rc), "%s: cannot make a file for a message: %s",
		dir ? dir : "(in memory)", strerror(errno));
}

int view_append_open(struct gw_acct *a, uint64_t size, struct gw_append **ret, struct gw_err *err)
{
	bool unknown = size == GW_APPEND_UNKNOWN;
	struct view_append *ap;

	if (!unknown && (size > BODY_PIECE * BODY_PIECES || size > UINT32_MAX))
		return gw_fail(err, GW_ELIMIT, "the message is too large");
	ap = gw_xalloc(sizeof *ap);
	ap->base.ops = a->ops;
	ap->acct = a;
	ap->size = size;
	ap->fd = -1;
	ap->date = INT64_MIN;
	if (unknown || size <= STAGE_MEMORY) {
		ap->room = unknown ? STAGE_FIRST : size ? (size_t)size : 1;
		ap->bytes = gw_xrealloc(NULL, 1, ap->room);
	} else {
		int rc = stage_file(ap, err);

		if (rc < 0) {
			free(ap);
			return rc;
		}
	}
	gw_arena_init(&ap->arena, 4096, 0);
	ap->deriver = gw_deriver_new();
	*ret = &ap->base;
	return 0;
}

static int write_file(struct view_append *ap, uint64_t off, struct gw_slice bytes, struct gw_err *err)
{
	while (bytes.n) {
		ssize_t n = pwrite(ap->fd, bytes.p, bytes.n, (off_t)off);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return gw_fail(err, (enum gw_code)gw_code_errno(n ? errno : ENOSPC),
				"%s: cannot keep a message that is coming in: %s",
				gw_db_account_path(((struct view_acct *)ap->acct)->own), strerror(errno));
		gw_slice_take(&bytes, (size_t)n);
		off += (uint64_t)n;
	}
	return 0;
}

/* Octets that were staged in memory, of a message that turned out to be large, go into a file. */
static int move_to_file(struct view_append *ap, struct gw_err *err)
{
	int rc = stage_file(ap, err);

	if (rc == 0)
		rc = write_file(ap, 0, gw_slice(ap->bytes, (size_t)ap->received), err);
	if (rc < 0)
		return rc;
	free(ap->bytes);
	ap->bytes = NULL;
	return 0;
}

static int make_room(struct view_append *ap, size_t n, struct gw_err *err)
{
	uint64_t need = ap->received + n;

	if (!ap->bytes || need <= ap->room)
		return 0;
	if (need > STAGE_MEMORY)
		return move_to_file(ap, err);
	while (ap->room < need)
		ap->room *= 2;
	ap->bytes = gw_xrealloc(ap->bytes, 1, ap->room);
	return 0;
}

int view_append_write(struct gw_append *base, struct gw_slice bytes, struct gw_err *err)
{
	struct view_append *ap = (struct view_append *)base;
	int rc;

	if (ap->size == GW_APPEND_UNKNOWN && bytes.n > UINT32_MAX - ap->received)
		return gw_fail(err, GW_ELIMIT, "the message is too large");
	if (!ap->deriver || bytes.n > ap->size - ap->received)
		return gw_fail(err, GW_EINVAL, "more bytes came than were announced");
	rc = make_room(ap, bytes.n, err);
	if (rc == 0 && ap->bytes)
		memcpy(ap->bytes + ap->received, bytes.p, bytes.n);
	else if (rc == 0)
		rc = write_file(ap, ap->received, bytes, err);
	if (rc < 0)
		return rc;
	gw_deriver_feed(ap->deriver, bytes);
	ap->received += bytes.n;
	return 0;
}

void view_append_set(
	struct gw_append *base, uint64_t system_flags, const struct gw_slice *keywords, size_t n_keywords, int64_t date)
{
	struct view_append *ap = (struct view_append *)base;

	ap->system = system_flags & GW_FLAG_SYSTEM;
	ap->keywords = gw_arena_calloc(&ap->arena, n_keywords + 1, sizeof *keywords);
	for (size_t i = 0; i < n_keywords; i++)
		ap->keywords[i] = gw_arena_dup(&ap->arena, keywords[i]);
	ap->n_keywords = n_keywords;
	ap->date = date;
}

void view_append_annotate(struct gw_append *base, const struct gw_annotation *v, size_t n)
{
	struct view_append *ap = (struct view_append *)base;

	ap->annotation = gw_arena_calloc(&ap->arena, n, sizeof *v);
	for (size_t i = 0; i < n; i++) {
		ap->annotation[i] = v[i];
		ap->annotation[i].name = gw_arena_dup(&ap->arena, v[i].name);
		if (v[i].value.p)
			ap->annotation[i].value = gw_arena_dup(&ap->arena, v[i].value);
	}
	ap->n_annotations = n;
}

void view_append_close(struct gw_append *base)
{
	struct view_append *ap = (struct view_append *)base;

	gw_deriver_free(ap->deriver);
	gw_arena_done(&ap->arena);
	if (ap->fd >= 0)
		close(ap->fd);
	free(ap->bytes);
	free(ap);
}

/* ---- commit ---- */

int append_finish(struct view_append *ap, struct gw_err *err)
{
	if (ap->size == GW_APPEND_UNKNOWN)
		ap->size = ap->received;
	if (ap->received != ap->size)
		return gw_fail(err, GW_EINVAL, "the message is not complete");
	if (!ap->deriver)
		return 0;
	gw_deriver_finish(ap->deriver, &ap->arena, &ap->derived);
	gw_deriver_free(ap->deriver);
	ap->deriver = NULL;
	return 0;
}

int view_append_parts(struct gw_append *base, struct gw_slice *ret, struct gw_err *err)
{
	struct view_append *ap = (struct view_append *)base;
	int rc = append_finish(ap, err);

	if (rc == 0)
		*ret = ap->derived.parts;
	return rc;
}

long append_read(void *ctx, uint64_t off, void *dst, size_t n)
{
	const struct view_append *ap = ctx;
	ssize_t got;

	if (off >= ap->size)
		return 0;
	if (n > ap->size - off)
		n = (size_t)(ap->size - off);
	if (ap->bytes) {
		memcpy(dst, ap->bytes + off, n);
		return (long)n;
	}
	do
		got = pread(ap->fd, dst, n, (off_t)off);
	while (got < 0 && errno == EINTR);
	return got < 0 ? GW_EIO : (long)got;
}

/* ---- messages without NUL ---- */

static int write_anew(void *ctx, struct gw_slice octets, struct gw_err *err)
{
	struct view_append *anew = ctx;

	if (gw_acct_stopped(anew->acct))
		return gw_fail(err, GW_EINTR, "interrupted");
	return view_append_write(&anew->base, octets, err);
}

static int stage_anew(struct view_append *ap, struct view_append *anew, struct gw_err *err)
{
	const struct gw_unbinary u = { append_read, ap, write_anew, anew };
	int rc = gw_unbinary(&u, ap->derived.parts, err);

	if (rc == 0)
		rc = append_finish(anew, err);
	if (rc == 0 && !gw_unbinary_fits(ap->derived.parts, anew->derived.parts))
		rc = gw_fail(err, GW_EINVAL, "the parts of the message would not be the same in base64");
	return rc;
}

int view_append_unbinary(struct gw_append *base, uint64_t *ret_size, struct gw_err *err)
{
	struct view_append *ap = (struct view_append *)base, *anew, old;
	struct gw_append *opened;
	int rc = append_finish(ap, err);

	if (rc == 0)
		rc = view_append_open(ap->acct, GW_APPEND_UNKNOWN, &opened, err);
	if (rc < 0)
		return rc;
	anew = (struct view_append *)opened;
	rc = stage_anew(ap, anew, err);
	if (rc == 0) {
		anew->base = ap->base;
		view_append_set(opened, ap->system, ap->keywords, ap->n_keywords, ap->date);
		view_append_annotate(opened, ap->annotation, ap->n_annotations);
		old = *ap;
		*ap = *anew;
		*anew = old;
		*ret_size = ap->size;
	}
	view_append_close(opened);
	return rc;
}

/* ---- in a transaction ---- */

int append_tx_begin(struct append_tx *tx, struct gw_db *db, uint64_t mailbox, struct gw_err *err)
{
	int rc;

	tx->db = db;
	tx->now = gw_wall_s(db->acc->env->opt.clock);
	delta_init(&tx->delta);
	rc = db_mailbox_select(db, mailbox, &tx->row, err);
	if (rc == 0)
		rc = db_account_get(db, &tx->acct, err);
	tx->from = tx->row.modseq++;
	tail_init(&tx->tail, db, mailbox);
	return rc;
}

int append_tx_add(struct append_tx *tx, struct view_append *ap, uint64_t uid, uint64_t flags, struct gw_err *err)
{
	struct body_source src = { .read = append_read, .ctx = ap };
	struct gw_entry e = { .size = (uint32_t)ap->size, .modseq = tx->row.modseq, .flags = flags };
	int rc;

	if (uid >= UINT32_MAX)
		return gw_fail(err, GW_ELIMIT, "the mailbox has used up its message numbers");
	if (ap->bytes)
		src.whole = gw_slice(ap->bytes, (size_t)ap->size);
	rc = content_add(tx->db, &tx->acct, &ap->derived, &src, 0, &e.content, err);
	if (rc < 0)
		return rc;
	e.date = ap->date == INT64_MIN ? tx->now : ap->date;
	e.uid = (uint32_t)uid;
	tx->row.uidnext = uid + 1;
	rc = tail_add(&tx->tail, &e, tx->now, err);
	if (rc == 0 && ap->n_annotations)
		rc = annotation_add(tx->db, tx->row.id, e.uid, tx->who, ap->annotation, ap->n_annotations, err);
	tx->acct.messages++;
	tx->acct.size += ap->size;
	db_mailbox_count(&tx->row, &e, 1);
	delta_add(&tx->delta, &e);
	return rc;
}

int append_tx_commit(struct append_tx *tx, struct gw_err *err)
{
	int rc = tail_finish(&tx->tail, err);

	if (rc == 0)
		rc = db_mailbox_put(tx->db, &tx->row, err);
	if (rc == 0)
		rc = db_account_put(tx->db, &tx->acct, err);
	if (rc == 0)
		rc = gw_db_commit(tx->db, GW_DB_DURABLE, err);
	if (rc == 0)
		delta_publish(&tx->delta, tx->db->acc, tx->from, &tx->row);
	return rc;
}

void append_tx_done(struct append_tx *tx)
{
	delta_done(&tx->delta);
	db_mailbox_done(&tx->row);
}

static int add_messages(struct gw_acct *a, struct append_tx *tx, struct gw_append *const *v, size_t n, struct gw_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < n && rc == 0; i++) {
		struct view_append *ap = (struct view_append *)v[i];
		uint64_t keywords;

		if (gw_acct_stopped(a))
			return gw_fail(err, GW_EINTR, "interrupted");
		rc = db_keywords_bits(&tx->row, ap->keywords, ap->n_keywords, true, &keywords, err);
		if (rc == 0)
			rc = append_tx_add(tx, ap, tx->row.uidnext, ap->system | keywords, err);
	}
	return rc;
}

static int commit(struct gw_acct *a, struct append_tx *tx, struct gw_append *const *v, size_t n, uint64_t size,
	struct gw_appended *ret, struct gw_err *err)
{
	struct gw_appended done = { .uidvalidity = (uint32_t)tx->row.uidvalidity, .uid_first = (uint32_t)tx->row.uidnext };
	int rc = db_quota_check(tx->db, &tx->acct, n, size, err);

	if (rc == 0)
		rc = add_messages(a, tx, v, n, err);
	if (rc == 0)
		rc = append_tx_commit(tx, err);
	done.near_quota = db_quota_near(tx->db->acc, &tx->acct);
	if (rc == 0)
		*ret = done;
	return rc;
}

int view_append_commit(struct gw_acct *a, struct gw_mbox_id id, struct gw_append *const *v, size_t n,
	struct gw_appended *ret, struct gw_err *err)
{
	struct append_tx *tx;
	struct gw_db *db;
	uint64_t size = 0;
	int rc = n ? view_may(a, id, GW_RIGHT_WRITE, err) : gw_fail(err, GW_EINVAL, "no message to append");

	for (size_t i = 0; i < n && rc == 0; i++) {
		rc = append_finish((struct view_append *)v[i], err);
		size += ((struct view_append *)v[i])->size;
	}
	if (rc == 0)
		rc = view_begin(a, id.space, VIEW_WRITE, &db, err);
	if (rc != 0)
		return rc;
	tx = gw_xalloc(sizeof *tx);
	rc = append_tx_begin(tx, db, id.id, err);
	tx->who = annotation_who(a, db);
	if (rc == 0)
		rc = commit(a, tx, v, n, size, ret, err);
	append_tx_done(tx);
	free(tx);
	gw_db_put(db);
	return rc;
}
