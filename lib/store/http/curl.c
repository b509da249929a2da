/* curl.c - opening libcurl when it is asked for (see curl.h) */
#include "store/http/curl.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <string.h>

/* The builds of it that Debian has; what is used here is the same in all. */
static const char *const names[] = { "libcurl.so.4", "libcurl-gnutls.so.4", NULL };

static struct curl table; /* filled once */

static bool take(void *library, const char *name, void *member)
{
	void *symbol = dlsym(library, name);

	memcpy(member, &symbol, sizeof symbol);
	return symbol != NULL;
}

static bool fill(void *library)
{
	bool all = true;

#define TAKE(name) all = take(library, #name, &table.name) && all;
	CURL_FUNCTIONS(TAKE)
	return all;
}

const struct curl *curl_load(void)
{
	static enum { UNTRIED, THERE, MISSING } state; /* the library stays open */

	if (state == UNTRIED) {
		void *library = NULL;

		for (size_t i = 0; names[i] && !library; i++)
			library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
		state = library && fill(library) && table.curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK ? THERE : MISSING;
	}
	return state == THERE ? &table : NULL;
}
