/* check_refs.c - who refers to a message: lists of mailboxes against what is counted
 *
 * What `shared` says (no row: one) plus what waits in `pending` is what the lists have. A message that no list has,
 * and that nobody has removed, is filed into a mailbox for what was found. */
#include "store/account/check.h"

#define FOUND_NAME "Recovered"
#define TOLD	   8

static int read_shared(struct checker *c, bool *bad, struct gw_err *err)
{
	sqlite3_stmt *st;
	int rc = check_sql(c, "SELECT content, refs FROM shared", &st, err);

	while (rc >= 0 && (rc = check_step(c, st, err)) > 0) {
		uint64_t id = (uint64_t)sqlite3_column_int64(st, 0);
		struct check_content *x = check_content(c, id, false);
		int64_t refs = sqlite3_column_int64(st, 1);

		if (x)
			x->stored = refs;
		if (!x || refs < 2) {
			*bad = true;
			check_found(c, "the count of references of message %llu is %s", (unsigned long long)id,
				x ? "impossible" : "left over");
		}
	}
	sqlite3_finalize(st);
	return rc;
}

static void add_pending(struct checker *c, int64_t change, struct gw_slice data, bool *bad)
{
	uint64_t prev = 0, id;

	while (data.n) {
		struct check_content *x;

		if (!gw_content_unpack(&data, &prev, &id)) {
			*bad = true;
			check_found(c, "the list of removed messages is damaged");
			return;
		}
		x = check_content(c, id, false);
		if (x)
			x->pending += change;
	}
}

static int read_pending(struct checker *c, bool *bad, struct gw_err *err)
{
	sqlite3_stmt *st;
	int rc = check_sql(c, "SELECT change, contents FROM pending", &st, err);

	while (rc >= 0 && (rc = check_step(c, st, err)) > 0) {
		int64_t change = sqlite3_column_int64(st, 0);
		struct gw_slice data = { sqlite3_column_blob(st, 1), (size_t)sqlite3_column_bytes(st, 1) };

		if (change == 1 || change == -1) {
			add_pending(c, change, data, bad);
		} else {
			*bad = true;
			check_found(c, "the list of removed messages has an impossible row");
		}
	}
	sqlite3_finalize(st);
	return rc;
}

static int64_t counted(const struct check_content *x)
{
	return (x->stored ? x->stored : 1) + x->pending;
}

static void compare(struct checker *c, bool *bad)
{
	unsigned told = 0;

	for (size_t i = 0; i < c->cap; i++) {
		const struct check_content *x = &c->slots[i];

		if (!x->id || counted(x) == x->refs)
			continue;
		*bad = true;
		if (told++ >= TOLD)
			continue;
		if (x->refs == 0)
			check_found(c, "message %llu is in no mailbox, though nobody has removed it",
				(unsigned long long)x->id);
		else
			check_found(c, "message %llu is in %lld mailboxes, but %lld are counted",
				(unsigned long long)x->id, (long long)x->refs, (long long)counted(x));
	}
	if (told > TOLD)
		check_found(c, "%u more messages are counted wrong", told - TOLD);
}

/* ---- putting right ---- */

/* 1, 0 or a code: a message for the list of what was found. */
static int describe(struct checker *c, const struct check_content *x, struct check_message *ret, struct gw_err *err)
{
	sqlite3_stmt *st;
	int64_t now = gw_wall_s(c->db->acc->env->opt.clock);
	int rc = check_sql(c, "SELECT sent FROM search WHERE id=?1", &st, err);

	*ret = (struct check_message){ .savedate = now };
	ret->e.content = x->id;
	ret->e.size = (uint32_t)x->size;
	ret->e.date = now;
	if (rc < 0)
		return rc;
	sqlite3_bind_int64(st, 1, (int64_t)x->id);
	rc = check_step(c, st, err);
	if (rc > 0 && sqlite3_column_type(st, 0) == SQLITE_INTEGER)
		ret->e.date = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	return rc;
}

/* Copies of what is in the messages are made first; ids ascend as they were filed. */
static int by_content(const void *a, const void *b)
{
	uint64_t x = ((const struct check_message *)a)->e.content, y = ((const struct check_message *)b)->e.content;

	return x < y ? -1 : x > y;
}

static struct check_mailbox *found_box(struct checker *c, struct gw_err *err)
{
	size_t at = 0;

	for (size_t i = 0; i < c->n_boxes; i++)
		if (strcmp(c->boxes[i].name, FOUND_NAME) == 0 && !(c->boxes[i].row.attrs & GW_MBOX_NOSELECT))
			return &c->boxes[i];
	return check_add_mailbox(c, 0, FOUND_NAME, 0, &at, err) < 0 ? NULL : &c->boxes[at];
}

static int file_found(struct checker *c, struct check_list *found, struct gw_err *err)
{
	struct check_mailbox *box = found->n ? found_box(c, err) : NULL;
	int rc;

	if (!found->n)
		return 0;
	if (!box)
		return GW_EIO;
	qsort(found->v, found->n, sizeof *found->v, by_content);
	rc = check_append(c, box, found, err);
	if (rc == 0)
		check_fixed(c, "%zu messages that were in no mailbox are in \"%s\" now", found->n, box->name);
	return rc;
}

/* What the tables should say of one content. */
static int count_again(struct checker *c, struct check_content *x, struct check_list *found, struct gw_buf *removed,
	uint64_t *prev, struct gw_err *err)
{
	int rc = 0;

	if (x->refs == 0 && counted(x) <= 0) {
		gw_content_pack(removed, prev, x->id);
	} else if (x->refs == 0) {
		rc = describe(c, x, &found->v[found->n++], err);
		x->refs = 1;
	} else if (x->refs > 1) {
		rc = gw_db_step_i64(c->db, GW_SQL_SHARED_PUT, NULL, err, 2, (int64_t)x->id, x->refs);
	}
	return rc < 0 ? rc : 0;
}

static int put_right(struct checker *c, struct gw_err *err)
{
	struct check_list found = { 0 };
	struct gw_buf removed;
	uint64_t prev = 0;
	int rc = check_run(c, "DELETE FROM shared", err, 0);

	gw_buf_init(&removed, 0);
	found.v = gw_xcalloc(c->n_contents + 1, sizeof *found.v);
	if (rc == 0)
		rc = check_run(c, "DELETE FROM pending", err, 0);
	for (size_t i = 0; i < c->cap && rc == 0; i++)
		if (c->slots[i].id)
			rc = count_again(c, &c->slots[i], &found, &removed, &prev, err);
	if (rc == 0 && removed.n)
		rc = pending_add(c->db, 0, -1, gw_buf_slice(&removed), err);
	if (rc == 0)
		rc = file_found(c, &found, err);
	if (rc == 0)
		check_fixed(c, "references to messages were counted anew");
	free(found.v);
	gw_buf_done(&removed);
	return rc;
}

int check_refs(struct checker *c, struct gw_err *err)
{
	bool bad = false;
	int rc = read_shared(c, &bad, err);

	if (rc == 0)
		rc = read_pending(c, &bad, err);
	if (rc < 0)
		return rc;
	compare(c, &bad);
	return bad && c->fix ? put_right(c, err) : 0;
}
