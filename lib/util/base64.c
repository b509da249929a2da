/* base64.c - base64 (see base64.h) */
#include "util/base64.h"

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

int gw_base64_value(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* Four digits of which the last `pad` are '='. Returns the octets written, 0 for bad input. */
static size_t decode_group(const char *p, size_t pad, unsigned char *out)
{
	uint32_t bits = 0;

	for (size_t i = 0; i < 4; i++) {
		int v = i < 4 - pad ? gw_base64_value(p[i]) : 0;

		if (v < 0)
			return 0;
		bits = bits << 6 | (uint32_t)v;
	}
	if (bits & ((1u << (8 * pad)) - 1))
		return 0;
	for (size_t i = 0; i < 3 - pad; i++)
		out[i] = (unsigned char)(bits >> (16 - 8 * i));
	return 3 - pad;
}

bool gw_base64_decode(struct gw_slice text, struct gw_buf *out)
{
	size_t before = out->n, pad = 0;

	if (text.n % 4)
		return false;
	if (text.n && text.p[text.n - 1] == '=')
		pad = text.p[text.n - 2] == '=' ? 2 : 1;
	if (text.n && !gw_buf_room(out, text.n / 4 * 3 - pad))
		return false;
	for (size_t i = 0; i < text.n; i += 4) {
		size_t n = decode_group(text.p + i, i + 4 == text.n ? pad : 0, (unsigned char *)out->p + out->n);

		if (n == 0) {
			out->n = before;
			return false;
		}
		out->n += n;
	}
	return true;
}

static char *put_group(char *to, const unsigned char *p, size_t n)
{
	uint32_t bits = (uint32_t)p[0] << 16 | (n > 1 ? (uint32_t)p[1] << 8 : 0) | (n > 2 ? p[2] : 0);

	*to++ = digits[bits >> 18];
	*to++ = digits[bits >> 12 & 63];
	*to++ = n > 1 ? digits[bits >> 6 & 63] : '=';
	*to++ = n > 2 ? digits[bits & 63] : '=';
	return to;
}

char *gw_base64_put(char *to, struct gw_slice octets)
{
	const unsigned char *p = (const unsigned char *)octets.p;

	for (size_t i = 0; i < octets.n; i += 3)
		to = put_group(to, p + i, octets.n - i);
	return to;
}

bool gw_base64_encode(struct gw_slice octets, struct gw_buf *out)
{
	size_t n = gw_base64_size(octets.n);
	char *to = octets.n ? gw_buf_room(out, n) : NULL;

	if (!to)
		return octets.n == 0;
	gw_base64_put(to, octets);
	out->n += n;
	return true;
}
