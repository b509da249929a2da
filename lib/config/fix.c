/* fix.c - old and trap-ridden lines in today's form
 *
 * Each line is looked at alone: what would it be in today's form, and would that mean the same? Two things need the
 * whole file, so there are three passes: an option of kopano-server is renamed to ours only when ours is not set
 * (pass 1), and a line is commented out when a good one for the same option follows (pass 2). Pass 3 writes.
 *
 * What is left must be a fixed point. A line that would grow too long for a reader stays as it is. */
#include "config/edit.h"

#include "config/cut.h"
#include "config/priv.h"

#define NAME_MAX_FOLDED 64

struct fixer {
	unsigned flags;
	struct gw_arena arena;            /* of one line */
	bool own[CONFIG_ROWS_MAX];        /* the file sets the option under a name of ours */
	unsigned last[CONFIG_ROWS_MAX];   /* the last line that sets it to something it takes; 0: none */
	struct gw_slice end;              /* line end of the file */
	struct gw_edits *edits;
};

/* What becomes of a line. */
struct fixed {
	const struct gw_option *opt; /* that the line sets afterwards; NULL */
	bool valid;                  /* to a value that it takes */
	struct gw_slice comment;     /* goes in front, on a line of its own; empty: none */
	struct gw_slice text;
	unsigned code;
	const char *why;             /* NULL: it stays */
	bool left;                   /* it would change with GW_FIX_MEANT */
};

/* ---- names ---- */

/* Options of kopano-server that mean here what ours mean. */
static const struct gw_option *from_server(struct gw_slice name)
{
	static const char *const names[][2] = {
		{ "server_ssl_protocols", "ssl_protocols" },
		{ "server_ssl_ciphers", "ssl_ciphers" },
		{ "server_ssl_curves", "ssl_curves" },
		{ "server_ssl_prefer_server_ciphers", "ssl_prefer_server_ciphers" },
		{ "server_tls_min_proto", "tls_min_proto" },
	};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (gw_slice_eq(name, gw_slice_str(names[i][0])))
			return gw_option_find(gw_slice_str(names[i][1]));
	return NULL;
}

/* "Imap-Port" is imap_port. */
static const struct gw_option *folded(struct gw_slice name)
{
	char text[NAME_MAX_FOLDED];

	if (name.n > sizeof text)
		return NULL;
	for (size_t i = 0; i < name.n; i++)
		text[i] = name.p[i] == '-' ? '_' : gw_lower(name.p[i]);
	return gw_option_find(gw_slice(text, name.n));
}

/* The option that a name was meant for; *code is the finding about the name, 0 when it is right. */
static const struct gw_option *named(struct gw_slice name, unsigned *code)
{
	const struct gw_option *opt = gw_option_find(name);

	*code = opt ? 0 : CONFIG_E_UNKNOWN;
	return opt ? opt : folded(name);
}

/* ---- lines ---- */

static struct gw_slice line_of(struct fixer *f, const char *prefix, struct gw_slice text)
{
	return gw_slice_str(gw_arena_printf(&f->arena, "%s%.*s", prefix, GW_FMT(gw_slice_trim(text))));
}

static void comment_out(struct fixer *f, const struct config_piece *p, const char *prefix, unsigned code, const char *why,
	struct fixed *ret)
{
	ret->text = line_of(f, prefix, p->text);
	ret->opt = NULL;
	ret->valid = false;
	ret->comment.n = 0;
	ret->code = code;
	ret->why = why;
}

/* The path of " !include path", "!Include path", "! include path". */
static bool meant_include(struct gw_slice text, struct gw_slice *path)
{
	struct gw_slice rest = gw_slice_trim(text), word;

	if (rest.n == 0 || rest.p[0] != '!')
		return false;
	gw_slice_take(&rest, 1);
	if (!config_next_word(&rest, &word) || !gw_slice_eqi(word, GW_S("include")))
		return false;
	*path = gw_slice_trim(rest);
	return path->n > 0;
}

/* "!include" as the reader knows it, whatever follows. */
static bool real_include(struct gw_slice text)
{
	return text.n > 8 && memcmp(text.p, "!include", 8) == 0 && (text.p[8] == ' ' || text.p[8] == '\t');
}

static void fix_include(struct fixer *f, struct gw_slice path, bool meant, struct fixed *ret)
{
	if (meant && !(f->flags & GW_FIX_MEANT)) {
		ret->left = true;
		return;
	}
	ret->text = line_of(f, "!include ", path);
	ret->code = meant ? CONFIG_W_DIRECTIVE : CONFIG_E_UNKNOWN;
	ret->why = "the directive stands in the first column, in lower case";
}

static void fix_directive(struct fixer *f, const struct config_piece *p, struct fixed *ret)
{
	struct gw_slice path;

	if (real_include(p->text))
		return;
	if (meant_include(p->text, &path))
		fix_include(f, path, true, ret);
	else
		comment_out(f, p, "# ", CONFIG_W_DIRECTIVE, "the line had no effect", ret);
}

/* "imap_port 143" and "imap_port: 143": name and value without a "=". */
static const struct gw_option *meant_option(struct fixer *f, struct gw_slice text, struct config_mend *m)
{
	struct gw_slice rest = gw_slice_trim(text), name = rest;
	const struct gw_option *opt;
	unsigned code;

	name.n = 0;
	while (name.n < rest.n && rest.p[name.n] != ' ' && rest.p[name.n] != '\t' && rest.p[name.n] != ':')
		name.n++;
	gw_slice_take(&rest, name.n);
	if (rest.n && rest.p[0] == ':')
		gw_slice_take(&rest, 1);
	rest = gw_slice_trim(rest);
	opt = named(name, &code);
	if (!opt || opt->type == GW_OPT_RETIRED || rest.n == 0)
		return NULL;
	config_mend(opt, rest, &f->arena, m);
	return m->valid ? opt : NULL;
}

static void fix_text(struct fixer *f, const struct config_piece *p, struct fixed *ret)
{
	const struct gw_option *opt;
	struct gw_slice path;
	struct config_mend m;

	if (meant_include(p->text, &path)) {
		fix_include(f, path, true, ret);
		return;
	}
	opt = meant_option(f, p->text, &m);
	if (opt && !(f->flags & GW_FIX_MEANT)) {
		ret->left = true;
	} else if (opt) {
		ret->opt = opt;
		ret->valid = true;
		ret->comment = m.comment;
		ret->text = gw_slice_str(gw_arena_printf(&f->arena, "%s = %.*s", opt->name, GW_FMT(m.value)));
		ret->code = CONFIG_W_IGNORED;
		ret->why = "the value stands behind a =";
	} else {
		comment_out(f, p, "# ", CONFIG_W_IGNORED, "the line had no effect", ret);
	}
}

static void rewrite(struct fixer *f, const struct config_piece *p, struct gw_slice name, struct gw_slice value,
	struct fixed *ret)
{
	struct gw_buf b;

	gw_buf_init(&b, 0);
	config_put_option(&b, p, name, value);
	ret->text = gw_arena_dup(&f->arena, gw_buf_slice(&b));
	gw_buf_done(&b);
}

/* A line that sets opt; code says what is wrong with its name. */
static void fix_value(struct fixer *f, const struct config_piece *p, const struct gw_option *opt, unsigned code,
	struct fixed *ret)
{
	struct config_mend m;

	config_mend(opt, p->value, &f->arena, &m);
	ret->opt = opt;
	ret->valid = m.valid;
	ret->left = m.meant && !(f->flags & GW_FIX_MEANT);
	if (ret->left)
		m = (struct config_mend){ .value = p->value };
	if (!m.why && !code)
		return;
	rewrite(f, p, gw_slice_str(opt->name), m.value, ret);
	ret->comment = m.comment;
	ret->code = code ? code : m.code;
	ret->why = code ? "the option has this name" : m.why;
}

/* A name that is none, not even in another spelling. */
static void fix_unknown(struct fixer *f, const struct config_piece *p, struct fixed *ret)
{
	const struct gw_option *opt = from_server(p->name);
	struct config_mend m;
	struct gw_slice path;

	if (opt && !f->own[config_row(opt)]) {
		config_mend(opt, p->value, &f->arena, &m);
		if (m.valid)
			fix_value(f, p, opt, CONFIG_E_UNKNOWN, ret);
	} else if (p->name.p[0] == '#') {
		comment_out(f, p, "", CONFIG_E_UNKNOWN, "the comment begins in the first column", ret);
	} else if (meant_include(p->text, &path)) {
		fix_include(f, path, false, ret);
	}
}

static void fix_option(struct fixer *f, const struct config_piece *p, struct fixed *ret)
{
	unsigned code;
	const struct gw_option *opt = named(p->name, &code);

	if (!opt)
		fix_unknown(f, p, ret);
	else if (opt->type == GW_OPT_RETIRED)
		comment_out(f, p, "# retired: ", CONFIG_W_RETIRED, "the option no longer does anything", ret);
	else
		fix_value(f, p, opt, code, ret);
}

static bool too_long(struct gw_slice fresh, struct gw_slice old)
{
	return fresh.n > old.n && fresh.n > CONFIG_OLD_LINE;
}

static void fix_line(struct fixer *f, const struct config_piece *p, struct fixed *ret)
{
	gw_arena_reset(&f->arena);
	*ret = (struct fixed){ .text = p->text, .comment = { "", 0 } };
	switch (p->kind) {
	case PIECE_OPTION:
		fix_option(f, p, ret);
		break;
	case PIECE_DIRECTIVE:
		fix_directive(f, p, ret);
		break;
	case PIECE_TEXT:
		fix_text(f, p, ret);
		break;
	case PIECE_NAMELESS:
		comment_out(f, p, "# ", CONFIG_W_IGNORED, "the line had no effect", ret);
		break;
	case PIECE_BLANK:
	case PIECE_COMMENT:
	case PIECE_NOTE:
	case PIECE_BROKEN:
		break;
	}
	if (too_long(ret->text, p->text))
		*ret = (struct fixed){ .text = p->text, .comment = { "", 0 } };
}

/* ---- the passes ---- */

static void find_own(struct fixer *f, struct gw_slice rest)
{
	bool own[CONFIG_ROWS_MAX] = { false };
	struct config_piece p = { 0 };
	struct fixed line;

	memset(f->own, true, sizeof f->own); /* nothing is renamed in this pass */

	while (config_cut(&rest, &p)) {
		fix_line(f, &p, &line);
		if (line.opt)
			own[config_row(line.opt)] = true;
		if (p.end.n && p.end.p[p.end.n - 1] == '\n')
			f->end = p.end;
	}
	memcpy(f->own, own, sizeof own);
}

static void find_last(struct fixer *f, struct gw_slice rest)
{
	struct config_piece p = { 0 };
	struct fixed line;

	while (config_cut(&rest, &p)) {
		fix_line(f, &p, &line);
		if (line.opt && line.valid)
			f->last[config_row(line.opt)] = p.line;
	}
}

static void put_line(struct fixer *f, const struct config_piece *p, const struct fixed *line, struct gw_buf *out)
{
	struct gw_slice after = line->text, first = line->comment.n ? line->comment : line->text;

	if (out->n == 0 && config_marked(first))
		gw_buf_add(out, CONFIG_MARK, 3);
	else if (p->mark.n)
		config_edit_add(f->edits, p, NULL, CONFIG_W_BOM, "the file begins without a byte order mark", &p->text, &p->text);
	if (line->comment.n)
		after = gw_slice_str(gw_arena_printf(&f->arena, "%.*s\n%.*s", GW_FMT(line->comment), GW_FMT(line->text)));
	if (line->why)
		config_edit_add(f->edits, p, line->opt, line->code, line->why, &p->text, &after);
	if (line->comment.n) {
		gw_buf_add_slice(out, line->comment);
		gw_buf_add_slice(out, p->end.n && p->end.p[p->end.n - 1] == '\n' ? p->end : f->end);
	}
	gw_buf_add_slice(out, line->text);
	gw_buf_add_slice(out, p->end);
}

/* A good line for the same option follows. */
static void give_way(struct fixer *f, const struct config_piece *p, struct fixed *line)
{
	struct fixed out = *line;

	comment_out(f, p, "# set again below: ", CONFIG_N_AGAIN, "the line does not count, the option is set again", &out);
	out.opt = line->opt;
	out.left = false;
	if (!too_long(out.text, p->text))
		*line = out;
}

static void put_all(struct fixer *f, struct gw_slice rest, struct gw_buf *out)
{
	struct config_piece p = { 0 };
	struct fixed line;

	while (config_cut(&rest, &p)) {
		fix_line(f, &p, &line);
		if (line.opt && p.line < f->last[config_row(line.opt)])
			give_way(f, &p, &line);
		if (f->edits)
			f->edits->left += line.left;
		put_line(f, &p, &line, out);
	}
}

void gw_config_fix(struct gw_slice text, unsigned flags, struct gw_buf *out, struct gw_edits *edits)
{
	struct fixer f = { .flags = flags, .end = GW_S("\n"), .edits = edits };

	gw_arena_init(&f.arena, 0, 0);
	find_own(&f, text);
	find_last(&f, text);
	put_all(&f, text, out);
	gw_arena_done(&f.arena);
}
