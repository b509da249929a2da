/* client.c - the UNIX socket of the daemon */
#include "gwctl/gwctl.h"

#include "config/config.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define GREETING_MS 10000 /* a daemon that works greets at once */

static const char *env(void *ctx, const char *name)
{
	(void)ctx;
	return getenv(name);
}

/* The control socket that the configuration names; owned. A configuration with errors must not keep an operator from
 * the daemon that runs with an older one: then the default is tried. */
static char *configured_socket(const struct options *o)
{
	char *usual = o->config ? NULL : gw_config_default_path(env, NULL);
	struct gw_config_source src = { .path = o->config ? o->config : usual, .missing_ok = !o->config,
					.ignore_unknown = true, .env = env };
	struct gw_config *cfg = NULL;
	struct gw_diags diags;
	char *path;

	gw_diags_init(&diags);
	if (gw_config_load(&src, &cfg, &diags) < 0) {
		cfg = gw_config_defaults();
		complain("%s cannot be used (`gwcfg check' says why); trying %s", src.path, cfg->control_socket);
	}
	path = gw_xstrdup(cfg->control_socket);
	gw_config_unref(cfg);
	gw_diags_done(&diags);
	free(usual);
	return path;
}

static int cannot_connect(const char *path, int why)
{
	if (why == ENOENT || why == ECONNREFUSED || why == ENOTDIR) {
		complain("gatewayd is not running: nobody answers on %s", path);
		return EXIT_NOT_RUNNING;
	}
	if (why == EACCES || why == EPERM) {
		complain("you may not use %s; be root, or a member of control_socket_group", path);
		return EXIT_NO_PERMISSION;
	}
	complain("cannot connect to %s: %s", path, strerror(why));
	return EXIT_REFUSED;
}

static int connect_to(struct client *c, const char *path)
{
	struct sockaddr_un sa = { .sun_family = AF_UNIX };

	if (strlen(path) >= sizeof sa.sun_path)
		return cannot_connect(path, ENAMETOOLONG);
	memcpy(sa.sun_path, path, strlen(path) + 1);
	c->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&sa, sizeof sa) < 0)
		return cannot_connect(path, errno);
	return EXIT_FINE;
}

static int read_greeting(struct client *c, const char *path)
{
	struct pollfd p = { .fd = c->fd, .events = POLLIN };
	struct gw_slice line;

	if (poll(&p, 1, GREETING_MS) != 1 || !client_line(c, &line)) {
		complain("gatewayd does not answer on %s", path);
		return EXIT_NOT_RUNNING;
	}
	if (!gw_ctl_parse_greeting(line, &c->greeting)) {
		struct gw_ctl_answer a;

		if (gw_ctl_parse_answer(line, &a) == GW_CTL_LINE_ERR)
			complain("%.*s", GW_FMT(a.text));
		else
			complain("what answers on %s is not gatewayd", path);
		return gw_slice_eq(a.code, GW_S("denied")) ? EXIT_NO_PERMISSION : EXIT_REFUSED;
	}
	if (c->greeting.protocol != GW_CTL_PROTOCOL) {
		complain("gatewayd %s speaks version %llu of the control protocol, this gwctl %s version %d: use the one of its "
			 "release", c->greeting.version, (unsigned long long)c->greeting.protocol, GW_VERSION,
			 GW_CTL_PROTOCOL);
		return EXIT_REFUSED;
	}
	return EXIT_FINE;
}

int client_open(struct client *c, const struct options *o)
{
	char *path = o->socket ? gw_xstrdup(o->socket) : configured_socket(o);
	int code;

	*c = (struct client){ .fd = -1 };
	gw_ctl_in_init(&c->in, GW_CTL_REPLY_MAX);
	if (*path) {
		code = connect_to(c, path);
	} else {
		complain("control_socket is switched off in the configuration");
		code = EXIT_NOT_RUNNING;
	}
	if (code == EXIT_FINE)
		code = read_greeting(c, path);
	if (code != EXIT_FINE)
		client_close(c);
	free(path);
	return code;
}

void client_close(struct client *c)
{
	if (c->fd >= 0)
		close(c->fd);
	c->fd = -1;
	gw_ctl_in_done(&c->in);
}

bool client_send(struct client *c, struct gw_slice bytes)
{
	while (bytes.n) {
		ssize_t n = send(c->fd, bytes.p, bytes.n, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		gw_slice_take(&bytes, (size_t)n);
	}
	return true;
}

bool client_line(struct client *c, struct gw_slice *ret)
{
	char piece[16384];

	while (!gw_ctl_in_next(&c->in, ret)) {
		ssize_t n = recv(c->fd, piece, sizeof piece, 0);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0 || !gw_ctl_in_add(&c->in, gw_slice(piece, (size_t)n)))
			return false;
	}
	return true;
}
