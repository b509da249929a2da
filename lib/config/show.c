/* show.c - values in the form people want, and examples of them (see show.h) */
#include "config/show.h"

#include "config/priv.h"
#include "util/buf.h"

#include <stdio.h>

/* ---- forms ---- */

/* The largest unit that gives a whole number. */
static void put_time(unsigned s, struct gw_buf *out)
{
	static const struct {
		unsigned seconds;
		char unit;
	} units[] = { { 86400, 'd' }, { 3600, 'h' }, { 60, 'm' } };

	for (size_t i = 0; s && i < sizeof units / sizeof *units; i++)
		if (s % units[i].seconds == 0) {
			gw_buf_printf(out, "%u%c", s / units[i].seconds, units[i].unit);
			return;
		}
	gw_buf_printf(out, "%u", s);
}

bool gw_option_format(const struct gw_option *opt, struct gw_slice text, enum gw_form form, struct gw_buf *out)
{
	struct gw_config scratch = { 0 };
	struct config_problem p;
	union config_parsed v;
	struct gw_arena arena;
	bool ok;

	if (text.n == 0 && opt->flags & GW_OPT_NOT_EMPTY)
		return false;
	gw_arena_init(&arena, 0, 0);
	ok = config_parse(opt, text, &arena, &v, &p);
	if (ok) {
		config_store(&scratch, opt, &v);
		if (opt->type == GW_OPT_SIZE && form == GW_FORM_PLAIN)
			gw_buf_printf(out, "%llu", (unsigned long long)v.u);
		else if (opt->type == GW_OPT_SECONDS && form == GW_FORM_HUMAN)
			put_time((unsigned)v.u, out);
		else
			gw_buf_printf(out, "%s", config_canonical(&scratch, opt, &arena));
	}
	gw_arena_done(&arena);
	return ok;
}

/* ---- examples ---- */

/* The first word of another value than the default. */
static const char *other_word(const struct gw_option *opt)
{
	const struct gw_option_word *def = opt->words;

	while (def->word && strcmp(def->word, opt->def) != 0)
		def++;
	for (const struct gw_option_word *w = opt->words; w->word; w++)
		if (w->value != def->value)
			return w->word;
	return opt->def;
}

/* Twice the default, or as much as is allowed. */
static void put_more(const struct gw_option *opt, char *out, size_t cap)
{
	struct gw_arena arena;
	union config_parsed v;
	struct config_problem p;
	uint64_t most = config_max(opt);

	gw_arena_init(&arena, 0, 0);
	if (!config_parse(opt, gw_slice_str(opt->def), &arena, &v, &p))
		gw_bug(opt->name);
	v.u = v.u > most / 2 ? most : 2 * v.u;
	snprintf(out, cap, "%s", config_size_text(v.u, &arena));
	gw_arena_done(&arena);
}

static void put_human_default(const struct gw_option *opt, char *out, size_t cap)
{
	struct gw_buf b;

	gw_buf_init(&b, 0);
	gw_option_format(opt, gw_slice_str(opt->def), GW_FORM_HUMAN, &b);
	snprintf(out, cap, "%s", gw_buf_str(&b));
	gw_buf_done(&b);
}

void gw_option_example(const struct gw_option *opt, char *out, size_t cap)
{
	const char *text = opt->example ? opt->example : opt->ship ? opt->ship : NULL;

	if (!text && opt->type == GW_OPT_SIZE) {
		put_more(opt, out, cap);
		return;
	}
	if (!text && opt->type == GW_OPT_SECONDS) {
		put_human_default(opt, out, cap);
		return;
	}
	if (!text && opt->type == GW_OPT_BOOL)
		text = strcmp(opt->def, "yes") == 0 ? "no" : "yes";
	if (!text && opt->type == GW_OPT_ENUM)
		text = other_word(opt);
	snprintf(out, cap, "%s", text ? text : opt->def);
}
