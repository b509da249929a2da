/* cmd_search.c - SEARCH and UID SEARCH (RFC 3501 6.4.4, RFC 4731, RFC 5182, RFC 7162 3.1.5, RFC 9394 3.1; see search.h)
 *
 * The messages are found in one go; telling them stops when the output is full and goes on later (found.h). */
#include "imap/commands.h"

#include "imap/found.h"

static struct imap_found *begin(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	struct imap_found *f = found_new(t, "SEARCH");

	if (!found_search(s, t, f))
		return NULL; /* the reply is set */
	found_keep(s, t, f, out);
	t->state = f;
	return f;
}

enum imap_step imap_run_search(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	struct imap_found *f;

	if (t->cmd->search.charset.n && s->modes & IMAP_MODE_UTF8)
		return imap_bad(t, "With UTF8=ACCEPT strings are UTF-8: no CHARSET"); /* RFC 6855 3 */
	f = t->state ? t->state : begin(s, t, out);

	if (!f)
		return IMAP_STEP_DONE;
	return found_tell(t, f, out) ? imap_ok(t, "SEARCH completed") : IMAP_STEP_MORE;
}
