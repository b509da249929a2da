/* listen.h - the sockets clients connect to */
#ifndef GW_DAEMON_LISTEN_H
#define GW_DAEMON_LISTEN_H

#include "config/config.h"
#include "util/err.h"

#include <sys/types.h>

struct service;

struct listener {
	int fd;
	const struct service *service;
	char text[160];  /* as in the configuration, for messages */
	char *unlink_at_end; /* path of a UNIX socket that we made */
	bool ours;           /* not the service manager's, who goes on listening */
};

struct listeners {
	struct listener *v;
	size_t n;
};

struct listen_how {
	bool tls;   /* else the TLS services are left out */
	uid_t uid;  /* owner of UNIX sockets; (uid_t)-1: as it comes */
	gid_t gid;
	void (*bad)(void *ctx, const char *text);  /* one failure, which must stop the start */
	void (*note)(void *ctx, const char *text); /* one that need not */
	void *ctx;
};

/* Open what the configuration lists. Sockets that the service manager passed are taken when their address is listed.
 * Returns how many failed so that bad() was told. */
unsigned listen_open(struct listeners *ls, const struct gw_config *cfg, const struct listen_how *how);

/* Refuse new connections from now on; of the service manager's sockets, only take none. */
void listen_shut(const struct listener *l);

/* May it be closed for a while? Not a socket of the service manager, nor one in the file system. */
bool listen_can_pause(const struct listener *l);

/* Refuse connections until listen_resume(). False with errno. */
bool listen_pause(const struct listener *l);
bool listen_resume(const struct listener *l);

/* Clients that wait to be accepted at a TCP socket, and how many may. False: it cannot be told. */
bool listen_queue(int fd, uint32_t *waiting, uint32_t *backlog);

/* Close them, and remove UNIX sockets (remove: this process is the one that made them and ends). */
void listen_close(struct listeners *ls, bool remove);

#endif
