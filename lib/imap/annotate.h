/* annotate.h - annotations of messages in commands and responses (RFC 5257). Thread: the session's. */
#ifndef GW_IMAP_ANNOTATE_H
#define GW_IMAP_ANNOTATE_H

#include "imap/session.h"
#include "mime/parts.h"

#define IMAP_ANNOTATE "ANNOTATE-EXPERIMENT-1"

/* Largest value that a client can write, octets. */
uint64_t imap_annotation_max(const struct imap_session *s);

/* "* OK [ANNOTATIONS ...]": what SELECT and EXAMINE tell of the mailbox that is selected now. */
void imap_put_annotations_code(const struct imap_session *s, struct gw_out *out);

/* May the session write these? False: the reply is set. */
bool imap_may_annotate(const struct imap_session *s, struct imap_task *t, const struct imap_annotations *a);

/* Is there such a part? */
bool imap_has_part(struct gw_slice parts, const struct imap_annotation_entry *e);

/* Write those of STORE at the messages uids of the selected mailbox. False: the reply is set. */
bool imap_annotate(struct imap_session *s, struct imap_task *t, const struct gw_set *uids, struct gw_set *ret_modified);

#endif
