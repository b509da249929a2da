/* test_accounts.c - user accounts of the embedded store: names, passwords, the cache of verified pairs, the file */
#include <fcntl.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/local/accounts_priv.h"
#include "tests/unit/unit.h"

#define S(x) gw_slice_str(x)
#define TTL_S 600

static char root[128];
static int64_t wall = 1700000000;
static uint64_t mono = 1000;

static int64_t wall_s(void *ctx)
{
	(void)ctx;
	return wall;
}

static uint64_t mono_ms(void *ctx)
{
	(void)ctx;
	return mono;
}

static const struct gw_clock fake_clock = { wall_s, mono_ms, NULL, NULL };

static void setup(void)
{
	snprintf(root, sizeof root, "/tmp/gw-accounts-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(root));
}

static void teardown(void)
{
	char cmd[256];

	snprintf(cmd, sizeof cmd, "rm -rf '%s'", root);
	ck_assert_int_eq(system(cmd), 0);
}

static int open_with(unsigned ttl, struct local_accounts **ret, struct gw_err *err)
{
	const struct local_accounts_options opt = {
		.root = root, .clock = &fake_clock, .cache_ttl_s = ttl, .hash_cost = 1
	};

	return local_accounts_open(&opt, ret, err);
}

static struct local_accounts *open_accounts(void)
{
	struct local_accounts *a = NULL;
	struct gw_err err = { 0 };

	ck_assert_msg(open_with(TTL_S, &a, &err) == 0, "%s", err.text);
	return a;
}

static uint64_t add(struct local_accounts *a, const char *name, const char *plain, const char *hash)
{
	const struct gw_user_password pw = { S(plain), S(hash) };
	struct local_user u = { 0 };
	struct gw_err err = { 0 };

	ck_assert_msg(local_accounts_add(a, S(name), &pw, &u, &err) == 0, "%s: %s", name, err.text);
	return u.id;
}

static int login(struct local_accounts *a, const char *name, const char *password)
{
	struct local_user u;

	return local_accounts_login(a, S(name), S(password), "imap", &u, NULL);
}

static int passwd(struct local_accounts *a, const char *name, const char *plain)
{
	const struct gw_user_password pw = { .plain = S(plain) };

	return local_accounts_passwd(a, S(name), &pw, NULL);
}

/* Is the pair in the cache for the row as it is now? */
static bool cached(struct local_accounts *a, const char *name, const char *password)
{
	unsigned char mac[ACCOUNTS_MAC];
	struct accounts_row row;

	ck_assert_int_eq(accounts_row_by_name(a, name, &row, NULL), 0);
	accounts_cache_mac(a->cache, S(name), S(password), mac);
	return accounts_cache_has(a->cache, mac, row.user.id, row.user.change, mono);
}

/* ---- names ---- */

static const struct {
	const char *in, *out; /* out NULL: refused */
} names[] = {
	{ "anna", "anna" },
	{ "Anna.B@Example.ORG", "anna.b@example.org" },
	{ "\xC3\x84nne", "\xC3\xA4nne" },
	{ "A\xCC\x88nne", "\xC3\xA4nne" },          /* A + combining diaeresis: the same user */
	{ "\xE2\x84\xAA", "k" },                    /* KELVIN SIGN is K */
	{ "h\xCC\xB1", "\xE1\xBA\x96" },
	{ "H\xCC\xB1", "\xE1\xBA\x96" },
	{ "two words", "two words" },
	{ "o'neil\"*()%u${x}\\", "o'neil\"*()%u${x}\\" }, /* D03: data, whatever it looks like */
	{ "..", ".." },                             /* no path is made of it */
	{ "", NULL },
	{ " anna", NULL },
	{ "anna ", NULL },
	{ "a/b", NULL },
	{ "../../etc/passwd", NULL },
	{ "a\nb", NULL },
	{ "a\x7f", NULL },
	{ "a\xC2\x85", NULL },                      /* C1 control */
	{ "a\xE2\x80\xA8z", NULL },                 /* LINE SEPARATOR */
	{ "a\xE2\x80\xAEz", NULL },                 /* RIGHT-TO-LEFT OVERRIDE */
	{ "a\xFF", NULL },
	{ "\xC0\xAF", NULL },
	{ "\xED\xA0\x80", NULL },                   /* surrogate */
};

START_TEST(names_have_one_spelling)
{
	char out[GW_USER_NAME_MAX + 1], again[GW_USER_NAME_MAX + 1];
	int rc = local_user_name(S(names[_i].in), out, NULL);

	ck_assert_int_eq(rc, names[_i].out ? 0 : GW_EINVAL);
	if (rc < 0)
		return;
	ck_assert_str_eq(out, names[_i].out);
	ck_assert_int_eq(local_user_name(S(out), again, NULL), 0);
	ck_assert_str_eq(again, out);
}
END_TEST

START_TEST(names_are_limited_to_255_octets)
{
	char in[300], out[GW_USER_NAME_MAX + 1];

	memset(in, 'x', sizeof in);
	ck_assert_int_eq(local_user_name(gw_slice(in, 254), out, NULL), 0);
	ck_assert_int_eq(local_user_name(gw_slice(in, 255), out, NULL), 0);
	ck_assert_uint_eq(strlen(out), 255);
	ck_assert_int_eq(local_user_name(gw_slice(in, 256), out, NULL), GW_EINVAL);
	ck_assert_int_eq(local_user_name(gw_slice("a\0b", 3), out, NULL), GW_EINVAL);
	for (size_t i = 0; i < 85; i++)
		memcpy(in + 3 * i, "\xE2\x82\xAC", 3);
	ck_assert_int_eq(local_user_name(gw_slice(in, 255), out, NULL), 0);
	ck_assert_int_eq(local_user_name(gw_slice(in, 254), out, NULL), GW_EINVAL); /* cut inside a character */
}
END_TEST

/* ---- signing on ---- */

START_TEST(right_password_signs_on_and_everything_else_does_not)
{
	struct local_accounts *a = open_accounts();
	struct local_user u;
	char big[GW_USER_PASSWORD_MAX + 2];

	add(a, "Anna", "secret", "");
	ck_assert_int_eq(local_accounts_login(a, S("ANNA"), S("secret"), "imap", &u, NULL), 0);
	ck_assert_str_eq(u.name, "anna");
	ck_assert_int_eq(login(a, "anna", "Secret"), GW_EAUTH);
	ck_assert_int_eq(login(a, "anna", ""), GW_EAUTH);
	ck_assert_int_eq(login(a, "anna", "secret "), GW_EAUTH);
	ck_assert_int_eq(login(a, "nobody", "secret"), GW_EAUTH);
	ck_assert_int_eq(login(a, "", "secret"), GW_EAUTH);
	ck_assert_int_eq(login(a, "an/na", "secret"), GW_EAUTH);
	ck_assert_int_eq(local_accounts_login(a, S("anna"), gw_slice("secret\0x", 8), "imap", &u, NULL), GW_EAUTH);
	memset(big, 'p', sizeof big);
	ck_assert_int_eq(local_accounts_login(a, S("anna"), gw_slice(big, sizeof big), "imap", &u, NULL), GW_EAUTH);
	local_accounts_close(a);
}
END_TEST

START_TEST(passwords_are_limited_to_511_octets)
{
	struct local_accounts *a = open_accounts();
	char big[GW_USER_PASSWORD_MAX + 1];
	struct gw_user_password pw = { .plain = gw_slice(big, sizeof big - 1) };
	struct local_user u;

	memset(big, 'p', sizeof big);
	ck_assert_int_eq(local_accounts_add(a, S("long"), &pw, &u, NULL), 0);
	ck_assert_int_eq(local_accounts_login(a, S("long"), pw.plain, "imap", &u, NULL), 0);
	pw.plain.n++;
	ck_assert_int_eq(local_accounts_add(a, S("longer"), &pw, &u, NULL), GW_EINVAL);
	ck_assert_int_eq(local_accounts_login(a, S("long"), pw.plain, "imap", &u, NULL), GW_EAUTH);
	local_accounts_close(a);
}
END_TEST

/* D06: which of user, password and permission was wrong is told only to who knew the password. */
START_TEST(disabled_is_told_only_after_the_right_password)
{
	struct local_accounts *a = open_accounts();
	struct local_user u;

	add(a, "anna", "secret", "");
	add(a, "empty", "", "");
	ck_assert_int_eq(local_accounts_features(a, S("anna"), S("POP3"), NULL), 0);
	ck_assert_int_eq(local_accounts_login(a, S("anna"), S("secret"), "pop3", &u, NULL), GW_EDISABLED);
	ck_assert_int_eq(local_accounts_login(a, S("anna"), S("wrong"), "pop3", &u, NULL), GW_EAUTH);
	ck_assert_int_eq(local_accounts_login(a, S("anna"), S("secret"), "imap", &u, NULL), 0);
	ck_assert_int_eq(local_accounts_find(a, S("anna"), "pop3", &u, NULL), GW_EDISABLED);
	ck_assert_int_eq(local_accounts_find(a, S("anna"), "imap", &u, NULL), 0);
	ck_assert_int_eq(local_accounts_find(a, S("nobody"), "imap", &u, NULL), GW_EAUTH);
	ck_assert_int_eq(local_accounts_enable(a, S("anna"), false, NULL), 0);
	ck_assert_int_eq(login(a, "anna", "secret"), GW_EDISABLED);
	ck_assert_int_eq(login(a, "anna", "wrong"), GW_EAUTH);
	ck_assert_int_eq(local_accounts_enable(a, S("anna"), true, NULL), 0);
	ck_assert_int_eq(login(a, "anna", "secret"), 0);
	ck_assert_int_eq(login(a, "empty", ""), GW_EAUTH);
	ck_assert_int_eq(login(a, "empty", "x"), GW_EAUTH);
	ck_assert_int_eq(local_accounts_features(a, S("anna"), S("imap smtp"), NULL), GW_EINVAL);
	local_accounts_close(a);
}
END_TEST

START_TEST(a_password_can_be_proved_with_the_scram_keys)
{
	struct local_accounts *a = open_accounts();
	struct local_user u;

	add(a, "anna", "secret", "");
	ck_assert_int_eq(local_accounts_prove(a, S("Anna"), S("secret"), "imap", &u, NULL), 0);
	ck_assert_str_eq(u.name, "anna");
	ck_assert_int_eq(local_accounts_prove(a, S("anna"), S("wrong"), "imap", &u, NULL), GW_EAUTH);
	ck_assert_int_eq(local_accounts_prove(a, S("nobody"), S("secret"), "imap", &u, NULL), GW_EAUTH);
	ck_assert_int_eq(local_accounts_features(a, S("anna"), S("POP3"), NULL), 0);
	ck_assert_int_eq(local_accounts_prove(a, S("anna"), S("secret"), "pop3", &u, NULL), GW_EDISABLED);
	local_accounts_close(a);
}
END_TEST

/* What would tell a right password by its time: an answer without hashing, or the making of SCRAM keys. */
START_TEST(the_hash_of_nobody_looks_like_one_and_is_verified_like_one)
{
	char nobody[ACCOUNTS_HASH_MAX], another[ACCOUNTS_HASH_MAX], real[ACCOUNTS_HASH_MAX], kept[ACCOUNTS_HASH_MAX];

	ck_assert_int_eq(accounts_hash_nobody(1, nobody, NULL), 0);
	ck_assert_int_eq(accounts_hash_nobody(1, another, NULL), 0);
	ck_assert_int_eq(accounts_hash_new(S("secret"), 1, real, NULL), 0);
	ck_assert_uint_eq(strlen(nobody), strlen(real));
	ck_assert_str_ne(nobody, another);
	ck_assert_int_eq(accounts_hash_check(gw_slice_str(nobody), kept, NULL), 0); /* crypt(3) takes it */
	ck_assert(!accounts_hash_verify(S("secret"), nobody));
	ck_assert(!accounts_hash_verify(S(""), nobody));
}
END_TEST

START_TEST(who_may_not_sign_on_is_hashed_like_a_wrong_password)
{
	struct local_accounts *a = open_accounts();
	char hash[ACCOUNTS_HASH_MAX];
	struct local_user u;
	struct gw_user shown;
	struct gw_arena arena;

	ck_assert_int_eq(accounts_hash_new(S("secret"), 1, hash, NULL), 0);
	add(a, "anna", "", hash); /* imported: has no SCRAM keys yet */
	ck_assert_int_eq(local_accounts_features(a, S("anna"), S("POP3"), NULL), 0);
	a->hashed = 0;
	for (unsigned i = 0; i < 3; i++)
		ck_assert_int_eq(local_accounts_login(a, S("anna"), S("secret"), "pop3", &u, NULL), GW_EDISABLED);
	ck_assert_uint_eq(a->hashed, 3);
	gw_arena_init(&arena, 0, 0);
	ck_assert_int_eq(local_accounts_show(a, &arena, S("anna"), &shown, NULL), 0);
	ck_assert(!shown.has_scram);
	gw_arena_done(&arena);
	ck_assert_int_eq(local_accounts_login(a, S("anna"), S("secret"), "imap", &u, NULL), 0);
	ck_assert_int_eq(local_accounts_login(a, S("anna"), S("secret"), "imap", &u, NULL), 0);
	ck_assert_uint_eq(a->hashed, 4); /* the second one was known */
	ck_assert_int_eq(local_accounts_login(a, S("anna"), S("secret"), "pop3", &u, NULL), GW_EDISABLED);
	ck_assert_int_eq(local_accounts_login(a, S("nobody"), S("secret"), "pop3", &u, NULL), GW_EAUTH);
	ck_assert_uint_eq(a->hashed, 6);
	local_accounts_close(a);
}
END_TEST

/* Of the password "pw", made by crypt(3) itself; D02's cut-off relatives are refused. */
static const struct {
	const char *hash, *scheme;
} imported[] = {
	{ "$1$abcdefgh$IQtUouv7y7Q9dRWkQEPCc.", "md5-crypt" },
	{ "$5$abcdefgh$ijtOJ//yvc/9bq1g0llFn9dB688BwBDRD90DlKKSKE1", "sha256-crypt" },
	{ "$6$abcdefgh$KQeXafAQAaOoKTevphVU215RvJdgzyfASRasIOuh12hO8u0r1bGW92ZnTmC9IjsiQ8VPiTXBiZF49dFL1U4wX/",
	  "sha512-crypt" },
	{ "$2b$05$abcdefghijklmnopqrstuuHIrMEWpUCQe2YqFR3sXwQ75u4od..9q", "bcrypt" },
};

START_TEST(imported_hashes_verify_and_get_scram_keys_at_the_next_sign_on)
{
	struct local_accounts *a = open_accounts();
	struct gw_scram_keys before, after, want;
	struct accounts_row row;

	add(a, "ida", "", imported[_i].hash);
	ck_assert_int_eq(accounts_row_by_name(a, "ida", &row, NULL), 0);
	ck_assert(!row.has_scram);
	ck_assert_str_eq(accounts_hash_scheme(row.hash), imported[_i].scheme);
	ck_assert_int_eq(local_accounts_scram(a, S("ida"), &before, NULL), 0);
	ck_assert_int_eq(login(a, "ida", "wrong"), GW_EAUTH);
	ck_assert_int_eq(accounts_row_by_name(a, "ida", &row, NULL), 0);
	ck_assert(!row.has_scram);
	ck_assert_int_eq(login(a, "ida", "pw"), 0);
	ck_assert_int_eq(local_accounts_scram(a, S("ida"), &after, NULL), 0);
	want = after;
	ck_assert_int_eq(accounts_scram_derive(S("pw"), &want, NULL), 0);
	ck_assert_mem_eq(&want, &after, sizeof want);
	ck_assert_mem_eq(before.salt, after.salt, sizeof after.salt);
	ck_assert(memcmp(before.stored_key, after.stored_key, sizeof after.stored_key) != 0);
	local_accounts_close(a);
}
END_TEST

START_TEST(damaged_hashes_are_refused_at_every_length)
{
	struct local_accounts *a = open_accounts();
	size_t n = strlen(imported[1].hash);
	struct local_user u;

	for (size_t i = 1; i < n; i++) {
		const struct gw_user_password pw = { .hash = gw_slice(imported[1].hash, i) };

		ck_assert_int_eq(local_accounts_add(a, S("ida"), &pw, &u, NULL), GW_EINVAL);
	}
	ck_assert_int_eq(local_accounts_add(a, S("ida"), &(struct gw_user_password){ .hash = S("ab8pw") }, &u, NULL), GW_EINVAL);
	ck_assert_int_eq(local_accounts_add(a, S("ida"), &(struct gw_user_password){ S("x"), S(imported[1].hash) }, &u, NULL),
			 GW_EINVAL);
	local_accounts_close(a);
}
END_TEST

/* ---- SCRAM ---- */

/* The exchange of RFC 7677 section 3, verified with the keys we derive. */
START_TEST(scram_keys_are_those_of_rfc7677)
{
	static const char auth[] = "n=user,r=rOprNGfwEbeRWgbNEkqO,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
				   "s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,c=biws,"
				   "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
	struct gw_scram_keys k = { .iterations = 4096 };
	struct gw_slice message = S(auth);
	unsigned char raw[64], sign[32], want[64], digest[32];

	EVP_DecodeBlock(raw, (const unsigned char *)"W22ZaJ0SNY7soEsUEjb6gQ==", 24);
	memcpy(k.salt, raw, 16);
	ck_assert_int_eq(accounts_scram_derive(S("pencil"), &k, NULL), 0);
	accounts_hmac(k.server_key, &message, 1, sign);
	EVP_DecodeBlock(want, (const unsigned char *)"6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=", 44);
	ck_assert_mem_eq(sign, want, 32);
	EVP_DecodeBlock(raw, (const unsigned char *)"dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=", 44);
	accounts_hmac(k.stored_key, &message, 1, sign);
	for (int i = 0; i < 32; i++)
		raw[i] ^= sign[i];
	EVP_Digest(raw, 32, digest, NULL, EVP_sha256(), NULL);
	ck_assert_mem_eq(digest, k.stored_key, 32);
}
END_TEST

/* RFC 4013 section 3: "I<U+00AD>X" is "IX", U+00AA is "a". */
START_TEST(scram_passwords_are_prepared)
{
	struct gw_scram_keys a = { .iterations = 4096 }, b = { .iterations = 4096 };

	accounts_scram_derive(S("I\xC2\xADX\xC2\xAA"), &a, NULL);
	accounts_scram_derive(S("IXa"), &b, NULL);
	ck_assert_mem_eq(&a, &b, sizeof a);
}
END_TEST

START_TEST(unknown_users_have_stable_scram_keys)
{
	struct local_accounts *a = open_accounts();
	struct gw_scram_keys one, two, other, real;

	ck_assert_int_eq(local_accounts_scram(a, S("ghost"), &one, NULL), 0);
	ck_assert_int_eq(local_accounts_scram(a, S("ghost2"), &other, NULL), 0);
	local_accounts_close(a);
	a = open_accounts();
	ck_assert_int_eq(local_accounts_scram(a, S("GHOST"), &two, NULL), 0);
	ck_assert_mem_eq(&one, &two, sizeof one);
	ck_assert(memcmp(one.salt, other.salt, 16) != 0);
	ck_assert(memcmp(one.stored_key, other.stored_key, 32) != 0);
	ck_assert_int_eq(local_accounts_scram(a, gw_slice("\xFF\n", 2), &other, NULL), 0);
	add(a, "real", "secret", "");
	ck_assert_int_eq(local_accounts_scram(a, S("real"), &real, NULL), 0);
	ck_assert_uint_eq(real.iterations, one.iterations);
	local_accounts_close(a);
}
END_TEST

/* ---- the cache (D08) ---- */

START_TEST(verified_pairs_are_remembered_until_their_time_is_over)
{
	struct local_accounts *a = open_accounts();

	add(a, "anna", "secret", "");
	ck_assert_int_eq(login(a, "anna", "wrong"), GW_EAUTH);
	ck_assert(!cached(a, "anna", "wrong"));
	ck_assert_int_eq(login(a, "anna", "secret"), 0);
	ck_assert(cached(a, "anna", "secret"));
	mono += TTL_S * 1000 - 1;
	ck_assert_int_eq(login(a, "anna", "secret"), 0);
	ck_assert(cached(a, "anna", "secret"));
	mono += 1;
	ck_assert(!cached(a, "anna", "secret"));
	ck_assert_int_eq(login(a, "anna", "secret"), 0);
	ck_assert(cached(a, "anna", "secret"));
	local_accounts_close(a);
}
END_TEST

START_TEST(any_change_of_the_account_ends_what_was_remembered)
{
	struct local_accounts *a = open_accounts(), *elsewhere = open_accounts();

	add(a, "anna", "secret", "");
	ck_assert_int_eq(login(a, "anna", "secret"), 0);
	ck_assert_int_eq(passwd(elsewhere, "anna", "other"), 0);
	ck_assert_int_eq(login(a, "anna", "secret"), GW_EAUTH);
	ck_assert_int_eq(login(a, "anna", "other"), 0);
	ck_assert_int_eq(local_accounts_enable(elsewhere, S("anna"), false, NULL), 0);
	ck_assert_int_eq(login(a, "anna", "other"), GW_EDISABLED);
	ck_assert_int_eq(local_accounts_enable(elsewhere, S("anna"), true, NULL), 0);
	ck_assert_int_eq(local_accounts_rename(elsewhere, S("anna"), S("berta"), NULL), 0);
	ck_assert_int_eq(login(a, "anna", "other"), GW_EAUTH);
	ck_assert_int_eq(login(a, "berta", "other"), 0);
	local_accounts_close(elsewhere);
	local_accounts_close(a);
}
END_TEST

START_TEST(an_account_made_anew_shares_nothing_with_the_old_one)
{
	struct local_accounts *a = open_accounts();
	uint64_t first = add(a, "anna", "secret", ""), gone, second;

	ck_assert_int_eq(login(a, "anna", "secret"), 0);
	ck_assert_int_eq(local_accounts_remove(a, S("anna"), &gone, NULL), 0);
	ck_assert_uint_eq(gone, first);
	ck_assert_int_eq(login(a, "anna", "secret"), GW_EAUTH);
	second = add(a, "anna", "other", "");
	ck_assert_uint_gt(second, first);
	ck_assert_int_eq(login(a, "anna", "secret"), GW_EAUTH);
	ck_assert_int_eq(local_accounts_remove(a, S("nobody"), &gone, NULL), GW_ENOENT);
	local_accounts_close(a);
}
END_TEST

/* The user ends where the password begins; one user's pair is never another's. */
START_TEST(users_never_share_a_remembered_pair)
{
	struct local_accounts *a = open_accounts();
	unsigned char mac[ACCOUNTS_MAC], other[ACCOUNTS_MAC];

	add(a, "ab", "cd", "");
	add(a, "abc", "d", "");
	ck_assert_int_eq(login(a, "ab", "cd"), 0);
	ck_assert_int_eq(login(a, "abc", "cd"), GW_EAUTH);
	ck_assert_int_eq(login(a, "ab", "d"), GW_EAUTH);
	accounts_cache_mac(a->cache, S("ab"), S("cd"), mac);
	accounts_cache_mac(a->cache, S("abc"), S("d"), other);
	ck_assert(memcmp(mac, other, sizeof mac) != 0);
	ck_assert(accounts_cache_has(a->cache, mac, 1, 0, mono) == false); /* another change number */
	local_accounts_close(a);
}
END_TEST

START_TEST(the_cache_is_bounded_and_forgets_the_oldest)
{
	struct accounts_cache *c = NULL;
	unsigned char mac[ACCOUNTS_MAC];
	char name[32];
	size_t kept = 0;

	ck_assert_int_eq(accounts_cache_new(64, &c, NULL), 0);
	for (int i = 0; i < 1000; i++) {
		snprintf(name, sizeof name, "user%d", i);
		accounts_cache_mac(c, S(name), S("x"), mac);
		accounts_cache_put(c, mac, (uint64_t)i, 1, 0, (uint64_t)i + 100);
		ck_assert(accounts_cache_has(c, mac, (uint64_t)i, 1, (uint64_t)i + 99));
		ck_assert(!accounts_cache_has(c, mac, (uint64_t)i, 1, (uint64_t)i + 100));
		ck_assert(!accounts_cache_has(c, mac, (uint64_t)i + 1, 1, 0));
		ck_assert(!accounts_cache_has(c, mac, (uint64_t)i, 2, 0));
	}
	for (int i = 0; i < 1000; i++) {
		snprintf(name, sizeof name, "user%d", i);
		accounts_cache_mac(c, S(name), S("x"), mac);
		kept += accounts_cache_has(c, mac, (uint64_t)i, 1, 0);
	}
	ck_assert_uint_le(kept, 64);
	ck_assert_uint_gt(kept, 32);
	accounts_cache_free(c);
}
END_TEST

START_TEST(without_a_ttl_nothing_is_remembered)
{
	struct local_accounts *a = NULL;

	ck_assert_int_eq(open_with(0, &a, NULL), 0);
	ck_assert_ptr_null(a->cache);
	add(a, "anna", "secret", "");
	ck_assert_int_eq(login(a, "anna", "secret"), 0);
	ck_assert_int_eq(login(a, "anna", "secret"), 0);
	ck_assert_int_eq(passwd(a, "anna", "other"), 0);
	ck_assert_int_eq(login(a, "anna", "secret"), GW_EAUTH);
	local_accounts_close(a);
}
END_TEST

/* ---- processes and threads ---- */

static int child_result(pid_t pid)
{
	int status;

	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFEXITED(status));
	return WEXITSTATUS(status);
}

START_TEST(children_share_the_cache_and_see_changes_at_once)
{
	struct local_accounts *a = open_accounts();
	pid_t pid;

	add(a, "anna", "secret", "");
	local_accounts_tidy(a);
	pid = fork();
	if (pid == 0)
		_exit(login(a, "anna", "secret") == 0 && cached(a, "anna", "secret") ? 0 : 1);
	ck_assert_int_eq(child_result(pid), 0);
	ck_assert(cached(a, "anna", "secret"));
	ck_assert_int_eq(login(a, "anna", "secret"), 0);
	pid = fork(); /* with the parent's handle in the list */
	if (pid == 0)
		_exit(passwd(a, "anna", "other") == 0 ? 0 : 1);
	ck_assert_int_eq(child_result(pid), 0);
	ck_assert_int_eq(login(a, "anna", "secret"), GW_EAUTH);
	ck_assert_int_eq(login(a, "anna", "other"), 0);
	local_accounts_close(a);
}
END_TEST

START_TEST(processes_that_open_a_new_store_together_agree)
{
	struct local_accounts *a;
	pid_t pid[4];
	struct gw_arena arena;
	struct gw_user *v;
	size_t n;

	for (int p = 0; p < 4; p++) {
		pid[p] = fork();
		if (pid[p] == 0) {
			struct local_user u;
			char name[32];

			if (open_with(TTL_S, &a, NULL) < 0)
				_exit(1);
			for (int i = 0; i < 10; i++) {
				snprintf(name, sizeof name, "u%d-%d", p, i);
				if (local_accounts_add(a, S(name), &(struct gw_user_password){ 0 }, &u, NULL) < 0)
					_exit(2);
			}
			_exit(0);
		}
	}
	for (int p = 0; p < 4; p++)
		ck_assert_int_eq(child_result(pid[p]), 0);
	a = open_accounts();
	gw_arena_init(&arena, 0, 0);
	ck_assert_int_eq(local_accounts_list(a, &arena, S(""), 0, &v, &n, NULL), 0);
	ck_assert_uint_eq(n, 40);
	gw_arena_done(&arena);
	local_accounts_close(a);
}
END_TEST

static void *login_often(void *arg)
{
	struct local_accounts *a = arg;
	unsigned bad = 0;

	for (int i = 0; i < 200; i++) {
		bad += login(a, "anna", "secret") != 0;
		bad += login(a, "berta", "other") != 0;
	}
	return bad ? a : NULL;
}

START_TEST(threads_sign_on_together)
{
	struct local_accounts *a = open_accounts();
	pthread_t t[4];
	void *bad;

	add(a, "anna", "secret", "");
	add(a, "berta", "other", "");
	for (int i = 0; i < 4; i++)
		ck_assert_int_eq(pthread_create(&t[i], NULL, login_often, a), 0);
	for (int i = 0; i < 4; i++) {
		ck_assert_int_eq(pthread_join(t[i], &bad), 0);
		ck_assert_ptr_null(bad);
	}
	local_accounts_close(a);
}
END_TEST

/* ---- managing ---- */

START_TEST(users_are_listed_in_pages)
{
	struct local_accounts *a = open_accounts();
	struct gw_arena arena;
	struct gw_user *v, one;
	size_t n;

	gw_arena_init(&arena, 0, 0);
	add(a, "clara", "x", "");
	add(a, "anna", "", imported[2].hash);
	add(a, "berta", "", "");
	ck_assert_int_eq(local_accounts_quota(a, S("berta"), &(struct gw_limits){ 1 << 20, 5, 6, 7 }, NULL), 0);
	ck_assert_int_eq(local_accounts_features(a, S("berta"), S("pop3, imap"), NULL), 0);
	ck_assert_int_eq(local_accounts_list(a, &arena, S(""), 2, &v, &n, NULL), 0);
	ck_assert_uint_eq(n, 2);
	ck_assert_str_eq(v[0].name, "anna");
	ck_assert_str_eq(v[0].scheme, "sha512-crypt");
	ck_assert_str_eq(v[1].name, "berta");
	ck_assert_str_eq(v[1].scheme, "none");
	ck_assert_str_eq(v[1].disabled_features, "imap pop3");
	ck_assert_uint_eq(v[1].limits.storage, 1 << 20);
	ck_assert_uint_eq(v[1].limits.messages, 5);
	ck_assert_uint_eq(v[1].limits.mailboxes, 6);
	ck_assert_uint_eq(v[1].limits.annotations, 7);
	ck_assert_int_eq(local_accounts_list(a, &arena, S("berta"), 2, &v, &n, NULL), 0);
	ck_assert_uint_eq(n, 1);
	ck_assert_str_eq(v[0].name, "clara");
	ck_assert(v[0].has_scram && v[0].enabled);
	ck_assert_int_eq(v[0].created, wall);
	ck_assert_int_eq(local_accounts_show(a, &arena, S("CLARA"), &one, NULL), 0);
	ck_assert_str_eq(one.scheme, "yescrypt");
	ck_assert_int_eq(local_accounts_show(a, &arena, S("dora"), &one, NULL), GW_ENOENT);
	ck_assert_int_eq(local_accounts_rename(a, S("clara"), S("Anna"), NULL), GW_EEXIST);
	ck_assert_int_eq(local_accounts_rename(a, S("dora"), S("emma"), NULL), GW_ENOENT);
	ck_assert_int_eq(local_accounts_rename(a, S("clara"), S("Clara"), NULL), 0);
	ck_assert_int_eq(local_accounts_add(a, S("BERTA"), &(struct gw_user_password){ 0 }, &(struct local_user){ 0 }, NULL),
			 GW_EEXIST);
	gw_arena_done(&arena);
	local_accounts_close(a);
}
END_TEST

START_TEST(a_store_in_memory_works_the_same)
{
	const struct local_accounts_options opt = { .clock = &fake_clock, .cache_ttl_s = TTL_S, .hash_cost = 1 };
	struct local_accounts *a = NULL;
	pthread_t t[2];
	void *bad;

	ck_assert_int_eq(local_accounts_open(&opt, &a, NULL), 0);
	add(a, "anna", "secret", "");
	add(a, "berta", "other", "");
	local_accounts_tidy(a);
	for (int i = 0; i < 2; i++)
		ck_assert_int_eq(pthread_create(&t[i], NULL, login_often, a), 0);
	for (int i = 0; i < 2; i++) {
		ck_assert_int_eq(pthread_join(t[i], &bad), 0);
		ck_assert_ptr_null(bad);
	}
	local_accounts_close(a);
}
END_TEST

/* ---- the file (K07) ---- */

static void file_path(char *ret, const char *name)
{
	snprintf(ret, 200, "%s/%s", root, name);
}

static int reopen(struct gw_err *err)
{
	struct local_accounts *a = NULL;
	int rc = open_with(TTL_S, &a, err);

	local_accounts_close(a);
	return rc;
}

static void make_account_dir(uint64_t id)
{
	char dir[LOCAL_ACCOUNT_DIR_MAX], cmd[400];

	local_account_dir(id, dir);
	snprintf(cmd, sizeof cmd, "mkdir -p '%s/%s'", root, dir);
	ck_assert_int_eq(system(cmd), 0);
}

/* An older accounts.db was brought back: mail of accounts that it does not know is there. */
START_TEST(a_new_account_never_gets_the_mail_of_another)
{
	struct local_accounts *a = open_accounts();

	ck_assert_uint_eq(add(a, "anna", "secret", ""), 1);
	make_account_dir(1);
	make_account_dir(2);
	make_account_dir(3);
	make_account_dir(5);
	ck_assert_uint_eq(add(a, "berta", "secret", ""), 4);
	ck_assert_uint_eq(add(a, "clara", "secret", ""), 6);
	ck_assert_uint_eq(add(a, "dora", "secret", ""), 7);
	local_accounts_close(a);
}
END_TEST

START_TEST(a_lost_account_database_is_not_taken_for_a_new_one)
{
	struct local_accounts *a = open_accounts();
	struct gw_err err = { 0 };
	char path[200];

	add(a, "anna", "secret", "");
	local_accounts_close(a);
	file_path(path, "accounts.db");
	make_account_dir(1);
	if (_i)
		ck_assert_int_eq(unlink(path), 0);
	else
		ck_assert_int_eq(truncate(path, 0), 0);
	ck_assert_int_eq(reopen(&err), GW_ECORRUPT);
	ck_assert_ptr_nonnull(strstr(err.text, path));
}
END_TEST

static void sql(const char *file, const char *text)
{
	sqlite3 *db;

	ck_assert_int_eq(sqlite3_open(file, &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(db, text, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

START_TEST(the_file_is_private)
{
	char file[200];
	struct stat st;
	struct local_accounts *a = open_accounts();

	add(a, "anna", "secret", "");
	file_path(file, "accounts.db");
	ck_assert_int_eq(stat(file, &st), 0);
	ck_assert_int_eq(st.st_mode & 0777, 0600);
	file_path(file, "accounts.db-wal");
	ck_assert_int_eq(stat(file, &st), 0);
	ck_assert_int_eq(st.st_mode & 0777, 0600);
	local_accounts_close(a);
}
END_TEST

START_TEST(links_in_place_of_the_file_are_refused)
{
	char file[200], moved[200];
	struct gw_err err;

	ck_assert_int_eq(reopen(&err), 0);
	file_path(file, "accounts.db");
	file_path(moved, "moved.db");
	ck_assert_int_eq(rename(file, moved), 0);
	ck_assert_int_eq(symlink(moved, file), 0);
	ck_assert_int_eq(reopen(&err), GW_EACCES);
	ck_assert_ptr_nonnull(strstr(err.text, "accounts.db"));
	ck_assert_int_eq(unlink(file), 0);
	ck_assert_int_eq(link(moved, file), 0);
	ck_assert_int_eq(reopen(&err), GW_EACCES);
	ck_assert_int_eq(unlink(moved), 0);
	ck_assert_int_eq(reopen(&err), 0);
	ck_assert_int_eq(unlink(file), 0);
	ck_assert_int_eq(mkfifo(file, 0600), 0);
	ck_assert_int_eq(reopen(&err), GW_EACCES);
}
END_TEST

START_TEST(files_and_directories_others_may_write_are_refused)
{
	char file[200];
	struct gw_err err;

	ck_assert_int_eq(reopen(&err), 0);
	file_path(file, "accounts.db");
	ck_assert_int_eq(chmod(file, 0622), 0);
	ck_assert_int_eq(reopen(&err), GW_EACCES);
	ck_assert_int_eq(chmod(file, 0600), 0);
	ck_assert_int_eq(chmod(root, 0777), 0);
	ck_assert_int_eq(reopen(&err), GW_EACCES);
	ck_assert_int_eq(chmod(root, 0700), 0);
	ck_assert_int_eq(reopen(&err), 0);
}
END_TEST

START_TEST(foreign_and_damaged_files_are_refused_and_left_alone)
{
	char file[200];
	struct gw_err err;
	int fd;

	file_path(file, "accounts.db");
	sql(file, "CREATE TABLE other(x)");
	ck_assert_int_eq(chmod(file, 0600), 0);
	ck_assert_int_eq(reopen(&err), GW_ECORRUPT);
	sql(file, "SELECT * FROM other");
	ck_assert_int_eq(unlink(file), 0);
	ck_assert_int_eq(reopen(&err), 0);
	sql(file, "PRAGMA user_version=99");
	ck_assert_int_eq(reopen(&err), GW_ENOTSUP);
	sql(file, "PRAGMA user_version=3");
	ck_assert_int_eq(reopen(&err), 0);
	fd = open(file, O_WRONLY);
	ck_assert_int_eq(pwrite(fd, "garbage garbage garbage garbage", 31, 0), 31);
	close(fd);
	ck_assert_int_eq(reopen(&err), GW_ECORRUPT);
	ck_assert_ptr_nonnull(strstr(err.text, "accounts.db"));
}
END_TEST

START_TEST(where_an_account_has_moved_is_kept)
{
	static const char *const bad[] = { ":1", "a b", "[::1]", "a]", "-a", "a:", "a:0", "a:65536", "a:b", "a/b", ".", "\xc3\xb6" };
	struct local_accounts *a = open_accounts();
	char longest[257];
	struct local_user u;

	add(a, "anna", "secret", "");
	ck_assert_int_eq(local_accounts_by_id(a, 1, &u, NULL), 0);
	ck_assert_str_eq(u.moved.server, "");
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		ck_assert_int_eq(local_accounts_move(a, S("anna"), S(bad[i]), S(""), NULL), GW_EINVAL);
	ck_assert_int_eq(local_accounts_move(a, S("anna"), S(""), S("x"), NULL), GW_EINVAL);
	ck_assert_int_eq(local_accounts_move(a, S("anna"), S("host"), S("a/b"), NULL), GW_EINVAL);
	ck_assert_int_eq(local_accounts_move(a, S("nobody"), S("host"), S(""), NULL), GW_ENOENT);
	memset(longest, 'a', 256);
	longest[256] = '\0';
	ck_assert_int_eq(local_accounts_move(a, S("anna"), S(longest), S(""), NULL), GW_EINVAL);
	ck_assert_int_eq(local_accounts_move(a, S("Anna"), S("mail2.Example.org:65535"), S(""), NULL), 0);
	ck_assert_int_eq(local_accounts_login(a, S("anna"), S("secret"), "imap", &u, NULL), 0);
	ck_assert_str_eq(u.moved.server, "mail2.Example.org:65535");
	ck_assert_str_eq(u.moved.user, "anna");
	ck_assert_int_eq(local_accounts_move(a, S("anna"), S("192.0.2.1"), S("Anna@Example.org"), NULL), 0);
	ck_assert_int_eq(local_accounts_by_id(a, 1, &u, NULL), 0);
	ck_assert_str_eq(u.moved.user, "anna@example.org");
	ck_assert_int_eq(local_accounts_move(a, S("anna"), S(""), S(""), NULL), 0);
	ck_assert_int_eq(local_accounts_by_id(a, 1, &u, NULL), 0);
	ck_assert(!*u.moved.server && !*u.moved.user);
	local_accounts_close(a);
}
END_TEST

START_TEST(a_file_of_the_first_version_is_brought_up_to_date)
{
	struct local_accounts *a = open_accounts();
	char file[200];
	struct local_user u;

	add(a, "anna", "secret", "");
	ck_assert_int_eq(local_accounts_quota(a, S("anna"), &(struct gw_limits){ 5, 6, 7, 8 }, NULL), 0);
	local_accounts_close(a);
	file_path(file, "accounts.db");
	sql(file, "ALTER TABLE user DROP COLUMN mailboxes_limit; ALTER TABLE user DROP COLUMN annotations_limit;"
		  "ALTER TABLE user DROP COLUMN moved_server; ALTER TABLE user DROP COLUMN moved_user; PRAGMA user_version=1");
	a = open_accounts();
	ck_assert_int_eq(local_accounts_by_id(a, 1, &u, NULL), 0);
	ck_assert(u.limits.storage == 5 && u.limits.messages == 6 && u.limits.mailboxes == 0 && u.limits.annotations == 0);
	ck_assert_int_eq(login(a, "anna", "secret"), 0);
	local_accounts_close(a);
}
END_TEST

/* K08: columns are checked when read; the other users are not touched by one bad row. */
START_TEST(crafted_rows_are_refused_when_read)
{
	static const char *const crafts[] = {
		"scram_salt=x'00'", "scram_iterations=1", "scram_iterations='x'", "hash=CAST(zeroblob(10) AS TEXT)",
		"hash=hex(zeroblob(10000))", "storage_limit=-1", "mailboxes_limit=-1",
		"annotations_limit=-1", "moved_server='a] b'", "moved_user=hex(zeroblob(500))", "scram_stored=NULL", "name='anna'||hex(zeroblob(500))",
		"scram_server=zeroblob(1000000)",
	};
	struct local_accounts *a = open_accounts();
	char file[200], text[200];
	struct local_user u;

	file_path(file, "accounts.db");
	add(a, "berta", "other", "");
	add(a, "anna", "secret", "");
	snprintf(text, sizeof text, "UPDATE user SET %s WHERE name='anna'", crafts[_i]);
	sql(file, text);
	ck_assert_int_eq(local_accounts_by_id(a, 2, &u, NULL), GW_ECORRUPT);
	ck_assert_int_lt(login(a, "anna", "secret"), 0);
	ck_assert_int_eq(login(a, "berta", "other"), 0);
	local_accounts_close(a);
}
END_TEST

START_TEST(account_directories_are_made_from_numbers)
{
	char dir[LOCAL_ACCOUNT_DIR_MAX];

	local_account_dir(0x3a, dir);
	ck_assert_str_eq(dir, "users/3a/000000000000003a");
	local_account_dir(UINT64_MAX, dir);
	ck_assert_str_eq(dir, "users/ff/ffffffffffffffff");
}
END_TEST

static TCase *tcase_names(void)
{
	TCase *tc = tcase_create("names");

	tcase_add_loop_test(tc, names_have_one_spelling, 0, sizeof names / sizeof *names);
	tcase_add_test(tc, names_are_limited_to_255_octets);
	return tc;
}

static TCase *tcase_login(void)
{
	TCase *tc = tcase_create("login");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, right_password_signs_on_and_everything_else_does_not);
	tcase_add_test(tc, passwords_are_limited_to_511_octets);
	tcase_add_test(tc, disabled_is_told_only_after_the_right_password);
	tcase_add_test(tc, a_password_can_be_proved_with_the_scram_keys);
	tcase_add_test(tc, the_hash_of_nobody_looks_like_one_and_is_verified_like_one);
	tcase_add_test(tc, who_may_not_sign_on_is_hashed_like_a_wrong_password);
	tcase_add_loop_test(tc, imported_hashes_verify_and_get_scram_keys_at_the_next_sign_on, 0,
			    sizeof imported / sizeof *imported);
	tcase_add_test(tc, damaged_hashes_are_refused_at_every_length);
	tcase_add_test(tc, scram_keys_are_those_of_rfc7677);
	tcase_add_test(tc, scram_passwords_are_prepared);
	tcase_add_test(tc, unknown_users_have_stable_scram_keys);
	return tc;
}

static TCase *tcase_cache(void)
{
	TCase *tc = tcase_create("cache");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, verified_pairs_are_remembered_until_their_time_is_over);
	tcase_add_test(tc, any_change_of_the_account_ends_what_was_remembered);
	tcase_add_test(tc, an_account_made_anew_shares_nothing_with_the_old_one);
	tcase_add_test(tc, users_never_share_a_remembered_pair);
	tcase_add_test(tc, the_cache_is_bounded_and_forgets_the_oldest);
	tcase_add_test(tc, without_a_ttl_nothing_is_remembered);
	tcase_add_test(tc, children_share_the_cache_and_see_changes_at_once);
	tcase_add_test(tc, processes_that_open_a_new_store_together_agree);
	tcase_add_test(tc, threads_sign_on_together);
	return tc;
}

static TCase *tcase_file(void)
{
	TCase *tc = tcase_create("file");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, a_new_account_never_gets_the_mail_of_another);
	tcase_add_loop_test(tc, a_lost_account_database_is_not_taken_for_a_new_one, 0, 2);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, users_are_listed_in_pages);
	tcase_add_test(tc, a_store_in_memory_works_the_same);
	tcase_add_test(tc, the_file_is_private);
	tcase_add_test(tc, links_in_place_of_the_file_are_refused);
	tcase_add_test(tc, files_and_directories_others_may_write_are_refused);
	tcase_add_test(tc, foreign_and_damaged_files_are_refused_and_left_alone);
	tcase_add_test(tc, where_an_account_has_moved_is_kept);
	tcase_add_test(tc, a_file_of_the_first_version_is_brought_up_to_date);
	tcase_add_loop_test(tc, crafted_rows_are_refused_when_read, 0, 9);
	tcase_add_test(tc, account_directories_are_made_from_numbers);
	return tc;
}

UNIT_MAIN("accounts", tcase_names(), tcase_login(), tcase_cache(), tcase_file())
