/* json.h - reading JSON (RFC 8259, and RFC 7493 as RFC 8620 1.5 asks) that a storage server wrote
 *
 * A text is checked as a whole and becomes a flat list of nodes over one copy of the text, in which strings are decoded
 * in place: two blocks of memory whatever the server sends, and no string is copied twice. Strict: UTF-8 only, no lone
 * surrogates, no member twice in an object, nothing behind the value, JSON_DEPTH levels, JSON_NODES values. Writing is
 * util/json.h. */
#ifndef GW_STORE_JMAP_JSON_H
#define GW_STORE_JMAP_JSON_H

#include "util/err.h"
#include "util/slice.h"

#define JSON_DEPTH    64
#define JSON_NODES    (4u << 20)		/* 64 MiB of nodes */
#define JSON_TEXT_MAX (256u << 20)		/* octets of a text */
#define JSON_INT_MAX  ((UINT64_C(1) << 53) - 1) /* RFC 8620 1.3 */

enum json_type { JSON_ABSENT, JSON_NULL, JSON_FALSE, JSON_TRUE, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

struct json;

/* A value inside a text that was read, or the absence of one (in NULL), of which everything can be asked too. */
struct json_value {
	struct json *in;
	uint32_t at;
};

/* GW_ECORRUPT with what is wrong and where. Free *ret with json_free(). */
int json_read(struct gw_slice text, struct json **ret, struct gw_err *err);
void json_free(struct json *j); /* NULL is fine */

struct json_value json_root(struct json *j);
enum json_type json_type(struct json_value v);

/* The decoded text of a string, which may hold NUL; empty for everything else. Lives as long as the text. */
struct gw_slice json_text(struct json_value v);

/* A whole number of 0..2^53-1, written without fraction and exponent. */
bool json_uint(struct json_value v, uint64_t *ret);

/* The member of an object; absent when there is none or v is no object. Big objects are searched by halving. */
struct json_value json_member(struct json_value v, struct gw_slice name);

/* Elements of an array or members of an object; 0 for everything else. */
size_t json_count(struct json_value v);

/* Does the array hold this string? By halving after json_sort(), which may be called for everything. */
bool json_holds(struct json_value array, struct gw_slice text);
void json_sort(struct json_value array);

/* for (struct json_iter it = json_each(v); json_next(&it);) ... elements or members, in the order of the text. */
struct json_iter {
	struct gw_slice name; /* of a member */
	struct json_value value;
	uint32_t next, left;
	bool named;
};
struct json_iter json_each(struct json_value v);
bool json_next(struct json_iter *it);

#endif
