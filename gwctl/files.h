/* files.h - reading folders and files that belong to somebody else
 *
 * Whoever owns a mailbox may have put a symbolic link or a pipe into it; whoever copies it may be root. So nothing below the
 * root of a source is followed, and only regular files are read. Thread: owner. */
#ifndef GWCTL_FILES_H
#define GWCTL_FILES_H

#include "mailbox/lineends.h"
#include "util/arena.h"
#include "util/buf.h"
#include "util/err.h"

#include <sys/stat.h>

/* Open a folder: the root of a source, given by whoever runs the tool. A file descriptor, or -1 with errno. */
int files_open_root(const char *path);

/* Open path ("" is dir itself) below dir without following links; how: O_RDONLY, O_DIRECTORY ... A file descriptor, or -1
 * with errno; what is no regular file and no folder is ENOENT. */
int files_open(int dir, const char *path, int how);

/* Read a whole file of at most max octets. 0, or -1 with errno (EFBIG: longer). */
int files_slurp(int dir, const char *path, size_t max, struct gw_buf *ret);

/* The same of a file that whoever runs the tool has named: links are followed. */
int files_slurp_named(const char *path, size_t max, struct gw_buf *ret);

/* The names in a folder but for "." and "..", sorted by octets. 0, or -1 with errno. */
int files_names(int dir, struct gw_arena *arena, char ***ret, size_t *ret_n);

/* Is it a folder, not a link to one? */
bool files_is_folder(int dir, const char *path);

/* "maildir:/srv/mail/anna": the scheme and the path of an open folder or file as the system spells it. free() it. */
char *files_id(const char *scheme, const char *path);

/* GW_ENOENT, GW_EACCES or GW_EIO of errno with a sentence. */
int files_fail(struct gw_err *err, const char *what, const char *path);

/* ---- octets of a file with CRLF line ends ---- */

struct octets {
	int fd;               /* -1: none open */
	bool verbatim;        /* the file has the line ends of the wire already */
	struct gw_lineends ends;
	struct gw_buf ready;  /* octets to be handed out */
	size_t taken;         /* of them are gone */
};

void octets_init(struct octets *o);

/* Take over fd, to be read from where it stands. */
void octets_open(struct octets *o, int fd, bool verbatim);

/* Up to n octets; 0 at the end; -1 with errno. */
long octets_read(struct octets *o, void *dst, size_t n);

void octets_close(struct octets *o); /* usable again */
void octets_done(struct octets *o);

#endif
