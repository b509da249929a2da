/* ids.c - ids and keywords (see ids.h) */
#include "store/jmap/ids.h"

static bool id_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

bool jmap_id_ok(struct gw_slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!id_char(s.p[i]))
			return false;
	return s.n && s.n <= JMAP_ID_MAX;
}

bool jmap_keyword_ok(struct gw_slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] <= ' ' || s.p[i] > '~' || strchr("(){]%*\"\\", s.p[i]))
			return false;
	return s.n && s.n <= JMAP_ID_MAX;
}

void jmap_idset_init(struct jmap_idset *s, const struct gw_slice *v, size_t max, struct gw_arena *arena)
{
	size_t slots = 16;

	while (slots < max * 2)
		slots *= 2;
	*s = (struct jmap_idset){ .key = gw_hash_key_random(),
		.v = v,
		.slots = gw_arena_calloc(arena, slots, sizeof *s->slots),
		.mask = slots - 1 };
}

/* The slot that holds id, or the free one where it would go. */
static uint32_t *slot_of(const struct jmap_idset *s, struct gw_slice id)
{
	size_t at = gw_hash(s->key, id) & s->mask;

	while (s->slots[at] && !gw_slice_eq(s->v[s->slots[at] - 1], id))
		at = (at + 1) & s->mask;
	return &s->slots[at];
}

bool jmap_idset_add(struct jmap_idset *s, uint32_t i)
{
	uint32_t *slot = slot_of(s, s->v[i]);

	if (*slot)
		return false;
	*slot = i + 1;
	return true;
}

uint32_t jmap_idset_find(const struct jmap_idset *s, struct gw_slice id)
{
	return *slot_of(s, id) - 1;
}
