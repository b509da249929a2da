/* complain.c - sentences on standard error, and text that cannot steer a terminal */
#include "gwctl/gwctl.h"

#include "log/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static struct {
	const char *file; /* NULL: none */
	unsigned line;
} place; /* of the command that runs, in a script */

void complain_at(const char *file, unsigned line)
{
	place.file = file;
	place.line = line;
}

/* What others have said, as a foreign server or the name of a file, is in it: it must not steer the terminal. */
static void put_text(const char *fmt, va_list ap)
{
	struct gw_buf text;
	char *raw;
	int n = vasprintf(&raw, fmt, ap);

	if (n < 0)
		return;
	gw_buf_init(&text, 0);
	put_safe(&text, gw_slice(raw, (size_t)n));
	fputs(gw_buf_str(&text), stderr);
	gw_buf_done(&text);
	free(raw);
}

void complain(const char *fmt, ...)
{
	va_list ap;

	fflush(stdout);
	fputs("gwctl: ", stderr);
	if (place.file)
		fprintf(stderr, "%s:%u: ", place.file, place.line);
	va_start(ap, fmt);
	put_text(fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}

void put_safe(struct gw_buf *out, struct gw_slice text)
{
	gw_log_escape(out, text, SIZE_MAX / 8);
}
