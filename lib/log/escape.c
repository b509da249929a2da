/* escape.c - text from anywhere made safe for one line of a log (see log.h)
 *
 * A log line is read by people on terminals and by programs that cut at line ends; both can be attacked through what a
 * client calls itself. Bytes that could do that are shown by their number; everything else stays readable. */
#include "log/log.h"
#include "util/utf8.h"

#include <stdio.h>

#define ESCAPED_MAX 12 /* longest form of one code point */
#define CUT_MARK "..."

/* Code points that end lines, move the cursor or turn the direction of writing. */
static bool hostile(uint32_t cp)
{
	return (cp >= 0x80 && cp < 0xA0) || cp == 0x2028 || cp == 0x2029 || cp == 0x200E || cp == 0x200F ||
	       cp == 0x061C || (cp >= 0x202A && cp <= 0x202E) || (cp >= 0x2066 && cp <= 0x2069) || cp == 0xFEFF ||
	       (cp >= 0xE0000 && cp <= 0xE007F);
}

static size_t put_one(char *p, struct gw_slice *s)
{
	struct gw_slice whole = *s;
	uint32_t cp;

	if (!gw_utf8_next(s, &cp))
		return (size_t)snprintf(p, ESCAPED_MAX, "\\x%02x", (unsigned char)whole.p[0]);
	if (cp < 0x20 || cp == 0x7F)
		return (size_t)snprintf(p, ESCAPED_MAX, "\\x%02x", (unsigned)cp);
	if (hostile(cp))
		return (size_t)snprintf(p, ESCAPED_MAX, "\\u{%x}", (unsigned)cp);
	if (cp == '\\') {
		p[0] = p[1] = '\\';
		return 2;
	}
	memcpy(p, whole.p, whole.n - s->n);
	return whole.n - s->n;
}

/* Bytes at the front that need no thought. */
static size_t plain_run(struct gw_slice s)
{
	size_t n = 0;

	while (n < s.n && s.p[n] >= 0x20 && s.p[n] < 0x7F && s.p[n] != '\\')
		n++;
	return n;
}

void gw_log_escape(struct gw_buf *out, struct gw_slice s, size_t max)
{
	size_t left = max;

	while (s.n) {
		char one[ESCAPED_MAX];
		size_t n = plain_run(s);

		if (n && n <= left) {
			gw_buf_add_slice(out, gw_slice_take(&s, n));
		} else if (n) {
			gw_buf_add(out, s.p, left);
			break;
		} else {
			n = put_one(one, &s);
			if (n > left) {
				s.n++; /* not empty: it is cut */
				break;
			}
			gw_buf_add(out, one, n);
		}
		left -= n;
	}
	if (s.n)
		gw_buf_add(out, CUT_MARK, sizeof CUT_MARK - 1);
}

/* Outside ASCII JSON has nothing but the insides of strings, so an escape may stand wherever such a code point does. */
void gw_log_escape_json(struct gw_buf *out, struct gw_slice json)
{
	while (json.n) {
		const char *from;
		uint32_t cp = 0xFFFD;
		size_t n = 0;

		while (n < json.n && json.p[n] >= 0x20 && json.p[n] < 0x7F)
			n++;
		gw_buf_add_slice(out, gw_slice_take(&json, n));
		if (json.n == 0)
			return;
		from = json.p;
		gw_utf8_next(&json, &cp);
		if (cp >= 0x10000 && hostile(cp))
			gw_buf_printf(out, "\\u%04x\\u%04x", 0xD800u + (cp - 0x10000) / 0x400, 0xDC00u + (cp & 0x3FF));
		else if (cp <= 0x1F || cp == 0x7F || cp == 0xFFFD || hostile(cp))
			gw_buf_printf(out, "\\u%04x", (unsigned)cp);
		else
			gw_buf_add(out, from, (size_t)(json.p - from));
	}
}
