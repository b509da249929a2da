/* source_maildir.c - a Maildir as a source: Maildir++ of Dovecot and Courier, and trees of folders (LAYOUT=fs)
 *
 *	Maildir/{cur,new}	INBOX
 *	Maildir/.Sent.2024/	Sent/2024
 *	Maildir/lists/a/	lists/a
 *
 * A message is known by the part of its file name that never changes. A file that was renamed since it was listed, as its
 * flags changed, is looked for again. What is in tmp is not delivered yet. */
#include "gwctl/files.h"
#include "gwctl/folders.h"
#include "gwctl/kinds.h"
#include "gwctl/maildir_lists.h"
#include "mailbox/names.h"
#include "util/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define DEPTH_MAX 50              /* folders within folders */

/* A file with a message in it. */
struct file {
	struct gw_maildir_file name; /* borrows from path */
	const char *path;            /* "cur/1035478339.x:2,S" */
};

struct maildir {
	struct source source;
	char *id;
	int root;
	struct folders folders; /* path "" is the root */
	int dir;               /* the current folder, or -1 */
	bool inbox;            /* it is the INBOX */
	struct gw_arena names; /* of the files of the current folder */
	struct file *files;   /* sorted by base */
	size_t n_files;
	struct octets octets;
};

static struct maildir *maildir_of(struct source *s)
{
	return (struct maildir *)s;
}

/* ---- which folders there are ---- */

static bool is_maildir(int dir, const char *path)
{
	char cur[PATH_MAX];

	for (size_t i = 0; i < 2; i++)
		if (snprintf(cur, sizeof cur, "%s%s%s", path, *path ? "/" : "", i ? "new" : "cur") < (int)sizeof cur &&
		    files_is_folder(dir, cur))
			return true;
	return false;
}

static bool is_own(const char *name)
{
	static const char *const own[] = { "cur", "new", "tmp", "courierimapkeywords", NULL };
	size_t i = 0;

	while (own[i] && strcmp(own[i], name) != 0)
		i++;
	return own[i] != NULL;
}

/* A tree of folders below path, which is a name itself. */
static void add_tree(struct maildir *m, const char *path, unsigned depth)
{
	struct gw_slice name;
	int dir = depth < DEPTH_MAX ? files_open(m->root, path, O_RDONLY | O_DIRECTORY) : -1;
	char **names;
	size_t n;

	if (dir < 0)
		return;
	if (*path && is_maildir(dir, "") && gw_mailbox_name_read(&m->folders.arena, gw_slice_str(path), '/', &name))
		folders_add(&m->folders, path, name);
	if (files_names(dir, &m->folders.arena, &names, &n) == 0)
		for (size_t i = 0; i < n; i++)
			if (names[i][0] != '.' && !is_own(names[i]) && files_is_folder(dir, names[i]))
				add_tree(m, gw_arena_printf(&m->folders.arena, "%s%s%s", path, *path ? "/" : "", names[i]), depth + 1);
	close(dir);
}

/* Maildir++: all folders lie side by side and begin with a dot. */
static void add_flat(struct maildir *m)
{
	struct gw_slice name;
	char **names;
	size_t n;

	if (files_names(m->root, &m->folders.arena, &names, &n) < 0)
		return;
	for (size_t i = 0; i < n; i++)
		if (names[i][0] == '.' && is_maildir(m->root, names[i]) &&
		    gw_mailbox_name_read(&m->folders.arena, gw_slice_str(names[i] + 1), '.', &name))
			folders_add(&m->folders, names[i], name);
}

static void find_folders(struct maildir *m)
{
	if (is_maildir(m->root, ""))
		folders_add(&m->folders, "", GW_S("INBOX"));
	add_flat(m);
	add_tree(m, "", 0);
	folders_sort(&m->folders);
}

static const struct folders_list subscriptions[] = {
	{ "subscriptions", '.', "" },
	{ "courierimapsubscribed", '.', "INBOX." },
	{ NULL, 0, NULL },
};

/* ---- open, close ---- */

static bool guess(const char *path)
{
	int root = files_open_root(path);
	bool yes = root >= 0 && is_maildir(root, "");

	if (root >= 0)
		close(root);
	return yes;
}

static void close_maildir(struct source *s)
{
	struct maildir *m = maildir_of(s);

	octets_done(&m->octets);
	if (m->dir >= 0)
		close(m->dir);
	close(m->root);
	free(m->files);
	folders_done(&m->folders);
	free(m->id);
	gw_arena_done(&m->names);
	free(m);
}

static int open_maildir(const char *where, const struct source_options *o, struct source **ret, struct gw_err *err)
{
	struct maildir *m;
	int root = files_open_root(where);

	(void)o;
	if (root < 0)
		return files_fail(err, "open the Maildir", where);
	m = gw_xalloc(sizeof *m);
	*m = (struct maildir){ .source = { &source_maildir }, .id = files_id("maildir", where), .root = root, .dir = -1 };
	folders_init(&m->folders);
	gw_arena_init(&m->names, 64 * 1024, 0);
	octets_init(&m->octets);
	find_folders(m);
	folders_read_subscribed(&m->folders, root, subscriptions);
	if (m->folders.n == 0) {
		close_maildir(&m->source);
		return gw_fail(err, GW_EINVAL, "\"%s\" is no Maildir: neither it nor a folder in it has cur or new", where);
	}
	*ret = &m->source;
	return 0;
}

static const char *id(struct source *s)
{
	return maildir_of(s)->id;
}

/* ---- folders ---- */

/* Open the next folder that is still there. 1, 0 at the end, or a code. */
static int open_next(struct maildir *m, struct gw_err *err)
{
	octets_close(&m->octets);
	if (m->dir >= 0)
		close(m->dir);
	m->dir = -1;
	while (m->dir < 0 && m->folders.at < m->folders.n) {
		const struct folder *f = &m->folders.v[m->folders.at++];

		m->dir = files_open(m->root, f->path, O_RDONLY | O_DIRECTORY);
		if (m->dir < 0 && errno != ENOENT)
			return files_fail(err, "open the folder", *f->path ? f->path : m->id);
	}
	return m->dir >= 0;
}

static int next_folder(struct source *s, struct source_folder *ret, struct gw_err *err)
{
	struct maildir *m = maildir_of(s);
	int rc = open_next(m, err);

	if (rc <= 0)
		return rc;
	folders_describe(&m->folders, &m->folders.v[m->folders.at - 1], ret);
	m->inbox = strcmp(ret->name, "INBOX") == 0;
	maildir_lists_peek(m->dir, &ret->uidvalidity, &ret->uidnext);
	return 1;
}

/* ---- files ---- */

static int by_base(const void *a, const void *b)
{
	return gw_slice_cmp(((const struct file *)a)->name.base, ((const struct file *)b)->name.base);
}

static int add_files(struct maildir *m, const char *sub, size_t *cap, struct gw_err *err)
{
	int dir = files_open(m->dir, sub, O_RDONLY | O_DIRECTORY);
	char **names;
	size_t n;
	int rc;

	if (dir < 0)
		return errno == ENOENT ? 0 : files_fail(err, "open the folder", sub);
	rc = files_names(dir, &m->names, &names, &n);
	close(dir);
	if (rc < 0)
		return files_fail(err, "read the folder", sub);
	for (size_t i = 0; i < n; i++) {
		struct file f = { .path = gw_arena_printf(&m->names, "%s/%s", sub, names[i]) };

		if (!gw_maildir_file(gw_slice_str(f.path + strlen(sub) + 1), &f.name))
			continue;
		if (m->n_files == *cap)
			m->files = gw_xrealloc(m->files, *cap = *cap ? 2 * *cap : 256, sizeof *m->files);
		m->files[m->n_files++] = f;
	}
	return 0;
}

/* The same, and what is in cur before what is in new. */
static int by_path(const void *a, const void *b)
{
	int rc = by_base(a, b);

	return rc ? rc : strcmp(((const struct file *)a)->path, ((const struct file *)b)->path);
}

/* What is in new and cur now, a base once. */
static int scan(struct maildir *m, struct gw_err *err)
{
	size_t cap = 0, n = 0;
	int rc;

	free(m->files);
	m->files = NULL;
	m->n_files = 0;
	gw_arena_reset(&m->names);
	rc = add_files(m, "new", &cap, err); /* first: a file that moves meanwhile is found in cur */
	if (rc == 0)
		rc = add_files(m, "cur", &cap, err);
	if (rc < 0)
		return rc;
	if (m->n_files)
		qsort(m->files, m->n_files, sizeof *m->files, by_path);
	for (size_t i = 0; i < m->n_files; i++)
		if (n == 0 || by_base(&m->files[n - 1], &m->files[i]) != 0)
			m->files[n++] = m->files[i];
	m->n_files = n;
	return 0;
}

static const struct file *find_file(const struct maildir *m, const char *base)
{
	struct file wanted = { .name.base = gw_slice_str(base) };

	return m->n_files ? bsearch(&wanted, m->files, m->n_files, sizeof wanted, by_base) : NULL;
}

/* ---- the list ---- */

static void add_keyword(struct source_message *r, struct gw_arena *arena, const char **v, const char *word)
{
	for (size_t i = 0; i < r->n_keywords; i++)
		if (strcasecmp(v[i], word) == 0)
			return;
	v[r->n_keywords++] = gw_arena_str(arena, gw_slice_str(word));
}

static void put_keywords(struct source_message *r, struct gw_arena *arena, const struct file *f,
			 const struct maildir_lists *l, const struct maildir_known *known)
{
	struct gw_slice numbers = known ? known->courier : GW_S(""), word;
	const char **v;

	if (!f->name.keywords && !f->name.passed && !numbers.n)
		return;
	v = gw_arena_calloc(arena, GW_MAILDIR_KEYWORDS + 1 + numbers.n / 2 + 1, sizeof *v);
	r->keywords = v;
	if (f->name.passed)
		add_keyword(r, arena, v, "$Forwarded");
	for (unsigned k = 0; k < GW_MAILDIR_KEYWORDS; k++)
		if (f->name.keywords >> k & 1 && l->keywords[k])
			add_keyword(r, arena, v, l->keywords[k]);
	while (gw_slice_word(&numbers, " ", &word)) {
		size_t i = 0;

		while (word.n && i < l->n_courier)
			i = i * 10 + (size_t)(unsigned char)(gw_slice_take(&word, 1).p[0] - '0');
		if (i < l->n_courier)
			add_keyword(r, arena, v, l->courier[i]);
	}
}

/* As Dovecot shows it by itself to POP3 clients: pop3_uidl_format is %08Xu%08Xv. */
static const char *uidl_of(const struct maildir *m, const struct maildir_lists *l, const struct maildir_known *known,
			   struct gw_arena *arena)
{
	if (!m->inbox || !known)
		return NULL;
	if (known->uidl)
		return strlen(known->uidl) <= SOURCE_UIDL_MAX ? gw_arena_str(arena, gw_slice_str(known->uidl)) : NULL;
	return l->dovecot && known->uid ? gw_arena_printf(arena, "%08x%08x", known->uid, l->uidvalidity) : NULL;
}

static void put_message(const struct maildir *m, const struct file *f, const struct maildir_lists *l, struct gw_arena *arena,
			struct source_message *r)
{
	const struct maildir_known *known = maildir_lists_find(l, f->name.base);
	struct stat st;
	bool there = fstatat(m->dir, f->path, &st, AT_SYMLINK_NOFOLLOW) == 0;

	*r = (struct source_message){ .key = gw_arena_str(arena, f->name.base), .flags = f->name.flags };
	r->uid = known ? known->uid : 0;
	r->uidl = uidl_of(m, l, known, arena);
	r->date = there ? (int64_t)st.st_mtime : INT64_MIN;
	r->size = f->name.vsize ? f->name.vsize : there ? (uint64_t)st.st_size : f->name.size;
	put_keywords(r, arena, f, l, known);
}

/* By UID; those without come behind, by the time in their names. */
static int by_uid(const void *a, const void *b)
{
	const struct source_message *x = a, *y = b;
	unsigned long long s, t;

	if (x->uid || y->uid)
		return x->uid && y->uid ? (x->uid > y->uid) - (x->uid < y->uid) : x->uid ? -1 : 1;
	s = strtoull(x->key, NULL, 10);
	t = strtoull(y->key, NULL, 10);
	return s != t ? (s > t) - (s < t) : strcmp(x->key, y->key);
}

static int list(struct source *s, struct gw_arena *arena, struct source_message **ret, size_t *ret_n, struct gw_err *err)
{
	struct maildir *m = maildir_of(s);
	struct maildir_lists lists;
	struct source_message *v;
	size_t n = 0;
	int rc = scan(m, err);

	if (rc < 0)
		return rc;
	maildir_lists_read(&lists, m->dir);
	v = gw_arena_calloc(arena, m->n_files + 1, sizeof *v);
	for (size_t i = 0; i < m->n_files; i++)
		if (m->files[i].name.base.n <= SOURCE_KEY_MAX)
			put_message(m, &m->files[i], &lists, arena, &v[n++]);
	maildir_lists_done(&lists);
	if (n)
		qsort(v, n, sizeof *v, by_uid);
	*ret = v;
	*ret_n = n;
	return 0;
}

/* ---- one message ---- */

/* Open the file of a message, whatever it is called by now. -1 with errno. */
static int open_file(struct maildir *m, const char *base)
{
	const struct file *f = find_file(m, base);
	int fd = f ? files_open(m->dir, f->path, O_RDONLY) : -1;

	if (fd >= 0 || (f && errno != ENOENT))
		return fd;
	if (scan(m, NULL) < 0)
		return -1;
	f = find_file(m, base);
	if (f)
		return files_open(m->dir, f->path, O_RDONLY);
	errno = ENOENT;
	return -1;
}

/* Dovecot's zlib plugin may have packed it. */
static bool is_packed(int fd)
{
	static const char *const magics[] = { "\x1F\x8B", "BZh9", "\x28\xB5\x2F\xFD", "\xFD\x37zXZ", NULL };
	char begin[6] = "";
	bool packed = false;

	if (pread(fd, begin, sizeof begin - 1, 0) > 0)
		for (size_t i = 0; magics[i]; i++)
			packed = packed || strncmp(begin, magics[i], strlen(magics[i])) == 0;
	return packed;
}

static int message(struct source *s, const struct source_message *wanted, struct gw_err *err)
{
	struct maildir *m = maildir_of(s);
	int fd = open_file(m, wanted->key);

	octets_close(&m->octets);
	if (fd < 0)
		return files_fail(err, "open the message", wanted->key);
	if (is_packed(fd)) {
		close(fd);
		return gw_fail(err, GW_ECORRUPT, "the file of \"%s\" is compressed; unpack it, or import from the IMAP server "
			       "that has packed it", wanted->key);
	}
	octets_open(&m->octets, fd, false);
	return 0;
}

static long read_message(struct source *s, void *dst, size_t n, struct gw_err *err)
{
	long got = octets_read(&maildir_of(s)->octets, dst, n);

	return got < 0 ? files_fail(err, "read a message of", maildir_of(s)->id) : got;
}

const struct source_ops source_maildir = {
	.scheme = "maildir",
	.guess = guess,
	.open = open_maildir,
	.folder = next_folder,
	.list = list,
	.message = message,
	.read = read_message,
	.id = id,
	.close = close_maildir,
};
