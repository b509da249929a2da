/* emit_json_schema.c - a JSON Schema (draft 2020-12) of a configuration as an object
 *
 * A member is an option, its value the text that could stand in a file, or what JSON has for it: a number, true or
 * false, an array for a list. So it is right for the variables of a configuration management system as well as for
 * what is read back from a file. */
#include "config/config.h"
#include "config/pattern.h"
#include "config/priv.h"

#include "util/json.h"

#define ENVIRONMENT "#/$defs/environment"

/* {"type": "string", "pattern": ...} */
static void put_text(struct gw_json *j, const struct gw_option *opt,
	void (*put)(struct gw_buf *out, const struct gw_option *opt))
{
	struct gw_buf b;

	gw_buf_init(&b, 0);
	put(&b, opt);
	gw_json_open(j, NULL, '{');
	gw_json_str(j, "type", "string");
	gw_json_string(j, "pattern", gw_buf_slice(&b));
	if (opt->flags & GW_OPT_NOT_EMPTY)
		gw_json_u64(j, "minLength", 1);
	gw_json_close(j, '}');
	gw_buf_done(&b);
}

static void put_type(struct gw_json *j, const char *type)
{
	gw_json_open(j, NULL, '{');
	gw_json_str(j, "type", type);
	gw_json_close(j, '}');
}

static void put_integer(struct gw_json *j, const struct gw_option *opt)
{
	gw_json_open(j, NULL, '{');
	gw_json_str(j, "type", "integer");
	gw_json_u64(j, "minimum", opt->min);
	gw_json_u64(j, "maximum", config_max(opt));
	gw_json_close(j, '}');
}

/* 0 beside a range that begins higher, and -1. */
static void put_odd_numbers(struct gw_json *j, const struct gw_option *opt)
{
	gw_json_open(j, NULL, '{');
	gw_json_open(j, "enum", '[');
	if (opt->flags & GW_OPT_ZERO_OFF)
		gw_json_i64(j, NULL, 0);
	if (opt->flags & GW_OPT_MINUS)
		gw_json_i64(j, NULL, -1);
	gw_json_close(j, ']');
	gw_json_close(j, '}');
}

/* The canonical words first, for editors that propose them. */
static void put_enum(struct gw_json *j, const struct gw_option *opt)
{
	static const struct gw_option_word yes_no[] = { { "yes", 1 }, { "no", 0 }, { NULL, 0 } };
	const struct gw_option_word *words = opt->type == GW_OPT_BOOL ? yes_no : opt->words;

	gw_json_open(j, NULL, '{');
	gw_json_open(j, "enum", '[');
	for (const struct gw_option_word *w = words; w->word; w++)
		gw_json_str(j, NULL, w->word);
	gw_json_close(j, ']');
	gw_json_close(j, '}');
}

static void put_array(struct gw_json *j, const struct gw_option *opt)
{
	struct gw_buf b;

	gw_buf_init(&b, 0);
	config_put_item_pattern(&b, opt);
	gw_json_open(j, NULL, '{');
	gw_json_str(j, "type", "array");
	gw_json_open(j, "items", '{');
	gw_json_str(j, "type", "string");
	gw_json_string(j, "pattern", gw_buf_slice(&b));
	gw_json_close(j, '}');
	gw_json_close(j, '}');
	gw_buf_done(&b);
}

/* Some words of an enumeration are booleans or numbers of JSON too. */
static bool has_word(const struct gw_option *opt, const char *word)
{
	for (const struct gw_option_word *w = opt->words; w->word; w++)
		if (strcmp(w->word, word) == 0)
			return true;
	return false;
}

/* What JSON has for the type. */
static void put_native(struct gw_json *j, const struct gw_option *opt)
{
	switch (opt->type) {
	case GW_OPT_BOOL:
		put_type(j, "boolean");
		put_enum(j, opt);
		break;
	case GW_OPT_UINT:
	case GW_OPT_PORT:
	case GW_OPT_SIZE:
	case GW_OPT_SECONDS:
		put_integer(j, opt);
		if ((opt->flags & GW_OPT_ZERO_OFF && opt->min) || opt->flags & GW_OPT_MINUS)
			put_odd_numbers(j, opt);
		break;
	case GW_OPT_ENUM:
		put_enum(j, opt);
		if (has_word(opt, "yes"))
			put_type(j, "boolean");
		break;
	case GW_OPT_WORDS:
	case GW_OPT_LISTEN:
		put_array(j, opt);
		break;
	case GW_OPT_RETIRED:
		put_type(j, "boolean");
		put_type(j, "number");
		break;
	case GW_OPT_STRING: /* a user or group may be a number */
		put_type(j, "integer");
		break;
	case GW_OPT_MODE: /* 660 and 0660 are other numbers in JSON and YAML than in a file */
	case GW_OPT_PATH:
	case GW_OPT_URL:
	case GW_OPT_ADDRESS:
		break;
	}
}

static void put_default(struct gw_json *j, const struct gw_option *opt)
{
	struct gw_slice digits = gw_slice_str(opt->def);
	uint64_t v = 0;

	if (opt->type == GW_OPT_RETIRED)
		return;
	for (; digits.n && *digits.p >= '0' && *digits.p <= '9'; gw_slice_take(&digits, 1))
		v = v * 10 + (uint64_t)(*digits.p - '0');
	if (opt->type == GW_OPT_BOOL)
		gw_json_bool(j, "default", strcmp(opt->def, "yes") == 0);
	else if ((opt->type == GW_OPT_UINT || opt->type == GW_OPT_PORT) && !digits.n)
		gw_json_u64(j, "default", v);
	else
		gw_json_str(j, "default", opt->def);
}

static void put_texts(struct gw_json *j, const struct gw_option *opt)
{
	struct gw_buf b;
	char takes[256];

	gw_option_takes(opt, takes, sizeof takes);
	gw_buf_init(&b, 0);
	gw_buf_printf(&b, "%s%s%s%s", opt->doc, *takes ? "\n\nTakes " : "", takes, *takes ? "." : "");
	gw_json_str(j, "title", opt->brief);
	gw_json_string(j, "description", gw_buf_slice(&b));
	gw_buf_done(&b);
	put_default(j, opt);
	if (opt->group == GW_GROUP_OLD)
		gw_json_bool(j, "deprecated", true);
	gw_json_str(j, "x-group", gw_option_group_name(opt->group));
	if (opt->type != GW_OPT_RETIRED)
		gw_json_str(j, "x-reload", gw_option_reload_name(opt->reload));
	gw_json_str(j, "x-since", opt->since);
}

static void put_option(struct gw_json *j, const struct gw_option *opt)
{
	gw_buf_add_char(j->out, '\n');
	gw_json_open(j, opt->name, '{');
	put_texts(j, opt);
	gw_json_open(j, "anyOf", '[');
	put_native(j, opt);
	put_text(j, opt, config_put_pattern);
	gw_json_open(j, NULL, '{');
	gw_json_str(j, "$ref", ENVIRONMENT);
	gw_json_close(j, '}');
	gw_json_close(j, ']');
	gw_json_close(j, '}');
}

static void put_definitions(struct gw_json *j)
{
	gw_json_open(j, "$defs", '{');
	gw_json_open(j, "environment", '{');
	gw_json_str(j, "description", "The value of an environment variable of the daemon.");
	gw_json_str(j, "type", "string");
	gw_json_str(j, "pattern", "^\\$[^\\r\\n]*$");
	gw_json_close(j, '}');
	gw_json_close(j, '}');
}

void gw_schema_json(struct gw_buf *out)
{
	struct gw_json j;

	gw_json_init(&j, out);
	gw_json_open(&j, NULL, '{');
	gw_json_str(&j, "$schema", "https://json-schema.org/draft/2020-12/schema");
	gw_json_str(&j, "title", "gateway.cfg");
	gw_json_str(&j, "description", "The options of gateway.cfg(5) as members of an object: a value is the text of the "
		"file, or a number, a boolean or an array where JSON has one for it. Generated from the option table.");
	gw_json_str(&j, "type", "object");
	gw_json_bool(&j, "additionalProperties", false);
	put_definitions(&j);
	gw_json_open(&j, "properties", '{');
	for (size_t i = 0; i < gw_option_count(); i++)
		put_option(&j, gw_option_at(i));
	gw_json_close(&j, '}');
	gw_json_close(&j, '}');
	gw_buf_add_char(out, '\n');
}
