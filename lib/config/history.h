/* history.h - which version brought, changed or dropped an option
 *
 * Versions are those of kopano-gateway ("8.7"), and behind all of them our own ("gateway 0.1"). What a row of option.h
 * says in its since is not repeated in a table: it comes out as an event too. Pre-releases count for the release they
 * led to: what came with 8.6.81 is an event of 8.7. Thread: any; everything is constant. */
#ifndef GW_CONFIG_HISTORY_H
#define GW_CONFIG_HISTORY_H

#include "config/option.h"

enum gw_event_kind {
	GW_EVENT_ADDED,
	GW_EVENT_DEFAULT, /* another default */
	GW_EVENT_CHANGED, /* another meaning */
	GW_EVENT_UNUSED,  /* accepted with a warning, without effect */
	GW_EVENT_REMOVED, /* unknown: that version does not start with it */
};

struct gw_event {
	const struct gw_option *option; /* NULL: the file as a whole */
	const char *version;
	enum gw_event_kind kind;
	const char *text; /* what happened: words without a full stop */
};

/* All events, sorted by version and then in the order of the rows (the file as a whole first); at most cap go to v.
 * Returns how many there are. */
size_t gw_events(struct gw_event *v, size_t cap);

/* "added", "default", "changed", "unused", "removed". */
const char *gw_event_kind_name(enum gw_event_kind kind);

/* Order of two versions: <0, 0, >0. Numbers are compared part by part ("8.7" is "8.7.0"), and versions that begin with
 * "gateway" come behind all others. */
int gw_version_compare(const char *a, const char *b);

/* Is it a version: numbers with dots, perhaps behind "gateway " or "kopano-gateway "? */
bool gw_version_valid(const char *s);

#endif
