/* storebench.c - how fast the embedded store is, without any protocol around it
 *
 *   storebench DIRECTORY [real messages] [small messages]
 *
 * Makes a store below DIRECTORY (which must be on the disk that counts, and empty), fills it and prints one line a
 * figure. Bounded: a few minutes at most. */
#include <malloc.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "store/local/local.h"
#include "store/store.h"
#include "util/mem.h"

static struct gw_store *store;
static struct gw_err err;

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static void must(int rc, const char *what)
{
	if (rc >= 0)
		return;
	fprintf(stderr, "%s: %s (%s)\n", what, err.text, gw_code_name(rc));
	exit(1);
}

static void report(const char *what, double n, double secs, const char *unit)
{
	printf("%-34s %14.0f %s/s   (%.1f ms)\n", what, n / secs, unit, secs * 1e3);
	fflush(stdout);
}

static struct gw_acct *account(const char *name)
{
	struct gw_acct *a;

	must(gw_store_open_account(store, gw_slice_str(name), "imap", &a, &err), name);
	return a;
}

static void user_add(const char *name)
{
	struct gw_user_password none = { .plain = { NULL, 0 } };
	struct local_user u;

	must(local_accounts_add(gw_local_store(store)->accounts, gw_slice_str(name), &none, &u, &err), "user");
}

static struct gw_mbox_id mailbox(struct gw_acct *a, const char *name)
{
	struct gw_arena arena;
	struct gw_mailbox m;
	struct gw_mbox_id id;

	gw_arena_init(&arena, 0, 0);
	if (gw_acct_find(a, &arena, gw_slice_str(name), &m, &err) == 0)
		id = m.id;
	else
		must(gw_acct_create(a, gw_slice_str(name), 0, &id, &err), name);
	gw_arena_done(&arena);
	return id;
}

/* ---- messages ---- */

static uint64_t seed = 88172645463325252;

static uint32_t rnd(uint32_t n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (uint32_t)(seed >> 11) % n;
}

/* A header of about 900 octets and text; every fourth real message carries a base64 part. */
static size_t make_message(char *p, size_t cap, uint32_t number, bool real)
{
	static const char *const words[] = { "project", "invoice", "meeting", "status", "question", "the", "and", "of",
		"new", "report", "budget", "please", "tomorrow", "plan", "gateway", "storage" };
	size_t body = real ? (rnd(100) < 60	     ? 1000 + rnd(6000)
				     : rnd(100) < 80 ? 8000 + rnd(50000)
						     : 60000 + rnd(190000))
			   : 200 + rnd(800);
	size_t n = (size_t)snprintf(p, cap,
		"Return-Path: <sender%u@example.org>\r\nReceived: from mx%u.example.org (mx%u.example.org "
		"[192.0.2.%u])\r\n"
		"\tby mail.example.com with ESMTPS id %08x for <anna@example.com>;\r\n\tMon, 6 Nov 2023 10:%02u:%02u "
		"+0100\r\n"
		"DKIM-Signature: v=1; a=rsa-sha256; d=example.org; s=k1; "
		"bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=;\r\n"
		"From: \"Person Number %u\" <person%u@example.org>\r\nTo: Anna Example <anna@example.com>\r\n"
		"Cc: list%u@example.com\r\nSubject: Re: the %s of %s number %u\r\nDate: Mon, 6 Nov 2023 10:00:%02u "
		"+0100\r\n"
		"Message-ID: <m%u.%u@example.org>\r\nIn-Reply-To: <m%u.%u@example.org>\r\nMIME-Version: 1.0\r\n"
		"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n",
		number % 500, number % 5, number % 5, number % 250, number, number % 60, number % 59, number % 700,
		number % 700, number % 20, words[number % 16], words[(number / 16) % 16], number, number % 60, number,
		(unsigned)real, number ? number - 1 - number % 3 % number : 0, (unsigned)real);
	size_t end = n + body;

	if (end > cap - 80)
		end = cap - 80;
	while (n < end) {
		const char *w = words[rnd(16)];
		size_t l = strlen(w);

		memcpy(p + n, w, l);
		n += l;
		p[n++] = ' ';
		if (rnd(12) == 0) {
			p[n++] = '\r';
			p[n++] = '\n';
		}
	}
	return n;
}

struct pool {
	char **text;
	size_t *size;
	uint32_t n;
	uint64_t bytes;
};

static struct pool make_pool(uint32_t from, uint32_t n, bool real)
{
	struct pool p = { gw_xcalloc(n, sizeof(char *)), gw_xcalloc(n, sizeof(size_t)), n, 0 };
	char *buf = gw_xalloc(300000);

	for (uint32_t i = 0; i < n; i++) {
		p.size[i] = make_message(buf, 300000, from + i, real);
		p.text[i] = gw_xrealloc(NULL, 1, p.size[i]);
		memcpy(p.text[i], buf, p.size[i]);
		p.bytes += p.size[i];
	}
	free(buf);
	return p;
}

static void free_pool(struct pool *p)
{
	for (uint32_t i = 0; i < p->n; i++)
		free(p->text[i]);
	free(p->text);
	free(p->size);
}

static void append(struct gw_acct *a, struct gw_mbox_id id, const struct pool *p, uint32_t batch)
{
	struct gw_append *v[200];
	struct gw_appended done;
	struct gw_err e;

	for (uint32_t i = 0; i < p->n; i += batch) {
		uint32_t n = p->n - i < batch ? p->n - i : batch;

		for (uint32_t j = 0; j < n; j++) {
			must(gw_append_open(a, p->size[i + j], &v[j], &e), "append");
			must(gw_append_write(v[j], gw_slice(p->text[i + j], p->size[i + j]), &e), "append");
		}
		must(gw_append_commit(a, id, v, n, &done, &e), "append");
		for (uint32_t j = 0; j < n; j++)
			gw_append_close(v[j]);
	}
}

/* ---- measurements ---- */

static void fill(struct gw_acct *a, const char *box, uint32_t n, bool real, uint32_t batch, const char *what)
{
	struct gw_mbox_id id = mailbox(a, box);
	double secs = 0;
	uint64_t bytes = 0;

	for (uint32_t i = 0; i < n; i += 2000) {
		struct pool p = make_pool(i, n - i < 2000 ? n - i : 2000, real);
		double t = now();

		append(a, id, &p, batch);
		secs += now() - t;
		bytes += p.bytes;
		free_pool(&p);
	}
	report(what, n, secs, "messages");
	printf("%-34s %14.0f KB a message, %.0f MB/s\n", "", (double)bytes / n / 1e3, (double)bytes / secs / 1e6);
}

static void drain(void)
{
	double t = now();

	for (int i = 0; i < 200; i++)
		gw_store_tidy(store, 600000);
	printf("%-34s %14.1f ms\n", "checkpoint and sweep", (now() - t) * 1e3);
}

static void fetch(struct gw_acct *a, const char *box, unsigned want, const char *what)
{
	struct gw_mbox_id id = mailbox(a, box);
	struct gw_index *ix;
	struct gw_message m;
	struct gw_fetch *f;
	struct gw_set all;
	uint64_t bytes = 0;
	uint32_t n = 0;
	char *buf = gw_xalloc(65536);
	double t = now();
	bool gone;
	int rc;

	must(gw_mbox_index(a, id, &ix, &err), what);
	gw_set_init(&all);
	gw_set_add(&all, 1, ix->n);
	must(gw_fetch_open(a, id, ix, &all, want, &f, &err), what);
	while ((rc = gw_fetch_next(f, &m, &gone, &err)) > 0) {
		bytes += m.envelope.n + m.bodystructure.n + m.headers.n + m.base_subject.n;
		if (want & GW_WANT_BODY) {
			uint64_t off = 0;
			long got;

			while ((got = gw_fetch_read(f, off, buf, 65536, &err)) > 0)
				off += (uint64_t)got;
			must((int)got, what);
			bytes += off;
		}
		if (++n % 300 == 0)
			gw_fetch_pause(f);
	}
	must(rc, what);
	gw_fetch_close(f);
	t = now() - t;
	report(what, n, t, "rows");
	if (want & GW_WANT_BODY)
		report("  octets", (double)bytes / 1e6, t, "MB");
	gw_index_unref(ix);
	gw_set_done(&all);
	free(buf);
}

static void load(struct gw_acct *a, const char *box, const char *what)
{
	struct gw_mbox_id id = mailbox(a, box);
	struct gw_index *ix;
	double t;

	gw_store_tidy(store, 0);
	mailbox(a, box);
	t = now();
	must(gw_mbox_index(a, id, &ix, &err), what);
	t = now() - t;
	report(what, ix->n, t, "messages");
	gw_index_unref(ix);
	t = now();
	for (int i = 0; i < 100000; i++) {
		must(gw_mbox_index(a, id, &ix, &err), what);
		gw_index_unref(ix);
	}
	report("  unchanged", 100000, now() - t, "looks");
}

static void flags(
	struct gw_acct *a, const char *box, enum gw_flag_how how, const char *keyword, uint32_t step, const char *what)
{
	struct gw_mbox_id id = mailbox(a, box);
	struct gw_slice k = gw_slice_str(keyword);
	struct gw_flag_change c = {
		.how = how, .system = keyword ? 0 : GW_FLAG_SEEN, .keywords = &k, .n_keywords = keyword != NULL
	};
	struct gw_index *ix;
	struct gw_set uids;
	uint32_t n = 0;
	double t;

	must(gw_mbox_index(a, id, &ix, &err), what);
	gw_set_init(&uids);
	for (uint32_t seq = 1; seq <= ix->n; seq += step, n++)
		gw_set_add(&uids, gw_index_at(ix, seq)->uid, gw_index_at(ix, seq)->uid);
	gw_index_unref(ix);
	t = now();
	must(gw_mbox_store_flags(a, id, &uids, &c, NULL, &err), what);
	must(gw_mbox_index(a, id, &ix, &err), what);
	report(what, n, now() - t, "messages");
	gw_index_unref(ix);
	gw_set_done(&uids);
}

static void one_flag(struct gw_acct *a, const char *box, int n, const char *what)
{
	struct gw_mbox_id id = mailbox(a, box);
	struct gw_flag_change c = { .system = GW_FLAG_FLAGGED };
	struct gw_index *ix;
	double t = now();

	for (int i = 0; i < n; i++) {
		struct gw_set uids;

		c.how = i % 2 ? GW_FLAGS_REMOVE : GW_FLAGS_ADD;
		gw_set_init(&uids);
		gw_set_add(&uids, 1000, 1000);
		must(gw_mbox_store_flags(a, id, &uids, &c, NULL, &err), what);
		must(gw_mbox_index(a, id, &ix, &err), what);
		gw_index_unref(ix);
		gw_set_done(&uids);
	}
	report(what, n, now() - t, "commits");
}

static void copy_all(struct gw_acct *a, const char *from, const char *to, bool move, const char *what)
{
	struct gw_mbox_id src = mailbox(a, from), dst = mailbox(a, to);
	struct gw_copied c;
	struct gw_set uids;
	uint64_t n;
	double t;

	gw_set_init(&uids);
	gw_set_add(&uids, 1, UINT32_MAX);
	t = now();
	must(gw_mbox_copy(a, src, &uids, dst, move, &c, &err), what);
	t = now() - t;
	n = gw_set_count(&c.src);
	report(what, (double)n, t, "messages");
	gw_copied_done(&c);
	gw_set_done(&uids);
}

static void expunge_half(struct gw_acct *a, const char *box, const char *what)
{
	struct gw_mbox_id id = mailbox(a, box);
	struct gw_flag_change c = { .how = GW_FLAGS_ADD, .system = GW_FLAG_DELETED };
	struct gw_index *ix;
	struct gw_set uids, gone;
	double t;

	must(gw_mbox_index(a, id, &ix, &err), what);
	gw_set_init(&uids);
	gw_set_init(&gone);
	for (uint32_t seq = 1; seq <= ix->n; seq += 2)
		gw_set_add(&uids, gw_index_at(ix, seq)->uid, gw_index_at(ix, seq)->uid);
	gw_index_unref(ix);
	must(gw_mbox_store_flags(a, id, &uids, &c, NULL, &err), what);
	t = now();
	must(gw_mbox_expunge(a, id, NULL, &gone, &err), what);
	report(what, (double)gw_set_count(&gone), now() - t, "messages");
	gw_set_done(&uids);
	gw_set_done(&gone);
}

static void log_ons(int n)
{
	struct gw_arena arena;
	double t = now();

	gw_arena_init(&arena, 0, 0);
	for (int i = 0; i < n; i++) {
		struct gw_mailbox m;
		struct gw_acct *a;
		char user[16];
		struct gw_recent recent;

		snprintf(user, sizeof user, "user%d", i % 20);
		a = account(user);
		must(gw_acct_find(a, &arena, GW_S("INBOX"), &m, &err), user);
		must(gw_mbox_recent(a, m.id, true, &recent, &err), user);
		gw_acct_close(a);
		gw_arena_reset(&arena);
	}
	report("sign on, SELECT, sign off (20 users)", n, now() - t, "sessions");
	gw_arena_done(&arena);
}

/* Allocated and not freed, in KiB. */
static double heap_kib(void)
{
	struct mallinfo2 m = mallinfo2();

	return (double)(m.uordblks + m.hblkhd) / 1024;
}

static void idle_memory(int n)
{
	struct gw_acct **v = gw_xcalloc((size_t)n, sizeof(struct gw_acct *));
	struct gw_arena arena;
	double before;

	gw_arena_init(&arena, 0, 0);
	for (int round = 0; round < 2; round++) {
		before = heap_kib();
		for (int i = 0; i < n; i++) {
			struct gw_mailbox m;
			char user[16];

			snprintf(user, sizeof user, "user%d", i);
			if (round == 0 && i >= 20)
				user_add(user);
			v[i] = account(user);
			must(gw_acct_find(v[i], &arena, GW_S("INBOX"), &m, &err), user);
			gw_arena_reset(&arena);
			if (i % 50 == 49)
				gw_store_tidy(store, 0);
		}
		gw_store_tidy(store, 0);
		if (round == 1)
			printf("%-34s %14.2f KiB\n", "an idle session", (heap_kib() - before) / n);
		for (int i = 0; i < n; i++)
			gw_acct_close(v[i]);
		gw_store_tidy(store, 0);
	}
	free(v);
	gw_arena_done(&arena);
}

struct writer {
	pthread_t thread;
	const char *user, *box;
	struct pool pool;
};

static void *write_singles(void *arg)
{
	struct writer *w = arg;
	struct gw_acct *a = account(w->user);

	append(a, mailbox(a, w->box), &w->pool, 1);
	gw_acct_close(a);
	return NULL;
}

static void parallel(int threads, bool one_account, bool real, const char *what)
{
	struct writer w[16];
	char users[16][16];
	double t;

	for (int i = 0; i < threads; i++) {
		struct gw_acct *a;

		snprintf(users[i], sizeof users[i], "user%d", one_account ? 0 : i);
		w[i] = (struct writer){ .user = users[i],
			.box = one_account ? "Drafts" : "Sent",
			.pool = make_pool(7000000 + (uint32_t)(one_account * 100000 + i * 1000), 700, real) };
		a = account(users[i]);
		mailbox(a, w[i].box);
		gw_acct_close(a);
	}
	t = now();
	for (int i = 0; i < threads; i++)
		pthread_create(&w[i].thread, NULL, write_singles, &w[i]);
	for (int i = 0; i < threads; i++)
		pthread_join(w[i].thread, NULL);
	report(what, threads * 700, now() - t, "messages");
	for (int i = 0; i < threads; i++)
		free_pool(&w[i].pool);
}

int main(int argc, char **argv)
{
	uint32_t real = argc > 2 ? (uint32_t)atoi(argv[2]) : 10000, small = argc > 3 ? (uint32_t)atoi(argv[3]) : 100000;
	struct gw_store_options opt = { .clock = gw_clock_system() };
	struct gw_acct *a, *b;
	char user[16];

	if (argc < 2) {
		fprintf(stderr, "usage: storebench DIRECTORY [real messages] [small messages]\n");
		return 2;
	}
	opt.url = gw_xasprintf("local:%s", argv[1]);
	must(gw_store_open(&opt, &store, &err), "open");
	must(gw_store_start_background(store, &err), "background");
	for (int i = 0; i < 20; i++) {
		snprintf(user, sizeof user, "user%d", i);
		user_add(user);
	}
	user_add("real");
	user_add("small");
	a = account("real");
	b = account("small");
	fill(a, "one", 1000, false, 1, "single appends, small");
	fill(a, "one", 1000, true, 1, "single appends, real");
	parallel(8, false, true, "8 writers, 8 accounts, real");
	parallel(8, true, true, "8 writers, one account, real");
	parallel(8, true, false, "8 writers, one account, small");
	drain();
	fill(a, "INBOX", real, true, 50, "batches of 50, real");
	drain();
	fill(b, "INBOX", small, false, 50, "batches of 50, small");
	drain();
	fill(a, "INBOX", 500, false, 1, "single appends into many");
	drain();
	load(a, "INBOX", "first look at real mailbox");
	load(b, "INBOX", "first look at small mailbox");
	fetch(a, "INBOX", 0, "FLAGS, real");
	fetch(b, "INBOX", 0, "FLAGS, small");
	fetch(a, "INBOX", GW_WANT_ENVELOPE | GW_WANT_BODYSTRUCTURE, "ENVELOPE BODYSTRUCTURE, real");
	fetch(b, "INBOX", GW_WANT_ENVELOPE | GW_WANT_BODYSTRUCTURE, "ENVELOPE BODYSTRUCTURE, small");
	fetch(b, "INBOX", GW_WANT_ENVELOPE | GW_WANT_BODYSTRUCTURE, "  again");
	fetch(a, "INBOX", GW_WANT_HEADERS, "header fields, real");
	fetch(a, "INBOX", GW_WANT_SORT | GW_WANT_THREAD, "sort keys, real");
	fetch(a, "INBOX", GW_WANT_BODY, "bodies, real");
	fetch(a, "INBOX", GW_WANT_BODY, "  again");
	flags(a, "INBOX", GW_FLAGS_ADD, NULL, 1, "STORE 1:* +FLAGS \\Seen, real");
	flags(a, "INBOX", GW_FLAGS_ADD, "$Label", 1, "STORE 1:* +FLAGS $Label, real");
	flags(b, "INBOX", GW_FLAGS_ADD, NULL, 1, "STORE 1:* +FLAGS \\Seen, small");
	flags(b, "INBOX", GW_FLAGS_REMOVE, NULL, 7, "STORE every 7th, small");
	one_flag(b, "INBOX", 500, "one flag in the small mailbox");
	copy_all(a, "INBOX", "copy", false, "COPY, real");
	copy_all(a, "copy", "moved", true, "MOVE, real");
	expunge_half(a, "moved", "EXPUNGE half, real");
	drain();
	copy_all(b, "INBOX", "copy", false, "COPY, small");
	expunge_half(b, "INBOX", "EXPUNGE half, small");
	drain();
	log_ons(40000);
	gw_acct_close(a);
	gw_acct_close(b);
	idle_memory(2000);
	gw_store_close(store);
	return 0;
}
