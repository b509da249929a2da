/* write.h - a file gets new content whole, or keeps what it had
 *
 * The new content goes to a temporary file beside the old one, with the same owner, mode and extended attributes (access
 * control lists, security labels), is brought to disk and takes the old one's name. Several files are prepared first, so
 * that what can fail fails before any of them has changed. */
#ifndef GWCFG_WRITE_H
#define GWCFG_WRITE_H

#include "util/err.h"
#include "util/slice.h"

#include <sys/types.h>

/* One file to replace. */
struct write_job {
	char *path;       /* without symbolic links */
	char *temporary;  /* name in the directory; NULL when there is none (any more) */
	const char *name; /* of the file in its directory; in path */
	int dir;          /* open only while something is done there, for there may be many jobs; -1 */
	struct gw_slice was; /* borrowed: what the file must hold still */
};

/* Prepare path (which must name no symbolic link) to hold text instead of was. Returns 0, or a negative gw_code with a
 * sentence; then nothing is left behind. */
int write_prepare(struct write_job *job, const char *path, struct gw_slice was, struct gw_slice text, struct gw_err *err);

/* Put the new content in place. Returns 0, or a negative gw_code: the file is as it was. */
int write_commit(struct write_job *job, struct gw_err *err);

/* Free; what was prepared and not put in place is removed. */
void write_done(struct write_job *job);

#endif
