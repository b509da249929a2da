/* glob.c - names with wildcards (see glob.h)
 *
 * When bytes do not fit, the last * takes one more of them; going back to an earlier one could never help. */
#include "util/glob.h"

bool gw_glob(struct gw_slice pattern, struct gw_slice text)
{
	size_t p = 0, t = 0, star = SIZE_MAX, taken = 0;

	while (t < text.n) {
		if (p < pattern.n && pattern.p[p] == '*') {
			star = p++;
			taken = t;
		} else if (p < pattern.n && (pattern.p[p] == '?' || gw_lower(pattern.p[p]) == gw_lower(text.p[t]))) {
			p++;
			t++;
		} else if (star != SIZE_MAX) {
			p = star + 1;
			t = ++taken;
		} else {
			return false;
		}
	}
	while (p < pattern.n && pattern.p[p] == '*')
		p++;
	return p == pattern.n;
}
