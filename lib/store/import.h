/* import.h - bringing mail from elsewhere into an account, in steps that can be interrupted and gone on with
 *
 * An account remembers what was imported: for each source and mailbox a map from the source's name of a message (its
 * key) to the UID it got. The map is written in the transaction that brings the messages. So whatever way an import
 * ended, the next run of it brings what is missing and nothing twice; and what a user has removed since does not come
 * back. One folder of a source goes like this:
 *
 *	gw_import_folder -> gw_import_known -> gw_append_open, _set, _write -> gw_import_commit ... -> gw_import_finish
 *
 * Calls may block for as long as the work takes. Functions return 0 or a negative enum gw_code; *ret is untouched on
 * failure; GW_ENOTSUP: the store cannot do it. Thread: any, one at a time for an account that is open. */
#ifndef GW_STORE_IMPORT_H
#define GW_STORE_IMPORT_H

#include "store/store.h"

#define GW_IMPORT_KEY_MAX 1000 /* octets of a key, and of what names a source */
#define GW_IMPORT_UIDL_MAX 96  /* octets of a POP3 name: RFC 1939 section 7 allows 70, those of kopano-gateway have 96 */

struct gw_import_folder {
	struct gw_slice source; /* names where it comes from, the same at every run: 1..GW_IMPORT_KEY_MAX octets */
	struct gw_slice name;   /* the mailbox it is to go to; made when it is missing */
	uint32_t uidvalidity;   /* of the UIDs that its messages have at the source; 0: they have none to be kept */
	unsigned special;       /* GW_MBOX_* of the special-use half, or 0 */
	bool selectable;        /* false: only the name is wanted, for what lies below it */
	bool subscribe;
	bool again;             /* forget what was imported from there to there before */
	bool look;              /* change nothing, only say what would be */
};

struct gw_import_into {
	struct gw_mbox_id id;   /* with look, 0: there is none yet */
	uint64_t map;           /* number of the map; 0: nothing was imported yet */
	bool created;           /* there was no such mailbox */
	bool keeps_uids;        /* UIDs stay as long as they lie above those the mailbox has had */
};

/* Find or make the mailbox of a folder. A mailbox that was renamed since an earlier import is found again. It takes on
 * uidvalidity when it holds nothing, and the special use unless another mailbox uses that for its mail. GW_EINVAL, GW_ELIMIT:
 * not a name for a mailbox; GW_EACCES: not there. */
int gw_import_folder(struct gw_acct *a, const struct gw_import_folder *f, struct gw_import_into *ret,
		     struct gw_err *err);

/* Which of n messages were imported before: ret[i]. */
int gw_import_known(struct gw_acct *a, const struct gw_import_into *into, const struct gw_slice *keys, size_t n,
		    bool *ret, struct gw_err *err);

struct gw_import_message {
	struct gw_append *append; /* whole, with flags and date set; stays the caller's */
	struct gw_slice key;
	struct gw_slice uidl;     /* what POP3 clients know it by; empty: nothing of its own */
	uint32_t uid;             /* at the source; 0: none */
	/* What became of it: */
	int rc;                   /* 0; GW_EQUOTA, GW_ELIMIT: left out, no room; GW_EEXIST: left out, was imported meanwhile */
	bool renumbered;          /* it got another UID than the one it had */
	bool keyword_lost;        /* a keyword is not one here, or the mailbox has no room for more */
	bool uidl_lost;           /* its POP3 name is not one (RFC 1939 section 7) */
};

/* Put the messages into the mailbox, those for which there is room, and into the map, in one durable transaction. On
 * failure none is in. GW_ENOENT: the mailbox is gone. */
int gw_import_commit(struct gw_acct *a, const struct gw_import_into *into, struct gw_import_message *v, size_t n,
		     struct gw_err *err);

struct gw_import_flags {
	struct gw_slice key;
	uint64_t system; /* GW_FLAG_* of the low byte */
	const struct gw_slice *keywords;
	size_t n_keywords;
};

/* Give messages that were imported before the flags they have at the source now, where those changed since. What was
 * changed here only stays. *ret: how many got other flags. */
int gw_import_flags(struct gw_acct *a, const struct gw_import_into *into, const struct gw_import_flags *v, size_t n,
		    uint64_t *ret, struct gw_err *err);

/* All messages of the folder are in: UIDs below uidnext, which the source has used up, are not given out here. 0: unknown. */
int gw_import_finish(struct gw_acct *a, const struct gw_import_into *into, uint32_t uidnext, struct gw_err *err);

struct gw_import_uidl {
	uint32_t uid;
	struct gw_slice uidl;
};

/* May a message be known to POP3 clients by it: 1..GW_IMPORT_UIDL_MAX octets of 0x21..0x7E? */
bool gw_import_uidl_ok(struct gw_slice uidl);

/* Give messages of a mailbox, in ascending order of their UIDs, the names that POP3 clients know them by from elsewhere, in one
 * durable transaction, in place of those they have. Messages that are gone are left out. *ret: how many got one. */
int gw_import_uidls(struct gw_acct *a, struct gw_mbox_id id, const struct gw_import_uidl *v, size_t n, uint64_t *ret, struct gw_err *err);

#endif
