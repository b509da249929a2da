/* base64.c - base64 as SASL carries it (RFC 4648 section 4)
 *
 * Strict on purpose: what decodes in two ways can be seen in two ways. Line ends, missing padding and bits that would be
 * thrown away are refused (RFC 4648 3.5). */
#include "sasl/sasl.h"

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* The value of a digit, or -1. No table that secrets would index. */
static int value_of(unsigned char c)
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
		int v = i < 4 - pad ? value_of((unsigned char)p[i]) : 0;

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

bool gw_base64_encode(struct gw_slice octets, struct gw_buf *out)
{
	const unsigned char *p = (const unsigned char *)octets.p;
	size_t n = (octets.n + 2) / 3 * 4;
	char *to;

	if (octets.n == 0)
		return true;
	to = gw_buf_room(out, n);
	if (!to)
		return false;
	for (size_t i = 0; i < octets.n; i += 3) {
		size_t left = octets.n - i;
		uint32_t bits = (uint32_t)p[i] << 16;

		if (left > 1)
			bits |= (uint32_t)p[i + 1] << 8;
		if (left > 2)
			bits |= p[i + 2];
		*to++ = digits[bits >> 18];
		*to++ = digits[bits >> 12 & 63];
		*to++ = left > 1 ? digits[bits >> 6 & 63] : '=';
		*to++ = left > 2 ? digits[bits & 63] : '=';
	}
	out->n += n;
	return true;
}
