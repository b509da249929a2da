/* diff.c - looking at a snapshot by option, and comparing two */
#include "config/priv.h"
#include "config/show.h"

#include "util/buf.h"

#include <stdlib.h>

const char *gw_config_text(const struct gw_config *cfg, const struct gw_option *opt)
{
	return config_value(cfg, opt)->text;
}

const char *gw_config_get(const struct gw_config *cfg, const char *name)
{
	const struct gw_option *opt = gw_option_find(gw_slice_str(name));

	return opt ? gw_config_text(cfg, opt) : NULL;
}

bool gw_config_is_set(const struct gw_config *cfg, const struct gw_option *opt, struct gw_place *at)
{
	const struct config_origin *o = config_value(cfg, opt)->origin;

	if (at)
		*at = o ? o->at : (struct gw_place){ 0 };
	return o != NULL;
}

bool gw_config_origin(const struct gw_config *cfg, const struct gw_option *opt, struct gw_config_origin *ret)
{
	const struct config_value *v = config_value(cfg, opt);
	size_t left_out;

	*ret = (struct gw_config_origin){ 0 };
	if (!v->origin)
		return false;
	ret->at = v->origin->at;
	ret->chain = config_chain(v->origin->from, &cfg->state->arena, &ret->n_chain, &left_out);
	ret->env = v->origin->env;
	ret->was = v->was;
	ret->n_was = v->n_was;
	ret->overrode = v->overrode;
	return true;
}

/* The canonical text of the default is not always the row's text ("10k" and "10K"), so both go through the parser. */
bool gw_config_is_changed(const struct gw_config *cfg, const struct gw_option *opt)
{
	struct gw_config scratch = { 0 };
	struct config_problem p;
	union config_parsed v;
	struct gw_arena arena;
	bool changed;

	if (opt->flags & GW_OPT_SET_COUNTS && gw_config_is_set(cfg, opt, NULL))
		return true;
	gw_arena_init(&arena, 0, 0);
	if (!config_parse(opt, gw_slice_str(opt->def), &arena, &v, &p))
		gw_bug(opt->name);
	config_store(&scratch, opt, &v);
	changed = strcmp(config_canonical(&scratch, opt, &arena), config_value(cfg, opt)->text) != 0;
	gw_arena_done(&arena);
	return changed;
}

size_t gw_config_diff(const struct gw_config *was, const struct gw_config *now, struct gw_config_change *v, size_t cap)
{
	size_t n = 0;

	for (size_t i = 0; i < gw_option_count(); i++) {
		const struct gw_option *opt = gw_option_at(i);
		const char *a = gw_config_text(was, opt), *b = gw_config_text(now, opt);

		if (strcmp(a, b) == 0 && !config_listeners_differ(was, now, opt, &a, &b) &&
			!config_versions_differ(was, now, opt, &a, &b))
			continue;
		if (n < cap)
			v[n] = (struct gw_config_change){ opt, a, b };
		n++;
	}
	return n;
}

static int by_name(const void *a, const void *b)
{
	const struct gw_option *const *x = a, *const *y = b;

	return strcmp((*x)->name, (*y)->name);
}

/* May the value stand in a file as it is? One from the environment may have a line end, or begin with $ itself. */
static bool fits_a_line(const char *text)
{
	return text[0] != '$' && !strchr(text, '\n');
}

void gw_config_put_line(const struct gw_config *cfg, const struct gw_option *opt, bool masked, struct gw_buf *out)
{
	const struct config_origin *o = config_value(cfg, opt)->origin;
	const char *text = gw_config_text(cfg, opt);

	gw_buf_printf(out, "%s%s =%s", gw_config_is_changed(cfg, opt) ? "" : "# ", opt->name, *text ? " " : "");
	if (o && o->env && !fits_a_line(text))
		gw_buf_printf(out, "$%s", o->env);
	else if (masked)
		gw_config_put_masked(cfg, opt, out);
	else
		gw_buf_printf(out, "%s", text);
	gw_buf_add_char(out, '\n');
}

void gw_config_dump(const struct gw_config *cfg, bool changed_only, struct gw_buf *out)
{
	const struct gw_option *sorted[CONFIG_ROWS_MAX] = { NULL };
	size_t n = gw_option_count();

	for (size_t i = 0; i < n; i++)
		sorted[i] = gw_option_at(i);
	qsort(sorted, n, sizeof(const struct gw_option *), by_name);
	for (size_t i = 0; i < n; i++)
		if (sorted[i]->type != GW_OPT_RETIRED && (!changed_only || gw_config_is_changed(cfg, sorted[i])))
			gw_config_put_line(cfg, sorted[i], false, out);
}
