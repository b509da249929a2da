/* tree.h - from a server's tree of mailboxes to IMAP names and back
 *
 * JMAP names a mailbox by an id and gives it a parent and a name of one level, which may hold '/' or be anything that IMAP
 * reserves. IMAP wants one path. The rules: the mailbox with the role inbox is "INBOX", wherever it lies; its children are INBOX/x.
 * What cannot stand in a level ('/', control characters, '%' in front of two hex digits, a level of dots, "INBOX" at the top that is
 * not the inbox, a name that two siblings share) is written as %XX of its octets, so that every name comes back as it was; of
 * siblings of one name the one with the lowest id has it plainly. A parent that is missing, a circle, or a path over the limits of
 * gw_mailbox_name_check() hangs the mailbox at the top. A name that is too long even there, or the ninth of one name, has its id
 * behind it ("name%-ID") and is the only kind that does not come back. Names are not normalised: what differs in octets differs. */
#ifndef GW_STORE_JMAP_TREE_H
#define GW_STORE_JMAP_TREE_H

#include "store/jmap/facts.h"

/* paths[i] of v[i], in the arena: valid by gw_mailbox_name_check(), all different, the same whatever the order of v. n log n. */
void jmap_tree_paths(const struct jmap_mailbox *v, size_t n, struct gw_arena *arena, struct gw_slice *paths);

/* The server's name for one level of an IMAP path (%XX undone). */
struct gw_slice jmap_level_name(struct gw_slice level, struct gw_arena *arena);

#endif
