/* stack.h - the files of a load while they are read: the main file, and what it includes on top of it
 *
 * A stack of our own, not recursion, so that a chain of files costs no machine stack. A file is read in pieces; when
 * another is included, what is left of a small one is taken into memory and the file closed, so that a long chain does
 * not need as many descriptors. A file is known by its real path and read once in a load: cycles and diamonds end
 * there. Private to lib/config. */
#ifndef GW_CONFIG_STACK_H
#define GW_CONFIG_STACK_H

#include "config/priv.h"
#include "util/hash.h"

struct config_frame;

struct config_stack {
	struct config_load *l;
	const struct gw_config_files *files;
	struct config_frame *v;
	size_t n, cap;
	char **seen; /* real paths, by hash; NULL: free */
	size_t n_seen, seen_cap;
	struct gw_hash_key key;
	size_t n_files; /* opened so far */
	size_t n_wanted; /* see config_stack_want() */
	size_t n_large; /* of the stack, still open below the top */
	uint64_t bytes; /* read so far */
};

/* A line as it stands in its file. The text is valid until the next call. */
struct config_file_line {
	const char *file;
	const char *base;  /* directory of the real path, without the final slash */
	unsigned line;
	const struct config_include *from;
	struct gw_slice text; /* without its line end; cut when too_long */
	bool too_long;
};

void config_stack_init(struct config_stack *s, struct config_load *l);
void config_stack_done(struct config_stack *s);

enum config_push { CONFIG_PUSHED, CONFIG_SEEN, CONFIG_TOO_MANY, CONFIG_REFUSED };

/* Open a file and put it on the stack. name: as shown, in the snapshot's arena. from: NULL for the main file.
 * CONFIG_REFUSED: err has the reason; its code is GW_ENOTSUP for a directory. */
enum config_push config_stack_push(struct config_stack *s, const char *name, const struct config_include *from,
	struct gw_err *err);

/* The same for a stream that is open already; takes it. */
enum config_push config_stack_push_stream(struct config_stack *s, const char *name, const struct config_include *from,
	struct gw_config_stream *in);

/* Count n files that are asked for, read or not: a file that includes the directory it lies in, as all others there do,
 * would have the square of them wait. False: there have been too many, and no further ones are taken. */
bool config_stack_want(struct config_stack *s, size_t n);

/* Put files on the stack that are opened when their turn comes, the first of them first. False: there are too many. */
bool config_stack_push_later(struct config_stack *s, char *const *names, size_t n, const struct config_include *from);

/* The next line of the file on top; false when all is read. Trouble with files becomes findings. */
bool config_stack_next(struct config_stack *s, struct config_file_line *ret);

#endif
