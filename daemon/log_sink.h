/* log_sink.h - where log lines go: a file, syslog, the standard error stream
 *
 * Any thread may write a line; a line never waits for a reader that does not come, and a full disk costs lines (which
 * are counted), never the service. */
#ifndef GW_DAEMON_LOG_SINK_H
#define GW_DAEMON_LOG_SINK_H

#include "config/config.h"
#include "log/log.h"
#include "session/session.h"
#include "util/err.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/types.h>

enum log_where { LOG_TO_STDERR, LOG_TO_FILE, LOG_TO_SYSLOG };

struct log_sink {
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
	_Atomic int threshold; /* copy of log.threshold, read without the lock */
};

/* Open what the configuration names. uid, gid: who the log file should belong to ((uid_t)-1: as it comes).
 * Returns 0, or a negative code: the file cannot be written. The sink then writes to stderr and can be used. */
int log_open(struct log_sink *s, const struct gw_config *cfg, uid_t uid, gid_t gid, struct gw_err *err);

/* Level, format, timestamps and buffer of another configuration. */
void log_configure(struct log_sink *s, const struct gw_config *cfg);

/* Close and open the file again (after it was rotated). On failure the old one stays. */
int log_reopen(struct log_sink *s, struct gw_err *err);

/* Now and then: write what is buffered or folded. */
void log_tick(struct log_sink *s);

/* Before and after a fork: what is buffered is written once. */
void log_before_fork(struct log_sink *s);
void log_after_fork(struct log_sink *s);

void log_close(struct log_sink *s);

static inline bool log_wants(struct log_sink *s, int level)
{
	int threshold = atomic_load_explicit(&s->threshold, memory_order_relaxed);

	return threshold > 0 && level <= threshold;
}

void log_put(struct log_sink *s, int level, struct gw_slice text, const struct gw_log_field *fields, size_t n);
void log_line(struct log_sink *s, int level, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

#endif
