/* input.c - reading a configuration for the verbs: from files or from standard input */
#include "gwcfg/gwcfg.h"

#include "util/mem.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The storage drivers of gatewayd; other URLs are refused by it. */
static const char *const stores[] = { "local", NULL };

static const char *env_of(void *ctx, const char *name)
{
	(void)ctx;
	return getenv(name);
}

/* The main file is standard input, includes are files below the working directory. */
static int read_stdin(void *ctx, const char *path, size_t max, struct gw_config_file *ret, struct gw_err *err)
{
	bool *done = ctx;
	struct gw_buf b;
	ssize_t n = 1;

	if (*done)
		return gw_config_read_file(NULL, path, max, ret, err);
	*done = true;
	gw_buf_init(&b, max + 4096);
	while (n > 0 && b.n <= max) {
		char *room = gw_buf_room(&b, 4096);

		if (!room)
			break;
		n = read(STDIN_FILENO, room, 4096);
		if (n > 0)
			b.n += (size_t)n;
		else if (n < 0 && errno == EINTR)
			n = 1;
	}
	if (n < 0 || b.n > max) {
		int rc = n < 0 ? gw_fail(err, GW_EIO, "%s", strerror(errno)) :
				 gw_fail(err, GW_ELIMIT, "it is larger than %zu bytes", max);

		gw_buf_done(&b);
		return rc;
	}
	*ret = (struct gw_config_file){ .real_path = gw_xstrdup("./(standard input)"), .bytes = gw_xslicedup(gw_buf_slice(&b)),
		.n = b.n };
	gw_buf_done(&b);
	return 0;
}

/* "--name=value" of every --override. */
static const char **overrides_of(const struct gw_cli_args *args, size_t *n)
{
	const char **v = gw_xcalloc(args ? args->n_given + 1 : 1, sizeof *v), *text;

	*n = 0;
	for (size_t i = 0; args && (text = gw_cli_each(args, "override", &i));)
		v[(*n)++] = gw_xasprintf("--%s", text);
	return v;
}

static void free_overrides(const char **v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free((char *)v[i]);
	free(v);
}

void input_read(const struct input *in, struct result *ret)
{
	size_t n_overrides;
	const char **overrides = overrides_of(in->args, &n_overrides);
	bool from_stdin = in->path && strcmp(in->path, "-") == 0, done = false;
	struct gw_config_source src = {
		.missing_ok = !in->path,
		.overrides = overrides,
		.n_overrides = n_overrides,
		.env = env_of,
		.ignore_unknown = in->args && gw_cli_has(in->args, "ignore-unknown"),
		.stores = in->any_store ? NULL : stores,
		.read = from_stdin ? read_stdin : NULL,
		.read_ctx = &done,
		.line = in->line,
		.line_ctx = in->line_ctx,
	};

	*ret = (struct result){ 0 };
	ret->path = from_stdin ? gw_xstrdup("(standard input)") :
		    in->path   ? gw_xstrdup(in->path) :
				 gw_config_default_path(env_of, NULL);
	src.path = ret->path;
	gw_diags_init(&ret->diags);
	ret->rc = gw_config_load(&src, &ret->cfg, &ret->diags);
	free_overrides(overrides, n_overrides);
}

void result_done(struct result *r)
{
	gw_config_unref(r->cfg);
	gw_diags_done(&r->diags);
	free(r->path);
}

int result_exit(const struct result *r)
{
	switch (r->rc) {
	case GW_ENOENT:
		return EXIT_NO_INPUT;
	case GW_EACCES:
		return EXIT_NO_PERMISSION;
	case GW_EIO:
		return EXIT_IO;
	default:
		return r->rc < 0 || r->diags.errors ? EXIT_ERRORS : EXIT_FINE;
	}
}

int result_refuse(const struct result *r)
{
	struct gw_buf b;

	gw_buf_init(&b, 0);
	for (size_t i = 0; i < r->diags.n; i++)
		if (r->diags.v[i].severity == GW_ERROR)
			render_diag(&r->diags.v[i], false, &b);
	fputs(gw_buf_str(&b), stderr);
	gw_buf_done(&b);
	return result_exit(r);
}
