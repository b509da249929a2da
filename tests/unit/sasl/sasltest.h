/* sasltest.h - exchanges over a store in memory, with a client of SCRAM and a clock moved by hand */
#ifndef GW_TESTS_SASLTEST_H
#define GW_TESTS_SASLTEST_H

#include "config/config.h"
#include "sasl/priv.h"
#include "session/session.h"
#include "store/admin.h"
#include "tests/unit/unit.h"
#include "util/base64.h"
#include "util/clock.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>

struct sasl_fixture {
	uint64_t now_ms;
	struct gw_clock clock;
	struct gw_peer peer;
	struct gw_sasl_env env;
	struct gw_sasl *s;
	struct gw_buf challenge;
	struct gw_acct *acct; /* after DONE */
	struct gw_err err;    /* after FAIL */
};

static struct sasl_fixture f;

static inline int64_t fixture_wall(void *ctx)
{
	(void)ctx;
	return 1767225600;
}

static inline uint64_t fixture_mono(void *ctx)
{
	(void)ctx;
	return f.now_ms;
}

static inline void fixture_user(const char *name, const char *password)
{
	const struct gw_user_password pw = { .plain = gw_slice_str(password) };

	ck_assert_msg(gw_admin_user_add(f.env.store, gw_slice_str(name), &pw, &f.err) == 0, "%s", f.err.text);
}

/* Options: lines of gateway.cfg. Users: anna with password secret, user with pencil. */
static inline void fixture_init(const char *options)
{
	struct gw_slice text = gw_slice_str(options);
	struct gw_config_source src = { .path = "test.cfg", .text = &text };
	struct gw_store_options opt = { .url = "mem:" };
	struct gw_config *config = NULL;
	struct gw_diags diags;

	f = (struct sasl_fixture){ .now_ms = 5000 };
	f.clock = (struct gw_clock){ fixture_wall, fixture_mono, NULL, NULL };
	gw_diags_init(&diags);
	ck_assert_msg(gw_config_load(&src, &config, &diags) == 0, "%s", diags.n ? diags.v[0].text : "?");
	gw_diags_done(&diags);
	f.env = (struct gw_sasl_env){ .config = config, .peer = &f.peer, .clock = &f.clock, .service = "imap" };
	opt.clock = &f.clock;
	opt.config = config;
	ck_assert_msg(gw_store_open(&opt, &f.env.store, &f.err) == 0, "%s", f.err.text);
	gw_buf_init(&f.challenge, 0);
	fixture_user("anna", "secret");
	fixture_user("user", "pencil");
}

static inline void fixture_end(void)
{
	gw_sasl_free(f.s);
	f.s = NULL;
	gw_acct_close(f.acct);
	f.acct = NULL;
	memset(&f.err, 0, sizeof f.err);
}

static inline void fixture_done(void)
{
	fixture_end();
	gw_buf_done(&f.challenge);
	gw_store_close(f.env.store);
	gw_config_unref((struct gw_config *)f.env.config);
}

static inline void begin(const char *mech)
{
	fixture_end();
	f.s = gw_sasl_new(gw_sasl_find(gw_slice_str(mech)), &f.env);
}

static inline enum gw_sasl_result step(struct gw_slice data)
{
	/* exactly as long as it is, so that a sanitizer sees every read past the end */
	char *copy = malloc(data.n ? data.n : 1);
	struct gw_slice exact = gw_slice(copy, data.n);
	enum gw_sasl_result r;

	if (data.n)
		memcpy(copy, data.p, data.n);
	r = gw_sasl_step(f.s, &exact, &f.challenge, &f.acct, &f.err);
	free(copy);
	return r;
}

static inline enum gw_sasl_result start(void)
{
	return gw_sasl_step(f.s, NULL, &f.challenge, &f.acct, &f.err);
}

#define step_lit(lit) step(GW_S(lit))
#define step_str(text) step(gw_slice_str(text))

/* The exchange ends with this code. */
#define ck_fails(result, want) \
	do { \
		ck_assert_int_eq((result), GW_SASL_FAIL); \
		ck_assert_msg(f.err.code == (want), "%s (%s), not %s", gw_code_name((int)f.err.code), f.err.text, \
			      gw_code_name(want)); \
	} while (0)

/* ---- a client of SCRAM ---- */

static inline void client_hmac(const unsigned char key[32], const char *text, unsigned char ret[32])
{
	unsigned n = 32;

	ck_assert_ptr_nonnull(HMAC(EVP_sha256(), key, 32, (const unsigned char *)text, strlen(text), ret, &n));
}

static inline struct gw_slice base64(const void *p, size_t n, struct gw_buf *b)
{
	b->n = 0;
	ck_assert(gw_base64_encode(gw_slice(p, n), b));
	return gw_slice_str(gw_buf_str(b));
}

/* The client's final message for what it sent first (bare), what came back (server) and the octets of c=. */
static inline void scram_final_message(const char *password, const char *bare, const char *server, struct gw_slice bound,
				       struct gw_buf *ret, char signature[64])
{
	unsigned char salted[32], key[32], stored[32], proof[32], server_key[32];
	char salt_text[64], nonce[600], *auth;
	unsigned iterations = 0;
	struct gw_buf salt, tmp;

	gw_buf_init(&salt, 0);
	gw_buf_init(&tmp, 0);
	ck_assert_int_eq(sscanf(server, "r=%599[^,],s=%63[^,],i=%u", nonce, salt_text, &iterations), 3);
	ck_assert(gw_base64_decode(gw_slice_str(salt_text), &salt));
	ck_assert(PKCS5_PBKDF2_HMAC(password, (int)strlen(password), (unsigned char *)salt.p, (int)salt.n, (int)iterations,
				    EVP_sha256(), sizeof salted, salted));
	client_hmac(salted, "Client Key", key);
	client_hmac(salted, "Server Key", server_key);
	ck_assert(EVP_Digest(key, sizeof key, stored, NULL, EVP_sha256(), NULL));
	ret->n = 0;
	gw_buf_printf(ret, "c=%s,r=%s", base64(bound.p, bound.n, &tmp).p, nonce);
	ck_assert_int_gt(asprintf(&auth, "%s,%s,%s", bare, server, gw_buf_str(ret)), 0);
	client_hmac(stored, auth, proof);
	for (size_t i = 0; i < sizeof proof; i++)
		proof[i] ^= key[i];
	client_hmac(server_key, auth, stored);
	free(auth);
	snprintf(signature, 64, "v=%s", base64(stored, sizeof stored, &tmp).p);
	gw_buf_printf(ret, ",p=%s", base64(proof, sizeof proof, &tmp).p);
	gw_buf_done(&salt);
	gw_buf_done(&tmp);
}

#endif
