/* kinds.h - the sources and sinks there are, each in a file of its name; source.c has them in its tables */
#ifndef GWCTL_KINDS_H
#define GWCTL_KINDS_H

#include "gwctl/source.h"

extern const struct source_ops source_maildir;
extern const struct source_ops source_mbox;
extern const struct source_ops source_eml;
extern const struct source_ops source_imap;
extern const struct source_ops source_imaps;

extern const struct sink_ops sink_maildir;
extern const struct sink_ops sink_mbox;
extern const struct sink_ops sink_eml;
extern const struct sink_ops sink_imap;
extern const struct sink_ops sink_imaps;

#endif
