/* chunk.h - the packed form of a stretch of a mailbox, as rows of the table `chunk` hold it
 *
 * A row holds up to GW_CHUNK_MAX messages in ascending UID order. Its key is mailbox << 32 | a UID that is
 * at most the first one and above the last one of the row before. The data is one octet of format (1) and
 * per message varints (LEB128; "z": zigzag): UID minus the previous one, flags, modseq z minus the previous
 * one, content z minus the previous one, date z minus the previous one, save date z minus date, size.
 * Reading checks everything: a damaged row is GW_ECORRUPT, never a wild pointer. */
#ifndef GW_STORE_ACCOUNT_CHUNK_H
#define GW_STORE_ACCOUNT_CHUNK_H

#include "store/index.h"
#include "util/buf.h"

#define GW_CHUNK_MAX 128
#define GW_CHUNK_BYTES_MAX (1 + GW_CHUNK_MAX * (5 + 9 + 10 + 10 + 10 + 10 + 5))

struct gw_chunk {
	uint32_t n;
	uint64_t modseq; /* highest */
	struct gw_entry e[GW_CHUNK_MAX];
	int64_t savedate[GW_CHUNK_MAX];
};

static inline int64_t gw_chunk_id(uint64_t mailbox, uint32_t uid)
{
	return (int64_t)(mailbox << 32 | uid);
}

static inline uint64_t gw_chunk_mailbox(int64_t id)
{
	return (uint64_t)id >> 32;
}

/* Unpack n messages; false when the bytes are not what gw_chunk_pack() writes (ret is then undefined). */
bool gw_chunk_unpack(struct gw_slice data, uint64_t n, struct gw_chunk *ret);

/* Unpack as many messages from the first on as can be read, perhaps none. */
void gw_chunk_salvage(struct gw_slice data, struct gw_chunk *ret);

/* Pack; sets c->modseq. out has room for GW_CHUNK_BYTES_MAX; returns the length. */
size_t gw_chunk_pack(struct gw_chunk *c, char *out);

/* Packed ranges of UIDs (`expunged.uids`): pairs of varints, gap from the end of the range before, length - 1. */
void gw_ranges_pack(struct gw_buf *out, const struct gw_set *set);
bool gw_ranges_unpack(struct gw_slice data, struct gw_set *ret); /* adds to *ret */

/* Packed numbers of contents (`pending.contents`): zigzag varints of the differences. prev is 0 at the start. */
void gw_content_pack(struct gw_buf *out, uint64_t *prev, uint64_t content);
bool gw_content_unpack(struct gw_slice *data, uint64_t *prev, uint64_t *ret);

#endif
