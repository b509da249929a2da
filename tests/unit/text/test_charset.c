/* test_charset.c - any charset to UTF-8, in pieces */
#include "text/charset.h"

#include "tests/unit/unit.h"
#include "util/utf8.h"

/* Decode in cut into pieces of `piece` octets. */
static struct gw_buf decode(const char *name, struct gw_slice in, size_t piece)
{
	struct gw_charset *c = gw_charset_open(gw_slice_str(name));
	struct gw_buf out;

	gw_buf_init(&out, 0);
	while (in.n > piece)
		gw_charset_feed(c, gw_slice_take(&in, piece), false, &out);
	gw_charset_feed(c, in, true, &out);
	gw_charset_close(c);
	return out;
}

static const struct {
	const char *charset;
	struct gw_slice in;
	const char *out;
} samples[] = {
	{ "utf-8", { "Gr\xC3\xBC\xC3\x9F" "e \xE2\x82\xAC \xF0\x9F\x98\x80", 16 }, "Grüße € 😀" },
	{ "utf-8", { "a\xFFz\xC3", 4 }, "a\uFFFDz\uFFFD" },
	{ "utf-8", { "\xED\xA0\x80", 3 }, "\uFFFD\uFFFD\uFFFD" },
	{ "us-ascii", { "gr\xFCn gr\xC3\xBCn", 10 }, "grün grün" },
	{ "", { "\x80 5 \xC3\xBC", 6 }, "€ 5 ü" },
	{ "x-never-heard-of", { "\x93q\x94", 3 }, "“q”" },
	{ "iso-8859-1", { "gr\xFCn \x80", 6 }, "grün €" },
	{ "ISO_8859-1:1987", { "\xE9", 1 }, "é" },
	{ "iso-8859-15", { "\xA4\xBD", 2 }, "€œ" },
	{ "iso-8859-2", { "\xB1", 1 }, "ą" },
	{ "windows-1251", { "\xCF\xF0\xE8", 3 }, "При" },
	{ "koi8-r", { "\xF0\xD2\xC9", 3 }, "При" },
	{ "gb2312", { "\xC4\xE3\xBA\xC3", 4 }, "你好" },
	{ "big5", { "\xA7\x41\xA6\x6E", 4 }, "你好" },
	{ "shift_jis", { "\x93\xFA\x96{\xB1", 5 }, "日本ｱ" },
	{ "euc-jp", { "\xC6\xFC\xCB\xDC", 4 }, "日本" },
	{ "iso-2022-jp", { "a\x1B$BF|K\\\x1B(Bb", 12 }, "a日本b" },
	{ "ks_c_5601-1987", { "\xC7\xD1\xB1\xDB", 4 }, "한글" },
	{ "utf-16le", { "a\0\xAC\x20", 4 }, "a€" },
	{ "utf-16be", { "\0a\x20\xAC", 4 }, "a€" },
	{ "utf-7", { "a+IKw-b", 7 }, "a€b" },
	{ "windows-1255", { "\xF9\xD1", 2 }, "\uFB2A" },
};

START_TEST(every_charset_is_decoded_however_it_is_cut)
{
	for (size_t piece = 1; piece <= samples[_i].in.n; piece++) {
		struct gw_buf out = decode(samples[_i].charset, samples[_i].in, piece);

		ck_assert_slice_eq(gw_buf_slice(&out), samples[_i].out);
		gw_buf_done(&out);
	}
}
END_TEST

static const char *const many_octets[] = {
	"gb18030", "big5", "euc-jp", "shift_jis", "iso-2022-jp", "iso-2022-jp-2", "euc-kr", "euc-tw", "johab", "utf-16",
	"utf-16be", "utf-7", "iso-2022-kr", "iso-2022-cn", "utf-8", "", "windows-1252", "windows-1255", "windows-1258",
	"tcvn", "armscii-8", "utf-32",
};

/* Octets at random, with many that mean something: escapes, shifts, letters. */
static void junk_fill(char *p, size_t n, uint32_t x)
{
	static const char likely[] = "\x1B$()*+-.NOABCGHIJn\x0E\x0F+&~{}";

	for (size_t i = 0; i < n; i++) {
		x = x * 1664525 + 1013904223;
		p[i] = x >> 31 ? likely[(x >> 16) % (sizeof likely - 1)] : (char)(x >> 20);
	}
}

START_TEST(broken_text_becomes_valid_utf8_however_it_is_cut)
{
	char junk[2048];

	for (uint32_t seed = 0; seed < 20; seed++) {
		struct gw_buf whole, cut;

		junk_fill(junk, sizeof junk, seed);
		whole = decode(many_octets[_i], gw_slice(junk, sizeof junk), sizeof junk);
		cut = decode(many_octets[_i], gw_slice(junk, sizeof junk), 1 + seed);
		ck_assert(gw_utf8_valid(gw_buf_slice(&whole)));
		ck_assert(gw_utf8_valid(gw_buf_slice(&cut)));
		gw_buf_done(&whole);
		gw_buf_done(&cut);
	}
}
END_TEST

START_TEST(a_full_buffer_ends_between_characters)
{
	static const char *const names[] = { "utf-8", "gb18030" };

	for (size_t n = 0; n < 2; n++)
		for (size_t max = 1; max < 12; max++) {
			struct gw_charset *c = gw_charset_open(gw_slice_str(names[n]));
			struct gw_buf out;

			gw_buf_init(&out, max);
			gw_charset_feed(c, n ? GW_S("\xC4\xE3\xBA\xC3" "ab") : GW_S("你好ab"), true, &out);
			ck_assert(out.n <= max && gw_utf8_valid(gw_buf_slice(&out)));
			gw_buf_done(&out);
			gw_charset_close(c);
		}
}
END_TEST

START_TEST(what_search_may_name_is_known)
{
	for (const char *const *n = gw_charset_names; *n; n++)
		ck_assert_msg(gw_charset_known(gw_slice_str(*n)), "%s", *n);
	ck_assert(gw_charset_known(GW_S("latin1")));
	ck_assert(!gw_charset_known(GW_S("klingon")));
	ck_assert(!gw_charset_known(GW_S("")));
	ck_assert(!gw_charset_known(GW_S("//TRANSLIT")));
	ck_assert(!gw_charset_known(GW_S("utf8 csutf8")));
	ck_assert(!gw_charset_known(GW_S("0123456789012345678901234567890123456789012345")));
}
END_TEST

START_TEST(every_row_of_the_table_can_be_opened)
{
	static const char *const names[] = {
		"iso-8859-3", "iso-8859-4", "iso-8859-5", "iso-8859-6", "iso-8859-7", "iso-8859-8-i", "iso-8859-9",
		"iso-8859-10", "iso-8859-11", "iso-8859-13", "iso-8859-14", "iso-8859-16", "koi8-u", "windows-1250",
		"windows-1253", "windows-1254", "windows-1256", "windows-1257", "windows-1258", "windows-874", "cp437",
		"cp850", "cp852", "cp855", "cp866", "macintosh", "x-mac-cyrillic", "gbk", "iso-2022-cn", "euc-tw",
		"iso-2022-jp-2", "iso-2022-kr", "johab", "viscii", "tcvn", "armscii-8", "pt154", "utf-16", "utf-32",
		"utf-32be", "utf-32le",
	};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		ck_assert_msg(gw_charset_known(gw_slice_str(names[i])), "%s", names[i]);
}
END_TEST

static TCase *charset(void)
{
	TCase *tc = tcase_create("charset");

	tcase_add_loop_test(tc, every_charset_is_decoded_however_it_is_cut, 0,
			    (int)(sizeof samples / sizeof *samples));
	tcase_add_loop_test(tc, broken_text_becomes_valid_utf8_however_it_is_cut, 0,
			    (int)(sizeof many_octets / sizeof *many_octets));
	tcase_add_test(tc, a_full_buffer_ends_between_characters);
	tcase_add_test(tc, what_search_may_name_is_known);
	tcase_add_test(tc, every_row_of_the_table_can_be_opened);
	return tc;
}

UNIT_MAIN("charset", charset())
