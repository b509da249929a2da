/* run.c - one command: from its words to what it ends with
 *
 *	user add anna  ->  request.c: order and values  ->  ask.c: the password
 *		       ->  client.c: one line to the socket  ->  render.c: what comes back
 *
 * Ctrl-C ends the command, not the program: the daemon is asked to stop, and its last word is waited for; a second time,
 * nothing is waited for any more. */
#include "gwctl/gwctl.h"

#include "gwctl/filter.h"
#include "gwctl/help.h"
#include "gwctl/import.h"
#include "gwctl/interrupt.h"
#include "gwctl/line.h"
#include "gwctl/render.h"
#include "gwctl/verbs.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* ---- the answer ---- */

struct reading {
	struct gw_control *c;
	struct render *render;
	struct gw_buf *refusal; /* NULL: complain; else ERR is no failure, its text goes here */
	bool cancelled; /* we have asked for the end */
	int code;       /* -1: it goes on */
};

static int one_line(struct reading *r, struct gw_slice line)
{
	struct gw_ctl_answer a;

	switch (gw_ctl_parse_answer(line, &a)) {
	case GW_CTL_LINE_DATA:
		render_row(r->render, a.json);
		return render_is_over(r->render) ? EXIT_FINE : -1;
	case GW_CTL_LINE_OK:
		return render_ok(r->render, a.json);
	case GW_CTL_LINE_ERR:
		if (r->refusal && gw_slice_eq(a.code, gw_slice_str(gw_code_name(GW_EACCES)))) {
			put_safe(r->refusal, a.text);
			return EXIT_FINE;
		}
		return render_err(r->render, &a, r->cancelled);
	default:
		complain("the daemon said something that is not of the control protocol");
		return EXIT_REFUSED;
	}
}

/* Ctrl-C: once asks, twice goes. */
static void look_for_interrupt(struct reading *r)
{
	if (interrupt_count() > 1) {
		complain("not waited for; it may go on until it is done");
		r->code = EXIT_INTERRUPTED;
	} else if (interrupt_count() == 1 && !r->cancelled) {
		r->cancelled = true;
		gw_control_send(r->c, GW_S("cancel\n"));
	}
}

static void receive(struct reading *r)
{
	char piece[16384];
	ssize_t n = recv(r->c->fd, piece, sizeof piece, MSG_DONTWAIT);

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n > 0 && gw_ctl_in_add(&r->c->in, gw_slice(piece, (size_t)n)))
		return;
	complain("the daemon ended the connection before it had answered");
	r->code = EXIT_NOT_RUNNING;
}

static int read_answer(struct gw_control *c, struct render *render, struct gw_buf *refusal)
{
	struct reading r = { c, render, refusal, false, -1 };
	struct gw_slice line;

	while (r.code < 0) {
		look_for_interrupt(&r);
		if (r.code >= 0)
			break;
		if (gw_ctl_in_next(&c->in, &line))
			r.code = one_line(&r, line);
		else if (interrupt_wait(c->fd, -1))
			receive(&r);
	}
	return r.code;
}

/* ---- the request ---- */

/* The file of the parameter that is one; -1: there is none. False after a complaint. */
static bool open_file(const struct request *r, int *ret)
{
	*ret = -1;
	for (size_t i = 0; i < param_count(r->verb); i++) {
		const char *path;

		if (r->verb->params[i].type != GW_CTL_FD || !r->given[i])
			continue;
		path = r->value[i].p;
		*ret = strcmp(path, "-") == 0 ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);
		if (*ret < 0)
			complain("cannot open \"%s\": %s", path, strerror(errno));
		return *ret >= 0;
	}
	return true;
}

static bool send_request(struct gw_control *c, const struct request *r, struct gw_slice line)
{
	bool ok;
	int fd;

	if (!open_file(r, &fd))
		return false;
	ok = fd < 0 ? gw_control_send(c, line) : gw_control_send_file(c, line, fd);
	if (fd >= 0)
		close(fd);
	if (!ok)
		complain("the daemon ended the connection");
	return ok;
}

static int exchange(struct gw_control *c, const struct request *r, const struct options *o, struct gw_buf *refusal)
{
	struct gw_buf line;
	int code = EXIT_NOT_RUNNING;

	interrupt_begin();
	gw_buf_init(&line, GW_CTL_LINE_MAX);
	if (!request_encode(r, &line)) {
		complain("%s: the arguments are too long", r->verb->name);
		code = EXIT_USAGE;
	} else if (send_request(c, r, gw_buf_slice(&line))) {
		struct render *render = render_new(r->verb, o);

		code = read_answer(c, render, refusal);
		render_free(render);
	}
	interrupt_end();
	if (line.p)
		gw_wipe(line.p, line.cap);
	gw_buf_done(&line);
	return code;
}

int run_exchange(struct gw_control *c, const struct request *r, const struct options *o)
{
	return exchange(c, r, o, NULL);
}

/* Is it meant? Where the daemon can say what would go, a person is shown that: without confirm it refuses, with a count. */
static int confirm(struct gw_control *c, struct request *r, const struct options *o)
{
	struct gw_buf account;
	int code = EXIT_FINE;

	if (!ask_wants_account(r, o))
		return ask_confirm(r, o, NULL);
	gw_buf_init(&account, 0);
	code = exchange(c, r, o, &account);
	if (code == EXIT_FINE)
		code = ask_confirm(r, o, gw_buf_str(&account));
	gw_buf_done(&account);
	return code;
}

/* Orders that take more than a line and its answer. */
static const struct {
	const char *verb;
	int (*run)(struct request *r, const struct options *o);
} own[] = {
	{ "import", import_run },
	{ "export", export_run },
};

static int run_remote_verb(struct request *r, const struct options *o)
{
	struct gw_control c;
	int code;

	for (size_t i = 0; i < sizeof own / sizeof *own; i++)
		if (strcmp(own[i].verb, r->verb->name) == 0)
			return own[i].run(r, o);
	code = client_open(&c, o);
	if (code != EXIT_FINE)
		return code;
	code = confirm(&c, r, o);
	if (code == EXIT_FINE)
		code = ask_secret(r, o);
	if (code == EXIT_FINE)
		code = run_exchange(&c, r, o);
	gw_control_close(&c);
	return code;
}

/* ---- words ---- */

static int wrong_words(const struct request *r, const struct gw_err *err)
{
	struct gw_buf usage;

	complain("%s", err->text);
	if (!r->verb)
		return EXIT_USAGE;
	gw_buf_init(&usage, 0);
	help_put_usage(r->verb, &usage);
	fprintf(stderr, "usage: %s\n", gw_buf_str(&usage));
	gw_buf_done(&usage);
	return EXIT_USAGE;
}

/* Flags that say what is to be run at all stand before the command. */
static int check_flags(const struct options *base, const struct options *o, struct gw_err *err)
{
	if (o->host != base->host || o->script != base->script || o->completion != base->completion || o->complete != base->complete)
		return gw_fail(err, GW_EINVAL, "--host, --file, --completion and --complete stand before the command");
	return 0;
}

int run_words(const struct options *base, size_t n, char *const *words)
{
	struct options o = *base;
	struct gw_err err = { .text = "" };
	struct request r;
	int rc = request_read(&r, n, words, &o, &err), code;
	const struct local *local;

	if (rc == 0)
		rc = check_flags(base, &o, &err);
	if (rc < 0) {
		code = wrong_words(&r, &err);
	} else if (o.help) {
		code = help_show_verb(r.verb, &o);
	} else {
		local = verb_local(r.verb);
		code = local ? local->run(&r, &o) : run_remote_verb(&r, &o);
	}
	request_done(&r);
	return code;
}

/* ---- lines ---- */

static int run_stages(const struct options *base, const struct line *l)
{
	struct options o = *base;
	struct gw_err err = { .text = "" };
	int code = EXIT_FINE, rc = 0;

	o.filter = NULL;
	for (size_t k = 1; rc == 0 && k < l->stages; k++) {
		size_t n = l->stage[k + 1] - l->stage[k];

		rc = n ? filter_read(l->word + l->stage[k], n, &o, &o.filter, &err) :
			 gw_fail(&err, GW_EINVAL, "there is no filter behind \"|\"");
	}
	if (rc == 0 && l->stage[1] == 0)
		rc = gw_fail(&err, GW_EINVAL, "there is no command before \"|\"");
	if (rc < 0) {
		complain("%s", err.text);
		code = EXIT_USAGE;
	} else {
		code = run_words(&o, l->stage[1], l->word);
	}
	filter_free(o.filter);
	return code;
}

int run_line(const struct options *o, const char *text)
{
	struct gw_err err = { .text = "" };
	struct line l;
	int code;

	if (line_cut(text, strlen(text), &l, &err) < 0) {
		complain("%s", err.text);
		code = EXIT_USAGE;
	} else if (l.n == 0 && l.stages == 1) {
		code = EXIT_FINE;
	} else if (l.n == 1 && (strcmp(l.word[0], "exit") == 0 || strcmp(l.word[0], "quit") == 0)) {
		code = -1;
	} else {
		code = run_stages(o, &l);
	}
	line_done(&l);
	return code;
}
