/* forest.h - trees that grow together and come apart, and that never get a loop (for THREAD=REFERENCES)
 *
 * Nodes are numbers from 1; 0 is none. Whether a link would close a loop is found in O(log n) amortised, also in a chain of
 * a million nodes: beside the parents, a link-cut tree (Sleator and Tarjan) is kept. Thread: owner. */
#ifndef GW_IMAP_FOREST_H
#define GW_IMAP_FOREST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct forest_node {
	uint64_t tag;             /* these two are the user's, kept here because they are asked for together; 0 at first */
	uint32_t owner;
	uint32_t parent;
	uint32_t left, right, up; /* of the link-cut tree; free for others once nothing is linked or cut any more */
};

struct forest {
	struct forest_node *node; /* node[0] is nobody */
	uint32_t n;               /* highest number */
	uint32_t cap;
};

void forest_init(struct forest *f);
void forest_done(struct forest *f);

/* A new node without a parent. */
uint32_t forest_add(struct forest *f);

/* Make parent the parent of child, which has none, unless child is parent or one of its ancestors. */
bool forest_link(struct forest *f, uint32_t parent, uint32_t child);

/* Take child, with all below it, away from its parent. */
void forest_cut(struct forest *f, uint32_t child);

#endif
