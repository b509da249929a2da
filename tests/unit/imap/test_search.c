/* test_search.c - searches that only the index is asked for: whole chunks are taken or left out, with the same outcome as when each
 * message is looked at (imap/search.h, RFC 9051 6.4.4) */
#include "imap/search.h"
#include "tests/unit/unit.h"

#define MESSAGES 3000
#define KEYS 12
#define DAY 86400

static uint32_t pick(uint32_t n)
{
	return (uint32_t)rand() % n;
}

/* Messages as they come: neighbours are alike, so some chunks are all of a kind. */
static struct gw_index *make_index(void)
{
	struct gw_index_builder *b = gw_index_builder_new(7, MESSAGES + 1, 1000, NULL);
	uint32_t stretch = 0, kind = 0;

	for (uint32_t i = 1; i <= MESSAGES; i++) {
		struct gw_entry e = { .uid = i, .content = i, .date = (int64_t)i * 600, .size = 1000 + i % 7, .modseq = i };

		if (!stretch--) {
			stretch = pick(900);
			kind = pick(4);
		}
		e.flags = kind == 0 ? pick(4) : kind == 1 ? GW_FLAG_SEEN : kind == 2 ? 0 : GW_FLAG_SEEN | GW_FLAG_FLAGGED;
		e.size = kind == 3 ? 5000 : e.size;
		e.content = kind == 2 && pick(50) == 0 ? 0 : i; /* a ghost */
		gw_index_builder_add(b, &e);
	}
	return gw_index_builder_finish(b);
}

static struct imap_search_key leaf(void)
{
	static const enum imap_search_op ops[] = {
		IMAP_KEY_FLAG, IMAP_KEY_UNFLAG, IMAP_KEY_ALL, IMAP_KEY_BEFORE, IMAP_KEY_ON, IMAP_KEY_SINCE,
		IMAP_KEY_YOUNGER, IMAP_KEY_OLDER, IMAP_KEY_LARGER, IMAP_KEY_SMALLER, IMAP_KEY_MODSEQ, IMAP_KEY_NEW,
	};
	struct imap_search_key k = { .op = ops[pick(sizeof ops / sizeof *ops)], .span = 1 };

	switch (k.op) {
	case IMAP_KEY_FLAG:
	case IMAP_KEY_UNFLAG:
		k.flag = pick(2) ? GW_FLAG_SEEN : GW_FLAG_FLAGGED;
		break;
	case IMAP_KEY_BEFORE:
	case IMAP_KEY_ON:
	case IMAP_KEY_SINCE:
		k.day = (int64_t)pick(22) * DAY;
		break;
	case IMAP_KEY_YOUNGER:
	case IMAP_KEY_OLDER:
		k.number = pick(MESSAGES * 600);
		break;
	default:
		k.number = pick(2) ? 1000 + pick(8) : pick(6000);
	}
	return k;
}

/* A tree of at most `room` keys at v; returns how many it has. */
static uint32_t grow(struct imap_search_key *v, uint32_t room)
{
	uint32_t n = 1, children = room < 4 ? 0 : pick(4);

	if (children == 0) {
		*v = leaf();
		return 1;
	}
	v->op = children == 1 ? IMAP_KEY_NOT : children == 2 ? IMAP_KEY_OR : IMAP_KEY_AND;
	for (uint32_t i = 0; i < children; i++)
		n += grow(v + n, (room - n) / (children - i));
	v->span = n;
	return n;
}

START_TEST(a_chunk_is_decided_as_its_messages_are)
{
	struct gw_index *ix = make_index();
	struct gw_set none;

	gw_set_init(&none);
	for (int round = 0; round < 400; round++) {
		struct imap_search_key key[KEYS] = { { .op = IMAP_KEY_AND, .span = 1 } };
		struct search_step step[KEYS] = { { .price = SEARCH_INDEX } };
		struct imap_search q = { .key = key };
		struct search_plan p = { .search = &q, .step = step, .ix = ix, .recent = &none, .now = MESSAGES * 600 };
		struct gw_arena arena;
		struct gw_set found;

		key[0].span += grow(key + 1, KEYS - 1);
		q.n = key[0].span;
		for (size_t i = 0; i < q.n; i++)
			step[i].bits = key[i].op == IMAP_KEY_FLAG || key[i].op == IMAP_KEY_UNFLAG ? key[i].flag : 0;
		gw_arena_init(&arena, 0, 0);
		p.arena = &arena;
		gw_set_init(&found);
		ck_assert_int_eq(search_eval(NULL, &p, &found, NULL), 0);
		for (uint32_t seq = 1; seq <= ix->n; seq++) {
			const struct gw_entry *e = gw_index_at(ix, seq);

			if (gw_set_has(&found, seq) != (e->content && search_true(&p, 0, seq, e, NULL)))
				ck_abort_msg("round %d: message %u", round, seq);
		}
		gw_set_done(&found);
		gw_arena_done(&arena);
	}
	gw_index_unref(ix);
}
END_TEST

static TCase *tcase_search(void)
{
	TCase *tc = tcase_create("search");

	tcase_add_test(tc, a_chunk_is_decided_as_its_messages_are);
	return tc;
}

UNIT_MAIN("imap/search", tcase_search())
