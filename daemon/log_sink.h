/* log_sink.h - what the daemon tells: lines to a file, syslog or the standard error stream, events to who tails them
 *
 * Any thread and process may speak; a line never waits for a reader that does not come, and a full disk costs lines
 * (which are counted), never the service. What all processes know together (the levels by module, the ring that tails
 * read, the last refusals) is in memory made before the first fork. Nothing is put into words unless somebody wants it.
 *
 * A line belongs to a module (log/events.h), for which a level can be set apart: to that of the file that speaks, which
 * is GW_MOD_SERVICE unless the file defines LOG_MODULE before its includes. */
#ifndef GW_DAEMON_LOG_SINK_H
#define GW_DAEMON_LOG_SINK_H

#include "config/config.h"
#include "log/events.h"
#include "log/ring.h"
#include "session/session.h"
#include "util/err.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/types.h>

enum log_where { LOG_TO_STDERR, LOG_TO_FILE, LOG_TO_SYSLOG };

#ifndef LOG_MODULE
#define LOG_MODULE GW_MOD_SERVICE
#endif

struct refusals;

#define LOG_NO_END UINT32_MAX

/* In shared memory. */
struct log_shared {
	_Atomic uint8_t level[GW_MODULES]; /* in force */
	_Atomic uint8_t base;              /* log_level */
	_Atomic uint32_t until_s[GW_MODULES]; /* conn_clock_s() until which a level is set apart; LOG_NO_END; 0: it is not */
	_Atomic int8_t heard;              /* highest level that a tail wants, -1: there is none */
	_Atomic bool woken;                /* wake_fd was written to */
};

struct log_sink {
	struct log_shared *shared;
	struct gw_ring ring;        /* what tails read */
	int wake_fd;                /* eventfd: the ring has something new for a tail */
	struct refusals *refusals;  /* NULL: they are not kept */
	pthread_mutex_t lock; /* of all below */
	struct gw_log log;
	enum log_where where;
	int fd;               /* -1: nowhere */
	char *path;           /* LOG_TO_FILE */
	struct gw_buf buffer; /* log_buffer_size */
	size_t buffer_max;
	uint64_t lost;        /* lines since the last one that was written */
	int64_t offset_until_s; /* the offset below is good until then */
	int utc_offset_s;
	bool by_pid;          /* fork model: who speaks is a process */
};

/* Open what the configuration names. uid, gid: who the log file should belong to ((uid_t)-1: as it comes).
 * Returns 0, or a negative code: the file cannot be written. The sink then writes to stderr and can be used. */
int log_open(struct log_sink *s, const struct gw_config *cfg, uid_t uid, gid_t gid, struct gw_err *err);

/* Level, format, timestamps and buffer of another configuration. */
void log_configure(struct log_sink *s, const struct gw_config *cfg);

/* Close and open the file again (after it was rotated). On failure the old one stays. */
int log_reopen(struct log_sink *s, struct gw_err *err);

/* Is there something to write to? *lost: lines that could not be written since the last one that was. */
bool log_is_written(struct log_sink *s, uint64_t *lost);

/* Now and then: write what is buffered or folded. */
void log_tick(struct log_sink *s);

/* Write a record whose level is wanted. */
void log_write(struct log_sink *s, struct gw_log_record *rec);

/* Who speaks: a thread's name, or the number of the process. */
const char *log_speaker(const struct log_sink *s);

/* Before and after a fork: what is buffered is written once. */
void log_before_fork(struct log_sink *s);
void log_after_fork(struct log_sink *s);

void log_close(struct log_sink *s);

static inline bool log_wants(const struct log_sink *s, unsigned module, int level)
{
	int max = atomic_load_explicit(&s->shared->level[module], memory_order_relaxed);

	return max > 0 && level <= max;
}

/* Is there a tail for records of this level? */
static inline bool log_heard(const struct log_sink *s, int level)
{
	return level <= atomic_load_explicit(&s->shared->heard, memory_order_relaxed);
}

/* ---- lines for people ---- */

#define log_put(s, level, text, fields, n) log_put_as((s), LOG_MODULE, (level), (text), (fields), (n))
#define log_line(s, level, ...) log_line_as((s), LOG_MODULE, (level), __VA_ARGS__)

void log_put_as(struct log_sink *s, unsigned module, int level, struct gw_slice text, const struct gw_log_field *fields,
		size_t n);
void log_line_as(struct log_sink *s, unsigned module, int level, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* ---- events ---- */

/* log_event(&g->log, GW_EV_BAN, GW_STR("address", text), GW_NUM("seconds", 600), GW_STR("detail", why)): the fields of
 * the row, in any order. Costs little when nobody listens. An event without fields: log_event_as(s, id, GW_MODULES,
 * NULL, 0). */
#define log_event(s, id, ...)                                                                       \
	log_event_as((s), (id), GW_MODULES, (const struct gw_log_field[]){ __VA_ARGS__ },              \
		     sizeof((const struct gw_log_field[]){ __VA_ARGS__ }) / sizeof(struct gw_log_field))

/* Is anybody told of such an event? */
static inline bool log_event_matters(const struct log_sink *s, enum gw_event_id id, unsigned module)
{
	const struct gw_event *row = gw_event_row(id);

	return log_wants(s, module, row->level) || log_heard(s, row->level) || (row->flags & GW_EVENT_REFUSAL);
}

/* module: of GW_MOD_PROTOCOL's rows, imap or pop3; GW_MODULES: the row's own. */
void log_event_as(struct log_sink *s, enum gw_event_id id, unsigned module, const struct gw_log_field *fields, size_t n);

/* A line of a dialogue; traced: who tails traces wants it too, not only the log. */
void log_dialogue(struct log_sink *s, unsigned module, const struct gw_log_field *fields, size_t n, bool traced);

/* Call main to look at the ring, unless it was called already. */
void log_wake_tails(struct log_sink *s);

/* ---- levels by module (main process) ---- */

/* Set the level of a module (GW_MODULES: of all) apart from log_level; for_s: seconds until it ends by itself, 0: until
 * log_level is changed back or the service ends. level -1: as log_level again. now_s: conn_clock_s(). */
void log_set_level(struct log_sink *s, unsigned module, int level, uint32_t for_s, uint32_t now_s);

/* What was set for a time and is over. */
void log_expire_levels(struct log_sink *s, uint32_t now_s);

#endif
