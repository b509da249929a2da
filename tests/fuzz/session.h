/* session.h - a whole protocol session over a store in memory, fed with bytes of a fuzzer */
#ifndef GW_TESTS_FUZZ_SESSION_H
#define GW_TESTS_FUZZ_SESSION_H

#include "session/session.h"

#include <stdint.h>

/* login and setup: what is sent first, whole; then data, in pieces whose size its first byte gives. */
void fuzz_session(const struct gw_proto *proto, const char *setup, const uint8_t *data, size_t size);

/* The same with IMAP, and what the server says is checked (see oracle.h). Another session has anna's mailbox "fuzz" selected
 * meanwhile; what it was told must be what a third one finds afterwards. */
void fuzz_imap_session(const char *setup, const uint8_t *data, size_t size);

#endif
