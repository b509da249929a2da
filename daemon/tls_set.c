/* tls_set.c - TLS contexts out of one configuration (see tls.h)
 *
 * One SSL_CTX a certificate pair; a table of the names in the certificates says which one a client means (SNI,
 * RFC 6066 section 3). The table is made once: names that clients send are compared and never kept. Files are checked
 * here completely, so that a reload with broken files fails as a whole and the old set stays. */
#include "daemon/tls_set.h"

#include "util/clock.h"
#include "util/mem.h"

#include <errno.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

#define NAME_MAX_BYTES 255 /* of a DNS name */
#define TICKET_LIFE_S (24 * 3600)

/* The first line of OpenSSL's queue of complaints, which is emptied. */
static const char *complaint(char *p, size_t cap)
{
	unsigned long e = ERR_peek_error();
	const char *reason = ERR_reason_error_string(e);

	snprintf(p, cap, "%s", reason ? reason : ERR_SYSTEM_ERROR(e) ? strerror(ERR_GET_REASON(e)) : "refused by OpenSSL");
	ERR_clear_error();
	return p;
}

static int refuse(struct gw_err *err, const char *option, const char *value)
{
	char why[128];

	return gw_fail(err, GW_EINVAL, "%s: cannot use \"%s\": %s", option, value, complaint(why, sizeof why));
}

/* ---- session tickets ---- */

void tls_tickets_rotate(struct tls_tickets *t)
{
	unsigned next = t->made ? atomic_load(&t->newest) + 1 : 0;
	struct tls_ticket_key *k = &t->key[next % TLS_TICKET_KEYS];

	if (RAND_bytes((unsigned char *)k, sizeof *k) != 1)
		gw_bug("no random bytes");
	if (t->made < TLS_TICKET_KEYS)
		t->made++;
	t->drawn_s = gw_wall_s(gw_clock_system());
	atomic_store(&t->newest, next);
}

void tls_tickets_forget(struct tls_tickets *t)
{
	for (unsigned i = 0; i < TLS_TICKET_KEYS; i++)
		tls_tickets_rotate(t);
}

unsigned tls_tickets_accepted(const struct tls_tickets *t)
{
	return t->made < TLS_TICKET_KEYS - 1 ? t->made : TLS_TICKET_KEYS - 1;
}

static struct tls_ticket_key *ticket_key(struct tls_tickets *t, const unsigned char *name)
{
	unsigned newest = atomic_load(&t->newest);

	/* One generation less than there is room for: the oldest may be in the act of being replaced. */
	for (unsigned i = 0; i < TLS_TICKET_KEYS - 1 && i <= newest; i++) {
		struct tls_ticket_key *k = &t->key[(newest - i) % TLS_TICKET_KEYS];

		if (memcmp(k->name, name, sizeof k->name) == 0)
			return k;
	}
	return NULL;
}

static int on_ticket(SSL *ssl, unsigned char *name, unsigned char *iv, EVP_CIPHER_CTX *cipher, EVP_MAC_CTX *mac, int enc)
{
	struct tls_set *set = SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));
	struct tls_tickets *t = set->tickets;
	struct tls_ticket_key *newest = &t->key[atomic_load(&t->newest) % TLS_TICKET_KEYS], *k = newest;
	OSSL_PARAM params[3];

	if (!enc) {
		k = ticket_key(t, name);
		if (!k)
			return 0; /* a ticket of another life: full handshake */
	} else {
		memcpy(name, k->name, sizeof k->name);
		if (RAND_bytes(iv, EVP_CIPHER_get_iv_length(set->ticket_cipher)) != 1)
			return -1;
	}
	params[0] = OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, k->hmac, sizeof k->hmac);
	params[1] = OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, (char *)"SHA256", 0);
	params[2] = OSSL_PARAM_construct_end();
	if (EVP_MAC_CTX_set_params(mac, params) != 1 ||
	    EVP_CipherInit_ex2(cipher, set->ticket_cipher, k->aes, iv, enc, NULL) != 1)
		return -1;
	return k == newest ? 1 : 2; /* 2: good, but give out a fresh one */
}

/* ---- names ---- */

static void add_name(struct tls_set *set, struct gw_slice name, SSL_CTX *ctx)
{
	char *p;

	if (name.n == 0 || name.n > NAME_MAX_BYTES || memchr(name.p, 0, name.n))
		return;
	set->names = gw_xrealloc(set->names, set->n_names + 1, sizeof *set->names);
	p = gw_xslicedup(name);
	for (char *c = p; *c; c++)
		*c = gw_lower(*c);
	set->names[set->n_names++] = (struct tls_name){ p, ctx };
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct tls_name *)a)->name, ((const struct tls_name *)b)->name);
}

/* The subject's alternative names; without any, its common name (RFC 6125 section 6.4.4). */
static void add_names_of(struct tls_set *set, SSL_CTX *ctx)
{
	X509 *cert = SSL_CTX_get0_certificate(ctx);
	GENERAL_NAMES *alt = X509_get_ext_d2i(cert, NID_subject_alt_name, NULL, NULL);
	size_t before = set->n_names;
	int at;

	for (int i = 0; i < sk_GENERAL_NAME_num(alt); i++) {
		const GENERAL_NAME *n = sk_GENERAL_NAME_value(alt, i);

		if (n->type == GEN_DNS)
			add_name(set, gw_slice((const char *)ASN1_STRING_get0_data(n->d.dNSName),
					       (size_t)ASN1_STRING_length(n->d.dNSName)), ctx);
	}
	GENERAL_NAMES_free(alt);
	at = X509_NAME_get_index_by_NID(X509_get_subject_name(cert), NID_commonName, -1);
	if (set->n_names == before && at >= 0) {
		const ASN1_STRING *cn = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(X509_get_subject_name(cert), at));

		add_name(set, gw_slice((const char *)ASN1_STRING_get0_data(cn), (size_t)ASN1_STRING_length(cn)), ctx);
	}
}

static SSL_CTX *find_name(const struct tls_set *set, const char *name)
{
	struct tls_name key = { name, NULL }, *found;

	found = bsearch(&key, set->names, set->n_names, sizeof key, by_name);
	return found ? found->ctx : NULL;
}

static SSL_CTX *context_for(const struct tls_set *set, const char *asked)
{
	char name[NAME_MAX_BYTES + 2];
	size_t n = strnlen(asked, NAME_MAX_BYTES + 1), label;
	SSL_CTX *ctx;

	if (n > NAME_MAX_BYTES)
		return NULL;
	for (size_t i = 0; i <= n; i++)
		name[i] = gw_lower(asked[i]);
	if (n && name[n - 1] == '.')
		name[n - 1] = 0;
	ctx = find_name(set, name);
	label = strcspn(name, ".");
	if (ctx || label == 0 || name[label] == 0)
		return ctx;
	name[label - 1] = '*'; /* "*.example.org" stands for one label */
	return find_name(set, name + label - 1);
}

static int on_server_name(SSL *ssl, int *alert, void *arg)
{
	const char *name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
	SSL_CTX *ctx = name ? context_for(arg, name) : NULL;

	(void)alert;
	if (ctx)
		SSL_set_SSL_CTX(ssl, ctx);
	return ctx ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK; /* unknown: the default certificate */
}

/* A client that offers protocols must offer ours (RFC 7301 section 3.2): what was meant for a web server is not
 * answered by a mail server. */
static int on_alpn(SSL *ssl, const unsigned char **ret, unsigned char *ret_n, const unsigned char *in, unsigned n, void *arg)
{
	const struct tls_conn *t = SSL_get_app_data(ssl);
	size_t want = strlen(t->alpn);

	(void)arg;
	for (unsigned i = 0; i < n && i + 1u + in[i] <= n; i += 1u + in[i]) {
		if (in[i] != want || memcmp(in + i + 1, t->alpn, want) != 0)
			continue;
		*ret = in + i + 1;
		*ret_n = in[i];
		return SSL_TLSEXT_ERR_OK;
	}
	return SSL_TLSEXT_ERR_ALERT_FATAL;
}

/* ---- a context ---- */

/* Nobody is there to type a pass phrase. */
static int no_passphrase(char *buf, int size, int rwflag, void *arg)
{
	(void)buf;
	(void)size;
	(void)rwflag;
	(void)arg;
	return -1;
}

static void on_info(const SSL *ssl, int where, int value)
{
	struct tls_conn *t = SSL_get_app_data(ssl);

	(void)value;
	if (where & SSL_CB_HANDSHAKE_START)
		t->handshakes++;
}

/* GW_ENOENT: there is no such file. A FIFO or a device would be waited for, or read, for ever. */
static int look_for(const char *option, const char *path, struct gw_err *err)
{
	struct stat st;

	if (stat(path, &st) == 0)
		return S_ISREG(st.st_mode) ? 0 : gw_fail(err, GW_EINVAL, "%s: \"%s\" is not a regular file", option, path);
	if (errno != ENOENT)
		return 0; /* what is wrong with it, opening it will tell */
	return gw_fail(err, GW_ENOENT, "%s: \"%s\" does not exist", option, path);
}

static int set_verify(SSL_CTX *ctx, const struct gw_config *cfg, struct gw_err *err)
{
	if (*cfg->ssl_verify_file) {
		if (look_for("ssl_verify_file", cfg->ssl_verify_file, err) < 0)
			return GW_EINVAL;
		if (SSL_CTX_load_verify_file(ctx, cfg->ssl_verify_file) != 1)
			return refuse(err, "ssl_verify_file", cfg->ssl_verify_file);
		SSL_CTX_set_client_CA_list(ctx, SSL_load_client_CA_file(cfg->ssl_verify_file));
	}
	if (*cfg->ssl_verify_path && SSL_CTX_load_verify_dir(ctx, cfg->ssl_verify_path) != 1)
		return refuse(err, "ssl_verify_path", cfg->ssl_verify_path);
	if (cfg->ssl_verify_client)
		SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
	return 0;
}

static int load_pair(SSL_CTX *ctx, const struct gw_cert_pair *pair, struct gw_err *err)
{
	int rc = look_for("ssl_certificate_file", pair->cert, err);

	if (rc == 0)
		rc = look_for("ssl_private_key_file", pair->key, err);
	if (rc < 0)
		return rc;
	SSL_CTX_set_default_passwd_cb(ctx, no_passphrase);
	if (SSL_CTX_use_certificate_chain_file(ctx, pair->cert) != 1)
		return refuse(err, "ssl_certificate_file", pair->cert);
	if (SSL_CTX_use_PrivateKey_file(ctx, pair->key, SSL_FILETYPE_PEM) != 1 || SSL_CTX_check_private_key(ctx) != 1)
		return refuse(err, "ssl_private_key_file", pair->key);
	return 0;
}

static int set_algorithms(SSL_CTX *ctx, const struct gw_config *cfg, struct gw_err *err)
{
	if (SSL_CTX_set_min_proto_version(ctx, (int)cfg->tls_min) != 1)
		return refuse(err, "tls_min_proto", "the lowest version");
	if (SSL_CTX_set_max_proto_version(ctx, (int)cfg->tls_max) != 1)
		return refuse(err, "ssl_protocols", "the highest version");
	if (*cfg->ssl_ciphers && SSL_CTX_set_cipher_list(ctx, cfg->ssl_ciphers) != 1)
		return refuse(err, "ssl_ciphers", cfg->ssl_ciphers);
	if (*cfg->ssl_curves && SSL_CTX_set1_groups_list(ctx, cfg->ssl_curves) != 1)
		return refuse(err, "ssl_curves", cfg->ssl_curves);
	return 0;
}

static void set_modes(SSL_CTX *ctx, struct tls_set *set, const struct gw_config *cfg)
{
	SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
				      SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_AUTO_RETRY);
	SSL_CTX_set_options(ctx, SSL_OP_NO_RENEGOTIATION | SSL_OP_IGNORE_UNEXPECTED_EOF | SSL_OP_NO_COMPRESSION);
	SSL_CTX_set_options(ctx, SSL_OP_CLEANSE_PLAINTEXT); /* passwords */
	if (cfg->ssl_prefer_server_ciphers)
		SSL_CTX_set_options(ctx, SSL_OP_CIPHER_SERVER_PREFERENCE);
	SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF); /* tickets only: no memory, and any child knows them */
	SSL_CTX_set_num_tickets(ctx, 1);
	SSL_CTX_set_timeout(ctx, TICKET_LIFE_S);
	SSL_CTX_set_max_early_data(ctx, 0); /* commands must not be replayable */
	SSL_CTX_set_session_id_context(ctx, set->session_context, sizeof set->session_context);
	SSL_CTX_set_tlsext_ticket_key_evp_cb(ctx, on_ticket);
	SSL_CTX_set_alpn_select_cb(ctx, on_alpn, NULL);
	SSL_CTX_set_tlsext_servername_callback(ctx, on_server_name);
	SSL_CTX_set_tlsext_servername_arg(ctx, set);
	SSL_CTX_set_info_callback(ctx, on_info);
	SSL_CTX_set_app_data(ctx, set);
}

static int make_context(struct tls_set *set, const struct gw_config *cfg, const struct gw_cert_pair *pair,
			struct gw_err *err)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
	int rc;

	if (!ctx)
		return gw_fail(err, GW_EIO, "OpenSSL cannot make a context");
	set->ctx[set->n_ctx++] = ctx;
	set_modes(ctx, set, cfg);
	rc = set_algorithms(ctx, cfg, err);
	if (rc == 0)
		rc = load_pair(ctx, pair, err);
	if (rc == 0)
		rc = set_verify(ctx, cfg, err);
	if (rc == 0)
		add_names_of(set, ctx);
	return rc;
}

/* ---- the set ---- */

static struct stat stamp(const char *path)
{
	struct stat st;

	if (stat(path, &st) != 0)
		st = (struct stat){ 0 };
	return st;
}

static void remember_file(struct tls_set *set, const char *path)
{
	if (!path || !*path)
		return;
	set->stamps = gw_xrealloc(set->stamps, set->n_stamps + 1, sizeof *set->stamps);
	set->stamps[set->n_stamps] = (struct tls_stamp){ .path = gw_xstrdup(path), .st = stamp(path) };
	set->stamps[set->n_stamps].known = set->stamps[set->n_stamps].st;
	set->n_stamps++;
}

static bool same_file(const struct stat *a, const struct stat *b)
{
	return a->st_ino == b->st_ino && a->st_dev == b->st_dev && a->st_size == b->st_size &&
	       a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

bool tls_set_stale(const struct tls_set *set)
{
	for (size_t i = 0; i < set->n_stamps; i++) {
		struct stat now = stamp(set->stamps[i].path);

		if (!same_file(&now, &set->stamps[i].known))
			return true;
	}
	return false;
}

bool tls_set_file(const struct tls_set *set, size_t i, const char **path, struct stat *st)
{
	if (i >= set->n_stamps)
		return false;
	*path = set->stamps[i].path;
	*st = set->stamps[i].st;
	return true;
}

void tls_set_mark(struct tls_set *set)
{
	for (size_t i = 0; i < set->n_stamps; i++)
		set->stamps[i].known = stamp(set->stamps[i].path);
}

/* Tickets given out under other rules for client certificates must not be taken: they would skip the check. */
static void name_sessions(struct tls_set *set, const struct gw_config *cfg)
{
	char text[1024];
	struct stat st = { 0 };
	unsigned n = sizeof set->session_context;

	if (*cfg->ssl_verify_file && stat(cfg->ssl_verify_file, &st) != 0)
		st = (struct stat){ 0 };
	snprintf(text, sizeof text, "gateway %d %s %lld %lld %lld", cfg->ssl_verify_client, cfg->ssl_verify_path,
		 (long long)st.st_ino, (long long)st.st_size, (long long)st.st_mtim.tv_sec);
	EVP_Digest(text, strlen(text), set->session_context, &n, EVP_sha256(), NULL);
}

static int fill(struct tls_set *set, const struct gw_config *cfg, struct gw_err *err)
{
	int rc = 0;

	set->ctx = gw_xcalloc(cfg->n_certs, sizeof *set->ctx);
	set->ticket_cipher = EVP_CIPHER_fetch(NULL, "AES-256-CBC", NULL);
	set->bio = tls_bio_method();
	if (!set->ticket_cipher || !set->bio)
		return gw_fail(err, GW_EIO, "OpenSSL lacks what session tickets need");
	name_sessions(set, cfg);
	remember_file(set, cfg->ssl_verify_file);
	for (size_t i = 0; i < cfg->n_certs && rc == 0; i++) {
		remember_file(set, cfg->certs[i].cert);
		remember_file(set, cfg->certs[i].key);
		rc = make_context(set, cfg, &cfg->certs[i], err);
		if (rc == GW_ENOENT && i > 0)
			rc = err->code = GW_EINVAL; /* one of several is missing: a mistake, not a service without TLS */
	}
	if (set->n_names)
		qsort(set->names, set->n_names, sizeof *set->names, by_name);
	return rc;
}

int tls_set_new(const struct gw_config *cfg, struct tls_tickets *tickets, struct tls_set **ret, struct gw_err *err)
{
	struct tls_set *set;
	int rc;

	if (cfg->n_certs == 0)
		return gw_fail(err, GW_EINVAL, "ssl_certificate_file: no certificate is named");
	ERR_clear_error();
	set = gw_xalloc(sizeof *set);
	set->tickets = tickets;
	rc = fill(set, cfg, err);
	if (rc < 0) {
		tls_set_free(set);
		return rc;
	}
	*ret = set;
	return 0;
}

void tls_set_free(struct tls_set *set)
{
	if (!set)
		return;
	for (size_t i = 0; i < set->n_ctx; i++)
		SSL_CTX_free(set->ctx[i]);
	for (size_t i = 0; i < set->n_names; i++)
		free((char *)set->names[i].name);
	for (size_t i = 0; i < set->n_stamps; i++)
		free(set->stamps[i].path);
	free(set->ctx);
	free(set->names);
	free(set->stamps);
	EVP_CIPHER_free(set->ticket_cipher);
	BIO_meth_free(set->bio);
	free(set);
}
