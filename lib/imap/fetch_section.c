/* fetch_section.c - BODY[...] of FETCH (RFC 3501 6.4.5): which octets, and how they get into the output
 *
 * A section is a range of octets of the message, found in the packed part tree, or some fields of a header. Ranges are read
 * straight into the output; the fields that clients mostly ask for come from where the store keeps them. */
#include "imap/fetch.h"

#include "imap/put.h"
#include "mime/header.h"
#include "mime/parts.h"

#define PIECE (64u * 1024) /* octets read at once */

static bool of_fields(const struct imap_section *section)
{
	return section->text == IMAP_SECTION_FIELDS || section->text == IMAP_SECTION_FIELDS_NOT;
}

/* Are all the fields asked for among those the store keeps? */
static bool all_kept(const struct imap_section *section)
{
	if (section->text != IMAP_SECTION_FIELDS || section->n_part)
		return false;
	for (size_t i = 0; i < section->n_fields; i++)
		if (!gw_header_is_kept(section->fields[i]))
			return false;
	return true;
}

unsigned fetch_section_wants(const struct imap_fetch_item *item)
{
	const struct imap_section *section = &item->section;

	if (all_kept(section))
		return GW_WANT_HEADERS;
	if (section->n_part)
		return GW_WANT_PARTS | GW_WANT_BODY;
	if (section->text == IMAP_SECTION_ALL)
		return GW_WANT_BODY;
	if (section->text == IMAP_SECTION_TEXT)
		return GW_WANT_PARTS | GW_WANT_BODY;
	return GW_WANT_HEADERS | GW_WANT_PARTS | GW_WANT_BODY;
}

void fetch_hide_nul(char *p, size_t n)
{
	char *end = p + n;

	while ((p = memchr(p, '\0', (size_t)(end - p))))
		*p++ = (char)0x80;
}

/* ---- which octets ---- */

static enum gw_section_what what_of(enum imap_section_text text)
{
	switch (text) {
	case IMAP_SECTION_HEADER:
	case IMAP_SECTION_FIELDS:
	case IMAP_SECTION_FIELDS_NOT:
		return GW_SECTION_HEADER;
	case IMAP_SECTION_TEXT:
		return GW_SECTION_TEXT;
	case IMAP_SECTION_MIME:
		return GW_SECTION_MIME;
	case IMAP_SECTION_ALL:
		break;
	}
	return GW_SECTION_ALL;
}

/* A section of the message itself. */
static bool whole_range(const struct gw_message *m, enum gw_section_what what, uint64_t *ret_off, uint64_t *ret_size)
{
	uint64_t size = m->entry->size, header = m->header_size < size ? m->header_size : size;

	*ret_off = what == GW_SECTION_TEXT ? header : 0;
	*ret_size = what == GW_SECTION_HEADER ? header : size - *ret_off;
	return what != GW_SECTION_MIME;
}

bool fetch_section_range(const struct gw_message *m, const struct imap_section *section, uint64_t *ret_off,
			 uint64_t *ret_size, struct gw_part *ret_part)
{
	enum gw_section_what what = what_of(section->text);
	uint64_t off, size, all = m->entry->size;

	if (!section->n_part)
		return whole_range(m, what, ret_off, ret_size);
	if (!gw_parts_section(m->parts, section->part, section->n_part, what, &off, &size, ret_part))
		return false;
	if (off > all || size > all - off) /* the tree is damaged */
		return false;
	*ret_off = off;
	*ret_size = size;
	return true;
}

/* ---- ranges ---- */

/* Cut to <offset.count>. */
static void cut(const struct imap_fetch_item *item, uint64_t *off, uint64_t *size)
{
	uint64_t skip;

	if (!item->partial)
		return;
	skip = item->offset < *size ? item->offset : *size;
	*off += skip;
	*size -= skip;
	if (*size > item->count)
		*size = item->count;
}

void fetch_begin_range(struct fetch_run *r, const struct imap_fetch_item *item, uint64_t off, uint64_t size,
		       struct gw_out *out)
{
	cut(item, &off, &size);
	if (!size) {
		gw_out_lit(out, "\"\"");
		return;
	}
	imap_put_literal_head(out, size, false);
	r->in_literal = true;
	r->binary = false;
	r->off = off;
	r->left = size;
}

static int read_piece(struct fetch_run *r, uint64_t off, char *p, size_t n, struct gw_err *err)
{
	long got = gw_fetch_read(r->cursor, off, p, n, err);

	if (got == 0)
		return gw_fail(err, GW_ECORRUPT, "a message is shorter than its size says");
	return (int)got;
}

int fetch_literal(struct fetch_run *r, struct gw_out *out, struct gw_err *err)
{
	if (r->binary)
		return fetch_binary_literal(r, out, err);
	while (r->left && !gw_out_full(out)) {
		size_t n = r->left < PIECE ? (size_t)r->left : PIECE;
		char *p = gw_out_reserve(out, n);
		int got = read_piece(r, r->off, p, n, err);

		if (got < 0) {
			gw_out_commit(out, 0);
			return got;
		}
		fetch_hide_nul(p, (size_t)got);
		gw_out_commit(out, (size_t)got);
		r->off += (uint64_t)got;
		r->left -= (uint64_t)got;
	}
	r->in_literal = r->left > 0;
	return 0;
}

int fetch_read_into(struct fetch_run *r, uint64_t off, uint64_t n, struct gw_buf *b, struct gw_err *err)
{
	while (n) {
		size_t want = n < PIECE ? (size_t)n : PIECE;
		char *p = gw_buf_room(b, want);
		int got;

		if (!p)
			return 0;
		got = read_piece(r, off, p, want, err);
		if (got < 0)
			return got;
		b->n += (size_t)got;
		off += (uint64_t)got;
		n -= (uint64_t)got;
	}
	return 0;
}

/* ---- octets at hand ---- */

/* Copy octets skip.. of a rope, n of them. */
static void copy_window(struct gw_out *from, uint64_t skip, uint64_t n, struct gw_out *out)
{
	while (n && from->n) {
		struct gw_slice front = gw_out_front(from);
		size_t pass = skip < front.n ? (size_t)skip : front.n;
		size_t take = n < front.n - pass ? (size_t)n : front.n - pass;
		char *p = gw_out_reserve(out, take);

		if (take)
			memcpy(p, front.p + pass, take);
		fetch_hide_nul(p, take);
		gw_out_commit(out, take);
		n -= take;
		skip -= pass;
		gw_out_drop(from, front.n);
	}
}

static void put_fields(struct fetch_run *r, const struct imap_fetch_item *item, struct gw_slice block, struct gw_out *out)
{
	const struct imap_section *section = &item->section;
	struct gw_out text;
	uint64_t off = 0, size;

	(void)r;
	gw_out_init(&text);
	gw_header_filter(block, section->fields, section->n_fields, section->text == IMAP_SECTION_FIELDS_NOT, &text);
	size = text.n;
	cut(item, &off, &size);
	if (size) {
		imap_put_literal_head(out, size, false);
		copy_window(&text, off, size, out);
	} else {
		gw_out_lit(out, "\"\"");
	}
	gw_out_done(&text);
}

/* The header of a message or part, read for the sake of some fields. */
static int read_fields(struct fetch_run *r, const struct imap_fetch_item *item, uint64_t off, uint64_t size,
		       struct gw_out *out, struct gw_err *err)
{
	int rc;

	r->header.n = 0;
	rc = fetch_read_into(r, off, size < FETCH_HEADER_MAX ? size : FETCH_HEADER_MAX, &r->header, err);
	if (rc < 0)
		return rc;
	put_fields(r, item, gw_buf_slice(&r->header), out);
	if (r->header.cap > PIECE)
		gw_buf_done(&r->header);
	return 0;
}

/* Is the block of fields that the store keeps enough? */
static bool at_hand(const struct fetch_run *r, const struct imap_section *section)
{
	return !section->n_part && of_fields(section) && (r->m.headers_whole || all_kept(section));
}

int fetch_section(struct fetch_run *r, const struct imap_fetch_item *item, struct gw_out *out, struct gw_err *err)
{
	uint64_t off, size;

	gw_out_slice(out, item->label);
	gw_out_char(out, ' ');
	if (at_hand(r, &item->section)) {
		put_fields(r, item, r->m.headers, out);
		return 0;
	}
	if (!fetch_section_range(&r->m, &item->section, &off, &size, NULL)) {
		gw_out_lit(out, "NIL");
		return 0;
	}
	if (of_fields(&item->section))
		return read_fields(r, item, off, size, out, err);
	fetch_begin_range(r, item, off, size, out);
	return 0;
}
