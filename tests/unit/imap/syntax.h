/* syntax.h - what the tests of the IMAP parsers share: a table of all verbs, and a command in an arena */
#ifndef GW_TESTS_IMAP_SYNTAX_H
#define GW_TESTS_IMAP_SYNTAX_H

#include "imap/parse.h"

/* Every parse function under the name its command has. verbs.c has the table of the product. */
static const struct imap_syntax syntax_rows[] = {
	{ "CAPABILITY", IMAP_VERB_CAPABILITY, imap_parse_none, IMAP_UID_NEVER },
	{ "NOOP", IMAP_VERB_NOOP, imap_parse_none, IMAP_UID_NEVER },
	{ "LOGOUT", IMAP_VERB_LOGOUT, imap_parse_none, IMAP_UID_NEVER },
	{ "ID", IMAP_VERB_ID, imap_parse_id, IMAP_UID_NEVER },
	{ "STARTTLS", IMAP_VERB_STARTTLS, imap_parse_none, IMAP_UID_NEVER },
	{ "AUTHENTICATE", IMAP_VERB_AUTHENTICATE, imap_parse_authenticate, IMAP_UID_NEVER },
	{ "LOGIN", IMAP_VERB_LOGIN, imap_parse_login, IMAP_UID_NEVER },
	{ "ENABLE", IMAP_VERB_ENABLE, imap_parse_enable, IMAP_UID_NEVER },
	{ "SELECT", IMAP_VERB_SELECT, imap_parse_select, IMAP_UID_NEVER },
	{ "EXAMINE", IMAP_VERB_EXAMINE, imap_parse_select, IMAP_UID_NEVER },
	{ "CREATE", IMAP_VERB_CREATE, imap_parse_create, IMAP_UID_NEVER },
	{ "DELETE", IMAP_VERB_DELETE, imap_parse_mailbox, IMAP_UID_NEVER },
	{ "RENAME", IMAP_VERB_RENAME, imap_parse_rename, IMAP_UID_NEVER },
	{ "SUBSCRIBE", IMAP_VERB_SUBSCRIBE, imap_parse_mailbox, IMAP_UID_NEVER },
	{ "UNSUBSCRIBE", IMAP_VERB_UNSUBSCRIBE, imap_parse_mailbox, IMAP_UID_NEVER },
	{ "LIST", IMAP_VERB_LIST, imap_parse_list, IMAP_UID_NEVER },
	{ "LSUB", IMAP_VERB_LSUB, imap_parse_lsub, IMAP_UID_NEVER },
	{ "NAMESPACE", IMAP_VERB_NAMESPACE, imap_parse_none, IMAP_UID_NEVER },
	{ "STATUS", IMAP_VERB_STATUS, imap_parse_status, IMAP_UID_NEVER },
	{ "APPEND", IMAP_VERB_APPEND, imap_parse_append, IMAP_UID_NEVER },
	{ "IDLE", IMAP_VERB_IDLE, imap_parse_none, IMAP_UID_NEVER },
	{ "GETQUOTA", IMAP_VERB_GETQUOTA, imap_parse_getquota, IMAP_UID_NEVER },
	{ "GETQUOTAROOT", IMAP_VERB_GETQUOTAROOT, imap_parse_mailbox, IMAP_UID_NEVER },
	{ "SETQUOTA", IMAP_VERB_SETQUOTA, imap_parse_setquota, IMAP_UID_NEVER },
	{ "COMPRESS", IMAP_VERB_COMPRESS, imap_parse_compress, IMAP_UID_NEVER },
	{ "CHECK", IMAP_VERB_CHECK, imap_parse_none, IMAP_UID_NEVER },
	{ "CLOSE", IMAP_VERB_CLOSE, imap_parse_none, IMAP_UID_NEVER },
	{ "UNSELECT", IMAP_VERB_UNSELECT, imap_parse_none, IMAP_UID_NEVER },
	{ "EXPUNGE", IMAP_VERB_EXPUNGE, imap_parse_expunge, IMAP_UID_MAY },
	{ "SEARCH", IMAP_VERB_SEARCH, imap_parse_search, IMAP_UID_MAY },
	{ "FETCH", IMAP_VERB_FETCH, imap_parse_fetch, IMAP_UID_MAY },
	{ "STORE", IMAP_VERB_STORE, imap_parse_store, IMAP_UID_MAY },
	{ "COPY", IMAP_VERB_COPY, imap_parse_copy, IMAP_UID_MAY },
	{ "MOVE", IMAP_VERB_MOVE, imap_parse_copy, IMAP_UID_MAY },
};

static const struct imap_syntax *syntax_find(struct gw_slice name)
{
	for (size_t i = 0; i < sizeof syntax_rows / sizeof *syntax_rows; i++)
		if (gw_slice_eqi(name, gw_slice_str(syntax_rows[i].name)))
			return &syntax_rows[i];
	return NULL;
}

#endif
