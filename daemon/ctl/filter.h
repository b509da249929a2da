/* filter.h - which sessions an order is about
 *
 * session list, session kick and others take the same arguments (GW_CTL_SESSION_FILTERS of lib/ctl/verbs_session.c);
 * a session must fit all that are given. */
#ifndef GW_DAEMON_CTL_FILTER_H
#define GW_DAEMON_CTL_FILTER_H

#include "config/network.h"
#include "ctl/ctl.h"
#include "daemon/registry.h"

struct filter {
	unsigned given;          /* how many filters there are; 0: every session fits */
	uint64_t id;             /* 0: any, like the empty slices below */
	struct gw_slice user, client, command; /* with wildcards; a part of the client's name will do */
	struct gw_slice mailbox, service, protocol, state;
	bool has_net, has_tls, tls;
	struct gw_network net;
	uint64_t older_s, younger_s, idle_s; /* younger_s: UINT64_MAX for any */
	int64_t wall_s;          /* now */
	uint32_t now_s;          /* conn_clock_s() */
};

/* Read the filters of a request; what they point to is the request's. GW_EINVAL for an address that is none. */
int filter_read(const struct gw_ctl_request *r, struct filter *ret, struct gw_err *err);

/* Does the session fit? slot: a copy made by reg_read(). */
bool filter_has(const struct filter *f, const struct reg_slot *slot);

/* "selected" ...: by enum gw_session_state. */
const char *filter_state_name(uint32_t state);

/* A name in a slot, which has room for cap bytes. */
struct gw_slice filter_text(const char *p, size_t cap);

#endif
