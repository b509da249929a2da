/* prompt.h - the prompt: which machine, and how the daemon there is */
#ifndef GWCTL_PROMPT_H
#define GWCTL_PROMPT_H

#include "gwctl/live.h"

struct prompt {
	char host[64];
	enum live live;
	char state[32];       /* of the daemon; only with LIVE_OK */
	uint64_t confirm_s;   /* the configuration is taken back then; 0: nothing is on trial */
	uint64_t started;     /* of the daemon that answered last; 0: none yet */
	bool restarted;       /* another one answers than the last time */
};

void prompt_init(struct prompt *p);

/* Ask the daemon, with little patience. */
void prompt_ask(struct prompt *p, const struct options *o);

/* "gw1 running> ". color: with codes, and marks for readline around them. */
void prompt_put(const struct prompt *p, bool color, struct gw_buf *out);

#endif
