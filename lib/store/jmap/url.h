/* url.h - addresses of a storage server: relative ones, and templates (RFC 3986 5.2, RFC 6570 level 1) */
#ifndef GW_STORE_JMAP_URL_H
#define GW_STORE_JMAP_URL_H

#include "util/arena.h"
#include "util/err.h"
#include "util/slice.h"

#define JMAP_URL_MAX 2048 /* octets of an address a server tells */

/* What ref means in a document that was got from base ("http://..." or "https://..."): NUL-terminated, in arena.
 * Segments of dots and templates stay as they are. GW_ECORRUPT: not printable ASCII, too long, with a user or a
 * template in the place of the host, of another scheme than base's, or of another host or port (unless other_hosts). */
int jmap_url_resolve(const char *base, struct gw_slice ref, bool other_hosts, struct gw_arena *arena,
	struct gw_slice *ret, struct gw_err *err);

struct jmap_variable {
	const char *name;
	struct gw_slice value;
};

/* Does the template hold nothing but {name} in braces, and each of need (ending in NULL)? GW_ECORRUPT. */
int jmap_template_check(struct gw_slice url, const char *const *need, struct gw_err *err);

/* The template with its variables in place, percent-encoded but for the unreserved characters; those that are not told
 * are empty. NUL-terminated, in arena. */
const char *jmap_template_fill(struct gw_slice url, const struct jmap_variable *v, size_t n, struct gw_arena *arena);

#endif
