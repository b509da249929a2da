/* diff.c - gwcfg diff: two configurations by meaning */
#include "gwcfg/changes.h"

#include <stdio.h>
#include <string.h>

struct sides {
	const char *was, *now; /* names */
	const struct gw_plan *plan;
};

static void put_all(const struct sides *s, struct gw_buf *out)
{
	bool any = false;

	for (size_t i = 0; i < s->plan->n_options; i++) {
		const struct gw_plan_option *c = &s->plan->options[i];

		gw_buf_printf(out, "%s: counts %s\n", c->opt->name, gw_reload_words(c->opt->reload));
		put_change(c, out);
	}
	for (size_t i = 0; i < s->plan->n_listeners; i++) {
		const struct gw_plan_listener *l = &s->plan->listeners[i];

		if (l->move == GW_KEPT)
			continue;
		gw_buf_printf(out, "%s", any ? "" : "listeners: move with a restart\n");
		any = true;
		put_listener(l, out);
		gw_buf_add_char(out, '\n');
	}
}

static void json_all(const struct sides *s, struct gw_buf *out)
{
	struct gw_json j;

	gw_json_init(&j, out);
	gw_json_open(&j, NULL, '{');
	gw_json_str(&j, "was", s->was);
	gw_json_str(&j, "now", s->now);
	json_plan(s->plan, NULL, &j);
	gw_json_close(&j, '}');
	gw_buf_add_char(out, '\n');
}

static int show(const struct gw_cli_args *args, const struct sides *s)
{
	bool differ = !gw_plan_is_empty(s->plan);
	struct gw_buf out;

	gw_buf_init(&out, 0);
	if (gw_cli_has(args, "json"))
		json_all(s, &out);
	else
		put_all(s, &out);
	if (!print_buf(&out))
		return EXIT_IO;
	return differ && gw_cli_has(args, "exit-code") ? EXIT_ERRORS : EXIT_FINE;
}

static int compare(const struct gw_cli_args *args, const struct running *r, const struct gw_config *was,
	const struct gw_config *now, const char *was_name, const char *now_name)
{
	struct gw_plan plan;
	struct sides s = { was_name, now_name, &plan };
	int code;

	make_plan(&plan, was, now, r);
	code = show(args, &s);
	gw_plan_done(&plan);
	return code;
}

/* Both are read before anything is said, so one run shows what is wrong with either. */
static int two_files(const struct gw_cli_args *args)
{
	struct result a, b;
	int code, other;

	input_read(&(struct input){ .path = args->operands[0], .args = args, .any_store = true }, &a);
	input_read(&(struct input){ .path = args->operands[1], .args = args, .any_store = true }, &b);
	code = result_refuse(&a);
	other = result_refuse(&b);
	if (code == EXIT_FINE)
		code = other;
	if (code == EXIT_FINE)
		code = compare(args, NULL, a.cfg, b.cfg, a.path, b.path);
	result_done(&a);
	result_done(&b);
	return code;
}

static int with_running(const struct gw_cli_args *args)
{
	const char *file = args->n ? args->operands[0] : NULL;
	struct gw_err err = { .text = "" };
	struct running r;
	struct result now;
	int code = running_ask(&r, gw_cli_value(args, "socket"), file, &err);

	if (code != EXIT_FINE) {
		complain("gwcfg diff: %s", err.text);
	} else {
		running_read(&r, &(struct input){ .path = file ? file : r.config, .args = args, .any_store = true }, &now);
		code = result_refuse(&now);
		if (code == EXIT_FINE)
			code = compare(args, &r, r.cfg, now.cfg, "running", now.path);
		result_done(&now);
	}
	running_done(&r);
	return code;
}

static int diff_run(const struct gw_cli_args *args)
{
	bool running = gw_cli_has(args, "running");

	if (running && args->n > 1)
		return usage_error(args->verb, "--running compares with one file");
	if (!running && args->n != 2)
		return usage_error(args->verb, "two files are compared; --running takes the place of the first");
	if (!running && strcmp(args->operands[0], "-") == 0 && strcmp(args->operands[1], "-") == 0)
		return usage_error(args->verb, "only one of the two can be standard input");
	return running ? with_running(args) : two_files(args);
}

static const struct gw_cli_flag flag_running = { 0, "running", NULL,
	"compare what the daemon has in force with the file" };
static const struct gw_cli_flag flag_exit_code = { 'e', "exit-code", NULL, "exit with 1 when they differ" };

static const struct gw_cli_flag *const flags[] = { &flag_running, &flag_socket, &flag_exit_code, &flag_json,
	&flag_override, &flag_ignore, NULL };

const struct gw_cli_verb verb_diff = {
	.name = "diff",
	.brief = "compare two configurations by meaning",
	.doc = "Shows the options whose values differ, whatever the files look like: where each value comes from, and when a "
	       "reload would make the new one count. With --running the first is what gatewayd has in force, which may be "
	       "older than its files; the second is the file, or that of the daemon, with the command line of the daemon.",
	.examples = "  gwcfg diff /etc/kopano/gateway.cfg /etc/gateway/gateway.cfg\n"
		    "  gwcfg diff --running\n"
		    "  gwcfg diff --exit-code old.cfg new.cfg\n",
	.flags = flags,
	.operand = &value_file,
	.max = 2,
	.run = diff_run,
};
