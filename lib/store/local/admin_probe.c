/* admin_probe.c - how is the store? For health checks (see store/admin.h) */
#include "store/local/admin.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "store/local/accounts_priv.h"
#include "store/local/text.h"
#include "util/mem.h"

#define LOW_PERCENT      10u /* of a file system left, and less than LOW_MIB: a warning */
#define FULL_PERCENT     3u  /* and less than FULL_MIB: critical */
#define LOW_MIB          20480u
#define FULL_MIB         2048u
#define WRITE_SLOW_US    1000000u
#define WRITE_BYTES      4096u
#define INDEX_LATE_S     300 /* accounts wait longer than the indexing thread ever lets them */

struct probing {
	const struct gw_probe *p;
	const struct gw_clock *clock;
	uint64_t begin_us;
	bool stopped;
};

static void begin(struct probing *r)
{
	r->begin_us = gw_mono_us(r->clock);
}

static void __attribute__((format(printf, 4, 5)))
tell(struct probing *r, const char *name, enum gw_probe_state state, const char *fmt, ...)
{
	char text[GW_ERR_TEXT];
	struct gw_probe_step step = { name, state, gw_mono_us(r->clock) - r->begin_us, text };
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	if (!r->stopped && !r->p->step(r->p->ctx, &step))
		r->stopped = true;
}

/* ---- space ---- */

static unsigned percent(uint64_t part, uint64_t whole)
{
	return whole ? (unsigned)((double)part * 100.0 / (double)whole) : 100;
}

static void look_at_space(struct probing *r, const char *name, const char *path)
{
	struct statvfs v;
	enum gw_probe_state state;
	unsigned space, inodes;
	uint64_t mib;

	begin(r);
	if (statvfs(path, &v) != 0) {
		tell(r, name, GW_PROBE_CRITICAL, "%s: %s", path, strerror(errno));
		return;
	}
	space = percent(v.f_bavail, v.f_blocks);
	inodes = percent(v.f_favail, v.f_files); /* some file systems count none */
	mib = (uint64_t)v.f_bavail * v.f_frsize >> 20;
	state = (space < FULL_PERCENT && mib < FULL_MIB) || inodes < FULL_PERCENT ? GW_PROBE_CRITICAL :
		(space < LOW_PERCENT && mib < LOW_MIB) || inodes < LOW_PERCENT	  ? GW_PROBE_WARNING :
										    GW_PROBE_OK;
	tell(r, name, state, "%s: %u %% of the space (%llu MiB) and %u %% of the inodes are free", path, space,
		(unsigned long long)mib, inodes);
}

void gw_probe_space(const char *name, const char *path, const struct gw_clock *clock, const struct gw_probe *p)
{
	struct probing r = { .p = p, .clock = clock };

	look_at_space(&r, name, path);
}

/* ---- accounts ---- */

/* The first column of the first row of a statement. */
static int ask(sqlite3 *sql, const char *text, char *ret, size_t cap)
{
	sqlite3_stmt *st = NULL;
	int rc = sqlite3_prepare_v2(sql, text, -1, &st, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_step(st);
	if (rc == SQLITE_ROW)
		snprintf(ret, cap, "%s", (const char *)sqlite3_column_text(st, 0));
	sqlite3_finalize(st);
	return rc == SQLITE_ROW ? 0 : -1;
}

static void look_at_accounts(struct probing *r, struct local_store *ls)
{
	struct accounts_handle *h;
	char n[32];
	struct gw_err err = { .text = "" };

	begin(r);
	if (accounts_take(ls->accounts, &h, &err) < 0) {
		tell(r, "accounts", GW_PROBE_CRITICAL, "%s", err.text);
		return;
	}
	if (ask(h->db, "SELECT count(*) FROM user", n, sizeof n) == 0)
		tell(r, "accounts", GW_PROBE_OK, "%s accounts can be read", n);
	else
		tell(r, "accounts", GW_PROBE_CRITICAL, "%s: %s", ls->accounts->file, sqlite3_errmsg(h->db));
	accounts_give(ls->accounts, h);
}

static void look_through_accounts(struct probing *r, struct local_store *ls)
{
	struct accounts_handle *h;
	char first[200];

	begin(r);
	if (accounts_take(ls->accounts, &h, NULL) < 0)
		return; /* told by the step before */
	if (ask(h->db, "PRAGMA quick_check(1)", first, sizeof first) < 0)
		tell(r, "integrity", GW_PROBE_CRITICAL, "%s: %s", ls->accounts->file, sqlite3_errmsg(h->db));
	else if (strcmp(first, "ok") != 0)
		tell(r, "integrity", GW_PROBE_CRITICAL, "%s is damaged: %s; `gwctl store repair' puts it right",
			ls->accounts->file, first);
	else
		tell(r, "integrity", GW_PROBE_OK, "the account database is sound");
	accounts_give(ls->accounts, h);
}

/* ---- the disk ---- */

static int write_durably(int fd)
{
	char block[WRITE_BYTES] = { 0 };

	return write(fd, block, sizeof block) == (ssize_t)sizeof block && fsync(fd) == 0 ? 0 : -1;
}

static void try_to_write(struct probing *r, struct local_store *ls)
{
	char *path = gw_xasprintf("%s/.health-XXXXXX", ls->root);
	uint64_t us;
	int fd, rc;

	begin(r);
	fd = mkostemp(path, O_CLOEXEC);
	rc = fd < 0 ? -1 : write_durably(fd);
	us = gw_mono_us(r->clock) - r->begin_us;
	if (rc < 0)
		tell(r, "write", GW_PROBE_CRITICAL, "cannot write in %s: %s", ls->root, strerror(errno));
	else
		tell(r, "write", us > WRITE_SLOW_US ? GW_PROBE_WARNING : GW_PROBE_OK,
			"%u bytes are on the disk after %llu.%03llu ms", WRITE_BYTES, (unsigned long long)us / 1000,
			(unsigned long long)us % 1000);
	if (fd >= 0) {
		unlink(path);
		close(fd);
	}
	free(path);
}

/* ---- text indexes ---- */

static void look_at_indexes(struct probing *r, struct local_store *ls)
{
	int64_t now = gw_wall_s(ls->clock), oldest = now, since;
	struct gw_arena arena;
	uint64_t *ids;
	size_t n = 0, waiting = 0;

	begin(r);
	gw_arena_init(&arena, 0, 0);
	if (local_accounts_ids(ls->accounts, &arena, &ids, &n, NULL) < 0)
		n = 0;
	for (size_t i = 0; i < n; i++) {
		if (!gw_local_text_waits(ls, ids[i], &since))
			continue;
		waiting++;
		oldest = since < oldest ? since : oldest;
	}
	gw_arena_done(&arena);
	if (waiting == 0)
		tell(r, "text_index", GW_PROBE_OK, "the text indexes of all accounts are up to date");
	else
		tell(r, "text_index", now - oldest > INDEX_LATE_S ? GW_PROBE_WARNING : GW_PROBE_OK,
			"%zu of %zu accounts wait for their text index, since %lld seconds at most", waiting, n,
			(long long)(now - oldest));
}

/* ---- */

int local_probe(struct gw_store *s, const struct gw_probe *p, struct gw_err *err)
{
	struct local_store *ls = (struct local_store *)s;
	struct probing r = { .p = p, .clock = ls->clock };

	if (ls->root)
		look_at_space(&r, "disk", ls->root);
	if (ls->accounts && !r.stopped)
		look_at_accounts(&r, ls);
	if (ls->accounts && p->deep && !r.stopped)
		look_through_accounts(&r, ls);
	if (p->deep && ls->root && !r.stopped)
		try_to_write(&r, ls);
	if (ls->accounts && p->deep && ls->root && !r.stopped)
		look_at_indexes(&r, ls);
	return r.stopped ? gw_fail(err, GW_EINTR, "interrupted") : 0;
}
