/* casemap.c - i;unicode-casemap (see casemap.h) */
#include "text/casemap.h"

#include <utf8proc.h>

#include "util/utf8.h"

#define BYTES(c) (UINT64_C(0x0101010101010101) * (c))
#define LONGEST 32 /* code points that one decomposes to: 18 (U+FDFA) in Unicode 15 */

/* ASCII letters of eight bytes without high bits to capitals. */
static uint64_t upper8(uint64_t w)
{
	uint64_t from_a = w + BYTES(0x80 - 'a');	  /* high bit: >= 'a' */
	uint64_t past_z = w + BYTES(0x80 - 'z' - 1); /* high bit: > 'z' */

	return w - ((from_a & ~past_z & BYTES(0x80)) >> 2);
}

/* How much of s is ASCII, up to max bytes; its folded form is written to dst. */
static size_t fold_ascii(struct gw_slice s, char *dst, size_t max)
{
	size_t n = 0, end = s.n < max ? s.n : max;
	uint64_t w;

	for (; n + 8 <= end; n += 8) {
		memcpy(&w, s.p + n, 8);
		if (w & BYTES(0x80))
			break;
		w = upper8(w);
		memcpy(dst + n, &w, 8);
	}
	for (; n < end && !(s.p[n] & 0x80); n++)
		dst[n] = gw_upper(s.p[n]);
	return n;
}

/* utf8proc gives U+00DF a capital, which UnicodeData.txt does not. */
static utf8proc_int32_t title(uint32_t cp)
{
	return cp == 0xDF ? 0xDF : utf8proc_totitle((utf8proc_int32_t)cp);
}

static bool put_char(struct gw_buf *out, uint32_t cp)
{
	utf8proc_int32_t v[LONGEST];
	char text[LONGEST * 4];
	size_t n = 0;
	int boundary = 0;
	utf8proc_ssize_t got = utf8proc_decompose_char(title(cp), v, LONGEST, UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT,
						       &boundary);

	if (got < 0 || got > LONGEST)
		return gw_buf_add(out, text, gw_utf8_put(text, cp));
	for (utf8proc_ssize_t i = 0; i < got; i++)
		n += gw_utf8_put(text + n, (uint32_t)v[i]);
	return gw_buf_add(out, text, n);
}

static bool put_run(struct gw_buf *out, struct gw_slice *in)
{
	size_t space = out->max ? out->max - out->n : in->n;
	size_t want = in->n < space ? in->n : space, n;
	char *dst = gw_buf_room(out, want);

	if (!dst)
		return false;
	n = fold_ascii(*in, dst, want);
	out->n += n;
	gw_slice_take(in, n);
	return !in->n || in->p[0] & 0x80;
}

bool gw_casemap(struct gw_slice utf8, struct gw_buf *out)
{
	while (utf8.n) {
		char first = utf8.p[0];
		uint32_t cp;

		if (!(first & 0x80)) {
			if (!put_run(out, &utf8))
				return false;
			continue;
		}
		if (!(gw_utf8_next(&utf8, &cp) ? put_char(out, cp) : gw_buf_add_char(out, first)))
			return false;
	}
	return true;
}
