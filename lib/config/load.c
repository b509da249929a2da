/* load.c - from a source to a snapshot
 *
 * Defaults first, then the files, then the command line, then what the options mean together. Everything that is wrong
 * is found in one run; a snapshot with an error is thrown away whole, so a reload changes everything or nothing. */
#include "config/priv.h"

#include "util/mem.h"

#include <stdlib.h>

static struct gw_config *new_config(void)
{
	struct gw_config *cfg = gw_xalloc(sizeof *cfg);

	cfg->state = gw_xalloc(sizeof *cfg->state);
	atomic_init(&cfg->state->refs, 1);
	gw_arena_init(&cfg->state->arena, 16384, 0);
	config_set_defaults(cfg);
	return cfg;
}

struct gw_config *gw_config_ref(const struct gw_config *cfg)
{
	atomic_fetch_add_explicit(&cfg->state->refs, 1, memory_order_relaxed);
	return (struct gw_config *)cfg;
}

void gw_config_unref(const struct gw_config *cfg)
{
	if (!cfg || atomic_fetch_sub_explicit(&cfg->state->refs, 1, memory_order_acq_rel) != 1)
		return;
	gw_arena_done(&cfg->state->arena);
	free(cfg->state);
	free((void *)cfg);
}

static void derive(struct gw_config *cfg, struct config_load *l)
{
	config_derive_listeners(cfg, l);
	config_derive_tls(cfg, l);
	config_derive_certs(cfg, l);
}

struct gw_config *gw_config_defaults(void)
{
	struct gw_config *cfg = new_config();

	derive(cfg, NULL);
	return cfg;
}

int gw_config_load(const struct gw_config_source *src, struct gw_config **ret, struct gw_diags *diags)
{
	struct config_load l = { .src = src, .cfg = new_config(), .diags = diags, .first = diags->n };
	size_t errors = diags->errors;
	int rc;

	l.arena = &l.cfg->state->arena;
	gw_arena_init(&l.scratch, 0, 0);
	rc = config_read(&l);
	config_read_overrides(&l);
	config_commit(&l);
	if (rc == 0) {
		derive(l.cfg, &l);
		config_check_rules(&l);
		if (src->judge)
			src->judge(src->judge_ctx, l.cfg, diags);
	}
	gw_arena_done(&l.scratch);
	if (rc == 0 && diags->errors > errors)
		rc = GW_EINVAL;
	if (rc < 0) {
		gw_config_unref(l.cfg);
		return rc == GW_ENOENT || rc == GW_EACCES || rc == GW_EIO ? rc : GW_EINVAL;
	}
	*ret = l.cfg;
	return 0;
}

void gw_config_keep_restart(struct gw_config *fresh, const struct gw_config *running)
{
	for (size_t i = 0; i < gw_option_count(); i++) {
		const struct gw_option *opt = gw_option_at(i);
		const struct config_origin *o = config_value(running, opt)->origin;
		struct config_origin *copy;

		if (opt->reload != GW_RESTART || opt->type == GW_OPT_RETIRED)
			continue;
		config_set_text(fresh, opt, config_value(running, opt)->text);
		*config_value(fresh, opt) = (struct config_value){ .text = config_value(fresh, opt)->text };
		if (!o)
			continue;
		copy = gw_arena_alloc(&fresh->state->arena, sizeof *copy);
		*copy = (struct config_origin){ .at = { .line = o->at.line, .column = o->at.column } };
		copy->at.file = gw_arena_str(&fresh->state->arena, gw_slice_str(o->at.file));
		copy->name = copy->at;
		if (o->env)
			copy->env = gw_arena_str(&fresh->state->arena, gw_slice_str(o->env));
		config_value(fresh, opt)->origin = copy;
	}
	derive(fresh, NULL);
}
