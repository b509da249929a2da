/* limit.h - how many messages one command may process (RFC 9738)
 *
 * FETCH, SEARCH, STORE, MOVE and UID EXPUNGE process those with the highest UIDs; the task keeps the lowest of them, and the reply
 * tells it. COPY and APPEND do everything or nothing. Thread: the session's. */
#ifndef GW_IMAP_LIMIT_H
#define GW_IMAP_LIMIT_H

#include "imap/session.h"

/* MESSAGELIMIT and SAVELIMIT as this session has been told; 0: none. */
uint32_t imap_message_limit(const struct imap_session *s);
uint32_t imap_save_limit(const struct imap_session *s);

/* Keep the n highest of *set; 0: all. True: some are left out. */
bool imap_limit_cut(uint32_t n, struct gw_set *set);

/* Leave out of *seqs or *uids what is over MESSAGELIMIT. */
void imap_limit_seqs(struct imap_session *s, struct imap_task *t, struct gw_set *seqs);
void imap_limit_uids(struct imap_session *s, struct imap_task *t, struct gw_set *uids);

/* The same for messages to be expunged: only those that are \Deleted count. 0 or a negative enum gw_code. */
int imap_limit_deleted(struct imap_session *s, struct imap_task *t, struct gw_set *uids, struct gw_err *err);

/* May COPY take these UIDs, may APPEND take n messages? False: the reply is set. */
bool imap_may_save(struct imap_session *s, struct imap_task *t, const struct gw_set *uids);
bool imap_may_append(struct imap_session *s, struct imap_task *t, size_t n);

/* "[MESSAGELIMIT 1000 23221] ", for a task with a cut. */
void imap_put_cut(const struct imap_session *s, const struct imap_task *t, struct gw_out *out);

#endif
