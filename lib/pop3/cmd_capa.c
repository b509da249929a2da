/* cmd_capa.c - what this server can do, and how it speaks: CAPA (RFC 2449), UTF8 and LANG (RFC 6856)
 *
 * A capability is a row: its tag, when it is true, and its arguments. The list is the same before and after login where
 * the tag's definition wants it so (RFC 2449 section 5 and 6); it may change with TLS. */
#include "pop3/pop3.h"

#include "config/config.h"

static bool offers_user(const struct pop3_session *s)
{
	return !gw_sasl_plaintext_refused(s->env.config, s->env.peer);
}

static bool offers_stls(const struct pop3_session *s)
{
	return s->state == POP3_AUTHORIZATION && s->env.peer->tls_possible && !s->env.peer->tls;
}

/* What we are helps who attacks more than who fetches mail (RFC 2449 section 6.9). */
static bool tells_implementation(const struct pop3_session *s)
{
	return s->state == POP3_TRANSACTION || s->env.config->pop3_implementation_early;
}

static bool offers_sasl(const struct pop3_session *s)
{
	const struct gw_sasl_mech *m;
	struct gw_sasl_env env;

	pop3_sasl_env(s, &env);
	for (size_t i = 0; (m = gw_sasl_at(i)); i++)
		if (gw_sasl_offer(m, &env) == GW_SASL_OFFERED)
			return true;
	return false;
}

static void put_mechanisms(const struct pop3_session *s, struct gw_out *out)
{
	const struct gw_sasl_mech *m;
	struct gw_sasl_env env;

	pop3_sasl_env(s, &env);
	for (size_t i = 0; (m = gw_sasl_at(i)); i++)
		if (gw_sasl_offer(m, &env) == GW_SASL_OFFERED)
			gw_out_printf(out, " %s", m->name);
}

/* Names and passwords in UTF-8 may be said where they may be said at all. */
static void put_user(const struct pop3_session *s, struct gw_out *out)
{
	if (offers_user(s))
		gw_out_lit(out, " USER");
}

static void put_login_delay(const struct pop3_session *s, struct gw_out *out)
{
	gw_out_printf(out, " %u", s->env.config->pop3_login_delay);
}

/* Nothing is removed here for its age; what others do is known to the administrator alone. */
static void put_expire(const struct pop3_session *s, struct gw_out *out)
{
	unsigned days = s->env.config->pop3_expire;

	if (days)
		gw_out_printf(out, " %u", days);
	else
		gw_out_lit(out, " NEVER");
}

static const struct {
	const char *line;
	bool (*when)(const struct pop3_session *s); /* NULL: always */
	void (*args)(const struct pop3_session *s, struct gw_out *out); /* NULL: none besides those in line */
} capabilities[] = {
	{ "CAPA", NULL, NULL },
	{ "TOP", NULL, NULL },
	{ "UIDL", NULL, NULL },
	{ "RESP-CODES", NULL, NULL },
	{ "AUTH-RESP-CODE", NULL, NULL },
	{ "PIPELINING", NULL, NULL },
	{ "LANG", NULL, NULL },
	{ "UTF8", NULL, put_user },
	{ "EXPIRE", NULL, put_expire },
	{ "LOGIN-DELAY", NULL, put_login_delay },
	{ "STLS", offers_stls, NULL },
	{ "USER", offers_user, NULL },
	{ "SASL", offers_sasl, put_mechanisms },
	{ "IMPLEMENTATION Gateway", tells_implementation, NULL },
};

enum pop3_step pop3_run_capa(struct pop3_session *s, struct pop3_cmd *c, struct gw_out *out)
{
	(void)c;
	pop3_ok(s, out, "Capability list follows");
	for (size_t i = 0; i < sizeof capabilities / sizeof *capabilities; i++) {
		if (capabilities[i].when && !capabilities[i].when(s))
			continue;
		gw_out_str(out, capabilities[i].line);
		if (capabilities[i].args)
			capabilities[i].args(s, out);
		gw_out_lit(out, "\r\n");
	}
	gw_out_lit(out, ".\r\n");
	return POP3_DONE;
}

/* ---- UTF8 ---- */

enum pop3_step pop3_run_utf8(struct pop3_session *s, struct pop3_cmd *c, struct gw_out *out)
{
	(void)c;
	s->utf8 = true;
	return pop3_ok(s, out, "UTF-8 is on");
}

/* ---- LANG ---- */

static enum pop3_step list_languages(struct pop3_session *s, struct gw_out *out)
{
	pop3_ok(s, out, "Language listing follows");
	for (unsigned i = 0; i < GW_LANGS; i++)
		gw_out_printf(out, "%s %s\r\n", gw_lang_tag((enum gw_lang)i), gw_lang_name((enum gw_lang)i));
	gw_out_lit(out, ".\r\n");
	return POP3_DONE;
}

enum pop3_step pop3_run_lang(struct pop3_session *s, struct pop3_cmd *c, struct gw_out *out)
{
	struct gw_slice range = gw_slice_trim(gw_secret_slice(&s->arg));
	enum gw_lang lang = s->env.config->preferred_language;

	(void)c;
	if (range.n == 0)
		return list_languages(s, out);
	if (!gw_lang_range_ok(range)) {
		pop3_err(s, out, "That is not a language tag");
		return pop3_bad(s, out);
	}
	if (!gw_slice_eq(range, GW_S("*")) && !gw_lang_lookup(range, &lang))
		return pop3_err(s, out, "There is no such language here");
	s->lang = lang;
	return pop3_ok(s, out, "%s %s", gw_lang_tag(lang), pop3_text(s, "The language is English now"));
}
