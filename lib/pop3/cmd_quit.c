/* cmd_quit.c - QUIT: the UPDATE state (RFC 1939 section 6)
 *
 * Deletions happen here or not at all, in one transaction, and the answer says how it went. The maildrop is free again
 * before the client hears it, so that its next login finds no lock. */
#include "pop3/pop3.h"

/* From here on the client may go away: it has said what it wants. */
static void stop_listening(struct pop3_session *s)
{
	while (atomic_flag_test_and_set_explicit(&s->guard, memory_order_acquire))
		;
	s->deaf = true;
	gw_acct_resume(s->acct);
	atomic_flag_clear_explicit(&s->guard, memory_order_release);
}

static int update(struct pop3_session *s, struct gw_err *err)
{
	struct gw_set uids, gone;
	int rc;

	stop_listening(s);
	gw_set_init(&uids);
	gw_set_init(&gone);
	gw_index_uids(s->index, &s->deleted, &uids);
	rc = gw_mbox_remove(s->acct, s->inbox, &uids, &gone, err);
	if (rc == 0 && s->env.info)
		s->env.info->expunged += (uint32_t)gw_set_count(&gone);
	gw_set_done(&uids);
	gw_set_done(&gone);
	return rc;
}

enum pop3_step pop3_run_quit(struct pop3_session *s, struct pop3_cmd *c, struct gw_out *out)
{
	uint32_t n = (uint32_t)gw_set_count(&s->deleted);
	struct gw_err err = { 0 };
	int rc = 0;

	(void)c;
	if (s->acct) {
		pop3_fetch_close(s);
		if (n)
			rc = update(s, &err);
		if (rc < 0)
			gw_env_event(&s->env, GW_EV_STORE_ERROR, GW_STR("command", "QUIT"), GW_STR("detail", err.text));
		pop3_leave(s);
	}
	s->closing = true;
	if (rc < 0)
		return pop3_err(s, out, "[SYS/TEMP] %u deleted messages were not removed", n);
	return pop3_ok(s, out, "Bye");
}
