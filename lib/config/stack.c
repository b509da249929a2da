/* stack.c - the files of a load while they are read (see stack.h) */
#include "config/stack.h"

#include "util/mem.h"

#include <stdlib.h>

#define PIECE 4096 /* bytes of the first buffer of a file */
#define BUFFER_MAX (GW_CONFIG_LINE_MAX + 2) /* a line of full length with CR and LF */

struct config_frame {
	const char *name; /* as shown to people; in the snapshot's arena */
	const char *base; /* NULL: not opened yet */
	const struct config_include *from;
	struct gw_config_stream in; /* read is NULL once it is closed */
	char *buf;
	size_t cap, begin, end;
	size_t looked; /* bytes behind begin that have no line end */
	unsigned line;
	bool skipping; /* the rest of a line that is too long */
};

static struct config_frame *top(struct config_stack *s)
{
	return &s->v[s->n - 1];
}

void config_stack_init(struct config_stack *s, struct config_load *l)
{
	*s = (struct config_stack){ .l = l, .files = l->src->files ? l->src->files : &gw_config_disk,
		.key = gw_hash_key_random() };
}

/* ---- files that have been read ---- */

static char **seen_slot(struct config_stack *s, const char *real_path)
{
	size_t i = gw_hash(s->key, gw_slice_str(real_path)) & (s->seen_cap - 1);

	while (s->seen[i] && strcmp(s->seen[i], real_path) != 0)
		i = (i + 1) & (s->seen_cap - 1);
	return &s->seen[i];
}

static void grow_seen(struct config_stack *s)
{
	size_t was_cap = s->seen_cap;
	char **was = s->seen;

	s->seen_cap = was_cap ? was_cap * 2 : 64;
	s->seen = gw_xcalloc(s->seen_cap, sizeof *s->seen);
	for (size_t i = 0; i < was_cap; i++)
		if (was[i])
			*seen_slot(s, was[i]) = was[i];
	free(was);
}

/* Takes real_path. False when it was there. */
static bool add_seen(struct config_stack *s, char *real_path)
{
	char **slot;

	if (s->n_seen * 2 >= s->seen_cap)
		grow_seen(s);
	slot = seen_slot(s, real_path);
	if (*slot) {
		free(real_path);
		return false;
	}
	*slot = real_path;
	s->n_seen++;
	return true;
}

/* ---- the stack ---- */

static void find(struct config_stack *s, const struct config_frame *f, unsigned code, const char *what, const char *why)
{
	struct config_origin o = { .at = { f->name, 0, 0 }, .from = f->from };

	config_find(s->l, &o, &(struct config_finding){ .code = code }, "%s%s", what, why);
}

static void close_stream(struct config_stack *s, struct config_frame *f)
{
	struct gw_err err = { 0 };

	if (f->in.read && f->in.close(f->in.ctx, &err) < 0)
		find(s, f, err.code == GW_EBUSY ? CONFIG_E_CHANGED : CONFIG_E_INCLUDE, "", err.text);
	f->in = (struct gw_config_stream){ 0 };
}

static void pop(struct config_stack *s)
{
	close_stream(s, top(s));
	free(top(s)->buf);
	s->n--;
}

void config_stack_done(struct config_stack *s)
{
	while (s->n)
		pop(s);
	for (size_t i = 0; i < s->seen_cap; i++)
		free(s->seen[i]);
	free(s->seen);
	free(s->v);
}

static struct config_frame *add_frame(struct config_stack *s)
{
	if (s->n == s->cap) {
		s->cap = s->cap ? s->cap * 2 : 16;
		s->v = gw_xrealloc(s->v, s->cap, sizeof *s->v);
	}
	return &s->v[s->n++];
}

/* "/etc/gateway/gateway.cfg" lies in "/etc/gateway". */
static const char *directory_of(struct gw_arena *arena, const char *real_path)
{
	const char *slash = strrchr(real_path, '/');

	return slash ? gw_arena_str(arena, gw_slice(real_path, (size_t)(slash - real_path))) : ".";
}

/* ---- reading ---- */

static void make_room(struct config_frame *f)
{
	if (f->begin) {
		memmove(f->buf, f->buf + f->begin, f->end - f->begin);
		f->end -= f->begin;
		f->begin = 0;
	}
	if (f->end < f->cap || f->cap == BUFFER_MAX)
		return;
	f->cap = f->cap == 0 ? PIECE : f->cap * 4 < BUFFER_MAX ? f->cap * 4 : BUFFER_MAX;
	f->buf = gw_xrealloc(f->buf, f->cap, 1);
}

/* Read a piece; closes the file at its end. False when nothing came. */
static bool fill(struct config_stack *s, struct config_frame *f)
{
	struct gw_err err = { 0 };
	size_t n = 0;
	int rc;

	if (!f->in.read)
		return false;
	make_room(f);
	if (f->end == f->cap)
		return false; /* full, without a line end */
	rc = f->in.read(f->in.ctx, f->buf + f->end, f->cap - f->end, &n, &err);
	f->end += n;
	s->bytes += n;
	if (rc < 0)
		find(s, f, f->from ? CONFIG_E_INCLUDE : CONFIG_E_MAIN_FILE, "cannot be read to its end: ", err.text);
	if (s->bytes > GW_CONFIG_BYTES_MAX) {
		find(s, f, CONFIG_E_BYTES, "the files are larger together than 256 MiB; nothing more is read", "");
		f->end = f->begin;
		n = 0;
	}
	if (rc < 0 || n == 0)
		close_stream(s, f);
	return n > 0;
}

/* Cut the next line off f. False at its end. */
static bool cut_line(struct config_stack *s, struct config_frame *f, struct config_file_line *ret)
{
	const char *nl;
	size_t n;

	do {
		n = f->end - f->begin;
		nl = n > f->looked ? memchr(f->buf + f->begin + f->looked, '\n', n - f->looked) : NULL;
		f->looked = n;
	} while (!nl && fill(s, f));
	n = f->end - f->begin;
	if (n == 0)
		return false;
	ret->text = gw_slice(f->buf + f->begin, nl ? (size_t)(nl - f->buf) - f->begin : n);
	ret->too_long = !nl && f->in.read;
	f->begin += ret->text.n + (nl != NULL);
	f->looked = 0;
	return true;
}

/* A line that is too long is handed out once; what follows of it is dropped. */
static bool next_of(struct config_stack *s, struct config_frame *f, struct config_file_line *ret)
{
	while (cut_line(s, f, ret)) {
		bool rest = f->skipping;

		f->skipping = ret->too_long;
		if (rest)
			continue;
		f->line++;
		ret->too_long |= ret->text.n > GW_CONFIG_LINE_MAX;
		ret->file = f->name;
		ret->base = f->base;
		ret->line = f->line;
		ret->from = f->from;
		return true;
	}
	return false;
}

/* Something comes on top of the file: take what is left of a small one, or keep it open. False: too many are open. */
static bool settle(struct config_stack *s)
{
	struct config_frame *f = s->n ? top(s) : NULL;
	size_t n;

	if (!f || !f->base)
		return true;
	while (f->in.read && f->end - f->begin < BUFFER_MAX && fill(s, f))
		;
	n = f->end - f->begin;
	if (f->in.read)
		return s->n_large++ < GW_CONFIG_OPEN_MAX;
	if (n == 0) {
		free(f->buf);
		f->buf = NULL;
		f->cap = f->begin = f->end = 0;
	} else if (f->begin) {
		memmove(f->buf, f->buf + f->begin, n);
		f->buf = gw_xrealloc(f->buf, n, 1);
		f->cap = f->end = n;
		f->begin = 0;
	}
	return true;
}

/* The file on top goes on being read. */
static void unsettle(struct config_stack *s)
{
	if (s->n && top(s)->in.read && s->n_large)
		s->n_large--;
}

static enum config_push start(struct config_stack *s, struct config_frame *f, struct gw_config_stream *in)
{
	struct gw_arena *arena = s->l->arena;

	f->in = *in;
	if (!add_seen(s, in->real_path)) {
		close_stream(s, f);
		return CONFIG_SEEN;
	}
	f->base = directory_of(arena, in->real_path); /* kept among those that were seen */
	s->n_files++;
	return CONFIG_PUSHED;
}

enum config_push config_stack_push_stream(struct config_stack *s, const char *name, const struct config_include *from,
	struct gw_config_stream *in)
{
	struct config_frame f = { .name = name, .from = from };
	enum config_push p;

	p = start(s, &f, in);
	if (p != CONFIG_PUSHED)
		return p;
	if (!settle(s)) {
		close_stream(s, &f);
		unsettle(s);
		return CONFIG_TOO_MANY;
	}
	*add_frame(s) = f;
	return p;
}

enum config_push config_stack_push(struct config_stack *s, const char *name, const struct config_include *from,
	struct gw_err *err)
{
	struct gw_config_stream in;

	if (s->n_files >= GW_CONFIG_FILES_MAX)
		return CONFIG_TOO_MANY;
	if (s->files->open(s->files->ctx, name, &in, err) < 0)
		return CONFIG_REFUSED;
	return config_stack_push_stream(s, name, from, &in);
}

bool config_stack_want(struct config_stack *s, size_t n)
{
	bool fits = n <= GW_CONFIG_INCLUDES_MAX - s->n_wanted;

	s->n_wanted = fits ? s->n_wanted + n : GW_CONFIG_INCLUDES_MAX;
	return fits;
}

bool config_stack_push_later(struct config_stack *s, char *const *names, size_t n, const struct config_include *from)
{
	if (!config_stack_want(s, n))
		return false;
	if (n && !settle(s)) {
		unsettle(s);
		return false;
	}
	while (n--)
		*add_frame(s) = (struct config_frame){ .name = gw_arena_str(s->l->arena, gw_slice_str(names[n])), .from = from };
	return true;
}

/* The turn of a file that waited has come. False: it is off the stack again. */
static bool open_waiting(struct config_stack *s)
{
	struct config_frame *f = top(s);
	struct gw_config_stream in;
	struct gw_err err = { 0 };

	if (s->n_files >= GW_CONFIG_FILES_MAX)
		find(s, f, CONFIG_E_FILES, "is not read: too many files are included", "");
	else if (s->files->open(s->files->ctx, f->name, &in, &err) < 0)
		find(s, f, CONFIG_E_INCLUDE, "cannot be read: ", err.text);
	else if (start(s, f, &in) == CONFIG_SEEN)
		find(s, f, CONFIG_N_SKIPPED, "has been read already and is not read again", "");
	else
		return true;
	pop(s);
	unsettle(s);
	return false;
}

bool config_stack_next(struct config_stack *s, struct config_file_line *ret)
{
	while (s->n) {
		if (!top(s)->base && !open_waiting(s))
			continue;
		if (next_of(s, top(s), ret))
			return true;
		pop(s);
		unsettle(s);
	}
	return false;
}
