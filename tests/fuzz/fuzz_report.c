/* fuzz_report.c - what gwcfg check prints of hostile files (gwcfg/format_*.c, gwcfg/render.c)
 *
 * The input is the main file; what stands behind the first "\001" is every file that it includes. Text has no control
 * characters, JSON and SARIF are JSON (RFC 8259), JUnit is well-formed XML 1.0 as far as such a program writes it, and
 * all of them are UTF-8. */
#include "gwcfg/report.h"

#include "util/mem.h"
#include "util/utf8.h"

#include <stdint.h>
#include <stdlib.h>

#define DEPTH_MAX 32

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char file_name[] = "a \"<&>\xFF:\033%.cfg";

static void check(bool ok)
{
	if (!ok)
		abort();
}

static int open_rest(void *ctx, const char *path, struct gw_config_stream *ret, struct gw_err *err)
{
	const struct gw_slice *rest = ctx;

	(void)err;
	gw_config_stream_bytes(ret, gw_xstrdup(path), gw_xslicedup(*rest), rest->n);
	return 0;
}

/* ---- text ---- */

static void check_text(struct gw_slice s)
{
	uint32_t cp;

	while (s.n) {
		check(gw_utf8_next(&s, &cp));
		check(cp == '\n' || (cp >= 0x20 && cp != 0x7F && !(cp >= 0x80 && cp < 0xA0)));
	}
}

/* ---- JSON ---- */

static bool take(struct gw_slice *s, const char *word)
{
	size_t n = strlen(word);

	if (s->n < n || memcmp(s->p, word, n) != 0)
		return false;
	gw_slice_take(s, n);
	return true;
}

static void json_string(struct gw_slice *s)
{
	check(take(s, "\""));
	while (!take(s, "\"")) {
		uint32_t cp = 0;

		check(s->n && gw_utf8_next(s, &cp) && cp >= 0x20);
		if (cp == '\\') {
			check(s->n && strchr("\"\\/bfnrtu", *s->p));
			gw_slice_take(s, 1);
		}
	}
}

static void json_value(struct gw_slice *s, int depth)
{
	bool object = s->n && *s->p == '{';
	const char *end = object ? "}" : "]";

	check(depth < DEPTH_MAX && s->n);
	if (*s->p == '"') {
		json_string(s);
	} else if (object || *s->p == '[') {
		gw_slice_take(s, 1);
		for (bool first = true; !take(s, end); first = false) {
			check(first || take(s, ","));
			if (object) {
				json_string(s);
				check(take(s, ":"));
			}
			json_value(s, depth + 1);
		}
	} else if (!take(s, "true") && !take(s, "false") && !take(s, "null")) {
		check(s->n && (*s->p == '-' || (*s->p >= '0' && *s->p <= '9')));
		while (s->n && (*s->p == '-' || (*s->p >= '0' && *s->p <= '9')))
			gw_slice_take(s, 1);
	}
}

static void check_json(struct gw_slice s)
{
	json_value(&s, 0);
	check(gw_slice_eq(s, GW_S("\n")));
}

/* ---- XML ---- */

/* "&#155;": 127 to 159, which would be a command to a terminal. */
static bool xml_number(struct gw_slice *s)
{
	unsigned v = 0;

	if (!take(s, "&#"))
		return false;
	for (; s->n && *s->p >= '0' && *s->p <= '9' && v < 1000; gw_slice_take(s, 1))
		v = v * 10 + (unsigned)(*s->p - '0');
	return v >= 0x7F && v < 0xA0 && take(s, ";");
}

static bool xml_entity(struct gw_slice *s)
{
	static const char *const known[] = { "&amp;", "&lt;", "&gt;", "&quot;", "&#10;", "&#9;" };

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (take(s, known[i]))
			return true;
	return xml_number(s);
}

static void xml_character(struct gw_slice *s)
{
	uint32_t cp;

	if (*s->p == '&') {
		check(xml_entity(s));
		return;
	}
	check(gw_utf8_next(s, &cp));
	check(cp == '\n' || cp == '\t' || (cp >= 0x20 && !(cp >= 0x7F && cp < 0xA0) && cp != 0xFFFE && cp != 0xFFFF));
}

static struct gw_slice xml_name(struct gw_slice *s)
{
	size_t n = 0;

	while (n < s->n && ((s->p[n] >= 'a' && s->p[n] <= 'z') || s->p[n] == '-'))
		n++;
	check(n > 0);
	return gw_slice_take(s, n);
}

/* The attributes of a tag and its end; false when the element ends with it. */
static bool xml_attributes(struct gw_slice *s)
{
	while (take(s, " ")) {
		xml_name(s);
		check(take(s, "=\""));
		while (!take(s, "\"")) {
			check(s->n && *s->p != '<' && *s->p != '\n' && *s->p != '\t');
			xml_character(s);
		}
	}
	if (take(s, "/>"))
		return false;
	check(take(s, ">"));
	return true;
}

static void check_xml(struct gw_slice s)
{
	struct gw_slice open[DEPTH_MAX];
	int depth = 0;

	check(take(&s, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"));
	do {
		if (take(&s, "</")) {
			struct gw_slice name = xml_name(&s);

			check(depth > 0 && gw_slice_eq(name, open[--depth]) && take(&s, ">"));
		} else if (take(&s, "<")) {
			check(depth < DEPTH_MAX);
			open[depth] = xml_name(&s);
			depth += xml_attributes(&s);
		} else {
			check(s.n > 0);
			xml_character(&s);
		}
	} while (depth);
	check(gw_slice_eq(s, GW_S("\n")));
}

/* ---- all forms ---- */

static void print(const struct report_format *format, const struct result *result, bool strict, void (*judge)(struct gw_slice s))
{
	struct gw_buf out;
	struct report r = { .out = &out, .quiet = strict, .warnings_fail = strict };

	gw_buf_init(&out, 0);
	gw_json_init(&r.json, &out);
	format->begin(&r);
	format->file(&r, result);
	format->file(&r, result);
	format->end(&r, 1);
	judge(gw_buf_slice(&out));
	gw_buf_done(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct gw_slice rest = { (const char *)data, size }, main = gw_slice_take(&rest, gw_slice_find(rest, '\001'));
	struct gw_config_files files = { .open = open_rest, .ctx = &rest };
	struct gw_config_source src = { .path = file_name, .text = &main, .files = &files };
	struct result result = { .path = (char *)file_name };

	if (rest.n)
		gw_slice_take(&rest, 1);
	gw_diags_init(&result.diags);
	result.rc = gw_config_load(&src, &result.cfg, &result.diags);
	for (int strict = 0; strict < 2; strict++) {
		print(&format_text, &result, strict, check_text);
		print(&format_json, &result, strict, check_json);
		print(&format_sarif, &result, strict, check_json);
		print(&format_junit, &result, strict, check_xml);
	}
	gw_config_unref(result.cfg);
	gw_diags_done(&result.diags);
	return 0;
}
