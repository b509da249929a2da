/* spot.c - what may stand at the cursor (see spot.h) */
#include "gwctl/spot.h"

#include "gwctl/verbs.h"

#include <string.h>

static bool is_dashed(const char *word)
{
	return word[0] == '-' && word[1];
}

static const struct gw_cli_flag *flag_named(struct gw_slice name)
{
	for (size_t i = 0; flag_row(i); i++)
		if (gw_slice_eq(gw_slice_str(flag_row(i)->name), name))
			return flag_row(i);
	return NULL;
}

/* The flag that waits for its value behind this word. */
static const struct gw_cli_flag *flag_waiting(const char *word)
{
	const struct gw_cli_flag *f = NULL;

	if (strncmp(word, "--", 2) == 0)
		f = strchr(word, '=') ? NULL : flag_named(gw_slice_str(word + 2));
	else
		for (size_t i = 0; word[1] && flag_row(i); i++)
			if (flag_row(i)->letter == word[strlen(word) - 1])
				f = flag_row(i);
	return f && f->value ? f : NULL;
}

static int next_position(const struct spot *s)
{
	for (size_t i = 0; i < param_count(s->verb); i++)
		if ((s->verb->params[i].flags & GW_CTL_POSITION) && !s->given[i])
			return (int)i;
	return -1;
}

static void give(struct spot *s, int i, const char *value)
{
	s->given[i] = true;
	s->value[i] = value;
}

/* "name=..." or "--name=..." of a parameter: its index, *lead what is before the value; else -1. */
static int named(const struct spot *s, const char *word, size_t *lead)
{
	const char *name = word + (strncmp(word, "--", 2) == 0 ? 2 : 0), *eq = strchr(name, '=');
	int i = eq ? param_find(s->verb, gw_slice(name, (size_t)(eq - name)), NULL) : -1;

	*lead = i < 0 ? 0 : (size_t)(eq + 1 - word);
	return i;
}

/* --name of a parameter, without a value in the same word. */
static int dashed(const struct spot *s, const char *word)
{
	return strncmp(word, "--", 2) == 0 && !strchr(word, '=') ? param_find(s->verb, gw_slice_str(word + 2), NULL) : -1;
}

/* ---- words before the cursor ---- */

/* Word i, behind the name. Returns the next to look at; n or more: the value of what stands last is wanted. */
static size_t pass(struct spot *s, char *const *words, size_t n, size_t i)
{
	const char *word = words[i];
	size_t lead, many;
	int p = named(s, word, &lead);

	if (p >= 0)
		return give(s, p, word + lead), i + 1;
	p = dashed(s, word);
	if (p >= 0 && s->verb->params[p].type == GW_CTL_BOOL)
		return give(s, p, "yes"), i + 1;
	if (p >= 0) {
		if (i + 1 == n) {
			s->kind = SPOT_VALUE;
			s->param = p;
		} else {
			give(s, p, words[i + 1]);
		}
		return i + 2;
	}
	many = is_dashed(word) ? flag_words(words, n, i) : 0;
	if (many)
		return i + many;
	p = next_position(s);
	if (p >= 0 && !is_dashed(word))
		give(s, p, word);
	return i + 1;
}

/* The words that can be those of a name and where the last stands; flags are passed over. */
static size_t gather(struct spot *s, char *const *words, size_t n, size_t at[GW_CTL_WORDS_MAX])
{
	size_t found = 0;

	for (size_t i = 0; i < n && found < GW_CTL_WORDS_MAX;) {
		size_t many = is_dashed(words[i]) ? flag_words(words, n, i) : 0;

		if (is_dashed(words[i]) && many == 0)
			break;
		if (many == 0) {
			at[found] = i;
			s->words[found++] = words[i];
		}
		i += many ? many : 1;
	}
	s->name = s->words;
	s->n_name = found;
	return found;
}

static void at_argument(struct spot *s, const char *begin)
{
	int p = named(s, begin, &s->lead);

	if (p >= 0) {
		s->kind = SPOT_VALUE;
		s->param = p;
		return;
	}
	s->kind = SPOT_ARGUMENT;
	s->param = is_dashed(begin) ? -1 : next_position(s);
}

/* The value of a flag in this word or behind the one before? */
static bool at_flag(struct spot *s, char *const *words, size_t n, const char *begin)
{
	const char *eq = strncmp(begin, "--", 2) == 0 ? strchr(begin, '=') : NULL;

	if (n && is_dashed(words[n - 1]))
		s->flag = flag_waiting(words[n - 1]);
	if (!s->flag && eq) {
		s->flag = flag_named(gw_slice(begin + 2, (size_t)(eq - begin - 2)));
		s->lead = s->flag ? (size_t)(eq + 1 - begin) : 0;
	}
	return s->flag && s->flag->value;
}

void spot_find(char *const *words, size_t n, const char *begin, struct spot *s)
{
	size_t at[GW_CTL_WORDS_MAX], used, found, i;
	const struct local *local;

	memset(s, 0, sizeof *s);
	s->param = -1;
	found = gather(s, words, n, at);
	s->verb = found ? verb_find(s->words, found, &used, NULL) : NULL;
	if (!s->verb) {
		s->kind = at_flag(s, words, n, begin) ? SPOT_FLAG_VALUE : SPOT_NAME;
		return;
	}
	local = verb_local(s->verb);
	for (i = at[used - 1] + 1; i < n && s->kind == SPOT_NOTHING;) {
		if (local && local->rest && next_position(s) < 0 && !is_dashed(words[i]))
			return spot_find(words + i, n - i, begin, s);
		i = pass(s, words, n, i);
	}
	if (s->kind == SPOT_VALUE)
		return;
	if (local && local->rest && next_position(s) < 0 && !is_dashed(begin)) {
		s->kind = SPOT_NAME;
		s->n_name = 0;
	} else if (at_flag(s, words, n, begin)) {
		s->kind = SPOT_FLAG_VALUE;
	} else {
		at_argument(s, begin);
	}
}
