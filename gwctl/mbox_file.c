/* mbox_file.c - an open mbox file, read in pieces (see mbox_file.h) */
#include "gwctl/mbox_file.h"

#include <errno.h>
#include <unistd.h>

#define PIECE (64u * 1024) /* octets read at once */

void mbox_file_init(struct mbox_file *f)
{
	*f = (struct mbox_file){ .fd = -1 };
	gw_buf_init(&f->window, GW_MBOX_WINDOW + PIECE);
}

void mbox_file_close(struct mbox_file *f)
{
	if (f->fd >= 0)
		close(f->fd);
	f->fd = -1;
}

void mbox_file_done(struct mbox_file *f)
{
	mbox_file_close(f);
	gw_buf_done(&f->window);
}

static void begin_at(struct mbox_file *f, uint64_t offset)
{
	gw_mbox_init(&f->mbox, offset);
	f->at = offset;
	f->window.n = f->used = 0;
}

void mbox_file_open(struct mbox_file *f, int fd, uint64_t size)
{
	mbox_file_close(f);
	f->fd = fd;
	f->end = size;
	begin_at(f, 0);
}

void mbox_file_seek(struct mbox_file *f, uint64_t offset)
{
	bool between = f->mbox.offset == offset && f->at == offset + (f->window.n - f->used);

	/* the state behind END is that before a From_ line */
	if (!between || f->mbox.where != GW_MBOX_BETWEEN)
		begin_at(f, offset);
}

/* More behind the window. False: it cannot be read. */
static bool fill(struct mbox_file *f)
{
	uint64_t left = f->end - f->at;
	size_t n = left < PIECE ? (size_t)left : PIECE;
	ssize_t got;

	gw_buf_drop(&f->window, f->used);
	f->used = 0;
	got = pread(f->fd, gw_buf_room(&f->window, n), n, (off_t)f->at);
	if (got < 0)
		return false;
	if (got == 0)
		f->end = f->at; /* it was cut short meanwhile */
	f->window.n += (size_t)got;
	f->at += (uint64_t)got;
	return true;
}

enum gw_mbox_piece mbox_file_next(struct mbox_file *f, struct gw_slice *ret)
{
	for (;;) {
		struct gw_slice in = gw_buf_slice(&f->window);
		enum gw_mbox_piece piece;

		gw_slice_take(&in, f->used);
		piece = gw_mbox_next(&f->mbox, &in, f->at == f->end, ret);
		f->used = f->window.n - in.n;
		if (piece != GW_MBOX_MORE || !fill(f))
			return piece;
	}
}
