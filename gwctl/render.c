/* render.c - answers for people and programs (see render.h)
 *
 * The first rows decide the widths of a table; those that come later are shown as they come, so a long answer needs little
 * memory, unless it is to be sorted. With --json everything is passed through, one object a line. */
#include "gwctl/render.h"

#include "gwctl/near.h"
#include "gwctl/news.h"
#include "gwctl/progress.h"
#include "gwctl/table.h"
#include "log/log.h"
#include "util/clock.h"
#include "util/num.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ROWS_HELD 500      /* looked at for the widths */
#define DRAW_MS 100        /* a bar is drawn so often */
#define TELL_MS 5000       /* a line of progress where there is no terminal */

struct render {
	const struct gw_ctl_verb *verb;
	const struct options *o;
	struct output *out;
	struct table table;
	struct gw_arena line;
	struct gw_buf plain, shown;
	bool color, head_done;
	uint64_t rows, limit;   /* of the table that were let through */
	bool any;               /* something was shown */
	int code;
	struct progress progress;
	bool bar;               /* one stands on the terminal */
	uint64_t told_ms;
};

struct render *render_new(const struct gw_ctl_verb *v, const struct options *o)
{
	struct render *r = gw_xalloc(sizeof *r);

	r->verb = v;
	r->o = o;
	r->limit = UINT64_MAX;
	if (o->limit && !gw_parse_u64(gw_slice_str(o->limit), &r->limit))
		complain("--limit takes a number, not \"%s\"", o->limit);
	r->told_ms = isatty(STDERR_FILENO) ? 0 : gw_mono_ms(gw_clock_system());
	r->out = output_open(o, v->flags & GW_CTL_STREAM);
	r->color = output_has_color(o);
	table_init(&r->table, output_columns());
	gw_arena_init(&r->line, 0, 0);
	gw_buf_init(&r->plain, 0);
	gw_buf_init(&r->shown, 0);
	return r;
}

void render_free(struct render *r)
{
	output_close(r->out);
	table_done(&r->table);
	gw_arena_done(&r->line);
	gw_buf_done(&r->plain);
	gw_buf_done(&r->shown);
	free(r);
}

bool render_is_over(const struct render *r)
{
	return output_is_over(r->out);
}

/* ---- lines ---- */

static void flush_line(struct render *r, bool head)
{
	output_line(r->out, gw_buf_str(&r->plain), r->shown.n ? gw_buf_str(&r->shown) : NULL, head);
	r->plain.n = r->shown.n = 0;
	r->any = true;
}

/* Passed through; for a terminal without what could steer it. */
static void show_json(struct render *r, struct gw_slice json)
{
	gw_log_escape_json(&r->plain, json);
	flush_line(r, false);
}

/* A text that is meant as it is, one or more lines. */
static void show_text(struct render *r, struct gw_slice text)
{
	while (text.n) {
		struct gw_slice line = gw_slice_take(&text, gw_slice_find(text, '\n'));

		if (text.n)
			gw_slice_take(&text, 1);
		gw_log_escape(&r->plain, line, SIZE_MAX / 8);
		flush_line(r, false);
	}
}

/* ---- tables ---- */

static void show_row(struct render *r, const struct table_row *row)
{
	if (r->rows++ >= r->limit)
		return;
	if (r->o->csv)
		table_put_csv(&r->table, row, &r->plain);
	else
		table_put_row(&r->table, row, false, &r->plain);
	if (r->color && !r->o->csv)
		table_put_row(&r->table, row, true, &r->shown);
	flush_line(r, false);
}

static void no_column(struct render *r, struct gw_slice name)
{
	struct near near = near_begin(name);
	struct gw_buf all;

	gw_buf_init(&all, 0);
	for (size_t i = 0; i < r->table.n_columns; i++) {
		near_offer(&near, gw_slice_str(r->table.key[i]));
		gw_buf_printf(&all, "%s", i ? ", " : "");
		put_safe(&all, gw_slice_str(r->table.key[i]));
	}
	if (near.best)
		complain("%s: there is no column \"%.*s\"; did you mean \"%s\"?", r->verb->name, GW_FMT(name), near.best);
	else
		complain("%s: there is no column \"%.*s\"; there are %s", r->verb->name, GW_FMT(name), gw_buf_str(&all));
	r->code = EXIT_USAGE;
	gw_buf_done(&all);
}

static void choose_columns(struct render *r)
{
	struct gw_slice unknown;

	if (!r->o->columns)
		return;
	table_choose(&r->table, gw_slice_str(r->o->columns), &unknown);
	if (unknown.n)
		no_column(r, gw_slice_trim(unknown));
}

static void sort_rows(struct render *r)
{
	struct gw_slice name = gw_slice_str(r->o->sort);
	bool descending = name.n && name.p[0] == '-';
	int column;

	if (descending || (name.n && name.p[0] == '+'))
		gw_slice_take(&name, 1);
	column = table_column(&r->table, name);
	if (column < 0)
		no_column(r, name);
	else
		table_sort(&r->table, (size_t)column, descending);
}

/* Show the head and the rows that are held. */
static void show_table(struct render *r)
{
	if (!r->head_done) {
		if (r->o->sort)
			sort_rows(r);
		choose_columns(r);
		table_fix(&r->table);
		if (r->o->csv)
			table_put_csv(&r->table, NULL, &r->plain);
		else
			table_put_head(&r->table, &r->plain);
		if (r->color && !r->o->csv)
			gw_buf_printf(&r->shown, "\033[1m%s\033[0m", gw_buf_str(&r->plain));
		if (!r->o->no_header && !r->o->quiet)
			flush_line(r, true);
		r->plain.n = r->shown.n = 0;
		r->head_done = true;
	}
	for (const struct table_row *row = r->table.first; row; row = row->next)
		show_row(r, row);
	table_forget(&r->table);
	r->any = true;
}

static void table_row(struct render *r, struct gw_slice json)
{
	if (r->head_done) {
		show_row(r, table_read(&r->table, json));
		return;
	}
	if (r->table.n_rows == 0 && !r->o->csv && !r->o->columns)
		table_add_source(&r->table, json); /* perhaps the only one */
	else
		table_add(&r->table, json);
	if (r->table.n_rows == ROWS_HELD && !r->o->sort)
		show_table(r);
}

/* ---- news ---- */

static void end_progress(struct render *r)
{
	if (r->bar)
		fputs("\r\033[K", stderr);
	r->bar = false;
}

static void tell_progress(struct render *r, const struct news *n)
{
	bool terminal = isatty(STDERR_FILENO);
	struct gw_buf text, label;

	if (r->told_ms && r->progress.now_ms - r->told_ms < (terminal ? DRAW_MS : TELL_MS))
		return;
	r->told_ms = r->progress.now_ms;
	gw_buf_init(&text, 0);
	gw_buf_init(&label, 0);
	gw_buf_printf(&label, "%s%s%s%s", n->account ? n->account : "", n->account && n->text ? " " : "", n->text ? n->text : "",
		n->done ? "  " : "");
	if (n->done)
		progress_put(&r->progress, terminal ? output_columns() - text_width(gw_buf_str(&label)) - 1 : 0, &text);
	end_progress(r);
	fprintf(stderr, terminal ? "%s%s" : "%s%s\n", gw_buf_str(&label), gw_buf_str(&text));
	fflush(stderr);
	r->bar = terminal;
	gw_buf_done(&text);
	gw_buf_done(&label);
}

static void show_progress(struct render *r, const struct news *n)
{
	uint64_t done = 0, total = 0;

	if (r->o->quiet)
		return;
	if (n->done)
		gw_parse_u64(gw_slice_str(n->done), &done);
	if (n->total)
		gw_parse_u64(gw_slice_str(n->total), &total);
	r->progress.bytes = n->bytes;
	progress_step(&r->progress, done, total, gw_mono_ms(gw_clock_system()));
	tell_progress(r, n);
}

static void show_news(struct render *r, struct gw_slice json)
{
	end_progress(r);
	news_put(json, &r->line, false, &r->plain);
	if (r->color)
		news_put(json, &r->line, true, &r->shown);
	flush_line(r, false);
}

/* ---- the whole ---- */

/* The text of a row of an order whose rows are texts; false: it has none. */
static bool text_row(struct render *r, struct gw_slice json)
{
	struct gw_ctl_member m;

	while (gw_ctl_json_next(&json, &r->line, &m) > 0)
		if (gw_slice_eq(m.key, GW_S("text")) && m.kind == GW_CTL_JSON_STRING) {
			show_text(r, m.value);
			return true;
		}
	return false;
}

static void json_row(struct render *r, struct gw_slice json)
{
	if (r->o->sort)
		table_add_source(&r->table, json);
	else if (r->rows++ < r->limit)
		show_json(r, json);
}

void render_row(struct render *r, struct gw_slice json)
{
	struct news news;

	if (r->o->json) {
		json_row(r, json);
		return;
	}
	news_read(json, &r->line, &news);
	if ((r->verb->flags & GW_CTL_TEXT) && text_row(r, json))
		;
	else if (news_is_progress(&news))
		show_progress(r, &news);
	else if (news_is(&news) || (r->verb->flags & GW_CTL_STREAM))
		show_news(r, json);
	else
		table_row(r, json);
	gw_arena_reset(&r->line);
}

/* One row of an order that shows one thing: a member a line. */
static bool is_single(const struct render *r)
{
	size_t n = strlen(r->verb->name);

	return !r->head_done && r->table.n_rows == 1 && r->table.first->source && n > 4 && strcmp(r->verb->name + n - 4, "show") == 0;
}

static void show_single(struct render *r)
{
	members_show(r->out, gw_slice_str(r->table.first->source), r->color);
	r->head_done = true;
}

/* What waits for the end. */
static void finish(struct render *r)
{
	end_progress(r);
	if (r->o->json && r->o->sort && r->table.n_rows) {
		sort_rows(r);
		for (const struct table_row *row = r->table.first; row; row = row->next)
			if (r->rows++ < r->limit)
				show_json(r, gw_slice_str(row->source));
	} else if (is_single(r)) {
		show_single(r);
	} else if (r->table.n_rows) {
		show_table(r);
	}
}

/* The exit code that the daemon wants; else a check that ran to its end but found something is not a success. */
static int code_of(struct render *r, struct gw_slice json)
{
	uint64_t n = 0, repaired = 0, lost = 0, asked = UINT64_MAX;
	struct gw_ctl_member m;

	while (gw_ctl_json_next(&json, &r->line, &m) > 0) {
		uint64_t *to = gw_slice_eq(m.key, GW_S("problems")) ? &n :
			       gw_slice_eq(m.key, GW_S("repaired")) ? &repaired :
			       gw_slice_eq(m.key, GW_S("lost_messages")) ? &lost :
			       gw_slice_eq(m.key, GW_S("exit")) ? &asked : NULL;

		if (to)
			gw_parse_u64(m.value, to);
	}
	return asked <= 3 ? (int)asked : n > repaired || lost ? EXIT_REFUSED : EXIT_FINE;
}

int render_ok(struct render *r, struct gw_slice json)
{
	int code = code_of(r, json);

	finish(r);
	if (r->o->csv && !r->head_done && !r->any) {
		table_add(&r->table, json);
		show_table(r);
	}
	if (r->o->json)
		show_json(r, json);
	else if (!r->head_done && !r->o->quiet && !(r->verb->flags & GW_CTL_TEXT) && !r->o->csv)
		members_show(r->out, json, r->color);
	return r->code ? r->code : code;
}

int render_err(struct render *r, const struct gw_ctl_answer *a, bool interrupted)
{
	finish(r);
	if (interrupted && gw_slice_eq(a->code, gw_slice_str(gw_code_name(GW_EINTR))))
		return r->verb->flags & GW_CTL_STREAM ? EXIT_FINE : EXIT_INTERRUPTED;
	complain("%.*s", GW_FMT(a->text));
	return gw_slice_eq(a->code, GW_S("denied")) ? EXIT_NO_PERMISSION : EXIT_REFUSED;
}
