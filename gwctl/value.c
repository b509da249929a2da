/* value.c - members of answers as text (see value.h) */
#include "gwctl/value.h"

#include "log/log.h"
#include "util/num.h"

#include <time.h>

static void put_safe_text(struct gw_buf *out, struct gw_slice text)
{
	gw_log_escape(out, text, SIZE_MAX / 8);
}

/* ---- numbers ---- */

void value_put_size(struct gw_buf *out, uint64_t v)
{
	char text[32];

	gw_buf_printf(out, "%s", v ? gw_put_size(text, sizeof text, v) : "0");
}

static void put_size_limit(struct gw_buf *out, uint64_t v)
{
	if (v)
		value_put_size(out, v);
	else
		gw_buf_add_char(out, '-');
}

static void put_limit(struct gw_buf *out, uint64_t v)
{
	if (v)
		gw_buf_printf(out, "%llu", (unsigned long long)v);
	else
		gw_buf_add_char(out, '-');
}

static void put_time(struct gw_buf *out, uint64_t v)
{
	time_t t = (time_t)v;
	struct tm tm;
	char text[32];

	if (v && v < UINT64_C(1) << 40 && localtime_r(&t, &tm) && strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &tm))
		gw_buf_printf(out, "%s", text);
	else
		gw_buf_add_char(out, '-');
}

void value_put_span(struct gw_buf *out, uint64_t v)
{
	unsigned long long s = v;

	if (s < 60)
		gw_buf_printf(out, "%llus", s);
	else if (s < 3600)
		gw_buf_printf(out, "%llum%02llus", s / 60, s % 60);
	else if (s < 86400)
		gw_buf_printf(out, "%lluh%02llum", s / 3600, s / 60 % 60);
	else
		gw_buf_printf(out, "%llud%02lluh", s / 86400, s / 3600 % 24);
}

void value_put_us(struct gw_buf *out, uint64_t v)
{
	if (v < 1000)
		gw_buf_printf(out, "%u us", (unsigned)v);
	else if (v < 10000)
		gw_buf_printf(out, "%.2f ms", (double)v / 1e3);
	else if (v < 1000000)
		gw_buf_printf(out, "%.0f ms", (double)v / 1e3);
	else if (v < 60000000)
		gw_buf_printf(out, "%.2f s", (double)v / 1e6);
	else
		value_put_span(out, v / 1000000);
}

static void put_ms(struct gw_buf *out, uint64_t v)
{
	value_put_us(out, v < UINT64_MAX / 1000 ? v * 1000 : v);
}

/* How numbers are shown, by the name of the member or its end; others as they are. */
static const struct {
	const char *name;
	bool end;     /* the name ends so */
	bool is_unit; /* the end says nothing more than what is shown */
	void (*put)(struct gw_buf *out, uint64_t v);
} shapes[] = {
	{ "storage_limit", false, false, put_size_limit }, { "messages_limit", false, false, put_limit },
	{ "_bytes", true, true, value_put_size }, { "size", true, false, value_put_size },
	{ "bytes", true, false, value_put_size }, { "bytes_in", true, false, value_put_size },
	{ "bytes_out", true, false, value_put_size }, { "memory", true, false, value_put_size },
	{ "storage", false, false, value_put_size },
	{ "created", false, false, put_time }, { "changed", false, false, put_time },
	{ "loaded", false, false, put_time }, { "not_before", false, false, put_time }, { "not_after", false, false, put_time },
	{ "started", false, false, put_time }, { "since", false, false, put_time }, { "until", false, false, put_time },
	{ "connected", false, false, put_time }, { "expires", false, false, put_time }, { "_at", true, true, put_time },
	{ "time", false, false, put_time }, { "last", false, false, put_time }, { "first", false, false, put_time },
	{ "_us", true, true, value_put_us }, { "_ms", true, true, put_ms }, { "_s", true, true, value_put_span },
	{ "idle", false, false, value_put_span }, { "age", false, false, value_put_span },
	{ "uptime", false, false, value_put_span },
};
#define SHAPES (sizeof shapes / sizeof *shapes)

static size_t shape_of(struct gw_slice key)
{
	size_t i = 0;

	for (; i < SHAPES; i++) {
		struct gw_slice name = gw_slice_str(shapes[i].name);

		if (gw_slice_eq(key, name))
			break;
		if (shapes[i].end && key.n > name.n && gw_slice_eq(gw_slice(key.p + key.n - name.n, name.n), name))
			break;
	}
	return i;
}

static bool put_number(struct gw_buf *out, const struct gw_ctl_member *m)
{
	size_t shape = shape_of(m->key);
	uint64_t v;

	if (shape == SHAPES || !gw_parse_u64(m->value, &v))
		return false;
	shapes[shape].put(out, v);
	return true;
}

/* ---- all kinds ---- */

/* "a=1 b=2" of an object, "a, b" of an array. */
static void put_nested(struct gw_buf *out, struct gw_arena *arena, struct gw_slice json)
{
	bool object = json.p[0] == '{', any = false;
	struct gw_ctl_member m;

	while (gw_ctl_json_next(&json, arena, &m) > 0) {
		if (any)
			gw_buf_printf(out, object ? " " : ", ");
		any = true;
		if (object) {
			put_safe_text(out, m.key);
			gw_buf_add_char(out, '=');
		}
		if (m.kind == GW_CTL_JSON_NESTED)
			put_safe_text(out, m.value);
		else
			value_put(out, arena, &m);
	}
	if (!any)
		gw_buf_add_char(out, '-');
}

void value_put(struct gw_buf *out, struct gw_arena *arena, const struct gw_ctl_member *m)
{
	switch (m->kind) {
	case GW_CTL_JSON_BOOL:
		gw_buf_printf(out, "%s", gw_slice_eq(m->value, GW_S("true")) ? "yes" : "no");
		break;
	case GW_CTL_JSON_NULL:
		gw_buf_add_char(out, '-');
		break;
	case GW_CTL_JSON_NUMBER:
		if (!put_number(out, m))
			put_safe_text(out, m->value);
		break;
	case GW_CTL_JSON_NESTED:
		put_nested(out, arena, m->value);
		break;
	case GW_CTL_JSON_STRING:
		if (m->value.n)
			put_safe_text(out, m->value);
		else
			gw_buf_add_char(out, '-');
	}
}

void value_put_plain(struct gw_buf *out, const struct gw_ctl_member *m)
{
	if (m->kind == GW_CTL_JSON_NESTED)
		gw_log_escape_json(out, m->value);
	else if (m->kind != GW_CTL_JSON_NULL)
		put_safe_text(out, m->value);
}

/* ---- names ---- */

static struct gw_slice without_unit(struct gw_slice key)
{
	size_t shape = shape_of(key);

	if (shape < SHAPES && shapes[shape].is_unit)
		key.n -= strlen(shapes[shape].name);
	return key;
}

void value_put_title(struct gw_buf *out, struct gw_slice key, bool unit)
{
	struct gw_slice shown = unit ? key : without_unit(key);
	size_t at = out->n;

	put_safe_text(out, shown);
	for (; at < out->n; at++)
		out->p[at] = out->p[at] == '_' ? ' ' : gw_upper(out->p[at]);
}

static bool same_name(struct gw_slice key, struct gw_slice asked)
{
	if (key.n != asked.n)
		return false;
	for (size_t i = 0; i < key.n; i++) {
		char a = gw_lower(key.p[i]), b = gw_lower(asked.p[i]);

		if (a != b && !(a == '_' && (b == '-' || b == ' ')))
			return false;
	}
	return true;
}

bool value_named(struct gw_slice key, struct gw_slice asked)
{
	return same_name(key, asked) || same_name(without_unit(key), asked);
}

/* ---- colours ---- */

static const char *const shaded_keys[] = { "state", "status", "result", "verdict", "level", "severity", "health", "enabled",
	"event", "ok", "outcome" };

static const struct {
	const char *word;
	enum shade shade;
} shades[] = {
	{ "running", SHADE_GOOD }, { "ok", SHADE_GOOD }, { "up", SHADE_GOOD }, { "pass", SHADE_GOOD }, { "yes", SHADE_GOOD },
	{ "accepted", SHADE_GOOD }, { "healthy", SHADE_GOOD }, { "live", SHADE_GOOD }, { "selected", SHADE_GOOD },
	{ "draining", SHADE_WARN }, { "warning", SHADE_WARN }, { "warn", SHADE_WARN }, { "degraded", SHADE_WARN },
	{ "restart", SHADE_WARN }, { "waiting", SHADE_WARN }, { "skipped", SHADE_DIM }, { "unknown", SHADE_DIM },
	{ "idle", SHADE_DIM }, { "closing", SHADE_WARN }, { "error", SHADE_BAD }, { "err", SHADE_BAD }, { "fail", SHADE_BAD },
	{ "failed", SHADE_BAD }, { "refused", SHADE_BAD }, { "rejected", SHADE_BAD }, { "down", SHADE_BAD },
	{ "critical", SHADE_BAD }, { "banned", SHADE_BAD }, { "no", SHADE_BAD }, { "problem", SHADE_BAD },
	{ "fatal", SHADE_BAD },
};

enum shade value_shade(struct gw_slice key, const char *text)
{
	bool shaded = false;

	for (size_t i = 0; i < sizeof shaded_keys / sizeof *shaded_keys; i++)
		shaded |= gw_slice_eq(key, gw_slice_str(shaded_keys[i]));
	for (size_t i = 0; shaded && i < sizeof shades / sizeof *shades; i++)
		if (gw_slice_eqi(gw_slice_str(text), gw_slice_str(shades[i].word)))
			return shades[i].shade;
	return SHADE_NONE;
}

const char *shade_code(enum shade s)
{
	static const char *const codes[] = { "\033[0m", "\033[32m", "\033[33m", "\033[31m", "\033[2m", "\033[1m" };

	return codes[s];
}
