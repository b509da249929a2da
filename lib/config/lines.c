/* lines.c - files to assignments: line rules, !include, command line arguments
 *
 * The rules are those of kopano-gateway: the first byte of a line, before any trimming, tells what it is ("#" comment,
 * "!" directive); else it is split at the first "="; there is no quoting and no continuation. Where the original
 * silently dropped or cut something, there is a finding.
 *
 * Includes are a stack of our own, not recursion, so that a chain of files costs no machine stack. A file is known by
 * its real path and read once in a load: cycles and diamonds end there, as they always did. */
#include "config/priv.h"

#include "util/mem.h"

#include <stdio.h>
#include <stdlib.h>

struct frame {
	const char *name;            /* as shown to people; in the snapshot's arena */
	const char *base;            /* directory of the real path, without the final slash */
	char *bytes;                 /* owned; NULL when the caller gave the text */
	struct gw_slice rest;        /* not read yet */
	unsigned line;
	const struct gw_place *chain;
};

struct reader {
	struct config_load *l;
	struct frame stack[GW_CONFIG_DEPTH_MAX];
	size_t depth;                /* frames in use */
	char **seen;                 /* real paths */
	size_t n_seen;
};

static struct frame *top(struct reader *r)
{
	return &r->stack[r->depth - 1];
}

/* ---- places ---- */

/* Where the whole line is; the source is kept for the tools that show it. */
static struct config_origin *line_origin(struct reader *r, struct gw_slice line)
{
	struct frame *f = top(r);
	struct config_origin *o = gw_arena_alloc(r->l->arena, sizeof *o);
	size_t n = line.n < CONFIG_SOURCE_MAX ? line.n : CONFIG_SOURCE_MAX;

	o->at = o->name = (struct gw_place){ f->name, f->line, 1 };
	o->width = o->name_width = (unsigned)line.n;
	o->chain = f->chain;
	o->n_chain = r->depth - 1;
	o->source = gw_arena_str(r->l->arena, gw_slice(line.p, n));
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
		src->line(src->line_ctx, &(struct gw_config_line){ .kind = kind, .file = top(r)->name,
			.line = top(r)->line, .depth = (unsigned)r->depth - 1, .text = line, .option = opt });
}

/* ---- files ---- */

static bool seen(struct reader *r, const char *real_path)
{
	for (size_t i = 0; i < r->n_seen; i++)
		if (strcmp(r->seen[i], real_path) == 0)
			return true;
	return false;
}

/* "/etc/gateway/gateway.cfg" lies in "/etc/gateway". */
static const char *directory_of(struct gw_arena *arena, const char *real_path)
{
	const char *slash = strrchr(real_path, '/');

	if (!slash)
		return ".";
	return gw_arena_str(arena, gw_slice(real_path, (size_t)(slash - real_path)));
}

/* Put a file on the stack. Takes f. from: the line that asked for it, NULL for the main file. */
static void push(struct reader *r, const char *name, struct gw_config_file *f, const struct config_origin *from)
{
	struct gw_arena *arena = r->l->arena;
	struct gw_place *chain = gw_arena_calloc(arena, r->depth + 1, sizeof *chain);
	struct frame *fr = &r->stack[r->depth];

	if (from) {
		chain[0] = from->at;
		chain[0].column = 0;
		memcpy(chain + 1, from->chain, from->n_chain * sizeof *chain);
	}
	*fr = (struct frame){ .name = gw_arena_str(arena, gw_slice_str(name)), .base = directory_of(arena, f->real_path),
		.bytes = f->bytes, .rest = { f->bytes, f->n }, .chain = chain };
	r->seen = gw_xrealloc(r->seen, r->n_seen + 1, sizeof *r->seen);
	r->seen[r->n_seen++] = f->real_path;
	r->depth++;
}

static void pop(struct reader *r)
{
	free(top(r)->bytes);
	r->depth--;
}

static int read_file(struct reader *r, const char *path, struct gw_config_file *ret, struct gw_err *err)
{
	const struct gw_config_source *src = r->l->src;
	gw_config_read_fn *fn = src->read ? src->read : gw_config_read_file;

	return fn(src->read_ctx, path, GW_CONFIG_FILE_MAX, ret, err);
}

/* ---- directives ---- */

static void include(struct reader *r, struct gw_slice line, struct gw_slice path, struct config_origin *o)
{
	struct config_load *l = r->l;
	struct config_finding f = { .code = CONFIG_E_INCLUDE };
	struct gw_config_file file;
	struct gw_err err = { 0 };
	const char *name;

	place(&o->at, &o->width, line, path);
	name = path.n && path.p[0] == '/' ? gw_arena_str(l->arena, path) :
		gw_arena_printf(l->arena, "%s/%.*s", top(r)->base, GW_FMT(path));
	f.found = name;
	if (r->depth == GW_CONFIG_DEPTH_MAX || r->n_seen == GW_CONFIG_FILES_MAX) {
		f.code = CONFIG_E_FILES;
		config_find(l, o, &f, "\"%.200s\" is not read: %s", name, r->depth == GW_CONFIG_DEPTH_MAX ?
			"more than 63 files include each other in a chain" : "more than 1000 files are included");
		show(r, GW_LINE_INCLUDE_DONE, line, NULL);
		return;
	}
	if (read_file(r, name, &file, &err) < 0) {
		config_find(l, o, &f, "cannot read \"%.200s\": %s", name, err.text);
		show(r, GW_LINE_IGNORED, line, NULL);
		return;
	}
	if (seen(r, file.real_path)) {
		f.code = CONFIG_N_SKIPPED;
		config_find(l, o, &f, "\"%.200s\" has been read already and is not read again", name);
		show(r, GW_LINE_INCLUDE_DONE, line, NULL);
		free(file.bytes);
		free(file.real_path);
		return;
	}
	show(r, GW_LINE_INCLUDE, line, NULL);
	push(r, name, &file, o);
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
		config_find(r->l, o, &(struct config_finding){ .code = CONFIG_W_DIRECTIVE, .expected = "!include path" },
			"unknown directive; the line is ignored");
	show(r, GW_LINE_IGNORED, line, NULL);
}

/* ---- other lines ---- */

/* A line without "=" does nothing. Say so unless it is blank or plainly meant as a comment. */
static void no_option(struct reader *r, struct gw_slice line)
{
	struct gw_slice t = gw_slice_trim(line), name = t;
	const struct gw_option *opt;
	char hint[160];

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
	name.n = 0;
	while (name.n < t.n && t.p[name.n] != ' ' && t.p[name.n] != '\t' && t.p[name.n] != ':')
		name.n++;
	opt = gw_option_find(name);
	if (opt)
		snprintf(hint, sizeof hint, "write %s = ...", opt->name);
	config_find(r->l, line_origin(r, line), &(struct config_finding){ .code = CONFIG_W_IGNORED,
		.suggestion = opt ? hint : NULL },
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
	const char *nul = memchr(line.p, '\0', line.n);
	struct config_origin *o;

	if (!nul && line.n <= CONFIG_OLD_LINE)
		return true;
	o = line_origin(r, line);
	if (line.n > GW_CONFIG_LINE_MAX) {
		config_find(r->l, o, &(struct config_finding){ .code = CONFIG_E_LINE }, "the line has %zu bytes; at most %u are read",
			line.n, GW_CONFIG_LINE_MAX);
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
static void skip_mark(struct reader *r)
{
	struct frame *f = top(r);

	if (f->rest.n < 3 || memcmp(f->rest.p, "\xEF\xBB\xBF", 3) != 0)
		return;
	config_find(r->l, line_origin(r, gw_slice(f->rest.p, 3)), &(struct config_finding){ .code = CONFIG_W_BOM,
		.suggestion = "save the file without it" },
		"the file begins with a byte order mark");
	gw_slice_take(&f->rest, 3);
}

static void run(struct reader *r)
{
	while (r->depth) {
		struct frame *f = top(r);
		struct gw_slice line;

		if (f->rest.n == 0) {
			pop(r);
			continue;
		}
		f->line++;
		if (f->line == 1) {
			skip_mark(r);
			if (f->rest.n == 0)
				continue;
		}
		line = gw_slice_take(&f->rest, gw_slice_find(f->rest, '\n'));
		if (f->rest.n)
			gw_slice_take(&f->rest, 1);
		one_line(r, line);
	}
}

/* The main file: from the caller's text or from disk. */
static int open_main(struct reader *r, struct gw_config_file *f)
{
	const struct gw_config_source *src = r->l->src;
	struct config_origin o = { .at = { src->path, 0, 0 } };
	struct gw_err err = { 0 };
	int rc;

	if (src->text) {
		f->n = src->text->n;
		f->bytes = gw_xslicedup(*src->text);
		f->real_path = gw_xstrdup(src->path ? src->path : "(text)");
		return 0;
	}
	rc = read_file(r, src->path, f, &err);
	if (rc < 0 && !(rc == GW_ENOENT && src->missing_ok))
		config_find(r->l, &o, &(struct config_finding){ .code = CONFIG_E_MAIN_FILE }, "cannot read \"%.200s\": %s", src->path,
			err.text);
	return rc;
}

int config_read(struct config_load *l)
{
	struct reader *r = gw_xalloc(sizeof *r);
	struct gw_config_file f = { 0 };
	int rc = 0;

	r->l = l;
	if (l->src->path || l->src->text) {
		rc = open_main(r, &f);
		if (rc == 0)
			push(r, l->src->path ? l->src->path : "(text)", &f, NULL);
		else if (rc == GW_ENOENT && l->src->missing_ok)
			rc = 0;
		run(r);
	}
	for (size_t i = 0; i < r->n_seen; i++)
		free(r->seen[i]);
	free(r->seen);
	free(r);
	return rc;
}

/* ---- command line ---- */

/* "--imap-port" is imap_port. */
static struct gw_slice option_name(struct gw_arena *arena, struct gw_slice s)
{
	char *name = gw_arena_str(arena, gw_slice_trim(s));

	for (char *p = name; *p; p++)
		if (*p == '-')
			*p = '_';
	return gw_slice_str(name);
}

static void override(struct config_load *l, unsigned number, const char *arg)
{
	struct gw_slice a = gw_slice_str(arg);
	struct config_origin *o = gw_arena_alloc(l->arena, sizeof *o);
	size_t equals = gw_slice_find(a, '=');
	struct gw_slice name;

	o->at = o->name = (struct gw_place){ "command line", number, 1 };
	o->width = o->name_width = (unsigned)a.n;
	o->source = gw_arena_str(l->arena, gw_slice(a.p, a.n < CONFIG_SOURCE_MAX ? a.n : CONFIG_SOURCE_MAX));
	if (a.n < 3 || memcmp(a.p, "--", 2) != 0 || equals < 3) {
		config_find(l, o, &(struct config_finding){ .code = CONFIG_E_OVERRIDE, .found = arg,
			.expected = "--option-name=value" }, "the argument sets no option");
		return;
	}
	name = option_name(l->arena, gw_slice(a.p + 2, equals - 2));
	if (equals == a.n) {
		config_find(l, o, &(struct config_finding){ .code = CONFIG_E_EMPTY, .option = gw_option_find(name),
			.expected = "--option-name=value" }, "\"%.100s\" cannot be empty", arg);
		return;
	}
	gw_slice_take(&a, equals + 1);
	a = gw_slice_trim(a);
	o->at.column = (unsigned)(a.p - arg) + 1;
	o->width = (unsigned)a.n;
	o->name.column = 3;
	o->name_width = (unsigned)name.n;
	config_assign(l, name, a, o);
}

void config_read_overrides(struct config_load *l)
{
	for (size_t i = 0; i < l->src->n_overrides; i++)
		override(l, (unsigned)i + 1, l->src->overrides[i]);
}
