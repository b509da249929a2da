/* overlay.c - the file system as --as, --replace and --root want it seen
 *
 * Configuration management hands a temporary copy of one file to whoever validates it: --as says where it will lie,
 * --replace puts it into a whole tree. A tree for another machine is below --root; symbolic links stay inside. Standard
 * input is a file too. All of it is one table of files that take the place of others. */
#include "gwcfg/gwcfg.h"

#include "config/codes.h"
#include "util/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The bytes of file are read where path is named. */
struct swap {
	char *path; /* as given, absolute */
	char *real; /* without symbolic links, as far as it exists */
	const char *file; /* "-": standard input */
	bool used;
};

struct overlay {
	char *main;
	char *root; /* real path; NULL: none */
	int root_fd;
	struct swap *swaps;
	size_t n;
	struct gw_config_files files;
};

/* ---- paths ---- */

static char *absolute(const char *path)
{
	char *cwd, *full;

	if (*path == '/')
		return gw_xstrdup(path);
	cwd = getcwd(NULL, 0);
	full = gw_xasprintf("%s/%s", cwd ? cwd : "", path);
	free(cwd);
	return full;
}

/* Open a path below the root, links of which cannot lead out of it. */
static int open_below(const struct overlay *o, const char *path, int flags)
{
	struct open_how how = { .flags = (unsigned)flags | O_CLOEXEC, .resolve = RESOLVE_IN_ROOT };
	long fd = syscall(SYS_openat2, o->root_fd, path, &how, sizeof how);
	char *plain;

	if (fd >= 0 || errno != ENOSYS)
		return (int)fd;
	plain = gw_xasprintf("%s%s", o->root, path); /* before Linux 5.6 */
	fd = open(plain, flags | O_CLOEXEC);
	free(plain);
	return (int)fd;
}

/* The path of an open file, as it is called below the root. */
static char *path_of_fd(const struct overlay *o, int fd)
{
	char link[64], real[4096];
	size_t skip = o->root && strcmp(o->root, "/") != 0 ? strlen(o->root) : 0;
	ssize_t n;

	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	n = readlink(link, real, sizeof real - 1);
	if (n <= 0)
		return NULL;
	real[n] = '\0';
	return gw_xstrdup(strncmp(real, o->root, skip) == 0 ? real + skip : real);
}

static char *real_of(const struct overlay *o, const char *path)
{
	char *real;
	int fd;

	if (!o->root)
		return realpath(path, NULL);
	fd = open_below(o, path, O_PATH);
	if (fd < 0)
		return NULL;
	real = path_of_fd(o, fd);
	close(fd);
	return real;
}

/* The real path, also of a file that does not exist yet in a directory that does. */
static char *canonical(const struct overlay *o, const char *path)
{
	char *real = real_of(o, path), *directory, *slash, *full;

	if (real)
		return real;
	directory = gw_xstrdup(path);
	slash = strrchr(directory, '/');
	if (!slash) {
		free(directory);
		return gw_xstrdup(path);
	}
	slash[slash == directory] = '\0';
	real = real_of(o, directory);
	full = real ? gw_xasprintf("%s/%s", strcmp(real, "/") ? real : "", strrchr(path, '/') + 1) : gw_xstrdup(path);
	free(real);
	free(directory);
	return full;
}

/* ---- files ---- */

static int open_root(const struct overlay *o, const char *path, struct gw_config_stream *ret, struct gw_err *err)
{
	int fd = open_below(o, path, O_RDONLY | O_NONBLOCK | O_NOCTTY), rc;
	char link[64], *real;

	if (fd < 0)
		return gw_fail(err, gw_code_errno(errno), "%s", strerror(errno));
	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	rc = gw_config_disk.open(NULL, link, ret, err);
	real = rc == 0 ? path_of_fd(o, fd) : NULL;
	close(fd);
	if (!real)
		return rc;
	free(ret->real_path);
	ret->real_path = real;
	return 0;
}

static int open_stdin(struct gw_config_stream *ret, struct gw_err *err)
{
	struct gw_buf b;
	ssize_t n = 1;

	gw_buf_init(&b, GW_CONFIG_BYTES_MAX + 65536);
	while (n > 0 && b.n <= GW_CONFIG_BYTES_MAX) {
		char *room = gw_buf_room(&b, 65536);

		n = room ? read(STDIN_FILENO, room, 65536) : 0;
		if (n > 0)
			b.n += (size_t)n;
		else if (n < 0 && errno == EINTR)
			n = 1;
	}
	if (n < 0) {
		gw_buf_done(&b);
		return gw_fail(err, GW_EIO, "%s", strerror(errno));
	}
	gw_config_stream_bytes(ret, NULL, gw_xslicedup(gw_buf_slice(&b)), b.n);
	gw_buf_done(&b);
	return 0;
}

static struct swap *find_swap(const struct overlay *o, const char *path)
{
	char *real = o->n ? canonical(o, path) : NULL;
	struct swap *found = NULL;

	for (size_t i = 0; i < o->n && !found; i++)
		if (strcmp(o->swaps[i].path, path) == 0 || strcmp(o->swaps[i].real, real) == 0)
			found = &o->swaps[i];
	free(real);
	return found;
}

static int overlay_open(void *ctx, const char *path, struct gw_config_stream *ret, struct gw_err *err)
{
	const struct overlay *o = ctx;
	struct swap *s = find_swap(o, path);
	int rc;

	if (!s)
		return o->root ? open_root(o, path, ret, err) : gw_config_disk.open(NULL, path, ret, err);
	s->used = true;
	rc = strcmp(s->file, "-") == 0 ? open_stdin(ret, err) : gw_config_disk.open(NULL, s->file, ret, err);
	if (rc < 0)
		return rc;
	free(ret->real_path);
	ret->real_path = gw_xstrdup(s->real);
	return 0;
}

/* ---- directories and patterns ---- */

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool names_have(const struct gw_config_names *names, const char *name)
{
	for (size_t i = 0; i < names->n; i++)
		if (strcmp(names->v[i], name) == 0)
			return true;
	return false;
}

/* Would a file that is only in the table be among those of the pattern or the directory? */
static bool matches(const char *pattern, const char *path)
{
	size_t n = strlen(pattern);
	const char *name;

	if (strpbrk(pattern, "*?["))
		return fnmatch(pattern, path, FNM_PATHNAME | FNM_PERIOD) == 0;
	while (n && pattern[n - 1] == '/')
		n--;
	if (strncmp(path, pattern, n) != 0 || path[n] != '/')
		return false;
	name = path + n + 1;
	return !strchr(name, '/') && *name != '.' && strlen(name) > 4 && strcmp(name + strlen(name) - 4, ".cfg") == 0;
}

static void add_swapped(const struct overlay *o, const char *pattern, struct gw_config_names *names)
{
	for (size_t i = 0; i < o->n; i++) {
		const char *path = o->swaps[i].path;

		if (!matches(pattern, path) || names_have(names, path))
			continue;
		names->v = gw_xrealloc(names->v, names->n + 1, sizeof *names->v);
		names->v[names->n++] = gw_xstrdup(path);
	}
	qsort(names->v, names->n, sizeof *names->v, by_bytes);
}

/* The name of a directory below the root, or a pattern that takes the root's own name as it stands. */
static char *below_root(const struct overlay *o, const char *path)
{
	char *full = gw_xasprintf("%s%s", o->root ? o->root : "", path);
	struct stat st;
	struct gw_buf b;

	if (!o->root || (stat(full, &st) == 0 && S_ISDIR(st.st_mode)))
		return full;
	free(full);
	gw_buf_init(&b, 0);
	for (const char *p = o->root; *p; p++)
		gw_buf_printf(&b, strchr("*?[\\", *p) ? "\\%c" : "%c", *p);
	gw_buf_printf(&b, "%s", path);
	full = gw_xstrdup(gw_buf_str(&b));
	gw_buf_done(&b);
	return full;
}

static int overlay_list(void *ctx, const char *path, size_t max, struct gw_config_names *ret, struct gw_err *err)
{
	const struct overlay *o = ctx;
	char *full = below_root(o, path);
	size_t skip = o->root ? strlen(o->root) : 0;
	int rc = gw_config_disk.list(NULL, full, max, ret, err);

	free(full);
	if (rc < 0)
		return rc;
	for (size_t i = 0; i < ret->n && skip; i++)
		memmove(ret->v[i], ret->v[i] + skip, strlen(ret->v[i] + skip) + 1);
	add_swapped(o, path, ret);
	return 0;
}

/* ---- making it ---- */

static void add_swap(struct overlay *o, char *path, const char *file)
{
	o->swaps = gw_xrealloc(o->swaps, o->n + 1, sizeof *o->swaps);
	o->swaps[o->n++] = (struct swap){ .path = path, .real = canonical(o, path), .file = file };
}

static int set_root(struct overlay *o, const char *root, const char *main, struct gw_err *err)
{
	if (!root)
		return 0;
	if (main && *main != '/' && strcmp(main, "-") != 0)
		return gw_fail(err, GW_EINVAL, "with --root the file is named by its absolute path below it");
	o->root = realpath(root, NULL);
	o->root_fd = o->root ? open(o->root, O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;
	return o->root_fd >= 0 ? 0 : gw_fail(err, gw_code_errno(errno), "cannot open %.200s: %s", root, strerror(errno));
}

/* The usual file below the root. */
static char *usual(const struct overlay *o)
{
	static const char *const paths[] = { "/etc/gateway/gateway.cfg", "/etc/kopano/gateway.cfg" };

	if (!o->root)
		return gw_config_default_path(env_of, NULL);
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		char *real = real_of(o, paths[i]);

		free(real);
		if (real)
			return gw_xstrdup(paths[i]);
	}
	return gw_xstrdup(paths[0]);
}

static void set_main(struct overlay *o, const char *main, const char *as)
{
	bool from_stdin = main && strcmp(main, "-") == 0;

	if (as) {
		o->main = absolute(as);
		if (main)
			add_swap(o, gw_xstrdup(o->main), main);
	} else if (from_stdin) {
		o->main = gw_xstrdup("(standard input)");
		add_swap(o, gw_xstrdup(o->main), "-");
		free(o->swaps[0].real);
		o->swaps[0].real = absolute(o->main); /* includes are relative to the working directory */
	} else {
		o->main = main ? gw_xstrdup(main) : usual(o);
	}
}

struct overlay *overlay_new(const char *main, const struct gw_cli_args *args, struct gw_err *err)
{
	struct overlay *o = gw_xalloc(sizeof *o);
	const char *text;

	*o = (struct overlay){ .root_fd = -1, .files = { overlay_open, overlay_list, o } };
	if (set_root(o, args ? gw_cli_value(args, "root") : NULL, main, err) < 0) {
		overlay_free(o);
		return NULL;
	}
	set_main(o, main, args ? gw_cli_value(args, "as") : NULL);
	for (size_t i = 0; args && (text = gw_cli_each(args, "replace", &i));) {
		char *path = gw_xslicedup(gw_slice(text, strcspn(text, "=")));

		add_swap(o, absolute(path), strchr(text, '=') + 1);
		free(path);
	}
	return o;
}

void overlay_free(struct overlay *o)
{
	for (size_t i = 0; i < o->n; i++) {
		free(o->swaps[i].path);
		free(o->swaps[i].real);
	}
	free(o->swaps);
	free(o->main);
	free(o->root);
	if (o->root_fd >= 0)
		close(o->root_fd);
	free(o);
}

const char *overlay_main(const struct overlay *o)
{
	return o->main;
}

const struct gw_config_files *overlay_files(const struct overlay *o)
{
	return &o->files;
}

void overlay_report(const struct overlay *o, struct gw_diags *diags)
{
	for (size_t i = 0; i < o->n; i++) {
		const struct swap *s = &o->swaps[i];
		char *text;

		if (s->used)
			continue;
		text = gw_xasprintf("%s is not part of the configuration, so %s was not checked", s->path, s->file);
		gw_diag_add(diags, &(struct gw_diag){ .severity = GW_WARNING, .code = CONFIG_W_NOT_READ, .at = { overlay_main(o), 0, 0 },
			.text = text, .suggestion = "include it, or name the path that is included" });
		free(text);
	}
}
