/* window.c - a part of a result by its places (see window.h) */
#include "imap/window.h"

bool imap_window_bounds(const struct imap_window *w, uint64_t n, uint64_t *ret_first, uint64_t *ret_last)
{
	uint64_t near = (uint64_t)(w->lo < 0 ? -w->lo : w->lo), far = (uint64_t)(w->hi < 0 ? -w->hi : w->hi);

	if (near > n)
		return false;
	if (far > n)
		far = n;
	*ret_first = w->lo > 0 ? near : n - far + 1;
	*ret_last = w->lo > 0 ? far : n - near + 1;
	return true;
}

void imap_window_take(const struct gw_set *from, const struct imap_window *w, struct gw_set *ret)
{
	uint64_t first, last, at = 0;

	if (!imap_window_bounds(w, gw_set_count(from), &first, &last))
		return;
	for (size_t i = 0; i < from->n && at < last; i++) {
		uint64_t n = (uint64_t)from->r[i].hi - from->r[i].lo + 1;
		uint64_t lo = first > at + 1 ? first - at - 1 : 0, hi = last - at < n ? last - at : n;

		if (lo < hi)
			gw_set_add(ret, from->r[i].lo + (uint32_t)lo, from->r[i].lo + (uint32_t)(hi - 1));
		at += n;
	}
}
