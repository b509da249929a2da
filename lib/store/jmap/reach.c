/* reach.c - how a JMAP server is reached (see reach.h) */
#include "store/jmap/reach.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "config/config.h"
#include "util/base64.h"
#include "util/mem.h"

#define PASSWORD_MAX 1022 /* octets */

char *jmap_session_address(const char *server_socket)
{
	const char *rest = strncasecmp(server_socket, "jmap+", 5) == 0 ? server_socket + 5 : server_socket;
	const char *host = strstr(rest, "://");
	const char *path = host ? strchr(host + 3, '/') : NULL;

	if (!path)
		return gw_xasprintf("%s/.well-known/jmap", rest);
	return path[1] ? gw_xstrdup(rest) : gw_xasprintf("%s.well-known/jmap", rest);
}

static const char *unless_empty(const char *s)
{
	return s && *s ? s : NULL;
}

void jmap_http_options(const struct gw_config *c, struct http_options *ret)
{
	*ret = (struct http_options){
		.ca_file = unless_empty(c->backend_ca_file),
		.certificate_file = unless_empty(c->backend_certificate_file),
		.private_key_file = unless_empty(c->backend_private_key_file),
		.pin = unless_empty(c->backend_pin),
		.proxy = unless_empty(c->backend_proxy),
		.unix_socket = unless_empty(c->backend_unix_socket),
		.connect_timeout_ms = (unsigned)c->backend_connect_timeout * 1000,
		.timeout_ms = (unsigned)c->backend_timeout * 1000,
		.max_connections = (unsigned)c->backend_connections,
	};
}

int jmap_read_password(struct gw_secret *ret, const char *path, struct gw_err *err)
{
	FILE *f = fopen(path, "re");
	char line[PASSWORD_MAX + 2] = "";
	size_t n;
	bool whole;

	if (!f)
		return gw_fail(err, (enum gw_code)gw_code_errno(errno), "backend_password_file: %s: %s", path, strerror(errno));
	setvbuf(f, NULL, _IONBF, 0); /* no copy is left behind */
	n = fgets(line, sizeof line, f) ? strcspn(line, "\r\n") : 0;
	whole = line[n] != '\0' || n <= PASSWORD_MAX;
	fclose(f);
	if (whole)
		gw_secret_set(ret, gw_slice(line, n));
	gw_wipe(line, sizeof line);
	if (!whole)
		return gw_fail(err, GW_EINVAL, "backend_password_file: %s: the first line is longer than %d octets", path, PASSWORD_MAX);
	return n ? 0 : gw_fail(err, GW_EINVAL, "backend_password_file: %s: the first line is empty, expected a password", path);
}

void jmap_basic(struct gw_secret *ret, struct gw_slice user, struct gw_slice password)
{
	struct gw_buf plain, out;

	gw_buf_init(&plain, 0);
	gw_buf_init(&out, 0);
	plain.wipe = out.wipe = true;
	gw_buf_add_slice(&plain, user);
	gw_buf_add_char(&plain, ':');
	gw_buf_add_slice(&plain, password);
	gw_buf_add_slice(&out, GW_S("Basic "));
	gw_base64_encode(gw_buf_slice(&plain), &out);
	gw_secret_set(ret, gw_buf_slice(&out));
	gw_buf_done(&plain);
	gw_buf_done(&out);
}
