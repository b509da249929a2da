/* takes.c - what an option takes, in words for people */
#include "config/option.h"

#include "config/priv.h"
#include "util/buf.h"

#include <stdio.h>

/* The words of a row; of several for one value only the first, which is the canonical one. */
static void put_words(struct gw_buf *b, const char *lead, const struct gw_option *opt)
{
	bool first = true;

	for (const struct gw_option_word *w = opt->words; w && w->word; w++) {
		bool repeated = false;

		for (const struct gw_option_word *v = opt->words; v < w && opt->type == GW_OPT_ENUM; v++)
			repeated |= v->value == w->value;
		if (repeated)
			continue;
		gw_buf_printf(b, "%s%s", first ? lead : ", ", w->word);
		first = false;
	}
}

static void put_range(struct gw_buf *b, const struct gw_option *opt)
{
	unsigned long long min = opt->min, max = config_max(opt);

	gw_buf_printf(b, "a number from %llu to %llu", min, max);
	if (opt->flags & GW_OPT_MINUS)
		gw_buf_printf(b, ", or -1");
}

static void put_sizes(struct gw_buf *b, const struct gw_option *opt)
{
	struct gw_arena arena;

	gw_arena_init(&arena, 0, 0);
	gw_buf_printf(b, "a whole number with or without k, m, g or t, from %s to %s", config_size_text(opt->min, &arena),
		config_size_text(config_max(opt), &arena));
	gw_arena_done(&arena);
}

static void put(struct gw_buf *b, const struct gw_option *opt)
{
	switch (opt->type) {
	case GW_OPT_BOOL:
		gw_buf_printf(b, "yes or no");
		break;
	case GW_OPT_UINT:
	case GW_OPT_PORT:
		put_range(b, opt);
		break;
	case GW_OPT_MODE:
		gw_buf_printf(b, "octal permissions such as %s", opt->def);
		break;
	case GW_OPT_SIZE:
		put_sizes(b, opt);
		break;
	case GW_OPT_SECONDS:
		gw_buf_printf(b, "%llu to %llu seconds, or a number with s, m, h or d", (unsigned long long)opt->min,
			(unsigned long long)config_max(opt));
		break;
	case GW_OPT_ENUM:
		put_words(b, "one of ", opt);
		break;
	case GW_OPT_WORDS:
		put_words(b, "any of ", opt);
		break;
	case GW_OPT_URL:
		gw_buf_printf(b, "local:/directory, http://host:port/, https://host:port/, jmap+https://host:port/, file:///socket or default:");
		break;
	case GW_OPT_ADDRESS:
		gw_buf_printf(b, "an IPv4 or IPv6 address");
		break;
	case GW_OPT_LISTEN:
		gw_buf_printf(b, "address:port, *:port, [IPv6 address]:port or unix:/path");
		break;
	case GW_OPT_PATH:
		gw_buf_printf(b, "an absolute path");
		break;
	case GW_OPT_STRING:
	case GW_OPT_RETIRED:
		break;
	}
}

void gw_option_takes(const struct gw_option *opt, char *out, size_t cap)
{
	struct gw_buf b;

	gw_buf_init(&b, 0);
	put(&b, opt);
	snprintf(out, cap, "%s", gw_buf_str(&b));
	gw_buf_done(&b);
}
