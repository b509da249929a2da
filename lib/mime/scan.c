/* scan.c - one pass over a message (see scan.h)
 *
 * The path is the list of open parts from the message down to the one that the bytes belong to. A boundary line closes
 * what lies below its multipart and opens the next part; the line end in front of it belongs to it and not to the part
 * (RFC 2046 5.1.1). A message inside a message is one more part, whose header begins where the outer one's body does. */
#include "mime/scan.h"

#include "mime/envelope.h"
#include "util/mem.h"

#include <stdlib.h>

#define LINE_KEPT 256 /* octets of a line that came in pieces: enough for a boundary */
#define NONE UINT32_MAX

/* An open part. */
struct level {
	uint32_t node;
	uint64_t first_line;      /* lines of the message before its body */
	struct gw_slice boundary; /* of a multipart whose end was not seen; else empty */
	bool digest;
};

struct gw_scan {
	struct gw_arena *arena;
	struct gw_scan_node *node;
	size_t n, cap;
	struct level path[GW_PARTS_DEPTH + 2];
	size_t depth;        /* levels of path in use, at least 1 */
	size_t boundaries;   /* how many of them have a boundary */

	uint64_t off;        /* octets before the bytes at hand */
	uint64_t line_off;   /* where the line began */
	uint64_t lines;      /* line ends so far */
	unsigned eol;        /* octets of the last line end, 0 before the first */
	bool in_header;
	struct gw_buf header; /* the one that is coming in */
	size_t header_line;  /* where its last line begins */
	char line[LINE_KEPT]; /* a line that came in pieces */
	size_t line_n;       /* octets of it in line */
	uint64_t line_len;   /* and in all */
	char last;           /* the last one of them */

	struct gw_slice top_header;
	uint32_t sample_node;
	struct gw_buf sample;
};

static uint32_t node_add(struct gw_scan *s, uint32_t parent, uint64_t off)
{
	struct gw_scan_node *x;

	if (s->n == s->cap) {
		s->cap = s->cap ? 2 * s->cap : 4;
		s->node = gw_xrealloc(s->node, s->cap, sizeof *s->node);
	}
	x = &s->node[s->n];
	*x = (struct gw_scan_node){ .part = { .header = off, .body = off, .end = off, .parent = parent } };
	return (uint32_t)s->n++;
}

/* A part begins here, with its header. */
static void enter(struct gw_scan *s, uint32_t parent, uint64_t off)
{
	s->path[s->depth++] = (struct level){ .node = node_add(s, parent, off) };
	s->in_header = true;
	s->header.n = s->header_line = 0;
}

struct gw_scan *gw_scan_new(struct gw_arena *arena)
{
	struct gw_scan *s = gw_xalloc(sizeof *s);

	s->arena = arena;
	s->sample_node = NONE;
	gw_buf_init(&s->header, 0);
	gw_buf_init(&s->sample, 0);
	enter(s, NONE, 0);
	return s;
}

void gw_scan_free(struct gw_scan *s)
{
	if (!s)
		return;
	gw_buf_done(&s->header);
	gw_buf_done(&s->sample);
	free(s->node);
	free(s);
}

/* ---- the end of a header ---- */

/* Envelopes are for the message inside a message; the deriver makes that of the whole. */
static void note_envelope(struct gw_scan *s, uint32_t parent)
{
	struct gw_buf text;

	gw_buf_init(&text, 0);
	gw_put_envelope(gw_buf_slice(&s->header), &text);
	s->node[parent].envelope = gw_arena_dup(s->arena, gw_buf_slice(&text));
	gw_buf_done(&text);
}

static bool in_digest(const struct gw_scan *s)
{
	return s->depth >= 2 && s->path[s->depth - 2].digest;
}

/* The header of the innermost part has ended; its body begins at off. */
static void header_done(struct gw_scan *s, uint64_t off)
{
	struct level *l = &s->path[s->depth - 1];
	struct gw_scan_node *x = &s->node[l->node];
	uint32_t parent = x->part.parent, me = l->node;
	bool leaf_only = s->depth > GW_PARTS_DEPTH || s->n >= GW_PARTS_MAX;
	struct gw_part_fields f;

	gw_part_fields(gw_buf_slice(&s->header), in_digest(s), leaf_only, s->arena, &f);
	x->part.body = off;
	x->part.kind = f.kind;
	x->part.encoding = f.encoding;
	x->part.charset = f.charset;
	x->head = f.head;
	x->tail = f.tail;
	l->first_line = s->lines;
	l->boundary = f.boundary;
	l->digest = f.digest;
	s->boundaries += f.boundary.n > 0;
	s->in_header = false;
	if (parent == NONE)
		s->top_header = gw_arena_dup(s->arena, gw_buf_slice(&s->header));
	else if (s->node[parent].part.kind == GW_PART_MESSAGE)
		note_envelope(s, parent);
	if (s->sample_node == NONE && gw_part_is_text(f.kind))
		s->sample_node = me;
	s->header.n = 0;
	if (f.kind == GW_PART_MESSAGE)
		enter(s, me, off);
	else if (s->header.cap > 16384)
		gw_buf_done(&s->header);
}

/* ---- the end of a part ---- */

/* Close the innermost part; end: behind its last octet; eol: a line end in front of a boundary was taken from it. */
static void leave(struct gw_scan *s, uint64_t end, bool eol)
{
	struct level *l;
	struct gw_part *p;

	while (s->in_header) { /* it never ended: there is no body. A message has another part below it */
		uint64_t header = s->node[s->path[s->depth - 1].node].part.header;

		header_done(s, end > header ? end : header);
	}
	l = &s->path[s->depth - 1];
	p = &s->node[l->node].part;
	p->end = end > p->body ? end : p->body;
	p->lines = (uint32_t)(s->lines - l->first_line);
	if (eol && p->lines)
		p->lines--;
	s->boundaries -= l->boundary.n > 0;
	s->depth--;
}

/* ---- lines ---- */

/* The level whose boundary this line is, or NONE. The innermost one counts: boundaries may begin alike. */
static size_t find_boundary(const struct gw_scan *s, struct gw_slice line, bool *ret_close)
{
	gw_slice_take(&line, 2);
	while (line.n && strchr("\r\n \t", line.p[line.n - 1]) && line.p[line.n - 1])
		line.n--;
	for (size_t i = s->depth; i-- > 0;) {
		struct gw_slice b = s->path[i].boundary;

		if (b.n == 0 || line.n < b.n || memcmp(line.p, b.p, b.n) != 0)
			continue;
		*ret_close = line.n >= b.n + 2 && line.p[b.n] == '-' && line.p[b.n + 1] == '-';
		if (line.n == b.n || *ret_close)
			return i;
	}
	return NONE;
}

/* A boundary line of level i, which begins at line_off and after which the next part begins. */
static void boundary(struct gw_scan *s, size_t i, bool close, uint64_t next)
{
	if (s->in_header && s->header_line < s->header.n)
		s->header.n = s->header_line; /* it is no line of the header */
	while (s->depth > i + 1)
		leave(s, s->line_off - s->eol, s->eol > 0);
	if (close || s->n >= GW_PARTS_MAX) {
		s->boundaries--;
		s->path[i].boundary.n = 0;
		return;
	}
	enter(s, s->path[i].node, next);
}

static bool is_empty(struct gw_slice line)
{
	return gw_slice_eq(line, GW_S("\n")) || gw_slice_eq(line, GW_S("\r\n"));
}

/* A line has ended: line is what is known of it, len its octets, line end included, of which eol are the line end. */
static void line_done(struct gw_scan *s, struct gw_slice line, uint64_t len, unsigned eol)
{
	uint64_t next = s->line_off + len;
	bool close = false;
	size_t level = NONE;

	if (s->boundaries && line.n == len && line.n >= 2 && line.p[0] == '-' && line.p[1] == '-')
		level = find_boundary(s, line, &close);
	if (level != NONE)
		boundary(s, level, close, next);
	s->lines++;
	if (level == NONE && s->in_header && len == line.n && is_empty(line))
		header_done(s, next);
	s->eol = eol;
	s->line_off = next;
	s->header_line = s->header.n;
}

static void keep_header(struct gw_scan *s, struct gw_slice piece)
{
	size_t room = s->header.n < GW_SCAN_HEADER_MAX ? GW_SCAN_HEADER_MAX - s->header.n : 0;

	gw_buf_add_slice(&s->header, gw_slice(piece.p, piece.n < room ? piece.n : room));
}

static void keep_sample(struct gw_scan *s, struct gw_slice piece)
{
	size_t room = GW_SCAN_SAMPLE_MAX - s->sample.n;

	if (s->sample_node == NONE || s->path[s->depth - 1].node != s->sample_node)
		return;
	gw_buf_add_slice(&s->sample, gw_slice(piece.p, piece.n < room ? piece.n : room));
}

/* Octets of the current line; last: its line end is the last of them. */
static void take_piece(struct gw_scan *s, struct gw_slice piece, bool last)
{
	char before = piece.n >= 2 ? piece.p[piece.n - 2] : s->line_len ? s->last : '\0';
	unsigned eol = before == '\r' ? 2 : 1;
	size_t room = LINE_KEPT - s->line_n, n = piece.n < room ? piece.n : room;
	uint64_t len;

	if (s->in_header)
		keep_header(s, piece);
	else if (s->sample.n < GW_SCAN_SAMPLE_MAX)
		keep_sample(s, piece);
	if (last && s->line_len == 0) {
		line_done(s, piece, piece.n, eol);
		return;
	}
	memcpy(s->line + s->line_n, piece.p, n);
	s->line_n += n;
	s->line_len += piece.n;
	s->last = piece.p[piece.n - 1];
	if (!last)
		return;
	n = s->line_n;
	len = s->line_len;
	s->line_n = 0;
	s->line_len = 0;
	line_done(s, gw_slice(s->line, n), len, eol);
}

/* Lines of a body that are certainly no boundaries: only counted. Returns how many octets they have. */
static size_t skip_lines(struct gw_scan *s, struct gw_slice in)
{
	const char *p = in.p, *end = in.p + in.n, *nl;
	uint64_t lines = 0;

	while (p < end && (nl = memchr(p, '\n', (size_t)(end - p)))) {
		if (p[0] == '-' && s->boundaries)
			break;
		s->eol = nl > p && nl[-1] == '\r' ? 2 : 1;
		lines++;
		p = nl + 1;
	}
	s->lines += lines;
	s->line_off += (uint64_t)(p - in.p);
	return (size_t)(p - in.p);
}

void gw_scan_feed(struct gw_scan *s, struct gw_slice in)
{
	while (in.n) {
		bool sampling = s->sample_node != NONE && s->sample.n < GW_SCAN_SAMPLE_MAX &&
				s->path[s->depth - 1].node == s->sample_node;
		size_t n;

		if (!s->in_header && !sampling && s->line_len == 0) {
			n = skip_lines(s, in);
			s->off += n;
			gw_slice_take(&in, n);
			if (in.n == 0)
				break;
		}
		n = gw_slice_find(in, '\n');
		n = n < in.n ? n + 1 : n;
		s->off += n;
		take_piece(s, gw_slice(in.p, n), in.p[n - 1] == '\n');
		gw_slice_take(&in, n);
	}
}

void gw_scan_finish(struct gw_scan *s)
{
	if (s->line_len) { /* the last line has no end */
		struct gw_slice line = gw_slice(s->line, s->line_n);
		bool close = false;
		size_t level = NONE;

		if (s->boundaries && line.n == s->line_len && line.n >= 2 && memcmp(line.p, "--", 2) == 0)
			level = find_boundary(s, line, &close);
		if (level != NONE)
			boundary(s, level, true, s->off);
	}
	while (s->depth)
		leave(s, s->off, false);
}

const struct gw_scan_node *gw_scan_nodes(const struct gw_scan *s, size_t *ret_n)
{
	*ret_n = s->n;
	return s->node;
}

struct gw_slice gw_scan_header(const struct gw_scan *s)
{
	return s->top_header;
}

uint64_t gw_scan_size(const struct gw_scan *s)
{
	return s->off;
}

bool gw_scan_sample(const struct gw_scan *s, const struct gw_part **ret_part, struct gw_slice *ret)
{
	const struct gw_part *part;

	if (s->sample_node == NONE)
		return false;
	part = &s->node[s->sample_node].part;
	*ret_part = part;
	*ret = gw_buf_slice(&s->sample);
	if (ret->n > part->end - part->body) /* the boundary behind it */
		ret->n = (size_t)(part->end - part->body);
	return true;
}
