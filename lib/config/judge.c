/* judge.c - findings about a snapshot from outside of a load (see config.h) */
#include "config/priv.h"

#include <stdarg.h>
#include <stdio.h>

void gw_config_find(const struct gw_config *cfg, struct gw_diags *diags, const struct gw_finding *f, const char *fmt, ...)
{
	const struct gw_config_source plain = { 0 };
	struct config_load l = { .src = &plain, .cfg = (struct gw_config *)cfg, .diags = diags };
	const struct gw_option *opt = f->option ? gw_option_find(gw_slice_str(f->option)) : NULL;
	struct config_finding finding = { .code = f->code, .option = opt, .found = f->found, .expected = f->expected,
		.suggestion = f->suggestion, .skip = f->skip, .width = f->width };
	char text[1024];
	va_list ap;

	gw_arena_init(&l.scratch, 0, 0);
	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	config_find(&l, opt ? config_value(cfg, opt)->origin : NULL, &finding, "%s", text);
	gw_arena_done(&l.scratch);
}
