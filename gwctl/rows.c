/* rows.c - the command line of gwctl as rows of cli/cli.h, from which it is parsed, explained and completed
 *
 * The flags are here; the commands come from the rows of ctl/verbs.h. */
#include "gwctl/gwctl.h"

#include "cli/cli.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static const struct gw_cli_value file = { "FILE", GW_CLI_FILES, NULL };
static const struct gw_cli_value socket_file = { "SOCKET", GW_CLI_FILES, NULL };

static const struct gw_cli_flag flag_json = { 'j', "json", NULL, "print the answer as JSON, one object a line" };
static const struct gw_cli_flag flag_quiet = { 'q', "quiet", NULL, "print nothing when all is well" };
static const struct gw_cli_flag flag_yes = { 'y', "yes", NULL, "do not ask back" };
static const struct gw_cli_flag flag_socket = { 's', "socket", &socket_file, "the control socket of the daemon" };
static const struct gw_cli_flag flag_config = { 'c', "config", &file, "the configuration that names it" };
static const struct gw_cli_flag flag_hash = { 0, "hash", NULL, "take a crypt(3) hash instead of a password" };
static const struct gw_cli_flag flag_no_password = { 0, "no-password", NULL, "make an account nobody can sign on to yet" };
static const struct gw_cli_flag flag_completion = { 0, "completion", &gw_cli_shell, "print what completes commands in a shell" };
static const struct gw_cli_flag flag_version = { 'V', "version", NULL, "print the version" };
static const struct gw_cli_flag flag_help = { 'h', "help", NULL, "print this text" };

static const struct gw_cli_flag *const flags[] = {
	&flag_json, &flag_quiet, &flag_yes, &flag_socket, &flag_config, &flag_hash, &flag_no_password, &flag_completion,
	&flag_version, &flag_help, NULL,
};

void put_flags(struct gw_buf *out)
{
	gw_cli_put_flags(flags, out);
}

/* ---- parsing ---- */

static void take(const struct gw_cli_args *a, struct options *o)
{
	*o = (struct options){
		.socket = gw_cli_value(a, "socket"),
		.config = gw_cli_value(a, "config"),
		.completion = gw_cli_value(a, "completion"),
		.json = gw_cli_has(a, "json"),
		.quiet = gw_cli_has(a, "quiet"),
		.yes = gw_cli_has(a, "yes"),
		.hash = gw_cli_has(a, "hash"),
		.no_password = gw_cli_has(a, "no-password"),
		.version = gw_cli_has(a, "version"),
		.help = gw_cli_has(a, "help"),
		.words = a->operands,
		.n_words = a->n,
	};
}

int options_read(int argc, char **argv, struct options *ret, struct gw_err *err)
{
	static const struct gw_cli_value words = { "COMMAND", GW_CLI_ANY, NULL };
	static const struct gw_cli_verb whole = { .flags = flags, .operand = &words, .max = SIZE_MAX };
	struct gw_cli_args args;
	int rc = gw_cli_parse(&(struct gw_cli){ .program = "gwctl" }, &whole, argc, argv, &args, err);

	if (rc < 0)
		return rc;
	take(&args, ret);
	gw_cli_args_done(&args);
	return 0;
}

/* ---- completion ---- */

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
	size_t n = gw_ctl_verb_count();
	struct gw_cli_verb *verbs = gw_xcalloc(n, sizeof *verbs);
	const struct gw_cli_verb **all = gw_xcalloc(n, sizeof *all);
	const struct gw_cli cli = { "gwctl", "gwctl(8)", "steer a running gatewayd", all, n, flags, param_word };
	struct gw_cli_word w;
	bool known;

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
