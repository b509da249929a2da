/* cmdline.h - the command line of gatewayd(8) */
#ifndef GW_DAEMON_CMDLINE_H
#define GW_DAEMON_CMDLINE_H

#include <stdbool.h>
#include <stddef.h>

enum cmdline_action { CMDLINE_RUN, CMDLINE_DUMP, CMDLINE_VERSION, CMDLINE_HELP, CMDLINE_COMPLETION, CMDLINE_EVENTS,
		      CMDLINE_WRONG };

struct gw_buf;

struct cmdline {
	enum cmdline_action action;
	const char *path;         /* -c; NULL: the default */
	const char *shell;        /* of CMDLINE_COMPLETION */
	const char *form;         /* of CMDLINE_EVENTS */
	bool foreground;
	bool ignore_unknown;
	const char **overrides;   /* "--imap-port=1143", "--server-socket=..." of -h; freed by cmdline_done() */
	size_t n_overrides;
	char problem[256];        /* of CMDLINE_WRONG */
};

void cmdline_parse(struct cmdline *c, int argc, char **argv);
void cmdline_done(struct cmdline *c);

void cmdline_put_usage(struct gw_buf *out);

/* What completes command lines in a shell; false: no such shell. */
bool cmdline_put_completion(const char *shell, struct gw_buf *out);

#endif
