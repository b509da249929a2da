/* server.h - the main process: what it owns and the steps of its life
 *
 * main.c starts it, reload.c changes it, ctl/ lets operators look at it, shutdown.c ends it. All of it belongs
 * to the main thread. */
#ifndef GW_DAEMON_SERVER_H
#define GW_DAEMON_SERVER_H

#include "config/plan.h"
#include "daemon/acceptor.h"
#include "daemon/cmdline.h"
#include "daemon/daemon.h"
#include "daemon/drain.h"
#include "daemon/drop.h"
#include "daemon/http.h"
#include "daemon/listen.h"
#include "daemon/moments.h"
#include "daemon/process.h"
#include "daemon/pulse.h"
#include "daemon/sd.h"

#include <event2/event_struct.h>

struct ctl_server;

/* The configuration that was in force before the last change: what undo goes back to. */
struct past {
	struct snapshot *snapshot; /* a reference, with its certificates as they were loaded; NULL: none */
	bool tls_only;             /* nothing but certificates was changed: the rest is as in the server */
	struct gw_plan plan;       /* its changes that wait for a restart */
	int64_t loaded_s;
	char *file;
};

/* A change that must be confirmed, or past comes back. */
struct trial {
	bool on;
	uint32_t end_s; /* conn_clock_s() */
	char who[96];   /* who asked */
	struct event timer;
};

struct server {
	struct gwd g; /* first: what all threads see */
	struct cmdline cmdline;
	char *config_path;    /* the file that is read when none is named */
	char *loaded_file;    /* the file that the configuration in force was read from */
	struct identity identity;
	struct listeners listeners;
	struct http *http;        /* who serves them, or NULL */
	struct pid_file pid_file;
	struct gw_plan plan;  /* of the last reload: its GW_RESTART changes wait */
	int64_t loaded_s;     /* wall clock: when the configuration in force was read */
	struct past past;
	struct trial trial;
	struct sd sd;
	struct acceptor acceptor;
	struct ctl_server *ctl;
	struct event_base *base;
	struct event signal_event, tick_event, drain_event, doors_event, watch_event;
	int signal_fd;
	uint32_t ticks;
	uint64_t tick_due_us; /* stats_tick()'s */
	struct moments moments;
	/* fork model */
	pid_t *children;      /* by slot; 0: none */
	pid_t keeper;         /* the helper that tends the store */
	uint32_t keeper_s;    /* when it was started */
	struct drain drain;
	/* the end */
	bool stopping;
	bool ended;           /* nobody is left: the main loop is about to end */
	uint32_t deadline_s;
	unsigned cuts;
	int status;           /* exit status of the process */
};

static inline struct server *server_of(struct gwd *g)
{
	return (struct server *)(void *)g;
}

/* The schemes of server_socket that this program can open (spawn.c). */
extern const char *const server_stores[];

/* Open the store of the configuration in force for this process (spawn.c). */
int server_open_store(struct gwd *g, struct gw_err *err);

/* ---- prepare.c: what a start needs root for ---- */

/* Tell those who started us, on standard error; level: "crit", "error", "warning". There may be no log yet. */
void server_complain(const char *level, const char *text);

/* Open what the configuration names: log, certificates, listeners, pid file, control socket. cfg: taken. -1: something is
 * wrong, and all of it was told. */
int server_prepare(struct server *s, struct gw_config *cfg);

/* Give root up for good, and go into the background if that is wanted. -1: it failed, and was told. */
int server_let_go(struct server *s, const struct gw_config *cfg);

/* ---- ctl/server.c ---- */

/* Bind the control socket while we may still be root. Without control_socket: nothing. */
int ctl_open(struct server *s, const struct gw_config *cfg, struct gw_err *err);
void ctl_start(struct server *s);
void ctl_read_roles(struct server *s);               /* another configuration is in force */
void ctl_close(struct server *s);
void ctl_abandon(struct server *s);               /* in a child */
void ctl_tick(struct server *s);                   /* once a second */
void ctl_child_ended(struct server *s, pid_t pid); /* perhaps a job of ours */

/* ---- reload.c ---- */

/* Read the configuration as at the start; file: another one than config_path, or NULL. Everything that is wrong is in
 * diags. */
int server_load(struct server *s, const char *file, struct gw_config **ret, struct gw_diags *diags);

/* TLS of a configuration, or *ret NULL when none is configured. */
int server_load_tls(struct server *s, const struct gw_config *cfg, struct tls_set **ret, struct gw_err *err);

/* Put next (takes the reference) in force with all that goes with it: the one place through which a reload, an undo and
 * a new certificate go. */
void server_put_in_force(struct server *s, struct snapshot *next);

/* One thing that a reload has to say. */
struct reload_news {
	const char *event; /* "error", "warning", "live", "next", "restart", "listener", "certificate", "unchanged", "confirm" */
	const char *text;  /* a sentence without secrets */
	const struct gw_plan_option *change;     /* of live, next, restart; else NULL */
	const struct gw_plan_listener *listener; /* of listener; else NULL */
};

/* Where a reload reports: to the log always, and to who asked. */
typedef void (*reload_tell)(void *ctx, const struct reload_news *news);

struct reload_order {
	bool dry;           /* only say what would change */
	bool tls_only;      /* the certificates, not the configuration */
	uint32_t confirm_s; /* so many seconds on trial; 0: for good */
	const char *file;   /* instead of config_path; NULL: that */
	const char *who;    /* asked for it */
	reload_tell tell;   /* may be NULL */
	void *ctx;
};

/* Apply the configuration files completely, or change nothing. While a change is on trial, what is read joins it: its
 * end stays where it is unless confirm_s sets another, and undo goes back to what was before all of it. */
int server_reload(struct server *s, const struct reload_order *order);

/* Certificates that changed on disk are taken over by themselves, if they are for all the names that the old ones are
 * for and good now. */
void server_refresh_tls(struct server *s);

/* ---- trial.c: back to the configuration before ---- */

#define TRIAL_MAX_S (24u * 3600)

/* Keep what is in force as the past, before something else is (tls_only: other certificates). While a change is on
 * trial the past is kept already. Moves s->plan. */
void past_keep(struct server *s, bool tls_only);
void past_done(struct past *p);

/* The change that was made just now waits to be confirmed, for so many seconds from now. */
void trial_begin(struct server *s, uint32_t seconds, const char *who);

/* Seconds left; 0: nothing is on trial. */
uint32_t trial_left_s(const struct server *s);

/* Keep what is on trial. GW_ENOENT: nothing is. */
int server_confirm(struct server *s, struct gw_err *err);

/* The past comes back, and what was in force becomes the past. GW_ENOENT: there is none. */
int server_undo(struct server *s, const char *why, reload_tell tell, void *ctx, struct gw_err *err);

/* Tell what changes from one snapshot to another, as a reload does. Does anything? (reload.c) */
bool reload_say_changes(struct server *s, const struct snapshot *was, const struct snapshot *now, reload_tell tell,
			void *ctx);

/* Tell the service manager that another configuration is being taken, or was. */
void server_notify_reload(struct server *s, bool begins);

/* ---- */

void server_reopen_log(struct server *s);

/* ---- shutdown.c ---- */

/* Let sessions end for so many seconds, then the process. Called again: so many seconds from now. */
void server_stop(struct server *s, const char *why, uint32_t timeout_s);

/* Take clients, or take them no more (see drain.h). It is done when the doors are settled; then streams of the control
 * socket are called. */
void server_doors(struct server *s, bool open);
bool server_doors_settled(const struct server *s);

/* Wake all sessions of a user. */
void server_wake_user(struct server *s, struct gw_slice user, enum gw_wake wake);

/* ---- spawn.c: the fork model ---- */

/* struct acceptor's serve(): a child for the connection. */
void spawn_conn(struct gwd *g, struct conn_start *start);

/* Start the helper process that tends the store, and wait until it could open it. */
int spawn_keeper(struct server *s, struct gw_err *err);

/* Collect children that ended. */
void spawn_reap(struct server *s);

/* A signal to all connections' children, or to the one in a slot. Returns how many there are. */
unsigned spawn_signal_all(struct server *s, int sig);
bool spawn_signal_slot(struct server *s, const struct reg_slot *slot, uint64_t id, int sig);

/* Run fn in a child with a store of its own, writing to fd; the child ends when fn returns. Returns its pid or -1. */
pid_t spawn_job(struct server *s, void (*fn)(struct gwd *g, void *arg), void *arg);

#endif
