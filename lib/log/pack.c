/* pack.c - records in few bytes (see pack.h)
 *
 *	head | text | field number, kind, value | ...
 *
 * A value of text has two bytes of length in front, others are eight bytes. */
#include "log/pack.h"

#include <stdio.h>

struct head {
	int64_t wall_us;
	int32_t utc_offset_s;
	uint16_t id;
	uint8_t module, level, logged, n_fields;
	char who[16];
};

#define FIELD_MAX 11u /* bytes around a value */

struct writer {
	char *p;
	size_t n;
};

static void put(struct writer *w, const void *p, size_t n)
{
	if (n) /* an empty value may point nowhere */
		memcpy(w->p + w->n, p, n);
	w->n += n;
}

/* As much of s as leaves room for the fields that follow. */
static void put_text(struct writer *w, struct gw_slice s, size_t fields_left)
{
	size_t room = GW_LOG_PACKED_MAX - w->n - 2 - fields_left * FIELD_MAX;
	uint16_t n = (uint16_t)(s.n < room ? s.n : room);

	put(w, &n, sizeof n);
	put(w, s.p, n);
}

static uint8_t number_of(const char *name)
{
	const struct gw_event_field *f = gw_event_field(gw_slice_str(name));

	return f ? (uint8_t)(f - gw_event_field_at(0)) : UINT8_MAX;
}

size_t gw_log_pack(const struct gw_log_item *item, char *p)
{
	const struct gw_log_record *rec = &item->rec;
	struct head h = { .wall_us = rec->wall_us, .utc_offset_s = rec->utc_offset_s, .id = (uint16_t)item->id,
			  .module = (uint8_t)item->module, .level = (uint8_t)rec->level, .logged = item->logged };
	struct writer w = { p, sizeof h };
	size_t n = rec->n_fields < GW_LOG_FIELDS_MAX ? rec->n_fields : GW_LOG_FIELDS_MAX;

	snprintf(h.who, sizeof h.who, "%s", rec->who ? rec->who : "-");
	put_text(&w, rec->text, n);
	for (size_t i = 0; i < n; i++) {
		const struct gw_log_field *f = &rec->fields[i];
		uint8_t what[2] = { number_of(f->name), (uint8_t)f->kind };

		if (what[0] == UINT8_MAX)
			continue;
		h.n_fields++;
		put(&w, what, sizeof what);
		if (f->kind == GW_LOG_IS_TEXT)
			put_text(&w, f->value, n - i - 1);
		else
			put(&w, &f->number, sizeof f->number);
	}
	memcpy(p, &h, sizeof h);
	return w.n;
}

static bool get(struct gw_slice *in, void *p, size_t n)
{
	if (in->n < n)
		return false;
	memcpy(p, gw_slice_take(in, n).p, n);
	return true;
}

static bool get_text(struct gw_slice *in, struct gw_slice *ret)
{
	uint16_t n;

	if (!get(in, &n, sizeof n) || in->n < n)
		return false;
	*ret = gw_slice_take(in, n);
	return true;
}

static bool get_field(struct gw_slice *in, struct gw_log_field *ret)
{
	const struct gw_event_field *f;
	uint8_t what[2];

	if (!get(in, what, sizeof what) || !(f = gw_event_field_at(what[0])))
		return false;
	*ret = (struct gw_log_field){ .name = f->name, .kind = what[1] };
	return what[1] == GW_LOG_IS_TEXT ? get_text(in, &ret->value) : get(in, &ret->number, sizeof ret->number);
}

bool gw_log_unpack(struct gw_slice in, struct gw_log_item *ret)
{
	struct head h;

	*ret = (struct gw_log_item){ 0 };
	if (!get(&in, &h, sizeof h) || h.id >= GW_EVENTS || h.module >= GW_MODULES || h.n_fields > GW_LOG_FIELDS_MAX ||
	    !get_text(&in, &ret->rec.text))
		return false;
	for (size_t i = 0; i < h.n_fields; i++)
		if (!get_field(&in, &ret->fields[i]))
			return false;
	ret->id = (enum gw_event_id)h.id;
	ret->module = h.module;
	ret->logged = h.logged;
	memcpy(ret->who, h.who, sizeof ret->who);
	ret->who[sizeof ret->who - 1] = 0;
	ret->rec.level = h.level;
	ret->rec.wall_us = h.wall_us;
	ret->rec.utc_offset_s = h.utc_offset_s;
	ret->rec.who = ret->who;
	ret->rec.event = gw_event_row(ret->id)->name;
	ret->rec.module = gw_module_name(h.module);
	ret->rec.fields = ret->fields;
	ret->rec.n_fields = h.n_fields;
	return true;
}

const struct gw_log_field *gw_log_item_field(const struct gw_log_item *item, const char *name)
{
	for (size_t i = 0; i < item->rec.n_fields; i++)
		if (strcmp(item->rec.fields[i].name, name) == 0)
			return &item->rec.fields[i];
	return NULL;
}

struct gw_slice gw_log_item_text(const struct gw_log_item *item, const char *name)
{
	const struct gw_log_field *f = gw_log_item_field(item, name);

	return f ? f->value : gw_slice("", 0);
}
