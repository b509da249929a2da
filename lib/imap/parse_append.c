/* parse_append.c - APPEND and REPLACE: what stands before, between and behind their messages (RFC 9051 6.3.12; RFC 3502;
 * RFC 4469; RFC 5257; RFC 6855; RFC 8508) */
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

/* ---- CATENATE ---- */

/* "URL" SP astring. *ret_last: it is a literal, which comes behind the line. */
static bool parse_cat_url(struct gw_slice *in, struct imap_command *c, struct imap_slices *urls, bool *ret_last,
			  const char **why)
{
	struct imap_append *a = &c->append;
	struct gw_slice url;

	if (imap_peek(*in, '{')) {
		*ret_last = a->url_literal = true;
		return want_message(in, a, why);
	}
	if (!imap_get_astring(in, c->arena, &url))
		return imap_fail_bad(why, "A URL is expected");
	if (urls->n == IMAP_CATENATE_URLS_MAX)
		return imap_fail_no(c, "LIMIT", why, "There are too many URLs");
	imap_slices_add(c, urls, url);
	return true;
}

/* cat-part: "TEXT" SP literal, which may be one of BINARY (RFC 3516 4.4), "UTF8" SP "(" literal8, "URL" SP astring. *ret_last: it ends the line. */
static bool parse_cat_part(struct gw_slice *in, struct imap_command *c, struct imap_slices *urls, bool *ret_last,
			   const char **why)
{
	struct gw_slice text = *in;

	if (imap_get_word(in, GW_S("URL")))
		return imap_want_sp(in, why) && parse_cat_url(in, c, urls, ret_last, why);
	*ret_last = true;
	if (imap_get_word(&text, GW_S("TEXT"))) {
		*in = text;
		if (!imap_want_sp(in, why))
			return false;
		if (!imap_peek(*in, '{') && !imap_peek(*in, '~'))
			return imap_fail_bad(why, "TEXT needs a literal");
		return want_message(in, &c->append, why);
	}
	return imap_get_word(&text, GW_S("UTF8")) ? want_message(in, &c->append, why)
						  : imap_fail_bad(why, "TEXT or URL is expected");
}

/* cat-part *(SP cat-part) up to the literal that ends the line, or to the ")". */
static bool parse_cat_parts(struct gw_slice *in, struct imap_command *c, const char **why)
{
	struct imap_append *a = &c->append;
	struct imap_slices urls = { 0 };
	bool last = false;

	do {
		if (!parse_cat_part(in, c, &urls, &last, why))
			return false;
	} while (!last && imap_get_sp(in));
	a->url = urls.v;
	a->n_urls = urls.n;
	if (last)
		return true;
	if (!imap_get_char(in, ')'))
		return imap_fail_bad(why, "A ) is missing");
	a->whole = true;
	a->rest = gw_slice_take(in, in->n);
	return true;
}

/* Behind a literal of the list: more of it, or its end. */
static bool parse_cat_more(struct gw_slice *in, struct imap_command *c, const char **why)
{
	struct imap_append *a = &c->append;

	a->continues = true;
	a->url = NULL;
	a->n_urls = 0;
	a->url_literal = a->utf8 = false;
	if (imap_get_char(in, ')')) {
		a->whole = true;
		a->rest = gw_slice_take(in, in->n);
		return true;
	}
	return imap_want_sp(in, why) && parse_cat_parts(in, c, why);
}

/* ---- messages ---- */

/* SP [flag-list SP] [date-time SP] *("ANNOTATION" SP "(" ... ")" SP) (literal / "CATENATE" SP "(" ...) */
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
	while (imap_get_word(in, GW_S("ANNOTATION")))
		if (!imap_want_sp(in, why) || !imap_want_annotations(in, c, &a->annotations, why) || !imap_want_sp(in, why))
			return false;
	if (!imap_get_word(in, GW_S("CATENATE")))
		return want_message(in, a, why);
	if (!imap_want_sp(in, why))
		return false;
	a->catenate = true;
	return imap_get_char(in, '(') ? parse_cat_parts(in, c, why) : imap_fail_bad(why, "A list of parts is expected");
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

/* What stands behind a whole message. */
static bool parse_behind(struct gw_slice *in, struct imap_command *c, bool *ret_end, const char **why)
{
	*ret_end = in->n == 0;
	if (*ret_end)
		return true;
	if (c->verb == IMAP_VERB_REPLACE)
		return imap_fail_bad(why, "REPLACE takes one message");
	return parse_append_message(in, c, why);
}

static enum imap_parse_result result(const struct imap_command *c, bool good)
{
	return good ? IMAP_PARSE_OK : c->code ? IMAP_PARSE_NO : IMAP_PARSE_BAD;
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
	if (c->append.catenate)
		return result(c, parse_cat_more(&in, c, why));
	return result(c, parse_behind(&in, c, ret_end, why));
}

enum imap_parse_result imap_parse_append_rest(struct imap_command *c, bool *ret_end, const char **why)
{
	struct gw_slice in = c->append.rest;

	c->code = NULL;
	return result(c, parse_behind(&in, c, ret_end, why));
}
