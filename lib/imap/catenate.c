/* catenate.c - URLs of CATENATE (RFC 4469): octets of messages that are here become part of the one that comes in
 *
 * They are copied as they are, piece by piece, and nobody's \Seen changes (RFC 4469 3). */
#include "imap/append.h"
#include "imap/fetch.h"
#include "imap/mbname.h"
#include "imap/url.h"
#include "mime/header.h"
#include "util/mem.h"

#include <stdlib.h>

#define PIECE (64u * 1024)
#define TOLD_MAX 512 /* octets of a URL that are told back */

struct source {
	struct imap_session *s;
	struct imap_url url;
	struct imap_fetch_item item;
	struct gw_mbox_id mailbox;
	struct gw_fetch *cursor;
	struct gw_message m;
	imap_part_fn *take;
	void *ctx;
};

/* NO [BADURL "url"]; what may not stand in a response code is percent-encoded. */
static bool bad_url(struct imap_task *t, struct gw_slice url, const char *why)
{
	static const char hex[] = "0123456789ABCDEF";
	size_t n = url.n < TOLD_MAX ? url.n : TOLD_MAX;
	char *code = gw_arena_alloc(&t->arena, 3 * n + sizeof "BADURL \"\""), *p = code;

	memcpy(p, "BADURL \"", 8);
	p += 8;
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)url.p[i];

		if (c > ' ' && c <= '~' && c != ']' && c != '"' && c != '\\') {
			*p++ = (char)c;
			continue;
		}
		*p++ = '%';
		*p++ = hex[c >> 4];
		*p++ = hex[c & 15];
	}
	*p++ = '"';
	*p = '\0';
	imap_no(t, code, why);
	return false;
}

/* ---- which message ---- */

/* This server and this user: any other would have to be asked (RFC 4469 3). */
static bool is_here(const struct source *x)
{
	const char *host = x->s->env.hostname;

	if (!x->url.has_server)
		return true;
	if (!host || !gw_slice_eqi(x->url.host, gw_slice_str(host)))
		return false;
	return !x->url.user.n || gw_slice_eq(x->url.user, gw_slice_str(gw_acct_user(x->s->acct)));
}

/* Negative, GW_ENOENT above all: there is no such mailbox. */
static int find_mailbox(struct source *x, struct imap_task *t, struct gw_err *err)
{
	const char *why = NULL;
	struct gw_slice name;
	struct gw_mailbox mb;
	int rc;

	if (!x->url.has_mailbox) { /* the base is what is selected */
		if (!x->s->view)
			return gw_fail(err, GW_ENOENT, "nothing is selected");
		x->mailbox = x->s->view->id;
		return 0;
	}
	if (!imap_name_decode(&t->arena, x->url.mailbox, true, &name, &why))
		return gw_fail(err, GW_ENOENT, "%s", why);
	rc = gw_acct_find(x->s->acct, &t->arena, name, &mb, err);
	if (rc < 0)
		return rc;
	if (imap_out_of_sight(x->s, mb.attrs) || mb.attrs & (GW_MBOX_NOSELECT | GW_MBOX_NONEXISTENT))
		return gw_fail(err, GW_ENOENT, "there is no such mailbox");
	x->mailbox = mb.id;
	return 0;
}

static int open_cursor(struct source *x, const struct gw_index *ix, struct gw_err *err)
{
	uint32_t seq = gw_index_seq(ix, x->url.uid);
	struct gw_set seqs;
	bool gone = false;
	int rc;

	if (!seq || (x->url.uidvalidity && x->url.uidvalidity != ix->uidvalidity))
		return gw_fail(err, GW_ENOENT, "there is no such message");
	gw_set_init(&seqs);
	gw_set_add(&seqs, seq, seq);
	rc = gw_fetch_open(x->s->acct, x->mailbox, ix, &seqs, GW_WANT_PARTS | GW_WANT_BODY, &x->cursor, err);
	if (rc == 0)
		rc = gw_fetch_next(x->cursor, &x->m, &gone, err);
	gw_set_done(&seqs);
	if (rc < 0)
		return rc;
	return rc && !gone ? 0 : gw_fail(err, GW_ENOENT, "the message was removed");
}

/* ---- octets ---- */

/* Cut to ;PARTIAL= (RFC 5092 6.1.1). */
static void cut(const struct source *x, uint64_t *off, uint64_t *size)
{
	uint64_t skip;

	if (!x->url.partial)
		return;
	skip = x->url.offset < *size ? x->url.offset : *size;
	*off += skip;
	*size -= skip;
	if (*size > x->url.count)
		*size = x->url.count;
}

/* 1: all were taken; 0: it refused more, the reply is set. */
static int copy_range(struct source *x, uint64_t off, uint64_t size, struct gw_err *err)
{
	char *piece = gw_xalloc(PIECE);
	int rc = 1;

	cut(x, &off, &size);
	while (size && rc > 0) {
		long got = gw_fetch_read(x->cursor, off, piece, size < PIECE ? (size_t)size : PIECE, err);

		if (got <= 0) {
			rc = got < 0 ? (int)got : gw_fail(err, GW_ECORRUPT, "a message is shorter than its size says");
			break;
		}
		rc = x->take(x->ctx, gw_slice(piece, (size_t)got), (uint64_t)got);
		off += (uint64_t)got;
		size -= (uint64_t)got;
	}
	free(piece);
	return rc;
}

/* Some fields of a header. */
static int copy_fields(struct source *x, uint64_t off, uint64_t size, struct gw_err *err)
{
	const struct imap_section *section = &x->item.section;
	uint64_t skip = 0, left;
	struct gw_buf header;
	struct gw_out text;
	int rc = 1;

	size = size < FETCH_HEADER_MAX ? size : FETCH_HEADER_MAX;
	gw_buf_init(&header, FETCH_HEADER_MAX);
	gw_out_init(&text);
	while (header.n < size && rc > 0) {
		size_t want = size - header.n < PIECE ? (size_t)size - header.n : PIECE;
		char *room = gw_buf_room(&header, want);
		long got = room ? gw_fetch_read(x->cursor, off + header.n, room, want, err) : 0;

		if (got <= 0)
			rc = got < 0 ? (int)got : gw_fail(err, GW_ECORRUPT, "a message is shorter than its size says");
		else
			header.n += (size_t)got;
	}
	if (rc > 0) /* whatever is left of it, it was read */
		rc = x->take(x->ctx, gw_slice("", 0), header.n);
	gw_header_filter(gw_buf_slice(&header), section->fields, section->n_fields,
			 section->text == IMAP_SECTION_FIELDS_NOT, &text);
	left = text.n;
	cut(x, &skip, &left);
	gw_out_drop(&text, (size_t)skip);
	while (left && rc > 0) {
		struct gw_slice front = gw_out_front(&text);

		front.n = front.n < left ? front.n : (size_t)left;
		rc = x->take(x->ctx, front, 0);
		left -= front.n;
		gw_out_drop(&text, front.n);
	}
	gw_out_done(&text);
	gw_buf_done(&header);
	return rc;
}

static int copy_section(struct source *x, struct gw_err *err)
{
	const struct imap_section *section = &x->item.section;
	uint64_t off = 0, size = 0;

	if (!fetch_section_range(&x->m, section, &off, &size, NULL))
		return gw_fail(err, GW_ENOENT, "there is no such part");
	if (section->text == IMAP_SECTION_FIELDS || section->text == IMAP_SECTION_FIELDS_NOT)
		return copy_fields(x, off, size, err);
	return copy_range(x, off, size, err);
}

/* ---- all ---- */

static bool parse_section(struct source *x, struct imap_task *t)
{
	const struct imap_parse_ctx ctx = { .string_max = IMAP_STRING_MAX };
	struct imap_command c = { .arena = &t->arena, .ctx = &ctx };
	const char *why = NULL;
	struct gw_slice in;

	x->item.kind = IMAP_FETCH_SECTION;
	in = gw_slice_str(gw_arena_printf(&t->arena, "%.*s]", GW_FMT(x->url.section)));
	return imap_want_section(&in, &c, &x->item.section, &why) && !in.n;
}

static int copy(struct source *x, struct imap_task *t, struct gw_err *err)
{
	struct gw_index *ix = NULL;
	int rc = find_mailbox(x, t, err);

	if (rc == 0)
		rc = gw_mbox_index(x->s->acct, x->mailbox, &ix, err);
	if (rc < 0)
		return rc;
	rc = open_cursor(x, ix, err);
	if (rc == 0)
		rc = copy_section(x, err);
	gw_fetch_close(x->cursor);
	gw_index_unref(ix);
	return rc;
}

bool imap_catenate_url(struct imap_session *s, struct imap_task *t, struct gw_slice url, imap_part_fn *take, void *ctx)
{
	struct source x = { .s = s, .take = take, .ctx = ctx };
	struct gw_err err = { 0 };
	int rc;

	if (!imap_url_parse(url, &t->arena, &x.url) || !parse_section(&x, t))
		return bad_url(t, url, "This is no URL of a message or a part of one");
	if (!is_here(&x))
		return bad_url(t, url, "Only messages of this server and this user can be taken");
	if (x.url.partial && !imap_offers(s, "URL-PARTIAL"))
		return bad_url(t, url, "PARTIAL is not offered here");
	rc = copy(&x, t, &err);
	if (rc == GW_ENOENT || rc == GW_EGONE || rc == GW_EACCES)
		return bad_url(t, url, "There is no such message or part");
	if (rc < 0)
		imap_fail(s, t, rc, &err);
	return rc > 0;
}
