/* test_messages.c - messages in mailboxes: append, flags, expunge, copy, move, the list now and then, on both drivers
 */
#include "tests/unit/store/storetest.h"

static struct fixture f;

#define BOTH(tc, test) tcase_add_loop_test(tc, test, 0, 2)

static int flags(
	struct gw_mbox_id id, uint32_t lo, uint32_t hi, enum gw_flag_how how, uint64_t system, const char *keyword)
{
	struct gw_slice k = gw_slice_str(keyword);
	struct gw_flag_change c = { .how = how, .system = system, .keywords = &k, .n_keywords = keyword != NULL };
	struct gw_set uids;
	int rc;

	set_of(&uids, lo, hi);
	rc = gw_mbox_store_flags(f.acct, id, &uids, &c, NULL, &f.err);
	gw_set_done(&uids);
	return rc;
}

static uint64_t flags_of(struct gw_mbox_id id, uint32_t uid)
{
	struct gw_index *ix = fixture_index(&f, id);
	uint64_t v = gw_index_at(ix, gw_index_seq(ix, uid))->flags;

	gw_index_unref(ix);
	return v;
}

/* RFC 9051 2.3.1.1(h) */
START_TEST(bodies_come_back_octet_for_octet)
{
	static const size_t sizes[] = { 0, 1, 100, 4000, 5000, 30000, 262143, 262144, 262145, (1 << 20) - 1, 1 << 20,
		(1 << 20) + 1, 3 << 20 };
	struct gw_mbox_id inbox;

	fixture_init(&f, _i);
	inbox = fixture_box(&f, "INBOX");
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		char *p = gw_xalloc(sizes[i] + 1);
		struct gw_slice got;
		uint32_t uid;

		srand((unsigned)i);
		for (size_t j = 0; j < sizes[i]; j++)
			p[j] = (char)(rand() >> 7);
		uid = append_text(&f, inbox, gw_slice(p, sizes[i]), 0);
		ck_assert_uint_eq(uid, i + 1);
		got = fixture_body(&f, inbox, uid);
		ck_assert_uint_eq(got.n, sizes[i]);
		ck_assert(memcmp(got.p, p, sizes[i]) == 0);
		free(p);
	}
	fixture_done(&f);
}
END_TEST

START_TEST(reading_at_any_offset_gives_those_octets)
{
	size_t size = (2 << 20) + 777;
	char *p, buf[70000];
	struct gw_mbox_id inbox;
	struct gw_index *ix;
	struct gw_message m;
	struct gw_fetch *cur;
	struct gw_set seqs;
	bool gone;

	fixture_init(&f, _i);
	inbox = fixture_box(&f, "INBOX");
	p = gw_xalloc(size);
	for (size_t j = 0; j < size; j++)
		p[j] = (char)(j * 7 + j / 256);
	append_text(&f, inbox, gw_slice(p, size), 0);
	ix = fixture_index(&f, inbox);
	set_of(&seqs, 1, 1);
	ck_ok(&f, gw_fetch_open(f.acct, inbox, ix, &seqs, GW_WANT_BODY, &cur, &f.err));
	ck_assert_int_eq(gw_fetch_next(cur, &m, &gone, &f.err), 1);
	srand(1);
	for (int i = 0; i < 200; i++) {
		size_t off = (size_t)rand() % (size + 10), n = 1 + (size_t)rand() % sizeof buf;
		long got = gw_fetch_read(cur, off, buf, n, &f.err);

		ck_assert_int_ge(got, 0);
		ck_assert_int_eq(got == 0, off >= size);
		ck_assert(off >= size || memcmp(buf, p + off, (size_t)got) == 0);
		if (i % 50 == 49)
			gw_fetch_pause(cur);
	}
	gw_fetch_close(cur);
	gw_set_done(&seqs);
	gw_index_unref(ix);
	free(p);
	fixture_done(&f);
}
END_TEST

START_TEST(counters_follow_flags)
{
	struct gw_mailbox m;
	struct gw_mbox_id inbox;
	struct gw_quota q;
	uint32_t size;

	fixture_init(&f, _i);
	inbox = fixture_box(&f, "INBOX");
	append_many(&f, inbox, 100, 10);
	size = (uint32_t)test_message(&f.arena, 100).n;
	m = fixture_find(&f, f.acct, "INBOX");
	ck_assert_uint_eq(m.messages, 10);
	ck_assert_uint_eq(m.unseen, 10);
	ck_assert_uint_eq(m.recent, 10);
	ck_assert_uint_eq(m.size, 10 * size);
	ck_assert_uint_eq(m.uidnext, 11);
	ck_assert_uint_eq(m.modseq, 2);
	ck_ok(&f, flags(inbox, 2, 5, GW_FLAGS_ADD, GW_FLAG_SEEN | GW_FLAG_DELETED, "$Work"));
	ck_ok(&f, flags(inbox, 5, 5, GW_FLAGS_REMOVE, GW_FLAG_DELETED, "$none"));
	ck_ok(&f, gw_mbox_status(f.acct, inbox, &m, &f.err));
	ck_assert_uint_eq(m.unseen, 6);
	ck_assert_uint_eq(m.deleted, 3);
	ck_assert_uint_eq(m.deleted_size, 3 * size);
	ck_assert_uint_eq(m.modseq, 4);
	ck_assert_uint_eq(flags_of(inbox, 5), GW_FLAG_SEEN | GW_FLAG_KEYWORD(0));
	ck_ok(&f, flags(inbox, 5, 5, GW_FLAGS_REPLACE, GW_FLAG_DRAFT, NULL));
	ck_assert_uint_eq(flags_of(inbox, 5), GW_FLAG_DRAFT);
	ck_ok(&f, gw_mbox_expunge(f.acct, inbox, NULL, NULL, &f.err));
	ck_ok(&f, gw_mbox_status(f.acct, inbox, &m, &f.err));
	ck_assert_uint_eq(m.messages, 7);
	ck_assert_uint_eq(m.deleted, 0);
	ck_assert_uint_eq(m.size, 7 * size);
	ck_ok(&f, gw_acct_quota(f.acct, &q, &f.err));
	ck_assert_uint_eq(q.messages_used, 7);
	ck_assert_uint_eq(q.storage_used, 7 * size);
	fixture_done(&f);
}
END_TEST

/* RFC 7162 3.1.3 */
START_TEST(a_conditional_store_leaves_newer_messages_alone)
{
	struct gw_flag_change c = { .how = GW_FLAGS_ADD, .system = GW_FLAG_FLAGGED, .conditional = true };
	struct gw_set uids, modified;
	struct gw_mbox_id inbox;
	struct gw_mailbox m;
	uint64_t before;

	fixture_init(&f, _i);
	inbox = fixture_box(&f, "INBOX");
	append_many(&f, inbox, 0, 4);
	c.unchanged_since = fixture_find(&f, f.acct, "INBOX").modseq;
	ck_ok(&f, flags(inbox, 2, 2, GW_FLAGS_ADD, GW_FLAG_SEEN, NULL));
	set_of(&uids, 1, 100);
	gw_set_init(&modified);
	ck_ok(&f, gw_mbox_store_flags(f.acct, inbox, &uids, &c, &modified, &f.err));
	ck_assert_uint_eq(gw_set_count(&modified), 1);
	ck_assert_uint_eq(gw_set_min(&modified), 2);
	ck_assert_uint_eq(flags_of(inbox, 1), GW_FLAG_FLAGGED);
	ck_assert_uint_eq(flags_of(inbox, 2), GW_FLAG_SEEN);
	/* what changes nothing gives no new modseq */
	before = fixture_find(&f, f.acct, "INBOX").modseq;
	ck_ok(&f, flags(inbox, 1, 4, GW_FLAGS_REMOVE, GW_FLAG_ANSWERED, NULL));
	ck_ok(&f, gw_mbox_status(f.acct, inbox, &m, &f.err));
	ck_assert_uint_eq(m.modseq, before);
	gw_set_done(&uids);
	gw_set_done(&modified);
	fixture_done(&f);
}
END_TEST

START_TEST(keywords_have_a_limit)
{
	struct gw_mbox_id inbox;
	struct gw_index *ix;
	char name[16];

	fixture_init(&f, _i);
	inbox = fixture_box(&f, "INBOX");
	append_many(&f, inbox, 0, 2);
	for (int i = 0; i < GW_KEYWORDS_MAX; i++) {
		snprintf(name, sizeof name, "kw%d", i);
		ck_ok(&f, flags(inbox, 1, 1, GW_FLAGS_ADD, 0, name));
	}
	ck_code(&f, flags(inbox, 1, 1, GW_FLAGS_ADD, 0, "one-more"), GW_ELIMIT);
	ck_ok(&f, flags(inbox, 2, 2, GW_FLAGS_ADD, 0, "KW55"));
	ck_ok(&f, flags(inbox, 2, 2, GW_FLAGS_REMOVE, 0, "unknown"));
	ck_code(&f, flags(inbox, 1, 1, GW_FLAGS_ADD, 0, "a b"), GW_EINVAL);
	ck_assert_uint_eq(flags_of(inbox, 2), GW_FLAG_KEYWORD(55));
	ck_assert_uint_eq(flags_of(inbox, 1), ~UINT64_C(0xFF));
	ix = fixture_index(&f, inbox);
	ck_assert_uint_eq(ix->keywords.n, GW_KEYWORDS_MAX);
	ck_assert_str_eq(ix->keywords.name[55], "kw55");
	gw_index_unref(ix);
	fixture_done(&f);
}
END_TEST

static void ck_recent(const struct gw_recent *r, uint32_t first, uint32_t next, uint32_t n)
{
	ck_assert_uint_eq(r->first, first);
	ck_assert_uint_eq(r->next, next);
	ck_assert_uint_eq(r->n, n);
}

START_TEST(recent_belongs_to_the_first_session)
{
	struct gw_mbox_id inbox;
	struct gw_recent r;

	fixture_init(&f, _i);
	inbox = fixture_box(&f, "INBOX");
	append_many(&f, inbox, 0, 200);
	ck_ok(&f, gw_mbox_recent(f.acct, inbox, false, &r, &f.err));
	ck_recent(&r, 1, 201, 200);
	ck_ok(&f, gw_mbox_recent(f.acct, inbox, true, &r, &f.err));
	ck_recent(&r, 1, 201, 200);
	ck_ok(&f, gw_mbox_recent(f.acct, inbox, true, &r, &f.err));
	ck_recent(&r, 201, 201, 0);
	append_many(&f, inbox, 200, 5);
	ck_assert_uint_eq(fixture_find(&f, f.acct, "INBOX").recent, 5);
	ck_ok(&f, gw_mbox_recent(f.acct, inbox, true, &r, &f.err));
	ck_recent(&r, 201, 206, 5);
	fixture_done(&f);
}
END_TEST

START_TEST(copies_share_the_content_and_carry_flags)
{
	struct gw_mbox_id inbox, sent;
	struct gw_copied c;
	struct gw_set uids;
	struct gw_index *a, *b;

	fixture_init(&f, _i);
	inbox = fixture_box(&f, "INBOX");
	sent = fixture_box(&f, "Sent");
	append_many(&f, inbox, 0, 300);
	append_many(&f, sent, 1000, 1);
	ck_ok(&f, flags(sent, 1, 1, GW_FLAGS_ADD, 0, "first-here"));
	ck_ok(&f, flags(inbox, 7, 7, GW_FLAGS_ADD, GW_FLAG_SEEN, "Later"));
	set_of(&uids, 5, 250);
	ck_ok(&f, gw_mbox_copy(f.acct, inbox, &uids, sent, false, &c, &f.err));
	ck_assert_uint_eq(gw_set_count(&c.src), 246);
	ck_assert_uint_eq(gw_set_min(&c.dst), 2);
	ck_assert_uint_eq(gw_set_max(&c.dst), 247);
	ck_assert_uint_eq(c.uidvalidity, fixture_find(&f, f.acct, "Sent").uidvalidity);
	a = fixture_index(&f, inbox);
	b = fixture_index(&f, sent);
	ck_assert_uint_eq(b->n, 247);
	ck_assert_uint_eq(gw_index_at(a, 7)->content, gw_index_at(b, 4)->content);
	ck_assert_uint_eq(gw_index_at(b, 4)->flags, GW_FLAG_SEEN | GW_FLAG_KEYWORD(1));
	ck_assert_str_eq(b->keywords.name[1], "Later");
	ck_assert_int_eq(gw_index_at(a, 7)->date, gw_index_at(b, 4)->date);
	gw_index_unref(a);
	gw_index_unref(b);
	gw_copied_done(&c);
	/* the copy outlives the original, swept or not */
	ck_ok(&f, gw_mbox_remove(f.acct, inbox, &uids, NULL, &f.err));
	gw_store_tidy(f.store, 60000);
	gw_store_tidy(f.store, 60000);
	ck_assert_slice_eq(fixture_body(&f, sent, 4), test_message(&f.arena, 6).p);
	ck_assert_uint_eq(fixture_find(&f, f.acct, "INBOX").messages, 54);
	gw_set_done(&uids);
	fixture_done(&f);
}
END_TEST

START_TEST(a_move_is_one_change)
{
	struct gw_mbox_id inbox, trash;
	struct gw_set uids, gone;
	struct gw_copied c;
	struct gw_quota q;
	bool partial;

	fixture_init(&f, _i);
	inbox = fixture_box(&f, "INBOX");
	trash = fixture_box(&f, "Trash");
	append_many(&f, inbox, 0, 20);
	set_of(&uids, 3, 6);
	ck_ok(&f, gw_mbox_copy(f.acct, inbox, &uids, trash, true, &c, &f.err));
	gw_copied_done(&c);
	ck_assert_uint_eq(fixture_find(&f, f.acct, "INBOX").messages, 16);
	ck_assert_uint_eq(fixture_find(&f, f.acct, "Trash").messages, 4);
	ck_ok(&f, gw_acct_quota(f.acct, &q, &f.err));
	ck_assert_uint_eq(q.messages_used, 20);
	gw_set_init(&gone);
	ck_ok(&f, gw_mbox_vanished(f.acct, inbox, 1, &gone, &partial, &f.err));
	ck_assert(!partial);
	ck_assert_uint_eq(gw_set_count(&gone), 4);
	ck_assert_slice_eq(fixture_body(&f, trash, 1), test_message(&f.arena, 2).p);
	/* into the mailbox itself: new UIDs at the end */
	set_again(&uids, 1, 1);
	ck_ok(&f, gw_mbox_copy(f.acct, inbox, &uids, inbox, true, &c, &f.err));
	ck_assert_uint_eq(gw_set_min(&c.dst), 21);
	gw_copied_done(&c);
	ck_assert_uint_eq(fixture_find(&f, f.acct, "INBOX").messages, 16);
	ck_assert_slice_eq(fixture_body(&f, inbox, 21), test_message(&f.arena, 0).p);
	/* nothing to move is no error */
	set_again(&uids, 3, 4);
	ck_ok(&f, gw_mbox_copy(f.acct, inbox, &uids, trash, true, &c, &f.err));
	ck_assert_uint_eq(gw_set_count(&c.src), 0);
	gw_copied_done(&c);
	gw_set_done(&uids);
	gw_set_done(&gone);
	fixture_done(&f);
}
END_TEST

static struct gw_append *received(struct fixture *x, struct gw_slice text)
{
	struct gw_append *ap = NULL;

	ck_ok(x, gw_append_open(x->acct, text.n, &ap, &x->err));
	ck_ok(x, gw_append_write(ap, text, &x->err));
	return ap;
}

/* RFC 8508 3.4 */
START_TEST(a_replacement_comes_and_the_old_message_goes_in_one_change)
{
	struct gw_slice text = GW_S("Subject: new\r\n\r\nnew\r\n"), word = GW_S("$New");
	struct gw_appended done = { 0 };
	struct gw_append *ap;
	struct gw_mbox_id in;
	struct gw_mailbox m;
	struct gw_index *ix;
	struct fixture x;

	fixture_init(&x, _i == 1);
	in = fixture_box(&x, "INBOX");
	append_many(&x, in, 1, 3);
	gw_index_unref(fixture_index(&x, in)); /* so that what changes is applied to it */
	ap = received(&x, text);
	gw_append_set(ap, GW_FLAG_SEEN, &word, 1, 1000);
	ck_code(&x, gw_append_replace(x.acct, in, ap, in, 9, &done, &x.err), GW_EGONE);
	ck_ok(&x, gw_append_replace(x.acct, in, ap, in, 2, &done, &x.err));
	gw_append_close(ap);
	ck_assert_uint_eq(done.uid_first, 4);
	ix = fixture_index(&x, in);
	ck_assert_uint_eq(ix->n, 3);
	ck_assert_uint_eq(gw_index_seq(ix, 2), 0);
	ck_assert_uint_eq(gw_index_at(ix, 3)->uid, 4);
	ck_assert_int_eq(gw_index_at(ix, 3)->date, 1000);
	ck_assert_int_eq(gw_index_keyword(ix, word), 0);
	gw_index_unref(ix);
	ck_assert_uint_eq(fixture_body(&x, in, 4).n, text.n);
	ck_ok(&x, gw_mbox_status(x.acct, in, &m, &x.err));
	ck_assert_uint_eq(m.messages, 3);
	ck_assert_uint_eq(m.unseen, 2);
	fixture_done(&x);
}
END_TEST

START_TEST(a_replacement_may_go_into_another_mailbox)
{
	struct gw_slice text = GW_S("Subject: new\r\n\r\nnew\r\n");
	struct gw_mbox_id in, other = { 0, 0 };
	struct gw_appended done = { 0 };
	struct gw_append *ap;
	struct gw_mailbox m;
	struct gw_quota q;
	struct fixture x;

	fixture_init(&x, _i == 1);
	in = fixture_box(&x, "INBOX");
	ck_ok(&x, gw_acct_create(x.acct, GW_S("other"), 0, &other, &x.err));
	append_many(&x, in, 1, 2);
	gw_index_unref(fixture_index(&x, in));
	ap = received(&x, text);
	ck_ok(&x, gw_append_replace(x.acct, other, ap, in, 1, &done, &x.err));
	gw_append_close(ap);
	ck_assert_uint_eq(done.uid_first, 1);
	ck_ok(&x, gw_mbox_status(x.acct, in, &m, &x.err));
	ck_assert_uint_eq(m.messages, 1);
	ck_assert_ptr_null(fixture_body(&x, in, 1).p);
	ck_ok(&x, gw_mbox_status(x.acct, other, &m, &x.err));
	ck_assert_uint_eq(m.messages, 1);
	ck_assert_uint_eq(m.size, text.n);
	ck_ok(&x, gw_acct_quota(x.acct, &q, &x.err));
	ck_assert_uint_eq(q.messages_used, 2);
	fixture_done(&x);
}
END_TEST

START_TEST(the_same_bytes_are_stored_once)
{
	struct gw_mbox_id inbox;
	struct gw_slice text;
	struct gw_index *ix;
	struct gw_set uids;
	char *other;

	fixture_init(&f, _i);
	inbox = fixture_box(&f, "INBOX");
	text = test_message(&f.arena, 1);
	other = gw_arena_str(&f.arena, text);
	other[text.n - 4] = '2'; /* same Message-ID and size, other bytes */
	append_text(&f, inbox, text, 0);
	append_text(&f, inbox, text, 0);
	append_text(&f, inbox, gw_slice(other, text.n), 0);
	ix = fixture_index(&f, inbox);
	ck_assert_uint_eq(gw_index_at(ix, 1)->content, gw_index_at(ix, 2)->content);
	ck_assert_uint_ne(gw_index_at(ix, 1)->content, gw_index_at(ix, 3)->content);
	gw_index_unref(ix);
	set_of(&uids, 1, 1);
	ck_ok(&f, gw_mbox_remove(f.acct, inbox, &uids, NULL, &f.err));
	gw_store_tidy(f.store, 60000);
	ck_assert_slice_eq(fixture_body(&f, inbox, 2), text.p);
	set_again(&uids, 2, 2);
	ck_ok(&f, gw_mbox_remove(f.acct, inbox, &uids, NULL, &f.err));
	/* comes back before the sweep */
	append_text(&f, inbox, text, 0);
	gw_store_tidy(f.store, 60000);
	ck_assert_slice_eq(fixture_body(&f, inbox, 4), text.p);
	ck_assert_slice_eq(fixture_body(&f, inbox, 3), other);
	gw_set_done(&uids);
	fixture_done(&f);
}
END_TEST

START_TEST(removed_messages_are_gone_for_an_old_cursor_after_the_sweep)
{
	struct gw_mbox_id inbox;
	struct gw_index *ix;
	struct gw_fetch *cur;
	struct gw_message m;
	struct gw_set all;
	unsigned n_gone = 0;
	bool gone;

	fixture_init(&f, _i);
	inbox = fixture_box(&f, "INBOX");
	append_many(&f, inbox, 0, 100);
	ix = fixture_index(&f, inbox);
	set_of(&all, 1, 100);
	ck_ok(&f, gw_fetch_open(f.acct, inbox, ix, &all, GW_WANT_ENVELOPE | GW_WANT_BODY, &cur, &f.err));
	for (int i = 0; i < 100; i++) {
		ck_assert_int_eq(gw_fetch_next(cur, &m, &gone, &f.err), 1);
		ck_assert_uint_eq(m.seq, (uint32_t)i + 1);
		n_gone += gone;
		if (i == 9) {
			struct gw_set uids;

			gw_fetch_pause(cur);
			set_of(&uids, 40, 59);
			ck_ok(&f, gw_mbox_remove(f.acct, inbox, &uids, NULL, &f.err));
			gw_store_tidy(f.store, 60000);
			gw_set_done(&uids);
		}
	}
	ck_assert_uint_eq(n_gone, 20);
	ck_assert_int_eq(gw_fetch_next(cur, &m, &gone, &f.err), 0);
	gw_fetch_close(cur);
	gw_index_unref(ix);
	gw_set_done(&all);
	fixture_done(&f);
}
END_TEST

START_TEST(flags_can_be_changed_under_an_open_cursor)
{
	struct gw_mbox_id inbox;
	struct gw_index *ix;
	struct gw_fetch *cur, *second;
	struct gw_message m, m2;
	struct gw_set all;
	bool gone;

	fixture_init(&f, _i);
	inbox = fixture_box(&f, "INBOX");
	append_many(&f, inbox, 0, 50);
	ix = fixture_index(&f, inbox);
	set_of(&all, 1, 50);
	ck_ok(&f, gw_fetch_open(f.acct, inbox, ix, &all, GW_WANT_HEADERS | GW_WANT_THREAD, &cur, &f.err));
	ck_ok(&f, gw_fetch_open(f.acct, inbox, ix, &all, GW_WANT_THREAD, &second, &f.err));
	for (int i = 0; i < 50; i++) {
		ck_assert_int_eq(gw_fetch_next(cur, &m, &gone, &f.err), 1);
		ck_assert(!gone);
		ck_assert_int_eq(gw_fetch_next(second, &m2, &gone, &f.err), 1);
		ck_assert_uint_eq(m.message_id.n, m2.message_id.n);
		ck_ok(&f, flags(inbox, (uint32_t)i + 1, (uint32_t)i + 1, GW_FLAGS_ADD, GW_FLAG_SEEN, NULL));
		ck_assert_ptr_nonnull(memmem(m.headers.p, m.headers.n, "anna", 4));
	}
	gw_fetch_close(second);
	gw_fetch_close(cur);
	ck_assert_uint_eq(fixture_find(&f, f.acct, "INBOX").unseen, 0);
	gw_index_unref(ix);
	gw_set_done(&all);
	fixture_done(&f);
}
END_TEST

START_TEST(ids_and_dates_are_told)
{
	struct gw_mbox_id inbox;
	struct gw_append *ap;
	struct gw_appended done;
	struct gw_message m;
	struct gw_fetch *cur;
	struct gw_index *ix;
	struct gw_set all;
	bool gone;

	fixture_init(&f, _i);
	inbox = fixture_box(&f, "INBOX");
	test_wall_now = 1700000123;
	ck_ok(&f, gw_append_open(f.acct, 3, &ap, &f.err));
	gw_append_set(ap, 0, NULL, 0, 1234567);
	ck_code(&f, gw_append_commit(f.acct, inbox, &ap, 1, &done, &f.err), GW_EINVAL); /* not complete */
	ck_ok(&f, gw_append_write(ap, GW_S("a"), &f.err));
	ck_code(&f, gw_append_write(ap, GW_S("bcd"), &f.err), GW_EINVAL); /* more than announced */
	ck_ok(&f, gw_append_write(ap, GW_S("bc"), &f.err));
	ck_ok(&f, gw_append_commit(f.acct, inbox, &ap, 1, &done, &f.err));
	gw_append_close(ap);
	ix = fixture_index(&f, inbox);
	set_of(&all, 1, 1);
	ck_ok(&f, gw_fetch_open(f.acct, inbox, ix, &all, GW_WANT_IDS | GW_WANT_SAVEDATE | GW_WANT_UIDL, &cur, &f.err));
	ck_assert_int_eq(gw_fetch_next(cur, &m, &gone, &f.err), 1);
	ck_assert(!gone);
	ck_assert_int_eq(m.savedate, 1700000123);
	ck_assert_int_eq(m.entry->date, 1234567);
	ck_assert_int_eq(m.emailid.p[0], 'M');
	ck_assert_int_eq(m.threadid.p[0], 'T');
	ck_assert_str_eq(m.emailid.p + 1, m.threadid.p + 1);
	ck_assert_uint_eq(m.uidl.n, 0);
	gw_fetch_close(cur);
	gw_index_unref(ix);
	gw_set_done(&all);
	fixture_done(&f);
}
END_TEST

START_TEST(the_index_as_of_an_earlier_moment_has_ghosts)
{
	struct gw_mbox_id inbox;
	struct gw_mailbox then;
	struct gw_index *ix, *now;
	struct gw_index_diff d;
	struct gw_set uids;

	fixture_init(&f, _i);
	inbox = fixture_box(&f, "INBOX");
	append_many(&f, inbox, 0, 1000);
	then = fixture_find(&f, f.acct, "INBOX");
	set_of(&uids, 100, 300);
	ck_ok(&f, gw_mbox_remove(f.acct, inbox, &uids, NULL, &f.err));
	append_many(&f, inbox, 1000, 10);
	set_again(&uids, 1005, 1005); /* came and went since */
	ck_ok(&f, gw_mbox_remove(f.acct, inbox, &uids, NULL, &f.err));
	ck_ok(&f, gw_mbox_index_asof(f.acct, inbox, then.modseq, then.uidnext, &ix, &f.err));
	ck_assert_uint_eq(ix->n, 1000);
	ck_assert_uint_eq(ix->uidnext, 1001);
	ck_assert_uint_eq(ix->modseq, then.modseq);
	for (uint32_t i = 1; i <= 1000; i++) {
		ck_assert_uint_eq(gw_index_at(ix, i)->uid, i);
		ck_assert_int_eq(gw_index_at(ix, i)->content == 0, i >= 100 && i <= 300);
	}
	now = fixture_index(&f, inbox);
	gw_index_diff(ix, now, &d);
	ck_assert_uint_eq(gw_set_count(&d.expunged), 201);
	ck_assert_uint_eq(gw_set_count(&d.changed), 0);
	ck_assert_uint_eq(d.added, 9);
	gw_index_diff_done(&d);
	gw_index_unref(ix);
	gw_index_unref(now);
	gw_set_done(&uids);
	fixture_done(&f);
}
END_TEST

/* RFC 7162 3.2.6(e) */
START_TEST(an_old_expunge_log_answers_with_all_holes)
{
	struct gw_mbox_id inbox;
	struct gw_set uids, gone;
	struct gw_index *ix;
	bool partial;

	fixture_init(&f, true);
	inbox = fixture_box(&f, "INBOX");
	append_many(&f, inbox, 0, 10100);
	for (uint32_t i = 1; i <= 10050; i++) {
		set_of(&uids, i, i);
		ck_ok(&f, gw_mbox_remove(f.acct, inbox, &uids, NULL, &f.err));
		gw_set_done(&uids);
	}
	for (int i = 0; i < 20; i++)
		gw_store_tidy(f.store, 60000);
	gw_set_init(&gone);
	ck_ok(&f, gw_mbox_vanished(f.acct, inbox, 5, &gone, &partial, &f.err));
	ck_assert(partial);
	ck_assert_uint_eq(gw_set_count(&gone), 10050);
	gw_set_clear(&gone);
	ck_ok(&f, gw_mbox_vanished(f.acct, inbox, 60, &gone, &partial, &f.err));
	ck_assert(!partial);
	ck_code(&f, gw_mbox_index_asof(f.acct, inbox, 5, 10101, &ix, &f.err), GW_EGONE);
	gw_set_done(&gone);
	fixture_done(&f);
}
END_TEST

START_TEST(an_interrupted_account_stops_soon)
{
	struct gw_mbox_id inbox;
	struct gw_fetch *cur;
	struct gw_message m;
	struct gw_index *ix;
	struct gw_set all;
	bool gone;

	fixture_init(&f, _i);
	inbox = fixture_box(&f, "INBOX");
	append_many(&f, inbox, 0, 10);
	ix = fixture_index(&f, inbox);
	set_of(&all, 1, 10);
	ck_ok(&f, gw_fetch_open(f.acct, inbox, ix, &all, GW_WANT_ENVELOPE, &cur, &f.err));
	ck_assert_int_eq(gw_fetch_next(cur, &m, &gone, &f.err), 1);
	gw_acct_interrupt(f.acct);
	ck_code(&f, gw_fetch_next(cur, &m, &gone, &f.err), GW_EINTR);
	gw_acct_resume(f.acct);
	ck_assert_int_eq(gw_fetch_next(cur, &m, &gone, &f.err), 1);
	ck_assert_uint_eq(m.seq, 2);
	gw_fetch_close(cur);
	gw_index_unref(ix);
	gw_set_done(&all);
	fixture_done(&f);
}
END_TEST

/* RFC 1939 section 3 */
START_TEST(the_maildrop_lock_is_exclusive)
{
	struct gw_acct *b;

	fixture_init(&f, _i);
	b = fixture_acct(&f, "anna");
	ck_ok(&f, gw_acct_lock_maildrop(f.acct, &f.err));
	ck_ok(&f, gw_acct_lock_maildrop(f.acct, &f.err));
	ck_code(&f, gw_acct_lock_maildrop(b, &f.err), GW_EBUSY);
	append_many(&f, fixture_box(&f, "INBOX"), 0, 1); /* does not stop deliveries */
	gw_acct_close(f.acct);
	ck_ok(&f, gw_acct_lock_maildrop(b, &f.err));
	f.acct = b;
	fixture_done(&f);
}
END_TEST

/* ---- everything at random against a model ---- */

#define BOXES 3

struct box {
	struct gw_mbox_id id;
	struct gw_entry v[6000];
	int number[6000]; /* of the text */
	uint32_t n, uidnext;
	uint64_t modseq;
	struct gw_index *seen; /* what a session was told */
};

static struct box box[BOXES];

static void random_uids(struct box *b, struct gw_set *s)
{
	gw_set_init(s);
	for (int i = 1 + rand() % 4; i; i--) {
		uint32_t lo = 1 + (uint32_t)rand() % b->uidnext;

		gw_set_add(s, lo, lo + (uint32_t)rand() % (rand() % 2 ? 5 : 300));
	}
}

static void model_append(struct box *b, struct gw_entry e, int number)
{
	e.uid = b->uidnext++;
	e.modseq = b->modseq;
	b->number[b->n] = number;
	b->v[b->n++] = e;
}

static void do_append(struct box *b)
{
	static int number;
	int n = 1 + rand() % (rand() % 3 ? 3 : 200);

	if (b->n + (uint32_t)n > 5000)
		return;
	append_many(&f, b->id, number, n);
	b->modseq++;
	while (n--)
		model_append(b, (struct gw_entry){ 0 }, number++);
}

static void do_flags(struct box *b)
{
	struct gw_flag_change c = { .how = (enum gw_flag_how)(rand() % 3), .system = (uint64_t)rand() % 32 };
	struct gw_set uids;
	bool any = false;

	random_uids(b, &uids);
	ck_ok(&f, gw_mbox_store_flags(f.acct, b->id, &uids, &c, NULL, &f.err));
	for (uint32_t i = 0; i < b->n; i++) {
		struct gw_entry *e = &b->v[i];
		uint64_t to = c.how == GW_FLAGS_REPLACE ? c.system
			      : c.how == GW_FLAGS_ADD	? e->flags | c.system
							: e->flags & ~c.system;

		if (!gw_set_has(&uids, e->uid) || to == e->flags)
			continue;
		e->flags = to;
		e->modseq = b->modseq + 1;
		any = true;
	}
	b->modseq += any;
	gw_set_done(&uids);
}

static bool model_remove(struct box *b, const struct gw_set *uids, uint64_t flag)
{
	uint32_t n = 0;
	bool any;

	for (uint32_t i = 0; i < b->n; i++) {
		if ((!uids || gw_set_has(uids, b->v[i].uid)) && (b->v[i].flags & flag) == flag)
			continue;
		b->number[n] = b->number[i];
		b->v[n++] = b->v[i];
	}
	any = n != b->n;
	b->n = n;
	b->modseq += any;
	return any;
}

static void do_remove(struct box *b)
{
	struct gw_set uids, gone;

	random_uids(b, &uids);
	gw_set_init(&gone);
	if (rand() % 3) {
		bool all = rand() % 2;

		ck_ok(&f, gw_mbox_expunge(f.acct, b->id, all ? NULL : &uids, &gone, &f.err));
		model_remove(b, all ? NULL : &uids, GW_FLAG_DELETED);
	} else {
		ck_ok(&f, gw_mbox_remove(f.acct, b->id, &uids, &gone, &f.err));
		model_remove(b, &uids, 0);
	}
	gw_set_done(&uids);
	gw_set_done(&gone);
}

static void do_copy(struct box *from, struct box *to)
{
	static struct box before;
	bool move = rand() % 2;
	struct gw_copied c;
	struct gw_set uids;

	if (from->n + to->n > 5000)
		return;
	random_uids(from, &uids);
	before = *from;
	ck_ok(&f, gw_mbox_copy(f.acct, from->id, &uids, to->id, move, &c, &f.err));
	if (gw_set_count(&c.src)) {
		if (move)
			model_remove(from, &uids, 0);
		to->modseq++;
		for (uint32_t i = 0; i < before.n; i++)
			if (gw_set_has(&uids, before.v[i].uid))
				model_append(to, before.v[i], before.number[i]);
	}
	gw_copied_done(&c);
	gw_set_done(&uids);
}

static void check_box(struct box *b, bool bodies)
{
	struct gw_index *ix = fixture_index(&f, b->id);
	struct gw_mailbox m;
	struct gw_index_diff d;
	uint32_t unseen = 0, deleted = 0;

	ck_assert_uint_eq(ix->n, b->n);
	ck_assert_uint_eq(ix->modseq, b->modseq);
	ck_assert_uint_eq(ix->uidnext, b->uidnext);
	for (uint32_t i = 0; i < b->n; i++) {
		const struct gw_entry *e = gw_index_at(ix, i + 1);

		ck_assert_uint_eq(e->uid, b->v[i].uid);
		ck_assert_uint_eq(e->flags, b->v[i].flags);
		ck_assert_uint_eq(e->modseq, b->v[i].modseq);
		unseen += !(e->flags & GW_FLAG_SEEN);
		deleted += (e->flags & GW_FLAG_DELETED) != 0;
		if (bodies && rand() % 20 == 0)
			ck_assert_slice_eq(fixture_body(&f, b->id, e->uid), test_message(&f.arena, b->number[i]).p);
	}
	ck_ok(&f, gw_mbox_status(f.acct, b->id, &m, &f.err));
	ck_assert_uint_eq(m.messages, b->n);
	ck_assert_uint_eq(m.unseen, unseen);
	ck_assert_uint_eq(m.deleted, deleted);
	/* what a session saw last, brought up to date */
	if (b->seen) {
		struct gw_set gone;
		bool partial;

		gw_index_diff(b->seen, ix, &d);
		gw_set_init(&gone);
		ck_ok(&f, gw_mbox_vanished(f.acct, b->id, b->seen->modseq, &gone, &partial, &f.err));
		gw_set_subtract(&d.expunged, &gone);
		ck_assert_uint_eq(gw_set_count(&d.expunged), 0);
		gw_set_done(&gone);
		gw_index_diff_done(&d);
	}
	gw_index_unref(b->seen);
	b->seen = ix;
	gw_arena_reset(&f.arena);
}

START_TEST(random_work_agrees_with_a_model)
{
	static const char *const names[BOXES] = { "INBOX", "Sent", "Trash" };

	fixture_init(&f, _i % 2);
	srand((unsigned)_i);
	memset(box, 0, sizeof box);
	for (int i = 0; i < BOXES; i++) {
		box[i].id = fixture_box(&f, names[i]);
		box[i].uidnext = 1;
		box[i].modseq = 1;
	}
	for (int round = 0; round < 250; round++) {
		struct box *b = &box[rand() % BOXES];

		switch (rand() % 6) {
		case 0:
		case 1:
			do_append(b);
			break;
		case 2:
			do_remove(b);
			break;
		case 3:
			do_copy(b, &box[rand() % BOXES]);
			break;
		default:
			do_flags(b);
		}
		if (rand() % 10 == 0)
			gw_store_tidy(f.store, 0); /* also empties every cache */
		else if (rand() % 10 == 0)
			gw_store_tidy(f.store, 60000);
		check_box(b, rand() % 10 == 0);
	}
	for (int i = 0; i < 30; i++)
		gw_store_tidy(f.store, 60000);
	for (int i = 0; i < BOXES; i++) {
		check_box(&box[i], true);
		gw_index_unref(box[i].seen);
	}
	fixture_done(&f);
}
END_TEST

static TCase *tcase_messages(void)
{
	TCase *tc = tcase_create("messages");

	tcase_set_timeout(tc, 120);
	BOTH(tc, bodies_come_back_octet_for_octet);
	BOTH(tc, reading_at_any_offset_gives_those_octets);
	BOTH(tc, counters_follow_flags);
	BOTH(tc, a_conditional_store_leaves_newer_messages_alone);
	BOTH(tc, keywords_have_a_limit);
	BOTH(tc, recent_belongs_to_the_first_session);
	BOTH(tc, copies_share_the_content_and_carry_flags);
	BOTH(tc, a_move_is_one_change);
	BOTH(tc, a_replacement_comes_and_the_old_message_goes_in_one_change);
	BOTH(tc, a_replacement_may_go_into_another_mailbox);
	BOTH(tc, the_same_bytes_are_stored_once);
	BOTH(tc, removed_messages_are_gone_for_an_old_cursor_after_the_sweep);
	BOTH(tc, flags_can_be_changed_under_an_open_cursor);
	BOTH(tc, ids_and_dates_are_told);
	BOTH(tc, the_index_as_of_an_earlier_moment_has_ghosts);
	tcase_add_test(tc, an_old_expunge_log_answers_with_all_holes);
	BOTH(tc, an_interrupted_account_stops_soon);
	BOTH(tc, the_maildrop_lock_is_exclusive);
	tcase_add_loop_test(tc, random_work_agrees_with_a_model, 0, 12);
	return tc;
}

UNIT_MAIN("store/messages", tcase_messages())
