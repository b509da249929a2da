/* calls.c - names of the timed calls (see calls.h) */
#include "store/calls.h"

#include <stddef.h>

static const char *const names[GW_STORE_CALLS] = {
	[GW_CALL_LOGIN] = "login",
	[GW_CALL_SCRAM_KEYS] = "scram_keys",
	[GW_CALL_OPEN_ACCOUNT] = "open_account",
	[GW_CALL_CLOSE_ACCOUNT] = "close_account",
	[GW_CALL_LOCK_MAILDROP] = "lock_maildrop",
	[GW_CALL_LIST] = "list",
	[GW_CALL_FIND] = "find",
	[GW_CALL_CREATE] = "create",
	[GW_CALL_DELETE] = "delete",
	[GW_CALL_RENAME] = "rename",
	[GW_CALL_SUBSCRIBE] = "subscribe",
	[GW_CALL_MAY] = "may",
	[GW_CALL_METADATA_GET] = "metadata_get",
	[GW_CALL_METADATA_SET] = "metadata_set",
	[GW_CALL_ANNOTATE] = "annotate",
	[GW_CALL_ANNOTATED] = "annotated",
	[GW_CALL_ANNOTATION_SIZE] = "annotation_size",
	[GW_CALL_QUOTA] = "quota",
	[GW_CALL_QUOTA_SET] = "quota_set",
	[GW_CALL_POLL] = "poll",
	[GW_CALL_STATUS] = "status",
	[GW_CALL_RECENT] = "recent",
	[GW_CALL_INDEX] = "index",
	[GW_CALL_INDEX_ASOF] = "index_asof",
	[GW_CALL_KEYWORDS] = "keywords",
	[GW_CALL_VANISHED] = "vanished",
	[GW_CALL_STORE_FLAGS] = "store_flags",
	[GW_CALL_EXPUNGE] = "expunge",
	[GW_CALL_REMOVE] = "remove",
	[GW_CALL_COPY] = "copy",
	[GW_CALL_APPEND_OPEN] = "append_open",
	[GW_CALL_APPEND_WRITE] = "append_write",
	[GW_CALL_APPEND_COMMIT] = "append_commit",
	[GW_CALL_APPEND_REPLACE] = "append_replace",
	[GW_CALL_FETCH_OPEN] = "fetch_open",
	[GW_CALL_FETCH_NEXT] = "fetch_next",
	[GW_CALL_FETCH_READ] = "fetch_read",
	[GW_CALL_MATCH] = "match",
	[GW_CALL_REMOTE_SESSION] = "remote_session",
	[GW_CALL_REMOTE_API] = "remote_api",
	[GW_CALL_REMOTE_UPLOAD] = "remote_upload",
	[GW_CALL_REMOTE_DOWNLOAD] = "remote_download",
	[GW_CALL_COMMIT] = "commit",
	[GW_CALL_SYNC] = "sync",
};

const char *gw_store_call_name(unsigned call)
{
	return call < GW_STORE_CALLS ? names[call] : NULL;
}
