/* salvage_rows.c - rows of damaged tables
 *
 * A scan upwards ends at the first page that cannot be read, one downwards at the last. What lies between is halved
 * again and again, widest stretch first, so that the good pages between bad ones are found soon; a budget ends the
 * search where everything is bad. */
#include "store/account/salvage.h"

#include <stdio.h>
#include <stdlib.h>

#include "util/mem.h"

#define STRETCHES 4096 /* looked at in one table */
#define TOLD_ROWS 256  /* rows between two looks at whether to go on */

struct stretch {
	int64_t lo, hi;
};

struct copier {
	struct db_maint *m;
	sqlite3 *from, *to;
	const struct salvage_table *table;
	sqlite3_stmt *up, *down, *put;
	struct stretch *queue;
	size_t head, tail;
	uint64_t rows, refused;
	bool bad;
};

static sqlite3_stmt *prepare(sqlite3 *sql, const char *text)
{
	sqlite3_stmt *st = NULL;

	return sqlite3_prepare_v2(sql, text, -1, &st, NULL) == SQLITE_OK ? st : NULL;
}

static void put_row(struct copier *c, sqlite3_stmt *row)
{
	int n = sqlite3_bind_parameter_count(c->put), rc;

	for (int i = 0; i < n; i++)
		sqlite3_bind_value(c->put, i + 1, sqlite3_column_value(row, i));
	rc = sqlite3_step(c->put);
	sqlite3_reset(c->put);
	if (rc != SQLITE_DONE)
		c->refused++;
	if (c->rows++ % TOLD_ROWS == 0)
		maint_step(c->m, c->table->name, c->rows, 0);
}

/* Copy rows until the end (true) or until one cannot be read. *key: of the last good one. */
static bool scan(struct copier *c, sqlite3_stmt *st, int key_column, int64_t *key)
{
	int rc;

	while ((rc = sqlite3_step(st)) == SQLITE_ROW && !c->m->stopped) {
		put_row(c, st);
		if (key_column >= 0)
			*key = sqlite3_column_int64(st, key_column);
	}
	sqlite3_reset(st);
	c->bad |= rc != SQLITE_DONE;
	return rc == SQLITE_DONE || c->m->stopped;
}

static void enqueue(struct copier *c, int64_t lo, int64_t hi)
{
	if (lo <= hi && c->tail < STRETCHES)
		c->queue[c->tail++] = (struct stretch){ lo, hi };
}

static void scan_stretch(struct copier *c, struct stretch s)
{
	int64_t a = s.lo, b = s.hi, mid;
	int column = 0; /* keys come first in all our tables */

	sqlite3_bind_int64(c->up, 1, s.lo);
	sqlite3_bind_int64(c->up, 2, s.hi);
	a--;
	if (scan(c, c->up, column, &a))
		return;
	b++;
	sqlite3_bind_int64(c->down, 1, a + 1);
	sqlite3_bind_int64(c->down, 2, s.hi);
	if (scan(c, c->down, column, &b) || a + 1 >= b - 1)
		return;
	a++;
	b--;
	mid = a + (int64_t)(((uint64_t)b - (uint64_t)a) / 2);
	enqueue(c, a, mid);
	enqueue(c, mid + 1, b);
}

static bool open_statements(struct copier *c, int columns)
{
	const struct salvage_table *t = c->table;
	char up[200], down[200], put[200];
	size_t n;

	if (t->key) {
		snprintf(up, sizeof up, "SELECT * FROM %s WHERE %s BETWEEN ?1 AND ?2 ORDER BY %s", t->name, t->key, t->key);
		snprintf(down, sizeof down, "SELECT * FROM %s WHERE %s BETWEEN ?1 AND ?2 ORDER BY %s DESC", t->name, t->key,
			t->key);
	} else {
		snprintf(up, sizeof up, "SELECT * FROM %s ORDER BY %s", t->name, t->order);
		snprintf(down, sizeof down, "SELECT * FROM %s ORDER BY %s", t->name, t->reverse);
	}
	n = (size_t)snprintf(put, sizeof put, "INSERT OR IGNORE INTO %s VALUES(?", t->name);
	for (int i = 1; i < columns && n + 4 < sizeof put; i++)
		n += (size_t)snprintf(put + n, sizeof put - n, ",?");
	snprintf(put + n, sizeof put - n, ")");
	c->up = prepare(c->from, up);
	c->down = prepare(c->from, down);
	c->put = prepare(c->to, put);
	return c->up && c->down && c->put;
}

static int count_columns(sqlite3 *to, const char *table)
{
	char text[80];
	sqlite3_stmt *st;
	int n;

	snprintf(text, sizeof text, "SELECT * FROM %s", table);
	st = prepare(to, text);
	n = sqlite3_column_count(st);
	sqlite3_finalize(st);
	return n;
}

static void copy(struct copier *c)
{
	int64_t none = 0;

	if (!c->table->key) {
		if (!scan(c, c->up, -1, &none))
			scan(c, c->down, -1, &none);
		return;
	}
	c->queue = gw_xcalloc(STRETCHES, sizeof *c->queue);
	enqueue(c, INT64_MIN + 2, INT64_MAX - 2);
	while (c->head < c->tail && !c->m->stopped)
		scan_stretch(c, c->queue[c->head++]);
	free(c->queue);
}

int salvage_rows(struct db_maint *m, sqlite3 *from, sqlite3 *to, const struct salvage_table *t, bool *ret_bad,
	struct gw_err *err)
{
	struct copier c = { .m = m, .from = from, .to = to, .table = t };

	if (open_statements(&c, count_columns(to, t->name)))
		copy(&c);
	else
		c.bad = true;
	sqlite3_finalize(c.up);
	sqlite3_finalize(c.down);
	sqlite3_finalize(c.put);
	if (c.bad && !m->stopped)
		maint_problem(m, "the table \"%s\" cannot be read in full; %llu rows were", t->name,
			(unsigned long long)(c.rows - c.refused));
	*ret_bad = c.bad;
	return maint_go_on(m, err);
}
