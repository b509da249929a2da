/* import.h - the map of imported messages, inside a transaction (see store/import.h) */
#ifndef GW_STORE_ACCOUNT_IMPORT_H
#define GW_STORE_ACCOUNT_IMPORT_H

#include "store/account/acct.h"

struct import_entry {
	uint32_t uid;
	int64_t mark;
};

/* What the map knows of a key: 1, 0 nothing, or a code. */
int import_entry_get(struct gw_db *db, uint64_t map, struct gw_slice key, struct import_entry *ret, struct gw_err *err);

/* Add a key. GW_EEXIST: it is there. */
int import_entry_add(struct gw_db *db, uint64_t map, struct gw_slice key, const struct import_entry *e,
	struct gw_err *err);

int import_entry_mark(struct gw_db *db, uint64_t map, struct gw_slice key, int64_t mark, struct gw_err *err);

/* A number that tells flags from other flags, whatever order the keywords have. */
int64_t import_mark(uint64_t system, const struct gw_slice *keywords, size_t n);

#endif
