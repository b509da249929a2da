/* reply.c - answers, and what the operator is told
 *
 * What people read of an answer is in the language the client asked for (RFC 6856 section 3); what programs read is in
 * front of it: the response code (RFC 2449 section 8), and BYE, which says that the session ends. */
#include "pop3/pop3.h"

#include "util/utf8.h"

#include <stdarg.h>
#include <stdio.h>

#define REPLY_MAX 510 /* RFC 2449 section 4: 512 octets with CRLF */

void pop3_trace(const struct pop3_session *s, char direction, const char *line)
{
	if (gw_env_traced(&s->env))
		s->env.trace(s->env.ctx, direction, gw_slice_str(line));
}

/* What stands in front of the text: "[AUTH] ", "[SYS/TEMP] BYE ". Its length. */
static size_t head_of(const char *text)
{
	const char *end = *text == '[' ? strstr(text, "] ") : NULL;
	size_t n = end ? (size_t)(end - text) + 2 : 0;

	return strncmp(text + n, "BYE ", 4) == 0 ? n + 4 : n;
}

/* Before a client asked for a language or for UTF-8, an answer is ASCII (RFC 1939 section 3). */
static void put_line(struct pop3_session *s, struct gw_out *out, char *line)
{
	bool utf8 = (s->utf8 || s->lang > GW_LANG_EN) && gw_utf8_valid(gw_slice_str(line));

	for (char *p = line; *p; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7F || ((unsigned char)*p > 0x7F && !utf8))
			*p = '?';
	gw_out_str(out, line);
	gw_out_lit(out, "\r\n");
	pop3_trace(s, 'S', line);
}

__attribute__((format(printf, 4, 0))) static void put(struct pop3_session *s, struct gw_out *out, const char *status,
						      const char *fmt, va_list ap)
{
	char line[REPLY_MAX + 1];
	size_t head = head_of(fmt);
	int n = snprintf(line, sizeof line, "%s%.*s", status, (int)head, fmt);

	fmt = gw_lang_text(s->lang, fmt + head);
	vsnprintf(line + n, sizeof line - (size_t)n, fmt, ap);
	put_line(s, out, line);
}

enum pop3_step pop3_ok(struct pop3_session *s, struct gw_out *out, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	put(s, out, "+OK ", fmt, ap);
	va_end(ap);
	return POP3_DONE;
}

enum pop3_step pop3_err(struct pop3_session *s, struct gw_out *out, const char *fmt, ...)
{
	va_list ap;

	s->result = GW_RESULT_NO;
	va_start(ap, fmt);
	put(s, out, "-ERR ", fmt, ap);
	va_end(ap);
	return POP3_DONE;
}

enum pop3_step pop3_err_text(struct pop3_session *s, struct gw_out *out, const char *text)
{
	char line[REPLY_MAX + 1];
	size_t head = head_of(text);

	s->result = GW_RESULT_NO;
	snprintf(line, sizeof line, "-ERR %.*s%s", (int)head, text, pop3_text(s, text + head));
	put_line(s, out, line);
	return POP3_DONE;
}

const char *pop3_text(const struct pop3_session *s, const char *english)
{
	return gw_lang_text(s->lang, english);
}

enum pop3_step pop3_fail(struct pop3_session *s, struct gw_out *out, const char *what, const struct gw_err *err)
{
	bool for_ever = err->code == GW_ECORRUPT || err->code == GW_EROFS || err->code == GW_EBUG ||
			err->code == GW_ENOTSUP || err->code == GW_EACCES;

	if (err->code == GW_EAUTH) { /* nothing can be had any more: end, and let the client sign on again */
		s->closing = true;
		return pop3_err(s, out, "[AUTH] %s failed, your password or token is not accepted any more", pop3_text(s, what));
	}
	if (err->code != GW_EINTR)
		gw_env_event(&s->env, GW_EV_STORE_ERROR, GW_STR("command", what), GW_STR("detail", err->text));
	what = pop3_text(s, what);
	if (for_ever)
		return pop3_err(s, out, "[SYS/PERM] %s failed, the administrator has been told", what);
	return pop3_err(s, out, "[SYS/TEMP] %s failed, try again later", what);
}

enum pop3_step pop3_bad(struct pop3_session *s, struct gw_out *out)
{
	unsigned max = s->state == POP3_AUTHORIZATION ? POP3_BAD_LOGIN : POP3_BAD_LATER;

	if (s->env.info)
		s->env.info->bad_commands++;
	if (++s->bad >= max) {
		pop3_err(s, out, "BYE Too many bad commands");
		s->closing = true;
	}
	s->result = GW_RESULT_BAD;
	return POP3_DONE;
}

void pop3_log(struct pop3_session *s, enum gw_log_level level, const char *fmt, ...)
{
	char line[1024];
	va_list ap;

	if (!s->env.log)
		return;
	va_start(ap, fmt);
	vsnprintf(line, sizeof line, fmt, ap);
	va_end(ap);
	for (char *p = line; *p; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7F)
			*p = '?';
	s->env.log(s->env.ctx, level, line);
}
