/* log_sink.c - lines to a file, syslog or stderr (see log_sink.h)
 *
 * syslog(3) may block for ever on a full socket, so the few bytes of its protocol are written here. Pipes and terminals
 * are asked for room first. */
#include "daemon/log_sink.h"

#include "config/seen.h"
#include "daemon/log_priv.h"
#include "util/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define SYSLOG_SOCKET "/dev/log"
#define SYSLOG_FACILITY (2 << 3) /* mail */
#define SYSLOG_LINE_MAX 8192u
#define WAIT_MS 100 /* for a pipe that nobody reads, once a line */
#define FOLD_AGE_US (10 * 1000000)

static _Thread_local char speaker[16]; /* name of the thread; set when it first speaks */

const char *log_speaker(const struct log_sink *s)
{
	if (s->by_pid || (!speaker[0] && pthread_getname_np(pthread_self(), speaker, sizeof speaker) != 0))
		snprintf(speaker, sizeof speaker, "%d", (int)getpid());
	return speaker;
}

static int64_t wall_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* ---- writing ---- */

static bool has_room(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLOUT };

	return poll(&p, 1, WAIT_MS) == 1 && (p.revents & POLLOUT);
}

/* Pipes take PIPE_BUF bytes without blocking when they say that they have room. */
static bool write_all(struct log_sink *s, const char *p, size_t n)
{
	while (n) {
		size_t part = s->where == LOG_TO_STDERR && n > 4096 ? 4096 : n;
		ssize_t done;

		if (s->where == LOG_TO_STDERR && !has_room(s->fd))
			return false;
		done = write(s->fd, p, part);
		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return false;
		p += done;
		n -= (size_t)done;
	}
	return true;
}

static int syslog_priority(int level)
{
	static const int priority[] = { 5, 2, 3, 4, 5, 6, 7 };

	return SYSLOG_FACILITY | (level >= 0 && level < 7 ? priority[level] : 5);
}

static void write_syslog(struct log_sink *s, int level, struct gw_slice line)
{
	char date[32], packet[SYSLOG_LINE_MAX + 128];
	time_t now = time(NULL);
	struct tm tm;
	int n;

	localtime_r(&now, &tm);
	strftime(date, sizeof date, "%b %e %H:%M:%S", &tm);
	n = snprintf(packet, sizeof packet, "<%d>%s gatewayd[%d]: %.*s", syslog_priority(level), date, (int)getpid(),
		     (int)(line.n < SYSLOG_LINE_MAX ? line.n : SYSLOG_LINE_MAX), line.p);
	if (s->fd < 0 || send(s->fd, packet, (size_t)n, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
		s->lost++;
}

static void flush_buffer(struct log_sink *s)
{
	if (s->buffer.n && !write_all(s, s->buffer.p, s->buffer.n))
		s->lost++;
	s->buffer.n = 0;
}

static void put_bytes(struct log_sink *s, int level, struct gw_slice line)
{
	gw_buf_add_slice(&s->buffer, line);
	gw_buf_add_char(&s->buffer, '\n');
	if (s->where != LOG_TO_FILE || s->buffer.n >= s->buffer_max || level <= GW_LOG_WARNING)
		flush_buffer(s);
}

/* The sink of the records; the lock is held. */
static void on_line(void *ctx, int level, struct gw_slice line)
{
	struct log_sink *s = ctx;
	uint64_t lost = s->lost;

	if (s->where == LOG_TO_SYSLOG) {
		write_syslog(s, level, line);
		return;
	}
	if (s->fd < 0)
		return;
	put_bytes(s, level, line);
	if (lost && s->lost == lost) {
		char text[64];

		s->lost = 0;
		snprintf(text, sizeof text, "%llu log lines before this one were lost", (unsigned long long)lost);
		put_bytes(s, GW_LOG_WARNING, gw_slice_str(text));
	}
}

static void refresh_offset(struct log_sink *s, int64_t now_s)
{
	time_t t = now_s;
	struct tm tm;

	if (now_s < s->offset_until_s && now_s >= s->offset_until_s - 60)
		return;
	localtime_r(&t, &tm);
	s->utc_offset_s = (int)tm.tm_gmtoff;
	s->offset_until_s = now_s - now_s % 60 + 60;
}

void log_write(struct log_sink *s, struct gw_log_record *rec)
{
	pthread_mutex_lock(&s->lock);
	refresh_offset(s, rec->wall_us / 1000000);
	rec->utc_offset_s = s->utc_offset_s;
	gw_log_put(&s->log, rec);
	pthread_mutex_unlock(&s->lock);
}

void log_tick(struct log_sink *s)
{
	pthread_mutex_lock(&s->lock);
	gw_log_settle(&s->log, wall_us(), FOLD_AGE_US);
	flush_buffer(s);
	pthread_mutex_unlock(&s->lock);
}

/* ---- opening ---- */

/* Whoever may write into the directory could make us append to any file by a symbolic link while we are root; links
 * that root made (/dev/stdout) are meant. */
static bool treacherous(const char *path)
{
	struct stat st;

	return geteuid() == 0 && lstat(path, &st) == 0 && S_ISLNK(st.st_mode) && st.st_uid != 0;
}

static int open_file(const char *path, uid_t uid, gid_t gid, int *ret, struct gw_err *err)
{
	struct stat st;
	int fd;

	if (treacherous(path))
		return gw_fail(err, GW_EACCES, "log_file: \"%s\" is a symbolic link that does not belong to root", path);
	fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0640);
	if (fd < 0)
		return gw_fail(err, gw_code_errno(errno), "log_file: cannot open \"%s\": %s", path, strerror(errno));
	if (uid != (uid_t)-1 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_uid != uid &&
	    fchown(fd, uid, gid) < 0 && geteuid() == 0) {
		gw_fail(err, gw_code_errno(errno), "log_file: cannot give \"%s\" away: %s", path, strerror(errno));
		close(fd);
		return GW_EACCES;
	}
	*ret = fd;
	return 0;
}

static int open_syslog(void)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX, .sun_path = SYSLOG_SOCKET };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd >= 0 && connect(fd, (struct sockaddr *)&sun, sizeof sun) < 0) {
		close(fd);
		fd = -1;
	}
	return fd;
}

static enum log_where choose(const struct gw_config *cfg)
{
	if (cfg->log_method == GW_METHOD_SYSLOG)
		return LOG_TO_SYSLOG;
	if (gw_config_log_is_named(cfg))
		return strcmp(cfg->log_file, "-") == 0 ? LOG_TO_STDERR : LOG_TO_FILE;
	return isatty(2) || access(SYSLOG_SOCKET, F_OK) != 0 ? LOG_TO_STDERR : LOG_TO_SYSLOG;
}

void log_configure(struct log_sink *s, const struct gw_config *cfg)
{
	pthread_mutex_lock(&s->lock);
	s->log.format = cfg->log_format == GW_SHAPE_JSON ? GW_LOG_JSON : GW_LOG_TEXT;
	s->log.timestamp = cfg->log_timestamp;
	s->log.bare = s->where == LOG_TO_SYSLOG;
	s->buffer_max = (size_t)cfg->log_buffer_size;
	pthread_mutex_unlock(&s->lock);
	log_set_base(s, (int)cfg->log_level);
}

int log_open(struct log_sink *s, const struct gw_config *cfg, uid_t uid, gid_t gid, struct gw_err *err)
{
	int rc = 0;

	*s = (struct log_sink){ .fd = 2, .where = choose(cfg), .by_pid = cfg->process_model == GW_PROCESS_FORK };
	pthread_mutex_init(&s->lock, NULL);
	gw_buf_init(&s->buffer, 0);
	gw_log_init(&s->log, GW_LOG_DEBUG, GW_LOG_TEXT, true, on_line, s); /* levels are looked at before */
	log_share(s);
	if (s->where == LOG_TO_FILE) {
		rc = open_file(cfg->log_file, uid, gid, &s->fd, err);
		s->path = rc == 0 ? gw_xstrdup(cfg->log_file) : NULL;
	} else if (s->where == LOG_TO_SYSLOG) {
		s->fd = open_syslog();
		if (s->fd < 0)
			rc = gw_fail(err, GW_EIO, "log_method: cannot reach syslog at " SYSLOG_SOCKET);
	}
	if (rc < 0) {
		s->where = LOG_TO_STDERR;
		s->fd = 2;
	}
	log_configure(s, cfg);
	return rc;
}

int log_reopen(struct log_sink *s, struct gw_err *err)
{
	int fd = -1, rc = 0;

	if (s->where == LOG_TO_FILE)
		rc = open_file(s->path, (uid_t)-1, (gid_t)-1, &fd, err);
	else if (s->where == LOG_TO_SYSLOG)
		fd = open_syslog();
	if (fd < 0)
		return rc;
	pthread_mutex_lock(&s->lock);
	flush_buffer(s);
	close(s->fd);
	s->fd = fd;
	pthread_mutex_unlock(&s->lock);
	return 0;
}

bool log_is_written(struct log_sink *s, uint64_t *lost)
{
	bool open;

	pthread_mutex_lock(&s->lock);
	open = s->fd >= 0;
	*lost = s->lost;
	pthread_mutex_unlock(&s->lock);
	return open;
}

void log_before_fork(struct log_sink *s)
{
	pthread_mutex_lock(&s->lock);
	gw_log_settle(&s->log, 0, 0);
	flush_buffer(s);
	pthread_mutex_unlock(&s->lock);
}

void log_after_fork(struct log_sink *s)
{
	s->log.repeats = 0;
	s->log.last.n = 0;
	s->buffer.n = 0;
	speaker[0] = 0;
}

void log_close(struct log_sink *s)
{
	pthread_mutex_lock(&s->lock);
	gw_log_done(&s->log);
	flush_buffer(s);
	log_set_base(s, 0);
	if (s->fd > 2)
		close(s->fd);
	s->fd = -1;
	gw_buf_done(&s->buffer);
	free(s->path);
	s->path = NULL;
	pthread_mutex_unlock(&s->lock);
}
