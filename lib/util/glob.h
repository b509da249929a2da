/* glob.h - names with wildcards */
#ifndef GW_UTIL_GLOB_H
#define GW_UTIL_GLOB_H

#include "util/slice.h"

/* Does all of text fit the pattern, in which * stands for any bytes and ? for one byte? ASCII letters in either case.
 * Takes at most pattern.n * text.n steps, whatever is in them. */
bool gw_glob(struct gw_slice pattern, struct gw_slice text);

#endif
