/* events_emit.c - the catalogue as a JSON Schema and as a manual page (see events.h) */
#include "log/events.h"

#include "util/json.h"

/* Is this row the first of its name? */
static bool is_first(size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (strcmp(gw_event_row((enum gw_event_id)k)->name, gw_event_row((enum gw_event_id)i)->name) == 0)
			return false;
	return true;
}

/* ---- JSON Schema ---- */

static void put_described(struct gw_json *j, const char *key, const char *type, const char *description)
{
	gw_json_open(j, key, '{');
	gw_json_str(j, "type", type);
	gw_json_str(j, "description", description);
	gw_json_close(j, '}');
}

static void put_levels(struct gw_json *j)
{
	gw_json_open(j, "level", '{');
	gw_json_open(j, "enum", '[');
	gw_json_str(j, NULL, "always");
	for (int i = 1; i <= 6; i++)
		gw_json_str(j, NULL, gw_log_level_name(i));
	gw_json_close(j, ']');
	gw_json_close(j, '}');
}

static void put_modules(struct gw_json *j)
{
	gw_json_open(j, "module", '{');
	gw_json_open(j, "enum", '[');
	for (unsigned i = 0; i < GW_MODULES; i++)
		gw_json_str(j, NULL, gw_module_name(i));
	gw_json_close(j, ']');
	gw_json_close(j, '}');
}

static void put_names(struct gw_json *j)
{
	gw_json_open(j, "event", '{');
	gw_json_open(j, "enum", '[');
	for (size_t i = 0; i < GW_EVENTS; i++)
		if (is_first(i))
			gw_json_str(j, NULL, gw_event_row((enum gw_event_id)i)->name);
	gw_json_close(j, ']');
	gw_json_close(j, '}');
}

/* What each line has. */
static void put_common(struct gw_json *j)
{
	gw_json_open(j, "time", '{');
	gw_json_str(j, "type", "string");
	gw_json_str(j, "pattern", "^[0-9]{4,}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{6}Z$");
	gw_json_str(j, "description", "RFC 3339, UTC");
	gw_json_close(j, '}');
	put_levels(j);
	put_names(j);
	put_modules(j);
	put_described(j, "who", "string", "thread or process that speaks");
	put_described(j, "message", "string", "the line that a log in text has");
}

static const char *const common[] = { "time", "level", "event", "module", "who", "message" };
#define COMMON (sizeof common / sizeof *common)

static const char *type_of(const struct gw_event_field *f)
{
	return f->kind == GW_LOG_IS_TEXT ? "string" : f->kind == GW_LOG_IS_BOOL ? "boolean" : "integer";
}

static void put_event_fields(struct gw_json *j, const struct gw_event *e)
{
	struct gw_slice list = gw_slice_str(e->fields), name;
	bool optional;

	gw_json_open(j, "properties", '{');
	for (size_t i = 0; i < COMMON; i++)
		gw_json_bool(j, common[i], true);
	while (gw_event_next_field(&list, &name, &optional)) {
		const struct gw_event_field *f = gw_event_field(name);

		put_described(j, f->name, type_of(f), f->brief);
	}
	gw_json_close(j, '}');
}

static void put_required(struct gw_json *j, const struct gw_event *e)
{
	struct gw_slice list = gw_slice_str(e->fields), name;
	bool optional;

	gw_json_open(j, "required", '[');
	while (gw_event_next_field(&list, &name, &optional))
		if (!optional)
			gw_json_string(j, NULL, name);
	gw_json_close(j, ']');
}

static void put_event_schema(struct gw_json *j, const struct gw_event *e)
{
	gw_json_open(j, e->name, '{');
	gw_json_str(j, "description", e->brief);
	put_event_fields(j, e);
	put_required(j, e);
	gw_json_bool(j, "additionalProperties", false);
	gw_json_close(j, '}');
}

/* The definition that counts for a name. */
static void put_choice(struct gw_json *j, const char *name)
{
	char ref[64] = "#/$defs/";

	strncat(ref, name, sizeof ref - strlen(ref) - 1);
	gw_json_open(j, NULL, '{');
	gw_json_open(j, "if", '{');
	gw_json_open(j, "properties", '{');
	gw_json_open(j, "event", '{');
	gw_json_str(j, "const", name);
	for (int i = 0; i < 3; i++)
		gw_json_close(j, '}');
	gw_json_open(j, "then", '{');
	gw_json_str(j, "$ref", ref);
	gw_json_close(j, '}');
	gw_json_close(j, '}');
}

static void put_schema(struct gw_json *j)
{
	gw_json_open(j, NULL, '{');
	gw_json_str(j, "$schema", "https://json-schema.org/draft/2020-12/schema");
	gw_json_str(j, "title", "A line of the log of gatewayd with log_format = json");
	gw_json_str(j, "type", "object");
	gw_json_open(j, "properties", '{');
	put_common(j);
	gw_json_close(j, '}');
	gw_json_open(j, "required", '[');
	for (size_t i = 0; i < COMMON; i++)
		gw_json_str(j, NULL, common[i]);
	gw_json_close(j, ']');
	gw_json_open(j, "allOf", '[');
	for (size_t i = 0; i < GW_EVENTS; i++)
		if (is_first(i))
			put_choice(j, gw_event_row((enum gw_event_id)i)->name);
	gw_json_close(j, ']');
	gw_json_open(j, "$defs", '{');
	for (size_t i = 0; i < GW_EVENTS; i++)
		if (is_first(i))
			put_event_schema(j, gw_event_row((enum gw_event_id)i));
	gw_json_close(j, '}');
	gw_json_close(j, '}');
}

/* One line is one property at most: for people and for comparing versions. */
static void put_broken(struct gw_buf *out, struct gw_slice json)
{
	bool quoted = false;

	for (size_t i = 0; i < json.n; i++) {
		char c = json.p[i];

		quoted ^= c == '"' && (i == 0 || json.p[i - 1] != '\\');
		gw_buf_add_char(out, c);
		if (!quoted && (c == '{' || (c == ',' && json.p[i - 1] == '}')))
			gw_buf_add_char(out, '\n');
	}
	gw_buf_add_char(out, '\n');
}

void gw_events_put_schema(struct gw_buf *out)
{
	struct gw_buf flat;
	struct gw_json j;

	gw_buf_init(&flat, 0);
	gw_json_init(&j, &flat);
	put_schema(&j);
	put_broken(out, gw_buf_slice(&flat));
	gw_buf_done(&flat);
}

/* ---- manual page ---- */

static const char head[] =
	".Dd November 25, 2026\n.Dt GATEWAY-EVENTS 7\n.Os\n.Sh NAME\n.Nm gateway-events\n"
	".Nd what gatewayd tells while it works\n.Sh DESCRIPTION\n"
	"Each thing that\n.Xr gatewayd 8\ntells is an event with a name, a level, a module and fields.\n"
	"With\n.Cm log_format\nset to\n.Cm text\n"
	"the log has its sentence, a line in the shape that tools for this kind of gateway match on:\n"
	".Dl Thu Feb  8 10:11:12 2018: [loop-0] [notice ] IMAP Login from ...\n"
	"With\n.Cm json\nit has one object a line, with the members\n"
	".Cm time\n(RFC 3339, UTC),\n.Cm level ,\n.Cm event ,\n.Cm module ,\n.Cm who\n"
	"(the thread or process that speaks),\n.Cm message\n(the sentence), and the fields of the event.\n"
	".Pa events.schema.json\nis a JSON Schema of these lines.\n"
	".Ql gwctl tail\nshows events as they happen, and\n.Ql gwctl why\nthose that refused somebody.\n.Pp\n"
	"Names, fields and sentences are stable: programs may rely on them.\n"
	"A program should ignore members that it does not know.\n"
	"A login that failed has exactly one line.\n"
	"Lines are never counted together as repeated, except those of\n.Cm message ,\n.Cm tls_failed ,\n"
	".Cm stalled\nand\n.Cm store_error .\n"
	"Whatever a client puts into a name, one event stays one line: what could end a line or steer a terminal is shown as\n"
	".Ql \\ex0a .\n";

static void put_modules_man(struct gw_buf *out)
{
	gw_buf_printf(out, ".Ss Modules\nThe level of each can be set apart with\n.Ql gwctl log level .\n"
			   ".Bl -tag -width service -compact\n");
	for (unsigned i = 0; i < GW_MODULES; i++)
		gw_buf_printf(out, ".It Cm %s\n%s\n", gw_module_name(i), gw_module_brief(i));
	gw_buf_printf(out, ".El\n");
}

/* mdoc wants text lines that do not begin with a dot or apostrophe; sentences of rows never do. */
static void put_fields_man(struct gw_buf *out, const struct gw_event *e)
{
	struct gw_slice list = gw_slice_str(e->fields), name;
	const char *between = "Fields:\n";
	bool optional;

	while (gw_event_next_field(&list, &name, &optional)) {
		gw_buf_printf(out, "%s.%s %.*s", between, optional ? "Em" : "Cm", GW_FMT(name));
		between = " ,\n";
	}
	if (*between == ' ')
		gw_buf_printf(out, " .\n");
}

static const char *level_shown(const struct gw_event *e)
{
	return e->level > 0 ? gw_log_level_name(e->level) : "always";
}

static void put_forms(struct gw_buf *out, size_t first)
{
	const struct gw_event *e = gw_event_row((enum gw_event_id)first);

	for (size_t i = first; i < GW_EVENTS; i++) {
		const struct gw_event *form = gw_event_row((enum gw_event_id)i);

		if (strcmp(form->name, e->name) == 0)
			gw_buf_printf(out, ".Pp\n.Em %s :\n.Li \"", level_shown(form));
		else
			continue;
		for (const char *p = form->sentence; *p; p++)
			*p == '"' ? gw_buf_printf(out, "\\(dq") : gw_buf_add_char(out, *p);
		gw_buf_printf(out, "\"\n");
	}
}

static void put_event_man(struct gw_buf *out, size_t i)
{
	const struct gw_event *e = gw_event_row((enum gw_event_id)i);

	gw_buf_printf(out, ".It Cm %s Pq module %s\n%s\n", e->name, gw_module_name(e->module), e->brief);
	put_fields_man(out, e);
	put_forms(out, i);
}

void gw_events_put_man(struct gw_buf *out)
{
	gw_buf_printf(out, ".\\\" Written by `make gen' from lib/log/events.c.\n%s", head);
	put_modules_man(out);
	gw_buf_printf(out, ".Ss Events\nFields in italics may be missing.\nAn event may have several sentences, each with its "
			   "level;\n.Cm {field}\nstands for the value.\n.Bl -tag -width Ds\n");
	for (size_t i = 0; i < GW_EVENTS; i++)
		if (is_first(i))
			put_event_man(out, i);
	gw_buf_printf(out, ".El\n.Ss Fields\nNumbers and yes or no are that in JSON; all others are strings.\n"
			   ".Bl -tag -width failed_commands -compact\n");
	for (size_t i = 0; gw_event_field_at(i); i++)
		gw_buf_printf(out, ".It Cm %s\n%s\n", gw_event_field_at(i)->name, gw_event_field_at(i)->brief);
	gw_buf_printf(out, ".El\n.Sh SEE ALSO\n.Xr gateway.cfg 5 ,\n.Xr gatewayd 8 ,\n.Xr gwctl 8\n");
}
