/* calls.h - the calls of a store that are timed, one row each
 *
 * timed.c tells the program that opened the store how long each call took (gw_store_options.observe); the name of a row
 * is what statistics show. Calls that only read memory are not here. */
#ifndef GW_STORE_CALLS_H
#define GW_STORE_CALLS_H

#include <stdint.h>

enum gw_store_call {
	GW_CALL_LOGIN,
	GW_CALL_SCRAM_KEYS,
	GW_CALL_OPEN_ACCOUNT,
	GW_CALL_CLOSE_ACCOUNT,
	GW_CALL_LOCK_MAILDROP,
	GW_CALL_LIST,
	GW_CALL_FIND,
	GW_CALL_CREATE,
	GW_CALL_DELETE,
	GW_CALL_RENAME,
	GW_CALL_SUBSCRIBE,
	GW_CALL_MAY,
	GW_CALL_METADATA_GET,
	GW_CALL_METADATA_SET,
	GW_CALL_ANNOTATE,
	GW_CALL_ANNOTATED,
	GW_CALL_ANNOTATION_SIZE,
	GW_CALL_QUOTA,
	GW_CALL_QUOTA_SET,
	GW_CALL_POLL,
	GW_CALL_STATUS,
	GW_CALL_RECENT,
	GW_CALL_INDEX,
	GW_CALL_INDEX_ASOF,
	GW_CALL_KEYWORDS,
	GW_CALL_VANISHED,
	GW_CALL_STORE_FLAGS,
	GW_CALL_EXPUNGE,
	GW_CALL_REMOVE,
	GW_CALL_COPY,
	GW_CALL_APPEND_OPEN,
	GW_CALL_APPEND_WRITE,
	GW_CALL_APPEND_COMMIT,
	GW_CALL_APPEND_REPLACE,
	GW_CALL_FETCH_OPEN,
	GW_CALL_FETCH_NEXT,
	GW_CALL_FETCH_READ,
	GW_CALL_MATCH,
	GW_CALL_REMOTE_SESSION, /* inside others, as all that follow: asking the storage server who a user is */
	GW_CALL_REMOTE_API,
	GW_CALL_REMOTE_UPLOAD,
	GW_CALL_REMOTE_DOWNLOAD,
	GW_CALL_COMMIT, /* inside others: a transaction, until what it wrote is on the disk */
	GW_CALL_SYNC,   /* inside commits: one wait for the disk, which may serve several of them */
	GW_STORE_CALLS
};

/* "append_commit" ...; NULL behind the last. Any thread. */
const char *gw_store_call_name(unsigned call);

/* A call ended. us: how long it took, microseconds; rc: 0 or more, or a negative enum gw_code. Any thread; must not
 * block, nor call the store. */
typedef void gw_store_observe(void *ctx, enum gw_store_call call, uint64_t us, int rc);

#endif
