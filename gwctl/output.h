/* output.h - where the lines of an answer go: through filters to standard output, or to the pager when they are many
 *
 * At the prompt an answer that is longer than the terminal goes to $PAGER, or less(1). */
#ifndef GWCTL_OUTPUT_H
#define GWCTL_OUTPUT_H

#include "gwctl/filter.h"

struct output;

/* as_it_comes: each line is shown at once, never in the pager. Returns owned; output_close() ends it. */
struct output *output_open(const struct options *o, bool as_it_comes);

/* One line without its end. shown: with colours; NULL: the same. head: the head of a table. */
void output_line(struct output *out, const char *plain, const char *shown, bool head);

/* Nobody reads any more, or no more lines would pass: there is no use in going on. */
bool output_is_over(const struct output *out);

/* The end; waits for the pager. */
void output_close(struct output *out);

/* May there be colours? Columns of the terminal that standard output is, 0: it is none. */
bool output_has_color(const struct options *o);
int output_columns(void);
int output_lines(void);

#endif
