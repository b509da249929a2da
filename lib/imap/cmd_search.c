/* cmd_search.c - SEARCH and UID SEARCH (RFC 3501 6.4.4, RFC 4731, RFC 5182, RFC 7162 3.1.5, RFC 9394 3.1; see search.h)
 *
 * The messages are found in one go; telling them stops when the output is full and goes on later. */
#include "imap/commands.h"

#include "imap/put.h"
#include "imap/search.h"
#include "text/charset.h"

/* What decides whether `$` holds all that was found (RFC 5182 2.4, RFC 9394 3.1). */
#define SAVES_ALL (IMAP_RETURN_ALL | IMAP_RETURN_COUNT)
#define TELLS_ALL (IMAP_RETURN_ALL | IMAP_RETURN_COUNT | IMAP_RETURN_PARTIAL)

struct search_run {
	struct gw_set *hits;   /* message numbers */
	struct gw_set *told;   /* the same as the client wants them: numbers or UIDs */
	uint64_t modseq;       /* of what is told; 0: not asked for */
	uint32_t next;         /* the next to be told */
	size_t hint;
	bool head;             /* "* SEARCH" is out */
};

/* ---- what is told ---- */

/* Members first..last (counted from 1) of a set. */
static void take_members(const struct gw_set *from, uint64_t first, uint64_t last, struct gw_set *ret)
{
	uint64_t at = 0;

	for (size_t i = 0; i < from->n && at < last; i++) {
		uint64_t n = (uint64_t)from->r[i].hi - from->r[i].lo + 1;
		uint64_t lo = first > at + 1 ? first - at - 1 : 0, hi = last - at < n ? last - at : n;

		if (lo < hi)
			gw_set_add(ret, from->r[i].lo + (uint32_t)lo, from->r[i].lo + (uint32_t)(hi - 1));
		at += n;
	}
}

/* The part of a result that PARTIAL asks for; -1 is the last of it. */
static void take_window(const struct gw_set *from, const struct imap_window *w, struct gw_set *ret)
{
	uint64_t n = gw_set_count(from);
	uint64_t near = (uint64_t)(w->lo < 0 ? -w->lo : w->lo), far = (uint64_t)(w->hi < 0 ? -w->hi : w->hi);

	if (w->lo > 0)
		take_members(from, near, far, ret);
	else if (near <= n)
		take_members(from, far > n ? 1 : n - far + 1, n - near + 1, ret);
}

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

/* The messages that MIN, MAX and PARTIAL name. */
static void pick(const struct imap_search *q, const struct gw_set *hits, struct gw_set *ret)
{
	if (!hits->n)
		return;
	if (q->ret & IMAP_RETURN_PARTIAL)
		take_window(hits, &q->window, ret);
	if (q->ret & IMAP_RETURN_MIN)
		gw_set_add(ret, gw_set_min(hits), gw_set_min(hits));
	if (q->ret & IMAP_RETURN_MAX)
		gw_set_add(ret, gw_set_max(hits), gw_set_max(hits));
}

/* The MODSEQ of an answer is that of the messages in it (RFC 4731 3.2). */
static uint64_t answer_modseq(const struct imap_search *q, const struct gw_index *ix, const struct gw_set *hits)
{
	struct gw_set picked;
	uint64_t modseq;

	if (!q->uses_modseq)
		return 0;
	if (!q->esearch || q->ret & TELLS_ALL || !(q->ret & (IMAP_RETURN_MIN | IMAP_RETURN_MAX)))
		return highest_modseq(ix, hits);
	gw_set_init(&picked);
	pick(q, hits, &picked);
	modseq = highest_modseq(ix, &picked);
	gw_set_done(&picked);
	return modseq;
}

/* `$` for later commands, as UIDs, so that it shrinks with the mailbox by itself. */
static void save(struct imap_session *s, const struct imap_search *q, const struct gw_set *hits)
{
	struct gw_set picked;

	gw_set_clear(&s->saved);
	if (q->ret & SAVES_ALL || !(q->ret & ~(unsigned)IMAP_RETURN_SAVE)) {
		gw_index_uids(s->view->told, hits, &s->saved);
		return;
	}
	gw_set_init(&picked);
	pick(q, hits, &picked);
	gw_index_uids(s->view->told, &picked, &s->saved);
	gw_set_done(&picked);
}

/* ---- finding ---- */

static enum imap_step bad_charset(struct imap_task *t)
{
	struct gw_buf code;
	const char *text;

	gw_buf_init(&code, 0);
	for (size_t i = 0; gw_charset_names[i]; i++)
		gw_buf_printf(&code, "%s%s", i ? " " : "BADCHARSET (", gw_charset_names[i]);
	gw_buf_add_char(&code, ')');
	text = gw_arena_str(&t->arena, gw_buf_slice(&code));
	gw_buf_done(&code);
	return imap_no(t, text, "That charset is not known");
}

/* A search that fails leaves nothing behind that `$` could mean (RFC 5182 2.1). */
static void forget_saved(struct imap_session *s, const struct imap_search *q)
{
	if (q->ret & IMAP_RETURN_SAVE)
		gw_set_clear(&s->saved);
}

/* False: the reply is set. */
static bool find(struct imap_session *s, struct imap_task *t, struct search_run *r)
{
	const struct imap_search *q = &t->cmd->search;
	struct search_plan plan;
	struct gw_err err = { 0 };
	int rc = imap_view_load(s, &err);

	if (rc == 0 && !search_plan_make(s, t, &plan)) {
		forget_saved(s, q);
		bad_charset(t);
		return false;
	}
	if (rc == 0)
		rc = search_eval(s, &plan, r->hits, &err);
	if (rc < 0) {
		forget_saved(s, q);
		imap_fail(s, t, rc, &err);
	}
	return rc == 0;
}

/* NULL: the reply is set. */
static struct search_run *begin(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	const struct imap_search *q = &t->cmd->search;
	struct search_run *r = gw_arena_alloc(&t->arena, sizeof *r);

	r->hits = r->told = imap_task_set(t);
	r->next = 1;
	if (!find(s, t, r))
		return NULL;
	if (q->uses_modseq)
		imap_condstore_on(s, out);
	r->modseq = answer_modseq(q, s->view->told, r->hits);
	if (q->ret & IMAP_RETURN_SAVE)
		save(s, q, r->hits);
	if (t->cmd->uid) {
		r->told = imap_task_set(t);
		gw_index_uids(s->view->told, r->hits, r->told);
	}
	t->state = r;
	return r;
}

/* ---- telling ---- */

/* "* SEARCH 2 84 882 (MODSEQ 917162500)"; false: the output is full. */
static bool tell_plain(struct search_run *r, struct gw_out *out)
{
	uint32_t n;

	if (!r->head)
		gw_out_lit(out, "* SEARCH");
	r->head = true;
	while (r->next && (n = gw_set_next(r->told, r->next, &r->hint))) {
		if (gw_out_full(out))
			return false;
		gw_out_char(out, ' ');
		gw_out_u64(out, n);
		r->next = n + 1; /* 0 behind the highest there can be */
	}
	if (r->modseq && r->told->n) {
		gw_out_lit(out, " (MODSEQ ");
		gw_out_u64(out, r->modseq);
		gw_out_char(out, ')');
	}
	gw_out_lit(out, "\r\n");
	return true;
}

static void put_number(struct gw_out *out, const char *name, uint64_t n)
{
	gw_out_str(out, name);
	gw_out_u64(out, n);
}

static void put_partial(const struct search_run *r, const struct imap_window *w, struct gw_out *out)
{
	struct gw_set part;

	gw_set_init(&part);
	take_window(r->told, w, &part);
	gw_out_printf(out, " PARTIAL (%lld:%lld ", (long long)w->lo, (long long)w->hi);
	if (part.n)
		gw_set_put(out, &part);
	else
		gw_out_lit(out, "NIL");
	gw_out_char(out, ')');
	gw_set_done(&part);
}

/* "* ESEARCH (TAG "a1") UID MIN 7 MAX 3800 COUNT 15" (RFC 4731 3.1). With SAVE alone nothing is told (RFC 5182 2.1). */
static void tell_extended(const struct imap_task *t, const struct search_run *r, struct gw_out *out)
{
	const struct imap_search *q = &t->cmd->search;

	if (q->ret == IMAP_RETURN_SAVE)
		return;
	gw_out_lit(out, "* ESEARCH (TAG ");
	imap_put_string(out, t->tag);
	gw_out_char(out, ')');
	if (t->cmd->uid)
		gw_out_lit(out, " UID");
	if (q->ret & IMAP_RETURN_MIN && r->told->n)
		put_number(out, " MIN ", gw_set_min(r->told));
	if (q->ret & IMAP_RETURN_MAX && r->told->n)
		put_number(out, " MAX ", gw_set_max(r->told));
	if (q->ret & IMAP_RETURN_COUNT)
		put_number(out, " COUNT ", gw_set_count(r->told));
	if (q->ret & IMAP_RETURN_ALL && r->told->n) {
		gw_out_lit(out, " ALL ");
		gw_set_put(out, r->told);
	}
	if (q->ret & IMAP_RETURN_PARTIAL)
		put_partial(r, &q->window, out);
	if (r->modseq && r->told->n)
		put_number(out, " MODSEQ ", r->modseq);
	gw_out_lit(out, "\r\n");
}

enum imap_step imap_run_search(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	struct search_run *r = t->state ? t->state : begin(s, t, out);

	if (!r)
		return IMAP_STEP_DONE;
	if (t->cmd->search.esearch)
		tell_extended(t, r, out);
	else if (!tell_plain(r, out))
		return IMAP_STEP_MORE;
	return imap_ok(t, "SEARCH completed");
}
