/* maildir.h - the names of files in a Maildir, and the lists that Dovecot and Courier keep beside them
 *
 * A message is cur/BASE:2,FLAGS or new/BASE; what stands before the colon never changes, the flags do. Dovecot writes the
 * size into the base (",S=", ",W=" with CRLF), keeps UIDs in dovecot-uidlist, the names of the keywords a..z in
 * dovecot-keywords, subscriptions in subscriptions. Courier has courierimapuiddb, courierimapkeywords/:list,
 * courierimapsubscribed and, for POP3, courierpop3dsizelist. Lists are read line by line from memory; a line that makes no
 * sense is passed over. Results are slices of what is read. Thread: any. */
#ifndef GW_MAILBOX_MAILDIR_H
#define GW_MAILBOX_MAILDIR_H

#include "util/buf.h"
#include "util/slice.h"

#define GW_MAILDIR_KEYWORDS 26 /* keywords that a file name can carry: a..z */

/* ---- file names ---- */

struct gw_maildir_file {
	struct gw_slice base; /* what stays when flags change */
	uint64_t flags;       /* GW_FLAG_* */
	uint32_t keywords;    /* bit 0 for a .. bit 25 for z */
	bool passed;          /* P: resent, forwarded or bounced */
	uint64_t size;        /* octets in the file (,S=); 0: not said */
	uint64_t vsize;       /* octets with CRLF line ends (,W=); 0: not said */
};

/* Read a file name without its folder. False: it is none of a message (empty, or begins with a dot). */
bool gw_maildir_file(struct gw_slice name, struct gw_maildir_file *ret);

/* Append ":2," and the letters, in order. */
void gw_maildir_put_info(struct gw_buf *out, uint64_t flags, uint32_t keywords);

/* ---- UIDs ---- */

struct gw_uidlist {
	uint32_t uidvalidity;
	uint32_t uidnext;
	struct gw_slice rest; /* the rows to come */
	bool v3;              /* of Dovecot 1.1 and later */
};

struct gw_uidlist_row {
	uint32_t uid;
	struct gw_slice base; /* of the file, as gw_maildir_file() cuts it */
	struct gw_slice uidl; /* what POP3 shows instead of the usual; empty: nothing */
};

/* Read the head of a dovecot-uidlist (1 or 3) or courierimapuiddb. False: it is neither. */
bool gw_uidlist_open(struct gw_slice file, struct gw_uidlist *ret);

/* The next row in which there is sense. False: the end. */
bool gw_uidlist_next(struct gw_uidlist *l, struct gw_uidlist_row *ret);

/* The next row of a courierpop3dsizelist (its head cut off with the first call): base, and the UIDL as Courier shows it
 * in uidl, made in text. False: the end. */
bool gw_courier_uidl_next(struct gw_slice *file, char text[static 48], struct gw_uidlist_row *ret);

/* ---- keywords ---- */

/* The next row of dovecot-keywords: number 0..25 and name. False: the end. */
bool gw_keywords_next(struct gw_slice *file, unsigned *ret_number, struct gw_slice *ret_name);

/* courierimapkeywords/:list: first the names, numbered from 0 in their order ... */
bool gw_courier_keyword_next(struct gw_slice *file, struct gw_slice *ret_name);

/* ... then, once there is none any more, base and the numbers of its keywords, parted by blanks. */
bool gw_courier_keywords_of_next(struct gw_slice *file, struct gw_slice *ret_base, struct gw_slice *ret_numbers);

/* ---- subscriptions ---- */

/* Begin: *ret_separator is what parts the levels of the names of this list: given (that of the layout) for old lists of
 * Dovecot and those of Courier, a tab for "V 2". Cuts the head off. */
void gw_subscriptions_open(struct gw_slice *file, char given, char *ret_separator);

/* The next name, still encoded (gw_mailbox_name_read()). text is room for one that has to be unescaped. */
bool gw_subscriptions_next(struct gw_slice *file, struct gw_buf *text, struct gw_slice *ret);

#endif
