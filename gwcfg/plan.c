/* plan.c - gwcfg plan: what a reload of the daemon would change, before anything happens */
#include "gwcfg/changes.h"

#include <stdio.h>
#include <string.h>

struct planner {
	const struct gw_cli_args *args;
	const struct running *r; /* NULL: a file takes its place (--against) */
	const char *was, *now;   /* names */
	struct gw_plan plan;
	struct gw_buf refused;   /* what the daemon says against it */
};

static const char *plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

/* ---- text ---- */

static void put_sessions(const struct running *r, struct gw_buf *out)
{
	uint64_t all = running_sessions(r, ~0u);
	const char *sep = ": ";

	gw_buf_printf(out, " %llu session%s", (unsigned long long)all, plural(all));
	for (enum gw_service s = 0; s < GW_SERVICE_COUNT; s++) {
		if (!r->sessions[s])
			continue;
		gw_buf_printf(out, "%s%llu %s", sep, (unsigned long long)r->sessions[s], gw_service_name(s));
		sep = ", ";
	}
}

static void put_head(const struct planner *p, struct gw_buf *out)
{
	if (p->r) {
		running_put_name(p->r, out);
		gw_buf_printf(out, " has");
		put_sessions(p->r, out);
		gw_buf_printf(out, ".\n");
	}
	gw_buf_printf(out, "Compared with ");
	gw_diag_put_safe(out, gw_slice_str(p->was));
	gw_buf_printf(out, ", ");
	gw_diag_put_safe(out, gw_slice_str(p->now));
	gw_buf_printf(out, gw_plan_is_empty(&p->plan) ? " changes nothing.\n" : " changes:\n");
}

static void put_title(const struct planner *p, enum gw_reload class, struct gw_buf *out)
{
	static const char *const titles[] = {
		[GW_LIVE] = "At once, by a reload, for open sessions too",
		[GW_NEXT] = "For new sessions, by a reload; open ones keep the old value",
		[GW_RESTART] = "By a restart only",
	};
	uint64_t all = p->r ? running_sessions(p->r, ~0u) : 0;

	gw_buf_printf(out, "\n%s", titles[class]);
	if (p->r && class == GW_RESTART)
		gw_buf_printf(out, ", which ends %llu session%s", (unsigned long long)all, plural(all));
	gw_buf_printf(out, ":\n");
}

static void put_name(const struct planner *p, const struct gw_plan_option *c, struct gw_buf *out)
{
	uint64_t n = p->r ? running_sessions(p->r, c->services) : 0;

	gw_buf_printf(out, "  %s", c->opt->name);
	if (p->r && c->opt->reload == GW_NEXT)
		gw_buf_printf(out, ": %llu open session%s keep%s the old value", (unsigned long long)n, plural(n), n == 1 ? "s" : "");
	if (p->r && c->opt->reload == GW_LIVE)
		gw_buf_printf(out, ": for %llu open session%s too", (unsigned long long)n, plural(n));
	if (p->r && c->opt->reload == GW_RESTART && running_waits(p->r, c))
		gw_buf_printf(out, ": waits since the last reload already");
	gw_buf_add_char(out, '\n');
}

static void put_class(const struct planner *p, enum gw_reload class, struct gw_buf *out)
{
	if (p->plan.count[class] == 0)
		return;
	put_title(p, class, out);
	for (size_t i = 0; i < p->plan.n_options; i++) {
		const struct gw_plan_option *c = &p->plan.options[i];

		if (c->opt->reload != class)
			continue;
		put_name(p, c, out);
		put_change(c, out);
	}
}

static void put_listeners(const struct planner *p, struct gw_buf *out)
{
	if (p->plan.moved == 0)
		return;
	gw_buf_printf(out, "\nListeners, which only a restart moves:\n");
	for (size_t i = 0; i < p->plan.n_listeners; i++) {
		const struct gw_plan_listener *l = &p->plan.listeners[i];

		put_listener(l, out);
		if (p->r && l->move == GW_REMOVED && l->service < GW_SERVICE_COUNT)
			gw_buf_printf(out, "  (%s has %llu session%s)", gw_service_name(l->service),
				(unsigned long long)p->r->sessions[l->service], plural(p->r->sessions[l->service]));
		if (p->r && l->move != GW_ADDED && !listener_open(l, p->r))
			gw_buf_printf(out, "  (is not open: there is no certificate)");
		gw_buf_add_char(out, '\n');
	}
}

static void put_certs(const struct planner *p, struct gw_buf *out)
{
	bool any = false;

	for (size_t i = 0; i < p->plan.n_certs; i++) {
		const struct gw_plan_cert *c = &p->plan.certs[i];
		bool swapped = p->r && cert_changed(c, p->r);

		if (c->move == GW_KEPT && !swapped)
			continue;
		gw_buf_printf(out, "%s", any ? "" : "\nCertificates, for new connections, by a reload:\n");
		any = true;
		put_cert(c, out);
		gw_buf_printf(out, "%s\n", swapped ? "  (the file is another one since it was read)" : "");
	}
}

static void put_refused(const struct planner *p, struct gw_buf *out)
{
	if (p->refused.n == 0)
		return;
	gw_buf_printf(out, "\nThe daemon would refuse it, and change nothing:\n");
	gw_buf_add_slice(out, gw_buf_slice(&p->refused));
}

static void put_plan(const struct planner *p, struct gw_buf *out)
{
	put_head(p, out);
	for (enum gw_reload class = GW_LIVE; class <= GW_RESTART; class++)
		put_class(p, class, out);
	put_listeners(p, out);
	put_certs(p, out);
	put_refused(p, out);
}

/* ---- JSON ---- */

static void json_running(const struct running *r, struct gw_json *j)
{
	gw_json_open(j, "running", '{');
	gw_json_str(j, "version", r->control.greeting.version);
	gw_json_u64(j, "pid", r->pid);
	gw_json_str(j, "config", r->config);
	gw_json_u64(j, "loaded", r->loaded_s);
	gw_json_close(j, '}');
	gw_json_open(j, "sessions", '{');
	for (enum gw_service s = 0; s < GW_SERVICE_COUNT; s++)
		gw_json_u64(j, gw_service_name(s), r->sessions[s]);
	gw_json_close(j, '}');
}

static void json_all(const struct planner *p, struct gw_buf *out)
{
	struct gw_json j;

	gw_json_init(&j, out);
	gw_json_open(&j, NULL, '{');
	gw_json_str(&j, "was", p->was);
	gw_json_str(&j, "now", p->now);
	if (p->r)
		json_running(p->r, &j);
	json_plan(&p->plan, p->r, &j);
	gw_json_bool(&j, "refused", p->refused.n > 0);
	gw_json_close(&j, '}');
	gw_buf_add_char(out, '\n');
}

/* ---- the verb ---- */

static int show(struct planner *p, const struct gw_config *was, const struct gw_config *now)
{
	int code = p->refused.n ? EXIT_ERRORS : EXIT_FINE;
	struct gw_buf out;

	make_plan(&p->plan, was, now, p->r);
	gw_buf_init(&out, 0);
	if (gw_cli_has(p->args, "json"))
		json_all(p, &out);
	else
		put_plan(p, &out);
	gw_plan_done(&p->plan);
	return print_buf(&out) ? code : EXIT_IO;
}

static int plan_files(const struct gw_cli_args *args, const char *against)
{
	struct planner p = { .args = args };
	struct result was, now;
	int code, other;

	input_read(&(struct input){ .path = against, .any_store = true }, &was);
	input_read(&(struct input){ .path = args->n ? args->operands[0] : NULL }, &now);
	code = result_refuse(&was);
	other = result_refuse(&now);
	p.was = was.path;
	p.now = now.path;
	if (code == EXIT_FINE)
		code = other;
	if (code == EXIT_FINE)
		code = show(&p, was.cfg, now.cfg);
	result_done(&was);
	result_done(&now);
	return code;
}

/* The daemon does not answer. A file with errors is the worse news. */
static int not_running(const struct gw_cli_args *args, int code, const char *why)
{
	struct result now;
	int errors = EXIT_FINE;

	if (args->n) {
		input_read(&(struct input){ .path = args->operands[0] }, &now);
		errors = result_refuse(&now);
		result_done(&now);
	}
	if (errors != EXIT_FINE)
		return errors;
	complain("gwcfg plan: %s%s", why,
		code == EXIT_NOT_RUNNING ? "; --against FILE plans without it" : "");
	return code;
}

static void warn_of_version(const struct running *r)
{
	if (r->unknown)
		complain("gwcfg plan: the daemon has %zu option%s that this gwcfg %s does not know: use the one of its "
				"release", r->unknown, plural(r->unknown), GW_VERSION);
}

static int plan_running(const struct gw_cli_args *args)
{
	const char *file = args->n ? args->operands[0] : NULL;
	struct gw_err err = { .text = "" };
	struct running r;
	struct planner p = { .args = args, .r = &r, .was = "what is in force" };
	struct result now;
	int code = running_ask(&r, gw_cli_value(args, "socket"), file, &err);

	if (code != EXIT_FINE) {
		running_done(&r);
		return not_running(args, code, err.text);
	}
	warn_of_version(&r);
	gw_buf_init(&p.refused, 0);
	running_read(&r, &(struct input){ .path = file ? file : r.config }, &now);
	code = result_refuse(&now);
	p.now = now.path;
	if (code == EXIT_FINE) {
		running_refuses(&r, now.path, &p.refused);
		code = show(&p, r.cfg, now.cfg);
	}
	gw_buf_done(&p.refused);
	result_done(&now);
	running_done(&r);
	return code;
}

static int plan_run(const struct gw_cli_args *args)
{
	const char *against = gw_cli_value(args, "against");

	if (against && gw_cli_has(args, "socket"))
		return usage_error(args->verb, "--against is instead of a daemon, --socket asks one");
	return against ? plan_files(args, against) : plan_running(args);
}

static const struct gw_cli_flag flag_against = { 0, "against", &value_file, "ask no daemon: FILE is what is in force" };

static const struct gw_cli_flag *const flags[] = { &flag_against, &flag_socket, &flag_json, NULL };

const struct gw_cli_verb verb_plan = {
	.name = "plan",
	.brief = "say what a reload would change, before it does",
	.doc = "Asks the daemon that runs for what it has in force, reads the file (of the daemon, when none is named) as a "
	       "reload would, and shows what counts at once, what only for new sessions, what waits for a restart, which "
	       "listeners a restart moves, which certificates are swapped, and how many sessions each touches. Nothing is "
	       "changed. A file with errors is refused, as a reload would.",
	.examples = "  gwcfg plan\n"
		    "  gwcfg plan new.cfg\n"
		    "  gwcfg plan --against /etc/gateway/gateway.cfg new.cfg\n"
		    "  gwcfg plan --json | jq .restart\n",
	.flags = flags,
	.operand = &value_file,
	.max = 1,
	.run = plan_run,
};
