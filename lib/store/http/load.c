/* load.c - how many requests and event streams are under way, by process (see http.h)
 *
 * A process that is killed takes nothing back, so each counts in a slot of its own, and the slots of those that are gone do not
 * count. A process is known by its number and the moment it began. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "store/http/priv.h"

#define FIELD_START 22 /* of /proc/PID/stat: when it began, in ticks since the start of the machine */

/* 0: it is not known. */
static uint32_t began(pid_t pid)
{
	char path[32], text[512];
	unsigned long long ticks = 0;
	const char *p;
	size_t n;
	FILE *f;

	snprintf(path, sizeof path, "/proc/%ld/stat", (long)pid);
	f = fopen(path, "re");
	if (!f)
		return 0;
	n = fread(text, 1, sizeof text - 1, f);
	fclose(f);
	text[n] = '\0';
	p = strrchr(text, ')'); /* the name before it may hold anything */
	for (int i = 2; p && i < FIELD_START; i++)
		p = strchr(p + 1, ' ');
	return p && sscanf(p, "%llu", &ticks) == 1 ? (uint32_t)ticks : 0;
}

static uint64_t owner_of(pid_t pid)
{
	return (uint64_t)began(pid) << 32 | (uint32_t)pid;
}

static bool lives(uint64_t owner)
{
	pid_t pid = (pid_t)(owner & UINT32_MAX);
	uint32_t now;

	if (kill(pid, 0) < 0 && errno == ESRCH)
		return false;
	now = began(pid);
	return !now || now == owner >> 32;
}

/* A slot that nobody has, or whose owner is gone. */
static struct http_load_slot *claim(struct http_shared *h, uint64_t me)
{
	for (int look = 0; look < 2; look++) {
		for (unsigned i = 0; i < HTTP_LOAD_SLOTS; i++) {
			struct http_load_slot *s = &h->load[i];
			uint64_t owner = atomic_load(&s->owner);

			if (owner && (!look || lives(owner)))
				continue;
			if (!atomic_compare_exchange_strong(&s->owner, &owner, me))
				continue;
			atomic_store(&s->in_flight, 0);
			atomic_store(&s->streams, 0);
			return s;
		}
	}
	return NULL;
}

struct http_load_slot *load_begin(struct http_shared *h)
{
	struct http_load_slot *s = claim(h, owner_of(getpid()));

	return s ? s : &h->more;
}

void load_end(struct http_load_slot *s)
{
	if (s)
		atomic_store(&s->owner, 0);
}

struct http_load http_load(const struct http_shared *h)
{
	struct http_load sum = { atomic_load(&h->more.in_flight), atomic_load(&h->more.streams) };

	for (unsigned i = 0; i < HTTP_LOAD_SLOTS; i++) {
		const struct http_load_slot *s = &h->load[i];
		uint64_t owner = atomic_load(&s->owner);
		uint32_t in_flight = atomic_load(&s->in_flight), streams = atomic_load(&s->streams);

		if (!owner || !(in_flight || streams) || !lives(owner))
			continue;
		sum.in_flight += in_flight;
		sum.streams += streams;
	}
	return sum;
}
