/* format_text.c - findings for people, and as plain JSON */
#include "gwcfg/report.h"

/* ---- text ---- */

static void put_count(struct gw_buf *out, size_t n, const char *word, const char *before)
{
	if (n)
		gw_buf_printf(out, "%s%zu %s%s", before, n, word, n == 1 ? "" : "s");
}

static void text_file(struct report *r, const struct result *result)
{
	const struct gw_diags *d = &result->diags;

	for (size_t i = 0; i < d->n; i++)
		if (report_wants(r, &d->v[i]))
			render_diag(&d->v[i], r->color, r->out);
	if (r->quiet)
		return;
	gw_diag_put_safe(r->out, gw_slice_str(result->path));
	gw_buf_printf(r->out, ": ");
	put_count(r->out, d->errors, "error", "");
	put_count(r->out, d->warnings, "warning", d->errors ? ", " : "");
	gw_buf_printf(r->out, d->errors || d->warnings ? "" : "nothing wrong");
	put_count(r->out, d->notes, "note", ", ");
	if (report_left_out(d))
		gw_buf_printf(r->out, "; %zu findings are not shown", report_left_out(d));
	gw_buf_add_char(r->out, '\n');
}

static void nothing(struct report *r)
{
	(void)r;
}

static void nothing_more(struct report *r, int exit_code)
{
	(void)r;
	(void)exit_code;
}

const struct report_format format_text = { "text", "for people", nothing, text_file, nothing_more };

/* ---- JSON ---- */

static void json_begin(struct report *r)
{
	gw_json_open(&r->json, NULL, '[');
}

static void json_file(struct report *r, const struct result *result)
{
	struct gw_json *j = &r->json;

	gw_json_open(j, NULL, '{');
	gw_json_str(j, "file", result->path);
	gw_json_u64(j, "errors", result->diags.errors);
	gw_json_u64(j, "warnings", result->diags.warnings);
	gw_json_u64(j, "notes", result->diags.notes);
	gw_json_open(j, "findings", '[');
	for (size_t i = 0; i < result->diags.n; i++)
		if (report_wants(r, &result->diags.v[i]))
			gw_diag_put_json(&result->diags.v[i], NULL, j);
	gw_json_close(j, ']');
	gw_json_close(j, '}');
}

static void json_end(struct report *r, int exit_code)
{
	(void)exit_code;
	gw_json_close(&r->json, ']');
	gw_buf_add_char(r->out, '\n');
}

const struct report_format format_json = { "json", "one object a file", json_begin, json_file, json_end };
