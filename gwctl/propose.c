/* propose.c - words for the cursor (see propose.h) */
#include "gwctl/propose.h"

#include "config/option.h"
#include "gwctl/filter.h"
#include "gwctl/help.h"
#include "gwctl/live.h"
#include "gwctl/verbs.h"

#include <stdlib.h>
#include <string.h>

struct proposing {
	const struct options *o;
	const struct spot *spot;
	const char *begin; /* of the whole word */
	const char *key;   /* the member of a row that is proposed */
	propose_put *put;
	void *ctx;
	struct gw_slice seen; /* the value put last */
	char last[256];
};

/* A word behind what is before the value. */
static void offer(struct proposing *p, struct gw_slice value, const char *brief)
{
	size_t lead = p->spot->lead;
	struct gw_buf word;

	if (!gw_slice_startsi(value, gw_slice_str(p->begin + lead)))
		return;
	gw_buf_init(&word, 0);
	gw_buf_printf(&word, "%.*s%.*s", (int)lead, p->begin, GW_FMT(value));
	p->put(p->ctx, gw_buf_str(&word), brief);
	gw_buf_done(&word);
}

static void offer_words(struct proposing *p, const char *words)
{
	struct gw_slice all = gw_slice_str(words), word;

	while (gw_slice_word(&all, " ", &word))
		offer(p, word, NULL);
}

/* ---- from the daemon ---- */

/* Control bytes in a name would steer the terminal, or end the word. */
static bool is_plain(const char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s < 0x20 || *s == 0x7F)
			return false;
	return true;
}

static void on_row(void *ctx, struct gw_slice json)
{
	struct proposing *p = ctx;
	char value[256], brief[128];

	if (!live_member(json, p->key, value, sizeof value) || !is_plain(value) || strcmp(value, p->last) == 0)
		return;
	memcpy(p->last, value, sizeof value);
	if (strcmp(p->key, "id") == 0)
		live_member(json, "user", brief, sizeof brief);
	else
		brief[0] = '\0';
	offer(p, gw_slice_str(value), brief[0] && is_plain(brief) ? brief : NULL);
}

static void ask(struct proposing *p, const char *verb, const char *key, const char *name, const char *value)
{
	const struct gw_ctl_verb *v = gw_ctl_verb_named(gw_slice_str(verb));
	struct gw_buf request;

	if (!v)
		return;
	gw_buf_init(&request, GW_CTL_LINE_MAX);
	gw_buf_printf(&request, "%s", verb);
	if (value && *value)
		gw_ctl_put_arg(&request, name, gw_slice_str(value));
	if (param_find(v, GW_S("max"), NULL) >= 0)
		gw_buf_printf(&request, " max=%d", LIVE_ROWS);
	p->key = key;
	live_ask(p->o, gw_buf_str(&request), LIVE_MS, LIVE_ROWS, on_row, NULL, p);
	gw_buf_done(&request);
}

/* Users come by name: begin a little before the first that fits. */
static void offer_users(struct proposing *p)
{
	const char *begin = p->begin + p->spot->lead;
	size_t n = strlen(begin);
	char after[256];
	bool usable = n > 0 && n + 5 < sizeof after && (unsigned char)begin[n - 1] > 0x21 && (unsigned char)begin[n - 1] < 0x7F;

	if (usable) {
		memcpy(after, begin, n);
		after[n - 1]--;
		memcpy(after + n, "~~~~", 5);
	}
	ask(p, "user list", "name", "after", usable ? after : NULL);
}

/* The mailboxes of the user that the command names already. */
static void offer_mailboxes(struct proposing *p)
{
	const struct gw_ctl_verb *list = gw_ctl_verb_named(GW_S("mailbox list")), *v = p->spot->verb;

	for (size_t i = 0; list && i < param_count(v); i++)
		if (v->params[i].type == GW_CTL_USER && p->spot->given[i])
			return ask(p, list->name, "name", list->params[0].name, p->spot->value[i]);
}

static void offer_options(struct proposing *p)
{
	for (size_t i = 0; i < gw_option_count(); i++)
		offer(p, gw_slice_str(gw_option_at(i)->name), gw_option_at(i)->brief);
}

/* ---- values ---- */

static enum propose offer_values(struct proposing *p, const struct gw_ctl_param *param)
{
	if (param->words)
		return offer_words(p, param->words), PROPOSE_WORDS;
	switch (param->type) {
	case GW_CTL_BOOL:
		offer_words(p, "yes no");
		break;
	case GW_CTL_USER:
		offer_users(p);
		break;
	case GW_CTL_SESSION:
		ask(p, "session list", "id", NULL, NULL);
		break;
	case GW_CTL_MAILBOX:
		offer_mailboxes(p);
		break;
	case GW_CTL_OPTION:
		offer_options(p);
		break;
	case GW_CTL_PATH:
		return strstr(param->name, "dir") ? PROPOSE_DIRECTORIES : PROPOSE_FILES;
	case GW_CTL_FD:
		return PROPOSE_FILES;
	default:
		break;
	}
	return PROPOSE_WORDS;
}

static enum propose offer_flag_values(struct proposing *p, const struct gw_cli_flag *f)
{
	struct gw_cli_word w;

	if (f->value->how == GW_CLI_FILES)
		return PROPOSE_FILES;
	for (size_t i = 0; f->value->word && f->value->word(i, &w); i++)
		offer(p, gw_slice_str(w.word), w.brief);
	return PROPOSE_WORDS;
}

/* ---- names ---- */

static void put_verb_word(void *ctx, struct gw_slice word, const struct gw_ctl_verb *v)
{
	offer(ctx, word, v ? v->brief : NULL);
}

/* "name=" or, when the word begins so, "--name". */
static void offer_names(struct proposing *p)
{
	const struct gw_ctl_verb *v = p->spot->verb;
	bool dashed = p->begin[0] == '-';
	char name[64];

	for (size_t i = 0; v && i < param_count(v); i++) {
		bool is_switch = v->params[i].type == GW_CTL_BOOL;

		if (p->spot->given[i] || v->params[i].type == GW_CTL_SECRET)
			continue;
		snprintf(name, sizeof name, dashed ? "--%s%s" : "%s%s", v->params[i].name, dashed && is_switch ? "" : "=");
		offer(p, gw_slice_str(name), v->params[i].brief);
	}
	for (size_t i = 0; dashed && flag_row(i); i++) {
		if (v && param_find(v, gw_slice_str(flag_row(i)->name), NULL) >= 0 &&
		    flag_row(i)->value) /* the parameter goes first */
			continue;
		snprintf(name, sizeof name, "--%s", flag_row(i)->name);
		offer(p, gw_slice_str(name), flag_row(i)->brief);
	}
}

enum propose propose(const struct options *o, char *const *words, size_t n, const char *begin, propose_put *put, void *ctx,
	size_t *ret_lead)
{
	struct spot spot;
	struct proposing p = { .o = o, .spot = &spot, .begin = begin, .put = put, .ctx = ctx };
	enum propose files = PROPOSE_WORDS;

	spot_find(words, n, begin, &spot);
	*ret_lead = spot.lead;
	switch (spot.kind) {
	case SPOT_NAME:
		verb_next(spot.name, spot.n_name, put_verb_word, &p);
		if (begin[0] == '-')
			offer_names(&p);
		break;
	case SPOT_ARGUMENT:
		if (begin[0] != '-')
			verb_next(spot.name, spot.n_name, put_verb_word, &p);
		if (spot.param >= 0)
			files = offer_values(&p, &spot.verb->params[spot.param]);
		offer_names(&p);
		break;
	case SPOT_VALUE:
		files = offer_values(&p, &spot.verb->params[spot.param]);
		break;
	case SPOT_FLAG_VALUE:
		files = offer_flag_values(&p, spot.flag);
		break;
	default:
		break;
	}
	return files;
}

void propose_filters(const struct options *o, char *const *words, size_t n, const char *begin, propose_put *put, void *ctx)
{
	struct spot spot = { .lead = 0 };
	struct proposing p = { .o = o, .spot = &spot, .begin = begin, .put = put, .ctx = ctx };
	const char *name, *brief;

	(void)words;
	for (size_t i = 0; n == 0 && (name = filter_name(i, &brief)); i++)
		offer(&p, gw_slice_str(name), brief);
}

/* ---- help ---- */

static void explain_param(const struct gw_ctl_param *param, struct gw_buf *out)
{
	gw_buf_printf(out, "%s: %s (", param->name, param->brief);
	help_put_type(param, out);
	gw_buf_printf(out, ")\n");
}

void propose_explain(char *const *words, size_t n, const char *begin, struct gw_buf *out)
{
	struct spot spot;

	spot_find(words, n, begin, &spot);
	if (spot.kind == SPOT_ARGUMENT) {
		help_put_usage(spot.verb, out);
		gw_buf_printf(out, "\n%s\n", spot.verb->brief);
	}
	if ((spot.kind == SPOT_ARGUMENT || spot.kind == SPOT_VALUE) && spot.param >= 0)
		explain_param(&spot.verb->params[spot.param], out);
	if (spot.kind == SPOT_FLAG_VALUE)
		gw_buf_printf(out, "--%s %s: %s\n", spot.flag->name, spot.flag->value->meta, spot.flag->brief);
}
