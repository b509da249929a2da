/* lang.h - languages: BCP 47 tags, and the texts of our answers to clients in each
 *
 * The English text is what a text is known by: lang_texts.c and lang_texts_imap.c have one row a text with its translations. A translation has
 * the printf conversions of the English text, in the same order, so it can stand in its place. What no row has stays
 * English. POP3 chooses with LANG (RFC 6856 3), IMAP with LANGUAGE (RFC 5255 3). Thread: any (all of it is constant). */
#ifndef GW_UTIL_LANG_H
#define GW_UTIL_LANG_H

#include "util/slice.h"

/* The values of `preferred_language` count these. */
enum gw_lang {
	GW_LANG_DEFAULT, /* i-default (RFC 2277 4.5): English in ASCII, what everybody gets who asked for nothing */
	GW_LANG_EN,
	GW_LANG_DE,
	GW_LANG_ES,
	GW_LANG_FR,
	GW_LANG_NL,
	GW_LANGS
};

/* "de". The tag as it is told to clients. */
const char *gw_lang_tag(enum gw_lang lang);

/* "Deutsch": the language's own name for itself, in UTF-8. */
const char *gw_lang_name(enum gw_lang lang);

/* Is it a basic language range (RFC 4647 2.1)? "*" is one. */
bool gw_lang_range_ok(struct gw_slice range);

/* The language a basic range leads to by lookup (RFC 4647 3.4): "de-AT" finds de. False: to none; neither does "*". */
bool gw_lang_lookup(struct gw_slice range, enum gw_lang *ret);

/* The text in this language; english itself when there is no translation. A translation lives for ever. */
const char *gw_lang_text(enum gw_lang lang, const char *english) __attribute__((format_arg(2)));

/* A row of the table, for who wants to see all: english and its translations by enum gw_lang (NULL for the two that are
 * English). NULL behind the last. */
struct gw_lang_row {
	const char *english;
	const char *text[GW_LANGS];
};

const struct gw_lang_row *gw_lang_row(size_t i);

#endif
