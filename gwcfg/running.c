/* running.c - asking the daemon (see running.h)
 *
 * `config show` gives values with whether and where they were set; from them the snapshot is made again here, so that
 * comparing needs no second set of rules. Nothing that is read is trusted: it is copied, typed, and shown escaped. */
#include "gwcfg/running.h"

#include "util/mem.h"
#include "util/num.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define ROWS_MAX 512 /* options; there are fewer than 100 */
#define ANSWER_S 30  /* a daemon that works answers at once */
#define NS_PER_S 1000000000ull

static int exit_of_daemon(int rc)
{
	switch (rc) {
	case 0:
		return EXIT_FINE;
	case GW_EUNAVAIL:
		return EXIT_NOT_RUNNING;
	case GW_EACCES:
		return EXIT_NO_PERMISSION;
	default:
		return EXIT_IO;
	}
}

/* ---- members of an object ---- */

static struct gw_ctl_member member(struct gw_arena *arena, struct gw_slice object, const char *key)
{
	struct gw_ctl_member m;

	while (gw_ctl_json_next(&object, arena, &m) > 0)
		if (gw_slice_eq(m.key, gw_slice_str(key)))
			return m;
	return (struct gw_ctl_member){ .kind = GW_CTL_JSON_NULL, .value = { "", 0 } };
}

/* NULL when it is null. */
static const char *text(struct gw_arena *arena, struct gw_slice object, const char *key)
{
	struct gw_ctl_member m = member(arena, object, key);

	return m.kind == GW_CTL_JSON_STRING ? gw_arena_str(arena, m.value) : NULL;
}

static const char *text_or_empty(struct gw_arena *arena, struct gw_slice object, const char *key)
{
	const char *s = text(arena, object, key);

	return s ? s : "";
}

static uint64_t number(struct gw_arena *arena, struct gw_slice object, const char *key)
{
	struct gw_ctl_member m = member(arena, object, key);
	uint64_t v = 0;

	return m.kind == GW_CTL_JSON_NUMBER && gw_parse_u64(m.value, &v) ? v : 0;
}

static bool flag(struct gw_arena *arena, struct gw_slice object, const char *key)
{
	struct gw_ctl_member m = member(arena, object, key);

	return m.kind == GW_CTL_JSON_BOOL && gw_slice_eq(m.value, GW_S("true"));
}

/* ---- config show ---- */

struct values {
	struct running *r;
	struct gw_config_value v[ROWS_MAX];
	size_t n;
};

static void take_override(struct running *r, const struct gw_config_value *v)
{
	if (!v->at.file || strcmp(v->at.file, "command line") != 0)
		return;
	r->overrides = gw_xrealloc(r->overrides, r->n_overrides + 1, sizeof *r->overrides);
	r->overrides[r->n_overrides++] = gw_arena_printf(&r->arena, "%.*s=%.*s", GW_FMT(v->name), GW_FMT(v->text));
}

static void take_row(void *ctx, struct gw_slice json)
{
	struct values *all = ctx;
	struct running *r = all->r;
	struct gw_arena *a = &r->arena;
	struct gw_config_value *v = &all->v[all->n];
	const char *later;

	if (all->n == ROWS_MAX)
		return;
	later = text(a, json, "waiting");
	*v = (struct gw_config_value){
		.name = gw_slice_str(text_or_empty(a, json, "name")),
		.text = gw_slice_str(text_or_empty(a, json, "value")),
		.set = flag(a, json, "set"),
		.at = { text(a, json, "file"), (unsigned)number(a, json, "line"), 0 },
		.env = gw_slice_str(text_or_empty(a, json, "variable")),
	};
	if (v->set)
		take_override(r, v);
	if (later) {
		struct running_wait *w = gw_arena_alloc(a, sizeof *w);

		*w = (struct running_wait){ r->waiting, gw_arena_str(a, v->name), later };
		r->waiting = w;
	}
	all->n++;
}

static void take_files(struct running *r, struct gw_slice list)
{
	struct gw_arena *a = &r->arena;
	struct gw_ctl_member m;

	while (gw_ctl_json_next(&list, a, &m) > 0) {
		struct running_file *f = gw_arena_alloc(a, sizeof *f);

		*f = (struct running_file){ r->files, text_or_empty(a, m.value, "file"), number(a, m.value, "inode"),
			number(a, m.value, "size"), number(a, m.value, "modified_ns") };
		r->files = f;
	}
}

static void take_certs(struct running *r, struct gw_slice list)
{
	struct gw_arena *a = &r->arena;
	struct gw_ctl_member m;

	while (gw_ctl_json_next(&list, a, &m) > 0) {
		struct running_cert *c = gw_arena_alloc(a, sizeof *c);

		*c = (struct running_cert){ r->certs, text_or_empty(a, m.value, "certificate"), text_or_empty(a, m.value, "key"),
			text_or_empty(a, m.value, "name"), number(a, m.value, "expires") };
		r->certs = c;
	}
}

/* Secrets are asked for where that is allowed: without them a new password could not be told from the old one. */
static int ask_config(struct running *r, struct gw_err *err)
{
	const char *request = running_has_secrets(r) ? "config show secrets=yes" : "config show";
	struct values *all = gw_xcalloc(1, sizeof *all);
	struct gw_slice ok;
	int rc;

	all->r = r;
	rc = gw_control_ask(&r->control, request, take_row, all, &ok, err);
	if (rc == 0) {
		r->cfg = gw_config_rebuild(all->v, all->n, &r->unknown);
		r->config = text_or_empty(&r->arena, ok, "config");
		r->loaded_s = number(&r->arena, ok, "loaded");
		r->ignore_unknown = flag(&r->arena, ok, "ignore_unknown");
		r->tls = flag(&r->arena, ok, "tls");
		take_files(r, member(&r->arena, ok, "tls_files").value);
		take_certs(r, member(&r->arena, ok, "certificates").value);
	}
	free(all);
	return rc;
}

static int ask_status(struct running *r, struct gw_err *err)
{
	struct gw_slice ok, sessions;
	int rc = gw_control_ask(&r->control, "status", NULL, NULL, &ok, err);

	if (rc < 0)
		return rc;
	r->pid = number(&r->arena, ok, "pid");
	sessions = member(&r->arena, ok, "sessions").value;
	for (enum gw_service s = 0; s < GW_SERVICE_COUNT; s++)
		r->sessions[s] = number(&r->arena, sessions, gw_service_name(s));
	return 0;
}

/* ---- finding it ---- */

/* A file that is going to be installed may name another socket than the one of the daemon that runs. */
static int open_where(struct running *r, const char *socket, const char *config, struct gw_err *err)
{
	struct gw_err other = { .text = "" };
	char *named = config ? gw_control_path(config, &other) : NULL, *usual;
	int rc;

	if (socket)
		rc = gw_control_open(&r->control, socket, "gwcfg", err);
	else if (named)
		rc = gw_control_open(&r->control, named, "gwcfg", err);
	else
		rc = GW_EUNAVAIL;
	if (rc == GW_EUNAVAIL && !socket) {
		usual = gw_control_path(NULL, &other);
		if (!named || strcmp(named, usual) != 0)
			rc = gw_control_open(&r->control, usual, "gwcfg", named ? &other : err);
		if (named && rc < 0 && rc != GW_EUNAVAIL)
			*err = other;
		free(usual);
	}
	free(named);
	return rc;
}

int running_ask(struct running *r, const char *socket, const char *config, struct gw_err *err)
{
	int rc;

	*r = (struct running){ .control = { .fd = -1 } };
	gw_arena_init(&r->arena, 16384, 0);
	rc = open_where(r, socket, config && strcmp(config, "-") != 0 ? config : NULL, err);
	if (rc == 0)
		gw_control_limit(&r->control, ANSWER_S);
	if (rc == 0)
		rc = ask_config(r, err);
	if (rc == 0)
		rc = ask_status(r, err);
	return exit_of_daemon(rc);
}

void running_done(struct running *r)
{
	gw_control_close(&r->control);
	gw_config_unref(r->cfg);
	free(r->overrides);
	gw_arena_wipe(&r->arena);
}

/* ---- what it knows ---- */

uint64_t running_sessions(const struct running *r, unsigned services)
{
	uint64_t n = 0;

	for (enum gw_service s = 0; s < GW_SERVICE_COUNT; s++)
		n += services & 1u << s ? r->sessions[s] : 0;
	return n;
}

bool running_file_changed(const struct running *r, const char *path)
{
	struct stat st;

	for (const struct running_file *f = r->files; f; f = f->next)
		if (strcmp(f->path, path) == 0)
			return path[0] == '/' && stat(path, &st) == 0 &&
			       ((uint64_t)st.st_ino != f->inode || (uint64_t)st.st_size != f->size ||
				(uint64_t)st.st_mtim.tv_sec * NS_PER_S + (uint64_t)st.st_mtim.tv_nsec != f->modified_ns);
	return false;
}

bool running_has_secrets(const struct running *r)
{
	return r->control.greeting.level == GW_CTL_ADMIN;
}

bool running_waits(const struct running *r, const struct gw_plan_option *c)
{
	for (const struct running_wait *w = r->waiting; w; w = w->next)
		if (strcmp(w->name, c->opt->name) == 0)
			return strcmp(w->value, running_has_secrets(r) ? c->now : c->now_shown) == 0;
	return false;
}

void running_read(const struct running *r, const struct input *in, struct result *ret)
{
	size_t own = in->args ? in->args->n_given : 0, n = 0;
	struct gw_cli_args args = { 0 };
	struct input with = *in;

	if (in->args)
		args = *in->args;
	args.given = gw_xcalloc(own + r->n_overrides + 1, sizeof *args.given);
	for (size_t i = 0; i < r->n_overrides; i++) {
		args.given[n].flag = &flag_override;
		args.given[n++].value = r->overrides[i];
	}
	if (r->ignore_unknown) {
		args.given[n].flag = &flag_ignore;
		args.given[n++].value = "";
	}
	for (size_t i = 0; i < own; i++)
		args.given[n++] = in->args->given[i];
	args.n_given = n;
	with.args = &args;
	input_read(&with, ret);
	free(args.given);
}

struct verdict {
	struct running *r;
	struct gw_buf *out;
	size_t n;
};

static void take_verdict(void *ctx, struct gw_slice json)
{
	struct verdict *v = ctx;

	if (strcmp(text_or_empty(&v->r->arena, json, "event"), "error") != 0)
		return;
	gw_buf_printf(v->out, "  ");
	gw_diag_put_safe(v->out, gw_slice_str(text_or_empty(&v->r->arena, json, "text")));
	gw_buf_add_char(v->out, '\n');
	v->n++;
}

bool running_refuses(struct running *r, const char *path, struct gw_buf *out)
{
	char *real = realpath(path, NULL);
	struct verdict v = { .r = r, .out = out };
	bool ours = real && strcmp(real, r->config) == 0;
	struct gw_slice ok;

	free(real);
	if (!ours || r->control.greeting.level < GW_CTL_OPERATOR)
		return false;
	gw_control_ask(&r->control, "reload plan=yes", take_verdict, &v, &ok, NULL);
	return v.n > 0;
}

void running_put_name(const struct running *r, struct gw_buf *out)
{
	gw_buf_printf(out, "gatewayd ");
	gw_diag_put_safe(out, gw_slice_str(r->control.greeting.version));
	gw_buf_printf(out, " (process %llu)", (unsigned long long)r->pid);
}
