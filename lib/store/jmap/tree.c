/* tree.c - from a server's tree of mailboxes to IMAP names and back (see tree.h)
 *
 * Parents are looked up by id, circles are cut, and then every mailbox is named behind its parent: outer levels before
 * inner ones, those that hang where the server has them before those that are hung up at the top, lower ids before
 * higher ones. So the names do not depend on the order of the list, and a mailbox that comes with a taken name never
 * takes it from another that hangs where it belongs, unless its id is lower. */
#include "store/jmap/tree.h"

#include "store/driver.h"
#include "store/jmap/ids.h"
#include "util/buf.h"
#include "util/utf8.h"

#include <stdlib.h>

#define NONE	 UINT32_MAX
#define VARIANTS 8 /* ways to write one level that are tried before its id is put behind it */

struct tree {
	const struct jmap_mailbox *v;
	uint32_t n, inbox;
	uint32_t *parent; /* number of the parent; NONE: at the top */
	uint32_t *depth;  /* levels down to it on the server; 0: not known yet */
	uint32_t *walk;	  /* which walk upwards came by last */
	uint32_t *stack, *order;
	unsigned *levels; /* of its path */
	bool *stray;	  /* hung up at the top */
	struct gw_slice *paths;
	struct jmap_idset taken; /* of paths */
	struct gw_arena *arena;
	struct gw_buf b;
};

/* ---- parents ---- */

static void find_parents(struct tree *t, struct gw_arena *work)
{
	struct gw_slice *ids = gw_arena_calloc(work, t->n + 1, sizeof *ids);
	struct jmap_idset set;

	jmap_idset_init(&set, ids, t->n, work);
	for (uint32_t i = 0; i < t->n; i++) {
		ids[i] = t->v[i].id;
		jmap_idset_add(&set, i);
		if (t->v[i].role == JMAP_INBOX && (t->inbox == NONE || gw_slice_cmp(ids[i], ids[t->inbox]) < 0))
			t->inbox = i;
	}
	for (uint32_t i = 0; i < t->n; i++) {
		t->parent[i] = t->v[i].parent.n ? jmap_idset_find(&set, t->v[i].parent) : NONE;
		t->stray[i] = t->v[i].parent.n && t->parent[i] == NONE;
	}
	if (t->inbox != NONE)
		t->parent[t->inbox] = NONE;
}

/* Everything in the circle that x is part of goes to the top. */
static void cut_circle(struct tree *t, uint32_t x)
{
	while (t->parent[x] != NONE) {
		uint32_t up = t->parent[x];

		t->parent[x] = NONE;
		t->stray[x] = true;
		x = up;
	}
}

static void find_depth(struct tree *t, uint32_t from)
{
	uint32_t n = 0;

	for (uint32_t x = from; x != NONE && t->depth[x] == 0; x = t->parent[x]) {
		if (t->walk[x] == from + 1) {
			cut_circle(t, x);
			break;
		}
		t->walk[x] = from + 1;
		t->stack[n++] = x;
	}
	while (n) {
		uint32_t x = t->stack[--n];

		t->depth[x] = t->parent[x] == NONE ? 1 : t->depth[t->parent[x]] + 1;
	}
}

static int by_depth(const void *pa, const void *pb, void *ctx)
{
	const struct tree *t = ctx;
	uint32_t a = *(const uint32_t *)pa, b = *(const uint32_t *)pb;

	if (t->depth[a] != t->depth[b])
		return t->depth[a] < t->depth[b] ? -1 : 1;
	if ((a == t->inbox) != (b == t->inbox))
		return a == t->inbox ? -1 : 1;
	if (t->stray[a] != t->stray[b])
		return t->stray[a] ? 1 : -1;
	return gw_slice_cmp(t->v[a].id, t->v[b].id);
}

/* ---- one level ---- */

static bool hex_digit(char c, unsigned *ret)
{
	char l = gw_lower(c);

	if (l >= '0' && l <= '9')
		*ret = (unsigned)(l - '0');
	else if (l >= 'a' && l <= 'f')
		*ret = (unsigned)(l - 'a' + 10);
	else
		return false;
	return true;
}

/* "%XX" at the beginning of s, but for %00: no name has a NUL. */
static bool coded(struct gw_slice s, char *ret)
{
	unsigned high, low;

	if (s.n < 3 || s.p[0] != '%' || !hex_digit(s.p[1], &high) || !hex_digit(s.p[2], &low) || (high | low) == 0)
		return false;
	*ret = (char)(high << 4 | low);
	return true;
}

static bool only_dots(struct gw_slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != '.')
			return false;
	return true;
}

/* Must the character at the beginning of s, which is cp unless it is no UTF-8, be written as %XX? */
static bool must_code(struct gw_slice s, bool utf8, uint32_t cp)
{
	unsigned digit;

	if (cp == '%' && utf8)
		return s.n >= 3 && hex_digit(s.p[1], &digit) && hex_digit(s.p[2], &digit);
	return !utf8 || cp == '/' || cp < 0x20 || (cp >= 0x7F && cp < 0xA0) || cp == 0x2028 || cp == 0x2029;
}

/* Append name as one level. Character k is coded if bit k of also is set, whether it must be or not. */
static void put_level(struct gw_buf *b, struct gw_slice name, unsigned also)
{
	if (name.n == 0)
		gw_buf_add(b, "%00", 3);
	for (unsigned k = 0; name.n; k++) {
		struct gw_slice here = name;
		uint32_t cp = 0;
		bool utf8 = gw_utf8_next(&name, &cp);
		size_t n = here.n - name.n;

		if (!must_code(here, utf8, cp) && !(k < 8 && also >> k & 1)) {
			gw_buf_add(b, here.p, n);
			continue;
		}
		for (size_t i = 0; i < n; i++)
			gw_buf_printf(b, "%%%02X", (unsigned char)here.p[i]);
	}
}

struct gw_slice jmap_level_name(struct gw_slice level, struct gw_arena *arena)
{
	char *p = gw_arena_str(arena, level);
	size_t n = 0;

	while (level.n) {
		bool c = coded(level, &p[n]);

		if (!c)
			p[n] = level.p[0];
		n++;
		gw_slice_take(&level, c ? 3 : 1);
	}
	p[n] = '\0';
	return gw_slice(p, n);
}

/* ---- paths ---- */

static bool take(struct tree *t, uint32_t i)
{
	t->paths[i] = gw_buf_slice(&t->b);
	if (!jmap_idset_add(&t->taken, i))
		return false;
	t->paths[i] = gw_arena_dup(t->arena, t->paths[i]);
	return true;
}

/* The path of i behind its parent's, in t->b; false: it lies too deep or is too long there. */
static bool put_path(struct tree *t, uint32_t i, uint32_t parent, unsigned also)
{
	struct gw_slice name = t->v[i].name;
	bool top = parent == NONE;

	t->b.n = 0;
	t->levels[i] = top ? 1 : t->levels[parent] + 1;
	if (!top) {
		gw_buf_add_slice(&t->b, t->paths[parent]);
		gw_buf_add_char(&t->b, '/');
	}
	if (only_dots(name) || (top && gw_slice_eqi(name, GW_S("INBOX"))))
		also |= 1;
	put_level(&t->b, name, also);
	return t->levels[i] <= GW_MAILBOX_DEPTH_MAX && t->b.n <= GW_MAILBOX_NAME_MAX;
}

/* What no way of writing makes different or short enough: the beginning of the level, and the id. */
static void take_by_id(struct tree *t, uint32_t i)
{
	struct gw_slice id = t->v[i].id;
	size_t room = GW_MAILBOX_NAME_MAX - JMAP_ID_MAX - 32, n;

	put_path(t, i, NONE, 0);
	n = t->b.n < room ? t->b.n : room;
	while (n && n < t->b.n && ((unsigned char)t->b.p[n] & 0xC0) == 0x80)
		n--;
	t->b.n = n;
	for (unsigned k = 0;; k++) {
		gw_buf_printf(&t->b, "%%-%.*s", GW_FMT(gw_slice(id.p, id.n < JMAP_ID_MAX ? id.n : JMAP_ID_MAX)));
		if (k)
			gw_buf_printf(&t->b, "-%u", k);
		if (take(t, i))
			return;
		t->b.n = n;
	}
}

static bool take_below(struct tree *t, uint32_t i, uint32_t parent)
{
	for (unsigned also = 0; also < VARIANTS; also++)
		if (put_path(t, i, parent, also) && take(t, i))
			return true;
	return false;
}

static void name(struct tree *t, uint32_t i)
{
	if (i == t->inbox) {
		t->b.n = 0;
		t->levels[i] = 1;
		gw_buf_add(&t->b, "INBOX", 5);
		take(t, i);
	} else if (!take_below(t, i, t->parent[i]) && (t->parent[i] == NONE || !take_below(t, i, NONE))) {
		take_by_id(t, i);
	}
}

void jmap_tree_paths(const struct jmap_mailbox *v, size_t n, struct gw_arena *arena, struct gw_slice *paths)
{
	struct tree t = { .v = v, .n = (uint32_t)n, .inbox = NONE, .paths = paths, .arena = arena };
	struct gw_arena work;

	gw_arena_init(&work, 0, 0);
	t.parent = gw_arena_calloc(&work, n + 1, sizeof *t.parent);
	t.depth = gw_arena_calloc(&work, n + 1, sizeof *t.depth);
	t.walk = gw_arena_calloc(&work, n + 1, sizeof *t.walk);
	t.stack = gw_arena_calloc(&work, n + 1, sizeof *t.stack);
	t.order = gw_arena_calloc(&work, n + 1, sizeof *t.order);
	t.levels = gw_arena_calloc(&work, n + 1, sizeof *t.levels);
	t.stray = gw_arena_calloc(&work, n + 1, sizeof *t.stray);
	jmap_idset_init(&t.taken, paths, n, &work);
	gw_buf_init(&t.b, 0);
	find_parents(&t, &work);
	for (uint32_t i = 0; i < t.n; i++) {
		find_depth(&t, i);
		t.order[i] = i;
	}
	qsort_r(t.order, n, sizeof *t.order, by_depth, &t);
	for (uint32_t i = 0; i < t.n; i++)
		name(&t, t.order[i]);
	gw_buf_done(&t.b);
	gw_arena_done(&work);
}
