/* config.c - the configuration in force, for operators and for gwcfg (see ctl.h)
 *
 * What is told is enough to make the snapshot again somewhere else: values with whether and where they were set. So
 * `gwcfg plan` compares with what is in force, not with a file that may have changed since it was read. */
#include "daemon/ctl/ctl.h"

#include "config/show.h"
#include "util/buf.h"
#include "util/mem.h"

#include <stdlib.h>
#include <sys/stat.h>

#define NS_PER_S 1000000000ull

/* What the files have for an option that only a restart changes; NULL: nothing else. */
static const struct gw_plan_option *waiting(const struct server *s, const struct gw_option *opt)
{
	const struct gw_plan_option *c = gw_plan_find(&s->plan, opt);

	return c && opt->reload == GW_RESTART ? c : NULL;
}

static void put_value(struct gw_json *j, const struct gw_config *cfg, const struct gw_option *opt, bool secrets)
{
	struct gw_buf b;

	gw_buf_init(&b, 0);
	gw_config_put_masked(cfg, opt, &b);
	if (secrets)
		gw_json_str(j, "value", gw_config_text(cfg, opt));
	else
		gw_json_string(j, "value", gw_buf_slice(&b));
	gw_buf_done(&b);
}

static void put_option(struct ctl_client *c, const struct gw_config *cfg, const struct gw_option *opt, bool secrets)
{
	struct gw_json *j = gw_ctl_row(&c->reply);
	const struct gw_plan_option *later = waiting(c->s, opt);
	struct gw_config_origin from;

	gw_json_str(j, "name", opt->name);
	put_value(j, cfg, opt, secrets);
	gw_json_bool(j, "set", gw_config_origin(cfg, opt, &from));
	gw_json_str(j, "file", from.at.file);
	gw_json_u64(j, "line", from.at.line);
	gw_json_str(j, "variable", from.env);
	gw_json_str(j, "reload", gw_option_reload_name(opt->reload));
	gw_json_str(j, "waiting", !later ? NULL : secrets ? later->now : later->now_shown);
	gw_ctl_end(&c->reply);
}

static void put_listeners(struct gw_json *j, const struct server *s)
{
	gw_json_open(j, "listeners", '[');
	for (size_t i = 0; i < s->listeners.n; i++) {
		gw_json_open(j, NULL, '{');
		gw_json_str(j, "service", s->listeners.v[i].service->name);
		gw_json_str(j, "listener", s->listeners.v[i].text);
		gw_json_close(j, '}');
	}
	gw_json_close(j, ']');
}

static void put_certificates(struct gw_json *j, const struct gw_config *cfg, const struct tls_set *tls)
{
	int64_t expires;
	char name[256];

	gw_json_open(j, "certificates", '[');
	for (size_t i = 0; tls && i < cfg->n_certs && tls_set_certificate(tls, i, &expires, name, sizeof name); i++) {
		gw_json_open(j, NULL, '{');
		gw_json_str(j, "certificate", cfg->certs[i].cert);
		gw_json_str(j, "key", cfg->certs[i].key);
		gw_json_str(j, "name", name);
		gw_json_i64(j, "expires", expires);
		gw_json_close(j, '}');
	}
	gw_json_close(j, ']');
}

/* The files as they were when they were read: whoever looks at them again sees whether they changed. */
static void put_files(struct gw_json *j, const struct tls_set *tls)
{
	const char *path;
	struct stat st;

	gw_json_open(j, "tls_files", '[');
	for (size_t i = 0; tls && tls_set_file(tls, i, &path, &st); i++) {
		gw_json_open(j, NULL, '{');
		gw_json_str(j, "file", path);
		gw_json_u64(j, "inode", st.st_ino);
		gw_json_u64(j, "size", (uint64_t)st.st_size);
		gw_json_u64(j, "modified_ns", (uint64_t)st.st_mtim.tv_sec * NS_PER_S + (uint64_t)st.st_mtim.tv_nsec);
		gw_json_close(j, '}');
	}
	gw_json_close(j, ']');
}

static int answer_show(struct ctl_client *c, struct gw_err *err)
{
	struct server *s = c->s;
	const struct gw_config *cfg = s->g.current->config;
	bool secrets = gw_ctl_flag(&c->request, "secrets"), changed = gw_ctl_flag(&c->request, "changed");
	uint64_t n = 0;
	struct gw_json *j;

	if (secrets && c->level < GW_CTL_ADMIN)
		return gw_fail(err, GW_EACCES, "secrets needs the rights of admin");
	for (size_t i = 0; i < gw_option_count(); i++) {
		const struct gw_option *opt = gw_option_at(i);

		if (opt->type == GW_OPT_RETIRED || (changed && !gw_config_is_changed(cfg, opt) && !waiting(s, opt)))
			continue;
		put_option(c, cfg, opt, secrets);
		n++;
	}
	j = gw_ctl_ok(&c->reply);
	gw_json_u64(j, "options", n);
	gw_json_u64(j, "waiting", s->plan.count[GW_RESTART]);
	gw_json_str(j, "config", s->config_path);
	gw_json_i64(j, "loaded", s->loaded_s);
	gw_json_bool(j, "ignore_unknown", s->cmdline.ignore_unknown);
	gw_json_bool(j, "tls", s->g.current->tls != NULL);
	put_listeners(j, s);
	put_certificates(j, cfg, s->g.current->tls);
	put_files(j, s->g.current->tls);
	gw_ctl_end(&c->reply);
	return 0;
}

/* ---- one option, and differences ---- */

static int no_option(struct gw_slice name, struct gw_err *err)
{
	const struct gw_option *near = gw_option_nearest(name);

	return near ? gw_fail(err, GW_ENOENT, "there is no option \"%.*s\"; did you mean \"%s\"?", GW_FMT(name), near->name) :
		      gw_fail(err, GW_ENOENT, "there is no option \"%.*s\"; `gwcfg list' shows all", GW_FMT(name));
}

static int get_option(struct ctl_client *c, struct gw_err *err)
{
	struct gw_slice name = gw_ctl_slice(&c->request, "name");
	const struct gw_option *opt = gw_option_find(name);
	bool secrets = gw_ctl_flag(&c->request, "secrets");

	if (!opt || opt->type == GW_OPT_RETIRED)
		return no_option(name, err);
	if (secrets && c->level < GW_CTL_ADMIN)
		return gw_fail(err, GW_EACCES, "secrets needs the rights of admin");
	put_option(c, c->s->g.current->config, opt, secrets);
	gw_ctl_ok_empty(&c->reply);
	return 0;
}

static void put_change(struct ctl_client *c, const struct gw_plan_option *o)
{
	struct gw_json *j = gw_ctl_row(&c->reply);

	gw_json_str(j, "name", o->opt->name);
	gw_json_str(j, "running", o->was_shown);
	gw_json_str(j, "other", o->now_shown);
	gw_json_str(j, "reload", gw_option_reload_name(o->opt->reload));
	gw_json_str(j, "file", o->now_at.file);
	gw_json_u64(j, "line", o->now_at.file ? o->now_at.line : 0);
	gw_ctl_end(&c->reply);
}

static void put_differences(struct ctl_client *c, const struct gw_config *other, const char *what)
{
	struct gw_plan plan;
	struct gw_json *j;

	gw_plan_make(&plan, c->s->g.current->config, other);
	for (size_t i = 0; i < plan.n_options; i++)
		put_change(c, &plan.options[i]);
	j = gw_ctl_ok(&c->reply);
	gw_json_u64(j, "options", plan.n_options);
	gw_json_str(j, "other", what);
	gw_ctl_end(&c->reply);
	gw_plan_done(&plan);
}

/* The configuration in force beside the one that the files have now. */
static int diff_files(struct ctl_client *c, struct gw_err *err)
{
	struct gw_config *cfg = NULL;
	struct gw_diags diags;
	struct gw_buf text;
	int rc;

	gw_diags_init(&diags);
	gw_buf_init(&text, 0);
	rc = server_load(c->s, NULL, &cfg, &diags);
	for (size_t i = 0; rc < 0 && i < diags.n && !text.n; i++) {
		if (diags.v[i].severity != GW_ERROR)
			continue;
		gw_diag_put_place(&diags.v[i], &text);
		gw_diag_put_sentence(&diags.v[i], &text);
	}
	if (rc < 0)
		gw_fail(err, GW_EINVAL, "the files have errors; the first: %s", gw_buf_str(&text));
	else
		put_differences(c, cfg, c->s->config_path);
	gw_config_unref(cfg);
	gw_buf_done(&text);
	gw_diags_done(&diags);
	return rc < 0 ? GW_EINVAL : 0;
}

static int diff_config(struct ctl_client *c, struct gw_err *err)
{
	const struct past *p = &c->s->past;

	if (!gw_ctl_flag(&c->request, "previous"))
		return diff_files(c, err);
	if (!p->snapshot)
		return gw_fail(err, GW_ENOENT, "nothing was reloaded since the start, so there is no configuration before");
	put_differences(c, p->snapshot->config, "previous");
	return 0;
}

const struct ctl_handler ctl_handlers_config[] = {
	{ "config show", .answer = answer_show },
	{ "config get", .answer = get_option },
	{ "config diff", .answer = diff_config },
	{ 0 },
};
