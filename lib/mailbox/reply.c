/* reply.c - cutting and understanding what an IMAP server says (see reply.h) */
#include "mailbox/reply.h"

#include "imap/token.h"
#include "store/store.h"
#include "util/num.h"

#include <stdio.h>
#include <time.h>

/* ---- cutting ---- */

void gw_reply_init(struct gw_reply_reader *r)
{
	*r = (struct gw_reply_reader){ 0 };
	gw_buf_init(&r->text, GW_REPLY_MAX);
}

void gw_reply_done(struct gw_reply_reader *r)
{
	gw_buf_done(&r->text);
}

static bool ends_with(struct gw_slice s, struct gw_slice tail)
{
	return s.n >= tail.n && gw_slice_eqi(gw_slice(s.p + s.n - tail.n, tail.n), tail);
}

/* The line is whole. Does a literal come behind it? */
static bool announces(struct gw_reply_reader *r)
{
	struct gw_slice line = gw_buf_slice(&r->text);
	struct imap_literal literal;
	size_t head;

	line.n -= 1; /* LF */
	if (line.n && line.p[line.n - 1] == '\r')
		line.n--;
	if (!imap_line_announces(line, &literal, &head))
		return false;
	r->literal = literal.size;
	r->message = ends_with(gw_slice(line.p, head), GW_S("BODY[] "));
	return true;
}

static enum gw_reply_step take_literal(struct gw_reply_reader *r, struct gw_slice *in, struct gw_slice *ret)
{
	struct gw_slice piece = gw_slice_take(in, r->literal < in->n ? (size_t)r->literal : in->n);

	r->literal -= piece.n;
	if (r->message) {
		*ret = piece;
		return GW_REPLY_OCTETS;
	}
	return gw_buf_add_slice(&r->text, piece) ? GW_REPLY_MORE : GW_REPLY_BAD;
}

/* Up to the end of the line: LINE when it is the last of the reply. */
static enum gw_reply_step take_line(struct gw_reply_reader *r, struct gw_slice *in, struct gw_slice *ret)
{
	size_t n = gw_slice_find(*in, '\n');
	bool whole = n < in->n;

	if (!gw_buf_add_slice(&r->text, gw_slice_take(in, n + whole)))
		return GW_REPLY_BAD;
	if (!whole || announces(r))
		return GW_REPLY_MORE;
	*ret = gw_buf_slice(&r->text);
	ret->n--;
	if (ret->n && ret->p[ret->n - 1] == '\r')
		ret->n--;
	r->handed = true;
	return GW_REPLY_LINE;
}

enum gw_reply_step gw_reply_next(struct gw_reply_reader *r, struct gw_slice *in, struct gw_slice *ret)
{
	while (in->n) {
		enum gw_reply_step step;

		if (r->handed)
			r->text.n = 0;
		r->handed = false;
		step = r->literal ? take_literal(r, in, ret) : take_line(r, in, ret);
		if (step != GW_REPLY_MORE)
			return step;
	}
	return GW_REPLY_MORE;
}

uint32_t gw_reply_uid_so_far(const struct gw_reply_reader *r)
{
	struct gw_slice text = gw_buf_slice(&r->text), word;
	uint32_t uid;

	while (gw_slice_word(&text, " (", &word)) {
		struct gw_slice rest = text;

		if (gw_slice_eqi(word, GW_S("UID")) && imap_get_sp(&rest) && imap_get_nz_number(&rest, &uid))
			return uid;
	}
	return 0;
}

/* ---- status replies ---- */

static const struct {
	const char *word;
	enum gw_reply_status status;
} statuses[] = {
	{ "OK", GW_REPLY_OK },   { "NO", GW_REPLY_NO },           { "BAD", GW_REPLY_NOT_UNDERSTOOD },
	{ "BYE", GW_REPLY_BYE }, { "PREAUTH", GW_REPLY_PREAUTH },
};

static bool parse_status(struct gw_slice in, struct gw_reply *r)
{
	size_t i = 0;

	while (i < sizeof statuses / sizeof *statuses && !imap_get_word(&in, gw_slice_str(statuses[i].word)))
		i++;
	if (i == sizeof statuses / sizeof *statuses)
		return false;
	r->status = statuses[i].status;
	imap_get_sp(&in);
	if (imap_get_char(&in, '[')) {
		r->code = gw_slice_take(&in, gw_slice_find(in, ']'));
		imap_get_char(&in, ']');
	}
	r->text = gw_slice_trim(in);
	return true;
}

uint32_t gw_reply_code_number(struct gw_slice code, struct gw_slice name)
{
	uint32_t v;

	return imap_get_word(&code, name) && imap_get_sp(&code) && imap_get_number(&code, &v) ? v : 0;
}

bool gw_reply_has_word(struct gw_slice words, struct gw_slice name)
{
	struct gw_slice word;

	while (gw_slice_word(&words, " ", &word))
		if (gw_slice_eqi(word, name))
			return true;
	return false;
}

/* ---- LIST and LSUB ---- */

static const struct {
	const char *word;
	unsigned attr;
} attributes[] = {
	{ "\\Noselect", GW_MBOX_NOSELECT },
	{ "\\NonExistent", GW_MBOX_NONEXISTENT },
	{ "\\Subscribed", GW_MBOX_SUBSCRIBED },
	{ "\\All", GW_MBOX_ALL },
	{ "\\AllMail", GW_MBOX_ALL },
	{ "\\Archive", GW_MBOX_ARCHIVE },
	{ "\\Drafts", GW_MBOX_DRAFTS },
	{ "\\Flagged", GW_MBOX_FLAGGED },
	{ "\\Starred", GW_MBOX_FLAGGED },
	{ "\\Junk", GW_MBOX_JUNK },
	{ "\\Spam", GW_MBOX_JUNK },
	{ "\\Sent", GW_MBOX_SENT },
	{ "\\Trash", GW_MBOX_TRASH },
	{ "\\Important", GW_MBOX_IMPORTANT },
};

static void take_attribute(struct gw_slice word, struct gw_reply *r)
{
	for (size_t i = 0; i < sizeof attributes / sizeof *attributes; i++)
		if (gw_slice_eqi(word, gw_slice_str(attributes[i].word)))
			r->attrs |= attributes[i].attr;
}

/* "(\HasNoChildren \Sent) "/" Sent" and what LIST-EXTENDED says behind it */
static bool parse_list(struct gw_slice in, struct gw_arena *arena, struct gw_reply *r)
{
	struct gw_slice words, word, separator;
	bool nil;

	if (!imap_get_char(&in, '('))
		return false;
	words = gw_slice_take(&in, gw_slice_find(in, ')'));
	while (gw_slice_word(&words, " ", &word))
		take_attribute(word, r);
	if (!imap_get_char(&in, ')') || !imap_get_sp(&in) || !imap_get_nstring(&in, arena, &separator, &nil) ||
	    separator.n > 1 || !imap_get_sp(&in))
		return false;
	r->separator = separator.n ? separator.p[0] : '\0';
	if (imap_get_astring(&in, arena, &r->mailbox))
		return true;
	r->mailbox = in; /* what a server says that does not quote as it should */
	return in.n > 0;
}

/* ---- NAMESPACE ---- */

static bool skip_value(struct gw_slice *in, struct gw_arena *arena);

/* "(("" "/")("~" "/" "X-PARAM" ("a")))" or NIL: the prefixes, at most max of them. */
static bool take_namespaces(struct gw_slice *in, struct gw_arena *arena, struct gw_slice *ret, size_t max, size_t *ret_n)
{
	if (imap_get_nil(in))
		return true;
	if (!imap_get_char(in, '('))
		return false;
	while (!imap_get_char(in, ')')) {
		struct gw_slice prefix;

		if (!imap_get_char(in, '(') || !imap_get_string(in, arena, &prefix))
			return false;
		while (!imap_get_char(in, ')'))
			if (!imap_get_sp(in) || !skip_value(in, arena))
				return false;
		if (*ret_n < max)
			ret[(*ret_n)++] = prefix;
		imap_get_sp(in);
	}
	return true;
}

static bool parse_namespace(struct gw_slice in, struct gw_arena *arena, struct gw_reply *r)
{
	size_t personal = 0;

	return take_namespaces(&in, arena, &r->personal, 1, &personal) && imap_get_sp(&in) &&
	       take_namespaces(&in, arena, r->foreign, GW_REPLY_NAMESPACES, &r->n_foreign) && imap_get_sp(&in) &&
	       take_namespaces(&in, arena, r->foreign, GW_REPLY_NAMESPACES, &r->n_foreign);
}

/* ---- FETCH ---- */

static const struct {
	const char *word;
	uint64_t flag;
} system_flags[] = {
	{ "\\Seen", GW_FLAG_SEEN },       { "\\Answered", GW_FLAG_ANSWERED }, { "\\Flagged", GW_FLAG_FLAGGED },
	{ "\\Deleted", GW_FLAG_DELETED }, { "\\Draft", GW_FLAG_DRAFT },
};

static void take_flag(struct gw_slice word, struct gw_reply *r)
{
	for (size_t i = 0; i < sizeof system_flags / sizeof *system_flags; i++)
		if (gw_slice_eqi(word, gw_slice_str(system_flags[i].word)))
			r->flags |= system_flags[i].flag;
	if (word.p[0] != '\\') /* \Recent and what nobody knows are no keywords */
		r->keywords[r->n_keywords++] = word;
}

static bool take_flags(struct gw_slice *in, struct gw_arena *arena, struct gw_reply *r)
{
	struct gw_slice words, word;

	if (!imap_get_char(in, '('))
		return false;
	words = gw_slice_take(in, gw_slice_find(*in, ')'));
	r->keywords = gw_arena_calloc(arena, words.n / 2 + 1, sizeof *r->keywords);
	r->n_keywords = 0;
	r->flags = 0;
	while (gw_slice_word(&words, " ", &word))
		take_flag(word, r);
	r->has_flags = true;
	return imap_get_char(in, ')');
}

/* The octets of a literal here went another way: only its announcement is left. */
static bool take_body(struct gw_slice *in, struct gw_arena *arena, struct gw_reply *r)
{
	struct imap_literal literal;
	bool nil;

	r->has_body = true;
	if (imap_get_announcement(in, &literal)) {
		imap_get_char(in, '\r');
		return imap_get_char(in, '\n');
	}
	return imap_get_nstring(in, arena, &r->body, &nil);
}

/* An atom, a string, a literal, or a list of such: passed over. Lists are counted, not called into. */
static bool skip_value(struct gw_slice *in, struct gw_arena *arena)
{
	size_t depth = 0;

	do {
		struct gw_slice ignored;

		if (imap_get_char(in, '(')) {
			depth++;
		} else if (depth && imap_get_char(in, ')')) {
			depth--;
		} else if (!(depth && imap_get_sp(in)) && !imap_get_string(in, arena, &ignored)) {
			size_t n = 0;

			while (n < in->n && !strchr(" ()\"{", in->p[n]))
				n++;
			if (n == 0)
				return false;
			gw_slice_take(in, n);
		}
	} while (depth);
	return true;
}

/* The name of an item: what stands before the blank, "BODY[HEADER.FIELDS (X Y)]" with all of its brackets. */
static struct gw_slice item_name(struct gw_slice *in)
{
	size_t n = 0;

	while (n < in->n && in->p[n] != ' ' && in->p[n] != ')') {
		if (in->p[n] == '[')
			while (n < in->n && in->p[n] != ']')
				n++;
		else
			n++;
	}
	return gw_slice_take(in, n);
}

static bool take_item(struct gw_slice *in, struct gw_arena *arena, struct gw_reply *r)
{
	struct gw_slice name = item_name(in);

	if (name.n == 0 || !imap_get_sp(in))
		return false;
	if (gw_slice_eqi(name, GW_S("UID")))
		return imap_get_nz_number(in, &r->uid);
	if (gw_slice_eqi(name, GW_S("FLAGS")))
		return take_flags(in, arena, r);
	if (gw_slice_eqi(name, GW_S("RFC822.SIZE")))
		return r->has_size = imap_get_number64(in, &r->size);
	if (gw_slice_eqi(name, GW_S("BODY[]")))
		return take_body(in, arena, r);
	if (gw_slice_eqi(name, GW_S("INTERNALDATE")) && imap_get_date_time(in, &r->date))
		return true;
	return skip_value(in, arena);
}

static bool parse_fetch(struct gw_slice in, struct gw_arena *arena, struct gw_reply *r)
{
	if (!imap_get_char(&in, '('))
		return false;
	while (!imap_get_char(&in, ')')) {
		if (!take_item(&in, arena, r))
			return false;
		imap_get_sp(&in);
	}
	return true;
}

/* ---- any ---- */

/* "* 12 EXISTS" behind the number. */
static bool parse_numbered(struct gw_slice in, struct gw_arena *arena, struct gw_reply *r)
{
	if (imap_get_word(&in, GW_S("EXISTS")))
		r->kind = GW_REPLY_EXISTS;
	else if (imap_get_word(&in, GW_S("EXPUNGE")))
		r->kind = GW_REPLY_EXPUNGE;
	else if (imap_get_word(&in, GW_S("FETCH")) && imap_get_sp(&in) && parse_fetch(in, arena, r))
		r->kind = GW_REPLY_FETCH;
	return true;
}

static bool parse_untagged(struct gw_slice in, struct gw_arena *arena, struct gw_reply *r)
{
	if (imap_get_number(&in, &r->number))
		return imap_get_sp(&in) && parse_numbered(in, arena, r);
	if (parse_status(in, r)) {
		r->kind = GW_REPLY_STATUS;
	} else if (imap_get_word(&in, GW_S("CAPABILITY"))) {
		r->kind = GW_REPLY_CAPABILITY;
		r->text = gw_slice_trim(in);
	} else if (imap_get_word(&in, GW_S("LIST")) && imap_get_sp(&in) && parse_list(in, arena, r)) {
		r->kind = GW_REPLY_LIST;
	} else if (imap_get_word(&in, GW_S("LSUB")) && imap_get_sp(&in) && parse_list(in, arena, r)) {
		r->kind = GW_REPLY_LSUB;
	} else if (imap_get_word(&in, GW_S("NAMESPACE")) && imap_get_sp(&in) && parse_namespace(in, arena, r)) {
		r->kind = GW_REPLY_NAMESPACE;
	}
	return true;
}

bool gw_reply_parse(struct gw_arena *arena, struct gw_slice line, struct gw_reply *ret)
{
	struct gw_reply r = { .date = INT64_MIN };
	bool ok;

	if (imap_get_char(&line, '+')) {
		r.kind = GW_REPLY_CONTINUE;
		r.text = gw_slice_trim(line);
		ok = true;
	} else if (imap_get_char(&line, '*')) {
		ok = imap_get_sp(&line) && parse_untagged(line, arena, &r);
	} else {
		r.kind = GW_REPLY_TAGGED;
		ok = imap_get_tag(&line, &r.tag) && imap_get_sp(&line) && parse_status(line, &r);
	}
	if (ok)
		*ret = r;
	return ok;
}

/* ---- asking ---- */

bool gw_reply_put_quoted(struct gw_buf *out, struct gw_slice text)
{
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] < ' ' || text.p[i] > '~')
			return false;
	gw_buf_add_char(out, '"');
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '"' || text.p[i] == '\\')
			gw_buf_add_char(out, '\\');
		gw_buf_add_char(out, text.p[i]);
	}
	return gw_buf_add_char(out, '"');
}

void gw_reply_put_date(struct gw_buf *out, int64_t date)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	time_t seconds = (time_t)date;
	struct tm tm;

	if (!gmtime_r(&seconds, &tm) || tm.tm_year < 0 || tm.tm_year > 8099)
		tm = (struct tm){ .tm_year = 70, .tm_mday = 1 };
	gw_buf_printf(out, "\"%02d-%.3s-%04d %02d:%02d:%02d +0000\"", tm.tm_mday, months + 3 * tm.tm_mon, tm.tm_year + 1900,
		      tm.tm_hour, tm.tm_min, tm.tm_sec);
}
