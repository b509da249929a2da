/* help.h - what can be asked, for people */
#ifndef GWCTL_HELP_H
#define GWCTL_HELP_H

#include "gwctl/gwctl.h"

/* "gwctl user quota NAME STORAGE [MESSAGES]", one line without its end. */
void help_put_usage(const struct gw_ctl_verb *v, struct gw_buf *out);

/* Usage, parameters and sentences of one; all orders; all that begin with these words. */
void help_put_verb(const struct gw_ctl_verb *v, struct gw_buf *out);
void help_put_all(struct gw_buf *out);

/* The same on standard output, by the pager where there is one. Exit codes. */
int help_show_verb(const struct gw_ctl_verb *v, const struct options *o);
int help_show_all(const struct options *o);

/* `help [words]` */
int help_run(const struct request *r, const struct options *o);

/* What a value can be, for people: "one of: imap pop3". */
void help_put_type(const struct gw_ctl_param *p, struct gw_buf *out);

#endif
