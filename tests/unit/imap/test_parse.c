/* test_parse.c - from a line to a command (imap/parse.h)
 *
 * Every production is a row: a line, and the line in canonical form that its meaning prints as (see print.h); "BAD",
 * "NO code" or "UNKNOWN" when it is refused; NULL when it is canonical itself. */
#include "tests/unit/imap/print.h"
#include "imap/verbs.h"
#include "tests/unit/unit.h"
#include "util/mem.h"

#include <stdio.h>

static struct gw_arena arena;

static void setup(void)
{
	gw_arena_init(&arena, 0, 0);
}

static void teardown(void)
{
	gw_arena_done(&arena);
}

static const struct imap_parse_ctx plain = { .find = imap_find_syntax, .string_max = 100 };
static const struct imap_parse_ctx utf8 = { .find = imap_find_syntax, .string_max = 100, .utf8 = true };
static const struct imap_parse_ctx rev2 = { .find = imap_find_syntax, .string_max = 100, .utf8 = true, .rev2 = true };

static enum imap_parse_result parse(struct gw_slice line, const struct imap_parse_ctx *ctx, struct imap_command *c,
				    const char **why)
{
	char *copy = gw_xalloc(line.n + !line.n); /* gone when the command is looked at */
	enum imap_parse_result r;

	memcpy(copy, line.p, line.n);
	*why = NULL;
	r = imap_parse(gw_slice(copy, line.n), &arena, ctx, c, why);
	memset(copy, '#', line.n);
	free(copy);
	ck_assert((r == IMAP_PARSE_OK) == (*why == NULL));
	ck_assert((r == IMAP_PARSE_NO) == (c->code != NULL));
	return r;
}

static struct gw_slice meaning(struct gw_slice line, const struct imap_parse_ctx *ctx)
{
	struct imap_command c;
	const char *why;

	switch (parse(line, ctx, &c, &why)) {
	case IMAP_PARSE_OK:
		return printed(&c);
	case IMAP_PARSE_BAD:
		return GW_S("BAD");
	case IMAP_PARSE_UNKNOWN:
		return GW_S("UNKNOWN");
	case IMAP_PARSE_NO:
		break;
	}
	return gw_slice_str(gw_arena_printf(&arena, "NO %s", c.code));
}

struct row {
	const char *line, *means;
};

static void check_row(const struct row *r, const struct imap_parse_ctx *ctx)
{
	struct gw_slice line = gw_slice_str(r->line), first = meaning(line, ctx);
	const char *expected = r->means ? r->means : r->line;

	ck_assert_msg(gw_slice_eq(first, gw_slice_str(expected)), "\"%s\" gives \"%.*s\"", r->line, GW_FMT(first));
	if (strchr(expected, ' ') && strncmp(expected, "NO ", 3) != 0)
		ck_assert_slice_eq(meaning(first, ctx), expected); /* the canonical form means itself */
	for (size_t n = 0; n < line.n; n++) /* A11 */
		meaning(gw_slice(line.p, n), ctx);
}

/* ---- the line as a whole: A02, A04, A06, A07, A09 ---- */

static const struct row heads[] = {
	{ "a NOOP", NULL },
	{ "a noop", "a NOOP" },
	{ "a]}=. NoOp", "a]}=. NOOP" },
	{ "DONE CHECK", NULL },
	{ "", "BAD" },
	{ " ", "BAD" },
	{ "a", "BAD" },
	{ "a ", "BAD" },
	{ "a  NOOP", "BAD" },
	{ " a NOOP", "BAD" },
	{ "a NOOP ", "BAD" },
	{ "a NOOP x", "BAD" },
	{ "a NOOP\r", "BAD" },
	{ "+ NOOP", "BAD" },
	{ "* NOOP", "BAD" },
	{ "a+b NOOP", "BAD" },
	{ "a\tNOOP", "BAD" },
	{ "a \"NOOP\"", "BAD" },
	{ "a {4}\r\nNOOP", "BAD" },
	{ "a NOOP (((((", "BAD" },
	{ "a NOOP [{<\"\\", "BAD" },
	{ "a \xC3\xA4", "BAD" },
	{ "a NOOP\xFF", "BAD" },
	{ "a XYZZY", "UNKNOWN" },
	{ "a XYZZY (((((", "UNKNOWN" },
	{ "a UID", "BAD" },
	{ "a UID NOOP", "UNKNOWN" },
	{ "a UID UID", "UNKNOWN" },
	{ "a UID EXPUNGE 1:2", NULL },
	{ "a CAPABILITY", NULL },
	{ "a LOGOUT", NULL },
	{ "a STARTTLS", NULL },
	{ "a STARTTLS ", "BAD" },
	{ "a starttls", "a STARTTLS" },
	{ "a NAMESPACE", NULL },
	{ "a CLOSE", NULL },
	{ "a UNSELECT", NULL },
	{ "a IDLE", NULL },
	{ "a IDLE x", "BAD" },
	{ "GET / HTTP/1.1", "UNKNOWN" }, /* A12 */
	{ "EHLO example.org", "UNKNOWN" },
};

/* ---- RFC 9051 6.2, RFC 4959, RFC 2971, RFC 5161, RFC 4978 ---- */

static const struct row logins[] = {
	{ "a LOGIN joe secret", NULL },
	{ "a LOGIN \"joe\" \"\"", "a LOGIN joe \"\"" },
	{ "a LOGIN {3}\r\njoe {3+}\r\na b", "a LOGIN joe \"a b\"" },
	{ "a LOGIN \"j\\\"o\\\\e\" x]y", "a LOGIN \"j\\\"o\\\\e\" x]y" },
	{ "a LOGIN \"\xC3\xA4\" \"\xFF\"", "a LOGIN {2}\r\n\xC3\xA4 {1}\r\n\xFF" },
	{ "a LOGIN j\xC3\xB6rg x", "BAD" },
	{ "a LOGIN joe", "BAD" },
	{ "a LOGIN joe ", "BAD" },
	{ "a LOGIN joe x y", "BAD" },
	{ "a LOGIN  joe x", "BAD" },
	{ "a LOGIN joe \"x", "BAD" },
	{ "a LOGIN joe \"x\\", "BAD" },
	{ "a LOGIN joe (x)", "BAD" },
	{ "a LOGIN ~{3}\r\njoe x", "BAD" },
	{ "a LOGIN joe {5}\r\nabc", "BAD" },
	{ "a AUTHENTICATE PLAIN", NULL },
	{ "a authenticate scram-sha-256 biws", "a AUTHENTICATE scram-sha-256 biws" },
	{ "a AUTHENTICATE EXTERNAL =", NULL },
	{ "a AUTHENTICATE PLAIN AGEAYg==", NULL },
	{ "a AUTHENTICATE PLAIN ", "BAD" },
	{ "a AUTHENTICATE PLAIN a*b", "BAD" },
	{ "a AUTHENTICATE", "BAD" },
	{ "a AUTHENTICATE \"PLAIN\"", "BAD" },
	{ "a ID NIL", "a ID ()" },
	{ "a ID ()", NULL },
	{ "a ID (\"name\" \"x\" \"version\" NIL)", NULL },
	{ "a ID (\"name\" \"x\" \"NAME\" \"y\")", "a ID (\"name\" \"x\")" },
	{ "a ID (\"name\")", "BAD" },
	{ "a ID (\"name\" \"x\" )", "BAD" },
	{ "a ID (name \"x\")", "BAD" },
	{ "a ID (NIL \"x\")", "BAD" },
	{ "a ID (\"name\" x)", "BAD" },
	{ "a ID", "BAD" },
	{ "a ID x", "BAD" },
	{ "a ID (\"name\" \"x\"", "BAD" },
	{ "a LANGUAGE", NULL },
	{ "a LANGUAGE de-AT \"en\"", "a LANGUAGE de-AT en" },
	{ "a LANGUAGE ", "BAD" },
	{ "a LANGUAGE (de)", "BAD" },
	{ "a COMPARATOR", NULL },
	{ "a COMPARATOR \"cz;x\" i;octet", "a COMPARATOR cz;x i;octet" },
	{ "a COMPARATOR i;*", "BAD" },
	{ "a ENABLE CONDSTORE", NULL },
	{ "a ENABLE UTF8=ACCEPT X-Y", NULL },
	{ "a ENABLE", "BAD" },
	{ "a ENABLE ", "BAD" },
	{ "a ENABLE (X)", "BAD" },
	{ "a COMPRESS DEFLATE", NULL },
	{ "a UID COMPRESS DEFLATE", "UNKNOWN" },
	{ "a COMPRESS", "BAD" },
	/* RFC 5465 8 */
	{ "a NOTIFY NONE", NULL },
	{ "a NOTIFY SET (SELECTED (MessageNew (UID BODY.PEEK[HEADER.FIELDS (FROM)]) MessageExpunge FlagChange))", NULL },
	{ "a notify set status (selected-delayed messagenew messageexpunge) (personal (mailboxname))",
	  "a NOTIFY SET STATUS (SELECTED-DELAYED (MessageNew MessageExpunge)) (PERSONAL (MailboxName))" },
	{ "a NOTIFY SET (SELECTED (MessageNew (FLAGS) MessageExpunge))", "a NOTIFY SET (SELECTED (MessageNew (UID FLAGS) MessageExpunge))" },
	{ "a NOTIFY SET (SUBTREE (a \"b c\") (MailboxName SubscriptionChange)) (MAILBOXES (INBOX) NONE)", NULL },
	{ "a NOTIFY SET (INBOXES (MessageNew MessageExpunge)) (SUBSCRIBED NONE)", NULL },
	{ "a NOTIFY", "BAD" },
	{ "a NOTIFY SET", "BAD" },
	{ "a NOTIFY SET STATUS", "BAD" },
	{ "a NOTIFY NONE (SELECTED NONE)", "BAD" },
	{ "a NOTIFY SET (SELECTED)", "BAD" },
	{ "a NOTIFY SET (SELECTED ())", "BAD" },
	{ "a NOTIFY SET (SELECTED (MessageNew ()))", "BAD" },
	{ "a NOTIFY SET (SUBTREE (MessageNew MessageExpunge))", "BAD" },
	{ "a NOTIFY SET (MAILBOXES () NONE)", "BAD" },
	{ "a NOTIFY SET (EVERYTHING NONE)", "BAD" },
	{ "a NOTIFY SET (PERSONAL (MailboxMetadataChange ServerMetadataChange))", NULL },
	{ "a NOTIFY SET (SELECTED (MailboxMetadataChange))", "BAD" },
	/* RFC 5464 5 */
	{ "a MYRIGHTS INBOX", NULL },
	{ "a GETACL INBOX", NULL },
	{ "a GETACL", "BAD" },
	{ "a LISTRIGHTS INBOX \"some body\"", NULL },
	{ "a LISTRIGHTS INBOX", "BAD" },
	{ "a DELETEACL INBOX -fred", NULL },
	{ "a SETACL INBOX fred lrswikxteacdz", "BAD" },
	{ "a SETACL INBOX fred -1", "BAD" },
	{ "a SETACL INBOX fred ~+l", "BAD" },
	{ "a LIST \"\" * RETURN (MYRIGHTS)", "a LIST \"\" (\"*\") RETURN (MYRIGHTS)" },
	/* OBJECTID+ 10 */
	{ "a SELECT INBOX (objectid)", "a SELECT INBOX (OBJECTID)" },
	{ "a EXAMINE INBOX (OBJECTID (accountid A1 X-Y z MAILBOXID F1))", "a EXAMINE INBOX (OBJECTID (MAILBOXID F1 ACCOUNTID A1))" },
	{ "a SELECT INBOX (OBJECTID (MAILBOXID F1) CONDSTORE)", "a SELECT INBOX (CONDSTORE)" },
	{ "a SELECT INBOX (OBJECTID ())", "BAD" },
	{ "a SELECT INBOX (OBJECTID (MAILBOXID))", "BAD" },
	{ "a SELECT INBOX (OBJECTID (MAILBOXID (F1)))", "BAD" },
	{ "a SELECT INBOX (OBJECTID (MAILBOXID F1)", "BAD" },
	{ "a SELECT INBOX (OBJECTID OBJECTID)", "BAD" },
	{ "a STATUS INBOX (OBJECTID)", NULL },
	{ "a FETCH 1 OBJECTID", "a FETCH 1 (OBJECTID)" },
	/* RFC 5257 5 */
	{ "a SELECT INBOX (annotate)", "a SELECT INBOX (ANNOTATE)" },
	{ "a SELECT INBOX (ANNOTATE ANNOTATE)", "BAD" },
	{ "a FETCH 1 (ANNOTATION (/comment value))",
	  "a FETCH 1 (ANNOTATION ((\"/comment\") (value.priv value.shared)))" },
	{ "a FETCH 1 annotation ((/1.2/* /% /%) (SIZE.priv value.shared))",
	  "a FETCH 1 (ANNOTATION ((\"/1.2/*\" \"/%\") (value.shared size.priv)))" },
	{ "a FETCH 1 (ANNOTATION (/comment))", "BAD" },
	{ "a FETCH 1 (ANNOTATION /comment value)", "BAD" },
	{ "a FETCH 1 (ANNOTATION (() value))", "BAD" },
	{ "a FETCH 1 (ANNOTATION (/comment ()))", "BAD" },
	{ "a FETCH 1 (ANNOTATION (/comment/ value))", "BAD" },
	{ "a FETCH 1 (ANNOTATION (/1..2/comment value))", "BAD" },
	{ "a FETCH 1 (ANNOTATION (/1.0/comment value))", "BAD" },
	{ "a FETCH 1 (ANNOTATION (/99999999999/comment value))", "BAD" },
	{ "a FETCH 1 (ANNOTATION (/comment date))", "BAD" },
	{ "a STORE 1 ANNOTATION (/comment (value.priv \"x\") /altsubject (value.shared NIL))", NULL },
	{ "a STORE 1 ANNOTATION (/comment (value.priv {1+}\r\nx value.shared \"\"))",
	  "a STORE 1 ANNOTATION (/comment (value.priv \"x\") /comment (value.shared \"\"))" },
	{ "a UID STORE 1 (UNCHANGEDSINCE 7) ANNOTATION (/vendor/a/b (value.priv \"x\"))", NULL },
	{ "a STORE 1 ANNOTATION (/1/flags/seen (value.priv \"1\"))", NULL },
	{ "a STORE 1 ANNOTATION (/1/flags/seen (value.priv \"2\"))", "BAD" },
	{ "a STORE 1 ANNOTATION (/1/altsubject (value.priv \"2\"))", "NO CANNOT" },
	{ "a STORE 1 ANNOTATION (/1 (value.priv \"2\"))", "NO CANNOT" },
	{ "a STORE 1 ANNOTATION (/vendor (value.priv \"2\"))", "NO CANNOT" },
	{ "a STORE 1 ANNOTATION (/flags (value.priv \"2\"))", "BAD" },
	{ "a STORE 1 ANNOTATION (/comment (value \"2\"))", "BAD" },
	{ "a STORE 1 ANNOTATION (/comment (size.shared \"2\"))", "NO CANNOT" },
	{ "a STORE 1 ANNOTATION (/comment value.priv \"2\")", "BAD" },
	{ "a STORE 1 ANNOTATION (/comment (value.priv 2))", "BAD" },
	{ "a STORE 1 ANNOTATION ()", "BAD" },
	{ "a STORE 1 +ANNOTATION (/comment (value.priv \"2\"))", "BAD" },
	{ "a SEARCH ANNOTATION * value \"x\"", "a SEARCH ANNOTATION \"*\" value \"x\"" },
	{ "a SEARCH NOT ANNOTATION /% value.shared NIL", "a SEARCH NOT ANNOTATION \"/%\" value.shared NIL" },
	{ "a SEARCH ANNOTATION /comment size \"1\"", "BAD" },
	{ "a SEARCH ANNOTATION comment value \"1\"", "BAD" },
	{ "a SEARCH ANNOTATION /comment value", "BAD" },
	{ "a SORT (REVERSE ANNOTATION /comment value.priv ANNOTATION /comment value.shared SIZE) UTF-8 ALL", NULL },
	{ "a SORT (ANNOTATION /a value.priv ANNOTATION /a value.priv) UTF-8 ALL", "a SORT (ANNOTATION /a value.priv) UTF-8 ALL" },
	{ "a SORT (ANNOTATION /comment value) UTF-8 ALL", "BAD" },
	{ "a SORT (ANNOTATION /% value.priv) UTF-8 ALL", "BAD" },
	{ "a APPEND INBOX (\\Seen) \"17-Jul-1996 09:44:25 +0000\" ANNOTATION (/comment (value.priv \"x\")) {5}", NULL },
	{ "a APPEND INBOX ANNOTATION (/comment (value.priv {1}\r\nx)) CATENATE (URL \"u\")",
	  "a APPEND INBOX ANNOTATION (/comment (value.priv \"x\")) CATENATE (URL \"u\")" },
	{ "a APPEND INBOX ANNOTATION (/comment (value.priv \"x\"))", "BAD" },
	{ "a NOTIFY SET (SELECTED (MessageNew MessageExpunge AnnotationChange))", NULL },
	{ "a NOTIFY SET (SELECTED (AnnotationChange))", "BAD" },
	{ "a GETMETADATA INBOX (/shared/comment /private/comment)", NULL },
	{ "a GETMETADATA INBOX /private/Comment", "a GETMETADATA INBOX (/private/Comment)" },
	{ "a GETMETADATA \"\" (/shared/comment)", NULL },
	{ "a GETMETADATA INBOX (MAXSIZE 1024) (/private)", NULL },
	{ "a GETMETADATA (depth INFINITY maxsize 1) INBOX (/private)", "a GETMETADATA INBOX (MAXSIZE 1 DEPTH infinity) (/private)" },
	{ "a GETMETADATA (DEPTH 3) INBOX /private", "BAD" },
	{ "a GETMETADATA (MAXSIZE) INBOX /private", "BAD" },
	{ "a GETMETADATA (MAXSIZE 1 MAXSIZE 1) INBOX /private", "BAD" },
	{ "a GETMETADATA () INBOX /private", "BAD" },
	{ "a GETMETADATA INBOX ()", "BAD" },
	{ "a GETMETADATA INBOX", "BAD" },
	{ "a GETMETADATA INBOX (/private/)", "BAD" },
	{ "a GETMETADATA INBOX (/a%)", "BAD" },
	{ "a SETMETADATA INBOX (/private/a \"x\" /shared/b NIL)", NULL },
	{ "a SETMETADATA INBOX (/private/a ~{3}\r\nx\\y)", "a SETMETADATA INBOX (/private/a \"x\\\\y\")" },
	{ "a SETMETADATA \"\" (/private/a \"\")", NULL },
	{ "a SETMETADATA INBOX /private/a \"x\"", "BAD" },
	{ "a SETMETADATA INBOX (/private/a)", "BAD" },
	{ "a SETMETADATA INBOX (/private/a x)", "BAD" },
	{ "a SETMETADATA INBOX (/private \"x\")", "NO CANNOT" },
	{ "a SETMETADATA INBOX (/other/a \"x\")", "NO CANNOT" },
	{ "a SETMETADATA INBOX ()", "BAD" },
	{ "a NOTIFY SET (PERSONAL NONE", "BAD" },
	{ "a NOTIFY SET (PERSONAL (MessageNew MessageExpunge)", "BAD" },
};

/* ---- RFC 9051 6.3, RFC 6154, RFC 7162, RFC 9208 ---- */

static const struct row mailboxes[] = {
	{ "a SELECT inbox", "a SELECT INBOX" },
	{ "a SELECT \"a b\"", NULL },
	{ "a SELECT {3}\r\nbox", "a SELECT box" },
	{ "a SELECT &AOQ-", NULL },
	{ "a SELECT", "BAD" },
	{ "a SELECT ", "BAD" },
	{ "a SELECT a b", "BAD" },
	{ "a SELECT a*", "BAD" },
	{ "a SELECT \"\"", "NO CANNOT" },
	{ "a SELECT &AOQ", "NO CANNOT" },
	{ "a SELECT \"\xC3\xA4\"", "NO CANNOT" },
	{ "a SELECT ../x", "NO CANNOT" },
	{ "a SELECT box (CONDSTORE)", NULL },
	{ "a EXAMINE box (condstore)", "a EXAMINE box (CONDSTORE)" },
	{ "a SELECT box ()", "BAD" },
	{ "a SELECT box (X)", "BAD" },
	{ "a SELECT box (CONDSTORE", "BAD" },
	{ "a SELECT box (QRESYNC (67890007 90060115194045000))", NULL },
	{ "a SELECT box (QRESYNC (1 2 41,43:211,214:541))", NULL },
	{ "a SELECT box (QRESYNC (1 2 1:29997 (5000,7500 15000,22500)))", NULL },
	{ "a SELECT box (QRESYNC (1 2 (5000 15000)) CONDSTORE)", "a SELECT box (QRESYNC (1 2 (5000 15000)))" },
	{ "a SELECT box (QRESYNC (1 2 1:*))", "BAD" },
	{ "a SELECT box (QRESYNC (1 2 $))", "BAD" },
	{ "a SELECT box (QRESYNC (1 2 3 4))", "BAD" },
	{ "a SELECT box (QRESYNC (0 2))", "BAD" },
	{ "a SELECT box (QRESYNC (1 0))", NULL },
	{ "a SELECT box (QRESYNC (1 -1))", "BAD" },
	{ "a SELECT box (QRESYNC (1 9223372036854775808))", "BAD" },
	{ "a SELECT box (QRESYNC (1))", "BAD" },
	{ "a SELECT box (QRESYNC (1 2) QRESYNC (1 2))", "BAD" },
	{ "a SELECT box (QRESYNC (1 2 (1 2) (1 2)))", "BAD" },
	{ "a CREATE a/b/", "a CREATE a/b" },
	{ "a CREATE /", "NO CANNOT" },
	{ "a CREATE a//", "NO CANNOT" },
	{ "a CREATE Sent (USE (\\Sent))", NULL },
	{ "a CREATE x (use (\\drafts \\Junk))", "a CREATE x (USE (\\Drafts \\Junk))" },
	{ "a CREATE x (USE ())", "a CREATE x" },
	{ "a CREATE x (USE (\\Foo))", "NO USEATTR" },
	{ "a CREATE x (USE \\Sent)", "BAD" },
	{ "a CREATE x (USE (\\Sent)", "BAD" },
	{ "a CREATE x (X (\\Sent))", "BAD" },
	{ "a DELETE box", NULL },
	{ "a DELETE box/", "NO CANNOT" },
	{ "a RENAME a b", NULL },
	{ "a RENAME \"a\" {1}\r\nb", "a RENAME a b" },
	{ "a RENAME a", "BAD" },
	{ "a RENAME a b c", "BAD" },
	{ "a SUBSCRIBE a/b", NULL },
	{ "a UNSUBSCRIBE a/b", NULL },
	{ "a STATUS box (MESSAGES RECENT UIDNEXT UIDVALIDITY UNSEEN SIZE DELETED DELETED-STORAGE HIGHESTMODSEQ MAILBOXID "
	  "APPENDLIMIT)", NULL },
	{ "a STATUS box (unseen MESSAGES unseen)", "a STATUS box (MESSAGES UNSEEN)" },
	{ "a STATUS box ()", "BAD" },
	{ "a STATUS box (X)", "BAD" },
	{ "a STATUS box MESSAGES", "BAD" },
	{ "a STATUS box", "BAD" },
	{ "a STATUS box (MESSAGES ", "BAD" },
	{ "a GETQUOTAROOT INBOX", NULL },
	{ "a GETQUOTA \"\"", NULL },
	{ "a GETQUOTA", "BAD" },
	{ "a SETQUOTA \"\" (STORAGE 512 MESSAGE 0)", NULL },
	{ "a SETQUOTA x ()", NULL },
	{ "a SETQUOTA x (STORAGE)", "BAD" },
	{ "a SETQUOTA x (STORAGE -1)", "BAD" },
	{ "a SETQUOTA x STORAGE 1", "BAD" },
	{ "a SETQUOTA x (A 1 B 1 C 1 D 1 E 1 F 1 G 1 H 1 I 1 J 1 K 1 L 1 M 1 N 1 O 1 P 1)", NULL },
	{ "a SETQUOTA x (A 1 B 1 C 1 D 1 E 1 F 1 G 1 H 1 I 1 J 1 K 1 L 1 M 1 N 1 O 1 P 1 Q 1)", "NO LIMIT" },
};

/* ---- RFC 9051 6.3.9, RFC 5258, RFC 5819, RFC 6154 ---- */

static const struct row lists[] = {
	{ "a LIST \"\" *", "a LIST \"\" \"*\"" },
	{ "a LIST \"\" \"\"", NULL },
	{ "a LIST ref/ %", "a LIST ref/ \"%\"" },
	{ "a LIST {0}\r\n {1}\r\n%", "a LIST \"\" \"%\"" },
	{ "a LIST \"\" &AOQ-%", "a LIST \"\" \"&AOQ-%\"" },
	{ "a LIST \"\" &", NULL },
	{ "a LIST & *", "a LIST \"\" &" },
	{ "a LIST \"\" (& x)", "a LIST \"\" (x)" },
	{ "a LIST (SUBSCRIBED) \"\" *", "a LIST (SUBSCRIBED) \"\" (\"*\")" },
	{ "a LIST () \"\" x", "a LIST \"\" (x)" },
	{ "a LIST (subscribed REMOTE RECURSIVEMATCH special-use) \"\" x",
	  "a LIST (SUBSCRIBED REMOTE RECURSIVEMATCH SPECIAL-USE) \"\" (x)" },
	{ "a LIST (RECURSIVEMATCH) \"\" x", "BAD" },
	{ "a LIST (RECURSIVEMATCH REMOTE) \"\" x", "BAD" },
	{ "a LIST (CHILDREN) \"\" x", "BAD" },
	{ "a LIST (SUBSCRIBED)", "BAD" },
	{ "a LIST \"\" (a b \"c d\")", NULL },
	{ "a LIST \"\" ()", "BAD" },
	{ "a LIST \"\" (a", "BAD" },
	{ "a LIST \"\" a RETURN (CHILDREN)", "a LIST \"\" (a) RETURN (CHILDREN)" },
	{ "a LIST \"\" a return ()", "a LIST \"\" (a)" },
	{ "a LIST \"\" (a) RETURN (SUBSCRIBED SPECIAL-USE CHILDREN STATUS (MESSAGES UNSEEN))", NULL },
	{ "a LIST \"\" a RETURN (STATUS)", "BAD" },
	{ "a LIST \"\" a RETURN (STATUS ())", "BAD" },
	{ "a LIST \"\" a RETURN (REMOTE)", "BAD" },
	{ "a LIST \"\" a RETURN (RECURSIVEMATCH)", "BAD" },
	{ "a LIST \"\" a RETURN (NOTHING)", "BAD" },
	{ "a LIST \"\" a RETURN", "BAD" },
	{ "a LIST \"\" a RETURN (CHILDREN", "BAD" },
	{ "a LIST \"\" a x", "BAD" },
	{ "a LIST \"\"", "BAD" },
	{ "a LIST", "BAD" },
	{ "a LSUB \"\" *", "a LSUB \"\" \"*\"" },
	{ "a LSUB \"\" (a)", "BAD" },
	{ "a LSUB \"\" a RETURN ()", "BAD" },
};

/* ---- RFC 9051 6.3.12, 6.4; RFC 4315, RFC 6851, RFC 6855, RFC 7162; F05, F06 ---- */

static const struct row messages[] = {
	{ "a APPEND box {310}", NULL },
	{ "a APPEND box {0+}", NULL },
	{ "a APPEND {3}\r\nbox ~{5}", "a APPEND box ~{5}" },
	{ "a APPEND box (\\Seen $x) \"17-Jul-1996 02:44:25 -0700\" {9}",
	  "a APPEND box (\\Seen $x) \"17-Jul-1996 09:44:25 +0000\" {9}" },
	{ "a APPEND box () {9}", "a APPEND box {9}" },
	{ "a APPEND box UTF8 (~{9+}", NULL },
	{ "a APPEND box UTF8 ({9}", "BAD" },
	{ "a APPEND box \"17-Jul-1996\" {9}", "BAD" },
	{ "a APPEND box \\Seen {9}", "BAD" },
	{ "a APPEND box (\\Seen {9}", "BAD" },
	{ "a APPEND box (\\*) {9}", "BAD" },
	{ "a APPEND box", "BAD" },
	{ "a APPEND box ", "BAD" },
	{ "a APPEND box x", "BAD" },
	{ "a APPEND box \"x\"", "BAD" },
	{ "a APPEND {9}", "BAD" },
	{ "a APPEND box {3}\r\nabc", "BAD" },
	{ "a APPEND ../x {9}", "NO CANNOT" },
	/* RFC 10022 */
	/* RFC 7377 4 */
	{ "a UID SEARCH uidafter 0 NOT UIDBEFORE 4294967295", "a UID SEARCH UIDAFTER 0 NOT UIDBEFORE 4294967295" },
	{ "a SEARCH UIDAFTER", "BAD" },
	{ "a SEARCH UIDAFTER *", "BAD" },
	{ "a SEARCH UIDBEFORE 1:2", "BAD" },
	{ "a SEARCH UIDBEFORE 4294967296", "BAD" },
	{ "a SEARCH fuzzy subject \"IMAP break\" FROM x", "a SEARCH FUZZY SUBJECT \"IMAP break\" FROM x" },
	{ "a SEARCH FUZZY (SUBJECT a OR NOT FUZZY BODY b SEEN) 2", "a SEARCH FUZZY (SUBJECT a OR NOT FUZZY BODY b SEEN) 2" },
	{ "a SEARCH FUZZY", "BAD" },
	{ "a SEARCH FUZZY (SEEN", "BAD" },
	{ "a SEARCH FUZZY FUZZY", "BAD" },
	{ "a SEARCH RETURN (RELEVANCY ALL) FUZZY TEXT Helo", "a SEARCH RETURN (ALL RELEVANCY) FUZZY TEXT Helo" },
	{ "a SEARCH RETURN (relevancy PARTIAL 1:10) FUZZY TEXT a", "a SEARCH RETURN (RELEVANCY PARTIAL 1:10) FUZZY TEXT a" },
	{ "a SORT (REVERSE RELEVANCY DATE) UTF-8 FUZZY TEXT a", "a SORT (REVERSE RELEVANCY DATE) UTF-8 FUZZY TEXT a" },
	{ "a ESEARCH ALL", "a UID ESEARCH RETURN (ALL) ALL" },
	{ "a esearch in (mailboxes folder1 subtree \"folder 2\") unseen",
	  "a UID ESEARCH IN (MAILBOXES (folder1) SUBTREE (\"folder 2\")) RETURN (ALL) UNSEEN" },
	{ "a ESEARCH IN (subtree-one (inbox b) personal inboxes subscribed selected) RETURN (COUNT MIN) CHARSET UTF-8 SUBJECT x",
	  "a UID ESEARCH IN (SUBTREE-ONE (INBOX b) PERSONAL INBOXES SUBSCRIBED SELECTED) RETURN (MIN COUNT) CHARSET UTF-8 SUBJECT x" },
	{ "a ESEARCH IN (selected) RETURN (SAVE) 1:100", "a UID ESEARCH IN (SELECTED) RETURN (SAVE) 1:100" },
	{ "a UID ESEARCH RETURN (PARTIAL -1:-10) UID 5", "a UID ESEARCH RETURN (PARTIAL -1:-10) UID 5" },
	{ "a ESEARCH", "BAD" },
	{ "a ESEARCH IN (personal)", "BAD" },
	{ "a ESEARCH IN () ALL", "BAD" },
	{ "a ESEARCH IN personal ALL", "BAD" },
	{ "a ESEARCH IN (personal ALL", "BAD" },
	{ "a ESEARCH IN (mailboxes) ALL", "BAD" },
	{ "a ESEARCH IN (mailboxes ()) ALL", "BAD" },
	{ "a ESEARCH IN (selected-delayed) ALL", "BAD" },
	{ "a ESEARCH IN (everything) ALL", "BAD" },
	{ "a ESEARCH IN (personal (depth 1)) ALL", "BAD" },
	{ "a ESEARCH IN (personal)RETURN (ALL) ALL", "BAD" },
	{ "a ESEARCH IN (personal) RETURN (SAVE) ALL", "BAD" },
	{ "a ESEARCH IN (selected mailboxes INBOX) RETURN (SAVE COUNT) ALL", "BAD" },
	{ "a ESEARCH IN (personal) RETURN (UPDATE) ALL", "a UID ESEARCH IN (PERSONAL) RETURN (UPDATE) ALL" },
	{ "a NOTIFY SET (SUBTREE-ONE a (MessageNew MessageExpunge))", "BAD" },
	{ "a UIDBATCHES 2000", NULL },
	{ "a uidbatches 1000 10:20", "a UIDBATCHES 1000 10:20" },
	{ "a UIDBATCHES 1000 20:10", NULL },
	{ "a UIDBATCHES", "BAD" },
	{ "a UIDBATCHES 0", "BAD" },
	{ "a UIDBATCHES x", "BAD" },
	{ "a UIDBATCHES 500 10", "BAD" },
	{ "a UIDBATCHES 500 0:1", "BAD" },
	{ "a UIDBATCHES 500 1:*", "BAD" },
	{ "a UIDBATCHES 500 1:2 3", "BAD" },
	{ "a UIDBATCHES 4294967296", "BAD" },
	{ "a UID UIDBATCHES 500", "UNKNOWN" },
	/* RFC 4469 5 */
	{ "a APPEND box CATENATE (URL \"/a/;UID=1\" TEXT {42}", NULL },
	{ "a APPEND box (\\Seen) CATENATE (TEXT {42+}", NULL },
	{ "a APPEND box catenate (url /a/;UID=1)", "a APPEND box CATENATE (URL \"/a/;UID=1\")" },
	{ "a APPEND box CATENATE (URL a URL b) (\\Seen) {3}", "a APPEND box CATENATE (URL \"a\" URL \"b\") (\\Seen) {3}" },
	{ "a APPEND box CATENATE (URL \"a\" URL {42}", NULL },
	{ "a APPEND box CATENATE (UTF8 (~{42}", NULL },
	{ "a REPLACE 4 box CATENATE (TEXT {42}", NULL },
	{ "a APPEND box CATENATE ()", "BAD" },
	{ "a APPEND box CATENATE (TEXT ~{42}", NULL },
	{ "a APPEND box CATENATE (TEXT x)", "BAD" },
	{ "a APPEND box CATENATE (UTF8 ({42}", "BAD" },
	{ "a APPEND box CATENATE (UTF8 x)", "BAD" },
	{ "a APPEND box CATENATE (URL)", "BAD" },
	{ "a APPEND box CATENATE (URL a", "BAD" },
	{ "a APPEND box CATENATE (URL a {3}", "BAD" },
	{ "a APPEND box CATENATE (URL ~{3}", "BAD" },
	{ "a APPEND box CATENATE (X {3}", "BAD" },
	{ "a APPEND box CATENATE {3}", "BAD" },
	{ "a APPEND box CATENATE", "BAD" },
	{ "a REPLACE 4 box {310}", NULL },
	{ "a UID REPLACE 4000000000 box (\\Seen $x) \"17-Jul-1996 02:44:25 -0700\" {9+}",
	  "a UID REPLACE 4000000000 box (\\Seen $x) \"17-Jul-1996 09:44:25 +0000\" {9+}" },
	{ "a REPLACE * {3}\r\nbox ~{5}", "a REPLACE * box ~{5}" },
	{ "a REPLACE 4 box UTF8 (~{9}", NULL },
	{ "a REPLACE 4:5 box {9}", "BAD" },
	{ "a REPLACE 4,4 box {9}", "BAD" },
	{ "a REPLACE $ box {9}", "BAD" },
	{ "a REPLACE 0 box {9}", "BAD" },
	{ "a REPLACE box {9}", "BAD" },
	{ "a REPLACE 4 {9}", "BAD" },
	{ "a REPLACE 4 box", "BAD" },
	{ "a REPLACE", "BAD" },
	{ "a UID REPLACE", "BAD" },
	{ "a REPLACE 4 ../x {9}", "NO CANNOT" },
	{ "a STORE 1 FLAGS ()", NULL },
	{ "a STORE 1:* +FLAGS.SILENT (\\Deleted)", NULL },
	{ "a STORE 2:4 -flags \\Seen \\Draft x", "a STORE 2:4 -FLAGS (\\Seen \\Draft x)" },
	{ "a STORE 1 FLAGS (x X y x)", "a STORE 1 FLAGS (x y)" },
	{ "a STORE 1 FLAGS (\\Recent \\seen)", "a STORE 1 FLAGS (\\Seen)" },
	{ "a STORE 1 FLAGS (NIL)", NULL },
	{ "a STORE 1 FLAGS (\\Bad)", "BAD" },
	{ "a STORE 1 FLAGS (a])", "BAD" },
	{ "a STORE 1 FLAGS (\xF0\x9F\x98\x80)", "BAD" },
	{ "a STORE 1 FLAGS (\\)", "BAD" },
	{ "a STORE 1 FLAGS (12345678901234567890123456789012345678901234567890)", NULL },
	{ "a STORE 1 FLAGS (123456789012345678901234567890123456789012345678901)", "NO LIMIT" },
	{ "a STORE 1 FLAGS", "BAD" },
	{ "a STORE 1 FLAGS ", "BAD" },
	{ "a STORE 1 FLAGSX ()", "BAD" },
	{ "a STORE 1 *FLAGS ()", "BAD" },
	{ "a STORE FLAGS ()", "BAD" },
	{ "a STORE 0 FLAGS ()", "BAD" },
	{ "a UID STORE 4,$ FLAGS ()", "BAD" },
	{ "a UID STORE $ FLAGS ()", NULL },
	{ "a STORE 1 (UNCHANGEDSINCE 0) FLAGS ()", NULL },
	{ "a STORE 1 (unchangedsince 9223372036854775807) +FLAGS (x)", "a STORE 1 (UNCHANGEDSINCE 9223372036854775807) +FLAGS (x)" },
	{ "a STORE 1 (UNCHANGEDSINCE 9223372036854775808) FLAGS ()", "BAD" },
	{ "a STORE 1 (X 1) FLAGS ()", "BAD" },
	{ "a STORE 1 (UNCHANGEDSINCE 1)", "BAD" },
	{ "a COPY 1:3 box", NULL },
	{ "a UID COPY 1:3 \"a b\"", NULL },
	{ "a MOVE *:5 inbox", "a MOVE *:5 INBOX" },
	{ "a COPY 1:3", "BAD" },
	{ "a COPY box 1:3", "BAD" },
	{ "a COPY 1:3 a b", "BAD" },
	{ "a EXPUNGE", NULL },
	{ "a EXPUNGE 1", "BAD" },
	{ "a UID EXPUNGE", "BAD" },
	{ "a UID EXPUNGE 3000:3002", NULL },
};

/* ---- RFC 5256 5, RFC 5957 5, RFC 5267 3 ---- */

static const struct row sorts[] = {
	{ "a SORT (SUBJECT) UTF-8 SINCE 1-Feb-1994", NULL },
	{ "a sort (subject reverse date) \"utf-8\" all", "a SORT (SUBJECT REVERSE DATE) utf-8 ALL" },
	{ "a UID SORT (ARRIVAL CC DATE DISPLAYFROM DISPLAYTO FROM SIZE SUBJECT TO) US-ASCII 1:3 UID 4", NULL },
	{ "a SORT (DATE REVERSE DATE SIZE DATE) UTF-8 ALL", "a SORT (DATE SIZE) UTF-8 ALL" },
	{ "a SORT RETURN () (DATE) UTF-8 ALL", "a SORT RETURN (ALL) (DATE) UTF-8 ALL" },
	{ "a SORT RETURN (MIN MAX COUNT SAVE PARTIAL -1:-9) (DATE) UTF-8 OR SEEN NOT (FLAGGED)", NULL },
	{ "a SORT (DATE) {5}\r\nUTF-8 ALL", "a SORT (DATE) UTF-8 ALL" },
	{ "a SORT RETURN (ALL PARTIAL 1:2) (DATE) UTF-8 ALL", "BAD" },
	{ "a SORT RETURN (X) (DATE) UTF-8 ALL", "BAD" },
	{ "a SORT RETURN (ALL)", "BAD" },
	{ "a SORT", "BAD" },
	{ "a SORT ", "BAD" },
	{ "a SORT ()", "BAD" },
	{ "a SORT () UTF-8 ALL", "BAD" },
	{ "a SORT DATE UTF-8 ALL", "BAD" },
	{ "a SORT (DATE", "BAD" },
	{ "a SORT (DATE )", "BAD" },
	{ "a SORT (DATE) UTF-8", "BAD" },
	{ "a SORT (DATE) UTF-8 ", "BAD" },
	{ "a SORT (DATE) \"\" ALL", "BAD" },
	{ "a SORT (DATE)UTF-8 ALL", "BAD" },
	{ "a SORT (REVERSE) UTF-8 ALL", "BAD" },
	{ "a SORT (REVERSE REVERSE DATE) UTF-8 ALL", "BAD" },
	{ "a SORT (DATEX) UTF-8 ALL", "BAD" },
	{ "a SORT (DATE) UTF-8 X", "BAD" },
	/* RFC 5267 5, RFC 5465 8 */
	{ "a SEARCH RETURN (UPDATE) ALL", NULL },
	{ "a SEARCH RETURN (context) ALL", "a SEARCH RETURN (CONTEXT) ALL" },
	{ "a UID SEARCH RETURN (UPDATE COUNT CONTEXT) DELETED", "a UID SEARCH RETURN (COUNT CONTEXT UPDATE) DELETED" },
	{ "a UID SEARCH RETURN (PARTIAL 1:500 CONTEXT UPDATE) UNDELETED UNKEYWORD $Junk", NULL },
	{ "a SEARCH RETURN (PARTIAL 500:400) ALL", "a SEARCH RETURN (PARTIAL 400:500) ALL" },
	{ "a SEARCH RETURN (PARTIAL 0:4) ALL", "BAD" },
	{ "a SEARCH RETURN (PARTIAL 1:*) ALL", "BAD" },
	{ "a SEARCH RETURN (PARTIAL 1) ALL", "BAD" },
	{ "a SEARCH RETURN (UPDATE UPDATE) ALL", "a SEARCH RETURN (UPDATE) ALL" },
	{ "a SEARCH RETURN (COUNT UPDATE (UID BODY[HEADER.FIELDS (TO FROM)])) FROM boss",
	  "a SEARCH RETURN (COUNT UPDATE (UID BODY[HEADER.FIELDS (TO FROM)])) FROM boss" },
	{ "a SEARCH RETURN (UPDATE (FLAGS) COUNT) ALL", "a SEARCH RETURN (COUNT UPDATE (UID FLAGS)) ALL" },
	{ "a SEARCH RETURN (UPDATE(FLAGS)) ALL", "a SEARCH RETURN (UPDATE (UID FLAGS)) ALL" },
	{ "a SEARCH RETURN (UPDATE ()) ALL", "BAD" },
	{ "a SEARCH RETURN (UPDATE (NOTHING)) ALL", "BAD" },
	{ "a SEARCH RETURN (UPDATE (FLAGS) ALL", "BAD" },
	{ "a SEARCH RETURN (CONTEXT (FLAGS)) ALL", "BAD" },
	{ "a UID SORT RETURN (COUNT CONTEXT UPDATE) (DATE) UTF-8 ALL", NULL },
	{ "a CANCELUPDATE \"B01\"", NULL },
	{ "a cancelupdate \"B01\" \"b\\\"2\"", "a CANCELUPDATE \"B01\" \"b\\\"2\"" },
	{ "a CANCELUPDATE", "BAD" },
	{ "a CANCELUPDATE ", "BAD" },
	{ "a CANCELUPDATE B01", "BAD" },
	{ "a CANCELUPDATE \"B01\" ", "BAD" },
	{ "a CANCELUPDATE \"B01\"\"B02\"", "BAD" },
	{ "a UID CANCELUPDATE \"B01\"", "UNKNOWN" },
	{ "a THREAD REFERENCES UTF-8 SINCE 5-Mar-2000", NULL },
	{ "a uid thread orderedsubject us-ascii text gewp", "a UID THREAD ORDEREDSUBJECT us-ascii TEXT gewp" },
	{ "a THREAD REFS UTF-8 ALL", "BAD" }, /* not offered */
	{ "a THREAD (REFERENCES) UTF-8 ALL", "BAD" },
	{ "a THREAD REFERENCES", "BAD" },
	{ "a THREAD REFERENCES UTF-8", "BAD" },
	{ "a THREAD REFERENCES ALL", "BAD" },
	{ "a THREAD", "BAD" },
	{ "a THREAD ", "BAD" },
};

static const struct {
	const struct row *row;
	size_t n;
} tables[] = {
#define TABLE(t) { (t), sizeof(t) / sizeof *(t) }
	TABLE(heads), TABLE(logins), TABLE(mailboxes), TABLE(lists), TABLE(messages), TABLE(sorts),
};

START_TEST(every_production_means_what_the_rfc_says)
{
	for (size_t i = 0; i < tables[_i].n; i++)
		check_row(&tables[_i].row[i], &plain);
}
END_TEST

/* ---- what rows cannot say ---- */

/* A06: BAD carries the tag if there is one */
START_TEST(a_broken_command_keeps_its_tag)
{
	struct imap_command c;
	const char *why;

	ck_assert_int_eq(parse(GW_S("a1 LOGIN \"x"), &plain, &c, &why), IMAP_PARSE_BAD);
	ck_assert_slice_eq(c.tag, "a1");
	ck_assert_slice_eq(c.name, "LOGIN");
	ck_assert_int_eq(parse(GW_S("a1"), &plain, &c, &why), IMAP_PARSE_BAD);
	ck_assert_slice_eq(c.tag, "a1");
	ck_assert_int_eq(parse(GW_S("a+1 NOOP"), &plain, &c, &why), IMAP_PARSE_BAD);
	ck_assert_slice_eq(c.tag, "");
	ck_assert_int_eq(parse(GW_S("a1 XYZZY y"), &plain, &c, &why), IMAP_PARSE_UNKNOWN);
	ck_assert_slice_eq(c.tag, "a1");
	ck_assert_slice_eq(c.name, "XYZZY");
	ck_assert_ptr_null(c.syntax);
	ck_assert_int_eq(parse(GW_S("a1 UID SELECT y"), &plain, &c, &why), IMAP_PARSE_UNKNOWN);
	ck_assert(c.uid);
}
END_TEST

START_TEST(nul_is_refused_wherever_it_stands)
{
	static const char line[] = "a LOGIN {3}\r\njoe \"x\"";

	for (size_t i = 0; i < sizeof line - 1; i++) {
		char copy[sizeof line];
		struct imap_command c;
		const char *why;

		memcpy(copy, line, sizeof line);
		copy[i] = '\0';
		ck_assert_int_ne(parse(gw_slice(copy, sizeof line - 1), &plain, &c, &why), IMAP_PARSE_OK);
	}
}
END_TEST

START_TEST(long_strings_are_refused_at_the_limit)
{
	char line[400];

	for (int n = 99; n <= 101; n++) {
		struct imap_command c;
		const char *why;
		enum imap_parse_result expected = n <= 100 ? IMAP_PARSE_OK : IMAP_PARSE_BAD;

		snprintf(line, sizeof line, "a LOGIN %0*d x", n, 0);
		ck_assert_int_eq(parse(gw_slice_str(line), &plain, &c, &why), expected);
		snprintf(line, sizeof line, "a LOGIN \"%0*d\" x", n, 0);
		ck_assert_int_eq(parse(gw_slice_str(line), &plain, &c, &why), expected);
		snprintf(line, sizeof line, "a LIST \"\" \"%0*d\"", n, 0);
		ck_assert_int_eq(parse(gw_slice_str(line), &plain, &c, &why), expected);
		snprintf(line, sizeof line, "a LOGIN {%d}\r\n%0*d x", n, n, 0); /* has the framer's limit */
		ck_assert_int_eq(parse(gw_slice_str(line), &plain, &c, &why), IMAP_PARSE_OK);
	}
}
END_TEST

/* RFC 6855, RFC 9051 5.1 */
START_TEST(with_utf8_strings_are_utf8)
{
	static const struct row rows[] = {
		{ "a SELECT \"\xC3\xA4\"", NULL },
		{ "a SELECT {2}\r\n\xC3\xA4", "a SELECT \"\xC3\xA4\"" },
		{ "a SELECT \"\xC3\"", "BAD" },
		{ "a SELECT {1}\r\n\xC3", "NO CANNOT" },
		{ "a SELECT &AOQ-", NULL },
		{ "a LIST \"\" \"\xC3\xA4*\"", NULL },
		{ "a LOGIN \"\xFF\" x", "BAD" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		check_row(&rows[i], &utf8);
}
END_TEST

/* RFC 9051 Appendix E */
START_TEST(with_rev2_nothing_is_recent)
{
	static const struct row rows[] = {
		{ "a STATUS box (MESSAGES)", NULL },
		{ "a STATUS box (MESSAGES RECENT)", "BAD" },
		{ "a LIST \"\" * RETURN (STATUS (RECENT))", "BAD" },
		{ "a SEARCH RECENT", "BAD" },
		{ "a SEARCH NOT NEW", "BAD" },
		{ "a UID SEARCH RETURN (MIN) (OLD SEEN)", "BAD" },
		{ "a SORT (ARRIVAL) UTF-8 NEW", "BAD" },
	};
	struct imap_command c;
	const char *why;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		check_row(&rows[i], &rev2);
	ck_assert_int_eq(parse(GW_S("a SEARCH SEEN"), &rev2, &c, &why), IMAP_PARSE_OK);
	ck_assert(c.search.esearch);
	ck_assert_uint_eq(c.search.ret, IMAP_RETURN_ALL);
	ck_assert_int_eq(parse(GW_S("a SEARCH RETURN (MIN) SEEN"), &rev2, &c, &why), IMAP_PARSE_OK);
	ck_assert_uint_eq(c.search.ret, IMAP_RETURN_MIN);
	ck_assert_int_eq(parse(GW_S("a SEARCH SEEN"), &utf8, &c, &why), IMAP_PARSE_OK);
	ck_assert(!c.search.esearch);
}
END_TEST

/* RFC 9051 6.3.9.7 */
START_TEST(with_rev2_the_spelling_of_a_name_is_kept)
{
	static const struct {
		const char *line, *supplied;
	} rows[] = {
		{ "a SELECT INBOX", "" },
		{ "a SELECT inbox", "inbox" },
		{ "a DELETE \"a\xCC\x88\"", "a\xCC\x88" },
		{ "a DELETE \"\xC3\xA4\"", "" },
		{ "a CREATE box/", "" },
		{ "a CREATE \"a\xCC\x88/\"", "a\xCC\x88" },
		{ "a RENAME one two", "one" },
		{ "a RENAME \"a\xCC\x88\" two", "a\xCC\x88" },
		{ "a RENAME one \"a\xCC\x88\"", "one" },
		{ "a APPEND Inbox/x {4}", "Inbox/x" },
	};
	struct imap_command c;
	const char *why;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		ck_assert_int_eq(parse(gw_slice_str(rows[i].line), &rev2, &c, &why), IMAP_PARSE_OK);
		ck_assert_slice_eq(c.supplied, rows[i].supplied);
	}
}
END_TEST

/* D13, RFC 2971 3.3(c) */
START_TEST(id_has_the_limits_of_its_rfc)
{
	char line[4000];

	for (int n = 29; n <= 31; n++) {
		struct imap_command c;
		const char *why;
		int len = snprintf(line, sizeof line, "a ID (");

		for (int i = 0; i < n; i++)
			len += snprintf(line + len, sizeof line - (size_t)len, "%s\"f%d\" \"v\"", i ? " " : "", i);
		snprintf(line + len, sizeof line - (size_t)len, ")");
		ck_assert_int_eq(parse(gw_slice_str(line), &plain, &c, &why), n <= 30 ? IMAP_PARSE_OK : IMAP_PARSE_BAD);
		snprintf(line, sizeof line, "a ID (\"%0*d\" NIL)", n, 0);
		ck_assert_int_eq(parse(gw_slice_str(line), &plain, &c, &why), n <= 30 ? IMAP_PARSE_OK : IMAP_PARSE_BAD);
	}
	for (int n = 1023; n <= 1025; n++) {
		struct imap_command c;
		const char *why;

		snprintf(line, sizeof line, "a ID (\"name\" \"%0*d\")", n, 0);
		ck_assert_int_eq(parse(gw_slice_str(line), &plain, &c, &why), n <= 1024 ? IMAP_PARSE_OK : IMAP_PARSE_BAD);
	}
}
END_TEST

/* A line with n of an item. */
static struct gw_slice repeated(const char *head, const char *item, size_t n, const char *tail)
{
	char *p = gw_arena_alloc(&arena, strlen(head) + n * (strlen(item) + 24) + strlen(tail) + 1), *to = p;

	to += sprintf(to, "%s", head);
	for (size_t i = 0; i < n; i++)
		to += sprintf(to, "%s%s%zu", i ? " " : "", item, i);
	to += sprintf(to, "%s", tail);
	return gw_slice(p, (size_t)(to - p));
}

/* F05, E05 */
START_TEST(keywords_and_patterns_are_limited)
{
	struct imap_command c;
	const char *why;

	for (size_t n = IMAP_KEYWORDS_MAX - 1; n <= IMAP_KEYWORDS_MAX + 1; n++) {
		enum imap_parse_result r = parse(repeated("a STORE 1 FLAGS (", "k", n, ")"), &plain, &c, &why);

		ck_assert_int_eq(r, n <= IMAP_KEYWORDS_MAX ? IMAP_PARSE_OK : IMAP_PARSE_NO);
	}
	for (size_t n = IMAP_PATTERNS_MAX - 1; n <= IMAP_PATTERNS_MAX + 1; n++) {
		enum imap_parse_result r = parse(repeated("a LIST \"\" (", "k", n, ")"), &plain, &c, &why);

		ck_assert_int_eq(r, n <= IMAP_PATTERNS_MAX ? IMAP_PARSE_OK : IMAP_PARSE_NO);
	}
	ck_assert_int_eq(parse(repeated("a STORE 1 FLAGS (", "k", 10000, ")"), &plain, &c, &why), IMAP_PARSE_NO);
}
END_TEST

START_TEST(names_of_notify_are_limited_in_all_groups_together)
{
	struct imap_command c;
	const char *why;

	for (size_t n = IMAP_CHOICE_NAMES_MAX - 1; n <= IMAP_CHOICE_NAMES_MAX + 1; n++) {
		enum imap_parse_result want = n <= IMAP_CHOICE_NAMES_MAX ? IMAP_PARSE_OK : IMAP_PARSE_NO;
		const char *tail = ") (MailboxName))";

		ck_assert_int_eq(parse(repeated("a NOTIFY SET (MAILBOXES (", "k", n, tail), &plain, &c, &why), want);
		ck_assert_int_eq(parse(repeated("a NOTIFY SET (SUBTREE (a b) NONE) (MAILBOXES (", "k", n - 2, tail), &plain, &c, &why),
				 want);
	}
}
END_TEST

START_TEST(choices_of_mailboxes_of_esearch_are_limited)
{
	struct imap_command c;
	const char *why;

	for (size_t n = IMAP_CHOICE_NAMES_MAX - 1; n <= IMAP_CHOICE_NAMES_MAX + 1; n++) {
		enum imap_parse_result want = n <= IMAP_CHOICE_NAMES_MAX ? IMAP_PARSE_OK : IMAP_PARSE_NO;

		ck_assert_int_eq(parse(repeated("a ESEARCH IN (MAILBOXES (", "k", n, ")) ALL"), &plain, &c, &why), want);
		ck_assert_int_eq(parse(repeated("a ESEARCH IN (SUBTREE (a b) MAILBOXES (", "k", n - 2, ")) ALL"), &plain, &c, &why), want);
	}
	for (size_t n = IMAP_CHOICES_MAX - 1; n <= IMAP_CHOICES_MAX + 1; n++) {
		enum imap_parse_result want = n <= IMAP_CHOICES_MAX ? IMAP_PARSE_OK : IMAP_PARSE_NO;

		ck_assert_int_eq(parse(repeated("a ESEARCH IN (", "MAILBOXES k", n, ") ALL"), &plain, &c, &why), want);
	}
}
END_TEST

START_TEST(lsub_knows_where_its_pattern_stops)
{
	struct imap_command c;
	const char *why;

	parse(GW_S("a LSUB \"\" %"), &plain, &c, &why);
	ck_assert(c.list.stops_at_level);
	parse(GW_S("a LSUB \"\" a/%"), &plain, &c, &why);
	ck_assert(c.list.stops_at_level);
	parse(GW_S("a LSUB \"\" *"), &plain, &c, &why);
	ck_assert(!c.list.stops_at_level);
	parse(GW_S("a LSUB \"\" \"\""), &plain, &c, &why);
	ck_assert(!c.list.stops_at_level);
}
END_TEST

/* RFC 3502, RFC 6855 4 */
START_TEST(what_stands_behind_a_message_is_its_end_or_another)
{
	struct imap_command c;
	const char *why;
	bool end;

	ck_assert_int_eq(parse(GW_S("a APPEND box (\\Seen) {3}"), &plain, &c, &why), IMAP_PARSE_OK);
	ck_assert_int_eq(imap_parse_append_more(GW_S(" (\\Draft x) \"17-Jul-1996 02:44:25 -0700\" {5+}"), &c, &end, &why),
			 IMAP_PARSE_OK);
	ck_assert(!end);
	ck_assert_uint_eq(c.append.flags.system, GW_FLAG_DRAFT);
	ck_assert_uint_eq(c.append.flags.n_keywords, 1);
	ck_assert_int_eq(c.append.date, 837596665);
	ck_assert_uint_eq(c.append.literal.size, 5);
	ck_assert(c.append.literal.nonsync);
	ck_assert_int_eq(imap_parse_append_more(GW_S(""), &c, &end, &why), IMAP_PARSE_OK);
	ck_assert(end);
	ck_assert_int_eq(imap_parse_append_more(GW_S(" "), &c, &end, &why), IMAP_PARSE_BAD);
	ck_assert_int_eq(imap_parse_append_more(GW_S("x"), &c, &end, &why), IMAP_PARSE_BAD);
	ck_assert_int_eq(imap_parse_append_more(GW_S(")"), &c, &end, &why), IMAP_PARSE_BAD);
	ck_assert_int_eq(parse(GW_S("a APPEND box UTF8 (~{3}"), &plain, &c, &why), IMAP_PARSE_OK);
	ck_assert_int_eq(imap_parse_append_more(GW_S(")"), &c, &end, &why), IMAP_PARSE_OK);
	ck_assert(end);
	ck_assert_int_eq(imap_parse_append_more(GW_S(""), &c, &end, &why), IMAP_PARSE_BAD);
	/* RFC 4469 5 */
	ck_assert_int_eq(parse(GW_S("a APPEND box CATENATE (TEXT {3}"), &plain, &c, &why), IMAP_PARSE_OK);
	ck_assert(c.append.catenate && !c.append.continues && !c.append.whole);
	ck_assert_int_eq(imap_parse_append_more(GW_S(" URL x URL {7}"), &c, &end, &why), IMAP_PARSE_OK);
	ck_assert(!end && c.append.continues && c.append.url_literal);
	ck_assert_uint_eq(c.append.n_urls, 1);
	ck_assert_uint_eq(c.append.literal.size, 7);
	ck_assert_int_eq(imap_parse_append_more(GW_S(" UTF8 (~{5+}"), &c, &end, &why), IMAP_PARSE_OK);
	ck_assert(!end && c.append.utf8 && !c.append.url_literal && c.append.n_urls == 0);
	ck_assert_int_eq(imap_parse_append_more(GW_S(")) (\\Seen) CATENATE (URL y)"), &c, &end, &why), IMAP_PARSE_OK);
	ck_assert(!end && c.append.whole);
	ck_assert_int_eq(imap_parse_append_rest(&c, &end, &why), IMAP_PARSE_OK);
	ck_assert(!end && c.append.whole && !c.append.continues);
	ck_assert_uint_eq(c.append.flags.system, GW_FLAG_SEEN);
	ck_assert_int_eq(imap_parse_append_rest(&c, &end, &why), IMAP_PARSE_OK);
	ck_assert(end);
	ck_assert_int_eq(parse(GW_S("a APPEND box CATENATE (TEXT {3}"), &plain, &c, &why), IMAP_PARSE_OK);
	ck_assert_int_eq(imap_parse_append_more(GW_S(""), &c, &end, &why), IMAP_PARSE_BAD);
	ck_assert_int_eq(imap_parse_append_more(GW_S(" "), &c, &end, &why), IMAP_PARSE_BAD);
	ck_assert_int_eq(imap_parse_append_more(GW_S("URL x)"), &c, &end, &why), IMAP_PARSE_BAD);
	/* RFC 8508 4.7 */
	ck_assert_int_eq(parse(GW_S("a REPLACE 3 box {3}"), &plain, &c, &why), IMAP_PARSE_OK);
	ck_assert_int_eq(imap_parse_append_more(GW_S(""), &c, &end, &why), IMAP_PARSE_OK);
	ck_assert(end);
	ck_assert_int_eq(imap_parse_append_more(GW_S(" {5}"), &c, &end, &why), IMAP_PARSE_BAD);
}
END_TEST

static TCase *tcase_parse(void)
{
	TCase *tc = tcase_create("parse");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, every_production_means_what_the_rfc_says, 0, (int)(sizeof tables / sizeof *tables));
	tcase_add_test(tc, a_broken_command_keeps_its_tag);
	tcase_add_test(tc, nul_is_refused_wherever_it_stands);
	tcase_add_test(tc, long_strings_are_refused_at_the_limit);
	tcase_add_test(tc, with_utf8_strings_are_utf8);
	tcase_add_test(tc, with_rev2_nothing_is_recent);
	tcase_add_test(tc, with_rev2_the_spelling_of_a_name_is_kept);
	tcase_add_test(tc, id_has_the_limits_of_its_rfc);
	tcase_add_test(tc, keywords_and_patterns_are_limited);
	tcase_add_test(tc, names_of_notify_are_limited_in_all_groups_together);
	tcase_add_test(tc, choices_of_mailboxes_of_esearch_are_limited);
	tcase_add_test(tc, lsub_knows_where_its_pattern_stops);
	tcase_add_test(tc, what_stands_behind_a_message_is_its_end_or_another);
	return tc;
}

UNIT_MAIN("imap/parse", tcase_parse())
