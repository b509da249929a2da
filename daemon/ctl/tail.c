/* tail.c - tail, log tail and trace: what happens, as rows, for as long as somebody asks (see ctl.h)
 *
 * Each reads the ring of log_sink.h at its own pace. Main is woken when the ring has something new, once until it has
 * looked; who reads slowly loses what is overwritten, and is told how much. */
#include "daemon/ctl/ctl.h"

#include "daemon/conn.h"
#include "daemon/refusals.h"
#include "log/pack.h"
#include "util/mem.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define TRACE_FOR_S 600u
#define TRACE_MAX_S (7 * 86400u)
#define TURN 512u /* records looked at before others have their turn */

enum tail_kind { TAIL_EVENTS, TAIL_LOG, TAIL_TRACE };

struct tail {
	struct gw_ring_cursor cursor;
	enum tail_kind kind;
	int level;             /* highest that is shown; of TAIL_LOG -1: what is in the log */
	uint64_t left;         /* rows before it ends */
	uint64_t lost;
	struct gw_slice user, event, service, match; /* of the request; empty: any */
	int module;            /* -1: any */
	uint64_t session;      /* 0: any */
	bool by_net;
	struct gw_network net;
	int rule;              /* of TAIL_TRACE, in struct traces */
	uint32_t end_s;        /* 0: it does not end by itself */
};

/* ---- what is shown ---- */

static bool address_is(const struct gw_network *net, const struct gw_log_item *item)
{
	struct gw_network ip;

	return gw_network_parse(refusals_host(gw_log_item_text(item, "address")), &ip) && gw_network_has(net, ip.ip);
}

static bool session_is(uint64_t id, const struct gw_log_item *item)
{
	char text[24];

	snprintf(text, sizeof text, "%" PRIu64, id);
	return gw_slice_eq(gw_log_item_text(item, "session"), gw_slice_str(text));
}

static bool of_kind(const struct tail *t, const struct gw_log_item *item)
{
	switch (t->kind) {
	case TAIL_EVENTS:
		return item->id != GW_EV_MESSAGE && item->id != GW_EV_DIALOGUE && item->rec.level <= t->level;
	case TAIL_LOG:
		return t->level < 0 || item->id == GW_EV_DIALOGUE ? item->logged : item->rec.level <= t->level;
	case TAIL_TRACE:
		break;
	}
	return item->id == GW_EV_DIALOGUE;
}

static bool wanted(const struct tail *t, const struct gw_log_item *item)
{
	return of_kind(t, item) && (t->module < 0 || item->module == (unsigned)t->module) &&
	       (!t->event.n || gw_slice_eqi(t->event, gw_slice_str(item->rec.event))) &&
	       (!t->user.n || gw_slice_eqi(t->user, gw_log_item_text(item, "user"))) &&
	       (!t->service.n || gw_slice_eqi(t->service, gw_log_item_text(item, "service"))) &&
	       (!t->session || session_is(t->session, item)) && (!t->by_net || address_is(&t->net, item));
}

static bool has_text(struct gw_slice text, struct gw_slice part)
{
	return part.n == 0 || (text.n && memmem(text.p, text.n, part.p, part.n));
}

/* ---- rows ---- */

static int utc_offset_s(int64_t wall_us)
{
	time_t t = (time_t)(wall_us / 1000000);
	struct tm tm;

	return localtime_r(&t, &tm) ? (int)tm.tm_gmtoff : 0;
}

/* The line as a log would have it, but not made safe for terminals yet: who shows it does that. Of a dialogue only what
 * changes. */
static void put_line(struct gw_buf *out, const struct gw_log_item *item)
{
	struct gw_log_record front = item->rec;
	struct gw_slice user = gw_log_item_text(item, "user");
	struct gw_civil at;

	front.utc_offset_s = utc_offset_s(item->rec.wall_us);
	front.text = gw_slice("", 0);
	if (item->id != GW_EV_DIALOGUE) {
		gw_log_format_text(out, &front, true, false);
		gw_buf_add_slice(out, item->rec.text);
		return;
	}
	at = gw_time_to_civil(front.wall_us / 1000000 + front.utc_offset_s);
	gw_buf_printf(out, "%02u:%02u:%02u.%03u %.*s %.*s %.*s: %.*s", at.hour, at.minute, at.second,
		      (unsigned)(front.wall_us / 1000 % 1000), GW_FMT(gw_log_item_text(item, "session")),
		      GW_FMT(user.n ? user : gw_log_item_text(item, "address")),
		      GW_FMT(gw_log_item_text(item, "direction")), GW_FMT(gw_log_item_text(item, "line")));
}

static void put_item(struct ctl_client *c, struct tail *t, struct gw_log_item *item)
{
	struct gw_buf sentence, line;
	struct gw_json *j;

	gw_buf_init(&sentence, GW_LOG_LINE_MAX);
	gw_buf_init(&line, 0);
	if (item->id != GW_EV_MESSAGE) {
		gw_event_put_sentence(&sentence, gw_event_row(item->id), item->rec.fields, item->rec.n_fields);
		item->rec.text = gw_buf_slice(&sentence);
	}
	if (has_text(item->rec.text, t->match)) {
		put_line(&line, item);
		j = gw_ctl_row(&c->reply);
		gw_json_string(j, "text", gw_buf_slice(&line));
		gw_log_put_stamp(j, &item->rec);
		gw_json_string(j, "message", item->rec.text);
		gw_log_put_fields(j, item->rec.fields, item->rec.n_fields);
		gw_ctl_end(&c->reply);
		t->left--;
		c->rows++;
	}
	gw_buf_done(&sentence);
	gw_buf_done(&line);
}

static void put_lost(struct ctl_client *c, struct tail *t)
{
	struct gw_json *j;
	char text[80];

	if (!t->cursor.lost)
		return;
	snprintf(text, sizeof text, "%" PRIu64 " lines before this one were lost", t->cursor.lost);
	j = gw_ctl_row(&c->reply);
	gw_json_str(j, "text", text);
	gw_json_str(j, "event", "lost");
	gw_json_u64(j, "lost", t->cursor.lost);
	gw_ctl_end(&c->reply);
	t->lost += t->cursor.lost;
	t->cursor.lost = 0;
}

static bool over(struct ctl_client *c, const struct tail *t)
{
	struct gw_json *j = gw_ctl_ok(&c->reply);

	gw_json_u64(j, "rows", c->rows);
	gw_json_u64(j, "lost", t->lost);
	gw_ctl_end(&c->reply);
	return false;
}

static bool tail_on(struct ctl_client *c)
{
	const struct gw_ring *ring = &c->s->g.log.ring;
	struct tail *t = c->stream.ctx;
	bool late = t->end_s && (int32_t)(conn_clock_s() - t->end_s) >= 0;
	struct gw_log_item item;
	char packed[GW_LOG_PACKED_MAX];
	size_t n, seen = 0;

	while (t->left && !gw_out_full(&c->out) && seen++ < TURN) {
		if (!gw_ring_get(ring, &t->cursor, packed, &n, gw_mono_ms(gw_clock_system())))
			break;
		put_lost(c, t);
		if (gw_log_unpack(gw_slice(packed, n), &item) && wanted(t, &item))
			put_item(c, t, &item);
	}
	if (seen > TURN)
		log_wake_tails(&c->s->g.log); /* the rest in another turn of the loop */
	return t->left && !late ? true : over(c, t);
}

/* ---- beginning and end ---- */

static void on_news(evutil_socket_t fd, short what, void *arg)
{
	struct server *s = arg;
	uint64_t count;

	(void)what;
	if (read(fd, &count, sizeof count) < 0)
		return;
	atomic_store(&s->g.log.shared->woken, false);
	for (struct ctl_client *c = s->ctl->clients, *next; c; c = next) {
		next = c->next;
		if (c->stream.more == tail_on)
			ctl_poke(c);
	}
}

/* What the speakers have to hand over. */
static int level_of(const struct tail *t)
{
	return t->kind == TAIL_TRACE ? -1 : t->level < 0 ? GW_LOG_DEBUG : t->level;
}

static void set_heard(struct server *s, const struct ctl_client *but)
{
	int heard = -1;

	for (const struct ctl_client *c = s->ctl->clients; c; c = c->next)
		if (c != but && c->stream.more == tail_on && level_of(c->stream.ctx) > heard)
			heard = level_of(c->stream.ctx);
	atomic_store(&s->g.log.shared->heard, (int8_t)heard);
}

static void tail_end(struct ctl_client *c)
{
	struct tail *t = c->stream.ctx;
	struct server *s = c->s;

	if (t->kind == TAIL_TRACE) {
		trace_end(s->g.traces, &s->g.reg, t->rule);
		log_event(&s->g.log, GW_EV_TRACE_ENDED, GW_TEXT("detail", gw_ctl_slice(&c->request, c->request.verb->params[0].name)));
	}
	set_heard(s, c);
	if (--s->ctl->n_tails == 0)
		event_del(&s->ctl->tail_event);
	free(t);
}

static void tail_begin(struct ctl_client *c, struct tail *t)
{
	struct server *s = c->s;

	gw_ring_from_now(&s->g.log.ring, &t->cursor);
	c->rows = 0;
	c->stream = (struct ctl_stream){ .more = tail_on, .end = tail_end, .ctx = t };
	if (s->ctl->n_tails++ == 0) {
		event_assign(&s->ctl->tail_event, s->base, s->g.log.wake_fd, EV_READ | EV_PERSIST, on_news, s);
		event_add(&s->ctl->tail_event, NULL);
	}
	set_heard(s, NULL);
	if (t->kind != TAIL_TRACE)
		return;
	log_event(&s->g.log, GW_EV_TRACE, GW_TEXT("detail", gw_ctl_slice(&c->request, c->request.verb->params[0].name)),
		  GW_NUM("seconds", t->end_s - conn_clock_s()));
}

/* ---- requests ---- */

static int get_level(const struct ctl_client *c, int otherwise)
{
	return gw_ctl_given(&c->request, "level") ? gw_log_level_find(gw_ctl_slice(&c->request, "level")) : otherwise;
}

static int get_module(const struct ctl_client *c)
{
	enum gw_module m;

	return gw_module_find(gw_ctl_slice(&c->request, "module"), &m) ? (int)m : -1;
}

static int get_net(struct gw_slice text, struct gw_network *ret, struct gw_err *err)
{
	if (gw_network_parse(text, ret))
		return 0;
	return gw_fail(err, GW_EINVAL, "\"%.*s\" is no IP address or network, as 192.0.2.1 or 2001:db8::/32", GW_FMT(text));
}

static int answer_tail(struct ctl_client *c, struct gw_err *err)
{
	struct gw_slice event = gw_ctl_slice(&c->request, "event"), address = gw_ctl_slice(&c->request, "address");
	struct tail like = { .kind = TAIL_EVENTS, .level = get_level(c, GW_LOG_INFO), .module = get_module(c), .event = event,
			     .user = gw_ctl_slice(&c->request, "user"), .service = gw_ctl_slice(&c->request, "service"),
			     .session = gw_ctl_number(&c->request, "session", 0), .by_net = address.n > 0,
			     .left = gw_ctl_number(&c->request, "max", UINT64_MAX) };
	struct tail *t;

	if (event.n && !gw_event_known(event))
		return gw_fail(err, GW_EINVAL, "there is no event \"%.*s\"; gateway-events(7) lists them", GW_FMT(event));
	if (address.n && get_net(address, &like.net, err) < 0)
		return GW_EINVAL;
	t = gw_xalloc(sizeof *t);
	*t = like;
	tail_begin(c, t);
	return 0;
}

static int answer_log_tail(struct ctl_client *c, struct gw_err *err)
{
	struct tail *t = gw_xalloc(sizeof *t);

	(void)err;
	*t = (struct tail){ .kind = TAIL_LOG, .level = get_level(c, -1), .module = get_module(c),
			    .match = gw_ctl_slice(&c->request, "match"), .left = gw_ctl_number(&c->request, "max", UINT64_MAX) };
	tail_begin(c, t);
	return 0;
}

static int begin_trace(struct ctl_client *c, const struct tail *like, const struct trace_rule *rule, struct gw_err *err)
{
	uint64_t for_s = gw_ctl_number(&c->request, "for", TRACE_FOR_S);
	struct tail *t;
	int index;

	if (for_s == 0 || for_s > TRACE_MAX_S)
		return gw_fail(err, GW_EINVAL, "a trace ends by itself after 1 second to 7 days, as for=10m");
	index = trace_begin(c->s->g.traces, &c->s->g.reg, rule);
	if (index < 0)
		return gw_fail(err, GW_ELIMIT, "%u traces run already; end one of them", TRACES_MAX);
	t = gw_xalloc(sizeof *t);
	*t = *like;
	t->kind = TAIL_TRACE;
	t->module = -1;
	t->left = UINT64_MAX;
	t->rule = index;
	t->end_s = conn_clock_s() + (uint32_t)for_s;
	tail_begin(c, t);
	return 0;
}

static int answer_trace_user(struct ctl_client *c, struct gw_err *err)
{
	struct gw_slice user = gw_ctl_slice(&c->request, "user");
	struct trace_rule rule = { .kind = TRACE_USER };

	snprintf(rule.user, sizeof rule.user, "%.*s", GW_FMT(user));
	return begin_trace(c, &(struct tail){ .user = user }, &rule, err);
}

static int answer_trace_address(struct ctl_client *c, struct gw_err *err)
{
	struct trace_rule rule = { .kind = TRACE_ADDRESS };

	if (get_net(gw_ctl_slice(&c->request, "address"), &rule.net, err) < 0)
		return GW_EINVAL;
	return begin_trace(c, &(struct tail){ .by_net = true, .net = rule.net }, &rule, err);
}

static bool is_open(const struct registry *reg, uint64_t id)
{
	for (uint32_t i = 0; i < reg_high(reg); i++)
		if (atomic_load_explicit(&reg->shared->slot[i].id, memory_order_relaxed) == id)
			return true;
	return false;
}

static int answer_trace_session(struct ctl_client *c, struct gw_err *err)
{
	struct trace_rule rule = { .kind = TRACE_SESSION, .session = gw_ctl_number(&c->request, "id", 0) };

	if (!is_open(&c->s->g.reg, rule.session))
		return gw_fail(err, GW_ENOENT, "there is no session %" PRIu64, rule.session);
	return begin_trace(c, &(struct tail){ .session = rule.session }, &rule, err);
}

const struct ctl_handler ctl_handlers_tail[] = {
	{ "tail", .answer = answer_tail },
	{ "log tail", .answer = answer_log_tail },
	{ "trace user", .answer = answer_trace_user },
	{ "trace address", .answer = answer_trace_address },
	{ "trace session", .answer = answer_trace_session },
	{ "session trace", .answer = answer_trace_session },
	{ NULL },
};
