/* tree.h - from a server's tree of mailboxes to IMAP names and back
 *
 * JMAP names a mailbox by an id and gives it a parent and a name of one level, which may hold '/' or be anything that IMAP
 * reserves. IMAP wants one path. The rules: the mailbox with the role inbox is "INBOX", wherever it lies; its children are INBOX/x.
 * What cannot stand in a level ('/', '%' in front of two hex digits, a level of dots, "INBOX" at the top that is not the inbox, a
 * name two siblings share after this) is written as %XX of its octets, so that every name comes back as it was. Order: sort, then
 * name. A parent that is missing, or a circle, hangs the mailbox at the top. */
#ifndef GW_STORE_JMAP_TREE_H
#define GW_STORE_JMAP_TREE_H

#include "store/jmap/facts.h"

/* paths[i] of v[i], in the arena: valid by gw_mailbox_name_check(), all different. */
void jmap_tree_paths(const struct jmap_mailbox *v, size_t n, struct gw_arena *arena, struct gw_slice *paths);

/* The server's name for one level of an IMAP path (%XX undone). */
struct gw_slice jmap_level_name(struct gw_slice level, struct gw_arena *arena);

#endif
