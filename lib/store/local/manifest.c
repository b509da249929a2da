/* manifest.c - reading and writing what a backup holds (see manifest.h) */
#include "store/local/manifest.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/mem.h"
#include "util/num.h"

#define TITLE "gateway-backup "
#define VERSION 1
#define FILE_MAX (512u << 20) /* octets of a manifest that is read */
#define PIECE ((size_t)1 << 20)

static int failed(const char *path, const char *what, struct gw_err *err)
{
	return gw_fail(err, (enum gw_code)gw_code_errno(errno), "%s: %s: %s", path, what, strerror(errno));
}

/* ---- opening ---- */

int manifest_open_file(const char *path, uint64_t *ret_size, struct gw_err *err)
{
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC), rc = 0;
	struct stat st;

	if (fd < 0)
		return failed(path, "cannot be opened", err);
	if (fstat(fd, &st) < 0)
		rc = failed(path, "cannot be read", err);
	else if (!S_ISREG(st.st_mode))
		rc = gw_fail(err, GW_ECORRUPT, "%s: is not a file", path);
	if (rc < 0) {
		close(fd);
		return rc;
	}
	*ret_size = (uint64_t)st.st_size;
	return fd;
}

/* ---- the files in memory ---- */

static struct manifest_file *files(const struct manifest *m)
{
	return (struct manifest_file *)(void *)m->files.p;
}

/* Index of the first file whose id is not below. */
static size_t lower_bound(const struct manifest *m, uint64_t id)
{
	size_t lo = 0, hi = manifest_count(m);

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (files(m)[mid].id < id)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

const struct manifest_file *manifest_find(const struct manifest *m, uint64_t id)
{
	size_t i = lower_bound(m, id);

	return i < manifest_count(m) && files(m)[i].id == id ? &files(m)[i] : NULL;
}

static void remember(struct manifest *m, const struct manifest_file *f)
{
	size_t i = lower_bound(m, f->id), n = manifest_count(m);

	if (i == n || files(m)[i].id != f->id) {
		gw_buf_add(&m->files, f, sizeof *f);
		memmove(files(m) + i + 1, files(m) + i, (n - i) * sizeof *f);
	}
	files(m)[i] = *f;
}

void manifest_drop(struct manifest *m, uint64_t id)
{
	size_t i = lower_bound(m, id), n = manifest_count(m);

	if (i == n || files(m)[i].id != id)
		return;
	memmove(files(m) + i, files(m) + i + 1, (n - i - 1) * sizeof(struct manifest_file));
	m->files.n -= sizeof(struct manifest_file);
}

bool manifest_same(const struct manifest_file *a, const struct manifest_file *b)
{
	return a->size == b->size && memcmp(a->digest, b->digest, sizeof a->digest) == 0;
}

/* ---- reading ---- */

static bool hex_digest(const char *p, unsigned char ret[MANIFEST_DIGEST])
{
	for (size_t i = 0; i < MANIFEST_DIGEST; i++) {
		unsigned v;

		if (sscanf(p + 2 * i, "%2x", &v) != 1)
			return false;
		ret[i] = (unsigned char)v;
	}
	return true;
}

static bool read_file_line(struct manifest *m, const char *line)
{
	char digest[2 * MANIFEST_DIGEST + 1];
	struct manifest_file f = { .id = 0 };

	if (sscanf(line, "file %64[0-9a-f] %" SCNu64 " %" SCNx64 " %95s", digest, &f.size, &f.id, f.stamp) != 4 ||
		strlen(digest) != 2 * MANIFEST_DIGEST || !hex_digest(digest, f.digest))
		return false;
	remember(m, &f);
	return true;
}

static int read_line(struct manifest *m, unsigned number, const char *line, struct gw_err *err)
{
	unsigned version;

	if (number == 1) {
		if (sscanf(line, TITLE "%u", &version) != 1)
			return gw_fail(err, GW_ECORRUPT, "%s: is not the manifest of a backup", m->path);
		return version == VERSION ? 0 : gw_fail(err, GW_ENOTSUP, "%s: was made by a newer version (%u, we know %d)",
							m->path, version, VERSION);
	}
	if (number == 2 && sscanf(line, "of %63s", m->of) == 1)
		return 0;
	if (number > 2 && read_file_line(m, line)) {
		m->complete = false;
		return 0;
	}
	m->complete = number > 2 && strncmp(line, "complete ", 9) == 0;
	return m->complete ? 0 : gw_fail(err, GW_ECORRUPT, "%s: line %u is damaged", m->path, number);
}

/* Whole lines; *ret_used: octets of them. */
static int read_lines(struct manifest *m, char *text, size_t n, size_t *ret_used, struct gw_err *err)
{
	char *p = text, *end;
	unsigned number = 0;
	int rc = 0;

	while (rc == 0 && (end = memchr(p, '\n', n - (size_t)(p - text)))) {
		*end = '\0';
		rc = read_line(m, ++number, p, err);
		p = end + 1;
	}
	*ret_used = (size_t)(p - text);
	return rc;
}

/* 1: it is there; 0: not, or empty. */
static int load(struct manifest *m, int fd, size_t *ret_used, struct gw_err *err)
{
	struct stat st;
	ssize_t n;
	char *text;
	int rc;

	if (fstat(fd, &st) < 0)
		return failed(m->path, "cannot be read", err);
	if (!S_ISREG(st.st_mode) || st.st_size > FILE_MAX)
		return gw_fail(err, GW_ECORRUPT, "%s: is not the manifest of a backup", m->path);
	text = gw_xalloc((size_t)st.st_size + 1);
	n = pread(fd, text, (size_t)st.st_size, 0);
	rc = n < 0 ? failed(m->path, "cannot be read", err) : read_lines(m, text, (size_t)n, ret_used, err);
	free(text);
	return rc < 0 ? rc : *ret_used > 0;
}

static struct manifest *manifest_new(const char *dir)
{
	struct manifest *m = gw_xalloc(sizeof *m);

	m->fd = -1;
	m->path = gw_xasprintf("%s/manifest", dir);
	gw_buf_init(&m->files, 0);
	return m;
}

void manifest_close(struct manifest *m)
{
	if (!m)
		return;
	if (m->fd >= 0)
		close(m->fd);
	gw_buf_done(&m->files);
	free(m->path);
	free(m);
}

int manifest_read(const char *dir, struct manifest **ret, struct gw_err *err)
{
	struct manifest *m = manifest_new(dir);
	uint64_t size;
	int fd = manifest_open_file(m->path, &size, err), rc;
	size_t used;

	if (fd == GW_ENOENT)
		rc = gw_fail(err, GW_ENOENT, "%s: holds no backup (there is no file \"manifest\")", dir);
	else
		rc = fd < 0 ? fd : load(m, fd, &used, err);
	if (fd >= 0)
		close(fd);
	if (rc == 0)
		rc = gw_fail(err, GW_ECORRUPT, "%s: is empty", m->path);
	if (rc < 0) {
		manifest_close(m);
		return rc;
	}
	*ret = m;
	return 0;
}

/* ---- writing ---- */

static int put_all(int fd, const char *path, struct gw_slice text, struct gw_err *err)
{
	while (text.n) {
		ssize_t n = write(fd, text.p, text.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return failed(path, "cannot be written", err);
		gw_slice_take(&text, (size_t)n);
	}
	return fsync(fd) < 0 ? failed(path, "cannot be brought to the disk", err) : 0;
}

static void print_head(const struct manifest *m, struct gw_buf *b)
{
	gw_buf_printf(b, TITLE "%d\nof %s\n", VERSION, m->of);
}

static void print_file(struct gw_buf *b, const struct manifest_file *f)
{
	char digest[2 * MANIFEST_DIGEST + 1];

	gw_put_hex(digest, f->digest, sizeof f->digest);
	gw_buf_printf(b, "file %.64s %" PRIu64 " %016" PRIx64 " %s\n", digest, f->size, f->id, f->stamp);
}

/* What is there must be of the same; a torn line at its end goes. */
static int begin_file(struct manifest *m, const char *of, struct gw_err *err)
{
	struct gw_buf head;
	size_t used = 0;
	int rc = load(m, m->fd, &used, err);

	if (rc > 0 && strcmp(m->of, of) != 0)
		return gw_fail(err, GW_EEXIST, "%s: the backup there is of another store or of another account", m->path);
	if (rc < 0)
		return rc;
	if (ftruncate(m->fd, (off_t)used) < 0 || lseek(m->fd, 0, SEEK_END) < 0)
		return failed(m->path, "cannot be written", err);
	if (rc > 0)
		return 0;
	snprintf(m->of, sizeof m->of, "%s", of);
	gw_buf_init(&head, 0);
	print_head(m, &head);
	rc = put_all(m->fd, m->path, gw_buf_slice(&head), err);
	gw_buf_done(&head);
	return rc;
}

int manifest_begin(const char *dir, const char *of, struct manifest **ret, struct gw_err *err)
{
	struct manifest *m = manifest_new(dir);
	int rc;

	m->fd = open(m->path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
	rc = m->fd < 0 ? failed(m->path, "cannot be made", err) : begin_file(m, of, err);
	if (rc < 0) {
		manifest_close(m);
		return rc;
	}
	*ret = m;
	return 0;
}

int manifest_put(struct manifest *m, const struct manifest_file *f, struct gw_err *err)
{
	struct gw_buf line;
	int rc;

	gw_buf_init(&line, 0);
	print_file(&line, f);
	rc = put_all(m->fd, m->path, gw_buf_slice(&line), err);
	gw_buf_done(&line);
	if (rc == 0) {
		remember(m, f);
		m->complete = false;
	}
	return rc;
}

static int write_whole(const struct manifest *m, const char *path, int64_t now, struct gw_err *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600), rc;
	struct gw_buf text;

	if (fd < 0)
		return failed(path, "cannot be made", err);
	gw_buf_init(&text, 0);
	print_head(m, &text);
	for (size_t i = 0; i < manifest_count(m); i++)
		print_file(&text, manifest_at(m, i));
	gw_buf_printf(&text, "complete %" PRId64 "\n", now);
	rc = put_all(fd, path, gw_buf_slice(&text), err);
	gw_buf_done(&text);
	close(fd);
	return rc;
}

int manifest_finish(struct manifest *m, int64_t now, struct gw_err *err)
{
	char *path = gw_xasprintf("%s.part", m->path);
	int rc = write_whole(m, path, now, err);

	if (rc == 0 && rename(path, m->path) < 0)
		rc = failed(m->path, "cannot be replaced", err);
	m->complete = rc == 0;
	free(path);
	return rc;
}

/* ---- digests ---- */

static int digest_fd(int fd, EVP_MD_CTX *ctx, bool (*go_on)(void *ctx, uint64_t done), void *go_ctx, uint64_t *size)
{
	char *piece = gw_xalloc(PIECE);
	ssize_t n;
	int rc = 0;

	while (rc == 0 && (n = read(fd, piece, PIECE)) != 0) {
		if (n < 0) {
			rc = errno == EINTR ? 0 : GW_EIO;
			continue;
		}
		*size += (uint64_t)n;
		if (EVP_DigestUpdate(ctx, piece, (size_t)n) != 1)
			rc = GW_EBUG;
		else if (go_on && !go_on(go_ctx, *size))
			rc = GW_EINTR;
	}
	free(piece);
	return rc;
}

int manifest_digest(const char *path, bool (*go_on)(void *ctx, uint64_t done), void *ctx,
	unsigned char ret[MANIFEST_DIGEST], uint64_t *ret_size, struct gw_err *err)
{
	EVP_MD_CTX *md;
	uint64_t size = 0;
	int fd = manifest_open_file(path, &size, err), rc;

	if (fd < 0)
		return fd;
	size = 0;
	md = EVP_MD_CTX_new();
	rc = md && EVP_DigestInit_ex(md, EVP_sha256(), NULL) == 1 ? digest_fd(fd, md, go_on, ctx, &size) : GW_EBUG;
	if (rc == GW_EIO)
		rc = failed(path, "cannot be read", err);
	else if (rc == GW_EINTR)
		rc = gw_fail(err, GW_EINTR, "stopped on request");
	else if (rc < 0 || EVP_DigestFinal_ex(md, ret, NULL) != 1)
		rc = gw_fail(err, GW_EBUG, "%s: SHA-256 cannot be worked out", path);
	else
		*ret_size = size;
	EVP_MD_CTX_free(md);
	close(fd);
	return rc;
}
