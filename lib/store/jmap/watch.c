/* watch.c - hearing of changes that others make (see driver.h)
 *
 * An account that somebody uses is watched: by an event stream (RFC 8620 7.3) where the server has one, else by looking now and
 * then, often while a client idles. A few threads serve all accounts of the process in the order in which they are due; the
 * streams themselves are the HTTP client's. What is new goes into the mirror, and its bell wakes the sessions, also those of
 * other processes. Between looks the same threads fill the mirror: lists that are not complete, then bytes for the text index. Of
 * several processes one does so for an account (watch.lock); who has a client that idles looks for himself. */
#include "store/jmap/driver.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "store/local/text.h"
#include "util/mem.h"

#define THREADS	   3
#define PING_S	   60u    /* asked of the server */
#define SILENCE_S  (2 * PING_S + 10)
#define RETRY_MS   1000u  /* before a stream is opened again: doubled each time */
#define RETRY_MAX_MS 60000u
#define SAFETY_MS  120000u /* between two looks although the stream is open */

struct watch {
	struct list list;
	struct jmap_remote *remote;
	unsigned sessions;
	uint64_t due_ms;
	bool busy;                   /* a thread is at it */
	atomic_bool stop;            /* nobody uses the account any more */
	uint64_t looked_ms;
	unsigned failures;           /* in a row */
	int lock_fd;                 /* watch.lock, taken; -1: not ours */
	bool filled;                 /* nothing is left to fill */
	uint64_t filled_to;          /* what text_fill() came to */
	/* the stream */
	struct http_stream *stream;
	struct jmap_events events;   /* the HTTP client's thread */
	atomic_bool ended, refused;  /* refused: the server has no event source */
	unsigned stream_failures;
	uint64_t reopen_ms;
};

struct jmap_watcher {
	struct jmap_store *js;
	pthread_mutex_t lock;
	pthread_cond_t change;
	struct list watches;
	pthread_t thread[THREADS];
	unsigned n_threads;
	bool stop;
};

/* ---- the table ---- */

static void init_sync(struct jmap_watcher *w)
{
	pthread_condattr_t attr;

	if (pthread_mutex_init(&w->lock, NULL) || pthread_condattr_init(&attr) || pthread_condattr_setclock(&attr, CLOCK_MONOTONIC) ||
		pthread_cond_init(&w->change, &attr))
		gw_bug("cannot make a mutex");
	pthread_condattr_destroy(&attr);
}

static struct jmap_watcher *watcher_of(struct jmap_store *js)
{
	struct jmap_watcher *w;

	pthread_mutex_lock(&js->lock);
	w = js->watcher;
	if (!w) {
		w = gw_xalloc(sizeof *w);
		w->js = js;
		list_init(&w->watches);
		init_sync(w);
		js->watcher = w;
	}
	pthread_mutex_unlock(&js->lock);
	return w;
}

static uint64_t now_ms(const struct jmap_watcher *w)
{
	return gw_mono_ms(w->js->clock);
}

static void make_due(struct jmap_watcher *w, struct watch *at)
{
	pthread_mutex_lock(&w->lock);
	at->due_ms = 0;
	pthread_cond_broadcast(&w->change);
	pthread_mutex_unlock(&w->lock);
}

/* ---- the stream: the HTTP client's thread ---- */

/* With the lock: look at it now. */
static void touch(struct watch *at)
{
	atomic_store(&at->remote->dirty, true);
	at->due_ms = 0;
}

/* Something changed in an account that is shared with the user of `of` (account n 0: perhaps in all of them). */
static void touch_shared(struct jmap_remote *of, struct gw_slice account)
{
	struct jmap_watcher *w = of->js->watcher;

	pthread_mutex_lock(&w->lock);
	for (struct list *l = w->watches.next; l != &w->watches; l = l->next) {
		struct watch *at = list_item(l, struct watch, list);

		if (at->remote->primary == of && (!account.n || gw_slice_eq(account, jmap_account_id(at->remote))))
			touch(at);
	}
	pthread_cond_broadcast(&w->change);
	pthread_mutex_unlock(&w->lock);
}

static void on_changed(void *ctx, struct gw_slice account, struct gw_slice type, struct gw_slice state)
{
	struct watch *at = ctx;

	(void)state;
	if (!gw_slice_eq(type, GW_S("Email")) && !gw_slice_eq(type, GW_S("Mailbox")))
		return;
	if (gw_slice_eq(account, jmap_account_id(at->remote))) {
		atomic_store(&at->remote->dirty, true);
		make_due(at->remote->js->watcher, at);
	} else { /* one that is shared with the user */
		touch_shared(at->remote, account);
	}
}

static void on_open(void *ctx, int status)
{
	struct watch *at = ctx;

	if (status == 200) {
		atomic_store(&at->remote->pushed, true);
		atomic_store(&at->remote->dirty, true); /* what happened before the stream was there */
		touch_shared(at->remote, GW_S(""));
	} else if (status == 204 || status == 404 || status == 405 || status == 501) {
		atomic_store(&at->refused, true);
	} else if (status == 401) {
		atomic_store(&at->remote->dirty, true); /* a look at the mailbox will say so, too */
	}
	make_due(at->remote->js->watcher, at);
}

static void on_bytes(void *ctx, struct gw_slice bytes)
{
	struct watch *at = ctx;

	jmap_events_feed(&at->events, bytes, on_changed, at, NULL);
}

static void on_end(void *ctx, const char *why)
{
	struct watch *at = ctx;

	(void)why;
	atomic_store(&at->remote->pushed, false);
	atomic_store(&at->ended, true);
	make_due(at->remote->js->watcher, at);
}

/* ---- the stream: our threads ---- */

static void close_stream(struct watch *at)
{
	if (!at->stream)
		return;
	http_stream_close(at->stream);
	at->stream = NULL;
	jmap_events_done(&at->events);
	atomic_store(&at->remote->pushed, false);
	atomic_store(&at->ended, false);
}

static unsigned back_off(unsigned failures)
{
	unsigned ms = failures < 6 ? RETRY_MS << failures : RETRY_MAX_MS;

	return ms < RETRY_MAX_MS ? ms : RETRY_MAX_MS;
}

static void open_stream(struct watch *at, uint64_t now)
{
	struct jmap_remote *r = at->remote;
	struct jmap_login *l = jmap_remote_login(r);
	struct http_header header[2] = { { "Accept", "text/event-stream" } };
	struct http_call sign = { .n_headers = 1 };
	struct gw_arena arena;
	struct http_stream_options opt = { .headers = header, .silence_s = SILENCE_S, .open = on_open, .bytes = on_bytes, .end = on_end,
		.ctx = at };

	gw_arena_init(&arena, 0, 0);
	if (l->session.events.n) {
		jmap_login_sign(l, &sign, header);
		opt.url = jmap_event_url(&l->session, PING_S, &arena);
		opt.authorization = sign.authorization;
		opt.n_headers = sign.n_headers;
		jmap_events_init(&at->events);
		if (http_stream_open(r->js->events, &opt, &at->stream, NULL) < 0)
			jmap_events_done(&at->events);
	} else {
		atomic_store(&at->refused, true);
	}
	gw_arena_done(&arena);
	at->reopen_ms = now + back_off(at->stream_failures++);
	jmap_login_unref(l);
}

static void keep_stream(struct watch *at, uint64_t now)
{
	if (atomic_load(&at->ended))
		close_stream(at);
	if (atomic_load(&at->remote->pushed))
		at->stream_failures = 0;
	if (at->remote->primary || jmap_remote_admitted(at->remote, NULL) < 0) /* the primary's stream tells of both */
		return;
	if (at->remote->js->set.push && !at->stream && !atomic_load(&at->refused) && now >= at->reopen_ms)
		open_stream(at, now);
}

/* ---- election ---- */

/* Are we the process that watches this account? */
static bool elected(struct watch *at)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	char *path;
	int fd;

	if (at->lock_fd >= 0)
		return true;
	path = gw_xasprintf("%s/watch.lock", gw_db_account_dir(at->remote->acc));
	fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	free(path);
	if (fd >= 0 && fcntl(fd, F_OFD_SETLK, &lock) < 0) {
		close(fd);
		fd = -1;
	}
	at->lock_fd = fd;
	return fd >= 0;
}

/* ---- filling ---- */

/* The list of one mailbox that is not complete. False: all are. */
static bool fill_lists(struct watch *at)
{
	struct mirror_mailbox *v;
	struct gw_arena arena;
	bool more = false;
	size_t n = 0;

	gw_arena_init(&arena, 0, 0);
	if (mirror_mailboxes(at->remote->acc, &arena, &v, &n, NULL) == 0)
		for (size_t i = 0; i < n && !more; i++)
			if (!v[i].complete && v[i].rights & JMAP_READ)
				more = jmap_complete(at->remote, v[i].mailbox, &at->stop, NULL) == 0;
	gw_arena_done(&arena);
	return more;
}

/* Some texts for the index. False: it has all, or it cannot have more now. */
static bool fill_texts(struct watch *at)
{
	struct jmap_remote *r = at->remote;

	return text_fill(r->acc, gw_db_account_dir(r->acc), gw_wall_s(r->js->clock), &at->stop, &at->filled_to, NULL) == 0 && at->filled_to;
}

/* ---- a turn ---- */

static unsigned interval_ms(const struct watch *at)
{
	const struct jmap_settings *set = &at->remote->js->set;
	unsigned s = atomic_load(&at->remote->idle) ? set->poll_s : set->poll_quiet_s;

	return s ? s * 1000 : 1000;
}

static bool wants_look(const struct watch *at, uint64_t now)
{
	unsigned age = jmap_pushed(at->remote) ? SAFETY_MS : interval_ms(at);

	return atomic_load(&at->remote->dirty) || now - at->looked_ms >= age;
}

static bool calm(const struct watch *at, uint64_t now) /* after failures: wait */
{
	return at->failures && now - at->looked_ms < back_off(at->failures - 1);
}

static void look(struct watch *at, uint64_t now)
{
	int rc = jmap_sync(at->remote, &at->stop, NULL);

	at->looked_ms = now;
	at->failures = rc < 0 ? at->failures + 1 : 0;
	at->filled = at->filled && rc < 0;
}

/* Returns when the next turn is due. */
static uint64_t turn(struct jmap_watcher *w, struct watch *at)
{
	uint64_t now = now_ms(w);
	bool ours = elected(at);

	if (ours)
		keep_stream(at, now);
	if ((ours || atomic_load(&at->remote->idle)) && wants_look(at, now) && !calm(at, now))
		look(at, now);
	if (ours && !at->failures && !at->filled && !atomic_load(&at->stop)) {
		at->filled = !fill_lists(at) && !fill_texts(at);
		if (!at->filled)
			return now;
	}
	if (at->failures)
		return at->looked_ms + back_off(at->failures - 1);
	if (!jmap_pushed(at->remote) && at->stream_failures && at->reopen_ms < at->looked_ms + interval_ms(at) && ours &&
		!atomic_load(&at->refused))
		return at->reopen_ms > now ? at->reopen_ms : now + RETRY_MS;
	return at->looked_ms + (jmap_pushed(at->remote) ? SAFETY_MS : interval_ms(at));
}

/* ---- threads ---- */

static struct watch *next_due(struct jmap_watcher *w, uint64_t *ret_when)
{
	struct watch *best = NULL;

	for (struct list *l = w->watches.next; l != &w->watches; l = l->next) {
		struct watch *at = list_item(l, struct watch, list);

		if (!at->busy && !atomic_load(&at->stop) && (!best || at->due_ms < best->due_ms))
			best = at;
	}
	*ret_when = best ? best->due_ms : UINT64_MAX;
	return best;
}

static void wait_until(struct jmap_watcher *w, uint64_t when)
{
	uint64_t now = now_ms(w), ms = when == UINT64_MAX ? 3600000 : when > now ? when - now : 0;
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	ts.tv_sec += (time_t)(ms / 1000);
	ts.tv_nsec += (long)(ms % 1000) * 1000000;
	if (ts.tv_nsec >= 1000000000) {
		ts.tv_sec++;
		ts.tv_nsec -= 1000000000;
	}
	pthread_cond_timedwait(&w->change, &w->lock, &ts);
}

static void *serve(void *arg)
{
	struct jmap_watcher *w = arg;

	pthread_mutex_lock(&w->lock);
	while (!w->stop) {
		uint64_t when;
		struct watch *at = next_due(w, &when);

		if (!at || when > now_ms(w)) {
			wait_until(w, when);
			continue;
		}
		at->busy = true;
		at->due_ms = UINT64_MAX;
		pthread_mutex_unlock(&w->lock);
		when = turn(w, at);
		pthread_mutex_lock(&w->lock);
		at->busy = false;
		if (at->due_ms > when) /* else somebody wants a turn sooner */
			at->due_ms = when;
		pthread_cond_broadcast(&w->change);
	}
	pthread_mutex_unlock(&w->lock);
	return NULL;
}

/* With the lock: a thread more, as long as there are few. All signals are for the others. */
static void add_thread(struct jmap_watcher *w)
{
	sigset_t all, old;

	if (w->n_threads == THREADS)
		return;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	w->n_threads += pthread_create(&w->thread[w->n_threads], NULL, serve, w) == 0;
	pthread_sigmask(SIG_SETMASK, &old, NULL);
}

/* ---- from sessions ---- */

void jmap_watch_begin(struct jmap_remote *r)
{
	struct jmap_watcher *w = watcher_of(r->js);
	struct watch *at;

	if (r->js->local.readonly_tools)
		return;
	pthread_mutex_lock(&w->lock);
	at = r->watch;
	if (!at) {
		at = r->watch = gw_xalloc(sizeof *at);
		at->remote = r;
		at->lock_fd = -1;
		at->looked_ms = now_ms(w);
		at->due_ms = at->looked_ms + RETRY_MS; /* a session that is short needs none */
		list_add(&w->watches, &at->list);
		add_thread(w);
	}
	at->sessions++;
	pthread_cond_broadcast(&w->change);
	pthread_mutex_unlock(&w->lock);
}

void jmap_watch_end(struct jmap_remote *r)
{
	struct jmap_watcher *w = watcher_of(r->js);
	struct watch *at;

	pthread_mutex_lock(&w->lock);
	at = r->watch;
	if (!at || --at->sessions > 0) {
		pthread_mutex_unlock(&w->lock);
		return;
	}
	atomic_store(&at->stop, true);
	while (at->busy)
		pthread_cond_wait(&w->change, &w->lock);
	list_del(&at->list);
	r->watch = NULL;
	pthread_mutex_unlock(&w->lock);
	close_stream(at);
	if (at->lock_fd >= 0)
		close(at->lock_fd);
	free(at);
}

void jmap_watch_wrote(struct jmap_remote *r)
{
	struct jmap_watcher *w = watcher_of(r->js);
	bool any = false;

	pthread_mutex_lock(&w->lock);
	for (struct list *l = w->watches.next; l != &w->watches; l = l->next) {
		struct watch *at = list_item(l, struct watch, list);

		if (at->remote == r || !gw_slice_eq(jmap_account_id(r), jmap_account_id(at->remote)))
			continue;
		touch(at);
		any = true;
	}
	if (any)
		pthread_cond_broadcast(&w->change);
	pthread_mutex_unlock(&w->lock);
}

void jmap_watch_poke(struct jmap_remote *r)
{
	struct jmap_watcher *w = watcher_of(r->js);

	pthread_mutex_lock(&w->lock);
	if (r->watch && !jmap_pushed(r)) {
		r->watch->due_ms = 0;
		pthread_cond_broadcast(&w->change);
	}
	pthread_mutex_unlock(&w->lock);
}

void jmap_watcher_stop(struct jmap_store *js)
{
	struct jmap_watcher *w = js->watcher;

	if (!w)
		return;
	pthread_mutex_lock(&w->lock);
	w->stop = true;
	pthread_cond_broadcast(&w->change);
	pthread_mutex_unlock(&w->lock);
	for (unsigned i = 0; i < w->n_threads; i++)
		pthread_join(w->thread[i], NULL);
	pthread_mutex_destroy(&w->lock);
	pthread_cond_destroy(&w->change);
	free(w);
	js->watcher = NULL;
}
