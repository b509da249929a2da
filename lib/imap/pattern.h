/* pattern.h - does a mailbox name match a LIST pattern? (RFC 3501 6.3.8)
 *
 * Linear in the name whatever the pattern is: all positions of the pattern that the name may have reached are kept
 * as bits and moved together. Thread: any, for one pattern one at a time. */
#ifndef GW_IMAP_PATTERN_H
#define GW_IMAP_PATTERN_H

#include "util/arena.h"
#include "util/slice.h"

struct imap_pattern;

/* text: reference and pattern joined, UTF-8. Lives in arena, text is not needed afterwards. Never NULL. */
struct imap_pattern *imap_pattern_new(struct gw_arena *arena, struct gw_slice text);

/* INBOX (and the INBOX in front of its children) matches in any ASCII case. */
bool imap_pattern_match(struct imap_pattern *p, struct gw_slice name);

#endif
