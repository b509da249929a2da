/* reply.c - answers, and what the operator is told */
#include "pop3/pop3.h"

#include <stdarg.h>
#include <stdio.h>

#define REPLY_MAX 510 /* RFC 2449 section 4: 512 octets with CRLF */

void pop3_trace(const struct pop3_session *s, char direction, const char *line)
{
	if (gw_env_traced(&s->env))
		s->env.trace(s->env.ctx, direction, gw_slice_str(line));
}

__attribute__((format(printf, 4, 0))) static void put(struct pop3_session *s, struct gw_out *out, const char *status,
						      const char *fmt, va_list ap)
{
	char line[REPLY_MAX + 1];
	size_t n = strlen(status);

	memcpy(line, status, n);
	vsnprintf(line + n, sizeof line - n, fmt, ap);
	for (char *p = line; *p; p++)
		if ((unsigned char)*p < 0x20 || (unsigned char)*p > 0x7E)
			*p = '?';
	gw_out_str(out, line);
	gw_out_lit(out, "\r\n");
	pop3_trace(s, 'S', line);
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

enum pop3_step pop3_fail(struct pop3_session *s, struct gw_out *out, const char *what, const struct gw_err *err)
{
	bool for_ever = err->code == GW_ECORRUPT || err->code == GW_EROFS || err->code == GW_EBUG ||
			err->code == GW_ENOTSUP || err->code == GW_EACCES;

	if (err->code == GW_EAUTH) { /* nothing can be had any more: end, and let the client sign on again */
		s->closing = true;
		return pop3_err(s, out, "[AUTH] %s failed, your password or token is not accepted any more", what);
	}
	if (err->code != GW_EINTR)
		gw_env_event(&s->env, GW_EV_STORE_ERROR, GW_STR("command", what), GW_STR("detail", err->text));
	return pop3_err(s, out, "[SYS/%s] %s failed, %s", for_ever ? "PERM" : "TEMP", what,
			for_ever ? "the administrator has been told" : "try again later");
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
