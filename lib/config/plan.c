/* plan.c - comparing two snapshots, and making one from values (see plan.h)
 *
 * Lists are short (tens of rows), so sets are compared pair by pair. */
#include "config/plan.h"

#include "config/priv.h"
#include "config/show.h"
#include "util/buf.h"

#define ALL_SERVICES ((1u << GW_SERVICE_COUNT) - 1)
#define IMAP_SERVICES (1u << GW_SERVICE_IMAP | 1u << GW_SERVICE_IMAPS)
#define POP3_SERVICES (1u << GW_SERVICE_POP3 | 1u << GW_SERVICE_POP3S)

unsigned gw_option_services(const struct gw_option *opt)
{
	unsigned named = config_services_of(opt);

	if (named)
		return named;
	switch (opt->group) {
	case GW_GROUP_IMAP:
		return IMAP_SERVICES;
	case GW_GROUP_POP3:
		return POP3_SERVICES;
	default:
		return ALL_SERVICES;
	}
}

const char *gw_move_name(enum gw_move m)
{
	static const char *const names[] = { [GW_KEPT] = "kept", [GW_ADDED] = "added", [GW_REMOVED] = "removed" };

	return names[m];
}

const char *gw_reload_words(enum gw_reload r)
{
	static const char *const words[] = {
		[GW_LIVE] = "at once",
		[GW_NEXT] = "for new sessions",
		[GW_RESTART] = "after a restart",
	};

	return words[r];
}

/* ---- options ---- */

static struct gw_place keep_place(struct gw_arena *arena, const struct gw_config *cfg, const struct gw_option *opt)
{
	struct gw_place at;

	gw_config_is_set(cfg, opt, &at);
	if (at.file)
		at.file = gw_arena_str(arena, gw_slice_str(at.file));
	return at;
}

/* A text that diff made up for what follows from several options has no secrets. */
static const char *shown(struct gw_arena *arena, const struct gw_config *cfg, const struct gw_option *opt,
	const char *text)
{
	struct gw_buf b;
	const char *ret;

	if (text != gw_config_text(cfg, opt))
		return gw_arena_str(arena, gw_slice_str(text));
	gw_buf_init(&b, 0);
	gw_config_put_masked(cfg, opt, &b);
	ret = gw_arena_str(arena, gw_buf_slice(&b));
	gw_buf_done(&b);
	return ret;
}

static void compare_options(struct gw_plan *p, const struct gw_config *was, const struct gw_config *now)
{
	struct gw_config_change v[CONFIG_ROWS_MAX];

	p->n_options = gw_config_diff(was, now, v, CONFIG_ROWS_MAX);
	p->options = gw_arena_calloc(&p->arena, p->n_options, sizeof *p->options);
	for (size_t i = 0; i < p->n_options; i++) {
		p->options[i] = (struct gw_plan_option){
			.opt = v[i].opt,
			.was = gw_arena_str(&p->arena, gw_slice_str(v[i].was)),
			.now = gw_arena_str(&p->arena, gw_slice_str(v[i].now)),
			.was_shown = shown(&p->arena, was, v[i].opt, v[i].was),
			.now_shown = shown(&p->arena, now, v[i].opt, v[i].now),
			.was_at = keep_place(&p->arena, was, v[i].opt),
			.now_at = keep_place(&p->arena, now, v[i].opt),
			.services = gw_option_services(v[i].opt),
		};
		p->count[v[i].opt->reload]++;
	}
}

/* ---- listeners ---- */

static bool has_listener(const struct gw_listens *all, size_t n, const char *text)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(all->v[i].text, text) == 0)
			return true;
	return false;
}

static void put_listener(struct gw_plan *p, enum gw_service service, enum gw_move move, const char *text)
{
	p->listeners[p->n_listeners++] =
		(struct gw_plan_listener){ service, move, gw_arena_str(&p->arena, gw_slice_str(text)) };
	p->moved += move != GW_KEPT;
}

static void compare_listeners(struct gw_plan *p, const struct gw_config *was, const struct gw_config *now)
{
	size_t most = 0;

	for (enum gw_service s = 0; s < GW_LISTEN_COUNT; s++)
		most += was->listen[s].n + now->listen[s].n;
	p->listeners = gw_arena_calloc(&p->arena, most, sizeof *p->listeners);
	for (enum gw_service s = 0; s < GW_LISTEN_COUNT; s++) {
		const struct gw_listens *a = &was->listen[s], *b = &now->listen[s];

		for (size_t i = 0; i < a->n; i++)
			if (!has_listener(a, i, a->v[i].text))
				put_listener(p, s, has_listener(b, b->n, a->v[i].text) ? GW_KEPT : GW_REMOVED, a->v[i].text);
		for (size_t i = 0; i < b->n; i++)
			if (!has_listener(a, a->n, b->v[i].text) && !has_listener(b, i, b->v[i].text))
				put_listener(p, s, GW_ADDED, b->v[i].text);
	}
}

/* ---- certificates ---- */

static bool has_pair(const struct gw_config *cfg, size_t n, const struct gw_cert_pair *pair)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(cfg->certs[i].cert, pair->cert) == 0 && strcmp(cfg->certs[i].key, pair->key) == 0)
			return true;
	return false;
}

static void put_cert(struct gw_plan *p, enum gw_move move, const struct gw_cert_pair *pair)
{
	p->certs[p->n_certs++] = (struct gw_plan_cert){ move, gw_arena_str(&p->arena, gw_slice_str(pair->cert)),
		gw_arena_str(&p->arena, gw_slice_str(pair->key)) };
}

static void compare_certs(struct gw_plan *p, const struct gw_config *was, const struct gw_config *now)
{
	p->certs = gw_arena_calloc(&p->arena, was->n_certs + now->n_certs, sizeof *p->certs);
	for (size_t i = 0; i < was->n_certs; i++)
		if (!has_pair(was, i, &was->certs[i]))
			put_cert(p, has_pair(now, now->n_certs, &was->certs[i]) ? GW_KEPT : GW_REMOVED, &was->certs[i]);
	for (size_t i = 0; i < now->n_certs; i++)
		if (!has_pair(was, was->n_certs, &now->certs[i]) && !has_pair(now, i, &now->certs[i]))
			put_cert(p, GW_ADDED, &now->certs[i]);
}

/* ---- all ---- */

void gw_plan_make(struct gw_plan *p, const struct gw_config *was, const struct gw_config *now)
{
	*p = (struct gw_plan){ 0 };
	gw_arena_init(&p->arena, 0, 0);
	compare_options(p, was, now);
	compare_listeners(p, was, now);
	compare_certs(p, was, now);
}

void gw_plan_done(struct gw_plan *p)
{
	if (!p)
		return;
	gw_arena_done(&p->arena);
	*p = (struct gw_plan){ 0 };
}

bool gw_plan_is_empty(const struct gw_plan *p)
{
	return p->n_options == 0;
}

void gw_plan_drop(struct gw_plan *p, size_t i)
{
	p->count[p->options[i].opt->reload]--;
	p->n_options--;
	memmove(&p->options[i], &p->options[i + 1], (p->n_options - i) * sizeof *p->options);
}

const struct gw_plan_option *gw_plan_find(const struct gw_plan *p, const struct gw_option *opt)
{
	for (size_t i = 0; i < p->n_options; i++)
		if (p->options[i].opt == opt)
			return &p->options[i];
	return NULL;
}

/* ---- a snapshot from values ---- */

/* False: there is no such option, or it takes no such value. */
static bool take_value(struct gw_config *cfg, const struct gw_config_value *v)
{
	const struct gw_option *opt = gw_option_find(v->name);
	struct gw_arena *arena = &cfg->state->arena;
	struct config_origin *o;
	struct config_problem p;
	union config_parsed parsed;

	if (!opt || !config_parse(opt, v->text, arena, &parsed, &p))
		return false;
	config_store(cfg, opt, &parsed);
	*config_value(cfg, opt) = (struct config_value){ .text = config_canonical(cfg, opt, arena) };
	if (!v->set)
		return true;
	o = gw_arena_calloc(arena, 1, sizeof *o);
	o->at = o->name = v->at;
	o->at.file = o->name.file = gw_arena_str(arena, gw_slice_str(v->at.file ? v->at.file : ""));
	o->env = v->env.n ? gw_arena_str(arena, v->env) : NULL;
	config_value(cfg, opt)->origin = o;
	return true;
}

struct gw_config *gw_config_rebuild(const struct gw_config_value *v, size_t n, size_t *unknown)
{
	struct gw_config *cfg = gw_config_defaults();

	*unknown = 0;
	for (size_t i = 0; i < n; i++)
		*unknown += !take_value(cfg, &v[i]);
	config_derive_listeners(cfg, NULL);
	config_derive_tls(cfg, NULL);
	config_derive_certs(cfg, NULL);
	return cfg;
}
