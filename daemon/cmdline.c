/* cmdline.c - the command line: few options of its own, and every option of gateway.cfg (see cmdline.h)
 *
 * Long options that are not ours are handed to the configuration as they stand: --imap-port=1143. -h names the store,
 * as it always did; help is --help. */
#include "daemon/cmdline.h"

#include "util/mem.h"

#include <stdio.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#ifndef GW_SYSCONFDIR
#define GW_SYSCONFDIR "/etc"
#endif

const char cmdline_usage[] =
	"Usage: gatewayd [options] [--option-name=value ...]\n"
	"IMAP and POP3 server.\n"
	"\n"
	"  -c, --config FILE    read this configuration (default " GW_SYSCONFDIR "/gateway/gateway.cfg)\n"
	"  -h, --host URL       the storage server, instead of server_socket\n"
	"  -F, --foreground     do not go to the background\n"
	"      --ignore-unknown-config-options\n"
	"                       start in spite of wrong names and values\n"
	"      --dump-config    print all options with their values and exit\n"
	"      --option-name=value\n"
	"                       set an option of gateway.cfg(5)\n"
	"  -V, --version        print the version and exit\n"
	"      --help           print this text and exit\n";

enum takes { NOTHING, VALUE, OPTIONAL };

static void set_path(struct cmdline *c, const char *value)
{
	c->path = value;
}

static void add_override(struct cmdline *c, const char *text)
{
	c->overrides = gw_xrealloc(c->overrides, c->n_overrides + 1, sizeof *c->overrides);
	c->overrides[c->n_overrides++] = gw_xstrdup(text);
}

static void set_host(struct cmdline *c, const char *value)
{
	char *text = gw_xasprintf("--server-socket=%s", value);

	add_override(c, text);
	free(text);
}

static void set_foreground(struct cmdline *c, const char *value)
{
	(void)value;
	c->foreground = true;
}

static void set_ignore(struct cmdline *c, const char *value)
{
	(void)value;
	c->ignore_unknown = true;
}

static void set_dump(struct cmdline *c, const char *value)
{
	(void)value;
	c->action = CMDLINE_DUMP;
}

static void set_version(struct cmdline *c, const char *value)
{
	(void)value;
	c->action = CMDLINE_VERSION;
}

static void set_help(struct cmdline *c, const char *value)
{
	(void)value;
	c->action = CMDLINE_HELP;
}

static void nothing(struct cmdline *c, const char *value)
{
	(void)c;
	(void)value;
}

static const struct row {
	char letter;
	const char *word;
	enum takes takes;
	void (*set)(struct cmdline *c, const char *value);
} rows[] = {
	{ 'c', "config", VALUE, set_path },
	{ 'h', "host", VALUE, set_host },
	{ 'F', "foreground", OPTIONAL, set_foreground },
	{ 'V', "version", NOTHING, set_version },
	{ 0, "help", NOTHING, set_help },
	{ 0, "ignore-unknown-config-options", NOTHING, set_ignore },
	{ 0, "dump-config", NOTHING, set_dump },
	{ 'i', NULL, NOTHING, nothing }, /* of old init scripts */
	{ 'u', NULL, NOTHING, nothing },
};

static void wrong(struct cmdline *c, const char *what, const char *arg)
{
	if (c->action == CMDLINE_WRONG)
		return;
	c->action = CMDLINE_WRONG;
	snprintf(c->problem, sizeof c->problem, "%s: %s", what, arg);
}

static const struct row *find_letter(char letter)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (rows[i].letter == letter)
			return &rows[i];
	return NULL;
}

static const struct row *find_word(const char *word, size_t n)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (rows[i].word && strlen(rows[i].word) == n && memcmp(rows[i].word, word, n) == 0)
			return &rows[i];
	return NULL;
}

/* "--word", "--word=value", "--word value". Returns how many arguments were used. */
static int take_word(struct cmdline *c, char **argv)
{
	const char *word = argv[0] + 2, *equals = strchr(word, '=');
	const struct row *r = find_word(word, equals ? (size_t)(equals - word) : strlen(word));

	if (!r) {
		add_override(c, argv[0]);
		return 1;
	}
	if (r->takes == NOTHING && equals) {
		wrong(c, "option takes no value", argv[0]);
		return 1;
	}
	if (r->takes != VALUE || equals) {
		r->set(c, equals ? equals + 1 : "");
		return 1;
	}
	if (argv[1])
		r->set(c, argv[1]);
	else
		wrong(c, "option needs a value", argv[0]);
	return argv[1] ? 2 : 1;
}

/* "-Fc FILE", "-cFILE". */
static int take_letters(struct cmdline *c, char **argv)
{
	for (const char *p = argv[0] + 1; *p; p++) {
		const struct row *r = find_letter(*p);

		if (!r) {
			wrong(c, "unknown option", argv[0]);
			return 1;
		}
		if (r->takes != VALUE) {
			r->set(c, "");
			continue;
		}
		if (p[1]) {
			r->set(c, p + 1);
			return 1;
		}
		if (argv[1])
			r->set(c, argv[1]);
		else
			wrong(c, "option needs a value", argv[0]);
		return argv[1] ? 2 : 1;
	}
	return 1;
}

void cmdline_parse(struct cmdline *c, int argc, char **argv)
{
	*c = (struct cmdline){ .action = CMDLINE_RUN };
	for (int i = 1; i < argc;) {
		const char *a = argv[i];

		if (a[0] == '-' && a[1] == '-' && a[2])
			i += take_word(c, argv + i);
		else if (a[0] == '-' && a[1] && a[1] != '-')
			i += take_letters(c, argv + i);
		else
			wrong(c, "not an option", argv[i++]);
	}
}

void cmdline_done(struct cmdline *c)
{
	for (size_t i = 0; i < c->n_overrides; i++)
		free((char *)c->overrides[i]);
	free(c->overrides);
	c->overrides = NULL;
}
