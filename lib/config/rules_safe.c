/* rules_safe.c - rules about who may do what, and about the log */
#include "config/rules.h"

#include "config/seen.h"

/* ---- certificates of clients ---- */

void authorities_have_somebody_to_verify(struct config_load *l)
{
	static const char *const names[] = { "ssl_verify_file", "ssl_verify_path" };

	for (size_t i = 0; !l->cfg->ssl_verify_client && i < 2; i++)
		if (origin(l, names[i]) && *gw_config_get(l->cfg, names[i]))
			FIND(l, CONFIG_W_NO_EFFECT, names[i], "set ssl_verify_client to yes, or take the line out",
				"does not count, no client is asked for a certificate");
}

void external_logins_have_certificates(struct config_load *l)
{
	if (!l->cfg->ssl_verify_client && gw_words_has(&l->cfg->auth_mechanisms, "EXTERNAL"))
		FIND(l, CONFIG_W_NO_EFFECT, "auth_mechanisms", "set ssl_verify_client to yes, or take EXTERNAL out",
			"EXTERNAL takes the user from a certificate, and no client is asked for one");
}

void tokens_have_a_server_that_takes_them(struct config_load *l)
{
	static const char *const names[] = { "OAUTHBEARER", "XOAUTH2" };

	for (size_t i = 0; !gw_config_store_has_tokens(l->cfg) && i < sizeof names / sizeof *names; i++)
		if (gw_words_has(&l->cfg->auth_mechanisms, names[i]))
			FIND(l, CONFIG_W_NO_EFFECT, "auth_mechanisms", "take it out, or set server_socket to a JMAP server",
				"%s takes an access token, and only a JMAP server can tell whose it is", names[i]);
}

/* ---- places ---- */

static bool in_shared_directory(const char *path)
{
	static const char *const shared[] = { "/tmp/", "/var/tmp/", "/dev/shm/" };

	for (size_t i = 0; i < sizeof shared / sizeof *shared; i++) {
		size_t n = strlen(shared[i]);

		if (strncmp(path, shared[i], n) == 0 && !strchr(path + n, '/'))
			return true;
	}
	return false;
}

/* Only what lies there itself: a directory of one's own below /tmp is fine. */
void files_do_not_lie_where_everybody_writes(struct config_load *l)
{
	static const struct {
		const char *name, *instead;
	} files[] = {
		{ "pid_file", "use a directory of the daemon, such as /run/gateway" },
		{ "control_socket", "use a directory of the daemon, such as /run/gateway" },
		{ "log_file", "use a directory of the daemon, such as /var/log/gateway" },
		{ "ssl_private_key_file", "use a directory that only root may write to" },
		{ "ssl_certificate_file", "use a directory that only root may write to" },
	};

	for (size_t i = 0; i < sizeof files / sizeof *files; i++)
		if (in_shared_directory(gw_config_get(l->cfg, files[i].name)))
			FIND(l, CONFIG_W_INSECURE, files[i].name, files[i].instead, "lies in a directory that everybody may write to");
}

void the_control_socket_is_not_for_everybody(struct config_load *l)
{
	if (*l->cfg->control_socket && (l->cfg->control_socket_mode & 02))
		FIND(l, CONFIG_W_INSECURE, "control_socket_mode", "use 0660 and control_socket_group",
			"everybody on this machine may give orders to the daemon");
}

/* A user, or a group behind an "@", as useradd(8) lets them be named, or a number. */
static bool account_name(const char *s)
{
	s += *s == '@';
	if (!*s || *s == '-')
		return false;
	for (; *s; s++)
		if (!(*s >= 'a' && *s <= 'z') && !(*s >= 'A' && *s <= 'Z') && !(*s >= '0' && *s <= '9') && !strchr("._-$+@\\", *s))
			return false;
	return true;
}

static void look_at_names(struct config_load *l, const char *option, const struct gw_words *w)
{
	const struct config_origin *o = origin(l, option);

	for (size_t i = 0; i < w->n; i++) {
		struct config_finding f = { .code = CONFIG_E_WORD, .option = row(option), .found = w->v[i],
					    .expected = "users, and groups with @ in front" };

		if (account_name(w->v[i]))
			continue;
		config_at_word(&f, o, w->v[i]);
		config_find(l, o, &f, "\"%.100s\" is not the name of a user or of a group with @ in front", w->v[i]);
	}
}

void roles_have_names_of_users_and_groups(struct config_load *l)
{
	look_at_names(l, "control_admins", &l->cfg->control_admins);
	look_at_names(l, "control_operators", &l->cfg->control_operators);
}

void the_daemon_does_not_stay_root(struct config_load *l)
{
	const char *user = l->cfg->run_as_user;

	if (strcmp(user, "root") == 0 || (*user && strspn(user, "0") == strlen(user)))
		FIND(l, CONFIG_W_INSECURE, "run_as_user", "name a user that exists for the daemon alone",
			"the daemon stays root, and a mistake in it would give away the whole machine");
}

/* ---- the log ---- */

void the_log_says_neither_nothing_nor_all(struct config_load *l)
{
	if (l->cfg->log_level == 0)
		FIND(l, CONFIG_N_LOG_LEVEL, "log_level", "use 2 for errors", "nothing is logged, not even why the daemon ends");
	if (l->cfg->log_level == 6)
		FIND(l, CONFIG_N_LOG_LEVEL, "log_level", "use 4 or 5 when you have seen what you looked for",
			"every line of every dialogue is logged");
}
