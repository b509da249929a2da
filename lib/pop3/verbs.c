/* verbs.c - one row a command, and reading a line with them
 *
 * To add a command: a row here, its run function in a cmd_*.c. A command is looked at in the state that the session is
 * in when its line is read; that is right because whatever may change the state is ALONE. */
#include "pop3/pop3.h"

#include "session/foreign.h"
#include "util/num.h"

#include <stdio.h>

#define A POP3_AUTHORIZATION
#define T POP3_TRANSACTION

const struct pop3_verb pop3_verbs[POP3_VERBS] = {
	/* name   states    where           flags                                args  run            defined in */
	{ "RETR", T,        POP3_ON_WORKER, 0,                                   1, 1, pop3_run_retr, "RFC 1939 section 5" },
	{ "DELE", T,        POP3_ON_LOOP,   0,                                   1, 1, pop3_run_dele, "RFC 1939 section 5" },
	{ "TOP",  T,        POP3_ON_WORKER, 0,                                   2, 2, pop3_run_top,  "RFC 1939 section 7" },
	{ "UIDL", T,        POP3_ON_WORKER, 0,                                   0, 1, pop3_run_uidl, "RFC 1939 section 7" },
	{ "LIST", T,        POP3_ON_LOOP,   0,                                   0, 1, pop3_run_list, "RFC 1939 section 5" },
	{ "STAT", T,        POP3_ON_LOOP,   0,                                   0, 0, pop3_run_stat, "RFC 1939 section 5" },
	{ "NOOP", T,        POP3_ON_LOOP,   0,                                   0, 0, pop3_run_noop, "RFC 1939 section 5" },
	{ "RSET", T,        POP3_ON_LOOP,   0,                                   0, 0, pop3_run_rset, "RFC 1939 section 5" },
	{ "QUIT", POP3_ANY, POP3_ON_WORKER, POP3_ALONE,                          0, 0, pop3_run_quit, "RFC 1939 section 6" },
	{ "CAPA", POP3_ANY, POP3_ON_LOOP,   0,                                   0, 0, pop3_run_capa, "RFC 2449 section 5" },
	{ "LANG", POP3_ANY, POP3_ON_LOOP,   POP3_ALONE | POP3_TEXT,              0, 1, pop3_run_lang, "RFC 6856 section 3" },
	{ "UTF8", A,        POP3_ON_LOOP,   0,                                   0, 0, pop3_run_utf8, "RFC 6856 section 2" },
	{ "STLS", A,        POP3_ON_LOOP,   POP3_ALONE,                          0, 0, pop3_run_stls, "RFC 2595 section 4" },
	{ "USER", A,        POP3_ON_LOOP,   POP3_ALONE | POP3_TEXT,              1, 1, pop3_run_user, "RFC 1939 section 7" },
	{ "PASS", A,        POP3_ON_AUTH,   POP3_ALONE | POP3_TEXT | POP3_SECRET, 1, 1, pop3_run_pass, "RFC 1939 section 7" },
	{ "AUTH", A,        POP3_ON_AUTH,   POP3_ALONE | POP3_TEXT | POP3_SECRET, 0, 1, pop3_run_auth, "RFC 5034 section 4" },
};

static enum pop3_step run_mistake(struct pop3_session *s, struct pop3_cmd *c, struct gw_out *out)
{
	pop3_err_text(s, out, c->text);
	return pop3_bad(s, out);
}

static enum pop3_step run_garbage(struct pop3_session *s, struct pop3_cmd *c, struct gw_out *out)
{
	(void)c;
	if (s->env.info)
		s->env.info->bad_commands++;
	s->closing = true;
	pop3_err(s, out, "BYE Line too long, or not ended by CRLF, or with NUL");
	s->result = GW_RESULT_BAD;
	return POP3_DONE;
}

/* A web browser, say (session/foreign.h): nothing more of what it sent is read. */
static enum pop3_step run_foreign(struct pop3_session *s, struct pop3_cmd *c, struct gw_out *out)
{
	gw_env_event(&s->env, GW_EV_FOREIGN, GW_STR("detail", c->foreign->protocol));
	if (s->env.info)
		s->env.info->bad_commands++;
	s->closing = true;
	pop3_err(s, out, "BYE %s", pop3_text(s, c->foreign->farewell));
	s->result = GW_RESULT_BAD;
	return POP3_DONE;
}

static const struct pop3_verb answer = { "AUTH", A, POP3_ON_AUTH, POP3_ALONE | POP3_TEXT | POP3_SECRET, 1, 1,
					 pop3_run_sasl_answer, "RFC 5034 section 4" };
static const struct pop3_verb mistake = { "?", POP3_ANY, POP3_ON_LOOP, 0, 0, 0, run_mistake, NULL };
static const struct pop3_verb garbage = { "?", POP3_ANY, POP3_ON_LOOP, POP3_ALONE, 0, 0, run_garbage, NULL };
static const struct pop3_verb foreign = { "?", POP3_ANY, POP3_ON_LOOP, POP3_ALONE, 0, 0, run_foreign, NULL };

static const struct pop3_verb *find(struct gw_slice word)
{
	for (size_t i = 0; i < POP3_VERBS; i++)
		if (gw_slice_eqi(word, gw_slice_str(pop3_verbs[i].name)))
			return &pop3_verbs[i];
	return NULL;
}

const char *pop3_verb_name(unsigned row)
{
	return row < POP3_VERBS ? pop3_verbs[row].name : NULL;
}

unsigned pop3_verb_row(const struct pop3_verb *v)
{
	if (v == &answer)
		return (unsigned)(find(GW_S("AUTH")) - pop3_verbs);
	return v >= pop3_verbs && v < pop3_verbs + POP3_VERBS ? (unsigned)(v - pop3_verbs) : POP3_VERBS;
}

/* For the trace: what the client said, without what nobody may see. */
static void trace(const struct pop3_session *s, const struct pop3_verb *v, struct gw_slice line)
{
	char text[POP3_LINE_MAX + 1];

	if (!gw_env_traced(&s->env))
		return;
	if (v == &answer || (!v && s->state == POP3_AUTHORIZATION)) {
		/* What is no command may be PASS with a typing error, or the answer to a challenge that did not come. */
		pop3_trace(s, 'C', v ? "***" : "? ***");
	} else if (v && v->flags & POP3_SECRET) {
		snprintf(text, sizeof text, "%s ***", v->name);
		pop3_trace(s, 'C', text);
	} else {
		s->env.trace(s->env.ctx, 'C', line);
	}
}

/* Digits only; what is too large for a message number is UINT32_MAX, which is none. */
static bool get_number(struct gw_slice *in, uint32_t *ret)
{
	struct gw_slice word = gw_slice_take(in, gw_slice_find(*in, ' '));
	uint64_t v;

	for (size_t i = 0; i < word.n; i++)
		if (word.p[i] < '0' || word.p[i] > '9')
			return false;
	if (word.n == 0)
		return false;
	*ret = gw_parse_u64(word, &v) && v < UINT32_MAX ? (uint32_t)v : UINT32_MAX;
	return true;
}

static void skip_blanks(struct gw_slice *in)
{
	while (in->n && in->p[0] == ' ')
		gw_slice_take(in, 1);
}

static bool get_numbers(struct gw_slice rest, struct pop3_cmd *c)
{
	for (skip_blanks(&rest); rest.n; skip_blanks(&rest)) {
		if (c->n_numbers == c->verb->args_max || !get_number(&rest, &c->number[c->n_numbers]))
			return false;
		c->n_numbers++;
	}
	return c->n_numbers >= c->verb->args_min;
}

static const char *read_args(struct pop3_session *s, struct gw_slice rest, struct pop3_cmd *c)
{
	if (c->verb->flags & POP3_TEXT) {
		if (rest.n)
			gw_slice_take(&rest, 1); /* one blank; the rest belongs to the text (PASS, RFC 1939 section 7) */
		if (rest.n == 0 && c->verb->args_min)
			return "An argument is missing";
		gw_secret_set(&s->arg, rest);
		return NULL;
	}
	return get_numbers(rest, c) ? NULL : "Wrong arguments";
}

void pop3_parse(struct pop3_session *s, struct gw_slice line, struct pop3_cmd *ret)
{
	struct gw_slice rest = line, word = gw_slice_take(&rest, gw_slice_find(rest, ' '));

	*ret = (struct pop3_cmd){ .verb = find(word) };
	trace(s, ret->verb, line);
	if (!ret->verb)
		ret->text = s->state == POP3_AUTHORIZATION ? "Invalid command" : "Unknown command";
	else if (!(ret->verb->states & s->state))
		ret->text = s->state == POP3_AUTHORIZATION ? "Invalid command: log in first" : "Already logged in";
	else
		ret->text = read_args(s, rest, ret);
	if (!ret->verb && s->state == POP3_AUTHORIZATION)
		ret->foreign = gw_foreign_of(line);
	if (ret->foreign)
		ret->verb = &foreign;
	else if (ret->text)
		ret->verb = &mistake;
}

void pop3_parse_answer(struct pop3_session *s, struct gw_slice line, struct pop3_cmd *ret)
{
	*ret = (struct pop3_cmd){ .verb = &answer };
	trace(s, ret->verb, line);
	gw_secret_set(&s->arg, line);
}

void pop3_parse_garbage(struct pop3_session *s, struct pop3_cmd *ret)
{
	*ret = (struct pop3_cmd){ .verb = &garbage };
	pop3_trace(s, 'C', "(not a line)");
}
