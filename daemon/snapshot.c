/* snapshot.c - the configuration in force, shared by reference (see daemon.h) */
#include "daemon/daemon.h"

#include "util/mem.h"

#include <netdb.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define KEEP_SLACK (64u * 1024)

const struct service services[SERVICES] = {
	{ "pop3", SERVICE_POP3, &gw_pop3_proto, false,
	  "-ERR [SYS/TEMP] Too many connections to this server, try again later\r\n",
	  "-ERR [SYS/TEMP] Too many connections from your address\r\n",
	  "-ERR [SYS/TEMP] Too many connections of this user\r\n",
	  "-ERR [SYS/TEMP] Your address is shut out, try again later\r\n",
	  "-ERR [SYS/TEMP] The service takes no clients now, try again later\r\n" },
	{ "pop3s", SERVICE_POP3S, &gw_pop3_proto, true,
	  "-ERR [SYS/TEMP] Too many connections to this server, try again later\r\n",
	  "-ERR [SYS/TEMP] Too many connections from your address\r\n",
	  "-ERR [SYS/TEMP] Too many connections of this user\r\n",
	  "-ERR [SYS/TEMP] Your address is shut out, try again later\r\n",
	  "-ERR [SYS/TEMP] The service takes no clients now, try again later\r\n" },
	{ "imap", SERVICE_IMAP, &gw_imap_proto, false,
	  "* BYE [UNAVAILABLE] Too many connections to this server, try again later\r\n",
	  "* BYE [UNAVAILABLE] Too many connections from your address\r\n",
	  "* BYE [UNAVAILABLE] Too many connections of this user\r\n",
	  "* BYE [UNAVAILABLE] Your address is shut out, try again later\r\n",
	  "* BYE [UNAVAILABLE] The service takes no clients now, try again later\r\n" },
	{ "imaps", SERVICE_IMAPS, &gw_imap_proto, true,
	  "* BYE [UNAVAILABLE] Too many connections to this server, try again later\r\n",
	  "* BYE [UNAVAILABLE] Too many connections from your address\r\n",
	  "* BYE [UNAVAILABLE] Too many connections of this user\r\n",
	  "* BYE [UNAVAILABLE] Your address is shut out, try again later\r\n",
	  "* BYE [UNAVAILABLE] The service takes no clients now, try again later\r\n" },
};

const struct service service_metrics = { .name = "metrics", .id = SERVICES };

/* The name for greetings. Only asked of the resolver, which may be slow, when greetings show it. */
static void find_hostname(const struct gw_config *cfg, char *p, size_t cap)
{
	struct addrinfo hints = { .ai_flags = AI_CANONNAME, .ai_socktype = SOCK_STREAM }, *found;

	if (*cfg->server_hostname) {
		strncpy(p, cfg->server_hostname, cap - 1);
		return;
	}
	if (gethostname(p, cap - 1) != 0 || !*p)
		strcpy(p, "localhost");
	if (!cfg->server_hostname_greeting || strchr(p, '.') || getaddrinfo(p, NULL, &hints, &found) != 0)
		return;
	if (found->ai_canonname && strlen(found->ai_canonname) < cap)
		strcpy(p, found->ai_canonname);
	freeaddrinfo(found);
}

struct snapshot *snapshot_new(struct gw_config *cfg, struct tls_set *tls)
{
	struct snapshot *s = gw_xalloc(sizeof *s);

	s->refs = 1;
	s->config = cfg;
	s->tls = tls;
	find_hostname(cfg, s->hostname, sizeof s->hostname);
	s->login_timeout_s = cfg->login_timeout;
	s->write_timeout_s = cfg->write_timeout;
	s->slow_us = cfg->slow_command_time ? cfg->slow_command_time * UINT64_C(1000000) : UINT64_MAX;
	s->keep_early = (size_t)(cfg->max_line_prelogin + 2 * cfg->max_literal_prelogin) + KEEP_SLACK;
	s->keep_late = (size_t)(cfg->max_line + 2 * cfg->max_literal) + KEEP_SLACK;
	return s;
}

struct snapshot *snapshot_get(struct gwd *g)
{
	struct snapshot *s;

	pthread_mutex_lock(&g->lock);
	s = g->current;
	atomic_fetch_add_explicit(&s->refs, 1, memory_order_relaxed);
	pthread_mutex_unlock(&g->lock);
	return s;
}

void snapshot_unref(struct snapshot *s)
{
	if (!s || atomic_fetch_sub(&s->refs, 1) != 1)
		return;
	tls_set_free(s->tls);
	gw_config_unref(s->config);
	free(s);
}

void snapshot_publish(struct gwd *g, struct snapshot *s)
{
	struct snapshot *old;

	pthread_mutex_lock(&g->lock);
	old = g->current;
	g->current = s;
	pthread_mutex_unlock(&g->lock);
	snapshot_unref(old);
}
