/* process.h - what makes a process a daemon: limits, directory, background, pid file */
#ifndef GW_DAEMON_PROCESS_H
#define GW_DAEMON_PROCESS_H

#include "config/config.h"
#include "util/err.h"

#include <sys/types.h>

/* As many open files as the system allows, core dumps as configured. *ret_warning names what will prevent dumps that
 * were asked for, or is NULL. */
void process_limits(const struct gw_config *cfg, const char **ret_warning);

/* Core dumps again after the user changed, which turns them off. */
void process_dumpable(const struct gw_config *cfg);

/* Go to the working directory; false: it could not be entered, "/" was taken. */
bool process_chdir(const struct gw_config *cfg);

/* Into the background: returns in the new process. The old one waits until process_ready() is called there and ends
 * with its status. */
int process_background(struct gw_err *err);
void process_ready(int status);

/* ---- the pid file ---- */

struct pid_file {
	int fd; /* -1: none */
	char *path;
};

/* Open and lock it while we may still be root. GW_EBUSY: another gatewayd has it. "" is no file. */
int pid_file_open(struct pid_file *f, const char *path, uid_t owner, struct gw_err *err);
int pid_file_write(struct pid_file *f, struct gw_err *err);
void pid_file_remove(struct pid_file *f);

#endif
