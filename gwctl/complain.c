/* complain.c - sentences on standard error, and text that cannot steer a terminal */
#include "gwctl/gwctl.h"

#include "log/log.h"

#include <stdarg.h>

static struct {
	const char *file; /* NULL: none */
	unsigned line;
} place; /* of the command that runs, in a script */

void complain_at(const char *file, unsigned line)
{
	place.file = file;
	place.line = line;
}

void complain(const char *fmt, ...)
{
	va_list ap;

	fflush(stdout);
	fputs("gwctl: ", stderr);
	if (place.file)
		fprintf(stderr, "%s:%u: ", place.file, place.line);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}

void put_safe(struct gw_buf *out, struct gw_slice text)
{
	gw_log_escape(out, text, SIZE_MAX / 8);
}
