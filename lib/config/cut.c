/* cut.c - the text of one file as lines (see cut.h), and the list of edits */
#include "config/cut.h"

#include "config/priv.h"
#include "config/show.h"
#include "util/json.h"
#include "util/mem.h"

#include <stdio.h>
#include <stdlib.h>

bool config_marked(struct gw_slice text)
{
	return text.n >= 3 && memcmp(text.p, CONFIG_MARK, 3) == 0;
}

static struct gw_slice value_behind(struct gw_slice line, size_t equals)
{
	struct gw_slice all = gw_slice(line.p + equals + 1, line.n - equals - 1), value = gw_slice_trim(all);

	return value.n ? value : gw_slice(all.p + all.n, 0);
}

/* The order of the questions is that of one_line() in lines.c. */
static void classify(struct config_piece *p)
{
	size_t equals = gw_slice_find(p->text, '=');
	struct gw_slice t = gw_slice_trim(p->text);

	if (p->text.n > GW_CONFIG_LINE_MAX || memchr(p->text.p, '\0', p->text.n)) {
		p->kind = PIECE_BROKEN;
	} else if (p->text.n && p->text.p[0] == '#') {
		p->kind = PIECE_COMMENT;
	} else if (p->text.n && p->text.p[0] == '!') {
		p->kind = PIECE_DIRECTIVE;
	} else if (equals < p->text.n) {
		p->name = gw_slice_trim(gw_slice(p->text.p, equals));
		p->value = value_behind(p->text, equals);
		p->kind = p->name.n ? PIECE_OPTION : PIECE_NAMELESS;
	} else {
		p->kind = t.n == 0 ? PIECE_BLANK : t.p[0] == '#' ? PIECE_NOTE : PIECE_TEXT;
	}
}

bool config_cut(struct gw_slice *rest, struct config_piece *p)
{
	unsigned line = p->line + 1;
	size_t n;

	if (rest->n == 0)
		return false;
	*p = (struct config_piece){ .line = line };
	p->mark = line == 1 ? gw_slice_take(rest, config_marked(*rest) ? 3 : 0) : gw_slice(rest->p, 0);
	n = gw_slice_find(*rest, '\n');
	p->end = gw_slice(rest->p + n, n < rest->n ? 1 : 0);
	p->text = gw_slice_take(rest, n);
	gw_slice_take(rest, p->end.n);
	if (p->text.n && p->text.p[p->text.n - 1] == '\r') {
		p->text.n--;
		p->end.p--;
		p->end.n++;
	}
	classify(p);
	return true;
}

void config_put_piece(struct gw_buf *out, const struct config_piece *p)
{
	gw_buf_add_slice(out, p->mark);
	gw_buf_add_slice(out, p->text);
	gw_buf_add_slice(out, p->end);
}

void config_put_option(struct gw_buf *out, const struct config_piece *p, struct gw_slice name, struct gw_slice value)
{
	struct gw_slice indent = gw_slice(p->text.p, (size_t)(p->name.p - p->text.p)), middle, tail;
	size_t n;

	middle.p = p->name.p + p->name.n;
	middle.n = (size_t)(p->value.p - middle.p);
	n = indent.n + p->name.n + middle.n + p->value.n;
	tail = gw_slice(p->text.p + n, p->text.n - n);
	while (value.n == 0 && middle.p[middle.n - 1] != '=')
		middle.n--;
	gw_buf_add_slice(out, indent);
	gw_buf_add_slice(out, name);
	gw_buf_add_slice(out, middle);
	if (p->value.n == 0 && value.n && middle.n > 1 && middle.p[middle.n - 1] == '=')
		gw_buf_add_char(out, ' '); /* "name =" has a blank in front of the =, so one behind it too */
	gw_buf_add_slice(out, value);
	gw_buf_add_slice(out, tail);
}

const struct gw_option *config_commented(struct gw_slice text)
{
	size_t equals = gw_slice_find(text, '=');

	if (text.n == 0 || text.p[0] != '#' || equals == text.n)
		return NULL;
	return gw_option_find(gw_slice_trim(gw_slice(text.p + 1, equals - 1)));
}

/* ---- the list ---- */

void gw_edits_init(struct gw_edits *e)
{
	*e = (struct gw_edits){ 0 };
	gw_arena_init(&e->arena, 0, 0);
}

void gw_edits_done(struct gw_edits *e)
{
	gw_arena_done(&e->arena);
	free(e->v);
	*e = (struct gw_edits){ 0 };
}

static const char *keep(struct gw_edits *e, const struct gw_slice *s)
{
	return s ? gw_arena_str(&e->arena, *s) : NULL;
}

void config_edit_add(struct gw_edits *edits, const struct config_piece *p, const struct gw_option *opt, unsigned code,
	const char *why, const struct gw_slice *before, const struct gw_slice *after)
{
	struct gw_slice reason = gw_slice_str(why);

	if (!edits)
		return;
	edits->total++;
	if (edits->n == GW_EDITS_MAX)
		return;
	if (edits->n == edits->cap) {
		edits->cap = edits->cap ? edits->cap * 2 : 16;
		edits->v = gw_xrealloc(edits->v, edits->cap, sizeof *edits->v);
	}
	edits->v[edits->n++] = (struct gw_edit){ .line = p->line, .code = code, .option = opt, .before = keep(edits, before),
		.after = keep(edits, after), .why = keep(edits, &reason) };
}

static void put_json_line(struct gw_json *j, const char *key, const char *line)
{
	struct gw_buf b;

	gw_buf_init(&b, 0);
	if (line)
		gw_secret_put_line(gw_slice_str(line), &b);
	gw_json_str(j, key, line ? gw_buf_str(&b) : NULL);
	gw_buf_done(&b);
}

void gw_edit_put_json(const struct gw_edit *e, const char *file, const char *key, struct gw_json *j)
{
	char code[16];

	snprintf(code, sizeof code, "GW%04u", e->code);
	gw_json_open(j, key, '{');
	gw_json_str(j, "file", file);
	gw_json_u64(j, "line", e->line);
	gw_json_str(j, "code", e->code ? code : NULL);
	gw_json_str(j, "option", e->option ? e->option->name : NULL);
	put_json_line(j, "before", e->before);
	put_json_line(j, "after", e->after);
	gw_json_str(j, "why", e->why);
	gw_json_close(j, '}');
}
