/* words.c - header text to UTF-8 (see words.h)
 *
 * An encoded word is recognised wherever it stands, also where RFC 2047 section 5 does not allow one: that is how mail is
 * written. Words that follow each other in one charset are decoded as one text, because many senders cut
 * a character in two. */
#include "mime/words.h"

#include "text/charset.h"
#include "util/base64.h"
#include "util/utf8.h"

struct words {
	struct gw_buf *out;
	struct gw_charset *charset; /* of the encoded word before, still open; NULL: none */
	struct gw_slice name;
	bool after_word;	    /* nothing but blanks since an encoded word */
};

struct word {
	struct gw_slice charset, text;
	bool base64;
};

static bool blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* The part of *in before c, which is cut off with it. */
static bool get_until(struct gw_slice *in, char c, struct gw_slice *ret)
{
	size_t at = gw_slice_find(*in, c);

	if (at == in->n)
		return false;
	*ret = gw_slice_take(in, at);
	gw_slice_take(in, 1);
	return true;
}

static bool has_blank(struct gw_slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if (blank(s.p[i]))
			return true;
	return false;
}

/* encoded-word = "=?" charset ["*" language] "?" encoding "?" encoded-text "?=" (RFC 2047 section 2, RFC 2231
 * section 5). Blanks within the text are let pass. */
static bool get_word(struct gw_slice *in, struct word *ret)
{
	struct gw_slice s = *in, encoding;
	struct word w;

	if (s.n < 2 || s.p[0] != '=' || s.p[1] != '?')
		return false;
	gw_slice_take(&s, 2);
	if (!get_until(&s, '?', &w.charset) || !w.charset.n || has_blank(w.charset) ||
	    !get_until(&s, '?', &encoding) || encoding.n != 1 || !get_until(&s, '?', &w.text) || !s.n || s.p[0] != '=')
		return false;
	w.base64 = gw_lower(encoding.p[0]) == 'b';
	if (!w.base64 && gw_lower(encoding.p[0]) != 'q')
		return false;
	gw_slice_take(&s, 1);
	w.charset.n = gw_slice_find(w.charset, '*');
	*ret = w;
	*in = s;
	return true;
}

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = gw_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Two digits behind an escape character; -1 when they are none. */
static int hex_pair(struct gw_slice s)
{
	int hi, lo;

	if (s.n < 3)
		return -1;
	hi = hex(s.p[1]);
	lo = hex(s.p[2]);
	return hi < 0 || lo < 0 ? -1 : hi << 4 | lo;
}

/* Text with escapes to bytes (RFC 2047 4.2). */
static void unescape(struct gw_slice s, struct gw_buf *bytes)
{
	while (s.n) {
		int v = s.p[0] == '=' ? hex_pair(s) : -1;
		char c = s.p[0] == '_' ? ' ' : s.p[0];

		gw_slice_take(&s, v < 0 ? 1 : 3);
		if (v >= 0)
			c = (char)v;
		if (v >= 0 || (c != '\r' && c != '\n'))
			gw_buf_add_char(bytes, c);
	}
}

/* What is not of the alphabet is skipped. */
static void unbase64(struct gw_slice s, struct gw_buf *bytes)
{
	uint32_t bits = 0;
	unsigned n = 0;

	for (size_t i = 0; i < s.n && s.p[i] != '='; i++) {
		int v = gw_base64_value(s.p[i]);

		if (v < 0)
			continue;
		bits = (bits << 6 | (uint32_t)v) & 0xFFFFFF;
		n += 6;
		if (n >= 8) {
			n -= 8;
			gw_buf_add_char(bytes, (char)(bits >> n & 0xFF));
		}
	}
}

/* ---- putting together ---- */

static void end_words(struct words *w)
{
	if (!w->charset)
		return;
	gw_charset_feed(w->charset, gw_slice("", 0), true, w->out);
	gw_charset_close(w->charset);
	w->charset = NULL;
}

static void put_word(struct words *w, const struct word *word)
{
	struct gw_buf bytes;

	if (w->charset && !gw_slice_eqi(w->name, word->charset))
		end_words(w);
	if (!w->charset)
		w->charset = gw_charset_open(word->charset);
	w->name = word->charset;
	gw_buf_init(&bytes, 0);
	if (word->base64)
		unbase64(word->text, &bytes);
	else
		unescape(word->text, &bytes);
	gw_charset_feed(w->charset, gw_buf_slice(&bytes), false, w->out);
	gw_buf_done(&bytes);
	w->after_word = true;
}

/* Text without an encoded word, still folded: line ends are dropped, tabs become blanks. */
static void put_plain(struct words *w, struct gw_slice s)
{
	struct gw_charset *guess;
	struct gw_buf text;

	if (!s.n)
		return;
	end_words(w);
	w->after_word = false;
	gw_buf_init(&text, 0);
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != '\r' && s.p[i] != '\n')
			gw_buf_add_char(&text, s.p[i] == '\t' ? ' ' : s.p[i]);
	guess = gw_charset_open(gw_slice("", 0));
	gw_charset_feed(guess, gw_buf_slice(&text), true, w->out);
	gw_charset_close(guess);
	gw_buf_done(&text);
}

static bool all_blank(struct gw_slice s)
{
	while (s.n && blank(s.p[0]))
		gw_slice_take(&s, 1);
	return !s.n;
}

void gw_words_decode(struct gw_slice body, struct gw_buf *out)
{
	struct words w = { .out = out };
	struct gw_slice rest = gw_slice_trim(body);
	const char *plain = rest.p;
	struct word word;

	while (rest.n) {
		struct gw_slice before = { plain, (size_t)(rest.p - plain) };

		if (rest.p[0] != '=' || !get_word(&rest, &word)) {
			gw_slice_take(&rest, 1);
			continue;
		}
		if (!w.after_word || !all_blank(before))
			put_plain(&w, before);
		put_word(&w, &word);
		plain = rest.p;
	}
	put_plain(&w, gw_slice(plain, (size_t)(rest.p - plain)));
	end_words(&w);
}
