/* edit.h - changing the text of gateway.cfg: the text of one file in, its new text out
 *
 * No file is read or written here, and no include is followed: whoever has a tree of files chooses the one to change
 * and checks the whole with the new text in its place (a gw_config_read_fn that serves it). What an edit does not mean
 * keeps its bytes: comments, blanks, line ends, a byte order mark, a last line without its end.
 *
 * The work and the memory are linear in the text. Thread: any; there is no shared state. */
#ifndef GW_CONFIG_EDIT_H
#define GW_CONFIG_EDIT_H

#include "config/option.h"
#include "util/arena.h"
#include "util/err.h"

struct gw_buf;
struct gw_json;

#define GW_EDITS_MAX 1000 /* kept in a list; more are only counted */

/* A line that became another one. Texts are owned by the list and have no line end at the end. */
struct gw_edit {
	unsigned line;      /* of the text before; of an inserted line: the line it stands behind, 0 for the top */
	unsigned code;      /* the finding that asked for it, as in diag.h; 0: none did */
	const struct gw_option *option; /* NULL: not about one option */
	const char *before; /* NULL: the line is new */
	const char *after;  /* NULL: the line is gone. May be two lines, a comment and an option */
	const char *why;    /* what was done, half a sentence: "the comment stands on a line of its own" */
};

struct gw_edits {
	struct gw_arena arena;
	struct gw_edit *v;
	size_t n;
	size_t cap;
	size_t total; /* counted even when not kept */
	size_t left;  /* lines that gw_config_fix() would change only with GW_FIX_MEANT */
};

void gw_edits_init(struct gw_edits *e);
void gw_edits_done(struct gw_edits *e);

/* One edit as a JSON object, without the passwords in its lines. file may be NULL. key as in util/json.h. */
void gw_edit_put_json(const struct gw_edit *e, const char *file, const char *key, struct gw_json *j);

/* Give opt the value: in the last line that sets it; else in a new line behind the last "#name = ..." that
 * shows its default; else behind the last line about an option of its group; else at the end.
 * The new text is appended to out, which must not hold text; edits may be NULL. When the value stands there already,
 * the text stays as it is and no edit is counted.
 * Returns 0; GW_EINVAL when value has a line end or a NUL byte or the line would be longer than a line may be. Whether
 * the option takes the value is not asked: load the result. */
int gw_config_edit_set(struct gw_slice text, const struct gw_option *opt, struct gw_slice value, struct gw_buf *out,
	struct gw_edits *edits, struct gw_err *err);

/* Take out all lines that set opt. Returns how many there were. */
size_t gw_config_edit_unset(struct gw_slice text, const struct gw_option *opt, struct gw_buf *out, struct gw_edits *edits);

enum gw_fix_flag {
	/* Also change what the reader ignores, or takes literally, into what was most likely meant: `imap_port 143`,
	 * ` !include x`, quotes and inline comments of texts. The file then means something else than before. */
	GW_FIX_MEANT = 1,
};

/* Bring old and trap-ridden lines into today's form: the spelling of booleans, numbers and words, options
 * that do nothing, lines that are set again below, text behind values, lines that are ignored. Without GW_FIX_MEANT a
 * text that loads means the same afterwards; lines that kept it from loading are mended where only one thing can have
 * been meant. Doing it twice changes nothing more. flags: enum gw_fix_flag. */
void gw_config_fix(struct gw_slice text, unsigned flags, struct gw_buf *out, struct gw_edits *edits);

/* The canonical layout: "name = value" from the first column, no blanks at line ends, LF, one blank line at most and
 * none at the top and the end, a line end behind the last line, no byte order mark. Comments keep their bytes, lines
 * their order. Means the same; doing it twice changes nothing more. */
void gw_config_fmt(struct gw_slice text, struct gw_buf *out, struct gw_edits *edits);

#endif
