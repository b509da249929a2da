/* rules.h - what the files of rules share
 *
 * One function a rule, named after what it protects; config_check_rules() calls them all. */
#ifndef GW_CONFIG_RULES_H
#define GW_CONFIG_RULES_H

#include "config/priv.h"

static inline const struct gw_option *row(const char *name)
{
	return gw_option_find(gw_slice_str(name));
}

static inline const struct config_origin *origin(const struct config_load *l, const char *name)
{
	return config_value(l->cfg, row(name))->origin;
}

/* A finding about one option, at the place that set it. */
#define FIND(l, code_, name, hint, ...) \
	config_find((l), origin((l), (name)), \
		&(struct config_finding){ .code = (code_), .option = row(name), .suggestion = (hint) }, __VA_ARGS__)

/* The option that made the listeners of a service. */
const char *rule_maker(const struct gw_config *cfg, size_t service, char *out, size_t cap);

/* ---- rules_net.c ---- */

void ports_are_those_of_their_protocol(struct config_load *l);
void the_port_of_the_storage_server_fits_its_url(struct config_load *l);
void the_storage_server_is_not_told_passwords_in_clear(struct config_load *l);
void clients_do_not_say_passwords_in_clear(struct config_load *l);
void metrics_are_for_this_machine(struct config_load *l);

/* ---- rules_safe.c ---- */

void authorities_have_somebody_to_verify(struct config_load *l);
void external_logins_have_certificates(struct config_load *l);
void tokens_have_a_server_that_takes_them(struct config_load *l);
void files_do_not_lie_where_everybody_writes(struct config_load *l);
void the_control_socket_is_not_for_everybody(struct config_load *l);
void roles_have_names_of_users_and_groups(struct config_load *l);
void the_daemon_does_not_stay_root(struct config_load *l);
void the_log_says_neither_nothing_nor_all(struct config_load *l);

/* ---- rules_store.c ---- */

void options_are_of_this_kind_of_store(struct config_load *l);
void certificates_of_the_storage_server_are_asked_for(struct config_load *l);
void the_service_account_has_a_password(struct config_load *l);
void the_service_account_speaks_for_users(struct config_load *l);
void the_service_account_names_the_user(struct config_load *l);
void the_state_database_is_a_url(struct config_load *l);
void the_access_url_is_one_of_https(struct config_load *l);
void passwords_do_not_stand_in_the_file(struct config_load *l);
void the_mirrors_have_a_directory_of_their_own(struct config_load *l);

#endif
