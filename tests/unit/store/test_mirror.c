/* test_mirror.c - a server's account as IMAP shows it: UIDs, flags, copies, the tree of mailboxes (store/mirror/mirror.h) */
#include "tests/unit/store/mirrortest.h"

#include <fcntl.h>

static struct mirrored m;

static void setup(void)
{
	mirrored_init(&m);
	mirrored_boxes(&m);
}

static void teardown(void)
{
	ck_assert_int_eq(mirrored_problems(&m), 0);
	mirrored_done(&m);
}

/* ---- messages ---- */

START_TEST(messages_of_one_second_get_uids_in_the_order_in_which_they_are_told)
{
	struct jmap_email v[] = { email_of(&m, 3, "a", ""), email_of(&m, 1, "a b", "$seen"), email_of(&m, 2, "b", "") };

	for (size_t i = 0; i < 3; i++)
		v[i].received = 1600000000;
	mirrored_do(&m, mirror_tx_emails(tx, v, 3, &m.err));
	ck_assert_str_eq(mirrored_list(&m, 1), "1:1 2:2+1");
	ck_assert_str_eq(mirrored_list(&m, 2), "1:2+1 2:3");
}
END_TEST

START_TEST(a_message_that_comes_back_gets_a_new_uid)
{
	const struct gw_slice id = GW_S("M1");

	mirrored_tell(&m, 1, "a", "");
	mirrored_do(&m, mirror_tx_gone(tx, &id, 1, &m.err));
	ck_assert_str_eq(mirrored_list(&m, 1), "");
	mirrored_tell(&m, 1, "a", "");
	ck_assert_str_eq(mirrored_list(&m, 1), "2:2");
	mirrored_tell(&m, 1, "b", "");
	mirrored_tell(&m, 1, "a b", "");
	ck_assert_str_eq(mirrored_list(&m, 1), "3:2");
}
END_TEST

START_TEST(a_message_of_another_size_under_a_known_id_is_another_message)
{
	struct jmap_email e;

	mirrored_tell(&m, 1, "a b", "");
	e = email_of(&m, 1, "a", "");
	e.size = 11;
	mirrored_do(&m, mirror_tx_emails(tx, &e, 1, &m.err));
	ck_assert_str_eq(mirrored_list(&m, 1), "2:2");
	ck_assert_str_eq(mirrored_list(&m, 2), "");
	e.size = 12;
	mirrored_do(&m, mirror_tx_list(tx, 1, &e, 1, &m.err));
	ck_assert_str_eq(mirrored_list(&m, 1), "3:3");
}
END_TEST

START_TEST(flags_are_those_of_the_message_in_all_its_mailboxes)
{
	uint64_t modseq;

	mirrored_tell(&m, 1, "a b", "");
	mirrored_tell(&m, 2, "a", "");
	modseq = mirrored_find(&m, "INBOX").modseq;
	mirrored_tell(&m, 1, "a b", "$flagged $forwarded");
	ck_assert_str_eq(mirrored_list(&m, 1), "1:1+260 2:2");
	ck_assert_str_eq(mirrored_list(&m, 2), "1:1+260");
	ck_assert_uint_eq(mirrored_find(&m, "INBOX").modseq, modseq + 1);
	mirrored_tell(&m, 1, "a b", "$flagged $forwarded");
	ck_assert_uint_eq(mirrored_find(&m, "INBOX").modseq, modseq + 1);
}
END_TEST

START_TEST(deleted_is_ours_and_stays_when_the_server_tells_flags)
{
	struct gw_set uids;

	mirrored_tell(&m, 1, "a b", "");
	set_of(&uids, 1, 1);
	mirrored_do(&m, mirror_tx_deleted(tx, 1, &uids, true, &m.err));
	mirrored_tell(&m, 1, "a b", "$seen");
	ck_assert_str_eq(mirrored_list(&m, 1), "1:1+9");
	ck_assert_str_eq(mirrored_list(&m, 2), "1:1+1");
	ck_assert_uint_eq(mirrored_find(&m, "INBOX").deleted, 1);
	mirrored_do(&m, mirror_tx_deleted(tx, 1, &uids, false, &m.err));
	ck_assert_str_eq(mirrored_list(&m, 1), "1:1+1");
	gw_set_done(&uids);
}
END_TEST

START_TEST(places_that_are_not_told_stay)
{
	struct jmap_email e;

	mirrored_tell(&m, 1, "a b", "");
	e = email_of(&m, 1, "", "$seen");
	e.mailboxes = NULL;
	e.blob.n = e.thread.n = 0;
	mirrored_do(&m, mirror_tx_emails(tx, &e, 1, &m.err));
	ck_assert_str_eq(mirrored_list(&m, 1), "1:1+1");
	ck_assert_str_eq(mirrored_list(&m, 2), "1:1+1");
}
END_TEST

START_TEST(several_changes_of_a_message_in_one_transaction_end_as_the_last_one_says)
{
	struct jmap_email v[] = { email_of(&m, 1, "a", ""), email_of(&m, 1, "a", "$seen"), email_of(&m, 1, "a", "$flagged"),
		email_of(&m, 2, "a", ""), email_of(&m, 2, "b", "") };
	struct mirror_tx *tx;
	struct gw_index *ix;
	uint32_t uid = 0;

	mirrored_tell(&m, 3, "a", "");
	ix = mirrored_index(&m, 1); /* now the cached one has to follow */
	tx = mirrored_begin(&m);
	ck_ok(&m, mirror_tx_emails(tx, v, 5, &m.err));
	ck_ok(&m, mirror_tx_placed(tx, 1, GW_S("M1"), &uid, &m.err));
	ck_assert_uint_eq(uid, 2);
	ck_code(&m, mirror_tx_placed(tx, 1, GW_S("M3"), &uid, &m.err), GW_ENOENT);
	ck_ok(&m, mirror_commit(tx, &m.err));
	ck_assert_str_eq(mirrored_list(&m, 1), "1:1 2:2+4");
	ck_assert_str_eq(mirrored_list(&m, 2), "1:3");
	gw_index_unref(ix);
}
END_TEST

START_TEST(keywords_for_which_there_is_no_room_are_left_out_and_the_rest_is_shown)
{
	const char *all = "";
	struct gw_keywords k;

	for (int i = 0; i < 60; i++)
		all = gw_arena_printf(&m.arena, "%s k%02d", all, i);
	mirrored_tell(&m, 1, "a", all);
	ck_ok(&m, view_keywords(&m.view.base, (struct gw_mbox_id){ 0, 1 }, &m.arena, &k, &m.err));
	ck_assert_uint_eq(k.n, GW_KEYWORDS_MAX);
	ck_assert_str_eq(k.name[GW_KEYWORDS_MAX - 1], "k55");
	mirrored_tell(&m, 1, "a", "k01 k59");
	ck_assert_str_eq(mirrored_list(&m, 1), "1:1+512");
}
END_TEST

START_TEST(keywords_are_spelled_as_clients_write_them)
{
	const struct gw_slice names[] = { GW_S("ToDo"), GW_S("Later") };
	struct gw_keywords k;

	mirrored_tell(&m, 1, "a", "todo");
	mirrored_do(&m, mirror_tx_spelling(tx, 1, names, 2, &m.err));
	mirrored_tell(&m, 1, "a", "later todo");
	ck_ok(&m, view_keywords(&m.view.base, (struct gw_mbox_id){ 0, 1 }, &m.arena, &k, &m.err));
	ck_assert_uint_eq(k.n, 2);
	ck_assert_str_eq(k.name[0], "ToDo");
	ck_assert_str_eq(k.name[1], "Later");
	ck_assert_str_eq(mirrored_list(&m, 1), "1:1+768");
}
END_TEST

/* ---- copies ---- */

START_TEST(copies_of_a_message_in_one_mailbox_are_rows_of_their_own)
{
	struct mirror_message *v;
	struct mirror_mailbox mb;
	struct gw_set uids;
	uint32_t uid = 0;
	size_t n;

	mirrored_tell(&m, 1, "a b", "$seen");
	mirrored_do(&m, mirror_tx_alias(tx, 1, GW_S("M1"), &uid, &m.err));
	ck_assert_uint_eq(uid, 2);
	ck_assert_str_eq(mirrored_list(&m, 1), "1:1+1 2:1+1");
	mirrored_tell(&m, 1, "a b", "");
	ck_assert_str_eq(mirrored_list(&m, 1), "1:1 2:1");
	ck_ok(&m, mirror_messages(m.acc, 1, NULL, &m.arena, &v, &n, &m.err));
	ck_assert_uint_eq(n, 2);
	ck_assert_uint_eq(v[1].copies, 2);
	ck_assert_uint_eq(v[1].others, 1);
	ck_ok(&m, mirror_mailbox(m.acc, 1, &m.arena, &mb, &m.err));
	ck_assert_uint_eq(mb.messages, 1);
	set_of(&uids, 1, 1);
	mirrored_do(&m, mirror_tx_drop(tx, 1, &uids, &m.err));
	ck_assert_str_eq(mirrored_list(&m, 1), "2:1");
	ck_assert_str_eq(mirrored_list(&m, 2), "1:1");
	mirrored_tell(&m, 1, "b", "");
	ck_assert_str_eq(mirrored_list(&m, 1), "");
	gw_set_done(&uids);
}
END_TEST

START_TEST(who_drops_the_last_row_of_a_message_forgets_it)
{
	const struct gw_slice id = GW_S("M1");
	uint64_t content = 1;
	struct mirror_tx *late;
	struct gw_set uids;
	uint32_t uid;

	mirrored_tell(&m, 1, "a", "");
	set_of(&uids, 1, 9);
	mirrored_do(&m, mirror_tx_drop(tx, 1, &uids, &m.err));
	gw_set_done(&uids);
	ck_ok(&m, mirror_known(m.acc, 0, &id, 1, &content, &m.err));
	ck_assert_uint_eq(content, 0);
	late = mirrored_begin(&m);
	ck_code(&m, mirror_tx_alias(late, 1, id, &uid, &m.err), GW_ENOENT);
	mirror_rollback(late);
}
END_TEST

START_TEST(a_message_moves_by_a_copy_and_a_drop)
{
	struct mirror_tx *tx;
	struct gw_set uids;
	uint32_t uid;

	mirrored_tell(&m, 1, "a", "$seen");
	set_of(&uids, 1, 1);
	tx = mirrored_begin(&m);
	ck_ok(&m, mirror_tx_alias(tx, 3, GW_S("M1"), &uid, &m.err));
	ck_ok(&m, mirror_tx_drop(tx, 1, &uids, &m.err));
	ck_ok(&m, mirror_commit(tx, &m.err));
	gw_set_done(&uids);
	ck_assert_str_eq(mirrored_list(&m, 1), "");
	ck_assert_str_eq(mirrored_list(&m, 3), "1:1+1");
	mirrored_tell(&m, 1, "c", "$seen"); /* what the server tells afterwards changes nothing */
	ck_assert_str_eq(mirrored_list(&m, 3), "1:1+1");
}
END_TEST

/* ---- lists ---- */

START_TEST(a_list_brings_rows_in_and_takes_those_away_that_it_lacks)
{
	const struct gw_slice now[] = { GW_S("M3"), GW_S("M1"), GW_S("M4") };
	struct jmap_email v[] = { email_of(&m, 1, "a", "$seen"), email_of(&m, 4, "a", "") };
	struct mirror_tx *tx;
	uint64_t modseq;

	mirrored_tell(&m, 1, "a", "");
	mirrored_tell(&m, 2, "a b", "");
	mirrored_tell(&m, 3, "a", "");
	modseq = mirrored_find(&m, "INBOX").modseq;
	tx = mirrored_begin(&m);
	ck_ok(&m, mirror_tx_list(tx, 1, v, 2, &m.err));
	ck_ok(&m, mirror_tx_complete(tx, 1, now, 3, &m.err));
	ck_ok(&m, mirror_commit(tx, &m.err));
	ck_assert_str_eq(mirrored_list(&m, 1), "1:1+1 3:3 4:4");
	ck_assert_str_eq(mirrored_list(&m, 2), "1:2");
	ck_assert_uint_eq(mirrored_find(&m, "INBOX").modseq, modseq + 1);
}
END_TEST

START_TEST(a_list_is_not_complete_without_a_row_for_each_id)
{
	const struct gw_slice ids[] = { GW_S("M1"), GW_S("M2") };
	struct mirror_tx *tx;

	mirrored_tell(&m, 1, "a", "");
	mirrored_tell(&m, 2, "b", "");
	tx = mirrored_begin(&m);
	ck_code(&m, mirror_tx_complete(tx, 1, ids, 2, &m.err), GW_EBUG);
	mirror_rollback(tx);
	ck_assert_str_eq(mirrored_list(&m, 1), "1:1");
}
END_TEST

START_TEST(messages_come_into_complete_lists_only)
{
	const struct gw_slice id = GW_S("M2");
	struct mirror_mailbox mb;
	struct jmap_email e;
	uint64_t content = 1;

	mirrored_tell(&m, 1, "a b", "");
	mirrored_incomplete(&m, 1);
	mirrored_tell(&m, 1, "a", "$seen"); /* rows that are there change */
	mirrored_tell(&m, 2, "a", "");
	ck_assert_str_eq(mirrored_list(&m, 1), "1:1+1");
	ck_assert_str_eq(mirrored_list(&m, 2), "");
	ck_ok(&m, mirror_known(m.acc, 0, &id, 1, &content, &m.err));
	ck_assert_uint_eq(content, 0);
	ck_ok(&m, mirror_mailbox(m.acc, 1, &m.arena, &mb, &m.err));
	ck_assert(!mb.complete);
	e = email_of(&m, 2, "a", "");
	mirrored_do(&m, mirror_tx_list(tx, 1, &e, 1, &m.err));
	ck_assert_str_eq(mirrored_list(&m, 1), "1:1+1 2:2");
}
END_TEST

START_TEST(an_import_whose_answer_was_lost_is_found_by_its_blob)
{
	struct gw_slice id;
	uint32_t uid = 0;

	mirrored_tell(&m, 1, "a", "");
	mirrored_tell(&m, 2, "a b", "");
	ck_assert_int_eq(mirror_by_blob(m.acc, 1, GW_S("G2"), &m.arena, &uid, &id, &m.err), 1);
	ck_assert_uint_eq(uid, 2);
	ck_assert(gw_slice_eq(id, GW_S("M2")));
	ck_assert_int_eq(mirror_by_blob(m.acc, 2, GW_S("G1"), &m.arena, &uid, &id, &m.err), 0);
}
END_TEST

/* ---- the tree ---- */

START_TEST(mailboxes_change_places_in_one_update)
{
	const struct jmap_mailbox v[] = { box_of("a", "Inbox", JMAP_INBOX), box_of("b", "Gamma", JMAP_NO_ROLE),
		box_of("c", "Beta", JMAP_NO_ROLE) };
	uint32_t uidvalidity = mirrored_find(&m, "Beta").uidvalidity;

	mirrored_tell(&m, 1, "b", "");
	mirrored_do(&m, mirror_tx_mailboxes(tx, v, 3, &m.err));
	ck_assert_uint_eq(mirrored_find(&m, "Gamma").id.id, 2);
	ck_assert_uint_eq(mirrored_find(&m, "Beta").id.id, 3);
	ck_assert_uint_eq(mirrored_find(&m, "Gamma").uidvalidity, uidvalidity);
	ck_assert_str_eq(mirrored_list(&m, 2), "1:1");
}
END_TEST

START_TEST(a_mailbox_that_is_gone_takes_its_messages_along)
{
	const struct jmap_mailbox v[] = { box_of("a", "Inbox", JMAP_INBOX), box_of("d", "Beta", JMAP_NO_ROLE),
		box_of("c", "Gamma", JMAP_NO_ROLE) };
	const struct gw_slice ids[] = { GW_S("M1"), GW_S("M2") };
	struct mirror_mailbox mb;
	struct gw_mailbox beta;
	uint64_t known[2];

	mirrored_tell(&m, 1, "a b", "");
	mirrored_tell(&m, 2, "b", "");
	beta = mirrored_find(&m, "Beta");
	mirrored_do(&m, mirror_tx_mailboxes(tx, v, 3, &m.err));
	ck_ok(&m, mirror_known(m.acc, 0, ids, 2, known, &m.err));
	ck_assert_uint_eq(known[0], 1);
	ck_assert_uint_eq(known[1], 0);
	ck_assert_uint_gt(mirrored_find(&m, "Beta").uidvalidity, beta.uidvalidity);
	ck_ok(&m, mirror_mailbox(m.acc, 4, &m.arena, &mb, &m.err));
	ck_assert(!mb.complete && gw_slice_eq(mb.id, GW_S("d")));
	ck_code(&m, mirror_mailbox(m.acc, 2, &m.arena, &mb, &m.err), GW_ENOENT);
}
END_TEST

START_TEST(a_tree_without_the_inbox_is_not_believed)
{
	const struct jmap_mailbox v[] = { box_of("b", "Beta", JMAP_NO_ROLE) };
	struct mirror_tx *tx = mirrored_begin(&m);

	ck_code(&m, mirror_tx_mailboxes(tx, v, 1, &m.err), GW_ECORRUPT);
	ck_code(&m, mirror_tx_mailboxes(tx, NULL, 0, &m.err), GW_ECORRUPT);
	mirror_rollback(tx);
	mirrored_find(&m, "INBOX");
	mirrored_find(&m, "Gamma");
}
END_TEST

START_TEST(a_mailbox_listed_twice_is_not_believed)
{
	const struct jmap_mailbox v[] = { box_of("a", "Inbox", JMAP_INBOX), box_of("x", "One", JMAP_NO_ROLE),
		box_of("x", "Two", JMAP_NO_ROLE) };
	struct mirror_tx *tx = mirrored_begin(&m);

	ck_code(&m, mirror_tx_mailboxes(tx, v, 3, &m.err), GW_ECORRUPT);
	mirror_rollback(tx);
}
END_TEST

START_TEST(rights_roles_and_subscriptions_are_the_servers)
{
	struct jmap_mailbox v[] = { box_of("a", "Inbox", JMAP_INBOX), box_of("b", "Old mail", JMAP_ARCHIVE),
		box_of("c", "Gamma", JMAP_NO_ROLE) };
	struct gw_mailbox mb, *list;
	size_t n;

	ck_ok(&m, view_subscribe(&m.view.base, GW_S("Nowhere"), true, &m.err));
	v[1].subscribed = true;
	v[2].rights = JMAP_CHILD;
	mirrored_do(&m, mirror_tx_mailboxes(tx, v, 3, &m.err));
	mb = mirrored_find(&m, "Old mail");
	ck_assert_uint_eq(mb.attrs, GW_MBOX_ARCHIVE | GW_MBOX_SUBSCRIBED);
	ck_assert_str_eq(mb.mailboxid, "b");
	ck_assert_uint_eq(mirrored_find(&m, "Gamma").attrs, GW_MBOX_NOSELECT | GW_MBOX_READONLY);
	v[1].name = GW_S("New mail");
	mirrored_do(&m, mirror_tx_mailboxes(tx, v, 3, &m.err));
	ck_assert_uint_eq(mirrored_find(&m, "New mail").attrs, GW_MBOX_ARCHIVE | GW_MBOX_SUBSCRIBED);
	ck_ok(&m, view_list(&m.view.base, &m.arena, &list, &n, &m.err));
	ck_assert_uint_eq(n, 4);
	ck_assert(gw_slice_eq(list[3].name, GW_S("Nowhere")));
	ck_assert_uint_eq(list[3].attrs, GW_MBOX_SUBSCRIBED | GW_MBOX_NONEXISTENT);
}
END_TEST

/* ---- transactions ---- */

START_TEST(what_is_not_committed_never_was)
{
	struct jmap_email e = email_of(&m, 1, "a", "");
	const struct gw_slice state = GW_S("7"), other = GW_S("8");
	struct mirror_state at;
	struct mirror_tx *lost;

	mirrored_do(&m, mirror_tx_set_states(tx, &state, NULL, &m.err));
	lost = mirrored_begin(&m);
	ck_ok(&m, mirror_tx_emails(lost, &e, 1, &m.err));
	ck_ok(&m, mirror_tx_set_states(lost, &other, &other, &m.err));
	mirror_rollback(lost);
	ck_assert_str_eq(mirrored_list(&m, 1), "");
	mirrored_close(&m);
	mirrored_open(&m);
	ck_ok(&m, mirror_state_get(m.acc, &m.arena, &at, &m.err));
	ck_assert_str_eq(at.account, "A1");
	ck_assert(gw_slice_eq(at.email_state, state));
	ck_assert_uint_eq(at.mailbox_state.n, 0);
	ck_assert(at.listed);
}
END_TEST

START_TEST(the_bell_rings_for_what_clients_see_and_for_nothing_else)
{
	const struct timespec past[2] = { { .tv_sec = 1 }, { .tv_sec = 1 } };
	const char *bell = gw_db_account_bell(m.acc);
	const struct gw_slice state = GW_S("9");
	struct stat st;

	mirrored_tell(&m, 1, "a", "");
	ck_assert_int_eq(utimensat(AT_FDCWD, bell, past, 0), 0);
	mirrored_do(&m, mirror_tx_set_states(tx, &state, NULL, &m.err));
	mirrored_tell(&m, 1, "a", "");
	ck_assert_int_eq(stat(bell, &st), 0);
	ck_assert_int_eq(st.st_mtim.tv_sec, 1);
	mirrored_tell(&m, 1, "a", "$seen");
	ck_assert_int_eq(stat(bell, &st), 0);
	ck_assert_int_ne(st.st_mtim.tv_sec, 1);
}
END_TEST

START_TEST(vanished_messages_are_told_to_those_who_ask)
{
	const struct gw_slice id = GW_S("M2");
	struct gw_set gone;
	uint64_t modseq;
	bool partial;

	for (int i = 1; i <= 3; i++)
		mirrored_tell(&m, i, "a", "");
	modseq = mirrored_find(&m, "INBOX").modseq;
	mirrored_do(&m, mirror_tx_gone(tx, &id, 1, &m.err));
	gw_set_init(&gone);
	ck_ok(&m, view_vanished(&m.view.base, (struct gw_mbox_id){ 0, 1 }, modseq, &gone, &partial, &m.err));
	ck_assert(!partial);
	ck_assert(gw_set_count(&gone) == 1 && gw_set_has(&gone, 2));
	gw_set_done(&gone);
}
END_TEST

static TCase *tcase_mirror(void)
{
	TCase *tc = tcase_create("mirror");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, messages_of_one_second_get_uids_in_the_order_in_which_they_are_told);
	tcase_add_test(tc, a_message_that_comes_back_gets_a_new_uid);
	tcase_add_test(tc, a_message_of_another_size_under_a_known_id_is_another_message);
	tcase_add_test(tc, flags_are_those_of_the_message_in_all_its_mailboxes);
	tcase_add_test(tc, deleted_is_ours_and_stays_when_the_server_tells_flags);
	tcase_add_test(tc, places_that_are_not_told_stay);
	tcase_add_test(tc, several_changes_of_a_message_in_one_transaction_end_as_the_last_one_says);
	tcase_add_test(tc, keywords_for_which_there_is_no_room_are_left_out_and_the_rest_is_shown);
	tcase_add_test(tc, keywords_are_spelled_as_clients_write_them);
	tcase_add_test(tc, copies_of_a_message_in_one_mailbox_are_rows_of_their_own);
	tcase_add_test(tc, who_drops_the_last_row_of_a_message_forgets_it);
	tcase_add_test(tc, a_message_moves_by_a_copy_and_a_drop);
	tcase_add_test(tc, a_list_brings_rows_in_and_takes_those_away_that_it_lacks);
	tcase_add_test(tc, a_list_is_not_complete_without_a_row_for_each_id);
	tcase_add_test(tc, messages_come_into_complete_lists_only);
	tcase_add_test(tc, an_import_whose_answer_was_lost_is_found_by_its_blob);
	tcase_add_test(tc, mailboxes_change_places_in_one_update);
	tcase_add_test(tc, a_mailbox_that_is_gone_takes_its_messages_along);
	tcase_add_test(tc, a_tree_without_the_inbox_is_not_believed);
	tcase_add_test(tc, a_mailbox_listed_twice_is_not_believed);
	tcase_add_test(tc, rights_roles_and_subscriptions_are_the_servers);
	tcase_add_test(tc, what_is_not_committed_never_was);
	tcase_add_test(tc, the_bell_rings_for_what_clients_see_and_for_nothing_else);
	tcase_add_test(tc, vanished_messages_are_told_to_those_who_ask);
	return tc;
}

UNIT_MAIN("store/mirror", tcase_mirror())
