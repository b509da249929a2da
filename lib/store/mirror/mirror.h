/* mirror.h - an account's database as the picture of an account on a storage server
 *
 * The tables of store/account hold the IMAP side: mailboxes, message lists with UIDs, flags and MODSEQ, the log of expunges.
 * Here are the tables that tie them to the server's ids, and the functions that bring the picture up to date. A server without
 * UIDs gets them here: once given, a pair of UIDVALIDITY and UID names one message for ever.
 *
 *   remote           one row: which account of which server, its state strings
 *   remote_mailbox   mailbox -> the server's id, rights, whether its list is complete
 *   remote_email     content -> the server's id, blob, thread
 *   place            content -> (mailbox, uid): where IMAP shows it; several rows of one mailbox are copies that the server knows
 *                    as one message
 *   cached           content -> size of its bytes in `body`, when they were used: a bounded cache
 *   swept            contents that went, whose derived rows and bytes go, too. A trigger writes it, whoever brings the changes
 *
 * `content`, `header`, `search` and `body` rows of a message are there once its bytes were seen; until then a message is in the
 * lists only. Nothing here knows the network; every call runs in the caller's transaction or makes one of its own, as it says. */
#ifndef GW_STORE_MIRROR_MIRROR_H
#define GW_STORE_MIRROR_MIRROR_H

#include "store/account/view.h"
#include "store/jmap/facts.h"

struct mirror_tx; /* a write transaction that changes what clients see (replicated when the map is shared) */

struct mirror_state {
	char account[JMAP_ID_MAX + 1];
	struct gw_slice email_state, mailbox_state; /* n 0: never synchronised; live in the arena */
	bool listed;                 /* the list of mailboxes is complete */
};

/* The state as committed; GW_ENOENT: a new database, nothing is known. */
int mirror_state_get(struct gw_db_account *acc, struct gw_arena *arena, struct mirror_state *ret, struct gw_err *err);

/* ---- changing the picture ---- */

/* GW_EBUSY, GW_EUNAVAIL (the shared map cannot be reached) ... */
int mirror_begin(struct gw_db_account *acc, struct mirror_tx **ret, struct gw_err *err);
/* Commit everything or nothing; ring the bell when clients see a change. Frees tx whatever it says. */
int mirror_commit(struct mirror_tx *tx, struct gw_err *err);
void mirror_rollback(struct mirror_tx *tx); /* NULL is fine */

/* The state inside the transaction (another process may have moved it on), and setting it. NULL: leave alone. */
int mirror_tx_state(struct mirror_tx *tx, struct gw_arena *arena, struct mirror_state *ret, struct gw_err *err);
int mirror_tx_set_account(struct mirror_tx *tx, struct gw_slice account, struct gw_err *err);
int mirror_tx_set_states(struct mirror_tx *tx, const struct gw_slice *email, const struct gw_slice *mailbox, struct gw_err *err);

/* The whole tree of the server's mailboxes: what is new is made, what has gone is removed with its messages, what has another
 * name or parent is renamed (UIDs and UIDVALIDITY stay). Names are made by jmap/tree.h. The subscription of
 * a mailbox is the server's, and goes with it to another name; names that no mailbox has stay subscribed. Refused with
 * GW_ECORRUPT when v is empty or has no inbox although the mirror has: an outage must not look like an empty account. A mailbox
 * that is listed twice is GW_ECORRUPT, too. */
int mirror_tx_mailboxes(struct mirror_tx *tx, const struct jmap_mailbox *v, size_t n, struct gw_err *err);

/* Messages as they are now on the server: rows in mailboxes appear (in the order of v, with UIDNEXT), vanish, or get other
 * flags (\Deleted and \Recent are ours and stay). Only mailboxes whose list is complete are touched. Messages that are unknown
 * need blob, thread, size and received, else GW_EINVAL; nothing is kept of those that no complete list is to have. A message that
 * has another size, or another blob and time, than was told under its id is another one: it gets new UIDs, and what was here of
 * the old one's bytes is never shown for it. Keywords for which a mailbox has no room are left out there. */
int mirror_tx_emails(struct mirror_tx *tx, const struct jmap_email *v, size_t n, struct gw_err *err);

/* Messages that are gone from the server. Unknown ids are fine. */
int mirror_tx_gone(struct mirror_tx *tx, const struct gw_slice *ids, size_t n, struct gw_err *err);

/* Part of the list of a mailbox, which need not be complete: messages with all their facts that have no row there get one, in the
 * order of v; others get the flags of v. Several transactions, one behind the other, bring a large mailbox in. */
int mirror_tx_list(struct mirror_tx *tx, uint64_t mailbox, const struct jmap_email *v, size_t n, struct gw_err *err);

/* All ids of a mailbox as the server lists them: rows of others vanish, and the mailbox's list is complete from now on. Each of
 * ids has a row by mirror_tx_list(), else GW_EBUG. */
int mirror_tx_complete(struct mirror_tx *tx, uint64_t mailbox, const struct gw_slice *ids, size_t n, struct gw_err *err);

/* One more row for a known message in a mailbox, whether it is there already or not (COPY). Its flags are those it has elsewhere,
 * without \Deleted. GW_ENOENT: the message is not known. */
int mirror_tx_alias(struct mirror_tx *tx, uint64_t mailbox, struct gw_slice id, uint32_t *ret_uid, struct gw_err *err);

/* Take rows away that the server need not hear of (copies), or set and clear \Deleted. uids of one mailbox. */
int mirror_tx_drop(struct mirror_tx *tx, uint64_t mailbox, const struct gw_set *uids, struct gw_err *err);
int mirror_tx_deleted(struct mirror_tx *tx, uint64_t mailbox, const struct gw_set *uids, bool on, struct gw_err *err);

/* Keywords that clients write in this spelling (the server folds case): the names of the mailbox get it. */
int mirror_tx_spelling(struct mirror_tx *tx, uint64_t mailbox, const struct gw_slice *names, size_t n, struct gw_err *err);

/* The UIDs a message got in a mailbox since the transaction began, ascending; for COPYUID and APPENDUID. */
int mirror_tx_placed(struct mirror_tx *tx, uint64_t mailbox, struct gw_slice id, uint32_t *ret_uid, struct gw_err *err);

/* ---- asking ---- */

struct mirror_message {
	uint32_t uid;
	uint64_t content, flags, modseq;
	struct gw_slice id, blob;      /* in the arena */
	struct gw_slice keywords;      /* all that the server has, in lower case, blanks between them */
	uint64_t size;
	unsigned copies;               /* rows of the message in this mailbox, this one included */
	unsigned others;               /* other mailboxes on the server it is in */
};

/* The messages of a mailbox with these UIDs (NULL: all), ascending. */
int mirror_messages(struct gw_db_account *acc, uint64_t mailbox, const struct gw_set *uids, struct gw_arena *arena,
	struct mirror_message **ret, size_t *ret_n, struct gw_err *err);

/* Which of ids have a row in the mailbox (0: in any)? ret[i]: its content, 0 when not. */
int mirror_known(struct gw_db_account *acc, uint64_t mailbox, const struct gw_slice *ids, size_t n, uint64_t *ret,
	struct gw_err *err);

/* The newest message of a mailbox with these bytes: 1 and its UID and the server's id (in arena), 0 when there is none. For an
 * import whose answer was lost. */
int mirror_by_blob(struct gw_db_account *acc, uint64_t mailbox, struct gw_slice blob, struct gw_arena *arena, uint32_t *ret_uid,
	struct gw_slice *ret_id, struct gw_err *err);

/* The server's id of a mailbox and whether its list is complete; GW_ENOENT. */
struct mirror_mailbox {
	uint64_t mailbox;
	struct gw_slice id, name;      /* name: the path that IMAP shows */
	enum jmap_role role;
	unsigned rights;
	bool complete;
	uint64_t messages;             /* different ones, not copies: compares with totalEmails */
};
int mirror_mailbox(struct gw_db_account *acc, uint64_t mailbox, struct gw_arena *arena, struct mirror_mailbox *ret,
	struct gw_err *err);
int mirror_mailboxes(struct gw_db_account *acc, struct gw_arena *arena, struct mirror_mailbox **ret, size_t *ret_n,
	struct gw_err *err);

/* ---- bytes and what is derived from them (never replicated; any process, any time) ---- */

struct mirror_need {
	uint64_t content;
	struct gw_slice id, blob;      /* in the arena */
	uint64_t size;
};

/* Of contents, those whose derived rows (or, with body, bytes) are missing, in their order. */
int mirror_missing(struct gw_db_account *acc, const uint64_t *contents, size_t n, bool body, struct gw_arena *arena,
	struct mirror_need **ret, size_t *ret_n, struct gw_err *err);

/* Bytes that were fetched: n messages, each with its derived values and a source to read them from. Puts what is missing, in
 * transactions of bounded size that do not wait for the disk, and makes room: cached bytes that were not used longest go
 * until no more than max_cache octets are left (never the ones of this call). Skips contents that are gone, and refuses
 * (GW_ECORRUPT) bytes whose number is not the size that the server told. */
struct gw_derived;
struct mirror_bytes {
	uint64_t content;
	const struct gw_derived *derived;
	long (*read)(void *ctx, uint64_t off, void *dst, size_t n);
	void *ctx;
	uint64_t size;
};
int mirror_put_bytes(struct gw_db_account *acc, const struct mirror_bytes *v, size_t n, bool keep_body, uint64_t max_cache,
	struct gw_err *err);

/* Their bytes were used now (coarse: written at most once an hour each). */
int mirror_touch(struct gw_db_account *acc, const uint64_t *contents, size_t n, struct gw_err *err);

#endif
