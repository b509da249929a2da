/* live_files.c - directories, the log, the pid file, the control socket, the embedded store
 *
 * What the daemon opens before it gives up root needs to be there only; what it makes or opens later must be open to its
 * user. */
#include "gwcfg/live.h"

#include "config/seen.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define SYSLOG_SOCKET "/dev/log"

/* ---- what several need ---- */

static bool starts_as_root(const struct live *l)
{
	return *l->cfg->run_as_user || l->uid == 0;
}

static void unseen(struct live *l, const char *option, const char *path)
{
	LIVE(l, CONFIG_N_NOT_SEEN, option, "run this as root", "\"%.200s\" may not be looked at: %s", path, strerror(errno));
}

/* Is the directory there? */
static bool is_directory(struct live *l, const char *option, const char *path, struct stat *st)
{
	switch (live_may(l, path, 0, st, NULL)) {
	case LIVE_UNSEEN:
		unseen(l, option, path);
		return false;
	case LIVE_MISSING:
		LIVE(l, CONFIG_W_FILE, option, "make it", "there is no directory \"%.200s\" on this machine", path);
		return false;
	default:
		break;
	}
	if (S_ISDIR(st->st_mode))
		return true;
	LIVE(l, CONFIG_W_FILE, option, NULL, "\"%.200s\" is not a directory", path);
	return false;
}

/* The sticky bit keeps others from what is not theirs. */
static bool everybody_may_replace(const struct stat *st)
{
	return (st->st_mode & S_IWOTH) && !(st->st_mode & S_ISVTX);
}

static void is_not_for_everybody(struct live *l, const char *option, const char *dir, const struct stat *st)
{
	if (everybody_may_replace(st))
		LIVE(l, CONFIG_W_PLACE_OPEN, option, "chmod o-w it", "everybody may write to the directory \"%.200s\"", dir);
}

/* ---- one option each ---- */

static void working_directories(struct live *l)
{
	char blocker[PATH_MAX];
	struct stat st;

	if (*l->cfg->running_path)
		is_directory(l, "running_path", l->cfg->running_path, &st);
	if (*l->cfg->tmp_path && is_directory(l, "tmp_path", l->cfg->tmp_path, &st) &&
	    live_may(l, l->cfg->tmp_path, W_OK | X_OK, &st, blocker) == LIVE_MAY_NOT)
		LIVE(l, CONFIG_W_LATER, "tmp_path", NULL, "user %s may not write to \"%.200s\"", l->user, blocker);
}

static bool logs_to_file(const struct gw_config *cfg)
{
	return gw_config_log_is_named(cfg) && strcmp(cfg->log_file, "-") != 0;
}

/* A log that is rotated is opened anew by the daemon's user. */
static void log_place(struct live *l)
{
	const char *file = l->cfg->log_file;
	char *dir = live_parent(file), blocker[PATH_MAX];
	struct stat st, st_file;

	if (stat(file, &st_file) == 0 && S_ISDIR(st_file.st_mode)) {
		LIVE(l, CONFIG_W_FILE, "log_file", "name a file in it", "\"%.200s\" is a directory", file);
	} else if (is_directory(l, "log_file", dir, &st)) {
		is_not_for_everybody(l, "log_file", dir, &st);
		if (live_may(l, dir, W_OK | X_OK, &st, blocker) == LIVE_MAY_NOT &&
		    live_may(l, file, W_OK, &st_file, NULL) != LIVE_MAY)
			LIVE(l, starts_as_root(l) ? CONFIG_W_LATER : CONFIG_E_ACCESS, "log_file", NULL,
				"user %s may not write to \"%.200s\"", l->user, blocker);
	}
	free(dir);
}

static void log_goes_somewhere(struct live *l)
{
	if (logs_to_file(l->cfg))
		log_place(l);
	else if (l->cfg->log_method == GW_METHOD_SYSLOG && access(SYSLOG_SOCKET, F_OK) != 0)
		LIVE(l, CONFIG_W_NO_SYSLOG, "log_method", "start a system log, or use file", "there is no %s on this machine",
			SYSLOG_SOCKET);
}

static void pid_file_place(struct live *l)
{
	char *dir = live_parent(l->cfg->pid_file), blocker[PATH_MAX];
	struct stat st;

	if (*l->cfg->pid_file && is_directory(l, "pid_file", dir, &st)) {
		is_not_for_everybody(l, "pid_file", dir, &st);
		if (!starts_as_root(l) && live_may(l, dir, W_OK | X_OK, &st, blocker) == LIVE_MAY_NOT)
			LIVE(l, CONFIG_W_LATER, "pid_file", NULL, "user %s may not write to \"%.200s\"", l->user, blocker);
	}
	free(dir);
}

/* ---- the control socket ---- */

static void control_directory(struct live *l, const char *dir)
{
	char *above = live_parent(dir), blocker[PATH_MAX];
	struct stat st;
	enum live_may may = live_may(l, dir, W_OK | X_OK, &st, blocker);

	if (may == LIVE_MISSING && live_may(l, above, W_OK | X_OK, &st, blocker) == LIVE_MISSING)
		LIVE(l, CONFIG_E_CONTROL_PLACE, "control_socket", "make the directory", "there is no directory \"%.200s\"", above);
	else if (may == LIVE_UNSEEN)
		unseen(l, "control_socket", dir);
	else if (may != LIVE_MISSING && !S_ISDIR(st.st_mode))
		LIVE(l, CONFIG_E_CONTROL_PLACE, "control_socket", NULL, "\"%.200s\" is not a directory", dir);
	else if (may != LIVE_MISSING && everybody_may_replace(&st))
		LIVE(l, CONFIG_E_CONTROL_PLACE, "control_socket", "chmod o-w it, or use another",
			"everybody may write to the directory \"%.200s\", so the daemon does not start", dir);
	else if (may == LIVE_MAY_NOT && !starts_as_root(l))
		LIVE(l, CONFIG_E_ACCESS, "control_socket", NULL, "user %s may not write to \"%.200s\"", l->user, blocker);
	free(above);
}

static void control_socket_place(struct live *l)
{
	const char *path = l->cfg->control_socket;
	char *dir = live_parent(path);
	struct stat st;

	if (*path)
		control_directory(l, dir);
	if (*path && lstat(path, &st) == 0 && !S_ISSOCK(st.st_mode))
		LIVE(l, CONFIG_E_CONTROL_PLACE, "control_socket", "take it away", "\"%.200s\" is there and is not a socket", path);
	free(dir);
}

/* ---- the embedded store ---- */

static void store_exists(struct live *l, const char *option, const char *dir, const struct stat *st, enum live_may may, const char *blocker)
{
	if (!S_ISDIR(st->st_mode)) {
		LIVE(l, CONFIG_E_STORE_PLACE, option, NULL, "\"%.200s\" is not a directory", dir);
		return;
	}
	is_not_for_everybody(l, option, dir, st);
	if (may == LIVE_MAY_NOT)
		LIVE(l, CONFIG_E_STORE_PLACE, option, "give it to the user of the daemon",
			"user %s may not read and write \"%.200s\"", l->user, blocker);
}

/* The daemon makes the last part of the path, as its user. */
static void store_is_made(struct live *l, const char *option, const char *dir)
{
	char *above = live_parent(dir), blocker[PATH_MAX];
	struct stat st;
	enum live_may may = live_may(l, above, W_OK | X_OK, &st, blocker);

	if (may == LIVE_MISSING)
		LIVE(l, CONFIG_E_STORE_PLACE, option, "make it", "there is no directory \"%.200s\" on this machine", dir);
	else if (may == LIVE_MAY_NOT)
		LIVE(l, CONFIG_E_STORE_PLACE, option, "make it, and give it to the user of the daemon",
			"\"%.200s\" is not there, and user %s may not make it", dir, l->user);
	free(above);
}

bool live_mail_directory(struct live *l, const char *option, const char *dir)
{
	char blocker[PATH_MAX];
	struct stat st;
	enum live_may may = live_may(l, dir, R_OK | W_OK | X_OK, &st, blocker);

	if (may == LIVE_UNSEEN)
		unseen(l, option, dir);
	else if (may == LIVE_MISSING)
		store_is_made(l, option, dir);
	else
		store_exists(l, option, dir, &st, may, blocker);
	return (may == LIVE_MAY || may == LIVE_MAY_NOT) && S_ISDIR(st.st_mode);
}

static void local_store_place(struct live *l)
{
	if (gw_slice_startsi(gw_slice_str(l->cfg->server_socket), GW_S("local:")))
		live_mail_directory(l, "server_socket", l->cfg->server_socket + 6);
}

void live_files(struct live *l)
{
	working_directories(l);
	log_goes_somewhere(l);
	pid_file_place(l);
	control_socket_place(l);
	local_store_place(l);
}
