/* sink_mbox.c - a tree of mbox files, a file a mailbox, as Thunderbird lays it out (folders in folders lie in NAME.sbd/)
 *
 * Messages are quoted as mboxrd has it; UIDs, flags and keywords are in the header as UW-IMAP and Dovecot note them. How much of
 * a file is whole is noted in .NAME.state beside it: what a run that was killed had added behind that is cut off. */
#include "gwctl/files.h"
#include "gwctl/kinds.h"
#include "gwctl/landing.h"
#include "gwctl/mbox_file.h"
#include "gwctl/tree_path.h"
#include "mailbox/names.h"
#include "util/mem.h"
#include "util/set.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define MARK ".gateway-mbox"
#define BASE "X-IMAPbase: "
#define BASE_ROOM (64u * 1024) /* octets at the start of a file in which the field of that name is */

struct mbox {
	struct sink sink;
	int root;
	struct gw_buf subscriptions;
	/* the current folder */
	int fd;               /* -1: none */
	char *path, *state;   /* owned */
	uint32_t uidvalidity, uidlast;
	uint64_t whole;       /* octets of messages that are ended */
	struct gw_set there;  /* UIDs */
	/* the current message */
	bool writing;
	uint32_t uid;
	struct gw_mbox_writer writer;
	struct gw_buf facts, out;
	uint64_t at;          /* where it is written to */
};

static struct mbox *mbox_of(struct sink *s)
{
	return (struct mbox *)s;
}

static void note_uid(struct mbox *m, uint32_t uid)
{
	gw_set_add(&m->there, uid, uid);
	if (uid > m->uidlast)
		m->uidlast = uid;
}

/* ---- what is on the disk ---- */

static int put(struct mbox *m, struct gw_err *err)
{
	struct gw_slice rest = gw_buf_slice(&m->out);

	while (rest.n) {
		ssize_t n = pwrite(m->fd, rest.p, rest.n, (off_t)m->at);

		if (n < 0)
			return files_fail(err, "write", m->path);
		m->at += (uint64_t)n;
		gw_slice_take(&rest, (size_t)n);
	}
	m->out.n = 0;
	return 0;
}

/* The first message says how far UIDs were given: ten digits that are written over. */
static int renew_base(struct mbox *m, struct gw_err *err)
{
	char head[BASE_ROOM + 1], *at, digits[16];
	ssize_t n = pread(m->fd, head, BASE_ROOM, 0);
	unsigned validity;
	int skip = 0;

	head[n > 0 ? n : 0] = '\0';
	at = n > 0 ? memmem(head, (size_t)n, BASE, strlen(BASE)) : NULL;
	if (!at || head + n - at < 40 || sscanf(at, BASE "%u %n", &validity, &skip) != 1 || skip == 0)
		return 0;
	snprintf(digits, sizeof digits, "%010u", m->uidlast);
	return pwrite(m->fd, digits, 10, at + skip - head) == 10 ? 0 : files_fail(err, "write", m->path);
}

static int flush(struct sink *s, struct gw_err *err)
{
	struct mbox *m = mbox_of(s);
	char text[64];
	int rc = m->fd < 0 ? 0 : renew_base(m, err);

	if (m->fd < 0 || rc < 0)
		return rc;
	if (fdatasync(m->fd) < 0)
		return files_fail(err, "write to the disk", m->path);
	snprintf(text, sizeof text, "%" PRIu64 " %u\n", m->whole, m->uidvalidity);
	return landing_write(m->root, m->state, gw_slice_str(text), err);
}

static void drop_message(struct mbox *m)
{
	if (!m->writing)
		return;
	m->writing = false;
	gw_mbox_writer_done(&m->writer);
	m->out.n = 0;
}

static int leave_folder(struct mbox *m, struct gw_err *err)
{
	int rc;

	if (m->fd < 0)
		return 0;
	drop_message(m);
	rc = ftruncate(m->fd, (off_t)m->whole) < 0 ? files_fail(err, "write", m->path) : flush(&m->sink, err);
	close(m->fd);
	m->fd = -1;
	free(m->path);
	free(m->state);
	m->path = m->state = NULL;
	gw_set_clear(&m->there);
	return rc;
}

/* ---- folders ---- */

/* The UIDs of the messages in the file. */
static int read_there(struct mbox *m, struct gw_err *err)
{
	struct mbox_file f;
	struct gw_mbox_facts facts;
	struct gw_slice piece;
	enum gw_mbox_piece kind;

	mbox_file_init(&f);
	mbox_file_open(&f, dup(m->fd), m->whole);
	gw_mbox_facts_init(&facts);
	do {
		kind = mbox_file_next(&f, &piece);
		if (kind == GW_MBOX_BEGIN)
			gw_mbox_facts_reset(&facts);
		else if (kind == GW_MBOX_FACT)
			gw_mbox_fact(&facts, piece);
		else if (kind == GW_MBOX_END && facts.uid)
			note_uid(m, facts.uid);
	} while (kind != GW_MBOX_DONE && kind != GW_MBOX_MORE);
	gw_mbox_facts_done(&facts);
	mbox_file_done(&f);
	return kind == GW_MBOX_DONE ? 0 : files_fail(err, "read", m->path);
}

/* How much of the file is whole, by the note beside it. */
static int read_state(struct mbox *m, const struct source_folder *f, struct gw_err *err)
{
	struct gw_buf noted;
	struct stat st;
	unsigned validity = f->uidvalidity;

	m->whole = 0;
	if (files_slurp(m->root, m->state, 64, &noted) == 0) {
		if (sscanf(gw_buf_str(&noted), "%" SCNu64 " %u", &m->whole, &validity) != 2)
			m->whole = 0;
		gw_buf_done(&noted);
	}
	if (validity != f->uidvalidity)
		return gw_fail(err, GW_EEXIST, "\"%s\" is an export of an earlier mailbox of that name; export into a new folder", m->path);
	if (fstat(m->fd, &st) < 0 || (uint64_t)st.st_size < m->whole)
		return gw_fail(err, GW_ECORRUPT, "\"%s\" is shorter than the last export left it; export into a new folder", m->path);
	return ftruncate(m->fd, (off_t)m->whole) < 0 ? files_fail(err, "write", m->path) : read_there(m, err);
}

/* "work.sbd/a" and "work.sbd/.a.state", with the folders they lie in. */
static int make_paths(struct mbox *m, const char *name, struct gw_err *err)
{
	struct gw_buf path;
	char *last;
	int rc = 0;

	gw_buf_init(&path, 0);
	tree_path_put(&path, gw_slice_str(name), ".sbd");
	m->path = gw_xstrdup(gw_buf_str(&path));
	gw_buf_done(&path);
	last = strrchr(m->path, '/');
	m->state = gw_xasprintf("%.*s.%s.state", last ? (int)(last + 1 - m->path) : 0, m->path, last ? last + 1 : m->path);
	if (last) {
		*last = '\0';
		rc = landing_make_folder(m->root, m->path, err);
		*last = '/';
	}
	return rc;
}

static int folder(struct sink *s, const struct source_folder *f, struct gw_err *err)
{
	struct mbox *m = mbox_of(s);
	int rc = leave_folder(m, err);

	if (rc == 0 && f->subscribed) {
		gw_mailbox_name_put(&m->subscriptions, gw_slice_str(f->name), '/');
		gw_buf_add_char(&m->subscriptions, '\n');
	}
	if (rc < 0 || !f->selectable)
		return rc;
	rc = make_paths(m, f->name, err);
	if (rc == 0) {
		m->fd = openat(m->root, m->path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
		rc = m->fd >= 0 ? 0 : files_fail(err, "write", m->path);
	}
	m->uidvalidity = f->uidvalidity;
	m->uidlast = f->uidnext ? f->uidnext - 1 : 0;
	return rc < 0 ? rc : read_state(m, f, err);
}

/* ---- messages ---- */

static int has(struct sink *s, const struct source_message *msg, struct gw_err *err)
{
	(void)err;
	return gw_set_has(&mbox_of(s)->there, msg->uid);
}

static void put_facts(struct mbox *m, const struct source_message *msg)
{
	m->facts.n = 0;
	if (m->whole == 0)
		gw_buf_printf(&m->facts, BASE "%010u %010u\n", m->uidvalidity, m->uidlast);
	gw_buf_printf(&m->facts, "X-UID: %u\nStatus: %sO\nX-Status: %s%s%s%s\n", msg->uid, msg->flags & GW_FLAG_SEEN ? "R" : "",
		      msg->flags & GW_FLAG_ANSWERED ? "A" : "", msg->flags & GW_FLAG_DELETED ? "D" : "",
		      msg->flags & GW_FLAG_FLAGGED ? "F" : "", msg->flags & GW_FLAG_DRAFT ? "T" : "");
	if (msg->n_keywords == 0)
		return;
	gw_buf_printf(&m->facts, "X-Keywords:");
	for (size_t i = 0; i < msg->n_keywords; i++)
		gw_buf_printf(&m->facts, " %s", msg->keywords[i]);
	gw_buf_add_char(&m->facts, '\n');
}

static int begin(struct sink *s, const struct source_message *msg, struct gw_err *err)
{
	struct mbox *m = mbox_of(s);

	(void)err;
	drop_message(m);
	m->writing = true;
	m->uid = msg->uid;
	m->at = m->whole;
	put_facts(m, msg);
	gw_mbox_writer_init(&m->writer);
	gw_mbox_put_from(&m->out, GW_S("MAILER-DAEMON"), msg->date == INT64_MIN ? 0 : msg->date);
	return 0;
}

static int write_message(struct sink *s, struct gw_slice bytes, struct gw_err *err)
{
	struct mbox *m = mbox_of(s);

	gw_mbox_put(&m->writer, bytes, gw_buf_slice(&m->facts), &m->out);
	return put(m, err);
}

static int end(struct sink *s, struct gw_err *err)
{
	struct mbox *m = mbox_of(s);
	int rc;

	gw_mbox_put_end(&m->writer, gw_buf_slice(&m->facts), &m->out);
	rc = put(m, err);
	gw_mbox_writer_done(&m->writer);
	m->writing = false;
	if (rc < 0)
		return rc;
	m->whole = m->at;
	note_uid(m, m->uid);
	return 0;
}

/* ---- open, close ---- */

static int open_mbox(const char *where, const struct source_options *o, struct sink **ret, struct gw_err *err)
{
	int root = landing_open_root(where, MARK, err);
	struct mbox *m;

	(void)o;
	if (root < 0)
		return root;
	m = gw_xalloc(sizeof *m);
	*m = (struct mbox){ .sink = { &sink_mbox }, .root = root, .fd = -1 };
	gw_set_init(&m->there);
	gw_buf_init(&m->subscriptions, 0);
	gw_buf_init(&m->facts, 0);
	gw_buf_init(&m->out, 0);
	*ret = &m->sink;
	return 0;
}

static void close_mbox(struct sink *s)
{
	struct mbox *m = mbox_of(s);

	leave_folder(m, NULL);
	landing_write(m->root, ".subscriptions", gw_buf_slice(&m->subscriptions), NULL);
	close(m->root);
	free(m->path);
	free(m->state);
	gw_set_done(&m->there);
	gw_buf_done(&m->subscriptions);
	gw_buf_done(&m->facts);
	gw_buf_done(&m->out);
	free(m);
}

const struct sink_ops sink_mbox = {
	.scheme = "mbox",
	.open = open_mbox,
	.folder = folder,
	.has = has,
	.begin = begin,
	.write = write_message,
	.end = end,
	.flush = flush,
	.close = close_mbox,
};
