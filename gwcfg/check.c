/* check.c - gwcfg check: everything that is wrong with configuration files, in one run */
#include "gwcfg/gwcfg.h"

#include "util/json.h"
#include "util/mem.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct flags {
	bool json, quiet, no_host, strict, ignore_unknown;
	const char **overrides;
	size_t n_overrides;
};

static void add_override(struct flags *f, const char *arg)
{
	f->overrides = gw_xrealloc(f->overrides, f->n_overrides + 1, sizeof *f->overrides);
	f->overrides[f->n_overrides++] = gw_xasprintf("--%s", arg);
}

static void flags_done(struct flags *f)
{
	for (size_t i = 0; i < f->n_overrides; i++)
		free((char *)f->overrides[i]);
	free(f->overrides);
}

static int parse_flags(int argc, char **argv, struct flags *f)
{
	static const struct option longs[] = {
		{ "format", required_argument, NULL, 'f' }, { "ignore-unknown", no_argument, NULL, 'i' },
		{ "no-host", no_argument, NULL, 'n' },	    { "override", required_argument, NULL, 'o' },
		{ "quiet", no_argument, NULL, 'q' },	    { NULL, 0, NULL, 0 },
	};

	for (int c; (c = next_flag(argc, argv, "f:ino:qW:", longs)) != -1;) {
		switch (c) {
		case 'f':
			if (strcmp(optarg, "json") != 0 && strcmp(optarg, "text") != 0)
				return usage_error("check", "--format takes text or json");
			f->json = strcmp(optarg, "json") == 0;
			break;
		case 'i':
			f->ignore_unknown = true;
			break;
		case 'n':
			f->no_host = true;
			break;
		case 'o':
			add_override(f, optarg);
			break;
		case 'q':
			f->quiet = true;
			break;
		case 'W':
			if (strcmp(optarg, "error") != 0)
				return usage_error("check", "-W takes error");
			f->strict = true;
			break;
		default:
			return EXIT_USAGE;
		}
	}
	return 0;
}

static bool wanted(const struct gw_diag *d, const struct flags *f)
{
	return d->severity != GW_NOTE || !f->quiet;
}

static void put_count(struct gw_buf *out, size_t n, const char *word, const char *before)
{
	if (n)
		gw_buf_printf(out, "%s%zu %s%s", before, n, word, n == 1 ? "" : "s");
}

static void put_text(const struct result *r, const struct flags *f, struct gw_buf *out)
{
	bool color = render_color();

	for (size_t i = 0; i < r->diags.n; i++)
		if (wanted(&r->diags.v[i], f))
			render_diag(&r->diags.v[i], color, out);
	if (f->quiet)
		return;
	gw_diag_put_safe(out, gw_slice_str(r->path));
	gw_buf_printf(out, ": ");
	put_count(out, r->diags.errors, "error", "");
	put_count(out, r->diags.warnings, "warning", r->diags.errors ? ", " : "");
	gw_buf_printf(out, r->diags.errors || r->diags.warnings ? "\n" : "nothing wrong\n");
}

static void put_json(const struct result *r, const struct flags *f, struct gw_json *j)
{
	gw_json_open(j, NULL, '{');
	gw_json_str(j, "file", r->path);
	gw_json_u64(j, "errors", r->diags.errors);
	gw_json_u64(j, "warnings", r->diags.warnings);
	gw_json_u64(j, "notes", r->diags.notes);
	gw_json_open(j, "findings", '[');
	for (size_t i = 0; i < r->diags.n; i++)
		if (wanted(&r->diags.v[i], f))
			gw_diag_put_json(&r->diags.v[i], NULL, j);
	gw_json_close(j, ']');
	gw_json_close(j, '}');
}

/* Files that cannot be read outweigh errors, errors outweigh warnings. */
static int worse(int a, int b)
{
	static const int order[] = { EXIT_FINE, EXIT_WARNINGS, EXIT_ERRORS, EXIT_NO_PERMISSION, EXIT_IO, EXIT_NO_INPUT };
	size_t x = 0, y = 0;

	for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
		if (order[i] == a)
			x = i;
		if (order[i] == b)
			y = i;
	}
	return order[x > y ? x : y];
}

static int check_one(const char *path, const struct flags *f, struct gw_buf *out, struct gw_json *j)
{
	struct input in = { .path = path, .overrides = f->overrides, .n_overrides = f->n_overrides,
		.ignore_unknown = f->ignore_unknown };
	struct result r;
	int code;

	input_read(&in, &r);
	if (r.cfg && !f->no_host)
		host_check(r.cfg, &r.diags);
	code = result_exit(&r);
	if (code == EXIT_FINE && f->strict && r.diags.warnings)
		code = EXIT_WARNINGS;
	if (f->json)
		put_json(&r, f, j);
	else
		put_text(&r, f, out);
	result_done(&r);
	return code;
}

int verb_check(int argc, char **argv)
{
	struct flags f = { 0 };
	struct gw_buf out;
	struct gw_json j;
	int code = parse_flags(argc, argv, &f);

	gw_buf_init(&out, 0);
	gw_json_init(&j, &out);
	if (code == 0) {
		if (f.json)
			gw_json_open(&j, NULL, '[');
		if (optind == argc)
			code = check_one(NULL, &f, &out, &j);
		for (int i = optind; i < argc; i++)
			code = worse(code, check_one(argv[i], &f, &out, &j));
		if (f.json) {
			gw_json_close(&j, ']');
			gw_buf_add_char(&out, '\n');
		}
	}
	flags_done(&f);
	return print_buf(&out) ? code : EXIT_IO;
}
