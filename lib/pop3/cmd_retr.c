/* cmd_retr.c - RETR and TOP: a message on its way out, octet for octet
 *
 * Pieces go from the store into the output without a copy in between, unless a line begins with a dot. What is added is
 * only what RFC 1939 section 3 asks for: those dots, and CRLF when the message does not end with it. read.c changes what
 * RFC 6856 and `pop3_client_workarounds` want changed. A message that breaks off in the middle cannot be told from a short
 * one, so then the connection is closed without the final dot. */
#include "pop3/pop3.h"

#define RETR_PIECE (64u * 1024)
#define TOP_PIECE (8u * 1024) /* a header mostly fits */
#define TOP_LINES_MAX 0x7FFFFFFFu

static enum pop3_step broken(struct pop3_session *s, const struct gw_err *err)
{
	if (err->code != GW_EINTR)
		gw_env_event(&s->env, GW_EV_STORE_ERROR, GW_STR("command", "RETR"), GW_STR("detail", err->text));
	pop3_fetch_close(s);
	s->closing = true;
	return POP3_DONE;
}

static enum pop3_step finish(struct pop3_session *s, struct gw_out *out)
{
	if (s->tail[0] != '\r' || s->tail[1] != '\n')
		gw_out_lit(out, "\r\n");
	if (s->empty_line && s->in_header)
		gw_out_lit(out, "\r\n"); /* oe-ns-eoh: the header had no end */
	gw_out_lit(out, ".\r\n");
	if (s->env.info)
		s->env.info->fetched++;
	s->bad = 0;
	return POP3_DONE;
}

/* Stand on the message and forget the one before; false: -ERR was said. */
static bool begin(struct pop3_session *s, struct pop3_cmd *c, struct gw_out *out)
{
	struct gw_err err = { 0 };
	struct gw_message m;
	int rc;

	if (!pop3_message(s, c->number[0], out))
		return false;
	rc = pop3_fetch_seek(s, c->number[0], pop3_read_wants(s), &m, &err);
	if (rc < 0)
		return pop3_fail(s, out, c->verb->name, &err), false;
	if (rc == 0)
		return pop3_err(s, out, "[SYS/PERM] Message %u was removed by another session", c->number[0]), false;
	pop3_read_begin(s, &m);
	s->in_header = true;
	memcpy(s->tail, "\r\n", 2);
	return true;
}

static uint32_t size_of(const struct pop3_session *s, const struct pop3_cmd *c)
{
	return gw_index_at(s->index, c->number[0])->size;
}

/* The octet `back` places before octet i; before the piece lies tail. */
static char before(struct gw_slice octets, size_t i, size_t back, const char tail[2])
{
	return i >= back ? octets.p[i - back] : tail[2 + i - back];
}

/* Is the line that ends with the LF at i empty? */
static bool ends_empty_line(struct gw_slice octets, size_t i, const char tail[2])
{
	char last = before(octets, i, 1, tail);

	return last == '\n' || (last == '\r' && before(octets, i, 2, tail) == '\n');
}

/* Look for the end of the header from octet i of the piece on: behind its empty line, or the length of the piece. */
static size_t end_of_header(struct pop3_session *s, struct gw_slice octets, size_t i)
{
	const char *lf;

	while (s->in_header && (lf = memchr(octets.p + i, '\n', octets.n - i))) {
		i = (size_t)(lf - octets.p);
		if (ends_empty_line(octets, i, s->tail))
			s->in_header = false;
		i++;
	}
	return s->in_header ? octets.n : i;
}

enum pop3_step pop3_run_retr(struct pop3_session *s, struct pop3_cmd *c, struct gw_out *out)
{
	struct gw_err err = { 0 };
	char *room;
	long n;

	if (!c->started) {
		if (!begin(s, c, out))
			return POP3_DONE;
		pop3_ok(s, out, "%u octets", size_of(s, c));
	}
	do {
		if (out->n + RETR_PIECE > GW_OUT_FULL)
			return POP3_MORE;
		n = pop3_read(s, size_of(s, c), RETR_PIECE, out, &room, &err);
		if (n > 0 && s->empty_line && s->in_header)
			end_of_header(s, gw_slice(room, (size_t)n), 0);
		if (n > 0)
			pop3_commit_stuffed(out, (size_t)n, room, s->tail);
	} while (n > 0);
	if (n < 0)
		return broken(s, &err);
	if (s->env.config->pop3_set_seen && !(gw_index_at(s->index, c->number[0])->flags & GW_FLAG_SEEN))
		gw_set_add(&s->seen, c->number[0], c->number[0]);
	return finish(s, out);
}

/* ---- TOP ---- */

/* How many octets of the piece belong to the header, the empty line and the lines of the body that were asked for. */
static size_t top_part(struct pop3_session *s, struct gw_slice octets)
{
	size_t i = s->in_header ? end_of_header(s, octets, 0) : 0;

	while (!s->in_header && s->top_lines) {
		const char *lf = memchr(octets.p + i, '\n', octets.n - i);

		if (!lf)
			return octets.n;
		s->top_lines--;
		i = (size_t)(lf - octets.p) + 1;
	}
	return i;
}

enum pop3_step pop3_run_top(struct pop3_session *s, struct pop3_cmd *c, struct gw_out *out)
{
	struct gw_err err = { 0 };
	char *room;
	long n = 1;

	if (!c->started) {
		if (c->number[1] > TOP_LINES_MAX) {
			pop3_err(s, out, "Too many lines");
			return pop3_bad(s, out);
		}
		if (!begin(s, c, out))
			return POP3_DONE;
		s->top_lines = c->number[1];
		pop3_ok(s, out, "Top of message follows");
	}
	while (n > 0 && (s->in_header || s->top_lines)) {
		if (out->n + TOP_PIECE > GW_OUT_FULL)
			return POP3_MORE;
		n = pop3_read(s, size_of(s, c), TOP_PIECE, out, &room, &err);
		if (n > 0)
			pop3_commit_stuffed(out, top_part(s, gw_slice(room, (size_t)n)), room, s->tail);
	}
	return n < 0 ? broken(s, &err) : finish(s, out);
}
