/* emit_markdown.c - the reference of the options as Markdown (CommonMark, with a table of GitHub's form)
 *
 * The texts of the rows are plain, with `backticks` that Markdown knows too; what means something to it outside of them
 * is escaped. */
#include "config/config.h"
#include "config/priv.h"

#include "util/buf.h"

static void put_text(struct gw_buf *out, const char *s)
{
	bool code = false;

	for (; *s; s++) {
		code ^= *s == '`';
		if (!code && strchr("\\*_<>[]|#&~", *s))
			gw_buf_add_char(out, '\\');
		gw_buf_add_char(out, *s);
	}
}

/* A value as code; a | would end a cell of a table. */
static void put_code(struct gw_buf *out, const char *s)
{
	const char *tick = strchr(s, '`') ? "``" : "`";

	gw_buf_printf(out, "%s", tick);
	for (; *s; s++) {
		if (*s == '|')
			gw_buf_add_char(out, '\\');
		gw_buf_add_char(out, *s);
	}
	gw_buf_printf(out, "%s", tick);
}

static void put_value_or_empty(struct gw_buf *out, const char *s)
{
	if (*s)
		put_code(out, s);
	else
		gw_buf_printf(out, "empty");
}

static void put_row(struct gw_buf *out, const struct gw_option *opt)
{
	gw_buf_printf(out, "| [`%s`](#%s) | %s | ", opt->name, opt->name, gw_option_type_name(opt));
	put_value_or_empty(out, opt->def);
	gw_buf_printf(out, " | ");
	put_text(out, opt->brief);
	gw_buf_printf(out, " |\n");
}

static void put_facts(struct gw_buf *out, const struct gw_option *opt)
{
	char takes[256];

	gw_option_takes(opt, takes, sizeof takes);
	if (*takes) {
		gw_buf_printf(out, "- Takes: ");
		put_text(out, takes);
		gw_buf_printf(out, opt->flags & GW_OPT_NOT_EMPTY ? "; not empty\n" : "\n");
	}
	gw_buf_printf(out, "- Default: ");
	put_value_or_empty(out, opt->def);
	gw_buf_printf(out, "\n- Reload: %s\n", gw_option_reload_name(opt->reload));
}

static void put_option(struct gw_buf *out, const struct gw_option *opt)
{
	gw_buf_printf(out, "\n### %s\n\n", opt->name); /* an underscore inside a word means nothing */
	put_text(out, opt->brief);
	gw_buf_printf(out, ".\n\n");
	put_text(out, opt->doc);
	gw_buf_printf(out, "\n\n- Type: %s\n", gw_option_type_name(opt));
	if (opt->type != GW_OPT_RETIRED)
		put_facts(out, opt);
	gw_buf_printf(out, "- Since: %s\n", opt->since);
}

static void put_group(struct gw_buf *out, enum gw_option_group group)
{
	gw_buf_printf(out, "\n## %s\n\n| Option | Type | Default | |\n|---|---|---|---|\n", gw_option_group_title(group));
	for (size_t i = 0; i < gw_option_count(); i++)
		if (gw_option_at(i)->group == group)
			put_row(out, gw_option_at(i));
	for (size_t i = 0; i < gw_option_count(); i++)
		if (gw_option_at(i)->group == group)
			put_option(out, gw_option_at(i));
}

void gw_schema_markdown(struct gw_buf *out)
{
	gw_buf_printf(out, "# gateway.cfg\n\n"
			   "The configuration of gatewayd. A line is `name = value`, `# comment` or `!include path`; `gwcfg check` "
			   "says what is wrong with a file.\n\n"
			   "Reload: *live* options count at once, *next* for sessions that begin afterwards, *restart* after the "
			   "daemon was started again.\n");
	for (unsigned g = 0; g < GW_GROUP_COUNT; g++)
		put_group(out, g);
}
