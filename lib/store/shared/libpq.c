/* libpq.c - opening libpq when it is asked for (see libpq.h) */
#include "store/shared/libpq.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>
#include <string.h>

static struct libpq table; /* filled once; the library stays open */
static bool there;

static bool take(void *library, const char *name, void *member)
{
	void *symbol = dlsym(library, name);

	memcpy(member, &symbol, sizeof symbol);
	return symbol != NULL;
}

static void load(void)
{
	void *library = dlopen("libpq.so.5", RTLD_NOW | RTLD_LOCAL);

	if (!library)
		return;
	there = true;
#define TAKE(name) there = take(library, #name, &table.name) && there;
	LIBPQ_FUNCTIONS(TAKE)
}

const struct libpq *libpq_load(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, load);
	return there ? &table : NULL;
}
