/* render.c - answers for people: rows as a table, single objects as lines, news while something runs
 *
 * The first rows decide the widths of a table; those that come later are printed as they come, so a long answer needs
 * little memory. With --json everything is passed through, one object a line. Every text goes through put_safe(). */
#include "gwctl/gwctl.h"

#include "log/log.h"
#include "util/num.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>

#define COLUMNS_MAX 24
#define ROWS_HELD 500    /* looked at for the widths */
#define CELL_MAX 120     /* columns on the screen */

struct row {
	struct row *next;
	char *cell[COLUMNS_MAX];
};

struct render {
	const struct gw_ctl_verb *verb;
	const struct options *o;
	struct gw_arena arena;  /* rows that are held */
	struct gw_arena line;   /* the row being read */
	char *key[COLUMNS_MAX];
	int width[COLUMNS_MAX];
	size_t n_columns;
	struct row *first, **last;
	size_t n_held;
	bool streaming;         /* widths are fixed, the head was printed */
	bool progress;          /* a line of progress stands on the terminal */
};

/* ---- values ---- */

typedef void put_value(struct gw_buf *out, uint64_t v);

static void put_size(struct gw_buf *out, uint64_t v)
{
	char text[32];

	gw_buf_printf(out, "%s", v ? gw_put_size(text, sizeof text, v) : "0");
}

static void put_size_limit(struct gw_buf *out, uint64_t v)
{
	if (v)
		put_size(out, v);
	else
		gw_buf_add_char(out, '-');
}

static void put_limit(struct gw_buf *out, uint64_t v)
{
	if (v)
		gw_buf_printf(out, "%llu", (unsigned long long)v);
	else
		gw_buf_add_char(out, '-');
}

static void put_time(struct gw_buf *out, uint64_t v)
{
	time_t t = (time_t)v;
	struct tm tm;
	char text[32];

	if (v && localtime_r(&t, &tm) && strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &tm))
		gw_buf_printf(out, "%s", text);
	else
		gw_buf_add_char(out, '-');
}

static void put_span(struct gw_buf *out, uint64_t v)
{
	unsigned long long s = v;

	if (s < 60)
		gw_buf_printf(out, "%llus", s);
	else if (s < 3600)
		gw_buf_printf(out, "%llum%02llus", s / 60, s % 60);
	else if (s < 86400)
		gw_buf_printf(out, "%lluh%02llum", s / 3600, s / 60 % 60);
	else
		gw_buf_printf(out, "%llud%02lluh", s / 86400, s / 3600 % 24);
}

/* How numbers are shown, by the name of the member; others as they are. */
static const struct {
	const char *key;
	put_value *put;
} shapes[] = {
	{ "storage_limit", put_size_limit }, { "messages_limit", put_limit }, { "size", put_size },
	{ "bytes_in", put_size },      { "bytes_out", put_size },	{ "memory", put_size },
	{ "created", put_time },       { "changed", put_time },		{ "started", put_time },
	{ "since", put_time },	       { "connected", put_time },	{ "idle", put_span },
	{ "idle_s", put_span },	       { "age", put_span },		{ "age_s", put_span },
	{ "connected_s", put_span },   { "uptime", put_span },		{ "uptime_s", put_span },
};

static bool put_number(struct gw_buf *out, const struct gw_ctl_member *m)
{
	uint64_t v;

	if (!gw_parse_u64(m->value, &v))
		return false;
	for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
		if (gw_slice_eq(m->key, gw_slice_str(shapes[i].key))) {
			shapes[i].put(out, v);
			return true;
		}
	return false;
}

static void put_member(struct gw_buf *out, struct gw_arena *arena, const struct gw_ctl_member *m);

/* The elements of an array with blanks between; an object as JSON. */
static void put_nested(struct gw_buf *out, struct gw_arena *arena, struct gw_slice json)
{
	struct gw_ctl_member m;
	bool any = false;

	if (json.p[0] == '{') {
		put_safe(out, json);
		return;
	}
	while (gw_ctl_json_next(&json, arena, &m) > 0) {
		if (any)
			gw_buf_add_slice(out, GW_S(", "));
		any = true;
		if (m.kind == GW_CTL_JSON_NESTED)
			put_safe(out, m.value);
		else
			put_member(out, arena, &m);
	}
	if (!any)
		gw_buf_add_char(out, '-');
}

static void put_member(struct gw_buf *out, struct gw_arena *arena, const struct gw_ctl_member *m)
{
	switch (m->kind) {
	case GW_CTL_JSON_BOOL:
		gw_buf_printf(out, "%s", gw_slice_eq(m->value, GW_S("true")) ? "yes" : "no");
		break;
	case GW_CTL_JSON_NULL:
		gw_buf_add_char(out, '-');
		break;
	case GW_CTL_JSON_NUMBER:
		if (!put_number(out, m))
			put_safe(out, m->value);
		break;
	case GW_CTL_JSON_NESTED:
		put_nested(out, arena, m->value);
		break;
	case GW_CTL_JSON_STRING:
		if (m->value.n)
			put_safe(out, m->value);
		else
			gw_buf_add_char(out, '-');
	}
}

/* ---- JSON ---- */

/* Passed through; for a terminal without what could steer it. */
static void print_json(struct gw_slice json)
{
	struct gw_buf safe;

	gw_buf_init(&safe, 0);
	gw_log_escape_json(&safe, json);
	printf("%s\n", gw_buf_str(&safe));
	gw_buf_done(&safe);
}

/* ---- tables ---- */

/* Columns of the screen that text takes, at most CELL_MAX. */
static int width_of(const char *text)
{
	mbstate_t state = { 0 };
	int width = 0;

	while (*text && width < CELL_MAX) {
		wchar_t c;
		size_t n = mbrtowc(&c, text, MB_CUR_MAX, &state);
		int w = n == 0 || n >= (size_t)-2 ? -1 : wcwidth(c);

		width += w < 0 ? 1 : w;
		text += w < 0 ? 1 : n;
	}
	return width;
}

static void print_cell(const char *text, int width, bool last)
{
	fputs(text, stdout);
	if (!last)
		printf("%*s", width - width_of(text) > 0 ? width - width_of(text) + 2 : 2, "");
}

static void print_row(const struct render *r, char *const *cell)
{
	for (size_t i = 0; i < r->n_columns; i++)
		print_cell(cell[i] ? cell[i] : "-", r->width[i], i + 1 == r->n_columns);
	putchar('\n');
}

static void print_head(struct render *r)
{
	char *title[COLUMNS_MAX];

	for (size_t i = 0; i < r->n_columns; i++) {
		title[i] = gw_arena_str(&r->arena, gw_slice_str(r->key[i]));
		for (char *p = title[i]; *p; p++)
			*p = *p == '_' ? ' ' : gw_upper(*p);
		if (width_of(title[i]) > r->width[i])
			r->width[i] = width_of(title[i]);
	}
	if (!r->o->quiet)
		print_row(r, title);
	for (struct row *row = r->first; row; row = row->next)
		print_row(r, row->cell);
	r->streaming = true;
}

static size_t column_of(struct render *r, struct gw_slice key)
{
	size_t i = 0;

	while (i < r->n_columns && !gw_slice_eq(gw_slice_str(r->key[i]), key))
		i++;
	if (i == r->n_columns && i < COLUMNS_MAX && !r->streaming)
		r->key[r->n_columns++] = gw_arena_str(&r->arena, key);
	return i;
}

static char *cell_text(struct render *r, const struct gw_ctl_member *m)
{
	struct gw_buf text;
	char *ret;

	gw_buf_init(&text, 0);
	put_member(&text, &r->line, m);
	ret = gw_arena_str(r->streaming ? &r->line : &r->arena, gw_buf_slice(&text));
	gw_buf_done(&text);
	return ret;
}

static void table_row(struct render *r, struct gw_slice json)
{
	struct row *row = gw_arena_alloc(r->streaming ? &r->line : &r->arena, sizeof *row);
	struct gw_ctl_member m;

	while (gw_ctl_json_next(&json, &r->line, &m) > 0) {
		size_t i = column_of(r, m.key);

		if (i == COLUMNS_MAX || i >= r->n_columns)
			continue;
		row->cell[i] = cell_text(r, &m);
		if (!r->streaming && width_of(row->cell[i]) > r->width[i])
			r->width[i] = width_of(row->cell[i]);
	}
	if (r->streaming) {
		print_row(r, row->cell);
		return;
	}
	*r->last = row;
	r->last = &row->next;
	if (++r->n_held == ROWS_HELD)
		print_head(r);
}

/* ---- news ---- */

/* A row with a text is something to read: what it is about, and what is said. */
struct news {
	char *event, *account, *option, *text, *done, *total;
};

static bool read_news(struct render *r, struct gw_slice json, struct news *ret)
{
	struct gw_ctl_member m;
	struct {
		const char *key;
		char **to;
	} known[] = { { "event", &ret->event }, { "account", &ret->account }, { "option", &ret->option },
		      { "text", &ret->text },   { "done", &ret->done },       { "total", &ret->total } };

	memset(ret, 0, sizeof *ret);
	while (gw_ctl_json_next(&json, &r->line, &m) > 0)
		for (size_t i = 0; i < sizeof known / sizeof *known; i++)
			if (gw_slice_eq(m.key, gw_slice_str(known[i].key)))
				*known[i].to = gw_arena_str(&r->line, gw_slice_str(cell_text(r, &m)));
	return ret->event || (ret->text && !ret->done);
}

static void end_progress(struct render *r)
{
	if (r->progress)
		fputs("\r\033[K", stderr);
	r->progress = false;
}

static bool is_progress(const struct news *n)
{
	return n->event && (strcmp(n->event, "step") == 0 || strcmp(n->event, "account") == 0);
}

static void show_news(struct render *r, const struct news *n)
{
	end_progress(r);
	if (!is_progress(n)) {
		printf("%s%s%s%s%s%s%s\n", n->event ? n->event : "", n->event ? ": " : "", n->account ? n->account : "",
		       n->account ? ": " : "", n->option ? n->option : "", n->option ? ": " : "", n->text ? n->text : "");
	} else if (!r->o->quiet && isatty(STDERR_FILENO)) {
		fprintf(stderr, "%s %s", n->account ? n->account : "", n->text ? n->text : "");
		if (n->done && n->total)
			fprintf(stderr, " %s of %s", n->done, n->total);
		fflush(stderr);
		r->progress = true;
	}
}

/* ---- the whole ---- */

struct render *render_new(const struct gw_ctl_verb *v, const struct options *o)
{
	struct render *r = gw_xalloc(sizeof *r);

	r->verb = v;
	r->o = o;
	r->last = &r->first;
	gw_arena_init(&r->arena, 0, 0);
	gw_arena_init(&r->line, 0, 0);
	return r;
}

void render_free(struct render *r)
{
	gw_arena_done(&r->arena);
	gw_arena_done(&r->line);
	free(r);
}

void render_row(struct render *r, struct gw_slice json)
{
	struct news news;

	if (r->o->json) {
		print_json(json);
		return;
	}
	if (read_news(r, json, &news))
		show_news(r, &news);
	else
		table_row(r, json);
	gw_arena_reset(&r->line);
}

/* Members of the object behind OK, one a line. */
static void print_members(struct render *r, struct gw_slice json)
{
	struct gw_ctl_member m;
	struct gw_buf text;

	gw_buf_init(&text, 0);
	while (gw_ctl_json_next(&json, &r->line, &m) > 0) {
		text.n = 0;
		put_safe(&text, m.key);
		printf("%-*s ", 20, gw_buf_str(&text));
		text.n = 0;
		put_member(&text, &r->line, &m);
		printf("%s\n", gw_buf_str(&text));
	}
	gw_buf_done(&text);
}

/* A check that ran to its end but found something is not a success for a script. */
static bool found_problems(struct render *r, struct gw_slice json)
{
	struct gw_ctl_member m;
	uint64_t n = 0, repaired = 0, lost = 0;

	while (gw_ctl_json_next(&json, &r->line, &m) > 0) {
		uint64_t *to = gw_slice_eq(m.key, GW_S("problems")) ? &n :
			       gw_slice_eq(m.key, GW_S("repaired")) ? &repaired :
			       gw_slice_eq(m.key, GW_S("lost_messages")) ? &lost : NULL;

		if (to)
			gw_parse_u64(m.value, to);
	}
	return n > repaired || lost;
}

int render_ok(struct render *r, struct gw_slice json)
{
	end_progress(r);
	if (r->o->json)
		print_json(json);
	else if (r->first && !r->streaming)
		print_head(r);
	else if (!r->first && !r->o->quiet)
		print_members(r, json);
	return found_problems(r, json) ? EXIT_REFUSED : EXIT_FINE;
}

int render_err(struct render *r, const struct gw_ctl_answer *a)
{
	struct gw_buf text;

	end_progress(r);
	if (!r->o->json && r->first && !r->streaming)
		print_head(r);
	gw_buf_init(&text, 0);
	put_safe(&text, a->text);
	complain("%s", gw_buf_str(&text));
	gw_buf_done(&text);
	return gw_slice_eq(a->code, GW_S("denied")) ? EXIT_NO_PERMISSION : EXIT_REFUSED;
}
