/* accounts_secret.c - hashing passwords: crypt(3) for sign-on with a password, SCRAM-SHA-256 keys without one
 *
 * New passwords get yescrypt. Hashes made elsewhere verify with whatever libcrypt knows, of which we let in
 * the schemes people really have. Every function here is pure; the plain password is never kept. */
#include <crypt.h>
#include <errno.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <utf8proc.h>

#include "store/local/accounts_priv.h"
#include "util/utf8.h"

#define YESCRYPT_DIGITS 43 /* of a hash, behind its setting */
#define YESCRYPT_COST 4 /* 13 ms and 8 MiB on a machine of 2023: 75 guesses a second and core */

static const struct {
	const char *prefix, *name;
} schemes[] = {
	{ "$y$", "yescrypt" },      { "$gy$", "gost-yescrypt" }, { "$7$", "scrypt" },        { "$2b$", "bcrypt" },
	{ "$2a$", "bcrypt" },       { "$2y$", "bcrypt" },        { "$6$", "sha512-crypt" },  { "$5$", "sha256-crypt" },
	{ "$1$", "md5-crypt" },
};

const char *accounts_hash_scheme(const char *hash)
{
	for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
		if (strncmp(hash, schemes[i].prefix, strlen(schemes[i].prefix)) == 0)
			return schemes[i].name;
	return *hash ? "unknown" : "none";
}

int accounts_random(void *p, size_t n, struct gw_err *err)
{
	if (RAND_bytes(p, (int)n) != 1)
		return gw_fail(err, GW_EIO, "no random octets to be had");
	return 0;
}

/* crypt(3) into ret; false when password or setting do not fit it. */
static bool hash_with(struct gw_slice password, const char *setting, char ret[ACCOUNTS_HASH_MAX])
{
	struct crypt_data *data = gw_xalloc(sizeof *data);
	char phrase[GW_USER_PASSWORD_MAX + 1];
	const char *out = NULL;

	if (password.n <= GW_USER_PASSWORD_MAX && !memchr(password.p, 0, password.n)) {
		memcpy(phrase, password.p, password.n);
		phrase[password.n] = '\0';
		out = crypt_rn(phrase, setting, data, sizeof *data);
		gw_wipe(phrase, sizeof phrase);
	}
	if (out)
		snprintf(ret, ACCOUNTS_HASH_MAX, "%s", out);
	gw_wipe(data, sizeof *data);
	free(data);
	return out;
}

/* A yescrypt setting with a new salt: all of a hash but the hash. */
static int new_setting(unsigned cost, char ret[CRYPT_GENSALT_OUTPUT_SIZE], struct gw_err *err)
{
	char salt[16];
	int rc = accounts_random(salt, sizeof salt, err);

	if (rc < 0)
		return rc;
	if (!crypt_gensalt_rn("$y$", cost ? cost : YESCRYPT_COST, salt, sizeof salt, ret, CRYPT_GENSALT_OUTPUT_SIZE))
		return gw_fail(err, GW_EBUG, "cannot make a salt: %s", strerror(errno));
	return 0;
}

int accounts_hash_nobody(unsigned cost, char ret[ACCOUNTS_HASH_MAX], struct gw_err *err)
{
	static const char digits[] = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
	char setting[CRYPT_GENSALT_OUTPUT_SIZE], noise[YESCRYPT_DIGITS + 1];
	int rc = new_setting(cost, setting, err);

	if (rc == 0)
		rc = accounts_random(noise, YESCRYPT_DIGITS, err);
	if (rc < 0)
		return rc;
	for (size_t i = 0; i < YESCRYPT_DIGITS; i++)
		noise[i] = digits[(unsigned char)noise[i] % 64];
	noise[YESCRYPT_DIGITS] = '\0';
	snprintf(ret, ACCOUNTS_HASH_MAX, "%s$%s", setting, noise);
	return 0;
}

int accounts_hash_new(struct gw_slice password, unsigned cost, char ret[ACCOUNTS_HASH_MAX], struct gw_err *err)
{
	char setting[CRYPT_GENSALT_OUTPUT_SIZE];
	int rc = new_setting(cost, setting, err);

	if (rc < 0)
		return rc;
	if (password.n == 0)
		return gw_fail(err, GW_EINVAL, "the password is empty");
	if (password.n > GW_USER_PASSWORD_MAX)
		return gw_fail(err, GW_EINVAL, "the password is longer than %d octets", GW_USER_PASSWORD_MAX);
	if (memchr(password.p, 0, password.n))
		return gw_fail(err, GW_EINVAL, "the password has a NUL");
	if (!hash_with(password, setting, ret))
		return gw_fail(err, GW_EBUG, "cannot hash a password: %s", strerror(errno));
	return 0;
}

bool accounts_hash_verify(struct gw_slice password, const char *hash)
{
	char got[ACCOUNTS_HASH_MAX];
	size_t n = strlen(hash);
	bool ok;

	/* What cannot be a password at all is hashed as something else, for the time it takes. */
	if (!hash_with(password, hash, got)) {
		hash_with(GW_S("?"), hash, got);
		return false;
	}
	ok = n > 0 && strlen(got) == n && gw_equal_ct(got, hash, n);
	gw_wipe(got, sizeof got);
	return ok;
}

int accounts_hash_check(struct gw_slice hash, char ret[ACCOUNTS_HASH_MAX], struct gw_err *err)
{
	char text[ACCOUNTS_HASH_MAX], got[ACCOUNTS_HASH_MAX];

	if (hash.n >= sizeof text || memchr(hash.p, 0, hash.n))
		return gw_fail(err, GW_EINVAL, "this is not a crypt(3) hash");
	memcpy(text, hash.p, hash.n);
	text[hash.n] = '\0';
	if (strcmp(accounts_hash_scheme(text), "unknown") == 0)
		return gw_fail(err, GW_EINVAL, "hashes of this scheme are not taken ($y$, $2b$, $6$, $5$, $1$ are)");
	if (!hash_with(GW_S("?"), text, got) || strlen(got) != hash.n)
		return gw_fail(err, GW_EINVAL, "the hash is damaged or cut off");
	memcpy(ret, text, hash.n + 1);
	return 0;
}

/* ---- SCRAM ---- */

void accounts_hmac(const unsigned char key[ACCOUNTS_MAC], const struct gw_slice *v, size_t n,
		   unsigned char ret[ACCOUNTS_MAC])
{
	unsigned char fixed[1024];
	unsigned char *all = fixed, *at;
	unsigned len = ACCOUNTS_MAC;
	size_t sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += v[i].n;
	if (sum > sizeof fixed)
		all = gw_xalloc(sum);
	at = all;
	for (size_t i = 0; i < n; i++) {
		memcpy(at, v[i].p, v[i].n);
		at += v[i].n;
	}
	if (!HMAC(EVP_sha256(), key, ACCOUNTS_MAC, all, sum, ret, &len))
		gw_bug("HMAC-SHA-256 is missing");
	gw_wipe(all, sum);
	if (all != fixed)
		free(all);
}

/* SASLprep (RFC 4013) of a password as clients do it: NFKC, no-break and other spaces to blanks, soft hyphens and
 * their like left out. ASCII and what is not UTF-8 stay as they are. Returns owned, wiped by gw_secret_free(). */
static struct gw_secret saslprep(struct gw_slice password)
{
	struct gw_secret ret = { 0 };
	utf8proc_uint8_t *out = NULL;
	utf8proc_ssize_t n = -1;

	if (!gw_is_ascii(password))
		n = utf8proc_map((const utf8proc_uint8_t *)password.p, (utf8proc_ssize_t)password.n, &out,
				 UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT | UTF8PROC_IGNORE);
	gw_secret_set(&ret, n < 0 ? password : gw_slice((const char *)out, (size_t)n));
	if (out)
		gw_wipe(out, (size_t)n);
	free(out);
	return ret;
}

int accounts_scram_derive(struct gw_slice password, struct gw_scram_keys *k, struct gw_err *err)
{
	struct gw_secret prepared = saslprep(password);
	unsigned char salted[ACCOUNTS_MAC], client[ACCOUNTS_MAC];
	const struct gw_slice client_text = GW_S("Client Key"), server_text = GW_S("Server Key");
	int ok = PKCS5_PBKDF2_HMAC(gw_secret_slice(&prepared).p, (int)prepared.n, k->salt, sizeof k->salt,
				   (int)k->iterations, EVP_sha256(), sizeof salted, salted);

	if (ok) {
		accounts_hmac(salted, &client_text, 1, client);
		accounts_hmac(salted, &server_text, 1, k->server_key);
		ok = EVP_Digest(client, sizeof client, k->stored_key, NULL, EVP_sha256(), NULL);
	}
	gw_secret_free(&prepared);
	gw_wipe(salted, sizeof salted);
	gw_wipe(client, sizeof client);
	return ok ? 0 : gw_fail(err, GW_EBUG, "cannot derive SCRAM keys");
}

void accounts_scram_invent(const unsigned char secret[ACCOUNTS_MAC], struct gw_slice name, struct gw_scram_keys *ret)
{
	unsigned char mac[ACCOUNTS_MAC];
	const struct gw_slice salt[] = { GW_S("salt"), { "", 1 }, name };
	const struct gw_slice stored[] = { GW_S("stored"), { "", 1 }, name };
	const struct gw_slice server[] = { GW_S("server"), { "", 1 }, name };

	accounts_hmac(secret, salt, 3, mac);
	memcpy(ret->salt, mac, sizeof ret->salt);
	accounts_hmac(secret, stored, 3, ret->stored_key);
	accounts_hmac(secret, server, 3, ret->server_key);
	ret->iterations = ACCOUNTS_SCRAM_ITERATIONS;
}
