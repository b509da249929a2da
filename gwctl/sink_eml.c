/* sink_eml.c - a tree of .eml files: folders are mailboxes, each file is a message as it was sent
 *
 * The name of a file has its UID and flags (eml_name.h), its time is the date of the message; octets are those of the wire.
 * Which mailbox a folder is of is noted in .uidvalidity, subscriptions are in .subscriptions at the top. */
#include "gwctl/eml_name.h"
#include "gwctl/files.h"
#include "gwctl/kinds.h"
#include "gwctl/landing.h"
#include "gwctl/tree_path.h"
#include "mailbox/names.h"
#include "util/mem.h"
#include "util/set.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define MARK ".gateway-eml"

struct eml {
	struct sink sink;
	int root;
	struct gw_buf subscriptions;
	int dir;              /* the current folder, -1: none */
	struct gw_set there;  /* UIDs */
	struct landing landing;
	int fd;               /* the current message, -1: none */
	char temporary[32];
	uint32_t uid;
	uint64_t flags;
	int64_t date;
};

static struct eml *eml_of(struct sink *s)
{
	return (struct eml *)s;
}

static void drop_message(struct eml *e)
{
	if (e->fd < 0)
		return;
	close(e->fd);
	e->fd = -1;
	unlinkat(e->dir, e->temporary, 0);
}

static int flush(struct sink *s, struct gw_err *err)
{
	return eml_of(s)->dir >= 0 ? landing_flush(&eml_of(s)->landing, err) : 0;
}

static int leave_folder(struct eml *e, struct gw_err *err)
{
	int rc = 0;

	if (e->dir < 0)
		return 0;
	drop_message(e);
	rc = landing_flush(&e->landing, err);
	landing_done(&e->landing);
	gw_set_clear(&e->there);
	close(e->dir);
	e->dir = -1;
	return rc;
}

/* ---- folders ---- */

/* What an earlier run has left; what it had only begun is removed. */
static void read_there(struct eml *e)
{
	struct gw_arena arena;
	char **names;
	size_t n = 0;

	gw_arena_init(&arena, 64 * 1024, 0);
	if (files_names(e->dir, &arena, &names, &n) < 0)
		n = 0;
	for (size_t i = 0; i < n; i++) {
		uint64_t flags;
		uint32_t uid;

		if (eml_name_read(gw_slice_str(names[i]), &uid, &flags))
			gw_set_add(&e->there, uid, uid);
		else if (strncmp(names[i], ".writing-", 9) == 0)
			unlinkat(e->dir, names[i], 0);
	}
	gw_arena_done(&arena);
}

/* The folder goes on with the mailbox it was made for, not with a later one of the same name. */
static int check_validity(struct eml *e, const struct source_folder *f, struct gw_err *err)
{
	struct gw_buf noted;
	char text[16];
	bool same;

	snprintf(text, sizeof text, "%u\n", f->uidvalidity);
	if (files_slurp(e->dir, ".uidvalidity", 64, &noted) < 0)
		return landing_write(e->dir, ".uidvalidity", gw_slice_str(text), err);
	same = gw_slice_eq(gw_buf_slice(&noted), gw_slice_str(text));
	gw_buf_done(&noted);
	return same ? 0 : gw_fail(err, GW_EEXIST, "the folder of \"%s\" is an export of an earlier mailbox of that name; export into a "
				  "new folder", f->name);
}

static int folder(struct sink *s, const struct source_folder *f, struct gw_err *err)
{
	struct eml *e = eml_of(s);
	struct gw_buf path;
	int rc = leave_folder(e, err);

	if (rc == 0 && f->subscribed) {
		gw_mailbox_name_put(&e->subscriptions, gw_slice_str(f->name), '/');
		gw_buf_add_char(&e->subscriptions, '\n');
	}
	if (rc < 0 || !f->selectable)
		return rc;
	gw_buf_init(&path, 0);
	tree_path_put(&path, gw_slice_str(f->name), "");
	rc = landing_make_folder(e->root, gw_buf_str(&path), err);
	if (rc == 0) {
		e->dir = files_open(e->root, gw_buf_str(&path), O_RDONLY | O_DIRECTORY);
		rc = e->dir >= 0 ? check_validity(e, f, err) : files_fail(err, "open the folder", gw_buf_str(&path));
	}
	gw_buf_done(&path);
	if (rc < 0)
		return rc;
	landing_init(&e->landing, e->dir);
	read_there(e);
	return 0;
}

/* ---- messages ---- */

static int has(struct sink *s, const struct source_message *m, struct gw_err *err)
{
	(void)err;
	return gw_set_has(&eml_of(s)->there, m->uid);
}

static int begin(struct sink *s, const struct source_message *m, struct gw_err *err)
{
	struct eml *e = eml_of(s);

	drop_message(e);
	e->uid = m->uid;
	e->flags = m->flags;
	e->date = m->date;
	snprintf(e->temporary, sizeof e->temporary, ".writing-%u", m->uid);
	e->fd = landing_begin(e->dir, e->temporary, err);
	return e->fd >= 0 ? 0 : e->fd;
}

static int write_message(struct sink *s, struct gw_slice bytes, struct gw_err *err)
{
	return landing_put(eml_of(s)->fd, bytes, eml_of(s)->temporary, err);
}

static int end(struct sink *s, struct gw_err *err)
{
	struct eml *e = eml_of(s);
	struct gw_buf name;

	(void)err;
	landing_set_time(e->fd, e->date);
	close(e->fd);
	e->fd = -1;
	gw_buf_init(&name, 0);
	eml_name_put(&name, e->uid, e->flags);
	landing_add(&e->landing, e->temporary, gw_buf_str(&name));
	gw_buf_done(&name);
	gw_set_add(&e->there, e->uid, e->uid);
	return 0;
}

/* ---- open, close ---- */

static int open_eml(const char *where, const struct source_options *o, struct sink **ret, struct gw_err *err)
{
	int root = landing_open_root(where, MARK, err);
	struct eml *e;

	(void)o;
	if (root < 0)
		return root;
	e = gw_xalloc(sizeof *e);
	*e = (struct eml){ .sink = { &sink_eml }, .root = root, .dir = -1, .fd = -1 };
	gw_set_init(&e->there);
	gw_buf_init(&e->subscriptions, 0);
	*ret = &e->sink;
	return 0;
}

static void close_eml(struct sink *s)
{
	struct eml *e = eml_of(s);

	leave_folder(e, NULL);
	landing_write(e->root, ".subscriptions", gw_buf_slice(&e->subscriptions), NULL);
	close(e->root);
	gw_set_done(&e->there);
	gw_buf_done(&e->subscriptions);
	free(e);
}

const struct sink_ops sink_eml = {
	.scheme = "eml",
	.open = open_eml,
	.folder = folder,
	.has = has,
	.begin = begin,
	.write = write_message,
	.end = end,
	.flush = flush,
	.close = close_eml,
};
