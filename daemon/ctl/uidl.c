/* uidl.c - pop3 uidl-diff: will clients fetch everything again after a migration? And pop3 uidl-import, so that they do not.
 * As jobs (see ctl.h)
 *
 * The names of another server come through a file that is passed with the request; ours are those that a POP3 session
 * would be shown. Both are sorted and walked side by side; or theirs are given to our messages by their numbers. */
#include "daemon/ctl/ctl.h"

#include "store/admin.h"
#include "store/import.h"
#include "store/uidl.h"
#include "util/mem.h"
#include "util/num.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#define LIST_MAX (16u << 20) /* octets of the list: some hundred thousand names */
#define PIECE 65536u

struct name {
	struct gw_slice uidl;
	uint64_t number;
};

struct names {
	struct gw_buf text;  /* of all; names point into it once it is complete */
	struct name *v;
	size_t n;
};

/* ---- the other server's ---- */

/* All that comes through fd, until its end or until we are told to stop. */
static int read_list(struct ctl_work *w, struct gw_buf *text, struct gw_err *err)
{
	struct pollfd p[] = { { .fd = w->passed, .events = POLLIN }, { .fd = w->job->fd, .events = POLLIN } };
	ssize_t n = 1;

	while (n != 0) {
		char *room;

		if (poll(p, 2, -1) < 0 && errno != EINTR)
			return gw_fail(err, GW_EIO, "the list cannot be read: %s", strerror(errno));
		if (p[1].revents && ctl_work_stopped(w))
			return gw_fail(err, GW_EINTR, "cancelled");
		if (!p[0].revents)
			continue;
		room = gw_buf_room(text, PIECE);
		if (!room)
			return gw_fail(err, GW_ELIMIT, "the list is longer than %u MiB", LIST_MAX >> 20);
		n = read(w->passed, room, PIECE);
		if (n < 0 && errno != EINTR && errno != EAGAIN)
			return gw_fail(err, GW_EIO, "the list cannot be read: %s", strerror(errno));
		text->n += n > 0 ? (size_t)n : 0;
	}
	return 0;
}

static struct gw_slice next_word(struct gw_slice *line)
{
	size_t n = 0;

	while (line->n && (*line->p == ' ' || *line->p == '\t'))
		gw_slice_take(line, 1);
	while (n < line->n && line->p[n] != ' ' && line->p[n] != '\t' && line->p[n] != '\r')
		n++;
	return gw_slice_take(line, n);
}

/* "name", "number name"; what a session log has around them is left out: "+OK ..." and the dot. */
static bool read_line(struct gw_slice line, struct name *ret)
{
	struct gw_slice first = next_word(&line), second = next_word(&line);
	uint64_t number = 0;

	if (first.n == 0 || gw_slice_eq(first, GW_S(".")) || gw_slice_eq(first, GW_S("+OK")))
		return false;
	if (second.n == 0 || !gw_parse_u64(first, &number)) {
		*ret = (struct name){ .uidl = first };
		return true;
	}
	*ret = (struct name){ .uidl = second, .number = number };
	return true;
}

static int order(const void *pa, const void *pb)
{
	const struct name *a = pa, *b = pb;
	int c = gw_slice_cmp(a->uidl, b->uidl);

	return c ? c : (a->number > b->number) - (a->number < b->number);
}

static void split_lines(struct names *l)
{
	struct gw_slice rest = gw_buf_slice(&l->text);
	size_t lines = 1;

	for (size_t i = 0; i < rest.n; i++)
		lines += rest.p[i] == '\n';
	l->v = gw_xcalloc(lines, sizeof *l->v);
	while (rest.n) {
		struct gw_slice line = gw_slice_take(&rest, gw_slice_find(rest, '\n'));

		gw_slice_take(&rest, rest.n ? 1 : 0);
		l->n += read_line(line, &l->v[l->n]);
	}
	for (size_t i = 0; i < l->n; i++)
		l->v[i].number = l->v[i].number ? l->v[i].number : i + 1;
	if (l->n)
		qsort(l->v, l->n, sizeof *l->v, order);
}

/* ---- ours ---- */

/* A session that began now would see them. */
struct view {
	enum gw_uidl_format format;
	bool hide_deleted;
};

static struct view view_now(struct ctl_work *w)
{
	struct snapshot *s = snapshot_get(w->g);
	struct view v = { s->config->pop3_uidl_format, s->config->pop3_delete == GW_POP3_DELETE_FLAG };

	snapshot_unref(s);
	return v;
}

static int fetch_names(struct ctl_work *w, struct gw_fetch *cur, const struct view *v, struct gw_uidls *names, struct gw_buf *lines, struct gw_err *err)
{
	char uidl[GW_UIDL_MAX + 1];
	struct gw_message m;
	uint32_t n = 0;
	bool gone;
	int rc;

	while ((rc = gw_fetch_next(cur, &m, &gone, err)) > 0) {
		if (gone || (v->hide_deleted && m.entry->flags & GW_FLAG_DELETED))
			continue;
		gw_uidls_name(names, ++n, &m, uidl);
		gw_buf_printf(lines, "%u %s\n", n, uidl);
		if (m.seq % 1024 == 0 && ctl_work_stopped(w))
			return gw_fail(err, GW_EINTR, "cancelled");
	}
	return rc;
}

/* As the lines that UIDL would have. */
static int our_names(struct ctl_work *w, struct gw_acct *a, struct gw_buf *lines, struct gw_err *err)
{
	struct gw_index *ix = NULL;
	struct gw_fetch *cur = NULL;
	const struct view v = view_now(w);
	struct gw_uidls names;
	struct gw_mailbox inbox;
	struct gw_arena arena;
	struct gw_set all;
	int rc;

	gw_arena_init(&arena, 0, 0);
	gw_set_init(&all);
	rc = gw_acct_find(a, &arena, GW_S("INBOX"), &inbox, err);
	if (rc == 0)
		rc = gw_mbox_index(a, inbox.id, &ix, err);
	if (rc == 0 && ix->n) {
		gw_set_add(&all, 1, ix->n);
		rc = gw_fetch_open(a, inbox.id, ix, &all, GW_WANT_UIDL, &cur, err);
		gw_uidls_init(&names, v.format, ix->uidvalidity);
		if (rc == 0)
			rc = fetch_names(w, cur, &v, &names, lines, err);
		gw_fetch_close(cur);
		gw_uidls_done(&names);
	}
	gw_index_unref(ix);
	gw_set_done(&all);
	gw_arena_done(&arena);
	return rc;
}

/* ---- side by side ---- */

struct diff {
	struct ctl_work *w;
	bool all;
	uint64_t same, missing, new;
};

static void put_number(struct gw_json *j, const char *key, const struct name *n)
{
	if (n)
		gw_json_u64(j, key, n->number);
	else
		gw_json_str(j, key, NULL);
}

/* One of the two may be missing. */
static void tell(struct diff *d, const struct name *ours, const struct name *theirs)
{
	const struct name *known = ours ? ours : theirs;
	struct gw_json *j;

	*(ours && theirs ? &d->same : ours ? &d->new : &d->missing) += 1;
	if (ours && theirs && !d->all)
		return;
	j = gw_ctl_row(&d->w->reply);
	gw_json_str(j, "state", ours && theirs ? "same" : ours ? "new" : "missing");
	gw_json_string(j, "uidl", known ? known->uidl : GW_S(""));
	put_number(j, "number", ours);
	put_number(j, "other_number", theirs);
	ctl_work_row(d->w, false);
}

static void compare(struct diff *d, const struct names *ours, const struct names *theirs)
{
	size_t i = 0, k = 0;

	while (i < ours->n || k < theirs->n) {
		int c = i == ours->n ? 1 : k == theirs->n ? -1 : gw_slice_cmp(ours->v[i].uidl, theirs->v[k].uidl);

		tell(d, c <= 0 ? &ours->v[i] : NULL, c >= 0 ? &theirs->v[k] : NULL);
		i += c <= 0;
		k += c >= 0;
	}
}

static void put_counts(const struct diff *d)
{
	struct gw_json *j = gw_ctl_ok(&d->w->reply);

	gw_json_u64(j, "same", d->same);
	gw_json_u64(j, "missing", d->missing);
	gw_json_u64(j, "new", d->new);
	if (d->missing || d->new)
		gw_json_u64(j, "exit", 1);
	gw_ctl_end(&d->w->reply);
}

static void names_done(struct names *l)
{
	free(l->v);
	gw_buf_done(&l->text);
}

static int work_diff(struct ctl_work *w, struct gw_err *err)
{
	struct diff d = { .w = w, .all = gw_ctl_flag(w->r, "all") };
	struct names ours = { .n = 0 }, theirs = { .n = 0 };
	struct gw_acct *a;
	int rc = gw_admin_open(w->store, gw_ctl_slice(w->r, "user"), &a, err);

	if (rc < 0)
		return rc;
	gw_buf_init(&ours.text, 0);
	gw_buf_init(&theirs.text, LIST_MAX);
	rc = read_list(w, &theirs.text, err);
	if (rc == 0)
		rc = our_names(w, a, &ours.text, err);
	if (rc == 0) {
		split_lines(&ours);
		split_lines(&theirs);
		compare(&d, &ours, &theirs);
		put_counts(&d);
	}
	names_done(&ours);
	names_done(&theirs);
	gw_acct_close(a);
	return rc;
}

/* ---- taking them over ---- */

static int order_of_numbers(const void *pa, const void *pb)
{
	const struct name *a = pa, *b = pb;

	return (a->number > b->number) - (a->number < b->number);
}

/* One name for each message, and one message for each name. Leaves them in the order of their numbers. */
static int check_list(struct names *l, struct gw_err *err)
{
	for (size_t i = 0; i < l->n; i++) {
		if (!gw_import_uidl_ok(l->v[i].uidl))
			return gw_fail(err, GW_EINVAL, "\"%.*s\" is no name that UIDL can tell", (int)(l->v[i].uidl.n < 100 ? l->v[i].uidl.n : 100), l->v[i].uidl.p);
		if (i && gw_slice_eq(l->v[i].uidl, l->v[i - 1].uidl))
			return gw_fail(err, GW_EINVAL, "\"%.*s\" is in the list twice", GW_FMT(l->v[i].uidl));
	}
	if (l->n)
		qsort(l->v, l->n, sizeof *l->v, order_of_numbers);
	for (size_t i = 1; i < l->n; i++)
		if (l->v[i].number == l->v[i - 1].number)
			return gw_fail(err, GW_EINVAL, "the list has the number %llu twice", (unsigned long long)l->v[i].number);
	return 0;
}

/* The UIDs of the messages with these numbers in the list that a session is shown. */
static int find_uids(const struct names *l, const struct gw_index *ix, bool hide_deleted, struct gw_import_uidl *ret, struct gw_err *err)
{
	const struct gw_entry *e;
	struct gw_index_iter it;
	uint32_t number = 0;
	size_t i = 0;

	gw_index_iter(&it, ix, 1);
	while (i < l->n && (e = gw_index_next(&it))) {
		if (hide_deleted && e->flags & GW_FLAG_DELETED)
			continue;
		if (l->v[i].number == ++number)
			ret[i++].uid = e->uid;
	}
	return i < l->n ? gw_fail(err, GW_EINVAL, "the list has a message %llu, the inbox has %u", (unsigned long long)l->v[l->n - 1].number, number) : 0;
}

static int take_uids(const struct names *l, struct gw_import_uidl *ret, struct gw_err *err)
{
	for (size_t i = 0; i < l->n; i++) {
		if (l->v[i].number > UINT32_MAX)
			return gw_fail(err, GW_EINVAL, "%llu is no UID", (unsigned long long)l->v[i].number);
		ret[i].uid = (uint32_t)l->v[i].number;
	}
	return 0;
}

static int import_names(struct ctl_work *w, struct gw_acct *a, struct names *l, uint64_t *ret, struct gw_err *err)
{
	bool by_uid = gw_slice_eq(gw_ctl_slice(w->r, "by"), GW_S("uid"));
	struct gw_import_uidl *v = gw_xcalloc(l->n + 1, sizeof *v);
	struct gw_index *ix = NULL;
	struct gw_mailbox inbox = { 0 };
	struct gw_arena arena;
	int rc = check_list(l, err);

	gw_arena_init(&arena, 0, 0);
	for (size_t i = 0; i < l->n; i++)
		v[i].uidl = l->v[i].uidl;
	if (rc == 0)
		rc = gw_acct_find(a, &arena, GW_S("INBOX"), &inbox, err);
	if (rc == 0)
		rc = gw_mbox_index(a, inbox.id, &ix, err);
	if (rc == 0)
		rc = by_uid ? take_uids(l, v, err) : find_uids(l, ix, view_now(w).hide_deleted, v, err);
	if (rc == 0)
		rc = gw_import_uidls(a, inbox.id, v, l->n, ret, err);
	gw_index_unref(ix);
	gw_arena_done(&arena);
	free(v);
	return rc;
}

static int work_import(struct ctl_work *w, struct gw_err *err)
{
	struct names theirs = { .n = 0 };
	struct gw_acct *a;
	uint64_t named = 0;
	int rc = gw_admin_open(w->store, gw_ctl_slice(w->r, "user"), &a, err);

	if (rc < 0)
		return rc;
	gw_buf_init(&theirs.text, LIST_MAX);
	rc = read_list(w, &theirs.text, err);
	if (rc == 0) {
		split_lines(&theirs);
		rc = import_names(w, a, &theirs, &named, err);
	}
	if (rc == 0) {
		struct gw_json *j = gw_ctl_ok(&w->reply);

		gw_json_u64(j, "names", theirs.n);
		gw_json_u64(j, "named", named);
		gw_ctl_end(&w->reply);
	}
	names_done(&theirs);
	gw_acct_close(a);
	return rc;
}

const struct ctl_handler ctl_handlers_uidl[] = {
	{ "pop3 uidl-import", .work = work_import },
	{ "pop3 uidl-diff", .work = work_diff },
	{ 0 },
};
