/* convert.c - from a source to a new file (see convert.h) */
#include "convert/priv.h"

#include "util/mem.h"

#include <stdlib.h>

static const struct {
	const char *name, *title;
	void (*run)(struct conv *c);
} dialects[GW_DIALECT_COUNT] = {
	[GW_DIALECT_KOPANO] = { "kopano", "kopano-gateway", conv_kopano },
	[GW_DIALECT_DOVECOT] = { "dovecot", "Dovecot", conv_dovecot },
	[GW_DIALECT_COURIER] = { "courier", "Courier", conv_courier },
	[GW_DIALECT_CYRUS] = { "cyrus", "Cyrus", conv_cyrus },
};

const char *gw_dialect_name(enum gw_dialect d)
{
	return dialects[d].name;
}

const char *gw_dialect_title(enum gw_dialect d)
{
	return dialects[d].title;
}

bool gw_dialect_find(const char *name, enum gw_dialect *ret)
{
	for (unsigned i = 0; i < GW_DIALECT_COUNT; i++) {
		if (strcmp(dialects[i].name, name) != 0)
			continue;
		*ret = (enum gw_dialect)i;
		return true;
	}
	return false;
}

int gw_convert(const struct gw_convert_source *src, struct gw_buf *out, struct gw_diags *report)
{
	struct conv c = { .src = src, .report = report };
	size_t errors = report->errors;

	gw_arena_init(&c.arena, 16384, 0);
	c.results = gw_arena_calloc(&c.arena, gw_option_count(), sizeof *c.results);
	dialects[src->dialect].run(&c);
	if (c.rc == 0 && report->errors > errors)
		c.rc = GW_EINVAL;
	if (c.rc == 0)
		c.rc = conv_emit(&c, out);
	conv_peek_done(&c);
	free(c.settings);
	gw_arena_done(&c.arena);
	return c.rc;
}
