/* format_sarif.c - findings as SARIF 2.1.0 (OASIS), which code scanning services and editors read
 *
 * Every code is a rule of the driver, so that a viewer can show what to do. Columns of SARIF are characters, ours are
 * bytes: they are counted again on the line that the finding kept. */
#include "gwcfg/report.h"

#include "config/diag.h"
#include "util/utf8.h"

#define SCHEMA "https://json.schemastore.org/sarif-2.1.0.json"

/* ---- pieces ---- */

static void put_message(struct gw_json *j, const char *key, const char *text)
{
	gw_json_open(j, key, '{');
	gw_json_str(j, "text", text);
	gw_json_close(j, '}');
}

/* A path as a URI reference (RFC 3986): relative ones stay so. */
static void put_uri(struct gw_json *j, const char *path)
{
	struct gw_buf b;

	gw_buf_init(&b, 0);
	gw_buf_printf(&b, "%s", *path == '/' ? "file://" : "");
	for (const char *p = path; *p; p++) {
		unsigned char c = (unsigned char)*p;

		if ((c >= '0' && c <= '9') || (gw_lower((char)c) >= 'a' && gw_lower((char)c) <= 'z') || strchr("-._~/", c))
			gw_buf_add_char(&b, (char)c);
		else
			gw_buf_printf(&b, "%%%02X", c);
	}
	gw_json_open(j, "artifactLocation", '{');
	gw_json_str(j, "uri", gw_buf_str(&b));
	gw_json_close(j, '}');
	gw_buf_done(&b);
}

/* Characters in the first n bytes of s. */
static size_t characters(struct gw_slice s, size_t n)
{
	size_t count = 0;
	uint32_t cp;

	s.n = n < s.n ? n : s.n;
	for (; s.n; count++)
		gw_utf8_next(&s, &cp);
	return count;
}

static void put_region(struct gw_json *j, const struct gw_place *at, unsigned width, const char *source)
{
	size_t begin = at->column - 1, end = begin + width;

	gw_json_open(j, "region", '{');
	gw_json_u64(j, "startLine", at->line);
	if (at->column) {
		struct gw_slice line = gw_slice_str(source);
		bool whole = source && end <= line.n; /* a very long line is not kept whole */

		gw_json_u64(j, "startColumn", (whole ? characters(line, begin) : begin) + 1);
		gw_json_u64(j, "endColumn", (whole ? characters(line, end) : end) + 1);
	}
	if (source)
		put_message(j, "snippet", source);
	gw_json_close(j, '}');
}

static void put_place(struct gw_json *j, const struct gw_place *at, unsigned width, const char *source)
{
	gw_json_open(j, "physicalLocation", '{');
	put_uri(j, at->file);
	if (at->line)
		put_region(j, at, width, source);
	gw_json_close(j, '}');
}

/* ---- rules ---- */

static void put_rule(struct gw_json *j, unsigned code)
{
	const struct gw_diag_help *help = gw_diag_code_help(code);
	char id[16];

	report_code(code, id);
	gw_json_open(j, NULL, '{');
	gw_json_str(j, "id", id);
	put_message(j, "shortDescription", gw_diag_code_meaning(code));
	put_message(j, "fullDescription", gw_diag_code_meaning(code));
	if (help)
		put_message(j, "help", help->text);
	gw_json_open(j, "defaultConfiguration", '{');
	gw_json_str(j, "level", gw_severity_name(gw_diag_severity(code)));
	gw_json_close(j, '}');
	gw_json_close(j, '}');
}

static void sarif_begin(struct report *r)
{
	struct gw_json *j = &r->json;

	gw_json_open(j, NULL, '{');
	gw_json_str(j, "$schema", SCHEMA);
	gw_json_str(j, "version", "2.1.0");
	gw_json_open(j, "runs", '[');
	gw_json_open(j, NULL, '{');
	gw_json_open(j, "tool", '{');
	gw_json_open(j, "driver", '{');
	gw_json_str(j, "name", "gwcfg");
	gw_json_str(j, "version", GW_VERSION);
	gw_json_open(j, "rules", '[');
	for (size_t i = 0; gw_diag_code_at(i); i++)
		put_rule(j, gw_diag_code_at(i));
	gw_json_close(j, ']');
	gw_json_close(j, '}');
	gw_json_close(j, '}');
	gw_json_str(j, "columnKind", "unicodeCodePoints");
	gw_json_open(j, "results", '[');
}

static uint64_t rule_index(unsigned code)
{
	uint64_t i = 0;

	while (gw_diag_code_at(i) && gw_diag_code_at(i) != code)
		i++;
	return i;
}

/* ---- results ---- */

static void put_text(struct gw_json *j, const struct gw_diag *d)
{
	struct gw_buf b;

	gw_buf_init(&b, 0);
	gw_buf_printf(&b, "%s%s%s", d->option ? d->option->name : "", d->option ? ": " : "", d->text);
	if (d->expected)
		gw_buf_printf(&b, "\nexpected: %s", d->expected);
	if (d->suggestion)
		gw_buf_printf(&b, "\nhint: %s", d->suggestion);
	put_message(j, "message", gw_buf_str(&b));
	gw_buf_done(&b);
}

/* An argument of the command line is no file. */
static void put_argument(struct gw_json *j, unsigned number)
{
	char name[48];

	snprintf(name, sizeof name, "--override %u", number);
	gw_json_open(j, "logicalLocations", '[');
	gw_json_open(j, NULL, '{');
	gw_json_str(j, "fullyQualifiedName", name);
	gw_json_str(j, "kind", "parameter");
	gw_json_close(j, '}');
	gw_json_close(j, ']');
}

static void put_locations(struct gw_json *j, const struct gw_diag *d)
{
	gw_json_open(j, "locations", '[');
	if (d->at.file) {
		gw_json_open(j, NULL, '{');
		if (strcmp(d->at.file, "command line") == 0)
			put_argument(j, d->at.line);
		else
			put_place(j, &d->at, d->width, d->source);
		gw_json_close(j, '}');
	}
	gw_json_close(j, ']');
	if (!d->n_chain)
		return;
	gw_json_open(j, "relatedLocations", '[');
	for (size_t i = 0; i < d->n_chain; i++) {
		gw_json_open(j, NULL, '{');
		gw_json_u64(j, "id", i + 1);
		put_message(j, "message", "included from here");
		put_place(j, &d->chain[i], 0, NULL);
		gw_json_close(j, '}');
	}
	gw_json_close(j, ']');
}

static void sarif_file(struct report *r, const struct result *result)
{
	struct gw_json *j = &r->json;

	r->left_out += report_left_out(&result->diags);
	for (size_t i = 0; i < result->diags.n; i++) {
		const struct gw_diag *d = &result->diags.v[i];
		char id[16];

		if (!report_wants(r, d))
			continue;
		report_code(d->code, id);
		gw_json_open(j, NULL, '{');
		gw_json_str(j, "ruleId", id);
		gw_json_u64(j, "ruleIndex", rule_index(d->code));
		gw_json_str(j, "level", gw_severity_name(d->severity));
		put_text(j, d);
		put_locations(j, d);
		gw_json_close(j, '}');
	}
}

static void put_left_out(struct gw_json *j, size_t n)
{
	char text[64];

	snprintf(text, sizeof text, "%zu findings are not shown", n);
	gw_json_open(j, "toolExecutionNotifications", '[');
	gw_json_open(j, NULL, '{');
	gw_json_str(j, "level", "warning");
	put_message(j, "message", text);
	gw_json_close(j, '}');
	gw_json_close(j, ']');
}

static void sarif_end(struct report *r, int exit_code)
{
	struct gw_json *j = &r->json;

	gw_json_close(j, ']');
	gw_json_open(j, "invocations", '[');
	gw_json_open(j, NULL, '{');
	gw_json_bool(j, "executionSuccessful", !r->unread);
	gw_json_i64(j, "exitCode", exit_code);
	if (r->left_out)
		put_left_out(j, r->left_out);
	gw_json_close(j, '}');
	gw_json_close(j, ']');
	gw_json_close(j, '}');
	gw_json_close(j, ']');
	gw_json_close(j, '}');
	gw_buf_add_char(r->out, '\n');
}

const struct report_format format_sarif = { "sarif", "SARIF 2.1.0, for code scanning", sarif_begin, sarif_file, sarif_end };
