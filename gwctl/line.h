/* line.h - a line of the prompt or a script as commands and words
 *
 * Blanks stand between words; "..." and '...' keep them; a backslash keeps the next character, but between '...'. A "|"
 * outside of quotes begins a filter. A "#" at the beginning of a word begins a remark. */
#ifndef GWCTL_LINE_H
#define GWCTL_LINE_H

#include "util/err.h"

#include <stdbool.h>
#include <stddef.h>

#define LINE_WORDS 64
#define LINE_STAGES 8

struct line {
	char *text;                     /* owned: the words, each with its NUL */
	char *word[LINE_WORDS + 1];     /* of all stages, one after the other; a NULL at the end */
	size_t start[LINE_WORDS + 1];   /* where each begins in what was read */
	size_t n;
	size_t stage[LINE_STAGES + 1];  /* the first word of each; stage[stages] is n */
	size_t stages;                  /* at least 1 */
	char quote;                     /* open at the end; 0: none */
	bool in_word;                   /* the end of the line is in or at the end of a word */
};

/* Cut the first n bytes of a line. 0, or GW_EINVAL with a sentence: a quote does not end, or there are too many words or
 * filters; then what was read so far is in *ret all the same. line_done() in any case. */
int line_cut(const char *s, size_t n, struct line *ret, struct gw_err *err);
void line_done(struct line *l);

#endif
