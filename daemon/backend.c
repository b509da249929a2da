/* backend.c - what all processes know of a storage server behind HTTP (see backend.h) */
#include "daemon/backend.h"

#include "daemon/server.h"

#include <string.h>
#include <sys/mman.h>

int backend_init(struct server *s)
{
	void *p = mmap(NULL, sizeof(struct http_shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return -1;
	s->g.backend = p;
	return 0;
}

void backend_done(struct server *s)
{
	if (s->g.backend)
		munmap(s->g.backend, sizeof(struct http_shared));
	s->g.backend = NULL;
}

const struct http_shared *backend_facts(const struct server *s)
{
	const char *kind = gw_config_store_kind(s->g.current->config->server_socket);

	return kind && strcmp(kind, "jmap") == 0 ? s->g.backend : NULL;
}

enum http_breaker backend_breaker(const struct http_shared *h)
{
	return (enum http_breaker)atomic_load_explicit(&h->breaker, memory_order_relaxed);
}

const char *backend_breaker_name(unsigned state)
{
	static const char *const names[] = { [HTTP_CLOSED] = "closed", [HTTP_HALF_OPEN] = "half-open", [HTTP_OPEN] = "open" };

	return state < sizeof names / sizeof *names ? names[state] : NULL;
}
