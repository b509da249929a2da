/* load.h - loading configurations from text in the tests of lib/config
 *
 * `struct loaded` is one load with its findings; files that are included come from a table in memory. */
#ifndef GW_TESTS_CONFIG_LOAD_H
#define GW_TESTS_CONFIG_LOAD_H

#include "config/codes.h"
#include "config/config.h"
#include "tests/unit/unit.h"
#include "util/buf.h"
#include "util/mem.h"

#include <stdio.h>

struct file {
	const char *path; /* real path */
	const char *text;
};

struct loaded {
	struct gw_config *cfg;
	struct gw_diags diags;
	int rc;
	bool plaintext; /* the note that clients may log in without TLS was there; it is not among the findings */
};

static inline const char *test_env(void *ctx, const char *name)
{
	(void)ctx;
	if (strcmp(name, "SIZE") == 0)
		return " 16M ";
	if (strcmp(name, "TWO_LINES") == 0)
		return "a\nlog_level = 6";
	if (strcmp(name, "DB_PASSWORD") == 0)
		return "xyzzy";
	if (strcmp(name, "LISTEN") == 0)
		return "*:143 nonsense";
	if (strcmp(name, "NESTED") == 0)
		return "$SIZE";
	if (strcmp(name, "EMPTY") == 0)
		return "";
	return strcmp(name, "PORT") == 0 ? "1143" : NULL;
}

/* A reader over a table that ends with path NULL; "/link/x" is a symbolic link to "/real/x". */
static inline int open_table(void *ctx, const char *path, struct gw_config_stream *ret, struct gw_err *err)
{
	char real[512];

	snprintf(real, sizeof real, "%s%s", strncmp(path, "/link/", 6) ? "" : "/real/", path + (strncmp(path, "/link/", 6) ? 0 : 6));
	for (const struct file *f = ctx; f && f->path; f++) {
		if (strcmp(f->path, real) != 0)
			continue;
		gw_config_stream_bytes(ret, gw_xstrdup(real), gw_xstrdup(f->text), strlen(f->text));
		return 0;
	}
	return gw_fail(err, GW_ENOENT, "No such file or directory");
}

/* Nearly every text here serves the world without a word of disable_plaintext_auth. */
static inline bool take_out_plaintext(struct gw_diags *d)
{
	for (size_t i = 0; i < d->n; i++) {
		if (d->v[i].code != CONFIG_N_PLAINTEXT)
			continue;
		memmove(&d->v[i], &d->v[i + 1], (--d->n - i) * sizeof *d->v);
		d->notes--;
		return true;
	}
	return false;
}

static inline void load_source(struct loaded *l, const struct gw_config_source *src)
{
	*l = (struct loaded){ 0 };
	gw_diags_init(&l->diags);
	l->rc = gw_config_load(src, &l->cfg, &l->diags);
	l->plaintext = take_out_plaintext(&l->diags);
	ck_assert_int_eq(l->rc == 0, l->cfg != NULL);
	ck_assert_int_eq(l->rc == 0, l->diags.errors == 0);
}

static inline void load_bytes(struct loaded *l, const char *p, size_t n)
{
	struct gw_slice text = gw_slice(p, n);

	struct gw_config_files none = { .open = open_table };

	load_source(l, &(struct gw_config_source){ .path = "t.cfg", .text = &text, .env = test_env, .files = &none });
}

static inline void load_text(struct loaded *l, const char *text)
{
	load_bytes(l, text, strlen(text));
}

static inline void load_files(struct loaded *l, const char *path, const struct file *files)
{
	struct gw_config_files table = { .open = open_table, .ctx = (void *)files };

	load_source(l, &(struct gw_config_source){ .path = path, .env = test_env, .files = &table });
}

static inline void load_done(struct loaded *l)
{
	gw_config_unref(l->cfg);
	gw_diags_done(&l->diags);
}

/* The first finding of a code, or NULL. */
static inline const struct gw_diag *finding(const struct loaded *l, unsigned code)
{
	for (size_t i = 0; i < l->diags.n; i++)
		if (l->diags.v[i].code == code)
			return &l->diags.v[i];
	return NULL;
}

static inline const char *all_text(const struct loaded *l)
{
	static char text[16384];
	struct gw_buf b;

	gw_buf_init(&b, 0);
	for (size_t i = 0; i < l->diags.n; i++)
		gw_diag_put_text(&l->diags.v[i], &b);
	snprintf(text, sizeof text, "%s", gw_buf_str(&b));
	gw_buf_done(&b);
	return text;
}

/* The text loads, and with exactly this finding (0: none at all). */
static inline void accepts(const char *text, unsigned code, const char *option, const char *value)
{
	struct loaded l;

	load_text(&l, text);
	ck_assert_msg(l.rc == 0, "%s refused: %s", text, all_text(&l));
	ck_assert_msg(code ? finding(&l, code) != NULL : l.diags.n == 0, "%s: expected %u, have: %s", text, code, all_text(&l));
	ck_assert_str_eq(gw_config_get(l.cfg, option), value);
	load_done(&l);
}

/* The text is refused with this finding at this line and column. */
static inline void refuses(const char *text, unsigned code, unsigned line, unsigned column)
{
	struct loaded l;
	const struct gw_diag *d;

	load_text(&l, text);
	ck_assert_msg(l.rc == GW_EINVAL, "%s accepted", text);
	d = finding(&l, code);
	ck_assert_msg(d != NULL, "%s: expected %u, have: %s", text, code, all_text(&l));
	ck_assert_uint_eq(d->severity, GW_ERROR);
	ck_assert_uint_eq(d->at.line, line);
	ck_assert_uint_eq(d->at.column, column);
	load_done(&l);
}

#endif
