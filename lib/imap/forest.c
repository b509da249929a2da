/* forest.c - trees that grow together and come apart (see forest.h)
 *
 * In a link-cut tree each path of the forest that was asked for last is a binary tree of its own, ordered by depth: `left` is
 * nearer to the root. The top of such a tree hangs by `up` on the node above the path, which does not know it. */
#include "imap/forest.h"

#include <stdlib.h>

#include "util/mem.h"

#define SHALLOW 16u /* ancestors that are simply walked */

void forest_init(struct forest *f)
{
	*f = (struct forest){ .n = 0 };
}

void forest_done(struct forest *f)
{
	free(f->node);
	forest_init(f);
}

uint32_t forest_add(struct forest *f)
{
	if (f->n + 1 >= f->cap) {
		bool first = !f->cap;

		f->cap = f->cap ? f->cap + f->cap / 2 : 1024;
		f->node = gw_xrealloc(f->node, f->cap, sizeof *f->node);
		if (first)
			f->node[0] = (struct forest_node){ .parent = 0 };
	}
	f->node[++f->n] = (struct forest_node){ .parent = 0 };
	return f->n;
}

/* ---- the link-cut tree ---- */

static bool is_top(const struct forest_node *v, uint32_t x)
{
	uint32_t up = v[x].up;

	return !up || (v[up].left != x && v[up].right != x);
}

/* x takes the place of the node above it in its tree. */
static void rotate(struct forest_node *v, uint32_t x)
{
	uint32_t y = v[x].up, z = v[y].up, moved;

	if (!is_top(v, y)) {
		if (v[z].left == y)
			v[z].left = x;
		else
			v[z].right = x;
	}
	if (v[y].left == x) {
		moved = v[x].right;
		v[y].left = moved;
		v[x].right = y;
	} else {
		moved = v[x].left;
		v[y].right = moved;
		v[x].left = y;
	}
	if (moved)
		v[moved].up = y;
	v[y].up = x;
	v[x].up = z;
}

static void splay(struct forest_node *v, uint32_t x)
{
	while (!is_top(v, x)) {
		uint32_t y = v[x].up, z = v[y].up;

		if (!is_top(v, y))
			rotate(v, (v[y].left == x) == (v[z].left == y) ? y : x);
		rotate(v, x);
	}
}

/* The path from the root to x becomes a tree with x at its top. */
static void expose(struct forest_node *v, uint32_t x)
{
	uint32_t last = 0;

	for (uint32_t y = x; y; y = v[y].up) {
		splay(v, y);
		v[y].right = last;
		last = y;
	}
	splay(v, x);
}

static uint32_t root_of(struct forest_node *v, uint32_t x)
{
	uint32_t root = x;

	for (unsigned i = 0; i < SHALLOW; i++) {
		if (!v[root].parent)
			return root;
		root = v[root].parent;
	}
	expose(v, x);
	for (root = x; v[root].left;)
		root = v[root].left;
	splay(v, root);
	return root;
}

/* ---- the forest ---- */

bool forest_link(struct forest *f, uint32_t parent, uint32_t child)
{
	struct forest_node *v = f->node;

	if (root_of(v, parent) == child) /* the child is a root: it can only be above as that */
		return false;
	expose(v, child);
	v[child].up = parent;
	v[child].parent = parent;
	return true;
}

void forest_cut(struct forest *f, uint32_t child)
{
	struct forest_node *v = f->node;

	expose(v, child);
	v[v[child].left].up = 0;
	v[child].left = 0;
	v[child].parent = 0;
}
