/* num.c - numbers to and from text (see num.h) */
#include "util/num.h"

#include <stdio.h>
#include <string.h>

bool gw_parse_u64(struct gw_slice s, uint64_t *ret)
{
	uint64_t v = 0;

	if (s.n == 0)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		unsigned digit = (unsigned char)s.p[i] - (unsigned)'0';

		if (digit > 9 || __builtin_mul_overflow(v, 10u, &v) || __builtin_add_overflow(v, digit, &v))
			return false;
	}
	*ret = v;
	return true;
}

bool gw_parse_u64_range(struct gw_slice s, uint64_t min, uint64_t max, uint64_t *ret)
{
	uint64_t v;

	if (!gw_parse_u64(s, &v) || v < min || v > max)
		return false;
	*ret = v;
	return true;
}

static size_t digits(uint64_t v)
{
	size_t n = 1;

	for (; v >= 10000; v /= 10000)
		n += 4;
	return n + (v >= 10) + (v >= 100) + (v >= 1000);
}

size_t gw_put_u64(char *p, uint64_t v)
{
	static const char pairs[] = "00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748"
				    "49505152535455565758596061626364656667686970717273747576777879808182838485868788899091929394959697"
				    "9899";
	size_t n = digits(v), at = n;

	for (; v >= 10; v /= 100) {
		at -= 2;
		memcpy(p + at, pairs + v % 100 * 2, 2);
	}
	if (at)
		*p = (char)('0' + v);
	return n;
}

char *gw_put_size(char *p, size_t cap, uint64_t bytes)
{
	static const char units[] = "BKMGTPE";
	double v = (double)bytes;
	size_t unit = 0;

	while (v >= 1024 && units[unit + 1]) {
		v /= 1024;
		unit++;
	}
	if (unit == 0)
		snprintf(p, cap, "%llu B", (unsigned long long)bytes);
	else
		snprintf(p, cap, "%.1f %cB", v, units[unit]);
	return p;
}

char *gw_put_hex(char *p, const void *bytes, size_t n)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *b = bytes;

	for (size_t i = 0; i < n; i++) {
		p[2 * i] = digits[b[i] >> 4];
		p[2 * i + 1] = digits[b[i] & 15];
	}
	p[2 * n] = '\0';
	return p;
}
