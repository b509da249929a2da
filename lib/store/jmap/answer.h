/* answer.h - what the takers of answers share: finding a call's arguments, and values that are checked */
#ifndef GW_STORE_JMAP_ANSWER_H
#define GW_STORE_JMAP_ANSWER_H

#include "store/jmap/ids.h"
#include "store/jmap/json.h"
#include "store/jmap/wire.h"

#define JMAP_STATE_MAX 1024 /* octets of a state string */

/* The arguments of call's answer whose name ends in `method` ("Email/get", "/changes"), when they are of `account`.
 * GW_ECORRUPT: there is none, or it is of another account; an answer that is an error gives its code. */
int jmap_args(const struct jmap_answer *a, unsigned call, const char *method, struct gw_slice account,
	struct json_value *ret, struct gw_err *err);

/* The same without an account, for one object of a set; absent when there is none. */
struct json_value jmap_args_of(const struct jmap_answer *a, unsigned call);
/* Does the name of call's answer end so? */
bool jmap_answers(const struct jmap_answer *a, unsigned call, const char *method);

/* A failure as an object with type, description and existingId tells it; what is no such object is JMAP_ERR_OTHER. */
void jmap_failure_read(struct json_value v, struct jmap_failure *ret);
/* A failure of ours: the answer is not what it should be. type: a literal. */
void jmap_failure_corrupt(struct gw_slice type, struct jmap_failure *ret);

/* Where values come from (for the sentence), and where they go. */
struct jmap_taker {
	const char *what; /* "Email/get" */
	struct gw_arena *arena;
	struct gw_err *err;
};

/* Members of an object that must be what they are called; GW_ECORRUPT. Text is copied into the arena. */
int jmap_want_id(const struct jmap_taker *t, struct json_value object, const char *name, struct gw_slice *ret);
int jmap_want_uint(const struct jmap_taker *t, struct json_value object, const char *name, uint64_t *ret);
int jmap_want_bool(const struct jmap_taker *t, struct json_value object, const char *name, bool *ret);
int jmap_want_state(const struct jmap_taker *t, struct json_value object, const char *name, struct gw_slice *ret);
/* Text of 1..max octets without NUL. */
int jmap_want_text(
	const struct jmap_taker *t, struct json_value object, const char *name, size_t max, struct gw_slice *ret);
/* The same, perhaps empty. */
int jmap_want_any_text(
	const struct jmap_taker *t, struct json_value object, const char *name, size_t max, struct gw_slice *ret);

/* May be absent or null: *ret is left alone then. */
int jmap_may_id(const struct jmap_taker *t, struct json_value object, const char *name, struct gw_slice *ret);
int jmap_may_uint(const struct jmap_taker *t, struct json_value object, const char *name, uint64_t *ret);
int jmap_may_state(const struct jmap_taker *t, struct json_value object, const char *name, struct gw_slice *ret);

/* An array or object of at most JMAP_OBJECTS_MAX entries; the type JSON_ARRAY also for null and absent when `null` is.
 */
int jmap_want_list(const struct jmap_taker *t, struct json_value object, const char *name, enum json_type type,
	bool null, struct json_value *ret);
/* A list of ids, each once. */
int jmap_want_ids(const struct jmap_taker *t, struct json_value object, const char *name, bool null,
	struct gw_slice **ret, size_t *ret_n);

/* "inbox" ...; NULL for none. */
const char *jmap_role_name(enum jmap_role role);

#endif
