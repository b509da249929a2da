/* context.c - the life of a context (see context.h): from the command that asks for it to its end */
#include "imap/context.h"

#include "config/config.h"
#include "imap/fetch.h"
#include "imap/parse.h"
#include "imap/put.h"
#include "util/mem.h"

#include <stdlib.h>

/* ---- its end ---- */

static void context_free(struct imap_context *c)
{
	context_news_done(&c->gone);
	gw_set_done(&c->found);
	free(c->order.uid);
	gw_arena_done(&c->arena);
	free(c);
}

void imap_contexts_free(struct imap_context *first)
{
	while (first) {
		struct imap_context *c = first;

		first = c->next;
		context_free(c);
	}
}

static struct imap_context **find(struct imap_view *v, struct gw_slice tag)
{
	struct imap_context **at = &v->contexts;

	while (*at && !gw_slice_eq((*at)->tag, tag))
		at = &(*at)->next;
	return at;
}

bool imap_context_cancel(struct imap_view *v, struct gw_slice tag)
{
	struct imap_context **at = find(v, tag), *c = *at;

	if (!c)
		return false;
	*at = c->next;
	context_free(c);
	return true;
}

static void put_noupdate(const struct imap_session *s, struct gw_slice tag, const char *why, struct gw_out *out)
{
	gw_out_lit(out, "* NO [NOUPDATE ");
	imap_put_string(out, tag);
	gw_out_printf(out, "] %s\r\n", imap_text(s, why));
}

void imap_context_refuse(const struct imap_session *s, const struct imap_task *t, const char *why, struct gw_out *out)
{
	put_noupdate(s, t->tag, why, out);
}

void imap_context_drop(struct imap_session *s, const struct imap_context *c, const char *why, struct gw_out *out)
{
	put_noupdate(s, c->tag, why, out);
	imap_context_cancel(s->view, c->tag);
}

void imap_contexts_give_up_numbers(struct imap_session *s, struct gw_out *out)
{
	struct imap_context *next;

	for (struct imap_context *c = s->view ? s->view->contexts : NULL; c; c = next) {
		next = c->next;
		if (!c->uid)
			imap_context_drop(s, c, "Message numbers were given up", out);
	}
}

size_t imap_contexts_memory(const struct imap_context *first)
{
	size_t n = 0;

	for (const struct imap_context *c = first; c; c = c->next)
		n += sizeof *c + c->arena.used + c->found.cap * sizeof *c->found.r + c->order.n * sizeof *c->order.uid;
	return n;
}

/* ---- time ---- */

bool imap_contexts_due(const struct imap_session *s)
{
	for (const struct imap_context *c = s->view->contexts; c; c = c->next)
		if (c->by_age && llabs(gw_wall_s(s->env.clock) - c->aged_s) >= IMAP_CONTEXT_AGE_S)
			return true;
	return false;
}

/* ---- its beginning ---- */

bool imap_context_check(const struct imap_session *s, struct imap_task *t, const char *capability)
{
	unsigned ret = t->cmd->search.ret;

	if (ret & IMAP_RETURN_HINTS && !imap_offers(s, capability))
		imap_bad(t, "This option of RETURN is not known");
	else if (ret & IMAP_RETURN_UPDATE && !s->view)
		imap_bad(t, "Select a mailbox first"); /* RFC 7377 2.2 */
	else if (ret & IMAP_RETURN_UPDATE && *find(s->view, t->tag))
		imap_bad(t, "This tag is in use: it names results that are updated"); /* RFC 5267 4.3 */
	else
		return !t->cmd->search.brings || imap_fetch_offered(s, t, t->cmd->search.brings);
	return false;
}

static struct imap_seqset keep_ranges(struct imap_context *c, const struct gw_range *r, size_t n, bool star)
{
	struct gw_range *v = gw_arena_calloc(&c->arena, n + 1, sizeof *v);

	if (n)
		memcpy(v, r, n * sizeof *v);
	return (struct imap_seqset){ .r = v, .n = n, .star = star };
}

/* Message numbers and `$` stand for messages, and do so for good. */
static void keep_set(struct imap_context *c, struct imap_search_key *k, const struct search_step *step, const struct gw_index *ix)
{
	struct gw_set uids;

	if (k->op == IMAP_KEY_UID && !k->set.saved) {
		k->set = keep_ranges(c, k->set.r, k->set.n, k->set.star);
		return;
	}
	gw_set_init(&uids);
	gw_index_uids(ix, step->set, &uids);
	k->op = IMAP_KEY_UID;
	k->set = keep_ranges(c, uids.r, uids.n, false);
	gw_set_done(&uids);
}

static void keep_text(struct imap_context *c, struct gw_slice *text)
{
	*text = gw_arena_dup(&c->arena, *text);
}

/* A copy of a key gets what it points to, and what it is about is noted. Every kind is named, so that none is forgotten. */
static void keep_key(struct imap_context *c, struct imap_search_key *k, const struct search_step *step, const struct gw_index *ix)
{
	switch (k->op) {
	case IMAP_KEY_SEQSET:
	case IMAP_KEY_UID:
		keep_set(c, k, step, ix);
		c->by_last = c->by_last || k->set.star;
		break;
	case IMAP_KEY_KEYWORD:
	case IMAP_KEY_UNKEYWORD:
		keep_text(c, &k->text);
		c->by_flags = true;
		break;
	case IMAP_KEY_FLAG:
	case IMAP_KEY_UNFLAG:
	case IMAP_KEY_NEW:
	case IMAP_KEY_MODSEQ:
		c->by_flags = true;
		break;
	case IMAP_KEY_OLDER:
	case IMAP_KEY_YOUNGER:
		c->by_age = true;
		break;
	case IMAP_KEY_ANNOTATION: /* gets no context */
	case IMAP_KEY_HEADER:
		keep_text(c, &k->field);
		keep_text(c, &k->text);
		break;
	case IMAP_KEY_FILTER: /* was replaced */
	case IMAP_KEY_FROM:
	case IMAP_KEY_TO:
	case IMAP_KEY_CC:
	case IMAP_KEY_BCC:
	case IMAP_KEY_SUBJECT:
	case IMAP_KEY_BODY:
	case IMAP_KEY_TEXT:
	case IMAP_KEY_EMAILID:
	case IMAP_KEY_THREADID:
		keep_text(c, &k->text);
		break;
	case IMAP_KEY_AND:
	case IMAP_KEY_OR:
	case IMAP_KEY_NOT:
	case IMAP_KEY_ALL:
	case IMAP_KEY_UIDAFTER:
	case IMAP_KEY_UIDBEFORE:
	case IMAP_KEY_RECENT:
	case IMAP_KEY_OLD:
	case IMAP_KEY_BEFORE:
	case IMAP_KEY_ON:
	case IMAP_KEY_SINCE:
	case IMAP_KEY_SENTBEFORE:
	case IMAP_KEY_SENTON:
	case IMAP_KEY_SENTSINCE:
	case IMAP_KEY_SAVEDBEFORE:
	case IMAP_KEY_SAVEDON:
	case IMAP_KEY_SAVEDSINCE:
	case IMAP_KEY_SAVEDATESUPPORTED:
	case IMAP_KEY_LARGER:
	case IMAP_KEY_SMALLER:
		break;
	}
}

/* f->plan has the keys with their filters replaced. */
static void keep_keys(struct imap_context *c, const struct imap_found *f)
{
	const struct imap_search *q = f->q;
	struct imap_search_key *v = gw_arena_calloc(&c->arena, q->n, sizeof *v);

	memcpy(v, q->key, q->n * sizeof *v);
	for (size_t i = 0; i < q->n; i++)
		keep_key(c, &v[i], &f->plan->step[i], f->in.ix);
	c->search.key = v;
	c->search.n = q->n;
	c->search.charset = gw_arena_dup(&c->arena, q->charset);
}

static void keep_criteria(struct imap_context *c, const struct imap_search *q)
{
	struct imap_sort_criterion *v = gw_arena_calloc(&c->arena, q->n_sort + 1, sizeof *v);

	if (q->n_sort)
		memcpy(v, q->sort, q->n_sort * sizeof *v);
	c->search.sort = v;
	c->search.n_sort = q->n_sort;
}

static void keep_brings(struct imap_context *c, const struct imap_search *q)
{
	struct imap_parse_ctx ctx = { .utf8 = true };
	struct imap_command cmd = { .arena = &c->arena, .ctx = &ctx };
	struct gw_slice text = gw_arena_dup(&c->arena, q->brings_text);
	const char *why = NULL;

	if (q->brings)
		imap_want_fetch_items(&text, &cmd, &c->brings, &why); /* was understood before */
}

static void keep_result(struct imap_context *c, const struct imap_found *f)
{
	if (!f->order) {
		gw_index_uids(f->in.ix, f->hits, &c->found);
		return;
	}
	c->order.uid = gw_xcalloc((size_t)f->n + 1, sizeof *c->order.uid);
	c->order.n = f->n;
	for (uint32_t i = 0; i < f->n; i++)
		c->order.uid[i] = c->uid ? f->order[i] : gw_index_at(f->in.ix, f->order[i])->uid;
}

static struct imap_context *context_new(const struct imap_task *t, const struct imap_found *f)
{
	struct imap_context *c = gw_xalloc(sizeof *c);

	gw_arena_init(&c->arena, 512, 0);
	gw_set_init(&c->found);
	c->tag = gw_arena_dup(&c->arena, t->tag);
	c->where = gw_arena_str(&c->arena, gw_slice_str(f->where));
	c->uid = t->cmd->uid;
	c->aged_s = f->plan->now;
	keep_keys(c, f);
	keep_criteria(c, f->q);
	keep_brings(c, f->q);
	keep_result(c, f);
	return c;
}

/* Why there can be no context for the result, or NULL. */
static const char *why_not(const struct imap_session *s, const struct imap_task *t)
{
	unsigned n = 0;

	if (search_has_annotation(&t->cmd->search) || imap_sorts_by_annotation(&t->cmd->search))
		return "Results that depend on annotations are not updated";
	for (const struct imap_context *c = s->view->contexts; c; c = c->next)
		n++;
	if (n >= IMAP_CONTEXTS_MAX)
		return "There are too many results that are updated";
	if (search_wants_relevancy(&t->cmd->search)) /* scores may change at any time (RFC 6203 3) */
		return "Relevancy is not kept up to date";
	return t->cut ? "Not all messages were searched" : NULL; /* RFC 9738 */
}

void imap_context_begin(struct imap_session *s, const struct imap_task *t, const struct imap_found *f, struct gw_out *out)
{
	struct imap_context **end;
	const char *why;

	if (!(f->q->ret & IMAP_RETURN_UPDATE) || f->elsewhere)
		return;
	why = why_not(s, t);
	if (why) {
		imap_context_refuse(s, t, why, out);
		return;
	}
	end = &s->view->contexts;
	while (*end)
		end = &(*end)->next;
	*end = context_new(t, f);
	if (imap_contexts_memory(s->view->contexts) > s->env.config->max_session_memory)
		imap_context_drop(s, *end, "Updates would need too much of max_session_memory", out);
}
