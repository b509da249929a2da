/* tls_set.h - the inside of a struct tls_set (tls.c and tls_set.c only) */
#ifndef GW_DAEMON_TLS_SET_H
#define GW_DAEMON_TLS_SET_H

#include "daemon/tls.h"

#include <sys/stat.h>

struct tls_name {
	const char *name; /* lower case; "*.example.org" */
	SSL_CTX *ctx;
};

struct tls_stamp {
	char *path;
	struct stat st;    /* as it was read */
	struct stat known; /* as it was looked at last: no reason to read it again */
};

struct tls_set {
	SSL_CTX **ctx; /* one a pair; the first is the default */
	size_t n_ctx;
	struct tls_name *names; /* sorted */
	size_t n_names;
	struct tls_stamp *stamps; /* of the files, for tls_set_stale() */
	size_t n_stamps;
	struct tls_tickets *tickets;
	EVP_CIPHER *ticket_cipher;
	BIO_METHOD *bio;
	unsigned char session_context[32];
};

/* The BIO that stands between OpenSSL and struct tls_conn. */
BIO_METHOD *tls_bio_method(void);

#endif
