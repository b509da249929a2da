/* folders.c - the folders that a source of files has found, and which of them are subscribed (see folders.h) */
#include "gwctl/folders.h"

#include "gwctl/files.h"
#include "mailbox/maildir.h"
#include "mailbox/names.h"
#include "util/mem.h"

#include <stdlib.h>
#include <string.h>

#define LIST_MAX (4u * 1024 * 1024) /* octets of a list of subscriptions */

void folders_init(struct folders *f)
{
	*f = (struct folders){ 0 };
	gw_arena_init(&f->arena, 0, 0);
}

void folders_done(struct folders *f)
{
	free(f->v);
	free(f->subscribed);
	gw_arena_done(&f->arena);
}

void folders_add(struct folders *f, const char *path, struct gw_slice name)
{
	if (f->n == f->cap)
		f->v = gw_xrealloc(f->v, f->cap = f->cap ? 2 * f->cap : 16, sizeof *f->v);
	f->v[f->n].path = gw_arena_str(&f->arena, gw_slice_str(path));
	f->v[f->n++].name = gw_arena_str(&f->arena, name);
}

static bool is_inbox(const struct folder *f)
{
	return strcmp(f->name, "INBOX") == 0;
}

static int by_name(const void *a, const void *b)
{
	const struct folder *x = a, *y = b;

	return is_inbox(x) != is_inbox(y) ? is_inbox(y) - is_inbox(x) : strcmp(x->name, y->name);
}

void folders_sort(struct folders *f)
{
	if (f->n)
		qsort(f->v, f->n, sizeof *f->v, by_name);
}

/* ---- subscriptions ---- */

static int by_slice(const void *a, const void *b)
{
	return gw_slice_cmp(*(const struct gw_slice *)a, *(const struct gw_slice *)b);
}

static void read_list(struct folders *f, struct gw_slice file, const struct folders_list *list)
{
	struct gw_slice raw, prefix = gw_slice_str(list->prefix);
	struct gw_buf text;
	size_t cap = 0;
	char separator;

	gw_buf_init(&text, 0);
	gw_subscriptions_open(&file, list->separator, &separator);
	while (gw_subscriptions_next(&file, &text, &raw)) {
		char parts = separator;

		if (f->n_subscribed == cap)
			f->subscribed = gw_xrealloc(f->subscribed, cap = cap ? 2 * cap : 64, sizeof *f->subscribed);
		if (raw.n > prefix.n && gw_slice_startsi(raw, prefix))
			gw_slice_take(&raw, prefix.n);
		if (parts == '.' && gw_slice_find(raw, '/') < raw.n)
			parts = '/'; /* of a tree */
		f->n_subscribed += gw_mailbox_name_read(&f->arena, raw, parts, &f->subscribed[f->n_subscribed]);
	}
	gw_buf_done(&text);
	if (f->n_subscribed)
		qsort(f->subscribed, f->n_subscribed, sizeof *f->subscribed, by_slice);
}

void folders_read_subscribed(struct folders *f, int root, const struct folders_list *lists)
{
	struct gw_buf file;

	for (; lists->file && !f->listed; lists++) {
		if (files_slurp(root, lists->file, LIST_MAX, &file) < 0)
			continue;
		f->listed = true;
		read_list(f, gw_buf_slice(&file), lists);
		gw_buf_done(&file);
	}
}

void folders_describe(const struct folders *f, const struct folder *folder, struct source_folder *ret)
{
	struct gw_slice name = gw_slice_str(folder->name);

	*ret = (struct source_folder){ .name = folder->name, .selectable = true, .special = gw_mailbox_special(name) };
	ret->subscribed = !f->listed || is_inbox(folder) ||
			  (f->n_subscribed && bsearch(&name, f->subscribed, f->n_subscribed, sizeof name, by_slice));
}
