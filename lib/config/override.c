/* override.c - options from the command line: --option-name=value */
#include "config/priv.h"

/* "--imap-port" is imap_port. */
static struct gw_slice option_name(struct gw_arena *arena, struct gw_slice s)
{
	char *name = gw_arena_str(arena, gw_slice_trim(s));

	for (char *p = name; *p; p++)
		if (*p == '-')
			*p = '_';
	return gw_slice_str(name);
}

static void override(struct config_load *l, unsigned number, const char *arg)
{
	struct gw_slice a = gw_slice_str(arg);
	struct config_origin *o = gw_arena_alloc(&l->scratch, sizeof *o);
	size_t equals = gw_slice_find(a, '=');
	struct gw_slice name;

	o->at = o->name = (struct gw_place){ "command line", number, 1 };
	o->width = o->name_width = (unsigned)a.n;
	o->source = config_source(&l->scratch, a);
	if (a.n < 3 || memcmp(a.p, "--", 2) != 0 || equals < 3) {
		config_find(l, o, &(struct config_finding){ .code = CONFIG_E_OVERRIDE, .found = arg,
			.expected = "--option-name=value" }, "the argument sets no option");
		return;
	}
	name = option_name(&l->scratch, gw_slice(a.p + 2, equals - 2));
	if (equals == a.n) {
		config_find(l, o, &(struct config_finding){ .code = CONFIG_E_EMPTY, .option = gw_option_find(name),
			.expected = "--option-name=value" }, "\"%.100s\" cannot be empty", arg);
		return;
	}
	gw_slice_take(&a, equals + 1);
	a = gw_slice_trim(a);
	o->at.column = (unsigned)(a.p - arg) + 1;
	o->width = (unsigned)a.n;
	o->name.column = 3;
	o->name_width = (unsigned)name.n;
	config_assign(l, name, a, o);
}

void config_read_overrides(struct config_load *l)
{
	for (size_t i = 0; i < l->src->n_overrides; i++) {
		gw_arena_reset(&l->scratch);
		override(l, (unsigned)i + 1, l->src->overrides[i]);
	}
}
