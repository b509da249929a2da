/* text.h - the full-text index of an account: <dir>/text.db beside mail.db
 *
 *   textread.c   the folded text of a message, from mail.db
 *   textsig.c    signatures: which trigrams are in which of 256 messages, bit-sliced
 *   textaddr.c   addresses that are not written in the header as ENVELOPE has them
 *   textdb.c     the file: making, opening, forgetting
 *   textwrite.c  bringing it up to date
 *   textfind.c   asking it
 *   textindex.c  the thread that does so for all accounts
 *   match.c      gw_mbox_match()
 *
 * The index holds for each content (which never changes) its folded text, what FROM, TO, CC and BCC find beside it, and for every
 * 256 of them a block of signatures of both. It is only ever a shortcut: what it does not know, or knows under another size, is read from the message. So it
 * may lag behind, be thrown away at any time, and be written by whichever process comes first. */
#ifndef GW_STORE_LOCAL_TEXT_H
#define GW_STORE_LOCAL_TEXT_H

#include "store/account/priv.h"
#include "store/addresses.h"
#include "store/derive.h"
#include "store/local/local.h"
#include "text/fuzzy.h"
#include "util/buf.h"

/* ---- textread.c ---- */

struct text_reader {
	struct gw_db *db;
	sqlite3_stmt *parts;
	sqlite3_blob *body;
	int64_t row; /* body stands on; 0: nowhere */
	uint64_t content, size, header_size;
};

typedef bool (*text_sink)(void *ctx, struct gw_slice text, enum gw_text_scope part);

/* db: checked out, kept until done. */
void text_reader_init(struct text_reader *r, struct gw_db *db);
void text_reader_done(struct text_reader *r);

/* gw_text_extract() of a content. GW_EGONE: it was removed. */
int text_read(struct text_reader *r, uint64_t content, unsigned scope, text_sink sink, void *ctx, struct gw_err *err);

/* The header block only, raw, at most max octets, appended to b. GW_EGONE. */
int text_read_header(struct text_reader *r, uint64_t content, size_t max, struct gw_buf *b, struct gw_err *err);

/* ---- textsig.c ---- */

#define TEXT_BLOCK    256 /* messages in a block */
#define TEXT_WORDS    (TEXT_BLOCK / 64)
#define TEXT_BITS_MAX 65536u
#define TEXT_GROUP    32 /* bits of the signature, for all messages of the block, in one row of `sig` */

enum text_part { /* of a message, that has signatures of its own */
	TEXT_ALL,
	TEXT_HEADER,
	TEXT_PARTS
};

struct text_row { /* one bit of the signatures of all messages in a block */
	uint64_t w[TEXT_WORDS];
};

struct text_sig {
	uint32_t bits;	      /* of a signature: a power of two */
	unsigned n;	      /* messages */
	struct text_row *row; /* [bits] */
};

void text_sig_init(struct text_sig *s);
void text_sig_done(struct text_sig *s);
void text_sig_add(struct text_sig *s, struct gw_slice text); /* the next message */
void text_sig_also(struct text_sig *s, struct gw_slice text); /* more of the same message */

/* Make the signatures as short as they can be with at most one bit of `sparse` set, then let the messages of `all` have every bit. */
void text_sig_finish(struct text_sig *s, unsigned sparse, const struct text_row *all);

/* The row of `sig` that has this bit, for the block that begins with this content. */
int64_t text_sig_id(uint64_t first, enum text_part part, uint32_t bit);

#define TEXT_PROBES 16

/* Bits that are set in the signature (of TEXT_BITS_MAX) of every text with needle in it; returns how many, at most
 * TEXT_PROBES. 0: needle is too short for that. */
unsigned text_probes(struct gw_slice needle, uint32_t ret[TEXT_PROBES]);

/* ---- textaddr.c ---- */

#define TEXT_KEYS 4 /* FROM, TO, CC and BCC, as enum gw_match_field has them */

/* What address.data begins with. Behind it the texts, one after the other. No head: they are too long, ask the ENVELOPE. */
struct text_address_head {
	uint32_t n[TEXT_KEYS]; /* octets of the text (store/addresses.h) that the key has not; 0: the key has it all */
};

/* Pack what these lists of an ENVELOPE have that is not in the keys (struct gw_derived.key_from and so on) into *ret, which is emptied
 * first. False: nothing is, which is so for most messages. */
bool text_addresses_pack(struct gw_slice envelope, const struct gw_slice key[TEXT_KEYS], struct gw_buf *ret);

/* The text of one of them: false when that has to be asked of the ENVELOPE. */
bool text_addresses_get(struct gw_slice packed, enum gw_match_field field, struct gw_slice *ret);

static inline enum gw_envelope_list text_list_of(enum gw_match_field field)
{
	return field == GW_MATCH_FROM ? GW_ENVELOPE_FROM : GW_ENVELOPE_TO + (field - GW_MATCH_TO);
}

/* ---- textdb.c ---- */

#define TEXT_BYTES_MAX ((size_t)1 << 20) /* a longer text is not kept, nor one of a header beyond GW_TEXT_FIELD_MAX: the message is read */

struct text_meta {
	unsigned char key[16]; /* account.key of mail.db */
	uint64_t upto;	       /* every content up to here was looked at */
	uint64_t highest;      /* the last content that has a text; those behind upto came early */
	int64_t swept;	       /* when texts of removed messages were last looked for */
};

struct text_member { /* a message of a block */
	uint32_t content; /* less the first one of the block */
	uint32_t size;	  /* octets of the message */
};

struct text_head { /* what text.data begins with; no head: the text is too long, read the message */
	uint32_t size;	 /* octets of the message */
	uint32_t header; /* octets of the text that are of the header */
};

struct text_db {
	sqlite3 *sql;
	char *path;
	bool damaged; /* SQLite found so */
};

/* Open for asking: GW_ENOENT when there is none of our version. For writing: made when missing, made anew when it is damaged or
 * of another version. */
int text_db_open(const char *dir, bool write, struct text_db **ret, struct gw_err *err);

/* Is the file one of another version? False when it is not there. A look at four octets; what lies in the WAL is not seen. */
bool text_db_is_old(const char *path);
/* NULL is fine. An index that was found damaged is thrown away; nothing of it may be in use then. */
void text_db_close(struct text_db *t);

/* Throw away everything, whatever state it is in. Not in a transaction. */
int text_db_reset(struct text_db *t, struct gw_err *err);
int text_db_fail(struct text_db *t, int rc, struct gw_err *err);
int text_db_exec(struct text_db *t, const char *sql, struct gw_err *err);
int text_db_prepare(struct text_db *t, const char *sql, sqlite3_stmt **ret, struct gw_err *err);
int text_db_meta(struct text_db *t, struct text_meta *ret, struct gw_err *err);

/* Is the index one of the contents that db has? (Not when mail.db was replaced by another or an older one.) */
int text_db_fits(const struct text_meta *meta, struct gw_db *db, bool *ret, struct gw_err *err);

/* ---- textwrite.c ---- */

/* Take up what is new in the account, until nothing is or *stop. Any thread; several may do it at once, one waits. */
int text_update(struct gw_db_account *acc, const char *dir, int64_t now, const atomic_bool *stop, struct gw_err *err);

/* Messages whose bytes are at hand now: take up their texts, in whatever order they come. patient: GW_EBUSY only after a while; else
 * whoever writes at the moment is not waited for. */
struct text_bytes {
	uint64_t content, size;
	const struct gw_derived *derived;
	gw_read_fn read;
	void *ctx;
};
int text_put(struct gw_db_account *acc, const char *dir, int64_t now, const struct text_bytes *v, size_t n, bool patient,
	     const atomic_bool *stop, struct gw_err *err);

/* The same as text_update() for a mirror, whose messages come when they are needed: have the next ones of those that are not in the
 * index brought, and take them up. *after: where the last call came to, 0 at first; 0 again when there are no others. So those that the
 * server has not, or does not give, are passed over, and asked for again the next time. */
int text_fill(struct gw_db_account *acc, const char *dir, int64_t now, const atomic_bool *stop, uint64_t *after, struct gw_err *err);

/* Throw the index away and build it anew. go_on is asked between two pieces of the work with the highest content that is in
 * it; false: the rest is left to whoever comes next. */
int text_rebuild(struct gw_db_account *acc, const char *dir, int64_t now, bool (*go_on)(void *ctx, uint64_t upto), void *ctx,
		 struct gw_err *err);

/* ---- textfind.c ---- */

enum text_state { TEXT_UNKNOWN, TEXT_NO, TEXT_YES };

struct text_want {
	uint64_t content;
	uint32_t size, seq;
	enum text_state state;
	bool keyed;	/* FROM and the like: what is not in its key is not in its addresses either */
	unsigned score; /* of a fuzzy search, when TEXT_YES */
};

struct text_query {
	struct gw_acct *acct; /* asked whether to stop */
	const struct gw_match *m;
	bool body; /* the header does not count */
	bool field; /* of the header: texts are not looked at */
	uint64_t highest; /* text_meta.highest */
	const struct gw_match_place *place; /* asked whether the step is over; may be NULL */
};

/* Begin to ask t, which is in a transaction. Keeps t and q; closed with text_find_close(), for which NULL is fine. */
struct text_find;
int text_find_open(struct text_db *t, const struct text_query *q, struct text_find **ret, struct gw_err *err);
void text_find_close(struct text_find *f);

/* Put out those of n messages, ascending by content, of which the signatures know that they do not match. What comes in ascending
 * order over several calls, too, is one walk. */
int text_sift(struct text_find *f, struct text_want *v, size_t n, struct gw_err *err);

/* Find out of the others what can be had from the index; the state of the rest stays as it is. 1: the step is over, and the next one
 * asks again. */
int text_find(struct text_find *f, struct text_want *v, size_t n, struct gw_err *err);

/* ---- textindex.c ---- */

/* Bring the index of an account up to date now, on the caller's thread. */
int gw_local_text_update(struct local_store *ls, uint64_t account, const atomic_bool *stop, struct gw_err *err);

/* Does the account wait for its index? *since (may be NULL): wall clock, when it last got mail; now, when all it has is the index
 * of another version. */
bool gw_local_text_waits(const struct local_store *ls, uint64_t account, int64_t *since);

#endif
