/* converted.h - conversions of files in memory, for the tests of lib/convert
 *
 * `struct converted` is one conversion with its report. What it printed is loaded again in any case: it must have no
 * errors, and converting it once more as a gateway.cfg must change nothing. */
#ifndef GW_TESTS_CONVERT_CONVERTED_H
#define GW_TESTS_CONVERT_CONVERTED_H

#include "config/codes.h"
#include "convert/convert.h"
#include "tests/unit/unit.h"
#include "util/buf.h"
#include "util/mem.h"

#include <fnmatch.h>
#include <stdio.h>

struct file {
	const char *path; /* a directory when text is NULL */
	const char *text;
};

struct converted {
	struct gw_buf out;
	struct gw_diags report;
	int rc;
	struct gw_config *cfg; /* what was printed, loaded */
};

static const char *const local_stores[] = { "local", NULL };

static inline int open_file(void *ctx, const char *path, struct gw_config_stream *ret, struct gw_err *err)
{
	for (const struct file *f = ctx; f->path; f++) {
		if (strcmp(f->path, path) != 0)
			continue;
		if (!f->text)
			return gw_fail(err, GW_ENOTSUP, "it is a directory");
		gw_config_stream_bytes(ret, gw_xstrdup(path), gw_xstrdup(f->text), strlen(f->text));
		return 0;
	}
	return gw_fail(err, GW_ENOENT, "No such file or directory");
}

static inline int list_files(void *ctx, const char *pattern, size_t max, struct gw_config_names *ret, struct gw_err *err)
{
	(void)err;
	*ret = (struct gw_config_names){ gw_xcalloc(64, sizeof *ret->v), 0 };
	for (const struct file *f = ctx; f->path && ret->n < max && ret->n < 64; f++)
		if (fnmatch(pattern, f->path, FNM_PATHNAME) == 0)
			ret->v[ret->n++] = gw_xstrdup(f->path);
	return 0;
}

static inline const char *report_text(const struct converted *v)
{
	static char text[65536];
	struct gw_buf b;

	gw_buf_init(&b, 0);
	for (size_t i = 0; i < v->report.n; i++)
		gw_diag_put_text(&v->report.v[i], &b);
	snprintf(text, sizeof text, "%s", gw_buf_str(&b));
	gw_buf_done(&b);
	return text;
}

static inline void convert_files(struct converted *v, enum gw_dialect d, const char *path, const struct file *files)
{
	struct gw_config_files table = { open_file, list_files, (void *)files };

	*v = (struct converted){ 0 };
	gw_buf_init(&v->out, 0);
	gw_diags_init(&v->report);
	v->rc = gw_convert(&(struct gw_convert_source){ .dialect = d, .path = path, .files = &table, .stores = local_stores },
		&v->out, &v->report);
	ck_assert_int_eq(v->rc == 0, v->report.errors == 0);
	ck_assert_int_eq(v->rc == 0, v->out.n > 0);
}

/* Lines that are no comments. */
static inline char *bare(const char *text)
{
	char *copy = gw_xalloc(strlen(text) + 1), *end = copy;

	while (*text) {
		size_t n = strcspn(text, "\n") + 1;

		if (*text != '#' && *text != '\n') {
			memcpy(end, text, n);
			end += n;
		}
		text += n;
	}
	return copy;
}

static inline void same_again(struct converted *v)
{
	const struct file again[] = { { "/gateway.cfg", gw_buf_str(&v->out) }, { NULL, NULL } };
	struct converted w;
	char *a, *b;

	convert_files(&w, GW_DIALECT_KOPANO, "/gateway.cfg", again);
	ck_assert_msg(w.rc == 0, "%s", report_text(&w));
	a = bare(gw_buf_str(&v->out));
	b = bare(gw_buf_str(&w.out));
	ck_assert_str_eq(a, b);
	free(a);
	free(b);
	gw_buf_done(&w.out);
	gw_diags_done(&w.report);
}

/* Convert what must be convertible. */
static inline void convert_to(struct converted *v, enum gw_dialect d, const char *path, const struct file *files)
{
	struct gw_slice text;
	struct gw_diags diags;

	convert_files(v, d, path, files);
	ck_assert_msg(v->rc == 0, "%s", report_text(v));
	gw_diags_init(&diags);
	text = gw_buf_slice(&v->out);
	gw_config_load(&(struct gw_config_source){ .path = "out", .text = &text, .stores = local_stores }, &v->cfg, &diags);
	ck_assert_msg(v->cfg != NULL, "%s", gw_buf_str(&v->out));
	gw_diags_done(&diags);
	same_again(v);
}

static inline void convert_text(struct converted *v, enum gw_dialect d, const char *path, const char *text)
{
	const struct file files[] = { { path, text }, { NULL, NULL } };

	convert_to(v, d, path, files);
}

static inline void converted_done(struct converted *v)
{
	gw_config_unref(v->cfg);
	gw_buf_done(&v->out);
	gw_diags_done(&v->report);
}

/* The new file says this of an option. */
static inline void has(struct converted *v, const char *option, const char *value)
{
	ck_assert_msg(strcmp(gw_config_get(v->cfg, option), value) == 0, "%s is \"%s\", not \"%s\":\n%s\n%s", option,
		gw_config_get(v->cfg, option), value, gw_buf_str(&v->out), report_text(v));
}

static inline void has_not(struct converted *v, const char *option)
{
	ck_assert_msg(!gw_config_is_set(v->cfg, gw_option_find(gw_slice_str(option)), NULL), "%s is set:\n%s", option,
		gw_buf_str(&v->out));
}

/* There is a finding of this code in this line (0: anywhere) whose text has this word. */
static inline void reports(const struct converted *v, unsigned code, unsigned line, const char *word)
{
	for (size_t i = 0; i < v->report.n; i++) {
		const struct gw_diag *d = &v->report.v[i];

		if (d->code == code && (!line || d->at.line == line) && strstr(d->text, word))
			return;
	}
	ck_abort_msg("no GW%u in line %u about %s:\n%s", code, line, word, report_text(v));
}

static inline void silent_about(const struct converted *v, const char *word)
{
	ck_assert_msg(!strstr(report_text(v), word), "%s is in the report:\n%s", word, report_text(v));
}

/* What cannot be converted, and why. */
static inline void refuses(enum gw_dialect d, const char *text, unsigned code, unsigned line)
{
	const struct file files[] = { { "/x/file", text }, { NULL, NULL } };
	struct converted v;

	convert_files(&v, d, "/x/file", files);
	ck_assert_msg(v.rc == GW_EINVAL, "%s is accepted:\n%s", text, gw_buf_str(&v.out));
	ck_assert_uint_ge(v.report.errors, 1);
	reports(&v, code, line, "");
	converted_done(&v);
}

#endif
