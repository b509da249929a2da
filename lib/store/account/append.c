/* append.c - receiving messages and putting them into a mailbox
 *
 * While bytes come in, the deriver reads along and they are staged: small messages in memory, large ones in a
 * file without a name beside the database (it is gone with the process). A commit finishes the derived
 * values first and takes the writer's place last, so that parsing never delays other writers. */
#include "store/account/acct.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "store/derive.h"

#define STAGE_MEMORY ((uint64_t)256 << 10)

struct view_append {
	struct gw_append base;
	struct gw_acct *acct;
	uint64_t size, received;
	char *bytes; /* staged in memory; NULL: in fd */
	int fd;
	struct gw_deriver *deriver; /* NULL: finished */
	struct gw_arena arena;	    /* derived values, keywords */
	struct gw_derived derived;
	uint64_t system;
	struct gw_slice *keywords;
	size_t n_keywords;
	int64_t date;
};

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
	struct view_append *ap;

	if (size > BODY_PIECE * BODY_PIECES || size > UINT32_MAX)
		return gw_fail(err, GW_ELIMIT, "the message is too large");
	ap = gw_xalloc(sizeof *ap);
	ap->base.ops = a->ops;
	ap->acct = a;
	ap->size = size;
	ap->fd = -1;
	ap->date = INT64_MIN;
	if (size <= STAGE_MEMORY) {
		ap->bytes = gw_xrealloc(NULL, 1, size ? (size_t)size : 1);
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

static int write_file(struct view_append *ap, struct gw_slice bytes, struct gw_err *err)
{
	uint64_t off = ap->received;

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

int view_append_write(struct gw_append *base, struct gw_slice bytes, struct gw_err *err)
{
	struct view_append *ap = (struct view_append *)base;
	int rc = 0;

	if (!ap->deriver || bytes.n > ap->size - ap->received)
		return gw_fail(err, GW_EINVAL, "more bytes came than were announced");
	if (ap->bytes)
		memcpy(ap->bytes + ap->received, bytes.p, bytes.n);
	else
		rc = write_file(ap, bytes, err);
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

static int finish(struct view_append *ap, struct gw_err *err)
{
	if (ap->received != ap->size)
		return gw_fail(err, GW_EINVAL, "the message is not complete");
	if (!ap->deriver)
		return 0;
	gw_deriver_finish(ap->deriver, &ap->arena, &ap->derived);
	gw_deriver_free(ap->deriver);
	ap->deriver = NULL;
	return 0;
}

static long read_staged(void *ctx, uint64_t off, void *dst, size_t n)
{
	const struct view_append *ap = ctx;
	ssize_t got;

	do
		got = pread(ap->fd, dst, n, (off_t)off);
	while (got < 0 && errno == EINTR);
	return got < 0 ? GW_EIO : (long)got;
}

struct commit {
	struct gw_db *db;
	struct account_row acct;
	struct mailbox_row row;
	struct tail tail;
	struct delta delta;
	int64_t now;
};

static int add_message(struct commit *c, struct view_append *ap, struct gw_err *err)
{
	struct body_source src = { .read = read_staged, .ctx = ap };
	struct gw_entry e = { .size = (uint32_t)ap->size, .modseq = c->row.modseq };
	uint64_t keywords;
	int rc = db_keywords_bits(&c->row, ap->keywords, ap->n_keywords, true, &keywords, err);

	if (rc < 0)
		return rc;
	if (ap->bytes)
		src.whole = gw_slice(ap->bytes, (size_t)ap->size);
	rc = content_add(c->db, &c->acct, &ap->derived, &src, 0, &e.content, err);
	if (rc < 0)
		return rc;
	e.flags = ap->system | keywords;
	e.date = ap->date == INT64_MIN ? c->now : ap->date;
	e.uid = (uint32_t)c->row.uidnext++;
	rc = tail_add(&c->tail, &e, c->now, err);
	db_mailbox_count(&c->row, &e, 1);
	delta_add(&c->delta, &e);
	return rc;
}

static int add_messages(
	struct gw_acct *a, struct commit *c, struct gw_append *const *v, size_t n, uint64_t size, struct gw_err *err)
{
	int rc = db_account_get(c->db, &c->acct, err);

	if (rc == 0)
		rc = db_quota_check(c->db, &c->acct, n, size, err);
	if (rc == 0 && c->row.uidnext + n > UINT32_MAX)
		rc = gw_fail(err, GW_ELIMIT, "the mailbox has used up its message numbers");
	tail_init(&c->tail, c->db, c->row.id);
	c->row.modseq++;
	for (size_t i = 0; i < n && rc == 0; i++)
		rc = gw_acct_stopped(a) ? gw_fail(err, GW_EINTR, "interrupted")
					: add_message(c, (struct view_append *)v[i], err);
	if (rc == 0)
		rc = tail_finish(&c->tail, err);
	c->acct.messages += n;
	c->acct.size += size;
	if (rc == 0)
		rc = db_mailbox_put(c->db, &c->row, err);
	return rc < 0 ? rc : db_account_put(c->db, &c->acct, err);
}

static int commit(struct gw_acct *a, struct commit *c, uint64_t mailbox, struct gw_append *const *v, size_t n,
	uint64_t size, struct gw_appended *ret, struct gw_err *err)
{
	struct gw_appended done;
	uint64_t from;
	int rc = db_mailbox_select(c->db, mailbox, &c->row, err);

	if (rc < 0)
		return rc;
	from = c->row.modseq;
	done = (struct gw_appended){ (uint32_t)c->row.uidvalidity, (uint32_t)c->row.uidnext };
	c->now = gw_wall_s(c->db->acc->env->opt.clock);
	delta_init(&c->delta);
	rc = add_messages(a, c, v, n, size, err);
	if (rc == 0)
		rc = gw_db_commit(c->db, GW_DB_DURABLE, err);
	if (rc == 0) {
		delta_publish(&c->delta, c->db->acc, from, &c->row);
		*ret = done;
	}
	delta_done(&c->delta);
	db_mailbox_done(&c->row);
	return rc;
}

int view_append_commit(struct gw_acct *a, struct gw_mbox_id id, struct gw_append *const *v, size_t n,
	struct gw_appended *ret, struct gw_err *err)
{
	struct commit *c;
	uint64_t size = 0;
	int rc = n ? 0 : gw_fail(err, GW_EINVAL, "no message to append");

	for (size_t i = 0; i < n && rc == 0; i++) {
		rc = finish((struct view_append *)v[i], err);
		size += ((struct view_append *)v[i])->size;
	}
	if (rc < 0)
		return rc;
	c = gw_xalloc(sizeof *c);
	rc = view_begin(a, id.space, VIEW_WRITE, &c->db, err);
	if (rc == 0) {
		rc = commit(a, c, id.id, v, n, size, ret, err);
		gw_db_put(c->db);
	}
	free(c);
	return rc;
}
