/* text.c - the searchable text of a message, folded (see derive.h)
 *
 * Header blocks are read through a window, bodies in pieces; whatever the message is, a few buffers of fixed size serve. The
 * octets of headers and text parts do not overlap, so the work is linear in the message. */
#include "store/derive.h"

#include "mime/decode.h"
#include "mime/header.h"
#include "mime/parts.h"
#include "mime/words.h"
#include "text/casemap.h"
#include "text/charset.h"
#include "text/entity.h"

#define READ_MAX   (32u * 1024)	 /* octets read at once */
#define WINDOW_MAX GW_TEXT_FIELD_MAX
#define PIECE_MAX  (64u * 1024)	 /* octets of folded text given at once */
#define FOLD_AT	   2048u	 /* octets folded at once: 32 KiB at most come of them (U+FDFA: 3 octets to 33) */

struct walk {
	gw_read_fn read;
	void *read_ctx;
	bool (*sink)(void *ctx, struct gw_slice text, enum gw_text_scope part);
	void *sink_ctx;
	enum gw_text_scope part;
	struct gw_buf raw, octets, utf8, folded;
	bool after_cr; /* a line feed that comes next was told already */
	bool stop;     /* sink has had enough */
	int rc;
};

static bool over(const struct walk *w)
{
	return w->stop || w->rc < 0;
}

static void flush(struct walk *w)
{
	if (w->folded.n && !over(w))
		w->stop = !w->sink(w->sink_ctx, gw_buf_slice(&w->folded), w->part);
	w->folded.n = 0;
}

/* ---- folding ---- */

/* n at most FOLD_AT and between two characters of s. */
static size_t cut(struct gw_slice s)
{
	size_t n = s.n;

	if (n <= FOLD_AT)
		return n;
	n = FOLD_AT;
	for (int i = 0; i < 3 && (s.p[n] & 0xC0) == 0x80; i++)
		n--;
	return n;
}

static void fold(struct walk *w, struct gw_slice s)
{
	while (s.n && !over(w)) {
		if (w->folded.n > PIECE_MAX / 2)
			flush(w);
		gw_casemap(gw_slice_take(&s, cut(s)), &w->folded);
	}
}

static bool is_break(char c)
{
	return c == '\r' || c == '\n' || c == '\t';
}

/* How much of s there is before a line break or tab. */
static size_t plain(struct gw_slice s)
{
	size_t n = 0;

	while (n < s.n && !is_break(s.p[n]))
		n++;
	return n;
}

/* Fold text, line breaks and tabs become blanks. */
static void put_text(struct walk *w, struct gw_slice s)
{
	while (s.n && !over(w)) {
		size_t n = plain(s);
		char c;

		if (n) {
			fold(w, gw_slice_take(&s, n));
			w->after_cr = false;
			continue;
		}
		c = *gw_slice_take(&s, 1).p;
		if (c != '\n' || !w->after_cr)
			fold(w, GW_S(" "));
		w->after_cr = c == '\r';
	}
}

static void end_text(struct walk *w)
{
	fold(w, GW_S("\n"));
	w->after_cr = false;
}

struct gw_slice gw_text_fold(struct gw_arena *arena, struct gw_slice in)
{
	struct gw_slice ret;
	struct gw_buf b;

	gw_buf_init(&b, 0);
	while (in.n) {
		size_t n = plain(in);

		gw_casemap(gw_slice_take(&in, n), &b);
		if (!in.n)
			break;
		gw_buf_add_char(&b, ' ');
		gw_slice_take(&in, in.n > 1 && in.p[0] == '\r' && in.p[1] == '\n' ? 2 : 1);
	}
	ret = gw_arena_dup(arena, gw_buf_slice(&b));
	gw_buf_done(&b);
	return ret;
}

/* ---- reading ---- */

/* Append up to n octets from off to b; returns how many came. */
static size_t fill(struct walk *w, uint64_t off, size_t n, struct gw_buf *b)
{
	char *dst = gw_buf_room(b, n);
	long got = dst ? w->read(w->read_ctx, off, dst, n) : 0;

	if (got < 0)
		w->rc = (int)got;
	if (got <= 0)
		return 0;
	b->n += (size_t)got;
	return (size_t)got;
}

/* ---- headers ---- */

static void put_field(struct walk *w, const struct gw_field *f)
{
	struct gw_slice body = gw_slice_trim(f->body);

	w->utf8.n = 0;
	gw_buf_add_slice(&w->utf8, f->name);
	if (f->name.n)
		gw_buf_add_char(&w->utf8, ':');
	if (body.n && body.p != f->body.p)
		gw_buf_add_char(&w->utf8, ' ');
	gw_words_decode(body, &w->utf8);
	put_text(w, gw_buf_slice(&w->utf8));
	end_text(w);
}

/* The fields in the window; the last one waits for what follows, unless it fills the window or nothing follows. Returns
 * false at the empty line. */
static bool put_fields(struct walk *w, bool last)
{
	struct gw_slice in = gw_buf_slice(&w->raw), rest = in;
	bool any = false, more = true;
	struct gw_field f;

	while (in.n && !over(w)) {
		more = gw_field_next(&rest, &f);
		if (!more || (!last && !rest.n && (any || w->raw.n < WINDOW_MAX)))
			break;
		put_field(w, &f);
		any = true;
		in = rest;
	}
	gw_buf_drop(&w->raw, w->raw.n - in.n);
	return more;
}

static void put_header(struct walk *w, uint64_t from, uint64_t to)
{
	bool more = true;

	w->raw.n = 0;
	while (more && from < to && !over(w)) {
		size_t space = WINDOW_MAX - w->raw.n;
		size_t n = to - from < space ? (size_t)(to - from) : space;
		size_t got = fill(w, from, n < READ_MAX ? n : READ_MAX, &w->raw);

		from = got ? from + got : to;
		if (w->raw.n >= WINDOW_MAX || from >= to)
			more = put_fields(w, from >= to);
	}
}

/* ---- bodies ---- */

static void put_body(struct walk *w, uint64_t from, uint64_t to, const struct gw_part *p)
{
	struct gw_charset *c = gw_charset_open(p->charset);
	struct gw_entities entities = { .n = 0 };
	struct gw_decoder d;
	bool last = false;

	gw_decoder_init(&d, p->encoding);
	while (!last && !over(w)) {
		size_t n = to - from < READ_MAX ? (size_t)(to - from) : READ_MAX, got;

		w->raw.n = w->octets.n = w->utf8.n = 0;
		got = n ? fill(w, from, n, &w->raw) : 0;
		from += got;
		last = !got || from >= to;
		gw_decoder_feed(&d, gw_buf_slice(&w->raw), last, &w->octets);
		gw_charset_feed(c, gw_buf_slice(&w->octets), last, &w->utf8);
		if (p->kind == GW_PART_TEXT_HTML) {
			w->octets.n = 0;
			gw_entities_feed(&entities, gw_buf_slice(&w->utf8), last, &w->octets);
			put_text(w, gw_buf_slice(&w->octets));
		} else {
			put_text(w, gw_buf_slice(&w->utf8));
		}
	}
	end_text(w);
	gw_charset_close(c);
}

static void put_part(struct walk *w, const struct gw_part *p, bool header)
{
	if (header)
		put_header(w, p->header, p->body);
	if (gw_part_is_text(p->kind))
		put_body(w, p->body, p->end, p);
}

/* ---- all ---- */

static void walk(struct walk *w, const struct gw_parts *parts, unsigned scope)
{
	if (scope & GW_TEXT_HEADER) {
		w->part = GW_TEXT_HEADER;
		put_header(w, parts->v[0].header, parts->v[0].body);
		flush(w);
	}
	w->part = GW_TEXT_BODY;
	for (size_t i = 0; scope & GW_TEXT_BODY && i < parts->n && !over(w); i++)
		put_part(w, &parts->v[i], i > 0); /* the headers of parts are in the body of the message */
	flush(w);
}

int gw_text_extract(struct gw_slice parts, unsigned scope, gw_read_fn read, void *read_ctx,
	bool (*sink)(void *ctx, struct gw_slice text, enum gw_text_scope part), void *sink_ctx)
{
	struct walk w = { .read = read, .read_ctx = read_ctx, .sink = sink, .sink_ctx = sink_ctx };
	struct gw_arena arena;
	struct gw_parts tree;

	gw_arena_init(&arena, 0, 0);
	w.part = GW_TEXT_BODY;
	if (gw_parts_unpack(parts, &arena, &tree)) {
		walk(&w, &tree, scope);
	} else { /* a damaged tree: at least the message as it is */
		static const struct gw_part whole = { .kind = GW_PART_TEXT_PLAIN, .encoding = GW_ENC_7BIT, .charset = { "", 0 } };

		put_body(&w, 0, UINT64_MAX, &whole);
		flush(&w);
	}
	gw_buf_done(&w.raw);
	gw_buf_done(&w.octets);
	gw_buf_done(&w.utf8);
	gw_buf_done(&w.folded);
	gw_arena_done(&arena);
	return w.rc;
}
