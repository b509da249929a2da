/* stats_text.h - all metrics as the text that Prometheus reads
 *
 * OpenMetrics 1.0.0, or the older text format 0.0.4, from the rows of stats_table.c. A histogram that has seen nothing yet
 * is left out, as is a gauge that has no value; counters are always there. */
#ifndef GW_DAEMON_STATS_TEXT_H
#define GW_DAEMON_STATS_TEXT_H

#include "daemon/stats.h"
#include "util/buf.h"

enum stats_format { STATS_OPENMETRICS, STATS_PLAIN };

/* Main loop. */
void stats_put_text(struct server *s, enum stats_format format, struct gw_buf *out);

/* The values of a series' labels with blanks between: "imap FETCH no"; nothing for a family without labels. */
void stats_put_series(enum stat_id id, unsigned i, unsigned j, struct gw_buf *out);

#endif
