/* admin_run.c - going through the databases of a store
 *
 * One account after the other, beside its sessions. What is wrong with one does not keep the others from being
 * looked at. What there is to do is measured before the first account, so that progress can be told of the whole. */
#include "store/local/admin.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "store/local/accounts_priv.h"
#include "util/mem.h"

#define ACCOUNTS_DB 0 /* its number in the journal: no account has it */

struct todo {
	uint64_t id, bytes;
};

/* ---- telling ---- */

/* Octets of the account at work that are done, by the step it is in. Never less than was told before. */
static uint64_t bytes_of_step(struct admin_run *r, uint64_t done, uint64_t total)
{
	double from = r->dm.to ? r->dm.from / 100.0 : 0, to = r->dm.to ? r->dm.to / 100.0 : 1;
	double part = from + (total ? (to - from) * ((double)done / (double)total) : 0);
	uint64_t now = (uint64_t)((double)r->bytes_now * (part < 1 ? part : 1));

	if (now > r->bytes_shown)
		r->bytes_shown = now;
	return r->bytes_shown;
}

static bool on_tell(void *ctx, enum gw_maint_what what, const char *text, uint64_t done, uint64_t total)
{
	struct admin_run *r = ctx;
	const struct gw_maint_event ev = {
		.what = what, .account = r->account, .text = text, .done = done, .total = total,
		.accounts_done = r->accounts_done, .accounts = r->accounts, .bytes = r->bytes,
		.bytes_done = r->bytes_done + (what == GW_MAINT_STEP ? bytes_of_step(r, done, total) : r->bytes_shown)
	};

	return !r->m->progress || r->m->progress(r->m->ctx, &ev);
}

void admin_listen(struct admin_run *r)
{
	r->dm.tell = on_tell;
	r->dm.ctx = r;
}

int admin_begin(struct admin_run *r, const char *account, uint64_t bytes, struct gw_err *err)
{
	r->account = account;
	r->bytes_now = bytes;
	r->bytes_shown = 0;
	maint_share(&r->dm, 0, 0);
	if (!r->dm.stopped && !on_tell(r, GW_MAINT_ACCOUNT, account, 0, 0))
		r->dm.stopped = true;
	return maint_go_on(&r->dm, err);
}

void admin_end(struct admin_run *r)
{
	r->accounts_done++;
	r->bytes_done += r->bytes_now;
	r->bytes_now = r->bytes_shown = 0;
}

/* Keep the first failure; true: go on with the next one. */
static bool noted(struct admin_run *r, int rc, const struct gw_err *now, int *first, struct gw_err *err)
{
	if (rc == 0)
		return true;
	if (*first == 0 || rc == GW_EINTR) {
		*first = rc;
		if (err)
			*err = *now;
	}
	if (rc == GW_EINTR || !r->every)
		return false;
	maint_problem(&r->dm, "%s", now->text);
	return true;
}

/* ---- what there is ---- */

static uint64_t file_size(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 ? (uint64_t)st.st_size : 0;
}

uint64_t admin_database_size(const char *path)
{
	char *wal = gw_xasprintf("%s-wal", path);
	uint64_t n = file_size(path) + file_size(wal);

	free(wal);
	return n;
}

bool admin_has_mail(const struct local_store *ls, uint64_t id)
{
	char *dir, *path;
	struct stat st;
	bool yes;

	if (ls->memory)
		return true;
	dir = gw_local_account_dir(ls, id);
	path = gw_xasprintf("%s/mail.db", dir);
	yes = lstat(path, &st) == 0 || errno != ENOENT;
	free(path);
	free(dir);
	return yes;
}

static uint64_t account_bytes(const struct local_store *ls, uint64_t id)
{
	char *dir, *path;
	uint64_t n;

	if (ls->memory)
		return 0;
	dir = gw_local_account_dir(ls, id);
	path = gw_xasprintf("%s/mail.db", dir);
	n = admin_database_size(path);
	free(path);
	free(dir);
	return n;
}

/* Fill *ret, in the arena, with what is not finished yet. */
static int plan(struct admin_run *r, struct gw_arena *arena, struct todo **ret, size_t *ret_n, struct gw_err *err)
{
	uint64_t *ids = NULL;
	struct todo *v;
	size_t n = 0, left = 0;
	int rc = local_accounts_ids(r->ls->accounts, arena, &ids, &n, err);

	if (rc < 0)
		return rc;
	v = gw_arena_calloc(arena, n ? n : 1, sizeof *v);
	for (size_t i = 0; i < n; i++) {
		if ((r->journal && admin_journal_has(r->journal, ids[i])) || (r->is_done && r->is_done(r, ids[i]))) {
			r->dm.report.skipped++;
			continue;
		}
		v[left] = (struct todo){ ids[i], account_bytes(r->ls, ids[i]) };
		r->bytes += v[left++].bytes;
	}
	r->accounts = left;
	*ret = v;
	*ret_n = left;
	return 0;
}

/* ---- going ---- */

static int run_account(struct admin_run *r, uint64_t id, const char *name, uint64_t bytes, struct gw_err *err)
{
	struct gw_db_account *acc;
	bool public = r->ls->public_account && strcmp(r->ls->public_account, name) == 0;
	int rc = admin_begin(r, public ? "(public)" : name, bytes, err);

	if (rc < 0 || !admin_has_mail(r->ls, id))
		return rc;
	r->dm.report.accounts++;
	rc = local_db_open(r->ls, id, &acc, err);
	if (rc == 0) {
		rc = r->on_account(r, id, acc, err);
		gw_db_account_unref(acc);
	}
	return rc;
}

static int run_one(struct admin_run *r, struct gw_err *err)
{
	struct local_user u;
	int rc = admin_find(r->ls, r->m->user, &u, err);

	if (rc < 0)
		return rc;
	if (r->is_done && r->is_done(r, u.id)) {
		r->dm.report.skipped++;
		return 0;
	}
	r->accounts = 1;
	r->bytes = account_bytes(r->ls, u.id);
	rc = run_account(r, u.id, u.name, r->bytes, err);
	admin_end(r);
	return rc;
}

/* An account that was removed meanwhile is left out. */
static int run_todo(struct admin_run *r, const struct todo *t, struct gw_err *err)
{
	struct local_user u;
	int rc = local_accounts_by_id(r->ls->accounts, t->id, &u, err);

	if (rc == 0)
		rc = run_account(r, t->id, u.name, t->bytes, err);
	else if (rc == GW_ENOENT)
		rc = 0;
	if (rc == 0 && r->journal)
		admin_journal_add(r->journal, t->id);
	admin_end(r);
	return rc;
}

static int run_accounts_db(struct admin_run *r, struct gw_err *err)
{
	int rc;

	if (r->journal && admin_journal_has(r->journal, ACCOUNTS_DB))
		return 0;
	rc = r->on_accounts(r, err);
	if (rc == 0 && r->journal)
		admin_journal_add(r->journal, ACCOUNTS_DB);
	return rc;
}

static int run_all(struct admin_run *r, struct gw_err *err)
{
	struct gw_arena arena;
	struct gw_err now = { .text = "" };
	struct todo *v = NULL;
	size_t n = 0;
	int rc, first = 0;

	gw_arena_init(&arena, 0, 0);
	rc = plan(r, &arena, &v, &n, &now);
	if (rc < 0) /* the list of accounts cannot be read before it is repaired */
		n = 0;
	rc = r->on_accounts ? admin_begin(r, "(accounts)", 0, &now) : 0;
	if (rc == 0 && r->on_accounts)
		rc = run_accounts_db(r, &now);
	if (noted(r, rc, &now, &first, err) && !v) {
		rc = plan(r, &arena, &v, &n, &now);
		noted(r, rc, &now, &first, err);
	}
	for (size_t i = 0; i < n && first != GW_EINTR; i++) {
		rc = run_todo(r, &v[i], &now);
		if (!noted(r, rc, &now, &first, err))
			break;
	}
	gw_arena_done(&arena);
	return first;
}

int admin_run(struct admin_run *r, struct gw_err *err)
{
	int rc = 0;

	admin_listen(r);
	if (r->m->user.n)
		return run_one(r, err);
	if (r->work)
		rc = admin_journal_open(r->ls, r->work, gw_slice_str(r->work), r->m->resume, &r->journal, err);
	if (rc < 0)
		return rc;
	rc = run_all(r, err);
	admin_journal_close(r->journal, rc == 0 || (r->every && rc != GW_EINTR));
	r->journal = NULL;
	return rc;
}
