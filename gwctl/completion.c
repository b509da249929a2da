/* completion.c - the script of a shell, from the rows (see completion.h) */
#include "gwctl/completion.h"

#include "gwctl/gwctl.h"
#include "gwctl/verbs.h"

#include <stdlib.h>

static const char *values_of(const struct gw_ctl_param *p)
{
	return p->words ? p->words : p->type == GW_CTL_BOOL ? "yes no" : p->type == GW_CTL_PATH ? GW_CLI_A_DIRECTORY : NULL;
}

/* The parameters of a command that may stand on its line. */
static bool param_word(const struct gw_cli_verb *verb, size_t i, struct gw_cli_word *ret)
{
	const struct gw_ctl_verb *v = gw_ctl_verb_named(gw_slice_str(verb->name));

	for (const struct gw_ctl_param *p = v->params; p->name; p++) {
		if (p->type == GW_CTL_SECRET || p->type == GW_CTL_FD || i-- > 0)
			continue;
		*ret = (struct gw_cli_word){ p->name, p->brief, values_of(p) };
		return true;
	}
	return false;
}

bool put_completion(const char *shell_asked, struct gw_buf *out)
{
	static const struct gw_cli_value params = { "NAME=VALUE", GW_CLI_SETTINGS, NULL };
	const struct gw_cli_flag *flags[64] = { NULL };
	size_t n = gw_ctl_verb_count();
	struct gw_cli_verb *verbs = gw_xcalloc(n, sizeof *verbs);
	const struct gw_cli_verb **all = gw_xcalloc(n, sizeof *all);
	const struct gw_cli cli = { "gwctl", "gwctl(8)", "steer a running gatewayd", all, n, flags, param_word };
	struct gw_cli_word w;
	bool known;

	for (size_t i = 0; flag_row(i) && i < 63; i++)
		flags[i] = flag_row(i);
	for (size_t i = 0; i < n; i++) {
		all[i] = &verbs[i];
		verbs[i].name = gw_ctl_verb_at(i)->name;
		verbs[i].brief = gw_ctl_verb_at(i)->brief;
		verbs[i].max = GW_CTL_PARAMS_MAX;
		if (param_word(&verbs[i], 0, &w))
			verbs[i].operand = &params;
	}
	known = gw_cli_put_completion(&cli, shell_asked, out);
	free(all);
	free(verbs);
	return known;
}
