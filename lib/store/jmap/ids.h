/* ids.h - ids and keywords: their grammar, and lists in which each is there once */
#ifndef GW_STORE_JMAP_IDS_H
#define GW_STORE_JMAP_IDS_H

#include "store/jmap/facts.h"
#include "util/hash.h"

/* 1..255 of A-Z a-z 0-9 - _ (RFC 8620 1.2)? */
bool jmap_id_ok(struct gw_slice s);

/* 1..255 octets of %x21-7E without ( ) { ] % * " \ (RFC 8621 4.1.1)? */
bool jmap_keyword_ok(struct gw_slice s);

/* Ids that were put into an array, each once; hashed with a key of its own, so that no server can make it slow. */
struct jmap_idset {
	struct gw_hash_key key;
	const struct gw_slice *v; /* the array: borrowed */
	uint32_t *slots;	  /* 1 + number in v; 0: free */
	size_t mask;
};

/* For at most max ids of v; memory comes from arena. */
void jmap_idset_init(struct jmap_idset *s, const struct gw_slice *v, size_t max, struct gw_arena *arena);
/* Put v[i] in; false when an equal one is there. */
bool jmap_idset_add(struct jmap_idset *s, uint32_t i);
/* The number of id in v, or UINT32_MAX. */
uint32_t jmap_idset_find(const struct jmap_idset *s, struct gw_slice id);

#endif
