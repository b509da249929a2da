/* cmd_thread.c - THREAD and UID THREAD (RFC 5256 3; see thread.h)
 *
 * The answer has no MODSEQ, whatever the keys (RFC 7162 3.1.9). */
#include "imap/commands.h"

#include "config/config.h"
#include "imap/found.h"
#include "imap/thread.h"

struct thread_run {
	struct imap_found *found;
	struct thread *thread; /* NULL: the messages are still being found */
	bool head; /* "* THREAD" is out */
};

static void run_done(void *arg)
{
	thread_free(((struct thread_run *)arg)->thread);
}

static const char *capability_of(enum imap_thread_algorithm algorithm)
{
	return algorithm == IMAP_THREAD_REFERENCES ? "THREAD=REFERENCES" : "THREAD=ORDEREDSUBJECT";
}

static int too_much(struct gw_err *err)
{
	return gw_fail(err, GW_ELIMIT, "threading needs more memory than imap_sort_memory");
}

/* The links know all; of a message that is gone the index knows when it came. */
static int add_links(struct imap_session *s, const struct imap_task *t, const struct gw_set *hits, const struct gw_links *links,
		     struct thread *thread, struct gw_err *err)
{
	const struct gw_index *ix = s->view->told;
	const struct gw_entry *e;
	struct gw_index_iter it;
	uint32_t at = 0;
	size_t hint = 0;

	gw_index_iter(&it, ix, 1);
	while ((e = gw_index_next_in(&it, hits, &hint))) {
		struct thread_link row = { .number = t->cmd->uid ? e->uid : it.seq - 1, .sent = e->date };

		while (at < links->n && links->v[at].uid < e->uid)
			at++;
		if (at < links->n && links->v[at].uid == e->uid) {
			const struct gw_link *l = &links->v[at];
			uint32_t from = at ? l[-1].end : 0;

			row = (struct thread_link){ .number = row.number, .sent = l->sent, .subject = l->subject, .id = l->id,
				.reply = l->reply, .references = l->end > from ? links->reference + from : NULL, .n = l->end - from };
		}
		if (!thread_add_link(thread, &row))
			return too_much(err);
	}
	return 0;
}

static int add_rows(struct imap_session *s, const struct imap_task *t, const struct gw_set *hits, struct thread *thread,
		    struct gw_err *err)
{
	struct gw_fetch *cursor;
	struct gw_message m;
	bool gone;
	int rc;

	if (!hits->n)
		return 0;
	rc = gw_fetch_open(s->acct, s->view->id, s->view->told, hits, GW_WANT_THREAD, &cursor, err);
	if (rc < 0)
		return rc;
	while ((rc = gw_fetch_next(cursor, &m, &gone, err)) > 0) {
		struct thread_row row = {
			.number = t->cmd->uid ? m.entry->uid : m.seq,
			.sent = gone || m.sent == INT64_MIN ? m.entry->date : m.sent, /* RFC 5256 2.2 */
			.subject = m.base_subject,
			.reply = m.is_reply,
			.id = m.message_id,
			.references = m.references,
		};

		if (!thread_add(thread, &row)) {
			rc = too_much(err);
			break;
		}
	}
	gw_fetch_close(cursor);
	return rc;
}

/* The messages are found: make the threads of them. */
static int make_threads(struct imap_session *s, struct imap_task *t, struct thread_run *r, struct gw_err *err)
{
	const struct imap_search *q = r->found->q;
	struct gw_links *links = NULL;
	int rc = gw_mbox_links(s->acct, s->view->id, s->view->told, imap_memory_for_all(s, gw_set_count(r->found->hits)), &links, err);

	if (rc < 0 && rc != GW_ELIMIT)
		return rc;
	r->thread = thread_new(q->thread, links ? links->key : gw_hash_key_random(), s->env.config->imap_sort_memory);
	rc = links ? add_links(s, t, r->found->hits, links, r->thread, err) : add_rows(s, t, r->found->hits, r->thread, err);
	gw_links_unref(links);
	if (rc == 0)
		thread_finish(r->thread);
	return rc;
}

static struct thread_run *begin(struct imap_task *t)
{
	struct thread_run *r = gw_arena_alloc(&t->arena, sizeof *r);

	r->found = found_new(t, "THREAD");
	gw_arena_defer(&t->arena, run_done, r);
	t->state = r;
	return r;
}

enum imap_step imap_run_thread(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	struct thread_run *r = t->state ? t->state : begin(t);
	struct gw_err err = { 0 };

	if (!imap_offers(s, capability_of(t->cmd->search.thread)))
		return imap_bad(t, "This algorithm of THREAD is not offered here");
	if (!r->thread) {
		enum found_way way = found_search(s, t, r->found, out);
		int rc;

		if (way != FOUND_ALL)
			return way == FOUND_MORE ? IMAP_STEP_MORE : IMAP_STEP_DONE;
		if (r->found->q->uses_modseq)
			imap_condstore_on(s, out);
		rc = make_threads(s, t, r, &err);
		if (rc < 0)
			return imap_fail(s, t, rc, &err);
	}
	if (!r->head)
		gw_out_lit(out, "* THREAD");
	if (!r->head && !thread_is_empty(r->thread))
		gw_out_char(out, ' ');
	r->head = true;
	if (!thread_put(r->thread, out))
		return IMAP_STEP_MORE;
	gw_out_lit(out, "\r\n");
	return imap_ok(t, "THREAD completed");
}
