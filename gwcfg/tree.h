/* tree.h - the files of a configuration, to be changed: read all, edit, check the whole, show or write
 *
 * Every file is read once and kept, so that what is checked is what is written. The check reads the configuration again
 * with the new texts in their places: an error that was not there before, and nothing is written. */
#ifndef GWCFG_TREE_H
#define GWCFG_TREE_H

#include "config/edit.h"
#include "gwcfg/gwcfg.h"

struct tree_file {
	char *name; /* as the configuration names it */
	char *real; /* without symbolic links; NULL: standard input */
	struct gw_buf text;
	struct gw_slice was; /* text, as it was read */
	struct gw_buf now;
	bool changed;
	struct gw_edits edits;
};

struct tree {
	const char *verb;
	struct tree_file **v; /* in reading order, the main file first */
	size_t n, cap;
	size_t *index;          /* by hash of the real path: number of the file plus one, 0: free */
	size_t index_cap;
	struct gw_config_files files;
	struct result before;
	struct input in;
};

/* Read the configuration. line (NULL: none) sees its lines. 0 or an exit code, with its reason on standard error; call
 * tree_done() in any case. */
int tree_open(struct tree *c, const char *verb, const char *path,
	void (*line)(void *ctx, const struct gw_config_line *line), void *line_ctx);

/* The same for standard input alone: no include is followed, nothing is checked. */
int tree_open_stdin(struct tree *c, const char *verb);

void tree_done(struct tree *c);

/* By name or real path; NULL when it is no file of the configuration. */
struct tree_file *tree_find(const struct tree *c, const char *path);

struct gw_slice tree_text(const struct tree_file *f);

/* Give the file a new text; takes it (*now is empty afterwards). */
void tree_put(struct tree_file *f, struct gw_buf *now);

bool tree_changed(const struct tree *c);

/* Do two configurations mean the same? */
typedef bool tree_same_fn(const struct gw_config *was, const struct gw_config *now);

/* Read again with the new texts, into *after (result_done()). 0, or EXIT_ERRORS with the new errors on standard error.
 * same: a configuration that was without errors must mean the same afterwards; NULL: it need not. */
int tree_check(struct tree *c, tree_same_fn *same, struct result *after);

/* All values are equal. */
tree_same_fn tree_same_values;

/* Write the files that changed: all are prepared before the first is replaced. 0 or an exit code. */
int tree_write(struct tree *c);

void tree_put_diff(const struct tree *c, struct gw_buf *out);

/* The edits as members "written", "left" and "edits" of an object that is open. */
void tree_put_json(const struct tree *c, bool written, struct gw_json *j);

/* ---- relisten.c ---- */

/* Write the listeners in the newer form. The configuration must be without errors. */
void relisten(struct tree *t);

/* The listeners are the same, in whichever form, and so are all values but those that say them. */
tree_same_fn relisten_means_the_same;

#endif
