/* facts.h - what a JMAP server says of mailboxes and messages, as plain values
 *
 * The words of RFC 8620 and 8621 end here: behind this header nobody sees JSON. All strings are NUL-free and checked: ids
 * match RFC 8620 1.2 (1..255 of A-Z a-z 0-9 - _), names and keywords RFC 8621. */
#ifndef GW_STORE_JMAP_FACTS_H
#define GW_STORE_JMAP_FACTS_H

#include "util/arena.h"
#include "util/slice.h"

#define JMAP_ID_MAX 255

enum jmap_right { /* Mailbox.myRights, RFC 8621 2 */
	JMAP_READ = 1 << 0,
	JMAP_ADD = 1 << 1,
	JMAP_REMOVE = 1 << 2,
	JMAP_SEEN = 1 << 3,
	JMAP_KEYWORDS = 1 << 4,
	JMAP_CHILD = 1 << 5,
	JMAP_RENAME = 1 << 6,
	JMAP_DELETE = 1 << 7,
	JMAP_SUBMIT = 1 << 8,
};

enum jmap_role { /* the others are of no use to IMAP */
	JMAP_NO_ROLE, JMAP_INBOX, JMAP_ALL, JMAP_ARCHIVE, JMAP_DRAFTS, JMAP_FLAGGED, JMAP_IMPORTANT, JMAP_JUNK, JMAP_SENT,
	JMAP_TRASH,
};

struct jmap_mailbox {
	struct gw_slice id, parent; /* parent.n 0: top level */
	struct gw_slice name;       /* UTF-8 as the server has it: one level, which may hold a '/' */
	enum jmap_role role;
	uint32_t sort;
	unsigned rights;            /* enum jmap_right */
	bool subscribed;
	uint64_t total;             /* totalEmails */
};

/* A message. What a server need not say is marked by has_*. */
struct jmap_email {
	struct gw_slice id;
	struct gw_slice blob, thread; /* n 0: not told (a change of flags or places of a message that is known) */
	uint64_t size;
	int64_t received;             /* seconds since 1970 */
	const struct gw_slice *mailboxes; /* ids, sorted by bytes; NULL: not told, where it is stays as it is known */
	size_t n_mailboxes;
	const struct gw_slice *keywords;  /* as the server has them, in lower case, sorted by bytes */
	size_t n_keywords;
};

#endif
