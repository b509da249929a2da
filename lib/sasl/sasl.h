/* sasl.h - signing on: the server side of SASL mechanisms (RFC 4422) without a socket
 *
 * A protocol decodes base64 and carries the messages; this module knows what they mean. One exchange:
 *
 *	mech = gw_sasl_find(name)			what the client asked for
 *	gw_sasl_offer(mech, &env) == GW_SASL_OFFERED	or the reason why not
 *	s = gw_sasl_new(mech, &env)
 *	gw_sasl_step(s, initial response or NULL, ...)	MORE: send the challenge, step again with the answer
 *	gw_sasl_free(s)					whatever came out of it, also in the middle
 *
 * gw_sasl_step() asks the store and may burn CPU on a password: sessions run it where GW_NEED_AUTH lets them. An
 * answer of "*" (the client gives up) is the protocol's business: it frees the exchange. Everything secret is wiped.
 * Thread: owner. */
#ifndef GW_SASL_SASL_H
#define GW_SASL_SASL_H

#include "util/buf.h"
#include "util/err.h"
#include "util/slice.h"

struct gw_acct;
struct gw_clock;
struct gw_config;
struct gw_peer;
struct gw_sasl;
struct gw_store;

#define GW_SASL_EXCHANGE_MAX (64u * 1024) /* octets of all messages of a client in one exchange, decoded */
#define GW_SASL_EXCHANGE_MS 60000u        /* an exchange that takes longer fails */

/* What an exchange knows of the world. All of it is kept until gw_sasl_free(). */
struct gw_sasl_env {
	const struct gw_config *config;
	struct gw_store *store;
	const struct gw_peer *peer;
	const struct gw_clock *clock;
	const char *service; /* "imap", "pop3" */
	/* Why this user (NULL: anybody) cannot be let in now, or NULL: as gw_env.closed. May be NULL. */
	const char *(*closed)(void *ctx, const char *user);
	void *ctx;
};

enum gw_sasl_fact {
	GW_SASL_PLAINTEXT = 1 << 0,    /* the password itself is sent: disable_plaintext_auth counts */
	GW_SASL_CLIENT_FIRST = 1 << 1, /* the client speaks first */
	GW_SASL_SCRAM = 1 << 2,        /* the store must have SCRAM keys */
	GW_SASL_BINDING = 1 << 3,      /* needs TLS with channel binding */
	GW_SASL_CERTIFICATE = 1 << 4,  /* needs a client certificate with a user name in it */
	GW_SASL_TOKEN = 1 << 5,        /* an access token is sent: the store must take them, and it never goes in the
	                                * clear but from this machine, whatever the options say (RFC 7628 section 3) */
};

enum gw_sasl_result { GW_SASL_MORE, GW_SASL_REFUSED, GW_SASL_DONE, GW_SASL_FAIL };

struct gw_sasl_mech {
	const char *name;  /* as registered: upper case */
	unsigned facts;    /* enum gw_sasl_fact */
	const char *rfc;
	/* For gw_sasl_step() alone. */
	enum gw_sasl_result (*step)(struct gw_sasl *s, const struct gw_slice *data, struct gw_buf *challenge,
				    struct gw_err *err);
};

/* The mechanisms in the order of preference; NULL behind the last. */
const struct gw_sasl_mech *gw_sasl_at(size_t i);

/* By name, in any case; NULL: unknown. */
const struct gw_sasl_mech *gw_sasl_find(struct gw_slice name);

enum gw_sasl_offer {
	GW_SASL_OFFERED,   /* announce it and take it */
	GW_SASL_NOT_HERE,  /* switched off, or impossible on this connection or with this store */
	GW_SASL_EXPOSED,   /* would send a password or token in the clear, which is forbidden: [PRIVACYREQUIRED] */
};

enum gw_sasl_offer gw_sasl_offer(const struct gw_sasl_mech *m, const struct gw_sasl_env *env);

/* Does disable_plaintext_auth forbid passwords on this connection? True: no LOGIN, no USER, no plain mechanisms.
 * Clients on this machine are exempt. */
bool gw_sasl_plaintext_refused(const struct gw_config *config, const struct gw_peer *peer);

/* Begin an exchange that gw_sasl_offer() allows. Returns owned; env is copied, what it points to is kept. */
struct gw_sasl *gw_sasl_new(const struct gw_sasl_mech *m, const struct gw_sasl_env *env);
void gw_sasl_free(struct gw_sasl *s); /* NULL is fine; an account nobody took is closed */

/* One message of the client. data: base64-decoded; NULL in the first call when there was no initial response (an empty
 * one is a slice of 0 octets).
 *	MORE  *challenge (emptied first, init'ed by the caller) goes to the client, not yet base64; it may be empty
 *	REFUSED  as MORE, but it is decided already: *challenge tells the client why the secret was not accepted, err->code
 *	      is GW_EAUTH, and the next message ends in FAIL with the same code. A login that failed is counted now: the
 *	      client may never answer
 *	DONE  *ret is the account, owned by the caller; nothing is to be sent but the success of the protocol
 *	FAIL  err->code says why (err must not be NULL), err->text for the log, without secrets:
 *	      GW_EAUTH     wrong name, password, proof or binding: count it, [AUTHENTICATIONFAILED]
 *	      GW_EINVAL    malformed message: count it too
 *	      GW_EACCES    asked to act as another user: [AUTHORIZATIONFAILED]
 *	      GW_EDISABLED right, but the service is disabled for the user
 *	      GW_ELIMIT    too long or too slow
 *	      others       trouble on our side, GW_EUNAVAIL above all: [UNAVAILABLE], not to be counted
 * After DONE or FAIL only gw_sasl_free() may follow. May block. */
enum gw_sasl_result gw_sasl_step(struct gw_sasl *s, const struct gw_slice *data, struct gw_buf *challenge,
				 struct gw_acct **ret, struct gw_err *err);

const struct gw_sasl_mech *gw_sasl_mech(const struct gw_sasl *s);

/* Has gw_sasl_step() answered REFUSED? */
bool gw_sasl_refused(const struct gw_sasl *s);

/* The user name the client gave so far, NUL-terminated UTF-8 without control characters, "" when there is none; for
 * log and session table. Lives as long as s. */
const char *gw_sasl_user(const struct gw_sasl *s);

/* Sign on with a user name and a password as they came from the wire (LOGIN of IMAP, USER and PASS of POP3): both are
 * read with gw_sasl_text(), then gw_store_login() decides. Codes as it, and GW_EAUTH for names that cannot be. May
 * block. */
int gw_sasl_login(const struct gw_sasl_env *env, struct gw_slice user, struct gw_slice password, struct gw_acct **ret,
		  struct gw_err *err);

/* Bytes of a name or password as UTF-8: what is not valid UTF-8 is taken as windows-1252. Appended to out; false when
 * out is full. */
bool gw_sasl_text(struct gw_slice bytes, struct gw_buf *out);

/* Can this UTF-8 text be a user name (1..255 octets, no control characters)? */
bool gw_sasl_name_ok(struct gw_slice name);

/* Is it UTF-8 without the characters that SASLprep refuses (RFC 4013 section 2.3)? */
bool gw_sasl_prep_ok(struct gw_slice text);

#endif
