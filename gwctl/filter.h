/* filter.h - what lines of an answer go through: `session list | grep anna | count'
 *
 * Filters are built in; there is no way to a shell of the system, so that who may run gwctl may run gwctl only. The head of
 * a table passes grep, head and tail, and is not counted. Nothing here prints. */
#ifndef GWCTL_FILTER_H
#define GWCTL_FILTER_H

#include "util/buf.h"
#include "util/err.h"

struct options;
struct filter; /* a chain of them */

/* The i-th filter for people and completion; NULL behind the last. */
const char *filter_name(size_t i, const char **ret_brief);

/* Read one stage: its words, n > 0. Those that change how an answer is shown (json, csv, sort, columns, limit) change *o,
 * the others are put at the end of *chain, which owns them. 0, or GW_EINVAL with a sentence. */
int filter_read(char *const *words, size_t n, struct options *o, struct filter **chain, struct gw_err *err);
void filter_free(struct filter *chain);

/* Lines of a chain go to put(); shown may differ from plain by colours, and is NULL when it does not. */
typedef void filter_put(void *ctx, const char *plain, const char *shown);
void filter_line(struct filter *chain, const char *plain, const char *shown, bool head, filter_put *put, void *ctx);

/* The last line was there: what was held back comes. */
void filter_end(struct filter *chain, filter_put *put, void *ctx);

/* False: whatever comes, no line passes any more. */
bool filter_wants_more(const struct filter *chain);
bool filter_has_pager(const struct filter *chain);

#endif
