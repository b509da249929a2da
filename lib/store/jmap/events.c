/* events.c - the event stream: lines, fields and StateChange objects (RFC 8620 7.1, 7.3; WHATWG HTML 9.2) */
#include "store/jmap/answer.h"

#include "util/num.h"

#define EVENT_MAX     (1u << 20) /* octets of a line, and of an event's data */
#define RETRY_MAX_MS  3600000
#define TYPE_NAME_MAX 64

struct listener {
	void (*changed)(void *ctx, struct gw_slice account, struct gw_slice type, struct gw_slice state);
	void *ctx;
	struct gw_err *err;
};

void jmap_events_init(struct jmap_events *e)
{
	*e = (struct jmap_events){ 0 };
	gw_buf_init(&e->line, EVENT_MAX);
	gw_buf_init(&e->data, EVENT_MAX);
}

void jmap_events_done(struct jmap_events *e)
{
	gw_buf_done(&e->line);
	gw_buf_done(&e->data);
}

/* ---- what an event says ---- */

static int tell(const struct listener *l, struct gw_slice account, struct json_value types)
{
	if (!jmap_id_ok(account) || json_type(types) != JSON_OBJECT)
		return gw_fail(l->err, GW_ECORRUPT, "a StateChange whose accounts are none (RFC 8620 7.1)");
	for (struct json_iter it = json_each(types); json_next(&it);) {
		struct gw_slice state = json_text(it.value);

		if (it.name.n == 0 || it.name.n > TYPE_NAME_MAX || state.n == 0 || state.n > JMAP_STATE_MAX ||
			memchr(state.p, 0, state.n))
			return gw_fail(l->err, GW_ECORRUPT, "a StateChange with what is no state (RFC 8620 7.1)");
		l->changed(l->ctx, account, it.name, state);
	}
	return 0;
}

static int state_change(const struct listener *l, struct gw_slice data)
{
	struct json_value changed;
	struct json *json;
	int rc = json_read(data, &json, l->err);

	if (rc < 0)
		return rc;
	changed = json_member(json_root(json), GW_S("changed"));
	if (json_type(changed) != JSON_OBJECT)
		rc = gw_fail(l->err, GW_ECORRUPT, "an event \"state\" that is no StateChange (RFC 8620 7.1)");
	for (struct json_iter it = json_each(changed); rc == 0 && json_next(&it);)
		rc = tell(l, it.name, it.value);
	json_free(json);
	return rc;
}

/* An empty line ends an event; one without data is none, but its id counts. */
static int dispatch(struct jmap_events *e, const struct listener *l)
{
	int rc = 0;

	memcpy(e->last_id, e->id, sizeof e->last_id);
	if (e->data.n && strcmp(e->event, "state") == 0)
		rc = state_change(l, gw_slice(e->data.p, e->data.n - 1));
	e->data.n = 0;
	e->event[0] = '\0';
	return rc;
}

/* ---- fields ---- */

/* Text that is too long, or that no header field can carry back, is as none. */
static void set_text(char *to, size_t size, struct gw_slice value)
{
	to[0] = '\0';
	if (value.n >= size)
		return;
	for (size_t i = 0; i < value.n; i++)
		if ((unsigned char)value.p[i] < ' ' || value.p[i] == 0x7F)
			return;
	memcpy(to, value.p, value.n);
	to[value.n] = '\0';
}

static int field(struct jmap_events *e, struct gw_slice name, struct gw_slice value, const struct listener *l)
{
	uint64_t ms;

	if (gw_slice_eq(name, GW_S("data"))) {
		if (e->data.n + value.n >= EVENT_MAX)
			return gw_fail(l->err, GW_ELIMIT, "an event of more than %u octets", EVENT_MAX);
		gw_buf_add_slice(&e->data, value);
		gw_buf_add_char(&e->data, '\n');
	} else if (gw_slice_eq(name, GW_S("event"))) {
		set_text(e->event, sizeof e->event, value);
	} else if (gw_slice_eq(name, GW_S("id"))) {
		if (!memchr(value.p, 0, value.n))
			set_text(e->id, sizeof e->id, value);
	} else if (gw_slice_eq(name, GW_S("retry")) && gw_parse_u64(value, &ms)) {
		e->retry_ms = ms < RETRY_MAX_MS ? (unsigned)ms : RETRY_MAX_MS;
	}
	return 0;
}

/* "name: value"; one blank behind the colon is no part of the value, and a line that begins with one is a comment. */
static int end_line(struct jmap_events *e, const struct listener *l)
{
	struct gw_slice line = gw_buf_slice(&e->line), name;
	int rc;

	if (!e->begun && gw_slice_startsi(line, GW_S("\xEF\xBB\xBF")))
		gw_slice_take(&line, 3);
	e->begun = true;
	if (line.n == 0) {
		rc = dispatch(e, l);
	} else {
		name = gw_slice_take(&line, gw_slice_find(line, ':'));
		if (line.n)
			gw_slice_take(&line, 1);
		if (line.n && line.p[0] == ' ')
			gw_slice_take(&line, 1);
		rc = field(e, name, line, l);
	}
	e->line.n = 0;
	return rc;
}

static size_t to_line_end(struct gw_slice s)
{
	const char *lf = memchr(s.p, '\n', s.n);
	size_t n = lf ? (size_t)(lf - s.p) : s.n;
	const char *cr = memchr(s.p, '\r', n);

	return cr ? (size_t)(cr - s.p) : n;
}

int jmap_events_feed(struct jmap_events *e, struct gw_slice bytes,
	void (*changed)(void *ctx, struct gw_slice account, struct gw_slice type, struct gw_slice state), void *ctx,
	struct gw_err *err)
{
	struct listener l = { changed, ctx, err };
	int rc = 0;

	while (bytes.n) {
		int line_rc;

		if (e->after_cr && bytes.p[0] == '\n')
			gw_slice_take(&bytes, 1);
		e->after_cr = false;
		if (!gw_buf_add_slice(&e->line, gw_slice_take(&bytes, to_line_end(bytes))))
			return gw_fail(err, GW_ELIMIT, "a line of an event stream of more than %u octets", EVENT_MAX);
		if (bytes.n == 0)
			break;
		e->after_cr = gw_slice_take(&bytes, 1).p[0] == '\r';
		line_rc = end_line(e, &l);
		if (line_rc == GW_ELIMIT)
			return line_rc;
		rc = rc < 0 ? rc : line_rc;
	}
	return rc;
}
