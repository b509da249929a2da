/* live.c - does the configuration fit this machine?
 *
 * Only what can be seen without being root: users, directories and files that are missing. A key that this user may
 * not read is no finding, the daemon reads it as another. */
#include "gwcfg/check.h"

#include "config/codes.h"
#include "util/mem.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const struct gw_option *row(const char *name)
{
	return gw_option_find(gw_slice_str(name));
}

static void find(const struct gw_config *cfg, struct gw_diags *diags, unsigned code, const char *option, const char *found,
	const char *fmt, const char *hint)
{
	const struct gw_option *opt = row(option);
	char *text = gw_xasprintf("\"%s\" %s", found, fmt);
	struct gw_diag d = { .severity = code < 2000 ? GW_ERROR : GW_WARNING, .code = code, .option = opt, .text = text,
		.found = found, .suggestion = hint };

	gw_config_is_set(cfg, opt, &d.at);
	gw_diag_add(diags, &d);
	free(text);
}

static bool missing(const char *path, bool directory)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return errno == ENOENT || errno == ENOTDIR;
	return directory != !!S_ISDIR(st.st_mode);
}

static void need_file(const struct gw_config *cfg, struct gw_diags *diags, const char *option, const char *path)
{
	if (*path && missing(path, false))
		find(cfg, diags, CONFIG_W_FILE, option, path, "is not a file on this machine", NULL);
}

static void need_directory(const struct gw_config *cfg, struct gw_diags *diags, const char *option, const char *path)
{
	if (*path && missing(path, true))
		find(cfg, diags, CONFIG_W_FILE, option, path, "is not a directory on this machine", NULL);
}

/* The directory in which path would be made. */
static void need_parent(const struct gw_config *cfg, struct gw_diags *diags, const char *option, const char *path)
{
	char *dir = gw_xstrdup(path), *slash = strrchr(dir, '/');

	if (slash && slash != dir) {
		*slash = '\0';
		need_directory(cfg, diags, option, dir);
	}
	free(dir);
}

static bool all_digits(const char *s)
{
	return *s && strspn(s, "0123456789") == strlen(s);
}

static void need_identity(const struct gw_config *cfg, struct gw_diags *diags)
{
	const char *user = cfg->run_as_user, *group = cfg->run_as_group;

	if (*user && !all_digits(user) && !getpwnam(user))
		find(cfg, diags, CONFIG_E_NO_USER, "run_as_user", user, "is not a user of this machine", NULL);
	if (all_digits(user) && !*group && !getpwuid((uid_t)strtoul(user, NULL, 10)))
		find(cfg, diags, CONFIG_E_NO_USER, "run_as_user", user, "has no group of its own on this machine", "set run_as_group");
	if (*group && !all_digits(group) && !getgrnam(group))
		find(cfg, diags, CONFIG_E_NO_USER, "run_as_group", group, "is not a group of this machine", NULL);
	if (*cfg->control_socket_group && !all_digits(cfg->control_socket_group) && !getgrnam(cfg->control_socket_group))
		find(cfg, diags, CONFIG_E_NO_USER, "control_socket_group", cfg->control_socket_group,
			"is not a group of this machine", NULL);
}

static void need_certificates(const struct gw_config *cfg, struct gw_diags *diags)
{
	for (size_t i = 0; i < cfg->n_certs; i++) {
		bool first = cfg->certs[i].cert == cfg->ssl_certificate_file;

		need_file(cfg, diags, first ? "ssl_certificate_file" : "ssl_certificates", cfg->certs[i].cert);
		need_file(cfg, diags, first ? "ssl_private_key_file" : "ssl_certificates", cfg->certs[i].key);
	}
	need_file(cfg, diags, "ssl_verify_file", cfg->ssl_verify_file);
	need_directory(cfg, diags, "ssl_verify_path", cfg->ssl_verify_path);
}

void live_check(const struct gw_config *cfg, struct gw_diags *diags)
{
	need_identity(cfg, diags);
	need_certificates(cfg, diags);
	need_directory(cfg, diags, "running_path", cfg->running_path);
	need_directory(cfg, diags, "tmp_path", cfg->tmp_path);
	if (cfg->log_method == GW_METHOD_FILE && strcmp(cfg->log_file, "-") != 0)
		need_parent(cfg, diags, "log_file", cfg->log_file);
	if (strncmp(cfg->server_socket, "local:", 6) == 0)
		need_parent(cfg, diags, "server_socket", cfg->server_socket + 6);
}
