/* sd.h - talking with the service manager, without its library (sd_notify(3), sd_listen_fds(3)) */
#ifndef GW_DAEMON_SD_H
#define GW_DAEMON_SD_H

#include <stdbool.h>
#include <stdint.h>

#define SD_FDS_MAX 64

struct sd_fds {
	int first, n;
	bool used[SD_FDS_MAX];
};

/* The sockets that were passed to this very process (LISTEN_PID); the variables are gone afterwards. */
struct sd_fds sd_take_fds(void);
void sd_close_unused(struct sd_fds *fds);

/* Remember where to report and how often a sign of life is wanted; the variables are gone afterwards. */
struct sd {
	char path[108];
	uint64_t watchdog_us; /* 0: not wanted */
};

void sd_init(struct sd *sd);

/* Tell the manager: "READY=1", "STATUS=..." ... Does nothing without one. */
void sd_notify(const struct sd *sd, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
