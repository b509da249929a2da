/* priv.h - what the files of transfer/ share */
#ifndef GW_TRANSFER_PRIV_H
#define GW_TRANSFER_PRIV_H

#include "transfer/transfer.h"

/* Write what follows the head of a frame. */
void transfer_put_payload(struct gw_buf *b, const struct gw_transfer_frame *f);

/* Read what follows the head of a frame of f->type, all of it. False: it is not one. */
bool transfer_get_payload(struct gw_slice in, struct gw_transfer_frame *f);

/* May f be said now? Goes on to what comes after it. giver: the giver says it. */
bool transfer_step(struct gw_transfer *t, bool giver, const struct gw_transfer_frame *f);

#endif
