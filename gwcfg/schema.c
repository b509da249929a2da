/* schema.c - gwcfg schema: what is made from the rows of the options and of the verbs */
#include "gwcfg/gwcfg.h"

static const struct gw_cli_flag flag_completion = { 0, "completion", &gw_cli_shell, "completion of this program for a shell" };

/* What needs no more than the rows of the options. */
static const struct form {
	struct gw_cli_flag flag;
	void (*put)(struct gw_buf *out);
} forms[] = {
	{ { 0, "json-schema", NULL, "JSON Schema of a configuration as an object" }, gw_schema_json },
	{ { 0, "man", NULL, "gateway.cfg(5)" }, gw_schema_man },
	{ { 0, "vim", NULL, "syntax file of vim" }, gw_schema_vim },
	{ { 0, "augeas", NULL, "lens of Augeas" }, gw_schema_augeas },
	{ { 0, "markdown", NULL, "reference of the options in Markdown" }, gw_schema_markdown },
	{ { 0, "sample", NULL, "gateway.cfg with all options and comments" }, gw_schema_sample },
};
#define FORMS (sizeof forms / sizeof *forms)

static int schema_run(const struct gw_cli_args *args)
{
	struct gw_buf out;

	if (args->n_given != 1)
		return usage_error(args->verb, "choose one form");
	gw_buf_init(&out, 0);
	for (size_t i = 0; i < FORMS; i++)
		if (gw_cli_has(args, forms[i].flag.name))
			forms[i].put(&out);
	if (gw_cli_has(args, "completion"))
		gw_cli_put_completion(&gwcfg_cli, gw_cli_value(args, "completion"), &out);
	return print_buf(&out) ? EXIT_FINE : EXIT_IO;
}

static const struct gw_cli_flag *const flags[] = {
	&forms[0].flag, &forms[1].flag, &forms[2].flag, &forms[3].flag, &forms[4].flag, &forms[5].flag,
	&flag_completion, NULL,
};
_Static_assert(sizeof flags / sizeof *flags == FORMS + 2, "a flag for each form");

const struct gw_cli_verb verb_schema = {
	.name = "schema",
	.brief = "print what is made from the option table",
	.flags = flags,
	.run = schema_run,
};
