/* cmd_search.c - SEARCH and UID SEARCH (RFC 3501 6.4.4, RFC 4731, RFC 5182, RFC 7162 3.1.5, RFC 9394 3.1, RFC 9738; see search.h)
 *
 * Finding the messages goes in steps; telling them stops when the output is full and goes on later (found.h). */
#include "imap/commands.h"

#include "imap/context.h"

enum imap_step imap_run_search(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	struct imap_found *f;

	if (t->cmd->search.charset.n && s->modes & IMAP_MODE_UTF8)
		return imap_bad(t, "With UTF8=ACCEPT strings are UTF-8: no CHARSET"); /* RFC 6855 3 */
	if (!t->state && !imap_context_check(s, t, "CONTEXT=SEARCH"))
		return IMAP_STEP_DONE;
	f = t->state ? t->state : found_new(t, "SEARCH");
	t->state = f;
	f->limited = true;
	if (!f->kept) {
		enum found_way way = found_search(s, t, f, out);

		if (way != FOUND_ALL)
			return way == FOUND_MORE ? IMAP_STEP_MORE : IMAP_STEP_DONE;
		found_keep(s, t, f, out);
	}
	if (!found_tell(t, f, out))
		return IMAP_STEP_MORE;
	imap_context_begin(s, t, f, out);
	return imap_ok(t, "SEARCH completed");
}
