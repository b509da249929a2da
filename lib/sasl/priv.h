/* priv.h - an exchange from the inside: what the mechanisms share */
#ifndef GW_SASL_PRIV_H
#define GW_SASL_PRIV_H

#include "sasl/sasl.h"
#include "store/store.h"
#include "util/mem.h"

#define SASL_NAME_MAX 255     /* octets of a user name */
#define SASL_PASSWORD_MAX 4096 /* octets of a password on the wire; stores take less */
#define SASL_TOKEN_MAX 8192   /* octets of an access token */
#define SASL_NONCE 24         /* characters of our part of a SCRAM nonce */

struct sasl_scram;

struct gw_sasl {
	const struct gw_sasl_mech *mech;
	struct gw_sasl_env env;
	unsigned round;       /* messages of the client so far */
	uint64_t started_ms;
	size_t octets;
	char user[SASL_NAME_MAX + 1];
	struct gw_acct *acct; /* verified, waits for the last message */
	bool refused;         /* the client was told with REFUSED, and may answer once more */
	struct sasl_scram *scram;
};

typedef enum gw_sasl_result sasl_step(struct gw_sasl *s, const struct gw_slice *data, struct gw_buf *challenge,
				      struct gw_err *err);

sasl_step sasl_plain_step, sasl_login_step, sasl_scram_step, sasl_external_step, sasl_oauthbearer_step, sasl_xoauth2_step;
void sasl_scram_free(struct sasl_scram *x); /* NULL is fine */

/* FAIL with a code and a sentence. */
#define sasl_fail(err, ...) (gw_fail((err), __VA_ARGS__), GW_SASL_FAIL)

/* Read the bytes of a user name into s->user. False: they cannot be one. */
bool sasl_set_user(struct gw_sasl *s, struct gw_slice bytes);

/* May the user s->user act as authzid? Nobody may act as another (RFC 4422 3.4.1 leaves that to us). False: err is set. */
bool sasl_check_authzid(const struct gw_sasl *s, struct gw_slice authzid, struct gw_err *err);

/* Sign s->user on with a password. */
enum gw_sasl_result sasl_password(struct gw_sasl *s, struct gw_slice password, struct gw_err *err);

/* May anybody be let in now, or the owner of *acct? When not, *acct is closed and NULL, and err says why. */
int sasl_open_to(const struct gw_sasl_env *env, struct gw_acct **acct, struct gw_err *err);

/* Sign s->user on without a secret: the mechanism has seen proof. */
enum gw_sasl_result sasl_trusted(struct gw_sasl *s, struct gw_err *err);

/* ---- gs2.c ---- */

struct sasl_gs2 {
	char flag;               /* n, y or p: of the channel binding */
	struct gw_slice binding; /* its name with p */
	struct gw_slice authzid; /* a saslname; empty: none */
	struct gw_slice header;  /* all of it */
};

/* Take the header off *in; false, with *in in the middle: there is none. */
bool sasl_get_gs2(struct gw_slice *in, struct sasl_gs2 *ret);

/* `name=value` up to a comma or the end; false and untouched when it is something else. */
bool sasl_get_attr(struct gw_slice *in, char name, struct gw_slice *ret);
bool sasl_get_comma(struct gw_slice *in);

/* sasl_set_user() and sasl_check_authzid() for a saslname, which has escapes. */
bool sasl_set_saslname(struct gw_sasl *s, struct gw_slice v);
bool sasl_check_saslname(const struct gw_sasl *s, struct gw_slice v, struct gw_err *err);

/* Answer a client's first message of SCRAM with this nonce as our part (tests give their own). */
enum gw_sasl_result sasl_scram_first(struct gw_sasl *s, struct gw_slice message, struct gw_slice nonce,
				     struct gw_buf *challenge, struct gw_err *err);

#endif
