/* fuzzy.c - words that are about the same (see fuzzy.h)
 *
 * A word with k typing errors, cut into k + 1 parts, has one of them without an error. So the text is searched for the parts, and
 * only the words around them are compared. */
#include "text/fuzzy.h"

#include "util/utf8.h"

#include <string.h>

#define PART_MIN 3u       /* letters of a part: what an index of trigrams can find */
#define STEM_MIN 4u       /* letters that words with different endings share */
#define ENDING_MAX 3u
#define ENDINGS_MAX 4u  /* of both words together */
#define FIRST_COUNTS 6u /* words with fewer letters begin with the right one */
#define AROUND_MAX 96u    /* octets of a word on either side of what was found */
#define LETTERS_MAX 320u  /* of a word in a text that are compared */
#define LINE_MAX_BACK 4096u /* octets back to the beginning of a line */

/* How well a word fits, in percent. */
enum { SAME = 100, BEGINS = 85, ENDS_OTHERWISE = 75, ONE_TYPO = 70, INSIDE = 55, TWO_TYPOS = 45 };

#define ROW_MAX (GW_FUZZY_LETTERS_MAX + 2u) /* letters of a word that is compared with another, typing errors forgiven */
#define IN_BODY 70u   /* percent: what is found there, or in fields that people do not read */
#define WORDS_PART 80u /* percent of the score for the words, the rest is for the phrase */
#define SCORE_MIN 20u /* about the least that comes of this */

/* ---- words ---- */

static bool is_continuation(char c)
{
	return ((unsigned char)c & 0xC0) == 0x80;
}

/* General punctuation and that of CJK. */
static bool is_mark(struct gw_slice s, size_t at)
{
	unsigned char a = (unsigned char)s.p[at], b = at + 1 < s.n ? (unsigned char)s.p[at + 1] : 0;

	return (a == 0xE2 && (b == 0x80 || b == 0x81)) || (a == 0xE3 && b == 0x80);
}

static bool is_ascii(char c)
{
	return !((unsigned char)c & 0x80);
}

static bool is_letter(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* Octets of the character at `at` if it is part of a word, else 0. Octets that are no UTF-8 are such characters. */
static size_t char_at(struct gw_slice s, size_t at)
{
	size_t n = 1;

	if (at >= s.n)
		return 0;
	if (is_ascii(s.p[at]))
		return is_letter(s.p[at]);
	if (is_mark(s, at))
		return 0;
	if ((unsigned char)s.p[at] < 0xC0)
		return 1;
	while (n < 4 && at + n < s.n && is_continuation(s.p[at + n]))
		n++;
	return n;
}

/* The same for the character that ends before `at`. */
static size_t char_before(struct gw_slice s, size_t at)
{
	size_t n = 1;

	if (at == 0)
		return 0;
	if (is_ascii(s.p[at - 1]))
		return is_letter(s.p[at - 1]);
	while (n < 4 && n < at && is_continuation(s.p[at - n]))
		n++;
	if (is_mark(s, at - n))
		return 0;
	return char_at(s, at - n) == n ? n : is_continuation(s.p[at - 1]);
}

/* ---- letters ---- */

#define RAW UINT32_C(0x80000000) /* an octet that is no UTF-8 */

static uint32_t take_letter(struct gw_slice *s)
{
	uint32_t c = RAW | (unsigned char)s->p[0];
	uint32_t valid = 0;

	return gw_utf8_next(s, &valid) ? valid : c;
}

static size_t put_letter(uint32_t c, char *ret)
{
	if (!(c & RAW))
		return gw_utf8_put(ret, c);
	ret[0] = (char)(unsigned char)c;
	return 1;
}

/* Letters with accents that are no combining ones, and what they are without. */
static const struct {
	uint32_t letter, plain[2];
} plain_letters[] = {
	{ 0xC6, { 'A', 'E' } },  { 0xD0, { 'D', 0 } },   { 0xD8, { 'O', 0 } },    { 0xDE, { 'T', 'H' } },  { 0xDF, { 'S', 'S' } },
	{ 0x110, { 'D', 0 } },   { 0x126, { 'H', 0 } },  { 0x131, { 'I', 0 } },   { 0x141, { 'L', 0 } },   { 0x152, { 'O', 'E' } },
	{ 0x166, { 'T', 0 } },   { 0x1E9E, { 'S', 'S' } },
};

/* Append a letter without its accents; returns how many there are then. */
static unsigned add_letter(uint32_t *v, unsigned n, unsigned max, uint32_t c)
{
	if (c >= 0x300 && c <= 0x36F) /* combining */
		return n;
	if (c >= 0x80)
		for (size_t i = 0; i < sizeof plain_letters / sizeof *plain_letters; i++)
			if (plain_letters[i].letter == c) {
				for (unsigned k = 0; k < 2 && plain_letters[i].plain[k] && n < max; k++)
					v[n++] = plain_letters[i].plain[k];
				return n;
			}
	if (n < max)
		v[n++] = c;
	return n;
}

/* The letters of a word. */
static unsigned letters(struct gw_slice word, uint32_t *v, unsigned max)
{
	unsigned n = 0;

	while (word.n && n < max)
		if (is_ascii(word.p[0]))
			v[n++] = (unsigned char)*gw_slice_take(&word, 1).p;
		else
			n = add_letter(v, n, max, take_letter(&word));
	return n;
}

/* ---- patterns ---- */

static void add_letters(struct gw_arena *arena, struct gw_fuzzy_word *w, const uint32_t *v, unsigned n)
{
	char text[4 * GW_FUZZY_LETTERS_MAX];
	size_t octets = 0;

	for (unsigned i = 0; i < n; i++)
		octets += put_letter(v[i], text + octets);
	w->part[w->n_parts++] = gw_arena_dup(arena, gw_slice(text, octets));
}

static void add_part(struct gw_arena *arena, struct gw_fuzzy_word *w, unsigned first, unsigned n)
{
	add_letters(arena, w, w->letter + first, n);
}

/* Words of 4 and 5 letters have no two parts that are long enough: those that overlap are not there when the error is in the middle, but
 * then the word begins as it should, or with its second letter left out or behind the third. */
static void add_short_parts(struct gw_arena *arena, struct gw_fuzzy_word *w)
{
	add_part(arena, w, 0, PART_MIN);
	add_part(arena, w, w->n - PART_MIN, PART_MIN);
	add_letters(arena, w, (const uint32_t[]){ ' ', w->letter[0], w->letter[1] }, PART_MIN);
	add_letters(arena, w, (const uint32_t[]){ ' ', w->letter[0], w->letter[2] }, PART_MIN);
}

static void add_parts(struct gw_arena *arena, struct gw_fuzzy_word *w)
{
	unsigned parts = w->typos + 1, size = w->n / parts;
	const uint32_t *v = w->letter + size;

	if (w->typos && w->n < 2 * PART_MIN) {
		add_short_parts(arena, w);
		return;
	}
	for (unsigned i = 0; i < parts; i++)
		add_part(arena, w, i * size, i + 1 == parts ? w->n - i * size : size);
	if (w->typos == 1) /* letters that are exchanged where the parts meet are an error in both */
		add_letters(arena, w, (const uint32_t[]){ v[-2], v[0], v[-1] }, PART_MIN);
}

static bool has_digit(const struct gw_fuzzy_word *w)
{
	for (unsigned i = 0; i < w->n; i++)
		if (w->letter[i] >= '0' && w->letter[i] <= '9')
			return true;
	return false;
}

/* Is the word spelled with its letters alone? Else it is a part as it stands, too. */
static bool is_plain(const struct gw_fuzzy_word *w, struct gw_slice text)
{
	size_t octets = 0;
	char one[4];

	for (unsigned i = 0; i < w->n; i++)
		octets += put_letter(w->letter[i], one);
	return octets == text.n;
}

static void make_word(struct gw_arena *arena, struct gw_slice text, struct gw_fuzzy_word *w)
{
	w->n = letters(text, w->letter, GW_FUZZY_LETTERS_MAX);
	if (w->n == 0)
		return;
	w->typos = w->n < 4 || has_digit(w) ? 0 : w->n < 9 ? 1 : 2;
	w->whole = gw_arena_dup(arena, text);
	add_parts(arena, w);
	if (!is_plain(w, text))
		w->part[w->n_parts++] = w->whole;
}

/* The next word of *in; false: there is none. */
static bool next_word(struct gw_slice *in, struct gw_slice *ret)
{
	size_t n = 0, step = 0;

	while (in->n && !char_at(*in, 0))
		gw_slice_take(in, is_mark(*in, 0) && in->n >= 3 ? 3 : 1);
	while ((step = char_at(*in, n)))
		n += step;
	*ret = gw_slice_take(in, n);
	return n > 0;
}

/* Short words count when there is nothing else. */
static void decide_needed(struct gw_fuzzy *f)
{
	bool any = false;

	for (unsigned i = 0; i < f->n; i++)
		any |= f->word[i].n >= PART_MIN;
	for (unsigned i = 0; i < f->n; i++)
		f->word[i].needed = !any || f->word[i].n >= PART_MIN;
}

const struct gw_fuzzy *gw_fuzzy_new(struct gw_arena *arena, struct gw_slice phrase)
{
	struct gw_fuzzy *f = gw_arena_alloc(arena, sizeof *f);
	struct gw_slice rest = phrase, word;
	unsigned n = 0;

	while (n < GW_FUZZY_WORDS_MAX && next_word(&rest, &word))
		n++;
	*f = (struct gw_fuzzy){ .phrase = phrase };
	if (!n)
		return NULL;
	f->word = gw_arena_calloc(arena, n, sizeof *f->word);
	rest = phrase;
	while (n-- && next_word(&rest, &word)) {
		f->word[f->n] = (struct gw_fuzzy_word){ .n = 0 };
		make_word(arena, word, &f->word[f->n]);
		f->n += f->word[f->n].n > 0;
	}
	decide_needed(f);
	return f->n ? f : NULL;
}

/* ---- one word of a text ---- */

static bool begins(const struct gw_fuzzy_word *w, const uint32_t *v, unsigned n)
{
	return n >= w->n && memcmp(v, w->letter, w->n * sizeof *v) == 0;
}

static bool inside(const struct gw_fuzzy_word *w, const uint32_t *v, unsigned n)
{
	for (unsigned i = 0; i + w->n <= n; i++)
		if (begins(w, v + i, n - i))
			return true;
	return false;
}

static unsigned in_common(const struct gw_fuzzy_word *w, const uint32_t *v, unsigned n)
{
	unsigned i = 0;

	while (i < n && i < w->n && v[i] == w->letter[i])
		i++;
	return i;
}

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* Letters to change, put in, leave out or exchange with their neighbours; over max: max + 1. Rows of the usual table, of which
 * only what is at most max from the diagonal is worked out. */
static unsigned distance(const struct gw_fuzzy_word *w, const uint32_t *v, unsigned n, unsigned max)
{
	unsigned rows[3][ROW_MAX + 1] = { { 0 } }, far = max + 1;
	unsigned *old = rows[0], *last = rows[1], *now = rows[2];

	if (n > w->n + max || w->n > n + max || n > ROW_MAX)
		return far;
	for (unsigned k = 0; k <= n; k++)
		old[k] = last[k] = now[k] = k <= max ? k : far;
	for (unsigned i = 1; i <= w->n; i++) {
		unsigned from = i > max ? i - max : 1, to = least(n, i + max), *was = old;

		now[from - 1] = from == 1 && i <= max ? i : far;
		for (unsigned k = from; k <= to; k++) {
			unsigned change = last[k - 1] + (w->letter[i - 1] != v[k - 1]);

			now[k] = least(change, least(k == i + max ? far : last[k] + 1, now[k - 1] + 1));
			if (i > 1 && k > 1 && w->letter[i - 1] == v[k - 2] && w->letter[i - 2] == v[k - 1])
				now[k] = least(now[k], old[k - 2] + 1);
		}
		if (to < n)
			now[to + 1] = far;
		old = last;
		last = now;
		now = was;
	}
	return least(last[n], far);
}

static unsigned typo_grade(const struct gw_fuzzy_word *w, const uint32_t *v, unsigned n)
{
	static const unsigned char grades[] = { SAME, ONE_TYPO, TWO_TYPOS, 0 };

	if (!w->typos || (w->n < FIRST_COUNTS && n && v[0] != w->letter[0]))
		return 0;
	n = distance(w, v, n, w->typos);
	return n > w->typos ? 0 : grades[n];
}

/* Two words of which so many letters at the beginning are the same, and so many at the end are not. */
static bool ends_otherwise(unsigned a, unsigned b, unsigned common)
{
	return common >= STEM_MIN && a <= ENDING_MAX && b <= ENDING_MAX && a + b <= ENDINGS_MAX;
}

/* Percent; 0: another word. */
static unsigned grade(const struct gw_fuzzy_word *w, const uint32_t *v, unsigned n)
{
	unsigned common = in_common(w, v, n), typo;

	if (common == w->n)
		return n == w->n ? SAME : BEGINS;
	if (w->typos && ends_otherwise(w->n - common, n - common, common))
		return ENDS_OTHERWISE;
	typo = typo_grade(w, v, n);
	return !typo && inside(w, v, n) ? INSIDE : typo;
}

/* ---- a text ---- */

static bool begins_line(struct gw_slice line, struct gw_slice name)
{
	return line.n >= name.n && memcmp(line.p, name.p, name.n) == 0;
}

/* Is what stands at `at` in a field that people read? */
static bool is_prominent(struct gw_slice text, size_t at, size_t header)
{
	static const struct gw_slice fields[] = { { "SUBJECT:", 8 }, { "FROM:", 5 }, { "TO:", 3 }, { "CC:", 3 } };
	size_t from = at > LINE_MAX_BACK ? at - LINE_MAX_BACK : 0;
	const char *lf;

	if (header == SIZE_MAX)
		return true;
	if (at >= header)
		return false;
	lf = memrchr(text.p + from, '\n', at - from);
	if (lf)
		from = (size_t)(lf - text.p) + 1;
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
		if (begins_line(gw_slice(text.p + from, text.n - from), fields[i]))
			return true;
	return false;
}

/* The word around what was found, or behind it when that is a blank: where it ends. */
static size_t look_around(struct gw_fuzzy_look *l, unsigned i, struct gw_slice text, size_t at, size_t n, size_t header)
{
	uint32_t v[LETTERS_MAX];
	size_t from = at, to = at + n, step = 0;
	unsigned got;

	if (n && text.p[at] == ' ')
		from = ++at;
	while (at - from < AROUND_MAX && (step = char_before(text, from)))
		from -= step;
	while (to - at < n + AROUND_MAX && (step = char_at(text, to)))
		to += step;
	if (to - from + ENDING_MAX < l->pattern->word[i].n)
		return to;
	got = grade(&l->pattern->word[i], v, letters(gw_slice(text.p + from, to - from), v, LETTERS_MAX));
	if (got > l->best[i] && !is_prominent(text, at, header))
		got = got * IN_BODY / 100;
	if (got > l->best[i])
		l->best[i] = (unsigned char)got;
	return to;
}

static bool word_is_certain(const struct gw_fuzzy_look *l, unsigned i)
{
	return l->best[i] == SAME || (!l->score && (l->best[i] || !l->pattern->word[i].needed));
}

static const char *find(struct gw_slice text, size_t from, struct gw_slice what)
{
	return from < text.n ? memmem(text.p + from, text.n - from, what.p, what.n) : NULL;
}

/* May another word be compared? */
static bool may_look(const struct gw_fuzzy_look *l, unsigned i)
{
	return l->looks[i] < GW_FUZZY_LOOKS_MAX && !word_is_certain(l, i);
}

static void look_for_word(struct gw_fuzzy_look *l, unsigned i, struct gw_slice text, size_t from, size_t header)
{
	const struct gw_fuzzy_word *w = &l->pattern->word[i];
	const char *hit = NULL;

	if (l->field && from == 0 && w->typos && char_at(text, 0)) /* no blank stands in front of it */
		look_around(l, i, text, 0, 0, header);
	for (unsigned k = 0; k < w->n_parts; k++) {
		size_t at = from;

		while (may_look(l, i) && (hit = find(text, at, w->part[k]))) {
			at = look_around(l, i, text, (size_t)(hit - text.p), w->part[k].n, header);
			l->looks[i]++;
		}
	}
	if (!may_look(l, i) && !word_is_certain(l, i) && (hit = find(text, from, w->whole)))
		look_around(l, i, text, (size_t)(hit - text.p), w->whole.n, header);
}

void gw_fuzzy_look(struct gw_fuzzy_look *l, struct gw_slice text, size_t from, size_t header)
{
	const struct gw_fuzzy *f = l->pattern;

	if (from > text.n)
		return;
	for (unsigned i = 0; i < f->n; i++)
		look_for_word(l, i, text, from, header);
	if (l->score && !l->phrase)
		l->phrase = memmem(text.p + from, text.n - from, f->phrase.p, f->phrase.n);
}

/* At the beginning of a word, with room for the phrase. */
size_t gw_fuzzy_resume(const struct gw_fuzzy *f, struct gw_slice text)
{
	size_t keep = f->phrase.n + AROUND_MAX, at = text.n > keep ? text.n - keep : 0, step = 0, end = at;

	while (end - at < AROUND_MAX && (step = char_before(text, at)))
		at -= step;
	return at;
}

bool gw_fuzzy_certain(const struct gw_fuzzy_look *l)
{
	for (unsigned i = 0; i < l->pattern->n; i++)
		if (!word_is_certain(l, i))
			return false;
	return !l->score || l->phrase;
}

unsigned gw_fuzzy_score(const struct gw_fuzzy_look *l)
{
	const struct gw_fuzzy *f = l->pattern;
	unsigned sum = 0, weight = 0, score;

	for (unsigned i = 0; i < f->n; i++) {
		if (f->word[i].needed && !l->best[i])
			return 0;
		sum += f->word[i].n * l->best[i];
		weight += f->word[i].n;
	}
	score = weight ? sum / weight : 0;
	if (f->n > 1)
		score = score * WORDS_PART / 100 + (l->phrase ? 100 - WORDS_PART : 0);
	return score <= SCORE_MIN ? 1 : (score - SCORE_MIN) * 100 / (100 - SCORE_MIN);
}
