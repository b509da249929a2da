/* log.c - how much each part of the program logs (see ctl.h) */
#include "daemon/ctl/ctl.h"

#include "daemon/conn.h"

static void put_level(struct ctl_client *c, unsigned module)
{
	const struct log_shared *shared = c->s->g.log.shared;
	struct gw_json *j = gw_ctl_row(&c->reply);
	uint32_t until_s = atomic_load(&shared->until_s[module]);
	int level = atomic_load(&shared->level[module]);
	int32_t left = (int32_t)(until_s - conn_clock_s());

	gw_json_str(j, "module", gw_module_name(module));
	gw_json_str(j, "level", level ? gw_log_level_name(level) : "none");
	gw_json_bool(j, "set", until_s != 0);
	if (until_s && until_s != LOG_NO_END)
		gw_json_u64(j, "left_s", left > 0 ? (uint64_t)left : 0);
	else
		gw_json_str(j, "left_s", NULL);
	gw_json_str(j, "about", gw_module_brief(module));
	gw_ctl_end(&c->reply);
}

static int set_level(struct ctl_client *c, struct gw_err *err)
{
	struct gw_slice name = gw_ctl_slice(&c->request, "module"), text = gw_ctl_slice(&c->request, "level");
	uint64_t for_s = gw_ctl_number(&c->request, "for", 0);
	bool back = gw_slice_eqi(text, GW_S("default"));
	struct log_sink *log = &c->s->g.log;
	enum gw_module m;
	unsigned module = gw_module_find(name, &m) ? m : GW_MODULES;

	if (!name.n || !text.n)
		return gw_fail(err, GW_EINVAL, "both a module and a level are needed, as in: log level imap debug for=10m");
	if (for_s > INT32_MAX)
		return gw_fail(err, GW_EINVAL, "a level is set apart for 68 years at most; without for it stays until default is ordered");
	log_set_level(log, module, back ? -1 : gw_log_level_find(text), (uint32_t)for_s, conn_clock_s());
	if (for_s)
		log_event(log, GW_EV_LOG_LEVEL, GW_TEXT("part", name), GW_TEXT("to", text), GW_NUM("seconds", for_s));
	else
		log_event(log, GW_EV_LOG_LEVEL, GW_TEXT("part", name), GW_TEXT("to", text));
	return 0;
}

static int answer_level(struct ctl_client *c, struct gw_err *err)
{
	bool change = gw_ctl_given(&c->request, "module") || gw_ctl_given(&c->request, "level");
	int rc = change ? set_level(c, err) : 0;

	if (rc < 0)
		return rc;
	for (unsigned i = 0; i < GW_MODULES; i++)
		put_level(c, i);
	gw_json_str(gw_ctl_ok(&c->reply), "log_level", gw_log_level_name(atomic_load(&c->s->g.log.shared->base)));
	gw_ctl_end(&c->reply);
	return 0;
}

const struct ctl_handler ctl_handlers_log[] = {
	{ "log level", .answer = answer_level },
	{ NULL },
};
