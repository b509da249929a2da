/* completion.h - what completes gwctl in a shell of the system */
#ifndef GWCTL_COMPLETION_H
#define GWCTL_COMPLETION_H

#include "util/buf.h"

/* The script for "bash", "zsh" or "fish". False: no such shell. */
bool put_completion(const char *shell, struct gw_buf *out);

#endif
