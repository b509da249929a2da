/* parse.c - a framed line becomes a command (see parse.h)
 *
 * The line is copied into the command's arena once, and from then on every string of the command is a slice of that
 * copy. Tag and verb are read here, the arguments by the function in the verb's row, and here again it is seen to that
 * nothing is left over. */
#include "imap/parse.h"

#include "imap/mbname.h"
#include "util/utf8.h"

bool imap_fail_bad(const char **why, const char *text)
{
	*why = text;
	return false;
}

bool imap_fail_no(struct imap_command *c, const char *code, const char **why, const char *text)
{
	c->code = code;
	return imap_fail_bad(why, text);
}

void imap_slices_add(struct imap_command *c, struct imap_slices *l, struct gw_slice s)
{
	if (l->n == l->cap) {
		size_t cap = l->cap ? 2 * l->cap : 8;
		struct gw_slice *v = gw_arena_calloc(c->arena, cap, sizeof *v);

		if (l->n)
			memcpy(v, l->v, l->n * sizeof *v);
		l->v = v;
		l->cap = cap;
	}
	l->v[l->n++] = s;
}

/* ---- tokens with the session's rules ---- */

bool imap_want_sp(struct gw_slice *in, const char **why)
{
	return imap_get_sp(in) || imap_fail_bad(why, in->n ? "A blank is missing" : "Arguments are missing");
}

/* first: the byte the string began with on the wire. Literals were measured by the framer. */
static bool check_string(struct imap_command *c, char first, struct gw_slice s, const char **why)
{
	if (first == '{')
		return true;
	if (c->ctx->string_max && s.n > c->ctx->string_max)
		return imap_fail_bad(why, "A string is too long");
	if (first == '"' && c->ctx->utf8 && !gw_utf8_valid(s))
		return imap_fail_bad(why, "A string is not valid UTF-8");
	return true;
}

bool imap_want_astring(struct gw_slice *in, struct imap_command *c, struct gw_slice *ret, const char **why)
{
	char first = in->n ? in->p[0] : '\0';

	if (!imap_get_astring(in, c->arena, ret))
		return imap_fail_bad(why, "A string is expected");
	return check_string(c, first, *ret, why);
}

void imap_note_supplied(struct imap_command *c, struct gw_slice wire, struct gw_slice name)
{
	if (c->ctx->rev2 && !c->supplied.n && !gw_slice_eq(wire, name))
		c->supplied = wire;
}

bool imap_want_mailbox(struct gw_slice *in, struct imap_command *c, struct gw_slice *ret, const char **why)
{
	struct gw_slice wire;

	if (!imap_want_astring(in, c, &wire, why))
		return false;
	if (!imap_name_decode(c->arena, wire, c->ctx->utf8, ret, why)) {
		c->code = "CANNOT";
		return false;
	}
	imap_note_supplied(c, wire, *ret);
	return true;
}

bool imap_want_seqset(struct gw_slice *in, struct imap_command *c, struct imap_seqset *ret, const char **why)
{
	return imap_get_seqset(in, c->arena, ret) || imap_fail_bad(why, "This is no set of message numbers");
}

static bool get_signed(struct gw_slice *in, int64_t *ret)
{
	bool minus = imap_get_char(in, '-');
	uint32_t n;

	if (!imap_get_nz_number(in, &n))
		return false;
	*ret = minus ? -(int64_t)n : (int64_t)n;
	return true;
}

bool imap_want_window(struct gw_slice *in, struct imap_window *ret, const char **why)
{
	int64_t a, b;

	if (!get_signed(in, &a) || !imap_get_char(in, ':') || !get_signed(in, &b) || (a < 0) != (b < 0))
		return imap_fail_bad(why, "PARTIAL needs a range like 1:100 or -1:-100");
	ret->set = true;
	ret->lo = (a < 0 ? a > b : a < b) ? a : b;
	ret->hi = ret->lo == a ? b : a;
	return true;
}

/* ---- the command ---- */

/* tag SP ["UID" SP] name */
static bool parse_head(struct gw_slice *in, struct imap_command *c, const char **why)
{
	c->tag = imap_find_tag(*in);
	if (c->tag.n == 0)
		return imap_fail_bad(why, in->n ? "This is no tag" : "An empty line is no command");
	gw_slice_take(in, c->tag.n);
	if (!imap_get_sp(in))
		return imap_fail_bad(why, "A command is expected behind the tag");
	if (!imap_get_atom(in, &c->name))
		return imap_fail_bad(why, "This is no command");
	if (gw_slice_eqi(c->name, GW_S("UID"))) {
		c->uid = true;
		c->name = gw_slice("", 0);
		if (!imap_get_sp(in) || !imap_get_atom(in, &c->name))
			return imap_fail_bad(why, "A command is expected behind UID");
	}
	return true;
}

static enum imap_parse_result failed(const struct imap_command *c)
{
	return c->code ? IMAP_PARSE_NO : IMAP_PARSE_BAD;
}

enum imap_parse_result imap_parse(struct gw_slice line, struct gw_arena *arena, const struct imap_parse_ctx *ctx,
				  struct imap_command *c, const char **why)
{
	struct gw_slice in = gw_arena_dup(arena, line);

	*c = (struct imap_command){ .arena = arena, .ctx = ctx };
	c->tag = c->name = gw_slice("", 0);
	if (!parse_head(&in, c, why))
		return IMAP_PARSE_BAD;
	c->syntax = ctx->find(c->name);
	if (!c->syntax || (c->uid && c->syntax->uid == IMAP_UID_NEVER)) {
		*why = c->syntax ? "This command has no UID form" : "There is no such command";
		c->syntax = NULL;
		return IMAP_PARSE_UNKNOWN;
	}
	c->verb = c->syntax->id;
	if (!c->syntax->parse(&in, c, why))
		return failed(c);
	if (in.n) {
		*why = "There is something behind the end of the command";
		return IMAP_PARSE_BAD;
	}
	return IMAP_PARSE_OK;
}

bool imap_parse_none(struct gw_slice *in, struct imap_command *c, const char **why)
{
	(void)c;
	return in->n == 0 || imap_fail_bad(why, "This command takes no arguments");
}
