/* cmd_language.c - LANGUAGE: in which language people read what the server says (RFC 5255 3; see util/lang.h) */
#include "imap/commands.h"

#include "config/config.h"
#include "imap/put.h"

static enum imap_step list_languages(struct imap_task *t, struct gw_out *out)
{
	gw_out_lit(out, "* LANGUAGE (");
	for (unsigned i = 0; i < GW_LANGS; i++)
		gw_out_printf(out, "%s%s", i ? " " : "", gw_lang_tag((enum gw_lang)i));
	gw_out_lit(out, ")\r\n");
	return imap_ok(t, "LANGUAGE completed");
}

/* The first range that leads to a language; "default" and "*" leave it to the administrator (RFC 5255 3.2). */
static bool choose(const struct imap_session *s, const struct imap_words *ranges, enum gw_lang *ret)
{
	for (size_t i = 0; i < ranges->n; i++) {
		if (gw_slice_eqi(ranges->v[i], GW_S("default")) || gw_slice_eq(ranges->v[i], GW_S("*"))) {
			*ret = s->env.config->preferred_language;
			return true;
		}
		if (gw_lang_lookup(ranges->v[i], ret))
			return true;
	}
	return false;
}

enum imap_step imap_run_language(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	const struct imap_words *ranges = &t->cmd->words;

	if (!ranges->n)
		return list_languages(t, out);
	for (size_t i = 0; i < ranges->n; i++)
		if (!gw_lang_range_ok(ranges->v[i]))
			return imap_bad(t, "That is not a language tag");
	if (!choose(s, ranges, &s->lang))
		return imap_no(t, NULL, "There is no such language here");
	gw_out_printf(out, "* LANGUAGE (%s)\r\n", gw_lang_tag(s->lang));
	if (s->acct)
		imap_put_namespace(s, out);
	return imap_ok(t, "The language is English now");
}
