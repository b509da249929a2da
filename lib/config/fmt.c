/* fmt.c - the canonical layout of a file
 *
 * Every line is written anew by its kind. A line that would be read in another way without its blanks (" # a = b" is an
 * option, " !include" is nothing) keeps its bytes: layout never changes the meaning. */
#include "config/edit.h"

#include "config/cut.h"
#include "config/priv.h"

static struct gw_slice without_tail(struct gw_slice s)
{
	while (s.n && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t' || s.p[s.n - 1] == '\r'))
		s.n--;
	return s;
}

static void put_option(struct gw_buf *b, const struct config_piece *p)
{
	if (p->name.p[0] == '#' || p->name.p[0] == '!') {
		gw_buf_add_slice(b, p->text);
		return;
	}
	gw_buf_add_slice(b, p->name);
	gw_buf_add(b, " =", 2);
	if (p->value.n)
		gw_buf_add_char(b, ' ');
	gw_buf_add_slice(b, p->value);
}

static void put_directive(struct gw_buf *b, const struct config_piece *p)
{
	struct gw_slice rest = p->text, path;

	if (rest.n > 9 && memcmp(rest.p, "!include", 8) == 0 && (rest.p[8] == ' ' || rest.p[8] == '\t')) {
		gw_slice_take(&rest, 9);
		path = gw_slice_trim(rest);
		if (path.n) {
			gw_buf_add(b, "!include ", 9);
			gw_buf_add_slice(b, path);
			return;
		}
	}
	gw_buf_add_slice(b, p->text);
}

/* The new text of a line. */
static void put_line(struct gw_buf *b, const struct config_piece *p)
{
	switch (p->kind) {
	case PIECE_OPTION:
		put_option(b, p);
		break;
	case PIECE_DIRECTIVE:
		put_directive(b, p);
		break;
	case PIECE_TEXT:
	case PIECE_NAMELESS:
		gw_buf_add_slice(b, without_tail(p->text));
		break;
	case PIECE_BLANK:
		break;
	case PIECE_COMMENT:
	case PIECE_NOTE:
	case PIECE_BROKEN:
		gw_buf_add_slice(b, p->text);
		break;
	}
}

/* Blanks around the "=" must not make a line too long for a reader. */
static struct gw_slice fresh_line(struct gw_buf *b, const struct config_piece *p)
{
	b->n = 0;
	put_line(b, p);
	return b->n > p->text.n && b->n > CONFIG_OLD_LINE ? p->text : gw_buf_slice(b);
}

/* The reader takes one CR off a line's end; a line that has more keeps them all. */
static bool keeps_cr(struct gw_slice line, const struct config_piece *p)
{
	return line.n && line.p[line.n - 1] == '\r' && p->end.n;
}

static const char *reason(struct gw_slice fresh, const struct config_piece *p)
{
	if (!gw_slice_eq(fresh, p->text))
		return "blanks are in their places";
	return p->mark.n ? "there is no byte order mark" : "the line end is LF";
}

static void put_fresh(struct gw_buf *out, struct gw_slice fresh, const struct config_piece *p, struct gw_edits *edits)
{
	struct gw_slice end = keeps_cr(fresh, p) ? GW_S("\r\n") : GW_S("\n");

	if ((p->mark.n && !config_marked(fresh)) || !gw_slice_eq(fresh, p->text) || !gw_slice_eq(end, p->end))
		config_edit_add(edits, p, p->kind == PIECE_OPTION ? gw_option_find(p->name) : NULL, 0, reason(fresh, p),
			&p->text, &fresh);
	if (out->n == 0 && config_marked(fresh))
		gw_buf_add(out, CONFIG_MARK, 3); /* the reader takes one away */
	gw_buf_add_slice(out, fresh);
	gw_buf_add_slice(out, end);
}

void gw_config_fmt(struct gw_slice text, struct gw_buf *out, struct gw_edits *edits)
{
	struct config_piece p = { 0 }, blank = { 0 };
	struct gw_buf line;
	bool any = false;

	gw_buf_init(&line, 0);
	while (config_cut(&text, &p)) {
		if (p.kind == PIECE_BLANK) {
			if (blank.line || !any) /* this one goes */
				config_edit_add(edits, &p, NULL, 0, "one blank line is enough", &p.text, NULL);
			else
				blank = p;
			continue;
		}
		if (blank.line)
			put_fresh(out, GW_S(""), &blank, edits);
		blank.line = 0;
		put_fresh(out, fresh_line(&line, &p), &p, edits);
		any = true;
	}
	if (blank.line)
		config_edit_add(edits, &blank, NULL, 0, "no blank line stands at the end", &blank.text, NULL);
	gw_buf_done(&line);
}
