/* appending.h - an APPEND under way, shared by append.c and append_known.c */
#ifndef GW_STORE_JMAP_APPENDING_H
#define GW_STORE_JMAP_APPENDING_H

#include "store/account/append.h"
#include "store/jmap/driver.h"

struct arrival {
	struct view_append *ap;
	struct gw_slice blob;        /* uploaded */
	struct jmap_created made;    /* id n 0: not imported */
	size_t number;               /* in the last import that asked for it */
	bool existed;                /* the server had the message before: is */
	bool here;                   /* and it is in the mailbox already */
	bool filed;                  /* it was put there */
	struct jmap_email is;        /* as it will be: in the mailbox, with the flags */
	const struct gw_slice *words; /* of all arrivals that are this message */
	size_t n_words;
	bool bytes_kept;             /* what the server holds are the octets that were sent */
	uint32_t uid;
};

struct appending {
	struct jmap_acct *acct;
	struct jmap_remote *remote;
	struct gw_mbox_id id;
	struct gw_arena arena;
	struct mirror_mailbox mb;
	struct arrival *v;
	size_t n;
	int64_t now;
};

/* The keywords a message was given, and its time; of the arena. */
struct gw_slice *append_words(struct appending *g, const struct view_append *ap, size_t *ret_n);
int64_t append_date(const struct appending *g, const struct view_append *ap);

/* ---- append_known.c ---- */

/* Rows for all of them, in their order, in one transaction: they get their uid. */
int append_place(struct appending *g, struct gw_err *err);

/* File those that the server had into the mailbox and add the flags; a message is not made unread by it. Then all get their rows, and
 * the mirror the server's state. GW_EBUSY: one of them was removed at this moment. */
int append_file_known(struct appending *g, struct gw_err *err);

#endif
