/* bring.c - bytes of messages that are needed: a window that slides over them
 *
 * Several are under way at a time; as soon as one has ended the next one begins. Those that came are put into the mirror some at a
 * time while others are on their way, whatever became of the rest. What is kept in memory until then is bounded, whatever was
 * asked for. A window may be left alone: nothing more begins then, and what is under way waits for who comes back. */
#include "store/jmap/download.h"

#include <time.h>

#include "store/local/text.h"
#include "util/mem.h"

#define WINDOW_MEMORY ((uint64_t)1 << 20)  /* octets in memory, of those under way and those not yet put */
#define WINDOW_OCTETS ((uint64_t)16 << 20) /* of all of these */
#define GROUP	      16		   /* messages put at once */
#define GROUP_OCTETS  (WINDOW_MEMORY / 2)
#define LOOK_MS	      100		   /* at whether to stop */

struct jmap_window {
	struct jmap_remote *remote;
	const atomic_bool *stop;     /* the caller's; may be NULL */
	atomic_bool cancelled;       /* of all that is under way */
	enum gw_db_bytes bytes;
	struct list downloads;       /* in the order in which they were wanted */
	unsigned under_way, here;
	uint64_t octets, memory;     /* of these */
	uint64_t here_octets;
	struct gw_err err;           /* code: nothing more begins, because of it */
	pthread_mutex_t lock;        /* of download.ended */
	pthread_cond_t moved;
};

/* ---- one message ---- */

static struct download *first(const struct jmap_window *w, enum download_state state)
{
	for (struct list *l = w->downloads.next; l != &w->downloads; l = l->next) {
		struct download *d = list_item(l, struct download, list);

		if (d->state == state)
			return d;
	}
	return NULL;
}

static struct download *find(const struct jmap_window *w, uint64_t content)
{
	for (struct list *l = w->downloads.next; l != &w->downloads; l = l->next) {
		struct download *d = list_item(l, struct download, list);

		if (d->content == content)
			return d;
	}
	return NULL;
}

static void forget(struct download *d)
{
	list_del(&d->list);
	download_free(d);
}

static void failed(struct download *d, const struct gw_err *err)
{
	d->state = DOWNLOAD_FAILED;
	d->err = *err;
}

static void on_ended(void *ctx)
{
	struct download *d = ctx;
	struct jmap_window *w = d->window;

	pthread_mutex_lock(&w->lock);
	d->ended = true;
	pthread_cond_signal(&w->moved);
	pthread_mutex_unlock(&w->lock);
}

static void begin(struct jmap_window *w, struct download *d)
{
	struct gw_err err = { 0 };

	if (w->err.code) {
		failed(d, &w->err);
		return;
	}
	if (download_start(d, w->remote, &w->cancelled, on_ended, &err) < 0) {
		failed(d, &err);
		return;
	}
	d->state = DOWNLOAD_UNDER_WAY;
	w->under_way++;
	w->octets += d->size;
	w->memory += download_memory(d);
}

static void leave(struct jmap_window *w, const struct download *d)
{
	w->octets -= d->size;
	w->memory -= download_memory(d);
}

/* Would the next ones fare the same? Not when the server answered, and the answer is about this message. */
static bool is_everywhere(const struct download *d, int rc)
{
	int status = d->call.status;

	if (rc == GW_EINTR || rc == GW_EAUTH)
		return true;
	return rc == GW_EUNAVAIL && (status == 0 || status == 429 || (status > 500 && status < 505));
}

static void finish(struct jmap_window *w, struct download *d)
{
	struct gw_err err = { 0 };
	int rc = download_finish(d, w->remote, &err);

	w->under_way--;
	if (rc == 0) {
		d->state = DOWNLOAD_HERE;
		w->here++;
		w->here_octets += d->size;
		return;
	}
	leave(w, d);
	if (rc == GW_ENOENT) { /* a message that is gone is no failure: the next changes tell */
		atomic_store(&w->remote->dirty, true);
		forget(d);
		return;
	}
	failed(d, &err);
	if (is_everywhere(d, rc) && !w->err.code)
		w->err = err;
}

/* ---- moving on ---- */

static bool has_room(const struct jmap_window *w, const struct download *d)
{
	if (!w->under_way && !w->here)
		return true;
	return w->under_way < http_client_share(w->remote->js->http) * 2 && w->memory + download_memory(d) <= WINDOW_MEMORY &&
	       w->octets + d->size <= WINDOW_OCTETS;
}

static void begin_some(struct jmap_window *w)
{
	struct download *d;

	while ((d = first(w, DOWNLOAD_WANTED)) && (w->err.code || has_room(w, d)))
		begin(w, d);
}

/* Take those that have ended; did one? */
static bool finish_some(struct jmap_window *w)
{
	bool some = false;

	for (struct list *l = w->downloads.next, *next; l != &w->downloads; l = next) {
		struct download *d = list_item(l, struct download, list);
		bool ended;

		next = l->next;
		if (d->state != DOWNLOAD_UNDER_WAY)
			continue;
		pthread_mutex_lock(&w->lock);
		ended = d->ended;
		pthread_mutex_unlock(&w->lock);
		if (ended)
			finish(w, d);
		some = some || ended;
	}
	return some;
}

static bool one_ended(const struct jmap_window *w)
{
	for (const struct list *l = w->downloads.next; l != &w->downloads; l = l->next) {
		const struct download *d = list_item(l, const struct download, list);

		if (d->state == DOWNLOAD_UNDER_WAY && d->ended)
			return true;
	}
	return false;
}

static void wait_for_one(struct jmap_window *w)
{
	const struct jmap_store *js = w->remote->js;
	struct timespec until;

	if (js->waiting)
		js->waiting(js->waiting_ctx, true);
	pthread_mutex_lock(&w->lock);
	while (!one_ended(w)) {
		if (w->stop && atomic_load(w->stop))
			atomic_store(&w->cancelled, true);
		clock_gettime(CLOCK_MONOTONIC, &until);
		until.tv_nsec += LOOK_MS * 1000000L;
		until.tv_sec += until.tv_nsec / 1000000000;
		until.tv_nsec %= 1000000000;
		pthread_cond_timedwait(&w->moved, &w->lock, &until);
	}
	pthread_mutex_unlock(&w->lock);
	if (js->waiting)
		js->waiting(js->waiting_ctx, false);
}

/* ---- what came goes into the mirror ---- */

static int put_texts(struct jmap_window *w, const struct text_bytes *v, size_t n, bool patient, struct gw_err *err)
{
	const struct jmap_remote *r = w->remote;

	return text_put(r->acc, gw_db_account_dir(r->acc), gw_wall_s(r->js->clock), v, n, patient, &w->cancelled, err);
}

static int put(struct jmap_window *w, struct gw_err *err)
{
	const struct jmap_remote *r = w->remote;
	struct mirror_bytes *b = gw_xcalloc(w->here, sizeof *b);
	struct text_bytes *t = gw_xcalloc(w->here, sizeof *t);
	bool texts = w->bytes == GW_DB_TEXTS;
	size_t n = 0;
	int rc = 0;

	for (struct list *l = w->downloads.next; l != &w->downloads; l = l->next) {
		struct download *d = list_item(l, struct download, list);

		if (d->state != DOWNLOAD_HERE)
			continue;
		t[n] = (struct text_bytes){ d->content, d->size, &d->derived, download_read, d };
		b[n++] = (struct mirror_bytes){ d->content, &d->derived, download_read, d, d->size };
	}
	if (texts)
		rc = put_texts(w, t, n, true, err);
	if (rc == 0)
		rc = mirror_put_bytes(r->acc, b, n, !texts, r->js->set.cache_max, err);
	if (!texts) /* what is here goes into the index, too, or it would have to come once more; but nobody waits for that */
		put_texts(w, t, n, false, NULL);
	free(b);
	free(t);
	for (struct download *d; (d = first(w, DOWNLOAD_HERE));) {
		leave(w, d);
		forget(d);
	}
	w->here = 0;
	w->here_octets = 0;
	return rc;
}

/* ---- windows ---- */

struct jmap_window *jmap_window_new(struct jmap_remote *r, enum gw_db_bytes bytes, const atomic_bool *stop)
{
	struct jmap_window *w = gw_xalloc(sizeof *w);
	pthread_condattr_t attr;

	w->remote = r;
	w->bytes = bytes;
	w->stop = stop;
	list_init(&w->downloads);
	if (pthread_mutex_init(&w->lock, NULL) || pthread_condattr_init(&attr) || pthread_condattr_setclock(&attr, CLOCK_MONOTONIC) ||
		pthread_cond_init(&w->moved, &attr))
		gw_bug("cannot make a mutex");
	pthread_condattr_destroy(&attr);
	return w;
}

void jmap_window_free(struct jmap_window *w)
{
	if (!w)
		return;
	atomic_store(&w->cancelled, true);
	while (w->downloads.next != &w->downloads) {
		struct download *d = list_item(w->downloads.next, struct download, list);

		if (d->state == DOWNLOAD_UNDER_WAY)
			http_wait(w->remote->js->http, &d->call, NULL);
		forget(d);
	}
	pthread_cond_destroy(&w->moved);
	pthread_mutex_destroy(&w->lock);
	free(w);
}

int jmap_window_want(struct jmap_window *w, const uint64_t *contents, size_t n, size_t *ret_n, struct gw_err *err)
{
	struct mirror_need *v;
	struct gw_arena arena;
	size_t n_v = 0;
	int rc;

	gw_arena_init(&arena, 0, 0);
	rc = mirror_missing(w->remote->acc, contents, n, w->bytes != GW_DB_DERIVED, &arena, &v, &n_v, err);
	for (size_t i = 0; i < n_v && rc == 0; i++) {
		struct download *d = find(w, v[i].content) ? NULL : download_new(&v[i]);

		if (!d)
			continue;
		d->window = w;
		list_add(w->downloads.prev, &d->list);
	}
	gw_arena_done(&arena);
	if (rc == 0 && ret_n)
		*ret_n = n_v;
	if (rc == 0 && !w->err.code)
		begin_some(w);
	return rc;
}

bool jmap_window_wants(const struct jmap_window *w, uint64_t content)
{
	return find(w, content) != NULL;
}

/* The one that is asked for failed: its error, once. */
static int take_failure(struct download *d, struct gw_err *err)
{
	int rc = d->err.code;

	if (err)
		*err = d->err;
	forget(d);
	return rc;
}

static bool stopped(const struct jmap_window *w)
{
	return w->stop && atomic_load(w->stop);
}

static bool is_full(const struct jmap_window *w)
{
	return w->here >= GROUP || w->here_octets >= GROUP_OCTETS || (w->here && !w->under_way);
}

int jmap_window_until(struct jmap_window *w, uint64_t content, struct gw_err *err)
{
	for (;;) {
		struct download *d;
		int rc = 0;

		finish_some(w);
		begin_some(w);
		d = content ? find(w, content) : NULL;
		if (stopped(w))
			return gw_fail(err, GW_EINTR, "interrupted");
		if (d && d->state == DOWNLOAD_FAILED)
			return take_failure(d, err);
		if (is_full(w) || (d && d->state == DOWNLOAD_HERE))
			rc = put(w, err);
		else if (content ? !d : !w->under_way)
			break;
		else
			wait_for_one(w);
		if (rc < 0 && (rc != GW_ECORRUPT || !content)) /* of one among them: it is found missing when it is its turn */
			return rc;
	}
	return 0;
}

/* All that were wanted; the first failure. */
static int bring_all(struct jmap_window *w, struct gw_err *err)
{
	int rc = jmap_window_until(w, 0, err);
	struct download *d = rc == 0 ? first(w, DOWNLOAD_FAILED) : NULL;

	return d ? take_failure(d, err) : rc;
}

int jmap_bring(void *ctx, struct gw_db_account *acc, const uint64_t *contents, size_t n, enum gw_db_bytes bytes,
	const atomic_bool *stop, struct gw_err *err)
{
	struct jmap_window *w = jmap_window_new(ctx, bytes, stop);
	size_t missing = 0;
	int rc = jmap_window_want(w, contents, n, &missing, err);

	if (rc == 0)
		rc = bring_all(w, err);
	jmap_window_free(w);
	if (rc == 0 && bytes == GW_DB_BODIES && missing < n)
		mirror_touch(acc, contents, n, NULL);
	return rc;
}
