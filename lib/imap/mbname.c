/* mbname.c - mailbox names between the wire and the store (see mbname.h)
 *
 * Modified UTF-7 (RFC 3501 5.1.3): printable ASCII stands for itself, `&-` for `&`, and `&` base64 `-` for UTF-16 in
 * big endian, in which base64 has `,` for `/` and no padding. */
#include "imap/mbname.h"

#include "store/store.h"
#include "util/base64.h"
#include "util/utf8.h"

#include <stdlib.h>
#include <utf8proc.h>

#define SEPARATOR '/'
#define WIRE_MAX (IMAP_MUTF7_ROOM(GW_MAILBOX_NAME_MAX)) /* what is longer decodes to more than a name may have */

static const char base64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

static int base64_value(char c)
{
	return c == ',' ? 63 : c == '/' ? -1 : gw_base64_value(c);
}

static bool printable(uint32_t c)
{
	return c >= ' ' && c <= '~';
}

/* ---- mUTF-7 to UTF-8 ---- */

/* UTF-16 that comes in units and leaves as UTF-8. */
struct utf16 {
	char *to;
	uint32_t high; /* a first surrogate that waits for its second */
};

static bool put_unit(struct utf16 *u, uint32_t unit)
{
	if (unit >= 0xDC00 && unit <= 0xDFFF) {
		if (!u->high)
			return false;
		u->to += gw_utf8_put(u->to, 0x10000 + ((u->high - 0xD800) << 10) + (unit - 0xDC00));
		u->high = 0;
		return true;
	}
	if (u->high || printable(unit) || unit == 0)
		return false;
	if (unit >= 0xD800 && unit <= 0xDBFF)
		u->high = unit;
	else
		u->to += gw_utf8_put(u->to, unit);
	return true;
}

/* What stands between `&` and `-`, with the `-`. Not empty. */
static bool decode_shifted(struct gw_slice *in, char **to)
{
	struct utf16 u = { .to = *to };
	uint32_t bits = 0;
	unsigned n_bits = 0;
	int v;

	while (in->n && (v = base64_value(in->p[0])) >= 0) {
		gw_slice_take(in, 1);
		bits = bits << 6 | (uint32_t)v;
		n_bits += 6;
		if (n_bits < 16)
			continue;
		n_bits -= 16;
		if (!put_unit(&u, bits >> n_bits & 0xFFFF))
			return false;
		bits &= (1u << n_bits) - 1;
	}
	if (n_bits >= 6 || bits || u.high || u.to == *to || !in->n || in->p[0] != '-')
		return false;
	gw_slice_take(in, 1);
	*to = u.to;
	return true;
}

/* to has room for wire.n bytes and 4 more: every form is at least as long as its UTF-8, as 8 base64 characters carry 3
 * units of at most 3 bytes, the shift and its end 2 more. */
static bool decode_mutf7(struct gw_slice in, char *to, size_t *ret)
{
	char *start = to;
	bool shifted = false; /* just now: another shift would be superfluous */

	while (in.n) {
		char c = gw_slice_take(&in, 1).p[0];

		if (!printable((unsigned char)c))
			return false;
		if (c != '&') {
			*to++ = c;
			shifted = false;
		} else if (in.n && in.p[0] == '-') {
			gw_slice_take(&in, 1);
			*to++ = '&';
			shifted = false;
		} else if (shifted || !decode_shifted(&in, &to)) {
			return false;
		} else {
			shifted = true;
		}
	}
	*ret = (size_t)(to - start);
	return true;
}

/* ---- UTF-8 to mUTF-7 ---- */

struct shift {
	char *to;
	uint32_t bits;
	unsigned n_bits;
	bool on;
};

static void put_bits(struct shift *s, uint32_t v, unsigned n)
{
	s->bits = s->bits << n | v;
	s->n_bits += n;
	while (s->n_bits >= 6) {
		s->n_bits -= 6;
		*s->to++ = base64[s->bits >> s->n_bits & 63];
	}
	s->bits &= (1u << s->n_bits) - 1;
}

static void shift_on(struct shift *s)
{
	if (!s->on)
		*s->to++ = '&';
	s->on = true;
}

static void shift_off(struct shift *s)
{
	if (!s->on)
		return;
	if (s->n_bits)
		put_bits(s, 0, 6 - s->n_bits);
	*s->to++ = '-';
	s->on = false;
}

size_t imap_name_encode(char *to, struct gw_slice name)
{
	struct shift s = { .to = to };

	while (name.n) {
		uint32_t c;

		if (!gw_utf8_next(&name, &c))
			c = 0xFFFD;
		if (printable(c)) {
			shift_off(&s);
			*s.to++ = (char)c;
			if (c == '&')
				*s.to++ = '-';
			continue;
		}
		shift_on(&s);
		if (c >= 0x10000) {
			put_bits(&s, 0xD800 + ((c - 0x10000) >> 10), 16);
			c = 0xDC00 + ((c - 0x10000) & 0x3FF);
		}
		put_bits(&s, c, 16);
	}
	shift_off(&s);
	return (size_t)(s.to - to);
}

/* ---- rules ---- */

/* Normalization form C: names that look the same are the same. The result lives in arena. */
static bool normalize(struct gw_arena *arena, struct gw_slice s, struct gw_slice *ret)
{
	utf8proc_uint8_t *p = NULL;
	utf8proc_ssize_t n;

	if (gw_is_ascii(s)) {
		*ret = s;
		return true;
	}
	n = utf8proc_map((const utf8proc_uint8_t *)s.p, (utf8proc_ssize_t)s.n, &p,
			 (utf8proc_option_t)(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
	if (n >= 0)
		*ret = gw_arena_dup(arena, gw_slice((const char *)p, (size_t)n));
	free(p);
	return n >= 0;
}

/* Undo the wire's encoding. */
static bool decode(struct gw_arena *arena, struct gw_slice wire, bool utf8, struct gw_slice *ret)
{
	struct gw_slice s = wire;

	if (wire.n > WIRE_MAX)
		return false;
	if (utf8) {
		if (!gw_utf8_valid(wire))
			return false;
	} else if (gw_slice_find(wire, '&') < wire.n || !gw_is_ascii(wire)) {
		char *to = gw_arena_alloc(arena, wire.n + 4);

		if (!decode_mutf7(wire, to, &s.n))
			return false;
		s.p = to;
	}
	return normalize(arena, s, ret);
}

/* RFC 5198 section 2: no C0, DEL, C1 or line separators. */
static bool has_control(struct gw_slice s)
{
	while (s.n) {
		uint32_t c = 0;

		gw_utf8_next(&s, &c);
		if (c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029)
			return true;
	}
	return false;
}

static bool check_levels(struct gw_slice name, const char **why)
{
	size_t levels = 0;

	for (;;) {
		struct gw_slice level = gw_slice_take(&name, gw_slice_find(name, SEPARATOR));

		if (level.n == 0)
			*why = "A level of the mailbox name is empty";
		else if (gw_slice_eq(level, GW_S(".")) || gw_slice_eq(level, GW_S("..")))
			*why = "A mailbox name has no . or .. as a level";
		else if (++levels > IMAP_LEVELS_MAX)
			*why = "The mailbox name has too many levels";
		else if (name.n == 0)
			return true;
		else {
			gw_slice_take(&name, 1); /* the separator */
			continue;
		}
		return false;
	}
}

static bool begins_with_inbox(struct gw_slice name)
{
	return gw_slice_startsi(name, GW_S("INBOX")) && (name.n == 5 || name.p[5] == SEPARATOR);
}

bool imap_name_decode(struct gw_arena *arena, struct gw_slice wire, bool utf8, struct gw_slice *ret, const char **why)
{
	struct gw_slice name;

	if (!decode(arena, wire, utf8, &name)) {
		*why = utf8 ? "The mailbox name is not valid UTF-8" : "The mailbox name is not valid modified UTF-7";
		return false;
	}
	if (name.n == 0) {
		*why = "The mailbox name is empty";
		return false;
	}
	if (name.n > GW_MAILBOX_NAME_MAX) {
		*why = "The mailbox name is too long";
		return false;
	}
	if (has_control(name)) {
		*why = "The mailbox name has a control character in it";
		return false;
	}
	if (!check_levels(name, why))
		return false;
	if (begins_with_inbox(name)) {
		char *p = gw_arena_str(arena, name);

		memcpy(p, "INBOX", 5);
		name.p = p;
	}
	*ret = name;
	return true;
}

bool imap_pattern_decode(struct gw_arena *arena, struct gw_slice wire, bool utf8, struct gw_slice *ret)
{
	return decode(arena, wire, utf8, ret);
}
