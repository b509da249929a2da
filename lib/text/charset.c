/* charset.c - text in any charset to UTF-8 (see charset.h)
 *
 * A name is looked up in a table, compared by its letters and digits alone, so that "ISO_8859-1" and "iso8859-1" are one.
 * What is not in the table is not asked of iconv: mail must not choose which modules a process loads. Most mail is
 * UTF-8 or one of two 8-bit charsets; these are decoded here, runs of ASCII being copied whole. */
#include "text/charset.h"

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>

#include "util/mem.h"
#include "util/utf8.h"

#define REPLACEMENT 0xFFFD
#define HELD_MAX 32 /* octets of an incomplete character */
#define NAME_MAX_N 40

enum kind { KIND_GUESS, KIND_UTF8, KIND_1252, KIND_LATIN9, KIND_ICONV };

struct row {
	enum kind kind;
	const char *name;    /* for iconv */
	const char *aliases; /* letters and digits only, blanks between */
};

static const struct row rows[] = {
	{ KIND_UTF8, "UTF-8", "utf8 unicode11utf8 xunicode20utf8 csutf8 utf8mac" },
	{ KIND_GUESS, "US-ASCII", "usascii ascii ansix341968 ansix341986 iso646us iso646irv1991 isoir6 cp367 us csascii" },
	{ KIND_1252, "WINDOWS-1252",
	  "iso88591 latin1 l1 cp819 ibm819 isoir100 csisolatin1 iso885911987 windows1252 cp1252 xcp1252 ansi" },
	{ KIND_LATIN9, "ISO-8859-15", "iso885915 latin9 l9 csisolatin9" },
	{ KIND_ICONV, "ISO-8859-2", "iso88592 latin2 l2 csisolatin2 isoir101 iso885921987" },
	{ KIND_ICONV, "ISO-8859-3", "iso88593 latin3 l3 csisolatin3 isoir109 iso885931988" },
	{ KIND_ICONV, "ISO-8859-4", "iso88594 latin4 l4 csisolatin4 isoir110 iso885941988" },
	{ KIND_ICONV, "ISO-8859-5", "iso88595 cyrillic csisolatincyrillic isoir144 iso885951988" },
	{ KIND_ICONV, "ISO-8859-6",
	  "iso88596 arabic asmo708 ecma114 csisolatinarabic isoir127 iso885961987 iso88596e iso88596i" },
	{ KIND_ICONV, "ISO-8859-7",
	  "iso88597 greek greek8 ecma118 elot928 suneugreek csisolatingreek isoir126 iso885971987" },
	{ KIND_ICONV, "ISO-8859-8",
	  "iso88598 hebrew visual csisolatinhebrew isoir138 iso885981988 iso88598e iso88598i logical" },
	{ KIND_ICONV, "CP1254", "iso88599 latin5 l5 csisolatin5 isoir148 iso885991989 windows1254 cp1254 xcp1254" },
	{ KIND_ICONV, "ISO-8859-10", "iso885910 latin6 l6 csisolatin6 isoir157" },
	{ KIND_ICONV, "CP874", "windows874 cp874 dos874 iso885911 tis620" },
	{ KIND_ICONV, "ISO-8859-13", "iso885913 latin7 l7" },
	{ KIND_ICONV, "ISO-8859-14", "iso885914 latin8 l8" },
	{ KIND_ICONV, "ISO-8859-16", "iso885916 latin10 l10" },
	{ KIND_ICONV, "KOI8-R", "koi8r koi koi8 cskoi8r" },
	{ KIND_ICONV, "KOI8-U", "koi8u koi8ru" },
	{ KIND_ICONV, "CP1250", "windows1250 cp1250 xcp1250" },
	{ KIND_ICONV, "CP1251", "windows1251 cp1251 xcp1251" },
	{ KIND_ICONV, "CP1253", "windows1253 cp1253 xcp1253" },
	{ KIND_ICONV, "CP1255", "windows1255 cp1255 xcp1255" },
	{ KIND_ICONV, "CP1256", "windows1256 cp1256 xcp1256" },
	{ KIND_ICONV, "CP1257", "windows1257 cp1257 xcp1257" },
	{ KIND_ICONV, "CP1258", "windows1258 cp1258 xcp1258" },
	{ KIND_ICONV, "CP437", "cp437 ibm437 437" },
	{ KIND_ICONV, "CP850", "cp850 ibm850 850" },
	{ KIND_ICONV, "CP852", "cp852 ibm852 852" },
	{ KIND_ICONV, "CP855", "cp855 ibm855 855" },
	{ KIND_ICONV, "CP866", "cp866 ibm866 866 csibm866" },
	{ KIND_ICONV, "MACINTOSH", "macintosh mac xmacroman csmacintosh" },
	{ KIND_ICONV, "MAC-CYRILLIC", "xmaccyrillic xmacukrainian maccyrillic" },
	{ KIND_ICONV, "GB18030",
	  "gb18030 gbk gb2312 gb231280 xgbk cp936 ms936 windows936 euccn chinese csgb2312 csiso58gb231280 isoir58" },
	{ KIND_ICONV, "ISO-2022-CN", "iso2022cn" },
	{ KIND_ICONV, "BIG5-HKSCS", "big5 big5hkscs cnbig5 csbig5 xxbig5 xbig5 cp950 windows950" },
	{ KIND_ICONV, "EUC-TW", "euctw xeuctw" },
	{ KIND_ICONV, "CP932", "shiftjis sjis xsjis mskanji ms932 cp932 csshiftjis windows31j cswindows31j windows932" },
	{ KIND_ICONV, "EUC-JP-MS", "eucjp xeucjp xeuc ujis cseucpkdfmtjapanese eucjpms" },
	{ KIND_ICONV, "ISO-2022-JP-3", "iso2022jp csiso2022jp iso2022jp1 iso2022jp3 iso2022jpms cp50220 cp50221" },
	{ KIND_ICONV, "ISO-2022-JP-2", "iso2022jp2 csiso2022jp2" },
	{ KIND_ICONV, "UHC",
	  "euckr xeuckr ksc5601 ksc56011987 ksc56011989 ksc56011992 korean windows949 cp949 ms949 uhc cseuckr isoir149"
	  " csksc56011987" },
	{ KIND_ICONV, "ISO-2022-KR", "iso2022kr csiso2022kr" },
	{ KIND_ICONV, "JOHAB", "johab cp1361" },
	{ KIND_ICONV, "VISCII", "viscii csviscii" },
	{ KIND_ICONV, "TCVN5712-1", "tcvn tcvn5712 tcvn57121" },
	{ KIND_ICONV, "ARMSCII-8", "armscii8" },
	{ KIND_ICONV, "PT154", "pt154 ptcp154 cp154 cyrillicasian" },
	{ KIND_ICONV, "UTF-7", "utf7 unicode11utf7 unicode20utf7 csutf7" },
	{ KIND_ICONV, "UTF-16", "utf16 csutf16 unicode ucs2 iso10646ucs2" },
	{ KIND_ICONV, "UTF-16BE", "utf16be csutf16be" },
	{ KIND_ICONV, "UTF-16LE", "utf16le csutf16le" },
	{ KIND_ICONV, "UTF-32", "utf32 ucs4 iso10646ucs4" },
	{ KIND_ICONV, "UTF-32BE", "utf32be" },
	{ KIND_ICONV, "UTF-32LE", "utf32le" },
};

const char *const gw_charset_names[] = {
	"UTF-8",	"US-ASCII",	"ISO-8859-1",  "ISO-8859-2",  "ISO-8859-5", "ISO-8859-7",  "ISO-8859-15",
	"WINDOWS-1250", "WINDOWS-1251", "WINDOWS-1252", "KOI8-R",     "GB18030",    "BIG5",	   "SHIFT_JIS",
	"EUC-JP",	"ISO-2022-JP",	"EUC-KR",      NULL,
};

/* 0x80..0x9F of Windows-1252; what it leaves out are the control characters of ISO-8859-1. */
static const uint16_t high_1252[32] = {
	0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
	0x2039, 0x0152, 0x008D, 0x017D, 0x008F, 0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
	0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178,
};

struct gw_charset {
	enum kind kind;
	iconv_t cd;
	unsigned n_held;
	char held[HELD_MAX]; /* an incomplete character at the end of the last piece */
};

/* ---- names ---- */

static bool alias_has(const char *list, struct gw_slice name)
{
	while (*list) {
		size_t n = strcspn(list, " ");

		if (n == name.n && memcmp(list, name.p, n) == 0)
			return true;
		list += n + (list[n] == ' ');
	}
	return false;
}

static bool alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static const struct row *lookup(struct gw_slice name)
{
	char key[NAME_MAX_N];
	size_t n = 0;

	if (name.n > NAME_MAX_N)
		return NULL;
	for (size_t i = 0; i < name.n; i++)
		if (alnum(gw_lower(name.p[i])))
			key[n++] = gw_lower(name.p[i]);
	for (size_t i = 0; n && i < sizeof rows / sizeof *rows; i++)
		if (alias_has(rows[i].aliases, gw_slice(key, n)))
			return &rows[i];
	return NULL;
}

static iconv_t no_iconv(void)
{
	return (iconv_t)-1; /* NOLINT: how iconv spells it */
}

struct gw_charset *gw_charset_open(struct gw_slice name)
{
	struct gw_charset *c = gw_xalloc(sizeof *c);
	const struct row *row = lookup(name);

	c->kind = row ? row->kind : KIND_GUESS;
	c->cd = no_iconv();
	if (c->kind == KIND_ICONV) {
		c->cd = iconv_open("UTF-8", row->name);
		if (c->cd == no_iconv())
			c->kind = KIND_GUESS;
	}
	return c;
}

void gw_charset_close(struct gw_charset *c)
{
	if (!c)
		return;
	if (c->cd != no_iconv())
		iconv_close(c->cd);
	free(c);
}

bool gw_charset_known(struct gw_slice name)
{
	const struct row *row = lookup(name);
	iconv_t cd;

	if (!row || row->kind != KIND_ICONV)
		return row != NULL;
	cd = iconv_open("UTF-8", row->name);
	if (cd == no_iconv())
		return false;
	iconv_close(cd);
	return true;
}

/* ---- output ---- */

/* Append valid UTF-8; what passes out's maximum is cut off between characters. */
static void put_text(struct gw_buf *out, struct gw_slice s)
{
	if (out->max && s.n > out->max - out->n) {
		s.n = out->max - out->n;
		while (s.n && (s.p[s.n] & 0xC0) == 0x80)
			s.n--;
	}
	gw_buf_add_slice(out, s);
}

static void put_cp(struct gw_buf *out, uint32_t cp)
{
	char utf8[4];

	gw_buf_add(out, utf8, gw_utf8_put(utf8, cp));
}

static size_t ascii_run(struct gw_slice s)
{
	size_t n = 0;
	uint64_t w;

	for (; n + 8 <= s.n; n += 8) {
		memcpy(&w, s.p + n, 8);
		if (w & 0x8080808080808080u)
			break;
	}
	while (n < s.n && !(s.p[n] & 0x80))
		n++;
	return n;
}

/* ---- 8-bit ---- */

static uint32_t cp_1252(unsigned char c)
{
	return c >= 0x80 && c < 0xA0 ? high_1252[c - 0x80] : c;
}

static uint32_t cp_latin9(unsigned char c)
{
	switch (c) {
	case 0xA4: return 0x20AC;
	case 0xA6: return 0x0160;
	case 0xA8: return 0x0161;
	case 0xB4: return 0x017D;
	case 0xB8: return 0x017E;
	case 0xBC: return 0x0152;
	case 0xBD: return 0x0153;
	case 0xBE: return 0x0178;
	default: return c;
	}
}

static void feed_8bit(enum kind kind, struct gw_slice in, struct gw_buf *out)
{
	while (in.n) {
		put_text(out, gw_slice_take(&in, ascii_run(in)));
		while (in.n && in.p[0] & 0x80) {
			unsigned char c = (unsigned char)in.p[0];

			put_cp(out, kind == KIND_LATIN9 ? cp_latin9(c) : cp_1252(c));
			gw_slice_take(&in, 1);
		}
	}
}

/* ---- UTF-8 ---- */

/* Could s be the beginning of a character whose rest is still to come? */
static bool incomplete(struct gw_slice s)
{
	unsigned char c = (unsigned char)s.p[0];
	size_t need = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : 2;

	if (c < 0xC2 || c > 0xF4 || s.n >= need)
		return false;
	for (size_t i = 1; i < s.n; i++)
		if ((s.p[i] & 0xC0) != 0x80)
			return false;
	return true;
}

/* Cut one character (or one bad byte) off *in. */
static void utf8_one(const struct gw_charset *c, struct gw_slice *in, struct gw_buf *out)
{
	unsigned char first = (unsigned char)in->p[0];
	struct gw_slice rest = *in;
	uint32_t cp;

	if (gw_utf8_next(&rest, &cp))
		put_text(out, gw_slice(in->p, in->n - rest.n));
	else
		put_cp(out, c->kind == KIND_GUESS ? cp_1252(first) : REPLACEMENT);
	*in = rest;
}

/* What is held, completed from in byte by byte. */
static void utf8_held(struct gw_charset *c, struct gw_slice *in, bool last, struct gw_buf *out)
{
	while (c->n_held) {
		struct gw_slice held = { c->held, c->n_held };

		if (incomplete(held)) {
			if (!in->n && !last)
				return;
			if (in->n) {
				c->held[c->n_held++] = gw_slice_take(in, 1).p[0];
				continue;
			}
		}
		utf8_one(c, &held, out);
		memmove(c->held, held.p, held.n);
		c->n_held = (unsigned)held.n;
	}
}

static void feed_utf8(struct gw_charset *c, struct gw_slice in, bool last, struct gw_buf *out)
{
	utf8_held(c, &in, last, out);
	while (in.n) {
		put_text(out, gw_slice_take(&in, ascii_run(in)));
		while (in.n && in.p[0] & 0x80) {
			if (!last && in.n < 4 && incomplete(in)) {
				memcpy(c->held, in.p, in.n);
				c->n_held = (unsigned)in.n;
				return;
			}
			utf8_one(c, &in, out);
		}
	}
}

/* ---- the rest ---- */

/* Convert what can be; in is what is left, an incomplete character at most. */
static void convert(struct gw_charset *c, struct gw_slice *in, struct gw_buf *out)
{
	char tmp[2048];

	while (in->n) {
		char *p = (char *)in->p, *q = tmp; /* iconv does not write to its input */
		size_t left = sizeof tmp, before = in->n;
		size_t rc = iconv(c->cd, &p, &in->n, &q, &left);
		int why = errno;

		if (in->n > before) { /* a decoder of the C library ran over the end of its input: seen in glibc 2.36 */
			p = (char *)in->p + before;
			in->n = 0;
		}
		in->p = p;
		put_text(out, gw_slice(tmp, sizeof tmp - left));
		if (rc != (size_t)-1 || (why == E2BIG && left < sizeof tmp))
			continue;
		if (why == EINVAL && in->n <= HELD_MAX / 2)
			return;
		put_cp(out, REPLACEMENT);
		gw_slice_take(in, 1);
	}
}

/* The end: characters that iconv still holds back, in stateful charsets. */
static void flush(struct gw_charset *c, struct gw_buf *out)
{
	char tmp[64], *q = tmp;
	size_t left = sizeof tmp;

	iconv(c->cd, NULL, NULL, &q, &left);
	put_text(out, gw_slice(tmp, sizeof tmp - left));
}

static void feed_iconv(struct gw_charset *c, struct gw_slice in, bool last, struct gw_buf *out)
{
	while (c->n_held && in.n) {
		struct gw_slice held;

		c->held[c->n_held++] = gw_slice_take(&in, 1).p[0];
		held = gw_slice(c->held, c->n_held);
		convert(c, &held, out);
		memmove(c->held, held.p, held.n);
		c->n_held = (unsigned)held.n;
	}
	if (!c->n_held)
		convert(c, &in, out);
	if (in.n) {
		memcpy(c->held, in.p, in.n);
		c->n_held = (unsigned)in.n;
	}
	if (!last)
		return;
	if (c->n_held)
		put_cp(out, REPLACEMENT);
	c->n_held = 0;
	flush(c, out);
}

void gw_charset_feed(struct gw_charset *c, struct gw_slice in, bool last, struct gw_buf *out)
{
	switch (c->kind) {
	case KIND_GUESS:
	case KIND_UTF8:
		feed_utf8(c, in, last, out);
		break;
	case KIND_1252:
	case KIND_LATIN9:
		feed_8bit(c->kind, in, out);
		break;
	case KIND_ICONV:
		feed_iconv(c, in, last, out);
		break;
	}
}
