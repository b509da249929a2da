/* slice.h - a piece of text with a length, borrowed from somebody
 *
 * Everything that comes from the wire, a message or a file is a slice; NUL-terminated strings
 * exist only at library and OS borders. Thread: any. */
#ifndef GW_UTIL_SLICE_H
#define GW_UTIL_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct gw_slice {
	const char *p;
	size_t n;
};

/* A slice of a string literal. */
#define GW_S(lit) ((struct gw_slice){ "" lit, sizeof(lit) - 1 })

/* printf arguments for "%.*s". */
#define GW_FMT(s) (int)(s).n, (s).p

static inline struct gw_slice gw_slice(const char *p, size_t n)
{
	return (struct gw_slice){ p, n };
}

/* A slice of the NUL-terminated s; NULL gives the empty slice. */
static inline struct gw_slice gw_slice_str(const char *s)
{
	return (struct gw_slice){ s ? s : "", s ? strlen(s) : 0 };
}

/* Cut the first n bytes (n <= s->n) off s and return them. */
static inline struct gw_slice gw_slice_take(struct gw_slice *s, size_t n)
{
	struct gw_slice head = { s->p, n };

	s->p += n;
	s->n -= n;
	return head;
}

static inline bool gw_slice_eq(struct gw_slice a, struct gw_slice b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

/* ASCII lower case of one byte; other bytes unchanged. */
static inline char gw_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

/* ASCII upper case of one byte; other bytes unchanged. */
static inline char gw_upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - 32) : c;
}

/* Equal without regard to ASCII case. */
bool gw_slice_eqi(struct gw_slice a, struct gw_slice b);

/* Does s begin with prefix, without regard to ASCII case? */
static inline bool gw_slice_startsi(struct gw_slice s, struct gw_slice prefix)
{
	return s.n >= prefix.n && gw_slice_eqi(gw_slice(s.p, prefix.n), prefix);
}

/* Order by unsigned bytes, a shorter prefix first: <0, 0, >0. */
int gw_slice_cmp(struct gw_slice a, struct gw_slice b);

/* Order without regard to ASCII case: <0, 0, >0. */
int gw_slice_cmpi(struct gw_slice a, struct gw_slice b);

/* Index of the first c, or s.n. */
size_t gw_slice_find(struct gw_slice s, char c);

/* Cut the next word off *s: what stands between bytes of separators. False, with *s empty, when there is none. */
bool gw_slice_word(struct gw_slice *s, const char *separators, struct gw_slice *ret);

/* s without blanks, tabs, CR and LF at both ends. */
struct gw_slice gw_slice_trim(struct gw_slice s);

#endif
