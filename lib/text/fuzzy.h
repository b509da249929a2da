/* fuzzy.h - words that are about the same, in folded text (casemap.h)
 *
 * A pattern is the words of what somebody looks for; a text has it when it has each of them, in any order. A word is there as it is,
 * at the beginning of another one or inside it, with another ending (two words that share four letters or more, and end with three
 * others at most, four together), or with typing errors: one from 4 letters on, two from 9 on, none in numbers nor in the first letter
 * of a word of 4 or 5. Accents do not count. Words of one
 * or two letters are not needed when there are longer ones. Thread: any; a pattern never changes. */
#ifndef GW_TEXT_FUZZY_H
#define GW_TEXT_FUZZY_H

#include "util/arena.h"
#include "util/slice.h"

#define GW_FUZZY_WORDS_MAX 16   /* of a pattern; those behind are not looked for */
#define GW_FUZZY_LETTERS_MAX 32 /* of a word */
#define GW_FUZZY_PARTS_MAX 5
#define GW_FUZZY_LOOKS_MAX 65536u /* words of a text that one of a pattern is compared with; in what is behind, it is looked for as it stands */

struct gw_fuzzy_word {
	uint32_t letter[GW_FUZZY_LETTERS_MAX]; /* without accents */
	unsigned n;
	unsigned typos;  /* that are forgiven */
	bool needed;
	unsigned n_parts;
	struct gw_slice part[GW_FUZZY_PARTS_MAX]; /* a text that has the word has one of these in it, as they are */
	struct gw_slice whole; /* the word as it stands */
};

struct gw_fuzzy {
	struct gw_slice phrase; /* what is looked for, as a whole */
	unsigned n;
	struct gw_fuzzy_word *word;
};

/* A pattern, in the arena. phrase: folded. NULL: there are no words in it. */
const struct gw_fuzzy *gw_fuzzy_new(struct gw_arena *arena, struct gw_slice phrase);

/* A look into one text: zeroed at the beginning but for the pattern. */
struct gw_fuzzy_look {
	const struct gw_fuzzy *pattern;
	bool score; /* how well it matches shall be known, else only whether */
	bool field; /* texts are fields: their first words are compared whatever parts they have; an index of parts cannot tell them */
	/* its own */
	unsigned char best[GW_FUZZY_WORDS_MAX]; /* percent */
	uint32_t looks[GW_FUZZY_WORDS_MAX];
	bool phrase;
};

/* Look at text from the octet `from` on. header: so many octets of text are the fields of a header, one a line; what is found in the
 * body or in a field that people do not read counts less. SIZE_MAX: text is all of one field. */
void gw_fuzzy_look(struct gw_fuzzy_look *l, struct gw_slice text, size_t from, size_t header);

/* Where to look on when more is appended to text. */
size_t gw_fuzzy_resume(const struct gw_fuzzy *f, struct gw_slice text);

/* Nothing that comes behind can change the score (or whether it matches). */
bool gw_fuzzy_certain(const struct gw_fuzzy_look *l);

/* 1..100, or 0: the text does not match. */
unsigned gw_fuzzy_score(const struct gw_fuzzy_look *l);

#endif
