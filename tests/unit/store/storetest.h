/* storetest.h - a store of either driver for a test, with a clock moved by hand */
#ifndef GW_TESTS_STORETEST_H
#define GW_TESTS_STORETEST_H

#include <ftw.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/config.h"
#include "store/account/db.h"
#include "store/admin.h"
#include "store/local/local.h"
#include "store/mem/mem.h"
#include "store/store.h"
#include "tests/unit/unit.h"
#include "util/mem.h"

static int64_t test_wall_now = 1700000000;
static uint64_t test_mono_now = 1000000;

static inline int64_t test_wall(void *ctx)
{
	(void)ctx;
	return test_wall_now;
}

static inline uint64_t test_mono(void *ctx)
{
	(void)ctx;
	return test_mono_now;
}

static const struct gw_clock test_clock = { test_wall, test_mono, NULL, NULL };

struct fixture {
	bool memory;
	char root[64];
	struct gw_store *store;
	struct gw_acct *acct; /* anna's */
	struct gw_arena arena;
	struct gw_err err;
};

#define ck_ok(f, call)                                                                               \
	do {                                                                                         \
		int ck_rc = (call);                                                                  \
                                                                                                     \
		ck_assert_msg(ck_rc == 0, "%s: %s (%s)", #call, (f)->err.text, gw_code_name(ck_rc)); \
	} while (0)

#define ck_code(f, call, code)                                                                                       \
	do {                                                                                                         \
		int ck_rc = (call);                                                                                  \
                                                                                                                     \
		ck_assert_msg(ck_rc == (code), "%s gave %s (%s), not %s", #call, gw_code_name(ck_rc), (f)->err.text, \
			gw_code_name(code));                                                                         \
	} while (0)

static inline int rm_one(const char *path, const struct stat *st, int what, struct FTW *ftw)
{
	(void)st, (void)what, (void)ftw;
	return remove(path);
}

static inline void fixture_open_store(struct fixture *f, const struct gw_config *config)
{
	char url[96];
	struct gw_store_options opt = { .url = url, .clock = &test_clock, .config = config };

	snprintf(url, sizeof url, f->memory ? "mem:" : "local:%s", f->root);
	ck_ok(f, gw_store_open(&opt, &f->store, &f->err));
}

static inline void fixture_user(struct fixture *f, const char *name)
{
	if (f->memory) {
		ck_ok(f, gw_mem_user_add(f->store, gw_slice_str(name), GW_S("secret"), NULL, &f->err));
	} else {
		/* No password: tests open accounts as a SASL mechanism does, without hashing. */
		const struct gw_user_password pw = { .plain = { NULL, 0 } };
		struct local_user u;

		ck_ok(f, local_accounts_add(gw_local_store(f->store)->accounts, gw_slice_str(name), &pw, &u, &f->err));
	}
}

static inline struct gw_acct *fixture_acct(struct fixture *f, const char *name)
{
	struct gw_acct *a = NULL;

	ck_ok(f, gw_store_open_account(f->store, gw_slice_str(name), "imap", &a, &f->err));
	return a;
}

/* memory: which driver. */
static inline void fixture_init(struct fixture *f, bool memory)
{
	memset(f, 0, sizeof *f);
	f->memory = memory;
	snprintf(f->root, sizeof f->root, "%s/gw-store-XXXXXX", P_tmpdir);
	if (!memory)
		ck_assert_ptr_nonnull(mkdtemp(f->root));
	gw_arena_init(&f->arena, 0, 0);
	fixture_open_store(f, NULL);
	fixture_user(f, "anna");
	f->acct = fixture_acct(f, "anna");
}

/* The same with a public folder; users are anna, whose account f->acct is, and bert. */
static inline void fixture_public(struct fixture *f, bool memory, const char *folder)
{
	const struct gw_config config = { .public_account = "public" };
	struct gw_acct *pub;

	fixture_init(f, memory);
	gw_acct_close(f->acct);
	gw_store_close(f->store);
	fixture_open_store(f, &config);
	if (memory)
		fixture_user(f, "anna");
	fixture_user(f, "bert");
	ck_code(f, gw_admin_public_open(f->store, false, &pub, &f->err), GW_ENOENT);
	ck_ok(f, gw_admin_public_open(f->store, true, &pub, &f->err));
	ck_ok(f, gw_acct_create(pub, gw_slice_str(folder), 0, NULL, &f->err));
	gw_acct_close(pub);
	f->acct = fixture_acct(f, "anna");
}

static inline void fixture_reopen(struct fixture *f)
{
	gw_acct_close(f->acct);
	gw_store_close(f->store);
	fixture_open_store(f, NULL);
	f->acct = fixture_acct(f, "anna");
}

static inline void fixture_done(struct fixture *f)
{
	gw_acct_close(f->acct);
	gw_store_close(f->store);
	gw_arena_done(&f->arena);
	if (!f->memory)
		nftw(f->root, rm_one, 16, FTW_DEPTH | FTW_PHYS);
}

static inline struct gw_mailbox fixture_find(struct fixture *f, struct gw_acct *a, const char *name)
{
	struct gw_mailbox m;

	ck_ok(f, gw_acct_find(a, &f->arena, gw_slice_str(name), &m, &f->err));
	return m;
}

static inline struct gw_mbox_id fixture_box(struct fixture *f, const char *name)
{
	return fixture_find(f, f->acct, name).id;
}

/* A small message whose text has the number in it. */
static inline struct gw_slice test_message(struct gw_arena *arena, int number)
{
	return gw_slice_str(gw_arena_printf(arena,
		"From: Anna <anna@example.org>\r\nTo: bert@example.org\r\nSubject: number %d\r\n"
		"Date: Mon, 6 Nov 2023 10:00:00 +0100\r\nMessage-ID: <%d@example.org>\r\n\r\n"
		"This is message %d.\r\n",
		number, number, number));
}

static inline int append_try(struct gw_acct *a, struct gw_mbox_id id, struct gw_slice text, uint64_t flags,
	const struct gw_slice *keywords, size_t n, struct gw_appended *ret, struct gw_err *err)
{
	struct gw_append *ap;
	int rc = gw_append_open(a, text.n, &ap, err);

	if (rc < 0)
		return rc;
	gw_append_set(ap, flags, keywords, n, INT64_MIN);
	rc = gw_append_write(ap, text, err);
	if (rc == 0)
		rc = gw_append_commit(a, id, &ap, 1, ret, err);
	gw_append_close(ap);
	return rc;
}

static inline uint32_t append_text(struct fixture *f, struct gw_mbox_id id, struct gw_slice text, uint64_t flags)
{
	struct gw_appended done;

	ck_ok(f, append_try(f->acct, id, text, flags, NULL, 0, &done, &f->err));
	return done.uid_first;
}

/* n messages numbered from first, in one transaction. */
static inline void append_many(struct fixture *f, struct gw_mbox_id id, int first, int n)
{
	struct gw_append **v = gw_xcalloc((size_t)n, sizeof(struct gw_append *));
	struct gw_appended done;

	for (int i = 0; i < n; i++) {
		struct gw_slice text = test_message(&f->arena, first + i);

		ck_ok(f, gw_append_open(f->acct, text.n, &v[i], &f->err));
		ck_ok(f, gw_append_write(v[i], text, &f->err));
	}
	ck_ok(f, gw_append_commit(f->acct, id, v, (size_t)n, &done, &f->err));
	for (int i = 0; i < n; i++)
		gw_append_close(v[i]);
	free(v);
	gw_arena_reset(&f->arena);
}

static inline struct gw_index *fixture_index(struct fixture *f, struct gw_mbox_id id)
{
	struct gw_index *ix = NULL;

	ck_ok(f, gw_mbox_index(f->acct, id, &ix, &f->err));
	return ix;
}

static inline void set_of(struct gw_set *s, uint32_t lo, uint32_t hi)
{
	gw_set_init(s);
	if (lo)
		gw_set_add(s, lo, hi);
}

static inline void set_again(struct gw_set *s, uint32_t lo, uint32_t hi)
{
	gw_set_clear(s);
	gw_set_add(s, lo, hi);
}

/* The bytes of the message with this UID; NULL p when it is gone. Lives in the arena. */
static inline struct gw_slice fixture_body(struct fixture *f, struct gw_mbox_id id, uint32_t uid)
{
	struct gw_index *ix = fixture_index(f, id);
	struct gw_message m;
	struct gw_fetch *cur;
	struct gw_set seqs;
	bool gone = true;
	char *text = NULL;
	size_t n = 0;
	uint32_t seq = gw_index_seq(ix, uid);

	if (!seq) {
		gw_index_unref(ix);
		return gw_slice(NULL, 0);
	}
	set_of(&seqs, seq, seq);
	ck_ok(f, gw_fetch_open(f->acct, id, ix, &seqs, GW_WANT_BODY, &cur, &f->err));
	ck_assert_int_eq(gw_fetch_next(cur, &m, &gone, &f->err), 1);
	if (!gone) {
		text = gw_arena_alloc(&f->arena, m.entry->size + 1);
		for (long got; (got = gw_fetch_read(cur, n, text + n, 65536, &f->err)) > 0; n += (size_t)got)
			ck_assert_uint_le(n, m.entry->size);
		ck_assert_uint_eq(n, m.entry->size);
	}
	gw_fetch_close(cur);
	gw_set_done(&seqs);
	gw_index_unref(ix);
	return gw_slice(text, n);
}

/* The one integer that a query of an account's database gives. */
static inline int64_t db_number(struct gw_db_account *acc, const char *sql)
{
	struct gw_err err = { 0 };
	sqlite3_stmt *st;
	struct gw_db *db;
	int64_t n;

	ck_assert_msg(gw_db_get(acc, &db, &err) == 0, "%s", err.text);
	ck_assert_int_eq(sqlite3_prepare_v2(gw_db_sql(db), sql, -1, &st, NULL), SQLITE_OK);
	ck_assert_int_eq(sqlite3_step(st), SQLITE_ROW);
	n = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	gw_db_put(db);
	return n;
}

#endif
