/* json.c - writing JSON (see json.h) */
#include "util/json.h"

#include "util/utf8.h"

#include <math.h>

void gw_json_init(struct gw_json *j, struct gw_buf *out)
{
	*j = (struct gw_json){ .out = out };
}

static void put_escaped(struct gw_buf *out, struct gw_slice s)
{
	gw_buf_add_char(out, '"');
	while (s.n) {
		struct gw_slice before = s;
		uint32_t cp;

		if (!gw_utf8_next(&s, &cp))
			gw_buf_add(out, "\xEF\xBF\xBD", 3);
		else if (cp == '"' || cp == '\\')
			gw_buf_printf(out, "\\%c", (char)cp);
		else if (cp == '\n')
			gw_buf_add(out, "\\n", 2);
		else if (cp < 0x20 || (cp >= 0x7F && cp < 0xA0) || cp == 0x2028 || cp == 0x2029)
			gw_buf_printf(out, "\\u%04x", cp);
		else
			gw_buf_add(out, before.p, before.n - s.n);
	}
	gw_buf_add_char(out, '"');
}

static void put_key(struct gw_json *j, const char *key)
{
	if (j->comma)
		gw_buf_add_char(j->out, ',');
	j->comma = true;
	if (key) {
		put_escaped(j->out, gw_slice_str(key));
		gw_buf_add_char(j->out, ':');
	}
}

void gw_json_open(struct gw_json *j, const char *key, char bracket)
{
	put_key(j, key);
	gw_buf_add_char(j->out, bracket);
	j->comma = false;
}

void gw_json_close(struct gw_json *j, char bracket)
{
	gw_buf_add_char(j->out, bracket);
	j->comma = true;
}

void gw_json_string(struct gw_json *j, const char *key, struct gw_slice v)
{
	put_key(j, key);
	put_escaped(j->out, v);
}

void gw_json_str(struct gw_json *j, const char *key, const char *v)
{
	if (v) {
		gw_json_string(j, key, gw_slice_str(v));
		return;
	}
	put_key(j, key);
	gw_buf_add(j->out, "null", 4);
}

void gw_json_u64(struct gw_json *j, const char *key, uint64_t v)
{
	put_key(j, key);
	gw_buf_printf(j->out, "%llu", (unsigned long long)v);
}

void gw_json_i64(struct gw_json *j, const char *key, int64_t v)
{
	put_key(j, key);
	gw_buf_printf(j->out, "%lld", (long long)v);
}

void gw_json_f64(struct gw_json *j, const char *key, double v)
{
	if (!isfinite(v)) {
		gw_json_str(j, key, NULL);
		return;
	}
	put_key(j, key);
	gw_buf_printf(j->out, "%.6g", v);
}

void gw_json_bool(struct gw_json *j, const char *key, bool v)
{
	put_key(j, key);
	gw_buf_printf(j->out, "%s", v ? "true" : "false");
}
