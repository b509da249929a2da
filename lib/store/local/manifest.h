/* manifest.h - what a backup holds: the text file "manifest" in its directory
 *
 *	gateway-backup 1
 *	of 1f0c...						which store, and which account (0: all)
 *	file DIGEST SIZE ID STAMP		one a database that was copied; ID 0: accounts.db
 *	complete TIME				nothing is missing
 *
 * Lines are appended and brought to the disk as files are finished, so an interrupted backup knows what it has; of two
 * lines for one account the last counts, and a torn line is no line. When all is there it is written anew, sorted. Where
 * a database lies follows from its number: no path is read from the file. Thread: one at a time. */
#ifndef GW_STORE_LOCAL_MANIFEST_H
#define GW_STORE_LOCAL_MANIFEST_H

#include "util/buf.h"
#include "util/err.h"

#define MANIFEST_DIGEST 32
#define MANIFEST_STAMP 96
#define MANIFEST_OF 64

struct manifest_file {
	uint64_t id;                 /* of the account; 0: the account database */
	uint64_t size;               /* octets */
	unsigned char digest[MANIFEST_DIGEST]; /* SHA-256 */
	char stamp[MANIFEST_STAMP];  /* state of the original; "-": not known */
};

struct manifest {
	int fd;                      /* -1: for reading only */
	char *path;
	char of[MANIFEST_OF];
	struct gw_buf files;         /* of struct manifest_file, ascending by id */
	bool complete;
};

/* Open a file of a backup for reading: never through a link, never waiting for the other end of a pipe. Its size goes to
 * *ret_size. The descriptor, or a code; GW_ECORRUPT: it is no file, GW_ENOENT: it is missing. */
int manifest_open_file(const char *path, uint64_t *ret_size, struct gw_err *err);

/* Read the manifest of directory dir. GW_ENOENT: there is none. GW_ECORRUPT, GW_ENOTSUP (a newer form). Returns owned. */
int manifest_read(const char *dir, struct manifest **ret, struct gw_err *err);

/* The same for going on with it; made when there is none. of: what the backup is of, without blanks. GW_EEXIST: it is of
 * something else. */
int manifest_begin(const char *dir, const char *of, struct manifest **ret, struct gw_err *err);
void manifest_close(struct manifest *m); /* NULL is fine */

static inline size_t manifest_count(const struct manifest *m)
{
	return m->files.n / sizeof(struct manifest_file);
}

static inline const struct manifest_file *manifest_at(const struct manifest *m, size_t i)
{
	return (const struct manifest_file *)(const void *)m->files.p + i;
}

/* NULL: it is not there. Good until the next manifest_put(). */
const struct manifest_file *manifest_find(const struct manifest *m, uint64_t id);

/* A file is finished and on the disk. */
int manifest_put(struct manifest *m, const struct manifest_file *f, struct gw_err *err);

/* Forget a file; it is out of the manifest when that is finished. */
void manifest_drop(struct manifest *m, uint64_t id);

/* Write it anew, complete. */
int manifest_finish(struct manifest *m, int64_t now, struct gw_err *err);

/* SHA-256 and size of a file. go_on is asked after each piece with the octets that are done; false: GW_EINTR. May be NULL. */
int manifest_digest(const char *path, bool (*go_on)(void *ctx, uint64_t done), void *ctx,
		    unsigned char ret[MANIFEST_DIGEST], uint64_t *ret_size, struct gw_err *err);

/* Digests and sizes of two files are alike. */
bool manifest_same(const struct manifest_file *a, const struct manifest_file *b);

#endif
