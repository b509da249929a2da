/* live_certs.c - certificates and keys: files, owners, what is in them
 *
 * The order is that of an administrator: is the file there, may the daemon read it, does the library take it, is it the
 * right one, and will clients like it? */
#include "gwcfg/live.h"

#include "gwcfg/openssl.h"
#include "util/mem.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define PEM_MAX (1024u * 1024) /* bytes of a file that are read */
#define CHAIN_MAX 32           /* certificates of a file that are looked at */
#define DAY_S (24 * 3600)
#define SOON_DAYS 30
#define RSA_BITS 2048
#define EC_BITS 224

/* A pair and what was read of it. */
struct pair {
	struct live *l;
	const struct openssl *o;
	const char *cert_option, *key_option;
	const char *cert_file, *key_file;
	bool only; /* without it there is no TLS, and the daemon goes on */
	X509 *chain[CHAIN_MAX];
	int n;
	bool refused; /* a reason was told why the daemon does not take it */
};

/* ---- files ---- */

/* The first bytes of a regular file, NUL-terminated; NULL with errno. */
static char *read_file(const char *path, size_t *n)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	char *bytes;
	ssize_t got = 1;

	if (fd < 0)
		return NULL;
	bytes = gw_xalloc(PEM_MAX + 1);
	for (*n = 0; got > 0 && *n < PEM_MAX; *n += got > 0 ? (size_t)got : 0)
		got = read(fd, bytes + *n, PEM_MAX - *n);
	close(fd);
	return bytes;
}

/* Is there a file that can be looked at? What the daemon's user may not read is told on the way. */
static bool is_file(struct live *l, const char *option, const char *path, bool may_miss, struct stat *st)
{
	char blocker[PATH_MAX];

	switch (live_may(l, path, R_OK, st, blocker)) {
	case LIVE_UNSEEN:
		LIVE(l, CONFIG_N_NOT_SEEN, option, "run this as root", "\"%.200s\" may not be looked at: %s", path, strerror(errno));
		return false;
	case LIVE_MISSING:
		LIVE(l, may_miss ? CONFIG_W_FILE : CONFIG_E_CERTIFICATE, option,
			may_miss ? "without it the daemon runs without TLS" : NULL, "there is no file \"%.200s\" on this machine", path);
		return false;
	case LIVE_MAY_NOT:
		LIVE(l, CONFIG_E_ACCESS, option, "let its group read it", "user %s may not read \"%.200s\"%s%.200s%s", l->user, path,
			strcmp(blocker, path) ? ", since \"" : "", strcmp(blocker, path) ? blocker : "",
			strcmp(blocker, path) ? "\" is closed" : "");
		break;
	case LIVE_MAY:
		break;
	}
	if (!S_ISREG(st->st_mode))
		LIVE(l, CONFIG_E_CERTIFICATE, option, NULL, "\"%.200s\" is not a regular file", path);
	return S_ISREG(st->st_mode);
}

static void key_is_private(struct live *l, const char *option, const char *path, const struct stat *st)
{
	if (st->st_mode & (S_IROTH | S_IWOTH))
		LIVE(l, CONFIG_W_KEY_OPEN, option, "chmod o= it", "everybody may %s the key \"%.200s\"",
			st->st_mode & S_IWOTH ? "write to" : "read", path);
}

/* ---- what is in a certificate ---- */

static const char *reason(const struct openssl *o)
{
	const char *why = o->ERR_reason_error_string(o->ERR_peek_error());

	o->ERR_clear_error();
	return why ? why : "it is refused";
}

/* The common name, for sentences. */
static const char *name_of(const struct openssl *o, const X509_NAME *name, char *out, int cap)
{
	if (o->X509_NAME_get_text_by_NID(name, NID_commonName, out, cap) < 0)
		snprintf(out, (size_t)cap, "without a name");
	return out;
}

static time_t time_of(const struct openssl *o, const ASN1_TIME *t)
{
	struct tm tm = { 0 };

	return o->ASN1_TIME_to_tm(t, &tm) == 1 ? timegm(&tm) : 0;
}

static const char *day(time_t t, char out[32])
{
	struct tm tm;

	gmtime_r(&t, &tm);
	strftime(out, 32, "%Y-%m-%d", &tm);
	return out;
}

static void is_valid_now(const struct pair *p, const X509 *cert)
{
	time_t now = time(NULL), begin = time_of(p->o, p->o->X509_get0_notBefore(cert)),
	       end = time_of(p->o, p->o->X509_get0_notAfter(cert));
	char name[128], date[32];

	name_of(p->o, p->o->X509_get_subject_name(cert), name, sizeof name);
	if (begin > now)
		LIVE(p->l, CONFIG_E_VALIDITY, p->cert_option, NULL, "the certificate of %s is not valid before %s", name,
			day(begin, date));
	else if (end <= now)
		LIVE(p->l, CONFIG_E_VALIDITY, p->cert_option, "renew it", "the certificate of %s expired on %s", name, day(end, date));
	else if (end - now < SOON_DAYS * DAY_S)
		LIVE(p->l, CONFIG_W_EXPIRES, p->cert_option, "renew it", "the certificate of %s expires on %s, in %d days", name,
			day(end, date), (int)((end - now) / DAY_S));
}

static bool is_self_signed(const struct pair *p, X509 *cert)
{
	return p->o->X509_check_issued(cert, cert) == X509_V_OK;
}

/* The signature of an authority by itself means nothing. */
static void is_strong(const struct pair *p, X509 *cert)
{
	const EVP_PKEY *key = p->o->X509_get0_pubkey(cert);
	int type = key ? p->o->EVP_PKEY_get_base_id(key) : 0, bits = key ? p->o->EVP_PKEY_get_bits(key) : 0, digest = 0;
	char name[128];

	name_of(p->o, p->o->X509_get_subject_name(cert), name, sizeof name);
	if ((type == EVP_PKEY_RSA && bits < RSA_BITS) || (type == EVP_PKEY_EC && bits < EC_BITS))
		LIVE(p->l, CONFIG_W_WEAK, p->cert_option, "make a new one", "the key of %s has only %d bits", name, bits);
	if (!is_self_signed(p, cert) && p->o->X509_get_signature_info(cert, &digest, NULL, NULL, NULL) == 1 &&
	    (digest == NID_sha1 || digest == NID_md5))
		LIVE(p->l, CONFIG_W_WEAK, p->cert_option, "have it signed with SHA-256", "the certificate of %s is signed with %s", name,
			digest == NID_sha1 ? "SHA-1" : "MD5");
}

/* ---- the chain ---- */

/* All certificates of the file; the first that is broken ends them. */
static void read_chain(struct pair *p)
{
	size_t size;
	char *bytes = read_file(p->cert_file, &size);
	BIO *bio = bytes ? p->o->BIO_new_mem_buf(bytes, (int)size) : NULL;
	X509 *cert;

	if (!bytes)
		LIVE(p->l, CONFIG_N_NOT_SEEN, p->cert_option, "run this as root", "\"%.200s\" may not be read: %s", p->cert_file,
			strerror(errno));
	while (bio && p->n < CHAIN_MAX && (cert = p->o->PEM_read_bio_X509(bio, NULL, NULL, NULL)))
		p->chain[p->n++] = cert;
	if (bio && p->n == 0) {
		LIVE(p->l, CONFIG_E_CERTIFICATE, p->cert_option, NULL, "there is no certificate in \"%.200s\": %s", p->cert_file,
			reason(p->o));
		p->refused = true;
	}
	p->o->ERR_clear_error();
	p->o->BIO_free(bio);
	free(bytes);
}

static bool is_in_order(const struct pair *p)
{
	char name[128], next[128];

	for (int i = 0; i + 1 < p->n; i++) {
		if (p->o->X509_check_issued(p->chain[i + 1], p->chain[i]) == X509_V_OK)
			continue;
		LIVE(p->l, CONFIG_W_CHAIN, p->cert_option, "put each behind the one it signed, that of the server first",
			"certificate %d of the file (%s) did not sign certificate %d (%s)", i + 2,
			name_of(p->o, p->o->X509_get_subject_name(p->chain[i + 1]), name, sizeof name), i + 1,
			name_of(p->o, p->o->X509_get_subject_name(p->chain[i]), next, sizeof next));
		return false;
	}
	return true;
}

/* X509_V_OK when the chain leads to an authority of this machine. */
static int verify(const struct pair *p)
{
	OPENSSL_STACK *others = p->o->OPENSSL_sk_new_null();
	X509_STORE *store = p->o->X509_STORE_new();
	X509_STORE_CTX *ctx = p->o->X509_STORE_CTX_new();
	int ret = X509_V_ERR_UNSPECIFIED;

	for (int i = 1; others && i < p->n; i++)
		p->o->OPENSSL_sk_push(others, p->chain[i]);
	if (store && ctx && others && p->o->X509_STORE_set_default_paths(store) == 1 &&
	    p->o->X509_STORE_CTX_init(ctx, store, p->chain[0], (STACK_OF(X509) *)others) == 1) {
		p->o->X509_verify_cert(ctx);
		ret = p->o->X509_STORE_CTX_get_error(ctx);
	}
	p->o->X509_STORE_CTX_free(ctx);
	p->o->X509_STORE_free(store);
	p->o->OPENSSL_sk_free(others);
	p->o->ERR_clear_error();
	return ret;
}

static void leads_to_an_authority(const struct pair *p)
{
	X509 *last = p->chain[p->n - 1];
	int why = verify(p);
	char name[128];

	if (why == X509_V_OK || why == X509_V_ERR_CERT_HAS_EXPIRED || why == X509_V_ERR_CERT_NOT_YET_VALID)
		return;
	if (p->n == 1 && is_self_signed(p, last))
		LIVE(p->l, CONFIG_N_UNTRUSTED, p->cert_option, NULL, "the certificate is signed by itself");
	else if (why == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY || why == X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE)
		LIVE(p->l, CONFIG_N_UNTRUSTED, p->cert_option, "is a certificate between missing in the file?",
			"the last certificate is signed by %s, whom this machine does not know",
			name_of(p->o, p->o->X509_get_issuer_name(last), name, sizeof name));
	else
		LIVE(p->l, CONFIG_N_UNTRUSTED, p->cert_option, NULL, "this machine does not trust the certificate: %s",
			p->o->X509_verify_cert_error_string(why));
}

/* ---- the key ---- */

/* Nobody is there to type a pass phrase; that one was wanted is worth telling. */
static int on_passphrase(char *buf, int size, int writing, void *asked)
{
	(void)buf;
	(void)size;
	(void)writing;
	if (asked)
		*(bool *)asked = true;
	return -1;
}

static void key_fits(struct pair *p)
{
	size_t size;
	char *bytes = read_file(p->key_file, &size);
	BIO *bio = bytes ? p->o->BIO_new_mem_buf(bytes, (int)size) : NULL;
	bool asked = false;
	EVP_PKEY *key = bio ? p->o->PEM_read_bio_PrivateKey(bio, NULL, on_passphrase, &asked) : NULL;
	const char *why = NULL;

	if (!bytes)
		LIVE(p->l, CONFIG_N_NOT_SEEN, p->key_option, "run this as root", "\"%.200s\" may not be read: %s", p->key_file,
			strerror(errno));
	else if (!key)
		why = asked ? "has a pass phrase, which nobody can type when the daemon starts" : "holds no private key";
	else if (p->n && p->o->X509_check_private_key(p->chain[0], key) != 1)
		why = "belongs to another certificate";
	if (why)
		LIVE(p->l, CONFIG_E_KEY, p->key_option, NULL, "\"%.200s\" %s", p->key_file, why);
	p->refused |= why != NULL;
	p->o->ERR_clear_error();
	p->o->EVP_PKEY_free(key);
	p->o->BIO_free(bio);
	if (bytes)
		gw_wipe(bytes, size);
	free(bytes);
}

/* What the daemon will do with the files, with its own settings: small keys, for example, are a matter of policy. */
static void daemon_takes_them(const struct pair *p)
{
	SSL_CTX *ctx = p->o->SSL_CTX_new(p->o->TLS_server_method());
	const char *ciphers = p->l->cfg->ssl_ciphers;

	if (!ctx || access(p->cert_file, R_OK) != 0 || access(p->key_file, R_OK) != 0) {
		p->o->SSL_CTX_free(ctx);
		return;
	}
	if (*ciphers)
		p->o->SSL_CTX_set_cipher_list(ctx, ciphers);
	p->o->ERR_clear_error();
	p->o->SSL_CTX_set_default_passwd_cb(ctx, on_passphrase);
	if (p->o->SSL_CTX_use_certificate_chain_file(ctx, p->cert_file) != 1)
		LIVE(p->l, CONFIG_E_CERTIFICATE, p->cert_option, NULL, "the daemon will not use \"%.200s\": %s", p->cert_file,
			reason(p->o));
	else if (p->o->SSL_CTX_use_PrivateKey_file(ctx, p->key_file, SSL_FILETYPE_PEM) != 1)
		LIVE(p->l, CONFIG_E_KEY, p->key_option, NULL, "the daemon will not use \"%.200s\": %s", p->key_file, reason(p->o));
	p->o->SSL_CTX_free(ctx);
}

/* ---- one pair, all pairs ---- */

static bool has_name(const struct pair *p, const char *name)
{
	return p->n && (p->o->X509_check_host(p->chain[0], name, 0, 0, NULL) == 1 ||
			p->o->X509_check_ip_asc(p->chain[0], name, 0) == 1);
}

static void check_contents(struct pair *p)
{
	read_chain(p);
	for (int i = 0; i < p->n; i++) {
		is_valid_now(p, p->chain[i]);
		is_strong(p, p->chain[i]);
	}
	if (p->n && is_in_order(p))
		leads_to_an_authority(p);
	key_fits(p);
	if (!p->refused)
		daemon_takes_them(p);
}

/* Has its certificate the name? True also when that cannot be told. */
static bool check_pair(struct pair *p, const char *name)
{
	struct stat cert, key;
	bool have_cert = is_file(p->l, p->cert_option, p->cert_file, p->only, &cert);
	bool have_key = is_file(p->l, p->key_option, p->key_file, p->only, &key), named = true;

	if (have_key)
		key_is_private(p->l, p->key_option, p->key_file, &key);
	if (have_cert && have_key && p->o) {
		check_contents(p);
		named = p->n == 0 || has_name(p, name);
	}
	for (int i = 0; i < p->n; i++)
		p->o->X509_free(p->chain[i]);
	return named;
}

static bool has_plain_service(const struct gw_config *cfg)
{
	return cfg->listen[GW_SERVICE_IMAP].n || cfg->listen[GW_SERVICE_POP3].n;
}

static void check_pairs(struct live *l, const struct openssl *o)
{
	const struct gw_config *cfg = l->cfg;
	bool named = cfg->n_certs == 0 || !*cfg->server_hostname;

	for (size_t i = 0; i < cfg->n_certs; i++) {
		bool first = cfg->certs[i].cert == cfg->ssl_certificate_file;
		struct pair p = { .l = l, .o = o, .cert_file = cfg->certs[i].cert, .key_file = cfg->certs[i].key,
			.cert_option = first ? "ssl_certificate_file" : "ssl_certificates",
			.key_option = first ? "ssl_private_key_file" : "ssl_certificates",
			.only = i == 0 && has_plain_service(cfg) };

		if (check_pair(&p, cfg->server_hostname))
			named = true;
	}
	if (!named)
		LIVE(l, CONFIG_W_NAME, "server_hostname", NULL, "no certificate is for \"%.200s\"", cfg->server_hostname);
}

/* ---- authorities ---- */

/* A directory as `openssl rehash' leaves it: 8 hexadecimal digits, a dot, a number. */
static bool has_hashes(const char *path)
{
	DIR *dir = opendir(path);
	const struct dirent *e;
	bool found = false;

	while (dir && !found && (e = readdir(dir)))
		found = strspn(e->d_name, "0123456789abcdef") == 8 && e->d_name[8] == '.' && e->d_name[9] &&
			strspn(e->d_name + 9, "0123456789") == strlen(e->d_name + 9);
	if (dir)
		closedir(dir);
	return found;
}

static void check_authorities(struct live *l, const struct openssl *o)
{
	const char *file = l->cfg->ssl_verify_file, *path = l->cfg->ssl_verify_path;
	SSL_CTX *ctx = *file ? o->SSL_CTX_new(o->TLS_server_method()) : NULL;

	if (ctx && access(file, R_OK) != 0)
		LIVE(l, CONFIG_E_AUTHORITIES, "ssl_verify_file", NULL, "\"%.200s\" cannot be read: %s", file, strerror(errno));
	else if (ctx && o->SSL_CTX_load_verify_file(ctx, file) != 1)
		LIVE(l, CONFIG_E_AUTHORITIES, "ssl_verify_file", NULL, "there is no certificate in \"%.200s\": %s", file, reason(o));
	if (*path && access(path, R_OK | X_OK) != 0)
		LIVE(l, CONFIG_E_AUTHORITIES, "ssl_verify_path", NULL, "\"%.200s\" cannot be read: %s", path, strerror(errno));
	else if (*path && !has_hashes(path))
		LIVE(l, CONFIG_E_AUTHORITIES, "ssl_verify_path", "run `openssl rehash' on it",
			"there is no certificate under its hash in \"%.200s\"", path);
	o->SSL_CTX_free(ctx);
}

void live_certs(struct live *l)
{
	const struct openssl *o = openssl_load();

	if (!o)
		LIVE(l, CONFIG_N_NOT_SEEN, NULL, NULL, "what is in certificates cannot be told, since %s cannot be used", openssl_name);
	check_pairs(l, o);
	if (o)
		check_authorities(l, o);
}
