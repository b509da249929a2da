/* completion.h - completion of gwctl in a shell of the system */
#ifndef GWCTL_COMPLETION_H
#define GWCTL_COMPLETION_H

#include "gwctl/gwctl.h"

/* Print the script for "bash", "zsh" or "fish". Returns an exit code. */
int print_completion(const char *shell);

/* `gwctl --complete -- WORD ...', which these scripts call: what the last word could be. */
int print_proposals(const struct options *o, size_t n, char *const *words);

#endif
