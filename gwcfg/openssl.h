/* openssl.h - OpenSSL for the few who ask for it
 *
 * Linking libssl costs gwcfg more than half of its start time again (1.5 ms become 2.5 ms: two large libraries to map
 * and relocate), on every run, while hardly any run needs it. So the two libraries are opened when something is to be
 * asked; pointers have the types of the headers. Thread: the main thread. */
#ifndef GWCFG_OPENSSL_H
#define GWCFG_OPENSSL_H

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

/* Of libssl; of libcrypto. A function that is missing here is called by its name, which does not link. */
#define OPENSSL_OF_SSL(F) \
	F(SSL_CTX_new) F(SSL_CTX_free) F(SSL_CTX_ctrl) F(SSL_CTX_set_cipher_list) F(SSL_CTX_get_security_level) \
	F(SSL_CTX_load_verify_file) F(SSL_CTX_set_default_passwd_cb) F(SSL_CTX_use_certificate_chain_file) \
	F(SSL_CTX_use_PrivateKey_file) F(TLS_server_method) F(TLS_client_method) F(SSL_new) F(SSL_set_fd) F(SSL_connect) \
	F(SSL_read) F(SSL_write) F(SSL_ctrl)

#define OPENSSL_OF_CRYPTO(F) \
	F(OpenSSL_version_num) F(ERR_peek_error) F(ERR_clear_error) F(ERR_reason_error_string) F(BIO_new_mem_buf) F(BIO_free) \
	F(PEM_read_bio_X509) F(PEM_read_bio_PrivateKey) F(X509_free) F(EVP_PKEY_free) F(X509_get0_notBefore) \
	F(X509_get0_notAfter) F(ASN1_TIME_to_tm) F(X509_get0_pubkey) F(EVP_PKEY_get_bits) F(EVP_PKEY_get_base_id) \
	F(X509_get_signature_info) F(X509_check_private_key) F(X509_check_host) F(X509_check_ip_asc) F(X509_check_issued) \
	F(X509_NAME_get_text_by_NID) F(X509_get_subject_name) F(X509_get_issuer_name) F(OPENSSL_sk_new_null) F(OPENSSL_sk_push) \
	F(OPENSSL_sk_free) F(X509_STORE_new) F(X509_STORE_free) F(X509_STORE_set_default_paths) F(X509_STORE_CTX_new) \
	F(X509_STORE_CTX_free) F(X509_STORE_CTX_init) F(X509_STORE_CTX_get_error) F(X509_verify_cert) \
	F(X509_verify_cert_error_string)

struct openssl {
#define MEMBER(name) __typeof__(&(name)) (name);
	OPENSSL_OF_SSL(MEMBER)
	OPENSSL_OF_CRYPTO(MEMBER)
#undef MEMBER
};

/* NULL when the libraries are not on this machine, or are not those that were built with. */
const struct openssl *openssl_load(void);

/* The name of the library, for sentences. */
extern const char openssl_name[];

#endif
