/* live.h - what the files of gwcfg check --live share
 *
 * Each looks at one side of the machine. Nothing is changed: no file is made, no socket stays. What cannot be seen by
 * whoever runs the check is a note, not a guess. */
#ifndef GWCFG_LIVE_H
#define GWCFG_LIVE_H

#include "gwcfg/gwcfg.h"

#include "config/codes.h"

#include <sys/stat.h>
#include <unistd.h>

struct live {
	const struct gw_config *cfg;
	struct gw_diags *diags;
	/* whom the daemon will be: run_as_user, or whoever runs this */
	bool known; /* false: there is no such user */
	char user[64];
	uid_t uid;
	gid_t gid;
	gid_t *groups;
	int n_groups;
	/* a gatewayd of the same control socket or pid file */
	bool running;
	char *status; /* its answer to "status"; NULL */
	bool no_password; /* of the service account: its file cannot be read here */
};

/* A finding about an option. */
#define LIVE(l, code_, name, hint, ...) \
	gw_config_find((l)->cfg, (l)->diags, &(struct gw_finding){ .code = (code_), .option = (name), .suggestion = (hint) }, \
		__VA_ARGS__)

/* ---- live_access.c ---- */

enum live_may {
	LIVE_MAY,
	LIVE_MAY_NOT,
	LIVE_MISSING,
	LIVE_UNSEEN, /* we may not look */
};

/* May the daemon's user do that (R_OK, W_OK, X_OK together) with path? *st is filled when it exists. With LIVE_MAY_NOT,
 * blocker (NULL: not wanted) is what refuses: path itself or a directory on the way. */
enum live_may live_may(const struct live *l, const char *path, int what, struct stat *st, char blocker[4096]);

/* The directory path lies in; owned by the caller. */
char *live_parent(const char *path);

/* ---- one side each ---- */

void live_users(struct live *l);   /* fills whom the daemon will be */
void live_daemon(struct live *l);  /* fills running and status */
void live_files(struct live *l);
void live_certs(struct live *l);
void live_ports(struct live *l);
void live_store(struct live *l);
void live_backend(struct live *l); /* a JMAP server, and state_database */
void live_mirror(struct live *l);  /* mirror_path, backend_password_file, the password of state_database */

/* live_files.c: a directory in which mail is, or will be. False: it is not there. */
bool live_mail_directory(struct live *l, const char *option, const char *dir);
void live_limits(struct live *l);

#endif
