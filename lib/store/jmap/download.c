/* download.c - one message on its way (see download.h) */
#include "store/jmap/download.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "util/mem.h"

/* ---- what comes ---- */

static int begin_anew(struct download *d)
{
	gw_deriver_free(d->deriver);
	d->deriver = gw_deriver_new();
	d->bytes.n = 0;
	d->n = 0;
	return d->fd >= 0 && ftruncate(d->fd, 0) < 0 ? gw_code_errno(errno) : 0;
}

static int write_all(int fd, struct gw_slice bytes, uint64_t off)
{
	while (bytes.n) {
		ssize_t n = pwrite(fd, bytes.p, bytes.n, (off_t)off);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n ? gw_code_errno(errno) : GW_ENOSPC;
		gw_slice_take(&bytes, (size_t)n);
		off += (uint64_t)n;
	}
	return 0;
}

static int take(void *ctx, struct gw_slice bytes, bool restart)
{
	struct download *d = ctx;
	int rc = restart || !d->deriver ? begin_anew(d) : 0;

	if (rc < 0)
		return rc;
	if (bytes.n > d->size - d->n)
		return GW_ECORRUPT; /* more than the server told */
	if (d->fd >= 0)
		rc = write_all(d->fd, bytes, d->n);
	else
		gw_buf_add_slice(&d->bytes, bytes);
	gw_deriver_feed(d->deriver, bytes);
	d->n += bytes.n;
	return rc;
}

long download_read(void *ctx, uint64_t off, void *dst, size_t n)
{
	const struct download *d = ctx;
	ssize_t got;

	if (off >= d->n)
		return 0;
	if (n > d->n - off)
		n = (size_t)(d->n - off);
	if (d->fd < 0) {
		memcpy(dst, d->bytes.p + off, n);
		return (long)n;
	}
	do
		got = pread(d->fd, dst, n, (off_t)off);
	while (got < 0 && errno == EINTR);
	return got < 0 ? GW_EIO : (long)got;
}

/* ---- one download ---- */

struct download *download_new(const struct mirror_need *need)
{
	struct download *d = gw_xalloc(sizeof *d);

	d->content = need->content;
	d->size = need->size;
	d->fd = -1;
	gw_arena_init(&d->arena, 4096, 0);
	gw_buf_init(&d->bytes, 0);
	http_call_init(&d->call);
	d->blob = gw_arena_dup(&d->arena, need->blob);
	return d;
}

void download_free(struct download *d)
{
	http_call_done(&d->call);
	gw_deriver_free(d->deriver);
	gw_buf_done(&d->bytes);
	gw_arena_done(&d->arena);
	jmap_login_unref(d->login);
	if (d->fd >= 0)
		close(d->fd);
	free(d);
}

uint64_t download_memory(const struct download *d)
{
	return d->size <= DOWNLOAD_MEMORY ? d->size : 0;
}

static int open_stage(struct download *d, const char *dir, struct gw_err *err)
{
	if (d->size <= DOWNLOAD_MEMORY)
		return 0;
	d->fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	return d->fd >= 0 ? 0
			  : gw_fail(err, (enum gw_code)gw_code_errno(errno), "%s: cannot make a file for a message: %s", dir,
				    strerror(errno));
}

int download_start(struct download *d, struct jmap_remote *r, const atomic_bool *stop, void (*ended)(void *ctx), struct gw_err *err)
{
	int rc;

	if (d->size > DOWNLOAD_MAX)
		return gw_fail(err, GW_ECORRUPT, "the storage server tells of a message of %llu octets", (unsigned long long)d->size);
	rc = open_stage(d, gw_db_account_dir(r->acc), err);

	if (rc < 0)
		return rc;
	d->login = jmap_remote_login(r);
	d->call.kind = JMAP_CALL_DOWNLOAD;
	d->call.url = jmap_download_url(&d->login->session, jmap_account_id(r), d->blob, &d->arena);
	d->call.headers = d->header;
	jmap_login_sign(d->login, &d->call, d->header);
	d->call.sink = take;
	d->call.sink_ctx = d;
	d->call.max_response = d->size + 1;
	d->call.safe = true;
	d->call.interrupted = stop;
	d->call.owner = r;
	d->call.ended = ended;
	d->call.ended_ctx = d;
	http_start(r->js->http, &d->call);
	return 0;
}

int download_finish(struct download *d, struct jmap_remote *r, struct gw_err *err)
{
	int rc = http_wait(r->js->http, &d->call, err);

	if (rc < 0)
		return rc;
	if (d->call.status == 401)
		jmap_remote_deny(r, d->login);
	if (d->call.status / 100 != 2)
		return jmap_http_error(d->call.status, gw_buf_slice(&d->call.response), NULL, err);
	if (!d->deriver) /* an empty message */
		begin_anew(d);
	if (d->n != d->size)
		return gw_fail(err, GW_ECORRUPT, "the storage server gave %llu octets of a message that has %llu",
			(unsigned long long)d->n, (unsigned long long)d->size);
	gw_deriver_finish(d->deriver, &d->arena, &d->derived);
	gw_deriver_free(d->deriver);
	d->deriver = NULL;
	return 0;
}
