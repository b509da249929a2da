/* uidl.c - names of messages in POP3 (see uidl.h) */
#include "store/uidl.h"

#include "util/hash.h"
#include "util/mem.h"

#include <stdio.h>
#include <stdlib.h>

#define SEEN_MIN 64u /* places of a table; a power of two */

/* The names of kopano-gateway are longer than RFC 1939 section 7 lets them be: they are for clients that have seen them. */
static bool may_be_shown(enum gw_uidl_format format, struct gw_slice uidl)
{
	if (uidl.n == 0 || uidl.n > (format == GW_UIDL_KOPANO ? GW_UIDL_MAX : GW_UIDL_SHOWN))
		return false;
	for (size_t i = 0; i < uidl.n; i++)
		if (uidl.p[i] < 0x21 || uidl.p[i] > 0x7E)
			return false;
	return true;
}

void gw_uidl_make(enum gw_uidl_format format, uint32_t uidvalidity, uint32_t uid, char ret[GW_UIDL_MAX + 1])
{
	const size_t n = GW_UIDL_MAX + 1;

	switch (format) {
	case GW_UIDL_GATEWAY:
	case GW_UIDL_KOPANO: /* whatever it would be, nobody has seen it */
		snprintf(ret, n, "%08x%08x", uidvalidity, uid);
		break;
	case GW_UIDL_DOVECOT:
		snprintf(ret, n, "%08x%08x", uid, uidvalidity);
		break;
	case GW_UIDL_CYRUS:
		snprintf(ret, n, "%u.%u", uidvalidity, uid);
		break;
	case GW_UIDL_CYRUS_COURIER:
		snprintf(ret, n, "%u-%u", uidvalidity, uid);
		break;
	case GW_UIDL_UIDONLY:
		snprintf(ret, n, "%u", uid);
		break;
	case GW_UIDL_COURIER:
		snprintf(ret, n, "UID%u-%u", uid, uidvalidity);
		break;
	case GW_UIDL_COURIER_OLD:
		snprintf(ret, n, "UID%u", uid);
		break;
	}
}

/* ---- which names are taken ---- */

void gw_uidls_init(struct gw_uidls *u, enum gw_uidl_format format, uint32_t uidvalidity)
{
	*u = (struct gw_uidls){ .format = format, .uidvalidity = uidvalidity };
	gw_set_init(&u->again);
}

void gw_uidls_done(struct gw_uidls *u)
{
	free(u->seen);
	gw_set_done(&u->again);
	gw_uidls_init(u, u->format, u->uidvalidity);
}

size_t gw_uidls_memory(const struct gw_uidls *u)
{
	return u->cap * sizeof *u->seen + u->again.cap * sizeof *u->again.r;
}

/* The place of h, or the free one where it belongs. */
static uint64_t *place(uint64_t *seen, size_t cap, uint64_t h)
{
	size_t i = (size_t)h & (cap - 1);

	while (seen[i] && seen[i] != h)
		i = (i + 1) & (cap - 1);
	return &seen[i];
}

static void grow(struct gw_uidls *u)
{
	size_t cap = u->cap ? u->cap * 2 : SEEN_MIN;
	uint64_t *seen = gw_xcalloc(cap, sizeof *seen);

	for (size_t i = 0; i < u->cap; i++)
		if (u->seen[i])
			*place(seen, cap, u->seen[i]) = u->seen[i];
	free(u->seen);
	u->seen = seen;
	u->cap = cap;
}

/* Note a name; false: it is taken. Two names of one hash are one to us: the second only gets a name it need not have. */
static bool take(struct gw_uidls *u, const char *name)
{
	uint64_t h = gw_hash((struct gw_hash_key){ 0 }, gw_slice_str(name)), *at;

	if (u->n >= u->cap / 2)
		grow(u);
	at = place(u->seen, u->cap, h ? h : 1);
	if (*at)
		return false;
	*at = h ? h : 1;
	u->n++;
	return true;
}

/* No format makes a tilde. */
static void make_another(const struct gw_uidls *u, uint32_t uid, char ret[GW_UIDL_MAX + 1])
{
	snprintf(ret, GW_UIDL_MAX + 1, "%08x%08x~", u->uidvalidity, uid);
}

void gw_uidls_name(struct gw_uidls *u, uint32_t number, const struct gw_message *m, char ret[GW_UIDL_MAX + 1])
{
	if (may_be_shown(u->format, m->uidl))
		snprintf(ret, GW_UIDL_MAX + 1, "%.*s", GW_FMT(m->uidl));
	else
		gw_uidl_make(u->format, u->uidvalidity, m->entry->uid, ret);
	if (number > u->through) {
		u->through = number;
		if (!take(u, ret))
			gw_set_add(&u->again, number, number);
	}
	if (gw_set_has(&u->again, number))
		make_another(u, m->entry->uid, ret);
}
