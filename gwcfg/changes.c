/* changes.c - pieces of a plan as text and as JSON (see changes.h) */
#include "gwcfg/changes.h"

#include <string.h>

/* ---- text ---- */

static bool only_secrets_differ(const struct gw_plan_option *c)
{
	return strcmp(c->was_shown, c->now_shown) == 0;
}

static void put_place(const struct gw_place *at, struct gw_buf *out)
{
	gw_buf_printf(out, "  (");
	if (!at->file)
		gw_buf_printf(out, "default");
	else
		gw_diag_put_safe(out, gw_slice_str(at->file));
	if (at->file && at->line && strcmp(at->file, "command line") != 0)
		gw_buf_printf(out, ":%u", at->line);
	gw_buf_add_char(out, ')');
}

static void put_value(char sign, const char *value, const struct gw_place *at, struct gw_buf *out)
{
	gw_buf_printf(out, "    %c ", sign);
	gw_diag_put_safe(out, gw_slice_str(*value ? value : "nothing"));
	put_place(at, out);
}

void put_change(const struct gw_plan_option *c, struct gw_buf *out)
{
	put_value('-', c->was_shown, &c->was_at, out);
	gw_buf_add_char(out, '\n');
	put_value('+', c->now_shown, &c->now_at, out);
	gw_buf_printf(out, "%s\n", only_secrets_differ(c) ? " with another password" : "");
}

static char sign_of(enum gw_move m)
{
	static const char signs[] = { [GW_KEPT] = '=', [GW_ADDED] = '+', [GW_REMOVED] = '-' };

	return signs[m];
}

void put_listener(const struct gw_plan_listener *l, struct gw_buf *out)
{
	gw_buf_printf(out, "    %c %s ", sign_of(l->move), gw_service_name(l->service));
	gw_diag_put_safe(out, gw_slice_str(l->text));
}

void put_cert(const struct gw_plan_cert *c, struct gw_buf *out)
{
	gw_buf_printf(out, "    %c ", sign_of(c->move));
	gw_diag_put_safe(out, gw_slice_str(c->cert));
	gw_buf_printf(out, " with the key ");
	gw_diag_put_safe(out, gw_slice_str(c->key));
}

/* ---- facts ---- */

static bool is_tls(enum gw_service s)
{
	return s == GW_SERVICE_IMAPS || s == GW_SERVICE_POP3S;
}

bool listener_open(const struct gw_plan_listener *l, const struct running *r)
{
	return l->move != GW_ADDED && (r->tls || !is_tls(l->service));
}

bool cert_changed(const struct gw_plan_cert *c, const struct running *r)
{
	return c->move == GW_KEPT && (running_file_changed(r, c->cert) || running_file_changed(r, c->key));
}

const struct running_cert *cert_of(const struct gw_plan_cert *c, const struct running *r)
{
	for (const struct running_cert *have = r->certs; have; have = have->next)
		if (strcmp(have->cert, c->cert) == 0 && strcmp(have->key, c->key) == 0)
			return have;
	return NULL;
}

void make_plan(struct gw_plan *p, const struct gw_config *was, const struct gw_config *now, const struct running *r)
{
	gw_plan_make(p, was, now);
	for (size_t i = p->n_options; r && !running_has_secrets(r) && i-- > 0;)
		if (only_secrets_differ(&p->options[i]))
			gw_plan_drop(p, i);
}

/* ---- JSON ---- */

static void json_place(struct gw_json *j, const char *file_key, const char *line_key, const struct gw_place *at)
{
	gw_json_str(j, file_key, at->file);
	if (at->file)
		gw_json_u64(j, line_key, at->line);
	else
		gw_json_str(j, line_key, NULL);
}

static void json_change(const struct gw_plan_option *c, const struct running *r, struct gw_json *j)
{
	gw_json_open(j, NULL, '{');
	gw_json_str(j, "name", c->opt->name);
	gw_json_str(j, "reload", gw_option_reload_name(c->opt->reload));
	gw_json_str(j, "was", c->was_shown);
	gw_json_str(j, "now", c->now_shown);
	gw_json_bool(j, "only_secrets_differ", only_secrets_differ(c));
	json_place(j, "was_file", "was_line", &c->was_at);
	json_place(j, "now_file", "now_line", &c->now_at);
	if (r) {
		gw_json_u64(j, "sessions", running_sessions(r, c->opt->reload == GW_RESTART ? ~0u : c->services));
		gw_json_bool(j, "waits_already", running_waits(r, c));
	}
	gw_json_close(j, '}');
}

static void json_listener(const struct gw_plan_listener *l, const struct running *r, struct gw_json *j)
{
	gw_json_open(j, NULL, '{');
	gw_json_str(j, "service", gw_service_name(l->service));
	gw_json_str(j, "listener", l->text);
	gw_json_str(j, "move", gw_move_name(l->move));
	if (r)
		gw_json_bool(j, "open", listener_open(l, r));
	gw_json_close(j, '}');
}

static void json_cert(const struct gw_plan_cert *c, const struct running *r, struct gw_json *j)
{
	const struct running_cert *have = r ? cert_of(c, r) : NULL;

	gw_json_open(j, NULL, '{');
	gw_json_str(j, "certificate", c->cert);
	gw_json_str(j, "key", c->key);
	gw_json_str(j, "move", gw_move_name(c->move));
	if (r)
		gw_json_bool(j, "changed", cert_changed(c, r));
	if (have) {
		gw_json_str(j, "name", have->name);
		gw_json_u64(j, "expires", have->expires);
	}
	gw_json_close(j, '}');
}

void json_plan(const struct gw_plan *p, const struct running *r, struct gw_json *j)
{
	gw_json_open(j, "changes", '[');
	for (size_t i = 0; i < p->n_options; i++)
		json_change(&p->options[i], r, j);
	gw_json_close(j, ']');
	gw_json_open(j, "listeners", '[');
	for (size_t i = 0; i < p->n_listeners; i++)
		json_listener(&p->listeners[i], r, j);
	gw_json_close(j, ']');
	gw_json_open(j, "certificates", '[');
	for (size_t i = 0; i < p->n_certs; i++)
		json_cert(&p->certs[i], r, j);
	gw_json_close(j, ']');
	for (enum gw_reload r_class = GW_LIVE; r_class <= GW_RESTART; r_class++)
		gw_json_u64(j, gw_option_reload_name(r_class), p->count[r_class]);
}
