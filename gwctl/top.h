/* top.h - how the service is doing now: samples of what the daemon counts, and a screen made of them
 *
 * Pure: top_screen.c asks, draws and reads keys. Rates are of what happened between two samples; with one sample, those of
 * the last minute as the daemon has them. */
#ifndef GWCTL_TOP_H
#define GWCTL_TOP_H

#include "gwctl/gwctl.h"

#define TOP_SESSIONS 5000 /* looked at */
#define TOP_SERIES 400
#define TOP_NAME 48

enum top_sort { TOP_BY_COMMANDS, TOP_BY_BYTES, TOP_BY_SESSIONS, TOP_BY_STORE, TOP_SORTS };

struct top_counter {
	char metric[TOP_NAME], series[TOP_NAME];
	uint64_t value;
	double rate; /* a second */
};

struct top_command {
	char name[TOP_NAME];
	double rate;
	uint64_t p50_us, p99_us, longest_us;
};

struct top_session {
	uint64_t id;
	char user[TOP_NAME], service[8], command[24], mailbox[TOP_NAME];
	uint64_t commands, bytes, store_us, command_us, connected_s;
};

struct top_user {
	const char *user; /* of a session */
	uint64_t sessions;
	double commands, bytes, store; /* a second; store: seconds of it */
};

struct top_sample {
	uint64_t at_ms;
	struct top_counter *counter;
	struct top_session *session;
	size_t counters, sessions;
};

struct top {
	struct top_sample now, before; /* before.at_ms 0: there is none */
	struct top_command *command;
	struct top_user *user;
	size_t commands, users;
	char host[64], version[32], state[32], model[16];
	uint64_t uptime_s, connections, connections_max, memory;
	bool answered; /* the daemon did, this time */
};

struct top_view {
	int rows, columns; /* rows 0: as many as there are */
	bool color, paused, help, keys; /* keys: there is a person who can press some */
	enum top_sort sort;
};

void top_init(struct top *t, const char *host);
void top_done(struct top *t);

/* A sample: begin, then the objects of the answers, in any order, then the end. now_ms: of a clock that goes forward. */
void top_begin(struct top *t, uint64_t now_ms);
void top_add_status(struct top *t, struct gw_slice json);  /* the object behind status */
void top_add_counter(struct top *t, struct gw_slice json); /* a row of stats since=start */
void top_add_command(struct top *t, struct gw_slice json); /* a row of stats command_duration since=1m */
void top_add_session(struct top *t, struct gw_slice json); /* a row of session list full=yes */
void top_end(struct top *t);

/* The screen: lines with "\n" between, none wider than the terminal. */
void top_put(const struct top *t, const struct top_view *v, struct gw_buf *out);

/* "commands" ... */
const char *top_sort_name(enum top_sort s);

/* `gwctl top` (top_screen.c) */
int top_run(const struct request *r, const struct options *o);

#endif
