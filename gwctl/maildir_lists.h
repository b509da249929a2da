/* maildir_lists.h - the lists of Dovecot and Courier beside the messages of a Maildir, read together
 *
 * One struct for a folder: what is known of each base name, whoever noted it. Thread: owner. */
#ifndef GWCTL_MAILDIR_LISTS_H
#define GWCTL_MAILDIR_LISTS_H

#include "mailbox/maildir.h"
#include "util/arena.h"

#define MAILDIR_LIST_MAX (256u * 1024 * 1024) /* octets of one list */

/* What the lists say of a message. */
struct maildir_known {
	struct gw_slice base;
	uint32_t uid;            /* 0: none */
	const char *uidl;        /* NULL: none */
	struct gw_slice courier; /* numbers of its keywords in courier[] of the folder, parted by blanks */
};

struct maildir_lists {
	uint32_t uidvalidity, uidnext; /* 0: none */
	bool dovecot;                  /* UIDs are Dovecot's */
	struct maildir_known *known;   /* sorted by base */
	size_t n_known;
	const char *keywords[GW_MAILDIR_KEYWORDS]; /* of the letters; NULL: no name */
	const char **courier;          /* keywords of Courier */
	size_t n_courier;
	struct gw_arena arena;         /* where all of it lives */
};

/* Read the lists of the folder. Missing and broken ones are as if they were empty. Free with done(). */
void maildir_lists_read(struct maildir_lists *l, int folder);
/* UIDVALIDITY and UIDNEXT alone. */
void maildir_lists_peek(int folder, uint32_t *ret_uidvalidity, uint32_t *ret_uidnext);
void maildir_lists_done(struct maildir_lists *l);

/* NULL: nothing is known of it. */
const struct maildir_known *maildir_lists_find(const struct maildir_lists *l, struct gw_slice base);

#endif
