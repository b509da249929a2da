/* test_plan.c - what another configuration means for a service that runs (config/plan.c) */
#include "tests/unit/config/load.h"

#include "config/plan.h"

struct two {
	struct loaded was, now;
	struct gw_plan plan;
};

static void plan_texts(struct two *t, const char *was, const char *now)
{
	load_text(&t->was, was);
	ck_assert_msg(t->was.rc == 0, "%s", all_text(&t->was));
	load_text(&t->now, now);
	ck_assert_msg(t->now.rc == 0, "%s", all_text(&t->now));
	gw_plan_make(&t->plan, t->was.cfg, t->now.cfg);
}

static void plan_done(struct two *t)
{
	gw_plan_done(&t->plan);
	load_done(&t->was);
	load_done(&t->now);
}

static const struct gw_option *row(const char *name)
{
	return gw_option_find(gw_slice_str(name));
}

/* "imap kept *:143, pop3 removed *:110" */
static const char *moves(const struct gw_plan *p)
{
	static char text[1024];
	size_t n = 0;

	text[0] = '\0';
	for (size_t i = 0; i < p->n_listeners; i++)
		n += (size_t)snprintf(text + n, sizeof text - n, "%s%s %s %s", i ? ", " : "",
			gw_service_name(p->listeners[i].service), gw_move_name(p->listeners[i].move), p->listeners[i].text);
	return text;
}

static const char *cert_moves(const struct gw_plan *p)
{
	static char text[1024];
	size_t n = 0;

	text[0] = '\0';
	for (size_t i = 0; i < p->n_certs; i++)
		n += (size_t)snprintf(text + n, sizeof text - n, "%s%s %s:%s", i ? ", " : "", gw_move_name(p->certs[i].move),
			p->certs[i].cert, p->certs[i].key);
	return text;
}

START_TEST(what_is_written_in_another_way_is_no_change)
{
	struct two t;

	plan_texts(&t, "imap_timeout = 30m\nlog_level = 2\nimap_port = 143\n", "imap_timeout = 1800\nserver_bind =\n");
	ck_assert(gw_plan_is_empty(&t.plan));
	ck_assert_uint_eq(t.plan.moved, 0);
	plan_done(&t);
}
END_TEST

START_TEST(options_are_counted_by_class_and_keep_their_places)
{
	struct two t;
	const struct gw_plan_option *o;

	plan_texts(&t, "log_level = 3\n", "# a\nlog_level = 5\nimap_timeout = 60\npop3_timeout = 60\nworker_threads = 3\n");
	ck_assert_uint_eq(t.plan.n_options, 4);
	ck_assert_uint_eq(t.plan.count[GW_LIVE], 1);
	ck_assert_uint_eq(t.plan.count[GW_NEXT], 2);
	ck_assert_uint_eq(t.plan.count[GW_RESTART], 1);
	o = gw_plan_find(&t.plan, row("log_level"));
	ck_assert_str_eq(o->was, "3");
	ck_assert_str_eq(o->now, "5");
	ck_assert_str_eq(o->was_at.file, "t.cfg");
	ck_assert_uint_eq(o->was_at.line, 1);
	ck_assert_uint_eq(o->now_at.line, 2);
	ck_assert_ptr_null(gw_plan_find(&t.plan, row("imap_timeout"))->was_at.file);
	ck_assert_ptr_null(gw_plan_find(&t.plan, row("login_timeout")));
	plan_done(&t);
}
END_TEST

START_TEST(a_plan_outlives_the_snapshots)
{
	struct two t;

	plan_texts(&t, "", "log_level = 5\nimap_port = 1143\nssl_certificates = /a:/b\n");
	load_done(&t.was);
	load_done(&t.now);
	ck_assert_str_eq(gw_plan_find(&t.plan, row("log_level"))->now, "5");
	ck_assert_ptr_nonnull(strstr(moves(&t.plan), "imap added *:1143"));
	ck_assert_ptr_nonnull(strstr(cert_moves(&t.plan), "added /a:/b"));
	gw_plan_done(&t.plan);
	gw_plan_done(NULL);
}
END_TEST

START_TEST(listeners_are_compared_as_sets_by_service)
{
	struct two t;

	plan_texts(&t, "imap_listen = *:143 127.0.0.1:1143\npop3_listen = *:110\nimaps_listen =\npop3s_listen =\n",
		"imap_listen = 127.0.0.1:1143 *:243\npop3_listen = *:143\nimaps_listen =\npop3s_listen =\n");
	ck_assert_str_eq(moves(&t.plan), "pop3 removed *:110, pop3 added *:143, imap removed *:143, imap kept 127.0.0.1:1143, "
					 "imap added *:243, metrics kept 127.0.0.1:9143");
	ck_assert_uint_eq(t.plan.moved, 4);
	plan_done(&t);
}
END_TEST

START_TEST(the_listeners_of_metrics_move_by_a_restart)
{
	struct two t;

	plan_texts(&t, "", "metrics_listen = 127.0.0.1:9000 unix:/run/m\n");
	ck_assert_str_eq(strstr(moves(&t.plan), "metrics"), "metrics removed 127.0.0.1:9143, metrics added 127.0.0.1:9000, "
							    "metrics added unix:/run/m");
	ck_assert_uint_eq(t.plan.count[GW_RESTART], 1);
	plan_done(&t);
}
END_TEST

START_TEST(the_order_of_listeners_and_the_dialect_move_nothing)
{
	struct two t;

	plan_texts(&t, "imap_listen = *:143 *:243\n", "imap_listen = *:243 *:143\n");
	ck_assert_uint_eq(t.plan.moved, 0);
	plan_done(&t);
	plan_texts(&t, "", "imap_listen = *:143\npop3_listen = *:110\nimaps_listen = *:993\npop3s_listen = *:995\n");
	ck_assert_uint_eq(t.plan.moved, 0);
	ck_assert_uint_eq(t.plan.n_listeners, 5); /* metrics too */
	plan_done(&t);
}
END_TEST

/* The newer form brings other defaults for services it does not mention: that is a change, though no value of theirs
 * is in the file. */
START_TEST(a_change_of_dialect_moves_services_that_are_not_named)
{
	struct two t;

	plan_texts(&t, "", "imap_listen = *:143\n");
	ck_assert_ptr_nonnull(strstr(moves(&t.plan), "pop3 removed *:110, pop3 added *%lo:110"));
	ck_assert_ptr_nonnull(gw_plan_find(&t.plan, row("pop3_listen")));
	plan_done(&t);
}
END_TEST

START_TEST(versions_of_tls_that_follow_from_what_is_set_are_a_change)
{
	struct two t;
	const struct gw_plan_option *o;

	plan_texts(&t, "ssl_protocols = TLSv1.1 TLSv1.2\n", "ssl_protocols = TLSv1.1 TLSv1.2\ntls_min_proto = tls1.2\n");
	ck_assert_uint_eq(t.plan.n_options, 1);
	o = gw_plan_find(&t.plan, row("tls_min_proto"));
	ck_assert_ptr_nonnull(o);
	ck_assert_str_eq(o->was, "TLSv1.1 to the newest");
	ck_assert_str_eq(o->now, "TLSv1.2 to the newest");
	plan_done(&t);
	plan_texts(&t, "", "tls_min_proto = tls1.2\n");
	ck_assert(gw_plan_is_empty(&t.plan));
	plan_done(&t);
}
END_TEST

START_TEST(certificates_are_compared_as_pairs)
{
	struct two t;

	plan_texts(&t, "ssl_certificate_file = /a\nssl_private_key_file = /k\nssl_certificates = /b:/k2 /c:/k3\n",
		"ssl_certificate_file = /b\nssl_private_key_file = /k2\nssl_certificates = /a:/k4 /c:/k3\n");
	ck_assert_str_eq(cert_moves(&t.plan), "removed /a:/k, kept /b:/k2, kept /c:/k3, added /a:/k4");
	plan_done(&t);
}
END_TEST

START_TEST(options_know_whose_sessions_they_are_about)
{
	unsigned imap = 1u << GW_SERVICE_IMAP | 1u << GW_SERVICE_IMAPS, pop3 = 1u << GW_SERVICE_POP3 | 1u << GW_SERVICE_POP3S;

	ck_assert_uint_eq(gw_option_services(row("imap_timeout")), imap);
	ck_assert_uint_eq(gw_option_services(row("pop3_timeout")), pop3);
	ck_assert_uint_eq(gw_option_services(row("login_timeout")), imap | pop3);
	ck_assert_uint_eq(gw_option_services(row("imaps_port")), 1u << GW_SERVICE_IMAPS);
	ck_assert_uint_eq(gw_option_services(row("pop3_listen")), 1u << GW_SERVICE_POP3);
	ck_assert_uint_eq(gw_option_services(row("server_bind")), imap | pop3);
}
END_TEST

/* ---- a snapshot from values ---- */

static struct gw_config *rebuild(const struct gw_config *cfg, size_t *unknown)
{
	struct gw_config_value v[256];
	size_t n = 0;

	for (; n < gw_option_count(); n++) {
		const struct gw_option *opt = gw_option_at(n);

		v[n] = (struct gw_config_value){ .name = gw_slice_str(opt->name), .text = gw_slice_str(gw_config_text(cfg, opt)) };
		v[n].set = gw_config_is_set(cfg, opt, &v[n].at);
	}
	return gw_config_rebuild(v, n, unknown);
}

START_TEST(a_snapshot_from_its_values_is_the_same)
{
	static const char *const texts[] = {
		"",
		"imap_listen = *:1143\nssl_protocols = TLSv1.1\n",
		"server_bind = ::1\nimap_port = 1143\nimap_max_messagesize = 5M\nauth_mechanisms = PLAIN\n",
		"ssl_certificates = /a:/b /c:/d\ntls_min_proto = tls1.2\nssl_protocols = TLSv1.1\npop3_enable = no\n",
	};
	struct loaded l;
	struct gw_config *cfg;
	struct gw_plan p;
	struct gw_place at;
	size_t unknown;

	load_text(&l, texts[_i]);
	cfg = rebuild(l.cfg, &unknown);
	ck_assert_uint_eq(unknown, 0);
	gw_plan_make(&p, l.cfg, cfg);
	ck_assert(gw_plan_is_empty(&p));
	ck_assert_uint_eq(p.moved, 0);
	ck_assert_ptr_null(strstr(cert_moves(&p), "added"));
	gw_plan_done(&p);
	ck_assert_int_eq(gw_config_is_set(cfg, row("imap_listen"), &at), _i == 1);
	if (_i == 1) {
		ck_assert_str_eq(at.file, "t.cfg");
		ck_assert_uint_eq(at.line, 1);
	}
	gw_config_unref(cfg);
	load_done(&l);
}
END_TEST

START_TEST(values_of_another_version_are_left_out_and_counted)
{
	const struct gw_config_value v[] = {
		{ .name = GW_S("no_such_option"), .text = GW_S("1"), .set = true },
		{ .name = GW_S("log_level"), .text = GW_S("loud"), .set = true },
		{ .name = GW_S("imap_timeout"), .text = GW_S("77"), .set = true },
	};
	size_t unknown;
	struct gw_config *cfg = gw_config_rebuild(v, 3, &unknown);

	ck_assert_uint_eq(unknown, 2);
	ck_assert_str_eq(gw_config_get(cfg, "imap_timeout"), "77");
	ck_assert_str_eq(gw_config_get(cfg, "log_level"), "2");
	ck_assert(gw_config_is_set(cfg, row("imap_timeout"), NULL));
	gw_config_unref(cfg);
}
END_TEST

START_TEST(what_a_reload_keeps_is_what_the_plan_said_waits)
{
	struct two t;
	struct gw_plan again;

	plan_texts(&t, "imap_port = 1143\nlog_level = 3\n", "imap_port = 2143\nlog_level = 4\nworker_threads = 2\n");
	gw_config_keep_restart(t.now.cfg, t.was.cfg);
	gw_plan_make(&again, t.was.cfg, t.now.cfg);
	ck_assert_uint_eq(again.n_options, t.plan.n_options - t.plan.count[GW_RESTART]);
	ck_assert_uint_eq(again.count[GW_RESTART], 0);
	ck_assert_uint_eq(again.moved, 0);
	gw_plan_done(&again);
	plan_done(&t);
}
END_TEST

/* ---- secrets ---- */

static const char *secret_env(void *ctx, const char *name)
{
	return strcmp(name, "MAIL_PASSWORD") == 0 ? ctx : NULL;
}

static void load_with(struct loaded *l, const char *text, const char *password)
{
	struct gw_slice s = gw_slice_str(text);

	load_source(l, &(struct gw_config_source){ .path = "t.cfg", .text = &s, .env = secret_env,
		.env_ctx = (void *)password });
	ck_assert_int_eq(l->rc, 0);
}

START_TEST(passwords_are_compared_but_not_shown)
{
	struct two t;
	const struct gw_plan_option *o;

	plan_texts(&t, "server_socket = https://u:first@h/\n", "server_socket = https://u:second@h/\nlog_level = 5\n");
	o = gw_plan_find(&t.plan, row("server_socket"));
	ck_assert_str_eq(o->now, "https://u:second@h/");
	ck_assert_str_eq(o->was_shown, "https://u:***@h/");
	ck_assert_str_eq(o->now_shown, "https://u:***@h/");
	gw_plan_drop(&t.plan, (size_t)(o - t.plan.options));
	ck_assert_uint_eq(t.plan.n_options, 1);
	ck_assert_uint_eq(t.plan.count[GW_RESTART], 0);
	ck_assert_str_eq(t.plan.options[0].opt->name, "log_level");
	ck_assert_str_eq(t.plan.options[0].now_shown, "5");
	plan_done(&t);
}
END_TEST

START_TEST(a_value_of_a_secret_variable_is_never_shown_even_when_a_reload_kept_it)
{
	struct two t;
	struct gw_plan again;
	const struct gw_plan_option *o;

	load_with(&t.was, "public_account = $MAIL_PASSWORD\n", "first");
	load_with(&t.now, "public_account = $MAIL_PASSWORD\n", "second");
	gw_plan_make(&t.plan, t.was.cfg, t.now.cfg);
	o = gw_plan_find(&t.plan, row("public_account"));
	ck_assert_str_eq(o->was, "first");
	ck_assert_str_eq(o->was_shown, "***");
	ck_assert_str_eq(o->now_shown, "***");
	gw_config_keep_restart(t.now.cfg, t.was.cfg);
	load_done(&t.was);
	load_with(&t.was, "", "");
	gw_plan_make(&again, t.was.cfg, t.now.cfg);
	ck_assert_str_eq(gw_plan_find(&again, row("public_account"))->now, "first");
	ck_assert_str_eq(gw_plan_find(&again, row("public_account"))->now_shown, "***");
	gw_plan_done(&again);
	plan_done(&t);
}
END_TEST

static TCase *tests(void)
{
	TCase *tc = tcase_create("plan");

	tcase_add_test(tc, what_is_written_in_another_way_is_no_change);
	tcase_add_test(tc, options_are_counted_by_class_and_keep_their_places);
	tcase_add_test(tc, a_plan_outlives_the_snapshots);
	tcase_add_test(tc, listeners_are_compared_as_sets_by_service);
	tcase_add_test(tc, the_listeners_of_metrics_move_by_a_restart);
	tcase_add_test(tc, the_order_of_listeners_and_the_dialect_move_nothing);
	tcase_add_test(tc, a_change_of_dialect_moves_services_that_are_not_named);
	tcase_add_test(tc, versions_of_tls_that_follow_from_what_is_set_are_a_change);
	tcase_add_test(tc, certificates_are_compared_as_pairs);
	tcase_add_test(tc, options_know_whose_sessions_they_are_about);
	tcase_add_loop_test(tc, a_snapshot_from_its_values_is_the_same, 0, 4);
	tcase_add_test(tc, values_of_another_version_are_left_out_and_counted);
	tcase_add_test(tc, passwords_are_compared_but_not_shown);
	tcase_add_test(tc, a_value_of_a_secret_variable_is_never_shown_even_when_a_reload_kept_it);
	tcase_add_test(tc, what_a_reload_keeps_is_what_the_plan_said_waits);
	return tc;
}

UNIT_MAIN("config/plan", tests())
