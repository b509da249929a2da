/* read.c - the octets of a message, as this client may get them
 *
 * In UTF-8 mode that is what is stored. Before, headers must be ASCII (RFC 6856 section 2.1): the stored part tree says
 * where each header of the message lies, the message's own and those of its parts; one that is not ASCII is written anew
 * (RFC 6857, RFC 6858) and takes the place of the other. Bodies may have 8-bit text (RFC 6152) and stay as they are. Sizes
 * that LIST and STAT tell are those of the stored message (RFC 6858 section 4). */
#include "pop3/pop3.h"

#include "mime/downgrade.h"
#include "mime/parts.h"
#include "util/utf8.h"
#include "util/arena.h"

#include <stdlib.h>

#define HEADER_MAX (256u * 1024) /* octets of a header that is written anew; of a longer one octets are changed one by one */
#define NO_NUL '\x80'            /* what outlook-no-nuls sends for NUL */

struct pop3_header {
	uint64_t from, to;
};

unsigned pop3_read_wants(const struct pop3_session *s)
{
	return GW_WANT_BODY | (s->utf8 ? 0u : (unsigned)GW_WANT_PARTS);
}

void pop3_read_end(struct pop3_session *s)
{
	free(s->headers);
	s->headers = NULL;
	s->n_headers = s->header = 0;
	gw_buf_done(&s->rewritten);
	s->rewritten_at = 0;
}

/* Where headers are: in the order of the message, none within another. */
static void find_headers(struct pop3_session *s, const struct gw_message *m)
{
	struct gw_parts parts;
	struct gw_arena arena;
	uint64_t end = 0;

	gw_arena_init(&arena, 0, 0);
	if (!gw_parts_unpack(m->parts, &arena, &parts))
		parts.n = 0;
	s->headers = gw_xcalloc(parts.n + 1, sizeof *s->headers);
	for (size_t i = 0; i < parts.n; i++) {
		const struct gw_part *p = &parts.v[i];

		if (p->body <= p->header || p->header < end)
			continue;
		s->headers[s->n_headers++] = (struct pop3_header){ p->header, p->body };
		end = p->body;
	}
	if (s->n_headers == 0 && m->header_size)
		s->headers[s->n_headers++] = (struct pop3_header){ 0, m->header_size };
	gw_arena_done(&arena);
}

void pop3_read_begin(struct pop3_session *s, const struct gw_message *m)
{
	pop3_read_end(s);
	s->at = 0;
	if (!s->utf8)
		find_headers(s, m);
}

/* Octets from at on, as many as are wanted and there. */
static long read_some(struct pop3_session *s, uint64_t size, char *to, size_t max, struct gw_err *err)
{
	long n;

	if (size - s->at < max)
		max = (size_t)(size - s->at);
	n = gw_fetch_read(s->fetch, s->at, to, max, err);
	if (n == 0)
		return gw_fail(err, GW_ECORRUPT, "it is shorter than it should be");
	if (n > 0)
		s->at += (uint64_t)n;
	return n;
}

/* Is it the header of an internationalized message (RFC 6532)? One with octets that are no UTF-8, or CRs that end no line, is
 * not, and goes as it always went. */
static bool internationalized(struct gw_slice header)
{
	for (const char *cr = header.p, *end = header.p + header.n; cr < end; cr++) {
		cr = memchr(cr, '\r', (size_t)(end - cr));
		if (!cr)
			break;
		if (cr + 1 < end && cr[1] != '\n')
			return false;
	}
	return gw_utf8_valid(header);
}

/* Read the header that begins here; what is to be sent of it is s->rewritten then. */
static int rewrite(struct pop3_session *s, const struct pop3_header *h, uint64_t size, struct gw_err *err)
{
	uint64_t end = h->to < size ? h->to : size;
	struct gw_buf raw;
	long n = 1;

	gw_buf_init(&raw, 0);
	while (n > 0 && s->at < end) {
		char *room = gw_buf_room(&raw, (size_t)(end - s->at));

		n = read_some(s, end, room, (size_t)(end - s->at), err);
		raw.n += n > 0 ? (size_t)n : 0;
	}
	gw_buf_done(&s->rewritten);
	gw_buf_init(&s->rewritten, 0);
	s->rewritten_at = 0;
	if (n > 0 && internationalized(gw_buf_slice(&raw)))
		gw_downgrade(gw_buf_slice(&raw), &s->rewritten);
	else if (n > 0)
		gw_buf_add_slice(&s->rewritten, gw_buf_slice(&raw));
	gw_buf_done(&raw);
	return n < 0 ? (int)n : 0;
}

static void without_nuls(char *p, size_t n)
{
	for (char *nul = memchr(p, '\0', n); nul; nul = memchr(nul, '\0', n - (size_t)(nul - p)))
		*nul = NO_NUL;
}

static void without_8bit(char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)p[i] > 0x7F)
			p[i] = '?';
}

/* What lies ready of a header that was written anew. */
static long give(struct pop3_session *s, size_t max, struct gw_out *out, char **ret)
{
	size_t n = s->rewritten.n - s->rewritten_at;

	n = n < max ? n : max;
	*ret = gw_out_reserve(out, n);
	memcpy(*ret, s->rewritten.p + s->rewritten_at, n);
	s->rewritten_at += n;
	return (long)n;
}

/* Octets as they are, up to where the next header begins or a long one ends. */
static long copy(struct pop3_session *s, uint64_t size, size_t max, struct gw_out *out, char **ret, struct gw_err *err)
{
	const struct pop3_header *h = s->header < s->n_headers ? &s->headers[s->header] : NULL;
	bool within = h && s->at >= h->from;
	uint64_t end = !h ? size : within ? h->to : h->from;
	long n;

	end = end < size ? end : size;
	max = end - s->at < max ? (size_t)(end - s->at) : max;
	*ret = gw_out_reserve(out, max);
	n = read_some(s, end, *ret, max, err);
	if (n > 0 && within)
		without_8bit(*ret, (size_t)n);
	if (within && s->at >= h->to)
		s->header++;
	return n;
}

long pop3_read(struct pop3_session *s, uint32_t size, size_t max, struct gw_out *out, char **ret, struct gw_err *err)
{
	long n = 0;

	while (n == 0 && (s->rewritten_at < s->rewritten.n || s->at < size)) {
		const struct pop3_header *h = s->header < s->n_headers ? &s->headers[s->header] : NULL;

		if (s->rewritten_at < s->rewritten.n) {
			n = give(s, max, out, ret);
		} else if (h && s->at == h->from && h->to - h->from <= HEADER_MAX) {
			n = rewrite(s, h, size, err);
			s->header++;
		} else {
			n = copy(s, size, max, out, ret, err);
		}
	}
	if (n > 0 && s->no_nuls)
		without_nuls(*ret, (size_t)n);
	return n;
}
