/* tls.c - certificates in use, and the keys of session tickets (see ctl.h) */
#include "daemon/ctl/ctl.h"

#include "util/clock.h"

static void put_names(struct gw_json *j, const struct tls_set *tls, size_t i)
{
	const char *name;

	gw_json_open(j, "names", '[');
	for (size_t k = 0; (name = tls_set_name(tls, i, k)); k++)
		gw_json_str(j, NULL, name);
	gw_json_close(j, ']');
}

/* Who shows it: to clients that ask for one of its names, or, the first, to all others too. */
static void put_services(struct gw_json *j, const struct server *s)
{
	bool seen[SERVICES] = { false };

	gw_json_open(j, "services", '[');
	for (size_t i = 0; i < s->listeners.n; i++) {
		const struct service *v = s->listeners.v[i].service;

		if (!v->proto || seen[v->id])
			continue;
		seen[v->id] = true;
		gw_json_str(j, NULL, v->name);
	}
	gw_json_close(j, ']');
}

static void put_certificate(struct ctl_client *c, const struct snapshot *now, size_t i, const struct tls_facts *f)
{
	struct gw_json *j = gw_ctl_row(&c->reply);
	int64_t left = f->not_after - gw_wall_s(gw_clock_system());

	put_names(j, now->tls, i);
	gw_json_i64(j, "days_left", left < 0 ? -((-left + 86399) / 86400) : left / 86400);
	gw_json_bool(j, "default", i == 0);
	gw_json_str(j, "key", f->key);
	gw_json_str(j, "issuer", f->issuer);
	gw_json_str(j, "subject", f->subject);
	gw_json_str(j, "serial", f->serial);
	gw_json_i64(j, "not_before", f->not_before);
	gw_json_i64(j, "not_after", f->not_after);
	gw_json_str(j, "signature", f->signature);
	gw_json_str(j, "fingerprint", f->fingerprint);
	gw_json_u64(j, "chain", f->chain);
	gw_json_str(j, "ocsp", *f->ocsp ? f->ocsp : NULL);
	gw_json_bool(j, "must_staple", f->must_staple);
	gw_json_str(j, "file", i < now->config->n_certs ? now->config->certs[i].cert : NULL);
	gw_json_str(j, "key_file", i < now->config->n_certs ? now->config->certs[i].key : NULL);
	put_services(j, c->s);
	gw_ctl_end(&c->reply);
}

static void put_tickets(struct gw_json *j, const struct tls_tickets *t)
{
	int64_t age = gw_wall_s(gw_clock_system()) - t->drawn_s;

	gw_json_i64(j, "ticket_key_age_s", age < 0 ? 0 : age);
	gw_json_u64(j, "ticket_keys", tls_tickets_accepted(t));
	gw_json_i64(j, "ticket_key_left_s", age < TLS_TICKET_ROTATE_S ? TLS_TICKET_ROTATE_S - (age < 0 ? 0 : age) : 0);
}

static int answer_list(struct ctl_client *c, struct gw_err *err)
{
	const struct snapshot *now = c->s->g.current;
	struct tls_facts f;
	struct gw_json *j;
	size_t n = 0;

	(void)err;
	for (; now->tls && tls_set_facts(now->tls, n, &f); n++)
		put_certificate(c, now, n, &f);
	j = gw_ctl_ok(&c->reply);
	gw_json_u64(j, "certificates", n);
	put_tickets(j, &c->s->g.tickets);
	gw_ctl_end(&c->reply);
	return 0;
}

static int answer_rotate(struct ctl_client *c, struct gw_err *err)
{
	struct tls_tickets *t = &c->s->g.tickets;

	(void)err;
	if (gw_ctl_flag(&c->request, "forget"))
		tls_tickets_forget(t);
	else
		tls_tickets_rotate(t);
	log_event(&c->s->g.log, GW_EV_TICKETS);
	put_tickets(gw_ctl_ok(&c->reply), t);
	gw_ctl_end(&c->reply);
	return 0;
}

const struct ctl_handler ctl_handlers_tls[] = {
	{ "tls list", .answer = answer_list },
	{ "tls ticket rotate", .answer = answer_rotate },
	{ 0 },
};
