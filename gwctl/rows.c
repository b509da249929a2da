/* rows.c - the flags of gwctl, a row each: from them they are read, explained and completed
 *
 * Flags and the parameters of an order may stand in any order, so the words are walked over by hand, not by getopt(3). */
#include "gwctl/gwctl.h"


#include <stddef.h>
#include <string.h>

static bool color_word(size_t i, struct gw_cli_word *ret)
{
	static const char *const words[] = { "auto", "always", "never" };

	if (i < sizeof words / sizeof *words)
		*ret = (struct gw_cli_word){ .word = words[i] };
	return i < sizeof words / sizeof *words;
}

static const struct gw_cli_value file = { "FILE", GW_CLI_FILES, NULL };
static const struct gw_cli_value socket_file = { "SOCKET", GW_CLI_FILES, NULL };
static const struct gw_cli_value names = { "NAME,...", GW_CLI_ANY, NULL };
static const struct gw_cli_value name = { "[-]NAME", GW_CLI_ANY, NULL };
static const struct gw_cli_value number = { "N", GW_CLI_ANY, NULL };
static const struct gw_cli_value host = { "[USER@]HOST", GW_CLI_ANY, NULL };
static const struct gw_cli_value when = { "WHEN", GW_CLI_WORDS, color_word };

#define AT(member) offsetof(struct options, member)

/* A switch sets a bool, a flag with a value a const char *. */
static const struct {
	struct gw_cli_flag flag;
	size_t at;
} rows[] = {
	{ { 'j', "json", NULL, "print the answer as JSON, one object a line" }, AT(json) },
	{ { 0, "csv", NULL, "print tables as comma-separated values (RFC 4180)" }, AT(csv) },
	{ { 0, "columns", &names, "show these columns of a table, in this order" }, AT(columns) },
	{ { 0, "sort", &name, "sort a table by a column, with \"-\" the biggest first" }, AT(sort) },
	{ { 0, "limit", &number, "show the first N rows of a table" }, AT(limit) },
	{ { 0, "no-header", NULL, "print tables without their head" }, AT(no_header) },
	{ { 0, "color", &when, "colours: auto (on a terminal), always, never" }, AT(color) },
	{ { 'q', "quiet", NULL, "print nothing when all is well" }, AT(quiet) },
	{ { 'y', "yes", NULL, "do not ask back" }, AT(yes) },
	{ { 0, "hash", NULL, "take a crypt(3) hash instead of a password" }, AT(hash) },
	{ { 0, "no-password", NULL, "make an account nobody can sign on to yet" }, AT(no_password) },
	{ { 'f', "file", &file, "run the commands of a file, - for standard input" }, AT(script) },
	{ { 'k', "keep-going", NULL, "go on with a script after a command that failed" }, AT(keep_going) },
	{ { 'H', "host", &host, "run on another machine, by ssh" }, AT(host) },
	{ { 's', "socket", &socket_file, "the control socket of the daemon" }, AT(socket) },
	{ { 'c', "config", &file, "the configuration that names it" }, AT(config) },
	{ { 0, "completion", &gw_cli_shell, "print what completes commands in a shell" }, AT(completion) },
	{ { 0, "complete", NULL, "print what the last word could be" }, AT(complete) },
	{ { 'V', "version", NULL, "print the version" }, AT(version) },
	{ { 'h', "help", NULL, "say more about a command" }, AT(help) },
};
#define ROWS (sizeof rows / sizeof *rows)

const struct gw_cli_flag *flag_row(size_t i)
{
	return i < ROWS ? &rows[i].flag : NULL;
}

void put_flags(struct gw_buf *out)
{
	const struct gw_cli_flag *all[ROWS + 1] = { NULL };

	for (size_t i = 0; i < ROWS; i++)
		all[i] = &rows[i].flag;
	gw_cli_put_flags(all, out);
}

/* ---- which one ---- */

static size_t of_letter(char c)
{
	size_t i = 0;

	while (i < ROWS && rows[i].flag.letter != c)
		i++;
	return i;
}

/* The row of a name, or of the beginning of only one; ROWS when there is none. */
static size_t of_name(struct gw_slice name_asked)
{
	size_t found = ROWS;

	for (size_t i = 0; name_asked.n && i < ROWS; i++) {
		struct gw_slice own = gw_slice_str(rows[i].flag.name);

		if (gw_slice_eq(own, name_asked))
			return i;
		if (gw_slice_startsi(own, name_asked))
			found = found == ROWS ? i : ROWS + 1;
	}
	return found < ROWS ? found : ROWS;
}

static struct gw_slice name_of(const char *word)
{
	return gw_slice(word + 2, strcspn(word + 2, "="));
}

static bool is_long(const char *word)
{
	return word[0] == '-' && word[1] == '-' && word[2];
}

static bool is_short(const char *word)
{
	return word[0] == '-' && word[1] && word[1] != '-';
}

/* The last flag of letters that stand together. */
static size_t last_letter(const char *word)
{
	size_t row = ROWS;

	for (const char *p = word + 1; *p; p++) {
		row = of_letter(*p);
		if (row == ROWS || rows[row].flag.value)
			return p[1] ? ROWS : row; /* its value is in the same word */
	}
	return row;
}

size_t flag_words(char *const *words, size_t n, size_t i)
{
	const char *w = words[i];
	size_t row;

	if (is_short(w))
		return of_letter(w[1]) == ROWS ? 0 : last_letter(w) < ROWS && rows[last_letter(w)].flag.value && i + 1 < n ? 2 : 1;
	row = is_long(w) ? of_name(name_of(w)) : ROWS;
	if (row == ROWS)
		return 0;
	return rows[row].flag.value && !strchr(w, '=') && i + 1 < n ? 2 : 1;
}

/* ---- reading ---- */

static int check_value(const struct gw_cli_flag *f, const char *value, struct gw_err *err)
{
	struct gw_cli_word w;
	struct gw_buf all;
	int rc;

	if (f->value->how != GW_CLI_WORDS)
		return 0;
	gw_buf_init(&all, 0);
	for (size_t i = 0; f->value->word(i, &w); i++) {
		if (strcmp(w.word, value) == 0)
			return gw_buf_done(&all), 0;
		gw_buf_printf(&all, "%s%s", i ? ", " : "", w.word);
	}
	rc = gw_fail(err, GW_EINVAL, "--%s is one of %s, not \"%.60s\"", f->name, gw_buf_str(&all), value);
	gw_buf_done(&all);
	return rc;
}

/* value: NULL when none stands in the same word. */
static int set(size_t row, const char *value, char *const *words, size_t n, size_t *i, struct options *o, struct gw_err *err)
{
	const struct gw_cli_flag *f = &rows[row].flag;
	char *to = (char *)o + rows[row].at;

	if (!f->value) {
		if (value)
			return gw_fail(err, GW_EINVAL, "--%s takes no value", f->name);
		*(bool *)to = true;
		return 1;
	}
	if (!value && *i + 1 == n)
		return gw_fail(err, GW_EINVAL, "--%s needs a value: %s", f->name, f->value->meta);
	if (!value)
		value = words[++*i];
	*(const char **)(void *)to = value;
	return check_value(f, value, err) < 0 ? GW_EINVAL : 1;
}

static int read_letters(char *const *words, size_t n, size_t *i, struct options *o, struct gw_err *err)
{
	int rc = 1;

	for (const char *p = words[*i] + 1; rc == 1 && *p; p++) {
		size_t row = of_letter(*p);

		if (row == ROWS)
			return gw_fail(err, GW_EINVAL, "there is no flag -%c", *p);
		if (rows[row].flag.value)
			return set(row, p[1] ? p + 1 : NULL, words, n, i, o, err);
		rc = set(row, NULL, words, n, i, o, err);
	}
	return rc;
}

int flag_read(char *const *words, size_t n, size_t *i, struct options *o, struct gw_err *err)
{
	const char *w = words[*i], *eq;
	size_t row;

	if (is_short(w))
		return read_letters(words, n, i, o, err);
	row = is_long(w) ? of_name(name_of(w)) : ROWS;
	if (row == ROWS)
		return 0;
	eq = strchr(w, '=');
	return set(row, eq ? eq + 1 : NULL, words, n, i, o, err);
}

size_t flag_write(const struct options *o, size_t i, struct gw_buf *out)
{
	const char *from = (const char *)o + rows[i].at;

	if (!rows[i].flag.value)
		return *(const bool *)from ? (size_t)gw_buf_printf(out, "--%s", rows[i].flag.name) : 0;
	if (!*(const char *const *)(const void *)from)
		return 0;
	gw_buf_printf(out, "--%s=%s", rows[i].flag.name, *(const char *const *)(const void *)from);
	return 1;
}
