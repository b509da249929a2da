/* cmd_cancelupdate.c - CANCELUPDATE (RFC 5267 4.3.5) */
#include "imap/commands.h"

#include "imap/context.h"

enum imap_step imap_run_cancelupdate(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	const struct imap_cancelupdate *c = &t->cmd->cancelupdate;
	size_t missing = 0;

	(void)out;
	for (size_t i = 0; i < c->n; i++)
		missing += !imap_context_cancel(s->view, c->tag[i]);
	return missing ? imap_no(t, NULL, "There are no updates under such a tag") : imap_ok(t, "CANCELUPDATE completed");
}
