/* lastlogin.c - when users signed on last
 *
 * The time of the empty file "login" in the account's directory. A row in accounts.db would be one durable write a
 * sign-on, in a file that all processes queue for; touching a file is written by the operating system when it likes,
 * and losing the last seconds of it in a crash of the machine hurts nobody. */
#include "store/local/acct.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/account/priv.h"
#include "util/mem.h"

static char *login_file(const struct local_store *ls, uint64_t id)
{
	char *dir = gw_local_account_dir(ls, id);
	char *path = gw_xasprintf("%s/login", dir);

	free(dir);
	return path;
}

/* The first sign-on of an account makes its directory, too. */
static void make(const struct local_store *ls, uint64_t id, const char *path)
{
	char *dir = gw_local_account_dir(ls, id);
	int fd = -1;

	if (db_make_dir(dir, ls->env->opt.owner, NULL) == 0)
		fd = open(path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd >= 0)
		close(fd);
	free(dir);
}

/* The store's clock gives the time, so that it is that of all other stamps. */
void local_note_login(const struct local_store *ls, uint64_t id)
{
	const struct timespec at = { .tv_sec = gw_wall_s(ls->clock) };
	const struct timespec both[2] = { at, at };
	char *path;

	if (ls->memory)
		return;
	path = login_file(ls, id);
	if (utimensat(AT_FDCWD, path, both, AT_SYMLINK_NOFOLLOW) < 0 && errno == ENOENT) {
		make(ls, id, path);
		utimensat(AT_FDCWD, path, both, AT_SYMLINK_NOFOLLOW);
	}
	free(path);
}

int64_t local_last_login(const struct local_store *ls, uint64_t id)
{
	struct stat st;
	char *path;
	int64_t at;

	if (ls->memory)
		return 0;
	path = login_file(ls, id);
	at = lstat(path, &st) == 0 && S_ISREG(st.st_mode) ? st.st_mtim.tv_sec : 0;
	free(path);
	return at;
}
