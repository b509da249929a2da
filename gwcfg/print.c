/* print.c - what gwcfg says: results to standard output, complaints to standard error */
#include "gwcfg/gwcfg.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Names of files and arguments may hold anything, and standard error is a terminal or a log. */
static void complain_v(const char *verb, const char *fmt, va_list ap)
{
	struct gw_buf b;
	char *text;

	if (vasprintf(&text, fmt, ap) < 0)
		abort();
	gw_buf_init(&b, 0);
	gw_buf_printf(&b, "%s%s%s", verb ? "gwcfg " : "", verb ? verb : "", verb ? ": " : "");
	gw_diag_put_safe(&b, gw_slice_str(text));
	gw_buf_add_char(&b, '\n');
	fputs(gw_buf_str(&b), stderr);
	gw_buf_done(&b);
	free(text);
}

void complain(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	complain_v(NULL, fmt, ap);
	va_end(ap);
}

int usage_error(const struct gw_cli_verb *verb, const char *fmt, ...)
{
	struct gw_buf b;
	va_list ap;

	gw_buf_init(&b, 0);
	gw_cli_put_synopsis(&gwcfg_cli, verb, &b);
	va_start(ap, fmt);
	complain_v(verb->name, fmt, ap);
	va_end(ap);
	fprintf(stderr, "usage: %s\n", gw_buf_str(&b));
	gw_buf_done(&b);
	return EXIT_USAGE;
}

bool print_buf(struct gw_buf *b)
{
	bool fine = fwrite(b->p ? b->p : "", 1, b->n, stdout) == b->n && fflush(stdout) == 0;

	gw_buf_done(b);
	if (!fine)
		complain("gwcfg: cannot write: %s", strerror(errno));
	return fine;
}

void put_file_text(struct gw_slice text, struct gw_buf *out)
{
	if (!isatty(STDOUT_FILENO)) {
		gw_buf_add_slice(out, text);
		return;
	}
	while (text.n) {
		size_t n = 0;

		while (n < text.n && text.p[n] != '\n' && text.p[n] != '\t')
			n++;
		gw_diag_put_safe(out, gw_slice_take(&text, n));
		gw_buf_add_slice(out, gw_slice_take(&text, text.n > 0));
	}
}

bool print_text(struct gw_buf *b)
{
	struct gw_buf shown;

	gw_buf_init(&shown, 0);
	put_file_text(gw_buf_slice(b), &shown);
	gw_buf_done(b);
	return print_buf(&shown);
}
