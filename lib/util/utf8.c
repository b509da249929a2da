/* utf8.c - UTF-8 one code point at a time (see utf8.h) */
#include "util/utf8.h"

static bool tail_byte(unsigned char c)
{
	return (c & 0xC0) == 0x80;
}

bool gw_utf8_next(struct gw_slice *s, uint32_t *ret)
{
	const unsigned char *p = (const unsigned char *)s->p;
	size_t len;
	uint32_t cp;

	if (p[0] < 0x80) {
		*ret = p[0];
		gw_slice_take(s, 1);
		return true;
	}
	len = p[0] >= 0xF0 ? 4 : p[0] >= 0xE0 ? 3 : 2;
	if (p[0] < 0xC2 || p[0] > 0xF4 || s->n < len)
		goto bad;
	cp = p[0] & (0xFFu >> (len + 1));
	for (size_t i = 1; i < len; i++) {
		if (!tail_byte(p[i]))
			goto bad;
		cp = cp << 6 | (p[i] & 0x3F);
	}
	if ((len == 3 && (cp < 0x800 || (cp >= 0xD800 && cp < 0xE000))) ||
	    (len == 4 && (cp < 0x10000 || cp > 0x10FFFF)))
		goto bad;
	*ret = cp;
	gw_slice_take(s, len);
	return true;
bad:
	gw_slice_take(s, 1);
	return false;
}

bool gw_is_ascii(struct gw_slice s)
{
	for (; s.n >= 8; gw_slice_take(&s, 8)) {
		uint64_t w;

		memcpy(&w, s.p, 8);
		if (w & 0x8080808080808080u)
			return false;
	}
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] & 0x80)
			return false;
	return true;
}

bool gw_utf8_valid(struct gw_slice s)
{
	uint32_t cp;

	while (s.n)
		if (!gw_utf8_next(&s, &cp))
			return false;
	return true;
}

size_t gw_utf8_put(char *p, uint32_t cp)
{
	if (cp < 0x80) {
		p[0] = (char)cp;
		return 1;
	}
	if (cp < 0x800) {
		p[0] = (char)(0xC0 | cp >> 6);
		p[1] = (char)(0x80 | (cp & 0x3F));
		return 2;
	}
	if (cp < 0x10000) {
		p[0] = (char)(0xE0 | cp >> 12);
		p[1] = (char)(0x80 | (cp >> 6 & 0x3F));
		p[2] = (char)(0x80 | (cp & 0x3F));
		return 3;
	}
	p[0] = (char)(0xF0 | cp >> 18);
	p[1] = (char)(0x80 | (cp >> 12 & 0x3F));
	p[2] = (char)(0x80 | (cp >> 6 & 0x3F));
	p[3] = (char)(0x80 | (cp & 0x3F));
	return 4;
}
