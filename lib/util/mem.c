/* mem.c - allocation that does not fail, and secrets (see mem.h) */
#include "util/mem.h"

#include "util/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void *gw_xcalloc(size_t count, size_t size)
{
	void *p = calloc(count ? count : 1, size ? size : 1);

	if (!p)
		gw_bug("out of memory");
	return p;
}

void *gw_xalloc(size_t n)
{
	return gw_xcalloc(1, n);
}

void *gw_xrealloc(void *p, size_t count, size_t size)
{
	void *q = reallocarray(p, count ? count : 1, size ? size : 1);

	if (!q)
		gw_bug("out of memory");
	return q;
}

char *gw_xslicedup(struct gw_slice s)
{
	char *p = gw_xalloc(s.n + 1);

	if (s.n)
		memcpy(p, s.p, s.n);
	return p;
}

char *gw_xstrdup(const char *s)
{
	return s ? gw_xslicedup(gw_slice_str(s)) : NULL;
}

char *gw_xasprintf(const char *fmt, ...)
{
	va_list ap;
	char *p;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&p, fmt, ap);
	va_end(ap);
	if (n < 0)
		gw_bug("out of memory");
	return p;
}

void gw_wipe(void *p, size_t n)
{
	if (n)
		explicit_bzero(p, n);
}

bool gw_equal_ct(const void *a, const void *b, size_t n)
{
	const volatile unsigned char *x = a;
	const volatile unsigned char *y = b;
	unsigned char diff = 0;

	for (size_t i = 0; i < n; i++)
		diff |= (unsigned char)(x[i] ^ y[i]);
	return diff == 0;
}

void gw_secret_set(struct gw_secret *s, struct gw_slice v)
{
	char *copy = gw_xslicedup(v);

	gw_secret_free(s);
	s->p = copy;
	s->n = v.n;
}

void gw_secret_free(struct gw_secret *s)
{
	if (s->p)
		gw_wipe(s->p, s->n);
	free(s->p);
	s->p = NULL;
	s->n = 0;
}
