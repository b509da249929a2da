/* verbs.c - finding an order by words, by the beginnings of words, and nearly (see verbs.h) */
#include "gwctl/verbs.h"

#include "gwctl/near.h"

#include <stdio.h>

const struct local *verb_local(const struct gw_ctl_verb *v)
{
	for (size_t i = 0; locals[i]; i++)
		if (v == &locals[i]->verb)
			return locals[i];
	return NULL;
}

/* Does gwctl itself answer to this name, instead of the daemon? */
static bool is_hidden(const struct gw_ctl_verb *v)
{
	for (size_t i = 0; locals[i]; i++)
		if (strcmp(v->name, locals[i]->verb.name) == 0)
			return true;
	return false;
}

const struct gw_ctl_verb *verb_at(size_t i)
{
	const struct gw_ctl_verb *v;

	for (size_t k = 0; (v = gw_ctl_verb_at(k)); k++)
		if (!is_hidden(v) && i-- == 0)
			return v;
	for (size_t k = 0; locals[k]; k++)
		if (i-- == 0)
			return &locals[k]->verb;
	return NULL;
}

struct gw_slice verb_word(const struct gw_ctl_verb *v, size_t k)
{
	struct gw_slice rest = gw_slice_str(v->name), word = { "", 0 };

	for (size_t i = 0; i <= k; i++)
		if (!gw_slice_word(&rest, " ", &word))
			return gw_slice("", 0);
	return word;
}

static bool takes_position(const struct gw_ctl_verb *v)
{
	for (size_t i = 0; i < GW_CTL_PARAMS_MAX && v->params[i].name; i++)
		if (v->params[i].flags & GW_CTL_POSITION)
			return true;
	return false;
}

/* ---- one word after the other ---- */

/* The words found so far, as names have them: a verb fits when it begins with them. */
struct path {
	struct gw_slice word[GW_CTL_WORDS_MAX];
	size_t n;
};

static bool fits(const struct gw_ctl_verb *v, const struct path *p)
{
	for (size_t i = 0; i < p->n; i++)
		if (!gw_slice_eqi(verb_word(v, i), p->word[i]))
			return false;
	return true;
}

/* The verb that ends where the path does. */
static const struct gw_ctl_verb *ends_at(const struct path *p)
{
	const struct gw_ctl_verb *v;

	for (size_t i = 0; (v = verb_at(i)); i++)
		if (p->n && fits(v, p) && verb_word(v, p->n).n == 0)
			return v;
	return NULL;
}

/* The i-th different word that can follow the path; false behind the last. Words may be looked at that begin so. */
static bool follower(const struct path *p, struct gw_slice begin, size_t i, struct gw_slice *ret)
{
	const struct gw_ctl_verb *v, *earlier;

	for (size_t k = 0; (v = verb_at(k)); k++) {
		struct gw_slice w = verb_word(v, p->n);
		bool seen = w.n == 0 || !fits(v, p) || !gw_slice_startsi(w, begin);

		for (size_t e = 0; !seen && e < k && (earlier = verb_at(e)); e++)
			seen = fits(earlier, p) && gw_slice_eqi(verb_word(earlier, p->n), w);
		if (!seen && i-- == 0) {
			*ret = w;
			return true;
		}
	}
	return false;
}

/* The word that is meant behind the path. 1: found, 0: none, more: so many could be meant. */
static size_t resolve(const struct path *p, struct gw_slice text, struct gw_slice *ret)
{
	struct gw_slice w;
	size_t n = 0;

	for (; follower(p, text, n, &w); n++) {
		*ret = w;
		if (gw_slice_eqi(w, text))
			return 1;
	}
	return n;
}

/* ---- sentences ---- */

static void put_path(struct gw_buf *out, const struct path *p)
{
	for (size_t i = 0; i < p->n; i++)
		gw_buf_printf(out, "%s%.*s", i ? " " : "", GW_FMT(p->word[i]));
}

/* "a b, a c, a d" */
static void put_followers(struct gw_buf *out, const struct path *p, struct gw_slice begin)
{
	struct gw_slice w;

	for (size_t i = 0; follower(p, begin, i, &w); i++) {
		gw_buf_printf(out, i ? ", " : "");
		put_path(out, p);
		gw_buf_printf(out, "%s%.*s", p->n ? " " : "", GW_FMT(w));
	}
}

static void ambiguous(const struct path *p, const char *text, struct gw_err *err)
{
	struct gw_buf all;

	gw_buf_init(&all, 0);
	put_followers(&all, p, gw_slice_str(text));
	gw_fail(err, GW_EINVAL, "\"%.40s\" can mean %s", text, gw_buf_str(&all));
	gw_buf_done(&all);
}

static void incomplete(const struct path *p, struct gw_err *err)
{
	struct gw_buf all, name;

	gw_buf_init(&all, 0);
	gw_buf_init(&name, 0);
	put_path(&name, p);
	put_followers(&all, p, gw_slice("", 0));
	gw_fail(err, GW_EINVAL, "\"%s\" is not complete: there are %s", gw_buf_str(&name), gw_buf_str(&all));
	gw_buf_done(&all);
	gw_buf_done(&name);
}

/* The name that is nearest to the words: the whole of them, or one behind a path that is known. */
static struct near nearest(const struct path *p, char *const *words, size_t n, struct gw_buf *text)
{
	const struct gw_ctl_verb *v;
	struct near near;

	put_path(text, p);
	for (size_t i = p->n; i < n && i < GW_CTL_WORDS_MAX; i++)
		gw_buf_printf(text, "%s%s", i ? " " : "", words[i]);
	near = near_begin(gw_buf_slice(text));
	for (size_t i = 0; (v = verb_at(i)); i++)
		near_offer(&near, gw_slice_str(v->name));
	return near;
}

static void unknown(const struct path *p, char *const *words, size_t n, struct gw_err *err)
{
	struct near best = { .distance = 99 };
	struct gw_buf text;

	gw_buf_init(&text, 0);
	for (size_t k = p->n + 1; k <= n && k <= GW_CTL_WORDS_MAX; k++) { /* with fewer and more of the words */
		struct near near;

		text.n = 0;
		near = nearest(p, words, k, &text);
		if (near.best && near.distance < best.distance)
			best = near;
	}
	if (best.best)
		gw_fail(err, GW_EINVAL, "there is no command \"%.60s\"; did you mean \"%s\"?", gw_buf_str(&text), best.best);
	else if (p->n)
		incomplete(p, err);
	else
		gw_fail(err, GW_EINVAL, "there is no command \"%.60s\"; `help' shows all", words[0]);
	gw_buf_done(&text);
}

/* ---- finding ---- */

const struct gw_ctl_verb *verb_find(char *const *words, size_t n, size_t *ret_used, struct gw_err *err)
{
	const struct gw_ctl_verb *found = NULL;
	struct path p = { .n = 0 };

	while (p.n < n && p.n < GW_CTL_WORDS_MAX) {
		struct gw_slice text = gw_slice_str(words[p.n]), w;
		size_t many = text.n ? resolve(&p, text, &w) : 0;

		if (found && (many != 1 || (takes_position(found) && !gw_slice_eqi(text, w))))
			break; /* it is an argument */
		if (many == 0)
			return unknown(&p, words, n, err), NULL;
		if (many > 1)
			return ambiguous(&p, words[p.n], err), NULL;
		p.word[p.n++] = w;
		found = ends_at(&p);
	}
	if (!found)
		return incomplete(&p, err), NULL;
	*ret_used = p.n;
	return found;
}

void verb_next(char *const *words, size_t n, void (*put)(void *ctx, struct gw_slice word, const struct gw_ctl_verb *v),
	void *ctx)
{
	struct path p = { .n = 0 };
	struct gw_slice w;

	while (p.n < n && p.n < GW_CTL_WORDS_MAX) {
		if (resolve(&p, gw_slice_str(words[p.n]), &w) != 1)
			return;
		p.word[p.n++] = w;
	}
	for (size_t i = 0; p.n < GW_CTL_WORDS_MAX && follower(&p, gw_slice("", 0), i, &w); i++) {
		struct path q = p;

		q.word[q.n++] = w;
		put(ctx, w, ends_at(&q));
	}
}
