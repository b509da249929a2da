/* mbox_write.c - messages as an mbox has them (see mbox.h)
 *
 * The header waits until it is whole, as fields are taken out of it and others come to its end; the body goes through. */
#include "mailbox/mbox.h"

#include "mime/header.h"

#include <stdio.h>
#include <time.h>

#define HEAD_MAX (1024u * 1024) /* octets of a header that are looked through; of a longer one nothing is taken out */

void gw_mbox_put_from(struct gw_buf *out, struct gw_slice sender, int64_t date)
{
	time_t seconds = (time_t)date;
	struct tm tm;
	char text[64];

	if (!gmtime_r(&seconds, &tm) || strftime(text, sizeof text, "%a %b %e %H:%M:%S %Y +0000", &tm) == 0)
		snprintf(text, sizeof text, "Thu Jan  1 00:00:00 1970 +0000");
	gw_buf_printf(out, "From %.*s %s\n", GW_FMT(sender), text);
}

void gw_mbox_writer_init(struct gw_mbox_writer *w)
{
	*w = (struct gw_mbox_writer){ 0 };
	gw_buf_init(&w->head, HEAD_MAX);
}

void gw_mbox_writer_done(struct gw_mbox_writer *w)
{
	gw_buf_done(&w->head);
}

/* ---- quoting ---- */

/* What was held back at the start of the line, as it turned out to be. */
static void put_held(struct gw_mbox_writer *w, bool quote, struct gw_buf *out)
{
	if (quote)
		gw_buf_add_char(out, '>');
	for (; w->quotes; w->quotes--)
		gw_buf_add_char(out, '>');
	gw_buf_add(out, "From ", w->from);
	w->from = 0;
	w->mid_line = true;
}

/* At the start of a line: is it "From " behind any number of '>'? Cuts what it looked at. */
static void look_at_start(struct gw_mbox_writer *w, struct gw_slice *in, struct gw_buf *out)
{
	if (w->from == 0 && in->p[0] == '>')
		w->quotes++;
	else if (in->p[0] == "From "[w->from])
		w->from++;
	else
		return put_held(w, false, out);
	gw_slice_take(in, 1);
	if (w->from == 5)
		put_held(w, true, out);
}

static void put_quoted(struct gw_mbox_writer *w, struct gw_slice in, struct gw_buf *out)
{
	while (in.n) {
		size_t n;

		if (!w->mid_line) {
			look_at_start(w, &in, out);
			continue;
		}
		n = gw_slice_find(in, '\n');
		w->mid_line = n == in.n;
		gw_buf_add_slice(out, gw_slice_take(&in, n + !w->mid_line));
	}
}

static void put_text(struct gw_mbox_writer *w, struct gw_slice in, struct gw_buf *out)
{
	struct gw_buf lf;

	if (in.n)
		w->last = in.p[in.n - 1];
	gw_buf_init(&lf, 0);
	gw_lineends_to_lf(&w->ends, in, &lf);
	put_quoted(w, gw_buf_slice(&lf), out);
	gw_buf_done(&lf);
}

/* ---- the header ---- */

/* Where the header ends: behind its last line, before the empty one. False: it goes on. */
static bool head_end(struct gw_slice text, size_t *ret)
{
	for (size_t at = 0; at < text.n;) {
		struct gw_slice rest = gw_slice(text.p + at, text.n - at);
		size_t line = gw_slice_find(rest, '\n');

		if (line == rest.n)
			return false;
		if (line == 0 || (line == 1 && rest.p[0] == '\r')) {
			*ret = at;
			return true;
		}
		at += line + 1;
	}
	return false;
}

static void put_head(struct gw_mbox_writer *w, struct gw_slice head, struct gw_slice facts, struct gw_buf *out)
{
	struct gw_field field;

	while (gw_field_next(&head, &field))
		if (!gw_mbox_is_fact(field.name))
			put_text(w, field.whole, out);
	if (w->last && w->last != '\n')
		put_text(w, GW_S("\r\n"), out);
	put_quoted(w, facts, out);
}

/* The header is whole, or is not going to be: write it and what is behind it. */
static void put_all(struct gw_mbox_writer *w, size_t end, struct gw_slice facts, struct gw_buf *out)
{
	struct gw_slice rest = gw_buf_slice(&w->head);

	put_head(w, gw_slice_take(&rest, end), facts, out);
	put_text(w, rest, out);
	w->in_body = true;
	w->head.n = 0;
}

/* Of a header that is too long: behind the last of its lines that does not go on. */
static size_t last_field(struct gw_slice text)
{
	size_t n = text.n;

	while (n > 1 && (text.p[n - 2] != '\n' || text.p[n - 1] == ' ' || text.p[n - 1] == '\t'))
		n--;
	return n > 1 ? n - 1 : 0;
}

void gw_mbox_put(struct gw_mbox_writer *w, struct gw_slice bytes, struct gw_slice facts, struct gw_buf *out)
{
	size_t end;

	if (w->in_body) {
		put_text(w, bytes, out);
	} else if (!gw_buf_add_slice(&w->head, bytes)) {
		put_all(w, last_field(gw_buf_slice(&w->head)), facts, out);
		put_text(w, bytes, out);
	} else if (head_end(gw_buf_slice(&w->head), &end)) {
		put_all(w, end, facts, out);
	}
}

void gw_mbox_put_end(struct gw_mbox_writer *w, struct gw_slice facts, struct gw_buf *out)
{
	struct gw_buf held;

	if (!w->in_body)
		put_all(w, w->head.n, facts, out);
	gw_buf_init(&held, 0);
	gw_lineends_finish(&w->ends, &held);
	put_quoted(w, gw_buf_slice(&held), out);
	gw_buf_done(&held);
	if (!w->mid_line && (w->quotes || w->from))
		put_held(w, false, out);
	gw_buf_add_slice(out, w->mid_line ? GW_S("\n\n") : GW_S("\n"));
}
