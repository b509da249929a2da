/* since.c - gwcfg since: what changed in and after a version */
#include "gwcfg/gwcfg.h"

#include "config/history.h"
#include "util/json.h"
#include "util/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

size_t all_events(struct gw_event **ret)
{
	size_t n = gw_events(NULL, 0);

	*ret = gw_xcalloc(n, sizeof **ret);
	return gw_events(*ret, n);
}

void put_version(const char *version, struct gw_buf *out)
{
	gw_buf_printf(out, "%s%s", strncmp(version, "gateway", 7) == 0 ? "" : "kopano-gateway ", version);
}

void json_event(const struct gw_event *e, struct gw_json *j)
{
	gw_json_open(j, NULL, '{');
	gw_json_str(j, "version", e->version);
	gw_json_str(j, "option", e->option ? e->option->name : NULL);
	gw_json_str(j, "event", gw_event_kind_name(e->kind));
	gw_json_str(j, "text", e->text);
	gw_json_close(j, '}');
}

static void put_text(const struct gw_event *v, size_t n, struct gw_buf *out)
{
	const char *version = NULL;

	for (size_t i = 0; i < n; i++) {
		if (!version || strcmp(version, v[i].version) != 0) {
			gw_buf_printf(out, version ? "\n" : "");
			version = v[i].version;
			put_version(version, out);
			gw_buf_add_char(out, '\n');
		}
		gw_buf_printf(out, "  %-8s %-30s %s\n", gw_event_kind_name(v[i].kind),
			v[i].option ? v[i].option->name : "(every file)", v[i].text);
	}
	if (n == 0)
		gw_buf_printf(out, "Nothing changed since then.\n");
}

static void put_json(const struct gw_event *v, size_t n, struct gw_buf *out)
{
	struct gw_json j;

	gw_json_init(&j, out);
	gw_json_open(&j, NULL, '[');
	for (size_t i = 0; i < n; i++)
		json_event(&v[i], &j);
	gw_json_close(&j, ']');
	gw_buf_add_char(out, '\n');
}

static int since_run(const struct gw_cli_args *args)
{
	char version[64];
	struct gw_event *v;
	size_t n, first = 0;
	struct gw_buf out;

	snprintf(version, sizeof version, "%s%s%s", args->operands[0], args->n > 1 ? " " : "",
		args->n > 1 ? args->operands[1] : "");
	if (!gw_version_valid(version))
		return usage_error(args->verb, "\"%.60s\" is no version; write 8.7, 9.0 or gateway 0.1", version);
	n = all_events(&v);
	while (first < n && gw_version_compare(v[first].version, version) < 0)
		first++;
	gw_buf_init(&out, 0);
	if (gw_cli_has(args, "json"))
		put_json(v + first, n - first, &out);
	else
		put_text(v + first, n - first, &out);
	free(v);
	return print_buf(&out) ? EXIT_FINE : EXIT_IO;
}

/* The versions something happened in. */
static bool version_word(size_t i, struct gw_cli_word *ret)
{
	struct gw_event *v;
	size_t n = all_events(&v), distinct = 0;
	bool found = false;

	for (size_t k = 0; k < n && !found; k++) {
		if (k && strcmp(v[k].version, v[k - 1].version) == 0)
			continue;
		found = distinct++ == i;
		if (found)
			*ret = (struct gw_cli_word){ .word = v[k].version };
	}
	free(v);
	return found;
}

const struct gw_cli_value value_version = { "VERSION", GW_CLI_NAMES, version_word };

static const struct gw_cli_flag *const flags[] = { &flag_json, NULL };

const struct gw_cli_verb verb_since = {
	.name = "since",
	.brief = "list what changed in a version and after it",
	.doc = "Lists the options that were added, got another default or another meaning, became unused or were removed in "
	       "VERSION or later: versions of kopano-gateway, such as 8.7, and behind them those of this program, such as "
	       "`gateway 0.1`. What came with a pre-release counts for the release: 8.6.82 is part of 8.7.\n\n"
	       "With the version a file was written for it is the list of what to look at in that file.",
	.examples = "  gwcfg since 8.7\n"
		    "  gwcfg since --json gateway 0.1\n",
	.flags = flags,
	.operand = &value_version,
	.min = 1,
	.max = 2,
	.run = since_run,
};
