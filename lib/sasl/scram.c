/* scram.c - SCRAM-SHA-256 and SCRAM-SHA-256-PLUS (RFC 5802, RFC 7677, channel binding of RFC 9266)
 *
 *	C: n,,n=user,r=CN			gs2 header, then "client-first-message-bare"
 *	S: r=CNSN,s=salt,i=iterations
 *	C: c=base64(gs2 header + binding),r=CNSN,p=base64(proof)
 *	S: v=base64(server signature)		sent as a challenge: IMAP and POP3 have no data with success
 *	C: (empty)
 *
 * What is signed is the three messages as they were sent, so they are kept as bytes and never written again from
 * parsed parts. The store gives keys for unknown users too, hence all users look and take alike until the proof. */
#include "sasl/priv.h"

#include "session/session.h"
#include "util/base64.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <stdlib.h>

#define SHA 32              /* octets of SHA-256 */
#define CLIENT_NONCE_MAX 512
#define MESSAGES_MAX (8u * 1024)

struct sasl_scram {
	struct gw_buf header; /* gs2 header of the client */
	struct gw_buf bound;  /* what c= must hold: header, then the binding */
	struct gw_buf signed_text; /* AuthMessage, as far as it has come */
	struct gw_buf nonce;  /* both parts */
	struct gw_scram_keys keys;
};

void sasl_scram_free(struct sasl_scram *x)
{
	if (!x)
		return;
	gw_buf_done(&x->header);
	gw_buf_done(&x->bound);
	gw_buf_done(&x->signed_text);
	gw_buf_done(&x->nonce);
	gw_wipe(x, sizeof *x);
	free(x);
}

static struct sasl_scram *scram_new(void)
{
	struct sasl_scram *x = gw_xalloc(sizeof *x);

	gw_buf_init(&x->header, MESSAGES_MAX);
	gw_buf_init(&x->bound, MESSAGES_MAX + SHA);
	gw_buf_init(&x->signed_text, 4 * MESSAGES_MAX);
	gw_buf_init(&x->nonce, CLIENT_NONCE_MAX + SASL_NONCE);
	return x;
}

/* ---- pieces of messages ---- */

static bool nonce_ok(struct gw_slice v)
{
	if (v.n == 0 || v.n > CLIENT_NONCE_MAX)
		return false;
	for (size_t i = 0; i < v.n; i++)
		if (v.p[i] < 0x21 || v.p[i] > 0x7E)
			return false;
	return true;
}

/* What stands behind the attributes we know. An extension that is not known is passed over, but m= says that one must
 * be understood, and there is none (RFC 5802 section 5.1). */
static bool extensions_ok(struct gw_slice in)
{
	struct gw_slice value;

	while (sasl_get_comma(&in)) {
		if (sasl_get_attr(&in, 'm', &value))
			return false;
		gw_slice_take(&in, gw_slice_find(in, ','));
	}
	return in.n == 0;
}

/* ---- the first message ---- */

struct first {
	struct sasl_gs2 gs2;
	struct gw_slice bare, user, nonce;
};

static bool parse_first(struct gw_slice in, struct first *f)
{
	*f = (struct first){ 0 };
	if (!sasl_get_gs2(&in, &f->gs2))
		return false;
	f->bare = in;
	return sasl_get_attr(&in, 'n', &f->user) && sasl_get_comma(&in) && sasl_get_attr(&in, 'r', &f->nonce) &&
	       extensions_ok(in);
}

/* Is the channel bound as the mechanism says and as the client can know (RFC 5802 section 6)? */
static bool check_binding(const struct gw_sasl *s, const struct first *f, struct gw_err *err)
{
	bool plus = s->mech->facts & GW_SASL_BINDING;
	const struct gw_sasl_mech *better = gw_sasl_find(GW_S("SCRAM-SHA-256-PLUS"));

	if (plus && f->gs2.flag != 'p')
		return gw_fail(err, GW_EAUTH, "the client does not bind the channel"), false;
	if (!plus && f->gs2.flag == 'p')
		return gw_fail(err, GW_EAUTH, "a binding needs SCRAM-SHA-256-PLUS"), false;
	if (plus && !gw_slice_eq(f->gs2.binding, GW_S("tls-exporter")))
		return gw_fail(err, GW_EAUTH, "the channel binding is not tls-exporter"), false;
	if (f->gs2.flag == 'y' && gw_sasl_offer(better, &s->env) == GW_SASL_OFFERED)
		return gw_fail(err, GW_EAUTH, "downgrade: the client was not told of SCRAM-SHA-256-PLUS"), false;
	return true;
}

static bool put_server_first(struct sasl_scram *x, struct gw_buf *challenge)
{
	return gw_buf_add_slice(challenge, GW_S("r=")) && gw_buf_add_slice(challenge, gw_buf_slice(&x->nonce)) &&
	       gw_buf_add_slice(challenge, GW_S(",s=")) &&
	       gw_base64_encode(gw_slice((const char *)x->keys.salt, sizeof x->keys.salt), challenge) &&
	       gw_buf_printf(challenge, ",i=%u", (unsigned)x->keys.iterations);
}

static bool keep_first(struct gw_sasl *s, const struct first *f, struct gw_slice nonce)
{
	struct sasl_scram *x = s->scram;
	const char *binding = (const char *)s->env.peer->tls_exporter;

	return gw_buf_add_slice(&x->header, f->gs2.header) && gw_buf_add_slice(&x->bound, f->gs2.header) &&
	       (f->gs2.flag != 'p' || gw_buf_add(&x->bound, binding, sizeof s->env.peer->tls_exporter)) &&
	       gw_buf_add_slice(&x->nonce, f->nonce) && gw_buf_add_slice(&x->nonce, nonce) &&
	       gw_buf_add_slice(&x->signed_text, f->bare) && gw_buf_add_char(&x->signed_text, ',');
}

enum gw_sasl_result sasl_scram_first(struct gw_sasl *s, struct gw_slice message, struct gw_slice nonce,
				     struct gw_buf *challenge, struct gw_err *err)
{
	struct first f;
	int rc;

	if (message.n > MESSAGES_MAX || !parse_first(message, &f) || !nonce_ok(f.nonce))
		return sasl_fail(err, GW_EINVAL, "malformed first message");
	if (!sasl_set_saslname(s, f.user))
		return sasl_fail(err, GW_EINVAL, "this cannot be a user name");
	if (!sasl_check_saslname(s, f.gs2.authzid, err) || !check_binding(s, &f, err))
		return GW_SASL_FAIL;
	s->scram = scram_new();
	rc = gw_store_scram_keys(s->env.store, gw_slice_str(s->user), &s->scram->keys, err);
	if (rc < 0)
		return GW_SASL_FAIL;
	if (!keep_first(s, &f, nonce) || !put_server_first(s->scram, challenge) ||
	    !gw_buf_add_slice(&s->scram->signed_text, gw_buf_slice(challenge)) ||
	    !gw_buf_add_char(&s->scram->signed_text, ','))
		return sasl_fail(err, GW_ELIMIT, "the first message is too long");
	return GW_SASL_MORE;
}

/* ---- the final message ---- */

static void hmac(const unsigned char key[SHA], struct gw_slice text, unsigned char ret[SHA])
{
	unsigned n = SHA;

	if (!HMAC(EVP_sha256(), key, SHA, (const unsigned char *)text.p, text.n, ret, &n))
		gw_bug("HMAC-SHA-256 is missing");
}

/* Does the proof belong to the stored key? ClientKey = proof XOR HMAC(StoredKey, AuthMessage); H(ClientKey) must be
 * StoredKey (RFC 5802 section 3). */
static bool proof_ok(const struct sasl_scram *x, const unsigned char proof[SHA])
{
	unsigned char key[SHA], hashed[SHA];
	bool ok;

	hmac(x->keys.stored_key, gw_buf_slice(&x->signed_text), key);
	for (size_t i = 0; i < SHA; i++)
		key[i] ^= proof[i];
	ok = EVP_Digest(key, sizeof key, hashed, NULL, EVP_sha256(), NULL) &&
	     gw_equal_ct(hashed, x->keys.stored_key, sizeof hashed);
	gw_wipe(key, sizeof key);
	gw_wipe(hashed, sizeof hashed);
	return ok;
}

/* Base64 that must decode to exactly the octets of want. */
static bool base64_is(struct gw_slice text, struct gw_slice want)
{
	struct gw_buf b;
	bool ok;

	gw_buf_init(&b, 2 * MESSAGES_MAX);
	ok = gw_base64_decode(text, &b) && b.n == want.n && gw_equal_ct(b.p, want.p, want.n);
	gw_buf_done(&b);
	return ok;
}

static bool get_proof(struct gw_slice text, unsigned char ret[SHA])
{
	struct gw_buf b;
	bool ok;

	gw_buf_init(&b, 2 * SHA);
	ok = gw_base64_decode(text, &b) && b.n == SHA;
	if (ok)
		memcpy(ret, b.p, SHA);
	gw_buf_done(&b);
	return ok;
}

struct final {
	struct gw_slice without_proof, bound, nonce, proof;
};

/* c=...,r=...[,extensions],p=... */
static bool parse_final(struct gw_slice in, struct final *f)
{
	const char *comma = memrchr(in.p, ',', in.n);
	struct gw_slice tail;

	if (!comma)
		return false;
	f->without_proof = gw_slice(in.p, (size_t)(comma - in.p));
	tail = gw_slice(comma + 1, in.n - f->without_proof.n - 1);
	in = f->without_proof;
	return sasl_get_attr(&tail, 'p', &f->proof) && sasl_get_attr(&in, 'c', &f->bound) && sasl_get_comma(&in) &&
	       sasl_get_attr(&in, 'r', &f->nonce) && extensions_ok(in);
}

static enum gw_sasl_result scram_final(struct gw_sasl *s, struct gw_slice message, struct gw_buf *challenge,
				       struct gw_err *err)
{
	struct sasl_scram *x = s->scram;
	unsigned char proof[SHA], signature[SHA];
	struct final f;

	if (message.n == 0 || message.n > 2 * MESSAGES_MAX || !parse_final(message, &f) || !get_proof(f.proof, proof))
		return sasl_fail(err, GW_EINVAL, "malformed final message");
	if (!gw_slice_eq(f.nonce, gw_buf_slice(&x->nonce)))
		return sasl_fail(err, GW_EAUTH, "the nonce is another");
	if (!base64_is(f.bound, gw_buf_slice(&x->bound)))
		return sasl_fail(err, GW_EAUTH, "the channel binding does not match");
	if (!gw_buf_add_slice(&x->signed_text, f.without_proof))
		return sasl_fail(err, GW_ELIMIT, "the final message is too long");
	if (!proof_ok(x, proof))
		return sasl_fail(err, GW_EAUTH, "wrong user name or password");
	if (sasl_trusted(s, err) == GW_SASL_FAIL)
		return GW_SASL_FAIL;
	hmac(x->keys.server_key, gw_buf_slice(&x->signed_text), signature);
	gw_buf_add_slice(challenge, GW_S("v="));
	gw_base64_encode(gw_slice((const char *)signature, sizeof signature), challenge);
	return GW_SASL_MORE;
}

static enum gw_sasl_result scram_start(struct gw_sasl *s, struct gw_slice message, struct gw_buf *challenge,
				       struct gw_err *err)
{
	unsigned char random[SASL_NONCE / 4 * 3];
	struct gw_buf nonce;
	enum gw_sasl_result r;

	if (RAND_bytes(random, sizeof random) != 1)
		return sasl_fail(err, GW_EUNAVAIL, "no random octets to be had");
	gw_buf_init(&nonce, SASL_NONCE);
	gw_base64_encode(gw_slice((const char *)random, sizeof random), &nonce);
	r = sasl_scram_first(s, message, gw_buf_slice(&nonce), challenge, err);
	gw_buf_done(&nonce);
	return r;
}

enum gw_sasl_result sasl_scram_step(struct gw_sasl *s, const struct gw_slice *data, struct gw_buf *challenge,
				    struct gw_err *err)
{
	if (s->acct) /* the signature was sent; the client has nothing to add */
		return data->n == 0 ? GW_SASL_DONE : sasl_fail(err, GW_EINVAL, "data behind the end");
	if (s->scram)
		return scram_final(s, *data, challenge, err);
	return scram_start(s, *data, challenge, err);
}
