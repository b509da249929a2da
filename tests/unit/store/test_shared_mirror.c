/* Mirrors of one account of a storage server at two gateways: what is shared, and what each has for itself. */
#include "tests/unit/store/sharedtest.h"

#include "store/derive.h"
#include "store/mirror/mirror.h"

#define MAILBOXES 3
#define EMAILS 40

/* The storage server. */
struct server {
	struct {
		bool there;
		int in[MAILBOXES];
		bool seen, blue;
	} email[EMAILS];
	char ids[EMAILS][16];
	int state;
	bool swapped; /* the last two mailboxes have changed names */
};

static const char *const mailbox_ids[MAILBOXES] = { "in", "ma", "mb" };

static const char body[] = "Subject: x\r\n\r\nx\r\n";

static void server_init(struct server *s)
{
	memset(s, 0, sizeof *s);
	for (int i = 0; i < EMAILS; i++)
		snprintf(s->ids[i], sizeof s->ids[i], "e%d", i);
}

/* Something changes there. */
static void server_change(struct server *s, unsigned *seed)
{
	unsigned i = (unsigned)rand_r(seed) % EMAILS, m = (unsigned)rand_r(seed) % MAILBOXES;

	s->state++;
	switch (rand_r(seed) % 8) {
	case 0:
		s->email[i].there = false;
		break;
	case 1:
		s->email[i].seen = !s->email[i].seen;
		break;
	case 2:
		s->email[i].blue = !s->email[i].blue;
		break;
	case 3:
		s->swapped = !s->swapped;
		break;
	default:
		s->email[i].there = true;
		s->email[i].in[m] = !s->email[i].in[m];
	}
	if (!s->email[i].in[0] && !s->email[i].in[1] && !s->email[i].in[2])
		s->email[i].there = false;
}

static void tell_mailboxes(const struct server *s, struct jmap_mailbox v[MAILBOXES])
{
	static const char *const names[] = { "Inbox", "Anna", "Bert" };

	for (int i = 0; i < MAILBOXES; i++)
		v[i] = (struct jmap_mailbox){ .id = gw_slice_str(mailbox_ids[i]),
			.name = gw_slice_str(names[i && s->swapped ? MAILBOXES - i : i]),
			.role = i ? JMAP_NO_ROLE : JMAP_INBOX,
			.rights = 0x1FF, .subscribed = true };
}

/* All messages, and the ids of those that are not there. */
static size_t tell_emails(const struct server *s, struct gw_arena *arena, struct jmap_email *v, struct gw_slice *gone, size_t *ret_gone)
{
	static const struct gw_slice keywords[] = { { "$seen", 5 }, { "blue", 4 } };
	size_t n = 0;

	*ret_gone = 0;
	for (int i = 0; i < EMAILS; i++) {
		struct gw_slice *boxes = gw_arena_calloc(arena, MAILBOXES, sizeof *boxes), *words = gw_arena_calloc(arena, 2, sizeof *words);
		struct jmap_email e = { .id = gw_slice_str(s->ids[i]), .blob = gw_slice_str(s->ids[i]), .thread = gw_slice_str(s->ids[i]),
			.size = sizeof body - 1, .received = 1700000000 + i, .mailboxes = boxes, .keywords = words };

		if (!s->email[i].there) {
			gone[(*ret_gone)++] = e.id;
			continue;
		}
		for (int m = 0; m < MAILBOXES; m++)
			if (s->email[i].in[m])
				boxes[e.n_mailboxes++] = gw_slice_str(mailbox_ids[m]);
		if (s->email[i].seen)
			words[e.n_keywords++] = keywords[0];
		if (s->email[i].blue)
			words[e.n_keywords++] = keywords[1];
		v[n++] = e;
	}
	return n;
}

/* Nobody has looked at them yet: that they are empty is all that is known. */
static void complete_all(struct gate *g, struct mirror_tx *tx)
{
	for (uint64_t id = 1; id <= MAILBOXES; id++)
		ck_ok(g, mirror_tx_complete(tx, id, NULL, 0, &g->err));
}

/* What a gateway does that synchronises: nothing when the map says that another one has done it. */
static void synchronise(struct gate *g, const struct server *s)
{
	struct jmap_mailbox box[MAILBOXES];
	struct jmap_email email[EMAILS];
	struct gw_slice gone[EMAILS], state;
	struct mirror_state now;
	struct mirror_tx *tx;
	struct gw_arena arena;
	size_t n, n_gone;
	char text[16];

	gw_arena_init(&arena, 0, 0);
	state = gw_slice(text, (size_t)snprintf(text, sizeof text, "s%d", s->state));
	ck_ok(g, mirror_begin(g->view->own, &tx, &g->err));
	if (mirror_tx_state(tx, &arena, &now, &g->err) == GW_ENOENT)
		now.email_state = GW_S("");
	if (gw_slice_eq(now.email_state, state)) {
		mirror_rollback(tx);
		gw_arena_done(&arena);
		return;
	}
	tell_mailboxes(s, box);
	ck_ok(g, mirror_tx_set_account(tx, GW_S("a1"), &g->err));
	ck_ok(g, mirror_tx_mailboxes(tx, box, MAILBOXES, &g->err));
	if (!now.email_state.n)
		complete_all(g, tx);
	n = tell_emails(s, &arena, email, gone, &n_gone);
	ck_ok(g, mirror_tx_emails(tx, email, n, &g->err));
	ck_ok(g, mirror_tx_gone(tx, gone, n_gone, &g->err));
	ck_ok(g, mirror_tx_set_states(tx, &state, &state, &g->err));
	ck_ok(g, mirror_commit(tx, &g->err));
	gw_arena_done(&arena);
}

/* ---- what a gateway does for itself ---- */

static long read_body(void *ctx, uint64_t off, void *dst, size_t n)
{
	size_t left = sizeof body - 1 - (size_t)off;

	(void)ctx;
	n = n < left ? n : left;
	memcpy(dst, body + off, n);
	return (long)n;
}

static int64_t count(struct gate *g, const char *sql)
{
	return db_number(g->view->own, sql);
}

static void fill(struct gate *g)
{
	struct gw_deriver *deriver = gw_deriver_new();
	struct gw_arena arena;
	struct gw_derived d;

	gw_arena_init(&arena, 0, 0);
	gw_deriver_feed(deriver, gw_slice(body, sizeof body - 1));
	gw_deriver_finish(deriver, &arena, &d);
	gw_deriver_free(deriver);
	for (int i = 0; i < 8; i++) {
		int64_t content = count(g, "SELECT ifnull(max(content), 0) FROM remote_email WHERE content NOT IN (SELECT id FROM content)");
		struct mirror_bytes b = { .content = (uint64_t)content, .derived = &d, .read = read_body, .size = sizeof body - 1 };

		if (!content)
			break;
		ck_ok(g, mirror_put_bytes(g->view->own, &b, 1, true, 1 << 20, &g->err));
	}
	ck_assert_int_ge(db_sweep_some(g->view->own, 5, &g->err), 0);
	gw_arena_done(&arena);
}

/* Everything that is derived belongs to a message. */
static void ck_in_step(struct gate *g)
{
	while (count(g, "SELECT count(*) FROM swept"))
		ck_assert_int_ge(db_sweep_some(g->view->own, 100, &g->err), 0);
	ck_assert_int_eq(count(g, "SELECT count(*) FROM content WHERE id NOT IN (SELECT content FROM remote_email)"), 0);
}

/* ---- tests ---- */

START_TEST(both_gateways_give_the_same_uids_whoever_synchronises)
{
	struct server s;
	struct gate g[2];
	unsigned seed = 7;

	server_init(&s);
	gates_init_kind(g, true);
	for (int i = 0; i < 120; i++) {
		struct gate *one = &g[rand_r(&seed) % 2];

		server_change(&s, &seed);
		synchronise(one, &s);
		if (i % 7 == 0)
			synchronise(one == g ? &g[1] : &g[0], &s);
		if (i % 5 == 0)
			fill(one);
		if (i % 30 == 0)
			ck_same(&g[0], &g[1]);
	}
	ck_same(&g[0], &g[1]);
	ck_in_step(&g[0]);
	ck_in_step(&g[1]);
	ck_assert_int_gt(count(&g[0], "SELECT count(*) FROM place"), 5);
	gates_done(g);
}
END_TEST

START_TEST(a_mirror_made_again_keeps_what_it_has_worked_out)
{
	struct server s;
	struct gate g[2];
	unsigned seed = 3;
	int64_t had;

	server_init(&s);
	gates_init_kind(g, true);
	for (int i = 0; i < 60; i++)
		server_change(&s, &seed);
	synchronise(&g[0], &s);
	gate_refresh(&g[1]);
	fill(&g[1]);
	had = count(&g[1], "SELECT count(*) FROM content");
	ck_assert_int_gt(had, 3);
	for (int i = 0; i < 300; i++) {
		server_change(&s, &seed);
		synchronise(&g[0], &s);
	}
	ck_ok(&g[0], snapshot_write(g[0].sh, g[0].view->own, &g[0].err));
	ck_same(&g[0], &g[1]); /* the second one was too far behind */
	ck_in_step(&g[1]);
	gates_done(g);
}
END_TEST

static TCase *mirrors(void)
{
	TCase *tc = tcase_create("mirrors");

	tcase_add_test(tc, both_gateways_give_the_same_uids_whoever_synchronises);
	tcase_add_test(tc, a_mirror_made_again_keeps_what_it_has_worked_out);
	return tc;
}

SHARED_MAIN("shared_mirror", mirrors())
