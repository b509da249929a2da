/* line.c - cutting a line into words (see line.h) */
#include "gwctl/line.h"

#include "util/buf.h"
#include "util/mem.h"

#include <stdlib.h>
#include <string.h>

/* The end of a word: its NUL. */
static void end_word(struct line *l, char **to)
{
	if (l->in_word)
		*(*to)++ = '\0';
	l->in_word = false;
}

static bool begin_word(struct line *l, char *to, size_t at)
{
	if (l->in_word)
		return true;
	if (l->n == LINE_WORDS)
		return false;
	l->in_word = true;
	l->start[l->n] = at;
	l->word[l->n++] = to;
	return true;
}

static bool is_quote(const struct line *l, char c)
{
	return l->quote ? c == l->quote : c == '"' || c == '\'';
}

/* Byte i of the line, inside of a word. Returns the next. */
static size_t take(struct line *l, const char *s, size_t n, size_t i, char **to)
{
	char c = s[i];

	if (is_quote(l, c))
		l->quote = l->quote ? 0 : c;
	else if (c == '\\' && l->quote != '\'' && i + 1 < n)
		*(*to)++ = s[++i];
	else
		*(*to)++ = c;
	return i + 1;
}

static const char *cut(const char *s, size_t n, struct line *l)
{
	char *to = l->text;

	for (size_t i = 0; i < n && s[i];) {
		bool bare = !l->quote;

		if (bare && strchr(" \t\r\n", s[i])) {
			end_word(l, &to);
			i++;
		} else if (bare && s[i] == '#' && !l->in_word) {
			break;
		} else if (bare && s[i] == '|') {
			end_word(l, &to);
			if (l->stages == LINE_STAGES)
				return "there are too many filters";
			l->stage[l->stages++] = l->n;
			i++;
		} else if (!begin_word(l, to, i)) {
			return "there are too many words";
		} else {
			i = take(l, s, n, i, &to);
		}
	}
	if (l->in_word)
		*to = '\0';
	return l->quote ? "a quote does not end" : NULL;
}

int line_cut(const char *s, size_t n, struct line *ret, struct gw_err *err)
{
	const char *wrong;

	*ret = (struct line){ .text = gw_xalloc(n + 1), .stages = 1 };
	wrong = cut(s, n, ret);
	ret->word[ret->n] = NULL;
	ret->stage[ret->stages] = ret->n;
	return wrong ? gw_fail(err, GW_EINVAL, "%s", wrong) : 0;
}

void line_done(struct line *l)
{
	free(l->text);
	*l = (struct line){ .text = NULL };
}
