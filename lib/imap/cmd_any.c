/* cmd_any.c - CAPABILITY, NOOP, CHECK, LOGOUT, ID, ENABLE, GETJMAPACCESS (RFC 3501 6.1, 6.4.1; RFC 2971; RFC 5161;
 * RFC 9698) */
#include "imap/session.h"

#include "config/config.h"
#include "imap/commands.h"
#include "imap/context.h"
#include "imap/put.h"

#include <stdio.h>

enum imap_step imap_run_capability(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	gw_out_lit(out, "* ");
	imap_put_capabilities(s, out, false);
	gw_out_lit(out, "\r\n");
	return imap_ok(t, "CAPABILITY completed");
}

/* Ask a store that must be asked. What fails here fails again where it matters. */
static void poll_store(struct imap_session *s)
{
	if (gw_acct_poll(s->acct, s->view->id, NULL) == 0)
		s->view->dirty = true;
}

/* NOOP and CHECK: everything acknowledged is on disk already, and the news are told behind every command. */
enum imap_step imap_run_noop(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	bool polls = s->view && gw_acct_polls(s->acct);

	(void)out;
	if (polls && !s->may_block)
		return IMAP_STEP_WORKER;
	if (polls)
		poll_store(s);
	return imap_ok(t, t->verb->syntax.id == IMAP_VERB_CHECK ? "CHECK completed" : "NOOP completed");
}

enum imap_step imap_run_logout(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	imap_bye(s, out, "Logging out");
	return imap_ok(t, "LOGOUT completed");
}

/* ---- ID ---- */

static struct gw_slice id_value(const struct imap_id *id, const char *field)
{
	for (size_t i = 0; i < id->n; i++)
		if (gw_slice_eqi(id->pair[i].field, gw_slice_str(field)) && !id->pair[i].nil)
			return id->pair[i].value;
	return GW_S("");
}

/* What the client is called, for the list of sessions and the log. */
static void note_client(struct imap_session *s, const struct imap_id *id)
{
	struct gw_slice name = id_value(id, "name"), version = id_value(id, "version");
	char text[sizeof s->env.info->client];

	if (id->n == 0)
		return;
	snprintf(text, sizeof text, "%.*s%s%.*s", GW_FMT(name), version.n ? " " : "", GW_FMT(version));
	for (char *p = text; *p; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			*p = '?';
	gw_info_set(s->env.info, client, gw_slice_str(text));
	imap_log(s, GW_LOG_DEBUG, "Client of %s says it is %s", s->env.peer->address, text);
}

enum imap_step imap_run_id(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	note_client(s, &t->cmd->id);
	gw_out_lit(out, "* ID (\"name\" \"Gateway\" \"version\" \"" GW_VERSION "\")\r\n");
	return imap_ok(t, "ID completed");
}

/* ---- ENABLE ---- */

/* "* ENABLED" names what was switched on by this command (RFC 5161 3.1). */
enum imap_step imap_run_enable(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	const struct imap_enable *e = &t->cmd->enable;
	unsigned modes = s->modes;

	gw_out_lit(out, "* ENABLED");
	for (size_t i = 0; i < e->n; i++) {
		const char *name = NULL;
		unsigned on = imap_enables(s, e->capability[i], &name);

		if (on & ~modes)
			gw_out_printf(out, " %s", name);
		modes |= on;
	}
	gw_out_lit(out, "\r\n");
	if (modes & IMAP_MODE_CONDSTORE && !(s->modes & IMAP_MODE_CONDSTORE))
		imap_condstore_on(s, out);
	if (modes & IMAP_MODE_UIDONLY)
		imap_contexts_give_up_numbers(s, out);
	if (modes & IMAP_MODE_REV2 && s->view)
		gw_set_clear(&s->view->recent);
	s->modes = modes;
	return imap_ok(t, "ENABLE completed");
}

/* ---- GETJMAPACCESS ---- */

enum imap_step imap_run_getjmapaccess(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	gw_out_lit(out, "* JMAPACCESS ");
	imap_put_string(out, gw_slice_str(s->env.config->jmap_access_url));
	gw_out_lit(out, "\r\n");
	return imap_ok(t, "GETJMAPACCESS completed");
}
