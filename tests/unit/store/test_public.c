/* test_public.c - rights in public folders: kept, inherited, and asked for wherever something is done */
#include "tests/unit/store/storetest.h"

#define S(x)  gw_slice_str(x)
#define OLD   "Public folders/News/Old"
#define EVERY (GW_RIGHT_READ | GW_RIGHT_WRITE | GW_RIGHT_DELETE)

/* A store with a public folder that has a message; f->acct is anna's. */
static void public_init(struct fixture *f, bool memory)
{
	fixture_public(f, memory, "News/Old");
	append_text(f, fixture_box(f, OLD), S("Subject: x\r\n\r\nx\r\n"), GW_FLAG_DELETED);
}

static void grant(struct fixture *f, const char *name, const char *who, unsigned rights)
{
	ck_ok(f, gw_admin_public_grant(f->store, S(name), S(who), rights, &f->err));
}

static int append(struct fixture *f, struct gw_mbox_id id)
{
	struct gw_appended done;

	return append_try(f->acct, id, S("Subject: y\r\n\r\ny\r\n"), 0, NULL, 0, &done, &f->err);
}

static int flag(struct fixture *f, struct gw_mbox_id id)
{
	const struct gw_flag_change change = { .how = GW_FLAGS_ADD, .system = GW_FLAG_SEEN };
	struct gw_set s;
	int rc;

	set_of(&s, 1, 1);
	rc = gw_mbox_store_flags(f->acct, id, &s, &change, NULL, &f->err);
	gw_set_done(&s);
	return rc;
}

static int move_out(struct fixture *f, struct gw_mbox_id id)
{
	struct gw_copied done;
	struct gw_set s;
	int rc;

	set_of(&s, 1, 1);
	rc = gw_mbox_copy(f->acct, id, &s, fixture_box(f, "INBOX"), true, &done, &f->err);
	gw_set_done(&s);
	if (rc == 0)
		gw_copied_done(&done);
	return rc;
}

START_TEST(without_rights_everybody_reads_and_writes_and_nobody_removes)
{
	struct gw_mbox_id old;
	struct fixture f;

	public_init(&f, _i == 1);
	old = fixture_box(&f, OLD);
	ck_assert_int_eq(append(&f, old), 0);
	ck_assert_int_eq(flag(&f, old), 0);
	ck_assert_int_eq(gw_mbox_expunge(f.acct, old, NULL, NULL, &f.err), GW_EACCES);
	ck_assert_int_eq(move_out(&f, old), GW_EACCES);
	fixture_done(&f);
}
END_TEST

/* RFC 4314 4(a), 4(c) */
START_TEST(who_may_read_only_changes_nothing)
{
	struct gw_mbox_id old;
	struct gw_mailbox m;
	struct fixture f;

	public_init(&f, _i == 1);
	old = fixture_box(&f, OLD);
	grant(&f, "News", "", GW_RIGHT_READ); /* holds for what is below */
	ck_assert_int_eq(append(&f, old), GW_EACCES);
	ck_assert_int_eq(flag(&f, old), GW_EACCES);
	ck_assert(fixture_find(&f, f.acct, OLD).attrs & GW_MBOX_READONLY);
	ck_ok(&f, gw_mbox_status(f.acct, old, &m, &f.err));
	ck_assert(m.attrs & GW_MBOX_READONLY);
	grant(&f, "News/Old", "anna", EVERY); /* the nearer one counts, and the name more than everybody */
	ck_assert_int_eq(append(&f, old), 0);
	ck_assert_int_eq(move_out(&f, old), 0);
	ck_assert(!(fixture_find(&f, f.acct, OLD).attrs & GW_MBOX_READONLY));
	gw_acct_close(f.acct);
	f.acct = fixture_acct(&f, "bert"); /* is not named where others are */
	ck_assert_int_eq(gw_acct_find(f.acct, &f.arena, S(OLD), &m, &f.err), GW_ENOENT);
	fixture_done(&f);
}
END_TEST

/* RFC 5258 4(b): nor does the folder above it seem to have a child. */
START_TEST(what_may_not_be_read_is_not_there)
{
	struct gw_mailbox m, *v;
	struct gw_mbox_id old;
	struct fixture f;
	size_t n;

	public_init(&f, _i == 1);
	old = fixture_box(&f, OLD);
	grant(&f, "News/Old", "", 0);
	ck_ok(&f, gw_acct_list(f.acct, &f.arena, &v, &n, &f.err));
	for (size_t i = 0; i < n; i++) {
		ck_assert(!gw_slice_eq(v[i].name, S(OLD)));
		ck_assert(!gw_slice_eq(v[i].name, S("Public folders/News")) || !(v[i].attrs & GW_MBOX_CHILDREN));
	}
	ck_ok(&f, gw_admin_public_revoke(f.store, S("News/Old"), S(""), &f.err));
	grant(&f, "", "", 0);
	ck_code(&f, gw_acct_find(f.acct, &f.arena, S(OLD), &m, &f.err), GW_ENOENT);
	ck_code(&f, gw_mbox_status(f.acct, old, &m, &f.err), GW_ENOENT);
	ck_ok(&f, gw_acct_list(f.acct, &f.arena, &v, &n, &f.err));
	for (size_t i = 0; i < n; i++)
		ck_assert(!gw_slice_startsi(v[i].name, S("Public folders/")));
	ck_ok(&f, gw_admin_public_revoke(f.store, S(""), S(""), &f.err));
	ck_code(&f, gw_admin_public_revoke(f.store, S(""), S(""), &f.err), GW_ENOENT);
	ck_ok(&f, gw_acct_find(f.acct, &f.arena, S(OLD), &m, &f.err));
	fixture_done(&f);
}
END_TEST

/* RFC 4314 4(d), 4(e) */
/* As if it had been deleted: neither its list nor a message is given to who has it open. */
START_TEST(what_may_be_read_no_more_is_gone)
{
	struct gw_index *before = NULL, *after = NULL;
	struct gw_fetch *fetch = NULL;
	struct gw_mbox_id old;
	struct gw_set seqs;
	struct fixture f;

	public_init(&f, _i == 1);
	old = fixture_box(&f, OLD);
	ck_assert_int_eq(append(&f, old), 0);
	ck_ok(&f, gw_mbox_index(f.acct, old, &before, &f.err));
	gw_set_init(&seqs);
	gw_set_add(&seqs, 1, 1);
	grant(&f, "News/Old", "anna", 0);
	ck_code(&f, gw_mbox_index(f.acct, old, &after, &f.err), GW_ENOENT);
	ck_code(&f, gw_fetch_open(f.acct, old, before, &seqs, GW_WANT_ENVELOPE, &fetch, &f.err), GW_ENOENT);
	grant(&f, "News/Old", "anna", GW_RIGHT_READ);
	ck_ok(&f, gw_mbox_index(f.acct, old, &after, &f.err));
	ck_ok(&f, gw_fetch_open(f.acct, old, after, &seqs, GW_WANT_ENVELOPE, &fetch, &f.err));
	gw_fetch_close(fetch);
	gw_set_done(&seqs);
	gw_index_unref(after);
	gw_index_unref(before);
	fixture_done(&f);
}
END_TEST

START_TEST(rights_follow_accounts_and_folders_and_outlive_neither)
{
	struct gw_public_right *v;
	struct gw_acct *pub;
	struct fixture f;
	size_t n;

	public_init(&f, _i == 1);
	grant(&f, "News", "bert", GW_RIGHT_READ);
	grant(&f, "News", "anna", EVERY);
	grant(&f, "News/Old", "anna", EVERY);
	ck_code(&f, gw_admin_public_grant(f.store, S("News"), S("nobody"), EVERY, &f.err), GW_ENOENT);
	ck_code(&f, gw_admin_public_grant(f.store, S("Nix"), S("anna"), EVERY, &f.err), GW_ENOENT);
	ck_ok(&f, gw_admin_user_rename(f.store, S("bert"), S("berta"), &f.err));
	ck_ok(&f, gw_admin_public_open(f.store, false, &pub, &f.err));
	ck_ok(&f, gw_acct_rename(pub, S("News"), S("Neues"), &f.err));
	ck_ok(&f, gw_admin_public_rights(f.store, &f.arena, S("Neues"), &v, &n, &f.err));
	ck_assert_uint_eq(n, 2);
	ck_assert_str_eq(v[1].who, "berta");
	ck_assert_uint_eq(v[1].rights, GW_RIGHT_READ);
	ck_ok(&f, gw_acct_delete(pub, S("Neues"), &f.err)); /* its name stays for the one below, its rights, too */
	ck_assert_int_eq(move_out(&f, fixture_box(&f, "Public folders/Neues/Old")), 0);
	ck_ok(&f, gw_admin_user_delete(f.store, S("berta"), true, &f.err));
	fixture_user(&f, "berta");
	ck_ok(&f, gw_admin_public_rights(f.store, &f.arena, S("Neues"), &v, &n, &f.err));
	ck_assert_uint_eq(n, 1);
	ck_ok(&f, gw_acct_delete(pub, S("Neues/Old"), &f.err));
	ck_ok(&f, gw_acct_create(pub, S("Neues/Old"), 0, NULL, &f.err)); /* another one, with no rights of its own */
	ck_ok(&f, gw_admin_public_rights(f.store, &f.arena, S("Neues/Old"), &v, &n, &f.err));
	ck_assert_uint_eq(n, 0);
	gw_acct_close(pub);
	fixture_done(&f);
}
END_TEST

/* What has moved is named and not served (RFC 2193). */
START_TEST(folders_that_have_moved_are_only_names)
{
	struct gw_mailbox *v, m;
	struct gw_mbox_id id;
	struct fixture f;
	size_t n, remote = 0;

	fixture_public(&f, _i == 1, "News/2024");
	ck_ok(&f, gw_acct_subscribe(f.acct, S("Public folders/News"), true, &f.err));
	ck_ok(&f, gw_acct_subscribe(f.acct, S("Public folders/gone"), true, &f.err));
	ck_ok(&f, gw_admin_public_grant(f.store, S("News/2024"), S("bert"), 0, &f.err));
	ck_ok(&f, gw_admin_public_grant(f.store, S("News/2024"), S(""), GW_RIGHT_READ, &f.err));
	ck_assert_ptr_null(gw_acct_remote(f.acct, S("Public folders/News")));
	ck_ok(&f, gw_acct_find(f.acct, &f.arena, S("Public folders/News"), &m, &f.err));
	ck_ok(&f, gw_admin_user_move(f.store, S("public"), S("mail2.example.org"), S(""), &f.err));
	gw_acct_close(f.acct);
	f.acct = fixture_acct(&f, "anna");
	ck_assert_str_eq(gw_acct_remote(f.acct, S("Public folders/News")), "mail2.example.org");
	ck_assert_str_eq(gw_acct_remote(f.acct, S("Public folders")), "mail2.example.org");
	ck_assert_ptr_null(gw_acct_remote(f.acct, S("Public folders2")));
	ck_code(&f, gw_acct_find(f.acct, &f.arena, S("Public folders/News"), &m, &f.err), GW_ENOENT);
	ck_code(&f, gw_acct_find(f.acct, &f.arena, S("Public folders"), &m, &f.err), GW_ENOENT);
	ck_assert_int_lt(gw_acct_create(f.acct, S("Public folders/x"), 0, &id, &f.err), 0);
	ck_assert_int_lt(gw_acct_delete(f.acct, S("Public folders/News"), &f.err), 0);
	ck_assert_int_lt(gw_acct_rename(f.acct, S("INBOX"), S("Public folders/x"), &f.err), 0);
	ck_assert_int_lt(gw_acct_rename(f.acct, S("Public folders/News"), S("x"), &f.err), 0);
	ck_ok(&f, gw_acct_list(f.acct, &f.arena, &v, &n, &f.err));
	for (size_t i = 0; i < n; i++)
		ck_assert(!gw_slice_startsi(v[i].name, S("Public folders")));
	ck_ok(&f, gw_acct_list_remote(f.acct, &f.arena, &v, &n, &f.err));
	for (size_t i = 0; i < n; i++)
		if (v[i].attrs & GW_MBOX_REMOTE) {
			remote++;
			ck_assert(gw_slice_eq(v[i].name, S("Public folders/News")) == !!(v[i].attrs & GW_MBOX_SUBSCRIBED));
		}
	ck_assert_uint_eq(remote, 3);
	ck_ok(&f, gw_acct_list(f.acct, &f.arena, &v, &n, &f.err));
	for (size_t i = 0; i < n; i++)
		ck_assert(!(v[i].attrs & GW_MBOX_REMOTE));
	/* who may not see a folder is not told of it */
	gw_acct_close(f.acct);
	f.acct = fixture_acct(&f, "bert");
	ck_ok(&f, gw_acct_list_remote(f.acct, &f.arena, &v, &n, &f.err));
	for (size_t i = 0; i < n; i++)
		ck_assert(!gw_slice_eq(v[i].name, S("Public folders/News/2024")));
	fixture_done(&f);
}
END_TEST

static TCase *tcase_all(void)
{
	TCase *tc = tcase_create("public");

	tcase_add_loop_test(tc, without_rights_everybody_reads_and_writes_and_nobody_removes, 0, 2);
	tcase_add_loop_test(tc, who_may_read_only_changes_nothing, 0, 2);
	tcase_add_loop_test(tc, what_may_not_be_read_is_not_there, 0, 2);
	tcase_add_loop_test(tc, what_may_be_read_no_more_is_gone, 0, 2);
	tcase_add_loop_test(tc, rights_follow_accounts_and_folders_and_outlive_neither, 0, 2);
	tcase_add_loop_test(tc, folders_that_have_moved_are_only_names, 0, 2);
	return tc;
}

UNIT_MAIN("public", tcase_all())
