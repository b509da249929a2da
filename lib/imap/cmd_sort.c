/* cmd_sort.c - SORT and UID SORT (RFC 5256 3, RFC 5267 3, RFC 5957, RFC 6203 6, RFC 7162 3.1.9, RFC 5257 4.9; see sort.h)
 *
 * What is compared comes from the index and, for the other criteria, from the ranks that are kept of the whole mailbox
 * (store/ranks.h), or from one walk of a cursor over what was found. The rows are there only while this runs on a worker; four octets a message stay while the client reads. */
#include "imap/commands.h"

#include <stdlib.h>

#include "config/config.h"
#include "imap/annotate.h"
#include "imap/context.h"
#include "imap/found.h"
#include "imap/sort.h"
#include "util/mem.h"

/* Put what was found into order: 0 or a negative enum gw_code. */
static int put_in_order(struct imap_session *s, struct imap_task *t, struct imap_found *f, struct gw_err *err)
{
	uint64_t n = gw_set_count(f->hits);
	struct imap_sort_ranks ranks;
	struct sort *sort;
	int rc = imap_sort_ranks(s, f->q, n, &ranks, err);

	if (rc < 0)
		return rc;
	sort = sort_new(f->q->sort, f->q->n_sort, ranks.which, (uint32_t)n, s->env.config->imap_sort_memory);
	rc = imap_sort_read(s, f->plan, f->q, f->hits, &ranks, true, sort, err);
	imap_sort_ranks_done(&ranks);
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
	struct imap_found *f;
	struct gw_err err = { 0 };

	if (!t->state && !imap_context_check(s, t, "CONTEXT=SORT"))
		return IMAP_STEP_DONE;
	f = t->state ? t->state : found_new(t, "SORT");
	t->state = f;
	if (imap_sorts_by_annotation(f->q) && !imap_offers(s, IMAP_ANNOTATE))
		return imap_bad(t, "This criterion of SORT is not known");
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
	if (!found_tell(t, f, out))
		return IMAP_STEP_MORE;
	imap_context_begin(s, t, f, out);
	return imap_ok(t, "SORT completed");
}
