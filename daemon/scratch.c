/* scratch.c - the buffers of a thread (see scratch.h) */
#include "daemon/scratch.h"

#include "daemon/deflate.h"
#include "util/mem.h"

#include <stdlib.h>

/* Not zeroed: untouched pages cost nothing. */
char *scratch_get(char **p, size_t n)
{
	if (!*p)
		*p = gw_xrealloc(NULL, 1, n);
	return *p;
}

void scratch_done(struct scratch *s)
{
	free(s->raw);
	free(s->plain);
	free(s->stage);
	free(s->gather);
	deflate_scratch_done(s);
	*s = (struct scratch){ 0 };
}

void scratch_wipe(struct scratch *s, size_t n)
{
	if (s->raw)
		gw_wipe(s->raw, n);
	if (s->plain)
		gw_wipe(s->plain, SCRATCH_PLAIN);
}
