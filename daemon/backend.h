/* backend.h - what all processes know of a storage server behind HTTP
 *
 * Its circuit breaker and counters (struct http_shared) lie in memory that is mapped before the first thread or child: with
 * process_model fork one child finds out that the server is away, and none of the others waits for it. */
#ifndef GW_DAEMON_BACKEND_H
#define GW_DAEMON_BACKEND_H

#include "store/http/http.h"

struct server;

/* Before threads and children. 0 or -1 with errno. */
int backend_init(struct server *s);
void backend_done(struct server *s);

/* What is known of the storage server of the configuration in force; NULL: it has an embedded store. */
const struct http_shared *backend_facts(const struct server *s);

enum http_breaker backend_breaker(const struct http_shared *h);

/* "closed", "half-open", "open"; NULL behind the last. */
const char *backend_breaker_name(unsigned state);

#endif
