/* live_mirror.c - the files of a gateway in front of a storage server: mirrors, and passwords
 *
 * The daemon opens all of these as run_as_user. What a password file holds is looked at when we may read it, and never shown. */
#include "gwcfg/live.h"

#include "config/show.h"
#include "util/mem.h"

#include <errno.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>

#define PASSWORD_FILE_MAX 4096 /* octets */
#define PASSWORD_MAX	  1022 /* octets of its first line, see lib/store/jmap/reach.c */

/* ---- mirror_path ---- */

static const char *network_of(const struct statfs *fs)
{
	static const struct {
		unsigned magic;
		const char *name;
	} kinds[] = { { NFS_SUPER_MAGIC, "NFS" }, { SMB_SUPER_MAGIC, "SMB" }, { CIFS_SUPER_MAGIC, "SMB" }, { SMB2_SUPER_MAGIC, "SMB" },
		{ AFS_SUPER_MAGIC, "AFS" }, { CEPH_SUPER_MAGIC, "Ceph" }, { V9FS_MAGIC, "9P" }, { CODA_SUPER_MAGIC, "Coda" },
		{ OCFS2_SUPER_MAGIC, "OCFS2" } };

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if ((unsigned)fs->f_type == kinds[i].magic)
			return kinds[i].name;
	return NULL;
}

static bool is_memory(const struct statfs *fs)
{
	return (unsigned)fs->f_type == TMPFS_MAGIC || (unsigned)fs->f_type == RAMFS_MAGIC;
}

/* dir is there, or is the directory in which it will be made. */
static void file_system(struct live *l, const char *dir)
{
	uint64_t need = l->cfg->mirror_cache_size, room;
	struct statvfs v;
	struct statfs fs;

	if (statfs(dir, &fs) != 0 || statvfs(dir, &v) != 0)
		return;
	if (network_of(&fs))
		LIVE(l, CONFIG_W_FILE_SYSTEM, "mirror_path", "use a disk of this machine; gateways share numbers in state_database",
			"\"%.200s\" lies on a network file system (%s), where databases of mirrors can be damaged", dir, network_of(&fs));
	else if (is_memory(&fs) && !*l->cfg->state_database)
		LIVE(l, CONFIG_W_FILE_SYSTEM, "mirror_path", "use a disk, or set state_database",
			"\"%.200s\" lies in memory: after a restart of this machine clients synchronise anew", dir);
	room = (uint64_t)v.f_bavail * v.f_frsize;
	if (room < need)
		LIVE(l, CONFIG_W_SPACE, "mirror_path", "make room, or lower mirror_cache_size",
			"%llu MiB are free for \"%.200s\", less than one mirror may keep (mirror_cache_size is %llu MiB)",
			(unsigned long long)(room >> 20), dir, (unsigned long long)(need >> 20));
}

static void mirror_place(struct live *l)
{
	const char *dir = l->cfg->mirror_path;
	char *above = live_parent(dir), *accounts = gw_xasprintf("%s/accounts.db", dir);

	if (!live_mail_directory(l, "mirror_path", dir))
		file_system(l, above);
	else if (access(accounts, F_OK) == 0)
		LIVE(l, CONFIG_E_STORE_PLACE, "mirror_path", "use a directory of its own",
			"\"%.200s\" is that of an embedded store, whose mail is no mirror", dir);
	else
		file_system(l, dir);
	free(accounts);
	free(above);
}

/* ---- backend_password_file ---- */

static void password_in(struct live *l, const char *path, struct gw_slice text)
{
	size_t end = 0;

	while (end < text.n && text.p[end] != '\n' && text.p[end] != '\r')
		end++;
	if (end == 0)
		LIVE(l, CONFIG_E_PASSWORD_FILE, "backend_password_file", "write the password into its first line",
			"the first line of \"%.200s\" is empty", path);
	else if (end > PASSWORD_MAX)
		LIVE(l, CONFIG_E_PASSWORD_FILE, "backend_password_file", NULL, "the first line of \"%.200s\" is longer than %d octets", path,
			PASSWORD_MAX);
	else if (gw_slice_trim(gw_slice(text.p + end, text.n - end)).n)
		LIVE(l, CONFIG_W_PASSWORD_FILE, "backend_password_file", "keep the password alone in it",
			"\"%.200s\" has more than one line, and only the first counts", path);
}

/* At most PASSWORD_FILE_MAX octets are looked at. */
static void read_password_file(struct live *l, const char *path)
{
	char text[PASSWORD_FILE_MAX];
	FILE *f = fopen(path, "re");
	size_t n;

	if (!f) {
		LIVE(l, CONFIG_N_NOT_SEEN, "backend_password_file", "run this as root", "\"%.200s\" may not be looked at: %s", path,
			strerror(errno));
		return;
	}
	setvbuf(f, NULL, _IONBF, 0);
	n = fread(text, 1, sizeof text, f);
	fclose(f);
	password_in(l, path, gw_slice(text, n));
	gw_wipe(text, sizeof text);
}

static void password_file(struct live *l)
{
	const char *path = l->cfg->backend_password_file;
	char blocker[PATH_MAX];
	struct stat st;
	enum live_may may = live_may(l, path, R_OK, &st, blocker);

	if (may == LIVE_MISSING) {
		LIVE(l, CONFIG_E_PASSWORD_FILE, "backend_password_file", "make it", "there is no file \"%.200s\"", path);
		return;
	}
	if (may == LIVE_UNSEEN) {
		LIVE(l, CONFIG_N_NOT_SEEN, "backend_password_file", "run this as root", "\"%.200s\" may not be looked at: %s", path,
			strerror(errno));
		return;
	}
	if (!S_ISREG(st.st_mode)) {
		LIVE(l, CONFIG_E_PASSWORD_FILE, "backend_password_file", NULL, "\"%.200s\" is not a regular file", path);
		return;
	}
	if (may == LIVE_MAY_NOT)
		LIVE(l, CONFIG_E_ACCESS, "backend_password_file", NULL, "user %s may not read \"%.200s\"", l->user, blocker);
	if (st.st_mode & (S_IROTH | S_IWOTH))
		LIVE(l, CONFIG_W_PASSWORD_FILE, "backend_password_file", "chmod o-rwx it, and change the password",
			"everybody on this machine may %s \"%.200s\"", st.st_mode & S_IROTH ? "read" : "write to", path);
	read_password_file(l, path);
}

/* ---- the password of state_database ---- */

static void database_password(struct live *l)
{
	const struct gw_option *opt = gw_option_find(GW_S("state_database"));
	struct gw_config_origin o;
	struct stat st;

	if (!gw_config_has_secret(l->cfg, opt) || !gw_config_origin(l->cfg, opt, &o) || o.env || !o.at.file)
		return;
	if (stat(o.at.file, &st) == 0 && S_ISREG(st.st_mode) && st.st_mode & S_IROTH)
		LIVE(l, CONFIG_E_CONFIG_OPEN, "state_database", "chmod o-r the file, and change the password",
			"its password can be read by everybody on this machine (mode %04o)", (unsigned)st.st_mode & 07777);
}

void live_mirror(struct live *l)
{
	const char *kind = gw_config_store_kind(l->cfg->server_socket);

	if (!kind || strcmp(kind, "jmap") != 0)
		return;
	mirror_place(l);
	if (*l->cfg->backend_user && *l->cfg->backend_password_file)
		password_file(l);
	database_password(l);
}
