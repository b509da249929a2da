/* option.c - finding rows and naming what is in them (see option.h) */
#include "config/option.h"

#include "config/priv.h"
#include "util/near.h"

const struct gw_option *gw_option_find(struct gw_slice name)
{
	for (size_t i = 0; i < gw_option_count(); i++)
		if (gw_slice_eq(name, gw_slice_str(gw_option_at(i)->name)))
			return gw_option_at(i);
	return NULL;
}

const struct gw_option *gw_option_nearest(struct gw_slice name)
{
	const struct gw_option *best = NULL;
	unsigned best_distance = (unsigned)(name.n < 6 ? 1 : name.n / 4 + 1);

	if (name.n == 0 || name.n > GW_NEAR_MAX)
		return NULL;
	for (size_t i = 0; i < gw_option_count(); i++) {
		const struct gw_option *opt = gw_option_at(i);
		unsigned d = gw_near_distance(name, gw_slice_str(opt->name));

		if (d < best_distance || (d == best_distance && !best)) {
			best = opt;
			best_distance = d;
		}
	}
	return best;
}

const char *gw_option_type_name(const struct gw_option *opt)
{
	static const char *const names[] = {
		[GW_OPT_BOOL] = "boolean",     [GW_OPT_UINT] = "number",	  [GW_OPT_MODE] = "permissions",
		[GW_OPT_PORT] = "port",	       [GW_OPT_SIZE] = "size",		  [GW_OPT_SECONDS] = "time",
		[GW_OPT_ENUM] = "word",	       [GW_OPT_STRING] = "text",	  [GW_OPT_PATH] = "path",
		[GW_OPT_URL] = "URL",	       [GW_OPT_ADDRESS] = "address",	  [GW_OPT_WORDS] = "list",
		[GW_OPT_LISTEN] = "listeners", [GW_OPT_RETIRED] = "retired",
	};

	return names[opt->type];
}

const char *gw_option_group_title(enum gw_option_group group)
{
	static const char *const titles[GW_GROUP_COUNT] = {
		[GW_GROUP_SERVICES] = "Services",	[GW_GROUP_STORE] = "Mail store",
		[GW_GROUP_PROCESS] = "Process",		[GW_GROUP_CONTROL] = "Control socket",
		[GW_GROUP_IMAP] = "IMAP",		[GW_GROUP_POP3] = "POP3",
		[GW_GROUP_LOGIN] = "Logging in",	[GW_GROUP_TLS] = "TLS",
		[GW_GROUP_LIMITS] = "Limits",		[GW_GROUP_LOG] = "Log",
		[GW_GROUP_OLD] = "Kept for old files",
	};

	return titles[group];
}

const char *gw_option_group_name(enum gw_option_group group)
{
	static const char *const names[GW_GROUP_COUNT] = {
		[GW_GROUP_SERVICES] = "services", [GW_GROUP_STORE] = "store", [GW_GROUP_PROCESS] = "process",
		[GW_GROUP_CONTROL] = "control",	  [GW_GROUP_IMAP] = "imap",   [GW_GROUP_POP3] = "pop3",
		[GW_GROUP_LOGIN] = "login",	  [GW_GROUP_TLS] = "tls",     [GW_GROUP_LIMITS] = "limits",
		[GW_GROUP_LOG] = "log",		  [GW_GROUP_OLD] = "old",
	};

	return names[group];
}

const char *gw_option_reload_name(enum gw_reload reload)
{
	static const char *const names[] = { [GW_LIVE] = "live", [GW_NEXT] = "next", [GW_RESTART] = "restart" };

	return names[reload];
}
