/* fuzz_jmap.c - what a JMAP server may send: sessions, answers, event streams, trees of mailboxes
 *
 * The first octet says which: 's' session, 'a' answer, 'e' event stream, 'u' upload, 'p' problem, 't' names of
 * mailboxes. What is taken must keep the promises of the headers: ids are ids, lists have each once, addresses are of
 * the host that was asked, paths are valid and different and come back, and an event stream says the same wherever it
 * is cut. */
#include "store/driver.h"
#include "store/jmap/ids.h"
#include "store/jmap/tree.h"
#include "store/jmap/wire.h"
#include "store/store.h"

#include <stdlib.h>

#define BASE  "https://mail.example.org/jmap/"
#define CALLS 4
#define BOXES 300

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool ok, const char *what)
{
	if (!ok)
		gw_bug(what);
}

static void all_ids(const struct gw_slice *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		must(jmap_id_ok(v[i]), "what is no id was taken");
}

/* ---- sessions ---- */

static void on_host(struct gw_slice url)
{
	must(url.n == 0 || gw_slice_startsi(url, GW_S("https://mail.example.org/")) ||
			gw_slice_startsi(url, GW_S("https://mail.example.org?")) ||
			gw_slice_eqi(url, GW_S("https://mail.example.org")) ||
			gw_slice_startsi(url, GW_S("https://mail.example.org:443")),
		"an address of another host was taken");
}

static void session(struct gw_slice in, struct gw_arena *arena)
{
	struct jmap_session s;

	if (jmap_session_read(in, BASE, false, arena, &s, NULL) < 0)
		return;
	must(s.n_accounts > 0 && s.limit.max_get > 0 && s.limit.max_set > 0 && s.limit.max_calls > 0,
		"a session without accounts or limits");
	for (size_t i = 0; i < s.n_accounts; i++)
		must(jmap_id_ok(s.accounts[i].id) && s.accounts[i].mail, "an account without mail");
	on_host(s.api);
	on_host(gw_slice_str(jmap_upload_url(&s, s.accounts[0].id, arena)));
	on_host(gw_slice_str(jmap_download_url(&s, s.accounts[0].id, GW_S("blob"), arena)));
	on_host(gw_slice_str(jmap_event_url(&s, 30, arena)));
	must(strstr(jmap_download_url(&s, s.accounts[0].id, GW_S("the-blob"), arena), "the-blob") != NULL,
		"an address without its blob");
}

/* ---- trees ---- */

static int by_bytes(const void *a, const void *b)
{
	return gw_slice_cmp(*(const struct gw_slice *)a, *(const struct gw_slice *)b);
}

static void paths_are_good(const struct jmap_mailbox *v, size_t n, struct gw_arena *arena)
{
	struct gw_slice *paths = gw_arena_calloc(arena, n + 1, sizeof *paths);
	size_t inboxes = 0;

	jmap_tree_paths(v, n, arena, paths);
	for (size_t i = 0; i < n; i++) {
		must(gw_mailbox_name_check(paths[i], NULL) == 0, "a path that no mailbox may have");
		inboxes += gw_slice_eqi(paths[i], GW_S("INBOX"));
	}
	must(inboxes <= 1, "two inboxes");
	qsort(paths, n, sizeof *paths, by_bytes);
	for (size_t i = 1; i < n; i++)
		must(!gw_slice_eq(paths[i - 1], paths[i]), "two mailboxes of one path");
}

/* One mailbox alone has its name back unless it was too long. */
static void name_comes_back(struct gw_slice name, struct gw_arena *arena)
{
	struct jmap_mailbox m = { .id = GW_S("x"), .name = name };
	struct gw_slice path, back;

	if (name.n == 0 || name.n > GW_MAILBOX_NAME_MAX / 3 || memchr(name.p, 0, name.n))
		return;
	jmap_tree_paths(&m, 1, arena, &path);
	back = jmap_level_name(path, arena);
	must(gw_slice_eq(back, name), "a name does not come back");
}

/* Lines "IPname": one letter each is the id and the parent's, '*' in front is the inbox. */
static void tree(struct gw_slice in, struct gw_arena *arena)
{
	struct jmap_mailbox *v = gw_arena_calloc(arena, BOXES, sizeof *v);
	size_t n = 0;

	while (in.n && n < BOXES) {
		struct gw_slice line = gw_slice_take(&in, gw_slice_find(in, '\n'));

		if (in.n)
			gw_slice_take(&in, 1);
		if (line.n && line.p[0] == '*') {
			v[n].role = JMAP_INBOX;
			gw_slice_take(&line, 1);
		}
		if (line.n < 2 || !jmap_id_ok(gw_slice(line.p, 1)))
			continue;
		v[n].id = gw_slice_take(&line, 1);
		v[n].parent = gw_slice_take(&line, 1);
		v[n].parent.n = v[n].parent.p[0] != ' ';
		v[n].name = line;
		name_comes_back(line, arena);
		n++;
	}
	paths_are_good(v, n, arena);
}

/* ---- answers ---- */

static void emails(const struct jmap_answer *a, unsigned call, struct gw_arena *arena)
{
	struct jmap_email *v;
	struct gw_slice *gone, state, *words;
	size_t n, n_gone, n_words;

	if (jmap_take_emails(a, call, GW_S("A1"), arena, &v, &n, &gone, &n_gone, &state, NULL) < 0)
		return;
	must(state.n > 0, "no state");
	all_ids(gone, n_gone);
	for (size_t i = 0; i < n; i++) {
		all_ids(&v[i].id, 1);
		all_ids(v[i].mailboxes, v[i].n_mailboxes);
		for (size_t k = 0; k < v[i].n_keywords; k++)
			must(jmap_keyword_ok(v[i].keywords[k]) &&
					(k == 0 || gw_slice_cmp(v[i].keywords[k - 1], v[i].keywords[k]) < 0),
				"keywords that are none or not sorted");
		jmap_flags(v[i].keywords, v[i].n_keywords, arena, &words, &n_words);
	}
}

static void mailboxes(const struct jmap_answer *a, unsigned call, struct gw_arena *arena)
{
	struct jmap_mailbox *v;
	struct gw_slice state;
	size_t n;

	if (jmap_take_mailboxes(a, call, GW_S("A1"), arena, &v, &n, &state, NULL) < 0)
		return;
	for (size_t i = 0; i < n; i++)
		must(jmap_id_ok(v[i].id) && v[i].name.n > 0, "a mailbox without id or name");
	paths_are_good(v, n, arena);
}

static void lists(const struct jmap_answer *a, unsigned call, struct gw_arena *arena)
{
	struct jmap_changes c;
	struct gw_slice *ids, state;
	struct gw_quota q;
	uint64_t limit;
	size_t n;

	if (jmap_take_changes(a, call, GW_S("A1"), arena, &c, NULL) == 0) {
		all_ids(c.changed, c.n_changed);
		all_ids(c.destroyed, c.n_destroyed);
		must(!c.more || !gw_slice_eq(c.old_state, c.new_state), "changes that never end");
	}
	if (jmap_take_ids(a, call, GW_S("A1"), arena, &ids, &n, &limit, &state, NULL) == 0)
		all_ids(ids, n);
	jmap_take_quota(a, call, GW_S("A1"), &q, NULL);
}

static void sets(const struct jmap_answer *a, unsigned call, struct gw_arena *arena)
{
	struct jmap_created c = { 0 };
	struct jmap_failure f;
	struct gw_err err;
	struct jmap_set set;

	jmap_take_set(a, call, GW_S("A1"), arena, &set, NULL);
	jmap_object_updated(a, call, GW_S("e1"), &f);
	must((f.kind == JMAP_OK) == (f.code == 0), "a failure without a code");
	jmap_object_destroyed(a, call, GW_S("e2"), &f);
	if (f.kind != JMAP_OK)
		must(jmap_fail(&f, "Email/set", &err) < 0, "a failure that is none");
	jmap_object_created(a, call, "i0", arena, &c, &f);
	must(f.kind != JMAP_OK || jmap_id_ok(c.id), "something new without an id");
	must(f.existing.n == 0 || jmap_id_ok(f.existing), "something that exists without an id");
}

static void answer(struct gw_slice in, struct gw_arena *arena)
{
	struct jmap_answer *a;

	if (jmap_answer_read(in, CALLS, &a, NULL) < 0)
		return;
	for (unsigned call = 0; call < CALLS; call++) {
		emails(a, call, arena);
		mailboxes(a, call, arena);
		lists(a, call, arena);
		sets(a, call, arena);
	}
	jmap_answer_free(a);
}

/* ---- event streams ---- */

static void changed(void *ctx, struct gw_slice account, struct gw_slice type, struct gw_slice state)
{
	must(jmap_id_ok(account), "a change of no account");
	gw_buf_printf(ctx, "%.*s %.*s %.*s\n", GW_FMT(account), GW_FMT(type), GW_FMT(state));
}

/* What the stream says when it comes in pieces of n octets. */
static void stream(struct gw_slice in, size_t n, struct gw_buf *heard)
{
	struct jmap_events e;

	jmap_events_init(&e);
	while (in.n && jmap_events_feed(&e, gw_slice_take(&in, n < in.n ? n : in.n), changed, heard, NULL) != GW_ELIMIT)
		;
	gw_buf_printf(heard, "%s %u", e.last_id, e.retry_ms);
	jmap_events_done(&e);
}

static void events(struct gw_slice in)
{
	struct gw_buf whole, pieces;

	gw_buf_init(&whole, 0);
	stream(in, in.n, &whole);
	for (size_t n = 1; n < 4; n++) {
		gw_buf_init(&pieces, 0);
		stream(in, n, &pieces);
		must(gw_slice_eq(gw_buf_slice(&whole), gw_buf_slice(&pieces)),
			"a stream that says something else in pieces");
		gw_buf_done(&pieces);
	}
	gw_buf_done(&whole);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct gw_slice in = { size ? (const char *)data + 1 : "", size ? size - 1 : 0 }, blob;
	struct gw_arena arena;
	uint64_t octets;
	const char *limit;

	gw_arena_init(&arena, 0, 0);
	switch (size ? data[0] : 0) {
	case 's':
		session(in, &arena);
		break;
	case 'a':
		answer(in, &arena);
		break;
	case 'e':
		events(in);
		break;
	case 't':
		tree(in, &arena);
		break;
	case 'u':
		if (jmap_upload_read(in, GW_S("A1"), &arena, &blob, &octets, NULL) == 0)
			all_ids(&blob, 1);
		break;
	case 'p':
		must(jmap_http_error(400, in, &limit, NULL) < 0, "a problem that is none");
		break;
	default:
		break;
	}
	gw_arena_done(&arena);
	return 0;
}
