/* cmdline.c - the command line: few options of its own, and every option of gateway.cfg (see cmdline.h)
 *
 * Long options that are not ours are handed to the configuration as they stand: --imap-port=1143. -h names the store,
 * as it always did; help is --help. */
#include "daemon/cmdline.h"

#include "cli/options.h"
#include "util/buf.h"
#include "util/mem.h"

#include <stdio.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#ifndef GW_SYSCONFDIR
#define GW_SYSCONFDIR "/etc"
#endif

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

static void set_completion(struct cmdline *c, const char *value)
{
	c->action = CMDLINE_COMPLETION;
	c->shell = value;
}

static void set_events(struct cmdline *c, const char *value)
{
	c->action = CMDLINE_EVENTS;
	c->form = value;
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

static const struct gw_cli_value file = { "FILE", GW_CLI_FILES, NULL };
static bool events_form(size_t i, struct gw_cli_word *ret)
{
	static const struct gw_cli_word forms[] = { { "schema", "as a JSON Schema", NULL },
							 { "man", "as gateway-events(7)", NULL } };

	if (i >= sizeof forms / sizeof *forms)
		return false;
	*ret = forms[i];
	return true;
}

static const struct gw_cli_value events = { "FORM", GW_CLI_WORDS, events_form };
static const struct gw_cli_value url = { "URL", GW_CLI_ANY, NULL };

static const struct row {
	struct gw_cli_flag flag; /* brief NULL: not shown */
	bool may_have_value;     /* though it needs none */
	void (*set)(struct cmdline *c, const char *value);
} rows[] = {
	{ { 'c', "config", &file, "read this configuration (default " GW_SYSCONFDIR "/gateway/gateway.cfg)" }, false, set_path },
	{ { 'h', "host", &url, "the storage server, instead of server_socket" }, false, set_host },
	{ { 'F', "foreground", NULL, "do not go to the background" }, true, set_foreground },
	{ { 0, "ignore-unknown-config-options", NULL, "start in spite of wrong names and values" }, false, set_ignore },
	{ { 0, "dump-config", NULL, "print all options with their values and exit" }, false, set_dump },
	{ { 0, "completion", &gw_cli_shell, "print what completes command lines in a shell" }, false, set_completion },
	{ { 0, "events", &events, "print the catalogue of events: as a JSON schema, or as the manual page" }, false, set_events },
	{ { 'V', "version", NULL, "print the version and exit" }, false, set_version },
	{ { 0, "help", NULL, "print this text and exit" }, false, set_help },
	{ { 'i', NULL, NULL, NULL }, false, nothing }, /* of old init scripts */
	{ { 'u', NULL, NULL, NULL }, false, nothing },
};
#define ROWS (sizeof rows / sizeof *rows)

/* ---- usage and completion ---- */

/* The rows that are shown; list has room for ROWS and the NULL at the end. */
static void list_flags(const struct gw_cli_flag **list)
{
	for (size_t i = 0; i < ROWS; i++)
		if (rows[i].flag.brief)
			*list++ = &rows[i].flag;
	*list = NULL;
}

void cmdline_put_usage(struct gw_buf *out)
{
	const struct gw_cli_flag *flags[ROWS + 1];

	list_flags(flags);
	gw_buf_printf(out, "Usage: gatewayd [options] [--option-name=value ...]\nIMAP and POP3 server.\n\n");
	gw_cli_put_flags(flags, out);
	gw_buf_printf(out, "      --option-name=value\n%24sset an option of gateway.cfg(5)\n", "");
}

bool cmdline_put_completion(const char *shell_asked, struct gw_buf *out)
{
	static const struct gw_cli_value option = { "VALUE", GW_CLI_SETTINGS, gw_cli_option_argument };
	const struct gw_cli_flag *flags[ROWS + 1];
	const struct gw_cli_verb whole = { .flags = flags, .operand = &option, .max = SIZE_MAX };
	const struct gw_cli_verb *verbs = &whole;
	const struct gw_cli cli = { .program = "gatewayd", .manual = "gatewayd(8)", .verbs = &verbs, .n = 1 };

	list_flags(flags);
	return gw_cli_put_completion(&cli, shell_asked, out);
}

/* ---- parsing ---- */

static void wrong(struct cmdline *c, const char *what, const char *arg)
{
	if (c->action == CMDLINE_WRONG)
		return;
	c->action = CMDLINE_WRONG;
	snprintf(c->problem, sizeof c->problem, "%s: %s", what, arg);
}

static const struct row *find_letter(char letter)
{
	for (size_t i = 0; i < ROWS; i++)
		if (rows[i].flag.letter == letter)
			return &rows[i];
	return NULL;
}

static const struct row *find_word(const char *word, size_t n)
{
	for (size_t i = 0; i < ROWS; i++) {
		const char *name = rows[i].flag.name;

		if (name && strlen(name) == n && memcmp(name, word, n) == 0)
			return &rows[i];
	}
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
	if (!r->flag.value && !r->may_have_value && equals) {
		wrong(c, "option takes no value", argv[0]);
		return 1;
	}
	if (!r->flag.value || equals) {
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
		if (!r->flag.value) {
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
