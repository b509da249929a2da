/* lang_texts.h - the tables under lang.h: what POP3 and both say, and what only IMAP does */
#ifndef GW_UTIL_LANG_TEXTS_H
#define GW_UTIL_LANG_TEXTS_H

#include "util/lang.h"

#define ROW(english, de, es, fr, nl) \
	{ english, { [GW_LANG_DE] = (de), [GW_LANG_ES] = (es), [GW_LANG_FR] = (fr), [GW_LANG_NL] = (nl) } }

extern const struct gw_lang_row util_lang_row[], util_lang_row_imap[];
extern const size_t util_lang_rows, util_lang_rows_imap;

#endif
