/* pump.h - an import or export from the side of gwctl: the stream of mail, and the control connection beside it
 *
 * The daemon tells of progress and problems on the control connection while the mail goes over a socket pair. Whoever waits for
 * the one shows what comes on the other, so neither end can hold up the other. */
#ifndef GWCTL_PUMP_H
#define GWCTL_PUMP_H

#include "gwctl/gwctl.h"
#include "transfer/transfer.h"

struct render;
struct source_options;

struct pump {
	struct gw_control control;
	struct gw_transfer stream;
	struct render *render;
	int fd;          /* our end of the pair */
	bool stopping;   /* Ctrl-C: we are to come to an end */
	bool cancelled;  /* the daemon was asked to stop */
	int code;        /* what the daemon's answer ends with; -1: it goes on */
};

/* Connect, pass the request with one end of a socket pair. giver: the mail comes from us. 0, or an exit code after a
 * complaint. Then pump_end() in any case. */
int pump_begin(struct pump *p, struct request *r, const struct options *o, bool giver);

/* Say a frame; it is sent with others, at the latest by the next pump_hear(). False: there is no more use, the daemon has
 * answered (with an error) or is gone. */
bool pump_say(struct pump *p, const struct gw_transfer_frame *f);

/* The next frame of the daemon. False: as above. */
bool pump_hear(struct pump *p, struct gw_transfer_frame *ret);

/* Was Ctrl-C pressed? To be asked between batches. A second time, pump_say() and pump_hear() say no. */
bool pump_interrupted(struct pump *p);

/* Nothing more is said: close the stream, wait for the daemon's last word and show it. Returns the exit code. cancel: ask
 * for the end first. */
int pump_end(struct pump *p, bool cancel);

/* How to get at what lies outside, from the parameters that import and export share; asks for a password when `where` needs
 * one. 0 or an exit code. */
int pump_options(struct request *r, const char *where, const struct options *o, struct source_options *ret);

#endif
