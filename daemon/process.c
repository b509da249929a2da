/* process.c - becoming a daemon (see process.h) */
#include "daemon/process.h"

#include "util/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static int ready_fd = -1; /* of the process that waits for us to be ready; set once at start */

/* ---- limits ---- */

/* False: there are fewer descriptors than all connections may need. */
static bool raise_files(const struct gw_config *cfg)
{
	rlim_t want = (rlim_t)cfg->max_connections * 2 + 1024; /* a database may be open for each */
	struct rlimit r;

	if (getrlimit(RLIMIT_NOFILE, &r) != 0)
		return true;
	if (r.rlim_max < want && geteuid() == 0)
		r.rlim_max = want;
	r.rlim_cur = r.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &r) != 0 && getrlimit(RLIMIT_NOFILE, &r) == 0) {
		r.rlim_cur = r.rlim_max;
		setrlimit(RLIMIT_NOFILE, &r);
	}
	/* A child of the fork model has one connection, and the main process holds none. */
	return r.rlim_cur >= want || cfg->process_model == GW_PROCESS_FORK;
}

static bool file_begins_with(const char *path, char c)
{
	char got = 0;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return false;
	if (read(fd, &got, 1) != 1)
		got = 0;
	close(fd);
	return got == c;
}

void process_limits(const struct gw_config *cfg, const char **ret_warning)
{
	struct rlimit core = { RLIM_INFINITY, RLIM_INFINITY };

	*ret_warning = raise_files(cfg) ? NULL : "The limit of open files is too low for max_connections: raise it (LimitNOFILE), or "
						 "clients may be kept waiting and mailboxes not open";
	if (cfg->coredump_enabled == GW_COREDUMP_SYSTEM)
		return;
	if (cfg->coredump_enabled == GW_COREDUMP_OFF) {
		core = (struct rlimit){ 0, 0 };
		setrlimit(RLIMIT_CORE, &core);
		return;
	}
	if (setrlimit(RLIMIT_CORE, &core) != 0)
		*ret_warning = "coredump_enabled: the limit of core files cannot be raised";
	else if (*cfg->run_as_user && file_begins_with("/proc/sys/fs/suid_dumpable", '0'))
		*ret_warning = "coredump_enabled: fs.suid_dumpable is 0, the kernel may not dump a process that changed its user";
	else if (file_begins_with("/proc/sys/kernel/core_pattern", '\n'))
		*ret_warning = "coredump_enabled: kernel.core_pattern is empty";
}

void process_dumpable(const struct gw_config *cfg)
{
	if (cfg->coredump_enabled == GW_COREDUMP_ON)
		prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
	else if (cfg->coredump_enabled == GW_COREDUMP_OFF)
		prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); /* nor may others of the same user read our memory */
}

bool process_chdir(const struct gw_config *cfg)
{
	if (*cfg->running_path && chdir(cfg->running_path) == 0)
		return true;
	return chdir("/") == 0 && !*cfg->running_path;
}

/* ---- background ---- */

/* The shell that started us learns whether the service runs, not only whether it was begun. */
static void wait_for_ready(int fd, pid_t first)
{
	unsigned char status = 1;
	ssize_t n;

	do
		n = read(fd, &status, 1);
	while (n < 0 && errno == EINTR);
	waitpid(first, NULL, 0);
	_exit(n == 1 ? status : 1);
}

static void close_standard(void)
{
	int fd = open("/dev/null", O_RDWR);

	if (fd < 0)
		return;
	dup2(fd, 0);
	dup2(fd, 1);
	dup2(fd, 2);
	if (fd > 2)
		close(fd);
}

int process_background(struct gw_err *err)
{
	int fds[2];
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC) < 0)
		return gw_fail(err, gw_code_errno(errno), "cannot make a pipe: %s", strerror(errno));
	pid = fork();
	if (pid < 0)
		return gw_fail(err, gw_code_errno(errno), "cannot fork: %s", strerror(errno));
	if (pid > 0) {
		close(fds[1]);
		wait_for_ready(fds[0], pid);
	}
	close(fds[0]);
	setsid();
	pid = fork(); /* not a session leader: it can never get a terminal again */
	if (pid != 0)
		_exit(pid < 0);
	ready_fd = fds[1];
	return 0;
}

void process_ready(int status)
{
	unsigned char byte = (unsigned char)status;

	if (ready_fd < 0)
		return;
	if (status == 0)
		close_standard();
	if (write(ready_fd, &byte, 1) == 1)
		close(ready_fd);
	ready_fd = -1;
}

/* ---- the pid file ---- */

/* In a directory that others may write to, the file could be put there by anybody: only the owner's is taken. */
static int check_file(int fd, const char *path, uid_t owner, struct gw_err *err)
{
	struct stat st;

	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_nlink != 1)
		return gw_fail(err, GW_EACCES, "pid_file: \"%s\" is not a plain file", path);
	if (st.st_uid != 0 && st.st_uid != geteuid() && st.st_uid != owner)
		return gw_fail(err, GW_EACCES, "pid_file: \"%s\" belongs to another user", path);
	if (flock(fd, LOCK_EX | LOCK_NB) != 0)
		return gw_fail(err, GW_EBUSY, "pid_file: another gatewayd runs with \"%s\"", path);
	return 0;
}

int pid_file_open(struct pid_file *f, const char *path, uid_t owner, struct gw_err *err)
{
	int rc;

	*f = (struct pid_file){ .fd = -1 };
	if (!*path)
		return 0;
	f->fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0644);
	if (f->fd < 0)
		return gw_fail(err, gw_code_errno(errno), "pid_file: cannot open \"%s\": %s", path, strerror(errno));
	rc = check_file(f->fd, path, owner, err);
	if (rc < 0) {
		close(f->fd);
		f->fd = -1;
		return rc;
	}
	if (owner != (uid_t)-1 && fchown(f->fd, owner, (gid_t)-1) < 0)
		errno = 0; /* only its removal at the end will be missed */
	f->path = gw_xstrdup(path);
	return 0;
}

int pid_file_write(struct pid_file *f, struct gw_err *err)
{
	char text[16];
	int n;

	if (f->fd < 0)
		return 0;
	n = snprintf(text, sizeof text, "%d\n", (int)getpid());
	if (ftruncate(f->fd, 0) < 0 || pwrite(f->fd, text, (size_t)n, 0) != n)
		return gw_fail(err, gw_code_errno(errno), "pid_file: cannot write \"%s\": %s", f->path, strerror(errno));
	return 0;
}

void pid_file_remove(struct pid_file *f)
{
	if (f->fd < 0)
		return;
	if (unlink(f->path) < 0 && ftruncate(f->fd, 0) < 0)
		errno = 0; /* the lock is gone with us, which is what others ask for */
	close(f->fd);
	free(f->path);
	*f = (struct pid_file){ .fd = -1 };
}
