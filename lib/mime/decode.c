/* decode.c - base64, quoted-printable, uuencode (see decode.h)
 *
 * Base64 is decoded four characters at a time while nothing but its alphabet comes; everything else goes the careful way,
 * one character after the other. */
#include "mime/decode.h"

#include "mime/lex.h"
#include "util/mem.h"

#define QP_LINE_MAX 76u /* RFC 2045 6.7 rule 5; blanks behind each other that can be padding */

static const unsigned char base64_value[256] = {
	['A'] = 1,  ['B'] = 2,	['C'] = 3,  ['D'] = 4,	['E'] = 5,  ['F'] = 6,	['G'] = 7,  ['H'] = 8,	['I'] = 9,
	['J'] = 10, ['K'] = 11, ['L'] = 12, ['M'] = 13, ['N'] = 14, ['O'] = 15, ['P'] = 16, ['Q'] = 17, ['R'] = 18,
	['S'] = 19, ['T'] = 20, ['U'] = 21, ['V'] = 22, ['W'] = 23, ['X'] = 24, ['Y'] = 25, ['Z'] = 26, ['a'] = 27,
	['b'] = 28, ['c'] = 29, ['d'] = 30, ['e'] = 31, ['f'] = 32, ['g'] = 33, ['h'] = 34, ['i'] = 35, ['j'] = 36,
	['k'] = 37, ['l'] = 38, ['m'] = 39, ['n'] = 40, ['o'] = 41, ['p'] = 42, ['q'] = 43, ['r'] = 44, ['s'] = 45,
	['t'] = 46, ['u'] = 47, ['v'] = 48, ['w'] = 49, ['x'] = 50, ['y'] = 51, ['z'] = 52, ['0'] = 53, ['1'] = 54,
	['2'] = 55, ['3'] = 56, ['4'] = 57, ['5'] = 58, ['6'] = 59, ['7'] = 60, ['8'] = 61, ['9'] = 62, ['+'] = 63,
	['/'] = 64,
};

void gw_decoder_init(struct gw_decoder *d, enum gw_encoding encoding)
{
	*d = (struct gw_decoder){ .encoding = encoding };
}

/* ---- base64 ---- */

static uint32_t value_of(const unsigned char *p, int i)
{
	return base64_value[p[i]] - 1u;
}

/* Whole groups of four, as long as they are of the alphabet; returns how much was used. */
static size_t base64_groups(const char *in, size_t n, struct gw_buf *out)
{
	const unsigned char *p = (const unsigned char *)in, *end = p + n / 4 * 4;
	char *to = gw_buf_room(out, n / 4 * 3);
	size_t got;

	if (!to)
		return 0;
	for (got = 0; p < end; p += 4) {
		uint32_t v;

		if (!base64_value[p[0]] || !base64_value[p[1]] || !base64_value[p[2]] || !base64_value[p[3]])
			break;
		v = value_of(p, 0) << 18 | value_of(p, 1) << 12 | value_of(p, 2) << 6 | value_of(p, 3);
		to[got++] = (char)(v >> 16);
		to[got++] = (char)(v >> 8);
		to[got++] = (char)v;
	}
	out->n += got;
	return (size_t)(p - (const unsigned char *)in);
}

/* "=" ends a stretch; what comes behind it (several encodings put one after the other) begins a new one. */
static void base64_char(struct gw_decoder *d, char c, struct gw_buf *out)
{
	unsigned v = base64_value[(unsigned char)c];

	if (c == '=') {
		d->bits = d->n_bits = 0;
		return;
	}
	if (!v)
		return;
	d->bits = d->bits << 6 | (v - 1);
	d->n_bits += 6;
	if (d->n_bits >= 8) {
		d->n_bits -= 8;
		gw_buf_add_char(out, (char)(d->bits >> d->n_bits));
		d->bits &= (1u << d->n_bits) - 1;
	}
}

static void base64(struct gw_decoder *d, struct gw_slice in, struct gw_buf *out)
{
	while (in.n) {
		if (d->n_bits == 0 && in.n >= 4)
			gw_slice_take(&in, base64_groups(in.p, in.n, out));
		if (in.n)
			base64_char(d, *gw_slice_take(&in, 1).p, out);
	}
}

/* ---- quoted-printable ---- */

_Static_assert(sizeof((struct gw_decoder *)0)->held > QP_LINE_MAX + 2, "\"=\", padding and CR can be held");

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = gw_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static size_t skip_blanks(struct gw_slice in, size_t from)
{
	while (from < in.n && (in.p[from] == ' ' || in.p[from] == '\t'))
		from++;
	return from;
}

enum follows { FOLLOWS_LINE_END, FOLLOWS_OTHER, FOLLOWS_UNKNOWN };

/* What stands at a place? Nobody knows when that is in the piece to come. */
static enum follows what_follows(struct gw_slice in, size_t at, bool last)
{
	size_t left = in.n - at;

	if (left == 0 || (left == 1 && in.p[at] == '\r'))
		return last ? FOLLOWS_LINE_END : FOLLOWS_UNKNOWN;
	return in.p[at] == '\n' || (in.p[at] == '\r' && in.p[at + 1] == '\n') ? FOLLOWS_LINE_END : FOLLOWS_OTHER;
}

/* Blanks at the end of a line are transport padding (RFC 2045 6.7 rule 3), as many as a line may have. Takes what can be
 * decided; false: not all of it. */
static bool qp_blanks(struct gw_slice *in, bool last, struct gw_buf *out)
{
	size_t n = skip_blanks(*in, 0), padding = n < QP_LINE_MAX ? n : QP_LINE_MAX;
	enum follows f = what_follows(*in, n, last);

	if (f == FOLLOWS_OTHER)
		padding = 0;
	gw_buf_add_slice(out, gw_slice_take(in, n - padding));
	if (f == FOLLOWS_UNKNOWN)
		return false;
	gw_slice_take(in, padding);
	return true;
}

/* "=" and blanks before a line end: how long all of that is; 0 when it is no soft line break. *ret_f: is it known? */
static size_t qp_soft_break(struct gw_slice in, bool last, enum follows *ret_f)
{
	size_t n = skip_blanks(in, 1);

	*ret_f = n - 1 > QP_LINE_MAX ? FOLLOWS_OTHER : what_follows(in, n, last);
	if (*ret_f != FOLLOWS_LINE_END)
		return 0;
	if (n < in.n && in.p[n] == '\r')
		n++;
	if (n < in.n && in.p[n] == '\n')
		n++;
	return n;
}

/* "=" and what belongs to it; false: that is still to come. */
static bool qp_escape(struct gw_slice *in, bool last, struct gw_buf *out)
{
	int high = in->n >= 2 ? hex_value(in->p[1]) : -1;
	int low = high >= 0 && in->n >= 3 ? hex_value(in->p[2]) : -1;
	enum follows f = FOLLOWS_OTHER;
	size_t n = 0;

	if (high >= 0 && in->n == 2 && !last)
		return false;
	if (low >= 0) {
		gw_buf_add_char(out, (char)(high << 4 | low));
		gw_slice_take(in, 3);
		return true;
	}
	if (high < 0)
		n = qp_soft_break(*in, last, &f);
	if (f == FOLLOWS_UNKNOWN)
		return false;
	if (n == 0)
		gw_buf_add_char(out, '=');
	gw_slice_take(in, n ? n : 1);
	return true;
}

static size_t plain_run(struct gw_slice in)
{
	size_t n = 0;

	while (n < in.n && in.p[n] != '=' && in.p[n] != ' ' && in.p[n] != '\t')
		n++;
	return n;
}

/* Decode in; what is undecided at its end is left, which is less than what can be held. */
static struct gw_slice quoted_printable(struct gw_slice in, bool last, struct gw_buf *out)
{
	bool decided = true;

	while (in.n && decided) {
		gw_buf_add_slice(out, gw_slice_take(&in, plain_run(in)));
		if (in.n)
			decided = in.p[0] == '=' ? qp_escape(&in, last, out) : qp_blanks(&in, last, out);
	}
	return in;
}

/* ---- uuencode ---- */

static void uu_line(struct gw_decoder *d, struct gw_slice line, struct gw_buf *out)
{
	size_t left;

	if (!d->begun) {
		d->begun = line.n >= 6 && memcmp(line.p, "begin ", 6) == 0;
		return;
	}
	if (line.n == 0 || d->done)
		return;
	left = ((unsigned char)line.p[0] - 32u) & 63u;
	d->done = gw_slice_eq(line, GW_S("end")) || left == 0;
	gw_slice_take(&line, 1);
	while (!d->done && left && line.n) {
		uint32_t v = 0;

		for (size_t i = 0; i < 4; i++)
			v = v << 6 | (i < line.n ? ((unsigned char)line.p[i] - 32u) & 63u : 0);
		for (int i = 16; i >= 0 && left; i -= 8, left--)
			gw_buf_add_char(out, (char)(v >> i));
		gw_slice_take(&line, line.n < 4 ? line.n : 4);
	}
}

/* The rest of a line that was too long. */
static void uu_skip(struct gw_decoder *d, struct gw_slice *in)
{
	size_t n = gw_slice_find(*in, '\n');

	d->skipping = n == in->n;
	gw_slice_take(in, d->skipping ? n : n + 1);
}

static struct gw_slice uuencode(struct gw_decoder *d, struct gw_slice in, bool last, struct gw_buf *out)
{
	const size_t max = sizeof d->held;

	while (in.n) {
		struct gw_slice line = gw_slice(in.p, in.n < max ? in.n : max);
		size_t n = gw_slice_find(line, '\n');

		if (d->skipping) {
			uu_skip(d, &in);
			continue;
		}
		if (n == line.n && line.n < max && !last)
			break;
		d->skipping = n == max;
		line = gw_slice_take(&in, n < line.n ? n + 1 : n);
		while (line.n && (line.p[line.n - 1] == '\n' || line.p[line.n - 1] == '\r'))
			line.n--;
		uu_line(d, line, out);
	}
	return in;
}

/* ---- all ---- */

static struct gw_slice decode(struct gw_decoder *d, struct gw_slice in, bool last, struct gw_buf *out)
{
	if (d->encoding == GW_ENC_QP)
		return quoted_printable(in, last, out);
	return uuencode(d, in, last, out);
}

/* What was held back comes first, with enough of in to decide about it. */
static void feed_held(struct gw_decoder *d, struct gw_slice *in, bool last, struct gw_buf *out)
{
	char joined[2 * sizeof d->held];
	struct gw_slice rest;
	size_t add = in->n < sizeof joined - d->n_held ? in->n : sizeof joined - d->n_held;
	bool end = last && add == in->n;
	size_t used;

	memcpy(joined, d->held, d->n_held);
	if (add)
		memcpy(joined + d->n_held, in->p, add);
	rest = decode(d, gw_slice(joined, d->n_held + add), end, out);
	used = d->n_held + add - rest.n;
	if (used >= d->n_held) { /* the rest is in the input still */
		gw_slice_take(in, used - d->n_held);
		d->n_held = 0;
		return;
	}
	memmove(d->held, rest.p, rest.n); /* still undecided: all of it is short */
	d->n_held = (unsigned)rest.n;
	gw_slice_take(in, add);
}

void gw_decoder_feed(struct gw_decoder *d, struct gw_slice in, bool last, struct gw_buf *out)
{
	if (d->encoding == GW_ENC_BASE64) {
		base64(d, in, out);
		return;
	}
	if (d->encoding != GW_ENC_QP && d->encoding != GW_ENC_UUENCODE) {
		gw_buf_add_slice(out, in);
		return;
	}
	if (d->n_held)
		feed_held(d, &in, last, out);
	if (d->n_held)
		return;
	in = decode(d, in, last, out);
	if (in.n)
		memcpy(d->held, in.p, in.n);
	d->n_held = (unsigned)in.n;
}

static const struct {
	const char *name;
	enum gw_encoding encoding;
} encodings[] = {
	{ "7bit", GW_ENC_7BIT },	     { "8bit", GW_ENC_8BIT },	      { "binary", GW_ENC_BINARY },
	{ "base64", GW_ENC_BASE64 },	     { "quoted-printable", GW_ENC_QP }, { "uuencode", GW_ENC_UUENCODE },
	{ "x-uuencode", GW_ENC_UUENCODE },   { "x-uue", GW_ENC_UUENCODE },
};

enum gw_encoding gw_encoding_parse(struct gw_slice body)
{
	struct gw_lexer l = { .in = body, .specials = ";" }; /* one behind it is seen in the wild */
	enum gw_lex kind = gw_lex_next(&l);

	if (kind == GW_LEX_END || kind == GW_LEX_SPECIAL)
		return GW_ENC_7BIT;
	for (size_t i = 0; kind == GW_LEX_ATOM && i < sizeof encodings / sizeof *encodings; i++)
		if (gw_slice_eqi(l.token, gw_slice_str(encodings[i].name)))
			return encodings[i].encoding;
	return GW_ENC_UNKNOWN;
}
