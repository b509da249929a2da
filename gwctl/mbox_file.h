/* mbox_file.h - an open mbox file, read in pieces (mailbox/mbox.h)
 *
 * Memory is one window, however large the file and its messages are. Thread: owner. */
#ifndef GWCTL_MBOX_FILE_H
#define GWCTL_MBOX_FILE_H

#include "mailbox/mbox.h"

struct mbox_file {
	int fd;              /* -1: none */
	struct gw_mbox mbox;
	struct gw_buf window;
	size_t used;         /* octets of it that are done with */
	uint64_t at;         /* offset in the file behind the window */
	uint64_t end;        /* of what is looked at: what comes to the file later is not seen */
};

void mbox_file_init(struct mbox_file *f);
void mbox_file_open(struct mbox_file *f, int fd, uint64_t size); /* takes fd over */
void mbox_file_close(struct mbox_file *f);
void mbox_file_done(struct mbox_file *f);

/* Go to a From_ line. Free when reading stands there already. */
void mbox_file_seek(struct mbox_file *f, uint64_t offset);

/* As gw_mbox_next(), but for MORE: that is a failure to read, with errno. *ret is good until the next call. */
enum gw_mbox_piece mbox_file_next(struct mbox_file *f, struct gw_slice *ret);

#endif
