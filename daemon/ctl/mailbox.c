/* mailbox.c - orders about the mailboxes of an account, as jobs (see ctl.h)
 *
 * The account is opened as one of its own sessions would; sessions that are open see what changes as they see each
 * other's changes. */
#include "daemon/ctl/ctl.h"

#include "store/admin.h"
#include "util/glob.h"


static const struct {
	const char *word;
	unsigned bit;
} specials[] = {
	{ "sent", GW_MBOX_SENT },       { "drafts", GW_MBOX_DRAFTS },   { "junk", GW_MBOX_JUNK },
	{ "trash", GW_MBOX_TRASH },     { "archive", GW_MBOX_ARCHIVE }, { "all", GW_MBOX_ALL },
	{ "flagged", GW_MBOX_FLAGGED }, { "important", GW_MBOX_IMPORTANT },
};
#define N_SPECIALS (sizeof specials / sizeof *specials)

static int open_account(struct ctl_work *w, struct gw_acct **ret, struct gw_err *err)
{
	return gw_admin_open(w->store, gw_ctl_slice(w->r, "user"), ret, err);
}

static struct gw_slice name_of(const struct ctl_work *w)
{
	return gw_ctl_slice(w->r, "name");
}

/* ---- looking ---- */

static void put_special(struct gw_json *j, unsigned attrs)
{
	const char *word = NULL;

	for (size_t i = 0; i < N_SPECIALS && !word; i++)
		if (attrs & specials[i].bit)
			word = specials[i].word;
	gw_json_str(j, "special", word);
}

static void put_mailbox(struct gw_json *j, const struct gw_mailbox *m)
{
	bool there = !(m->attrs & GW_MBOX_NONEXISTENT);

	gw_json_string(j, "name", m->name);
	gw_json_u64(j, "messages", there ? m->messages : 0);
	gw_json_u64(j, "unseen", there ? m->unseen : 0);
	gw_json_u64(j, "size", there ? m->size : 0);
	put_special(j, m->attrs);
	gw_json_bool(j, "subscribed", m->attrs & GW_MBOX_SUBSCRIBED);
	gw_json_bool(j, "selectable", there && !(m->attrs & GW_MBOX_NOSELECT));
	gw_json_bool(j, "public", m->attrs & GW_MBOX_PUBLIC);
	gw_json_u64(j, "uidvalidity", there ? m->uidvalidity : 0);
	gw_json_u64(j, "uidnext", there ? m->uidnext : 0);
}

static void put_counters(struct gw_json *j, const struct gw_mailbox *m)
{
	gw_json_u64(j, "recent", m->recent);
	gw_json_u64(j, "deleted", m->deleted);
	gw_json_u64(j, "deleted_size", m->deleted_size);
	gw_json_u64(j, "highestmodseq", m->modseq);
	gw_json_str(j, "mailboxid", m->mailboxid);
}

static bool fits(const struct ctl_work *w, struct gw_slice pattern, const struct gw_mailbox *m)
{
	if (gw_ctl_flag(w->r, "subscribed") && !(m->attrs & GW_MBOX_SUBSCRIBED))
		return false;
	return pattern.n == 0 || gw_glob(pattern, m->name);
}

static int list(struct ctl_work *w, struct gw_acct *a, struct gw_arena *arena, struct gw_err *err)
{
	struct gw_slice pattern = gw_ctl_slice(w->r, "match");
	uint64_t rows = 0, messages = 0, size = 0;
	struct gw_mailbox *v;
	struct gw_json *j;
	size_t n;
	int rc = gw_acct_list(a, arena, &v, &n, err);

	for (size_t i = 0; rc == 0 && i < n && !ctl_work_stopped(w); i++) {
		if (!fits(w, pattern, &v[i]))
			continue;
		put_mailbox(gw_ctl_row(&w->reply), &v[i]);
		ctl_work_row(w, false);
		rows++;
		messages += v[i].messages;
		size += v[i].size;
	}
	if (rc < 0)
		return rc;
	j = gw_ctl_ok(&w->reply);
	gw_json_u64(j, "mailboxes", rows);
	gw_json_u64(j, "messages", messages);
	gw_json_u64(j, "size", size);
	gw_ctl_end(&w->reply);
	return 0;
}

static int status(struct ctl_work *w, struct gw_acct *a, struct gw_arena *arena, struct gw_err *err)
{
	struct gw_mailbox m;
	struct gw_json *j;
	int rc = gw_acct_find(a, arena, name_of(w), &m, err);

	if (rc < 0)
		return rc;
	j = gw_ctl_row(&w->reply);
	put_mailbox(j, &m);
	put_counters(j, &m);
	ctl_work_row(w, false);
	gw_ctl_ok_empty(&w->reply);
	return 0;
}

/* ---- changing ---- */

static int create(struct ctl_work *w, struct gw_acct *a, struct gw_arena *arena, struct gw_err *err)
{
	struct gw_slice special = gw_ctl_slice(w->r, "special");
	unsigned bits = 0;
	int rc;

	(void)arena;
	for (size_t i = 0; i < N_SPECIALS; i++)
		if (gw_slice_eqi(special, gw_slice_str(specials[i].word)))
			bits = specials[i].bit;
	rc = gw_acct_create(a, name_of(w), bits, NULL, err);
	if (rc == 0 && gw_ctl_flag(w->r, "subscribe"))
		rc = gw_acct_subscribe(a, name_of(w), true, err);
	if (rc == 0)
		gw_ctl_ok_empty(&w->reply);
	return rc;
}

static bool lies_below(struct gw_slice name, struct gw_slice parent)
{
	return name.n > parent.n && name.p[parent.n] == '/' && gw_slice_eq(gw_slice(name.p, parent.n), parent);
}

struct victims {
	struct gw_mailbox *v; /* deepest last, as gw_acct_list() has them */
	size_t n;
	uint64_t messages;
};

/* The mailbox, and with recursive those below it. */
static int find_victims(struct ctl_work *w, struct gw_acct *a, struct gw_arena *arena, struct victims *ret, struct gw_err *err)
{
	struct gw_mailbox top, *v;
	size_t n;
	int rc = gw_acct_find(a, arena, name_of(w), &top, err);

	if (rc == 0)
		rc = gw_acct_list(a, arena, &v, &n, err);
	if (rc != 0)
		return rc;
	*ret = (struct victims){ .v = gw_arena_calloc(arena, n + 1, sizeof *v), .n = 1, .messages = top.messages };
	ret->v[0] = top;
	for (size_t i = 0; i < n && gw_ctl_flag(w->r, "recursive"); i++) {
		if (!lies_below(v[i].name, top.name) || v[i].attrs & GW_MBOX_NONEXISTENT)
			continue;
		ret->v[ret->n++] = v[i];
		ret->messages += v[i].messages;
	}
	return 0;
}

static int delete(struct ctl_work *w, struct gw_acct *a, struct gw_arena *arena, struct gw_err *err)
{
	struct victims all = { 0 };
	struct gw_json *j;
	int rc = find_victims(w, a, arena, &all, err);

	if (rc < 0)
		return rc;
	if (!gw_ctl_flag(w->r, "confirm"))
		return gw_fail(err, GW_EACCES, "%zu mailbox%s with %llu messages would go: this must be confirmed", all.n,
			       all.n == 1 ? "" : "es", (unsigned long long)all.messages);
	for (size_t i = all.n; i-- > 0 && rc == 0;) {
		rc = gw_acct_delete(a, all.v[i].name, err);
		if (rc == 0 && all.v[i].attrs & GW_MBOX_SUBSCRIBED)
			rc = gw_acct_subscribe(a, all.v[i].name, false, err);
	}
	if (rc < 0)
		return rc;
	j = gw_ctl_ok(&w->reply);
	gw_json_u64(j, "mailboxes", all.n);
	gw_json_u64(j, "messages", all.messages);
	gw_ctl_end(&w->reply);
	return 0;
}

/* Subscriptions are names (RFC 3501 6.3.6): here they follow the mailboxes. */
static int move_subscription(struct gw_acct *a, struct gw_arena *arena, struct gw_slice was, struct gw_slice from,
			     struct gw_slice to, struct gw_err *err)
{
	const char *now = gw_arena_printf(arena, "%.*s%.*s", GW_FMT(to), (int)(was.n - from.n), was.p + from.n);
	int rc = gw_acct_subscribe(a, gw_slice_str(now), true, err);

	return rc < 0 ? rc : gw_acct_subscribe(a, was, false, err);
}

static int rename_it(struct ctl_work *w, struct gw_acct *a, struct gw_arena *arena, struct gw_err *err)
{
	struct gw_slice to = gw_ctl_slice(w->r, "to");
	struct gw_mailbox from, *v = NULL;
	size_t n = 0;
	int rc = gw_acct_find(a, arena, name_of(w), &from, err);

	if (rc == 0)
		rc = gw_acct_list(a, arena, &v, &n, err);
	if (rc == 0)
		rc = gw_acct_rename(a, from.name, to, err);
	for (size_t i = 0; rc == 0 && i < n && !gw_slice_eq(from.name, GW_S("INBOX")); i++)
		if (v[i].attrs & GW_MBOX_SUBSCRIBED &&
		    (gw_slice_eq(v[i].name, from.name) || lies_below(v[i].name, from.name)))
			rc = move_subscription(a, arena, v[i].name, from.name, to, err);
	if (rc == 0)
		gw_ctl_ok_empty(&w->reply);
	return rc;
}

static int subscribe(struct ctl_work *w, struct gw_acct *a, struct gw_arena *arena, struct gw_err *err)
{
	bool on = strcmp(w->r->verb->name, "mailbox subscribe") == 0;
	int rc = gw_acct_subscribe(a, name_of(w), on, err);

	(void)arena;
	if (rc == 0)
		gw_ctl_ok_empty(&w->reply);
	return rc;
}

/* ---- the table ---- */

typedef int (*mailbox_fn)(struct ctl_work *w, struct gw_acct *a, struct gw_arena *arena, struct gw_err *err);

static const struct {
	const char *verb;
	mailbox_fn fn;
} orders[] = {
	{ "mailbox list", list },      { "mailbox status", status },       { "mailbox create", create },
	{ "mailbox delete", delete },  { "mailbox rename", rename_it },    { "mailbox subscribe", subscribe },
	{ "mailbox unsubscribe", subscribe },
};

static int work(struct ctl_work *w, struct gw_err *err)
{
	struct gw_arena arena;
	struct gw_acct *a;
	int rc = open_account(w, &a, err);

	if (rc < 0)
		return rc;
	gw_arena_init(&arena, 0, 0);
	for (size_t i = 0; i < sizeof orders / sizeof *orders; i++)
		if (strcmp(orders[i].verb, w->r->verb->name) == 0)
			rc = orders[i].fn(w, a, &arena, err);
	gw_arena_done(&arena);
	gw_acct_close(a);
	return rc;
}

const struct ctl_handler ctl_handlers_mailbox[] = {
	{ "mailbox list", .work = work },      { "mailbox status", .work = work },
	{ "mailbox create", .work = work },    { "mailbox delete", .work = work },
	{ "mailbox rename", .work = work },    { "mailbox subscribe", .work = work },
	{ "mailbox unsubscribe", .work = work }, { 0 },
};
