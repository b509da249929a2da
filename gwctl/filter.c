/* filter.c - grep, count, head, tail (see filter.h) */
#include "gwctl/filter.h"

#include "gwctl/gwctl.h"
#include "gwctl/near.h"
#include "util/num.h"

#include <regex.h>
#include <stdlib.h>
#include <string.h>

#define TAIL_MAX 10000
#define USUAL 10 /* lines of head and tail */

enum kind { GREP, COUNT, HEAD, TAIL, LESS, JSON, CSV, SORT, COLUMNS, LIMIT };

static const struct {
	const char *name;
	enum kind kind;
	const char *takes; /* NULL: nothing */
	const char *brief;
} rows[] = {
	{ "grep", GREP, "[-i] [-v] PATTERN", "lines that match a pattern, or with -v do not" },
	{ "count", COUNT, NULL, "how many lines there are" },
	{ "head", HEAD, "[N]", "the first lines" },
	{ "tail", TAIL, "[N]", "the last lines" },
	{ "sort", SORT, "[-]COLUMN", "sort a table, with - the biggest first" },
	{ "columns", COLUMNS, "NAME,...", "show these columns" },
	{ "limit", LIMIT, "N", "the first rows of a table" },
	{ "json", JSON, NULL, "one JSON object a line" },
	{ "csv", CSV, NULL, "comma-separated values" },
	{ "less", LESS, NULL, "in the pager" },
};
#define ROWS (sizeof rows / sizeof *rows)

struct filter {
	struct filter *next;
	enum kind kind;
	regex_t pattern;
	bool invert;
	uint64_t limit, seen;
	char **held; /* of tail: a ring of limit lines, plain and shown */
};

const char *filter_name(size_t i, const char **ret_brief)
{
	if (i >= ROWS)
		return NULL;
	if (ret_brief)
		*ret_brief = rows[i].brief;
	return rows[i].name;
}

/* ---- reading ---- */

static int unknown(const char *word, struct gw_err *err)
{
	struct near near = near_begin(gw_slice_str(word));
	struct gw_buf all;
	int rc;

	gw_buf_init(&all, 0);
	for (size_t i = 0; i < ROWS; i++) {
		near_offer(&near, gw_slice_str(rows[i].name));
		gw_buf_printf(&all, "%s%s", i ? ", " : "", rows[i].name);
	}
	if (near.best)
		rc = gw_fail(err, GW_EINVAL, "there is no filter \"%.40s\"; did you mean \"%s\"?", word, near.best);
	else
		rc = gw_fail(err, GW_EINVAL, "there is no filter \"%.40s\" (nor a way to the shell); there are %s", word,
			gw_buf_str(&all));
	gw_buf_done(&all);
	return rc;
}

static size_t row_of(const char *word)
{
	size_t i = 0;

	while (i < ROWS && strcmp(rows[i].name, word) != 0)
		i++;
	return i;
}

static int wrong_use(size_t row, struct gw_err *err)
{
	return gw_fail(err, GW_EINVAL, "%s is used so: | %s%s%s", rows[row].name, rows[row].name, rows[row].takes ? " " : "",
		rows[row].takes ? rows[row].takes : "");
}

static int read_grep(struct filter *f, char *const *words, size_t n, struct gw_err *err)
{
	int flags = REG_EXTENDED | REG_NOSUB, rc;
	char why[120];
	size_t i = 1;

	for (; i < n && words[i][0] == '-' && words[i][1]; i++)
		for (const char *p = words[i] + 1; *p; p++) {
			if (*p == 'i')
				flags |= REG_ICASE;
			else if (*p == 'v')
				f->invert = true;
			else
				return wrong_use(0, err);
		}
	if (i + 1 != n)
		return wrong_use(0, err);
	rc = regcomp(&f->pattern, words[i], flags);
	if (rc == 0)
		return 0;
	regerror(rc, &f->pattern, why, sizeof why);
	return gw_fail(err, GW_EINVAL, "grep: \"%.60s\" is no pattern: %s", words[i], why);
}

static int read_lines(size_t row, struct filter *f, char *const *words, size_t n, struct gw_err *err)
{
	const char *number = n > 1 && words[1][0] == '-' ? words[1] + 1 : words[1];

	f->limit = USUAL;
	if (n > 2 || (n == 2 && !gw_parse_u64_range(gw_slice_str(number), 1, TAIL_MAX, &f->limit)))
		return wrong_use(row, err);
	if (f->kind == TAIL)
		f->held = gw_xcalloc(2 * f->limit, sizeof *f->held);
	return 0;
}

static int read_option(size_t row, char *const *words, size_t n, struct options *o, struct gw_err *err)
{
	const char **to = rows[row].kind == SORT ? &o->sort : rows[row].kind == COLUMNS ? &o->columns : &o->limit;

	if (n != (rows[row].takes ? 2 : 1))
		return wrong_use(row, err);
	if (rows[row].kind == JSON)
		o->json = true;
	else if (rows[row].kind == CSV)
		o->csv = true;
	else
		*to = words[1];
	return 0;
}

int filter_read(char *const *words, size_t n, struct options *o, struct filter **chain, struct gw_err *err)
{
	size_t row = row_of(words[0]);
	struct filter *f;
	int rc = 0;

	if (row == ROWS)
		return unknown(words[0], err);
	if (rows[row].kind >= JSON)
		return read_option(row, words, n, o, err);
	f = gw_xalloc(sizeof *f);
	f->kind = rows[row].kind;
	if (f->kind == GREP)
		rc = read_grep(f, words, n, err);
	else if (f->kind == HEAD || f->kind == TAIL)
		rc = read_lines(row, f, words, n, err);
	else if (n > 1)
		rc = wrong_use(row, err);
	if (rc < 0) {
		free(f);
		return rc;
	}
	while (*chain)
		chain = &(*chain)->next;
	*chain = f;
	return 0;
}

void filter_free(struct filter *f)
{
	while (f) {
		struct filter *next = f->next;

		if (f->kind == GREP)
			regfree(&f->pattern);
		for (size_t i = 0; f->held && i < 2 * f->limit; i++)
			free(f->held[i]);
		free(f->held);
		free(f);
		f = next;
	}
}

/* ---- lines ---- */

static void hold(struct filter *f, const char *plain, const char *shown)
{
	char **at = f->held + 2 * ((f->seen - 1) % f->limit);

	free(at[0]);
	free(at[1]);
	at[0] = gw_xstrdup(plain);
	at[1] = shown ? gw_xstrdup(shown) : NULL;
}

/* Does the line go on to the next filter? */
static bool passes(struct filter *f, const char *plain, const char *shown)
{
	f->seen++;
	switch (f->kind) {
	case GREP:
		return (regexec(&f->pattern, plain, 0, NULL, 0) == 0) != f->invert;
	case HEAD:
		return f->seen <= f->limit;
	case TAIL:
		hold(f, plain, shown);
		return false;
	case COUNT:
		return false;
	default:
		return true;
	}
}

void filter_line(struct filter *f, const char *plain, const char *shown, bool head, filter_put *put, void *ctx)
{
	for (; f; f = f->next) {
		if (head && f->kind == COUNT)
			return;
		if (!head && !passes(f, plain, shown))
			return;
	}
	put(ctx, plain, shown);
}

static void end_tail(struct filter *f, filter_put *put, void *ctx)
{
	uint64_t n = f->seen < f->limit ? f->seen : f->limit;

	for (uint64_t i = f->seen - n; i < f->seen; i++) {
		char **at = f->held + 2 * (i % f->limit);

		filter_line(f->next, at[0], at[1], false, put, ctx);
	}
}

void filter_end(struct filter *f, filter_put *put, void *ctx)
{
	char number[32];

	for (; f; f = f->next) {
		if (f->kind == TAIL)
			end_tail(f, put, ctx);
		if (f->kind != COUNT)
			continue;
		snprintf(number, sizeof number, "%llu", (unsigned long long)f->seen);
		filter_line(f->next, number, NULL, false, put, ctx);
	}
}

bool filter_wants_more(const struct filter *f)
{
	for (; f; f = f->next)
		if (f->kind == HEAD && f->seen >= f->limit)
			return false;
	return true;
}

bool filter_has_pager(const struct filter *f)
{
	while (f && f->kind != LESS)
		f = f->next;
	return f != NULL;
}
