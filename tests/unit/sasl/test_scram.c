/* test_scram.c - SCRAM-SHA-256 and SCRAM-SHA-256-PLUS: the vector of RFC 7677, bindings, forgeries, unknown users */
#include "tests/unit/sasl/sasltest.h"

#include "store/driver.h"

static struct gw_buf final;
static char signature[64];

static void setup(void)
{
	fixture_init("");
	gw_buf_init(&final, 0);
}

static void teardown(void)
{
	gw_buf_done(&final);
	fixture_done();
}

/* The server's answer to a first message: header, then bare. */
static const char *first(const char *mech, const char *header, const char *bare)
{
	char message[1000];

	begin(mech);
	snprintf(message, sizeof message, "%s%s", header, bare);
	ck_assert_msg(step_str(message) == GW_SASL_MORE, "%s", f.err.text);
	return gw_buf_str(&f.challenge);
}

/* A whole exchange up to the proof. */
static enum gw_sasl_result prove(const char *mech, const char *header, const char *bare, const char *password,
				 struct gw_slice bound)
{
	scram_final_message(password, bare, first(mech, header, bare), bound, &final, signature);
	return step(gw_buf_slice(&final));
}

/* ---- the way it should be ---- */

/* RFC 9051 6.2.2(f); RFC 5802 3(a), 5(a) */
START_TEST(the_right_password_signs_on)
{
	ck_assert_int_eq(prove("SCRAM-SHA-256", "n,,", "n=anna,r=abc", "secret", GW_S("n,,")), GW_SASL_MORE);
	ck_assert_slice_eq(gw_buf_slice(&f.challenge), signature);
	ck_assert_ptr_null(f.acct);
	ck_assert_int_eq(step_lit(""), GW_SASL_DONE);
	ck_assert_str_eq(gw_acct_user(f.acct), "anna");
	ck_assert_str_eq(gw_sasl_user(f.s), "anna");
}
END_TEST

START_TEST(the_client_may_be_asked_to_begin)
{
	begin("SCRAM-SHA-256");
	ck_assert_int_eq(start(), GW_SASL_MORE);
	ck_assert_uint_eq(f.challenge.n, 0);
	ck_assert_int_eq(step_lit("y,,n=anna,r=abc"), GW_SASL_MORE);
}
END_TEST

/* RFC 5802 5.1(g) */
START_TEST(what_a_client_adds_is_passed_over)
{
	ck_assert_int_eq(prove("SCRAM-SHA-256", "y,a=anna,", "n=anna,r=abc,x=more", "secret", GW_S("y,a=anna,")),
			 GW_SASL_MORE);
	ck_assert_slice_eq(gw_buf_slice(&f.challenge), signature);
}
END_TEST

/* RFC 5802 5.1(b) */
START_TEST(names_are_undone_of_their_escapes)
{
	fixture_user("a,b=c", "secret");
	ck_assert_int_eq(prove("SCRAM-SHA-256", "n,,", "n=a=2Cb=3Dc,r=abc", "secret", GW_S("n,,")), GW_SASL_MORE);
	ck_assert_str_eq(gw_sasl_user(f.s), "a,b=c");
}
END_TEST

/* RFC 5802 5.1(d) */
START_TEST(the_nonce_is_new_each_time_and_begins_with_the_clients)
{
	char one[600];

	strcpy(one, first("SCRAM-SHA-256", "n,,", "n=anna,r=abc"));
	ck_assert_str_ne(one, first("SCRAM-SHA-256", "n,,", "n=anna,r=abc"));
	ck_assert_int_eq(strncmp(one, "r=abc", 5), 0);
	ck_assert_uint_eq(strcspn(one, ","), 5 + SASL_NONCE);
}
END_TEST

/* ---- RFC 7677 section 3 ---- */

static int vector_keys(struct gw_store *s, struct gw_slice user, struct gw_scram_keys *ret, struct gw_err *err)
{
	unsigned char salted[32], client[32];
	struct gw_buf salt;

	(void)s, (void)user, (void)err;
	gw_buf_init(&salt, 0);
	ck_assert(gw_base64_decode(GW_S("W22ZaJ0SNY7soEsUEjb6gQ=="), &salt) && salt.n == sizeof ret->salt);
	memcpy(ret->salt, salt.p, salt.n);
	gw_buf_done(&salt);
	ret->iterations = 4096;
	PKCS5_PBKDF2_HMAC("pencil", 6, ret->salt, sizeof ret->salt, 4096, EVP_sha256(), sizeof salted, salted);
	client_hmac(salted, "Client Key", client);
	client_hmac(salted, "Server Key", ret->server_key);
	EVP_Digest(client, sizeof client, ret->stored_key, NULL, EVP_sha256(), NULL);
	return 0;
}

/* RFC 7677 3(b); RFC 5802 5.1(c) */
START_TEST(the_vector_of_rfc_7677_holds)
{
	const struct gw_store_ops *own = f.env.store->ops;
	struct gw_store_ops ops = *own;
	enum gw_sasl_result r;

	ops.scram_keys = vector_keys;
	f.env.store->ops = &ops;
	begin("SCRAM-SHA-256");
	r = sasl_scram_first(f.s, GW_S("n,,n=user,r=rOprNGfwEbeRWgbNEkqO"), GW_S("%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"), &f.challenge,
			     &f.err);
	f.env.store->ops = own;
	ck_assert_int_eq(r, GW_SASL_MORE);
	ck_assert_slice_eq(gw_buf_slice(&f.challenge),
			   "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096");
	ck_assert_int_eq(step_lit("c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
				  "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="),
			 GW_SASL_MORE);
	ck_assert_slice_eq(gw_buf_slice(&f.challenge), "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
	ck_assert_int_eq(step_lit(""), GW_SASL_DONE);
	ck_assert_str_eq(gw_acct_user(f.acct), "user");
}
END_TEST

/* ---- wrong proofs ---- */

START_TEST(wrong_passwords_and_unknown_users_are_told_alike)
{
	char told[GW_ERR_TEXT];

	ck_fails(prove("SCRAM-SHA-256", "n,,", "n=anna,r=abc", "wrong", GW_S("n,,")), GW_EAUTH);
	strcpy(told, f.err.text);
	ck_assert_uint_eq(f.challenge.n, 0);
	ck_fails(prove("SCRAM-SHA-256", "n,,", "n=nobody,r=abc", "secret", GW_S("n,,")), GW_EAUTH);
	ck_assert_str_eq(f.err.text, told);
	ck_assert_ptr_null(f.acct);
}
END_TEST

/* "s=...,i=..." for a user. */
static const char *salt_of(const char *name, char ret[100])
{
	char bare[300];

	snprintf(bare, sizeof bare, "n=%s,r=abc", name);
	snprintf(ret, 100, "%s", strstr(first("SCRAM-SHA-256", "n,,", bare), ",s="));
	return ret;
}

/* RFC 7677 3(a), 4(a); RFC 5802 5.1(f), 9(a) */
START_TEST(an_unknown_user_looks_like_a_known_one)
{
	char known[100], a[100], b[100];

	salt_of("anna", known);
	salt_of("nobody", a);
	ck_assert_str_eq(a, salt_of("nobody", b));
	ck_assert_str_eq(a, salt_of("Nobody", b));
	ck_assert_str_ne(a, salt_of("nobody2", b));
	ck_assert_str_ne(a, known);
	ck_assert_uint_eq(strlen(a), strlen(known));
	ck_assert_str_eq(strstr(a, ",i="), strstr(known, ",i="));
}
END_TEST

START_TEST(a_disabled_user_is_told_so_only_with_the_right_proof)
{
	ck_assert_int_eq(gw_admin_user_enable(f.env.store, GW_S("anna"), false, &f.err), 0);
	ck_fails(prove("SCRAM-SHA-256", "n,,", "n=anna,r=abc", "wrong", GW_S("n,,")), GW_EAUTH);
	ck_fails(prove("SCRAM-SHA-256", "n,,", "n=anna,r=abc", "secret", GW_S("n,,")), GW_EDISABLED);
}
END_TEST

/* RFC 5802 5.1(e), 6(e) */
START_TEST(one_changed_octet_of_the_final_message_fails)
{
	struct gw_slice good;
	char copy[400];

	ck_assert_int_eq(prove("SCRAM-SHA-256", "n,,", "n=anna,r=abc", "secret", GW_S("n,,")), GW_SASL_MORE);
	good = gw_buf_slice(&final);
	for (size_t i = 0; i < good.n; i += 7) {
		scram_final_message("secret", "n=anna,r=abc", first("SCRAM-SHA-256", "n,,", "n=anna,r=abc"), GW_S("n,,"), &final,
				    signature);
		ck_assert_uint_lt(final.n, sizeof copy);
		memcpy(copy, final.p, final.n);
		copy[i] = copy[i] == 'A' ? 'B' : 'A';
		ck_assert_int_eq(step(gw_slice(copy, final.n)), GW_SASL_FAIL);
		ck_assert(f.err.code == GW_EAUTH || f.err.code == GW_EINVAL);
	}
}
END_TEST

START_TEST(a_proof_of_another_exchange_is_worth_nothing)
{
	struct gw_slice old;
	char copy[400];

	ck_assert_int_eq(prove("SCRAM-SHA-256", "n,,", "n=anna,r=abc", "secret", GW_S("n,,")), GW_SASL_MORE);
	old = gw_slice(copy, final.n);
	memcpy(copy, final.p, final.n);
	first("SCRAM-SHA-256", "n,,", "n=anna,r=abc");
	ck_fails(step(old), GW_EAUTH);
	first("SCRAM-SHA-256", "n,,", "n=user,r=abc");
	ck_fails(step(old), GW_EAUTH);
}
END_TEST

START_TEST(nothing_may_follow_the_end)
{
	ck_assert_int_eq(prove("SCRAM-SHA-256", "n,,", "n=anna,r=abc", "secret", GW_S("n,,")), GW_SASL_MORE);
	ck_fails(step_lit("x"), GW_EINVAL);
	ck_assert_ptr_null(f.acct);
}
END_TEST

/* ---- malformed messages ---- */

/* RFC 5802 5(b), 5.1(b), 5.1(h) */
START_TEST(malformed_first_messages_are_refused)
{
	static const char *const bad[] = {
		"", "n", "n,", "n,,", "n,,n=anna", "n,,n=anna,", "n,,n=anna,r=", "n,,n=,r=abc", "n,,r=abc,n=anna", "x,,n=anna,r=abc",
		"n,,m=x,n=anna,r=abc", "n,,n=an=na,r=abc", "n,,n=anna=,r=abc", "n,,n=anna=2,r=abc", "n,,n=anna=41,r=abc",
		"n,,n=anna,r=a b", "n,,n=anna,r=a\x7F", "n,,n=anna,r=\xC3\xA4", "n,b=anna,n=anna,r=abc", "nn,,n=anna,r=abc",
		"p,,n=anna,r=abc", "p=,,n=anna,r=abc", " n,,n=anna,r=abc", "n,a==zz,n=anna,r=abc", "n,,n=an\nna,r=abc",
	};

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		begin("SCRAM-SHA-256");
		ck_assert_msg(step_str(bad[i]) == GW_SASL_FAIL, "%s", bad[i]);
		ck_assert_msg(f.err.code == GW_EINVAL || (bad[i][0] == 'p' && f.err.code == GW_EAUTH), "%s", bad[i]);
	}
	begin("SCRAM-SHA-256");
	ck_fails(step_lit("n,,n=an\0na,r=abc"), GW_EINVAL);
}
END_TEST

/* RFC 5802 5(c) */
START_TEST(malformed_final_messages_are_refused)
{
	static const char *const bad[] = {
		"", ",", "c=biws", "c=biws,r=abc", "c=biws,r=abc,p=", "c=biws,r=abc,p=AAAA", "c=biws,p=AAAA,r=abc", "r=abc,c=biws,p=AAAA",
		"c=biws,r=abc,q=AAAA", "c=biws,r=abc,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ",
		"r=abc,c=biws,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=", "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
	};

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		first("SCRAM-SHA-256", "n,,", "n=anna,r=abc");
		ck_fails(step_str(bad[i]), GW_EINVAL);
	}
}
END_TEST

/* RFC 5802 5.1(h), 5.1(g): "m" asks for what is not known; another attribute is only part of what is signed, and the proof is wrong then */
START_TEST(what_must_be_understood_and_is_not_fails)
{
	static const struct {
		const char *more;
		enum gw_code code;
	} rows[] = { { ",m=x", GW_EINVAL }, { ",x=y,m=x", GW_EINVAL }, { ",x=m", GW_EAUTH }, { ",x=y", GW_EAUTH } };
	char message[600];

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *proof;

		snprintf(message, sizeof message, "n,,n=anna,r=abc%s", rows[i].more);
		begin("SCRAM-SHA-256");
		ck_assert_int_eq(step_str(message), rows[i].code == GW_EINVAL ? GW_SASL_FAIL : GW_SASL_MORE);
		scram_final_message("secret", "n=anna,r=abc", first("SCRAM-SHA-256", "n,,", "n=anna,r=abc"), GW_S("n,,"), &final,
				    signature);
		proof = strstr(gw_buf_str(&final), ",p=");
		ck_assert_ptr_nonnull(proof);
		snprintf(message, sizeof message, "%.*s%s%s", (int)(proof - final.p), final.p, rows[i].more, proof);
		ck_fails(step_str(message), rows[i].code);
	}
}
END_TEST

/* RFC 5802 5.1(a) */
START_TEST(a_name_may_be_composed_or_not)
{
	fixture_user("j\xC3\xB6rg", "gr\xC3\xBC\xC3\x9F");
	ck_assert_int_eq(prove("SCRAM-SHA-256", "n,,", "n=j\xC3\xB6rg,r=abc", "gr\xC3\xBC\xC3\x9F", GW_S("n,,")), GW_SASL_MORE);
	ck_assert_int_eq(prove("SCRAM-SHA-256", "n,,", "n=jo\xCC\x88rg,r=abc", "gr\xC3\xBC\xC3\x9F", GW_S("n,,")), GW_SASL_MORE);
	ck_assert_int_eq(step_lit(""), GW_SASL_DONE);
	ck_assert_str_eq(gw_acct_user(f.acct), "j\xC3\xB6rg");
}
END_TEST

START_TEST(a_nonce_may_be_512_characters_and_not_more)
{
	char message[600] = "n,,n=anna,r=";

	for (size_t n = 511; n <= 513; n++) {
		memset(message + 12, 'x', n);
		begin("SCRAM-SHA-256");
		ck_assert_int_eq(step(gw_slice(message, 12 + n)), n <= 512 ? GW_SASL_MORE : GW_SASL_FAIL);
	}
	ck_assert_int_eq(f.err.code, GW_EINVAL);
}
END_TEST

START_TEST(messages_are_bounded)
{
	static char message[20000] = "n,,n=anna,r=abc,x=";

	memset(message + 18, 'x', sizeof message - 18);
	begin("SCRAM-SHA-256");
	ck_assert_int_eq(step(gw_slice(message, 8192)), GW_SASL_MORE);
	begin("SCRAM-SHA-256");
	ck_fails(step(gw_slice(message, 8193)), GW_EINVAL);
	memset(message, ',', sizeof message);
	first("SCRAM-SHA-256", "n,,", "n=anna,r=abc");
	ck_fails(step(gw_slice(message, 20000)), GW_EINVAL);
}
END_TEST

START_TEST(nobody_acts_as_somebody_else)
{
	begin("SCRAM-SHA-256");
	ck_fails(step_lit("n,a=user,n=anna,r=abc"), GW_EACCES);
}
END_TEST

/* ---- channel binding ---- */

static void bind_channel(void)
{
	f.peer.tls = true;
	f.peer.has_exporter = true;
	for (size_t i = 0; i < sizeof f.peer.tls_exporter; i++)
		f.peer.tls_exporter[i] = (unsigned char)(i * 7);
}

/* The gs2 header and 32 octets. */
static struct gw_slice bound_to(const unsigned char octets[32], char ret[100])
{
	size_t n = (size_t)sprintf(ret, "p=tls-exporter,,");

	memcpy(ret + n, octets, 32);
	return gw_slice(ret, n + 32);
}

/* RFC 5802 6(e) */
START_TEST(a_bound_channel_signs_on)
{
	char bound[100];

	bind_channel();
	ck_assert_int_eq(prove("SCRAM-SHA-256-PLUS", "p=tls-exporter,,", "n=anna,r=abc", "secret",
			       bound_to(f.peer.tls_exporter, bound)),
			 GW_SASL_MORE);
	ck_assert_slice_eq(gw_buf_slice(&f.challenge), signature);
	ck_assert_int_eq(step_lit(""), GW_SASL_DONE);
}
END_TEST

/* RFC 5802 6(e), 6(f) */
START_TEST(the_right_password_on_another_channel_fails)
{
	unsigned char other[32] = { 1 };
	char bound[100];

	bind_channel();
	ck_fails(prove("SCRAM-SHA-256-PLUS", "p=tls-exporter,,", "n=anna,r=abc", "secret", bound_to(other, bound)), GW_EAUTH);
	ck_assert_ptr_null(f.acct);
	ck_fails(prove("SCRAM-SHA-256-PLUS", "p=tls-exporter,,", "n=anna,r=abc", "secret", GW_S("p=tls-exporter,,")), GW_EAUTH);
	ck_fails(prove("SCRAM-SHA-256", "n,,", "n=anna,r=abc", "secret", GW_S("y,,")), GW_EAUTH);
}
END_TEST

/* RFC 5802 6(d) */
START_TEST(the_binding_must_fit_the_mechanism)
{
	bind_channel();
	begin("SCRAM-SHA-256-PLUS");
	ck_fails(step_lit("n,,n=anna,r=abc"), GW_EAUTH);
	begin("SCRAM-SHA-256-PLUS");
	ck_fails(step_lit("y,,n=anna,r=abc"), GW_EAUTH);
	begin("SCRAM-SHA-256-PLUS");
	ck_fails(step_lit("p=tls-unique,,n=anna,r=abc"), GW_EAUTH);
	begin("SCRAM-SHA-256");
	ck_fails(step_lit("p=tls-exporter,,n=anna,r=abc"), GW_EAUTH);
}
END_TEST

/* RFC 5802 6(c) */
START_TEST(a_client_that_was_kept_from_binding_is_refused)
{
	bind_channel();
	begin("SCRAM-SHA-256");
	ck_fails(step_lit("y,,n=anna,r=abc"), GW_EAUTH);
	ck_assert_ptr_nonnull(strstr(f.err.text, "downgrade"));
	begin("SCRAM-SHA-256");
	ck_assert_int_eq(step_lit("n,,n=anna,r=abc"), GW_SASL_MORE);
	f.peer.has_exporter = false;
	begin("SCRAM-SHA-256");
	ck_assert_int_eq(step_lit("y,,n=anna,r=abc"), GW_SASL_MORE);
}
END_TEST

START_TEST(an_exchange_may_be_left_at_any_time)
{
	first("SCRAM-SHA-256", "n,,", "n=anna,r=abc");
	fixture_end();
	ck_assert_int_eq(prove("SCRAM-SHA-256", "n,,", "n=anna,r=abc", "secret", GW_S("n,,")), GW_SASL_MORE);
	fixture_end(); /* with the account that nobody took */
	ck_assert_int_eq(prove("SCRAM-SHA-256", "n,,", "n=anna,r=abc", "secret", GW_S("n,,")), GW_SASL_MORE);
	f.now_ms += GW_SASL_EXCHANGE_MS + 1;
	ck_fails(step_lit(""), GW_ELIMIT);
	ck_assert_ptr_null(f.acct);
}
END_TEST

/* ---- trouble on our side ---- */

static int no_keys(struct gw_store *s, struct gw_slice user, struct gw_scram_keys *ret, struct gw_err *err)
{
	(void)s, (void)user, (void)ret;
	return gw_fail(err, GW_EUNAVAIL, "the server is away");
}

START_TEST(a_store_that_is_away_is_no_wrong_password)
{
	const struct gw_store_ops *own = f.env.store->ops;
	struct gw_store_ops ops = *own;

	ops.scram_keys = no_keys;
	f.env.store->ops = &ops;
	begin("SCRAM-SHA-256");
	ck_fails(step_lit("n,,n=anna,r=abc"), GW_EUNAVAIL);
	ops.scram_keys = NULL;
	ck_assert_int_eq(gw_sasl_offer(gw_sasl_find(GW_S("SCRAM-SHA-256")), &f.env), GW_SASL_NOT_HERE);
	f.env.store->ops = own;
}
END_TEST

static TCase *tcase_good(void)
{
	TCase *tc = tcase_create("good");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, the_right_password_signs_on);
	tcase_add_test(tc, the_client_may_be_asked_to_begin);
	tcase_add_test(tc, what_a_client_adds_is_passed_over);
	tcase_add_test(tc, names_are_undone_of_their_escapes);
	tcase_add_test(tc, the_nonce_is_new_each_time_and_begins_with_the_clients);
	tcase_add_test(tc, the_vector_of_rfc_7677_holds);
	return tc;
}

static TCase *tcase_wrong(void)
{
	TCase *tc = tcase_create("wrong");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, wrong_passwords_and_unknown_users_are_told_alike);
	tcase_add_test(tc, an_unknown_user_looks_like_a_known_one);
	tcase_add_test(tc, a_disabled_user_is_told_so_only_with_the_right_proof);
	tcase_add_test(tc, one_changed_octet_of_the_final_message_fails);
	tcase_add_test(tc, a_proof_of_another_exchange_is_worth_nothing);
	tcase_add_test(tc, nothing_may_follow_the_end);
	tcase_add_test(tc, a_store_that_is_away_is_no_wrong_password);
	return tc;
}

static TCase *tcase_messages(void)
{
	TCase *tc = tcase_create("messages");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, malformed_first_messages_are_refused);
	tcase_add_test(tc, malformed_final_messages_are_refused);
	tcase_add_test(tc, what_must_be_understood_and_is_not_fails);
	tcase_add_test(tc, a_name_may_be_composed_or_not);
	tcase_add_test(tc, a_nonce_may_be_512_characters_and_not_more);
	tcase_add_test(tc, messages_are_bounded);
	tcase_add_test(tc, nobody_acts_as_somebody_else);
	return tc;
}

static TCase *tcase_binding(void)
{
	TCase *tc = tcase_create("binding");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, a_bound_channel_signs_on);
	tcase_add_test(tc, the_right_password_on_another_channel_fails);
	tcase_add_test(tc, the_binding_must_fit_the_mechanism);
	tcase_add_test(tc, a_client_that_was_kept_from_binding_is_refused);
	tcase_add_test(tc, an_exchange_may_be_left_at_any_time);
	return tc;
}

UNIT_MAIN("sasl/scram", tcase_good(), tcase_wrong(), tcase_messages(), tcase_binding())
