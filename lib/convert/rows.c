/* rows.c - settings of another server, applied by its table
 *
 * A setting that stands twice in the same place counts the last time, as it does for all these servers; the earlier
 * ones are only noted. */
#include "convert/priv.h"

#include "util/mem.h"

#include <stdlib.h>

/* ---- the list ---- */

bool conv_add(struct conv *c, const struct conv_setting *s)
{
	c->held += s->value.n;
	if (c->n == GW_CONVERT_SETTINGS_MAX || c->held > GW_CONVERT_BYTES_MAX) {
		if (c->rc == 0)
			conv_wrong(c, &s->at, NULL, "there are more than %d settings, or they are too large",
				GW_CONVERT_SETTINGS_MAX);
		return false;
	}
	if (c->n == c->cap) {
		c->cap = c->cap ? c->cap * 2 : 64;
		c->settings = gw_xrealloc(c->settings, c->cap, sizeof *c->settings);
	}
	c->settings[c->n++] = *s;
	return true;
}

const struct conv_setting *conv_last(const struct conv *c, const char *name, unsigned scope)
{
	for (size_t i = c->n; i-- > 0;)
		if (c->settings[i].scope == scope && gw_slice_eq(c->settings[i].name, gw_slice_str(name)))
			return &c->settings[i];
	return NULL;
}

const struct conv_setting *conv_variable(struct conv *c, struct gw_slice name, unsigned scope, const struct conv_at *at)
{
	if (c->variables == GW_CONVERT_VARIABLES_MAX) {
		if (c->rc == 0)
			conv_wrong(c, at, NULL, "variables are used more than %d times", GW_CONVERT_VARIABLES_MAX);
		return NULL;
	}
	c->variables++;
	return conv_last(c, gw_arena_str(&c->arena, name), scope);
}

/* ---- the table ---- */

static bool fits(const char *pattern, struct gw_slice name)
{
	size_t n = strlen(pattern);

	if (n && pattern[n - 1] == '*')
		return name.n >= n - 1 && memcmp(name.p, pattern, n - 1) == 0;
	if (*pattern == '*')
		return name.n >= n - 1 && memcmp(name.p + name.n - (n - 1), pattern + 1, n - 1) == 0;
	return name.n == n && memcmp(name.p, pattern, n) == 0;
}

const struct conv_row *conv_row_of(const struct conv_table *t, struct gw_slice name)
{
	for (size_t i = 0; i < t->n; i++)
		if (fits(t->rows[i].name, name))
			return &t->rows[i];
	return NULL;
}

/* Is value one of the words of a row with which nothing is lost? Nothing is lost with nothing. */
static bool is_off(const struct conv_row *row, struct gw_slice value)
{
	struct gw_slice rest = gw_slice_str(row->off);

	if (value.n == 0 || !row->off)
		return value.n == 0;
	for (;;) {
		struct gw_slice word = gw_slice_take(&rest, gw_slice_find(rest, '|'));

		if (gw_slice_eqi(word, value))
			return true;
		if (rest.n == 0)
			return false;
		gw_slice_take(&rest, 1);
	}
}

static void apply(struct conv *c, const struct conv_row *row, const struct conv_setting *s)
{
	static const struct conv_row off = { .why = "with this value nothing is lost" };

	if (!row)
		conv_find(c, CONFIG_W_UNKNOWN_SETTING, &s->at, NULL, NULL,
			"look in gateway.cfg(5) whether there is an option for it",
			"\"%.*s\" is not carried: the conversion does not know this setting",
				(int)(s->name.n < 100 ? s->name.n : 100),
			s->name.p);
	else if (row->take)
		row->take(c, row, s);
	else if (is_off(row, s->value))
		conv_needless(c, &off, s);
	else
		conv_not_carried(c, s, row->why, row->instead);
}

static bool wildcard(const struct conv_row *row)
{
	return row->name[0] == '*' || row->name[strlen(row->name) - 1] == '*';
}

/* Where the last setting of each row and scope stands, plus 1; rows with wildcards are several settings. */
static size_t *find_last(const struct conv *c, const struct conv_table *t, const struct conv_row **rows)
{
	size_t *last = gw_xcalloc(t->n * CONV_SCOPES + 1, sizeof *last);

	for (size_t i = 0; i < c->n; i++) {
		rows[i] = conv_row_of(t, c->settings[i].name);
		if (rows[i] && !wildcard(rows[i]))
			last[(size_t)(rows[i] - t->rows) * CONV_SCOPES + c->settings[i].scope] = i + 1;
	}
	return last;
}

void conv_apply(struct conv *c, const struct conv_table *t)
{
	const struct conv_row **rows = gw_xcalloc(c->n + 1, sizeof *rows);
	size_t *last = find_last(c, t, rows);

	for (size_t i = 0; i < c->n; i++) {
		const struct conv_setting *s = &c->settings[i];
		size_t slot = rows[i] ? last[(size_t)(rows[i] - t->rows) * CONV_SCOPES + s->scope] : 0;

		if (slot == 0 || slot == i + 1)
			apply(c, rows[i], s);
		else
			conv_find(c, CONFIG_N_AGAIN, &s->at, NULL, NULL, NULL,
				"\"%.*s\" is set again in line %u of \"%s\"", GW_FMT(s->name),
				c->settings[slot - 1].at.line,
					c->settings[slot - 1].at.file ? c->settings[slot - 1].at.file->name : "");
	}
	free(last);
	free(rows);
}

void conv_assume(struct conv *c, const struct conv_table *t, const char *name, const char *value)
{
	struct conv_setting s = { .name = gw_slice_str(name), .value = gw_slice_str(value), .section = "" };

	apply(c, conv_row_of(t, s.name), &s);
}

/* ---- options ---- */

struct conv_result *conv_result(const struct conv *c, const char *option)
{
	for (size_t i = 0; i < gw_option_count(); i++)
		if (strcmp(gw_option_at(i)->name, option) == 0)
			return &c->results[i];
	gw_bug(option);
}

/* A line of gateway.cfg has no quotes: what it cannot hold is a control character, and $ in front. */
static bool can_be_written(const char *text)
{
	if (*text == '$' || strlen(text) > GW_CONFIG_LINE_MAX / 2)
		return false;
	for (; *text; text++)
		if ((unsigned char)*text < 0x20 || *text == 0x7F)
			return false;
	return true;
}

void conv_set(struct conv *c, const char *option, const char *text, const struct conv_at *at)
{
	struct gw_slice trimmed = gw_slice_trim(gw_slice_str(text));

	if (!can_be_written(text)) {
		conv_find(c, CONFIG_W_NOT_CARRIED, at, option, NULL, NULL,
			"the value cannot stand in a gateway.cfg, so it is not carried");
		return;
	}
	*conv_result(c, option) = (struct conv_result){ .text = gw_arena_str(&c->arena, trimmed) };
	if (at)
		conv_result(c, option)->at = *at;
}

const char *conv_get(const struct conv *c, const char *option)
{
	return conv_result(c, option)->text;
}
