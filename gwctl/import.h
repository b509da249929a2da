/* import.h - orders whose mail goes through gwctl itself: each takes the place of run.c's plain exchange */
#ifndef GWCTL_IMPORT_H
#define GWCTL_IMPORT_H

#include "gwctl/gwctl.h"

/* They return the exit code. */
int import_run(struct request *r, const struct options *o);
int export_run(struct request *r, const struct options *o); /* export.c */

#endif
