/* search_plan.c - what can be worked out before the first message is looked at: sets, flags, folded text, prices */
#include "imap/search.h"

#include "imap/pattern.h"
#include "store/derive.h"
#include "text/charset.h"
#include "text/fuzzy.h"
#include "util/mem.h"

#include <stdlib.h>

static bool is_text(enum imap_search_op op)
{
	switch (op) {
	case IMAP_KEY_FROM:
	case IMAP_KEY_TO:
	case IMAP_KEY_CC:
	case IMAP_KEY_BCC:
	case IMAP_KEY_SUBJECT:
	case IMAP_KEY_HEADER:
	case IMAP_KEY_BODY:
	case IMAP_KEY_TEXT:
		return true;
	default:
		return false;
	}
}

static unsigned want_of(enum imap_search_op op)
{
	switch (op) {
	case IMAP_KEY_SENTBEFORE:
	case IMAP_KEY_SENTON:
	case IMAP_KEY_SENTSINCE:
		return GW_WANT_SENT;
	case IMAP_KEY_SAVEDBEFORE:
	case IMAP_KEY_SAVEDON:
	case IMAP_KEY_SAVEDSINCE:
		return GW_WANT_SAVEDATE;
	case IMAP_KEY_ANNOTATION:
		return GW_WANT_ANNOTATIONS;
	case IMAP_KEY_EMAILID:
	case IMAP_KEY_THREADID:
		return GW_WANT_IDS;
	default:
		return 0;
	}
}

/* ---- text ---- */

/* The text of a key in UTF-8, folded as the store's is. */
static struct gw_slice fold(struct imap_task *t, struct gw_slice charset, struct gw_slice text)
{
	struct gw_slice folded;
	struct gw_charset *c;
	struct gw_buf utf8;

	if (!charset.n)
		return gw_text_fold(&t->arena, text);
	gw_buf_init(&utf8, 0);
	c = gw_charset_open(charset);
	gw_charset_feed(c, text, true, &utf8);
	gw_charset_close(c);
	folded = gw_text_fold(&t->arena, gw_buf_slice(&utf8));
	gw_buf_done(&utf8);
	return folded;
}

static void plan_text(struct search_plan *p, struct imap_task *t, size_t i)
{
	const struct imap_search_key *k = &p->search->key[i];
	struct search_step *step = &p->step[i];

	step->needle = fold(t, p->search->charset, k->text);
	if (!step->needle.n && k->op != IMAP_KEY_HEADER)
		step->always = true; /* the empty string is part of any */
	else
		step->price = SEARCH_TEXT;
	if (step->about)
		step->fuzzy = gw_fuzzy_new(&t->arena, step->needle);
}

/* ---- sets ---- */

static uint32_t last_uid(const struct gw_index *ix)
{
	const struct gw_entry *e = ix->n ? gw_index_at(ix, ix->n) : NULL;

	return e ? e->uid : 0;
}

/* `$` holds UIDs, whether it stands for numbers or for UIDs. */
static void plan_set(struct search_plan *p, const struct search_in *in, struct imap_task *t, size_t i)
{
	const struct imap_search_key *k = &p->search->key[i];
	struct gw_set *named = imap_task_set(t), *seqs = named;

	if (k->set.saved)
		gw_set_union(named, in->saved);
	else
		imap_seqset_resolve(&k->set, k->op == IMAP_KEY_UID ? last_uid(p->ix) : p->ix->n, named);
	if (k->op == IMAP_KEY_UID || k->set.saved) {
		seqs = imap_task_set(t);
		gw_index_seqs(p->ix, named, seqs);
	}
	p->step[i].set = seqs;
}

/* UIDAFTER and UIDBEFORE (RFC 9738): of neither side is the UID itself, whether it exists or not. */
static void plan_beside(struct search_plan *p, struct imap_task *t, size_t i)
{
	const struct imap_search_key *k = &p->search->key[i];
	struct gw_set *seqs = imap_task_set(t);
	uint32_t uid = (uint32_t)k->number, first = 1, last = p->ix->n;

	if (k->op == IMAP_KEY_UIDBEFORE)
		last = gw_index_lower(p->ix, uid) - 1;
	else
		first = uid == UINT32_MAX ? last + 1 : gw_index_lower(p->ix, uid + 1);
	if (first <= last)
		gw_set_add(seqs, first, last);
	p->step[i].set = seqs;
}

/* ---- nodes ---- */

static void plan_key(struct search_plan *p, const struct search_in *in, struct imap_task *t, size_t i)
{
	const struct imap_search_key *k = &p->search->key[i];
	struct search_step *step = &p->step[i];
	int keyword;

	if (is_text(k->op)) {
		plan_text(p, t, i);
		return;
	}
	step->want = want_of(k->op);
	step->price = step->want ? SEARCH_CURSOR : SEARCH_INDEX;
	switch (k->op) {
	case IMAP_KEY_FLAG:
	case IMAP_KEY_UNFLAG:
		step->bits = k->flag;
		break;
	case IMAP_KEY_KEYWORD:
	case IMAP_KEY_UNKEYWORD:
		keyword = gw_index_keyword(p->ix, k->text);
		step->bits = keyword < 0 ? 0 : GW_FLAG_KEYWORD(keyword);
		break;
	case IMAP_KEY_ANNOTATION:
		step->pattern = imap_pattern_new(&t->arena, k->field);
		if (k->text.p)
			step->needle = fold(t, p->search->charset, k->text);
		break;
	case IMAP_KEY_SEQSET:
	case IMAP_KEY_UID:
		plan_set(p, in, t, i);
		break;
	case IMAP_KEY_UIDAFTER:
	case IMAP_KEY_UIDBEFORE:
		plan_beside(p, t, i);
		break;
	default:
		break;
	}
}

/* A node costs what its dearest child costs. Children stand behind it, so this goes from the end. */
static void plan_node(struct search_plan *p, size_t i)
{
	size_t end = i + p->search->key[i].span;

	for (size_t c = i + 1; c < end; c += p->search->key[c].span) {
		if (p->step[c].price > p->step[i].price)
			p->step[i].price = p->step[c].price;
		p->step[i].want |= p->step[c].want;
	}
}

bool search_has_numbers(const struct imap_search *q)
{
	for (size_t i = 0; i < q->n; i++)
		if ((q->key[i].op == IMAP_KEY_SEQSET && !q->key[i].set.saved) || q->key[i].op == IMAP_KEY_FILTER)
			return true;
	return false;
}

bool search_has_annotation(const struct imap_search *q)
{
	for (size_t i = 0; i < q->n; i++)
		if (q->key[i].op == IMAP_KEY_ANNOTATION)
			return true;
	return false;
}

bool search_has_recent(const struct imap_search *q)
{
	for (size_t i = 0; i < q->n; i++)
		if (q->key[i].op == IMAP_KEY_RECENT || q->key[i].op == IMAP_KEY_OLD || q->key[i].op == IMAP_KEY_NEW)
			return true;
	return false;
}

/* ---- FUZZY (RFC 6203) ---- */

bool search_is_fuzzy(const struct imap_search *q)
{
	for (size_t i = 0; i < q->n; i++)
		if (q->key[i].fuzzy)
			return true;
	return false;
}

bool search_wants_relevancy(const struct imap_search *q)
{
	for (size_t i = 0; i < q->n_sort; i++)
		if (q->sort[i].key == IMAP_SORT_RELEVANCY)
			return true;
	return q->ret & IMAP_RETURN_RELEVANCY;
}

unsigned search_relevancy(const struct search_plan *p, uint32_t seq)
{
	const struct search_score *score = p->score ? &p->score[seq] : NULL;

	return score && score->n ? (unsigned)score->sum / score->n : 100;
}

/* Everything below a FUZZY is so. */
static void mark_fuzzy(struct search_plan *p)
{
	const struct imap_search *q = p->search;
	size_t end = 0;

	for (size_t i = 0; i < q->n; i++) {
		if (q->key[i].fuzzy && i + q->key[i].span > end)
			end = i + q->key[i].span;
		p->step[i].about = i < end;
	}
}

static void begin_scores(struct search_plan *p)
{
	if (!search_wants_relevancy(p->search))
		return;
	p->score = gw_xcalloc((size_t)p->ix->n + 1, sizeof *p->score);
	gw_arena_defer(p->arena, free, p->score);
}

static bool is_walked(const struct search_step *step, enum imap_search_op op)
{
	if (op == IMAP_KEY_AND || op == IMAP_KEY_OR || op == IMAP_KEY_NOT)
		return false;
	return step->price != SEARCH_INDEX;
}

static void arena_done(void *arg)
{
	gw_arena_done(arg);
}

struct search_plan *search_plan_make(struct imap_session *s, struct imap_task *t, const struct search_in *in,
				     bool (*enough)(void *ctx), void *ctx)
{
	const struct imap_search *q = &t->cmd->search;
	struct search_plan *ret = gw_arena_alloc(&t->arena, sizeof *ret);

	*ret = (struct search_plan){
		.search = q,
		.id = in->id,
		.ix = in->ix,
		.recent = in->recent,
		.now = gw_wall_s(s->env.clock),
		.arena = &t->arena,
		.pace = { .enough = enough, .ctx = ctx },
	};
	ret->step = gw_arena_calloc(&t->arena, q->n, sizeof *ret->step);
	mark_fuzzy(ret);
	begin_scores(ret);
	if (search_has_annotation(q)) {
		ret->scratch = gw_arena_alloc(&t->arena, sizeof *ret->scratch);
		gw_arena_init(ret->scratch, 0, 0);
		gw_arena_defer(&t->arena, arena_done, ret->scratch);
	}
	for (size_t i = q->n; i-- > 0;) {
		enum imap_search_op op = q->key[i].op;

		if (op == IMAP_KEY_AND || op == IMAP_KEY_OR || op == IMAP_KEY_NOT)
			plan_node(ret, i);
		else
			plan_key(ret, in, t, i);
		ret->walks += is_walked(&ret->step[i], op);
	}
	return ret;
}
