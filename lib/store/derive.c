/* derive.c - everything about a message that is worked out once, when it arrives (see derive.h)
 *
 * The scanner sees every octet; what comes here is the header of the message and the list of its parts. */
#include "store/derive.h"

#include "mime/bodystructure.h"
#include "mime/date.h"
#include "mime/envelope.h"
#include "mime/header.h"
#include "mime/thread.h"
#include "mime/words.h"
#include "store/preview.h"
#include "store/sortkeys.h"
#include "text/casemap.h"
#include "util/mem.h"

#include <stdlib.h>

#define HEADERS_WHOLE_MAX 3072u /* a header up to this size is kept whole */
#define REFERENCES_MAX 1000u    /* identifiers: those nearest to the message */

struct gw_deriver {
	struct gw_arena arena; /* of the scan */
	struct gw_scan *scan;
};

struct gw_deriver *gw_deriver_new(void)
{
	struct gw_deriver *d = gw_xalloc(sizeof *d);

	gw_arena_init(&d->arena, 0, 0);
	d->scan = gw_scan_new(&d->arena);
	return d;
}

void gw_deriver_free(struct gw_deriver *d)
{
	if (!d)
		return;
	gw_scan_free(d->scan);
	gw_arena_done(&d->arena);
	free(d);
}

void gw_deriver_feed(struct gw_deriver *d, struct gw_slice bytes)
{
	gw_scan_feed(d->scan, bytes);
}

/* What b holds, in arena; b is empty afterwards. */
static struct gw_slice keep(struct gw_buf *b, struct gw_arena *arena)
{
	struct gw_slice ret = gw_arena_dup(arena, gw_buf_slice(b));

	b->n = 0;
	return ret;
}

static struct gw_slice pack_parts(const struct gw_scan_node *v, size_t n, struct gw_arena *arena)
{
	struct gw_part *parts = gw_xcalloc(n, sizeof *parts);
	struct gw_slice ret;

	for (size_t i = 0; i < n; i++)
		parts[i] = v[i].part;
	ret = gw_parts_pack(parts, n, arena);
	free(parts);
	return ret;
}

/* ---- header fields ---- */

/* The header without the empty line at its end. */
static struct gw_slice without_empty_line(struct gw_slice header)
{
	struct gw_slice rest = header;
	struct gw_field f;

	while (gw_field_next(&rest, &f))
		;
	return gw_slice(header.p, header.n - rest.n);
}

static void keep_headers(struct gw_slice header, uint64_t header_size, struct gw_buf *b, struct gw_arena *arena,
			 struct gw_derived *ret)
{
	struct gw_slice block = without_empty_line(header);
	struct gw_field f;

	ret->headers_whole = header_size <= HEADERS_WHOLE_MAX;
	if (ret->headers_whole) {
		ret->headers = gw_arena_dup(arena, block);
		return;
	}
	while (gw_field_next(&block, &f))
		if (gw_header_is_kept(f.name))
			gw_buf_add_slice(b, f.whole);
	ret->headers = keep(b, arena);
}

/* All fields of that name, decoded and folded, LF between them. */
static struct gw_slice key(struct gw_slice header, const char *name, struct gw_buf *b, struct gw_arena *arena)
{
	struct gw_field f;
	struct gw_buf text;
	bool any = false;

	gw_buf_init(&text, 0);
	while (gw_field_next(&header, &f)) {
		if (!gw_slice_eqi(f.name, gw_slice_str(name)))
			continue;
		if (any)
			gw_buf_add_char(b, '\n');
		any = true;
		text.n = 0;
		gw_words_decode(gw_slice_trim(f.body), &text);
		gw_casemap(gw_buf_slice(&text), b);
	}
	gw_buf_done(&text);
	return keep(b, arena);
}

static void subject(struct gw_slice header, struct gw_buf *b, struct gw_arena *arena, struct gw_derived *ret)
{
	struct gw_slice body = gw_field_find(header, GW_S("Subject"));
	struct gw_buf text, base;

	gw_buf_init(&text, 0);
	gw_buf_init(&base, 0);
	if (body.p)
		gw_words_decode(gw_slice_trim(body), &text);
	ret->is_reply = gw_base_subject(gw_buf_slice(&text), &base);
	gw_casemap(gw_buf_slice(&base), b);
	ret->base_subject = keep(b, arena);
	gw_buf_done(&text);
	gw_buf_done(&base);
}

static struct gw_slice message_id(struct gw_slice header, struct gw_buf *b, struct gw_arena *arena)
{
	struct gw_slice body = gw_field_find(header, GW_S("Message-ID")), id;

	if (body.p && gw_msgid_next(&body, &id))
		gw_msgid_normal(id, b);
	return keep(b, arena);
}

static size_t count_ids(struct gw_slice body)
{
	struct gw_slice id;
	size_t n = 0;

	while (gw_msgid_next(&body, &id))
		n++;
	return n;
}

/* Those from..to - 1, counted from 0. */
static void add_ids(struct gw_slice body, size_t from, size_t to, struct gw_buf *b)
{
	struct gw_slice id;

	for (size_t i = 0; i < to && gw_msgid_next(&body, &id); i++) {
		if (i < from)
			continue;
		if (b->n)
			gw_buf_add_char(b, '\n');
		gw_msgid_normal(id, b);
	}
}

/* References, or the first of In-Reply-To (RFC 5256 3, REFERENCES step 1). */
static struct gw_slice references(struct gw_slice header, struct gw_buf *b, struct gw_arena *arena)
{
	struct gw_slice refs = gw_field_find(header, GW_S("References"));
	struct gw_slice reply = gw_field_find(header, GW_S("In-Reply-To"));

	size_t n = refs.p ? count_ids(refs) : 0;

	add_ids(refs, n > REFERENCES_MAX ? n - REFERENCES_MAX : 0, n, b);
	if (b->n == 0 && reply.p)
		add_ids(reply, 0, 1, b);
	return keep(b, arena);
}

/* ---- all ---- */

void gw_deriver_finish(struct gw_deriver *d, struct gw_arena *arena, struct gw_derived *ret)
{
	const struct gw_scan_node *v;
	const struct gw_part *text;
	struct gw_slice header, date, sample;
	struct gw_buf b;
	size_t n;

	gw_scan_finish(d->scan);
	v = gw_scan_nodes(d->scan, &n);
	header = gw_scan_header(d->scan);
	gw_buf_init(&b, 0);
	*ret = (struct gw_derived){ .size = gw_scan_size(d->scan), .header_size = v[0].part.body };
	gw_put_envelope(header, &b);
	ret->envelope = keep(&b, arena);
	gw_sort_keys_pack(ret->envelope, &b);
	ret->addresses = keep(&b, arena);
	gw_put_bodystructure(v, n, &b);
	ret->bodystructure = keep(&b, arena);
	ret->parts = pack_parts(v, n, arena);
	keep_headers(header, v[0].part.body, &b, arena, ret);
	ret->key_from = key(header, "From", &b, arena);
	ret->key_to = key(header, "To", &b, arena);
	ret->key_cc = key(header, "Cc", &b, arena);
	ret->key_bcc = key(header, "Bcc", &b, arena);
	ret->key_subject = key(header, "Subject", &b, arena);
	date = gw_field_find(header, GW_S("Date"));
	if (!date.p || !gw_date_parse(date, &ret->sent, &ret->sent_day))
		ret->sent = ret->sent_day = INT64_MIN;
	subject(header, &b, arena, ret);
	ret->message_id = message_id(header, &b, arena);
	ret->references = references(header, &b, arena);
	if (gw_scan_sample(d->scan, &text, &sample))
		gw_preview(text, sample, &b);
	ret->preview = keep(&b, arena);
	gw_buf_done(&b);
}
