/* ctl.h - the control protocol of gatewayd's UNIX socket, both sides, without the socket
 *
 * Lines of text, ended by LF. The server greets, then answers each request in order:
 *
 *	S: GATEWAY 1 version=0.1.0 level=admin
 *	C: user add name=anna password="two words"
 *	S: OK {}
 *	C: user list
 *	S: D {"name":"anna","enabled":true}
 *	S: OK {"users":1}
 *	C: user show name=bert
 *	S: ERR not-found there is no user "bert"
 *
 * A request is a verb of verbs.h and name=value arguments in any order. A value without blanks, quotes, backslashes,
 * control and 8-bit bytes may stand as it is; any value may stand in double quotes, with \" \\ \n \r \t \xHH inside. An
 * answer is any number of D lines with a JSON object each, then OK with a JSON object or ERR with a code (a word of
 * gw_code_name()) and a sentence. A client must ignore members it does not know. The member "exit" behind OK is what a
 * program that asks for a script should exit with.
 *
 * A line "cancel" ends the request that is being answered when it is read: its answer ends soon, mostly with ERR
 * interrupted. It has no answer of its own, and does nothing when there is nothing to end.
 *
 * Thread: owner. */
#ifndef GW_CTL_CTL_H
#define GW_CTL_CTL_H

#include "ctl/verbs.h"
#include "util/arena.h"
#include "util/buf.h"
#include "util/err.h"
#include "util/json.h"
#include "util/out.h"

#define GW_CTL_PROTOCOL 1
#define GW_CTL_LINE_MAX (16u * 1024)       /* octets of a request without its LF */
#define GW_CTL_REPLY_MAX (1024u * 1024)    /* octets of a line of an answer */

/* ---- lines, for both sides ---- */

/* Input that is cut into lines. What was taken out is wiped: it may have held a password. */
struct gw_ctl_in {
	struct gw_buf buf;
	size_t max;  /* longest line */
	size_t seen; /* octets known to hold no LF */
	size_t used; /* octets of the line handed out last */
};

/* max: longest line, octets. */
void gw_ctl_in_init(struct gw_ctl_in *in, size_t max);
void gw_ctl_in_done(struct gw_ctl_in *in);

/* Put bytes in, at most max at a time; then call gw_ctl_in_next() until it says no. False: a line is too long, give up
 * the connection. */
bool gw_ctl_in_add(struct gw_ctl_in *in, struct gw_slice bytes);

/* The next complete line without its line end (LF or CRLF), valid until the next call. */
bool gw_ctl_in_next(struct gw_ctl_in *in, struct gw_slice *ret);

/* The same, and leave it there. */
bool gw_ctl_in_peek(struct gw_ctl_in *in, struct gw_slice *ret);

/* Is there as much as may wait while a request is answered? Then put nothing in. */
bool gw_ctl_in_full(const struct gw_ctl_in *in);

/* ---- server: requests ---- */

struct gw_ctl_request {
	const struct gw_ctl_verb *verb;
	struct gw_slice value[GW_CTL_PARAMS_MAX]; /* by the verb's params; checked against their types */
	uint64_t number[GW_CTL_PARAMS_MAX];       /* of UINT, SIZE (bytes), SPAN (seconds), SESSION, BOOL (0, 1) */
	bool given[GW_CTL_PARAMS_MAX];
};

/* Read a request of a caller with this level. Values live in arena (wiped by nobody: use a short-lived arena and
 * gw_ctl_request_wipe()). GW_EINVAL: syntax, unknown verb or argument, wrong type, missing argument; GW_EACCES: the
 * level is too low. err has the sentence for gw_ctl_err(). Empty lines and lines that begin with # are GW_ENOENT:
 * ignore them. On failure of the level *ret has the verb, for the audit; otherwise it is untouched. */
int gw_ctl_parse(struct gw_slice line, enum gw_ctl_level level, struct gw_arena *arena, struct gw_ctl_request *ret,
		 struct gw_err *err);

/* Is it the line that ends the request before it? Not a request itself. */
bool gw_ctl_is_cancel(struct gw_slice line);

/* Values by the name of the parameter. Asking for a name that the verb does not have is a bug. */
bool gw_ctl_given(const struct gw_ctl_request *r, const char *name);
struct gw_slice gw_ctl_slice(const struct gw_ctl_request *r, const char *name);     /* empty when not given */
uint64_t gw_ctl_number(const struct gw_ctl_request *r, const char *name, uint64_t otherwise);
bool gw_ctl_flag(const struct gw_ctl_request *r, const char *name);                 /* false when not given */

/* The request as it may be logged: secrets are "***". */
void gw_ctl_redacted(const struct gw_ctl_request *r, struct gw_buf *out);

/* Overwrite the secrets of a request. */
void gw_ctl_request_wipe(struct gw_ctl_request *r);

/* ---- server: answers ---- */

void gw_ctl_put_greeting(struct gw_out *out, const char *version, enum gw_ctl_level level);

struct gw_ctl_reply {
	struct gw_out *out;
	struct gw_buf line;
	struct gw_json json;
};

void gw_ctl_reply_init(struct gw_ctl_reply *r, struct gw_out *out); /* keeps out; no fields to set */
void gw_ctl_reply_done(struct gw_ctl_reply *r);

/* Begin a D line: write the members of its object with gw_json_*() into what is returned, then gw_ctl_end(). A line
 * that would pass GW_CTL_REPLY_MAX is replaced by {"truncated":true}. */
struct gw_json *gw_ctl_row(struct gw_ctl_reply *r);

/* Begin the OK line that ends an answer; close it with gw_ctl_end() too. */
struct gw_json *gw_ctl_ok(struct gw_ctl_reply *r);
void gw_ctl_end(struct gw_ctl_reply *r);

/* "OK {}" */
void gw_ctl_ok_empty(struct gw_ctl_reply *r);

/* End an answer with ERR. code: a negative enum gw_code. Line ends and control bytes in the sentence become blanks. */
void gw_ctl_err(struct gw_ctl_reply *r, int code, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* The same from a filled err. */
void gw_ctl_fail(struct gw_ctl_reply *r, const struct gw_err *err);

/* The whole answer to GW_CTL_HELP: the rows that a caller of this level may use. */
void gw_ctl_put_help(struct gw_ctl_reply *r, enum gw_ctl_level level);

/* ---- client ---- */

struct gw_ctl_greeting {
	uint64_t protocol;
	char version[64];
	enum gw_ctl_level level;
};

bool gw_ctl_parse_greeting(struct gw_slice line, struct gw_ctl_greeting *ret);

/* A request: the verb, then arguments, then gw_ctl_put_end(). Values are quoted as needed. False when b is full. */
bool gw_ctl_put_verb(struct gw_buf *b, const struct gw_ctl_verb *v);
bool gw_ctl_put_arg(struct gw_buf *b, const char *name, struct gw_slice value);
bool gw_ctl_put_end(struct gw_buf *b);

enum gw_ctl_line { GW_CTL_LINE_DATA, GW_CTL_LINE_OK, GW_CTL_LINE_ERR, GW_CTL_LINE_BAD };

struct gw_ctl_answer {
	struct gw_slice json; /* of D and OK */
	struct gw_slice code; /* of ERR */
	struct gw_slice text; /* of ERR */
};

/* One line of an answer; slices point into it. GW_CTL_LINE_BAD: not the protocol. */
enum gw_ctl_line gw_ctl_parse_answer(struct gw_slice line, struct gw_ctl_answer *ret);

/* May the parameter have this value? *ret_number (may be NULL) as in gw_ctl_request.number. */
bool gw_ctl_value_ok(const struct gw_ctl_param *p, struct gw_slice text, uint64_t *ret_number);

/* What it may be, for a sentence: "a number", "one of: imap pop3". */
void gw_ctl_put_expected(const struct gw_ctl_param *p, struct gw_buf *out);

/* ---- client: reading the JSON of an answer ---- */

enum gw_ctl_json { GW_CTL_JSON_STRING, GW_CTL_JSON_NUMBER, GW_CTL_JSON_BOOL, GW_CTL_JSON_NULL, GW_CTL_JSON_NESTED };

struct gw_ctl_member {
	struct gw_slice key;   /* undone of escapes; empty in arrays */
	enum gw_ctl_json kind;
	struct gw_slice value; /* string: undone of escapes; others: as written */
};

/* Walk over the members of an object or the elements of an array: *in is the whole text at first and is moved along.
 * 1: *ret is filled, strings live in arena; 0: the end; negative: not JSON. Nested values are handed out whole, for a
 * walk of their own; depth is bounded. */
int gw_ctl_json_next(struct gw_slice *in, struct gw_arena *arena, struct gw_ctl_member *ret);

#endif
