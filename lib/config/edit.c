/* edit.c - set and unset: the value of one option in the text of one file
 *
 * Two passes over the lines: the first finds the line that is to change or the one a new line goes behind, the second
 * writes. All other bytes go through as they are. */
#include "config/edit.h"

#include "config/cut.h"
#include "config/priv.h"

/* What the first pass finds; 0 is no line. */
struct places {
	unsigned set;       /* the last line that sets the option */
	unsigned commented; /* the last that shows it commented out */
	unsigned group;     /* the last about an option of its group, either way */
	unsigned last;
	struct gw_slice end; /* line end of the file */
};

static bool sets(const struct config_piece *p, const struct gw_option *opt)
{
	return p->kind == PIECE_OPTION && gw_option_find(p->name) == opt;
}

static struct places find_places(struct gw_slice rest, const struct gw_option *opt)
{
	struct places at = { .end = GW_S("\n") };
	struct config_piece p = { 0 };

	while (config_cut(&rest, &p)) {
		const struct gw_option *here = p.kind == PIECE_OPTION ? gw_option_find(p.name) :
			p.kind == PIECE_COMMENT ? config_commented(p.text) : NULL;

		at.last = p.line;
		if (here && here->group == opt->group)
			at.group = p.line;
		if (here && here == opt)
			*(p.kind == PIECE_OPTION ? &at.set : &at.commented) = p.line;
		if (p.end.n && p.end.p[p.end.n - 1] == '\n')
			at.end = p.end;
	}
	return at;
}

static int check_value(struct gw_slice value, struct gw_err *err)
{
	if (memchr(value.p, '\n', value.n) || memchr(value.p, '\r', value.n))
		return gw_fail(err, GW_EINVAL, "the value has a line end; a value is one line");
	if (memchr(value.p, '\0', value.n))
		return gw_fail(err, GW_EINVAL, "the value has a NUL byte");
	return 0;
}

static int check_line(struct gw_slice line, struct gw_err *err)
{
	if (line.n > GW_CONFIG_LINE_MAX)
		return gw_fail(err, GW_EINVAL, "the line would have %zu bytes; at most %u are read", line.n, GW_CONFIG_LINE_MAX);
	return 0;
}

/* The line that sets the option gets another value. */
static void change(struct gw_slice rest, unsigned line, const struct gw_option *opt, struct gw_slice fresh,
	struct gw_buf *out, struct gw_edits *edits)
{
	struct config_piece p = { 0 };

	while (config_cut(&rest, &p)) {
		if (p.line == line && !gw_slice_eq(p.text, fresh)) {
			config_edit_add(edits, &p, opt, 0, "the value is another", &p.text, &fresh);
			p.text = fresh;
		}
		config_put_piece(out, &p);
	}
}

/* A new line behind a line; the last line may lack its end, and then the new one does too. */
static void insert(struct gw_slice rest, unsigned behind, struct gw_slice end, const struct gw_option *opt,
	struct gw_slice fresh, struct gw_buf *out, struct gw_edits *edits)
{
	struct config_piece p = { 0 };
	bool ended = true;

	while (config_cut(&rest, &p)) {
		config_put_piece(out, &p);
		if (p.line != behind)
			continue;
		ended = p.end.n && p.end.p[p.end.n - 1] == '\n';
		gw_buf_add_slice(out, ended ? GW_S("") : end);
		gw_buf_add_slice(out, fresh);
		gw_buf_add_slice(out, ended ? p.end : GW_S(""));
		config_edit_add(edits, &p, opt, 0, "the option was not set", NULL, &fresh);
	}
	if (behind == 0) {
		gw_buf_add_slice(out, fresh);
		gw_buf_add_slice(out, end);
		config_edit_add(edits, &p, opt, 0, "the option was not set", NULL, &fresh);
	}
}

static struct gw_slice piece_text(struct gw_slice rest, unsigned line, struct config_piece *p)
{
	while (config_cut(&rest, p) && p->line != line)
		;
	return p->text;
}

int gw_config_edit_set(struct gw_slice text, const struct gw_option *opt, struct gw_slice value, struct gw_buf *out,
	struct gw_edits *edits, struct gw_err *err)
{
	struct places at = find_places(text, opt);
	struct config_piece p = { 0 };
	struct gw_buf line;
	int rc;

	value = gw_slice_trim(value);
	rc = check_value(value, err);
	if (rc < 0)
		return rc;
	gw_buf_init(&line, 0);
	if (at.set && piece_text(text, at.set, &p).p)
		config_put_option(&line, &p, p.name, value);
	else
		gw_buf_printf(&line, "%s =%s%.*s", opt->name, value.n ? " " : "", GW_FMT(value));
	rc = check_line(gw_buf_slice(&line), err);
	if (rc == 0 && at.set)
		change(text, at.set, opt, gw_buf_slice(&line), out, edits);
	else if (rc == 0)
		insert(text, at.commented ? at.commented : at.group ? at.group : at.last, at.end, opt, gw_buf_slice(&line), out,
			edits);
	gw_buf_done(&line);
	return rc;
}

size_t gw_config_edit_unset(struct gw_slice text, const struct gw_option *opt, struct gw_buf *out, struct gw_edits *edits)
{
	struct config_piece p = { 0 };
	size_t n = 0;

	while (config_cut(&text, &p)) {
		if (!sets(&p, opt)) {
			if (out->n == 0 && p.line > 1 && config_marked(p.text))
				gw_buf_add(out, CONFIG_MARK, 3);
			config_put_piece(out, &p);
			continue;
		}
		gw_buf_add_slice(out, p.mark);
		config_edit_add(edits, &p, opt, 0, "the line is taken out", &p.text, NULL);
		n++;
	}
	return n;
}
