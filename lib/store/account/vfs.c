/* vfs.c - the file layer under SQLite: fewer, larger writes, and commits that can be waited for together
 *
 * SQLite writes a WAL frame in two pieces, page by page. This layer, between SQLite and its own file layer, collects
 * writes to a WAL that continue each other and hands them on in one piece. Nobody else looks at frames before they are
 * committed, and a commit begins with a sync, which hands on what was collected and tells when that fails. (The
 * database itself is left alone: a checkpoint that gets only so far shows its pages to readers without any sync.)
 *
 * A commit ends with a sync of the WAL. When the handle says so (db_wal_lazy), that sync only hands the frames to the
 * operating system, and gw_db_commit() waits for the disk afterwards, together with other writers. One sync is never
 * put off: the one after a new WAL header. It keeps old frames, which are in the database already, from being
 * taken for valid ones after a power failure. */
#include "store/account/priv.h"

#include <errno.h>
#include <stdlib.h>

#include "util/mem.h"

#define VFS_NAME   "gateway"
#define WAL_HEADER 32
#define COLLECT	   ((size_t)64 << 10) /* octets handed on at once */

struct file {
	sqlite3_file base;
	sqlite3_file *real; /* lies behind this struct */
	bool wal;	    /* writes are collected */
	char *buf;	    /* COLLECT octets; NULL: nothing was written yet */
	sqlite3_int64 off;  /* where buf belongs */
	size_t n;	    /* octets in buf */
	bool lazy;	    /* syncs hand on only */
	bool header;	    /* a WAL header was written and is not on disk */
};

static struct file *of(sqlite3_file *f)
{
	return (struct file *)f;
}

/* ---- collecting ---- */

/* SQLite knows one kind of full disk; a quota or a limit of the file's size is one too. */
static int kind(int rc)
{
	bool full = errno == ENOSPC || errno == EDQUOT || errno == EFBIG;

	return (rc & 0xFF) == SQLITE_IOERR && full ? SQLITE_FULL : rc;
}

static int put(struct file *f, const void *p, size_t n, sqlite3_int64 off)
{
	errno = 0;
	return kind(f->real->pMethods->xWrite(f->real, p, (int)n, off));
}

static int hand_on(struct file *f)
{
	size_t n = f->n;

	f->n = 0;
	return n ? put(f, f->buf, n, f->off) : SQLITE_OK;
}

static int x_write(sqlite3_file *file, const void *p, int n, sqlite3_int64 off)
{
	struct file *f = of(file);
	int rc = SQLITE_OK;

	if (!f->wal)
		return put(f, p, (size_t)n, off);
	if (f->n && (off != f->off + (sqlite3_int64)f->n || f->n + (size_t)n > COLLECT))
		rc = hand_on(f);
	if (rc != SQLITE_OK)
		return rc;
	if (off == 0 && n == WAL_HEADER)
		f->header = true;
	if ((size_t)n > COLLECT)
		return put(f, p, (size_t)n, off);
	if (!f->buf)
		f->buf = gw_xrealloc(NULL, 1, COLLECT);
	if (!f->n)
		f->off = off;
	memcpy(f->buf + f->n, p, (size_t)n);
	f->n += (size_t)n;
	return SQLITE_OK;
}

static int x_read(sqlite3_file *file, void *p, int n, sqlite3_int64 off)
{
	struct file *f = of(file);

	if (f->n && off < f->off + (sqlite3_int64)f->n && f->off < off + n) {
		int rc = hand_on(f);

		if (rc != SQLITE_OK)
			return rc;
	}
	return f->real->pMethods->xRead(f->real, p, n, off);
}

static int x_sync(sqlite3_file *file, int flags)
{
	struct file *f = of(file);
	int rc = hand_on(f);

	if (rc != SQLITE_OK || (f->lazy && !f->header))
		return rc;
	errno = 0;
	rc = kind(f->real->pMethods->xSync(f->real, flags));
	if (rc == SQLITE_OK)
		f->header = false;
	return rc;
}

static int x_truncate(sqlite3_file *file, sqlite3_int64 size)
{
	struct file *f = of(file);
	int rc = hand_on(f);

	return rc == SQLITE_OK ? f->real->pMethods->xTruncate(f->real, size) : rc;
}

static int x_size(sqlite3_file *file, sqlite3_int64 *ret)
{
	struct file *f = of(file);
	int rc = hand_on(f);

	return rc == SQLITE_OK ? f->real->pMethods->xFileSize(f->real, ret) : rc;
}

static int x_close(sqlite3_file *file)
{
	struct file *f = of(file);
	int rc = hand_on(f), closed = f->real->pMethods->xClose(f->real);

	free(f->buf);
	f->buf = NULL;
	return rc == SQLITE_OK ? closed : rc;
}

/* ---- handed on as they are ---- */

static int x_lock(sqlite3_file *file, int level)
{
	return of(file)->real->pMethods->xLock(of(file)->real, level);
}

static int x_unlock(sqlite3_file *file, int level)
{
	return of(file)->real->pMethods->xUnlock(of(file)->real, level);
}

static int x_reserved(sqlite3_file *file, int *ret)
{
	return of(file)->real->pMethods->xCheckReservedLock(of(file)->real, ret);
}

static int x_control(sqlite3_file *file, int op, void *arg)
{
	return of(file)->real->pMethods->xFileControl(of(file)->real, op, arg);
}

static int x_sector(sqlite3_file *file)
{
	return of(file)->real->pMethods->xSectorSize(of(file)->real);
}

static int x_device(sqlite3_file *file)
{
	return of(file)->real->pMethods->xDeviceCharacteristics(of(file)->real);
}

static int x_shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **ret)
{
	return of(file)->real->pMethods->xShmMap(of(file)->real, page, size, extend, ret);
}

static int x_shm_lock(sqlite3_file *file, int offset, int n, int flags)
{
	return of(file)->real->pMethods->xShmLock(of(file)->real, offset, n, flags);
}

static void x_shm_barrier(sqlite3_file *file)
{
	of(file)->real->pMethods->xShmBarrier(of(file)->real);
}

static int x_shm_unmap(sqlite3_file *file, int remove)
{
	return of(file)->real->pMethods->xShmUnmap(of(file)->real, remove);
}

static int x_fetch(sqlite3_file *file, sqlite3_int64 off, int n, void **ret)
{
	return of(file)->real->pMethods->xFetch(of(file)->real, off, n, ret);
}

static int x_unfetch(sqlite3_file *file, sqlite3_int64 off, void *p)
{
	return of(file)->real->pMethods->xUnfetch(of(file)->real, off, p);
}

static const sqlite3_io_methods methods = {
	.iVersion = 3,
	.xClose = x_close,
	.xRead = x_read,
	.xWrite = x_write,
	.xTruncate = x_truncate,
	.xSync = x_sync,
	.xFileSize = x_size,
	.xLock = x_lock,
	.xUnlock = x_unlock,
	.xCheckReservedLock = x_reserved,
	.xFileControl = x_control,
	.xSectorSize = x_sector,
	.xDeviceCharacteristics = x_device,
	.xShmMap = x_shm_map,
	.xShmLock = x_shm_lock,
	.xShmBarrier = x_shm_barrier,
	.xShmUnmap = x_shm_unmap,
	.xFetch = x_fetch,
	.xUnfetch = x_unfetch,
};

static int x_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *ret_flags)
{
	sqlite3_vfs *real = vfs->pAppData;
	struct file *f = of(file);
	int rc;

	memset(f, 0, sizeof *f);
	f->real = (sqlite3_file *)(f + 1);
	f->wal = flags & SQLITE_OPEN_WAL;
	rc = real->xOpen(real, name, f->real, flags, ret_flags);
	/* A file layer that is not of version 3 lacks what WAL needs; ours always is. */
	if (rc == SQLITE_OK || f->real->pMethods)
		f->base.pMethods = &methods;
	return rc;
}

static sqlite3_vfs layer; /* written once, by make_layer() */
static bool layer_ok;

static void make_layer(void)
{
	sqlite3_vfs *real = sqlite3_vfs_find(NULL);

	if (!real)
		return;
	layer = *real; /* names, time, random numbers: as the real one does them */
	layer.zName = VFS_NAME;
	layer.pAppData = real;
	layer.pNext = NULL;
	layer.szOsFile = (int)sizeof(struct file) + real->szOsFile;
	layer.xOpen = x_open;
	layer_ok = sqlite3_vfs_register(&layer, 0) == SQLITE_OK;
}

const char *db_vfs(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, make_layer);
	return layer_ok ? VFS_NAME : NULL;
}

/* ---- the WAL of a handle ---- */

static struct file *wal_of(struct gw_db *db)
{
	sqlite3_file *f = NULL;

	if (sqlite3_file_control(db->sql, NULL, SQLITE_FCNTL_JOURNAL_POINTER, &f) != SQLITE_OK || !f ||
		f->pMethods != &methods)
		return NULL;
	return of(f);
}

void db_wal_lazy(struct gw_db *db, bool lazy)
{
	struct file *f = wal_of(db);

	if (f)
		f->lazy = lazy;
}

int db_wal_sync(struct gw_db *db)
{
	struct file *f = wal_of(db);

	return f ? f->real->pMethods->xSync(f->real, SQLITE_SYNC_NORMAL) : SQLITE_OK;
}
