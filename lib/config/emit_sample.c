/* emit_sample.c - etc/gateway.cfg from the rows: every option with its text, commented out when it is the default */
#include "config/config.h"
#include "config/priv.h"

#include "util/buf.h"

#define SAMPLE_WIDTH 100

static void put_word(struct gw_buf *out, struct gw_slice word)
{
	for (size_t i = 0; i < word.n; i++)
		if (word.p[i] != '`')
			gw_buf_add_char(out, word.p[i]);
}

/* Wrap a paragraph as a comment; backticks go. */
static void put_paragraph(struct gw_buf *out, struct gw_slice rest)
{
	struct gw_slice word;
	size_t column = 0;

	while (config_next_word(&rest, &word)) {
		if (column + 1 + word.n > SAMPLE_WIDTH) {
			gw_buf_add_char(out, '\n');
			column = 0;
		}
		gw_buf_printf(out, column ? " " : "# ");
		column += word.n + (column ? 1 : 2);
		put_word(out, word);
	}
	gw_buf_add_char(out, '\n');
}

static void put_comment(struct gw_buf *out, const char *s)
{
	while (*s) {
		const char *end = strstr(s, "\n\n");
		size_t n = end ? (size_t)(end - s) : strlen(s);

		put_paragraph(out, gw_slice(s, n));
		s += end ? n + 2 : n;
	}
}

static void put_option(struct gw_buf *out, const struct gw_option *opt)
{
	const char *value = opt->ship ? opt->ship : opt->def;
	char takes[256];

	gw_buf_add_char(out, '\n');
	gw_buf_printf(out, "# %s.\n", opt->brief);
	put_comment(out, opt->doc);
	gw_option_takes(opt, takes, sizeof takes);
	if (*takes && opt->type != GW_OPT_LISTEN && opt->type != GW_OPT_PATH)
		gw_buf_printf(out, "# Takes %s.\n", takes);
	if (opt->ship)
		gw_buf_printf(out, "# Without this line: %s\n", *opt->def ? opt->def : "(empty)");
	gw_buf_printf(out, "%s%s =%s%s\n", opt->ship ? "" : "#", opt->name, *value ? " " : "", value);
}

void gw_schema_sample(struct gw_buf *out)
{
	gw_buf_printf(out, "# gateway.cfg - configuration of gatewayd(8); gateway.cfg(5) is the whole description\n"
			   "#\n"
			   "# Lines that begin with # are comments, others are \"name = value\". A line that is commented out shows the\n"
			   "# default. `gwcfg check` says what is wrong before the daemon does; `gwctl reload` makes changes count.\n");
	for (unsigned g = 0; g < GW_GROUP_OLD; g++) {
		gw_buf_printf(out, "\n# ---- %s ----\n", gw_option_group_title(g));
		for (size_t i = 0; i < gw_option_count(); i++)
			if (gw_option_at(i)->group == g)
				put_option(out, gw_option_at(i));
	}
}
