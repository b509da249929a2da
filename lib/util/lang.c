/* lang.c - which language is meant (see lang.h); the texts are in lang_texts.c and lang_texts_imap.c */
#include "util/lang.h"

#include "util/lang_texts.h"

#define SUBTAG_MAX 8u /* characters (RFC 4647 2.1) */

static const struct {
	const char *tag, *name;
} languages[GW_LANGS] = {
	[GW_LANG_DEFAULT] = { "i-default", "English" },
	[GW_LANG_EN] = { "en", "English" },
	[GW_LANG_DE] = { "de", "Deutsch" },
	[GW_LANG_ES] = { "es", "Espa\u00f1ol" },
	[GW_LANG_FR] = { "fr", "Fran\u00e7ais" },
	[GW_LANG_NL] = { "nl", "Nederlands" },
};

const char *gw_lang_tag(enum gw_lang lang)
{
	return languages[lang].tag;
}

const char *gw_lang_name(enum gw_lang lang)
{
	return languages[lang].name;
}

static bool is_alnum(char c, bool digits)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (digits && c >= '0' && c <= '9');
}

/* 1*8ALPHA *("-" 1*8alphanum) */
bool gw_lang_range_ok(struct gw_slice range)
{
	size_t subtag = 0;
	bool first = true;

	if (gw_slice_eq(range, GW_S("*")))
		return true;
	for (size_t i = 0; i < range.n; i++) {
		if (range.p[i] == '-' && subtag) {
			subtag = 0;
			first = false;
		} else if (!is_alnum(range.p[i], !first) || ++subtag > SUBTAG_MAX) {
			return false;
		}
	}
	return subtag > 0;
}

/* One subtag less at the end; with it goes a single character in front of it, which means nothing alone. */
static void shorten(struct gw_slice *range)
{
	while (range->n && range->p[range->n - 1] != '-')
		range->n--;
	range->n -= range->n > 0;
	if (range->n >= 2 && range->p[range->n - 2] == '-')
		range->n -= 2;
}

bool gw_lang_lookup(struct gw_slice range, enum gw_lang *ret)
{
	if (!gw_lang_range_ok(range))
		return false;
	for (; range.n; shorten(&range)) {
		for (unsigned i = 0; i < GW_LANGS; i++) {
			if (gw_slice_eqi(range, gw_slice_str(languages[i].tag))) {
				*ret = (enum gw_lang)i;
				return true;
			}
		}
	}
	return false;
}

/* Some dozens of rows, and an answer is nothing that happens in a loop. */
const char *gw_lang_text(enum gw_lang lang, const char *english)
{
	const struct gw_lang_row *row;

	if (lang == GW_LANG_DEFAULT || lang == GW_LANG_EN)
		return english;
	for (size_t i = 0; (row = gw_lang_row(i)); i++)
		if (strcmp(row->english, english) == 0)
			return row->text[lang];
	return english;
}

const struct gw_lang_row *gw_lang_row(size_t i)
{
	if (i < util_lang_rows)
		return &util_lang_row[i];
	return i - util_lang_rows < util_lang_rows_imap ? &util_lang_row_imap[i - util_lang_rows] : NULL;
}
