/* watch.h - a command again and again */
#ifndef GWCTL_WATCH_H
#define GWCTL_WATCH_H

#include "gwctl/gwctl.h"

int watch_run(const struct request *r, const struct options *o);

#endif
