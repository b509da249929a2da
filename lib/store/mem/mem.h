/* mem.h - a store that lives in memory, for tests and fuzzers: "mem:" or "mem:anna=secret,bert=secret2"
 *
 * The same code as the embedded store over databases in memory, the accounts' included (admin.h works
 * on it, too). It ends with gw_store_close(). */
#ifndef GW_STORE_MEM_MEM_H
#define GW_STORE_MEM_MEM_H

#include "store/store.h"

/* Add a user, or give one another password. disabled: words of services that are refused ("imap pop3"), NULL for none.
 * GW_EINVAL: not a user name; or s is another store. */
int gw_mem_user_add(
	struct gw_store *s, struct gw_slice name, struct gw_slice password, const char *disabled, struct gw_err *err);

#endif
