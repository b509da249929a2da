/* cmd_sort.c - SORT and UID SORT (RFC 5256 3, RFC 5267 3, RFC 5957, RFC 7162 3.1.9; see sort.h)
 *
 * What is compared comes from the index and, for the other criteria, from one walk of a cursor over what was found. The rows
 * are there only while this runs on a worker; four octets a message stay while the client reads. */
#include "imap/commands.h"

#include <stdlib.h>

#include "config/config.h"
#include "imap/found.h"
#include "imap/sort.h"
#include "util/mem.h"

/* What a cursor has to bring for a criterion; 0: the index knows. */
static unsigned want_of(const struct imap_search *q)
{
	static const unsigned wants[IMAP_SORT_KEYS] = {
		[IMAP_SORT_DATE] = GW_WANT_SENT,      [IMAP_SORT_SUBJECT] = GW_WANT_SUBJECT,
		[IMAP_SORT_FROM] = GW_WANT_SORT,      [IMAP_SORT_TO] = GW_WANT_SORT,
		[IMAP_SORT_CC] = GW_WANT_SORT,	      [IMAP_SORT_DISPLAYFROM] = GW_WANT_SORT,
		[IMAP_SORT_DISPLAYTO] = GW_WANT_SORT,
	};
	unsigned want = 0;

	for (size_t i = 0; i < q->n_sort; i++)
		want |= wants[q->sort[i].key];
	return want;
}

static int too_much(struct gw_err *err)
{
	return gw_fail(err, GW_ELIMIT, "sorting needs more memory than imap_sort_memory");
}

/* The keys of messages that were removed meanwhile are empty. */
static int add_rows(struct imap_session *s, const struct imap_found *f, struct sort *sort, struct gw_err *err)
{
	struct gw_fetch *cursor;
	struct gw_message m;
	bool gone;
	int rc;

	if (!f->hits->n)
		return 0;
	rc = gw_fetch_open(s->acct, s->view->id, s->view->told, f->hits, want_of(f->q), &cursor, err);
	if (rc < 0)
		return rc;
	while ((rc = gw_fetch_next(cursor, &m, &gone, err)) > 0) {
		struct sort_row row = {
			.number = m.seq,
			.size = m.entry->size,
			.arrival = m.entry->date,
			.sent = gone || m.sent == INT64_MIN ? m.entry->date : m.sent, /* RFC 5256 2.2 */
			.subject = m.base_subject,
			.address = m.sort_keys,
		};

		if (!sort_add(sort, &row)) {
			rc = too_much(err);
			break;
		}
	}
	gw_fetch_close(cursor);
	return rc;
}

/* Put what was found into order: 0 or a negative enum gw_code. */
static int put_in_order(struct imap_session *s, struct imap_task *t, struct imap_found *f, struct gw_err *err)
{
	uint64_t n = gw_set_count(f->hits);
	struct sort *sort = sort_new(f->q->sort, f->q->n_sort, (uint32_t)n, s->env.config->imap_sort_memory);
	int rc = add_rows(s, f, sort, err);

	if (rc == 0) {
		f->order = gw_xcalloc((size_t)n + 1, sizeof *f->order);
		gw_arena_defer(&t->arena, free, f->order);
		f->n = sort_finish(sort, f->order);
	}
	sort_free(sort);
	return rc;
}

enum imap_step imap_run_sort(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	struct imap_found *f = t->state ? t->state : found_new(t, "SORT");
	struct gw_err err = { 0 };

	t->state = f;
	if (!f->kept) {
		enum found_way way = found_search(s, t, f, out);
		int rc;

		if (way != FOUND_ALL)
			return way == FOUND_MORE ? IMAP_STEP_MORE : IMAP_STEP_DONE;
		rc = put_in_order(s, t, f, &err);
		if (rc < 0)
			return found_fail(s, t, rc, &err);
		found_keep(s, t, f, out);
	}
	return found_tell(t, f, out) ? imap_ok(t, "SORT completed") : IMAP_STEP_MORE;
}
