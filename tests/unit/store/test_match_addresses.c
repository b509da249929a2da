/* FROM, TO, CC and BCC (RFC 9051 6.4.4): as they are written and as ENVELOPE has them, with the index of texts and without. */
#include "matchtest.h"

static const char *const fields[] = { "From", "To", "Cc", "Bcc" };

/* Of pieces that are addresses, and of what is between them. */
static const char *random_addresses(struct gw_arena *arena, unsigned *seed)
{
	static const char *const pieces[] = { "ab@x.org", "Abc", "\"Ab, C\"", "<ab@x.org>", " <ab@x.org>, ", "<ab (c)@ (ab) x.org>", " ", "\r\n ", "(ab c)", ", ",
					      "<@r.org:ab@x.org>", "ab:", ";", "=?utf-8?q?=C3=A4b?=", "\xC3\xA4", "\"a\\\"b\"@x.org", "\xE4", "a . b @ x . org", "@", "(" };
	const char *ret = "";

	for (int n = rand_r(seed) / 64 % 8; n > 0; n--)
		ret = gw_arena_printf(arena, "%s%s", ret, pieces[(unsigned)rand_r(seed) / 64 % 20]);
	return ret;
}

static const char *random_mail(struct gw_arena *arena, unsigned *seed)
{
	const char *head = gw_arena_printf(arena, "X-Number: %d" CRLF, rand_r(seed));

	for (int n = 1 + rand_r(seed) / 64 % 5; n > 0; n--)
		head = gw_arena_printf(arena, "%s%s: %s" CRLF, head, fields[(unsigned)rand_r(seed) / 64 % 4], random_addresses(arena, seed));
	return gw_arena_printf(arena, "%s" CRLF "ab, c" CRLF, head);
}

/* The addresses of the field as text. */
static struct gw_slice text_of(struct gw_arena *arena, const char *mail_text, unsigned field)
{
	struct gw_slice ret;
	struct gw_buf envelope, text;

	gw_buf_init(&envelope, 0);
	gw_buf_init(&text, 0);
	gw_put_envelope(gw_slice_str(mail_text), &envelope);
	gw_address_text(gw_buf_slice(&envelope), text_list_of((enum gw_match_field)field), &text);
	ret = gw_arena_dup(arena, gw_buf_slice(&text));
	gw_buf_done(&envelope);
	gw_buf_done(&text);
	return ret;
}

static bool in_text(struct gw_arena *arena, const char *mail_text, unsigned field, struct gw_slice needle)
{
	struct gw_slice text = text_of(arena, mail_text, field);

	return text.n >= needle.n && memmem(text.p, text.n, needle.p, needle.n);
}

static bool over_at_once(void *ctx)
{
	(void)ctx;
	return true;
}

/* In as many steps as there can be. */
static void match_in_steps(struct fixture *f, struct gw_mbox_id id, struct gw_match *m, struct gw_set *ret)
{
	struct gw_match_place place = { .enough = over_at_once };
	struct gw_index *ix = fixture_index(f, id);
	struct gw_set seqs;
	int rc;

	set_of(&seqs, 1, ix->n);
	while ((rc = gw_mbox_match(f->acct, id, ix, m, &seqs, &place, ret, &f->err)) > 0)
		continue;
	ck_ok(f, rc);
	gw_match_place_done(&place);
	gw_set_done(&seqs);
	gw_index_unref(ix);
}

/* A piece of the addresses of one of the messages. */
static struct gw_slice random_needle(struct gw_arena *arena, const char *const *v, unsigned n, unsigned field, unsigned *seed)
{
	struct gw_slice text = { "", 0 };
	size_t at, most;

	for (int tries = 0; tries < 20 && !text.n; tries++)
		text = text_of(arena, v[(unsigned)rand_r(seed) / 64 % n], field);
	if (!text.n)
		return GW_S("ab");
	at = (unsigned)rand_r(seed) / 64 % text.n;
	most = text.n - at < 14 ? text.n - at : 14;
	return gw_slice(text.p + at, 1 + (unsigned)rand_r(seed) / 64 % most);
}

static void check_random(struct fixture *f, struct gw_mbox_id id, const char *const *v, unsigned n, unsigned *seed)
{
	for (unsigned k = 0; k < 24; k++) {
		unsigned field = k % 4;
		struct gw_match m = { .field = (enum gw_match_field)field, .needle = random_needle(&f->arena, v, n, field, seed) };
		struct gw_match as_header = { .field = GW_MATCH_HEADER, .header = gw_slice_str(fields[field]), .needle = m.needle };
		struct gw_set got, header;

		gw_set_init(&got);
		gw_set_init(&header);
		match_in_steps(f, id, &m, &got);
		match_in_steps(f, id, &as_header, &header);
		for (unsigned i = 0; i < n; i++) {
			bool written = field_has(gw_slice_str(v[i]), fields[field], m.needle);

			ck_assert_msg(gw_set_has(&got, i + 1) == (written || in_text(&f->arena, v[i], field, m.needle)), "%s \"%.*s\" in %s", fields[field],
				      GW_FMT(m.needle), v[i]);
			ck_assert_msg(gw_set_has(&header, i + 1) == written, "HEADER %s \"%.*s\" in %s", fields[field], GW_FMT(m.needle), v[i]);
		}
		gw_set_done(&got);
		gw_set_done(&header);
	}
}

#define WITH_BLOCK (TEXT_BLOCK + 40)

/* RFC 9051 6.4.4(n): without an index, with one, with one that has not all messages */
START_TEST(addresses_are_found_as_written_and_as_envelope_has_them)
{
	const char *v[WITH_BLOCK + 10];
	unsigned seed = (unsigned)_i + 1;
	struct gw_mbox_id id;
	struct fixture f;

	fixture_init(&f, _i % 4 == 3);
	id = fixture_box(&f, "INBOX");
	for (size_t i = 0; i < WITH_BLOCK + 10; i++)
		v[i] = random_mail(&f.arena, &seed);
	for (size_t i = 0; i < WITH_BLOCK; i++)
		append_text(&f, id, gw_slice_str(v[i]), 0);
	check_random(&f, id, v, WITH_BLOCK, &seed);
	if (!f.memory) {
		update(&f);
		ck_assert_int_eq(ask(&f, "SELECT count(*) FROM block"), 1);
		ck_assert_int_gt(ask(&f, "SELECT count(*) FROM address"), 0);
		check_random(&f, id, v, WITH_BLOCK, &seed);
		for (size_t i = WITH_BLOCK; i < WITH_BLOCK + 10; i++)
			append_text(&f, id, gw_slice_str(v[i]), 0);
		check_random(&f, id, v, WITH_BLOCK + 10, &seed);
	}
	fixture_done(&f);
}
END_TEST

/* Those of which the index has the addresses are not looked for elsewhere; where it says that it has not, they are. */
START_TEST(addresses_that_the_index_has_are_taken_from_it)
{
	static const char one[] = "From: \"Ann\" <ann@example.org>" CRLF CRLF;
	const struct row first = { GW_MATCH_FROM, "", "ann <ann", "1" }, none = { GW_MATCH_FROM, "", "ann <ann", "" };
	struct gw_mbox_id id;
	struct fixture f;

	fixture_init(&f, false);
	id = fixture_box(&f, "INBOX");
	append_text(&f, id, gw_slice_str(one), 0);
	append_many(&f, id, 1, TEXT_BLOCK);
	update(&f);
	ck_assert_int_eq(ask(&f, "SELECT count(*) FROM address"), 1);
	check_row(&f, id, &first, false);
	check_about(&f, id, &first);
	ask(&f, "UPDATE address SET data=x''");
	check_row(&f, id, &first, false);
	ask(&f, "UPDATE address SET data=zeroblob(16)");
	check_row(&f, id, &none, false);
	fixture_done(&f);
}
END_TEST

/* RFC 9051 6.4.4: what ENVELOPE has is found, too, when a table of the index is damaged, whichever it is. */
START_TEST(damage_that_a_search_finds_does_no_harm_and_is_mended)
{
	static const char *const tables[] = { "meta", "text", "block", "sig", "address" };
	const char *v[WITH_BLOCK];
	unsigned seed = (unsigned)_i + 1;
	struct gw_mbox_id id;
	struct fixture f;

	fixture_init(&f, false);
	id = fixture_box(&f, "INBOX");
	for (size_t i = 0; i < WITH_BLOCK; i++) {
		v[i] = random_mail(&f.arena, &seed);
		append_text(&f, id, gw_slice_str(v[i]), 0);
	}
	update(&f);
	damage(&f, tables[_i]);
	check_random(&f, id, v, WITH_BLOCK, &seed);
	update(&f);
	ck_assert_int_eq(ask(&f, "SELECT count(*) FROM text"), WITH_BLOCK);
	ck_assert_int_eq(ask(&f, "SELECT count(*) FROM block"), 1);
	ck_assert_int_gt(ask(&f, "SELECT count(*) FROM sig"), 0);
	ck_assert_int_gt(ask(&f, "SELECT count(*) FROM address"), 0);
	fixture_done(&f);
}
END_TEST

static TCase *tcase_addresses(void)
{
	TCase *tc = tcase_create("addresses");

	tcase_set_timeout(tc, 30);
	tcase_add_loop_test(tc, addresses_are_found_as_written_and_as_envelope_has_them, 0, 4);
	tcase_add_test(tc, addresses_that_the_index_has_are_taken_from_it);
	tcase_add_loop_test(tc, damage_that_a_search_finds_does_no_harm_and_is_mended, 0, 5);
	return tc;
}

UNIT_MAIN("match_addresses", tcase_addresses())
