/* oracle.h - what a client can check of everything an IMAP server says, without knowing what was asked
 *
 * It reads the responses of one session and keeps the view of the selected mailbox that a client would have. What no
 * client could make sense of ends the program: responses outside the grammar, message numbers that are not there, a UID
 * that changes or does not ascend (RFC 9051 2.3.1.1), EXISTS that shrinks without EXPUNGE (7.4.1), EXPUNGE in answer to
 * FETCH, STORE or SEARCH (7.5.1), updates of a result that name messages which are not there (RFC 5267 4.3.4), a size that is not that of the octets (RFC822.SIZE beside BODY[]). */
#ifndef GW_TESTS_FUZZ_ORACLE_H
#define GW_TESTS_FUZZ_ORACLE_H

#include "util/buf.h"

struct oracle_message {
	uint32_t uid;    /* 0: not told yet */
	uint64_t digest; /* of its flags (without \Recent), size and octets, as they were told last */
};

struct oracle {
	struct gw_buf in; /* what came of a response that is not whole yet */
	struct oracle_message *messages;
	size_t exists, cap;
	uint32_t uidvalidity;
	bool shrunk;      /* since the last tagged response, EXISTS went down */
	bool expunged;    /* ... or messages went */
	char status[4];   /* of the last tagged response: OK, NO, BAD; "" before */
};

void oracle_init(struct oracle *o);
void oracle_done(struct oracle *o);

/* Bytes that the server sent. */
void oracle_take(struct oracle *o, struct gw_slice bytes);

/* Both have fetched (UID FLAGS RFC822.SIZE BODY.PEEK[]) of all messages: they must have been told the same. */
void oracle_compare(const struct oracle *a, const struct oracle *b);

#endif
