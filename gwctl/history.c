/* history.c - the lines of the prompt in a file (see history.h) */
#include "gwctl/history.h"

#include "gwctl/line.h"
#include "gwctl/verbs.h"
#include "util/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define BYTES_MAX (256 * 1024) /* more of the file is not read */
#define BYTES_LONG (128 * 1024) /* a longer file is made short */
#define LINE_BYTES 2000        /* a longer line is not kept */

/* ---- where ---- */

/* Make the directories of a path. */
static void make_directories(char *path)
{
	for (char *p = strchr(path + 1, '/'); p; p = strchr(p + 1, '/')) {
		*p = '\0';
		(void)mkdir(path, 0700); /* open() will tell when it is not there */
		*p = '/';
	}
}

char *history_path(void)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");

	if (state && state[0] == '/')
		return gw_xasprintf("%s/gateway/gwctl_history", state);
	return home && home[0] == '/' ? gw_xasprintf("%s/.local/state/gateway/gwctl_history", home) : NULL;
}

/* ---- what ---- */

/* Is it the name of a parameter that is secret, or its beginning? */
static bool names_secret(struct gw_slice name)
{
	const struct gw_ctl_verb *v;

	for (size_t i = 0; name.n && (v = verb_at(i)); i++)
		for (size_t k = 0; k < GW_CTL_PARAMS_MAX && v->params[k].name; k++)
			if (v->params[k].type == GW_CTL_SECRET && gw_slice_startsi(gw_slice_str(v->params[k].name), name))
				return true;
	return false;
}

static bool may_hold_secret(const char *word)
{
	bool dashed = strncmp(word, "--", 2) == 0;
	const char *name = word + (dashed ? 2 : 0), *eq = strchr(name, '=');

	return (dashed || eq) && names_secret(gw_slice(name, eq ? (size_t)(eq - name) : strlen(name)));
}

bool history_may_keep(const char *line)
{
	struct line l;
	bool ok = line[0] && !strchr(" \t#", line[0]) && strlen(line) < LINE_BYTES && !line[strcspn(line, "\r\n")];

	line_cut(line, strlen(line), &l, NULL);
	for (size_t i = 0; ok && i < l.n; i++)
		ok = !may_hold_secret(l.word[i]);
	line_done(&l);
	return ok;
}

/* ---- the file ---- */

/* Open and lock it; another prompt may put a new file in its place meanwhile. -1: no. */
static int open_locked(const char *path)
{
	struct stat mine, now;

	for (int i = 0; i < 10; i++) {
		int fd = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

		if (fd < 0)
			return -1;
		if (fstat(fd, &mine) == 0 && S_ISREG(mine.st_mode) && flock(fd, LOCK_EX) == 0 && stat(path, &now) == 0 &&
		    mine.st_ino == now.st_ino && mine.st_dev == now.st_dev)
			return fd;
		close(fd);
	}
	return -1;
}

/* The end of the file, from the beginning of a line. Owned, with a NUL; NULL: nothing. */
static char *read_end(int fd)
{
	off_t size = lseek(fd, 0, SEEK_END), from = size > BYTES_MAX ? size - BYTES_MAX : 0;
	char *text = gw_xalloc(BYTES_MAX + 1), *begin;
	ssize_t n = pread(fd, text, BYTES_MAX, from);

	text[n > 0 ? n : 0] = '\0';
	if (from > 0) {
		begin = strchr(text, '\n');
		memmove(text, begin ? begin + 1 : text + strlen(text), begin ? strlen(begin + 1) + 1 : 1);
	}
	return text;
}

/* Cut into lines in place, each once: the last of equal ones stays. Returns how many are in line[], the newest last. */
static size_t cut_lines(char *text, char *line[HISTORY_LINES])
{
	size_t n = 0, len;

	for (char *end = text + strlen(text); end > text && n < HISTORY_LINES; end = text + len) {
		char *p;
		bool seen = false;

		end[-1] = end[-1] == '\n' ? '\0' : end[-1];
		p = strrchr(text, '\n');
		p = p ? p + 1 : text;
		len = (size_t)(p - text);
		for (size_t i = 0; !seen && i < n; i++)
			seen = strcmp(line[HISTORY_LINES - 1 - i], p) == 0;
		if (*p && !seen)
			line[HISTORY_LINES - 1 - n++] = p;
	}
	memmove(line, line + HISTORY_LINES - n, n * sizeof *line);
	return n;
}

void history_load(const char *path, void (*put)(void *ctx, const char *line), void *ctx)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	char *line[HISTORY_LINES], *text;
	size_t n;

	if (fd < 0)
		return;
	text = read_end(fd);
	n = cut_lines(text, line);
	for (size_t i = 0; i < n; i++)
		put(ctx, line[i]);
	free(text);
	close(fd);
}

static bool write_lines(const char *path, char *const *line, size_t n)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	FILE *f = fd >= 0 ? fdopen(fd, "w") : NULL;

	if (!f)
		return false;
	for (size_t i = 0; i < n; i++)
		fprintf(f, "%s\n", line[i]);
	return fclose(f) == 0;
}

/* A new file with the newest lines takes its place. */
static void shorten(int fd, const char *path)
{
	char *line[HISTORY_LINES], *text = read_end(fd), *other = gw_xasprintf("%s.%ld", path, (long)getpid());
	size_t n = cut_lines(text, line);
	size_t bytes = 0, first = n;

	while (first > 0 && bytes < BYTES_LONG / 2)
		bytes += strlen(line[--first]) + 1;
	unlink(other); /* of a process that had our number, and was killed */
	if (!write_lines(other, line + first, n - first) || rename(other, path) < 0)
		unlink(other);
	free(other);
	free(text);
}

void history_add(const char *path, const char *line)
{
	char *whole = gw_xasprintf("%s\n", line), *place = gw_xstrdup(path);
	struct stat st;
	int fd;

	make_directories(place);
	fd = open_locked(path);
	if (fd >= 0 && write(fd, whole, strlen(whole)) == (ssize_t)strlen(whole) && fstat(fd, &st) == 0 &&
	    st.st_size > BYTES_LONG)
		shorten(fd, path);
	if (fd >= 0)
		close(fd);
	free(place);
	free(whole);
}
