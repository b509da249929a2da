/* bring.c - bytes of messages that are needed: downloads (RFC 8620 6.2), and what is derived from them
 *
 * A message is fetched whole, several at a time, and read by the deriver as it comes; what does not fit in memory goes to a
 * file without a name. Nothing is shown of it before all octets are here and their number is the one that the server told. */
#include "store/jmap/driver.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "store/derive.h"
#include "util/mem.h"

#define UNDER_WAY     12			  /* downloads at a time */
#define STAGE_MEMORY  ((uint64_t)256 << 10) /* octets of a message kept in memory */

struct download {
	struct http_call call;
	struct http_header header[1];
	struct jmap_login *login;
	const struct mirror_need *need;
	struct gw_buf bytes;
	int fd;                      /* -1: in bytes */
	uint64_t n;                  /* octets that came */
	struct gw_deriver *deriver;
	struct gw_arena arena;
	struct gw_derived derived;
	const char *dir;
};

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
	if (bytes.n > d->need->size - d->n)
		return GW_ECORRUPT; /* more than the server told */
	if (d->fd >= 0)
		rc = write_all(d->fd, bytes, d->n);
	else
		gw_buf_add_slice(&d->bytes, bytes);
	gw_deriver_feed(d->deriver, bytes);
	d->n += bytes.n;
	return rc;
}

static long read_back(void *ctx, uint64_t off, void *dst, size_t n)
{
	struct download *d = ctx;
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

static int open_stage(struct download *d, struct gw_err *err)
{
	if (d->need->size <= STAGE_MEMORY)
		return 0;
	d->fd = open(d->dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	return d->fd >= 0 ? 0
			  : gw_fail(err, (enum gw_code)gw_code_errno(errno), "%s: cannot make a file for a message: %s", d->dir,
				    strerror(errno));
}

static int start(struct jmap_remote *r, struct download *d, const struct mirror_need *need, const atomic_bool *stop,
	struct gw_err *err)
{
	int rc;

	*d = (struct download){ .need = need, .fd = -1, .dir = gw_db_account_dir(r->acc) };
	gw_arena_init(&d->arena, 4096, 0);
	gw_buf_init(&d->bytes, 0);
	http_call_init(&d->call);
	d->login = jmap_remote_login(r);
	rc = open_stage(d, err);
	if (rc < 0)
		return rc;
	d->call.kind = JMAP_CALL_DOWNLOAD;
	d->call.method = "GET";
	d->call.url = jmap_download_url(&d->login->session, jmap_account_id(r), need->blob, &d->arena);
	d->call.headers = d->header;
	jmap_login_sign(d->login, &d->call, d->header);
	d->call.sink = take;
	d->call.sink_ctx = d;
	d->call.max_response = need->size + 1;
	d->call.safe = true;
	d->call.interrupted = stop;
	http_start(r->js->http, &d->call);
	return 0;
}

static int finish(struct jmap_remote *r, struct download *d, struct gw_err *err)
{
	int rc = http_wait(r->js->http, &d->call, err);

	if (rc < 0)
		return rc;
	if (d->call.status / 100 != 2)
		return jmap_http_error(d->call.status, gw_buf_slice(&d->call.response), NULL, err);
	if (!d->deriver) /* an empty message */
		begin_anew(d);
	if (d->n != d->need->size)
		return gw_fail(err, GW_ECORRUPT, "the storage server gave %llu octets of a message that has %llu",
			(unsigned long long)d->n, (unsigned long long)d->need->size);
	gw_deriver_finish(d->deriver, &d->arena, &d->derived);
	return 0;
}

static void done(struct download *d)
{
	http_call_done(&d->call);
	gw_deriver_free(d->deriver);
	gw_buf_done(&d->bytes);
	gw_arena_done(&d->arena);
	jmap_login_unref(d->login);
	if (d->fd >= 0)
		close(d->fd);
}

/* ---- all ---- */

/* Some at once: those that came are kept, whatever became of the others. */
static int fetch_some(struct jmap_remote *r, const struct mirror_need *v, size_t n, const atomic_bool *stop, struct gw_err *err)
{
	struct download *d = gw_xcalloc(n, sizeof *d);
	struct mirror_bytes *b = gw_xcalloc(n, sizeof *b);
	size_t started = 0, good = 0;
	int rc = 0;

	for (; started < n && rc == 0; started++) {
		rc = start(r, &d[started], &v[started], stop, err);
		if (rc < 0) {
			done(&d[started]);
			break;
		}
	}
	for (size_t i = 0; i < started; i++) {
		int one = finish(r, &d[i], rc == 0 ? err : NULL);

		if (one == 0)
			b[good++] = (struct mirror_bytes){ v[i].content, &d[i].derived, read_back, &d[i], d[i].n };
		else if (one == GW_ENOENT) /* a message that is gone is no failure: the next changes tell */
			atomic_store(&r->dirty, true);
		else if (rc == 0)
			rc = one;
	}
	if (good) {
		int put = mirror_put_bytes(r->acc, b, good, true, r->js->set.cache_max, rc == 0 ? err : NULL);

		rc = rc < 0 ? rc : put;
	}
	for (size_t i = 0; i < started; i++)
		done(&d[i]);
	free(b);
	free(d);
	return rc;
}

int jmap_bring(void *ctx, struct gw_db_account *acc, const uint64_t *contents, size_t n, bool body, const atomic_bool *stop,
	struct gw_err *err)
{
	struct jmap_remote *r = ctx;
	struct mirror_need *v;
	struct gw_arena arena;
	size_t n_v = 0;
	int rc;

	gw_arena_init(&arena, 4096, 0);
	rc = mirror_missing(acc, contents, n, body, &arena, &v, &n_v, err);
	if (rc == 0 && n_v) {
		if (r->js->waiting)
			r->js->waiting(r->js->waiting_ctx, true);
		for (size_t i = 0; i < n_v && rc == 0; i += UNDER_WAY)
			rc = fetch_some(r, v + i, n_v - i < UNDER_WAY ? n_v - i : UNDER_WAY, stop, err);
		if (r->js->waiting)
			r->js->waiting(r->js->waiting_ctx, false);
	}
	if (rc == 0 && body && n_v < n)
		mirror_touch(acc, contents, n, NULL);
	gw_arena_done(&arena);
	return rc;
}
