/* verbs_observe.c - orders about numbers and what happens (see verbs.h) */
#include "ctl/verbs_priv.h"

#define POSITION GW_CTL_POSITION
#define REQUIRED GW_CTL_REQUIRED

#define SINCE { "since", GW_CTL_STRING, 0, .brief = "a time span, start, reset, or a mark: count from there" }

const struct gw_ctl_verb gw_ctl_verbs_observe[] = {
	{ "stats", GW_CTL_VIEWER,
	  { { "metric", GW_CTL_STRING, POSITION, .brief = "only metrics whose name begins with this" },
	    SINCE,
	    { "all", GW_CTL_BOOL, 0, .brief = "yes: what is zero too" } },
	  .brief = "show what was counted and how long it took",
	  .doc = "One row a series: metric, series (the values of its labels), value; and for what is counted, rate (per second), rate_1m, rate_5m and "
	  "rate_15m. Durations have mean_us, p50_us, p90_us, p99_us, p999_us and longest_us (microseconds, within 6 %) besides. Counted from the "
	  "last stats reset, else from the start of the service, or from since: 5m, 2h, start, reset or a name of stats mark; the object behind OK "
	  "has since and seconds, which are of the moment nearest to a time span that is remembered: each 10 s of 10 minutes, "
	  "each minute of 2 hours, each hour of a day." },

	{ "stats reset", GW_CTL_OPERATOR, { { 0 } },
	  .brief = "count from now on",
	  .doc = "What stats shows begins here; since=start still has all of it, and metrics never go back." },

	{ "stats mark", GW_CTL_OPERATOR,
	  { { "name", GW_CTL_STRING, POSITION | REQUIRED, .brief = "what to call this moment" } },
	  .brief = "give this moment a name for stats --since",
	  .doc = "A mark of that name moves here. There are at most 16." },

	{ "hist", GW_CTL_VIEWER,
	  { { "name", GW_CTL_WORDS, POSITION | REQUIRED, .brief = "a command (FETCH, pop3 RETR) or a store call (append_commit)" },
	    SINCE,
	    { "fine", GW_CTL_BOOL, 0, .brief = "yes: as finely as it was measured" } },
	  .brief = "show how long a command or store call takes, as a histogram",
	  .doc = "One row a range: above_us and up_to_us (microseconds), count, percent of all, and total_percent, of all that were no slower. The object "
	  "behind OK has metric, series, count, since, seconds, mean_us, p50_us, p90_us, p99_us, p999_us and longest_us." },

	{ "metrics", GW_CTL_VIEWER, { { 0 } },
	  .brief = "print all metrics in the OpenMetrics format",
	  .doc = "Rows have a line of the text each, in the member text: what metrics_listen serves.",
	  .flags = GW_CTL_TEXT },

	{ .name = NULL },
};
