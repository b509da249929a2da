/* cmd_esearch.c - ESEARCH: a search through several mailboxes (RFC 7377)
 *
 * The names are chosen first. Then one mailbox after the other is searched and told as UID SEARCH would do it, with a task of its
 * own, so that what one needed is gone before the next begins. The selected mailbox is searched as its client knows it, any other as
 * it is now; none is changed. One that vanishes meanwhile is left out, as is one that may not be read (RFC 7377 2.2). */
#include "imap/commands.h"

#include "imap/choice.h"
#include "imap/context.h"

struct source {
	struct gw_slice name;
	struct gw_mbox_id id;
	uint32_t messages; /* for the sake of progress */
	bool selected;
};

struct esearch {
	struct source *source;
	size_t n, at;
	uint64_t before, total;        /* messages */
	struct imap_progress progress; /* of all of it; its step is that of the session */
	/* of the source that is searched */
	struct imap_task part;
	struct imap_found *found;      /* NULL: it has not begun */
};

/* ---- which mailboxes ---- */

static bool means_selected(const struct imap_search *q)
{
	for (size_t i = 0; i < q->n_in; i++)
		if (q->in[i].who == IMAP_CHOICE_SELECTED)
			return true;
	return q->n_in == 0;
}

static bool means_others(const struct imap_search *q)
{
	for (size_t i = 0; i < q->n_in; i++)
		if (q->in[i].who != IMAP_CHOICE_SELECTED)
			return true;
	return false;
}

static bool is_selected(const struct imap_session *s, struct gw_mbox_id id)
{
	return imap_view_shows(s, id);
}

static bool chosen(const struct imap_session *s, const struct imap_search *q, const struct gw_mailbox *mb)
{
	if (!imap_selectable(mb->attrs) || imap_hidden(s, mb->attrs))
		return false;
	if (is_selected(s, mb->id) && means_selected(q)) /* is there already: none is searched twice */
		return false;
	for (size_t i = 0; i < q->n_in; i++)
		if (imap_choice_has(&q->in[i], mb))
			return true;
	return false;
}

static void add_source(struct esearch *r, const struct source *source)
{
	r->source[r->n++] = *source;
	r->total += (uint64_t)source->messages + 1; /* an empty one takes a moment, too */
}

static int choose(struct imap_session *s, struct imap_task *t, struct esearch *r, struct gw_err *err)
{
	const struct imap_search *q = &t->cmd->search;
	struct gw_mailbox *mb = NULL;
	struct gw_arena list;
	size_t n = 0;
	int rc = 0;

	gw_arena_init(&list, 0, 0);
	if (means_others(q))
		rc = gw_acct_list(s->acct, &list, &mb, &n, err);
	r->source = gw_arena_calloc(&t->arena, n + 1, sizeof *r->source);
	if (means_selected(q))
		add_source(r, &(struct source){ .name = gw_arena_dup(&t->arena, s->view->name),
						.id = s->view->id,
						.messages = s->view->told ? s->view->told->n : s->view->exists,
						.selected = true });
	for (size_t i = 0; i < n && rc == 0; i++)
		if (chosen(s, q, &mb[i]))
			add_source(r, &(struct source){ .name = gw_arena_dup(&t->arena, mb[i].name),
							.id = mb[i].id,
							.messages = mb[i].messages,
							.selected = is_selected(s, mb[i].id) });
	gw_arena_done(&list);
	return rc;
}

/* ---- one mailbox ---- */

static void unref(void *ix)
{
	gw_index_unref(ix);
}

static void end_part(struct esearch *r)
{
	if (!r->found)
		return;
	r->progress.told_ms = r->found->progress.told_ms;
	r->found = NULL;
	gw_arena_done(&r->part.arena);
}

/* The task has ended, perhaps because its client is gone. */
static void esearch_done(void *arg)
{
	end_part(arg);
}

/* What is \Recent there stays so for the session that will select it. */
static int find_recent(struct imap_session *s, const struct imap_found *f, struct gw_set *ret, struct gw_err *err)
{
	struct gw_recent r;
	int rc = gw_mbox_recent(s->acct, f->in.id, false, &r, err);

	if (rc == 0 && r.first < r.next)
		gw_set_add(ret, r.first, r.next - 1);
	return rc;
}

/* A mailbox that is not selected, as it is now. `$` holds none of its messages. */
static int open_elsewhere(struct imap_session *s, struct imap_task *part, struct imap_found *f, struct gw_mbox_id id, struct gw_err *err)
{
	struct gw_set *recent = imap_task_set(part);
	struct gw_index *ix = NULL;
	int rc = gw_mbox_index(s->acct, id, &ix, err);

	if (rc < 0)
		return rc;
	gw_arena_defer(&part->arena, unref, ix);
	f->elsewhere = true;
	f->in = (struct search_in){ .id = id, .ix = ix, .recent = recent, .saved = imap_task_set(part) };
	return search_has_recent(f->q) ? find_recent(s, f, recent, err) : 0;
}

/* " MAILBOX name UIDVALIDITY n" (RFC 7377 2.1) */
static const char *correlators(const struct imap_session *s, struct imap_task *part, const struct source *source, uint32_t uidvalidity)
{
	struct gw_out out;

	gw_out_init(&out);
	gw_out_lit(&out, " MAILBOX ");
	imap_put_name(s, &out, source->name);
	gw_out_lit(&out, " UIDVALIDITY ");
	gw_out_u64(&out, uidvalidity);
	return imap_out_text(&part->arena, &out);
}

static int begin_part(struct imap_session *s, const struct imap_task *t, struct esearch *r, struct gw_err *err)
{
	const struct source *source = &r->source[r->at];
	uint32_t uidvalidity;
	int rc = 0;

	r->part = (struct imap_task){ .verb = t->verb, .cmd = t->cmd, .tag = t->tag };
	gw_arena_init(&r->part.arena, 0, 0);
	r->found = found_new(&r->part, "ESEARCH");
	r->found->progress = r->progress;
	r->found->before = r->before;
	r->found->here = source->messages;
	r->found->total = r->total;
	if (!source->selected)
		rc = open_elsewhere(s, &r->part, r->found, source->id, err);
	if (rc < 0)
		return rc;
	uidvalidity = source->selected ? s->view->uidvalidity : r->found->in.ix->uidvalidity;
	r->found->where = correlators(s, &r->part, source, uidvalidity);
	return 0;
}

/* Search the mailbox and tell what was found, or go on with it; done: the next one's turn. A mailbox without such messages is not
 * told of, whatever was asked for (RFC 7377 2.1). */
static enum imap_step search_part(struct imap_session *s, struct imap_task *t, struct esearch *r, struct gw_out *out, bool *ret_failed)
{
	struct imap_found *f = r->found;

	if (!f->kept) {
		switch (found_search(s, &r->part, f, out)) {
		case FOUND_MORE:
			return IMAP_STEP_MORE;
		case FOUND_GONE:
			return IMAP_STEP_DONE;
		case FOUND_FAILED:
			t->status = r->part.status;
			t->code = r->part.code ? gw_arena_str(&t->arena, gw_slice_str(r->part.code)) : NULL;
			t->text = r->part.text;
			*ret_failed = true;
			return IMAP_STEP_DONE;
		case FOUND_ALL:
			break;
		}
		found_keep(s, &r->part, f, out);
	}
	if (f->hits->n && !found_tell(&r->part, f, out))
		return IMAP_STEP_MORE;
	imap_context_begin(s, &r->part, f, out);
	return IMAP_STEP_DONE;
}

/* ---- all of them ---- */

static bool may_begin(struct imap_session *s, struct imap_task *t)
{
	struct gw_err err = { 0 };
	int rc = 0;

	if (t->cmd->search.charset.n && s->modes & IMAP_MODE_UTF8) {
		imap_bad(t, "With UTF8=ACCEPT strings are UTF-8: no CHARSET"); /* RFC 6855 3 */
		return false;
	}
	if (means_selected(&t->cmd->search) && !s->view) {
		imap_bad(t, "Select a mailbox first"); /* RFC 7377 2.2 */
		return false;
	}
	if (!imap_context_check(s, t, "CONTEXT=SEARCH"))
		return false;
	rc = found_prepare(s, t, &err);
	if (rc < 0)
		found_fail(s, t, rc, &err);
	return rc == 0;
}

static bool has_selected(const struct esearch *r)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->source[i].selected)
			return true;
	return false;
}

/* NULL: the reply is set. */
static struct esearch *begin(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	struct esearch *r = gw_arena_alloc(&t->arena, sizeof *r);
	struct gw_err err = { 0 };
	int rc = choose(s, t, r, &err);

	if (rc < 0) {
		found_fail(s, t, rc, &err);
		return NULL;
	}
	gw_arena_defer(&t->arena, esearch_done, r);
	if (t->cmd->search.ret & IMAP_RETURN_UPDATE && !has_selected(r)) /* RFC 7377 2.2 */
		imap_context_refuse(s, t, "Only the selected mailbox is kept up to date", out);
	imap_progress_begin(&r->progress, s->env.clock);
	t->state = r;
	return r;
}

/* Of each step something is done, however long that takes. */
static enum imap_step go_on(struct imap_session *s, struct imap_task *t, struct esearch *r, struct gw_out *out)
{
	imap_progress_step(&r->progress);
	while (r->at < r->n) {
		bool failed = false;
		struct gw_err err = { 0 };
		int rc = r->found ? 0 : begin_part(s, t, r, &err);

		if (rc < 0 && rc != GW_ENOENT && rc != GW_EACCES)
			return found_fail(s, t, rc, &err);
		if (rc == 0 && search_part(s, t, r, out, &failed) == IMAP_STEP_MORE)
			return IMAP_STEP_MORE;
		end_part(r);
		if (failed)
			return IMAP_STEP_DONE;
		r->before += (uint64_t)r->source[r->at++].messages + 1;
		if (r->at < r->n && imap_progress_enough(&r->progress)) {
			imap_progress_tell(&r->progress, s, t, r->before, r->total, out);
			return IMAP_STEP_MORE;
		}
	}
	return imap_ok(t, "ESEARCH completed");
}

enum imap_step imap_run_esearch(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	struct esearch *r = t->state;

	if (!r && !may_begin(s, t))
		return IMAP_STEP_DONE;
	if (!r)
		r = begin(s, t, out);
	return r ? go_on(s, t, r, out) : IMAP_STEP_DONE;
}
