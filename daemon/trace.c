/* trace.c - rules of traces and the marks in slots (see trace.h) */
#include "daemon/trace.h"

#include <sys/mman.h>

struct traces *traces_new(void)
{
	void *p = mmap(NULL, sizeof(struct traces), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

bool trace_about(const struct trace_rule *r, const struct reg_slot *slot)
{
	switch ((enum trace_kind)atomic_load_explicit(&r->kind, memory_order_acquire)) {
	case TRACE_USER:
		return slot->info.user[0] && gw_slice_eqi(gw_slice(r->user, strnlen(r->user, sizeof r->user)),
				gw_slice(slot->info.user, strnlen(slot->info.user, sizeof slot->info.user)));
	case TRACE_ADDRESS:
		return gw_network_has(&r->net, slot->ip);
	case TRACE_SESSION:
		return r->session == slot->id;
	case TRACE_NONE:
		break;
	}
	return false;
}

static bool anybody(const struct traces *t, const struct reg_slot *slot)
{
	for (unsigned i = 0; i < TRACES_MAX; i++)
		if (trace_about(&t->rule[i], slot))
			return true;
	return false;
}

void trace_look(const struct traces *t, struct reg_slot *slot)
{
	if (t && atomic_load_explicit(&t->n, memory_order_relaxed) && anybody(t, slot))
		atomic_store_explicit(&slot->traced, true, memory_order_relaxed);
}

/* All slots anew. Who signs on at this very moment looks by himself, before or after us: so what is unmarked is looked
 * at once more. */
static void mark(struct traces *t, struct registry *reg)
{
	for (uint32_t i = 0; i < reg_high(reg); i++) {
		struct reg_slot *slot = &reg->shared->slot[i];

		if (!atomic_load_explicit(&slot->id, memory_order_acquire))
			continue;
		if (atomic_load(&slot->traced) && !anybody(t, slot))
			atomic_store(&slot->traced, false);
		if (anybody(t, slot))
			atomic_store(&slot->traced, true);
	}
}

int trace_begin(struct traces *t, struct registry *reg, const struct trace_rule *like)
{
	for (unsigned i = 0; t && i < TRACES_MAX; i++) {
		struct trace_rule *r = &t->rule[i];

		if (atomic_load(&r->kind) != TRACE_NONE)
			continue;
		memcpy(r->user, like->user, sizeof r->user);
		r->net = like->net;
		r->session = like->session;
		atomic_store_explicit(&r->kind, atomic_load(&like->kind), memory_order_release);
		atomic_fetch_add(&t->n, 1);
		mark(t, reg);
		return (int)i;
	}
	return -1;
}

void trace_end(struct traces *t, struct registry *reg, int index)
{
	atomic_store(&t->rule[index].kind, TRACE_NONE);
	atomic_fetch_sub(&t->n, 1);
	mark(t, reg);
}
