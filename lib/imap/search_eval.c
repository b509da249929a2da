/* search_eval.c - which messages match (see search.h)
 *
 * Sets of message numbers are narrowed step by step. The tree is at most IMAP_SEARCH_DEPTH_MAX deep, so it may recurse.
 *
 * What reads messages may stop between two of them. Then every node on the way down to there has its place: what it knows already
 * and which child it is at. The next call goes down the same way. Only these nodes hold sets, one path of the tree. */
#include "imap/search.h"

#include "imap/pattern.h"
#include "store/derive.h"

#include "imap/limit.h"

#define MORE 1 /* what stopped returns: a later call goes on */

#define DAY 86400
#define FEW 16 /* messages that are looked at one by one rather than their chunk */

/* ---- one message ---- */

/* Days are compared without time and zone (RFC 3501 6.4.4); INT64_MIN is no date. */
static bool on_day(int64_t t, int64_t day)
{
	return t >= day && t < day + DAY;
}

static bool before(int64_t t, int64_t day)
{
	return t != INT64_MIN && t < day;
}

static bool contains(const struct search_plan *p, struct gw_slice value, struct gw_slice needle)
{
	struct gw_slice folded;

	if (!needle.n)
		return true;
	gw_arena_reset(p->scratch);
	folded = gw_text_fold(p->scratch, value);
	return folded.n >= needle.n && memmem(folded.p, folded.n, needle.p, needle.n);
}

/* Has an entry that the key means such a value? With NIL: is one of the values that it means not there (RFC 5257 4.8)? */
static bool true_of_annotations(const struct search_plan *p, size_t i, const struct gw_message *m)
{
	const struct imap_search_key *k = &p->search->key[i];
	unsigned there = 0;

	for (size_t a = 0; a < m->n_annotations; a++) {
		const struct gw_annotation *v = &m->annotation[a];
		unsigned bit = v->shared ? IMAP_ANNOTATION_VALUE_SHARED : IMAP_ANNOTATION_VALUE_PRIV;

		if (!(k->attributes & bit) || !imap_pattern_match(p->step[i].pattern, v->name))
			continue;
		there |= bit;
		if (k->text.p && contains(p, v->value, p->step[i].needle))
			return true;
	}
	return !k->text.p && there != k->attributes;
}

static bool true_of_message(const struct search_plan *p, size_t i, const struct gw_message *m)
{
	const struct imap_search_key *k = &p->search->key[i];

	if (!m)
		return false;
	switch (k->op) {
	case IMAP_KEY_SENTBEFORE:
		return before(m->sent_day, k->day);
	case IMAP_KEY_SENTON:
		return on_day(m->sent_day, k->day);
	case IMAP_KEY_SENTSINCE:
		return m->sent_day >= k->day;
	case IMAP_KEY_SAVEDBEFORE:
		return before(m->savedate, k->day);
	case IMAP_KEY_SAVEDON:
		return on_day(m->savedate, k->day);
	case IMAP_KEY_SAVEDSINCE:
		return m->savedate >= k->day;
	case IMAP_KEY_ANNOTATION:
		return true_of_annotations(p, i, m);
	case IMAP_KEY_EMAILID:
		return gw_slice_eq(k->text, m->emailid);
	case IMAP_KEY_THREADID:
		return gw_slice_eq(k->text, m->threadid);
	default:
		return false;
	}
}

/* AND and OR: does a child decide? */
static bool any_child(const struct search_plan *p, size_t i, bool decides, uint32_t seq, const struct gw_entry *e,
		      const struct gw_message *m)
{
	size_t end = i + p->search->key[i].span;

	for (size_t c = i + 1; c < end; c += p->search->key[c].span)
		if (search_true(p, c, seq, e, m) == decides)
			return true;
	return false;
}

static bool is_recent(const struct search_plan *p, const struct gw_entry *e)
{
	return p->recent->n && gw_set_has(p->recent, e->uid);
}

static bool true_of_date(const struct search_plan *p, const struct imap_search_key *k, const struct gw_entry *e)
{
	switch (k->op) {
	case IMAP_KEY_BEFORE:
		return e->date < k->day;
	case IMAP_KEY_ON:
		return on_day(e->date, k->day);
	case IMAP_KEY_SINCE:
		return e->date >= k->day;
	case IMAP_KEY_OLDER:
		return e->date <= p->now - (int64_t)k->number;
	default: /* YOUNGER */
		return e->date >= p->now - (int64_t)k->number;
	}
}

bool search_true(const struct search_plan *p, size_t i, uint32_t seq, const struct gw_entry *e,
		 const struct gw_message *m)
{
	const struct imap_search_key *k = &p->search->key[i];
	const struct search_step *step = &p->step[i];

	switch (k->op) {
	case IMAP_KEY_FLAG:
	case IMAP_KEY_KEYWORD:
		return (e->flags & step->bits) != 0;
	case IMAP_KEY_UNFLAG:
	case IMAP_KEY_UNKEYWORD:
		return !(e->flags & step->bits);
	case IMAP_KEY_AND:
		return !any_child(p, i, false, seq, e, m);
	case IMAP_KEY_OR:
		return any_child(p, i, true, seq, e, m);
	case IMAP_KEY_NOT:
		return !search_true(p, i + 1, seq, e, m);
	case IMAP_KEY_ALL:
	case IMAP_KEY_SAVEDATESUPPORTED:
		return true;
	case IMAP_KEY_SEQSET:
	case IMAP_KEY_UID:
	case IMAP_KEY_UIDAFTER:
	case IMAP_KEY_UIDBEFORE:
		return gw_set_has(step->set, seq);
	case IMAP_KEY_RECENT:
		return is_recent(p, e);
	case IMAP_KEY_OLD:
		return !is_recent(p, e);
	case IMAP_KEY_NEW:
		return !(e->flags & GW_FLAG_SEEN) && is_recent(p, e);
	case IMAP_KEY_BEFORE:
	case IMAP_KEY_ON:
	case IMAP_KEY_SINCE:
	case IMAP_KEY_OLDER:
	case IMAP_KEY_YOUNGER:
		return true_of_date(p, k, e);
	case IMAP_KEY_LARGER:
		return e->size > k->number;
	case IMAP_KEY_SMALLER:
		return e->size < k->number;
	case IMAP_KEY_MODSEQ:
		return e->modseq >= k->number;
	default:
		return step->always || true_of_message(p, i, m);
	}
}

/* ---- sets of messages ---- */

/* Which children of an AND are asked in one go; key itself when it is none. */
struct group {
	const struct search_plan *p;
	size_t node;
	enum search_price price;
};

static bool in_group(const struct group *g, size_t child)
{
	return g->p->step[child].price == g->price;
}

static bool group_true(const struct group *g, uint32_t seq, const struct gw_entry *e, const struct gw_message *m)
{
	const struct imap_search_key *key = g->p->search->key;
	size_t end = g->node + key[g->node].span;

	if (key[g->node].op != IMAP_KEY_AND)
		return search_true(g->p, g->node, seq, e, m);
	for (size_t c = g->node + 1; c < end; c += key[c].span)
		if (in_group(g, c) && !search_true(g->p, c, seq, e, m))
			return false;
	return true;
}

static enum search_share group_share(const struct group *g, const struct gw_index_chunk *chunk)
{
	const struct imap_search_key *key = g->p->search->key;
	size_t end = g->node + key[g->node].span;
	enum search_share ret = SEARCH_ALL;

	if (key[g->node].op != IMAP_KEY_AND)
		return search_chunk(g->p, g->node, chunk);
	for (size_t c = g->node + 1; c < end && ret != SEARCH_NONE; c += key[c].span) {
		enum search_share share = in_group(g, c) ? search_chunk(g->p, c, chunk) : SEARCH_ALL;

		ret = share < ret ? share : ret;
	}
	return ret;
}

static void scan_each(const struct group *g, uint32_t lo, uint32_t hi, struct gw_set *ret)
{
	struct gw_index_iter it;
	const struct gw_entry *e;

	gw_index_iter(&it, g->p->ix, lo);
	while (it.seq <= hi && (e = gw_index_next(&it)))
		if (e->content && group_true(g, it.seq - 1, e, NULL))
			gw_set_add(ret, it.seq - 1, it.seq - 1);
}

static void scan_range(const struct group *g, uint32_t lo, uint32_t hi, struct gw_set *ret)
{
	while (lo <= hi && lo <= g->p->ix->n) {
		uint32_t last;
		const struct gw_index_chunk *chunk = gw_index_chunk(g->p->ix, lo, &last);
		enum search_share share = group_share(g, chunk);

		last = last < hi ? last : hi;
		if (share == SEARCH_ALL && !chunk->ghosts)
			gw_set_add(ret, lo, last);
		else if (share != SEARCH_NONE)
			scan_each(g, lo, last, ret);
		lo = last + 1;
	}
}

static void scan_index(const struct group *g, const struct gw_set *among, struct gw_set *ret)
{
	for (size_t i = 0; i < among->n; i++) {
		if (among->r[i].hi - among->r[i].lo < FEW)
			scan_each(g, among->r[i].lo, among->r[i].hi, ret);
		else
			scan_range(g, among->r[i].lo, among->r[i].hi, ret);
	}
}

static unsigned group_wants(const struct group *g)
{
	const struct imap_search_key *key = g->p->search->key;
	size_t end = g->node + key[g->node].span;
	unsigned want = 0;

	if (key[g->node].op != IMAP_KEY_AND)
		return g->p->step[g->node].want;
	for (size_t c = g->node + 1; c < end; c += key[c].span)
		if (in_group(g, c))
			want |= g->p->step[c].want;
	return want;
}

/* ---- places ---- */

enum stage { STAGE_FIRST, STAGE_CURSOR, STAGE_CHILDREN, STAGE_SECOND };

struct search_place {
	enum stage stage;
	size_t child;          /* STAGE_CHILDREN: the one that is asked */
	struct gw_set left;    /* messages that are asked about: by this node, or by the child */
	struct gw_set hits;    /* what the child found */
	struct gw_fetch *cursor;
	struct gw_match_place match;
};

static void place_clear(void *arg)
{
	struct search_place *l = arg;

	gw_fetch_close(l->cursor);
	gw_match_place_done(&l->match);
	gw_set_done(&l->left);
	gw_set_done(&l->hits);
	*l = (struct search_place){ 0 };
}

/* Where node i stands; at its beginning when it was not asked before. */
static struct search_place *place_of(struct search_plan *p, size_t i)
{
	struct search_step *step = &p->step[i];

	if (step->place)
		return step->place;
	step->place = gw_arena_alloc(p->arena, sizeof *step->place);
	step->place->match = p->pace;
	gw_arena_defer(p->arena, place_clear, step->place);
	return step->place;
}

/* A node is finished, or has failed: it is asked once only. */
static int leave(struct search_place *l, int rc)
{
	if (rc != MORE)
		place_clear(l);
	return rc;
}

/* ---- messages that are read ---- */

static bool enough(const struct search_plan *p)
{
	return p->pace.enough(p->pace.ctx);
}

/* A walk through messages has ended. */
static void walk_ends(struct search_plan *p)
{
	p->walked++;
	p->at = 0;
}

static int walk_cursor(const struct group *g, struct search_plan *p, struct search_place *l, struct gw_set *ret, struct gw_err *err)
{
	struct gw_message m;
	bool gone;
	int rc;

	while ((rc = gw_fetch_next(l->cursor, &m, &gone, err)) > 0) {
		if (!gone && group_true(g, m.seq, m.entry, &m))
			gw_set_add(ret, m.seq, m.seq);
		p->at = m.seq;
		if (enough(p)) {
			gw_fetch_pause(l->cursor);
			return MORE;
		}
	}
	gw_fetch_close(l->cursor);
	l->cursor = NULL;
	walk_ends(p);
	return rc;
}

/* among stays where it is until the walk is over. */
static int scan_cursor(struct imap_session *s, const struct group *g, struct search_plan *p, const struct gw_set *among,
		       struct gw_set *ret, struct gw_err *err)
{
	struct search_place *l = place_of(p, g->node);
	int rc = 0;

	if (!l->cursor)
		rc = gw_fetch_open(s->acct, p->id, p->ix, among, group_wants(g), &l->cursor, err);
	return rc < 0 ? rc : walk_cursor(g, p, l, ret, err);
}

/* At most as many as there are keys, of 100 each. */
static void add_score(void *ctx, uint32_t seq, unsigned percent)
{
	const struct search_plan *p = ctx;
	struct search_score *score = &p->score[seq];

	if (score->n == UINT16_MAX / 100)
		return;
	score->sum = (uint16_t)(score->sum + percent);
	score->n++;
}

static int scan_text(struct imap_session *s, struct search_plan *p, size_t i, const struct gw_set *among, struct gw_set *ret,
		     struct gw_err *err)
{
	static const enum gw_match_field fields[] = {
		[IMAP_KEY_FROM] = GW_MATCH_FROM,       [IMAP_KEY_TO] = GW_MATCH_TO,
		[IMAP_KEY_CC] = GW_MATCH_CC,	       [IMAP_KEY_BCC] = GW_MATCH_BCC,
		[IMAP_KEY_SUBJECT] = GW_MATCH_SUBJECT, [IMAP_KEY_HEADER] = GW_MATCH_HEADER,
		[IMAP_KEY_BODY] = GW_MATCH_BODY,       [IMAP_KEY_TEXT] = GW_MATCH_TEXT,
	};
	const struct imap_search_key *k = &p->search->key[i];
	struct gw_match match = { .field = fields[k->op], .header = k->field, .needle = p->step[i].needle,
				  .fuzzy = p->step[i].fuzzy, .score = p->score ? add_score : NULL, .score_ctx = p };
	struct search_place *l = place_of(p, i);
	int rc = gw_mbox_match(s->acct, p->id, p->ix, &match, among, &l->match, ret, err);

	if (rc == MORE)
		p->at = p->ix->n - gw_set_count(&l->match.left);
	else
		walk_ends(p);
	return rc;
}

static int eval(struct imap_session *s, struct search_plan *p, size_t i, const struct gw_set *among,
		struct gw_set *ret, struct gw_err *err);

static void replace(struct gw_set *set, struct gw_set *by)
{
	gw_set_done(set);
	*set = *by;
	gw_set_init(by);
}

/* Message sets that stand directly in an AND cost nothing. */
static void narrow(const struct search_plan *p, size_t i, struct gw_set *left)
{
	size_t end = i + p->search->key[i].span;

	for (size_t c = i + 1; c < end; c += p->search->key[c].span)
		if (p->step[c].set)
			gw_set_intersect(left, p->step[c].set);
}

static bool has_price(const struct search_plan *p, size_t i, enum search_price price)
{
	size_t end = i + p->search->key[i].span;

	for (size_t c = i + 1; c < end; c += p->search->key[c].span)
		if (p->step[c].price == price)
			return true;
	return false;
}

/* The messages that an AND has left see one dear child after the other. */
static int eval_dear(struct imap_session *s, struct search_plan *p, size_t i, struct search_place *l, struct gw_err *err)
{
	size_t end = i + p->search->key[i].span;
	int rc = 0;

	for (; l->child < end && l->left.n; l->child += p->search->key[l->child].span) {
		if (p->step[l->child].price != SEARCH_TEXT)
			continue;
		rc = eval(s, p, l->child, &l->left, &l->hits, err);
		if (rc != 0)
			return rc;
		replace(&l->left, &l->hits);
	}
	return rc;
}

static int eval_and(struct imap_session *s, struct search_plan *p, size_t i, const struct gw_set *among, struct gw_set *ret,
		    struct gw_err *err)
{
	struct group g = { .p = p, .node = i, .price = SEARCH_INDEX };
	struct search_place *l = place_of(p, i);
	int rc = 0;

	if (l->stage == STAGE_FIRST) {
		gw_set_union(&l->left, among);
		narrow(p, i, &l->left);
		if (i == 0 || has_price(p, i, SEARCH_INDEX)) { /* at the root it also leaves out the ghosts */
			scan_index(&g, &l->left, &l->hits);
			replace(&l->left, &l->hits);
		}
		l->child = i + 1;
		l->stage = l->left.n && has_price(p, i, SEARCH_CURSOR) ? STAGE_CURSOR : STAGE_CHILDREN;
	}
	g.price = SEARCH_CURSOR;
	if (l->stage == STAGE_CURSOR) {
		rc = scan_cursor(s, &g, p, &l->left, &l->hits, err);
		if (rc != 0)
			return rc;
		replace(&l->left, &l->hits);
		l->stage = STAGE_CHILDREN;
	}
	rc = eval_dear(s, p, i, l, err);
	if (rc == 0)
		gw_set_union(ret, &l->left);
	return rc;
}

/* The second child of an OR sees only what the first left. */
static int eval_or(struct imap_session *s, struct search_plan *p, size_t i, const struct gw_set *among, struct gw_set *ret,
		   struct gw_err *err)
{
	size_t first = i + 1, second = first + p->search->key[first].span;
	struct search_place *l = place_of(p, i);
	int rc = 0;

	if (p->step[second].price < p->step[first].price) {
		first = second;
		second = i + 1;
	}
	if (l->stage == STAGE_FIRST) {
		rc = eval(s, p, first, among, &l->hits, err);
		if (rc != 0)
			return rc;
		gw_set_union(&l->left, among);
		gw_set_subtract(&l->left, &l->hits);
		l->stage = STAGE_SECOND;
	}
	if (l->left.n)
		rc = eval(s, p, second, &l->left, &l->hits, err);
	if (rc == 0)
		gw_set_union(ret, &l->hits);
	return rc;
}

static int eval_not(struct imap_session *s, struct search_plan *p, size_t i, const struct gw_set *among, struct gw_set *ret,
		    struct gw_err *err)
{
	struct search_place *l = place_of(p, i);
	int rc = eval(s, p, i + 1, among, &l->hits, err);

	if (rc != 0)
		return rc;
	gw_set_union(&l->left, among);
	gw_set_subtract(&l->left, &l->hits);
	gw_set_union(ret, &l->left);
	return 0;
}

static int eval_node(struct imap_session *s, struct search_plan *p, size_t i, const struct gw_set *among, struct gw_set *ret,
		     struct gw_err *err)
{
	struct group g = { .p = p, .node = i, .price = p->step[i].price };

	switch (p->search->key[i].op) {
	case IMAP_KEY_AND:
		return eval_and(s, p, i, among, ret, err);
	case IMAP_KEY_OR:
	case IMAP_KEY_NOT:
		if (p->step[i].price == SEARCH_CURSOR)
			return scan_cursor(s, &g, p, among, ret, err);
		return p->search->key[i].op == IMAP_KEY_OR ? eval_or(s, p, i, among, ret, err)
							   : eval_not(s, p, i, among, ret, err);
	default:
		if (p->step[i].price == SEARCH_CURSOR)
			return scan_cursor(s, &g, p, among, ret, err);
		return scan_text(s, p, i, among, ret, err);
	}
}

/* Add to *ret what is true of node i among these messages: 0, MORE or a negative code. */
static int eval(struct imap_session *s, struct search_plan *p, size_t i, const struct gw_set *among, struct gw_set *ret,
		struct gw_err *err)
{
	struct group g = { .p = p, .node = i, .price = SEARCH_INDEX };

	if (p->step[i].price == SEARCH_INDEX && p->search->key[i].op != IMAP_KEY_AND) {
		scan_index(&g, among, ret);
		return 0;
	}
	return leave(place_of(p, i), eval_node(s, p, i, among, ret, err));
}

static void free_all(void *arg)
{
	gw_set_done(arg);
}

static void begin_all(struct search_plan *p)
{
	if (p->all.n)
		return;
	gw_set_add(&p->all, 1, p->ix->n);
	gw_arena_defer(p->arena, free_all, &p->all);
}

uint32_t search_limit(struct search_plan *p, uint32_t n)
{
	if (!p->ix->n)
		return 0;
	begin_all(p);
	narrow(p, 0, &p->all);
	return imap_limit_cut(n, &p->all) ? gw_index_at(p->ix, gw_set_min(&p->all))->uid : 0;
}

void search_among(struct search_plan *p, const struct gw_set *seqs)
{
	gw_set_union(&p->all, seqs);
	gw_arena_defer(p->arena, free_all, &p->all);
}

int search_eval(struct imap_session *s, struct search_plan *p, struct gw_set *ret, struct gw_err *err)
{
	if (!p->ix->n)
		return 0;
	begin_all(p);
	return eval(s, p, 0, &p->all, ret, err);
}

uint64_t search_done(const struct search_plan *p, uint64_t *ret)
{
	*ret = p->walked * p->ix->n + p->at;
	return p->walks * p->ix->n;
}
