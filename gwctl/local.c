/* local.c - what gwctl does by itself, a row each: the rows are as those of the daemon (ctl/verbs.h), with a function */
#include "gwctl/help.h"
#include "gwctl/top.h"
#include "gwctl/verbs.h"
#include "gwctl/watch.h"

static const struct local local_watch = {
	{ .name = "watch",
	  .params = { { "every", GW_CTL_SPAN, GW_CTL_REQUIRED | GW_CTL_POSITION, "how long to wait between, 2 or 1m", NULL },
		      { "count", GW_CTL_UINT, 0, "end after so many times", NULL } },
	  .brief = "run a command again and again",
	  .doc = "On a terminal each answer takes the place of the one before. Ctrl-C ends it." },
	.run = watch_run,
	.rest = REST_MUST,
};

static const struct local local_top = {
	{ .name = "top",
	  .params = { { "every", GW_CTL_SPAN, GW_CTL_POSITION, "how long to wait between two looks, 2 when not given", NULL } },
	  .brief = "watch sessions, commands and users at work",
	  .doc = "The whole terminal: services with their rates, how long commands took in the last minute, those that run now, "
		 "and the busiest users. Keys: q ends, s sorts the users by something else, p pauses, ? helps. Where there is no "
		 "terminal it is one frame of plain text." },
	.run = top_run,
};

static const struct local local_help = {
	{ .name = "help",
	  .brief = "show what may be asked",
	  .doc = "With a command, its parameters and what it does; with the first word of some, these. With --json the daemon "
		 "tells what the caller may ask, a row each." },
	.run = help_run,
	.rest = REST_MAY,
};

const struct local *const locals[] = { &local_watch, &local_top, &local_help, NULL };
