/* cmd_list.c - STAT, LIST, UIDL, DELE, NOOP, RSET: all that needs no message text
 *
 * Long lists are written until the output is full and go on from c->next. */
#include "pop3/pop3.h"


static enum pop3_step good(struct pop3_session *s)
{
	s->bad = 0;
	return POP3_DONE;
}

enum pop3_step pop3_run_stat(struct pop3_session *s, struct pop3_cmd *c, struct gw_out *out)
{
	(void)c;
	pop3_ok(s, out, "%u %llu", s->count, (unsigned long long)s->octets);
	return good(s);
}

enum pop3_step pop3_run_noop(struct pop3_session *s, struct pop3_cmd *c, struct gw_out *out)
{
	(void)c;
	gw_out_lit(out, "+OK\r\n");
	pop3_trace(s, 'S', "+OK");
	return good(s);
}

enum pop3_step pop3_run_dele(struct pop3_session *s, struct pop3_cmd *c, struct gw_out *out)
{
	const struct gw_entry *e = pop3_message(s, c->number[0], out);

	if (!e)
		return POP3_DONE;
	gw_set_add(&s->deleted, c->number[0], c->number[0]);
	s->count--;
	s->octets -= e->size;
	pop3_ok(s, out, "Message %u is deleted", c->number[0]);
	return good(s);
}

enum pop3_step pop3_run_rset(struct pop3_session *s, struct pop3_cmd *c, struct gw_out *out)
{
	const struct gw_entry *e;
	struct gw_index_iter it;

	(void)c;
	for (uint32_t n = gw_set_next(&s->deleted, 1, NULL); n; n = gw_set_next(&s->deleted, n + 1, NULL)) {
		gw_index_iter(&it, s->index, n);
		e = gw_index_next(&it);
		s->octets += e ? e->size : 0;
	}
	gw_set_clear(&s->deleted);
	s->count = s->index->n;
	pop3_ok(s, out, "Maildrop has %u messages (%llu octets)", s->count, (unsigned long long)s->octets);
	return good(s);
}

/* ---- LIST ---- */

static void put_list_line(struct gw_out *out, uint32_t number, const struct gw_entry *e)
{
	gw_out_u64(out, number);
	gw_out_char(out, ' ');
	gw_out_u64(out, e->size);
	gw_out_lit(out, "\r\n");
}

static enum pop3_step end_list(struct pop3_session *s, struct gw_out *out)
{
	gw_out_lit(out, ".\r\n");
	return good(s);
}

enum pop3_step pop3_run_list(struct pop3_session *s, struct pop3_cmd *c, struct gw_out *out)
{
	const struct gw_entry *e;
	struct gw_index_iter it;

	if (c->n_numbers) {
		e = pop3_message(s, c->number[0], out);
		if (!e)
			return POP3_DONE;
		pop3_ok(s, out, "%u %u", c->number[0], e->size);
		return good(s);
	}
	if (!c->started) {
		pop3_ok(s, out, "%u messages (%llu octets)", s->count, (unsigned long long)s->octets);
		c->next = 1;
	}
	for (gw_index_iter(&it, s->index, c->next); (e = gw_index_next(&it)); c->next++) {
		if (gw_out_full(out))
			return POP3_MORE;
		if (!gw_set_has(&s->deleted, c->next))
			put_list_line(out, c->next, e);
	}
	return end_list(s, out);
}

/* ---- UIDL ---- */

static void put_uidl(struct gw_out *out, uint32_t number, const char *uidl)
{
	gw_out_u64(out, number);
	gw_out_printf(out, " %s\r\n", uidl);
}

/* The name of message number. Names are given in order, so that none is given twice. */
static int name(struct pop3_session *s, uint32_t number, char uidl[GW_UIDL_MAX + 1], struct gw_err *err)
{
	uint32_t n = s->uidls.through < number ? s->uidls.through + 1 : number;
	struct gw_message m = { 0 };

	for (; n <= number; n++) {
		int rc = pop3_fetch_seek(s, n, GW_WANT_UIDL, &m, err);

		if (rc < 0)
			return rc;
		gw_uidls_name(&s->uidls, n, &m, uidl);
	}
	return 0;
}

static enum pop3_step one_uidl(struct pop3_session *s, uint32_t number, struct gw_out *out)
{
	char uidl[GW_UIDL_MAX + 1];
	struct gw_err err = { 0 };

	if (!pop3_message(s, number, out))
		return POP3_DONE;
	if (name(s, number, uidl, &err) < 0)
		return pop3_fail(s, out, "UIDL", &err);
	gw_out_lit(out, "+OK ");
	put_uidl(out, number, uidl);
	return good(s);
}

enum pop3_step pop3_run_uidl(struct pop3_session *s, struct pop3_cmd *c, struct gw_out *out)
{
	char uidl[GW_UIDL_MAX + 1];
	struct gw_err err = { 0 };

	if (c->n_numbers)
		return one_uidl(s, c->number[0], out);
	for (c->next = c->started ? c->next : 1; c->next <= s->index->n; c->next++) {
		if (gw_out_full(out))
			return POP3_MORE;
		if (name(s, c->next, uidl, &err) < 0) {
			if (c->next == 1)
				return pop3_fail(s, out, "UIDL", &err);
			s->closing = true; /* the list cannot be ended as if it were whole */
			return POP3_DONE;
		}
		if (c->next == 1)
			pop3_ok(s, out, "%u messages", s->count);
		if (!gw_set_has(&s->deleted, c->next))
			put_uidl(out, c->next, uidl);
	}
	if (s->index->n == 0)
		pop3_ok(s, out, "%u messages", 0u);
	return end_list(s, out);
}
