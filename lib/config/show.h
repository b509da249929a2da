/* show.h - values for people: how they are written, what they mean together, and what of them is nobody's business
 *
 * Everything here looks at rows, texts and snapshots and changes nothing. Thread: any. */
#ifndef GW_CONFIG_SHOW_H
#define GW_CONFIG_SHOW_H

#include "config/config.h"

/* How sizes and times are written. */
enum gw_form {
	GW_FORM_AS_IS, /* canonical: 128M, 1800 */
	GW_FORM_HUMAN, /* 128M, 30m */
	GW_FORM_PLAIN, /* bytes and seconds: 134217728, 1800 */
};

/* Parse text, a value of opt as it could stand in a file (already out of the environment), and append its canonical
 * text in that form to out. False, and nothing appended, when it is no value of the option. */
bool gw_option_format(const struct gw_option *opt, struct gw_slice text, enum gw_form form, struct gw_buf *out);

/* A value that the option could well have, other than the default where that is possible; "" when there is none. Writes
 * at most cap bytes with NUL. */
void gw_option_example(const struct gw_option *opt, char *out, size_t cap);

/* ---- what options mean together ---- */

/* A value that follows from several options: "imap.listen" is where IMAP listens, whichever dialect says so. */
struct gw_derived {
	const char *name;
	const char *brief; /* half a line, no full stop */
	void (*put)(const struct gw_config *cfg, struct gw_buf *out);
};

/* The i-th; NULL behind the last. By name; NULL when there is none. */
const struct gw_derived *gw_derived_at(size_t i);
const struct gw_derived *gw_derived_find(struct gw_slice name);

/* ---- secrets ---- */

/* What a secret is replaced with. */
#define GW_MASK "***"

/* Does the name of an environment variable say that its value is a secret? */
bool gw_secret_variable(struct gw_slice name);

/* Cut text up to the next secret in it off into *before, and the secret into *secret: the password of a URL
 * ("http://user:password@host"), and what stands behind "password=" and the like in its query. False, with the rest in
 * *before, when there is none. */
bool gw_secret_next(struct gw_slice *text, struct gw_slice *before, struct gw_slice *secret);

/* The first secret in a line of a file, which may be a comment: as above, or what is named like a secret and is no option
 * ("db_password = ..."). */
bool gw_secret_in_line(struct gw_slice line, struct gw_slice *secret);

/* Append a line of a file with GW_MASK for the secrets in it. */
void gw_secret_put_line(struct gw_slice line, struct gw_buf *out);

/* Is there a secret in the value? */
bool gw_config_has_secret(const struct gw_config *cfg, const struct gw_option *opt);

/* Append text with GW_MASK for the secrets in it. */
void gw_secret_put_masked(struct gw_slice text, struct gw_buf *out);

/* Append the value with GW_MASK for the secrets in it, or for all of it when it came from a variable that is secret. */
void gw_config_put_masked(const struct gw_config *cfg, const struct gw_option *opt, struct gw_buf *out);

#endif
