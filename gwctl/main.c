/* main.c - gwctl: steer a running gatewayd
 *
 *	gwctl user add anna	->  words.c: verb and arguments  ->  ask.c: the password
 *				->  client.c: one line to the socket  ->  render.c: what comes back
 *
 * Without a command it is a prompt (shell.c). */
#include "gwctl/gwctl.h"

#include "log/log.h"

#include <locale.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>

void complain(const char *fmt, ...)
{
	va_list ap;

	fflush(stdout);
	fputs("gwctl: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}

void put_safe(struct gw_buf *out, struct gw_slice text)
{
	gw_log_escape(out, text, SIZE_MAX / 8);
}

/* ---- help ---- */

void print_help(FILE *f)
{
	struct gw_buf b;

	fprintf(f, "usage: gwctl [-jqy] [-c file | -s socket] [command]\n\n");
	for (size_t i = 0; gw_ctl_verb_at(i); i++)
		fprintf(f, "  %-14s %s\n", gw_ctl_verb_at(i)->name, gw_ctl_verb_at(i)->brief);
	gw_buf_init(&b, 0);
	put_flags(&b);
	fprintf(f, "\n%s\n`gwctl help user add' says more of a command, gwctl(8) of all. Without a command there is a prompt.\n",
		gw_buf_str(&b));
	gw_buf_done(&b);
}

int help_on(size_t n, char *const *words)
{
	const struct gw_ctl_verb *v;

	if (n == 0) {
		print_help(stdout);
		return EXIT_FINE;
	}
	v = find_verb(n, words, NULL);
	if (!v) {
		complain("there is no command \"%s%s%s\"; `gwctl help' shows all", words[0], n > 1 ? " " : "",
			 n > 1 ? words[1] : "");
		return EXIT_USAGE;
	}
	print_verb_usage(stdout, v);
	printf("\n%s: %s. Needs the rights of %s.\n%s\n", v->name, v->brief, gw_ctl_level_name(v->level), v->doc);
	for (size_t i = 0; i < GW_CTL_PARAMS_MAX && v->params[i].name; i++)
		printf("  %-10s %s (%s)\n", v->params[i].name, v->params[i].brief, gw_ctl_type_name(v->params[i].type));
	return EXIT_FINE;
}

/* ---- one command ---- */

static int read_answer(struct gw_control *c, struct render *r)
{
	struct gw_ctl_answer a;
	struct gw_slice line;

	while (gw_control_line(c, &line)) {
		switch (gw_ctl_parse_answer(line, &a)) {
		case GW_CTL_LINE_DATA:
			render_row(r, a.json);
			break;
		case GW_CTL_LINE_OK:
			return render_ok(r, a.json);
		case GW_CTL_LINE_ERR:
			return render_err(r, &a);
		case GW_CTL_LINE_BAD:
			complain("the daemon said something that is not of the control protocol");
			return EXIT_REFUSED;
		}
	}
	complain("the daemon ended the connection before it had answered");
	return EXIT_NOT_RUNNING;
}

static int exchange(struct gw_control *c, const struct request *r, const struct options *o)
{
	struct gw_buf line;
	struct render *render;
	int code = EXIT_USAGE;

	gw_buf_init(&line, GW_CTL_LINE_MAX);
	if (!request_encode(r, &line)) {
		complain("%s: the arguments are too long", r->verb->name);
	} else if (!gw_control_send(c, gw_buf_slice(&line))) {
		complain("the daemon ended the connection");
		code = EXIT_NOT_RUNNING;
	} else {
		render = render_new(r->verb, o);
		code = read_answer(c, render);
		render_free(render);
	}
	if (line.p)
		gw_wipe(line.p, line.cap);
	gw_buf_done(&line);
	return code;
}

int run_words(const struct options *o, size_t n, char *const *words)
{
	struct request r;
	struct gw_control c;
	int code = request_read(&r, n, words);

	if (code == EXIT_FINE && strcmp(r.verb->name, "help") == 0 && !o->json)
		return request_done(&r), help_on(0, NULL);
	if (code == EXIT_FINE) {
		code = client_open(&c, o);
		if (code == EXIT_FINE) {
			code = ask_confirm(&r, o);
			if (code == EXIT_FINE)
				code = ask_secret(&r, o);
			if (code == EXIT_FINE)
				code = exchange(&c, &r, o);
			gw_control_close(&c);
		}
	}
	request_done(&r);
	return code;
}

static int completion(const char *name)
{
	struct gw_buf out;
	bool ok;

	gw_buf_init(&out, 0);
	ok = put_completion(name, &out);
	if (ok)
		fwrite(out.p, 1, out.n, stdout);
	else
		complain("completions are made for bash, zsh and fish");
	gw_buf_done(&out);
	return ok ? EXIT_FINE : EXIT_USAGE;
}

/* ---- the command line ---- */

static int run_command(const struct options *o)
{
	if (o->n_words == 0)
		return shell(o);
	if (strcmp(o->words[0], "help") == 0 && !o->json)
		return help_on(o->n_words - 1, o->words + 1);
	return run_words(o, o->n_words, o->words);
}

static int run(const struct options *o)
{
	if (o->help) {
		print_help(stdout);
		return EXIT_FINE;
	}
	if (o->version)
		return printf("gwctl %s\n", GW_VERSION) < 0 ? EXIT_REFUSED : EXIT_FINE;
	return o->completion ? completion(o->completion) : run_command(o);
}

int main(int argc, char **argv)
{
	struct options o;
	struct gw_err err = { 0 };
	int code;

	setlocale(LC_CTYPE, "");
	signal(SIGPIPE, SIG_IGN);
	if (options_read(argc, argv, &o, &err) < 0) {
		complain("%s\nusage: gwctl [-jqy] [-c file | -s socket] [command]; `gwctl help' says more", err.text);
		return EXIT_USAGE;
	}
	code = run(&o);
	if (fflush(stdout) != 0 && code == EXIT_FINE) {
		complain("cannot write the answer");
		code = EXIT_REFUSED;
	}
	return code;
}
