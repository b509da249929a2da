/* eml_name.c - the names that `gwctl export` gives to .eml files (see eml_name.h) */
#include "gwctl/eml_name.h"

#include "mailbox/maildir.h"
#include "util/num.h"

#define UID_DIGITS 10

bool eml_name_read(struct gw_slice name, uint32_t *ret_uid, uint64_t *ret_flags)
{
	struct gw_slice letters;
	struct gw_maildir_file f;
	char info[64] = "x:2,";
	uint64_t uid;

	*ret_uid = 0;
	*ret_flags = 0;
	if (name.n < UID_DIGITS + 4 || !gw_parse_u64_range(gw_slice_take(&name, UID_DIGITS), 1, UINT32_MAX, &uid))
		return false;
	letters = gw_slice_take(&name, name.n - 4);
	if (!gw_slice_eq(name, GW_S(".eml")) || letters.n > 8 || letters.n == 1 || (letters.n && letters.p[0] != '.'))
		return false;
	if (letters.n) {
		memcpy(info + 4, letters.p + 1, letters.n - 1);
		gw_maildir_file(gw_slice_str(info), &f);
		*ret_flags = f.flags;
	}
	*ret_uid = (uint32_t)uid;
	return true;
}

void eml_name_put(struct gw_buf *out, uint32_t uid, uint64_t flags)
{
	struct gw_buf info;

	gw_buf_init(&info, 0);
	gw_maildir_put_info(&info, flags, 0);
	gw_buf_printf(out, "%0*u%s%s.eml", UID_DIGITS, uid, info.n > 3 ? "." : "", gw_buf_str(&info) + 3);
	gw_buf_done(&info);
}
