/* level.c - the names of the levels of log_level (see log.h) */
#include "log/log.h"

static const char *const names[] = { "=======", "crit", "error", "warning", "notice", "info", "debug" };

const char *gw_log_level_name(int level)
{
	return level > 0 && level < (int)(sizeof names / sizeof *names) ? names[level] : names[0];
}

int gw_log_level_find(struct gw_slice name)
{
	if (name.n == 1 && name.p[0] >= '0' && name.p[0] <= '6')
		return name.p[0] - '0';
	if (gw_slice_eqi(name, GW_S("none")))
		return 0;
	for (int i = 1; i < (int)(sizeof names / sizeof *names); i++)
		if (gw_slice_eqi(name, gw_slice_str(names[i])))
			return i;
	return -1;
}
