/* lines.c - lines to assignments: line rules and !include
 *
 * The rules are those of kopano-gateway: the first byte of a line, before any trimming, tells what it is ("#" comment,
 * "!" directive); else it is split at the first "="; there is no quoting and no continuation. Where the original
 * silently dropped or cut something, there is a finding. */
#include "config/cut.h"
#include "config/stack.h"

#include "util/mem.h"

#include <stdio.h>
#include <stdlib.h>

struct reader {
	struct config_load *l;
	struct config_stack files;
	struct config_file_line at; /* the line that is looked at */
};

/* ---- places ---- */

static size_t depth(const struct reader *r)
{
	return r->at.from ? r->at.from->depth : 0;
}

/* Where the whole line is; the source is kept for the tools that show it. Lives as long as the line. */
static struct config_origin *line_origin(struct reader *r, struct gw_slice line)
{
	struct gw_arena *scratch = &r->l->scratch;
	struct config_origin *o = gw_arena_alloc(scratch, sizeof *o);

	o->at = o->name = (struct gw_place){ r->at.file, r->at.line, 1 };
	o->width = o->name_width = (unsigned)line.n;
	o->from = r->at.from;
	o->source = config_source(scratch, line);
	return o;
}

static void place(struct gw_place *at, unsigned *width, struct gw_slice line, struct gw_slice part)
{
	at->column = (unsigned)(part.p - line.p) + 1;
	*width = (unsigned)part.n;
}

static void show(struct reader *r, enum gw_config_line_kind kind, struct gw_slice line, const struct gw_option *opt)
{
	const struct gw_config_source *src = r->l->src;

	if (src->line)
		src->line(src->line_ctx, &(struct gw_config_line){ .kind = kind, .file = r->at.file, .line = r->at.line,
			.depth = (unsigned)depth(r), .text = line, .option = opt });
}

/* ---- directives ---- */

static const struct config_include *include_site(struct reader *r)
{
	struct config_include *site = gw_arena_alloc(r->l->arena, sizeof *site);

	*site = (struct config_include){ .at = { r->at.file, r->at.line, 0 }, .from = r->at.from, .depth = depth(r) + 1 };
	return site;
}

/* "name" what, and why. */
static void report_include(struct reader *r, const struct config_origin *o, unsigned code, const char *name, const char *what,
	const char *why)
{
	config_find(r->l, o, &(struct config_finding){ .code = code, .found = name,
		.expected = code == CONFIG_E_INCLUDE ? "a file, a directory or a pattern" : NULL,
		.suggestion = code == CONFIG_E_INCLUDE ? config_guess_path(name) : NULL },
		"\"%.200s\" %s%s", name, what, why);
}

/* Files of a pattern or a directory, sorted by name. */
static enum gw_config_line_kind include_many(struct reader *r, const char *name, const struct config_origin *o)
{
	const struct gw_config_files *files = r->files.files;
	struct gw_config_names names = { 0 };
	struct gw_err err = { 0 };
	enum gw_config_line_kind kind = GW_LINE_INCLUDE;

	if (!files->list || files->list(files->ctx, name, GW_CONFIG_FILES_MAX, &names, &err) < 0) {
		report_include(r, o, CONFIG_E_INCLUDE, name, "cannot be read: ",
			files->list ? err.text : "only files can be included here");
		return GW_LINE_IGNORED;
	}
	if (names.n == 0) {
		report_include(r, o, CONFIG_N_NO_MATCH, name, "matches no file", "");
		kind = GW_LINE_INCLUDE_DONE;
	} else if (!config_stack_push_later(&r->files, names.v, names.n, include_site(r))) {
		report_include(r, o, CONFIG_E_FILES, name, "is not read: ", "too many files are included");
		kind = GW_LINE_IGNORED;
	}
	gw_config_names_done(&names);
	return kind;
}

static bool is_pattern(const char *path)
{
	return strpbrk(path, "*?[") != NULL;
}

static enum gw_config_line_kind include_path(struct reader *r, const char *name, const struct config_origin *o)
{
	struct gw_err err = { 0 };

	switch (config_stack_push(&r->files, name, include_site(r), &err)) {
	case CONFIG_PUSHED:
		return GW_LINE_INCLUDE;
	case CONFIG_SEEN:
		report_include(r, o, CONFIG_N_SKIPPED, name, "has been read already and is not read again", "");
		return GW_LINE_INCLUDE_DONE;
	case CONFIG_TOO_MANY:
		report_include(r, o, CONFIG_E_FILES, name, "is not read: ", "too many files are included");
		return GW_LINE_INCLUDE_DONE;
	case CONFIG_REFUSED:
		break;
	}
	if (err.code == GW_ENOTSUP || (err.code == GW_ENOENT && is_pattern(name)))
		return include_many(r, name, o);
	report_include(r, o, CONFIG_E_INCLUDE, name, "cannot be read: ", err.text);
	return GW_LINE_IGNORED;
}

/* A relative path is relative to the directory of the real file. The line is shown before the lines of the files, whose
 * first is read later. */
static void include(struct reader *r, struct gw_slice line, struct gw_slice path, struct config_origin *o)
{
	struct gw_arena *arena = r->l->arena;
	const char *name;

	place(&o->at, &o->width, line, path);
	if (path.n == 0) {
		config_find(r->l, o, &(struct config_finding){ .code = CONFIG_E_INCLUDE, .expected = "!include path" },
			"the path of the file is missing");
		show(r, GW_LINE_IGNORED, line, NULL);
		return;
	}
	if (!config_stack_want(&r->files, 1)) {
		report_include(r, o, CONFIG_E_FILES, gw_arena_str(&r->l->scratch, path), "is not read: ", "too many files are included");
		show(r, GW_LINE_IGNORED, line, NULL);
		return;
	}
	name = path.p[0] == '/' ? gw_arena_str(arena, path) : gw_arena_printf(arena, "%s/%.*s", r->at.base, GW_FMT(path));
	line = gw_slice_str(gw_arena_str(&r->l->scratch, line)); /* its buffer may move when a file comes on top */
	show(r, include_path(r, name, o), line, NULL);
}

static void directive(struct reader *r, struct gw_slice line)
{
	struct config_origin *o = line_origin(r, line);
	struct gw_slice rest = gw_slice(line.p + 1, line.n - 1), name;
	size_t n = 0;

	while (n < rest.n && rest.p[n] != ' ' && rest.p[n] != '\t')
		n++;
	name = gw_slice_take(&rest, n);
	if (gw_slice_eq(name, GW_S("include")) && rest.n) {
		include(r, line, gw_slice_trim(rest), o);
		return;
	}
	if (gw_slice_eq(name, GW_S("propmap")))
		config_find(r->l, o, &(struct config_finding){ .code = CONFIG_W_DIRECTIVE },
			"!propmap is not for this daemon; the line is ignored");
	else
		config_find(r->l, o, &(struct config_finding){ .code = CONFIG_W_DIRECTIVE, .expected = "!include path",
			.suggestion = config_guess_directive(name, rest, &r->l->scratch) },
			"unknown directive; the line is ignored");
	show(r, GW_LINE_IGNORED, line, NULL);
}

/* ---- other lines ---- */

/* A line without "=" does nothing. Say so unless it is blank or plainly meant as a comment. */
static void no_option(struct reader *r, struct gw_slice line)
{
	struct gw_slice t = gw_slice_trim(line);

	if (t.n == 0 || t.p[0] == '#') {
		show(r, t.n ? GW_LINE_COMMENT : GW_LINE_BLANK, line, NULL);
		return;
	}
	show(r, GW_LINE_IGNORED, line, NULL);
	if (t.p[0] == '!') {
		config_find(r->l, line_origin(r, line), &(struct config_finding){ .code = CONFIG_W_DIRECTIVE,
			.suggestion = "take out the blanks in front of !" },
			"a directive begins in the first column; the line is ignored");
		return;
	}
	config_find(r->l, line_origin(r, line), &(struct config_finding){ .code = CONFIG_W_IGNORED,
		.suggestion = config_guess_line(t, &r->l->scratch) },
		"the line has no = and is ignored");
}

static void option(struct reader *r, struct gw_slice line, size_t equals)
{
	struct gw_slice name = gw_slice_trim(gw_slice(line.p, equals));
	struct gw_slice value = gw_slice_trim(gw_slice(line.p + equals + 1, line.n - equals - 1));
	struct config_origin *o = line_origin(r, line);

	if (name.n == 0) {
		config_find(r->l, o, &(struct config_finding){ .code = CONFIG_W_IGNORED },
			"there is no name in front of the =; the line is ignored");
		show(r, GW_LINE_IGNORED, line, NULL);
		return;
	}
	place(&o->at, &o->width, line, value);
	place(&o->name, &o->name_width, line, name);
	config_assign(r->l, name, value, o);
	show(r, GW_LINE_OPTION, line, gw_option_find(name));
}

/* Is the line one that can be read at all? */
static bool sane(struct reader *r, struct gw_slice line)
{
	const char *nul = line.n ? memchr(line.p, '\0', line.n) : NULL;
	struct config_origin *o;

	if (!nul && line.n <= CONFIG_OLD_LINE)
		return true;
	o = line_origin(r, line);
	if (r->at.too_long) {
		config_find(r->l, o, &(struct config_finding){ .code = CONFIG_E_LINE }, "the line has more than %u bytes",
			GW_CONFIG_LINE_MAX);
		return false;
	}
	if (nul) {
		o->at.column = (unsigned)(nul - line.p) + 1;
		o->width = 1;
		config_find(r->l, o, &(struct config_finding){ .code = CONFIG_E_NUL }, "there is a NUL byte in the line");
		return false;
	}
	config_find(r->l, o, &(struct config_finding){ .code = CONFIG_W_LONG },
		"the line has %zu bytes; kopano-gateway cut it after %d and took the rest as another line", line.n, CONFIG_OLD_LINE);
	return true;
}

static void one_line(struct reader *r, struct gw_slice line)
{
	size_t equals = gw_slice_find(line, '=');

	if (line.n && line.p[line.n - 1] == '\r')
		line.n--;
	if (!sane(r, line))
		show(r, GW_LINE_IGNORED, line, NULL);
	else if (line.n && line.p[0] == '#')
		show(r, GW_LINE_COMMENT, line, NULL);
	else if (line.n && line.p[0] == '!')
		directive(r, line);
	else if (equals < line.n)
		option(r, line, equals);
	else
		no_option(r, line);
}

/* A byte order mark is skipped; the original made it part of the first name. */
static void skip_mark(struct reader *r, struct gw_slice *line)
{
	if (line->n < 3 || memcmp(line->p, "\xEF\xBB\xBF", 3) != 0)
		return;
	config_find(r->l, line_origin(r, gw_slice(line->p, 3)), &(struct config_finding){ .code = CONFIG_W_BOM,
		.suggestion = "save the file without it" },
		"the file begins with a byte order mark");
	gw_slice_take(line, 3);
}

static void run(struct reader *r)
{
	while (config_stack_next(&r->files, &r->at)) {
		gw_arena_reset(&r->l->scratch);
		if (r->at.line == 1)
			skip_mark(r, &r->at.text);
		one_line(r, r->at.text);
	}
}

/* The main file: from the caller's text or from disk. */
static int open_main(struct reader *r)
{
	const struct gw_config_source *src = r->l->src;
	struct config_origin o = { .at = { src->path, 0, 0 } };
	const char *name = gw_arena_str(r->l->arena, gw_slice_str(src->path ? src->path : "(text)"));
	struct gw_config_stream in;
	struct gw_err err = { 0 };

	if (src->text) {
		gw_config_stream_bytes(&in, gw_xstrdup(name), gw_xslicedup(*src->text), src->text->n);
		config_stack_push_stream(&r->files, name, NULL, &in);
		return 0;
	}
	if (config_stack_push(&r->files, name, NULL, &err) == CONFIG_PUSHED)
		return 0;
	if (err.code == GW_ENOENT && src->missing_ok)
		return 0;
	config_find(r->l, &o, &(struct config_finding){ .code = CONFIG_E_MAIN_FILE }, "cannot read \"%.200s\": %s", src->path,
		err.text);
	return err.code;
}

int config_read(struct config_load *l)
{
	struct reader r = { .l = l };
	int rc = 0;

	config_stack_init(&r.files, l);
	if (l->src->path || l->src->text)
		rc = open_main(&r);
	run(&r);
	config_stack_done(&r.files);
	return rc;
}
