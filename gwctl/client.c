/* client.c - the connection to the daemon, with exit codes and complaints */
#include "gwctl/gwctl.h"

#include <stdlib.h>

static int exit_of(int rc)
{
	switch (rc) {
	case GW_EUNAVAIL:
		return EXIT_NOT_RUNNING;
	case GW_EACCES:
		return EXIT_NO_PERMISSION;
	default:
		return EXIT_REFUSED;
	}
}

int client_open(struct gw_control *c, const struct options *o)
{
	struct gw_err err = { .text = "" };
	char *path = o->socket ? gw_xstrdup(o->socket) : gw_control_path(o->config, &err);
	int rc;

	if (err.text[0])
		complain("%s", err.text);
	rc = gw_control_open(c, path, "gwctl", &err);
	free(path);
	if (rc == 0)
		return EXIT_FINE;
	complain("%s", err.text);
	return exit_of(rc);
}
