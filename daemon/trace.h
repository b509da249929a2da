/* trace.h - whose dialogue an operator looks at
 *
 * A few rules in memory that all processes share. A connection that a rule is about has a mark in its slot of the
 * registry, and looks at nothing else; connections look at the rules when they begin and when somebody signs on. */
#ifndef GW_DAEMON_TRACE_H
#define GW_DAEMON_TRACE_H

#include "config/network.h"
#include "daemon/registry.h"

#define TRACES_MAX 16u

enum trace_kind { TRACE_NONE, TRACE_USER, TRACE_ADDRESS, TRACE_SESSION };

struct trace_rule {
	_Atomic uint32_t kind; /* enum trace_kind; the rest counts unless it is TRACE_NONE */
	char user[128];
	struct gw_network net;
	uint64_t session;
};

struct traces {
	_Atomic uint32_t n; /* rules in use */
	struct trace_rule rule[TRACES_MAX];
};

/* Make the memory; before the first fork. NULL with errno: there is none. */
struct traces *traces_new(void);

/* Take a rule into use, its contents from like; mark the slots it is about. Returns its index, -1: all are in use. Main
 * process. */
int trace_begin(struct traces *t, struct registry *reg, const struct trace_rule *like);

/* Give it back. Slots that no other rule is about lose their mark. */
void trace_end(struct traces *t, struct registry *reg, int index);

/* Is the rule about this slot? */
bool trace_about(const struct trace_rule *r, const struct reg_slot *slot);

/* A connection began, or somebody signed on: mark its slot if a rule is about it. Its owner's process. */
void trace_look(const struct traces *t, struct reg_slot *slot);

#endif
