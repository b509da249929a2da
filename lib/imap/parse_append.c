/* parse_append.c - APPEND and REPLACE: what stands before, between and behind their messages (RFC 9051 6.3.12; RFC 3502;
 * RFC 6855; RFC 8508) */
#include "imap/parse.h"

/* The message itself is not in the line: it ends with the announcement. */
static bool want_message(struct gw_slice *in, struct imap_append *a, const char **why)
{
	bool utf8 = imap_get_prefix(in, GW_S("UTF8 ("));

	if (!imap_get_announcement(in, &a->literal) || in->n)
		return imap_fail_bad(why, "A message needs a literal at the end of the line");
	if (utf8 && !a->literal.binary)
		return imap_fail_bad(why, "UTF8 needs a literal8");
	a->utf8 = utf8;
	return true;
}

/* SP [flag-list SP] [date-time SP] literal */
static bool parse_append_message(struct gw_slice *in, struct imap_command *c, const char **why)
{
	struct imap_append *a = &c->append;

	*a = (struct imap_append){ .date = INT64_MIN, .replaces = a->replaces };
	if (!imap_want_sp(in, why))
		return false;
	if (imap_peek(*in, '(') && (!imap_want_flags(in, c, false, &a->flags, why) || !imap_want_sp(in, why)))
		return false;
	if (imap_peek(*in, '"')) {
		if (!imap_get_date_time(in, &a->date))
			return imap_fail_bad(why, "This is no date and time");
		if (!imap_want_sp(in, why))
			return false;
	}
	return want_message(in, a, why);
}

bool imap_parse_append(struct gw_slice *in, struct imap_command *c, const char **why)
{
	return imap_parse_mailbox(in, c, why) && parse_append_message(in, c, why);
}

/* SP seq-number SP mailbox append-message (RFC 8508 5) */
bool imap_parse_replace(struct gw_slice *in, struct imap_command *c, const char **why)
{
	struct imap_seqset *old = &c->append.replaces;

	if (!imap_want_sp(in, why) || !imap_want_seqset(in, c, old, why))
		return false;
	if (old->n != 1 || old->r[0].lo != old->r[0].hi)
		return imap_fail_bad(why, "REPLACE takes one message");
	return imap_parse_mailbox(in, c, why) && parse_append_message(in, c, why);
}

enum imap_parse_result imap_parse_append_more(struct gw_slice line, struct imap_command *c, bool *ret_end,
					      const char **why)
{
	struct gw_slice in = gw_arena_dup(c->arena, line);

	*ret_end = false;
	c->code = NULL;
	if (c->append.utf8 && !imap_get_char(&in, ')')) {
		*why = "A ) is missing behind the message";
		return IMAP_PARSE_BAD;
	}
	*ret_end = in.n == 0;
	if (!*ret_end && c->verb == IMAP_VERB_REPLACE) {
		*why = "REPLACE takes one message";
		return IMAP_PARSE_BAD;
	}
	if (*ret_end || parse_append_message(&in, c, why))
		return IMAP_PARSE_OK;
	return c->code ? IMAP_PARSE_NO : IMAP_PARSE_BAD;
}
