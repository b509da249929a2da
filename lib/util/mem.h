/* mem.h - allocation that does not fail, and secrets that do not linger
 *
 * Small allocations abort the process when memory is out; whatever a client can size is checked
 * against a named limit before it comes here. */
#ifndef GW_UTIL_MEM_H
#define GW_UTIL_MEM_H

#include "util/slice.h"

/* n bytes of zeroed memory; free with free(). Aborts when memory is out. */
void *gw_xalloc(size_t n) __attribute__((malloc, returns_nonnull));

/* count * size bytes of zeroed memory, overflow checked. */
void *gw_xcalloc(size_t count, size_t size) __attribute__((malloc, returns_nonnull));

/* realloc to count * size bytes, overflow checked; new bytes are not initialised. */
void *gw_xrealloc(void *p, size_t count, size_t size) __attribute__((returns_nonnull));

/* A NUL-terminated copy; free with free(). NULL gives NULL. */
char *gw_xstrdup(const char *s);

/* A NUL-terminated copy of a slice; free with free(). */
char *gw_xslicedup(struct gw_slice s) __attribute__((malloc, returns_nonnull));

/* printf into new memory; free with free(). */
char *gw_xasprintf(const char *fmt, ...) __attribute__((format(printf, 1, 2), returns_nonnull));

/* Overwrite n bytes in a way the compiler keeps. */
void gw_wipe(void *p, size_t n);

/* Equal? Takes the same time whatever the bytes are (but not whatever the length is). */
bool gw_equal_ct(const void *a, const void *b, size_t n);

/* A password or token: owned bytes that are wiped when freed and that no format prints. */
struct gw_secret {
	char *p;
	size_t n;
};

/* Make *s hold a copy of v (wiping what it held). */
void gw_secret_set(struct gw_secret *s, struct gw_slice v);

/* Wipe and free; *s is empty afterwards. */
void gw_secret_free(struct gw_secret *s);

/* Borrow the bytes. */
static inline struct gw_slice gw_secret_slice(const struct gw_secret *s)
{
	return (struct gw_slice){ s->p ? s->p : "", s->n };
}

#endif
