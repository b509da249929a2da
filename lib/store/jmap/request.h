/* request.h - what the writers of method calls share */
#ifndef GW_STORE_JMAP_REQUEST_H
#define GW_STORE_JMAP_REQUEST_H

#include "store/jmap/wire.h"

/* Open a call, [method, {accountId ...; then close it: its number. */
struct gw_json *jmap_call_open(struct jmap_request *r, const char *method);
unsigned jmap_call_close(struct jmap_request *r);

/* "key": [...]; ids NULL: null. */
void jmap_put_ids(struct gw_json *j, const char *key, const struct gw_slice *ids, size_t n);

#endif
