/* prepare.c - what a start needs root for, and all that the configuration may have wrong (see server.h)
 *
 * Everything is looked at before the first refusal, so that one start tells all that is wrong. */
#include "daemon/conn.h"
#include "daemon/server.h"

#include <stdio.h>
#include <unistd.h>

void server_complain(const char *level, const char *text)
{
	fprintf(stderr, "[%-7s] %s\n", level, text);
}

/* Counts what is wrong while all of it is told. */
struct preparing {
	struct server *s;
	unsigned errors;
};

static void bad(void *ctx, const char *text)
{
	struct preparing *p = ctx;

	server_complain("crit", text);
	p->errors++;
}

static void note(void *ctx, const char *text)
{
	struct preparing *p = ctx;

	log_line(&p->s->g.log, GW_LOG_WARNING, "%s", text);
}

static size_t listeners_wanted(const struct gw_config *cfg, bool tls)
{
	size_t n = 0;

	for (unsigned i = 0; i < SERVICES; i++)
		if (services[i].tls == tls)
			n += cfg->listen[i].n;
	return n;
}

/* Certificates that are not there yet turn TLS off, as they always did, if something else is left to serve; certificates
 * that are wrong are an error. */
static struct tls_set *prepare_tls(struct preparing *p, const struct gw_config *cfg, struct gw_err *missing)
{
	struct tls_set *tls = NULL;

	missing->text[0] = 0;
	if (server_load_tls(p->s, cfg, &tls, missing) == 0)
		return tls;
	if (missing->code != GW_ENOENT || (listeners_wanted(cfg, true) && !listeners_wanted(cfg, false)))
		bad(p, missing->text);
	return NULL;
}

int server_prepare(struct server *s, struct gw_config *cfg)
{
	struct preparing p = { .s = s };
	struct gw_err err, no_tls;
	struct tls_set *tls;
	const char *warning;

	if (drop_resolve(cfg, &s->identity, &err) < 0)
		bad(&p, err.text);
	if (log_open(&s->g.log, cfg, s->identity.uid, s->identity.gid, &err) < 0) {
		server_complain("error", err.text);
		p.errors += !s->cmdline.foreground;
	}
	tls_tickets_rotate(&s->g.tickets);
	tls = prepare_tls(&p, cfg, &no_tls);
	s->g.current = snapshot_new(cfg, tls);
	listen_open(&s->listeners, cfg,
		    &(struct listen_how){ tls != NULL, s->identity.uid, s->identity.gid, bad, note, &p });
	if (listeners_wanted(cfg, false) + (tls ? listeners_wanted(cfg, true) : 0) == 0 && p.errors == 0)
		bad(&p, "no service is enabled");
	if (pid_file_open(&s->pid_file, cfg->pid_file, s->identity.uid, &err) < 0) {
		if (err.code == GW_EBUSY)
			bad(&p, err.text);
		else
			server_complain("crit", err.text); /* the service can do without */
	}
	if (ctl_open(s, cfg, &err) < 0)
		bad(&p, err.text);
	if (p.errors)
		return -1;
	if (no_tls.text[0])
		log_line_as(&s->g.log, GW_MOD_TLS, GW_LOG_ERROR, "No TLS: %s", no_tls.text);
	process_limits(cfg, &warning);
	if (warning)
		log_line(&s->g.log, GW_LOG_WARNING, "%s", warning);
	if (!process_chdir(cfg))
		log_line(&s->g.log, GW_LOG_ERROR, "running_path: cannot enter \"%s\", using /", cfg->running_path);
	return 0;
}

int server_let_go(struct server *s, const struct gw_config *cfg)
{
	struct gw_err err;

	if (drop_apply(&s->identity, &err) < 0) {
		server_complain("crit", err.text);
		log_line(&s->g.log, GW_LOG_CRIT, "%s", err.text);
		return -1;
	}
	process_dumpable(cfg);
	if (geteuid() == 0)
		log_line(&s->g.log, GW_LOG_WARNING, "Running as root: set run_as_user");
	if (s->cmdline.foreground) {
		setsid(); /* fails for a process group leader, which is fine */
	} else if (process_background(&err) < 0) {
		log_line(&s->g.log, GW_LOG_CRIT, "%s", err.text);
		return -1;
	}
	if (pid_file_write(&s->pid_file, &err) < 0)
		log_line(&s->g.log, GW_LOG_CRIT, "%s", err.text);
	return 0;
}
