/* control.h - a connection to the control socket of gatewayd (gateway-ctl(7)), for the programs
 *
 * Blocking, one request after the other. Nothing here prints. Thread: owner. */
#ifndef GW_CLI_CONTROL_H
#define GW_CLI_CONTROL_H

#include "ctl/ctl.h"

struct gw_control {
	int fd; /* -1: closed */
	struct gw_ctl_in in;
	struct gw_ctl_greeting greeting;
};

/* The control socket that a configuration names; config NULL: that of the usual file. A configuration with errors must
 * not keep an operator from the daemon that runs with an older one: then the default is given, and note (which begins
 * empty) says so. "" when the socket is switched off. Owned by the caller (free). */
char *gw_control_path(const char *config, struct gw_err *note);

/* Connect and read the greeting. program is named in sentences. 0 with an open *c; else *c is closed and err has a
 * sentence: GW_EUNAVAIL the daemon does not run, GW_EACCES not for this user, another: something is wrong. */
int gw_control_open(struct gw_control *c, const char *path, const char *program, struct gw_err *err);
void gw_control_close(struct gw_control *c);

bool gw_control_send(struct gw_control *c, struct gw_slice bytes);

/* The same, and pass an open file with them; it stays open here. */
bool gw_control_send_file(struct gw_control *c, struct gw_slice bytes, int fd);

/* The next line; false: the connection ended. Waits as long as the daemon works. */
bool gw_control_line(struct gw_control *c, struct gw_slice *ret);

/* Wait so long at most for each piece of an answer; otherwise for ever. */
void gw_control_limit(struct gw_control *c, unsigned seconds);

/* Send a request (a line without its end) and read the whole answer: row() for each row (NULL: they are passed over),
 * then *ok, valid until the next call. 0; GW_EUNAVAIL when the connection ends or the time is over; GW_EACCES or GW_EINVAL with the
 * sentence of the daemon when that says no. */
int gw_control_ask(struct gw_control *c, const char *request, void (*row)(void *ctx, struct gw_slice json), void *ctx,
	struct gw_slice *ok, struct gw_err *err);

#endif
