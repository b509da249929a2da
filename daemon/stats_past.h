/* stats_past.h - what the counters were some time ago, so that a difference can be shown
 *
 * The main loop keeps moments: each 10 s for 10 minutes, each minute for 2 hours, each hour for a day, and those that
 * somebody gave a name. A moment is packed: cells that are 0 take no room, so all of them together need some hundred KiB
 * on a busy service; PAST_BYTES_MAX is the end of it. `stats reset` is a moment too, called "reset": the counters
 * themselves never go back. Owner: the main loop. */
#ifndef GW_DAEMON_STATS_PAST_H
#define GW_DAEMON_STATS_PAST_H

#include "daemon/stats.h"
#include "util/err.h"
#include "util/slice.h"

#define PAST_MOMENTS_MAX 256u
#define PAST_MARKS_MAX 16u
#define PAST_NAME_MAX 32u
#define PAST_BYTES_MAX (8u * 1024 * 1024)

struct stats_moment {
	int64_t wall_s;
	uint32_t mono_s;
	uint32_t n;            /* bytes of packed */
	unsigned char *packed; /* NULL: everything was 0 */
	char name[PAST_NAME_MAX]; /* of a mark; else empty */
};

struct stats_past {
	const struct stats *st;
	struct stats_moment start;                   /* all zeros */
	struct stats_moment ring[PAST_MOMENTS_MAX];  /* oldest first */
	unsigned n;
	struct stats_moment mark[PAST_MARKS_MAX];
	unsigned n_marks;
	size_t bytes;
};

/* st: keeps. now_s: conn_clock_s(). */
void past_init(struct stats_past *p, const struct stats *st, uint32_t now_s, int64_t wall_s);
void past_done(struct stats_past *p);

/* Called about once a second: remembers what is to be remembered. */
void past_tick(struct stats_past *p, uint32_t now_s, int64_t wall_s);

/* Remember this moment by name; a mark of that name moves. GW_EINVAL: not a name (letters, digits, - _ ., beginning with
 * a letter); GW_ELIMIT: too many marks. */
int past_mark(struct stats_past *p, struct gw_slice name, uint32_t now_s, int64_t wall_s, struct gw_err *err);

/* The moment that text means: a time span ("5m": the moment nearest to it), "start", or the name of a mark; empty: the
 * mark "reset" if there is one, else the start. GW_ENOENT: there is no such mark. The moment stays until the next call
 * of past_tick() or past_mark(). */
int past_find(const struct stats_past *p, struct gw_slice text, uint32_t now_s, const struct stats_moment **ret,
	      struct gw_err *err);

/* The moment nearest to that many seconds ago. */
const struct stats_moment *past_ago(const struct stats_past *p, uint32_t now_s, uint64_t span_s);

/* Take the cells as they were then away from all (of stats_sum()). */
void past_subtract(const struct stats_moment *m, uint64_t *all);

#endif
