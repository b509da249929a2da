/* output.c - lines to standard output or the pager (see output.h)
 *
 * Lines are held until they are more than the terminal has; then the pager is started and gets them all. */
#include "gwctl/output.h"

#include "gwctl/gwctl.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

struct output {
	struct filter *filter;
	struct gw_buf held; /* while it is not known whether a pager is wanted */
	size_t lines;
	bool may_page, always_page, at_once;
	FILE *to;
	pid_t pager;
	bool failed;
};

static bool screen(struct winsize *ret)
{
	return isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, ret) == 0;
}

int output_columns(void)
{
	struct winsize w;

	if (!isatty(STDOUT_FILENO))
		return 0;
	return screen(&w) && w.ws_col ? w.ws_col : 80;
}

int output_lines(void)
{
	struct winsize w;

	return screen(&w) && w.ws_row ? w.ws_row : 24;
}

bool output_has_color(const struct options *o)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	if (o->color && strcmp(o->color, "auto") != 0)
		return strcmp(o->color, "always") == 0;
	return isatty(STDOUT_FILENO) && !(no && *no) && !(term && strcmp(term, "dumb") == 0);
}

struct output *output_open(const struct options *o, bool as_it_comes)
{
	struct output *out = gw_xalloc(sizeof *out);

	out->filter = o->filter;
	out->to = stdout;
	out->at_once = as_it_comes;
	out->always_page = filter_has_pager(o->filter) && isatty(STDOUT_FILENO);
	out->may_page = isatty(STDOUT_FILENO) && !as_it_comes && (o->interactive || out->always_page);
	gw_buf_init(&out->held, 0);
	return out;
}

/* ---- the pager ---- */

static void be_pager(int fd)
{
	const char *pager = getenv("PAGER");

	dup2(fd, STDIN_FILENO);
	signal(SIGINT, SIG_DFL);
	signal(SIGPIPE, SIG_DFL);
	setenv("LESSSECURE", "1", 1); /* less shows, and does nothing else */
	setenv("LESS", "FRX", 0);
	if (pager && *pager)
		execlp("sh", "sh", "-c", pager, (char *)NULL);
	else
		execlp("less", "less", "-FRX", (char *)NULL);
	execlp("cat", "cat", (char *)NULL);
	_exit(127);
}

static void start_pager(struct output *out)
{
	int fd[2];

	out->may_page = false;
	fflush(stdout);
	if (pipe(fd) < 0)
		return;
	out->pager = fork();
	if (out->pager == 0) {
		close(fd[1]);
		be_pager(fd[0]);
	}
	close(fd[0]);
	if (out->pager > 0)
		out->to = fdopen(fd[1], "w");
	else
		close(fd[1]);
}

/* ---- lines ---- */

static void write_out(struct output *out, struct gw_slice text)
{
	if (fwrite(text.p, 1, text.n, out->to) != text.n || (out->at_once && fflush(out->to) != 0))
		out->failed = true;
}

static void put(void *ctx, const char *plain, const char *shown)
{
	struct output *out = ctx;
	const char *text = shown && !out->failed ? shown : plain;

	gw_buf_printf(&out->held, "%s\n", text);
	out->lines++;
	if (out->may_page && (int)out->lines < output_lines() - 1 && !out->always_page)
		return;
	if (out->may_page)
		start_pager(out);
	write_out(out, gw_buf_slice(&out->held));
	out->held.n = 0;
}

void output_line(struct output *out, const char *plain, const char *shown, bool head)
{
	if (!out->failed)
		filter_line(out->filter, plain, shown, head, put, out);
}

bool output_is_over(const struct output *out)
{
	return out->failed || !filter_wants_more(out->filter);
}

void output_close(struct output *out)
{
	filter_end(out->filter, put, out);
	write_out(out, gw_buf_slice(&out->held));
	gw_buf_done(&out->held);
	if (out->pager > 0) {
		fclose(out->to);
		while (waitpid(out->pager, NULL, 0) < 0)
			;
	} else if (fflush(out->to) != 0) {
		out->failed = true;
	}
	free(out);
}
