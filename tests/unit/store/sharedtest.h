/* sharedtest.h - gateways for a test: mirrors in folders of their own, on one PostgreSQL
 *
 * The program runs itself below tests/postgres.py, which gives GW_TEST_POSTGRES. */
#ifndef GW_TESTS_SHAREDTEST_H
#define GW_TESTS_SHAREDTEST_H

#include <spawn.h>
#include <sys/wait.h>

#include "store/account/view.h"
#include "store/shared/priv.h"
#include "tests/unit/store/storetest.h"

struct gate {
	char root[64], name[64];
	bool mirror;     /* of a storage server's account (store/mirror) */
	const char *url; /* NULL: PostgreSQL's own */
	void (*on_news)(void *ctx, const char *name);
	void *news_ctx;
	struct shared *sh;
	struct gw_db_env *env;
	struct view_acct *view;
	struct gw_acct *a;
	struct gw_err err;
	unsigned seed;
};

static void gate_close_acct(struct gw_acct *a)
{
	view_acct_done((struct view_acct *)a);
	free(a);
}

static const struct gw_acct_ops gate_ops = { GW_VIEW_OPS, .close = gate_close_acct, .append_commit = view_append_commit };

static inline const char *test_url(void)
{
	const char *url = getenv("GW_TEST_POSTGRES");

	ck_assert_msg(url != NULL, "GW_TEST_POSTGRES is not set");
	return url;
}

/* An account of its own for each test. */
static inline void gate_name(char ret[64])
{
	static int number;

	snprintf(ret, 64, "https://mail.example.org/ u%d-%d", (int)getpid(), ++number);
}

/* Opens no database yet. */
static inline void gate_start(struct gate *g)
{
	struct shared_options so = { .url = g->url ? g->url : test_url(), .clock = gw_clock_system(), .on_news = g->on_news, .news_ctx = g->news_ctx };
	struct gw_db_options opt = { .clock = gw_clock_system(), .owner = geteuid(), .mirror = g->mirror };
	struct gw_db_account *acc;

	ck_ok(g, shared_new(&so, &g->sh, &g->err));
	opt.replica = shared_replica(g->sh);
	g->env = gw_db_env_new(&opt);
	ck_ok(g, gw_db_account_open(g->env, 1, g->root, &acc, &g->err));
	gw_db_account_set_replica(acc, g->name);
	g->view = gw_xalloc(sizeof *g->view);
	view_acct_init(g->view, &gate_ops, "anna", acc, NULL);
	g->a = &g->view->base;
}

static inline void gate_stop(struct gate *g)
{
	shared_stop(g->sh);
	gw_acct_close(g->a);
	gw_db_tidy(g->env, 0);
	gw_db_env_free(g->env);
	shared_free(g->sh);
	g->a = NULL;
}

static inline void gate_init(struct gate *g, const char *name)
{
	memset(g, 0, sizeof *g);
	snprintf(g->root, sizeof g->root, "%s/gw-shared-XXXXXX", P_tmpdir);
	ck_assert_ptr_nonnull(mkdtemp(g->root));
	snprintf(g->name, sizeof g->name, "%s", name);
	gate_start(g);
}

static inline void gate_lose_files(struct gate *g)
{
	nftw(g->root, rm_one, 16, FTW_DEPTH | FTW_PHYS);
}

static inline void gate_done(struct gate *g)
{
	gate_stop(g);
	gate_lose_files(g);
}

/* Two on one account. */
static inline void gates_init_kind(struct gate g[2], bool mirror)
{
	char name[64];

	gate_name(name);
	for (int i = 0; i < 2; i++) {
		gate_init(&g[i], name);
		g[i].seed = (unsigned)i + 1;
		g[i].mirror = mirror;
		if (mirror) {
			gate_stop(&g[i]);
			gate_start(&g[i]);
		}
	}
}

static inline void gates_init(struct gate g[2])
{
	gates_init_kind(g, false);
}

static inline void gates_done(struct gate g[2])
{
	gate_done(&g[0]);
	gate_done(&g[1]);
}

static inline void gate_refresh(struct gate *g)
{
	ck_ok(g, map_refresh_to(g->sh, g->view->own, 0, &g->err));
}

/* ---- what is in it ---- */

static inline void dump_table(sqlite3 *sql, const char *table, struct gw_buf *out)
{
	char text[96];
	sqlite3_stmt *st;

	snprintf(text, sizeof text, "SELECT * FROM %s", table);
	if (sqlite3_prepare_v2(sql, text, -1, &st, NULL) != SQLITE_OK)
		return;
	while (sqlite3_step(st) == SQLITE_ROW) {
		gw_buf_printf(out, "%s", table);
		for (int i = 0; i < sqlite3_column_count(st); i++) {
			const unsigned char *p = sqlite3_column_blob(st, i);

			gw_buf_add_char(out, ' ');
			for (int k = 0; k < sqlite3_column_bytes(st, i); k++)
				gw_buf_printf(out, sqlite3_column_type(st, i) == SQLITE_BLOB ? "%02x" : "%c", p[k]);
		}
		gw_buf_add_char(out, '\n');
	}
	sqlite3_finalize(st);
}

/* The map and the version it has, as text; free() it. */
static inline char *gate_dump(struct gate *g)
{
	struct gw_buf out;
	struct gw_db *db;
	char *text;

	gw_buf_init(&out, 0);
	ck_ok(g, gw_db_get(g->view->own, &db, &g->err));
	for (size_t i = 0; i < map_n_tables; i++)
		dump_table(gw_db_sql(db), map_tables[i], &out);
	dump_table(gw_db_sql(db), "replica", &out);
	gw_db_put(db);
	text = gw_xslicedup(gw_buf_slice(&out));
	gw_buf_done(&out);
	return text;
}

static inline void ck_same(struct gate *g, struct gate *h)
{
	char *a, *b;

	gate_refresh(g);
	gate_refresh(h);
	gate_refresh(g); /* the other one may have had something to say */
	a = gate_dump(g);
	b = gate_dump(h);
	ck_assert_str_eq(a, b);
	free(a);
	free(b);
}

/* ---- changing it ---- */

static inline unsigned gate_random(struct gate *g, unsigned n)
{
	return (unsigned)rand_r(&g->seed) % n;
}

/* 0: INBOX; others are made when they are not there. */
static inline int gate_box(struct gate *g, int number, struct gw_mbox_id *ret)
{
	struct gw_arena arena;
	struct gw_mailbox m;
	char name[16];
	int rc;

	snprintf(name, sizeof name, number ? "box%d" : "INBOX", number);
	gw_arena_init(&arena, 0, 0);
	rc = gw_acct_find(g->a, &arena, gw_slice_str(name), &m, &g->err);
	if (rc == GW_ENOENT)
		rc = gw_acct_create(g->a, gw_slice_str(name), 0, ret, &g->err);
	else if (rc == 0)
		*ret = m.id;
	gw_arena_done(&arena);
	return rc;
}

static inline int gate_append(struct gate *g, struct gw_mbox_id id, struct gw_appended *ret)
{
	static const struct gw_slice text = { "Subject: x\r\n\r\nx\r\n", 17 };

	return append_try(g->a, id, text, 0, NULL, 0, ret, &g->err);
}

/* SQL at PostgreSQL. */
static inline void gate_sql(struct gate *g, const char *sql)
{
	struct shared_conn *c;

	ck_ok(g, conn_open(g->sh, &c, &g->err));
	ck_ok(g, conn_script(g->sh, c, sql, 0, NULL, &g->err));
	conn_close(g->sh, c);
}

static inline int64_t gate_ask(struct gate *g, const char *sql)
{
	struct shared_conn *c;
	PGresult *r;
	int64_t v;

	ck_ok(g, conn_open(g->sh, &c, &g->err));
	ck_ok(g, conn_script(g->sh, c, sql, 0, &r, &g->err));
	v = conn_int_text(g->sh, r, 0, 0);
	g->sh->pq->PQclear(r);
	conn_close(g->sh, c);
	return v;
}

static inline int run_program(char *const argv[])
{
	int status = -1;
	pid_t pid;

	if (posix_spawnp(&pid, argv[0], NULL, NULL, argv, environ) != 0)
		return -1;
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* The main() of a program that needs PostgreSQL. */
#define SHARED_MAIN(name, ...) \
	int main(int argc, char **argv) \
	{ \
		TCase *const cases[] = { __VA_ARGS__ }; \
		char *again[] = { (char *)"python3", (char *)"tests/postgres.py", (char *)"run", argv[0], NULL }; \
\
		if (getenv("GW_TEST_POSTGRES")) \
			return unit_run(name, cases, sizeof cases / sizeof *cases); \
		return argc == 1 ? run_program(again) : EXIT_FAILURE; \
	}

#endif
