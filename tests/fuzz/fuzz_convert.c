/* fuzz_convert.c - configurations of other servers from hostile bytes
 *
 * The first byte says which server: '0' kopano-gateway, '1' Dovecot, '2' Courier, '3' Cyrus. The rest is a set of files:
 * a line "\001name" begins the file "/name"; what stands before the first is the main file, and when that is empty the
 * main file is the directory of the others. No disk is touched. What is converted must load without errors, and
 * converting it once more as a gateway.cfg must change nothing; what is refused must say why. */
#include "convert/convert.h"
#include "util/json.h"
#include "util/mem.h"

#include <fnmatch.h>
#include <stdint.h>
#include <stdlib.h>

#define NAMES_MAX 32

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const stores[] = { "local", NULL };

static void check(bool ok)
{
	if (!ok)
		abort();
}

/* Cut the next file off; false at the end. */
static bool next_file(struct gw_slice *rest, struct gw_slice *name, struct gw_slice *body)
{
	gw_slice_take(rest, gw_slice_find(*rest, '\001'));
	if (rest->n == 0)
		return false;
	gw_slice_take(rest, 1);
	*name = gw_slice_take(rest, gw_slice_find(*rest, '\n'));
	if (rest->n)
		gw_slice_take(rest, 1);
	*body = gw_slice(rest->p, gw_slice_find(*rest, '\001'));
	return true;
}

static void give(struct gw_config_stream *ret, const char *path, struct gw_slice body)
{
	gw_config_stream_bytes(ret, gw_xstrdup(path), gw_xslicedup(body), body.n);
}

static int open_input(void *ctx, const char *path, struct gw_config_stream *ret, struct gw_err *err)
{
	struct gw_slice rest = *(struct gw_slice *)ctx, name, body, main_file;

	main_file = gw_slice(rest.p, gw_slice_find(rest, '\001'));
	if (strcmp(path, "/main") == 0) {
		if (main_file.n == 0)
			return gw_fail(err, GW_ENOTSUP, "it is a directory");
		give(ret, path, main_file);
		return 0;
	}
	if (strncmp(path, "/main/", 6) == 0)
		path += 5;
	while (next_file(&rest, &name, &body)) {
		if (*path != '/' || !gw_slice_eq(name, gw_slice_str(path + 1)))
			continue;
		give(ret, path, body);
		return 0;
	}
	return gw_fail(err, GW_ENOENT, "No such file or directory");
}

static int list_input(void *ctx, const char *pattern, size_t max, struct gw_config_names *ret, struct gw_err *err)
{
	struct gw_slice rest = *(struct gw_slice *)ctx, name, body;

	(void)err;
	*ret = (struct gw_config_names){ gw_xcalloc(NAMES_MAX, sizeof *ret->v), 0 };
	if (strlen(pattern) > 64) /* fnmatch(3) takes its time */
		return 0;
	while (next_file(&rest, &name, &body) && ret->n < max && ret->n < NAMES_MAX) {
		char *path = gw_xasprintf("/%.*s", (int)(name.n < 64 ? name.n : 64), name.p);

		if (fnmatch(pattern, path, FNM_PATHNAME) == 0)
			ret->v[ret->n++] = path;
		else
			free(path);
	}
	return 0;
}

static void check_report(const struct gw_diags *d, int rc)
{
	struct gw_buf out;
	struct gw_json j;

	check((rc == 0) == (d->errors == 0));
	gw_buf_init(&out, 0);
	gw_json_init(&j, &out);
	for (size_t i = 0; i < d->n; i++) {
		check(d->v[i].text && *d->v[i].text);
		check(!d->v[i].at.line || d->v[i].at.file);
		gw_diag_put_text(&d->v[i], &out);
		gw_diag_put_json(&d->v[i], NULL, &j);
	}
	gw_buf_done(&out);
}

static int convert(const struct gw_convert_source *src, struct gw_buf *out)
{
	struct gw_diags report;
	int rc;

	gw_diags_init(&report);
	gw_buf_init(out, 0);
	rc = gw_convert(src, out, &report);
	check_report(&report, rc);
	check((rc == 0) == (out->n > 0));
	gw_diags_done(&report);
	return rc;
}

/* The text without comments. */
static void bare(struct gw_slice text, struct gw_buf *out)
{
	gw_buf_init(out, 0);
	while (text.n) {
		struct gw_slice line = gw_slice_take(&text, gw_slice_find(text, '\n'));

		if (text.n)
			gw_slice_take(&text, 1);
		if (line.n && *line.p != '#') {
			gw_buf_add_slice(out, line);
			gw_buf_add_char(out, '\n');
		}
	}
}

static void loads(struct gw_slice text)
{
	struct gw_config *cfg = NULL;
	struct gw_diags d;

	gw_diags_init(&d);
	check(gw_config_load(&(struct gw_config_source){ .path = "/out", .text = &text, .stores = stores }, &cfg, &d) == 0);
	gw_config_unref(cfg);
	gw_diags_done(&d);
}

static void converts_to_itself(const struct gw_buf *out)
{
	struct gw_slice text = gw_buf_slice(out);
	struct gw_config_files files = { open_input, list_input, &text };
	struct gw_buf again, a, b;

	check(!memchr(text.p, '\001', text.n));
	check(convert(&(struct gw_convert_source){ .dialect = GW_DIALECT_KOPANO, .path = "/main", .files = &files,
		.stores = stores }, &again) == 0);
	bare(text, &a);
	bare(gw_buf_slice(&again), &b);
	check(gw_slice_eq(gw_buf_slice(&a), gw_buf_slice(&b)));
	gw_buf_done(&a);
	gw_buf_done(&b);
	gw_buf_done(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct gw_slice all = { (const char *)data + 1, size - 1 };
	struct gw_config_files files = { open_input, list_input, &all };
	struct gw_buf out;

	if (size < 2 || size > (1u << 16))
		return 0;
	if (convert(&(struct gw_convert_source){ .dialect = (enum gw_dialect)(data[0] % GW_DIALECT_COUNT), .path = "/main",
		.files = &files, .stores = stores }, &out) == 0) {
		loads(gw_buf_slice(&out));
		converts_to_itself(&out);
	}
	gw_buf_done(&out);
	return 0;
}
