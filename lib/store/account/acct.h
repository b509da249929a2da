/* acct.h - what the files that serve store.h share */
#ifndef GW_STORE_ACCOUNT_ACCT_H
#define GW_STORE_ACCOUNT_ACCT_H

#include "store/account/row.h"
#include "store/account/view.h"

enum view_how { VIEW_PLAIN, VIEW_READ, VIEW_WRITE };

/* Check out a handle on the database of the space and begin. gw_db_put() ends it (rolling back what was not committed).
 */
int view_begin(struct gw_acct *a, uint32_t space, enum view_how how, struct gw_db **ret, struct gw_err *err);

/* GW_MBOX_PUBLIC, GW_MBOX_OTHER or nothing: of all mailboxes of a space there is. */
unsigned view_attrs(const struct gw_acct *a, uint32_t space);

/* A mailbox of the list, from its row. name is left alone. */
int view_fill(struct gw_db *db, struct gw_mbox_id id, const struct mailbox_row *row, struct gw_mailbox *ret,
	struct gw_err *err);

/* EMAILID and THREADID in text. */
void view_object_id(char ret[24], char kind, uint64_t id);

/* A storage server's id of something in another user's account, in its place: two accounts may use the same one (RFC 8474 3). An id
 * that would be too long stays. size: of ret, at least that of the id and 1. */
void view_shared_id(const struct gw_db_account *acc, struct gw_slice id, char *ret, size_t size);

/* ---- messages whole (content.c) ---- */

#define BODY_PIECE		((uint64_t)1 << 20) /* octets in a row of `body` */
#define BODY_ID(content, piece) ((int64_t)((content) << 12 | (piece)))
#define BODY_PIECES		4096

struct gw_derived;

/* Reads the raw message, as gw_read_fn. */
struct body_source {
	long (*read)(void *ctx, uint64_t off, void *dst, size_t n);
	void *ctx;
	struct gw_slice whole; /* the bytes, when they lie in memory; p NULL: read them */
};

/* Store a message and give it its number; or find that the account has the same bytes already (*ret_shared). email: its
 * EMAILID, 0: a new one. */
int content_add(struct gw_db *db, struct account_row *acct, const struct gw_derived *d, const struct body_source *src,
	uint64_t email, uint64_t *ret, struct gw_err *err);

/* Describe a content whose number is known (in a mirror), without storing its bytes, its threads or references to it. What was
 * there is replaced. */
int content_describe(struct gw_db *db, uint64_t content, const struct gw_derived *d, struct gw_err *err);

/* Store one piece of its bytes; what was there is replaced. */
int content_put_piece(struct gw_db *db, uint64_t content, uint64_t piece, struct gw_slice octets, struct gw_err *err);

/* What tells that the octets of a piece are those that were written; no secret. */
uint64_t body_digest(struct gw_slice piece);

/* Work out anew, from the stored bytes, what was derived from a content. email, thread: 0 when they are not known any
 * more. *ret_size: octets of its pieces. */
int content_rebuild(struct gw_db *db, uint64_t content, uint64_t email, uint64_t thread, uint64_t *ret_size,
	struct gw_err *err);

/* Copy a content from one database into another. */
int content_clone(struct gw_db *from, uint64_t content, struct gw_db *to, struct account_row *acct, uint64_t *ret,
	struct gw_err *err);

/* ---- bytes of a mirror's messages (cached.c), in a transaction ---- */

/* 1, 0 not here, or a code. used: seconds since 1970. */
int cached_get(struct gw_db *db, uint64_t content, uint64_t *ret_size, int64_t *ret_used, struct gw_err *err);
int cached_sum(struct gw_db *db, uint64_t *ret, struct gw_err *err);
/* All pieces are written: the message counts from now on. */
int cached_add(struct gw_db *db, uint64_t content, uint64_t size, int64_t now, struct gw_err *err);
/* The bytes go, those of a message that is not whole, too. */
int cached_remove(struct gw_db *db, uint64_t content, struct gw_err *err);

#endif
