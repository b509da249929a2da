/* put.c - write the words of IMAP (see put.h)
 *
 * Rows of FETCH are the hot path: a row is put together in one stretch that is reserved in the output, with copies of
 * known length and no format strings. */
#include "imap/put.h"

#include "imap/mbname.h"
#include "imap/token.h"
#include "util/clock.h"
#include "util/num.h"
#include "util/utf8.h"

#define QUOTED_MAX 1000 /* octets; what is longer goes as a literal, which every client reads at full speed */

/* Copy a string literal; gives the place behind it. */
#define PUT(p, lit) ((char *)memcpy((p), "" lit, sizeof(lit) - 1) + sizeof(lit) - 1)

/* ---- strings ---- */

/* What a string holds that forbids a form of writing it. */
struct content {
	bool not_atom;   /* a byte that is no ASTRING-CHAR */
	bool not_quoted; /* CR, LF, NUL */
	bool eight_bit;
	size_t escapes;  /* " and \ */
};

static struct content look_at(struct gw_slice s)
{
	struct content c = { 0 };

	for (size_t i = 0; i < s.n; i++) {
		unsigned char b = (unsigned char)s.p[i];

		if (imap_is(s.p[i], IMAP_CT_ASTRING))
			continue;
		c.not_atom = true;
		c.eight_bit |= b >= 0x80;
		if (imap_is(s.p[i], IMAP_CT_QUOTED))
			continue;
		if (b == '"' || b == '\\')
			c.escapes++;
		else
			c.not_quoted = true;
	}
	return c;
}

static void put_quoted(struct gw_out *out, struct gw_slice s, size_t escapes)
{
	char *p = gw_out_reserve(out, s.n + escapes + 2), *to = p;

	*to++ = '"';
	if (!escapes) {
		if (s.n)
			memcpy(to, s.p, s.n);
		to += s.n;
	} else {
		for (size_t i = 0; i < s.n; i++) {
			if (s.p[i] == '"' || s.p[i] == '\\')
				*to++ = '\\';
			*to++ = s.p[i];
		}
	}
	*to++ = '"';
	gw_out_commit(out, (size_t)(to - p));
}

void imap_put_literal_head(struct gw_out *out, uint64_t n, bool binary)
{
	char *p = gw_out_reserve(out, GW_U64_DIGITS + 5), *to = p;

	if (binary)
		*to++ = '~';
	*to++ = '{';
	to += gw_put_u64(to, n);
	to = PUT(to, "}\r\n");
	gw_out_commit(out, (size_t)(to - p));
}

void imap_put_literal(struct gw_out *out, struct gw_slice s)
{
	imap_put_literal_head(out, s.n, false);
	gw_out_slice(out, s);
}

static void put_string(struct gw_out *out, struct gw_slice s, const struct content *c, bool utf8)
{
	if (c->not_quoted || s.n > QUOTED_MAX || (c->eight_bit && !(utf8 && gw_utf8_valid(s))))
		imap_put_literal(out, s);
	else
		put_quoted(out, s, c->escapes);
}

void imap_put_string(struct gw_out *out, struct gw_slice s)
{
	struct content c = look_at(s);

	put_string(out, s, &c, false);
}

static void put_astring(struct gw_out *out, struct gw_slice s, bool utf8)
{
	struct content c = look_at(s);

	if (c.not_atom || s.n == 0 || s.n > QUOTED_MAX || gw_slice_eqi(s, GW_S("NIL")))
		put_string(out, s, &c, utf8);
	else
		gw_out_slice(out, s);
}

void imap_put_astring(struct gw_out *out, struct gw_slice s)
{
	put_astring(out, s, false);
}

void imap_put_nstring(struct gw_out *out, struct gw_slice s)
{
	if (s.p)
		imap_put_string(out, s);
	else
		gw_out_lit(out, "NIL");
}

void imap_put_value(struct gw_out *out, struct gw_slice value)
{
	if (value.p && memchr(value.p, '\0', value.n)) {
		imap_put_literal_head(out, value.n, true);
		gw_out_slice(out, value);
	} else {
		imap_put_nstring(out, value);
	}
}

/* ---- mailbox names ---- */

/* The encoded name goes to the end of the output, where it is taken back if it has to be quoted. */
static void put_mutf7(struct gw_out *out, struct gw_slice name)
{
	size_t room = IMAP_MUTF7_ROOM(name.n);
	/* 2 quotes, and every byte may need an escape: the encoded name is built behind room for that form */
	char *p = gw_out_reserve(out, 3 * room + 2);
	char *from = p + 2 * room + 2, *to = p;
	size_t n = imap_name_encode(from, name);
	bool quote = false;

	for (size_t i = 0; i < n; i++)
		quote |= !imap_is(from[i], IMAP_CT_ASTRING);
	if (quote)
		*to++ = '"';
	for (size_t i = 0; i < n; i++) {
		if (from[i] == '"' || from[i] == '\\')
			*to++ = '\\';
		*to++ = from[i];
	}
	if (quote)
		*to++ = '"';
	gw_out_commit(out, (size_t)(to - p));
}

void imap_put_mailbox(struct gw_out *out, struct gw_slice name)
{
	for (size_t i = 0; i < name.n; i++) {
		if (name.p[i] == '&' || (unsigned char)name.p[i] < ' ' || (unsigned char)name.p[i] > '~') {
			put_mutf7(out, name);
			return;
		}
	}
	put_astring(out, name, false);
}

void imap_put_mailbox_utf8(struct gw_out *out, struct gw_slice name)
{
	put_astring(out, name, true);
}

/* ---- dates ---- */

static char *put_two(char *p, unsigned v)
{
	*p++ = (char)('0' + v / 10 % 10);
	*p++ = (char)('0' + v % 10);
	return p;
}

void imap_put_date_time(struct gw_out *out, int64_t t)
{
	static const char months[] = "-Jan--Feb--Mar--Apr--May--Jun--Jul--Aug--Sep--Oct--Nov--Dec-";
	static const int64_t first = INT64_C(-62135596800), last = INT64_C(253402300799); /* years 1 and 9999 */
	struct gw_civil c = gw_time_to_civil(t < first ? first : t > last ? last : t);
	unsigned year = (unsigned)c.year;
	char *p = gw_out_reserve(out, 28), *to = p;

	*to++ = '"';
	to = put_two(to, c.day);
	if (c.day < 10)
		to[-2] = ' '; /* date-day-fixed */
	memcpy(to, months + (size_t)(c.month - 1) * 5, 5);
	to = put_two(put_two(to + 5, year / 100), year % 100);
	*to++ = ' ';
	to = put_two(to, c.hour);
	*to++ = ':';
	to = put_two(to, c.minute);
	*to++ = ':';
	to = put_two(to, c.second);
	to = PUT(to, " +0000\"");
	gw_out_commit(out, (size_t)(to - p));
}

/* ---- flags ---- */

#define SYSTEM_FLAGS_ROOM 64 /* "(" and all of them */

static char *put_system_flags(char *to, uint64_t flags, bool recent)
{
	char *start;

	*to++ = '(';
	start = to;
	if (recent)
		to = PUT(to, "\\Recent ");
	if (flags & GW_FLAG_ANSWERED)
		to = PUT(to, "\\Answered ");
	if (flags & GW_FLAG_FLAGGED)
		to = PUT(to, "\\Flagged ");
	if (flags & GW_FLAG_DELETED)
		to = PUT(to, "\\Deleted ");
	if (flags & GW_FLAG_SEEN)
		to = PUT(to, "\\Seen ");
	if (flags & GW_FLAG_DRAFT)
		to = PUT(to, "\\Draft ");
	return to == start ? to : to - 1; /* the blank behind the last */
}

/* The keywords behind the system flags; first: there are none before them. Are there none yet? */
static bool put_keywords(struct gw_out *out, uint64_t flags, bool first, const struct gw_keywords *kw)
{
	for (unsigned k = 0; kw && k < kw->n; k++) {
		if (!(flags & GW_FLAG_KEYWORD(k)))
			continue;
		if (!first)
			gw_out_char(out, ' ');
		first = false;
		gw_out_str(out, kw->name[k]);
	}
	return first;
}

void imap_put_flags(struct gw_out *out, uint64_t flags, bool recent, const struct gw_keywords *kw, const char *more)
{
	char *p = gw_out_reserve(out, SYSTEM_FLAGS_ROOM), *to = put_system_flags(p, flags, recent);
	bool first = to == p + 1;

	gw_out_commit(out, (size_t)(to - p));
	if (flags & ~UINT64_C(0xFF))
		first = put_keywords(out, flags, first, kw);
	if (more && !first)
		gw_out_char(out, ' ');
	if (more)
		gw_out_str(out, more);
	gw_out_char(out, ')');
}

/* ---- lines ---- */

static void put_text(struct gw_out *out, const char *text)
{
	gw_out_add(out, text, strcspn(text, "\r\n"));
}

void imap_put_status_line(struct gw_out *out, struct gw_slice tag, const char *status, const char *code,
			  const char *text)
{
	gw_out_slice(out, tag.n ? tag : GW_S("*"));
	gw_out_char(out, ' ');
	gw_out_str(out, status);
	gw_out_char(out, ' ');
	if (code) {
		gw_out_char(out, '[');
		put_text(out, code);
		gw_out_lit(out, "] ");
	}
	put_text(out, text);
	gw_out_lit(out, "\r\n");
}

void imap_put_continue(struct gw_out *out, const char *text)
{
	gw_out_lit(out, "+ ");
	put_text(out, text);
	gw_out_lit(out, "\r\n");
}
