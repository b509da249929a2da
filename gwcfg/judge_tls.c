/* judge_tls.c - do the TLS options give anything with the TLS library of this machine?
 *
 * Asked only when a file says something else than the defaults, which are known to be good. The questions are those that
 * the daemon puts to the library when it starts. */
#include "gwcfg/check.h"

#include "config/codes.h"
#include "gwcfg/openssl.h"
#include "util/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const judged[] = { "ssl_ciphers", "ssl_curves", "tls_min_proto", "ssl_protocols" };

/* Set by a file, and not to the default; "" is the library's own choice. */
static bool is_other(const struct gw_config *cfg, const char *name)
{
	const struct gw_option *opt = gw_option_find(gw_slice_str(name));
	const char *text = gw_config_text(cfg, opt);

	return gw_config_is_set(cfg, opt, NULL) && *text && strcmp(text, opt->def) != 0;
}

/* A finding at a word of the value, when the value stands in the file as it is. */
static void find_word(const struct gw_config *cfg, struct gw_diags *diags, struct gw_finding *f, const char *value,
	struct gw_slice word, const char *says)
{
	struct gw_config_origin o;

	if (gw_config_origin(cfg, gw_option_find(gw_slice_str(f->option)), &o) && !o.env) {
		f->skip = (unsigned)(word.p - value);
		f->width = (unsigned)word.n;
	}
	gw_config_find(cfg, diags, f, "\"%.*s\" %s", (int)(word.n < 80 ? word.n : 80), word.p, says);
}

/* ---- ciphers ---- */

static bool gives_ciphers(const struct openssl *o, SSL_CTX *ctx, struct gw_slice list)
{
	char *text = gw_xslicedup(list);
	bool fine = o->SSL_CTX_set_cipher_list(ctx, text) == 1;

	free(text);
	o->ERR_clear_error();
	return fine;
}

/* Words with a sign in front take away or move what may not be there; @ is a directive. */
static void judge_words(const struct openssl *o, const struct gw_config *cfg, struct gw_diags *diags)
{
	struct gw_slice rest = gw_slice_str(cfg->ssl_ciphers), word;
	SSL_CTX *ctx = o->SSL_CTX_new(o->TLS_server_method());

	while (ctx && gw_slice_word(&rest, ":,; ", &word)) {
		struct gw_finding f = { .code = CONFIG_W_CIPHER_WORD, .option = "ssl_ciphers" };
		bool newer = word.n > 4 && memcmp(word.p, "TLS_", 4) == 0;

		if (strchr("!-+@", *word.p) || gives_ciphers(o, ctx, word))
			continue;
		f.suggestion = newer ? "take it out: the ciphers of TLS 1.3 are always on" : "`openssl ciphers' prints what it knows";
		find_word(cfg, diags, &f, cfg->ssl_ciphers, word, "gives no cipher with the TLS library of this machine");
	}
	o->SSL_CTX_free(ctx);
}

static void judge_ciphers(const struct openssl *o, SSL_CTX *ctx, const struct gw_config *cfg, struct gw_diags *diags)
{
	if (gives_ciphers(o, ctx, gw_slice_str(cfg->ssl_ciphers))) {
		judge_words(o, cfg, diags);
		return;
	}
	gw_config_find(cfg, diags, &(struct gw_finding){ .code = CONFIG_E_CIPHERS, .option = "ssl_ciphers",
		.suggestion = "HIGH:!aNULL is a good list" },
		"\"%.200s\" gives no cipher with the TLS library of this machine", cfg->ssl_ciphers);
}

/* ---- groups ---- */

static bool knows_groups(const struct openssl *o, SSL_CTX *ctx, struct gw_slice list)
{
	char *text = gw_xslicedup(list);
	bool fine = o->SSL_CTX_ctrl(ctx, SSL_CTRL_SET_GROUPS_LIST, 0, text) == 1;

	free(text);
	o->ERR_clear_error();
	return fine;
}

static void judge_groups(const struct openssl *o, SSL_CTX *ctx, const struct gw_config *cfg, struct gw_diags *diags)
{
	struct gw_slice rest = gw_slice_str(cfg->ssl_curves), word;
	struct gw_finding f = { .code = CONFIG_E_CURVES, .option = "ssl_curves",
		.suggestion = "X25519:P-256:P-384 is a good list" };
	size_t unknown = 0;

	if (knows_groups(o, ctx, rest))
		return;
	while (gw_slice_word(&rest, ":", &word)) {
		if (knows_groups(o, ctx, word))
			continue;
		unknown++;
		find_word(cfg, diags, &f, cfg->ssl_curves, word, "is no group that the TLS library of this machine knows");
	}
	f.skip = f.width = 0;
	if (!unknown)
		gw_config_find(cfg, diags, &f, "\"%.200s\" is refused by the TLS library of this machine", cfg->ssl_curves);
}

/* ---- versions ---- */

/* Since OpenSSL 3.0 versions before TLS 1.2 need SHA-1 and MD5, which security level 1 forbids; before, level 3. */
static bool speaks(const struct openssl *o, SSL_CTX *ctx, int version)
{
	int level = o->SSL_CTX_get_security_level(ctx), most = o->OpenSSL_version_num() >= 0x30000000UL ? 0 : 2;
	bool built = o->SSL_CTX_ctrl(ctx, SSL_CTRL_SET_MIN_PROTO_VERSION, version, NULL) == 1 &&
		     o->SSL_CTX_ctrl(ctx, SSL_CTRL_SET_MAX_PROTO_VERSION, version, NULL) == 1;

#ifdef OPENSSL_NO_SSL3
	built = built && version != SSL3_VERSION; /* it takes the number, all the same */
#endif
	o->SSL_CTX_ctrl(ctx, SSL_CTRL_SET_MIN_PROTO_VERSION, 0, NULL);
	o->SSL_CTX_ctrl(ctx, SSL_CTRL_SET_MAX_PROTO_VERSION, 0, NULL);
	o->ERR_clear_error();
	return built && level <= most;
}

static void judge_versions(const struct openssl *o, SSL_CTX *ctx, const struct gw_config *cfg, struct gw_diags *diags)
{
	static const struct {
		enum gw_tls_version version;
		const char *word;
	} old[] = { { GW_TLS_SSL3, "SSLv3" }, { GW_TLS_1_0, "TLSv1" }, { GW_TLS_1_1, "TLSv1.1" } };
	char words[64] = "";

	for (size_t i = 0; i < sizeof old / sizeof *old; i++) {
		size_t n = strlen(words);

		if (old[i].version < cfg->tls_min || (cfg->tls_max != GW_TLS_ANY && old[i].version > cfg->tls_max))
			continue;
		if (!speaks(o, ctx, (int)old[i].version))
			snprintf(words + n, sizeof words - n, "%s%s", n ? ", " : "", old[i].word);
	}
	if (*words)
		gw_config_find(cfg, diags, &(struct gw_finding){ .code = CONFIG_W_VERSION,
			.option = is_other(cfg, "tls_min_proto") ? "tls_min_proto" : "ssl_protocols",
			.suggestion = is_other(cfg, "tls_min_proto") ? "write tls1.2" : "write tls_min_proto = tls1.2 instead" },
			"allows what the TLS library of this machine does not speak: %s", words);
}

void judge_tls(const struct gw_config *cfg, struct gw_diags *diags)
{
	const struct openssl *o;
	const char *first = NULL;
	SSL_CTX *ctx;

	for (size_t i = 0; i < sizeof judged / sizeof *judged && !first; i++)
		if (is_other(cfg, judged[i]))
			first = judged[i];
	o = first ? openssl_load() : NULL;
	ctx = o ? o->SSL_CTX_new(o->TLS_server_method()) : NULL;
	if (first && !ctx) {
		gw_config_find(cfg, diags, &(struct gw_finding){ .code = CONFIG_N_NOT_SEEN, .option = first },
			"cannot be judged, since %s cannot be used", openssl_name);
		return;
	}
	if (!first)
		return;
	if (is_other(cfg, "ssl_ciphers"))
		judge_ciphers(o, ctx, cfg, diags);
	if (is_other(cfg, "ssl_curves"))
		judge_groups(o, ctx, cfg, diags);
	judge_versions(o, ctx, cfg, diags);
	o->SSL_CTX_free(ctx);
}
