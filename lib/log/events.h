/* events.h - what a gateway tells of itself: the catalogue of events
 *
 * One row an event and sentence. From the rows come the lines of the log (text and JSON), what `gwctl tail` shows, the
 * JSON Schema in etc/events.schema.json, and the table of gateway-events(7). Programs match on names, fields and
 * sentences: they do not change.
 *
 * Rows of one name are forms of one event: another sentence or level, the same fields. A sentence has {field} where the
 * value of that field belongs. A field has one meaning and type wherever it stands; field rows tell them.
 *
 * Thread: any (all of it is constant). */
#ifndef GW_LOG_EVENTS_H
#define GW_LOG_EVENTS_H

#include "log/log.h"

/* Parts of the program whose log level can be set apart. */
enum gw_module {
	GW_MOD_SERVICE, /* start, stop, processes */
	GW_MOD_CONFIG,
	GW_MOD_NET,     /* connections and their limits */
	GW_MOD_TLS,
	GW_MOD_AUTH,    /* logins, bans */
	GW_MOD_IMAP,
	GW_MOD_POP3,
	GW_MOD_STORE,
	GW_MOD_CONTROL, /* orders of operators */
	GW_MODULES,
	GW_MOD_PROTOCOL = GW_MODULES, /* in rows: imap or pop3, whichever the session speaks */
};

/* "tls" ...; "protocol" for GW_MOD_PROTOCOL. */
const char *gw_module_name(unsigned module);
const char *gw_module_brief(unsigned module);
bool gw_module_find(struct gw_slice name, enum gw_module *ret);

enum gw_event_id {
	GW_EV_MESSAGE, /* a line for people: text */
	GW_EV_DIALOGUE,
	GW_EV_CONNECT, GW_EV_DISCONNECT, GW_EV_LOGOUT,
	GW_EV_LOGIN_IMAP, GW_EV_LOGIN_POP3,
	GW_EV_LOGIN_FAILED_IMAP, GW_EV_LOGIN_FAILED_POP3,           /* reason: password */
	GW_EV_LOGIN_MALFORMED_IMAP, GW_EV_LOGIN_MALFORMED_POP3,     /* reason: malformed, denied */
	GW_EV_LOGIN_PLAINTEXT, GW_EV_LOGIN_PLAINTEXT_NAMELESS,      /* reason: plaintext */
	GW_EV_LOGIN_DISABLED_IMAP, GW_EV_LOGIN_DISABLED_POP3,       /* reason: disabled */
	GW_EV_LOGIN_MOVED,                                          /* reason: moved */
	GW_EV_LOGIN_UNAVAILABLE,                                    /* reason: store */
	GW_EV_LOGIN_DELAYED,                                        /* reason: delayed, banned */
	GW_EV_REFUSED_FULL, GW_EV_REFUSED_ADDRESS, GW_EV_REFUSED_USER, GW_EV_REFUSED_BANNED, GW_EV_REFUSED_DRAINING,
	GW_EV_TLS_FAILED, GW_EV_TLS_SLOW, GW_EV_TLS_BROKEN,
	GW_EV_STALLED, GW_EV_GARBLED, GW_EV_FOREIGN,
	GW_EV_SLOW_COMMAND, GW_EV_STORE_ERROR, GW_EV_OVER_QUOTA, GW_EV_TOO_MANY_ERRORS,
	GW_EV_START, GW_EV_STOPPING, GW_EV_CUT_OFF, GW_EV_STOP, GW_EV_CRASH,
	GW_EV_DRAIN, GW_EV_DRAINED, GW_EV_RESUME,
	GW_EV_RELOAD, GW_EV_RELOAD_FAILED, GW_EV_RELOAD_CONFIRM, GW_EV_RELOAD_UNDONE,
	GW_EV_CERTIFICATE, GW_EV_CERTIFICATE_FAILED, GW_EV_TICKETS,
	GW_EV_ORDER, GW_EV_ORDER_VIEW, GW_EV_ORDER_REFUSED,
	GW_EV_BAN, GW_EV_UNBAN,
	GW_EV_LOG_LEVEL, GW_EV_LOG_LEVEL_ENDED, GW_EV_LOG_REOPENED, GW_EV_TRACE, GW_EV_TRACE_ENDED,
	GW_EV_IMPORT, GW_EV_EXPORT,
	GW_EVENTS
};

enum gw_event_flag {
	GW_EVENT_EACH = 1 << 0,    /* never folded into "logged N times" */
	GW_EVENT_REFUSAL = 1 << 1, /* kept for `gwctl why` */
};

struct gw_event {
	const char *name;
	int level;            /* of log.h */
	enum gw_module module;
	unsigned flags;       /* enum gw_event_flag */
	const char *fields;   /* names with blanks between; one with a ? may be missing */
	const char *sentence; /* the text line, with {field} in it */
	const char *brief;    /* when it happens */
};

/* id < GW_EVENTS. */
const struct gw_event *gw_event_row(enum gw_event_id id);

/* Is there an event of this name? */
bool gw_event_known(struct gw_slice name);

struct gw_event_field {
	const char *name;
	enum gw_log_kind kind;
	const char *brief;
};

/* The field of this name, or NULL. */
const struct gw_event_field *gw_event_field(struct gw_slice name);

/* The rows of the fields, sorted by name; NULL behind the last. */
const struct gw_event_field *gw_event_field_at(size_t i);

/* The next field of an event: cuts a name off *fields (which begins as row->fields). False: there are no more. */
bool gw_event_next_field(struct gw_slice *fields, struct gw_slice *ret, bool *optional);

/* Append the sentence of an event. A field that is not given is shown as "-". */
void gw_event_put_sentence(struct gw_buf *out, const struct gw_event *e, const struct gw_log_field *fields, size_t n);

/* ---- what is generated from the rows (events_emit.c) ---- */

/* A JSON Schema (draft 2020-12) for a line of a log in JSON. */
void gw_events_put_schema(struct gw_buf *out);

/* gateway-events(7), in mdoc. */
void gw_events_put_man(struct gw_buf *out);

#endif
