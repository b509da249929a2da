/* test_url.c - URLs of messages (imap/url.h) */
#include "imap/url.h"
#include "tests/unit/unit.h"

#include <stdio.h>

/* host|user|mailbox|uidvalidity|uid|section|offset.count */
static const struct row {
	const char *url, *means; /* NULL: none */
} rows[] = {
	/* RFC 5092 section 11, RFC 4469 appendix A */
	{ "/Drafts/;UID=3002", "||Drafts|0|3002||" },
	{ "/Drafts;UIDVALIDITY=385759045/;UID=20/;section=HEADER", "||Drafts|385759045|20|HEADER|" },
	{ "/a/b%20c/;uid=1/;Section=1.2.MIME", "||a/b c|0|1|1.2.MIME|" },
	{ "/%C3%A4/;UID=1", "||\xc3\xa4|0|1||" },
	{ "/a/;UID=1/;SECTION=HEADER.FIELDS%20(TO%20CC)/;PARTIAL=3.4", "||a|0|1|HEADER.FIELDS (TO CC)|3.4" },
	{ "/a/;UID=1/;PARTIAL=0", "||a|0|1||0." },
	{ "/a/;UID=1/;PARTIAL=9223372036854775807.9223372036854775807",
	  "||a|0|1||9223372036854775807.9223372036854775807" },
	{ ";UID=20", "||-|0|20||" },
	{ ";UID=20/;SECTION=1/;PARTIAL=1.1", "||-|0|20|1|1.1" },
	{ "imap://mail.example.org/a/;UID=1", "mail.example.org||a|0|1||" },
	{ "IMAP://a%20nna;AUTH=*@mail.example.org:1143/a/;UID=1", "mail.example.org|a nna|a|0|1||" },
	{ "//mail.example.org/a/;UID=1", "mail.example.org||a|0|1||" },
	{ "", NULL },
	{ "/", NULL },
	{ "//", NULL },
	{ "imap://", NULL },
	{ "imap:///a/;UID=1", NULL },
	{ "imap://host", NULL },
	{ "imap://host;UID=1", NULL },
	{ "http://host/a/;UID=1", NULL },
	{ "/a", NULL },
	{ "/a/", NULL },
	{ "/;UID=1", NULL },
	{ "a/;UID=1", NULL },
	{ "/a;UID=1", NULL },
	{ "/a/;UID=0", NULL },
	{ "/a/;UID=4294967296", NULL },
	{ "/a/;UID=1x", NULL },
	{ "/a/;UID=1/", NULL },
	{ "/a/;UIDVALIDITY=1/;UID=1", NULL },
	{ "/a;UIDVALIDITY=0/;UID=1", NULL },
	{ "/a;UIDVALIDITY=1;UID=1", NULL },
	{ "/a/;UID=1/;SECTION=", NULL },
	{ "/a/;UID=1/;SECTION=/;PARTIAL=1", NULL },
	{ "/a/;UID=1/;PARTIAL=", NULL },
	{ "/a/;UID=1/;PARTIAL=1.0", NULL },
	{ "/a/;UID=1/;PARTIAL=1.1/;SECTION=1", NULL },
	{ "/a/;UID=1/;PARTIAL=9223372036854775808", NULL },
	{ "/a?SUBJECT%20x", NULL },
	{ "/%/;UID=1", NULL },
	{ "/%4/;UID=1", NULL },
	{ "/%4x/;UID=1", NULL },
	{ "/%00/;UID=1", NULL },
	{ "/a b/;UID=1", NULL },
	{ "/\xc3\xa4/;UID=1", NULL },
	/* RFC 4467 */
	{ "/a/;UID=1;URLAUTH=anonymous:internal:00", NULL },
	{ "/a/;UID=1/;SECTION=1;EXPIRE=2030-01-01T00:00:00Z;URLAUTH=anonymous", NULL },
};

static void print(const struct imap_url *u, char *to, size_t n)
{
	char window[64] = "";

	if (u->partial && u->count == UINT64_MAX)
		snprintf(window, sizeof window, "%llu.", (unsigned long long)u->offset);
	else if (u->partial)
		snprintf(window, sizeof window, "%llu.%llu", (unsigned long long)u->offset, (unsigned long long)u->count);
	snprintf(to, n, "%.*s|%.*s|%.*s|%u|%u|%.*s|%s", GW_FMT(u->host), GW_FMT(u->user),
		 GW_FMT(u->has_mailbox ? u->mailbox : GW_S("-")), u->uidvalidity, u->uid, GW_FMT(u->section), window);
}

START_TEST(a_url_of_a_message_means_what_the_table_says)
{
	const struct row *r = &rows[_i];
	struct gw_arena arena;
	struct imap_url u = { 0 };
	char text[512];

	gw_arena_init(&arena, 0, 0);
	ck_assert_msg(imap_url_parse(gw_slice_str(r->url), &arena, &u) == (r->means != NULL), "%s", r->url);
	if (r->means) {
		print(&u, text, sizeof text);
		ck_assert_str_eq(text, r->means);
	}
	gw_arena_done(&arena);
}
END_TEST

/* Every front of every URL, from memory that ends there: a sanitizer sees a look behind it. */
START_TEST(what_is_cut_short_is_not_looked_behind)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		for (size_t n = 0; n <= strlen(rows[i].url); n++) {
			struct gw_arena arena;
			struct imap_url u;
			char *copy = malloc(n + !n);

			ck_assert_ptr_nonnull(copy);
			memcpy(copy, rows[i].url, n);
			gw_arena_init(&arena, 0, 0);
			if (imap_url_parse(gw_slice(copy, n), &arena, &u))
				ck_assert_uint_gt(u.uid, 0);
			gw_arena_done(&arena);
			free(copy);
		}
	}
}
END_TEST

static TCase *tcase_url(void)
{
	TCase *tc = tcase_create("url");

	tcase_add_loop_test(tc, a_url_of_a_message_means_what_the_table_says, 0, (int)(sizeof rows / sizeof *rows));
	tcase_add_test(tc, what_is_cut_short_is_not_looked_behind);
	return tc;
}

UNIT_MAIN("imap/url", tcase_url())
