/* get.c - gwcfg get: values for scripts, also as one client would meet them */
#include "gwcfg/gwcfg.h"

#include "config/seen.h"
#include "util/json.h"
#include "util/mem.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <stdlib.h>
#include <string.h>

struct getter {
	const struct gw_config *cfg;
	struct gw_viewer viewer;
	bool view;  /* --for was given */
	bool mask, json, names, why;
	struct gw_json j;
	struct gw_buf out;
};

/* ---- --for ---- */

static bool in_words(const char *text, const char *const *words, size_t n, size_t *ret)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(text, words[i]) == 0) {
			*ret = i;
			return true;
		}
	return false;
}

/* "imaps", or one of its listeners as `gwcfg get imaps.listen' shows it. */
static bool set_listener(struct getter *g, const char *text)
{
	for (unsigned s = 0; s < GW_SERVICE_COUNT; s++) {
		const struct gw_listens *all = &g->cfg->listen[s];
		bool is = strcmp(text, gw_service_name((enum gw_service)s)) == 0;

		for (size_t i = 0; i < all->n; i++)
			is |= strcmp(text, all->v[i].text) == 0;
		if (!is)
			continue;
		g->viewer.service = (enum gw_service)s;
		g->viewer.knows |= GW_VIEWER_SERVICE;
		return true;
	}
	return false;
}

/* Does some interface of this machine have the address? Asks the kernel for the list, sends nothing. */
static bool has_interface(int family, const void *bytes, size_t n)
{
	struct ifaddrs *all = NULL;
	bool found = false;

	if (getifaddrs(&all) != 0)
		return false;
	for (const struct ifaddrs *a = all; a && !found; a = a->ifa_next) {
		const void *have = NULL;

		if (a->ifa_addr && a->ifa_addr->sa_family == family)
			have = family == AF_INET ? (const void *)&((const struct sockaddr_in *)(const void *)a->ifa_addr)->sin_addr :
				(const void *)&((const struct sockaddr_in6 *)(const void *)a->ifa_addr)->sin6_addr;
		found = have && memcmp(have, bytes, n) == 0;
	}
	freeifaddrs(all);
	return found;
}

static bool set_address(struct getter *g, const char *text)
{
	struct in6_addr six;
	struct in_addr four;

	g->viewer.knows |= GW_VIEWER_ADDRESS;
	if (strcmp(text, "unix") == 0)
		g->viewer.local = true;
	else if (inet_pton(AF_INET, text, &four) == 1)
		g->viewer.local = ntohl(four.s_addr) >> 24 == 127 || has_interface(AF_INET, &four, sizeof four);
	else if (inet_pton(AF_INET6, text, &six) == 1 && IN6_IS_ADDR_V4MAPPED(&six))
		g->viewer.local = six.s6_addr[12] == 127 || has_interface(AF_INET, six.s6_addr + 12, sizeof four);
	else if (inet_pton(AF_INET6, text, &six) == 1)
		g->viewer.local = IN6_IS_ADDR_LOOPBACK(&six) || has_interface(AF_INET6, &six, sizeof six);
	else
		return false;
	return true;
}

static bool set_user(struct getter *g, const char *text)
{
	g->viewer.knows |= GW_VIEWER_PHASE;
	g->viewer.signed_on = *text != '\0';
	return true;
}

static bool yes_or_no(const char *text, bool *ret)
{
	static const char *const words[] = { "no", "yes" };
	size_t i = 0;

	if (!in_words(text, words, 2, &i))
		return false;
	*ret = i == 1;
	return true;
}

static bool set_tls(struct getter *g, const char *text)
{
	return yes_or_no(text, &g->viewer.tls);
}

static bool set_certificate(struct getter *g, const char *text)
{
	return yes_or_no(text, &g->viewer.certificate);
}

static const struct {
	struct gw_cli_word word;
	bool (*set)(struct getter *g, const char *text);
	const char *takes;
} facts[] = {
	{ { "listener", "the service it speaks to", "imap imaps pop3 pop3s" }, set_listener,
		"imap, imaps, pop3, pop3s or one of their addresses" },
	{ { "address", "where it comes from", NULL }, set_address, "an IP address or unix" },
	{ { "user", "who has logged in; empty: nobody yet", NULL }, set_user, "a name or nothing" },
	{ { "tls", "whether STARTTLS was done", "yes no" }, set_tls, "yes or no" },
	{ { "certificate", "whether it has shown a certificate", "yes no" }, set_certificate, "yes or no" },
};
#define FACTS (sizeof facts / sizeof *facts)

static bool fact_word(size_t i, struct gw_cli_word *ret)
{
	if (i >= FACTS)
		return false;
	*ret = facts[i].word;
	return true;
}

static int take_fact(struct getter *g, const struct gw_cli_verb *verb, const char *fact)
{
	size_t n = strcspn(fact, "=");

	for (size_t i = 0; i < FACTS; i++) {
		if (fact[n] != '=' || strlen(facts[i].word.word) != n || memcmp(fact, facts[i].word.word, n) != 0)
			continue;
		if (facts[i].set(g, fact + n + 1))
			return EXIT_FINE;
		return usage_error(verb, "--for %s= takes %s, not \"%.60s\"", facts[i].word.word, facts[i].takes, fact + n + 1);
	}
	return usage_error(verb, "--for takes listener=, address=, user=, tls= and certificate=, not \"%.60s\"", fact);
}

/* A client that can never be there is worth a word, though its values are told. */
static void warn_of_nobody(const struct getter *g)
{
	const char *service = gw_service_name(g->viewer.service);
	bool local = g->viewer.local || !(g->viewer.knows & GW_VIEWER_ADDRESS);

	if (!(g->viewer.knows & GW_VIEWER_SERVICE) || gw_config_reachable(g->cfg, g->viewer.service, local))
		return;
	if (g->cfg->listen[g->viewer.service].n == 0)
		complain("gwcfg get: %s is off in this configuration", service);
	else
		complain("gwcfg get: %s listens for this machine only, so there is no such client", service);
}

/* "listener=imaps,address=192.0.2.1", perhaps in several flags. */
static int take_viewer(struct getter *g, const struct gw_cli_args *args)
{
	const char *given;
	int code = EXIT_FINE;

	for (size_t i = 0; code == EXIT_FINE && (given = gw_cli_each(args, "for", &i));) {
		char *copy = gw_xstrdup(given), *save, *fact;

		for (fact = strtok_r(copy, ",", &save); fact && code == EXIT_FINE; fact = strtok_r(NULL, ",", &save))
			code = take_fact(g, args->verb, fact);
		free(copy);
		g->view = true;
	}
	return code;
}

/* ---- values ---- */

static void put_value(const struct getter *g, const struct gw_option *opt, const struct gw_seen *s, struct gw_buf *out)
{
	if (!g->mask)
		gw_buf_printf(out, "%s", s->value);
	else if (s->value == gw_config_text(g->cfg, opt))
		gw_config_put_masked(g->cfg, opt, out);
	else
		gw_secret_put_masked(gw_slice_str(s->value), out);
}

static void put_line(struct getter *g, const char *name, const struct gw_buf *value)
{
	if (g->names)
		gw_buf_printf(&g->out, "%s =%s", name, value->n ? " " : "");
	gw_buf_add_slice(&g->out, gw_buf_slice(value));
	gw_buf_add_char(&g->out, '\n');
}

static void put_json(struct getter *g, const struct gw_option *opt, const struct gw_seen *s, const struct gw_buf *value,
	const struct gw_buf *configured)
{
	struct gw_config_origin o;

	gw_config_origin(g->cfg, opt, &o);
	gw_json_open(&g->j, opt->name, '{');
	if (s->counts)
		gw_json_string(&g->j, "value", gw_buf_slice(value));
	else
		gw_json_str(&g->j, "value", NULL);
	gw_json_str(&g->j, "default", opt->def);
	json_put_place(&o.at, &g->j);
	if (g->view) {
		gw_json_string(&g->j, "configured", gw_buf_slice(configured));
		gw_json_bool(&g->j, "counts", s->counts);
		gw_json_str(&g->j, "reason", s->why);
	}
	gw_json_close(&g->j, '}');
}

static int get_option(struct getter *g, const struct gw_option *opt)
{
	struct gw_seen s = { .counts = true, .value = gw_config_text(g->cfg, opt) };
	struct gw_buf value, configured;

	gw_buf_init(&configured, 0);
	gw_buf_init(&value, 0);
	put_value(g, opt, &s, &configured);
	if (g->view)
		gw_config_see(g->cfg, opt, &g->viewer, &s);
	put_value(g, opt, &s, &value);
	if (g->json)
		put_json(g, opt, &s, &value, &configured);
	else if (s.counts)
		put_line(g, opt->name, &value);
	else
		complain("gwcfg get: %s %s", opt->name, s.why);
	if (g->why && !g->json && s.counts && s.why)
		gw_buf_printf(&g->out, "  because: %s\n", s.why);
	gw_buf_done(&value);
	gw_buf_done(&configured);
	return s.counts || g->json ? EXIT_FINE : EXIT_ERRORS;
}

static int get_derived(struct getter *g, const struct gw_derived *d)
{
	struct gw_buf value;

	gw_buf_init(&value, 0);
	d->put(g->cfg, &value);
	if (g->json) {
		gw_json_open(&g->j, d->name, '{');
		gw_json_string(&g->j, "value", gw_buf_slice(&value));
		gw_json_close(&g->j, '}');
	} else {
		put_line(g, d->name, &value);
	}
	gw_buf_done(&value);
	return EXIT_FINE;
}

static int get_one(struct getter *g, const char *name)
{
	const struct gw_option *opt = gw_option_find(gw_slice_str(name)), *near;
	const struct gw_derived *d = gw_derived_find(gw_slice_str(name));

	if (d)
		return get_derived(g, d);
	if (opt && opt->type != GW_OPT_RETIRED)
		return get_option(g, opt);
	near = opt ? NULL : gw_option_nearest(gw_slice_str(name));
	if (opt)
		complain("gwcfg get: %s no longer does anything, so it has no value", name);
	else
		complain("gwcfg get: there is no option %s%s%s%s", name, near ? "; did you mean " : "",
			near ? near->name : "", near ? "?" : "; `gwcfg list' shows all");
	return EXIT_ERRORS;
}

/* ---- the verb ---- */

static int get_all(struct getter *g, const struct gw_cli_args *args)
{
	int code = take_viewer(g, args);

	if (code != EXIT_FINE)
		return code;
	warn_of_nobody(g);
	if (g->json)
		gw_json_open(&g->j, NULL, '{');
	for (size_t i = 0; i < args->n; i++)
		if (get_one(g, args->operands[i]) != EXIT_FINE)
			code = EXIT_ERRORS;
	if (g->json) {
		gw_json_close(&g->j, '}');
		gw_buf_add_char(&g->out, '\n');
	}
	return code;
}

static int get_run(const struct gw_cli_args *args)
{
	struct input in = { .path = gw_cli_value(args, "config"), .args = args, .any_store = true };
	struct getter g = { .mask = gw_cli_has(args, "mask"), .json = gw_cli_has(args, "json"),
		.names = args->n > 1 || gw_cli_has(args, "verbose"), .why = gw_cli_has(args, "why") };
	struct result r;
	int code;

	input_read(&in, &r);
	g.cfg = r.cfg;
	gw_buf_init(&g.out, 0);
	gw_json_init(&g.j, &g.out);
	code = r.cfg ? get_all(&g, args) : result_refuse(&r);
	result_done(&r);
	return print_text(&g.out) ? code : EXIT_IO;
}

/* Options and derived values. */
static bool value_word(size_t i, struct gw_cli_word *ret)
{
	const struct gw_derived *d;

	if (i < gw_option_count())
		return value_option.word(i, ret);
	d = gw_derived_at(i - gw_option_count());
	if (d)
		*ret = (struct gw_cli_word){ d->name, d->brief, NULL };
	return d != NULL;
}

static const struct gw_cli_value value_value = { "NAME", GW_CLI_NAMES, value_word };
static const struct gw_cli_value value_viewer = { "FACT=VALUE,...", GW_CLI_SETTINGS, fact_word };
static const struct gw_cli_flag flag_for = { 'f', "for", &value_viewer, "as such a client would meet it" };
static const struct gw_cli_flag flag_why = { 'w', "why", NULL, "say why it is another value for that client" };
static const struct gw_cli_flag flag_verbose = { 'v', "verbose", NULL, "name = value, also for one name" };

static const struct gw_cli_flag *const flags[] = { &flag_for, &flag_why, &flag_verbose, &flag_mask, &flag_json,
	&flag_config, &flag_override, &flag_ignore, &flag_as, &flag_replace, &flag_root, NULL };

const struct gw_cli_verb verb_get = {
	.name = "get",
	.brief = "print single values, also as one client would meet them",
	.doc = "Prints the value of an option, whether a file sets it or not; for several names, lines of `name = value`. "
	       "Besides options there are names for what several of them mean together: services, imap.listen, pop3.listen, "
	       "imaps.listen, pop3s.listen, tls.min, tls.max and tls.certificates.\n\n"
	       "With --for it is the value that one client would meet: disable_plaintext_auth is no for a client inside TLS "
	       "or of this machine, and auth_mechanisms are those it would be offered. The facts are listener=imap, imaps, pop3, "
	       "pop3s or an address from imap.listen; address=IP or unix; user=NAME of one that has logged in, user= of one "
	       "that has not; tls=yes after STARTTLS; certificate=yes when it has shown one. What has nothing to do "
	       "with such a client is not printed, standard error says why, and the exit code is 1; in JSON the value is "
	       "null, and there is the reason.\n\n"
	       "Secrets are shown, unless there is --mask.",
	.examples = "  gwcfg get imap_port\n"
		    "  gwcfg get imap.listen tls.min\n"
		    "  gwcfg get --why --for listener=imap,address=192.0.2.7 disable_plaintext_auth auth_mechanisms\n"
		    "  gwcfg get --json --config gateway.cfg server_socket\n",
	.flags = flags,
	.operand = &value_value,
	.min = 1,
	.max = SIZE_MAX,
	.run = get_run,
};
