/* options.c - the options of gateway.cfg as words of a command line (see options.h) */
#include "cli/options.h"

#include "config/option.h"
#include "util/mem.h"

#include <stdlib.h>

#define OPTIONS_MAX 256

/* Of several words for one value the first: it is the canonical one. */
static bool repeats(const struct gw_option *opt, const struct gw_option_word *w)
{
	for (const struct gw_option_word *v = opt->words; v < w && opt->type == GW_OPT_ENUM; v++)
		if (v->value == w->value)
			return true;
	return false;
}

static char *join_words(const struct gw_option *opt)
{
	struct gw_buf b;
	char *text;

	gw_buf_init(&b, 0);
	for (const struct gw_option_word *w = opt->words; w->word; w++)
		if (!repeats(opt, w))
			gw_buf_printf(&b, "%s%s", b.n ? " " : "", w->word);
	text = gw_xstrdup(gw_buf_str(&b));
	gw_buf_done(&b);
	return text;
}

static const char *values_of(size_t i)
{
	static const char *joined[OPTIONS_MAX]; /* a program that completes ends soon after */
	const struct gw_option *opt = gw_option_at(i);

	if (opt->type == GW_OPT_BOOL)
		return "yes no";
	if (opt->type == GW_OPT_PATH)
		return opt->flags & GW_OPT_DIRECTORY ? GW_CLI_A_DIRECTORY : GW_CLI_A_FILE;
	if (!opt->words || i >= OPTIONS_MAX)
		return NULL;
	if (!joined[i])
		joined[i] = join_words(opt);
	return joined[i];
}

bool gw_cli_option_word(size_t i, struct gw_cli_word *ret)
{
	if (i >= gw_option_count())
		return false;
	*ret = (struct gw_cli_word){ gw_option_at(i)->name, gw_option_at(i)->brief, values_of(i) };
	return true;
}

static char *as_argument(const char *name)
{
	char *text = gw_xasprintf("--%s", name);

	for (char *p = text; *p; p++)
		if (*p == '_')
			*p = '-';
	return text;
}

/* The row of the i-th option that has an effect. */
static size_t working(size_t i)
{
	size_t row = 0;

	for (; row < gw_option_count(); row++)
		if (gw_option_at(row)->type != GW_OPT_RETIRED && i-- == 0)
			break;
	return row;
}

bool gw_cli_option_argument(size_t i, struct gw_cli_word *ret)
{
	static const char *names[OPTIONS_MAX];
	size_t row = working(i);

	if (row >= gw_option_count() || row >= OPTIONS_MAX)
		return false;
	if (!names[row])
		names[row] = as_argument(gw_option_at(row)->name);
	*ret = (struct gw_cli_word){ names[row], gw_option_at(row)->brief, values_of(row) };
	return true;
}
