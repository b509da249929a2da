/* append.h - APPEND and REPLACE from the inside: what cmd_append.c, cmd_replace.c and catenate.c share. Thread: the session's. */
#ifndef GW_IMAP_APPEND_H
#define GW_IMAP_APPEND_H

#include "imap/session.h"

/* ---- catenate.c ---- */

/* Takes octets of a part, perhaps none, for which so many were read; 1, or 0: no more, the reply is set. */
typedef int imap_part_fn(void *ctx, struct gw_slice octets, uint64_t read);

/* Hand the octets that a URL names to take(). False: the reply is set. On a worker. */
bool imap_catenate_url(struct imap_session *s, struct imap_task *t, struct gw_slice url, imap_part_fn *take, void *ctx);

/* ---- cmd_replace.c ---- */

/* The UID of the message that REPLACE names, and what is needed to tell of its removal. False: the reply is set. */
bool imap_replace_find(struct imap_session *s, struct imap_task *t, uint32_t *ret);

/* It was replaced; code: APPENDUID with its numbers, or NULL. Tells all of it and sets the reply; IMAP_STEP_MORE: call
 * imap_replace_resume() when there is room in the output. */
enum imap_step imap_replace_tell(struct imap_session *s, struct imap_task *t, const char *code, struct gw_out *out);
enum imap_step imap_replace_resume(struct imap_session *s, struct imap_task *t, struct gw_out *out);

#endif
