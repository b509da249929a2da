/* window.h - a part of a result by its places (PARTIAL, RFC 9394) */
#ifndef GW_IMAP_WINDOW_H
#define GW_IMAP_WINDOW_H

#include "imap/command.h"

/* The places of n results, counted from 1, that w names: both included. False: there are none. */
bool imap_window_bounds(const struct imap_window *w, uint64_t n, uint64_t *ret_first, uint64_t *ret_last);

/* Add the members of from that w names to *ret. */
void imap_window_take(const struct gw_set *from, const struct imap_window *w, struct gw_set *ret);

#endif
