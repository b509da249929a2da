/* expand.c - gwcfg expand: the files as one, includes in place */
#include "gwcfg/gwcfg.h"

#include "util/mem.h"

#include <stdlib.h>
#include <string.h>

struct expander {
	struct gw_buf out;
	char *file; /* of the line before */
};

static void expand_line(void *ctx, const struct gw_config_line *l)
{
	struct expander *e = ctx;
	bool hidden = l->kind == GW_LINE_INCLUDE || l->kind == GW_LINE_INCLUDE_DONE || l->kind == GW_LINE_IGNORED;

	if (!e->file || strcmp(e->file, l->file) != 0) {
		if (e->file || l->depth) {
			gw_buf_printf(&e->out, "# ---- ");
			gw_diag_put_safe(&e->out, gw_slice_str(l->file));
			gw_buf_printf(&e->out, ":%u ----\n", l->line);
		}
		free(e->file);
		e->file = gw_xstrdup(l->file);
	}
	if (hidden) {
		gw_buf_printf(&e->out, "# ");
		gw_diag_put_safe(&e->out, l->text);
	} else {
		gw_buf_add_slice(&e->out, l->text);
	}
	gw_buf_add_char(&e->out, '\n');
}

static int expand_run(const struct gw_cli_args *args)
{
	struct expander e = { 0 };
	struct input in = { .path = args->n ? args->operands[0] : NULL, .args = args, .any_store = true, .line = expand_line,
		.line_ctx = &e };
	struct result r;
	int code;

	gw_buf_init(&e.out, 0);
	input_read(&in, &r);
	free(e.file);
	code = result_refuse(&r);
	result_done(&r);
	return print_buf(&e.out) ? code : EXIT_IO;
}

static const struct gw_cli_flag *const flags[] = { &flag_as, &flag_replace, &flag_root, NULL };

const struct gw_cli_verb verb_expand = {
	.name = "expand",
	.brief = "print the files as one, includes in place",
	.flags = flags,
	.operand = &value_file,
	.max = 1,
	.run = expand_run,
};
