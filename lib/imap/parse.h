/* parse.h - from a framed line to a command (RFC 9051 section 9 and the extensions' grammars)
 *
 * The table of verbs is not here: verbs.c owns it, with one struct imap_syntax in each row, and gives imap_parse() a
 * way to look a name up. A row's parse function reads the arguments; that nothing stands behind them is checked
 * once, in imap_parse(). Work and memory are linear in the line; nothing recurses. Thread: any. */
#ifndef GW_IMAP_PARSE_H
#define GW_IMAP_PARSE_H

#include "imap/command.h"

/* Read the arguments of a verb from *in (at the blank behind its name, or empty) into *c, which is zeroed but for
 * what stands before its union. False: *why says what is wrong, for the client; with c->code set the command is
 * refused with NO rather than BAD. */
typedef bool (*imap_parse_fn)(struct gw_slice *in, struct imap_command *c, const char **why);

/* What the parser has to know of a verb; part of its row in verbs.c. */
struct imap_syntax {
	const char *name;     /* in capitals */
	enum imap_verb_id id;
	imap_parse_fn parse;
	enum imap_uid_form { IMAP_UID_NEVER, IMAP_UID_MAY } uid; /* does `UID name` exist? */
};

/* How a session reads at this moment. */
struct imap_parse_ctx {
	/* The row of a verb, its name in any ASCII case; NULL: there is none. */
	const struct imap_syntax *(*find)(struct gw_slice name);
	bool utf8;         /* ENABLE UTF8=ACCEPT or IMAP4rev2: names are UTF-8, quoted strings must be valid UTF-8 */
	bool rev2;         /* ENABLE IMAP4rev2: what is about \Recent does not exist, SEARCH answers with ESEARCH */
	size_t string_max; /* longest atom or quoted string, octets; 0: no limit of its own */
};

#define IMAP_STRING_MAX_PRELOGIN 1024
#define IMAP_STRING_MAX 8192

enum imap_parse_result {
	IMAP_PARSE_OK,
	IMAP_PARSE_BAD,     /* answer BAD with *why; c->tag and c->name are set if they could be read */
	IMAP_PARSE_NO,      /* well formed, but answer NO [c->code] with *why */
	IMAP_PARSE_UNKNOWN, /* BAD: no such verb (c->name), or not with UID (c->uid) */
};

/* Parse a framed line. arena: becomes the command's. Always fills *c (even if only with an empty tag) and, unless OK,
 * *why with a sentence that never quotes the client's bytes. */
enum imap_parse_result imap_parse(struct gw_slice line, struct gw_arena *arena, const struct imap_parse_ctx *ctx,
				  struct imap_command *c, const char **why);

/* What stands behind a literal of APPEND or REPLACE: *ret_end true: nothing (with c->append.utf8 after the ")"). Else
 * c->append is about what comes now: another message (MULTIAPPEND, RFC 3502), or with c->append.continues more of the list
 * of CATENATE. line: the framer's next COMMAND or STREAM. Results as imap_parse(). */
enum imap_parse_result imap_parse_append_more(struct gw_slice line, struct imap_command *c, bool *ret_end,
					      const char **why);

/* The same for what stands behind the list of CATENATE in the line that ended it (c->append.whole). */
enum imap_parse_result imap_parse_append_rest(struct imap_command *c, bool *ret_end, const char **why);

/* ---- the arguments of each verb ---- */

bool imap_parse_none(struct gw_slice *in, struct imap_command *c, const char **why); /* takes no arguments */
bool imap_parse_login(struct gw_slice *in, struct imap_command *c, const char **why);
bool imap_parse_authenticate(struct gw_slice *in, struct imap_command *c, const char **why);
bool imap_parse_compress(struct gw_slice *in, struct imap_command *c, const char **why);
bool imap_parse_mailbox(struct gw_slice *in, struct imap_command *c, const char **why); /* DELETE, SUBSCRIBE ... */
bool imap_parse_select(struct gw_slice *in, struct imap_command *c, const char **why);  /* and EXAMINE */
/* The GW_MBOX_* bit of "\\Sent" and the like, in any case; 0 when it is not known (RFC 6154 2, RFC 8457). */
unsigned imap_special_use(struct gw_slice name);

bool imap_parse_create(struct gw_slice *in, struct imap_command *c, const char **why);
bool imap_parse_rename(struct gw_slice *in, struct imap_command *c, const char **why);
bool imap_parse_list(struct gw_slice *in, struct imap_command *c, const char **why);
bool imap_parse_lsub(struct gw_slice *in, struct imap_command *c, const char **why);
bool imap_parse_status(struct gw_slice *in, struct imap_command *c, const char **why);
bool imap_parse_identifier(struct gw_slice *in, struct imap_command *c, const char **why);
bool imap_parse_setacl(struct gw_slice *in, struct imap_command *c, const char **why);
bool imap_parse_append(struct gw_slice *in, struct imap_command *c, const char **why);
bool imap_parse_replace(struct gw_slice *in, struct imap_command *c, const char **why);
bool imap_parse_expunge(struct gw_slice *in, struct imap_command *c, const char **why);
bool imap_parse_search(struct gw_slice *in, struct imap_command *c, const char **why);
bool imap_parse_esearch(struct gw_slice *in, struct imap_command *c, const char **why);
bool imap_parse_cancelupdate(struct gw_slice *in, struct imap_command *c, const char **why);
bool imap_parse_uidbatches(struct gw_slice *in, struct imap_command *c, const char **why);
bool imap_parse_sort(struct gw_slice *in, struct imap_command *c, const char **why);
bool imap_parse_thread(struct gw_slice *in, struct imap_command *c, const char **why);
bool imap_parse_fetch(struct gw_slice *in, struct imap_command *c, const char **why);
bool imap_parse_getmetadata(struct gw_slice *in, struct imap_command *c, const char **why);
bool imap_parse_setmetadata(struct gw_slice *in, struct imap_command *c, const char **why);
bool imap_parse_notify(struct gw_slice *in, struct imap_command *c, const char **why);
bool imap_parse_store(struct gw_slice *in, struct imap_command *c, const char **why);
bool imap_parse_copy(struct gw_slice *in, struct imap_command *c, const char **why); /* and MOVE */
bool imap_parse_id(struct gw_slice *in, struct imap_command *c, const char **why);
bool imap_parse_words(struct gw_slice *in, struct imap_command *c, const char **why);
bool imap_parse_enable(struct gw_slice *in, struct imap_command *c, const char **why);
bool imap_parse_getquota(struct gw_slice *in, struct imap_command *c, const char **why);
bool imap_parse_setquota(struct gw_slice *in, struct imap_command *c, const char **why);

/* ---- shared by the parse functions: like imap_get_x(), with the session's rules and a sentence in *why ---- */

bool imap_want_sp(struct gw_slice *in, const char **why);
bool imap_want_astring(struct gw_slice *in, struct imap_command *c, struct gw_slice *ret, const char **why);

/* A mailbox name, decoded. A name that cannot be one is a NO [CANNOT]. */
bool imap_want_mailbox(struct gw_slice *in, struct imap_command *c, struct gw_slice *ret, const char **why);

/* IMAP4rev2: keep the name as it came when it is spelled in another way than ours (RFC 9051 6.3.9.7). */
void imap_note_supplied(struct imap_command *c, struct gw_slice wire, struct gw_slice name);

bool imap_want_seqset(struct gw_slice *in, struct imap_command *c, struct imap_seqset *ret, const char **why);

/* "(" status-att *(SP status-att) ")" */
bool imap_want_status_items(struct gw_slice *in, const struct imap_command *c, unsigned *ret, const char **why);

/* flag-list in parentheses; bare: or flags without them (STORE). */
bool imap_want_flags(struct gw_slice *in, struct imap_command *c, bool bare, struct imap_flags *ret, const char **why);

/* entry / "(" entry *(SP entry) ")" (RFC 5464 5) */
bool imap_want_entries(struct gw_slice *in, struct imap_command *c, struct imap_metadata_list *ret, const char **why);

/* An entry's name: printable, no wildcards, no empty part. */
bool imap_is_entry(struct gw_slice s);

/* nstring / literal8; p NULL: NIL. */
bool imap_want_value(struct gw_slice *in, struct imap_command *c, struct gw_slice *ret, const char **why);

/* "(" entry-att *(SP entry-att) ")" (RFC 5257 5), behind what *ret has */
bool imap_want_annotations(struct gw_slice *in, struct imap_command *c, struct imap_annotations *ret, const char **why);

/* entry-match */
bool imap_want_annotation_match(struct gw_slice *in, struct imap_command *c, struct imap_annotation_entry *ret, const char **why);

/* SP "(" entries SP attribs ")": of FETCH */
bool imap_want_annotation_query(struct gw_slice *in, struct imap_command *c, const struct imap_annotation_query **ret, const char **why);

/* entry-match SP att-search SP value: of SEARCH */
bool imap_want_annotation_key(struct gw_slice *in, struct imap_command *c, struct imap_search_key *ret, const char **why);

/* SP entry SP att-sort: of SORT */
bool imap_want_annotation_sort(struct gw_slice *in, struct imap_command *c, struct imap_sort_criterion *ret, const char **why);

/* Does what stands between the mailbox of APPEND, or a message, and a literal end inside a list of annotations? Then the literal is
 * one of their values, and not the message. */
bool imap_ends_in_annotation(struct gw_slice in);

/* Behind an astring, whatever is in it; false: it ends with the line. */
bool imap_skip_astring(struct gw_slice *in);

/* fetch-att *(SP fetch-att) ")", behind the "(": what NOTIFY and UPDATE want of new messages. UID comes first, asked for or not. */
bool imap_want_fetch_items(struct gw_slice *in, struct imap_command *c, struct imap_fetch *ret, const char **why);

/* partial-range of RFC 9394: "1:10", "-1:-10" */
bool imap_want_window(struct gw_slice *in, struct imap_window *ret, const char **why);

/* search-return-opts of SEARCH and SORT, when they are there: "RETURN (...) " (RFC 4731, RFC 5267 3) */
bool imap_want_return(struct gw_slice *in, struct imap_command *c, const char **why);

/* filter-mailboxes (RFC 5465 8, RFC 7377 4). *names: of mailboxes so far, 0 at first. */
bool imap_want_choice(struct gw_slice *in, struct imap_command *c, size_t *names, struct imap_choice *ret, const char **why);

/* section-spec (RFC 3501 section 9) and the "]" behind it. */
bool imap_want_section(struct gw_slice *in, struct imap_command *c, struct imap_section *ret, const char **why);

/* search-key *(SP search-key) up to the end of the line, into c->search. */
bool imap_want_search_keys(struct gw_slice *in, struct imap_command *c, const char **why);

/* filter-name (RFC 5466 4) */
bool imap_get_filter_name(struct gw_slice *in, struct gw_slice *ret);

/* A growing array of slices in the command's arena, for lists of unknown length. */
struct imap_slices {
	struct gw_slice *v;
	size_t n, cap;
};

void imap_slices_add(struct imap_command *c, struct imap_slices *l, struct gw_slice s);

/* false, with the sentence; code: NO [code] instead of BAD. */
bool imap_fail_bad(const char **why, const char *text);
bool imap_fail_no(struct imap_command *c, const char *code, const char **why, const char *text);

#endif
