/* ctl_server.h - inside the control server: its clients and the work they ask for
 *
 * The main loop owns everything. What needs the store is a job: on a thread of its own (thread model) or in a child with
 * its own store (fork model). A job writes its answer into a socket pair and may block there; the main loop moves the
 * bytes on to the client as fast as that reads. A byte from the main loop tells the job to stop; its end of the pair is
 * closed as the last thing it does. */
#ifndef GW_DAEMON_CTL_SERVER_H
#define GW_DAEMON_CTL_SERVER_H

#include "ctl/ctl.h"
#include "daemon/server.h"

#define CTL_CLIENTS_MAX 32u
#define CTL_ADMINS_ONLY 4u /* of them: others cannot keep an administrator out */
#define CTL_WHO_MAX 96u

struct ctl_client;

struct ctl_job {
	struct gwd *g;
	const struct gw_ctl_request *request; /* the client's, which outlives the job */
	const char *who;
	int fd;      /* the job's end */
	int main_fd; /* ours */
	pid_t pid;   /* fork model; 0: collected */
	pthread_t thread;
	struct event event; /* main_fd is readable */
	char first;  /* of the line being passed on; 0: at the beginning of one */
	bool told;   /* to stop */
	char last;   /* first byte of the last whole line */
};

struct ctl_client {
	struct ctl_client *next, **prev;
	struct server *s;
	int fd;
	enum gw_ctl_level level;
	char who[CTL_WHO_MAX]; /* for the audit */
	struct event read_event, write_event;
	struct gw_ctl_in in;
	struct gw_out out;
	struct gw_arena arena; /* of the request */
	struct gw_ctl_request request;
	struct gw_ctl_reply reply;
	struct ctl_job *job;
	bool ended;   /* it sends no more */
	bool dead;    /* the socket is broken, or must be given up */
	bool listing; /* session list goes on at the cursor */
	uint32_t cursor;
	uint64_t rows;
};

struct ctl_server {
	int fd;
	char *path;
	gid_t group; /* its members are operators */
	struct event event;
	struct ctl_client *clients;
	unsigned n_clients;
};

/* ---- ctl_verbs.c: on the main loop ---- */

/* Answer the request of c. False: it needs the store, make a job of it. */
bool ctl_answer(struct ctl_client *c);

/* More rows of session list, until the output is full. */
void ctl_list_on(struct ctl_client *c);

/* End all sessions of a user. Returns how many were told. */
unsigned ctl_kick_user(struct server *s, struct gw_slice user);

/* A line for the log: who asked for what, and how it ended ("ok" or a sentence). */
void ctl_audit(struct gwd *g, const char *who, const struct gw_ctl_request *r, const char *result);

/* ---- ctl_config.c: on the main loop ---- */

/* Answer to config show: the configuration in force, and what waits for a restart. */
int ctl_show_config(struct ctl_client *c, struct gw_err *err);

/* ---- ctl_job.c ---- */

/* Do the request and write the answer to job->fd; then close it. */
void ctl_job_run(struct gwd *g, struct ctl_job *job);

#endif
