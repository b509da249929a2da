/* log_priv.h - between the files of the log: log_sink.c (where lines go) and log_tell.c (what is told to whom) */
#ifndef GW_DAEMON_LOG_PRIV_H
#define GW_DAEMON_LOG_PRIV_H

#include "daemon/log_sink.h"

/* Make the memory that all processes share, with nobody listening and all levels 0. */
void log_share(struct log_sink *s);

/* log_level: of all modules whose level is not set apart. 0 ends what was set apart. */
void log_set_base(struct log_sink *s, int level);

#endif
