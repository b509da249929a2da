/* preview.c - the first words of a message (see preview.h) */
#include "store/preview.h"

#include "mime/decode.h"
#include "text/charset.h"
#include "util/utf8.h"

#define CHARACTERS 200

static const struct {
	const char *name;
	uint32_t cp;
} entities[] = {
	{ "amp", '&' }, { "lt", '<' }, { "gt", '>' }, { "quot", '"' }, { "apos", '\'' }, { "nbsp", ' ' },
};

/* "&amp;", "&#39;", "&#x27;" at the front of *in: its character; else 0 and nothing is cut. */
static uint32_t entity(struct gw_slice *in)
{
	size_t end = gw_slice_find(*in, ';');
	struct gw_slice name;
	uint32_t cp = 0;

	if (end == in->n || end < 2 || end > 10)
		return 0;
	name = gw_slice(in->p + 1, end - 1);
	for (size_t i = 0; i < sizeof entities / sizeof *entities; i++)
		if (gw_slice_eqi(name, gw_slice_str(entities[i].name)))
			cp = entities[i].cp;
	if (name.p[0] == '#') {
		bool hex = name.n > 1 && gw_lower(name.p[1]) == 'x';

		for (size_t i = hex ? 2 : 1; i < name.n && cp < 0x110000; i++) {
			char c = gw_lower(name.p[i]);
			unsigned v = c >= '0' && c <= '9' ? (unsigned)(c - '0') : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a' + 10) : 99;

			if (v >= (hex ? 16u : 10u))
				return 0;
			cp = cp * (hex ? 16 : 10) + v;
		}
	}
	if (cp == 0 || cp >= 0x110000 || (cp >= 0xD800 && cp < 0xE000))
		return 0;
	gw_slice_take(in, end + 1);
	return cp;
}

/* Cut a tag, a comment, or an element whose content is no text off the front of *in. */
static void cut_tag(struct gw_slice *in)
{
	static const char *const silent[] = { "style", "script", "head", "title" };
	struct gw_slice rest = gw_slice(in->p + 1, in->n - 1);
	size_t n;

	for (size_t i = 0; i < sizeof silent / sizeof *silent; i++) {
		struct gw_slice name = gw_slice_str(silent[i]);

		if (!gw_slice_startsi(rest, name) || (rest.n > name.n && gw_lower(rest.p[name.n]) >= 'a' && gw_lower(rest.p[name.n]) <= 'z'))
			continue;
		for (n = 0; n + 2 + name.n <= rest.n; n++) {
			if (rest.p[n] == '<' && rest.p[n + 1] == '/' &&
			    gw_slice_startsi(gw_slice(rest.p + n + 2, rest.n - n - 2), name))
				break;
		}
		gw_slice_take(&rest, n + 2 + name.n <= rest.n ? n : rest.n);
		break;
	}
	n = gw_slice_find(rest, '>');
	gw_slice_take(&rest, n < rest.n ? n + 1 : n);
	*in = rest;
}

struct words {
	struct gw_buf *out;
	unsigned n;
	bool blank; /* one is due before the next character */
};

static void add(struct words *w, uint32_t cp)
{
	char utf8[4];

	if (cp <= ' ' || cp == 0xA0 || cp == 0x7F || cp == 0x200B || cp == 0x200C || cp == 0xFEFF) {
		w->blank = w->n > 0;
		return;
	}
	if (w->blank && w->n + 1 < CHARACTERS) {
		gw_buf_add_char(w->out, ' ');
		w->n++;
	}
	w->blank = false;
	gw_buf_add(w->out, utf8, gw_utf8_put(utf8, cp));
	w->n++;
}

static void collect(struct gw_slice text, bool html, struct gw_buf *out)
{
	struct words w = { .out = out };

	while (text.n && w.n < CHARACTERS) {
		uint32_t cp = 0;

		if (html && text.p[0] == '<') {
			cut_tag(&text);
			add(&w, ' ');
			continue;
		}
		if (html && text.p[0] == '&')
			cp = entity(&text);
		if (cp || gw_utf8_next(&text, &cp))
			add(&w, cp);
	}
}

void gw_preview(const struct gw_part *part, struct gw_slice raw, struct gw_buf *out)
{
	struct gw_decoder decoder;
	struct gw_charset *charset = gw_charset_open(part->charset);
	struct gw_buf octets, text;

	gw_buf_init(&octets, 0);
	gw_buf_init(&text, 0);
	gw_decoder_init(&decoder, part->encoding);
	gw_decoder_feed(&decoder, raw, true, &octets);
	gw_charset_feed(charset, gw_buf_slice(&octets), true, &text);
	collect(gw_buf_slice(&text), part->kind == GW_PART_TEXT_HTML, out);
	gw_charset_close(charset);
	gw_buf_done(&octets);
	gw_buf_done(&text);
}
