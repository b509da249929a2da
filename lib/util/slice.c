/* slice.c - comparing and cutting borrowed text (see slice.h) */
#include "util/slice.h"

bool gw_slice_eqi(struct gw_slice a, struct gw_slice b)
{
	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++)
		if (gw_lower(a.p[i]) != gw_lower(b.p[i]))
			return false;
	return true;
}

int gw_slice_cmp(struct gw_slice a, struct gw_slice b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int c = n ? memcmp(a.p, b.p, n) : 0;

	return c ? c : (a.n > b.n) - (a.n < b.n);
}

int gw_slice_cmpi(struct gw_slice a, struct gw_slice b)
{
	size_t n = a.n < b.n ? a.n : b.n;

	for (size_t i = 0; i < n; i++) {
		unsigned char x = (unsigned char)gw_lower(a.p[i]);
		unsigned char y = (unsigned char)gw_lower(b.p[i]);

		if (x != y)
			return x < y ? -1 : 1;
	}
	return (a.n > b.n) - (a.n < b.n);
}

size_t gw_slice_find(struct gw_slice s, char c)
{
	const char *hit = s.n ? memchr(s.p, c, s.n) : NULL;

	return hit ? (size_t)(hit - s.p) : s.n;
}

bool gw_slice_word(struct gw_slice *s, const char *separators, struct gw_slice *ret)
{
	size_t kinds = strlen(separators), n = 0;

	while (s->n && memchr(separators, *s->p, kinds))
		gw_slice_take(s, 1);
	while (n < s->n && !memchr(separators, s->p[n], kinds))
		n++;
	*ret = gw_slice_take(s, n);
	return n > 0;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct gw_slice gw_slice_trim(struct gw_slice s)
{
	while (s.n && is_blank(s.p[0]))
		gw_slice_take(&s, 1);
	while (s.n && is_blank(s.p[s.n - 1]))
		s.n--;
	return s;
}
