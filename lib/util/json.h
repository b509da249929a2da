/* json.h - writing JSON (RFC 8259) for logs and machine-readable answers
 *
 * A flat writer into a gw_buf: the caller opens and closes; commas are put by themselves. Strings
 * that are not valid UTF-8 come out with U+FFFD in place of the bad bytes. */
#ifndef GW_UTIL_JSON_H
#define GW_UTIL_JSON_H

#include "util/buf.h"

struct gw_json {
	struct gw_buf *out;
	bool comma; /* the next value needs one in front */
};

void gw_json_init(struct gw_json *j, struct gw_buf *out);

/* key is NULL inside arrays and at the top. */
void gw_json_open(struct gw_json *j, const char *key, char bracket); /* '{' or '[' */
void gw_json_close(struct gw_json *j, char bracket);                 /* '}' or ']' */
void gw_json_string(struct gw_json *j, const char *key, struct gw_slice v);
void gw_json_str(struct gw_json *j, const char *key, const char *v); /* NULL gives null */
void gw_json_u64(struct gw_json *j, const char *key, uint64_t v);
void gw_json_i64(struct gw_json *j, const char *key, int64_t v);
void gw_json_f64(struct gw_json *j, const char *key, double v);        /* 6 digits; what is no number gives null */
void gw_json_bool(struct gw_json *j, const char *key, bool v);

#endif
