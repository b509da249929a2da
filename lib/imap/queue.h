/* queue.h - commands on their way through a session
 *
 * queue.c makes tasks of what the client sends, up to four of them ahead, and work.c runs them in order. */
#ifndef GW_IMAP_QUEUE_H
#define GW_IMAP_QUEUE_H

#include "imap/session.h"

/* ---- queue.c ---- */

/* Cut the input into commands and fill the queue with them. What stays in *in has to wait. */
void imap_read_ahead(struct imap_session *s, struct gw_slice *in);

/* A task behind the others, at its start. */
struct imap_task *imap_task_add(struct imap_session *s);

/* The task will not run: this is its tagged reply. code, text: kept as they are. */
void imap_reply_now(struct imap_task *t, enum imap_status status, const char *code, const char *text);

/* The head is done with; its memory serves another. */
void imap_task_drop(struct imap_session *s);
void imap_task_drop_all(struct imap_session *s);
void imap_task_free_spare(struct imap_session *s);

/* ---- work.c ---- */

/* Run the queue as far as may be done where this is: GW_NEED_AUTH, GW_NEED_WORKER, or anywhere. What the host is to do next. */
enum gw_need imap_work_on(struct imap_session *s, enum gw_need where, struct gw_out *out);

/* Microseconds spent in stores so far. */
uint64_t imap_store_us(const struct imap_session *s);

/* A client that polls, or waits for what it is told. */
bool imap_silent_long(const struct imap_session *s);

#endif
