/* fetch.c - the cursor under RETR, TOP and UIDL, and dots
 *
 * Clients mostly ask for messages in ascending order, so the cursor that served number n is kept for n + 1: it is opened
 * over all that follow, which costs nothing until they are asked for. */
#include "pop3/pop3.h"

#include <stdlib.h>

void pop3_fetch_close(struct pop3_session *s)
{
	pop3_read_end(s);
	gw_fetch_close(s->fetch);
	s->fetch = NULL;
	gw_set_clear(&s->fetch_set);
}

static int open_at(struct pop3_session *s, uint32_t number, unsigned want, struct gw_err *err)
{
	int rc;

	pop3_fetch_close(s);
	gw_set_add(&s->fetch_set, number, s->index->n);
	rc = gw_fetch_open(s->acct, s->inbox, s->index, &s->fetch_set, want, &s->fetch, err);
	if (rc < 0)
		return rc;
	s->fetch_want = want;
	s->fetch_next = number;
	return 0;
}

int pop3_fetch_seek(struct pop3_session *s, uint32_t number, unsigned want, struct gw_message *ret, struct gw_err *err)
{
	bool gone = false;
	int rc = 0;

	if (!s->fetch || s->fetch_want != want || s->fetch_next != number)
		rc = open_at(s, number, want, err);
	if (rc == 0)
		rc = gw_fetch_next(s->fetch, ret, &gone, err);
	if (rc == 0)
		rc = gw_fail(err, GW_EBUG, "the cursor ends before message %u", number);
	if (rc < 0) {
		pop3_fetch_close(s);
		return rc;
	}
	s->fetch_next = number + 1;
	return !gone;
}

/* ---- dots ---- */

static void note_tail(struct gw_slice octets, char tail[2])
{
	if (octets.n == 1)
		tail[0] = tail[1];
	else if (octets.n)
		tail[0] = octets.p[octets.n - 2];
	if (octets.n)
		tail[1] = octets.p[octets.n - 1];
}

/* The first dot at the beginning of a line, looked for from `from` on; octets.n: there is none. */
static size_t find_dot(struct gw_slice octets, size_t from, char before)
{
	while (from < octets.n) {
		const char *dot = memchr(octets.p + from, '.', octets.n - from);

		if (!dot)
			break;
		from = (size_t)(dot - octets.p);
		if ((from ? dot[-1] : before) == '\n')
			return from;
		from++;
	}
	return octets.n;
}

void pop3_put_stuffed(struct gw_out *out, struct gw_slice octets, char tail[2])
{
	size_t done = 0, dot = find_dot(octets, 0, tail[1]);

	while (dot < octets.n) {
		gw_out_add(out, octets.p + done, dot - done);
		gw_out_char(out, '.');
		done = dot;
		dot = find_dot(octets, dot + 1, tail[1]);
	}
	gw_out_add(out, octets.p + done, octets.n - done);
	note_tail(octets, tail);
}

void pop3_commit_stuffed(struct gw_out *out, size_t n, char *room, char tail[2])
{
	struct gw_slice octets = gw_slice(room, n);
	char *copy;

	if (find_dot(octets, 0, tail[1]) == n) {
		note_tail(octets, tail);
		gw_out_commit(out, n);
		return;
	}
	copy = gw_xrealloc(NULL, n, 1); /* the dots need room between the octets */
	memcpy(copy, room, n);
	pop3_put_stuffed(out, gw_slice(copy, n), tail);
	free(copy);
}
