/* sink_maildir.c - a Maildir++ that Dovecot serves with the same UIDs
 *
 *	Maildir/cur/1595000000.U12V1700000000.gateway,S=1956,W=2012:2,FSa
 *	Maildir/.Sent.2024/...
 *	dovecot-uidlist, dovecot-keywords in each folder, subscriptions at the top
 *
 * The name of a file says which message it is (U its UID, V the UIDVALIDITY), so that no other record is needed to go on with
 * an export. Line ends are LF. A dot within a level cannot be in a Maildir++ of Dovecot and becomes '_'; which folder that was
 * is noted in the file gateway-name, so that two names never share one folder. */
#include "gwctl/files.h"
#include "gwctl/kinds.h"
#include "gwctl/landing.h"
#include "gwctl/maildir_lists.h"
#include "mailbox/names.h"
#include "util/mem.h"
#include "util/set.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define MARK ".gateway-maildir"
#define NAME_FILE "gateway-name"
#define SAME_MAX 100 /* folders whose names differ in '.' and '_' alone */

struct row {
	uint32_t uid;
	char *base, *uidl; /* uidl: NULL or owned */
};

struct maildir {
	struct sink sink;
	int root;
	struct gw_buf subscriptions;
	/* the current folder */
	int dir;                 /* -1: none */
	uint32_t uidvalidity, uidnext;
	struct gw_set there;     /* UIDs */
	struct row *rows;        /* of dovecot-uidlist */
	size_t n_rows, cap, appended; /* appended: how many are in the file */
	char *keywords[GW_MAILDIR_KEYWORDS]; /* owned */
	bool new_keyword;
	struct landing landing;
	/* the current message */
	int fd;                  /* -1: none */
	char temporary[96];
	struct row row;
	uint64_t flags;
	uint32_t letters;
	int64_t date;
	uint64_t size, vsize;
	struct gw_lineends ends;
	struct gw_buf lf;
};

static struct maildir *maildir_of(struct sink *s)
{
	return (struct maildir *)s;
}

/* ---- the lists of a folder ---- */

static void add_row(struct maildir *m, struct row row)
{
	if (m->n_rows == m->cap)
		m->rows = gw_xrealloc(m->rows, m->cap = m->cap ? 2 * m->cap : 256, sizeof *m->rows);
	m->rows[m->n_rows++] = row;
	gw_set_add(&m->there, row.uid, row.uid);
}

static int by_uid(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	return (x->uid > y->uid) - (x->uid < y->uid);
}

static void put_row(struct gw_buf *b, const struct row *r)
{
	gw_buf_printf(b, r->uidl ? "%u P%s :%s\n" : "%u %s:%s\n", r->uid, r->uidl ? r->uidl : "", r->base);
}

/* All of dovecot-uidlist in order. */
static int write_uidlist(struct maildir *m, struct gw_err *err)
{
	struct gw_buf b;
	int rc;

	if (m->n_rows)
		qsort(m->rows, m->n_rows, sizeof *m->rows, by_uid);
	if (m->n_rows && m->rows[m->n_rows - 1].uid >= m->uidnext)
		m->uidnext = m->rows[m->n_rows - 1].uid + 1;
	gw_buf_init(&b, 0);
	gw_buf_printf(&b, "3 V%u N%u\n", m->uidvalidity, m->uidnext ? m->uidnext : 1);
	for (size_t i = 0; i < m->n_rows; i++)
		put_row(&b, &m->rows[i]);
	rc = landing_write(m->dir, "dovecot-uidlist", gw_buf_slice(&b), err);
	gw_buf_done(&b);
	m->appended = m->n_rows;
	return rc;
}

/* The rows since the last time, at the end. */
static int append_uidlist(struct maildir *m, struct gw_err *err)
{
	struct gw_buf b;
	int fd;
	bool ok;

	if (m->appended == m->n_rows)
		return 0;
	gw_buf_init(&b, 0);
	while (m->appended < m->n_rows)
		put_row(&b, &m->rows[m->appended++]);
	fd = openat(m->dir, "dovecot-uidlist", O_WRONLY | O_APPEND | O_NOFOLLOW | O_CLOEXEC);
	ok = fd >= 0 && write(fd, b.p, b.n) == (ssize_t)b.n;
	if (fd >= 0)
		ok = close(fd) == 0 && ok;
	gw_buf_done(&b);
	return ok ? 0 : files_fail(err, "write", "dovecot-uidlist");
}

static int write_keywords(struct maildir *m, struct gw_err *err)
{
	struct gw_buf b;
	int rc;

	if (!m->new_keyword)
		return 0;
	gw_buf_init(&b, 0);
	for (unsigned k = 0; k < GW_MAILDIR_KEYWORDS && m->keywords[k]; k++)
		gw_buf_printf(&b, "%u %s\n", k, m->keywords[k]);
	rc = landing_write(m->dir, "dovecot-keywords", gw_buf_slice(&b), err);
	gw_buf_done(&b);
	m->new_keyword = rc < 0;
	return rc;
}

/* The bit of a keyword; one that is new gets the next letter. Behind z there is none: 0. */
static uint32_t letter_of(struct maildir *m, const char *word)
{
	unsigned k = 0;

	while (k < GW_MAILDIR_KEYWORDS && m->keywords[k] && strcasecmp(m->keywords[k], word) != 0)
		k++;
	if (k == GW_MAILDIR_KEYWORDS)
		return 0;
	if (!m->keywords[k]) {
		m->keywords[k] = gw_xstrdup(word);
		m->new_keyword = true;
	}
	return 1u << k;
}

/* ---- folders ---- */

static int flush(struct sink *s, struct gw_err *err)
{
	struct maildir *m = maildir_of(s);
	int rc = 0;

	if (m->dir >= 0) {
		rc = write_keywords(m, err);
		if (rc == 0)
			rc = landing_flush(&m->landing, err);
		if (rc == 0)
			rc = append_uidlist(m, err);
	}
	return rc;
}

static void drop_message(struct maildir *m)
{
	if (m->fd < 0)
		return;
	close(m->fd);
	m->fd = -1;
	unlinkat(m->dir, m->temporary, 0);
	free(m->row.uidl);
	m->row.uidl = NULL;
}

/* The folder is done: its lists are written in order. */
static int leave_folder(struct maildir *m, struct gw_err *err)
{
	int rc = 0;

	if (m->dir < 0)
		return 0;
	drop_message(m);
	rc = flush(&m->sink, err);
	if (rc == 0)
		rc = write_uidlist(m, err);
	landing_done(&m->landing);
	for (size_t i = 0; i < m->n_rows; i++) {
		free(m->rows[i].base);
		free(m->rows[i].uidl);
	}
	m->n_rows = m->appended = 0;
	for (unsigned k = 0; k < GW_MAILDIR_KEYWORDS; k++) {
		free(m->keywords[k]);
		m->keywords[k] = NULL;
	}
	m->new_keyword = false;
	gw_set_clear(&m->there);
	close(m->dir);
	m->dir = -1;
	return rc;
}

/* "1595000000.U12V1700000000.gateway,S=..." : the UID, or 0 when it is no file of ours of this UIDVALIDITY. */
static uint32_t uid_of(const struct maildir *m, struct gw_slice base)
{
	unsigned uid, validity;
	char text[64];

	gw_slice_take(&base, gw_slice_find(base, '.'));
	snprintf(text, sizeof text, "%.*s", GW_FMT(base));
	return sscanf(text, ".U%10uV%10u.gateway", &uid, &validity) == 2 && validity == m->uidvalidity ? uid : 0;
}

/* What an earlier run has left. */
static void read_there(struct maildir *m)
{
	struct maildir_lists lists;
	struct gw_arena arena;
	char **names;
	size_t n = 0;
	int dir = files_open(m->dir, "cur", O_RDONLY | O_DIRECTORY);

	maildir_lists_read(&lists, m->dir);
	for (unsigned k = 0; k < GW_MAILDIR_KEYWORDS; k++)
		m->keywords[k] = lists.keywords[k] ? gw_xstrdup(lists.keywords[k]) : NULL;
	gw_arena_init(&arena, 64 * 1024, 0);
	if (dir < 0 || files_names(dir, &arena, &names, &n) < 0)
		n = 0;
	for (size_t i = 0; i < n; i++) {
		const struct maildir_known *known;
		struct gw_maildir_file f;
		uint32_t uid = gw_maildir_file(gw_slice_str(names[i]), &f) ? uid_of(m, f.base) : 0;

		if (uid == 0)
			continue;
		known = maildir_lists_find(&lists, f.base);
		add_row(m, (struct row){ uid, gw_xslicedup(f.base), known ? gw_xstrdup(known->uidl) : NULL });
	}
	maildir_lists_done(&lists);
	gw_arena_done(&arena);
	if (dir >= 0)
		close(dir);
}

/* Remove what a run that was killed had begun. */
static void clean_tmp(struct maildir *m)
{
	int dir = files_open(m->dir, "tmp", O_RDONLY | O_DIRECTORY);
	struct gw_arena arena;
	char **names;
	size_t n = 0;

	gw_arena_init(&arena, 0, 0);
	if (dir >= 0 && files_names(dir, &arena, &names, &n) == 0)
		for (size_t i = 0; i < n; i++)
			if (strstr(names[i], ".gateway"))
				unlinkat(dir, names[i], 0);
	gw_arena_done(&arena);
	if (dir >= 0)
		close(dir);
}

/* ".Sent.2024": each level in modified UTF-7. False: a dot had to become another character. */
static bool put_path(struct gw_buf *b, const char *name)
{
	char *copy = gw_xstrdup(name);
	bool as_it_is = strchr(name, '.') == NULL;

	for (char *p = copy; *p; p++)
		*p = *p == '.' ? '_' : *p;
	gw_buf_add_char(b, '.');
	gw_mailbox_name_put(b, gw_slice_str(copy), '.');
	free(copy);
	return as_it_is;
}

/* Does the folder belong to that name: is there none yet, or one that was made for it? */
static bool is_for(const struct maildir *m, const char *path, const char *name, bool as_it_is)
{
	char *file = gw_xasprintf("%s/" NAME_FILE, path);
	struct gw_buf noted;
	bool fits = !files_is_folder(m->root, path), has = files_slurp(m->root, file, GW_MAILBOX_NAME_MAX, &noted) == 0;

	if (!fits)
		fits = has ? gw_slice_eq(gw_buf_slice(&noted), gw_slice_str(name)) : as_it_is;
	if (has)
		gw_buf_done(&noted);
	free(file);
	return fits;
}

static int make_folder(struct maildir *m, const char *path, struct gw_err *err)
{
	static const char *const parts[] = { "cur", "new", "tmp" };
	int rc = 0;

	for (size_t i = 0; i < 3 && rc == 0; i++) {
		char *below = gw_xasprintf("%s%s%s", path, *path ? "/" : "", parts[i]);

		rc = landing_make_folder(m->root, below, err);
		free(below);
	}
	return rc;
}

/* Choose, make and open the folder of a name. */
static int open_folder(struct maildir *m, const char *name, struct gw_err *err)
{
	bool inbox = strcmp(name, "INBOX") == 0, as_it_is = true;
	struct gw_buf path;
	int rc;

	gw_buf_init(&path, 0);
	if (!inbox)
		as_it_is = put_path(&path, name);
	for (unsigned i = 0; !inbox && i < SAME_MAX && !is_for(m, gw_buf_str(&path), name, as_it_is); i++) {
		gw_buf_add_char(&path, '_');
		as_it_is = false;
	}
	rc = make_folder(m, gw_buf_str(&path), err);
	if (rc == 0) {
		m->dir = files_open(m->root, gw_buf_str(&path), O_RDONLY | O_DIRECTORY);
		rc = m->dir >= 0 ? 0 : files_fail(err, "open the folder", gw_buf_str(&path));
	}
	if (rc == 0 && !as_it_is)
		rc = landing_write(m->dir, NAME_FILE, gw_slice_str(name), err);
	if (rc == 0 && !inbox)
		rc = landing_write(m->dir, "maildirfolder", GW_S(""), err);
	gw_buf_done(&path);
	return rc;
}

/* "V 2" of Dovecot: levels parted by tabs. */
static void note_subscribed(struct maildir *m, const char *name)
{
	gw_mailbox_name_put(&m->subscriptions, gw_slice_str(name), '\t');
	gw_buf_add_char(&m->subscriptions, '\n');
}

static int folder(struct sink *s, const struct source_folder *f, struct gw_err *err)
{
	struct maildir *m = maildir_of(s);
	int rc = leave_folder(m, err);

	if (rc == 0 && f->subscribed)
		note_subscribed(m, f->name);
	if (rc < 0 || !f->selectable)
		return rc;
	m->uidvalidity = f->uidvalidity;
	m->uidnext = f->uidnext;
	rc = open_folder(m, f->name, err);
	if (rc < 0)
		return rc;
	landing_init(&m->landing, m->dir);
	clean_tmp(m);
	read_there(m);
	return write_uidlist(m, err);
}

/* ---- messages ---- */

static int has(struct sink *s, const struct source_message *msg, struct gw_err *err)
{
	(void)err;
	return gw_set_has(&maildir_of(s)->there, msg->uid);
}

static int begin(struct sink *s, const struct source_message *msg, struct gw_err *err)
{
	struct maildir *m = maildir_of(s);

	drop_message(m);
	m->date = msg->date;
	m->flags = msg->flags;
	m->letters = 0;
	for (size_t i = 0; i < msg->n_keywords; i++)
		m->letters |= letter_of(m, msg->keywords[i]);
	m->row = (struct row){ msg->uid, NULL, gw_xstrdup(msg->uidl) };
	m->size = m->vsize = 0;
	m->ends = (struct gw_lineends){ 0 };
	snprintf(m->temporary, sizeof m->temporary, "tmp/%lld.U%uV%u.gateway", (long long)(msg->date > 0 ? msg->date : 0), msg->uid,
		 m->uidvalidity);
	m->fd = landing_begin(m->dir, m->temporary, err);
	return m->fd >= 0 ? 0 : m->fd;
}

static int put(struct maildir *m, struct gw_err *err)
{
	int rc = landing_put(m->fd, gw_buf_slice(&m->lf), m->temporary, err);

	m->size += m->lf.n;
	m->lf.n = 0;
	return rc;
}

static int write_message(struct sink *s, struct gw_slice bytes, struct gw_err *err)
{
	struct maildir *m = maildir_of(s);

	m->vsize += bytes.n;
	gw_lineends_to_lf(&m->ends, bytes, &m->lf);
	return put(m, err);
}

static int end(struct sink *s, struct gw_err *err)
{
	struct maildir *m = maildir_of(s);
	struct gw_buf name;
	int rc;

	gw_lineends_finish(&m->ends, &m->lf);
	rc = put(m, err);
	if (rc < 0)
		return rc;
	landing_set_time(m->fd, m->date);
	close(m->fd);
	m->fd = -1;
	m->row.base = gw_xasprintf("%s,S=%llu,W=%llu", m->temporary + strlen("tmp/"), (unsigned long long)m->size,
				   (unsigned long long)m->vsize);
	gw_buf_init(&name, 0);
	gw_buf_printf(&name, "cur/%s", m->row.base);
	gw_maildir_put_info(&name, m->flags, m->letters);
	landing_add(&m->landing, m->temporary, gw_buf_str(&name));
	gw_buf_done(&name);
	add_row(m, m->row);
	m->row = (struct row){ 0 };
	return 0;
}

/* ---- open, close ---- */

static int open_maildir(const char *where, const struct source_options *o, struct sink **ret, struct gw_err *err)
{
	int root = landing_open_root(where, MARK, err);
	struct maildir *m;

	(void)o;
	if (root < 0)
		return root;
	m = gw_xalloc(sizeof *m);
	*m = (struct maildir){ .sink = { &sink_maildir }, .root = root, .dir = -1, .fd = -1 };
	gw_set_init(&m->there);
	gw_buf_init(&m->subscriptions, 0);
	gw_buf_printf(&m->subscriptions, "V\t2\n\n");
	gw_buf_init(&m->lf, 0);
	*ret = &m->sink;
	return 0;
}

static void close_maildir(struct sink *s)
{
	struct maildir *m = maildir_of(s);

	leave_folder(m, NULL);
	landing_write(m->root, "subscriptions", gw_buf_slice(&m->subscriptions), NULL);
	close(m->root);
	free(m->rows);
	gw_set_done(&m->there);
	gw_buf_done(&m->subscriptions);
	gw_buf_done(&m->lf);
	free(m);
}

const struct sink_ops sink_maildir = {
	.scheme = "maildir",
	.open = open_maildir,
	.folder = folder,
	.has = has,
	.begin = begin,
	.write = write_message,
	.end = end,
	.flush = flush,
	.close = close_maildir,
};
