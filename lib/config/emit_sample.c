/* emit_sample.c - etc/gateway.cfg from the rows: every option with its text, commented out when it is the default */
#include "config/config.h"
#include "config/priv.h"

#include "util/buf.h"

#define SAMPLE_WIDTH 100

/* Wrap a text of the rows as a comment; backticks go. */
static void put_comment(struct gw_buf *out, const char *text)
{
	size_t column = 0;
	struct gw_slice rest = gw_slice_str(text), word;

	while (config_next_word(&rest, &word)) {
		size_t shown = 0;

		for (size_t i = 0; i < word.n; i++)
			shown += word.p[i] != '`' && word.p[i] != '\n';
		if (column && column + 1 + shown > SAMPLE_WIDTH) {
			gw_buf_add_char(out, '\n');
			column = 0;
		}
		gw_buf_printf(out, column ? " " : "# ");
		column += shown + (column ? 1 : 2);
		for (size_t i = 0; i < word.n; i++) {
			if (word.p[i] == '\n' && i + 1 < word.n && word.p[i + 1] != '\n') {
				gw_buf_printf(out, "\n# ");
				column = word.n - i + 1;
			} else if (word.p[i] != '`' && word.p[i] != '\n') {
				gw_buf_add_char(out, word.p[i]);
			}
		}
	}
	gw_buf_add_char(out, '\n');
}

static void put_option(struct gw_buf *out, const struct gw_option *opt)
{
	const char *value = opt->ship ? opt->ship : opt->def;
	char takes[256];

	gw_buf_add_char(out, '\n');
	gw_buf_printf(out, "# %s.\n", opt->brief);
	put_comment(out, opt->doc);
	config_expected(opt, takes, sizeof takes);
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
		gw_buf_printf(out, "\n\n# ---- %s ----\n", gw_option_group_title(g));
		for (size_t i = 0; i < gw_option_count(); i++)
			if (gw_option_at(i)->group == g)
				put_option(out, gw_option_at(i));
	}
}
