/* reach.h - how a JMAP server is reached: its address, the HTTP client, the service account
 *
 * What the configuration says of it, for the driver and for whoever only looks at the server. Needs no store. */
#ifndef GW_STORE_JMAP_REACH_H
#define GW_STORE_JMAP_REACH_H

#include "store/http/http.h"
#include "util/mem.h"

struct gw_config;

/* The session resource of server_socket: "jmap+https://host" means what "https://host/" means, and without a path it is where
 * RFC 8620 2.2 puts it. Owned by the caller (free). */
char *jmap_session_address(const char *server_socket);

/* What the options backend_* say of connections; borrows from c. */
void jmap_http_options(const struct gw_config *c, struct http_options *ret);

/* The service account's password: the first line of a file. GW_EINVAL: it is empty, or too long; GW_ENOENT, GW_EACCES ... */
int jmap_read_password(struct gw_secret *ret, const char *path, struct gw_err *err);

/* The value of an Authorization field: Basic (RFC 7617). */
void jmap_basic(struct gw_secret *ret, struct gw_slice user, struct gw_slice password);

#endif
