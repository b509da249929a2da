/* level.c - the names of the levels of log_level (see log.h) */
#include "log/log.h"

static const char *const names[] = { "=======", "crit", "error", "warning", "notice", "info", "debug" };

const char *gw_log_level_name(int level)
{
	return level > 0 && level < (int)(sizeof names / sizeof *names) ? names[level] : names[0];
}
