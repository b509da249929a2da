/* main.c - gwcfg: check, show, explain and change the configuration of gatewayd
 *
 * Nothing is loaded that a verb does not need: the tool runs on every pass of a configuration management system and
 * starts in a few milliseconds. */
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

static int print_version(void)
{
	struct gw_buf b;

	gw_buf_init(&b, 0);
	gw_buf_printf(&b, "gwcfg %s\n", GW_VERSION);
	return print_buf(&b) ? EXIT_FINE : EXIT_IO;
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

static int overview(FILE *f, int code)
{
	struct gw_buf b;

	gw_buf_init(&b, 0);
	gw_cli_put_overview(&gwcfg_cli, &b);
	if (f == stdout)
		return print_buf(&b) ? code : EXIT_IO;
	fputs(gw_buf_str(&b), f);
	gw_buf_done(&b);
	return code;
}

static int help_of(const struct gw_cli_verb *verb)
{
	struct gw_buf b;

	gw_buf_init(&b, 0);
	gw_cli_put_help(&gwcfg_cli, verb, &b);
	return print_buf(&b) ? EXIT_FINE : EXIT_IO;
}

static const struct gw_cli_verb *find_verb(const char *word)
{
	char *const words[] = { (char *)word };
	const struct gw_cli_verb *v = gw_cli_find(&gwcfg_cli, 1, words), *near;

	if (v)
		return v;
	near = gw_cli_nearest(&gwcfg_cli, word);
	complain("gwcfg: there is no verb \"%s\"%s%s%s", word, near ? "; did you mean " : "", near ? near->name : "",
		near ? "?" : "; `gwcfg help' shows all");
	return NULL;
}

static int run(const struct gw_cli_verb *verb, int argc, char **argv)
{
	struct gw_cli_args args;
	struct gw_err err = { 0 };
	int code;

	if (gw_cli_parse(&gwcfg_cli, verb, argc, argv, &args, &err) < 0)
		return usage_error(verb, "%s", err.text);
	code = args.help ? help_of(verb) : verb->run(&args);
	gw_cli_args_done(&args);
	return code;
}

int main(int argc, char **argv)
{
	const char *word = argc > 1 ? argv[1] : "";
	const struct gw_cli_verb *verb;

	if (argc < 2)
		return overview(stderr, EXIT_USAGE);
	if (strcmp(word, "--version") == 0 || strcmp(word, "-V") == 0)
		return print_version();
	if (strcmp(word, "help") == 0 && argc > 2)
		return (verb = find_verb(argv[2])) ? help_of(verb) : EXIT_USAGE;
	if (strcmp(word, "help") == 0 || strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0)
		return overview(stdout, EXIT_FINE);
	verb = find_verb(word);
	return verb ? run(verb, argc - 1, argv + 1) : EXIT_USAGE;
}
