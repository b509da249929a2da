/* source_mbox.c - mbox files as a source: one file, or a tree of them as UW-IMAP, Dovecot, mutt and Thunderbird have it
 *
 *	/var/mail/anna		INBOX
 *	mail/inbox		INBOX (mbox, Inbox too)
 *	mail/Sent		Sent
 *	mail/lists/a		lists/a
 *	Mail/Sent.sbd/2024	Sent/2024
 *
 * A message is known by a digest of its octets and which one of those it is, so that a file may grow or be sorted anew. It
 * is checked when it is read: a file that was changed since it was listed gives no other message. */
#include "gwctl/files.h"
#include "gwctl/folders.h"
#include "gwctl/kinds.h"
#include "gwctl/mbox_file.h"
#include "mailbox/digest.h"
#include "mailbox/names.h"
#include "mime/date.h"
#include "util/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define DEPTH_MAX 50
#define LOCK_TRIES 100               /* of 100 ms each */

struct mbox {
	struct source source;
	char *id;
	int root;              /* a folder, or the one file */
	struct folders folders; /* path "" is the root itself, a file */
	bool found;            /* one of them is an mbox for sure, as it is not empty */
	struct mbox_file file; /* of the current folder */
	struct gw_digest *digest;
	struct gw_lineends ends;
	struct gw_buf ready;   /* octets of the message to be handed out */
	size_t taken;
	bool ended, checked;   /* the message */
	char wanted[GW_DIGEST_TEXT];
};

static struct mbox *mbox_of(struct source *s)
{
	return (struct mbox *)s;
}

/* ---- which folders there are ---- */

enum looks { NO_MBOX, EMPTY, MBOX };

/* Closes fd. */
static enum looks look_at(int fd)
{
	char begin[8];
	struct stat st;
	ssize_t n;
	enum looks looks = NO_MBOX;

	if (fd < 0)
		return NO_MBOX;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) {
		n = pread(fd, begin, sizeof begin, 0);
		looks = n == 0 ? EMPTY : n >= 5 && memcmp(begin, "From ", 5) == 0 ? MBOX : NO_MBOX;
	}
	close(fd);
	return looks;
}

static bool ends_with(const char *s, const char *tail)
{
	size_t n = strlen(s), m = strlen(tail);

	return n > m && strcmp(s + n - m, tail) == 0;
}

/* The name of a path: Thunderbird's folders of folders end with .sbd, and the inbox has several names. */
static bool name_of(struct gw_arena *arena, const char *path, struct gw_slice *ret)
{
	struct gw_buf raw;
	struct gw_slice rest = gw_slice_str(path), level;
	bool ok;

	gw_buf_init(&raw, 0);
	while (gw_slice_word(&rest, "/", &level)) {
		if (rest.n && level.n > 4 && memcmp(level.p + level.n - 4, ".sbd", 4) == 0)
			level.n -= 4;
		gw_buf_printf(&raw, "%s%.*s", raw.n ? "/" : "", GW_FMT(level));
	}
	if (gw_slice_eqi(gw_buf_slice(&raw), GW_S("mbox")))
		ok = gw_mailbox_name_read(arena, GW_S("INBOX"), '/', ret);
	else
		ok = gw_mailbox_name_read(arena, gw_buf_slice(&raw), '/', ret);
	gw_buf_done(&raw);
	return ok;
}

static void add_tree(struct mbox *m, const char *path, bool hidden, unsigned depth)
{
	int dir = depth < DEPTH_MAX ? files_open(m->root, path, O_RDONLY | O_DIRECTORY) : -1;
	struct gw_slice name;
	char **names;
	size_t n = 0;

	if (dir < 0)
		return;
	if (files_names(dir, &m->folders.arena, &names, &n) < 0)
		n = 0;
	for (size_t i = 0; i < n; i++) {
		const char *below = gw_arena_printf(&m->folders.arena, "%s%s%s", path, *path ? "/" : "", names[i]);
		enum looks looks = NO_MBOX;

		if ((names[i][0] == '.' && !hidden) || ends_with(names[i], ".lock"))
			continue;
		if (files_is_folder(dir, names[i]))
			add_tree(m, below, hidden, depth + 1);
		else if ((looks = look_at(files_open(dir, names[i], O_RDONLY))) != NO_MBOX && name_of(&m->folders.arena, below, &name))
			folders_add(&m->folders, below, name);
		m->found = m->found || looks == MBOX;
	}
	close(dir);
}

static const struct folders_list subscriptions[] = {
	{ ".subscriptions", '/', "" },
	{ ".mailboxlist", '/', "mail/" }, /* UW-IMAP names them from the home on */
	{ NULL, 0, NULL },
};

/* ---- open, close ---- */

static bool guess(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0 && !ends_with(path, ".eml") &&
	       look_at(open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)) == MBOX;
}

static void close_mbox(struct source *s)
{
	struct mbox *m = mbox_of(s);

	mbox_file_done(&m->file);
	gw_digest_free(m->digest);
	gw_buf_done(&m->ready);
	close(m->root);
	folders_done(&m->folders);
	free(m->id);
	free(m);
}

static int open_mbox(const char *where, const struct source_options *o, struct source **ret, struct gw_err *err)
{
	int root = open(where, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct mbox *m;
	struct stat st;

	if (root < 0 || fstat(root, &st) < 0)
		return files_fail(err, "open the mbox", where);
	m = gw_xalloc(sizeof *m);
	*m = (struct mbox){ .source = { &source_mbox }, .id = files_id("mbox", where), .root = root };
	folders_init(&m->folders);
	gw_buf_init(&m->ready, 0);
	mbox_file_init(&m->file);
	m->digest = gw_digest_new();
	if (S_ISDIR(st.st_mode)) {
		add_tree(m, "", o->all, 0);
		folders_read_subscribed(&m->folders, root, subscriptions);
		folders_sort(&m->folders);
	} else if (S_ISREG(st.st_mode)) {
		folders_add(&m->folders, "", GW_S("INBOX"));
		m->found = true;
	}
	if (!m->found) {
		close_mbox(&m->source);
		return gw_fail(err, GW_EINVAL, "in \"%s\" there is no mbox: a file that begins with \"From \"", where);
	}
	*ret = &m->source;
	return 0;
}

static const char *id(struct source *s)
{
	return mbox_of(s)->id;
}

/* ---- folders ---- */

/* Mail that is just being delivered is waited for; the lock goes when the file is closed. */
static bool lock(int fd)
{
	struct timespec pause = { .tv_nsec = 100 * 1000 * 1000 };

	for (unsigned i = 0; i < LOCK_TRIES; i++) {
		struct flock l = { .l_type = F_RDLCK, .l_whence = SEEK_SET };

		if (fcntl(fd, F_SETLK, &l) == 0 || (errno != EACCES && errno != EAGAIN))
			return true; /* what cannot be locked at all is read as it is */
		nanosleep(&pause, NULL);
	}
	return false;
}

static int open_file(struct mbox *m, const struct folder *f, struct gw_err *err)
{
	/* the one file is the root itself; opened anew it has a place and a lock of its own */
	int fd = *f->path ? files_open(m->root, f->path, O_RDONLY) : open(m->id + strlen("mbox:"), O_RDONLY | O_CLOEXEC);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return files_fail(err, "open the mbox", *f->path ? f->path : m->id);
	if (!lock(fd)) {
		close(fd);
		return gw_fail(err, GW_EBUSY, "the mbox \"%s\" is locked by another program; try again when it is done",
			       *f->path ? f->path : m->id);
	}
	mbox_file_open(&m->file, fd, (uint64_t)st.st_size);
	return 0;
}

/* UIDVALIDITY and UIDNEXT are noted in the first message. */
static void peek(struct mbox *m, struct source_folder *ret)
{
	struct gw_mbox_facts facts;
	struct gw_slice piece;
	enum gw_mbox_piece kind;

	gw_mbox_facts_init(&facts);
	do {
		kind = mbox_file_next(&m->file, &piece);
		if (kind == GW_MBOX_FACT)
			gw_mbox_fact(&facts, piece);
	} while (kind == GW_MBOX_BEGIN || kind == GW_MBOX_FACT || (kind == GW_MBOX_OCTETS && m->file.mbox.where == GW_MBOX_HEAD));
	ret->uidvalidity = facts.uidvalidity;
	ret->uidnext = facts.uidvalidity && facts.uidlast < UINT32_MAX ? facts.uidlast + 1 : 0;
	gw_mbox_facts_done(&facts);
	mbox_file_seek(&m->file, 0);
}

static int next_folder(struct source *s, struct source_folder *ret, struct gw_err *err)
{
	struct mbox *m = mbox_of(s);
	const struct folder *f;
	int rc;

	mbox_file_close(&m->file);
	if (m->folders.at == m->folders.n)
		return 0;
	f = &m->folders.v[m->folders.at++];
	rc = open_file(m, f, err);
	if (rc < 0)
		return rc;
	folders_describe(&m->folders, f, ret);
	peek(m, ret);
	return 1;
}

/* ---- the list ---- */

struct scan {
	struct gw_arena *arena;
	struct source_message *v;
	size_t n, cap;
	struct gw_mbox_facts facts;
	int64_t from, date; /* of the From_ line, of the Date field; INT64_MIN: none */
	uint64_t size;
	uint64_t begun;
	bool base;          /* UIDs are valid: the first message says of which UIDVALIDITY */
	uint32_t uidlast, uid; /* the highest one given, that of the message before */
};

/* Programs write their local time. */
static int64_t local(int64_t date)
{
	time_t t = (time_t)date, at;
	struct tm tm;

	if (!gmtime_r(&t, &tm))
		return date;
	tm.tm_isdst = -1;
	at = mktime(&tm);
	return at == (time_t)-1 ? date : (int64_t)at;
}

static void begin(struct mbox *m, struct scan *c, struct gw_slice from)
{
	bool zone;

	gw_mbox_facts_reset(&c->facts);
	gw_digest_begin(m->digest);
	m->ends = (struct gw_lineends){ 0 };
	c->date = INT64_MIN;
	c->size = 0;
	c->begun = m->file.mbox.begun;
	if (!gw_mbox_from_date(from, &c->from, &zone))
		c->from = INT64_MIN;
	else if (!zone)
		c->from = local(c->from);
}

static void digest(struct mbox *m, struct gw_slice octets)
{
	m->ready.n = m->taken = 0;
	gw_lineends_to_crlf(&m->ends, octets, &m->ready);
	gw_digest_add(m->digest, gw_buf_slice(&m->ready));
}

static void take_octets(struct mbox *m, struct scan *c, struct gw_slice octets)
{
	int64_t day;

	if (m->file.mbox.where == GW_MBOX_HEAD && gw_slice_startsi(octets, GW_S("Date:")) && c->date == INT64_MIN &&
	    !gw_date_parse(gw_slice(octets.p + 5, octets.n - 5), &c->date, &day))
		c->date = INT64_MIN;
	digest(m, octets);
	c->size += m->ready.n;
}

static void put_keywords(struct scan *c, struct source_message *r)
{
	struct gw_slice words = gw_buf_slice(&c->facts.keywords), word;
	const char **v = gw_arena_calloc(c->arena, words.n / 2 + 1, sizeof *v);

	while (gw_slice_word(&words, " ", &word))
		v[r->n_keywords++] = gw_arena_str(c->arena, word);
	r->keywords = v;
}

/* A UID is good when it goes on from the one before and was given by whoever gave UIDVALIDITY. */
static uint32_t uid_of(struct scan *c)
{
	uint32_t uid = c->facts.uid;

	if (!c->base || uid <= c->uid || uid > c->uidlast)
		return 0;
	c->uid = uid;
	return uid;
}

static void end(struct mbox *m, struct scan *c)
{
	struct source_message *r;
	char text[GW_DIGEST_TEXT];

	if (c->begun == 0 && c->facts.uidvalidity) {
		c->base = true;
		c->uidlast = c->facts.uidlast;
	}
	if (c->facts.internal || c->facts.expunged)
		return;
	if (c->n == c->cap)
		c->v = gw_xrealloc(c->v, c->cap = c->cap ? 2 * c->cap : 256, sizeof *c->v);
	r = &c->v[c->n++];
	gw_digest_end(m->digest, text);
	*r = (struct source_message){ .key = gw_arena_str(c->arena, gw_slice_str(text)), .flags = c->facts.flags };
	r->uid = uid_of(c);
	r->date = c->from != INT64_MIN ? c->from : c->date;
	r->size = c->size;
	r->place = c->begun;
	if (c->facts.keywords.n)
		put_keywords(c, r);
}

static enum gw_mbox_piece take(struct mbox *m, struct scan *c)
{
	struct gw_slice piece;
	enum gw_mbox_piece kind = mbox_file_next(&m->file, &piece);

	if (kind == GW_MBOX_BEGIN)
		begin(m, c, piece);
	else if (kind == GW_MBOX_FACT)
		gw_mbox_fact(&c->facts, piece);
	else if (kind == GW_MBOX_OCTETS)
		take_octets(m, c, piece);
	else if (kind == GW_MBOX_END)
		end(m, c);
	return kind;
}

static int by_key(const void *a, const void *b)
{
	const struct source_message *x = *(struct source_message *const *)a, *y = *(struct source_message *const *)b;
	int rc = strcmp(x->key, y->key);

	return rc ? rc : (x->place > y->place) - (x->place < y->place);
}

/* The second of the same messages is "DIGEST.2". */
static void number_doubles(struct scan *c)
{
	struct source_message **sorted = gw_xcalloc(c->n + 1, sizeof *sorted);
	const char *key = "";
	size_t which = 0;

	for (size_t i = 0; i < c->n; i++)
		sorted[i] = &c->v[i];
	if (c->n)
		qsort(sorted, c->n, sizeof *sorted, by_key);
	for (size_t i = 0; i < c->n; i++) {
		which = strcmp(sorted[i]->key, key) == 0 ? which + 1 : 1;
		key = sorted[i]->key;
		if (which > 1)
			sorted[i]->key = gw_arena_printf(c->arena, "%s.%zu", key, which);
	}
	free(sorted);
}

static int list(struct source *s, struct gw_arena *arena, struct source_message **ret, size_t *ret_n, struct gw_err *err)
{
	struct mbox *m = mbox_of(s);
	struct scan c = { .arena = arena };
	enum gw_mbox_piece kind;

	gw_mbox_facts_init(&c.facts);
	mbox_file_seek(&m->file, 0);
	do
		kind = take(m, &c);
	while (kind != GW_MBOX_DONE && kind != GW_MBOX_MORE);
	gw_mbox_facts_done(&c.facts);
	if (kind == GW_MBOX_DONE) {
		number_doubles(&c);
		*ret = gw_arena_calloc(arena, c.n + 1, sizeof *c.v);
		if (c.n)
			memcpy(*ret, c.v, c.n * sizeof *c.v);
		*ret_n = c.n;
	}
	free(c.v);
	return kind == GW_MBOX_DONE ? 0 : files_fail(err, "read the mbox", m->folders.v[m->folders.at - 1].name);
}

/* ---- one message ---- */

static int changed(const struct mbox *m, struct gw_err *err)
{
	return gw_fail(err, GW_ECORRUPT, "the mbox of \"%s\" was changed since it was listed; import it once more",
		       m->folders.v[m->folders.at - 1].name);
}

static int message(struct source *s, const struct source_message *wanted, struct gw_err *err)
{
	struct mbox *m = mbox_of(s);
	struct gw_slice piece;

	mbox_file_seek(&m->file, wanted->place);
	snprintf(m->wanted, sizeof m->wanted, "%s", wanted->key);
	m->ended = m->checked = false;
	m->ready.n = m->taken = 0;
	m->ends = (struct gw_lineends){ 0 };
	gw_digest_begin(m->digest);
	if (mbox_file_next(&m->file, &piece) != GW_MBOX_BEGIN || m->file.mbox.begun != wanted->place)
		return changed(m, err);
	return 0;
}

/* Go on until there are octets. 1, 0 at the end, or a code. */
static int go_on(struct mbox *m, struct gw_err *err)
{
	struct gw_slice piece;
	char text[GW_DIGEST_TEXT];

	while (!m->ended && m->taken == m->ready.n) {
		enum gw_mbox_piece kind = mbox_file_next(&m->file, &piece);

		if (kind == GW_MBOX_OCTETS)
			digest(m, piece);
		else if (kind != GW_MBOX_FACT && kind != GW_MBOX_END)
			return files_fail(err, "read the mbox", m->folders.v[m->folders.at - 1].name);
		m->ended = kind == GW_MBOX_END;
	}
	if (m->taken < m->ready.n || m->checked)
		return !m->checked;
	m->checked = true;
	gw_digest_end(m->digest, text);
	return strcmp(text, m->wanted) == 0 ? 0 : changed(m, err);
}

static long read_message(struct source *s, void *dst, size_t n, struct gw_err *err)
{
	struct mbox *m = mbox_of(s);
	size_t done = 0;
	int rc = 1;

	while (done < n && rc > 0) {
		size_t left;

		rc = go_on(m, err);
		left = m->ready.n - m->taken;
		if (rc <= 0)
			break;
		left = left < n - done ? left : n - done;
		memcpy((char *)dst + done, m->ready.p + m->taken, left);
		m->taken += left;
		done += left;
	}
	return rc < 0 ? rc : (long)done;
}

const struct source_ops source_mbox = {
	.scheme = "mbox",
	.guess = guess,
	.open = open_mbox,
	.folder = next_folder,
	.list = list,
	.message = message,
	.read = read_message,
	.id = id,
	.close = close_mbox,
};
