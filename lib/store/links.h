/* links.h - what THREAD looks at of the messages of a mailbox (RFC 5256 3)
 *
 * None of it ever changes, so it need not be read for each command. Identifiers and subjects are kept as hashes with a key of their
 * own, which is all that threading asks of them. Links never change, are shared by the sessions of a process, and for the messages that come new
 * ones are made, of which only those messages are read. Reference counts are atomic. Thread: any. */
#ifndef GW_STORE_LINKS_H
#define GW_STORE_LINKS_H

#include "store/store.h"
#include "util/hash.h"

struct gw_link {
	int64_t sent;         /* RFC 5256 2.2, seconds since 1970 UTC */
	uint64_t subject, id; /* hashes (gw_link_hash) */
	uint32_t uid;
	uint32_t end : 31;    /* of its references in gw_links.reference; they begin where those of the one before end */
	uint32_t reply : 1;
};

struct gw_links {
	uint32_t refs; /* atomic */
	uint32_t uidvalidity;
	struct gw_hash_key key;
	uint32_t n, n_references, cap;
	struct gw_link *v;   /* ascending UIDs */
	uint64_t *reference; /* hashes of identifiers, the parent last */
};

/* The hash of an identifier or a subject; 0: it is empty. */
static inline uint64_t gw_link_hash(struct gw_hash_key key, struct gw_slice s)
{
	uint64_t h = s.n ? gw_hash(key, s) : 0;

	return s.n && !h ? 1 : h;
}

/* Links in which all messages of index have one, but those that are gone. memory_max: octets it may take to make them; 0: only if there are
 * any already, else *ret is NULL. 0 or a negative enum gw_code: GW_ELIMIT, GW_EINTR. Returns a reference. */
int gw_mbox_links(struct gw_acct *a, struct gw_mbox_id id, const struct gw_index *index, size_t memory_max, struct gw_links **ret,
	struct gw_err *err);

/* For stores: make them of old ones (NULL: there are none) and the messages of index that are not in those, which are read. */
int gw_links_make(struct gw_acct *a, struct gw_mbox_id id, const struct gw_index *index, const struct gw_links *old,
	size_t memory_max, struct gw_links **ret, struct gw_err *err);

/* Have they all messages of index that are not gone? Work: one comparison a message. */
bool gw_links_cover(const struct gw_links *l, const struct gw_index *index);

/* Octets they take. */
size_t gw_links_bytes(const struct gw_links *l);

struct gw_links *gw_links_ref(struct gw_links *l);
void gw_links_unref(struct gw_links *l); /* NULL is fine */

#endif
