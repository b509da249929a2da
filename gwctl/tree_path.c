/* tree_path.c - mailbox names as paths in a tree of files (see tree_path.h) */
#include "gwctl/tree_path.h"

#include "mailbox/names.h"

void tree_path_put(struct gw_buf *out, struct gw_slice name, const char *tail)
{
	while (name.n) {
		struct gw_slice level = gw_slice_take(&name, gw_slice_find(name, '/'));

		if (level.n && level.p[0] == '.') {
			gw_buf_printf(out, "&AC4-");
			gw_slice_take(&level, 1);
		}
		gw_mailbox_name_put(out, level, '/');
		if (!name.n)
			return;
		gw_slice_take(&name, 1);
		gw_buf_printf(out, "%s/", tail);
	}
}
