/* tls.h - TLS on nonblocking sockets (OpenSSL 3)
 *
 * OpenSSL never sees a socket: it reads from bytes that were received already and writes into the thread's staging
 * buffer, so one event costs one read and one write however many records are in it, and a connection can be served by
 * a loop now and by a worker next.
 *
 * A tls_set is what one configuration says about TLS: immutable, shared by all threads and inherited by children. The
 * keys of session tickets outlive it (struct tls_tickets), so clients resume across reloads, loops and children. */
#ifndef GW_DAEMON_TLS_H
#define GW_DAEMON_TLS_H

#include "config/config.h"
#include "daemon/scratch.h"
#include "session/session.h"
#include "util/err.h"

#include <openssl/ssl.h>
#include <stdatomic.h>

struct stat;
struct tls_set;

#define TLS_TICKET_KEYS 4 /* generations kept; the newest encrypts */
#define TLS_TICKET_ROTATE_S (12 * 3600) /* age at which another one is drawn */

struct tls_ticket_key {
	unsigned char name[16], aes[32], hmac[32];
};

struct tls_tickets {
	struct tls_ticket_key key[TLS_TICKET_KEYS];
	_Atomic unsigned newest; /* counts up; modulo TLS_TICKET_KEYS is the index */
	unsigned made;           /* how many keys are valid */
	int64_t drawn_s;         /* wall clock: when the newest was drawn */
};

/* Draw the first key, or the next one (about twice a day: main thread only). The two before it are still accepted. */
void tls_tickets_rotate(struct tls_tickets *t);

/* Draw so many keys that no ticket that was given out is accepted any more. Main thread. */
void tls_tickets_forget(struct tls_tickets *t);

/* How many keys open a ticket, the newest among them. */
unsigned tls_tickets_accepted(const struct tls_tickets *t);

/* Load everything that cfg says about TLS; the files are read here. tickets: kept. *ret is freed by tls_set_free(). */
int tls_set_new(const struct gw_config *cfg, struct tls_tickets *tickets, struct tls_set **ret, struct gw_err *err);
void tls_set_free(struct tls_set *set);

/* Have the certificate, key or CA files changed on disk since the set was made? */
bool tls_set_stale(const struct tls_set *set);

/* The i-th file that was read, as it was then; false behind the last. *path is kept by the set. */
bool tls_set_file(const struct tls_set *set, size_t i, const char **path, struct stat *st);

/* When the i-th certificate ends (wall clock), and a name in it; false behind the last. */
bool tls_set_certificate(const struct tls_set *set, size_t i, int64_t *expires, char *name, size_t cap);

/* Take the files as they are now for known: they are no reason to ask again. Main thread. */
void tls_set_mark(struct tls_set *set);

/* ---- tls_facts.c: what is in the certificates ---- */

struct tls_facts {
	char subject[256], issuer[256]; /* RFC 2253, cut when longer */
	char serial[64];                /* hexadecimal */
	char key[48];                   /* "EC prime256v1", "RSA 2048", "ED25519" */
	char signature[48];             /* "ecdsa-with-SHA256" */
	char fingerprint[65];           /* SHA-256, hexadecimal */
	char ocsp[256];                 /* where its state may be asked for; "": nowhere */
	bool must_staple;               /* clients expect the answer from us, who have none */
	int64_t not_before, not_after;  /* wall clock */
	unsigned chain;                 /* certificates sent with it */
};

/* Of the i-th certificate; false behind the last. */
bool tls_set_facts(const struct tls_set *set, size_t i, struct tls_facts *ret);

/* The k-th name that the i-th certificate is for (SNI); NULL behind the last. Kept by the set. */
const char *tls_set_name(const struct tls_set *set, size_t i, size_t k);

/* The first name that old is for and now is not; NULL: all are there. */
const char *tls_set_lost_name(const struct tls_set *old, const struct tls_set *now);

enum tls_result { TLS_OK, TLS_MORE, TLS_EOF, TLS_FAILED };

struct tls_conn {
	SSL *ssl;
	struct gw_slice in;     /* received, not decrypted; only during a call */
	struct scratch *io;     /* only during a call */
	struct gw_out wire;     /* encrypted, not sent */
	const char *alpn;       /* the one protocol that is served here */
	const char *problem;    /* why the handshake failed, for the log */
	unsigned handshakes;
	bool closed;            /* our close_notify is out */
};

/* alpn: "imap" or "pop3" (keeps). Returns owned, NULL when OpenSSL has no memory. */
struct tls_conn *tls_conn_new(struct tls_set *set, const char *alpn);
void tls_conn_free(struct tls_conn *t);

/* Go on with the handshake using what came (all of *in is consumed). TLS_OK: finished; TLS_MORE. What is to be sent
 * stands in io afterwards: tls_flush(). */
enum tls_result tls_handshake(struct tls_conn *t, struct scratch *io, struct gw_slice *in);

/* Decrypt *in (all of it is consumed) to io->plain; *ret_n bytes are there also when the result is TLS_EOF.
 * TLS_OK, TLS_EOF (close_notify) or TLS_FAILED. */
enum tls_result tls_read(struct tls_conn *t, struct scratch *io, struct gw_slice *in, size_t *ret_n);

/* Encrypt out and send it on fd until done or the socket is full; with last, say goodbye after it.
 * TLS_OK: all is sent; TLS_MORE: wait for the socket; TLS_FAILED. *ret_sent: bytes that went out. */
enum tls_result tls_flush(struct tls_conn *t, struct scratch *io, int fd, struct gw_out *out, bool last,
			  uint64_t *ret_sent);

/* Fill in what a session may know: tls, channel binding, user of a verified certificate. */
void tls_describe(const struct tls_conn *t, struct gw_peer *peer);

bool tls_resumed(const struct tls_conn *t);

/* "TLSv1.3", "TLS_AES_256_GCM_SHA384": what was agreed on; static text. */
const char *tls_version(const struct tls_conn *t);
const char *tls_cipher(const struct tls_conn *t);

/* The name the client asked for, or "". Good as long as t is. */
const char *tls_sni(const struct tls_conn *t);

/* "TLSv1.3 TLS_AES_256_GCM_SHA384": for the log. Writes at most cap bytes. */
void tls_name(const struct tls_conn *t, char *p, size_t cap);

#endif
