/* reply.c - tagged replies, response codes, and what the log hears of them
 *
 * A command sets its reply on its task; session.c sends it when the news of the mailbox have been told. A failed call of
 * the store becomes NO with the response code of RFC 5530 that tells the client what to do about it; the operator gets
 * the sentence of the error, the client does not. */
#include "imap/session.h"

#include "config/config.h"
#include "imap/limit.h"
#include "util/mem.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define LOG_LINE_MAX 1024

static enum imap_step set_reply(struct imap_task *t, enum imap_status status, const char *code, const char *text)
{
	t->status = status;
	t->code = code;
	t->text = text;
	return IMAP_STEP_DONE;
}

enum imap_step imap_ok(struct imap_task *t, const char *text)
{
	return set_reply(t, IMAP_OK, NULL, text);
}

enum imap_step imap_ok_code(struct imap_task *t, const char *code, const char *text)
{
	return set_reply(t, IMAP_OK, code, text);
}

enum imap_step imap_no(struct imap_task *t, const char *code, const char *text)
{
	return set_reply(t, IMAP_NO, code, text);
}

enum imap_step imap_bad(struct imap_task *t, const char *text)
{
	return set_reply(t, IMAP_BAD, NULL, text);
}

enum imap_step imap_bad_code(struct imap_task *t, const char *code, const char *text)
{
	return set_reply(t, IMAP_BAD, code, text);
}

enum imap_step imap_refuse(struct imap_task *t, const struct imap_refusal *r)
{
	return set_reply(t, r->no ? IMAP_NO : IMAP_BAD, r->code, r->text);
}

/* What a client is told of an error of the store. loud: trouble of the machine, worth a line in the log. */
static const struct {
	int rc;
	const char *code, *text;
	bool loud;
} failures[] = {
	{ GW_EINVAL, "CANNOT", "That cannot be done", false },
	{ GW_ENOENT, "NONEXISTENT", "There is no such mailbox", false },
	{ GW_EEXIST, "ALREADYEXISTS", "There is a mailbox of that name already", false },
	{ GW_EACCES, "NOPERM", "You may not do that", false },
	{ GW_EIO, "UNAVAILABLE", "The mail store has trouble with its disk, try again later", true },
	{ GW_ENOSPC, "UNAVAILABLE", "The mail store is out of disk space, try again later", true },
	{ GW_EROFS, "UNAVAILABLE", "The mail store can only be read now", true },
	{ GW_ECORRUPT, "CORRUPTION", "Stored mail is damaged, the administrator has been told", true },
	{ GW_EBUSY, "INUSE", "Somebody else is using it, try again", false },
	{ GW_ELIMIT, "LIMIT", "That is more than the server allows", false },
	{ GW_EQUOTA, "OVERQUOTA", "The mailbox is full", false },
	{ GW_EUNAVAIL, "UNAVAILABLE", "The mail store cannot be reached, try again later", true },
	{ GW_EAUTH, "EXPIRED", "The mail store does not accept your password or token any more", false },
	{ GW_EDISABLED, "AUTHORIZATIONFAILED", "imap feature disabled", false },
	{ GW_EINTR, "UNAVAILABLE", "Interrupted", false },
	{ GW_ENOTSUP, "CANNOT", "The mail store cannot do that", false },
	{ GW_EGONE, "EXPUNGEISSUED", "Some of the messages no longer exist", false },
	{ GW_EBUG, "SERVERBUG", "The server made a mistake, the administrator has been told", true },
};

void imap_expire(struct imap_session *s)
{
	s->farewell = "[EXPIRED] Sign on again";
}

enum imap_step imap_fail(struct imap_session *s, struct imap_task *t, int rc, const struct gw_err *err)
{
	const char *command = t->verb ? t->verb->syntax.name : "command";
	const char *detail = err && err->text[0] ? err->text : gw_code_name(rc);

	t->cut = 0;
	for (size_t i = 0; i < sizeof failures / sizeof *failures; i++) {
		if (failures[i].rc != rc)
			continue;
		if (failures[i].loud)
			gw_env_event(&s->env, GW_EV_STORE_ERROR, GW_STR("command", command), GW_STR("detail", detail));
		if (rc == GW_EAUTH)
			imap_expire(s);
		if (rc == GW_EQUOTA)
			gw_env_event(&s->env, GW_EV_OVER_QUOTA, GW_STR("command", command), GW_STR("reason", "quota"),
				     GW_STR("detail", detail));
		return imap_no(t, failures[i].code, failures[i].text);
	}
	return imap_no(t, "SERVERBUG", "The server made a mistake");
}

const char *imap_text(const struct imap_session *s, const char *english)
{
	return gw_lang_text(s->lang, english);
}

/* "SEARCH completed": the name of the command, and a text that is the same for all. What a client did wrong is for who wrote the
 * client: only that it is wrong is told in the language of people. */
static void put_text(const struct imap_session *s, const struct imap_task *t, struct gw_out *out)
{
	static const char done[] = " completed", wrong[] = "The command is wrong: %s";
	const char *text = t->text ? t->text : "Completed", *here = imap_text(s, text), *space = strchr(text, ' ');

	if (here == text && space && strcmp(space, done) == 0)
		gw_out_printf(out, imap_text(s, "%.*s completed"), (int)(space - text), text);
	else if (here == text && t->status == IMAP_BAD && s->lang > GW_LANG_EN)
		gw_out_printf(out, imap_text(s, wrong), text);
	else
		gw_out_str(out, here);
}

void imap_put_reply(struct imap_session *s, const struct imap_task *t, struct gw_out *out)
{
	static const char *const words[] = { " OK ", " NO ", " BAD " };

	if (t->cut && (t->code || t->status != IMAP_OK)) { /* the place of the code is taken */
		gw_out_lit(out, "* OK ");
		imap_put_cut(s, t, out);
		gw_out_lit(out, "");
		gw_out_str(out, imap_text(s, "Messages were left out"));
		gw_out_lit(out, "\r\n");
	}
	gw_out_slice(out, t->tag.n ? t->tag : GW_S("*"));
	gw_out_str(out, words[t->status]);
	if (t->code) {
		gw_out_char(out, '[');
		gw_out_str(out, t->code);
		gw_out_lit(out, "] ");
	}
	if (t->cut && !t->code && t->status == IMAP_OK)
		imap_put_cut(s, t, out);
	put_text(s, t, out);
	gw_out_lit(out, "\r\n");
}

/* One event is one line: bytes that are not printable ASCII or UTF-8 are shown as '?'. */
static void clean(char *p)
{
	for (; *p; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			*p = '?';
}

void imap_log(struct imap_session *s, enum gw_log_level level, const char *fmt, ...)
{
	char line[LOG_LINE_MAX];
	va_list ap;

	if (!s->env.log)
		return;
	va_start(ap, fmt);
	vsnprintf(line, sizeof line, fmt, ap);
	va_end(ap);
	clean(line);
	s->env.log(s->env.ctx, level, line);
}

void imap_bye(struct imap_session *s, struct gw_out *out, const char *text)
{
	const char *space = strchr(text, ' '); /* behind a response code */

	if (s->closing)
		return;
	gw_out_lit(out, "* BYE ");
	if (*text == '[' && space) {
		gw_out_slice(out, gw_slice(text, (size_t)(space + 1 - text)));
		text = space + 1;
	}
	gw_out_str(out, imap_text(s, text));
	gw_out_lit(out, "\r\n");
	s->closing = true;
	if (s->env.info)
		s->env.info->state = GW_STATE_BYE;
}
