/* public.c - orders about public folders and rights in them, as jobs (see ctl.h) */
#include "daemon/ctl/ctl.h"

#include "store/admin.h"

#define ROOT "Public folders" /* as users see them; an operator may say it, too */

static const struct {
	const char *word;
	unsigned bit;
} words[] = { { "read", GW_RIGHT_READ }, { "write", GW_RIGHT_WRITE }, { "delete", GW_RIGHT_DELETE } };
#define N_WORDS (sizeof words / sizeof *words)

/* The folder's name in the account of public folders; empty for all of them. */
static struct gw_slice folder(const struct ctl_work *w)
{
	struct gw_slice name = gw_ctl_slice(w->r, "name");

	if (gw_slice_eq(name, GW_S(ROOT)))
		return gw_slice("", 0);
	if (gw_slice_startsi(name, GW_S(ROOT "/")))
		gw_slice_take(&name, sizeof ROOT);
	return name;
}

static struct gw_slice who(const struct ctl_work *w)
{
	struct gw_slice user = gw_ctl_slice(w->r, "user");

	return gw_slice_eqi(user, GW_S("anyone")) ? gw_slice("", 0) : user;
}

static int done(struct ctl_work *w, int rc)
{
	if (rc == 0)
		gw_ctl_ok_empty(&w->reply);
	return rc;
}

/* ---- rights ---- */

static unsigned bits_of(struct gw_slice text)
{
	unsigned bits = 0;

	while (text.n) {
		struct gw_slice word = gw_slice_take(&text, gw_slice_find(text, ' '));

		for (size_t i = 0; i < N_WORDS; i++)
			if (gw_slice_eqi(word, gw_slice_str(words[i].word)))
				bits |= words[i].bit;
		gw_slice_take(&text, text.n ? 1 : 0);
	}
	return bits;
}

static int work_grant(struct ctl_work *w, struct gw_err *err)
{
	return done(w, gw_admin_public_grant(w->store, folder(w), who(w), bits_of(gw_ctl_slice(w->r, "rights")), err));
}

static int work_revoke(struct ctl_work *w, struct gw_err *err)
{
	return done(w, gw_admin_public_revoke(w->store, folder(w), who(w), err));
}

/* "anyone: read; anna: read write" */
static const char *rights_text(struct gw_arena *arena, const struct gw_public_right *v, size_t n)
{
	const char *text = "";

	for (size_t i = 0; i < n; i++) {
		text = gw_arena_printf(arena, "%s%s%s:", text, i ? "; " : "", *v[i].who ? v[i].who : "anyone");
		for (size_t k = 0; k < N_WORDS; k++)
			if (v[i].rights & words[k].bit)
				text = gw_arena_printf(arena, "%s %s", text, words[k].word);
		if (!v[i].rights)
			text = gw_arena_printf(arena, "%s nothing", text);
	}
	return text;
}

/* ---- folders ---- */

static int put_folder(struct ctl_work *w, struct gw_arena *arena, struct gw_slice name, const struct gw_mailbox *m,
		      struct gw_err *err)
{
	struct gw_public_right *v;
	struct gw_json *j;
	size_t n;
	int rc = gw_admin_public_rights(w->store, arena, name, &v, &n, err);

	if (rc < 0)
		return rc;
	j = gw_ctl_row(&w->reply);
	gw_json_str(j, "name", name.n ? gw_arena_printf(arena, ROOT "/%.*s", GW_FMT(name)) : ROOT);
	gw_json_u64(j, "messages", m ? m->messages : 0);
	gw_json_u64(j, "size", m ? m->size : 0);
	gw_json_str(j, "rights", n ? rights_text(arena, v, n) : NULL);
	ctl_work_row(w, false);
	return 0;
}

static bool is_public(const struct gw_mailbox *m)
{
	return !gw_slice_eq(m->name, GW_S("INBOX")) && !(m->attrs & (GW_MBOX_SPECIAL | GW_MBOX_NONEXISTENT));
}

static int list(struct ctl_work *w, struct gw_acct *a, struct gw_arena *arena, struct gw_err *err)
{
	struct gw_mailbox *v = NULL;
	size_t n = 0;
	int rc = gw_acct_list(a, arena, &v, &n, err);

	if (rc == 0)
		rc = put_folder(w, arena, gw_slice("", 0), NULL, err);
	for (size_t i = 0; rc == 0 && i < n && !ctl_work_stopped(w); i++)
		if (is_public(&v[i]))
			rc = put_folder(w, arena, v[i].name, &v[i], err);
	return done(w, rc);
}

static int delete(struct ctl_work *w, struct gw_acct *a, struct gw_arena *arena, struct gw_err *err)
{
	struct gw_mailbox m;
	int rc = gw_acct_find(a, arena, folder(w), &m, err);

	if (rc < 0)
		return rc;
	if (!gw_ctl_flag(w->r, "confirm"))
		return gw_fail(err, GW_EACCES, "a public folder with %u messages would go: this must be confirmed", m.messages);
	rc = gw_acct_delete(a, m.name, err);
	if (rc < 0)
		return rc;
	gw_json_u64(gw_ctl_ok(&w->reply), "messages", m.messages);
	gw_ctl_end(&w->reply);
	return 0;
}

static int create(struct ctl_work *w, struct gw_acct *a, struct gw_arena *arena, struct gw_err *err)
{
	(void)arena;
	return done(w, gw_acct_create(a, folder(w), 0, NULL, err));
}

typedef int (*folder_fn)(struct ctl_work *w, struct gw_acct *a, struct gw_arena *arena, struct gw_err *err);

static int with_account(struct ctl_work *w, bool make, folder_fn fn, struct gw_err *err)
{
	struct gw_arena arena;
	struct gw_acct *a;
	int rc = gw_admin_public_open(w->store, make, &a, err);

	if (rc < 0)
		return rc;
	gw_arena_init(&arena, 0, 0);
	rc = fn(w, a, &arena, err);
	gw_arena_done(&arena);
	gw_acct_close(a);
	return rc;
}

static int work_list(struct ctl_work *w, struct gw_err *err)
{
	return with_account(w, false, list, err);
}

static int work_create(struct ctl_work *w, struct gw_err *err)
{
	return with_account(w, true, create, err);
}

static int work_delete(struct ctl_work *w, struct gw_err *err)
{
	return with_account(w, false, delete, err);
}

const struct ctl_handler ctl_handlers_public[] = {
	{ "public list", .work = work_list },
	{ "public create", .work = work_create },
	{ "public grant", .work = work_grant },
	{ "public revoke", .work = work_revoke },
	{ "public delete", .work = work_delete },
	{ 0 },
};
