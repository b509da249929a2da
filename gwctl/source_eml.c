/* source_eml.c - a tree of .eml files as a source: folders are mailboxes, each file is a message
 *
 * What lies at the top is the INBOX. A file is known by its path, so that it is imported again when it was moved. The date of
 * a message is that of its Date field, as programs that write such files leave the time of the file at that of the export;
 * files that `gwctl export` has named (eml_name.h) carry it in the file's time, and flags in the name. */
#include "gwctl/eml_name.h"
#include "gwctl/files.h"
#include "gwctl/folders.h"
#include "gwctl/kinds.h"
#include "mailbox/names.h"
#include "mime/date.h"
#include "mime/header.h"
#include "util/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#define DEPTH_MAX 50
#define HEAD_MAX (32u * 1024) /* octets in which a Date field is looked for */

struct eml {
	struct source source;
	char *id;
	int root;
	struct folders folders; /* path "" is the root */
	struct octets octets;
};

static struct eml *eml_of(struct source *s)
{
	return (struct eml *)s;
}

static bool is_eml(const char *name, bool hidden)
{
	struct gw_slice s = gw_slice_str(name);

	return s.n > 4 && gw_slice_eqi(gw_slice(s.p + s.n - 4, 4), GW_S(".eml")) && (hidden || s.p[0] != '.');
}

/* ---- which folders there are ---- */

/* Is there a message in it? Folders of folders alone are none. */
static bool has_messages(char **names, size_t n)
{
	size_t i = 0;

	while (i < n && !is_eml(names[i], true))
		i++;
	return i < n;
}

static void add_tree(struct eml *e, const char *path, bool hidden, unsigned depth)
{
	int dir = depth < DEPTH_MAX ? files_open(e->root, path, O_RDONLY | O_DIRECTORY) : -1;
	struct gw_slice name = GW_S("INBOX");
	size_t n = 0, folders = 0;
	char **names;

	if (dir < 0)
		return;
	if (files_names(dir, &e->folders.arena, &names, &n) < 0)
		n = 0;
	for (size_t i = 0; i < n; i++) {
		if ((names[i][0] == '.' && !hidden) || !files_is_folder(dir, names[i]))
			continue;
		add_tree(e, gw_arena_printf(&e->folders.arena, "%s%s%s", path, *path ? "/" : "", names[i]), hidden, depth + 1);
		folders++;
	}
	if ((has_messages(names, n) || (*path && !folders)) &&
	    (!*path || gw_mailbox_name_read(&e->folders.arena, gw_slice_str(path), '/', &name)))
		folders_add(&e->folders, path, name);
	close(dir);
}

/* ---- open, close ---- */

static bool guess(const char *path)
{
	struct gw_arena arena;
	int root = files_open_root(path);
	char **names;
	size_t n;
	bool yes = false;

	if (root < 0)
		return false;
	gw_arena_init(&arena, 0, 0);
	yes = files_names(root, &arena, &names, &n) == 0 && has_messages(names, n);
	gw_arena_done(&arena);
	close(root);
	return yes;
}

static void close_eml(struct source *s)
{
	struct eml *e = eml_of(s);

	octets_done(&e->octets);
	folders_done(&e->folders);
	close(e->root);
	free(e->id);
	free(e);
}

static const struct folders_list subscriptions[] = {
	{ ".subscriptions", '/', "" },
	{ NULL, 0, NULL },
};

static int open_eml(const char *where, const struct source_options *o, struct source **ret, struct gw_err *err)
{
	int root = files_open_root(where);
	struct eml *e;

	if (root < 0)
		return files_fail(err, "open the folder", where);
	e = gw_xalloc(sizeof *e);
	*e = (struct eml){ .source = { &source_eml }, .id = files_id("eml", where), .root = root };
	folders_init(&e->folders);
	octets_init(&e->octets);
	add_tree(e, "", o->all, 0);
	folders_read_subscribed(&e->folders, root, subscriptions);
	folders_sort(&e->folders);
	if (e->folders.n == 0) {
		close_eml(&e->source);
		return gw_fail(err, GW_EINVAL, "in \"%s\" there is no file *.eml", where);
	}
	*ret = &e->source;
	return 0;
}

static const char *id(struct source *s)
{
	return eml_of(s)->id;
}

/* ---- folders and lists ---- */

static int next_folder(struct source *s, struct source_folder *ret, struct gw_err *err)
{
	struct eml *e = eml_of(s);

	(void)err;
	octets_close(&e->octets);
	if (e->folders.at == e->folders.n)
		return 0;
	folders_describe(&e->folders, &e->folders.v[e->folders.at++], ret);
	return 1;
}

/* The Date field of a file, INT64_MIN when there is none that can be read. */
static int64_t date_in(int dir, const char *name)
{
	int fd = files_open(dir, name, O_RDONLY);
	int64_t date, day;
	char head[HEAD_MAX];
	ssize_t n;

	if (fd < 0)
		return INT64_MIN;
	n = read(fd, head, sizeof head);
	close(fd);
	return n > 0 && gw_date_parse(gw_field_find(gw_slice(head, (size_t)n), GW_S("Date")), &date, &day) ? date : INT64_MIN;
}

static void put_message(int dir, const char *path, const char *name, struct gw_arena *arena, struct source_message *r)
{
	struct stat st;
	bool there = fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0, ours;
	uint32_t uid;

	*r = (struct source_message){ .key = gw_arena_printf(arena, "%s%s%s", path, *path ? "/" : "", name) };
	ours = eml_name_read(gw_slice_str(name), &uid, &r->flags);
	r->date = ours ? INT64_MIN : date_in(dir, name);
	if (r->date == INT64_MIN && there)
		r->date = (int64_t)st.st_mtime;
	r->size = there ? (uint64_t)st.st_size : 0;
}

static int list(struct source *s, struct gw_arena *arena, struct source_message **ret, size_t *ret_n, struct gw_err *err)
{
	struct eml *e = eml_of(s);
	const char *path = e->folders.v[e->folders.at - 1].path;
	int dir = files_open(e->root, path, O_RDONLY | O_DIRECTORY);
	char **names;
	size_t n, messages = 0;

	if (dir < 0 || files_names(dir, arena, &names, &n) < 0) {
		int rc = files_fail(err, "read the folder", *path ? path : e->id);

		if (dir >= 0)
			close(dir);
		return rc;
	}
	*ret = gw_arena_calloc(arena, n + 1, sizeof **ret);
	for (size_t i = 0; i < n; i++)
		if (is_eml(names[i], false) && strlen(path) + 1 + strlen(names[i]) <= SOURCE_KEY_MAX)
			put_message(dir, path, names[i], arena, &(*ret)[messages++]);
	*ret_n = messages;
	close(dir);
	return 0;
}

/* ---- one message ---- */

/* The first line ends with CRLF: the file has the line ends of the wire. */
static bool is_verbatim(int fd)
{
	char head[4096];
	ssize_t n = pread(fd, head, sizeof head, 0);
	size_t line = n > 0 ? gw_slice_find(gw_slice(head, (size_t)n), '\n') : 0;

	return n > 0 && line > 0 && line < (size_t)n && head[line - 1] == '\r';
}

static int message(struct source *s, const struct source_message *wanted, struct gw_err *err)
{
	struct eml *e = eml_of(s);
	int fd = files_open(e->root, wanted->key, O_RDONLY);

	octets_close(&e->octets);
	if (fd < 0)
		return files_fail(err, "open the message", wanted->key);
	octets_open(&e->octets, fd, is_verbatim(fd));
	return 0;
}

static long read_message(struct source *s, void *dst, size_t n, struct gw_err *err)
{
	long got = octets_read(&eml_of(s)->octets, dst, n);

	return got < 0 ? files_fail(err, "read a message of", eml_of(s)->id) : got;
}

const struct source_ops source_eml = {
	.scheme = "eml",
	.guess = guess,
	.open = open_eml,
	.folder = next_folder,
	.list = list,
	.message = message,
	.read = read_message,
	.id = id,
	.close = close_eml,
};
