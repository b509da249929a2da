/* input.c - reading a configuration for the verbs */
#include "gwcfg/gwcfg.h"

#include "config/codes.h"
#include "util/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const store_schemes[] = { "local", "jmap", NULL };

const char *env_of(void *ctx, const char *name)
{
	(void)ctx;
	return getenv(name);
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

static void load(const struct input *in, const struct overlay *o, struct result *ret)
{
	size_t n;
	const char **overrides = overrides_of(in->args, &n);
	struct gw_config_source src = {
		.path = ret->path,
		.missing_ok = !in->path,
		.overrides = overrides,
		.n_overrides = n,
		.env = env_of,
		.ignore_unknown = in->args && gw_cli_has(in->args, "ignore-unknown"),
		.stores = in->any_store ? NULL : store_schemes,
		.files = in->files ? in->files : overlay_files(o),
		.line = in->line,
		.line_ctx = in->line_ctx,
		.judge = in->judge,
		.judge_ctx = in->judge_ctx,
	};

	ret->rc = gw_config_load(&src, &ret->cfg, &ret->diags);
	free_overrides(overrides, n);
}

void input_read(const struct input *in, struct result *ret)
{
	struct gw_err err = { 0 };
	struct overlay *o = overlay_new(in->path, in->args, &err);

	*ret = (struct result){ .rc = err.code, .usage = !o && err.code == GW_EINVAL };
	gw_diags_init(&ret->diags);
	if (!o) {
		ret->path = gw_xstrdup(in->path ? in->path : "");
		gw_diag_add(&ret->diags, &(struct gw_diag){ .severity = GW_ERROR, .code = CONFIG_E_MAIN_FILE, .text = err.text });
		return;
	}
	ret->path = gw_xstrdup(overlay_main(o));
	load(in, o, ret);
	overlay_report(o, &ret->diags);
	overlay_free(o);
}

void result_done(struct result *r)
{
	gw_config_unref(r->cfg);
	gw_diags_done(&r->diags);
	free(r->path);
}

int exit_of(int rc)
{
	switch (rc) {
	case 0:
		return EXIT_FINE;
	case GW_ENOENT:
		return EXIT_NO_INPUT;
	case GW_EACCES:
		return EXIT_NO_PERMISSION;
	case GW_EIO:
		return EXIT_IO;
	default:
		return EXIT_ERRORS;
	}
}

int result_exit(const struct result *r)
{
	if (r->usage)
		return EXIT_USAGE;
	return r->rc == 0 && r->diags.errors ? EXIT_ERRORS : exit_of(r->rc);
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
