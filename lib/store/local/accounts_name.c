/* accounts_name.c - one spelling for each user
 *
 * People type "Anna" on the phone and "anna" at the desk, and an accented letter comes composed or not depending
 * on the keyboard. Names are therefore decomposed, ASCII letters lowered, and composed again (NFC). That form
 * is stable: normalising it once more changes nothing. */
#include <utf8proc.h>

#include "store/local/accounts_priv.h"
#include "util/buf.h"
#include "util/utf8.h"

#define CODEPOINTS_MAX (4 * GW_USER_NAME_MAX) /* decomposing makes at most a handful of one */

/* May the character be part of a name? Not what could end a line, hide, or turn the direction of a log line. */
static bool char_fits(utf8proc_int32_t c)
{
	switch (utf8proc_category(c)) {
	case UTF8PROC_CATEGORY_CC:
	case UTF8PROC_CATEGORY_CF:
	case UTF8PROC_CATEGORY_CS:
	case UTF8PROC_CATEGORY_CN:
	case UTF8PROC_CATEGORY_ZL:
	case UTF8PROC_CATEGORY_ZP:
		return false;
	default:
		return c != '/';
	}
}

static int bad_name(struct gw_err *err, const char *why)
{
	return gw_fail(err, GW_EINVAL, "bad user name: %s", why);
}

/* Checks that hold before and after normalising. */
static int check_size(struct gw_slice name, struct gw_err *err)
{
	if (name.n == 0)
		return bad_name(err, "it is empty");
	if (name.n > GW_USER_NAME_MAX)
		return bad_name(err, "it is too long");
	if (name.p[0] == ' ' || name.p[name.n - 1] == ' ')
		return bad_name(err, "blank at its begin or end");
	return 0;
}

/* Plain ASCII, which is almost every name: true and done, or false for the long way. */
static bool lower_ascii(struct gw_slice name, char *ret)
{
	for (size_t i = 0; i < name.n; i++) {
		unsigned char c = (unsigned char)name.p[i];

		if (c < 0x20 || c >= 0x7F || c == '/')
			return false;
	}
	for (size_t i = 0; i < name.n; i++)
		ret[i] = gw_lower(name.p[i]);
	ret[name.n] = '\0';
	return true;
}

/* Decompose into cp, check each character, lower ASCII letters; the count, or a negative code. */
static long decompose(struct gw_slice name, utf8proc_int32_t *cp, struct gw_err *err)
{
	utf8proc_ssize_t n = utf8proc_decompose((const utf8proc_uint8_t *)name.p, (utf8proc_ssize_t)name.n, cp,
						CODEPOINTS_MAX, UTF8PROC_STABLE | UTF8PROC_DECOMPOSE);

	if (n < 0)
		return bad_name(err, "it is not UTF-8");
	if (n > CODEPOINTS_MAX)
		return bad_name(err, "it is too long");
	for (utf8proc_ssize_t i = 0; i < n; i++) {
		if (!char_fits(cp[i]))
			return bad_name(err, "it has a control character or '/'");
		if (cp[i] >= 'A' && cp[i] <= 'Z')
			cp[i] += 'a' - 'A';
	}
	return n;
}

/* Compose and encode into ret. */
static int compose(utf8proc_int32_t *cp, long n, char ret[GW_USER_NAME_MAX + 1], struct gw_err *err)
{
	struct gw_buf b;
	char one[4];
	int rc = 0;

	n = utf8proc_normalize_utf32(cp, n, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
	gw_buf_init(&b, GW_USER_NAME_MAX);
	for (long i = 0; i < n && rc == 0; i++)
		if (!gw_buf_add(&b, one, gw_utf8_put(one, (uint32_t)cp[i])))
			rc = bad_name(err, "it is too long");
	if (rc == 0)
		rc = check_size(gw_buf_slice(&b), err);
	if (rc == 0) {
		memcpy(ret, b.p, b.n);
		ret[b.n] = '\0';
	}
	gw_buf_done(&b);
	return rc;
}

int local_user_name(struct gw_slice name, char ret[GW_USER_NAME_MAX + 1], struct gw_err *err)
{
	utf8proc_int32_t cp[CODEPOINTS_MAX + 1];
	int rc = check_size(name, err);
	long n;

	if (rc < 0)
		return rc;
	if (lower_ascii(name, ret))
		return 0;
	n = decompose(name, cp, err);
	return n < 0 ? (int)n : compose(cp, n, ret, err);
}
