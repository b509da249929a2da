/* downgrade.c - a header in ASCII (see downgrade.h)
 *
 * Each field has a kind; the kind has a function that writes its body anew, or there is none and the field is left out. */
#include "mime/downgrade.h"

#include "mime/header.h"
#include "mime/lex.h"
#include "mime/words.h"
#include "util/utf8.h"

#define WORD_OPEN "=?UTF-8?Q?"
#define WORD_CLOSE "?="
#define WORD_MAX 75u /* RFC 2047 section 2 */
#define WORD_ROOM (WORD_MAX - (sizeof WORD_OPEN - 1) - (sizeof WORD_CLOSE - 1))
#define NOBODY "<invalid@internationalized-address.invalid>" /* RFC 6858 section 2.1 */

/* ---- encoded words ---- */

static bool stands_for_itself(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '!' || c == '*' ||
	       c == '+' || c == '-' || c == '/';
}

static void put_hex(char mark, char c, struct gw_buf *out)
{
	gw_buf_printf(out, "%c%02X", mark, (unsigned char)c);
}

static size_t length_in_word(struct gw_slice c)
{
	return c.n == 1 && (stands_for_itself(c.p[0]) || c.p[0] == ' ') ? 1 : 3 * c.n;
}

static void put_in_word(struct gw_slice c, struct gw_buf *out)
{
	for (size_t i = 0; i < c.n; i++) {
		if (c.p[i] == ' ')
			gw_buf_add_char(out, '_');
		else if (stands_for_itself(c.p[i]))
			gw_buf_add_char(out, c.p[i]);
		else
			put_hex('=', c.p[i], out);
	}
}

/* UTF-8 text as encoded words, each with whole characters. taken: columns of the line that are written already. */
static void put_words(struct gw_slice text, size_t taken, struct gw_buf *out)
{
	size_t room = taken < WORD_ROOM / 2 ? WORD_ROOM - taken : 0;

	if (text.n == 0)
		return;
	gw_buf_add_slice(out, room ? GW_S(WORD_OPEN) : GW_S("\r\n " WORD_OPEN));
	room = room ? room : WORD_ROOM;
	while (text.n) {
		struct gw_slice rest = text, c;
		uint32_t cp;

		gw_utf8_next(&rest, &cp);
		c = gw_slice_take(&text, text.n - rest.n);
		if (length_in_word(c) > room) {
			gw_buf_add_slice(out, GW_S(WORD_CLOSE "\r\n " WORD_OPEN));
			room = WORD_ROOM;
		}
		put_in_word(c, out);
		room -= length_in_word(c);
	}
	gw_buf_add_slice(out, GW_S(WORD_CLOSE));
}

/* ---- unstructured ---- */

static bool put_text(struct gw_slice name, struct gw_slice body, struct gw_buf *out)
{
	struct gw_buf text;

	gw_buf_init(&text, 0);
	gw_words_decode(gw_slice_trim(body), &text);
	put_words(gw_slice_trim(gw_buf_slice(&text)), name.n + 2, out);
	gw_buf_done(&text);
	return true;
}

/* ---- pieces of structured fields ---- */

/* How far the quoted string, comment, address in angle brackets or single character at the beginning of s goes. */
static size_t unit(struct gw_slice s)
{
	char close = s.p[0] == '"' ? '"' : s.p[0] == '(' ? ')' : s.p[0] == '<' ? '>' : s.p[0] == '[' ? ']' : '\0';
	size_t i = 1, depth = 1;

	if (!close)
		return s.p[0] == '\\' && s.n > 1 ? 2 : 1;
	for (; i < s.n && depth; i++) {
		if (s.p[i] == '\\')
			i++;
		else if (s.p[i] == close)
			depth--;
		else if (s.p[i] == '(' && close == ')')
			depth++;
	}
	return i < s.n ? i : s.n;
}

/* Cut off *in what stands before one of the separators, which is cut off too: *ret_sep, or NUL at the end. */
static struct gw_slice piece(struct gw_slice *in, const char *separators, char *ret_sep)
{
	struct gw_slice r = { in->p, 0 };

	*ret_sep = '\0';
	while (in->n) {
		size_t n = unit(*in);

		if (n == 1 && strchr(separators, in->p[0]) && in->p[0]) {
			*ret_sep = in->p[0];
			gw_slice_take(in, 1);
			return r;
		}
		gw_slice_take(in, n);
		r.n += n;
	}
	return r;
}

/* Where c stands in s outside of strings and comments; s.n: nowhere. */
static size_t find_unit(struct gw_slice s, char c)
{
	for (size_t i = 0; i < s.n; i += unit(gw_slice(s.p + i, s.n - i)))
		if (s.p[i] == c)
			return i;
	return s.n;
}

/* A phrase, comment or quoted string as UTF-8. */
static void read_phrase(struct gw_slice s, struct gw_buf *text)
{
	struct gw_buf raw;

	s = gw_slice_trim(s);
	gw_buf_init(&raw, 0);
	if (s.n >= 2 && ((s.p[0] == '"' && s.p[s.n - 1] == '"') || (s.p[0] == '(' && s.p[s.n - 1] == ')')))
		gw_lex_unquote(gw_slice(s.p + 1, s.n - 2), &raw);
	else
		gw_unfold(s, &raw);
	gw_words_decode(gw_buf_slice(&raw), text);
	gw_buf_done(&raw);
}

static void put_unfolded(struct gw_slice s, struct gw_buf *out)
{
	gw_unfold(gw_slice_trim(s), out);
}

/* ---- addresses ---- */

static void put_mailbox(struct gw_slice s, size_t taken, struct gw_buf *out)
{
	size_t angle = find_unit(s, '<'), comment = find_unit(s, '(');
	struct gw_slice name = gw_slice(s.p, angle < s.n ? angle : 0), address = s;
	struct gw_buf text;

	if (angle < s.n) {
		address = gw_slice(s.p + angle + 1, s.n - angle - 1);
		address.n = gw_slice_find(address, '>');
	} else if (comment < s.n) {
		name = gw_slice(s.p + comment, s.n - comment);
		address.n = comment;
	}
	gw_buf_init(&text, 0);
	read_phrase(name, &text);
	address = gw_slice_trim(address);
	if (!gw_is_ascii(address)) {
		if (text.n)
			gw_buf_add_char(&text, ' ');
		gw_words_decode(address, &text);
	}
	put_words(gw_buf_slice(&text), taken, out);
	if (text.n)
		gw_buf_add_char(out, ' ');
	if (gw_is_ascii(address)) {
		gw_buf_add_char(out, '<');
		put_unfolded(address, out);
		gw_buf_add_char(out, '>');
	} else {
		gw_buf_add_slice(out, GW_S(NOBODY));
	}
	gw_buf_done(&text);
}

/* Mailboxes and groups (RFC 5322 section 3.4), one a line. */
static bool put_addresses(struct gw_slice name, struct gw_slice body, struct gw_buf *out)
{
	struct gw_slice rest = gw_slice_trim(body);
	size_t taken = name.n + 2;

	while (rest.n) {
		char sep;
		struct gw_slice s = gw_slice_trim(piece(&rest, ",:;", &sep));
		struct gw_buf text;

		if (s.n && taken == 1)
			gw_buf_add_slice(out, GW_S("\r\n "));
		if (gw_is_ascii(s)) {
			put_unfolded(s, out);
		} else if (sep == ':') {
			gw_buf_init(&text, 0);
			read_phrase(s, &text);
			put_words(gw_buf_slice(&text), taken, out);
			gw_buf_done(&text);
		} else {
			put_mailbox(s, taken, out);
		}
		if (sep)
			gw_buf_add_char(out, sep);
		taken = s.n ? 1 : taken;
	}
	return true;
}

/* ---- parameters ---- */

static void put_parameter(struct gw_slice s, struct gw_buf *out)
{
	size_t eq = gw_slice_find(s, '=');
	struct gw_slice name = gw_slice_trim(gw_slice(s.p, eq)), value = gw_slice(s.p + eq, s.n - eq);
	struct gw_buf text;

	if (eq == s.n || !gw_is_ascii(name))
		return;
	gw_slice_take(&value, 1);
	while (name.n && name.p[name.n - 1] == '*')
		name.n--;
	gw_buf_init(&text, 0);
	read_phrase(value, &text);
	gw_buf_add_slice(out, GW_S(";\r\n "));
	gw_buf_add_slice(out, name);
	gw_buf_add_slice(out, GW_S("*=UTF-8''"));
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];

		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_')
			gw_buf_add_char(out, c);
		else
			put_hex('%', c, out);
	}
	gw_buf_done(&text);
}

/* What a field of MIME says, with its parameters (RFC 2231 section 4). */
static bool put_parameters(struct gw_slice name, struct gw_slice body, struct gw_buf *out)
{
	struct gw_slice rest = gw_slice_trim(body), s;
	char sep;

	(void)name;
	s = piece(&rest, ";", &sep);
	if (!gw_is_ascii(s))
		return false;
	put_unfolded(s, out);
	while (rest.n) {
		s = gw_slice_trim(piece(&rest, ";", &sep));
		if (s.n && gw_is_ascii(s)) {
			gw_buf_add_slice(out, GW_S(";\r\n "));
			put_unfolded(s, out);
		} else if (s.n) {
			put_parameter(s, out);
		}
	}
	return true;
}

/* ---- fields ---- */

typedef bool put_body(struct gw_slice name, struct gw_slice body, struct gw_buf *out);

static const struct {
	const char *name;
	put_body *put; /* NULL: it cannot be written in ASCII */
} kinds[] = {
	{ "From", put_addresses }, { "Sender", put_addresses }, { "Reply-To", put_addresses }, { "To", put_addresses },
	{ "Cc", put_addresses }, { "Bcc", put_addresses }, { "Resent-From", put_addresses },
	{ "Resent-Sender", put_addresses }, { "Resent-To", put_addresses }, { "Resent-Cc", put_addresses },
	{ "Resent-Bcc", put_addresses }, { "Resent-Reply-To", put_addresses }, { "Return-Receipt-To", put_addresses },
	{ "Disposition-Notification-To", put_addresses },
	{ "Content-Type", put_parameters }, { "Content-Disposition", put_parameters },
	{ "Date", NULL }, { "Resent-Date", NULL }, { "Message-ID", NULL }, { "Resent-Message-ID", NULL }, { "In-Reply-To", NULL },
	{ "References", NULL }, { "Received", NULL }, { "Return-Path", NULL }, { "MIME-Version", NULL },
	{ "Content-Transfer-Encoding", NULL }, { "Content-ID", NULL }, { "Content-Location", NULL }, { "Delivered-To", NULL },
	{ "List-ID", NULL }, { "List-Post", NULL }, { "List-Help", NULL }, { "List-Subscribe", NULL },
	{ "List-Unsubscribe", NULL }, { "List-Owner", NULL }, { "List-Archive", NULL },
	{ "DKIM-Signature", NULL }, { "Authentication-Results", NULL }, { "Received-SPF", NULL },
};

static put_body *kind_of(struct gw_slice name)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (gw_slice_eqi(name, gw_slice_str(kinds[i].name)))
			return kinds[i].put;
	return put_text;
}

static void put_field(const struct gw_field *f, struct gw_buf *out)
{
	put_body *put = f->name.n ? kind_of(f->name) : NULL;
	size_t before = out->n;

	if (!put)
		return;
	gw_buf_add_slice(out, f->name);
	gw_buf_add_slice(out, GW_S(": "));
	if (put(f->name, f->body, out))
		gw_buf_add_slice(out, GW_S("\r\n"));
	else
		out->n = before;
}

void gw_downgrade(struct gw_slice block, struct gw_buf *out)
{
	struct gw_field f;

	while (gw_field_next(&block, &f)) {
		if (gw_is_ascii(f.whole))
			gw_buf_add_slice(out, f.whole);
		else
			put_field(&f, out);
	}
	if (gw_is_ascii(block))
		gw_buf_add_slice(out, block);
}
