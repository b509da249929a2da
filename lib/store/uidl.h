/* uidl.h - what POP3 clients know messages by (RFC 1939 section 7)
 *
 * A message that was brought from elsewhere with its name keeps it (gw_message.uidl). Others get one that is made of
 * UIDVALIDITY and UID, which name a message for ever (RFC 3501 2.3.1.1), in the format of `pop3_uidl_format`. No two
 * messages of a mailbox are shown with one name. Thread: owner. */
#ifndef GW_STORE_UIDL_H
#define GW_STORE_UIDL_H

#include "config/config.h"
#include "store/store.h"

#define GW_UIDL_MAX 96   /* octets of the longest name, which only kopano-gateway gives */
#define GW_UIDL_SHOWN 70 /* of one in any other format (RFC 1939 section 7) */

/* The name that is made for a message of a mailbox. */
void gw_uidl_make(enum gw_uidl_format format, uint32_t uidvalidity, uint32_t uid, char ret[GW_UIDL_MAX + 1]);

/* The names of one list of messages: which were given, so that none is given twice. */
struct gw_uidls {
	enum gw_uidl_format format;
	uint32_t uidvalidity;
	uint32_t through;    /* messages that were named: 1..through */
	uint64_t *seen;      /* hashes of their names, 0: free */
	size_t cap, n;
	struct gw_set again; /* numbers of those whose name was taken */
};

void gw_uidls_init(struct gw_uidls *u, enum gw_uidl_format format, uint32_t uidvalidity);
void gw_uidls_done(struct gw_uidls *u);

/* The name of message number, fetched with GW_WANT_UIDL. Those before it must have been named: number is at most
 * u->through + 1. A message always gets the name it got at first. */
void gw_uidls_name(struct gw_uidls *u, uint32_t number, const struct gw_message *m, char ret[GW_UIDL_MAX + 1]);

/* Bytes it holds. */
size_t gw_uidls_memory(const struct gw_uidls *u);

#endif
