/* stream.c - streams over bytes, and files that are wanted whole */
#include "config/config.h"

#include "util/mem.h"

#include <stdlib.h>

struct bytes {
	char *p;
	size_t n, at;
};

static int bytes_read(void *ctx, char *buf, size_t cap, size_t *n, struct gw_err *err)
{
	struct bytes *b = ctx;

	(void)err;
	*n = b->n - b->at < cap ? b->n - b->at : cap;
	if (*n)
		memcpy(buf, b->p + b->at, *n);
	b->at += *n;
	return 0;
}

static int bytes_close(void *ctx, struct gw_err *err)
{
	struct bytes *b = ctx;

	(void)err;
	free(b->p);
	free(b);
	return 0;
}

void gw_config_stream_bytes(struct gw_config_stream *ret, char *real_path, char *bytes, size_t n)
{
	struct bytes *b = gw_xalloc(sizeof *b);

	*b = (struct bytes){ bytes, n, 0 };
	*ret = (struct gw_config_stream){ .real_path = real_path, .ctx = b, .read = bytes_read, .close = bytes_close };
}

static int read_all(const struct gw_config_stream *in, size_t max, struct gw_config_file *f, struct gw_err *err)
{
	size_t cap = 0, n = 1;
	int rc = 0;

	while (rc == 0 && n && f->n <= max) {
		if (f->n == cap) {
			cap = cap == 0 ? 4096 : cap * 2 < max + 1 ? cap * 2 : max + 1;
			f->bytes = gw_xrealloc(f->bytes, cap, 1);
		}
		n = 0;
		rc = in->read(in->ctx, f->bytes + f->n, cap - f->n, &n, err);
		f->n += n;
	}
	if (rc == 0 && f->n > max)
		rc = gw_fail(err, GW_ELIMIT, "it is larger than %zu bytes", max);
	return rc;
}

int gw_config_read_file(const struct gw_config_files *files, const char *path, size_t max, struct gw_config_file *ret,
	struct gw_err *err)
{
	struct gw_config_stream in;
	struct gw_config_file f = { 0 };
	int rc = files->open(files->ctx, path, &in, err), closed;

	if (rc < 0)
		return rc;
	f.real_path = in.real_path;
	rc = read_all(&in, max, &f, err);
	closed = in.close(in.ctx, rc < 0 ? NULL : err);
	if (rc == 0)
		rc = closed;
	if (rc < 0) {
		free(f.real_path);
		free(f.bytes);
		return rc;
	}
	*ret = f;
	return 0;
}
