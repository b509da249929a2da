/* history.h - the lines of the prompt in a file: $XDG_STATE_HOME/gateway/gwctl_history, mode 0600
 *
 * Several prompts at once add to the same file, each line as it is entered; none takes away what another has written. The
 * file is bounded. Lines that may hold a secret, and those that begin with a blank, are left out. A file that cannot be
 * used is no reason to complain: there is no history then. Knows no readline. */
#ifndef GWCTL_HISTORY_H
#define GWCTL_HISTORY_H

#include <stdbool.h>
#include <stddef.h>

#define HISTORY_LINES 1000 /* that are kept */

/* Where it is; owned. NULL: there is no place for it. */
char *history_path(void);

/* May the line be kept? */
bool history_may_keep(const char *line);

/* Each line of the file once, the newest last; put() for each, at most HISTORY_LINES. */
void history_load(const char *path, void (*put)(void *ctx, const char *line), void *ctx);

/* Add a line, and make the file short again when it has become long. */
void history_add(const char *path, const char *line);

#endif
