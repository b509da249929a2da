/* verbs.h - the table of commands as the parser sees it (see verbs.c) */
#ifndef GW_IMAP_VERBS_H
#define GW_IMAP_VERBS_H

#include "imap/parse.h"

/* The row of a command by name, in any ASCII case; NULL: there is none. */
const struct imap_syntax *imap_find_syntax(struct gw_slice name);

#endif
