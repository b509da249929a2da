/* test_mirror_model.c - random changes of a mirror against a model that is too simple to be wrong
 *
 * The model is the server's messages (where they are, their keywords) and, for each mailbox, the rows that IMAP must see. After
 * each transaction the lists are compared; now and then the mirror is closed, opened, and checked whole. */
#include "tests/unit/store/mirrortest.h"

#define BOXES  3
#define EMAILS 24
#define ROWS   4000
#define STEPS  400

struct row {
	uint32_t uid;
	int email;
	bool deleted, gone;
};

static struct mirrored m;
static unsigned in[EMAILS], keywords[EMAILS]; /* bits: mailboxes, words[]; in 0: not on the server */
static struct row row[BOXES][ROWS];
static size_t n_rows[BOXES];
static const char *const word[] = { "$flagged", "$seen", "x", "y" }; /* sorted by bytes */
static const char box_id[] = "abc";

static unsigned any(unsigned n)
{
	return (unsigned)rand() % n;
}

/* ---- the model ---- */

static bool has_row(int box, int email)
{
	for (size_t i = 0; i < n_rows[box]; i++)
		if (row[box][i].email == email && !row[box][i].gone)
			return true;
	return false;
}

static void add_row(int box, int email)
{
	size_t n = n_rows[box]++;

	ck_assert_uint_lt(n, ROWS);
	row[box][n] = (struct row){ .uid = (uint32_t)n + 1, .email = email };
}

static void remove_rows(int box, int email)
{
	for (size_t i = 0; i < n_rows[box]; i++)
		row[box][i].gone |= row[box][i].email == email;
}

/* The server says where the message is now. */
static void follow(int email)
{
	for (int b = 0; b < BOXES; b++) {
		if (!(in[email] & 1u << b))
			remove_rows(b, email);
		else if (!has_row(b, email))
			add_row(b, email);
	}
}

/* Rows of a mailbox went: who has none there is not in it any more. */
static void settle(int box)
{
	for (int e = 0; e < EMAILS; e++)
		if (in[e] & 1u << box && !has_row(box, e))
			in[e] &= ~(1u << box);
}

/* ---- both ---- */

static struct jmap_email facts(int email)
{
	const char *boxes = "", *words_of = "";

	for (int b = 0; b < BOXES; b++)
		if (in[email] & 1u << b)
			boxes = gw_arena_printf(&m.arena, "%s %c", boxes, box_id[b]);
	for (int k = 0; k < 4; k++)
		if (keywords[email] & 1u << k)
			words_of = gw_arena_printf(&m.arena, "%s %s", words_of, word[k]);
	return email_of(&m, email + 1, boxes, words_of);
}

static struct gw_slice id_of(int email)
{
	return gw_slice_str(gw_arena_printf(&m.arena, "M%d", email + 1));
}

static void change_some(struct mirror_tx *tx)
{
	struct jmap_email v[6];
	size_t n = 1 + any(6);

	for (size_t i = 0; i < n; i++) {
		int e = (int)any(EMAILS);

		if (!in[e] || any(2))
			in[e] = 1 + any((1u << BOXES) - 1);
		if (any(2))
			keywords[e] = any(16);
		v[i] = facts(e);
		follow(e);
	}
	ck_ok(&m, mirror_tx_emails(tx, v, n, &m.err));
}

static void destroy_some(struct mirror_tx *tx)
{
	struct gw_slice ids[3];
	size_t n = 1 + any(3);

	for (size_t i = 0; i < n; i++) {
		int e = (int)any(EMAILS);

		in[e] = 0;
		follow(e);
		ids[i] = id_of(e);
	}
	ck_ok(&m, mirror_tx_gone(tx, ids, n, &m.err));
}

static void copy_one(struct mirror_tx *tx)
{
	int e = (int)any(EMAILS), b = (int)any(BOXES);
	uint32_t uid = 0;

	if (!in[e])
		return;
	in[e] |= 1u << b;
	add_row(b, e);
	ck_ok(&m, mirror_tx_alias(tx, (uint64_t)b + 1, id_of(e), &uid, &m.err));
	ck_assert_uint_eq(uid, n_rows[b]);
}

/* UIDs of about a quarter of the rows. */
static void choose(int box, struct gw_set *ret)
{
	gw_set_init(ret);
	for (size_t i = 0; i < n_rows[box]; i++)
		if (any(4) == 0)
			gw_set_add(ret, row[box][i].uid, row[box][i].uid);
}

static void drop_some(struct mirror_tx *tx)
{
	int b = (int)any(BOXES);
	struct gw_set uids;

	choose(b, &uids);
	for (size_t i = 0; i < n_rows[b]; i++)
		row[b][i].gone |= gw_set_has(&uids, row[b][i].uid);
	settle(b);
	ck_ok(&m, mirror_tx_drop(tx, (uint64_t)b + 1, &uids, &m.err));
	gw_set_done(&uids);
}

static void delete_some(struct mirror_tx *tx)
{
	int b = (int)any(BOXES);
	bool on = any(2);
	struct gw_set uids;

	choose(b, &uids);
	for (size_t i = 0; i < n_rows[b]; i++)
		if (gw_set_has(&uids, row[b][i].uid))
			row[b][i].deleted = on;
	ck_ok(&m, mirror_tx_deleted(tx, (uint64_t)b + 1, &uids, on, &m.err));
	gw_set_done(&uids);
}

/* The whole list of a mailbox, after changes nobody told of. */
static void list_anew(struct mirror_tx *tx)
{
	struct jmap_email v[EMAILS];
	struct gw_slice ids[EMAILS];
	int b = (int)any(BOXES);
	size_t n = 0;

	for (int e = 0; e < EMAILS; e++) {
		if (any(4) == 0)
			in[e] ^= 1u << b;
		if (!(in[e] & 1u << b)) {
			remove_rows(b, e);
			continue;
		}
		ids[n] = id_of(e);
		v[n++] = facts(e);
		if (!has_row(b, e))
			add_row(b, e);
	}
	ck_ok(&m, mirror_tx_list(tx, (uint64_t)b + 1, v, n, &m.err));
	ck_ok(&m, mirror_tx_complete(tx, (uint64_t)b + 1, ids, n, &m.err));
}

/* ---- comparing ---- */

static uint64_t flags_of(const struct gw_index *ix, const struct row *r)
{
	uint64_t flags = r->deleted ? GW_FLAG_DELETED : 0;

	flags |= keywords[r->email] & 1 ? GW_FLAG_FLAGGED : 0;
	flags |= keywords[r->email] & 2 ? GW_FLAG_SEEN : 0;
	for (int k = 2; k < 4; k++)
		if (keywords[r->email] & 1u << k)
			flags |= GW_FLAG_KEYWORD(gw_index_keyword(ix, gw_slice_str(word[k])));
	return flags;
}

static void compare(int box)
{
	struct gw_index *ix = mirrored_index(&m, (uint64_t)box + 1);
	uint32_t seq = 0;

	for (size_t i = 0; i < n_rows[box]; i++) {
		const struct row *r = &row[box][i];
		const struct gw_entry *e;

		if (r->gone)
			continue;
		e = gw_index_at(ix, ++seq);
		ck_assert_ptr_nonnull(e);
		ck_assert_uint_eq(e->uid, r->uid);
		ck_assert_uint_eq(e->size, (uint32_t)(r->email + 1) * 10);
		ck_assert_uint_eq(e->flags, flags_of(ix, r));
	}
	ck_assert_uint_eq(ix->n, seq);
	gw_index_unref(ix);
}

START_TEST(random_changes_end_as_a_simple_model_does)
{
	static void (*const step[])(struct mirror_tx *) = { change_some, change_some, change_some, destroy_some, copy_one, drop_some,
		delete_some, list_anew };

	srand((unsigned)_i + 1);
	mirrored_init(&m);
	mirrored_boxes(&m);
	for (int i = 0; i < STEPS; i++) {
		struct mirror_tx *tx = mirrored_begin(&m);

		for (unsigned n = 1 + any(3); n; n--)
			step[any(sizeof step / sizeof *step)](tx);
		ck_ok(&m, mirror_commit(tx, &m.err));
		for (int b = 0; b < BOXES; b++)
			compare(b);
		if (i % 64 == 63) {
			gw_db_tidy(m.env, 0);
			ck_assert_int_eq(mirrored_problems(&m), 0);
			mirrored_close(&m);
			mirrored_open(&m);
		}
		gw_arena_reset(&m.arena);
	}
	mirrored_done(&m);
}
END_TEST

static TCase *tcase_model(void)
{
	TCase *tc = tcase_create("model");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, random_changes_end_as_a_simple_model_does, 0, 4);
	return tc;
}

UNIT_MAIN("store/mirror_model", tcase_model())
