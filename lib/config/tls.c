/* tls.c - which versions and certificates the TLS options mean together
 *
 * ssl_protocols is a set of words from the years before TLS 1.3; a server needs a lowest and a highest version. The
 * set is cut to its upper part without gaps. TLS 1.3 has no word in old files, so it is on unless a word excludes it. */
#include "config/priv.h"

#include <stdio.h>

#define VERSIONS 5

static const struct {
	const char *word;
	enum gw_tls_version version;
} protocols[VERSIONS] = {
	{ "SSLv3", GW_TLS_SSL3 }, { "TLSv1", GW_TLS_1_0 },   { "TLSv1.1", GW_TLS_1_1 },
	{ "TLSv1.2", GW_TLS_1_2 }, { "TLSv1.3", GW_TLS_1_3 },
};

static int find_protocol(const char *word)
{
	for (int i = 0; i < VERSIONS; i++)
		if (gw_slice_eqi(gw_slice_str(word), gw_slice_str(protocols[i].word)))
			return i;
	if (gw_slice_eqi(gw_slice_str(word), GW_S("TLSv1.0")))
		return 1;
	return -1;
}

static bool known_gone(const char *word)
{
	return gw_slice_eqi(gw_slice_str(word), GW_S("SSLv2"));
}

/* Bit i: protocols[i] is wanted. Unknown words are reported; excluding an unknown one is harmless. */
static void report_version(struct config_load *l, const struct gw_option *opt, const char *word)
{
	struct config_finding f = { .code = known_gone(word) ? CONFIG_W_NO_EFFECT : CONFIG_E_WORD, .option = opt,
		.found = word, .expected = "SSLv3, TLSv1, TLSv1.1, TLSv1.2 or TLSv1.3, each with or without !" };
	const struct config_origin *o = config_value(l->cfg, opt)->origin;

	config_at_word(&f, o, word);
	config_find(l, o, &f, known_gone(word) ? "\"%s\" is never spoken" : "\"%s\" is not a version of TLS", word);
}

static unsigned wanted_versions(const struct gw_words *w, struct config_load *l, const struct gw_option *opt)
{
	unsigned named = 0, excluded = 0;
	bool positive = false;

	for (size_t i = 0; i < w->n; i++) {
		bool not = w->v[i][0] == '!';
		const char *word = w->v[i] + not;
		int bit = find_protocol(word);

		positive |= !not;
		if (bit >= 0)
			*(not ? &excluded : &named) |= 1u << bit;
		else if (l && !not)
			report_version(l, opt, word);
	}
	if (!positive)
		named = ((1u << VERSIONS) - 1) & ~1u; /* SSLv3 only when it is asked for by name (RFC 7568) */
	return (named | 1u << (VERSIONS - 1)) & ~excluded;
}

/* The upper part of the set without gaps, as lowest and highest version. */
static void cut_to_range(struct gw_config *cfg, unsigned set)
{
	int hi = VERSIONS - 1, lo;

	while (hi >= 0 && !(set & 1u << hi))
		hi--;
	if (hi < 0) {
		cfg->tls_min = cfg->tls_max = GW_TLS_1_3;
		return;
	}
	for (lo = hi; lo > 0 && set & 1u << (lo - 1);)
		lo--;
	cfg->tls_min = protocols[lo].version;
	cfg->tls_max = hi == VERSIONS - 1 ? GW_TLS_ANY : protocols[hi].version;
}

static void report_range(struct config_load *l, const struct gw_option *opt, unsigned set)
{
	const struct config_origin *o = config_value(l->cfg, opt)->origin;
	unsigned kept = 0;

	if (set == 0) {
		config_find(l, o, &(struct config_finding){ .code = CONFIG_E_TLS, .option = opt }, "leaves no version of TLS");
		return;
	}
	for (int i = 0; i < VERSIONS; i++)
		if (protocols[i].version >= l->cfg->tls_min)
			kept |= 1u << i;
	if (set & ~kept)
		config_find(l, o, &(struct config_finding){ .code = CONFIG_W_GAP, .option = opt,
			.suggestion = "name the versions between, or use tls_min_proto" },
			"has a gap; versions below it are off");
}

/* What the options say together; ssl_protocols counts while tls_min_proto is not set. */
static void derive_versions(struct gw_config *cfg, struct config_load *l)
{
	const struct gw_option *older = gw_option_find(GW_S("ssl_protocols"));
	const struct gw_option *newer = gw_option_find(GW_S("tls_min_proto"));
	unsigned set;

	cfg->tls_min = cfg->tls_min_proto;
	cfg->tls_max = GW_TLS_ANY;
	if (cfg->ssl_protocols.n == 0)
		return;
	set = wanted_versions(&cfg->ssl_protocols, l, older);
	if (gw_config_is_set(cfg, newer, NULL)) {
		if (l)
			config_find(l, config_value(cfg, older)->origin,
				&(struct config_finding){ .code = CONFIG_W_NO_EFFECT, .option = older, .at_name = true },
				"does not count, since tls_min_proto is set too");
		return;
	}
	cut_to_range(cfg, set);
	if (l)
		report_range(l, older, set);
}

static const char *word_of(enum gw_tls_version v, const char *any)
{
	for (int i = 0; i < VERSIONS; i++)
		if (protocols[i].version == v)
			return protocols[i].word;
	return any;
}

void config_derive_tls(struct gw_config *cfg, struct config_load *l)
{
	derive_versions(cfg, l);
	cfg->state->versions = gw_arena_printf(&cfg->state->arena, "%s to %s", word_of(cfg->tls_min, "any"),
		word_of(cfg->tls_max, "the newest"));
}

bool config_versions_differ(const struct gw_config *was, const struct gw_config *now, const struct gw_option *opt,
	const char **a, const char **b)
{
	if (strcmp(opt->name, "tls_min_proto") != 0 || was->tls_min_proto != now->tls_min_proto ||
		strcmp(gw_config_get(was, "ssl_protocols"), gw_config_get(now, "ssl_protocols")) != 0)
		return false;
	*a = was->state->versions;
	*b = now->state->versions;
	return strcmp(*a, *b) != 0;
}

static void report_pair(struct config_load *l, const struct gw_option *opt, const char *word)
{
	struct config_finding f = { .code = CONFIG_E_PAIR, .option = opt, .found = word, .expected = "cert.pem:key.pem" };
	const struct config_origin *o = config_value(l->cfg, opt)->origin;

	config_at_word(&f, o, word);
	config_find(l, o, &f, "\"%s\" is not a certificate and its key", word);
}

static bool split_pair(const char *word, struct gw_arena *arena, struct gw_cert_pair *ret)
{
	struct gw_slice s = gw_slice_str(word);
	size_t colon = gw_slice_find(s, ':');

	if (colon == 0 || colon + 1 >= s.n || memchr(s.p + colon + 1, ':', s.n - colon - 1))
		return false;
	ret->cert = gw_arena_str(arena, gw_slice(s.p, colon));
	ret->key = gw_arena_str(arena, gw_slice(s.p + colon + 1, s.n - colon - 1));
	return true;
}

void config_derive_certs(struct gw_config *cfg, struct config_load *l)
{
	const struct gw_option *opt = gw_option_find(GW_S("ssl_certificates"));
	struct gw_arena *arena = &cfg->state->arena;
	struct gw_cert_pair *v = gw_arena_calloc(arena, cfg->ssl_certificates.n + 1, sizeof *v);
	size_t n = 0;

	if (*cfg->ssl_certificate_file && *cfg->ssl_private_key_file)
		v[n++] = (struct gw_cert_pair){ cfg->ssl_certificate_file, cfg->ssl_private_key_file };
	for (size_t i = 0; i < cfg->ssl_certificates.n; i++) {
		const char *word = cfg->ssl_certificates.v[i];

		if (split_pair(word, arena, &v[n]))
			n++;
		else if (l)
			report_pair(l, opt, word);
	}
	cfg->certs = v;
	cfg->n_certs = n;
}
