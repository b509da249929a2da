/* found.c - what a search found, and what is kept of it (see found.h); found_tell.c writes it */
#include "imap/found.h"

#include <stdlib.h>

#include "imap/annotate.h"
#include "imap/filters.h"
#include "imap/limit.h"
#include "imap/window.h"
#include "text/charset.h"
#include "util/mem.h"

/* What decides whether `$` holds all that was found (RFC 5182 2.4, RFC 9394 3.2). */
#define SAVES_ALL (IMAP_RETURN_ALL | IMAP_RETURN_COUNT)
#define TELLS_ALL (IMAP_RETURN_ALL | IMAP_RETURN_COUNT | IMAP_RETURN_PARTIAL)

struct imap_found *found_new(struct imap_task *t, const char *name)
{
	struct imap_found *f = gw_arena_alloc(&t->arena, sizeof *f);

	f->q = &t->cmd->search;
	f->hits = f->told = imap_task_set(t);
	f->part = imap_task_set(t);
	f->name = name;
	f->where = "";
	f->next = 1;
	return f;
}

/* ---- finding ---- */

static void bad_charset(struct imap_task *t)
{
	struct gw_buf code;
	const char *text;

	gw_buf_init(&code, 0);
	for (size_t i = 0; gw_charset_names[i]; i++)
		gw_buf_printf(&code, "%s%s", i ? " " : "BADCHARSET (", gw_charset_names[i]);
	gw_buf_add_char(&code, ')');
	text = gw_arena_str(&t->arena, gw_buf_slice(&code));
	gw_buf_done(&code);
	imap_no(t, text, "That charset is not known");
}

static void forget_saved(struct imap_session *s, const struct imap_task *t)
{
	if (t->cmd->search.ret & IMAP_RETURN_SAVE)
		gw_set_clear(&s->saved);
}

enum imap_step found_fail(struct imap_session *s, struct imap_task *t, int rc, const struct gw_err *err)
{
	forget_saved(s, t);
	return imap_fail(s, t, rc, err);
}

/* RFC 6203 4, 6. 0, or 1: the reply is set. */
static int check_fuzzy(const struct imap_session *s, struct imap_task *t)
{
	const struct imap_search *q = &t->cmd->search;
	bool fuzzy = search_is_fuzzy(q), relevancy = search_wants_relevancy(q);

	if (relevancy && !fuzzy)
		imap_bad(t, "RELEVANCY needs a key that is FUZZY");
	else if (fuzzy && !imap_offers(s, "SEARCH=FUZZY"))
		imap_bad(t, "This key of SEARCH is not known");
	else
		return 0;
	return 1;
}

int found_prepare(struct imap_session *s, struct imap_task *t, struct gw_err *err)
{
	const struct imap_search *q = &t->cmd->search;
	int rc = imap_filters_replace(s, t, err);

	if (rc == 0 && search_has_annotation(q) && !imap_offers(s, IMAP_ANNOTATE)) {
		imap_bad(t, "This key of SEARCH is not known");
		rc = 1;
	}
	if (rc == 0)
		rc = check_fuzzy(s, t);
	if (rc == 0 && q->charset.n && !gw_charset_known(q->charset)) {
		bad_charset(t);
		rc = 1;
	}
	if (rc > 0)
		forget_saved(s, t);
	return rc;
}

static int open_selected(struct imap_session *s, struct imap_found *f, struct gw_err *err)
{
	int rc = imap_view_load(s, err);

	if (rc == 0)
		f->in = (struct search_in){ .id = s->view->id, .ix = s->view->told, .recent = &s->view->recent, .saved = &s->saved };
	return rc;
}

/* 0, a negative code, or 1: the reply is set. */
static int begin(struct imap_session *s, struct imap_task *t, struct imap_found *f, struct gw_err *err)
{
	int rc = f->elsewhere ? 0 : open_selected(s, f, err);

	if (rc == 0)
		rc = found_prepare(s, t, err);
	if (rc != 0)
		return rc;
	if (!f->progress.clock)
		imap_progress_begin(&f->progress, s->env.clock);
	f->plan = search_plan_make(s, t, &f->in, imap_progress_enough, &f->progress);
	if (f->limited)
		t->cut = search_limit(f->plan, imap_message_limit(s));
	return 0;
}

/* How far it is, of *ret_goal; of several searches each message counts once. */
static uint64_t done(const struct imap_found *f, uint64_t *ret_goal)
{
	uint64_t n;

	*ret_goal = search_done(f->plan, &n);
	if (!f->total)
		return n;
	*ret_goal = f->total;
	n = f->plan->walks ? n / f->plan->walks : 0;
	return f->before + (n < f->here ? n : f->here);
}

enum found_way found_search(struct imap_session *s, struct imap_task *t, struct imap_found *f, struct gw_out *out)
{
	struct gw_err err = { 0 };
	uint64_t n, goal;
	int rc = f->plan ? 0 : begin(s, t, f, &err);

	if (rc > 0)
		return FOUND_FAILED;
	if (rc == 0) {
		imap_progress_step(&f->progress);
		rc = search_eval(s, f->plan, f->hits, &err);
	}
	if (f->elsewhere && (rc == GW_ENOENT || rc == GW_EACCES))
		return FOUND_GONE;
	if (rc < 0) {
		found_fail(s, t, rc, &err);
		return FOUND_FAILED;
	}
	if (rc == 0)
		return FOUND_ALL;
	n = done(f, &goal);
	imap_progress_tell(&f->progress, s, t, n, goal, out);
	return FOUND_MORE;
}

/* ---- what MIN, MAX and PARTIAL name ---- */

/* The places first..last (from 1) of an order. */
static void add_places(const uint32_t *order, uint64_t first, uint64_t last, struct gw_set *ret)
{
	uint64_t n = last >= first ? last - first + 1 : 0;
	struct gw_range *v = gw_xcalloc((size_t)n + 1, sizeof *v);

	for (uint64_t i = 0; i < n; i++)
		v[i].lo = v[i].hi = order[first - 1 + i];
	gw_set_add_ranges(ret, v, (size_t)n);
	free(v);
}

static void pick_sorted(const struct imap_found *f, struct gw_set *ret)
{
	uint64_t first, last;

	if (f->q->ret & IMAP_RETURN_PARTIAL && imap_window_bounds(&f->q->window, f->n, &first, &last))
		add_places(f->order, first, last, ret);
	if (f->q->ret & IMAP_RETURN_MIN)
		gw_set_add(ret, f->order[0], f->order[0]);
	if (f->q->ret & IMAP_RETURN_MAX)
		gw_set_add(ret, f->order[f->n - 1], f->order[f->n - 1]);
}

static void pick(const struct imap_found *f, struct gw_set *ret)
{
	const struct gw_set *hits = f->hits;

	if (!hits->n)
		return;
	if (f->order) {
		pick_sorted(f, ret);
		return;
	}
	if (f->q->ret & IMAP_RETURN_PARTIAL)
		imap_window_take(hits, &f->q->window, ret);
	if (f->q->ret & IMAP_RETURN_MIN)
		gw_set_add(ret, gw_set_min(hits), gw_set_min(hits));
	if (f->q->ret & IMAP_RETURN_MAX)
		gw_set_add(ret, gw_set_max(hits), gw_set_max(hits));
}

/* ---- keeping ---- */

static uint64_t highest_modseq(const struct gw_index *ix, const struct gw_set *seqs)
{
	uint64_t highest = 0;

	for (size_t i = 0; i < seqs->n; i++) {
		struct gw_index_iter it;
		const struct gw_entry *e;

		gw_index_iter(&it, ix, seqs->r[i].lo);
		while (it.seq <= seqs->r[i].hi && (e = gw_index_next(&it)))
			if (e->modseq > highest)
				highest = e->modseq;
	}
	return highest;
}

/* The MODSEQ of an answer is that of the messages in it (RFC 4731 3.2). */
static uint64_t answer_modseq(const struct imap_found *f, const struct gw_index *ix)
{
	const struct imap_search *q = f->q;
	struct gw_set picked;
	uint64_t modseq;

	if (!q->uses_modseq)
		return 0;
	if (!q->esearch || q->ret & TELLS_ALL || !(q->ret & (IMAP_RETURN_MIN | IMAP_RETURN_MAX)))
		return highest_modseq(ix, f->hits);
	gw_set_init(&picked);
	pick(f, &picked);
	modseq = highest_modseq(ix, &picked);
	gw_set_done(&picked);
	return modseq;
}

/* `$` for later commands, as UIDs, so that it shrinks with the mailbox by itself. */
static void save(struct imap_session *s, const struct imap_found *f)
{
	struct gw_set picked;

	gw_set_clear(&s->saved);
	if (f->q->ret & SAVES_ALL || !(f->q->ret & ~(unsigned)(IMAP_RETURN_SAVE | IMAP_RETURN_HINTS | IMAP_RETURN_RELEVANCY))) {
		gw_index_uids(f->in.ix, f->hits, &s->saved);
		return;
	}
	gw_set_init(&picked);
	pick(f, &picked);
	gw_index_uids(f->in.ix, &picked, &s->saved);
	gw_set_done(&picked);
}

/* Scores of all that was found, or of the window (RFC 6203 4, 6). */
static void keep_relevancy(struct imap_task *t, struct imap_found *f)
{
	uint64_t n = gw_set_count(f->hits), first = 1, last = n;
	uint32_t seq = 0;
	size_t hint = 0;

	if (f->q->ret & IMAP_RETURN_PARTIAL && !imap_window_bounds(&f->q->window, n, &first, &last))
		return;
	f->relevancy = gw_xcalloc((size_t)n + 1, sizeof *f->relevancy);
	gw_arena_defer(&t->arena, free, f->relevancy);
	for (uint64_t i = 1; i <= last; i++) {
		seq = f->order ? f->order[i - 1] : gw_set_next(f->hits, seq + 1, &hint);
		if (i >= first)
			f->relevancy[f->relevancies++] = (unsigned char)search_relevancy(f->plan, seq);
	}
}

static void order_to_uids(const struct gw_index *ix, uint32_t *order, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		order[i] = gw_index_at(ix, order[i])->uid;
}

void found_keep(struct imap_session *s, struct imap_task *t, struct imap_found *f, struct gw_out *out)
{
	f->kept = true;
	if (f->q->uses_modseq)
		imap_condstore_on(s, out);
	f->modseq = answer_modseq(f, f->in.ix);
	if (f->q->ret & IMAP_RETURN_SAVE)
		save(s, f);
	if (f->q->ret & IMAP_RETURN_RELEVANCY)
		keep_relevancy(t, f);
	if (!t->cmd->uid)
		return;
	if (f->order) {
		order_to_uids(f->in.ix, f->order, f->n);
		return;
	}
	f->told = imap_task_set(t);
	gw_index_uids(f->in.ix, f->hits, f->told);
}
