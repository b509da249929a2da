/* maildir_lists.c - the lists of Dovecot and Courier beside the messages of a Maildir (see maildir_lists.h) */
#include "gwctl/maildir_lists.h"

#include "gwctl/files.h"
#include "util/mem.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

struct rows {
	struct maildir_known *v;
	size_t n, cap;
};

static struct maildir_known *add_row(struct rows *rows, struct gw_slice base)
{
	if (rows->n == rows->cap)
		rows->v = gw_xrealloc(rows->v, rows->cap = rows->cap ? 2 * rows->cap : 256, sizeof *rows->v);
	rows->v[rows->n] = (struct maildir_known){ .base = base };
	return &rows->v[rows->n++];
}

/* The content of a list, kept as long as the arena; empty when there is none. */
static struct gw_slice content(struct gw_arena *arena, int folder, const char *name)
{
	struct gw_buf b;

	if (files_slurp(folder, name, MAILDIR_LIST_MAX, &b) < 0)
		return GW_S("");
	gw_arena_defer(arena, free, b.p);
	return gw_buf_slice(&b);
}

/* ---- UIDs and UIDLs ---- */

static bool open_uids(struct gw_arena *arena, int folder, struct gw_uidlist *ret, bool *ret_dovecot)
{
	*ret_dovecot = gw_uidlist_open(content(arena, folder, "dovecot-uidlist"), ret);
	return *ret_dovecot || gw_uidlist_open(content(arena, folder, "courierimapuiddb"), ret);
}

static void read_uids(struct maildir_lists *l, int folder, struct rows *rows)
{
	struct gw_uidlist list;
	struct gw_uidlist_row row;

	if (!open_uids(&l->arena, folder, &list, &l->dovecot))
		return;
	l->uidvalidity = list.uidvalidity;
	l->uidnext = list.uidnext;
	while (gw_uidlist_next(&list, &row)) {
		struct maildir_known *k = add_row(rows, row.base);

		k->uid = row.uid;
		if (row.uidl.n)
			k->uidl = gw_arena_str(&l->arena, row.uidl);
		if (l->uidnext && row.uid >= l->uidnext)
			l->uidnext = row.uid < UINT32_MAX ? row.uid + 1 : 0;
	}
}

static void read_courier_uidls(struct maildir_lists *l, int folder, struct rows *rows)
{
	struct gw_slice file = content(&l->arena, folder, "courierpop3dsizelist");
	struct gw_uidlist_row row;
	char text[48];

	while (gw_courier_uidl_next(&file, text, &row))
		add_row(rows, row.base)->uidl = gw_arena_str(&l->arena, row.uidl);
}

/* ---- keywords ---- */

static void read_keywords(struct maildir_lists *l, int folder)
{
	struct gw_slice file = content(&l->arena, folder, "dovecot-keywords"), name;
	unsigned n;

	while (gw_keywords_next(&file, &n, &name))
		l->keywords[n] = gw_arena_str(&l->arena, name);
}

static void read_courier_keywords(struct maildir_lists *l, int folder, struct rows *rows)
{
	struct gw_slice file = content(&l->arena, folder, "courierimapkeywords/:list"), rest = file, name, base, numbers;

	while (gw_courier_keyword_next(&rest, &name))
		l->n_courier++;
	l->courier = gw_arena_calloc(&l->arena, l->n_courier + 1, sizeof *l->courier);
	for (size_t i = 0; i < l->n_courier && gw_courier_keyword_next(&file, &name); i++)
		l->courier[i] = gw_arena_str(&l->arena, name);
	while (gw_courier_keywords_of_next(&rest, &base, &numbers))
		add_row(rows, base)->courier = numbers;
}

/* ---- together ---- */

static int by_base(const void *a, const void *b)
{
	return gw_slice_cmp(((const struct maildir_known *)a)->base, ((const struct maildir_known *)b)->base);
}

static void merge(struct maildir_known *into, const struct maildir_known *k)
{
	if (k->uid > into->uid)
		into->uid = k->uid; /* listed twice: the later one */
	if (k->uidl)
		into->uidl = k->uidl;
	if (k->courier.n)
		into->courier = k->courier;
}

/* Sorted, one row a base. */
static void settle(struct maildir_lists *l, struct rows *rows)
{
	size_t n = 0;

	if (rows->n)
		qsort(rows->v, rows->n, sizeof *rows->v, by_base);
	for (size_t i = 0; i < rows->n; i++) {
		if (n && by_base(&rows->v[n - 1], &rows->v[i]) == 0)
			merge(&rows->v[n - 1], &rows->v[i]);
		else
			rows->v[n++] = rows->v[i];
	}
	l->known = rows->v;
	l->n_known = n;
}

void maildir_lists_read(struct maildir_lists *l, int folder)
{
	struct rows rows = { 0 };

	*l = (struct maildir_lists){ 0 };
	gw_arena_init(&l->arena, 64 * 1024, 0);
	read_uids(l, folder, &rows);
	if (!l->dovecot)
		read_courier_uidls(l, folder, &rows);
	read_keywords(l, folder);
	read_courier_keywords(l, folder, &rows);
	settle(l, &rows);
}

void maildir_lists_peek(int folder, uint32_t *ret_uidvalidity, uint32_t *ret_uidnext)
{
	struct maildir_lists l = { 0 };
	struct rows rows = { 0 };

	gw_arena_init(&l.arena, 0, 0);
	read_uids(&l, folder, &rows);
	*ret_uidvalidity = l.uidvalidity;
	*ret_uidnext = l.uidnext;
	free(rows.v);
	gw_arena_done(&l.arena);
}

void maildir_lists_done(struct maildir_lists *l)
{
	free(l->known);
	gw_arena_done(&l->arena);
	*l = (struct maildir_lists){ 0 };
}

const struct maildir_known *maildir_lists_find(const struct maildir_lists *l, struct gw_slice base)
{
	struct maildir_known wanted = { .base = base };

	return l->n_known ? bsearch(&wanted, l->known, l->n_known, sizeof *l->known, by_base) : NULL;
}
