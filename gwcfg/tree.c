/* tree.c - the files of a configuration, to be changed (see tree.h) */
#include "gwcfg/tree.h"

#include "config/codes.h"
#include "gwcfg/udiff.h"
#include "gwcfg/write.h"
#include "util/hash.h"
#include "util/json.h"
#include "util/mem.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct gw_hash_key key; /* the paths are the administrator's own */

/* ---- the files ---- */

static size_t *slot_of(struct tree *c, const char *real)
{
	size_t i = gw_hash(key, gw_slice_str(real)) & (c->index_cap - 1);

	while (c->index[i] && strcmp(c->v[c->index[i] - 1]->real, real) != 0)
		i = (i + 1) & (c->index_cap - 1);
	return &c->index[i];
}

static void grow_index(struct tree *c)
{
	free(c->index);
	c->index_cap = c->index_cap ? c->index_cap * 2 : 64;
	c->index = gw_xcalloc(c->index_cap, sizeof *c->index);
	for (size_t i = 0; i < c->n; i++)
		if (c->v[i]->real)
			*slot_of(c, c->v[i]->real) = i + 1;
}

/* Takes real and the memory of text, which is empty afterwards. */
static struct tree_file *add_file(struct tree *c, const char *name, char *real, struct gw_buf *text)
{
	struct tree_file *f = gw_xalloc(sizeof *f);

	if (c->n == c->cap) {
		c->cap = c->cap ? c->cap * 2 : 16;
		c->v = gw_xrealloc(c->v, c->cap, sizeof(struct tree_file *));
	}
	*f = (struct tree_file){ .name = gw_xstrdup(name), .real = real, .text = *text };
	f->was = gw_buf_slice(&f->text);
	gw_buf_init(text, 0);
	gw_buf_init(&f->now, 0);
	gw_edits_init(&f->edits);
	c->v[c->n++] = f;
	if (c->n * 2 >= c->index_cap)
		grow_index(c);
	else if (real)
		*slot_of(c, real) = c->n;
	return f;
}

static int read_stream(struct gw_config_stream *in, struct gw_buf *b, struct gw_err *err)
{
	size_t n = 1;
	int rc = 0;

	while (rc == 0 && n) {
		char *room = gw_buf_room(b, 65536);

		if (!room)
			return gw_fail(err, GW_ELIMIT, "it is larger than %zu bytes", b->max);
		rc = in->read(in->ctx, room, 65536, &n, err);
		if (rc == 0)
			b->n += n;
	}
	return rc;
}

/* A file that was not read before: keep it. NULL with a sentence, whose code is negative. */
static struct tree_file *read_new(struct tree *c, const char *path, struct gw_config_stream *in, struct gw_err *err)
{
	struct tree_file *f = NULL;
	struct gw_buf b;
	int rc;

	gw_buf_init(&b, GW_CONFIG_BYTES_MAX);
	rc = read_stream(in, &b, err);
	if (in->close(in->ctx, rc < 0 ? NULL : err) == 0 && rc == 0)
		f = add_file(c, path, in->real_path, &b);
	else
		free(in->real_path);
	gw_buf_done(&b);
	return f;
}

/* A stream over the text of a file, which stays as long as the tree does not change. */
struct reading {
	struct gw_slice rest;
};

static int read_kept(void *ctx, char *buf, size_t cap, size_t *n, struct gw_err *err)
{
	struct reading *r = ctx;

	(void)err;
	*n = r->rest.n < cap ? r->rest.n : cap;
	memcpy(buf, gw_slice_take(&r->rest, *n).p, *n);
	return 0;
}

static int close_kept(void *ctx, struct gw_err *err)
{
	(void)err;
	free(ctx);
	return 0;
}

static void stream_of(const struct tree_file *f, struct gw_config_stream *ret)
{
	struct reading *r = gw_xalloc(sizeof *r);

	r->rest = tree_text(f);
	*ret = (struct gw_config_stream){ gw_xstrdup(f->real), r, read_kept, close_kept };
}

static int open_kept(void *ctx, const char *path, struct gw_config_stream *ret, struct gw_err *err)
{
	struct tree *c = ctx;
	struct gw_config_stream in;
	struct tree_file *f;
	size_t known;
	int rc = gw_config_disk.open(NULL, path, &in, err);

	if (rc < 0)
		return rc;
	known = *slot_of(c, in.real_path);
	if (known) {
		f = c->v[known - 1];
		in.close(in.ctx, NULL);
		free(in.real_path);
	} else {
		f = read_new(c, path, &in, err);
	}
	if (!f)
		return gw_err_failed(err->code);
	stream_of(f, ret);
	return 0;
}

static int list_disk(void *ctx, const char *path, size_t max, struct gw_config_names *ret, struct gw_err *err)
{
	(void)ctx;
	return gw_config_disk.list(NULL, path, max, ret, err);
}

int tree_open(struct tree *c, const char *verb, const char *path,
	void (*line)(void *ctx, const struct gw_config_line *line), void *line_ctx)
{
	*c = (struct tree){ .verb = verb, .files = { open_kept, list_disk, c } };
	grow_index(c);
	c->in = (struct input){ .path = path, .any_store = true, .files = &c->files, .line = line, .line_ctx = line_ctx };
	input_read(&c->in, &c->before);
	if (c->n)
		return 0;
	if (c->before.rc < 0)
		return result_refuse(&c->before);
	complain("gwcfg %s: there is no %s", verb, c->before.path);
	return EXIT_NO_INPUT;
}

int tree_open_stdin(struct tree *c, const char *verb)
{
	struct gw_buf b;
	ssize_t n = 1;

	*c = (struct tree){ .verb = verb };
	gw_diags_init(&c->before.diags);
	gw_buf_init(&b, GW_CONFIG_BYTES_MAX);
	while (n > 0) {
		char *room = gw_buf_room(&b, 65536);

		n = room ? read(STDIN_FILENO, room, 65536) : -1;
		if (n > 0)
			b.n += (size_t)n;
		else if (n < 0 && errno == EINTR)
			n = 1;
	}
	add_file(c, "(standard input)", NULL, &b);
	gw_buf_done(&b);
	if (n < 0)
		complain("gwcfg %s: cannot read standard input: %s", verb, strerror(errno));
	return n < 0 ? EXIT_IO : 0;
}

void tree_done(struct tree *c)
{
	for (size_t i = 0; i < c->n; i++) {
		free(c->v[i]->name);
		free(c->v[i]->real);
		gw_buf_done(&c->v[i]->text);
		gw_buf_done(&c->v[i]->now);
		gw_edits_done(&c->v[i]->edits);
		free(c->v[i]);
	}
	free(c->v);
	free(c->index);
	result_done(&c->before);
}

struct tree_file *tree_find(const struct tree *c, const char *path)
{
	struct tree_file *found = NULL;
	char *real;

	for (size_t i = 0; i < c->n; i++)
		if (strcmp(c->v[i]->name, path) == 0)
			return c->v[i];
	real = realpath(path, NULL);
	for (size_t i = 0; real && !found && i < c->n; i++)
		if (c->v[i]->real && strcmp(c->v[i]->real, real) == 0)
			found = c->v[i];
	free(real);
	return found;
}

struct gw_slice tree_text(const struct tree_file *f)
{
	return f->changed ? gw_buf_slice(&f->now) : f->was;
}

void tree_put(struct tree_file *f, struct gw_buf *now)
{
	gw_buf_done(&f->now);
	f->now = *now;
	gw_buf_init(now, 0);
	f->changed = !gw_slice_eq(gw_buf_slice(&f->now), f->was);
}

bool tree_changed(const struct tree *c)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->v[i]->changed)
			return true;
	return false;
}

/* ---- checking ---- */

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static bool known(const struct gw_diags *before, const struct gw_diag *d)
{
	for (size_t i = 0; i < before->n; i++) {
		const struct gw_diag *b = &before->v[i];

		if (b->code == d->code && b->option == d->option && same_text(b->at.file, d->at.file) && same_text(b->text, d->text))
			return true;
	}
	return false;
}

/* How many errors after has that before has not. They are shown, and warnings that are new too. */
static size_t new_errors(const struct gw_diags *before, const struct gw_diags *after)
{
	struct gw_buf b;
	size_t n = 0;

	gw_buf_init(&b, 0);
	for (size_t i = 0; i < after->n; i++) {
		const struct gw_diag *d = &after->v[i];

		if (d->severity == GW_NOTE || known(before, d))
			continue;
		render_diag(d, false, &b);
		n += d->severity == GW_ERROR;
	}
	fputs(gw_buf_str(&b), stderr);
	gw_buf_done(&b);
	return n ? n : after->errors > before->errors ? after->errors - before->errors : 0;
}

bool tree_same_values(const struct gw_config *was, const struct gw_config *now)
{
	return gw_config_diff(was, now, NULL, 0) == 0;
}

int tree_check(struct tree *c, tree_same_fn *same, struct result *after)
{
	size_t n;

	c->in.line = NULL;
	input_read(&c->in, after);
	n = new_errors(&c->before.diags, &after->diags);
	if (n) {
		complain("gwcfg %s: nothing was changed: there would be %zu new error%s", c->verb, n, n == 1 ? "" : "s");
		return EXIT_ERRORS;
	}
	if (same && c->before.cfg && (!after->cfg || !same(c->before.cfg, after->cfg))) {
		complain("gwcfg %s: nothing was changed: the configuration would mean something else", c->verb);
		return EXIT_ERRORS;
	}
	return 0;
}

/* ---- writing ---- */

static int write_error(const struct tree *c, const char *path, const struct gw_err *err)
{
	complain("gwcfg %s: %s: %s", c->verb, path, err->text);
	return err->code == GW_EACCES ? EXIT_NO_PERMISSION : EXIT_IO;
}

static int prepare_all(struct tree *c, struct write_job *jobs, size_t *n)
{
	struct gw_err err = { 0 };

	for (size_t i = 0; i < c->n; i++) {
		struct tree_file *f = c->v[i];

		if (!f->changed)
			continue;
		if (write_prepare(&jobs[*n], f->real, f->was, gw_buf_slice(&f->now), &err) < 0)
			return write_error(c, f->name, &err);
		(*n)++;
	}
	return 0;
}

int tree_write(struct tree *c)
{
	struct write_job *jobs = gw_xcalloc(c->n + 1, sizeof *jobs);
	struct gw_err err = { 0 };
	size_t n = 0;
	int code = prepare_all(c, jobs, &n);

	for (size_t i = 0; i < n; i++) {
		if (code == 0 && write_commit(&jobs[i], &err) < 0) {
			code = write_error(c, jobs[i].path, &err);
			if (i)
				complain("gwcfg %s: %zu file%s before it had been written already", c->verb, i, i == 1 ? "" : "s");
		}
		write_done(&jobs[i]);
	}
	free(jobs);
	return code;
}

/* ---- showing ---- */

void tree_put_diff(const struct tree *c, struct gw_buf *out)
{
	struct udiff_style style = { .color = render_color(), .safe = isatty(STDOUT_FILENO) };

	for (size_t i = 0; i < c->n; i++)
		udiff(c->v[i]->name, c->v[i]->was, tree_text(c->v[i]), &style, out);
}

void tree_put_json(const struct tree *c, bool written, struct gw_json *j)
{
	size_t left = 0;

	for (size_t i = 0; i < c->n; i++)
		left += c->v[i]->edits.left;
	gw_json_bool(j, "changes", tree_changed(c));
	gw_json_bool(j, "written", written);
	gw_json_u64(j, "left", left);
	gw_json_open(j, "edits", '[');
	for (size_t i = 0; i < c->n; i++)
		for (size_t k = 0; k < c->v[i]->edits.n; k++)
			gw_edit_put_json(&c->v[i]->edits.v[k], c->v[i]->name, NULL, j);
	gw_json_close(j, ']');
}
