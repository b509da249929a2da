/* ctl.h - inside the control server: its clients and the work they ask for
 *
 * The main loop owns everything. A request is answered in one of three ways, as its handler says:
 *
 *	answer()  at once, on the main loop
 *	stream    answer() set c->stream: the answer goes on as the client reads and as things happen
 *	work()    a job, which may block in the store: on a thread of its own (thread model) or in a child with its own
 *		  store (fork model). It writes its answer into a socket pair and may wait there; the main loop moves the
 *		  bytes on to the client as fast as that reads. A byte from the main loop tells the job to stop; its end of
 *		  the pair is closed as the last thing it does. */
#ifndef GW_DAEMON_CTL_CTL_H
#define GW_DAEMON_CTL_CTL_H

#include "ctl/ctl.h"
#include "daemon/server.h"

#define CTL_CLIENTS_MAX 32u
#define CTL_ADMINS_ONLY 4u /* of them: others cannot keep an administrator out */
#define CTL_ORDER '!' /* first byte of a line from a job that is for the main loop, not for the client */

struct ctl_client;
struct ctl_work;

/* Who asks, for the audit. */
struct ctl_caller {
	unsigned uid;
	int pid;
	enum gw_ctl_level level;
	uint64_t began_ms; /* of the request (monotonic) */
	char text[48];     /* "uid 0, process 4711" */
};

/* ---- handlers: one row a verb of ctl/verbs.h, in the file of its area ---- */

struct ctl_handler {
	const char *verb;
	/* One of the two. answer() writes the whole answer, or sets c->stream; work() writes all but what an error says.
	 * Negative with err: the answer ends with ERR. */
	int (*answer)(struct ctl_client *c, struct gw_err *err);
	int (*work)(struct ctl_work *w, struct gw_err *err);
	/* On the main loop before the job begins and after it ended; may be NULL. */
	void (*around)(struct ctl_client *c);
	bool storeless; /* work() is done though the store cannot be opened */
};

/* Each ends with a NULL verb. */
extern const struct ctl_handler ctl_handlers_service[], ctl_handlers_config[], ctl_handlers_session[], ctl_handlers_user[],
	ctl_handlers_stats[], ctl_handlers_store[];
extern const struct ctl_handler ctl_handlers_reload[];
extern const struct ctl_handler ctl_handlers_import[], ctl_handlers_export[];
extern const struct ctl_handler ctl_handlers_mailbox[], ctl_handlers_quota[], ctl_handlers_uidl[], ctl_handlers_public[];
extern const struct ctl_handler ctl_handlers_ban[], ctl_handlers_auth[];
extern const struct ctl_handler ctl_handlers_tail[], ctl_handlers_log[], ctl_handlers_why[];

/* daemon/drain.h */
extern const struct ctl_handler ctl_handlers_drain[];

/* health.c, tls.c, backend.c */
extern const struct ctl_handler ctl_handlers_health[], ctl_handlers_tls[], ctl_handlers_backend[];

/* An answer that goes on. */
struct ctl_stream {
	/* Write what there is to say now, until gw_out_full(&c->out). False: the answer has ended (OK or ERR was written).
	 * Called when the client has read, by ctl_poke() and once a second. NULL: no stream runs. */
	bool (*more)(struct ctl_client *c);
	/* The client is gone, or the answer has ended. May be NULL. */
	void (*end)(struct ctl_client *c);
	void *ctx;
};

struct ctl_job {
	struct gwd *g;
	const struct gw_ctl_request *request; /* the client's, which outlives the job */
	const struct ctl_handler *handler;
	const struct ctl_caller *who; /* the client's, as the request */
	int fd;      /* the job's end */
	int main_fd; /* ours */
	int passed;  /* the file that came with the request, or -1; the job's */
	pid_t pid;   /* fork model; 0: collected */
	pthread_t thread;
	struct event event; /* main_fd is readable */
	char first;  /* of the line being passed on; 0: at the beginning of one */
	bool told;   /* to stop */
	char last;   /* first byte of the last whole line */
	unsigned exit; /* ctl_client.exit when it began */
	struct gw_buf order; /* a line for the main loop that is coming in: see ctl_work_kick() */
};

struct ctl_client {
	struct ctl_client *next, **prev;
	struct server *s;
	int fd;
	enum gw_ctl_level level;
	struct ctl_caller who;
	struct event read_event, write_event;
	struct gw_ctl_in in;
	struct gw_out out;
	struct gw_arena arena; /* of the request */
	struct gw_ctl_request request;
	struct gw_ctl_reply reply;
	const struct ctl_handler *handler; /* of the request */
	struct ctl_job *job;
	struct ctl_stream stream;
	int passed;   /* a file that came with a request that was not read yet, or -1 */
	bool ended;   /* it sends no more */
	bool dead;    /* the socket is broken, or must be given up */
	uint32_t cursor; /* of a stream that lists slots of the registry */
	uint64_t rows;
	unsigned exit; /* a handler's around() may set it before the job: work() goes on from it */
};

/* Users and groups. */
struct ctl_ids {
	uint32_t *uids, *gids;
	size_t n_uids, n_gids;
};

struct ctl_roles {
	struct ctl_ids admins, operators;
};

struct ctl_server {
	int fd;
	char *path;
	gid_t group; /* its members are operators */
	struct ctl_roles roles;
	struct event event;
	struct ctl_client *clients;
	unsigned n_clients;
	struct event tail_event; /* something new for those who tail */
	unsigned n_tails;
};

/* ---- server.c: for handlers, on the main loop ---- */

/* A stream has something to say. May free c when the client is gone. */
void ctl_poke(struct ctl_client *c);

/* The request has its whole answer. */
void ctl_answered(struct ctl_client *c);

/* ---- audit.c ---- */

/* The event of an order: who asked for what, how it ended ("ok" or a sentence), and how long it took. refused: the
 * level was too low. */
void ctl_audit(struct gwd *g, const struct ctl_caller *who, const struct gw_ctl_request *r, const char *result,
	       bool refused);

/* ---- role.c ---- */

/* Who is at the other end of fd, and what he may do. False: it cannot be told. */
bool ctl_identify(struct server *s, int fd, struct ctl_caller *ret);
void ctl_roles_done(struct ctl_roles *r);

/* ---- session.c ---- */

/* Is the session one of this user's? Names are kept cut to the size of the slot. */
bool ctl_session_is(const struct reg_slot *slot, struct gw_slice user);

/* End all sessions that has() says yes to (slot: a copy). The clients are told the reason, if there is one. Returns how
 * many were told. */
unsigned ctl_kick(struct server *s, bool (*has)(const void *ctx, const struct reg_slot *slot), const void *ctx,
		  struct gw_slice reason);

/* End all sessions of a user. Returns how many were told. */
unsigned ctl_kick_user(struct server *s, struct gw_slice user);

/* ---- who.c ---- */

/* Handler of who. */
int ctl_answer_who(struct ctl_client *c, struct gw_err *err);

/* ---- job.c ---- */

/* Make a job of the client's request. */
void ctl_job_begin(struct ctl_client *c);

/* Tell it to stop. */
void ctl_job_tell(struct ctl_job *job);

/* Tell it to stop and wait until it did. */
void ctl_job_finish(struct ctl_client *c);

/* ---- work.c: for handlers, inside a job ---- */

struct ctl_work {
	struct ctl_job *job;
	struct gwd *g;
	const struct gw_ctl_request *r;
	struct gw_store *store;
	int passed; /* the file that came with the request, or -1: closed after the work */
	struct gw_out out;
	struct gw_ctl_reply reply;
	bool broken; /* nobody reads any more, or we were told to stop */
};

/* Was the job told to stop? To be asked now and then. */
bool ctl_work_stopped(struct ctl_work *w);

/* Close a row (see gw_ctl_row()) and send what is ready when it is enough for a piece; now: in any case. */
void ctl_work_row(struct ctl_work *w, bool now);

/* How many sessions the user has now. */
unsigned ctl_work_sessions(const struct ctl_work *w, struct gw_slice user);

/* Ask the main loop to end all sessions of a user. */
void ctl_work_kick(struct ctl_work *w, struct gw_slice user);

/* The same, and wait until they have ended, some seconds at most. Returns how many there were at first. */
unsigned ctl_work_end_sessions(struct ctl_work *w, struct gw_slice user);

/* Do the request and write the answer to job->fd; then close it. */
void ctl_job_run(struct gwd *g, struct ctl_job *job);

#endif
