/* pack.h - a record as bytes for a ring (ring.h), and back
 *
 * Only between processes that were forked from one program: the form is private. Texts that do not fit are cut. */
#ifndef GW_LOG_PACK_H
#define GW_LOG_PACK_H

#include "log/events.h"

#define GW_LOG_PACKED_MAX 1008u /* bytes */
#define GW_LOG_FIELDS_MAX 24u

/* What happened, with its row. The text of rec is that of GW_EV_MESSAGE; other events have their sentence. */
struct gw_log_item {
	enum gw_event_id id;
	unsigned module; /* enum gw_module */
	bool logged;     /* it was also written to the log */
	struct gw_log_record rec; /* event and module are derived */
	struct gw_log_field fields[GW_LOG_FIELDS_MAX]; /* unpacked: what rec.fields points to */
	char who[16];
};

/* Write it into p (GW_LOG_PACKED_MAX bytes); returns how many bytes it takes. */
size_t gw_log_pack(const struct gw_log_item *item, char *p);

/* Read it again: texts point into packed. False: that is no record. */
bool gw_log_unpack(struct gw_slice packed, struct gw_log_item *ret);

/* The field of this name, or NULL. */
const struct gw_log_field *gw_log_item_field(const struct gw_log_item *item, const char *name);

/* Its text, or the empty slice. */
struct gw_slice gw_log_item_text(const struct gw_log_item *item, const char *name);

#endif
