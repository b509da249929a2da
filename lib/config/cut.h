/* cut.h - the text of one file as lines, every byte accounted for
 *
 * For edits: the reader (lines.c) sees `text`, an editor writes mark, text and end back. What a line is follows the rules
 * of the reader. */
#ifndef GW_CONFIG_CUT_H
#define GW_CONFIG_CUT_H

#include "config/edit.h"
#include "util/buf.h"

enum config_piece_kind {
	PIECE_BLANK,
	PIECE_COMMENT,   /* "#" in the first column */
	PIECE_NOTE,      /* " # text" without "=": ignored without a word */
	PIECE_DIRECTIVE, /* "!" in the first column */
	PIECE_OPTION,    /* name and value are set; the name may be unknown */
	PIECE_NAMELESS,  /* nothing in front of the "=" */
	PIECE_TEXT,      /* no "=": ignored with a warning */
	PIECE_BROKEN,    /* a NUL byte, or too long: an error */
};

struct config_piece {
	enum config_piece_kind kind;
	unsigned line;         /* from 1; 0 before the first config_cut() */
	struct gw_slice mark;  /* byte order mark in front of the first line, or empty */
	struct gw_slice text;  /* without mark and end */
	struct gw_slice end;   /* "\n", "\r\n", or what the last line has: "", "\r" */
	struct gw_slice name;  /* of PIECE_OPTION, trimmed */
	struct gw_slice value; /* the same; when empty it points behind the blanks that follow the "=" */
};

/* Cut the next line off *rest; *p goes from line to line. False at the end. */
bool config_cut(struct gw_slice *rest, struct config_piece *p);

/* Write the line as it was. */
void config_put_piece(struct gw_buf *out, const struct config_piece *p);

/* Write the text of a PIECE_OPTION with another name and value; the blanks stay. */
void config_put_option(struct gw_buf *out, const struct config_piece *p, struct gw_slice name, struct gw_slice value);

#define CONFIG_MARK "\xEF\xBB\xBF"

/* Does a text begin with a byte order mark? In front of a file the reader takes one away, so a line that begins with
 * one and becomes the first needs another in front. */
bool config_marked(struct gw_slice text);

/* "#name = value", the commented-out form of an option; NULL when the line is not one. */
const struct gw_option *config_commented(struct gw_slice text);

/* Count an edit and keep a copy of it. edits may be NULL. */
void config_edit_add(struct gw_edits *edits, const struct config_piece *p, const struct gw_option *opt, unsigned code,
	const char *why, const struct gw_slice *before, const struct gw_slice *after);

/* ---- mend.c ---- */

/* What becomes of a value. */
struct config_mend {
	struct gw_slice value;   /* today's form; in the arena or a part of the old one */
	struct gw_slice comment; /* "# ..." that stood behind it; empty: none */
	unsigned code;           /* the finding about the old form; 0: none */
	const char *why;         /* NULL: nothing changes */
	bool meant;              /* the option takes the old form too, as another value */
	bool valid;              /* the option takes the value */
};

/* Find today's form of a value of opt. */
void config_mend(const struct gw_option *opt, struct gw_slice value, struct gw_arena *arena, struct config_mend *ret);

#endif
