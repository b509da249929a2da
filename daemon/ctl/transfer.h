/* transfer.h - what import and export share inside a job: the socket the mail goes over, and what is told meanwhile
 *
 * The socket came with the request. Nothing waits for it without looking whether the job was told to stop. */
#ifndef GW_DAEMON_CTL_TRANSFER_H
#define GW_DAEMON_CTL_TRANSFER_H

#include "daemon/ctl/ctl.h"
#include "store/import.h"
#include "transfer/transfer.h"

struct transfer {
	struct ctl_work *w;
	struct gw_transfer stream;
	const char *folder;   /* at the source, for rows; NULL: none yet */
	uint64_t done, total; /* messages of the folder */
	uint64_t bytes;       /* that went over the socket as mail, in all */
	uint64_t problems;
	uint64_t told_ms;     /* when progress was told last */
};

/* giver: the mail is ours (export). */
void transfer_init(struct transfer *t, struct ctl_work *w, bool giver);
void transfer_done(struct transfer *t);

/* The next frame of gwctl. GW_EUNAVAIL: it hung up; GW_EINTR: the job is to stop; others as gw_transfer_next(). */
int transfer_hear(struct transfer *t, struct gw_transfer_frame *ret, struct gw_err *err);

/* Say a frame; it is sent with others, at the latest by the next transfer_hear(). */
int transfer_say(struct transfer *t, const struct gw_transfer_frame *f, struct gw_err *err);
int transfer_flush(struct transfer *t, struct gw_err *err);

/* A row about the folder that begins. mailbox: ours. keeps_uids: NULL when nothing is to be said of it. */
void transfer_tell_folder(struct transfer *t, struct gw_slice mailbox, bool created, const bool *keeps_uids);

/* A row about something that is left out or lost. key: the message; empty: the folder. */
void transfer_tell_problem(struct transfer *t, struct gw_slice key, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* How far it is; not more often than is good. */
void transfer_tell_step(struct transfer *t);

#endif
