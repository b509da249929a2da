/* bodystructure.c - BODYSTRUCTURE and BODY (see bodystructure.h)
 *
 * The nodes come parents first, so the text is written front to back with a list of what is open. BODY is made from the
 * stored text: of each list of a body, only so many elements are sent as the grammar has before the extension data. */
#include "mime/bodystructure.h"

#define EMPTY_PART "(\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7bit\" 0 0 NIL NIL NIL NIL)"
#define NO_ENVELOPE "(NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL)"

/* ---- writing ---- */

static void open_node(const struct gw_scan_node *x, struct gw_buf *out)
{
	gw_buf_add_char(out, '(');
	if (x->part.kind == GW_PART_MULTIPART)
		return;
	gw_buf_add_slice(out, x->head);
	gw_buf_printf(out, " %llu", (unsigned long long)(x->part.end - x->part.body));
	if (x->part.kind == GW_PART_MESSAGE) {
		gw_buf_add_char(out, ' ');
		gw_buf_add_slice(out, x->envelope.n ? x->envelope : GW_S(NO_ENVELOPE));
		gw_buf_add_char(out, ' ');
	}
}

static void close_node(const struct gw_scan_node *x, bool childless, struct gw_buf *out)
{
	if (x->part.kind == GW_PART_MULTIPART) {
		if (childless)
			gw_buf_add_slice(out, GW_S(EMPTY_PART));
		gw_buf_add_char(out, ' ');
		gw_buf_add_slice(out, x->head);
	} else if (x->part.kind == GW_PART_MESSAGE) {
		if (childless)
			gw_buf_add_slice(out, GW_S(EMPTY_PART));
		gw_buf_printf(out, " %u", x->part.lines);
	} else if (gw_part_is_text(x->part.kind)) {
		gw_buf_printf(out, " %u", x->part.lines);
	}
	gw_buf_add_char(out, ' ');
	gw_buf_add_slice(out, x->tail);
	gw_buf_add_char(out, ')');
}

void gw_put_bodystructure(const struct gw_scan_node *v, size_t n, struct gw_buf *out)
{
	uint32_t open = UINT32_MAX; /* the innermost open node; its parents are open, too */

	for (uint32_t i = 0; i < n; i++) {
		for (; open != v[i].part.parent; open = v[open].part.parent)
			close_node(&v[open], open + 1 == i && v[i].part.parent != open, out);
		open_node(&v[i], out);
		open = i;
	}
	for (; open != UINT32_MAX; open = v[open].part.parent)
		close_node(&v[open], open + 1 == n, out);
}

/* ---- BODY ---- */

/* Length of the quoted string or literal at the front of s. */
static size_t string_length(struct gw_slice s)
{
	size_t n = 1, size = 0;

	if (s.p[0] == '"') {
		while (n < s.n && s.p[n] != '"')
			n += s.p[n] == '\\' ? 2 : 1;
		return n < s.n ? n + 1 : s.n;
	}
	for (; n < s.n && s.p[n] >= '0' && s.p[n] <= '9' && size < s.n; n++)
		size = size * 10 + (size_t)(s.p[n] - '0');
	return n + 3 <= s.n && size <= s.n - n - 3 ? n + 3 + size : s.n;
}

/* Length of the element at the front of s: a string, a list with all that is in it, or a word. */
static size_t element_length(struct gw_slice s)
{
	size_t n = 0, depth = 0;

	while (n < s.n) {
		char c = s.p[n];

		if (c == '"' || c == '{') {
			n += string_length(gw_slice(s.p + n, s.n - n));
		} else {
			if (depth == 0 && (c == ' ' || c == ')'))
				break;
			depth += c == '(';
			depth -= c == ')';
			n++;
		}
		if (depth == 0 && (c == '"' || c == '{' || c == ')'))
			break;
	}
	return n;
}

static bool next_is_list(struct gw_slice s)
{
	return s.n && s.p[0] == '(';
}

/* One body that is being sent. */
struct body {
	bool multipart;
	unsigned element;  /* number of the next one, from 0 */
	unsigned basic;    /* elements before the extension data; 0: not known yet */
	bool message;
	bool maybe_message, maybe_global;
};

#define BODY_DEPTH (GW_PARTS_DEPTH + 3)

/* Has the part an envelope, a structure and lines? message/rfc822 has, and message/global (RFC 9051 section 7.5.2): but not in
 * texts that were stored when that was a part like others, so it is the envelope that shows it. */
static bool shows_message(const struct body *b, struct gw_slice element)
{
	if (b->element == 1)
		return b->maybe_message && gw_slice_eqi(element, GW_S("\"rfc822\""));
	return b->element == 7 && b->maybe_message && b->maybe_global && next_is_list(element);
}

/* How many elements a single part has, from its first ones: text has its lines, a message more. */
static void note_type(struct body *b, struct gw_slice element)
{
	if (b->element == 0) {
		b->basic = gw_slice_eqi(element, GW_S("\"text\"")) ? 8 : 7;
		b->maybe_message = gw_slice_eqi(element, GW_S("\"message\""));
	} else if (shows_message(b, element)) {
		b->basic = 10;
		b->message = true;
	} else if (b->element == 1) {
		b->maybe_global = gw_slice_eqi(element, GW_S("\"global\""));
	}
}

/* Cut the next element of *b off *in and send it if it is basic. Another body inside is not an element but begins one. */
static void step(struct body *b, struct gw_slice *in, struct gw_out *out)
{
	struct gw_slice element = gw_slice_take(in, element_length(*in));

	if (b->multipart) { /* the subtype is the last that is basic */
		if (b->element++ == 0) {
			gw_out_char(out, ' ');
			gw_out_slice(out, element);
		}
		return;
	}
	note_type(b, element);
	if (b->element < b->basic) {
		if (b->element)
			gw_out_char(out, ' ');
		gw_out_slice(out, element);
	}
	b->element++;
}

static bool body_begins(const struct body *b, struct gw_slice in)
{
	return next_is_list(in) && (b->multipart ? b->element == 0 : b->message && b->element == 8);
}

void gw_body_without_extensions(struct gw_slice in, struct gw_out *out)
{
	struct body open[BODY_DEPTH];
	size_t depth = 0;

	while (in.n) {
		struct body *b = depth ? &open[depth - 1] : NULL;

		if (in.p[0] == ' ') {
			gw_slice_take(&in, 1);
		} else if (in.p[0] == ')') {
			gw_slice_take(&in, 1);
			gw_out_char(out, ')');
			if (!depth || !--depth)
				return;
			open[depth - 1].element += !open[depth - 1].multipart;
		} else if ((!b || body_begins(b, in)) && in.p[0] == '(' && depth < BODY_DEPTH) {
			if (b && b->message)
				gw_out_char(out, ' ');
			gw_slice_take(&in, 1);
			gw_out_char(out, '(');
			open[depth++] = (struct body){ .multipart = next_is_list(in) };
		} else if (b) {
			size_t before = in.n;

			step(b, &in, out);
			if (in.n == before)
				return; /* damaged */
		} else {
			return;
		}
	}
}
