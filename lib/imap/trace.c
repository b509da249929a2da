/* trace.c - the dialogue of a session, for operators: secrets masked, literals cut (see session.h)
 *
 * What the client says is told as it is parsed. What it is told is read from the output itself, line by line; that
 * begins only when no command is half answered, so that the inside of a message is never taken for lines. */
#include "imap/session.h"

#include "util/mem.h"
#include "util/num.h"

#include <stdio.h>
#include <stdlib.h>

#define SHOWN 900u /* octets of a line */
#define KEPT 1024u /* of a line, to see how it ends */
#define END 64u    /* more than a literal's announcement takes */

struct imap_trace {
	uint64_t skip;  /* octets of a literal that still come */
	size_t n;
	bool cut;       /* octets between SHOWN and the end are missing */
	bool early;     /* before login: not all may be shown */
	char line[KEPT];
};

void imap_trace(const struct imap_session *s, char direction, struct gw_slice line)
{
	if (gw_env_traced(&s->env))
		s->env.trace(s->env.ctx, direction, line);
}

void imap_trace_free(struct imap_session *s)
{
	free(s->trace);
	s->trace = NULL;
}

/* "... {123}" or "... ~{123}": a literal of that size follows. */
static uint64_t literal_of(struct gw_slice line)
{
	size_t n = line.n;
	uint64_t size;

	if (n < 3 || line.p[n - 1] != '}')
		return 0;
	while (n && line.p[n - 1] != '{')
		n--;
	return n && gw_parse_u64(gw_slice(line.p + n, line.n - 1 - n), &size) ? size : 0;
}

/* The tag of what was not understood may be a secret: the answer to a challenge that did not come. Before login
 * challenges are, too. */
static void tell(const struct imap_session *s, struct gw_slice line, bool early)
{
	struct gw_slice rest = line, tag = gw_slice_take(&rest, gw_slice_find(rest, ' '));
	char text[SHOWN + 8];

	if (early && gw_slice_eq(tag, GW_S("+"))) {
		imap_trace(s, 'S', GW_S("+ ***"));
	} else if (gw_slice_eq(tag, GW_S("*")) || !gw_slice_startsi(rest, early ? GW_S(" ") : GW_S(" BAD ")) ||
		   gw_slice_startsi(rest, GW_S(" OK "))) {
		imap_trace(s, 'S', line);
	} else {
		snprintf(text, sizeof text, "?%.*s", GW_FMT(rest));
		imap_trace(s, 'S', gw_slice_str(text));
	}
}

static void end_line(const struct imap_session *s, struct imap_trace *t)
{
	struct gw_slice line = gw_slice(t->line, t->n);

	if (line.n && line.p[line.n - 1] == '\r')
		line.n--;
	t->skip = literal_of(line);
	if (t->cut || line.n > SHOWN) {
		memcpy(t->line + SHOWN, "...", 3);
		line.n = SHOWN + 3;
	}
	tell(s, line, t->early);
	t->n = 0;
	t->cut = false;
}

static void add(struct imap_trace *t, struct gw_slice piece)
{
	while (piece.n) {
		size_t room = KEPT - t->n, n = piece.n < room ? piece.n : room;

		memcpy(t->line + t->n, gw_slice_take(&piece, n).p, n);
		t->n += n;
		if (t->n < KEPT)
			continue;
		memmove(t->line + SHOWN, t->line + KEPT - END, END);
		t->n = SHOWN + END;
		t->cut = true;
	}
}

static void take(void *ctx, struct gw_slice piece)
{
	struct imap_session *s = ctx;
	struct imap_trace *t = s->trace;

	while (piece.n) {
		size_t n = gw_slice_find(piece, '\n');

		if (t->skip) {
			n = t->skip < piece.n ? (size_t)t->skip : piece.n;
			gw_slice_take(&piece, n);
			t->skip -= n;
			continue;
		}
		add(t, gw_slice_take(&piece, n));
		if (piece.n == 0)
			return;
		gw_slice_take(&piece, 1);
		end_line(s, t);
	}
}

void imap_trace_begin(struct imap_session *s)
{
	if (!gw_env_traced(&s->env))
		imap_trace_free(s);
	else if (!s->trace && !s->head)
		s->trace = gw_xalloc(sizeof *s->trace);
	if (s->trace)
		s->trace->early = !s->acct;
}

void imap_trace_out(struct imap_session *s, const struct gw_out *out, size_t from)
{
	if (s->trace)
		gw_out_each(out, from, take, s);
}
