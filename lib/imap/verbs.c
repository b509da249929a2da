/* verbs.c - the commands of IMAP, one row each (see session.h)
 *
 * The row says when a command is allowed, how it is parsed and run, and what must be true while it runs. CAPABILITY,
 * the scheduler and the parser read the same rows. */
#include "imap/commands.h"
#include "imap/verbs.h"

#define LOGIN IMAP_ST_LOGIN
#define SIGNED_ON IMAP_ST_SIGNED_ON
#define SELECTED IMAP_ST_SELECTED
#define ANY IMAP_ST_ANY

#define STORE IMAP_STORE
#define SEQNUMS IMAP_SEQNUMS
#define NUMBERS IMAP_NUMBERS
#define ALONE IMAP_ALONE
#define TELLS IMAP_TELLS
#define SECRET IMAP_SECRET
#define SEARCHES IMAP_SEARCHES
#define ASCII IMAP_ASCII

const struct imap_verb imap_verbs[IMAP_VERBS - 1] = {
	{ { "CAPABILITY", IMAP_VERB_CAPABILITY, imap_parse_none, IMAP_UID_NEVER },
	  ANY, 0, imap_run_capability, NULL, "RFC 3501 6.1.1" },
	{ { "NOOP", IMAP_VERB_NOOP, imap_parse_none, IMAP_UID_NEVER },
	  ANY, TELLS, imap_run_noop, NULL, "RFC 3501 6.1.2" },
	{ { "LOGOUT", IMAP_VERB_LOGOUT, imap_parse_none, IMAP_UID_NEVER },
	  ANY, ALONE, imap_run_logout, NULL, "RFC 3501 6.1.3" },
	{ { "ID", IMAP_VERB_ID, imap_parse_id, IMAP_UID_NEVER },
	  ANY, 0, imap_run_id, "ID", "RFC 2971 3.1" },
	{ { "STARTTLS", IMAP_VERB_STARTTLS, imap_parse_none, IMAP_UID_NEVER },
	  LOGIN, ALONE, imap_run_starttls, NULL, "RFC 3501 6.2.1" },
	{ { "AUTHENTICATE", IMAP_VERB_AUTHENTICATE, imap_parse_authenticate, IMAP_UID_NEVER },
	  LOGIN, ALONE | SECRET, imap_run_authenticate, NULL, "RFC 3501 6.2.2" },
	{ { "LOGIN", IMAP_VERB_LOGIN, imap_parse_login, IMAP_UID_NEVER },
	  LOGIN, ALONE | SECRET, imap_run_login, NULL, "RFC 3501 6.2.3" },
	{ { "ENABLE", IMAP_VERB_ENABLE, imap_parse_enable, IMAP_UID_NEVER },
	  SIGNED_ON, ALONE | ASCII, imap_run_enable, "ENABLE", "RFC 5161 3.1" },
	{ { "LANGUAGE", IMAP_VERB_LANGUAGE, imap_parse_words, IMAP_UID_NEVER },
	  ANY, ALONE, imap_run_language, "LANGUAGE", "RFC 5255 3.2" },
	{ { "COMPARATOR", IMAP_VERB_COMPARATOR, imap_parse_words, IMAP_UID_NEVER },
	  SIGNED_ON, ASCII, imap_run_comparator, "I18NLEVEL=2", "RFC 5255 4.7" },
	{ { "COMPRESS", IMAP_VERB_COMPRESS, imap_parse_compress, IMAP_UID_NEVER },
	  SIGNED_ON, ALONE | ASCII, imap_run_compress, "COMPRESS=DEFLATE", "RFC 4978 3" },
	{ { "UNAUTHENTICATE", IMAP_VERB_UNAUTHENTICATE, imap_parse_none, IMAP_UID_NEVER },
	  SIGNED_ON, STORE | ALONE | ASCII, imap_run_unauthenticate, "UNAUTHENTICATE", "RFC 8437 3" },
	{ { "SELECT", IMAP_VERB_SELECT, imap_parse_select, IMAP_UID_NEVER },
	  SIGNED_ON, STORE, imap_run_select, NULL, "RFC 3501 6.3.1" },
	{ { "EXAMINE", IMAP_VERB_EXAMINE, imap_parse_select, IMAP_UID_NEVER },
	  SIGNED_ON, STORE, imap_run_select, NULL, "RFC 3501 6.3.2" },
	{ { "CREATE", IMAP_VERB_CREATE, imap_parse_create, IMAP_UID_NEVER },
	  SIGNED_ON, STORE, imap_run_create, NULL, "RFC 3501 6.3.3" },
	{ { "DELETE", IMAP_VERB_DELETE, imap_parse_mailbox, IMAP_UID_NEVER },
	  SIGNED_ON, STORE, imap_run_delete, NULL, "RFC 3501 6.3.4" },
	{ { "RENAME", IMAP_VERB_RENAME, imap_parse_rename, IMAP_UID_NEVER },
	  SIGNED_ON, STORE, imap_run_rename, NULL, "RFC 3501 6.3.5" },
	{ { "SUBSCRIBE", IMAP_VERB_SUBSCRIBE, imap_parse_mailbox, IMAP_UID_NEVER },
	  SIGNED_ON, STORE, imap_run_subscribe, NULL, "RFC 3501 6.3.6" },
	{ { "UNSUBSCRIBE", IMAP_VERB_UNSUBSCRIBE, imap_parse_mailbox, IMAP_UID_NEVER },
	  SIGNED_ON, STORE, imap_run_subscribe, NULL, "RFC 3501 6.3.7" },
	{ { "LIST", IMAP_VERB_LIST, imap_parse_list, IMAP_UID_NEVER },
	  SIGNED_ON, STORE, imap_run_list, NULL, "RFC 3501 6.3.8" },
	{ { "LSUB", IMAP_VERB_LSUB, imap_parse_lsub, IMAP_UID_NEVER },
	  SIGNED_ON, STORE, imap_run_lsub, NULL, "RFC 3501 6.3.9" },
	{ { "RLIST", IMAP_VERB_RLIST, imap_parse_lsub, IMAP_UID_NEVER },
	  SIGNED_ON, STORE, imap_run_list, "MAILBOX-REFERRALS", "RFC 2193 5.1" },
	{ { "RLSUB", IMAP_VERB_RLSUB, imap_parse_lsub, IMAP_UID_NEVER },
	  SIGNED_ON, STORE, imap_run_lsub, "MAILBOX-REFERRALS", "RFC 2193 5.2" },
	{ { "XLIST", IMAP_VERB_XLIST, imap_parse_lsub, IMAP_UID_NEVER },
	  SIGNED_ON, STORE, imap_run_list, "XLIST", "before RFC 6154" },
	{ { "NAMESPACE", IMAP_VERB_NAMESPACE, imap_parse_none, IMAP_UID_NEVER },
	  SIGNED_ON, 0, imap_run_namespace, "NAMESPACE", "RFC 2342 5" },
	{ { "STATUS", IMAP_VERB_STATUS, imap_parse_status, IMAP_UID_NEVER },
	  SIGNED_ON, STORE, imap_run_status, NULL, "RFC 3501 6.3.10" },
	{ { "APPEND", IMAP_VERB_APPEND, imap_parse_append, IMAP_UID_NEVER },
	  SIGNED_ON, ALONE, imap_run_append, NULL, "RFC 3501 6.3.11" },
	{ { "IDLE", IMAP_VERB_IDLE, imap_parse_none, IMAP_UID_NEVER },
	  SIGNED_ON, ALONE | TELLS, imap_run_idle, "IDLE", "RFC 2177" },
	{ { "NOTIFY", IMAP_VERB_NOTIFY, imap_parse_notify, IMAP_UID_NEVER },
	  SIGNED_ON, STORE | ALONE, imap_run_notify, "NOTIFY", "RFC 5465 3.1" },
	{ { "GETQUOTA", IMAP_VERB_GETQUOTA, imap_parse_getquota, IMAP_UID_NEVER },
	  SIGNED_ON, STORE, imap_run_getquota, "QUOTA", "RFC 9208 4.1.1" },
	{ { "GETQUOTAROOT", IMAP_VERB_GETQUOTAROOT, imap_parse_mailbox, IMAP_UID_NEVER },
	  SIGNED_ON, STORE, imap_run_getquotaroot, "QUOTA", "RFC 9208 4.1.2" },
	{ { "SETQUOTA", IMAP_VERB_SETQUOTA, imap_parse_setquota, IMAP_UID_NEVER },
	  SIGNED_ON, STORE, imap_run_setquota, "QUOTA", "RFC 9208 4.1.3" },
	{ { "MYRIGHTS", IMAP_VERB_MYRIGHTS, imap_parse_mailbox, IMAP_UID_NEVER },
	  SIGNED_ON, STORE, imap_run_myrights, "ACL", "RFC 4314 3.5" },
	{ { "GETACL", IMAP_VERB_GETACL, imap_parse_mailbox, IMAP_UID_NEVER },
	  SIGNED_ON, STORE, imap_run_getacl, "ACL", "RFC 4314 3.3" },
	{ { "LISTRIGHTS", IMAP_VERB_LISTRIGHTS, imap_parse_identifier, IMAP_UID_NEVER },
	  SIGNED_ON, STORE, imap_run_listrights, "ACL", "RFC 4314 3.4" },
	{ { "SETACL", IMAP_VERB_SETACL, imap_parse_setacl, IMAP_UID_NEVER },
	  SIGNED_ON, STORE, imap_run_setacl, "ACL", "RFC 4314 3.1" },
	{ { "DELETEACL", IMAP_VERB_DELETEACL, imap_parse_identifier, IMAP_UID_NEVER },
	  SIGNED_ON, STORE, imap_run_setacl, "ACL", "RFC 4314 3.2" },
	{ { "GETMETADATA", IMAP_VERB_GETMETADATA, imap_parse_getmetadata, IMAP_UID_NEVER },
	  SIGNED_ON, STORE, imap_run_getmetadata, "METADATA", "RFC 5464 4.2" },
	{ { "SETMETADATA", IMAP_VERB_SETMETADATA, imap_parse_setmetadata, IMAP_UID_NEVER },
	  SIGNED_ON, STORE, imap_run_setmetadata, "METADATA", "RFC 5464 4.3" },
	{ { "CHECK", IMAP_VERB_CHECK, imap_parse_none, IMAP_UID_NEVER },
	  SELECTED, TELLS, imap_run_noop, NULL, "RFC 3501 6.4.1" },
	{ { "CLOSE", IMAP_VERB_CLOSE, imap_parse_none, IMAP_UID_NEVER },
	  SELECTED, STORE, imap_run_close, NULL, "RFC 3501 6.4.2" },
	{ { "UNSELECT", IMAP_VERB_UNSELECT, imap_parse_none, IMAP_UID_NEVER },
	  SELECTED, 0, imap_run_unselect, "UNSELECT", "RFC 3691" },
	{ { "EXPUNGE", IMAP_VERB_EXPUNGE, imap_parse_expunge, IMAP_UID_MAY },
	  SELECTED, STORE, imap_run_expunge, NULL, "RFC 3501 6.4.3" },
	{ { "SEARCH", IMAP_VERB_SEARCH, imap_parse_search, IMAP_UID_MAY },
	  SELECTED, STORE | SEQNUMS | SEARCHES, imap_run_search, NULL, "RFC 3501 6.4.4" },
	{ { "ESEARCH", IMAP_VERB_ESEARCH, imap_parse_esearch, IMAP_UID_MAY },
	  SIGNED_ON, STORE | SEQNUMS | SEARCHES, imap_run_esearch, "MULTISEARCH", "RFC 7377 2" },
	{ { "SORT", IMAP_VERB_SORT, imap_parse_sort, IMAP_UID_MAY },
	  SELECTED, STORE | SEQNUMS | SEARCHES, imap_run_sort, "SORT", "RFC 5256 3" },
	{ { "THREAD", IMAP_VERB_THREAD, imap_parse_thread, IMAP_UID_MAY },
	  SELECTED, STORE | SEQNUMS | SEARCHES, imap_run_thread, NULL, "RFC 5256 3" },
	{ { "CANCELUPDATE", IMAP_VERB_CANCELUPDATE, imap_parse_cancelupdate, IMAP_UID_NEVER },
	  SELECTED, 0, imap_run_cancelupdate, "CONTEXT=SEARCH", "RFC 5267 4.3.5" },
	{ { "FETCH", IMAP_VERB_FETCH, imap_parse_fetch, IMAP_UID_MAY },
	  SELECTED, STORE | SEQNUMS, imap_run_fetch, NULL, "RFC 3501 6.4.5" },
	{ { "STORE", IMAP_VERB_STORE, imap_parse_store, IMAP_UID_MAY },
	  SELECTED, STORE | SEQNUMS, imap_run_store, NULL, "RFC 3501 6.4.6" },
	{ { "COPY", IMAP_VERB_COPY, imap_parse_copy, IMAP_UID_MAY },
	  SELECTED, STORE | NUMBERS, imap_run_copy, NULL, "RFC 3501 6.4.7" },
	{ { "MOVE", IMAP_VERB_MOVE, imap_parse_copy, IMAP_UID_MAY },
	  SELECTED, STORE | NUMBERS, imap_run_copy, "MOVE", "RFC 6851 3.1" },
	{ { "XAOL-MOVE", IMAP_VERB_XAOL_MOVE, imap_parse_copy, IMAP_UID_MAY },
	  SELECTED, STORE | NUMBERS, imap_run_copy, "XAOL-MOVE", "the predecessor's MOVE" },
	{ { "REPLACE", IMAP_VERB_REPLACE, imap_parse_replace, IMAP_UID_MAY },
	  SELECTED, ALONE | NUMBERS, imap_run_append, "REPLACE", "RFC 8508 3" },
	{ { "UIDBATCHES", IMAP_VERB_UIDBATCHES, imap_parse_uidbatches, IMAP_UID_NEVER },
	  SELECTED, STORE, imap_run_uidbatches, "UIDBATCHES", "RFC 10022 3.1" },
	{ { "GETJMAPACCESS", IMAP_VERB_GETJMAPACCESS, imap_parse_none, IMAP_UID_NEVER },
	  SIGNED_ON, ASCII, imap_run_getjmapaccess, "JMAPACCESS", "RFC 9698 3" },
};

const struct imap_verb *imap_verb_of(enum imap_verb_id id)
{
	for (size_t i = 0; i < sizeof imap_verbs / sizeof *imap_verbs; i++)
		if (imap_verbs[i].syntax.id == id)
			return &imap_verbs[i];
	return NULL;
}

const char *imap_verb_name(unsigned row)
{
	return row < sizeof imap_verbs / sizeof *imap_verbs ? imap_verbs[row].syntax.name : NULL;
}

const struct imap_syntax *imap_find_syntax(struct gw_slice name)
{
	for (size_t i = 0; i < sizeof imap_verbs / sizeof *imap_verbs; i++)
		if (gw_slice_eqi(name, gw_slice_str(imap_verbs[i].syntax.name)))
			return &imap_verbs[i].syntax;
	return NULL;
}
