/* openssl.c - opening the TLS library when it is asked (see openssl.h) */
#include "gwcfg/openssl.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <string.h>

#define TEXT_OF(x) #x
#define SONAME(stem, version) stem ".so." TEXT_OF(version)

const char openssl_name[] = SONAME("libssl", OPENSSL_SHLIB_VERSION);

static struct openssl table; /* filled once */

static bool take(void *library, const char *name, void *member)
{
	void *symbol = dlsym(library, name);

	memcpy(member, &symbol, sizeof symbol);
	return symbol != NULL;
}

static bool fill(void *ssl, void *crypto)
{
	bool all = true;

#define OF_SSL(name) all = take(ssl, #name, &table.name) && all;
#define OF_CRYPTO(name) all = take(crypto, #name, &table.name) && all;
	OPENSSL_OF_SSL(OF_SSL)
	OPENSSL_OF_CRYPTO(OF_CRYPTO)
	return all;
}

const struct openssl *openssl_load(void)
{
	static enum { UNTRIED, THERE, MISSING } state; /* the libraries stay open */
	void *ssl, *crypto;

	if (state == UNTRIED) {
		ssl = dlopen(openssl_name, RTLD_NOW | RTLD_LOCAL);
		crypto = ssl ? dlopen(SONAME("libcrypto", OPENSSL_SHLIB_VERSION), RTLD_NOW | RTLD_LOCAL) : NULL;
		state = crypto && fill(ssl, crypto) ? THERE : MISSING;
	}
	return state == THERE ? &table : NULL;
}
