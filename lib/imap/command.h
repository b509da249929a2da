/* command.h - a command of the client, understood
 *
 * imap_parse() (parse.h) makes one of a framed line. Everything in it lives in its arena, so the line it came from
 * may go. Mailbox names are the store's already (UTF-8, INBOX in capitals); other strings are the client's bytes. */
#ifndef GW_IMAP_COMMAND_H
#define GW_IMAP_COMMAND_H

#include "imap/seqset.h"
#include "imap/token.h"
#include "store/store.h"

enum imap_verb_id {
	IMAP_VERB_NONE, /* not understood */
	IMAP_VERB_CAPABILITY,
	IMAP_VERB_NOOP,
	IMAP_VERB_LOGOUT,
	IMAP_VERB_ID,
	IMAP_VERB_STARTTLS,
	IMAP_VERB_AUTHENTICATE,
	IMAP_VERB_LOGIN,
	IMAP_VERB_ENABLE,
	IMAP_VERB_LANGUAGE,
	IMAP_VERB_COMPARATOR,
	IMAP_VERB_COMPRESS,
	IMAP_VERB_UNAUTHENTICATE,
	IMAP_VERB_SELECT,
	IMAP_VERB_EXAMINE,
	IMAP_VERB_CREATE,
	IMAP_VERB_DELETE,
	IMAP_VERB_RENAME,
	IMAP_VERB_SUBSCRIBE,
	IMAP_VERB_UNSUBSCRIBE,
	IMAP_VERB_LIST,
	IMAP_VERB_LSUB,
	IMAP_VERB_RLIST,
	IMAP_VERB_RLSUB,
	IMAP_VERB_XLIST,
	IMAP_VERB_NAMESPACE,
	IMAP_VERB_STATUS,
	IMAP_VERB_APPEND,
	IMAP_VERB_IDLE,
	IMAP_VERB_NOTIFY,
	IMAP_VERB_GETQUOTA,
	IMAP_VERB_GETQUOTAROOT,
	IMAP_VERB_SETQUOTA,
	IMAP_VERB_MYRIGHTS,
	IMAP_VERB_GETACL,
	IMAP_VERB_LISTRIGHTS,
	IMAP_VERB_SETACL,
	IMAP_VERB_DELETEACL,
	IMAP_VERB_GETMETADATA,
	IMAP_VERB_SETMETADATA,
	IMAP_VERB_CHECK,
	IMAP_VERB_CLOSE,
	IMAP_VERB_UNSELECT,
	IMAP_VERB_EXPUNGE,
	IMAP_VERB_SEARCH,
	IMAP_VERB_ESEARCH,
	IMAP_VERB_SORT,
	IMAP_VERB_THREAD,
	IMAP_VERB_CANCELUPDATE,
	IMAP_VERB_FETCH,
	IMAP_VERB_STORE,
	IMAP_VERB_COPY,
	IMAP_VERB_MOVE,
	IMAP_VERB_XAOL_MOVE,
	IMAP_VERB_REPLACE,
	IMAP_VERB_UIDBATCHES,
	IMAP_VERB_GETJMAPACCESS,
	IMAP_VERBS,
};

/* ---- limits of the grammar (those of size are the framer's) ---- */

#define IMAP_LIST_ITEMS_MAX 10000 /* elements of one parenthesised list */
#define IMAP_KEYWORD_MAX 50       /* octets of a keyword */
#define IMAP_KEYWORDS_MAX 256     /* keywords in one command */
#define IMAP_SEARCH_KEYS_MAX 1000
#define IMAP_SEARCH_DEPTH_MAX 32
#define IMAP_PATTERNS_MAX 1000    /* of one LIST */
#define IMAP_FETCH_ITEMS_MAX 1000
#define IMAP_ID_PAIRS_MAX 30      /* RFC 2971 3.3 */
#define IMAP_ID_FIELD_MAX 30
#define IMAP_ID_VALUE_MAX 1024
#define IMAP_CATENATE_URLS_MAX 500 /* in one line of CATENATE */
#define IMAP_SECTION_PARTS_MAX 200 /* numbers in BODY[1.2.3]: no message is nested that deep */

/* A window into a result (RFC 9394): lo and hi count from 1, or both from the end as -1, -2 ...; 4:2 is the same as 2:4 */
struct imap_window {
	bool set;
	int64_t lo, hi; /* |lo| <= |hi| */
};

/* ---- LOGIN, AUTHENTICATE ---- */

struct imap_login {
	struct gw_slice user, password;
};

struct imap_authenticate {
	struct gw_slice mechanism;
	struct gw_slice initial; /* base64 as it was sent; "=" has become "" (RFC 4959) */
	bool has_initial;
};

/* ---- mailboxes ---- */

struct imap_select { /* SELECT, EXAMINE: mailbox is in the command */
	bool condstore;  /* (CONDSTORE), RFC 7162 3.1.8 */
	bool qresync;    /* (QRESYNC (uidvalidity modseq [known-uids] [(seqs uids)])), RFC 7162 3.2.5 */
	uint32_t uidvalidity;
	uint64_t modseq;
	bool has_known_uids;
	struct imap_seqset known_uids;
	bool has_match;
	struct imap_seqset match_seqs, match_uids;
	bool annotate;   /* (ANNOTATE), RFC 5257 4.2 */
	bool objectid;   /* (OBJECTID [(MAILBOXID id ACCOUNTID id)]), OBJECTID+ 7.1 */
	struct gw_slice mailboxid, accountid; /* n 0: not given */
};

struct imap_create {
	unsigned special; /* GW_MBOX_* of USE (RFC 6154) */
};

struct imap_rename {
	struct gw_slice from, to;
};

/* Options of LIST; each is used as a selection or return option or both (RFC 5258, RFC 5819, RFC 6154). */
enum imap_list_option {
	IMAP_LIST_SUBSCRIBED = 1 << 0,     /* selection, return */
	IMAP_LIST_REMOTE = 1 << 1,         /* selection */
	IMAP_LIST_RECURSIVEMATCH = 1 << 2, /* selection */
	IMAP_LIST_SPECIAL_USE = 1 << 3,    /* selection, return */
	IMAP_LIST_CHILDREN = 1 << 4,       /* return */
	IMAP_LIST_STATUS = 1 << 5,         /* return */
	IMAP_LIST_METADATA = 1 << 6,       /* return (RFC 9590) */
	IMAP_LIST_MYRIGHTS = 1 << 7,       /* return (RFC 8440) */
};

enum imap_status_item {
	IMAP_STATUS_MESSAGES = 1 << 0,
	IMAP_STATUS_RECENT = 1 << 1,
	IMAP_STATUS_UIDNEXT = 1 << 2,
	IMAP_STATUS_UIDVALIDITY = 1 << 3,
	IMAP_STATUS_UNSEEN = 1 << 4,
	IMAP_STATUS_SIZE = 1 << 5,            /* RFC 8438 */
	IMAP_STATUS_DELETED = 1 << 6,         /* RFC 9051 */
	IMAP_STATUS_DELETED_STORAGE = 1 << 7, /* RFC 9208 */
	IMAP_STATUS_HIGHESTMODSEQ = 1 << 8,   /* RFC 7162 */
	IMAP_STATUS_MAILBOXID = 1 << 9,       /* RFC 8474 */
	IMAP_STATUS_APPENDLIMIT = 1 << 10,    /* RFC 7889 */
	IMAP_STATUS_OBJECTID = 1 << 11,       /* OBJECTID+ 7.4 */
};

/* ---- annotations (RFC 5464) ---- */

#define IMAP_METADATA_ENTRIES_MAX 500 /* in one command */
#define IMAP_DEPTH_INFINITY 2u

struct imap_metadata_entry {
	struct gw_slice name;  /* as the client wrote it */
	struct gw_slice key;   /* in small letters, as the store has it */
	struct gw_slice value; /* of SETMETADATA; p NULL: NIL */
};

struct imap_metadata_list {
	struct imap_metadata_entry *v;
	size_t n;
};

struct imap_metadata { /* GETMETADATA, SETMETADATA */
	bool server;      /* the mailbox is "" */
	bool has_maxsize, has_depth;
	uint32_t maxsize; /* octets */
	unsigned depth;   /* 0, 1, IMAP_DEPTH_INFINITY */
	struct imap_metadata_list entries;
};

/* ---- annotations of messages (RFC 5257) ---- */

#define IMAP_ANNOTATIONS_MAX 200       /* values in one list of STORE or APPEND */
#define IMAP_ANNOTATION_ENTRIES_MAX 100 /* names in one item of FETCH */
#define IMAP_ANNOTATION_ITEMS_MAX 10   /* such items in one FETCH */
#define IMAP_ANNOTATION_KEYS_MAX 20    /* of one SEARCH, and as many criteria of one SORT */

enum imap_annotation_attribute {
	IMAP_ANNOTATION_VALUE_PRIV = 1 << 0,
	IMAP_ANNOTATION_VALUE_SHARED = 1 << 1,
	IMAP_ANNOTATION_SIZE_PRIV = 1 << 2,
	IMAP_ANNOTATION_SIZE_SHARED = 1 << 3,
	IMAP_ANNOTATION_VALUES = IMAP_ANNOTATION_VALUE_PRIV | IMAP_ANNOTATION_VALUE_SHARED,
};

struct imap_annotation_entry {
	struct gw_slice name;
	bool wild;            /* it has * or % */
	const uint32_t *part; /* "/1.2/comment" has 1, 2 */
	size_t n_part;
};

struct imap_annotations { /* what is written */
	struct gw_annotation *v;
	struct imap_annotation_entry *entry; /* of each of v */
	size_t n;
	bool parts; /* some are of parts */
};

struct imap_annotation_query { /* what is asked for; each name once */
	const struct imap_annotation_entry *entry;
	size_t n;
	unsigned attributes; /* enum imap_annotation_attribute */
	bool parts;
};

struct imap_acl { /* LISTRIGHTS, SETACL, DELETEACL */
	struct gw_slice identifier;
	struct gw_slice rights; /* of SETACL, without + or - */
};

struct imap_list { /* LIST, LSUB */
	struct gw_slice reference;       /* UTF-8 */
	const struct gw_slice *patterns; /* UTF-8. Those that no name can match (bad mUTF-7) are left out */
	size_t n_patterns;
	unsigned select;                 /* enum imap_list_option */
	unsigned ret;
	unsigned status;                 /* enum imap_status_item, with IMAP_LIST_STATUS in ret */
	struct imap_metadata_list metadata; /* with IMAP_LIST_METADATA in ret */
	bool extended;                   /* it had options or a list of patterns: RFC 5258 answers are wanted */
	bool stops_at_level;             /* LSUB: the pattern ends with %, RFC 3501 6.3.9 */
};

struct imap_status_command {
	unsigned items; /* enum imap_status_item */
};

struct imap_quota_limit {
	struct gw_slice resource;
	uint64_t limit;
};

struct imap_quota { /* GETQUOTA, SETQUOTA (RFC 9208); GETQUOTAROOT has only a mailbox */
	struct gw_slice root;
	const struct imap_quota_limit *limit;
	size_t n;
};

/* ---- messages ---- */

struct imap_flags {
	uint64_t system;                 /* GW_FLAG_* of the low byte; \Recent is left out: no client can change it */
	const struct gw_slice *keywords; /* each once, ASCII case ignored; spelled as the client does */
	size_t n_keywords;
};

struct imap_append { /* one message of APPEND or REPLACE; the mailbox is in the command */
	struct imap_seqset replaces; /* REPLACE: one number; else empty */
	struct imap_flags flags;
	int64_t date;                /* INTERNALDATE, seconds since 1970 UTC; INT64_MIN: none given */
	struct imap_annotations annotations; /* RFC 5257 4.7 */
	struct imap_literal literal; /* the octets that follow */
	bool utf8;                   /* UTF8 (~{n} ...): a ")" follows the literal (RFC 6855 4) */
	/* CATENATE (RFC 4469), as far as one line says it: URLs, and then a literal or the end of the list. */
	bool catenate;
	bool continues;              /* the line goes on with the list of the message before */
	const struct gw_slice *url;
	size_t n_urls;
	bool url_literal;            /* the literal is a URL */
	bool whole;                  /* the list has ended: there is no literal */
	struct gw_slice rest;        /* whole: what stands behind the list, for imap_parse_append_rest() */
};

struct imap_copy { /* COPY, MOVE: to the mailbox in the command */
	struct imap_seqset set;
};

struct imap_expunge { /* EXPUNGE has none, UID EXPUNGE has a set (RFC 4315) */
	bool has_set;
	struct imap_seqset set;
};

struct imap_store {
	struct imap_seqset set;
	enum gw_flag_how how;
	bool silent;
	bool conditional;         /* (UNCHANGEDSINCE n), RFC 7162 3.1.3 */
	uint64_t unchanged_since;
	struct imap_flags flags;
	struct imap_annotations annotations; /* instead of flags; n 0: none (RFC 5257 4.5) */
};

/* ---- FETCH ---- */

enum imap_fetch_kind {
	IMAP_FETCH_UID,
	IMAP_FETCH_FLAGS,
	IMAP_FETCH_INTERNALDATE,
	IMAP_FETCH_SIZE,          /* RFC822.SIZE */
	IMAP_FETCH_MODSEQ,        /* RFC 7162 */
	IMAP_FETCH_EMAILID,       /* RFC 8474 */
	IMAP_FETCH_THREADID,
	IMAP_FETCH_OBJECTID,      /* both, OBJECTID+ 7.5 */
	IMAP_FETCH_SAVEDATE,      /* RFC 8514 */
	IMAP_FETCH_PREVIEW,       /* RFC 8970 */
	IMAP_FETCH_ANNOTATION,    /* RFC 5257 */
	IMAP_FETCH_ENVELOPE,
	IMAP_FETCH_BODY,          /* BODY without []: the structure without extension data */
	IMAP_FETCH_BODYSTRUCTURE,
	IMAP_FETCH_SECTION,       /* BODY[...], RFC822, RFC822.HEADER, RFC822.TEXT */
	IMAP_FETCH_BINARY,        /* BINARY[1.2] (RFC 3516) */
	IMAP_FETCH_BINARY_SIZE,
	IMAP_FETCH_KINDS,
};

enum imap_section_text {
	IMAP_SECTION_ALL,        /* BODY[], BODY[1.2] */
	IMAP_SECTION_HEADER,
	IMAP_SECTION_FIELDS,     /* HEADER.FIELDS */
	IMAP_SECTION_FIELDS_NOT, /* HEADER.FIELDS.NOT */
	IMAP_SECTION_TEXT,
	IMAP_SECTION_MIME,
};

struct imap_section {
	enum imap_section_text text;
	const uint32_t *part; /* BODY[1.2.TEXT] has 1, 2 */
	size_t n_part;
	const struct gw_slice *fields;
	size_t n_fields;
};

struct imap_fetch_item {
	enum imap_fetch_kind kind;
	bool peek;                 /* does not set \Seen: .PEEK, RFC822.HEADER */
	bool lazy;                 /* PREVIEW (LAZY) */
	bool partial;              /* <offset.count> */
	uint64_t offset, count;    /* at most 2^63-1 each, count >= 1 */
	struct imap_section section;
	const struct imap_annotation_query *annotation;
	struct gw_slice label;     /* as the response calls it: "FLAGS", "BODY[1.HEADER.FIELDS (TO CC)]<0>" */
};

struct imap_fetch {
	struct imap_seqset set;
	/* In the order asked for; macros are expanded, doublets left out. What a command implies is there as if asked
	 * for: UID with UID FETCH, MODSEQ with CHANGEDSINCE. */
	const struct imap_fetch_item *item;
	size_t n;
	unsigned kinds;            /* bit 1 << kind for each kind in item */
	bool sets_seen;            /* one of them is not .PEEK */
	bool has_changed_since;    /* (CHANGEDSINCE n), RFC 7162 3.1.4.1 */
	uint64_t changed_since;
	bool vanished;             /* RFC 7162 3.2.6: only with UID and CHANGEDSINCE */
	struct imap_window window; /* (PARTIAL 1:10), RFC 9394 */
};

/* ---- a choice of mailboxes (RFC 5465 6, RFC 7377 2.2) ---- */

enum imap_choice_who {
	IMAP_CHOICE_SELECTED,
	IMAP_CHOICE_SELECTED_DELAYED, /* NOTIFY */
	IMAP_CHOICE_INBOXES,
	IMAP_CHOICE_PERSONAL,
	IMAP_CHOICE_SUBSCRIBED,
	IMAP_CHOICE_SUBTREE,
	IMAP_CHOICE_SUBTREE_ONE,      /* ESEARCH */
	IMAP_CHOICE_MAILBOXES,
};

struct imap_choice {
	enum imap_choice_who who;
	const struct gw_slice *name; /* of SUBTREE, SUBTREE-ONE and MAILBOXES */
	size_t n_names;
};

#define IMAP_CHOICES_MAX 64        /* in one command */
#define IMAP_CHOICE_NAMES_MAX 1000 /* in all of them */

/* ---- NOTIFY (RFC 5465) ---- */

enum imap_event {
	IMAP_EVENT_NEW = 1 << 0, /* MessageNew */
	IMAP_EVENT_EXPUNGE = 1 << 1,
	IMAP_EVENT_FLAGS = 1 << 2,
	IMAP_EVENT_NAME = 1 << 3, /* MailboxName */
	IMAP_EVENT_SUBSCRIPTION = 1 << 4,
	IMAP_EVENT_METADATA = 1 << 5, /* MailboxMetadataChange */
	IMAP_EVENT_SERVER_METADATA = 1 << 6,
	IMAP_EVENT_ANNOTATION = 1 << 7, /* AnnotationChange: of messages */
	IMAP_EVENTS_OF_MESSAGES = IMAP_EVENT_NEW | IMAP_EVENT_EXPUNGE | IMAP_EVENT_FLAGS | IMAP_EVENT_ANNOTATION,
};

/* An event-group that is not about the selected mailbox. */
struct imap_notify_group {
	struct imap_choice of;
	unsigned events;
};

struct imap_notify {
	struct gw_slice text;    /* the arguments as they came: who wants to keep them reads them again */
	bool utf8;               /* how names in it are written */
	bool status;             /* SET STATUS */
	bool unknown;            /* there was an event that we do not know */
	bool delayed;            /* SELECTED-DELAYED */
	unsigned selected;       /* events of the selected mailbox */
	struct imap_fetch fetch; /* what MessageNew there brings; n 0: nothing */
	const struct imap_notify_group *group;
	size_t n_groups;
};

/* ---- SEARCH ----
 *
 * The keys are a tree, written down node before children; span is how many entries a node takes with all its
 * children, so the next sibling of key[i] is key[i + key[i].span]. key[0] is always an AND over everything.
 *
 *	OR SEEN NOT (FROM "joe" LARGER 9)   AND:7 OR:6 FLAG:1 NOT:4 AND:3 FROM:1 LARGER:1
 *
 * At most IMAP_SEARCH_KEYS_MAX entries, IMAP_SEARCH_DEPTH_MAX levels of AND, OR and NOT. */

enum imap_search_op {
	IMAP_KEY_AND,          /* any number of children; with fuzzy: FUZZY, one child */
	IMAP_KEY_OR,           /* two children */
	IMAP_KEY_NOT,          /* one child */
	IMAP_KEY_ALL,
	IMAP_KEY_SEQSET,       /* set: message numbers */
	IMAP_KEY_UID,          /* set: UIDs */
	IMAP_KEY_UIDAFTER,     /* number: a UID, RFC 9738 */
	IMAP_KEY_UIDBEFORE,
	IMAP_KEY_FLAG,         /* flag is set */
	IMAP_KEY_UNFLAG,       /* flag is not set */
	IMAP_KEY_KEYWORD,      /* text is set */
	IMAP_KEY_UNKEYWORD,
	IMAP_KEY_RECENT,
	IMAP_KEY_OLD,
	IMAP_KEY_NEW,          /* RECENT UNSEEN */
	IMAP_KEY_BEFORE,       /* day; INTERNALDATE */
	IMAP_KEY_ON,
	IMAP_KEY_SINCE,
	IMAP_KEY_SENTBEFORE,   /* day; Date: field */
	IMAP_KEY_SENTON,
	IMAP_KEY_SENTSINCE,
	IMAP_KEY_SAVEDBEFORE,  /* day; RFC 8514 */
	IMAP_KEY_SAVEDON,
	IMAP_KEY_SAVEDSINCE,
	IMAP_KEY_SAVEDATESUPPORTED,
	IMAP_KEY_OLDER,        /* number: seconds, RFC 5032 */
	IMAP_KEY_YOUNGER,
	IMAP_KEY_LARGER,       /* number: octets */
	IMAP_KEY_SMALLER,
	IMAP_KEY_MODSEQ,       /* number: at least this, RFC 7162 3.1.5 */
	IMAP_KEY_FILTER,       /* text: the name of a filter, RFC 5466; before a search begins it is replaced (filters.h) */
	IMAP_KEY_FROM,         /* text */
	IMAP_KEY_TO,
	IMAP_KEY_CC,
	IMAP_KEY_BCC,
	IMAP_KEY_SUBJECT,
	IMAP_KEY_HEADER,       /* field, text */
	IMAP_KEY_BODY,
	IMAP_KEY_TEXT,
	IMAP_KEY_EMAILID,      /* text, RFC 8474 */
	IMAP_KEY_THREADID,
	IMAP_KEY_ANNOTATION,   /* field: an entry, perhaps with wildcards; attributes; text, p NULL: NIL (RFC 5257 4.8) */
};

struct imap_search_key {
	enum imap_search_op op;
	uint32_t span;
	bool fuzzy;                     /* what is below matches about (RFC 6203) */
	union {
		uint64_t flag;          /* one GW_FLAG_* */
		uint64_t number;
		int64_t day;            /* 00:00 of that day as if in UTC, seconds since 1970 */
		struct imap_seqset set;
		struct {
			struct gw_slice field; /* HEADER */
			struct gw_slice text;  /* in the charset of the command */
			unsigned attributes;   /* ANNOTATION */
		};
	};
};

enum imap_search_return {
	IMAP_RETURN_MIN = 1 << 0, /* RFC 4731 */
	IMAP_RETURN_MAX = 1 << 1,
	IMAP_RETURN_ALL = 1 << 2,
	IMAP_RETURN_COUNT = 1 << 3,
	IMAP_RETURN_SAVE = 1 << 4, /* RFC 5182 */
	IMAP_RETURN_PARTIAL = 1 << 5, /* RFC 9394, RFC 5267 4.4 */
	IMAP_RETURN_UPDATE = 1 << 6,  /* RFC 5267 4.3 */
	IMAP_RETURN_CONTEXT = 1 << 7, /* RFC 5267 4.2 */
	IMAP_RETURN_HINTS = IMAP_RETURN_UPDATE | IMAP_RETURN_CONTEXT, /* bring nothing into the answer */
	IMAP_RETURN_RELEVANCY = 1 << 8, /* RFC 6203 */
};

enum imap_sort_key {
	IMAP_SORT_ARRIVAL, /* RFC 5256 */
	IMAP_SORT_CC,
	IMAP_SORT_DATE,
	IMAP_SORT_FROM,
	IMAP_SORT_SIZE,
	IMAP_SORT_SUBJECT,
	IMAP_SORT_TO,
	IMAP_SORT_DISPLAYFROM, /* RFC 5957 */
	IMAP_SORT_DISPLAYTO,
	IMAP_SORT_RELEVANCY, /* RFC 6203; the best first */
	IMAP_SORT_KEYS,
	IMAP_SORT_ANNOTATION = IMAP_SORT_KEYS, /* RFC 5257 4.9 */
};

struct imap_sort_criterion {
	enum imap_sort_key key;
	bool reverse;
	struct gw_slice entry; /* ANNOTATION */
	bool shared;
};

enum imap_thread_algorithm {
	IMAP_THREAD_ORDEREDSUBJECT,
	IMAP_THREAD_REFERENCES,
};

struct imap_search { /* SEARCH, ESEARCH, SORT, THREAD */
	const struct imap_choice *in;           /* ESEARCH: the mailboxes (RFC 7377 2.2); none: the selected one */
	size_t n_in;
	const struct imap_sort_criterion *sort; /* SORT: the first counts most; each key once, ANNOTATION once for each value */
	size_t n_sort;
	enum imap_thread_algorithm thread;      /* THREAD */
	const struct imap_search_key *key;
	size_t n;
	bool esearch;              /* RETURN (...) was there; RETURN () is RETURN (ALL) */
	unsigned ret;              /* enum imap_search_return */
	struct imap_window window; /* with IMAP_RETURN_PARTIAL */
	const struct imap_fetch *brings; /* UPDATE (...): data of messages that are new in the result (RFC 5465 7); or NULL */
	struct gw_slice brings_text;     /* the same as it came, behind the "(": who wants to keep it reads it again */
	struct gw_slice charset;   /* empty: none given */
	bool uses_modseq;          /* has a MODSEQ key: the answer carries MODSEQ (RFC 7162 3.1.5) */
};

struct imap_cancelupdate { /* RFC 5267 4.3.5 */
	const struct gw_slice *tag;
	size_t n;
};

struct imap_uidbatches { /* RFC 10022 */
	uint32_t size;         /* messages in each batch */
	uint32_t first, last;  /* which of them, counted from 1, from the newest messages on; 0: all */
};

/* ---- others ---- */

struct imap_id_pair {
	struct gw_slice field, value;
	bool nil; /* the value was NIL */
};

struct imap_id {
	const struct imap_id_pair *pair; /* a field that is named twice counts once, the first time */
	size_t n;                        /* 0 for NIL and () */
};

struct imap_enable {
	const struct gw_slice *capability;
	size_t n;
};

struct imap_words { /* LANGUAGE: ranges; COMPARATOR: names and patterns (RFC 5255 3.2, 4.7) */
	const struct gw_slice *v;
	size_t n; /* 0: which are there, which is it? */
};

/* ---- the command ---- */

struct imap_syntax;
struct imap_parse_ctx;

struct imap_command {
	struct gw_arena *arena;        /* everything below lives here */
	const struct imap_parse_ctx *ctx; /* only while it is parsed */
	struct gw_slice tag;           /* empty when there was no valid one: answer with `*` */
	struct gw_slice name;          /* the verb as the client wrote it (atom; perhaps unknown), without UID */
	enum imap_verb_id verb;
	const struct imap_syntax *syntax; /* the row of the verb, or NULL */
	bool uid;                      /* the `UID ` form */
	const char *code;              /* response code of a refusal (IMAP_PARSE_NO), without brackets */
	struct gw_slice mailbox;       /* of SELECT CREATE DELETE SUBSCRIBE STATUS APPEND REPLACE COPY GETQUOTAROOT ... */
	struct gw_slice supplied;      /* IMAP4rev2: the same as the client wrote it, if that differs; RENAME: the old name; or empty */
	union {
		struct imap_login login;
		struct imap_authenticate auth;
		struct imap_select select;
		struct imap_create create;
		struct imap_rename rename;
		struct imap_list list;
		struct imap_status_command status;
		struct imap_quota quota;
		struct imap_append append;
		struct imap_copy copy;
		struct imap_expunge expunge;
		struct imap_store store;
		struct imap_fetch fetch;
		struct imap_notify notify;
		struct imap_metadata metadata;
		struct imap_acl acl;
		struct imap_search search;
		struct imap_cancelupdate cancelupdate;
		struct imap_uidbatches uidbatches;
		struct imap_id id;
		struct imap_enable enable;
		struct imap_words words;
	};
};

#endif
