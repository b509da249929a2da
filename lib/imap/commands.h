/* commands.h - what runs each command: the functions in the rows of verbs.c
 *
 * Each is one step: it is called again when it did not say IMAP_STEP_DONE (see session.h). */
#ifndef GW_IMAP_COMMANDS_H
#define GW_IMAP_COMMANDS_H

#include "imap/session.h"

typedef enum imap_step imap_run_fn(struct imap_session *s, struct imap_task *t, struct gw_out *out);

/* cmd_login.c */
imap_run_fn imap_run_starttls, imap_run_authenticate, imap_run_login, imap_run_compress, imap_run_unauthenticate;

/* cmd_any.c */
imap_run_fn imap_run_capability, imap_run_noop, imap_run_logout, imap_run_id, imap_run_enable, imap_run_language, imap_run_comparator,
	imap_run_getjmapaccess;

/* cmd_select.c, cmd_mailbox.c, cmd_list.c, cmd_status.c, cmd_quota.c */
imap_run_fn imap_run_select, imap_run_close, imap_run_unselect;
imap_run_fn imap_run_create, imap_run_delete, imap_run_rename, imap_run_subscribe;
imap_run_fn imap_run_list, imap_run_lsub, imap_run_namespace, imap_run_status;
imap_run_fn imap_run_getquota, imap_run_getquotaroot, imap_run_setquota;

/* cmd_metadata.c */
imap_run_fn imap_run_getmetadata, imap_run_setmetadata;

/* cmd_append.c, cmd_idle.c, cmd_notify.c */
imap_run_fn imap_run_append, imap_run_idle, imap_run_notify;

/* cmd_sort.c, cmd_thread.c, cmd_cancelupdate.c, cmd_uidbatches.c */
imap_run_fn imap_run_sort, imap_run_thread, imap_run_cancelupdate, imap_run_uidbatches;

/* cmd_acl.c */
imap_run_fn imap_run_myrights, imap_run_getacl, imap_run_listrights, imap_run_setacl;

/* cmd_expunge.c, cmd_search.c, cmd_esearch.c, cmd_fetch.c, cmd_store.c, cmd_copy.c */
imap_run_fn imap_run_expunge, imap_run_search, imap_run_esearch, imap_run_fetch, imap_run_store, imap_run_copy;

#endif
