/* render.c - a finding with its line and a caret below the place
 *
 *	gateway.cfg:7:13: error: imap_port: "143 #" is not a number [GW1005]
 *	    7 | imap_port = 143 #
 *	      |             ^~~~~
 *	      = expected: a number from 1 to 65535
 *
 * Lines come from a file that may be hostile: control characters are shown as \xNN, and the caret line counts what was
 * really printed. */
#include "gwcfg/gwcfg.h"

#include "util/utf8.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SHOWN_BEFORE 60 /* bytes of a long line in front of the place */
#define SHOWN_MAX 120   /* bytes of a line */

bool render_color(void)
{
	const char *term = getenv("TERM"), *no = getenv("NO_COLOR");

	return isatty(STDOUT_FILENO) && !(no && *no) && term && strcmp(term, "dumb") != 0;
}

static const char *color_of(enum gw_severity s)
{
	return s == GW_ERROR ? "\033[1;31m" : s == GW_WARNING ? "\033[1;35m" : "\033[1;36m";
}

/* How many columns the bytes of s take when put_safe() shows them. */
static size_t columns(struct gw_slice s)
{
	struct gw_buf b;
	struct gw_slice shown;
	size_t n = 0;
	uint32_t cp;

	gw_buf_init(&b, 0);
	gw_diag_put_safe(&b, s);
	for (shown = gw_buf_slice(&b); shown.n; n++)
		gw_utf8_next(&shown, &cp);
	gw_buf_done(&b);
	return n;
}

static void put_tabs_as_blanks(struct gw_buf *out, struct gw_slice s)
{
	while (s.n) {
		size_t n = gw_slice_find(s, '\t');

		gw_diag_put_safe(out, gw_slice_take(&s, n));
		if (s.n) {
			gw_buf_add_char(out, ' ');
			gw_slice_take(&s, 1);
		}
	}
}

static size_t columns_with_tabs(struct gw_slice s)
{
	size_t n = 0;

	while (s.n) {
		n += columns(gw_slice_take(&s, gw_slice_find(s, '\t')));
		if (s.n) {
			n++;
			gw_slice_take(&s, 1);
		}
	}
	return n;
}

/* The piece of the line that is shown: all of a short one, else the part around the place. */
static struct gw_slice window(const struct gw_diag *d)
{
	struct gw_slice line = gw_slice_str(d->source);
	size_t at = d->at.column ? d->at.column - 1 : 0;

	if (at > line.n)
		at = line.n;
	if (at > SHOWN_MAX - SHOWN_BEFORE && line.n > SHOWN_MAX)
		gw_slice_take(&line, at - SHOWN_BEFORE);
	if (line.n > SHOWN_MAX)
		line.n = SHOWN_MAX;
	return line;
}

static void put_times(struct gw_buf *out, char c, size_t n)
{
	while (n--)
		gw_buf_add_char(out, c);
}

static void put_source(const struct gw_diag *d, bool color, struct gw_buf *out)
{
	struct gw_slice line = window(d);
	size_t at = d->at.column ? d->at.column - 1 - (size_t)(line.p - d->source) : 0, width = d->width;

	if (at > line.n)
		at = line.n;
	if (width > line.n - at)
		width = line.n - at;
	gw_buf_printf(out, "%5u | ", d->at.line);
	put_tabs_as_blanks(out, line);
	gw_buf_printf(out, "\n      | ");
	if (d->at.column) {
		put_times(out, ' ', columns_with_tabs(gw_slice(line.p, at)));
		gw_buf_printf(out, "%s^", color ? color_of(d->severity) : "");
		width = columns_with_tabs(gw_slice(line.p + at, width));
		put_times(out, '~', width ? width - 1 : 0);
		gw_buf_printf(out, "%s", color ? "\033[0m" : "");
	}
	gw_buf_add_char(out, '\n');
}

static void put_hint(struct gw_buf *out, const char *word, const char *text)
{
	if (!text)
		return;
	gw_buf_printf(out, "      = %s: ", word);
	gw_diag_put_safe(out, gw_slice_str(text));
	gw_buf_add_char(out, '\n');
}

void render_diag(const struct gw_diag *d, bool color, struct gw_buf *out)
{
	gw_diag_put_place(d, out);
	gw_buf_printf(out, "%s%s%s: ", color ? color_of(d->severity) : "", gw_severity_name(d->severity),
		color ? "\033[0m" : "");
	gw_diag_put_sentence(d, out);
	if (d->source && d->at.column <= strlen(d->source) + 1) /* a very long line is not kept whole */
		put_source(d, color, out);
	put_hint(out, "expected", d->expected);
	put_hint(out, "hint", d->suggestion);
	gw_diag_put_chain(d, out);
}
