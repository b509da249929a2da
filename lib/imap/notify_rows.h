/* notify_rows.h - what notify_rows.c, notify_diff.c and notify_tell.c share: the mailboxes a notifier knows (see notify.h) */
#ifndef GW_IMAP_NOTIFY_ROWS_H
#define GW_IMAP_NOTIFY_ROWS_H

#include "imap/notify.h"
#include "imap/session.h"

enum {
	SAY_LIST = 1 << 0,
	SAY_OLDNAME = 1 << 1,
	SAY_GONE = 1 << 2, /* in the rows of before: the name leads nowhere now */
};

struct notify_row {
	struct gw_slice name;
	struct gw_mbox_id id;
	unsigned attrs;  /* enum gw_mbox_attr */
	unsigned events; /* enum imap_event that are wanted */
	uint32_t uidvalidity, uidnext, messages, unseen;
	uint64_t modseq;

	/* of a comparison */
	struct notify_row *was; /* the same mailbox before */
	unsigned say;
	unsigned status;        /* IMAP_STATUS_... */
	bool found;             /* in the rows of before: it is still there */
};

struct notify_rows {
	struct gw_arena arena;
	struct notify_row *v; /* by name */
	size_t n;
	struct gw_metadata_mark *mark; /* of annotations, by mailbox and name; none when nobody wants them */
	size_t n_marks;
	bool server;    /* ServerMetadataChange is wanted */
	bool elsewhere; /* mailboxes that are not the user's own may be of interest */
};

struct notify_round {
	struct notify_rows *known, *now;
	size_t gone, at; /* rows that were told */
	const struct gw_metadata_mark **changed;
	size_t n_changed, told_changed;
};

/* ---- notify_rows.c ---- */

/* The mailbox that the session has selected: its messages are the view's affair. */
bool notify_is_selected(const struct imap_session *s, const struct notify_row *row);

/* The order of marks, for qsort(). */
int notify_by_mark(const void *a, const void *b);

/* The mailbox with this id, or NULL. */
const struct notify_row *notify_row_of(const struct notify_rows *r, struct gw_mbox_id id);

#endif
