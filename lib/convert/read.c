/* read.c - the files of the other server, within bounds */
#include "convert/priv.h"

#include "util/mem.h"

#include <stdlib.h>

/* ---- reading ---- */

static void fail(struct conv *c, int rc)
{
	if (c->rc == 0)
		c->rc = rc == GW_ENOENT || rc == GW_EACCES || rc == GW_EIO ? rc : GW_EINVAL;
}

static const struct gw_config_files *files_of(const struct conv *c)
{
	return c->src->files ? c->src->files : &gw_config_disk;
}

/* Read, unless it is the file that was looked at before: standard input gives its bytes only once. */
static int read_once(struct conv *c, const char *path, struct gw_config_file *ret, struct gw_err *err)
{
	struct conv_peek *p = &c->peek;
	int rc;

	if (!p->path || strcmp(p->path, path) != 0)
		return gw_config_read_file(files_of(c), path, GW_CONVERT_BYTES_MAX, ret, err);
	*ret = p->file;
	*err = p->err;
	rc = p->rc;
	p->path = NULL;
	return rc;
}

bool conv_is_directory(struct conv *c, const char *path)
{
	struct conv_peek *p = &c->peek;

	p->rc = gw_config_read_file(files_of(c), path, GW_CONVERT_BYTES_MAX, &p->file, &p->err);
	p->path = path;
	return p->rc == GW_ENOTSUP;
}

void conv_peek_done(struct conv *c)
{
	if (!c->peek.path || c->peek.rc < 0)
		return;
	free(c->peek.file.bytes);
	free(c->peek.file.real_path);
}

static bool within_bounds(struct conv *c, const char *path, const struct conv_at *from)
{
	size_t depth = from && from->file ? from->file->n_chain + 1 : 0;

	if (c->files < GW_CONVERT_FILES_MAX && c->bytes < GW_CONVERT_BYTES_MAX && depth < GW_CONVERT_DEPTH_MAX)
		return true;
	conv_find(c, CONFIG_E_FILES, from, NULL, path, NULL,
		"\"%.200s\" is not read: the files are too many, too large or include "
		"each other too deeply", path);
	fail(c, GW_EINVAL);
	return false;
}

static const struct conv_file *keep(struct conv *c, const char *path, const struct gw_config_file *f,
	const struct conv_at *from)
{
	struct conv_file *file = gw_arena_alloc(&c->arena, sizeof *file);
	size_t n = from && from->file ? from->file->n_chain : 0;
	struct gw_place *chain = gw_arena_calloc(&c->arena, n + 1, sizeof *chain);

	file->name = gw_arena_str(&c->arena, gw_slice_str(path));
	file->text = gw_slice(f->bytes, f->n);
	file->chain = chain;
	if (from && from->file) {
		chain[0] = (struct gw_place){ from->file->name, from->line, 0 };
		memcpy(chain + 1, from->file->chain, n * sizeof *chain);
		file->n_chain = n + 1;
	}
	gw_arena_defer(&c->arena, free, f->bytes);
	free(f->real_path);
	c->files++;
	c->bytes += f->n;
	return file;
}

/* A mark at the begin is skipped; bytes that no configuration has are an error. */
static const struct conv_file *sane(struct conv *c, struct conv_file *file)
{
	const char *nul = memchr(file->text.p, '\0', file->text.n);
	struct conv_at at = { .file = file };

	if (file->text.n >= 3 && memcmp(file->text.p, "\xEF\xBB\xBF", 3) == 0)
		gw_slice_take(&file->text, 3);
	if (!nul)
		return file;
	conv_find(c, CONFIG_E_NUL, &at, NULL, NULL, NULL, "there is a NUL byte in the file");
	fail(c, GW_EINVAL);
	return NULL;
}

const struct conv_file *conv_read(struct conv *c, const char *path, const struct conv_at *from, bool missing_ok)
{
	struct gw_config_file f = { 0 };
	struct gw_err err = { 0 };
	struct conv_file named = { .name = path };
	struct conv_at main_file = { .file = &named };
	int rc;

	if (!within_bounds(c, path, from))
		return NULL;
	rc = read_once(c, path, &f, &err);
	if (rc == 0)
		return sane(c, (struct conv_file *)keep(c, path, &f, from));
	if (rc == GW_ENOENT && missing_ok)
		return NULL;
	conv_find(c, from ? CONFIG_E_INCLUDE : CONFIG_E_MAIN_FILE, from ? from : &main_file, NULL, path, NULL,
		"cannot read \"%.200s\": %s", path, err.text);
	fail(c, from ? GW_EINVAL : rc);
	return NULL;
}

size_t conv_list(struct conv *c, const char *pattern, const struct conv_at *from, const char *const **ret)
{
	const struct gw_config_files *files = files_of(c);
	struct gw_config_names names = { 0 };
	struct gw_err err = { 0 };
	const char **copy;
	size_t n;

	if (files->list && files->list(files->ctx, pattern, GW_CONVERT_FILES_MAX, &names, &err) < 0) {
		conv_find(c, CONFIG_E_INCLUDE, from, NULL, pattern, NULL, "cannot list \"%.200s\": %s", pattern,
			err.text);
		fail(c, GW_EINVAL);
		names = (struct gw_config_names){ 0 };
	}
	copy = gw_arena_calloc(&c->arena, names.n + 1, sizeof *copy);
	for (n = 0; n < names.n; n++)
		copy[n] = gw_arena_str(&c->arena, gw_slice_str(names.v[n]));
	gw_config_names_done(&names);
	*ret = copy;
	return n;
}

/* ---- lines and places ---- */

bool conv_line(const struct conv_file *f, struct gw_slice *rest, struct conv_at *at)
{
	struct gw_slice line;

	if (rest->n == 0)
		return false;
	line = gw_slice_take(rest, gw_slice_find(*rest, '\n'));
	if (rest->n)
		gw_slice_take(rest, 1);
	if (line.n && line.p[line.n - 1] == '\r')
		line.n--;
	*at = (struct conv_at){ .file = f, .line = at->line + 1, .column = 1, .width = (unsigned)line.n, .source = line };
	return true;
}

struct conv_at conv_part(const struct conv_at *at, struct gw_slice part)
{
	struct conv_at narrow = *at;

	if (part.p >= at->source.p && part.p <= at->source.p + at->source.n) {
		narrow.column = (unsigned)(part.p - at->source.p) + 1;
		narrow.width = (unsigned)part.n;
	}
	return narrow;
}

struct gw_slice conv_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return gw_slice_str(slash ? slash + 1 : path);
}

const char *conv_directory(struct conv *c, const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		return ".";
	return gw_arena_str(&c->arena, gw_slice(path, slash == path ? 1 : (size_t)(slash - path)));
}

const char *conv_inside(struct conv *c, const char *dir, const char *name)
{
	size_t n = strlen(dir);

	return gw_arena_printf(&c->arena, "%s%s%s", dir, n && dir[n - 1] == '/' ? "" : "/", name);
}
