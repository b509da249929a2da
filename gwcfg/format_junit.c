/* format_junit.c - findings as JUnit XML, which build servers show
 *
 * One testsuite a file, one testcase a finding; a file without any has one testcase that passes. Errors are failures,
 * warnings too with -W error; others pass and have their text as output. What XML 1.0 (section 2.2) cannot hold is left
 * out, and bytes that are not UTF-8 become U+FFFD. */
#include "gwcfg/report.h"

#include "util/utf8.h"

/* ---- XML ---- */

static void put_character(struct gw_buf *out, uint32_t cp, struct gw_slice bytes)
{
	if (cp == '&')
		gw_buf_printf(out, "&amp;");
	else if (cp == '<')
		gw_buf_printf(out, "&lt;");
	else if (cp == '>')
		gw_buf_printf(out, "&gt;");
	else if (cp == '"')
		gw_buf_printf(out, "&quot;");
	else if (cp >= 0x7F && cp < 0xA0) /* allowed, but a command to a terminal */
		gw_buf_printf(out, "&#%u;", (unsigned)cp);
	else if (cp >= 0x20 && cp != 0xFFFE && cp != 0xFFFF)
		gw_buf_add_slice(out, bytes);
}

/* attribute: line ends and tabs would be read as blanks (XML 1.0 section 3.3.3). */
static void put_xml(struct gw_buf *out, struct gw_slice s, bool attribute)
{
	while (s.n) {
		struct gw_slice before = s;
		uint32_t cp;

		if (!gw_utf8_next(&s, &cp))
			gw_buf_printf(out, "\xEF\xBF\xBD");
		else if (cp == '\n' || cp == '\t')
			gw_buf_printf(out, attribute ? "&#%u;" : "%c", (unsigned)cp);
		else
			put_character(out, cp, gw_slice(before.p, before.n - s.n));
	}
}

static void put_attribute(struct gw_buf *out, const char *name, const char *value)
{
	gw_buf_printf(out, " %s=\"", name);
	put_xml(out, gw_slice_str(value), true);
	gw_buf_add_char(out, '"');
}

/* ---- testcases ---- */

static bool fails(const struct report *r, const struct gw_diag *d)
{
	return d->severity == GW_ERROR || (d->severity == GW_WARNING && r->warnings_fail);
}

/* "a.cfg:7:13: GW1005", which no other finding of the file has unless it is at the same place. */
static void put_name(const struct gw_diag *d, struct gw_buf *out)
{
	struct gw_buf b;
	char id[16];

	report_code(d->code, id);
	gw_buf_init(&b, 0);
	gw_diag_put_place(d, &b);
	gw_buf_printf(&b, "%s%s%s", id, d->option ? " " : "", d->option ? d->option->name : "");
	put_attribute(out, "name", gw_buf_str(&b));
	gw_buf_done(&b);
}

static void put_case(struct report *r, const char *path, const struct gw_diag *d)
{
	const char *element = fails(r, d) ? "failure" : "system-out";
	struct gw_buf b;
	char id[16];

	report_code(d->code, id);
	gw_buf_printf(&r->rest, "    <testcase");
	put_attribute(&r->rest, "classname", path);
	put_name(d, &r->rest);
	gw_buf_printf(&r->rest, ">\n      <%s", element);
	if (fails(r, d)) {
		put_attribute(&r->rest, "type", id);
		put_attribute(&r->rest, "message", d->text);
	}
	gw_buf_init(&b, 0);
	render_diag(d, false, &b);
	gw_buf_add_char(&r->rest, '>');
	put_xml(&r->rest, gw_buf_slice(&b), false);
	gw_buf_printf(&r->rest, "</%s>\n    </testcase>\n", element);
	gw_buf_done(&b);
}

static void junit_begin(struct report *r)
{
	gw_buf_init(&r->rest, 0);
}

static void count(const struct report *r, const struct result *result, size_t *tests, size_t *failures)
{
	*tests = *failures = 0;
	for (size_t i = 0; i < result->diags.n; i++) {
		*tests += report_wants(r, &result->diags.v[i]);
		*failures += fails(r, &result->diags.v[i]);
	}
}

/* A case without a place. */
static void put_simple(struct report *r, const char *path, const char *name, bool failed)
{
	gw_buf_printf(&r->rest, "    <testcase");
	put_attribute(&r->rest, "classname", path);
	put_attribute(&r->rest, "name", name);
	gw_buf_printf(&r->rest, failed ? "><failure/></testcase>\n" : "/>\n");
}

static void junit_file(struct report *r, const struct result *result)
{
	size_t left_out = report_left_out(&result->diags), tests, failures;
	char text[64];

	count(r, result, &tests, &failures);
	tests += left_out > 0;
	failures += left_out > 0;
	gw_buf_printf(&r->rest, "  <testsuite");
	put_attribute(&r->rest, "name", result->path);
	gw_buf_printf(&r->rest, " tests=\"%zu\" failures=\"%zu\" errors=\"0\" skipped=\"0\">\n", tests ? tests : 1, failures);
	for (size_t i = 0; i < result->diags.n; i++)
		if (report_wants(r, &result->diags.v[i]))
			put_case(r, result->path, &result->diags.v[i]);
	snprintf(text, sizeof text, "%zu findings are not shown", left_out);
	if (left_out)
		put_simple(r, result->path, text, true);
	if (!tests)
		put_simple(r, result->path, "nothing wrong", false);
	gw_buf_printf(&r->rest, "  </testsuite>\n");
	r->tests += tests ? tests : 1;
	r->failures += failures;
}

static void junit_end(struct report *r, int exit_code)
{
	(void)exit_code;
	gw_buf_printf(r->out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
	gw_buf_printf(r->out, "<testsuites name=\"gwcfg check\" tests=\"%zu\" failures=\"%zu\" errors=\"0\">\n", r->tests, r->failures);
	gw_buf_add_slice(r->out, gw_buf_slice(&r->rest));
	gw_buf_printf(r->out, "</testsuites>\n");
	gw_buf_done(&r->rest);
}

const struct report_format format_junit = { "junit", "JUnit XML, for build servers", junit_begin, junit_file, junit_end };
