/* tls_facts.c - what is in the certificates of a TLS set, for people who look after them (see tls.h) */
#include "daemon/tls_set.h"

#include <openssl/evp.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <time.h>

#define STATUS_REQUEST 5 /* RFC 7633: the TLS extension that a must-staple certificate names */

static int64_t seconds_of(const ASN1_TIME *t)
{
	struct tm tm = { 0 };

	return ASN1_TIME_to_tm(t, &tm) == 1 ? (int64_t)timegm(&tm) : 0;
}

bool tls_set_certificate(const struct tls_set *set, size_t i, int64_t *expires, char *name, size_t cap)
{
	X509 *cert = i < set->n_ctx ? SSL_CTX_get0_certificate(set->ctx[i]) : NULL;
	const char *first;

	if (!cert)
		return false;
	first = tls_set_name(set, i, 0);
	*expires = seconds_of(X509_get0_notAfter(cert));
	snprintf(name, cap, "%s", first ? first : "");
	return true;
}

const char *tls_set_name(const struct tls_set *set, size_t i, size_t k)
{
	for (size_t at = 0; i < set->n_ctx && at < set->n_names; at++)
		if (set->names[at].ctx == set->ctx[i] && k-- == 0)
			return set->names[at].name;
	return NULL;
}

static bool has_name(const struct tls_set *set, const char *name)
{
	for (size_t i = 0; i < set->n_names; i++)
		if (strcmp(set->names[i].name, name) == 0)
			return true;
	return false;
}

const char *tls_set_lost_name(const struct tls_set *old, const struct tls_set *now)
{
	for (size_t i = 0; i < old->n_names; i++)
		if (!has_name(now, old->names[i].name))
			return old->names[i].name;
	return NULL;
}

/* ---- one certificate ---- */

static void put_subject(const X509_NAME *name, char *p, size_t cap)
{
	BIO *b = BIO_new(BIO_s_mem());
	char *text;
	long n;

	*p = '\0';
	if (!b)
		return;
	X509_NAME_print_ex(b, name, 0, XN_FLAG_RFC2253);
	n = BIO_get_mem_data(b, &text);
	if (n > 0)
		snprintf(p, cap, "%.*s", (int)n, text);
	BIO_free(b);
}

static void put_hex(const unsigned char *bytes, size_t n, char *p, size_t cap)
{
	*p = '\0';
	for (size_t i = 0; i < n && 2 * i + 3 <= cap; i++)
		snprintf(p + 2 * i, 3, "%02x", bytes[i]);
}

static void put_key(EVP_PKEY *key, char *p, size_t cap)
{
	const char *type = key ? EVP_PKEY_get0_type_name(key) : NULL;
	char group[32];
	size_t n;

	if (!type)
		snprintf(p, cap, "unknown");
	else if (EVP_PKEY_get_group_name(key, group, sizeof group, &n) == 1)
		snprintf(p, cap, "%s %s", type, group);
	else if (EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA || EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA_PSS)
		snprintf(p, cap, "%s %d", type, EVP_PKEY_get_bits(key));
	else
		snprintf(p, cap, "%s", type);
}

static void put_ocsp(X509 *cert, char *p, size_t cap)
{
	STACK_OF(OPENSSL_STRING) *urls = X509_get1_ocsp(cert);

	snprintf(p, cap, "%s", sk_OPENSSL_STRING_num(urls) > 0 ? sk_OPENSSL_STRING_value(urls, 0) : "");
	X509_email_free(urls);
}

static bool must_staple(X509 *cert)
{
	TLS_FEATURE *f = X509_get_ext_d2i(cert, NID_tlsfeature, NULL, NULL);
	bool yes = false;

	for (int i = 0; i < sk_ASN1_INTEGER_num(f); i++)
		yes |= ASN1_INTEGER_get(sk_ASN1_INTEGER_value(f, i)) == STATUS_REQUEST;
	TLS_FEATURE_free(f);
	return yes;
}

static unsigned chain_of(SSL_CTX *ctx)
{
	STACK_OF(X509) *chain = NULL;

	SSL_CTX_get0_chain_certs(ctx, &chain);
	return chain ? (unsigned)sk_X509_num(chain) : 0;
}

bool tls_set_facts(const struct tls_set *set, size_t i, struct tls_facts *ret)
{
	X509 *cert = i < set->n_ctx ? SSL_CTX_get0_certificate(set->ctx[i]) : NULL;
	unsigned char digest[EVP_MAX_MD_SIZE];
	const ASN1_INTEGER *serial;
	unsigned n = 0;

	if (!cert)
		return false;
	*ret = (struct tls_facts){ .not_before = seconds_of(X509_get0_notBefore(cert)),
				   .not_after = seconds_of(X509_get0_notAfter(cert)),
				   .must_staple = must_staple(cert), .chain = chain_of(set->ctx[i]) };
	put_subject(X509_get_subject_name(cert), ret->subject, sizeof ret->subject);
	put_subject(X509_get_issuer_name(cert), ret->issuer, sizeof ret->issuer);
	serial = X509_get0_serialNumber(cert);
	put_hex(ASN1_STRING_get0_data(serial), (size_t)ASN1_STRING_length(serial), ret->serial, sizeof ret->serial);
	put_key(X509_get0_pubkey(cert), ret->key, sizeof ret->key);
	snprintf(ret->signature, sizeof ret->signature, "%s", OBJ_nid2ln(X509_get_signature_nid(cert)));
	if (X509_digest(cert, EVP_sha256(), digest, &n) == 1)
		put_hex(digest, n, ret->fingerprint, sizeof ret->fingerprint);
	put_ocsp(cert, ret->ocsp, sizeof ret->ocsp);
	return true;
}
