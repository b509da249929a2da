/* index.h - a mailbox as a list of messages at one moment: immutable, shared, cheap to renew
 *
 * An index is what a session has been told (or is about to be told): UIDs in ascending order with
 * flags. It never changes; a change makes a new index that shares all untouched chunks with the old
 * one, so two sessions on a mailbox of 100,000 messages share its memory and comparing the two
 * moments costs what changed, not what is there. Reference counts are atomic. Thread: any
 * (everything behind the pointer is const). */
#ifndef GW_STORE_INDEX_H
#define GW_STORE_INDEX_H

#include "util/set.h"
#include "util/slice.h"

/* Flags of a message: system flags in the low byte, keyword k of the mailbox in bit 8+k. */
#define GW_FLAG_SEEN UINT64_C(0x01)
#define GW_FLAG_ANSWERED UINT64_C(0x02)
#define GW_FLAG_FLAGGED UINT64_C(0x04)
#define GW_FLAG_DELETED UINT64_C(0x08)
#define GW_FLAG_DRAFT UINT64_C(0x10)
#define GW_FLAG_SYSTEM UINT64_C(0x1F)
#define GW_FLAG_KEYWORD(k) (UINT64_C(1) << (8 + (k)))
#define GW_KEYWORDS_MAX 56

#define GW_INDEX_CHUNK 512 /* most messages in a chunk */

struct gw_entry {
	uint64_t flags;
	uint64_t modseq;
	uint64_t content; /* the store's number of the message's content; 0: a ghost (see below) */
	int64_t date;     /* INTERNALDATE, seconds since 1970 UTC */
	uint32_t uid;
	uint32_t size;    /* octets */
};

struct gw_index_chunk {
	uint32_t refs;  /* atomic */
	uint32_t n;     /* 1..GW_INDEX_CHUNK */
	/* of its entries: what a search need not look at each of them for */
	uint64_t modseq_max;
	uint64_t flags_any, flags_all; /* that one of them has, that all have */
	int64_t date_min, date_max;
	uint32_t size_min, size_max;
	bool ghosts;                   /* one is a ghost */
	struct gw_entry e[];
};

struct gw_keywords {
	unsigned n;
	char *name[GW_KEYWORDS_MAX]; /* by bit number; spelled as first used */
};

struct gw_index {
	uint32_t refs; /* atomic */
	uint32_t uidvalidity;
	uint32_t uidnext;
	uint32_t n;       /* messages, ghosts included */
	uint64_t modseq;  /* HIGHESTMODSEQ of this moment */
	struct gw_keywords keywords;
	size_t n_chunks;
	struct gw_index_chunk **chunks;
	uint32_t *first; /* per chunk: sequence number of its first message (1-based) */
};

struct gw_index *gw_index_ref(const struct gw_index *ix);
void gw_index_unref(const struct gw_index *ix); /* NULL is fine */

/* The message with sequence number seq (1..n), or NULL. */
const struct gw_entry *gw_index_at(const struct gw_index *ix, uint32_t seq);

/* The chunk that has message seq (1..n); *ret_last: the sequence number of its last message. */
const struct gw_index_chunk *gw_index_chunk(const struct gw_index *ix, uint32_t seq, uint32_t *ret_last);

/* Sequence number of the first message with a UID >= uid; n + 1 when there is none. */
uint32_t gw_index_lower(const struct gw_index *ix, uint32_t uid);

/* Sequence number of uid, or 0. */
uint32_t gw_index_seq(const struct gw_index *ix, uint32_t uid);

/* Number of the keyword (ASCII case ignored), or -1. */
int gw_index_keyword(const struct gw_index *ix, struct gw_slice name);

/* Sequence numbers to UIDs and back. What is not there is left out. Work: ranges + messages hit. */
void gw_index_uids(const struct gw_index *ix, const struct gw_set *seqs, struct gw_set *ret_uids);
void gw_index_seqs(const struct gw_index *ix, const struct gw_set *uids, struct gw_set *ret_seqs);

/* A walk over consecutive messages that does not search for each. */
struct gw_index_iter {
	const struct gw_index *ix;
	size_t chunk;
	uint32_t pos;
	uint32_t seq; /* of the entry that comes next */
};

void gw_index_iter(struct gw_index_iter *it, const struct gw_index *ix, uint32_t seq);
const struct gw_entry *gw_index_next(struct gw_index_iter *it); /* NULL at the end */

/* The next message whose number is in seqs: it->seq - 1 afterwards. NULL at the end. hint: 0 at the beginning. */
const struct gw_entry *gw_index_next_in(struct gw_index_iter *it, const struct gw_set *seqs, size_t *hint);

/* What happened between two moments of one mailbox. */
struct gw_index_diff {
	struct gw_set expunged;  /* UIDs that are in old and not in now (ghosts included) */
	struct gw_set changed;   /* UIDs in both whose flags differ, or whose modseq does */
	uint32_t added;          /* messages with a UID >= old->uidnext */
};

/* Fill *ret (init'ed here; gw_index_diff_done() frees). Chunks the two share are skipped. */
void gw_index_diff(const struct gw_index *old, const struct gw_index *now, struct gw_index_diff *ret);
void gw_index_diff_done(struct gw_index_diff *d);

/* now, plus the messages of old that are gone, kept as ghosts (content = 0, flags and dates as in
 * old): what a session that may not be told of expunges yet has to see. Returns a reference. */
struct gw_index *gw_index_with_ghosts(const struct gw_index *old, const struct gw_index *now);

/* Building (stores only): entries in ascending UID order. */
struct gw_index_builder;
struct gw_index_builder *gw_index_builder_new(uint32_t uidvalidity, uint32_t uidnext, uint64_t modseq,
					      const struct gw_keywords *keywords);
void gw_index_builder_add(struct gw_index_builder *b, const struct gw_entry *e);
struct gw_index *gw_index_builder_finish(struct gw_index_builder *b); /* frees b; returns a reference */

/* old with changes put in (stores only): entries of v (ascending UID, n of them) replace those with the same UID or are
 * added, UIDs in gone are left out; untouched chunks are shared. keywords NULL: as in old. */
struct gw_index *gw_index_apply(const struct gw_index *old, uint32_t uidnext, uint64_t modseq,
				const struct gw_keywords *keywords, const struct gw_entry *v, size_t n,
				const struct gw_set *gone);

#endif
