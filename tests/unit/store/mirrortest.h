/* mirrortest.h - a mirror in a directory of its own for a test, and a server's words in short */
#ifndef GW_TESTS_MIRRORTEST_H
#define GW_TESTS_MIRRORTEST_H

#include "store/account/acct.h"
#include "store/account/maint.h"
#include "store/derive.h"
#include "store/mirror/mirror.h"
#include "tests/unit/store/storetest.h"

struct mirrored {
	char root[64];
	struct gw_db_env *env;
	struct gw_db_account *acc;
	struct view_acct view;
	struct gw_arena arena;
	struct gw_err err;
};

static const struct gw_acct_ops mirror_view_ops = { GW_VIEW_OPS };

static inline void mirrored_open(struct mirrored *m)
{
	const struct gw_db_options opt = { .clock = &test_clock, .owner = geteuid(), .mirror = true };
	char dir[96];

	snprintf(dir, sizeof dir, "%s/1", m->root);
	m->env = gw_db_env_new(&opt);
	ck_ok(m, gw_db_account_open(m->env, 1, dir, &m->acc, &m->err));
	view_acct_init(&m->view, &mirror_view_ops, "anna", m->acc, NULL);
}

static inline void mirrored_close(struct mirrored *m)
{
	view_acct_done(&m->view);
	gw_db_env_free(m->env);
}

static inline void mirrored_init(struct mirrored *m)
{
	memset(m, 0, sizeof *m);
	snprintf(m->root, sizeof m->root, "%s/gw-mirror-XXXXXX", P_tmpdir);
	ck_assert_ptr_nonnull(mkdtemp(m->root));
	gw_arena_init(&m->arena, 0, 0);
	mirrored_open(m);
}

static inline void mirrored_done(struct mirrored *m)
{
	mirrored_close(m);
	gw_arena_done(&m->arena);
	nftw(m->root, rm_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* As it is before its list was ever complete. */
static inline void mirrored_incomplete(struct mirrored *m, uint64_t mailbox)
{
	struct gw_db *db;
	char sql[96];

	snprintf(sql, sizeof sql, "UPDATE remote_mailbox SET complete=0 WHERE mailbox=%llu", (unsigned long long)mailbox);
	ck_ok(m, gw_db_get(m->acc, &db, &m->err));
	ck_assert_int_eq(sqlite3_exec(gw_db_sql(db), sql, NULL, NULL, NULL), SQLITE_OK);
	gw_db_put(db);
}

static inline bool mirrored_told(void *ctx, enum gw_maint_what what, const char *text, uint64_t done, uint64_t total)
{
	(void)ctx, (void)done, (void)total;
	if (what == GW_MAINT_PROBLEM)
		fprintf(stderr, "%s\n", text);
	return true;
}

/* How many things are wrong with the mirror. */
static inline int mirrored_problems(struct mirrored *m)
{
	struct db_maint maint = { .tell = mirrored_told };
	int rc = db_check(m->acc, &maint, &m->err);

	ck_assert_msg(rc == 0, "%s", m->err.text);
	return (int)maint.report.problems;
}

/* ---- transactions ---- */

static inline struct mirror_tx *mirrored_begin(struct mirrored *m)
{
	struct mirror_tx *tx = NULL;

	ck_ok(m, mirror_begin(m->acc, &tx, &m->err));
	return tx;
}

#define mirrored_do(m, call)                                  \
	do {                                                  \
		struct mirror_tx *tx = mirrored_begin(m);     \
                                                              \
		ck_ok(m, call);                               \
		ck_ok(m, mirror_commit(tx, &(m)->err));       \
	} while (0)

/* ---- what a server says ---- */

#define ALL_RIGHTS (JMAP_READ | JMAP_ADD | JMAP_REMOVE | JMAP_SEEN | JMAP_KEYWORDS | JMAP_CHILD | JMAP_RENAME | JMAP_DELETE)

static inline struct jmap_mailbox box_of(const char *id, const char *name, enum jmap_role role)
{
	return (struct jmap_mailbox){ .id = gw_slice_str(id), .name = gw_slice_str(name), .role = role, .rights = ALL_RIGHTS };
}

/* Words with blanks between, in the arena. */
static inline struct gw_slice *words(struct gw_arena *arena, const char *text, size_t *ret_n)
{
	struct gw_slice rest = gw_arena_dup(arena, gw_slice_str(text)), word;
	struct gw_slice *v = gw_arena_calloc(arena, rest.n + 1, sizeof *v);

	*ret_n = 0;
	while (gw_slice_word(&rest, " ", &word))
		v[(*ret_n)++] = word;
	return v;
}

/* A message of ten times its number octets, with all its facts. */
static inline struct jmap_email email_of(
	struct mirrored *m, int number, const char *mailboxes, const char *keywords)
{
	struct jmap_email e = {
		.id = gw_slice_str(gw_arena_printf(&m->arena, "M%d", number)),
		.blob = gw_slice_str(gw_arena_printf(&m->arena, "G%d", number)),
		.thread = gw_slice_str(gw_arena_printf(&m->arena, "T%d", number / 2)),
		.size = (uint64_t)number * 10,
		.received = 1600000000 + number,
	};

	e.mailboxes = words(&m->arena, mailboxes, &e.n_mailboxes);
	e.keywords = words(&m->arena, keywords, &e.n_keywords);
	return e;
}

/* The mailboxes a, b, c: INBOX and two more, complete and empty. */
static inline void mirrored_boxes(struct mirrored *m)
{
	const struct jmap_mailbox v[] = { box_of("a", "Inbox", JMAP_INBOX), box_of("b", "Beta", JMAP_NO_ROLE),
		box_of("c", "Gamma", JMAP_NO_ROLE) };
	struct mirror_tx *tx = mirrored_begin(m);

	ck_ok(m, mirror_tx_set_account(tx, GW_S("A1"), &m->err));
	ck_ok(m, mirror_tx_mailboxes(tx, v, 3, &m->err));
	for (uint64_t i = 1; i <= 3; i++)
		ck_ok(m, mirror_tx_complete(tx, i, NULL, 0, &m->err));
	ck_ok(m, mirror_commit(tx, &m->err));
}

static inline void mirrored_tell(struct mirrored *m, int number, const char *mailboxes, const char *keywords)
{
	struct jmap_email e = email_of(m, number, mailboxes, keywords);

	mirrored_do(m, mirror_tx_emails(tx, &e, 1, &m->err));
}

/* ---- what IMAP sees ---- */

static inline struct gw_index *mirrored_index(struct mirrored *m, uint64_t mailbox)
{
	struct gw_index *ix = NULL;

	ck_ok(m, view_index(&m->view.base, (struct gw_mbox_id){ 0, mailbox }, &ix, &m->err));
	return ix;
}

/* "UID:content+flags ..." in the arena; flags as numbers, left out when 0. */
static inline const char *mirrored_list(struct mirrored *m, uint64_t mailbox)
{
	struct gw_index *ix = mirrored_index(m, mailbox);
	const char *text = "";

	for (uint32_t seq = 1; seq <= ix->n; seq++) {
		const struct gw_entry *e = gw_index_at(ix, seq);

		text = gw_arena_printf(&m->arena, "%s%s%u:%llu", text, seq > 1 ? " " : "", e->uid, (unsigned long long)e->content);
		if (e->flags)
			text = gw_arena_printf(&m->arena, "%s+%llu", text, (unsigned long long)e->flags);
	}
	gw_index_unref(ix);
	return text;
}

static inline struct gw_mailbox mirrored_find(struct mirrored *m, const char *name)
{
	struct gw_mailbox mb = { 0 };

	ck_ok(m, view_find(&m->view.base, &m->arena, gw_slice_str(name), &mb, &m->err));
	return mb;
}

#endif
