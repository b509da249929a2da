/* lang_texts.h - the table under lang.h */
#ifndef GW_UTIL_LANG_TEXTS_H
#define GW_UTIL_LANG_TEXTS_H

#include "util/lang.h"

extern const struct gw_lang_row util_lang_row[];
extern const size_t util_lang_rows;

#endif
