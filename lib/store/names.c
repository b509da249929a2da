/* names.c - names of mailboxes: checked once, whatever the driver (see names.h) */
#include "store/names.h"

#include <string.h>

#include "store/driver.h"
#include "util/utf8.h"

/* INBOX in any case, alone or as the first level, is spelled INBOX (RFC 3501 5.1). */
static struct gw_slice canonical(struct gw_slice name, char buf[GW_MAILBOX_NAME_MAX])
{
	if (!gw_slice_startsi(name, GW_S("INBOX")) || (name.n > 5 && name.p[5] != '/') || name.n > GW_MAILBOX_NAME_MAX)
		return name;
	memcpy(buf, name.p, name.n);
	memcpy(buf, "INBOX", 5);
	return gw_slice(buf, name.n);
}

static bool level_ok(struct gw_slice level)
{
	return level.n && !gw_slice_eq(level, GW_S(".")) && !gw_slice_eq(level, GW_S(".."));
}

/* C0, DEL, C1 and the separators U+2028, U+2029 (RFC 5198 forbids them in a name, RFC 9051 5.1). */
static bool control(uint32_t cp)
{
	return cp < 0x20 || (cp >= 0x7F && cp < 0xA0) || cp == 0x2028 || cp == 0x2029;
}

int gw_mailbox_name_check(struct gw_slice name, struct gw_err *err)
{
	struct gw_slice rest = name;
	unsigned depth = 0;
	uint32_t cp;

	if (name.n > GW_MAILBOX_NAME_MAX)
		return gw_fail(err, GW_ELIMIT, "a mailbox name has at most %d octets", GW_MAILBOX_NAME_MAX);
	while (rest.n)
		if (!gw_utf8_next(&rest, &cp) || control(cp))
			return gw_fail(err, GW_EINVAL, "a mailbox name is UTF-8 without control characters");
	for (rest = name;; depth++) {
		size_t n = gw_slice_find(rest, '/');

		if (!level_ok(gw_slice(rest.p, n)))
			return gw_fail(err, GW_EINVAL, "a level of a mailbox name is empty or made of dots");
		if (n == rest.n)
			break;
		gw_slice_take(&rest, n + 1);
	}
	if (depth >= GW_MAILBOX_DEPTH_MAX)
		return gw_fail(err, GW_ELIMIT, "mailboxes lie at most %d levels deep", GW_MAILBOX_DEPTH_MAX);
	return 0;
}

int mailbox_name_known(struct gw_slice *name, char buf[GW_MAILBOX_NAME_MAX], struct gw_err *err)
{
	if (gw_mailbox_name_check(*name, NULL) < 0)
		return gw_fail(err, GW_ENOENT, "no such mailbox");
	*name = canonical(*name, buf);
	return 0;
}

int mailbox_name_new(struct gw_slice *name, char buf[GW_MAILBOX_NAME_MAX], struct gw_err *err)
{
	int rc = gw_mailbox_name_check(*name, err);

	if (rc == 0)
		*name = canonical(*name, buf);
	return rc;
}
