/* pattern.c - regular expressions from the rows (see pattern.h) */
#include "config/pattern.h"

#include "config/priv.h"

/* ---- numbers ---- */

/* The block of numbers that begins at lo, ends at hi at most, and has free digits at its end; lo is not 0. Returns how
 * many numbers it has. */
static uint64_t put_block(struct gw_buf *out, uint64_t lo, uint64_t hi)
{
	uint64_t size = 1, prefix, digit, blocks;
	unsigned digits = 0;

	while (size <= UINT64_MAX / 100 && lo % (size * 10) == 0 && size * 10 - 1 <= hi - lo) {
		size *= 10;
		digits++;
	}
	prefix = lo / size / 10;
	digit = lo / size % 10;
	blocks = (hi - lo - (size - 1)) / size + 1;
	if (blocks > 10 - digit)
		blocks = 10 - digit;
	if (prefix)
		gw_buf_printf(out, "%llu", (unsigned long long)prefix);
	if (blocks == 1)
		gw_buf_printf(out, "%u", (unsigned)digit);
	else
		gw_buf_printf(out, "[%u-%u]", (unsigned)digit, (unsigned)(digit + blocks - 1));
	if (digits)
		gw_buf_printf(out, digits == 1 ? "[0-9]" : "[0-9]{%u}", digits);
	return blocks * size;
}

void config_put_range(struct gw_buf *out, uint64_t lo, uint64_t hi)
{
	bool first = lo > 0;

	if (lo == 0) {
		gw_buf_add_char(out, '0');
		lo = 1;
	}
	while (lo <= hi) {
		uint64_t n;

		if (!first)
			gw_buf_add_char(out, '|');
		first = false;
		n = put_block(out, lo, hi);
		if (n > hi - lo)
			break;
		lo += n;
	}
}

static void put_numbers(struct gw_buf *out, const struct gw_option *opt)
{
	gw_buf_printf(out, "\\+?(");
	config_put_range(out, opt->min, config_max(opt));
	if (opt->min && opt->flags & GW_OPT_ZERO_OFF)
		gw_buf_printf(out, "|0");
	gw_buf_printf(out, "|0[0-7]+|0[xX][0-9a-fA-F]+)");
	if (opt->flags & GW_OPT_MINUS)
		gw_buf_printf(out, "|-1");
}

/* ---- sizes and times ---- */

struct pattern_unit {
	const char *pattern;
	uint64_t factor;
};

static const struct pattern_unit sizes[] = {
	{ "[bB]?", 1 },
	{ "[kK]([iI]?[bB])?", 1u << 10 },
	{ "[mM]([iI]?[bB])?", 1u << 20 },
	{ "[gG]([iI]?[bB])?", 1u << 30 },
	{ "[tT]([iI]?[bB])?", 1ull << 40 },
	{ NULL, 0 },
};

static const struct pattern_unit times[] = {
	{ "[sS]?", 1 }, { "[mM]", 60 }, { "[hH]", 3600 }, { "[dD]", 86400 }, { NULL, 0 },
};

static void put_quantity(struct gw_buf *out, const struct gw_option *opt, const struct pattern_unit *units)
{
	uint64_t max = config_max(opt);

	gw_buf_printf(out, "\\+?(");
	for (; units->pattern; units++) {
		uint64_t lo = opt->min / units->factor + (opt->min % units->factor != 0);

		if (lo > max / units->factor)
			continue;
		gw_buf_printf(out, "0*(");
		config_put_range(out, lo, max / units->factor);
		gw_buf_printf(out, ")[ \\t]*%s|", units->pattern);
	}
	if (opt->type == GW_OPT_SIZE)
		gw_buf_printf(out, "[0-9]+\\.[0-9]+[ \\t]*[kKmMgGtT]([iI]?[bB])?|");
	if (opt->flags & GW_OPT_ZERO_OFF)
		gw_buf_printf(out, "0+[ \\t]*[a-zA-Z]?)");
	else
		out->p[out->n - 1] = ')';
}

/* ---- words ---- */

/* A word in any case of letters. */
static void put_word(struct gw_buf *out, const char *s)
{
	for (; *s; s++) {
		if (gw_lower(*s) != gw_upper(*s))
			gw_buf_printf(out, "[%c%c]", gw_lower(*s), gw_upper(*s));
		else
			gw_buf_printf(out, *s == '.' ? "\\%c" : "%c", *s);
	}
}

static void put_words(struct gw_buf *out, const struct gw_option_word *w)
{
	for (size_t i = 0; w[i].word; i++) {
		gw_buf_printf(out, i ? "|" : "");
		put_word(out, w[i].word);
	}
}

static void put_boolean(struct gw_buf *out, const struct gw_option *opt)
{
	static const struct gw_option_word words[] = { { "yes", 1 }, { "no", 0 }, { "true", 1 }, { "false", 0 }, { "on", 1 },
		{ "off", 0 }, { "1", 1 }, { "0", 0 }, { NULL, 0 } };

	put_words(out, words);
	if (opt->flags & GW_OPT_OLD_AUTO) {
		gw_buf_add_char(out, '|');
		put_word(out, "auto");
	}
}

/* ---- text ---- */

#define INTERFACE "%[^ \\t/:\\]]{1,15}"

static void put_listener(struct gw_buf *out)
{
	gw_buf_printf(out, "(\\*|[0-9]+(\\.[0-9]+){3}|\\[[0-9a-fA-F:.]+(%s)?\\])(%s)?:(", INTERFACE, INTERFACE);
	config_put_range(out, 1, 65535);
	gw_buf_printf(out, ")|unix:/\\S{1,106}");
}

static void put_path(struct gw_buf *out, const struct gw_option *opt)
{
	if (opt->max)
		gw_buf_printf(out, "[^\\r\\n]{0,%u}", (unsigned)opt->max);
	else
		gw_buf_printf(out, "[^\\r\\n]*");
}

static void put_url(struct gw_buf *out)
{
	static const char *const schemes[] = { "local:/", "file://[^\\r\\n]*/", "http://[^/:]", "https://[^/:]" };

	put_word(out, "default:");
	for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
		size_t n = strcspn(schemes[i], ":");
		char scheme[8] = "";

		memcpy(scheme, schemes[i], n);
		gw_buf_add_char(out, '|');
		put_word(out, scheme);
		gw_buf_printf(out, "%s[^\\r\\n]*", schemes[i] + n);
	}
}

static void put_item(struct gw_buf *out, const struct gw_option *opt)
{
	if (opt->type == GW_OPT_LISTEN)
		put_listener(out);
	else if (opt->words)
		put_words(out, opt->words);
	else
		gw_buf_printf(out, "\\S+");
}

static void put_list(struct gw_buf *out, const struct gw_option *opt)
{
	gw_buf_printf(out, "((");
	put_item(out, opt);
	gw_buf_printf(out, ")([ \\t]+|$))*");
}

static void put_typed(struct gw_buf *out, const struct gw_option *opt)
{
	switch (opt->type) {
	case GW_OPT_BOOL: put_boolean(out, opt); break;
	case GW_OPT_UINT:
	case GW_OPT_PORT: put_numbers(out, opt); break;
	case GW_OPT_MODE: gw_buf_printf(out, config_max(opt) > 0777 ? "[0-7]{3,4}" : "0?[0-7]{3}"); break;
	case GW_OPT_SIZE: put_quantity(out, opt, sizes); break;
	case GW_OPT_SECONDS: put_quantity(out, opt, times); break;
	case GW_OPT_ENUM: put_words(out, opt->words); break;
	case GW_OPT_WORDS:
	case GW_OPT_LISTEN: put_list(out, opt); break;
	case GW_OPT_PATH: put_path(out, opt); break;
	case GW_OPT_URL: put_url(out); break;
	case GW_OPT_ADDRESS: gw_buf_printf(out, "[0-9]+(\\.[0-9]+){3}|[0-9a-fA-F:]*:[0-9a-fA-F:.]*(%%\\S{1,15})?"); break;
	case GW_OPT_STRING:
	case GW_OPT_RETIRED: gw_buf_printf(out, "[^\\r\\n]*"); break;
	}
}

/* A boolean or an address may be empty, and a word that has "no" among the others. */
static bool takes_nothing(const struct gw_option *opt)
{
	bool takes = opt->type == GW_OPT_BOOL || opt->type == GW_OPT_ADDRESS ||
		     (opt->type == GW_OPT_ENUM && opt->flags & (GW_OPT_OLD_YES | GW_OPT_OLD_NOT_NO));

	return takes && !(opt->flags & GW_OPT_NOT_EMPTY);
}

void config_put_pattern(struct gw_buf *out, const struct gw_option *opt)
{
	gw_buf_printf(out, "^(");
	if (takes_nothing(opt))
		gw_buf_add_char(out, '|');
	put_typed(out, opt);
	gw_buf_printf(out, ")$");
}

void config_put_item_pattern(struct gw_buf *out, const struct gw_option *opt)
{
	gw_buf_printf(out, "^(");
	put_item(out, opt);
	gw_buf_printf(out, ")$");
}
