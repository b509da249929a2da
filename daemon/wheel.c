/* wheel.c - deadlines in one list a second (see wheel.h) */
#include "daemon/wheel.h"

#include <stddef.h>

static struct wheel_node *head_of(struct wheel *w, uint32_t s)
{
	return &w->slot[s & (WHEEL_SLOTS - 1)];
}

void wheel_init(struct wheel *w, uint32_t now_s)
{
	w->now_s = now_s;
	for (unsigned i = 0; i < WHEEL_SLOTS; i++)
		w->slot[i].next = w->slot[i].prev = &w->slot[i];
}

void wheel_remove(struct wheel_node *n)
{
	if (!n->next)
		return;
	n->prev->next = n->next;
	n->next->prev = n->prev;
	n->next = n->prev = NULL;
}

static void insert(struct wheel *w, struct wheel_node *n, uint32_t due_s)
{
	struct wheel_node *head = head_of(w, due_s);

	n->due_s = due_s;
	n->next = head;
	n->prev = head->prev;
	head->prev->next = n;
	head->prev = n;
}

void wheel_set(struct wheel *w, struct wheel_node *n, uint32_t due_s)
{
	uint32_t farthest = w->now_s + WHEEL_SLOTS - 1;

	if ((int32_t)(due_s - w->now_s) < 1)
		due_s = w->now_s + 1;
	else if ((int32_t)(due_s - farthest) > 0)
		due_s = farthest;
	if (n->next && (int32_t)(n->due_s - due_s) <= 0)
		return;
	wheel_remove(n);
	insert(w, n, due_s);
}

/* due() may put nodes back, but only at later seconds: the list is moved aside so that it ends. */
static void fire(struct wheel *w, uint32_t s, void (*due)(void *ctx, struct wheel_node *n), void *ctx)
{
	struct wheel_node *head = head_of(w, s), list;

	if (head->next == head)
		return;
	list.next = head->next;
	list.prev = head->prev;
	list.next->prev = list.prev->next = &list;
	head->next = head->prev = head;
	while (list.next != &list) {
		struct wheel_node *n = list.next;

		wheel_remove(n);
		due(ctx, n);
	}
}

void wheel_advance(struct wheel *w, uint32_t now_s, void (*due)(void *ctx, struct wheel_node *n), void *ctx)
{
	while ((int32_t)(now_s - w->now_s) > 0) {
		w->now_s++;
		fire(w, w->now_s, due, ctx);
	}
}
