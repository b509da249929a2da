/* remote.c - the same command on another machine: gwctl -H [user@]host COMMAND
 *
 * The network is ssh's business. The words go through a shell over there, so each stands in quotes. */
#include "gwctl/gwctl.h"

#include "gwctl/line.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SSH_WORDS 16

/* A word as a shell reads it: nothing is special between '...'. */
static void put_quoted(struct gw_buf *out, const char *word)
{
	gw_buf_printf(out, " '");
	for (; *word; word++)
		if (*word == '\'')
			gw_buf_printf(out, "'\\''");
		else
			gw_buf_add_char(out, *word);
	gw_buf_add_char(out, '\'');
}

/* "gwctl '--json' 'session' 'list'" */
static void put_command(const struct options *base, size_t n, char *const *words, struct gw_buf *out)
{
	struct options o = *base;
	struct gw_buf flag;

	o.host = NULL;
	o.script = base->script ? "-" : NULL; /* what the file has goes to standard input */
	gw_buf_init(&flag, 0);
	gw_buf_printf(out, "gwctl");
	for (size_t i = 0; flag_row(i); i++) {
		flag.n = 0;
		if (flag_write(&o, i, &flag))
			put_quoted(out, gw_buf_str(&flag));
	}
	if (n)
		gw_buf_printf(out, " --");
	for (size_t i = 0; i < n; i++)
		put_quoted(out, words[i]);
	gw_buf_done(&flag);
}

static bool take_script(const char *name)
{
	int fd = strcmp(name, "-") == 0 ? STDIN_FILENO : open(name, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || dup2(fd, STDIN_FILENO) < 0) {
		complain("cannot open \"%s\": %s", name, strerror(errno));
		return false;
	}
	return true;
}

int run_remote(const struct options *o, size_t n, char *const *words)
{
	const char *program = getenv("GWCTL_SSH");
	char *argv[SSH_WORDS + 8];
	struct gw_buf command;
	struct line ssh;
	int argc = 0;

	if (o->host[0] == '-' || !o->host[0]) {
		complain("--host is a name of a machine, not \"%s\"", o->host);
		return EXIT_USAGE;
	}
	if (o->script && !take_script(o->script))
		return 66; /* EX_NOINPUT */
	program = program && *program ? program : "ssh";
	if (line_cut(program, strlen(program), &ssh, NULL) < 0 || ssh.n == 0 || ssh.n > SSH_WORDS) {
		complain("GWCTL_SSH is not a command: %s", program);
		return EXIT_USAGE;
	}
	for (size_t i = 0; i < ssh.n; i++)
		argv[argc++] = ssh.word[i];
	if (isatty(STDIN_FILENO) && isatty(STDOUT_FILENO))
		argv[argc++] = (char *)"-t"; /* for the prompt, tables that fit, and passwords */
	gw_buf_init(&command, 0);
	put_command(o, n, words, &command);
	argv[argc++] = (char *)"--";
	argv[argc++] = (char *)o->host;
	argv[argc++] = (char *)gw_buf_str(&command);
	argv[argc] = NULL;
	execvp(argv[0], argv);
	complain("cannot run %s: %s", argv[0], strerror(errno));
	gw_buf_done(&command);
	line_done(&ssh);
	return EXIT_REFUSED;
}
