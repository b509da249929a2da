/* guess.c - what a line that means nothing here was most likely meant to be
 *
 * Habits of other formats: sections, other signs of a comment, "name value", "name: value", "include file". */
#include "config/priv.h"

#include <stdio.h>

static struct gw_slice first_word(struct gw_slice t)
{
	size_t n = 0;

	while (n < t.n && t.p[n] != ' ' && t.p[n] != '\t' && t.p[n] != ':')
		n++;
	return gw_slice(t.p, n);
}

/* What stands behind the first word, and a colon. */
static struct gw_slice behind(struct gw_slice t, struct gw_slice word)
{
	gw_slice_take(&t, word.n);
	t = gw_slice_trim(t);
	if (t.n && t.p[0] == ':') {
		gw_slice_take(&t, 1);
		t = gw_slice_trim(t);
	}
	return t;
}

static bool other_comment(struct gw_slice t)
{
	return gw_slice_startsi(t, GW_S(";")) || gw_slice_startsi(t, GW_S("//"));
}

const char *config_guess_name(struct gw_slice name)
{
	if (name.n && name.p[0] == '#')
		return "a comment begins in the first column of its line";
	return other_comment(name) ? "a comment begins with #" : NULL;
}

const char *config_guess_directive(struct gw_slice word, struct gw_slice rest, struct gw_arena *arena)
{
	rest = gw_slice_trim(rest);
	if (!gw_slice_eqi(word, GW_S("include")) || rest.n == 0 || rest.n > 100)
		return NULL;
	return gw_arena_printf(arena, "write !include %.*s", GW_FMT(rest));
}

const char *config_guess_path(const char *path)
{
	if (strchr(path, '"') || strchr(path, '\''))
		return "everything behind !include is the path: leave the quotes out";
	return strstr(path, " #") || strstr(path, "\t#") ? "put the comment on a line of its own" : NULL;
}

const char *config_guess_line(struct gw_slice t, struct gw_arena *arena)
{
	struct gw_slice word = first_word(t), rest = behind(t, word);
	const struct gw_option *opt = gw_option_find(word);

	if (other_comment(t))
		return "a comment begins with #";
	if (t.p[0] == '[')
		return "there are no sections: take the line out";
	if (opt && rest.n && rest.n <= 100)
		return gw_arena_printf(arena, "write %s = %s", opt->name, config_mask(arena, rest));
	if (opt)
		return gw_arena_printf(arena, "write %s = ...", opt->name);
	if (word.n && (word.p[0] == '@' || word.p[0] == '.'))
		gw_slice_take(&word, 1);
	return config_guess_directive(word, rest, arena);
}
