/* reload.c - orders that put another configuration in force, and back (see ctl.h, daemon/trial.c) */
#include "daemon/ctl/ctl.h"

/* Sentence first: gwctl shows that; programs have the rest. */
static void tell(void *ctx, const struct reload_news *news)
{
	struct ctl_client *c = ctx;
	struct gw_json *j = gw_ctl_row(&c->reply);

	gw_json_str(j, "event", news->event);
	gw_json_str(j, "text", news->text);
	if (news->change) {
		gw_json_str(j, "name", news->change->opt->name);
		gw_json_str(j, "was", news->change->was_shown);
		gw_json_str(j, "now", news->change->now_shown);
	}
	if (news->listener) {
		gw_json_str(j, "service", gw_service_name(news->listener->service));
		gw_json_str(j, "listener", news->listener->text);
		gw_json_str(j, "move", gw_move_name(news->listener->move));
	}
	gw_ctl_end(&c->reply);
}

/* What the order is from the request's parameters that both reloads have. */
static struct reload_order order_of(struct ctl_client *c)
{
	return (struct reload_order){ .confirm_s = (uint32_t)gw_ctl_number(&c->request, "confirm", 0), .who = c->who.text,
				      .tell = tell, .ctx = c };
}

static void end_answer(struct ctl_client *c)
{
	gw_json_u64(gw_ctl_ok(&c->reply), "confirm_s", trial_left_s(c->s));
	gw_ctl_end(&c->reply);
}

static int may_change(struct ctl_client *c, struct gw_err *err)
{
	if (c->s->stopping)
		return gw_fail(err, GW_EBUSY, "the service is stopping");
	if (gw_ctl_number(&c->request, "confirm", 1) == 0 || gw_ctl_number(&c->request, "confirm", 1) > TRIAL_MAX_S)
		return gw_fail(err, GW_EINVAL, "confirm: between 1 second and %u hours may pass until the confirmation",
			       TRIAL_MAX_S / 3600);
	return 0;
}

static int answer_reload(struct ctl_client *c, struct gw_err *err)
{
	struct gw_slice file = gw_ctl_slice(&c->request, "file");
	struct reload_order o;
	int rc = may_change(c, err);

	if (rc < 0)
		return rc;
	if (file.n && c->level < GW_CTL_ADMIN) /* what is wrong with a file is told with its lines */
		return gw_fail(err, GW_EACCES, "another file needs the rights of admin");
	o = order_of(c);
	o.dry = gw_ctl_flag(&c->request, "plan");
	o.file = file.n ? gw_arena_str(&c->arena, file) : NULL;
	if (o.dry && o.confirm_s)
		return gw_fail(err, GW_EINVAL, "plan changes nothing, so there is nothing to confirm: give one of the two");
	if (server_reload(c->s, &o) < 0)
		return gw_fail(err, GW_EINVAL, "the configuration has errors; the old one stays in force");
	end_answer(c);
	return 0;
}

static int answer_confirm(struct ctl_client *c, struct gw_err *err)
{
	int rc = server_confirm(c->s, err);

	if (rc == 0)
		gw_ctl_ok_empty(&c->reply);
	return rc;
}

static int answer_undo(struct ctl_client *c, struct gw_err *err)
{
	int rc = c->s->stopping ? gw_fail(err, GW_EBUSY, "the service is stopping") :
				  server_undo(c->s, c->who.text, tell, c, err);

	if (rc == 0)
		gw_ctl_ok_empty(&c->reply);
	return rc;
}

static int answer_tls_reload(struct ctl_client *c, struct gw_err *err)
{
	struct reload_order o;
	int rc = may_change(c, err);

	if (rc < 0)
		return rc;
	o = order_of(c);
	o.tls_only = true;
	if (!c->s->g.current->config->n_certs)
		return gw_fail(err, GW_ENOENT, "no certificate is configured (ssl_certificate_file)");
	if (server_reload(c->s, &o) < 0)
		return gw_fail(err, GW_EINVAL, "a certificate or key cannot be used; those that were loaded stay in use");
	end_answer(c);
	return 0;
}

const struct ctl_handler ctl_handlers_reload[] = {
	{ "reload", .answer = answer_reload },
	{ "confirm", .answer = answer_confirm },
	{ "undo", .answer = answer_undo },
	{ "tls reload", .answer = answer_tls_reload },
	{ 0 },
};
