/* ask.c - what is better not on a command line: passwords, and whether it is meant
 *
 * On a terminal a password is asked for twice without echo; Ctrl-C gives up. From a pipe or a file the first line of
 * standard input is taken as it is. */
#include "gwctl/gwctl.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define ANSWER_MAX 1024

static bool on_terminal(void)
{
	return isatty(STDIN_FILENO);
}

/* A line from fd without its end: its length, or -1 at the end of input, on Ctrl-C, or when it is too long. Byte by byte,
 * so that nothing behind the line is taken. */
static ssize_t read_line(int fd, char line[ANSWER_MAX])
{
	size_t n = 0;
	char c;

	for (;;) {
		ssize_t got = read(fd, &c, 1);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0 && n == 0)
			return -1;
		if (got <= 0 || c == '\n' || c == '\r')
			return (ssize_t)n;
		if (c == 3 || n + 1 == ANSWER_MAX)
			return -1;
		line[n++] = c;
	}
}

static ssize_t ask_hidden(const char *prompt, char line[ANSWER_MAX])
{
	struct termios was, quiet;
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	ssize_t n = -1;

	if (fd < 0 || tcgetattr(fd, &was) < 0) {
		if (fd >= 0)
			close(fd);
		return -1;
	}
	quiet = was;
	quiet.c_lflag &= ~(tcflag_t)(ECHO | ISIG);
	if (tcsetattr(fd, TCSAFLUSH, &quiet) == 0) {
		dprintf(fd, "%s", prompt);
		n = read_line(fd, line);
		tcsetattr(fd, TCSAFLUSH, &was);
		dprintf(fd, "\n");
	}
	close(fd);
	return n;
}

static int ask_twice(struct request *r, const char *what)
{
	char first[ANSWER_MAX], again[ANSWER_MAX], prompt[128];
	ssize_t n, m = -1;
	int code = EXIT_REFUSED;

	snprintf(prompt, sizeof prompt, "New %s: ", what);
	n = ask_hidden(prompt, first);
	if (n > 0) {
		snprintf(prompt, sizeof prompt, "The same %s again: ", what);
		m = ask_hidden(prompt, again);
	}
	if (n < 0 || (n > 0 && m < 0)) {
		complain("given up, nothing was changed");
	} else if (n == 0) {
		complain("the %s is empty, nothing was changed", what);
	} else if (n != m || memcmp(first, again, (size_t)n) != 0) {
		complain("the two differ, nothing was changed");
	} else {
		gw_secret_set(&r->secret, gw_slice(first, (size_t)n));
		code = EXIT_FINE;
	}
	gw_wipe(first, sizeof first);
	gw_wipe(again, sizeof again);
	return code;
}

static int read_secret(struct request *r, const char *what)
{
	char line[ANSWER_MAX];
	ssize_t n = read_line(STDIN_FILENO, line);

	if (n <= 0) {
		complain("%s: the %s is to be on the first line of standard input", r->verb->name, what);
		return EXIT_USAGE;
	}
	gw_secret_set(&r->secret, gw_slice(line, (size_t)n));
	gw_wipe(line, sizeof line);
	return EXIT_FINE;
}

int ask_password(struct request *r, const char *prompt)
{
	char line[ANSWER_MAX];
	ssize_t n;

	if (!on_terminal())
		return read_secret(r, "password");
	n = ask_hidden(prompt, line);
	if (n > 0)
		gw_secret_set(&r->secret, gw_slice(line, (size_t)n));
	gw_wipe(line, sizeof line);
	if (n > 0)
		return EXIT_FINE;
	complain("given up, nothing was changed");
	return EXIT_REFUSED;
}

/* A password that may be left out is wanted with verify=yes. */
static bool is_wanted(const struct request *r, int password)
{
	int verify = request_param(r, "verify");

	if (password < 0 || verify < 0)
		return password >= 0;
	return request_flag(r, "verify");
}

int ask_secret(struct request *r, const struct options *o)
{
	const char *name = o->hash ? "hash" : "password";
	bool is_new = request_param(r, "hash") >= 0;
	int code;

	if (!is_wanted(r, request_param(r, name)) || o->no_password)
		return EXIT_FINE;
	code = !on_terminal() ? read_secret(r, name) : is_new ? ask_twice(r, name) : ask_password(r, "Password: ");
	if (code == EXIT_FINE)
		request_set(r, name, gw_secret_slice(&r->secret));
	return code;
}

/* What goes: the last that stands without its name. */
static struct gw_slice named_thing(const struct request *r)
{
	struct gw_slice what = GW_S("yes");

	for (size_t i = 0; i < param_count(r->verb); i++)
		if (r->given[i] && (r->verb->params[i].flags & GW_CTL_POSITION))
			what = r->value[i];
	return what;
}

/* Which parameter is a confirmation that is missing; -1: none. reload has a time there. */
static int missing_confirm(const struct request *r)
{
	int i = request_param(r, "confirm");

	return i < 0 || r->given[i] || r->verb->params[i].type != GW_CTL_BOOL ? -1 : i;
}

bool ask_wants_account(const struct request *r, const struct options *o)
{
	int i = missing_confirm(r);

	return i >= 0 && !(r->verb->params[i].flags & GW_CTL_REQUIRED) && !o->yes && on_terminal();
}

int ask_confirm(struct request *r, const struct options *o, const char *account)
{
	struct gw_slice what = named_thing(r);
	char line[ANSWER_MAX];
	ssize_t n;

	if (missing_confirm(r) < 0)
		return EXIT_FINE;
	if (!o->yes && !on_terminal()) {
		complain("%s: this cannot be undone; say --yes", r->verb->name);
		return EXIT_USAGE;
	}
	if (!o->yes) {
		fprintf(stderr, "%s: %s. This cannot be undone.\nType \"%.*s\" to go on: ", r->verb->name,
			account ? account : r->verb->brief, GW_FMT(what));
		n = read_line(STDIN_FILENO, line);
		if (n < 0 || !gw_slice_eq(gw_slice(line, (size_t)n), what)) {
			complain("not confirmed, nothing was changed");
			return EXIT_REFUSED;
		}
	}
	request_set(r, "confirm", GW_S("yes"));
	return EXIT_FINE;
}
