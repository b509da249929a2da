/* table.c - the layout of tables (see table.h) */
#include "gwctl/table.h"

#include "log/log.h"
#include "util/num.h"

#include <stdlib.h>
#include <wchar.h>

#define CELL_MAX 120 /* columns on the screen that one cell can ask for */
#define NARROW 8     /* a column is not made narrower than that */
#define GAP 2

void table_init(struct table *t, int screen)
{
	*t = (struct table){ .screen = screen, .gap = GAP };
	t->last = &t->first;
	gw_arena_init(&t->arena, 0, 0);
	gw_arena_init(&t->line, 0, 0);
}

void table_done(struct table *t)
{
	gw_arena_done(&t->arena);
	gw_arena_done(&t->line);
}

/* ---- widths ---- */

/* The character that text begins with: its bytes, and *width on the screen. */
static size_t character(const char *text, mbstate_t *state, int *width)
{
	wchar_t c;
	size_t n = mbrtowc(&c, text, MB_CUR_MAX, state);
	int w = n == 0 || n >= (size_t)-2 ? -1 : wcwidth(c);

	*width = w < 0 ? 1 : w;
	return w < 0 ? 1 : n;
}

int text_width(const char *text)
{
	mbstate_t state = { 0 };
	int width = 0, w;

	while (*text) {
		text += character(text, &state, &w);
		width += w;
	}
	return width;
}

/* How many bytes of text take at most so many columns. */
static size_t fitting(const char *text, int columns, int *ret_width)
{
	mbstate_t state = { 0 };
	size_t n = 0;
	int w;

	*ret_width = 0;
	while (text[n]) {
		size_t bytes = character(text + n, &state, &w);

		if (*ret_width + w > columns)
			break;
		*ret_width += w;
		n += bytes;
	}
	return n;
}

size_t text_cut(const char *text, int columns)
{
	int width;

	return fitting(text, columns, &width);
}

/* ---- rows ---- */

static size_t column_of(struct table *t, struct gw_slice key)
{
	size_t i = 0;

	while (i < t->n_columns && !gw_slice_eq(gw_slice_str(t->key[i]), key))
		i++;
	if (i == t->n_columns && i < TABLE_COLUMNS && !t->fixed)
		t->key[t->n_columns++] = gw_arena_str(&t->arena, key);
	return i;
}

static char *keep(struct gw_arena *arena, struct gw_buf *text)
{
	char *ret = gw_arena_str(arena, gw_buf_slice(text));

	text->n = 0;
	return ret;
}

static void measure(struct table *t, size_t i, const struct table_row *row, enum gw_ctl_json kind)
{
	int w = text_width(row->cell[i]);

	if (w > t->width[i])
		t->width[i] = w < CELL_MAX ? w : CELL_MAX;
	if (kind != GW_CTL_JSON_NUMBER && kind != GW_CTL_JSON_NULL)
		t->text[i] = true;
}

static struct table_row *read_row(struct table *t, struct gw_slice json, struct gw_arena *arena)
{
	struct table_row *row = gw_arena_alloc(arena, sizeof *row);
	struct gw_ctl_member m;
	struct gw_buf text;

	memset(row, 0, sizeof *row);
	gw_buf_init(&text, 0);
	while (gw_ctl_json_next(&json, &t->line, &m) > 0) {
		size_t i = column_of(t, m.key);

		if (i >= t->n_columns)
			continue;
		value_put(&text, &t->line, &m);
		row->cell[i] = keep(arena, &text);
		value_put_plain(&text, &m);
		row->plain[i] = keep(arena, &text);
		row->number[i] = m.kind == GW_CTL_JSON_NUMBER;
		if (!t->fixed)
			measure(t, i, row, m.kind);
	}
	gw_buf_done(&text);
	return row;
}

void table_add(struct table *t, struct gw_slice json)
{
	struct table_row *row = read_row(t, json, &t->arena);

	gw_arena_reset(&t->line);
	*t->last = row;
	t->last = &row->next;
	t->n_rows++;
}

void table_add_source(struct table *t, struct gw_slice json)
{
	struct table_row **at = t->last;

	table_add(t, json);
	(*at)->source = gw_arena_str(&t->arena, json);
}

const struct table_row *table_read(struct table *t, struct gw_slice json)
{
	gw_arena_reset(&t->line);
	return read_row(t, json, &t->line);
}

void table_forget(struct table *t)
{
	t->first = NULL;
	t->last = &t->first;
	t->n_rows = 0;
}

/* ---- columns ---- */

int table_column(const struct table *t, struct gw_slice name)
{
	for (size_t i = 0; i < t->n_columns; i++)
		if (gw_slice_eq(gw_slice_str(t->key[i]), name))
			return (int)i;
	for (size_t i = 0; i < t->n_columns; i++)
		if (value_named(gw_slice_str(t->key[i]), name))
			return (int)i;
	return -1;
}

bool table_choose(struct table *t, struct gw_slice names, struct gw_slice *ret_unknown)
{
	struct gw_slice name, unknown = { "", 0 };

	t->n_shown = 0;
	while (gw_slice_word(&names, ",", &name) && t->n_shown < TABLE_COLUMNS) {
		int i = table_column(t, gw_slice_trim(name));

		if (i >= 0)
			t->shown[t->n_shown++] = (size_t)i;
		else if (unknown.n == 0)
			unknown = name;
	}
	if (ret_unknown)
		*ret_unknown = unknown;
	return t->n_shown > 0;
}

static size_t n_shown(const struct table *t)
{
	return t->n_shown ? t->n_shown : t->n_columns;
}

static size_t shown_at(const struct table *t, size_t k)
{
	return t->n_shown ? t->shown[k] : k;
}

/* ---- sorting ---- */

/* Numbers before words, what is missing behind both. */
static int compare(const struct table_row *a, const struct table_row *b, size_t i)
{
	const char *x = a->plain[i], *y = b->plain[i];
	uint64_t u, v;
	double d, e;

	if (!x || !y || !*x || !*y)
		return (!x || !*x) - (!y || !*y);
	if (a->number[i] != b->number[i])
		return a->number[i] ? -1 : 1;
	if (gw_parse_u64(gw_slice_str(x), &u) && gw_parse_u64(gw_slice_str(y), &v)) /* ids too */
		return (u > v) - (u < v);
	if (!a->number[i])
		return gw_slice_cmpi(gw_slice_str(x), gw_slice_str(y));
	d = strtod(x, NULL);
	e = strtod(y, NULL);
	return (d > e) - (d < e);
}

static bool is_missing(const struct table_row *r, size_t i)
{
	return !r->plain[i] || !*r->plain[i];
}

/* May a stand before b? */
static bool in_order(const struct table_row *a, const struct table_row *b, size_t column, bool descending)
{
	int c = compare(a, b, column);

	return is_missing(a, column) || is_missing(b, column) || !descending ? c <= 0 : c >= 0;
}

static struct table_row *merge(struct table_row *a, struct table_row *b, size_t column, bool descending)
{
	struct table_row *first = NULL, **to = &first;

	while (a && b) {
		struct table_row **from = in_order(a, b, column, descending) ? &a : &b;

		*to = *from;
		*from = (*from)->next;
		to = &(*to)->next;
	}
	*to = a ? a : b;
	return first;
}

static struct table_row *sorted(struct table_row *first, size_t n, size_t column, bool descending)
{
	struct table_row *end = first, *second;

	if (n < 2)
		return first;
	for (size_t i = 1; i < n / 2; i++)
		end = end->next;
	second = end->next;
	end->next = NULL;
	return merge(sorted(first, n / 2, column, descending), sorted(second, n - n / 2, column, descending), column, descending);
}

void table_sort(struct table *t, size_t column, bool descending)
{
	t->first = sorted(t->first, t->n_rows, column, descending);
	t->last = &t->first;
	while (*t->last)
		t->last = &(*t->last)->next;
}

/* ---- lines ---- */

static int total_width(const struct table *t)
{
	int sum = -t->gap;

	for (size_t k = 0; k < n_shown(t); k++)
		sum += t->width[shown_at(t, k)] + t->gap;
	return sum;
}

/* The widest column of text, that can be narrower. */
static int *widest(struct table *t)
{
	int *best = NULL;

	for (size_t k = 0; k < n_shown(t); k++) {
		size_t i = shown_at(t, k);

		if (t->text[i] && t->width[i] > NARROW && (!best || t->width[i] > *best))
			best = &t->width[i];
	}
	return best;
}

/* With the unit when another column is called the same without. */
static void put_title(const struct table *t, size_t i, struct gw_buf *out)
{
	struct gw_slice key = gw_slice_str(t->key[i]);
	bool clash = false;

	for (size_t k = 0; k < t->n_columns; k++)
		clash |= k != i && value_named(key, gw_slice_str(t->key[k]));
	value_put_title(out, key, clash);
}

void table_fix(struct table *t)
{
	struct gw_buf title;
	int *w;

	gw_buf_init(&title, 0);
	for (size_t i = 0; i < t->n_columns; i++) {
		put_title(t, i, &title);
		if (text_width(gw_buf_str(&title)) > t->width[i])
			t->width[i] = text_width(gw_buf_str(&title));
		title.n = 0;
	}
	gw_buf_done(&title);
	if (t->screen && total_width(t) > t->screen)
		t->gap = 1;
	while (t->screen && total_width(t) > t->screen && (w = widest(t)))
		--*w;
	t->fixed = true;
}

/* text in its column, cut with a mark when it is on a terminal and too long. */
static void put_cell(const struct table *t, size_t k, const char *text, enum shade shade, struct gw_buf *out)
{
	size_t i = shown_at(t, k), n = strlen(text);
	bool last = k + 1 == n_shown(t), cut = t->screen && text_width(text) > t->width[i];
	int w = text_width(text), pad;

	if (cut)
		n = fitting(text, t->width[i] - 1, &w);
	pad = t->width[i] - w - cut;
	if (pad < 0)
		pad = 0;
	if (!t->text[i])
		gw_buf_printf(out, "%*s", pad, "");
	gw_buf_printf(out, "%s%.*s%s%s", shade ? shade_code(shade) : "", (int)n, text, cut ? "~" : "", shade ? shade_code(SHADE_NONE) : "");
	if (!last)
		gw_buf_printf(out, "%*s", (t->text[i] ? pad : 0) + t->gap, "");
}

void table_put_head(struct table *t, struct gw_buf *out)
{
	struct gw_buf title;

	gw_buf_init(&title, 0);
	for (size_t k = 0; k < n_shown(t); k++) {
		title.n = 0;
		put_title(t, shown_at(t, k), &title);
		put_cell(t, k, gw_buf_str(&title), SHADE_NONE, out);
	}
	gw_buf_done(&title);
}

void table_put_row(const struct table *t, const struct table_row *row, bool color, struct gw_buf *out)
{
	for (size_t k = 0; k < n_shown(t); k++) {
		size_t i = shown_at(t, k);
		const char *text = row->cell[i] ? row->cell[i] : "-";

		put_cell(t, k, text, color ? value_shade(gw_slice_str(t->key[i]), text) : SHADE_NONE, out);
	}
}

static void put_csv_cell(const char *text, struct gw_buf *out)
{
	if (!text[strcspn(text, ",\"\r\n")]) {
		gw_buf_printf(out, "%s", text);
		return;
	}
	gw_buf_add_char(out, '"');
	for (; *text; text++) {
		if (*text == '"')
			gw_buf_add_char(out, '"');
		gw_buf_add_char(out, *text);
	}
	gw_buf_add_char(out, '"');
}

void table_put_csv(const struct table *t, const struct table_row *row, struct gw_buf *out)
{
	struct gw_buf name;

	gw_buf_init(&name, 0);
	for (size_t k = 0; k < n_shown(t); k++) {
		const char *text = row ? row->plain[shown_at(t, k)] : NULL;

		if (k)
			gw_buf_add_char(out, ',');
		name.n = 0;
		gw_log_escape(&name, gw_slice_str(t->key[shown_at(t, k)]), SIZE_MAX / 8);
		put_csv_cell(!row ? gw_buf_str(&name) : text ? text : "", out);
	}
	gw_buf_done(&name);
}
