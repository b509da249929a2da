/* log_tell.c - records to the log, to who tails them, and to what `gwctl why` remembers (see log_sink.h)
 *
 * Speaking is cheap: two loads tell whether anybody listens. For a tail a record goes into the ring as it is; the main
 * process makes words of it. It is woken once until it has looked, however much comes meanwhile. */
#include "daemon/log_priv.h"

#include "daemon/refusals.h"
#include "log/pack.h"
#include "util/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define RING_SLOTS 8192u

static int64_t wall_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* ---- memory ---- */

static void *map(size_t n)
{
	void *p = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

void log_share(struct log_sink *s)
{
	static struct log_shared alone; /* without shared memory each process has its own */
	void *ring = map(gw_ring_bytes(RING_SLOTS, GW_LOG_PACKED_MAX));

	s->shared = map(sizeof *s->shared);
	if (!s->shared)
		s->shared = &alone;
	atomic_store(&s->shared->heard, -1);
	if (ring)
		gw_ring_init(&s->ring, ring, RING_SLOTS, GW_LOG_PACKED_MAX);
	s->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	s->refusals = refusals_new();
}

/* ---- telling ---- */

void log_wake_tails(struct log_sink *s)
{
	uint64_t one = 1;

	if (atomic_exchange(&s->shared->woken, true))
		return;
	if (write(s->wake_fd, &one, sizeof one) < 0)
		atomic_store(&s->shared->woken, false);
}

static void to_ring(struct log_sink *s, const struct gw_log_item *item)
{
	char packed[GW_LOG_PACKED_MAX];

	gw_ring_put(&s->ring, packed, gw_log_pack(item, packed));
	log_wake_tails(s);
}

static void to_log(struct log_sink *s, struct gw_log_item *item)
{
	struct gw_buf sentence;

	gw_buf_init(&sentence, GW_LOG_LINE_MAX);
	if (item->id != GW_EV_MESSAGE) {
		gw_event_put_sentence(&sentence, gw_event_row(item->id), item->rec.fields, item->rec.n_fields);
		item->rec.text = gw_buf_slice(&sentence);
	}
	log_write(s, &item->rec);
	gw_buf_done(&sentence);
}

static void tell(struct log_sink *s, enum gw_event_id id, unsigned module, struct gw_log_record rec, bool heard)
{
	const struct gw_event *row = gw_event_row(id);
	struct gw_log_item item = { .id = id, .module = module, .logged = log_wants(s, module, rec.level) };

	if (!item.logged && !heard && !(row->flags & GW_EVENT_REFUSAL))
		return;
	rec.wall_us = wall_us();
	rec.who = log_speaker(s);
	rec.event = row->name;
	rec.module = gw_module_name(module);
	rec.each = row->flags & GW_EVENT_EACH;
	item.rec = rec;
	if (row->flags & GW_EVENT_REFUSAL && s->refusals)
		refusals_note(s->refusals, &item);
	if (heard)
		to_ring(s, &item);
	if (item.logged)
		to_log(s, &item);
}

void log_put_as(struct log_sink *s, unsigned module, int level, struct gw_slice text, const struct gw_log_field *fields,
		size_t n)
{
	tell(s, GW_EV_MESSAGE, module,
	     (struct gw_log_record){ .level = level, .text = text, .fields = fields, .n_fields = n },
	     log_heard(s, level));
}

void log_line_as(struct log_sink *s, unsigned module, int level, const char *fmt, ...)
{
	char text[2048];
	va_list ap;

	if (!log_wants(s, module, level) && !log_heard(s, level))
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	log_put_as(s, module, level, gw_slice_str(text), NULL, 0);
}

void log_event_as(struct log_sink *s, enum gw_event_id id, unsigned module, const struct gw_log_field *fields, size_t n)
{
	const struct gw_event *row = gw_event_row(id);

	if (module >= GW_MODULES)
		module = row->module < GW_MODULES ? row->module : GW_MOD_SERVICE;
	tell(s, id, module, (struct gw_log_record){ .level = row->level, .fields = fields, .n_fields = n },
	     log_heard(s, row->level));
}

void log_dialogue(struct log_sink *s, unsigned module, const struct gw_log_field *fields, size_t n, bool traced)
{
	struct gw_log_record rec = { .level = gw_event_row(GW_EV_DIALOGUE)->level, .fields = fields, .n_fields = n };

	tell(s, GW_EV_DIALOGUE, module, rec, traced || (log_wants(s, module, rec.level) && log_heard(s, rec.level)));
}

/* ---- levels ---- */

static void set_one(struct log_shared *shared, unsigned module, int level, uint32_t until_s)
{
	atomic_store_explicit(&shared->until_s[module], until_s, memory_order_relaxed);
	atomic_store_explicit(&shared->level[module], (uint8_t)(level < 0 ? atomic_load(&shared->base) : level),
			      memory_order_relaxed);
}

void log_set_base(struct log_sink *s, int level)
{
	atomic_store(&s->shared->base, (uint8_t)level);
	for (unsigned i = 0; i < GW_MODULES; i++)
		if (level == 0 || !atomic_load(&s->shared->until_s[i]))
			set_one(s->shared, i, level, 0);
}

void log_set_level(struct log_sink *s, unsigned module, int level, uint32_t for_s, uint32_t now_s)
{
	uint32_t until_s = level < 0 ? 0 : for_s ? now_s + for_s : LOG_NO_END;

	for (unsigned i = 0; i < GW_MODULES; i++)
		if (module == i || module == GW_MODULES)
			set_one(s->shared, i, level, until_s);
}

void log_expire_levels(struct log_sink *s, uint32_t now_s)
{
	for (unsigned i = 0; i < GW_MODULES; i++) {
		uint32_t until_s = atomic_load_explicit(&s->shared->until_s[i], memory_order_relaxed);

		if (!until_s || until_s == LOG_NO_END || (int32_t)(now_s - until_s) < 0)
			continue;
		set_one(s->shared, i, -1, 0);
		log_event(s, GW_EV_LOG_LEVEL_ENDED, GW_STR("part", gw_module_name(i)),
			  GW_STR("to", gw_log_level_name(atomic_load(&s->shared->base))));
	}
}
