/* moments.h - what the counters were some time ago, so that a difference can be shown
 *
 * The main loop keeps moments: each 10 s for 10 minutes, each minute for 2 hours, each hour for a day, and those that
 * somebody gave a name. A moment is packed: cells that are 0 take no room, so all of them together need some hundred KiB
 * on a busy service; MOMENTS_BYTES_MAX is the end of it. `stats reset` is a moment too, called "reset": the counters
 * themselves never go back. Owner: the main loop. */
#ifndef GW_DAEMON_MOMENTS_H
#define GW_DAEMON_MOMENTS_H

#include "daemon/stats.h"
#include "util/err.h"
#include "util/slice.h"

#define MOMENTS_MAX 256u
#define MARKS_MAX 16u
#define MARK_NAME_MAX 32u
#define MOMENTS_BYTES_MAX (8u * 1024 * 1024)

struct moment {
	int64_t wall_s;
	uint32_t mono_s;
	uint32_t n;            /* bytes of packed */
	unsigned char *packed; /* NULL: everything was 0 */
	char name[MARK_NAME_MAX]; /* of a mark; else empty */
};

struct moments {
	const struct stats *st;
	struct moment start;                   /* all zeros */
	struct moment ring[MOMENTS_MAX];  /* oldest first */
	unsigned n;
	struct moment mark[MARKS_MAX];
	unsigned n_marks;
	size_t bytes;
};

/* st: keeps. now_s: conn_clock_s(). */
void moments_init(struct moments *p, const struct stats *st, uint32_t now_s, int64_t wall_s);
void moments_done(struct moments *p);

/* Called about once a second: remembers what is to be remembered. */
void moments_tick(struct moments *p, uint32_t now_s, int64_t wall_s);

/* Remember this moment by name; a mark of that name moves. GW_EINVAL: not a name (letters, digits, - _ ., beginning with
 * a letter); GW_ELIMIT: too many marks. */
int moments_mark(struct moments *p, struct gw_slice name, uint32_t now_s, int64_t wall_s, struct gw_err *err);

/* The moment that text means: a time span ("5m": the moment nearest to it), "start", or the name of a mark; empty: the
 * mark "reset" if there is one, else the start. GW_ENOENT: there is no such mark. The moment stays until the next call
 * of moments_tick() or moments_mark(). */
int moments_find(const struct moments *p, struct gw_slice text, uint32_t now_s, const struct moment **ret,
	      struct gw_err *err);

/* The moment nearest to that many seconds ago. */
const struct moment *moments_ago(const struct moments *p, uint32_t now_s, uint64_t span_s);

/* Take the cells as they were then away from all (of stats_sum()). */
void moments_subtract(const struct moment *m, uint64_t *all);

#endif
