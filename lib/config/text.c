/* text.c - members of the snapshot: storing a parsed value, and the canonical text of it
 *
 * Canonical text reads back as the same value. It is what dumps show and what two snapshots are compared by. */
#include "config/priv.h"

#include "util/buf.h"

_Static_assert(sizeof(enum gw_process_model) == sizeof(unsigned), "enum members are stored as unsigned");

static void *member(struct gw_config *cfg, const struct gw_option *opt)
{
	return (char *)cfg + opt->off;
}

static const void *member_of(const struct gw_config *cfg, const struct gw_option *opt)
{
	return (const char *)cfg + opt->off;
}

void config_store(struct gw_config *cfg, const struct gw_option *opt, const union config_parsed *v)
{
	unsigned number = (unsigned)v->u;

	switch (opt->type) {
	case GW_OPT_BOOL:
		memcpy(member(cfg, opt), &v->b, sizeof v->b);
		break;
	case GW_OPT_UINT:
	case GW_OPT_MODE:
	case GW_OPT_PORT:
	case GW_OPT_SECONDS:
	case GW_OPT_ENUM:
		memcpy(member(cfg, opt), &number, sizeof number);
		break;
	case GW_OPT_SIZE:
		memcpy(member(cfg, opt), &v->u, sizeof v->u);
		break;
	case GW_OPT_WORDS:
	case GW_OPT_LISTEN:
		memcpy(member(cfg, opt), &v->words, sizeof v->words);
		break;
	case GW_OPT_STRING:
	case GW_OPT_PATH:
	case GW_OPT_URL:
	case GW_OPT_ADDRESS:
		memcpy(member(cfg, opt), &v->s, sizeof v->s);
		break;
	case GW_OPT_RETIRED:
		break;
	}
}

uint64_t config_number(const struct gw_config *cfg, const struct gw_option *opt)
{
	const void *m = member_of(cfg, opt);

	return opt->type == GW_OPT_SIZE ? *(const uint64_t *)m : *(const unsigned *)m;
}

const char *config_size_text(uint64_t v, struct gw_arena *arena)
{
	static const char units[] = "KMGT";
	int unit = -1;

	while (v && v % 1024 == 0 && unit < 3) {
		v /= 1024;
		unit++;
	}
	if (unit < 0)
		return gw_arena_printf(arena, "%llu", (unsigned long long)v);
	return gw_arena_printf(arena, "%llu%c", (unsigned long long)v, units[unit]);
}

static const char *words_text(const struct gw_words *w, struct gw_arena *arena)
{
	struct gw_buf b;
	const char *text;

	gw_buf_init(&b, 0);
	for (size_t i = 0; i < w->n; i++)
		gw_buf_printf(&b, "%s%s", i ? " " : "", w->v[i]);
	text = gw_arena_str(arena, gw_buf_slice(&b));
	gw_buf_done(&b);
	return text;
}

static const char *enum_text(const struct gw_option *opt, unsigned v)
{
	for (const struct gw_option_word *w = opt->words; w->word; w++)
		if (w->value == v)
			return w->word;
	return "";
}

const char *config_canonical(const struct gw_config *cfg, const struct gw_option *opt, struct gw_arena *arena)
{
	const void *m = member_of(cfg, opt);

	switch (opt->type) {
	case GW_OPT_BOOL:
		return *(const bool *)m ? "yes" : "no";
	case GW_OPT_UINT:
		if (opt->flags & GW_OPT_MINUS && *(const unsigned *)m == 0)
			return "-1"; /* 0 had another meaning in kopano-gateway */
		return gw_arena_printf(arena, "%u", *(const unsigned *)m);
	case GW_OPT_PORT:
	case GW_OPT_SECONDS:
		return gw_arena_printf(arena, "%u", *(const unsigned *)m);
	case GW_OPT_MODE:
		return gw_arena_printf(arena, "%04o", *(const unsigned *)m);
	case GW_OPT_SIZE:
		return config_size_text(*(const uint64_t *)m, arena);
	case GW_OPT_ENUM:
		return enum_text(opt, *(const unsigned *)m);
	case GW_OPT_WORDS:
	case GW_OPT_LISTEN:
		return words_text(m, arena);
	case GW_OPT_STRING:
	case GW_OPT_PATH:
	case GW_OPT_URL:
	case GW_OPT_ADDRESS:
		return *(const char *const *)m;
	case GW_OPT_RETIRED:
		break;
	}
	return "";
}
