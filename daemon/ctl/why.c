/* why.c - the last refusals of a user or an address, with what to do about them, as a job (see ctl.h) */
#include "daemon/ctl/ctl.h"

#include "daemon/refusals.h"
#include "store/admin.h"

/* One row a word of the field reason. */
static const struct {
	const char *reason, *advice;
} advices[] = {
	{ "password", "The name is not known or the password was wrong: user show NAME tells whether the account exists, user "
		      "passwd NAME sets another password." },
	{ "malformed", "The client sent what the mechanism does not allow, or wanted to act as somebody else: look at its "
		       "settings for authentication." },
	{ "plaintext", "Passwords are not taken without TLS (disable_plaintext_auth): switch the client to STARTTLS or to the port "
		       "with TLS." },
	{ "disabled", "The account may not use this service: user show NAME lists disabled features, user enable NAME and user "
		      "features NAME change that." },
	{ "store", "The store could not be asked, the password was not the trouble: log tail --module store and store check tell "
		   "more." },
	{ "delayed", "The user signs on with POP3 more often than pop3_login_delay and pop3_login_burst allow." },
	{ "banned", "The address is shut out: ban list shows since when and why, ban remove ADDRESS lets it in again." },
	{ "full", "The service has as many connections as max_connections allows: session list shows whose they are." },
	{ "address", "The address has as many connections as max_connections_per_address allows: session list --address ADDRESS "
		     "shows them." },
	{ "user", "The user has as many connections as max_connections_per_user allows: session list --user NAME shows them, "
		  "user kick NAME ends them." },
	{ "draining", "The service is being emptied: resume lets clients in again." },
	{ "quota", "The account is full: quota show NAME tells how full, quota set NAME gives it more room." },
};

static const char *advice_for(struct gw_slice reason)
{
	for (size_t i = 0; i < sizeof advices / sizeof *advices; i++)
		if (gw_slice_eqi(reason, gw_slice_str(advices[i].reason)))
			return advices[i].advice;
	return "";
}

static void put_refusal(void *ctx, const struct gw_log_item *item)
{
	struct ctl_work *w = ctx;
	struct gw_json *j = gw_ctl_row(&w->reply);
	struct gw_buf message;

	gw_buf_init(&message, GW_LOG_LINE_MAX);
	gw_event_put_sentence(&message, gw_event_row(item->id), item->rec.fields, item->rec.n_fields);
	gw_json_i64(j, "time", item->rec.wall_us / 1000000);
	gw_json_string(j, "service", gw_log_item_text(item, "service"));
	gw_json_string(j, "address", gw_log_item_text(item, "address"));
	gw_json_string(j, "user", gw_log_item_text(item, "user"));
	gw_json_string(j, "reason", gw_log_item_text(item, "reason"));
	gw_json_string(j, "message", gw_buf_slice(&message));
	gw_json_str(j, "advice", advice_for(gw_log_item_text(item, "reason")));
	ctl_work_row(w, false);
	gw_buf_done(&message);
}

/* What counts for the user now. */
static int put_user(struct ctl_work *w, struct gw_json *j, struct gw_slice name, struct gw_err *err)
{
	struct gw_arena arena;
	struct gw_user u;
	struct gw_usage usage = { 0 };
	int rc;

	gw_arena_init(&arena, 0, 64u * 1024);
	rc = gw_admin_user_show(w->store, &arena, name, &u, err);
	if (rc == 0)
		rc = gw_admin_user_usage(w->store, name, &usage, err);
	gw_json_string(j, "user", name);
	gw_json_bool(j, "exists", rc == 0);
	if (rc == 0) {
		gw_json_bool(j, "enabled", u.enabled);
		gw_json_str(j, "disabled_features", u.disabled_features);
		gw_json_u64(j, "storage_used", usage.quota.storage_used);
		gw_json_u64(j, "storage_limit", u.limits.storage);
	}
	gw_arena_done(&arena);
	gw_json_u64(j, "sessions", ctl_work_sessions(w, name));
	gw_json_u64(j, "max_sessions", atomic_load(&w->g->reg.shared->max_per_user));
	return rc == GW_ENOENT ? 0 : rc;
}

static int work_why(struct ctl_work *w, struct gw_err *err)
{
	struct gw_slice user = gw_ctl_slice(w->r, "user"), address = gw_ctl_slice(w->r, "address");
	struct refusals *kept = w->g->log.refusals;
	struct gw_json *j;
	unsigned n;

	if ((user.n > 0) == (address.n > 0))
		return gw_fail(err, GW_EINVAL, "give either a user or an address");
	if (!kept)
		return gw_fail(err, GW_ELIMIT, "refusals are not kept: there was no memory for them at the start");
	n = refusals_each(kept, user, address, put_refusal, w);
	j = gw_ctl_ok(&w->reply);
	gw_json_u64(j, "refusals", n);
	if (user.n && put_user(w, j, user, err) < 0)
		gw_json_str(j, "trouble", err->text);
	gw_ctl_end(&w->reply);
	return 0;
}

const struct ctl_handler ctl_handlers_why[] = {
	{ "why", .work = work_why },
	{ NULL },
};
