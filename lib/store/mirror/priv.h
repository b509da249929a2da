/* priv.h - what the files of mirror/ share: a transaction, the mailboxes it has looked at, facts of messages
 *
 * state.c has the row of the account, tx.c begins and commits, box.c knows mailboxes, row.c changes lists, facts.c reads and
 * writes what is known of messages. The files named after questions and changes (mailboxes.c, emails.c, list.c, alias.c, ask.c,
 * bytes.c) stand on these. */
#ifndef GW_STORE_MIRROR_PRIV_H
#define GW_STORE_MIRROR_PRIV_H

#include "store/account/row.h"
#include "store/mirror/mirror.h"

/* ---- mailboxes (box.c) ---- */

/* What becomes of a row that is in the list already. */
struct row_edit {
	uint32_t uid;
	bool remove;
	size_t nth;     /* of several for one message the last one counts */
	uint64_t flags; /* without \Deleted, which stays */
};

/* A mailbox the transaction has looked at. */
struct tx_box {
	uint64_t mailbox;
	char *id;
	unsigned rights;
	enum jmap_role role;
	bool complete;
	uint64_t copies;
	bool put;     /* these have changed */
	bool removed;

	bool loaded;  /* row is there */
	struct mailbox_row row;
	uint64_t from;      /* its modseq before */
	uint32_t first_uid; /* its uidnext before */
	bool changed; /* row.modseq is the new one */

	struct gw_entry *add; /* rows that come behind the last one, UIDs ascending */
	size_t n_add, cap_add;
	struct row_edit *edit;
	size_t n_edit, cap_edit;
	struct gw_set touched; /* UIDs of rows that are new or changed */
	struct delta delta;    /* their last state, for the cached index; and what is gone, for the log of expunges */
	uint64_t keywords;  /* number of the keywords that bits are of; 0: none */
	uint64_t bits;
};

/* By number or by the server's id; GW_ENOENT. *ret is the transaction's. */
int box_numbered(struct mirror_tx *tx, uint64_t mailbox, struct tx_box **ret, struct gw_err *err);
int box_named(struct mirror_tx *tx, struct gw_slice id, struct tx_box **ret, struct gw_err *err);

/* Read its row, when that was not done yet. */
int box_load(struct mirror_tx *tx, struct tx_box *box, struct gw_err *err);

/* Something that clients see changes in it: it gets its new modseq. The row is loaded. */
void box_touch(struct mirror_tx *tx, struct tx_box *box);

/* Write its rows, at the end of the transaction. */
int box_finish(struct mirror_tx *tx, struct tx_box *box, struct gw_err *err);
void box_free(struct tx_box *box);

/* ---- a transaction (tx.c) ---- */

struct mirror_tx {
	struct gw_db *db;
	struct account_row acct;
	bool acct_changed;
	bool changed; /* clients see something of it */
	bool wrote;   /* there is something to commit */
	bool broken;  /* a change was half done */
	int64_t now;

	struct tx_box **boxes;
	size_t n_boxes;
	struct tx_box **by_id, **by_number; /* hash tables, both of `slots` */
	size_t slots;

	struct gw_arena scratch; /* of one message; reset by whoever begins with the next */
	struct tail *tail;

	char *keywords;          /* the last ones that were worked out, as text */
	uint64_t keywords_number;
	uint64_t system;
	struct gw_slice *names;
	size_t n_names;
	struct gw_arena keywords_arena;
};

/* ---- rows of lists (row.c) ---- */

/* Put the message behind the last one of the mailbox. again: it has a row there already. */
struct facts;
int row_add(struct mirror_tx *tx, struct tx_box *box, const struct facts *f, bool again, uint32_t *ret_uid,
	struct gw_err *err);
/* Take a row away. The place of the message is forgotten at once, the list follows. */
int row_remove(struct mirror_tx *tx, struct tx_box *box, uint64_t content, uint32_t uid, struct gw_err *err);
/* The message has other keywords. */
int row_flags(struct mirror_tx *tx, struct tx_box *box, const struct facts *f, uint32_t uid, struct gw_err *err);

/* Bring the list in the database up to what was said above. */
int rows_flush(struct mirror_tx *tx, struct tx_box *box, struct gw_err *err);

/* ---- facts of messages (facts.c) ---- */

struct facts { /* a row of remote_email; texts in the scratch arena */
	uint64_t content, size;
	int64_t received;
	struct gw_slice mailboxes, keywords, id, blob, thread;
};

/* 1, 0 not known, or a code. */
int facts_find(struct gw_db *db, struct gw_slice id, struct gw_arena *arena, struct facts *ret, struct gw_err *err);
int facts_get(struct gw_db *db, uint64_t content, struct gw_arena *arena, struct facts *ret, struct gw_err *err);

/* A message that was not known: it gets its content number. */
int facts_add(struct mirror_tx *tx, struct facts *f, struct gw_err *err);
int facts_put(struct mirror_tx *tx, const struct facts *f, struct gw_err *err);

/* What the server says now of a message, all of whose facts (but mailboxes) v tells. */
void facts_of(struct mirror_tx *tx, const struct jmap_email *v, struct facts *ret);
/* Is the message what we know under its id? One that comes back with other facts, after it was destroyed, is a new one for
 * IMAP: a UID never stands for other octets (RFC 9051 2.3.1.1). */
bool facts_same(const struct jmap_email *v, const struct facts *known);
struct gw_slice facts_keywords(struct gw_arena *arena, const struct gw_slice *v, size_t n);

/* Numbers of the mailboxes with these ids, as text; 0 for those that are not known. */
int facts_mailboxes(struct mirror_tx *tx, const struct gw_slice *ids, size_t n, struct gw_slice *ret, struct gw_err *err);

/* Numbers as text, in order: the next one is cut off. */
bool facts_number(struct gw_slice *text, uint64_t *ret);
/* The text with the number (in: true) or without it. */
struct gw_slice facts_numbers(struct gw_arena *arena, struct gw_slice text, uint64_t number, bool in);

/* Where the message has rows; in the scratch arena. */
struct place {
	uint64_t mailbox;
	uint32_t uid;
};
int facts_places(struct mirror_tx *tx, uint64_t content, struct place **ret, size_t *ret_n, struct gw_err *err);

/* Forget the message when no mailbox has it any more. */
int facts_forget_unplaced(struct mirror_tx *tx, uint64_t content, struct gw_err *err);

/* The message is gone: its rows and what is known of it. */
int facts_remove(struct mirror_tx *tx, uint64_t content, struct gw_err *err);

/* Flags of the message in a mailbox: bits of its keywords, which get numbers there as long as there is room. */
uint64_t facts_flags(struct mirror_tx *tx, struct tx_box *box, struct gw_slice keywords);

/* ---- texts ---- */

static inline struct gw_slice text_of(sqlite3_stmt *st, int column)
{
	const char *p = (const char *)sqlite3_column_text(st, column);

	return gw_slice(p ? p : "", (size_t)sqlite3_column_bytes(st, column));
}

static inline void bind_text(sqlite3_stmt *st, int i, struct gw_slice s)
{
	sqlite3_bind_text(st, i, s.n ? s.p : "", (int)s.n, SQLITE_STATIC);
}

#endif
