/* session.h - the contract between a protocol session and the program that hosts it
 *
 * A session (IMAP, POP3) turns bytes into commands and results into bytes. It owns no socket, no
 * thread and no timer. Its host (the daemon's conn.c, a unit test, the conversation runner, a
 * fuzzer) owns those and obeys what each call returns:
 *
 *	GW_NEED_INPUT   give me bytes: call feed() when there are any, wake() when something happens
 *	GW_NEED_RUN     call run() now, on the thread that reads the connection; it will not block
 *	GW_NEED_WORKER  call run() where it may block in a store; nothing else until it returns
 *	GW_NEED_AUTH    the same, but it may burn CPU on a password: use the workers kept for that
 *	GW_NEED_TLS     send what is queued, throw away plain bytes that were read already, start TLS, call wake()
 *	                with GW_WAKE_TLS
 *	GW_NEED_COMPRESS  behind what is queued, both directions are raw DEFLATE (RFC 4978); what was read behind the
 *	                command is compressed already. Then as GW_NEED_INPUT
 *	GW_NEED_PLAIN   the opposite (RFC 8437): what is queued is the last that is compressed. Then as GW_NEED_INPUT
 *	GW_NEED_CLOSE   send what is queued, close the connection, call close()
 *
 * Before each run() the host waits until less than GW_OUT_LOW bytes of earlier output are unsent;
 * run() stops by itself at GW_OUT_FULL and asks to be called again. That is all of flow control: a
 * client that does not read costs one rope and no thread.
 *
 * feed() consumes as much as it can use (it may take several pipelined commands, up to a limit) and leaves the rest in
 * *in; unless it returned GW_NEED_INPUT, the host must obey before it feeds again. A session is
 * touched by one thread at a time. */
#ifndef GW_SESSION_SESSION_H
#define GW_SESSION_SESSION_H

#include "log/events.h"
#include "util/clock.h"
#include "util/out.h"
#include "util/slice.h"

#include <stdatomic.h>

struct gw_config;
struct gw_store;

enum gw_need {
	GW_NEED_INPUT,
	GW_NEED_RUN,
	GW_NEED_WORKER,
	GW_NEED_AUTH,
	GW_NEED_TLS,
	GW_NEED_COMPRESS,
	GW_NEED_PLAIN,
	GW_NEED_CLOSE,
};

enum gw_wake {
	GW_WAKE_TIMEOUT,  /* the client was silent for timeout_s() seconds */
	GW_WAKE_BELL,     /* the watched file was touched: the mailbox may have changed */
	GW_WAKE_TLS,      /* TLS is on (env->peer->tls is filled) */
	GW_WAKE_SHUTDOWN, /* the service stops: say goodbye as soon as the protocol allows */
	GW_WAKE_DRAIN,    /* the service wants to be rid of sessions: say goodbye if the client has nothing under way, or
			   * go on; the host asks again whenever the session waits for input and none is there */
	GW_WAKE_KICK,     /* an administrator ended this session: say goodbye now */
	GW_WAKE_GARBLED,  /* what comes is not compressed as it must be: say goodbye now */
};

/* What the host knows of the peer. The host fills it; it changes only before GW_WAKE_TLS. */
struct gw_peer {
	char address[64];      /* "192.0.2.1:51234", "[2001:db8::1]:51234", "unix" */
	bool local;            /* the address belongs to this machine: disable_plaintext_auth does not count */
	bool tls;              /* the connection is encrypted */
	bool tls_possible;     /* STARTTLS/STLS may be offered */
	bool compress_possible; /* the host obeys GW_NEED_COMPRESS and GW_NEED_PLAIN */
	char tls_user[256];    /* user name from a verified client certificate, or "" */
	unsigned char tls_exporter[32]; /* RFC 9266 channel binding */
	bool has_exporter;
};

enum gw_session_state { GW_STATE_GREETING, GW_STATE_LOGIN, GW_STATE_AUTHED, GW_STATE_SELECTED, GW_STATE_IDLE, GW_STATE_BYE };

/* What an administrator may see of a session. The session writes, the host reads, perhaps from another process, so it
 * is plain memory without pointers. Names are written with gw_info_set() and read with gw_info_read(). */
struct gw_session_info {
	_Atomic uint32_t version; /* odd while a name is being written */
	char user[128];
	char mailbox[128];
	char client[128];     /* from ID */
	char command[24];     /* running, or "" */
	uint32_t state;       /* enum gw_session_state */
	uint32_t commands;    /* commands finished */
	uint32_t bad_commands;
	uint32_t fetched;     /* messages sent */
	uint32_t appended;
	uint32_t expunged;
	uint64_t command_since_us; /* gw_mono_us() when the running command began; 0: none runs */
	uint64_t store_us;    /* spent in the store */
};

enum gw_result { GW_RESULT_OK, GW_RESULT_NO, GW_RESULT_BAD };

/* A command that has been answered. */
struct gw_finished {
	unsigned verb;         /* row for gw_proto.verb_name(); the one behind the last when it was not understood */
	enum gw_result result; /* POP3 knows no NO: what the client could not know before is one */
	uint64_t us;           /* time we took: reading it, waiting for a worker, running; not waiting for the client */
	uint64_t store_us;     /* of it in the store */
};

/* Write a name so that nobody reads half of it; one that is too long is cut where a character ends. One writer at a
 * time: the session. */
void gw_info_name(struct gw_session_info *info, char *member, size_t cap, struct gw_slice text);

/* The same for a member of *info by its name; info may be NULL. */
#define gw_info_set(info, member, text) \
	((info) ? gw_info_name((info), (info)->member, sizeof (info)->member, (text)) : (void)0)

/* A copy as it was at one moment, with names that end. False: the session was writing all the time (it died doing so),
 * and names may be mixed. Any thread or process. */
bool gw_info_read(const struct gw_session_info *info, struct gw_session_info *ret);

/* Log levels of gateway.cfg. */
enum gw_log_level { GW_LOG_NONE, GW_LOG_CRIT, GW_LOG_ERROR, GW_LOG_WARNING, GW_LOG_NOTICE, GW_LOG_INFO, GW_LOG_DEBUG };

/* What the host gives a session; everything is kept by the session until close(). */
struct gw_env {
	const struct gw_config *config;
	struct gw_store *store;
	const struct gw_clock *clock;
	const struct gw_peer *peer;
	struct gw_session_info *info;
	const char *hostname; /* for the greeting */
	const char *kick_reason; /* filled before GW_WAKE_KICK: what the client is told; "" or NULL: nothing special */
	/* A line for the log; never with a secret in it. May be NULL. Any thread. */
	void (*log)(void *ctx, enum gw_log_level level, const char *text);
	/* Something of the catalogue happened (log/events.h); who the client is is added by the host. May be NULL: use
	 * gw_env_event(). */
	void (*event)(void *ctx, enum gw_event_id id, const struct gw_log_field *fields, size_t n);
	/* A login was refused (reason: "auth", "plaintext", "disabled", "moved", "unavailable", "delayed") or accepted ("ok"); the
	 * host writes the line for the log. user: "" when it is not known; detail: more about it, or NULL. May be NULL. */
	void (*login)(void *ctx, const char *user, const char *mechanism, const char *reason, const char *detail);
	/* The user whose login was accepted is gone, the client stays (RFC 8437); info->user is still there. May be NULL. */
	void (*logout)(void *ctx);
	/* Why this user, who has shown who he is, cannot be let in now: a sentence for the log, or NULL. user NULL: anybody,
	 * asked before. The login ends with UNAVAILABLE. May be NULL. Any thread. */
	const char *(*closed)(void *ctx, const char *user);
	/* A user who has shown who he is signs on with POP3, where `pop3_login_delay` is set: 0, or the seconds to wait before
	 * he may. May be NULL. Any thread. */
	unsigned (*wait_s)(void *ctx, const char *user);
	/* A command was answered. May be NULL. */
	void (*finished)(void *ctx, const struct gw_finished *f);
	/* Is anybody interested in the dialogue now? May be NULL: always. */
	bool (*traced)(void *ctx);
	/* The dialogue for log_level 6 and traces: one line without its CRLF, secrets masked, literals cut. May be NULL. */
	void (*trace)(void *ctx, char direction, struct gw_slice line);
	void *ctx;
};

/* gw_env_event(&s->env, GW_EV_STORE_ERROR, GW_STR("command", name), GW_STR("detail", err.text)) */
#define gw_env_event(env, id, ...)                                                                  \
	gw_env_tell((env), (id), (const struct gw_log_field[]){ __VA_ARGS__ },                         \
		    sizeof((const struct gw_log_field[]){ __VA_ARGS__ }) / sizeof(struct gw_log_field))

static inline void gw_env_tell(const struct gw_env *env, enum gw_event_id id, const struct gw_log_field *fields, size_t n)
{
	if (env->event)
		env->event(env->ctx, id, fields, n);
}

/* Is there somebody to tell the dialogue to? */
static inline bool gw_env_traced(const struct gw_env *env)
{
	return env->trace && (!env->traced || env->traced(env->ctx));
}

#define GW_BELLS 9 /* files a session may listen to */

struct gw_proto {
	const char *name; /* "imap", "pop3" */
	const char *alpn;

	/* Commands by row, for statistics: "FETCH"; NULL behind the last. */
	const char *(*verb_name)(unsigned row);

	/* Begin: writes the greeting to out. Returns owned. */
	void *(*open)(const struct gw_env *env, struct gw_out *out);
	enum gw_need (*feed)(void *s, struct gw_slice *in, struct gw_out *out);
	enum gw_need (*run)(void *s, struct gw_out *out);
	enum gw_need (*wake)(void *s, enum gw_wake what, struct gw_out *out);

	/* Seconds of silence allowed in the present state. */
	unsigned (*timeout_s)(const void *s);

	/* The files whose touch means GW_WAKE_BELL for this session now: which counts from 0 to GW_BELLS - 1, NULL is none.
	 * Asked after each feed, run, wake. */
	const char *(*bell)(const void *s, unsigned which);

	/* Bytes that the session holds: its buffers, arenas and lists. Cheap; asked after each feed, run, wake. */
	size_t (*memory)(const void *s);

	/* Make a run() that is going on in another thread end soon: the client is gone. */
	void (*interrupt)(void *s);

	/* The connection is gone (or GW_NEED_CLOSE was obeyed): undo what is not acknowledged, free. May block in a
	 * store: call it on a worker. */
	void (*close)(void *s);
};

extern const struct gw_proto gw_imap_proto;
extern const struct gw_proto gw_pop3_proto;

#endif
