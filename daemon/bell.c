/* bell.c - files whose touch wakes sessions (see bell.h)
 *
 * A file is watched once however many sessions listen to it, and is kept a while after the last one has gone, because
 * users come back: a mail client opens and closes connections all day. */
#include "daemon/bell.h"

#include "daemon/conn.h"
#include "daemon/loop.h"
#include "util/hash.h"
#include "util/mem.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#define SLOW_ROUND_S 300 /* to look takes a database handle, and thousands may listen */
#define BUCKETS_FIRST 64u
#define TOUCH_MASK (IN_ATTRIB | IN_MODIFY | IN_CLOSE_WRITE | IN_DELETE_SELF | IN_MOVE_SELF)
#define STAMP_SLACK_MS 12 /* file stamps come from a clock that ticks every 4 ms, or 10 */

struct bell_file {
	struct bell_file *next_path, *next_wd;
	struct bell_ear *ears;
	struct timespec stamp; /* last modification seen, where there is no inotify */
	int wd;                /* -1: not watched by inotify */
	bool idle_round;       /* had no ears in the last round already */
	uint32_t hash;
	char path[];
};

static uint32_t hash_path(const struct bell *b, const char *path)
{
	return (uint32_t)gw_hash((struct gw_hash_key){ b->key0, b->key1 }, gw_slice_str(path));
}

static void ring(struct bell *b, struct bell_file *f)
{
	struct bell_ear *ear = f->ears;

	while (ear) {
		struct bell_ear *next = ear->next;

		conn_bell(b->loop, ear);
		ear = next;
	}
}

static void unlink_wd(struct bell *b, struct bell_file *f)
{
	struct bell_file **p;

	if (f->wd < 0)
		return;
	for (p = &b->by_wd[(uint32_t)f->wd & (b->n_buckets - 1)]; *p != f; p = &(*p)->next_wd)
		;
	*p = f->next_wd;
	f->wd = -1;
}

static void stamp_of(struct bell_file *f)
{
	struct stat st;

	f->stamp = (struct timespec){ 0, 0 };
	if (stat(f->path, &st) == 0)
		f->stamp = st.st_mtim;
}

static void watch(struct bell *b, struct bell_file *f)
{
	if (b->fd >= 0)
		f->wd = inotify_add_watch(b->fd, f->path, TOUCH_MASK);
	if (f->wd >= 0) {
		struct bell_file **p = &b->by_wd[(uint32_t)f->wd & (b->n_buckets - 1)];

		f->next_wd = *p;
		*p = f;
	}
	stamp_of(f);
}

/* The kernel lets go of a watch when its file is removed; another file may be there by now. */
static void watch_ended(struct bell *b, int wd)
{
	struct bell_file *f = b->by_wd[(uint32_t)wd & (b->n_buckets - 1)];

	while (f && f->wd != wd)
		f = f->next_wd;
	if (!f)
		return;
	unlink_wd(b, f);
	watch(b, f);
	ring(b, f);
}

static void heard(struct bell *b, const struct inotify_event *e)
{
	struct bell_file *f;

	if (e->mask & IN_Q_OVERFLOW) {
		for (uint32_t i = 0; i < b->n_buckets; i++)
			for (f = b->by_path[i]; f; f = f->next_path)
				ring(b, f);
		return;
	}
	if (e->mask & IN_IGNORED) {
		watch_ended(b, e->wd);
		return;
	}
	for (f = b->by_wd[(uint32_t)e->wd & (b->n_buckets - 1)]; f; f = f->next_wd)
		if (f->wd == e->wd)
			ring(b, f);
}

static void on_inotify(evutil_socket_t fd, short what, void *arg)
{
	char buf[8192] __attribute__((aligned(__alignof__(struct inotify_event))));
	struct bell *b = arg;
	ssize_t n;

	(void)what;
	loop_enter(b->loop);
	n = read(fd, buf, sizeof buf);
	for (ssize_t at = 0; at < n;) {
		const struct inotify_event *e = (const struct inotify_event *)(const void *)(buf + at);

		heard(b, e);
		at += (ssize_t)sizeof *e + (ssize_t)e->len;
	}
}

void bell_init(struct bell *b, struct loop *loop)
{
	struct gw_hash_key key = gw_hash_key_random();

	*b = (struct bell){ .loop = loop, .n_buckets = BUCKETS_FIRST, .key0 = key.k0, .key1 = key.k1 };
	b->by_path = gw_xcalloc(b->n_buckets, sizeof(struct bell_file *));
	b->by_wd = gw_xcalloc(b->n_buckets, sizeof(struct bell_file *));
	b->fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (b->fd < 0)
		return;
	event_assign(&b->event, loop->base, b->fd, EV_READ | EV_PERSIST, on_inotify, b);
	event_priority_set(&b->event, 0); /* news before questions that arrived together with them */
	event_add(&b->event, NULL);
}

void bell_done(struct bell *b)
{
	for (uint32_t i = 0; i < b->n_buckets; i++)
		for (struct bell_file *f = b->by_path[i], *next; f; f = next) {
			next = f->next_path;
			free(f);
		}
	if (b->fd >= 0) {
		event_del(&b->event);
		close(b->fd);
	}
	free(b->by_path);
	free(b->by_wd);
}

static void grow(struct bell *b)
{
	uint32_t n = b->n_buckets * 2;
	struct bell_file **by_path = gw_xcalloc(n, sizeof *by_path), **by_wd = gw_xcalloc(n, sizeof *by_wd);

	for (uint32_t i = 0; i < b->n_buckets; i++)
		for (struct bell_file *f = b->by_path[i], *next; f; f = next) {
			next = f->next_path;
			f->next_path = by_path[f->hash & (n - 1)];
			by_path[f->hash & (n - 1)] = f;
			if (f->wd < 0)
				continue;
			f->next_wd = by_wd[(uint32_t)f->wd & (n - 1)];
			by_wd[(uint32_t)f->wd & (n - 1)] = f;
		}
	free(b->by_path);
	free(b->by_wd);
	b->by_path = by_path;
	b->by_wd = by_wd;
	b->n_buckets = n;
}

static struct bell_file *file_of(struct bell *b, const char *path)
{
	uint32_t hash = hash_path(b, path);
	struct bell_file *f = b->by_path[hash & (b->n_buckets - 1)];
	size_t n = strlen(path);

	while (f && (f->hash != hash || strcmp(f->path, path) != 0))
		f = f->next_path;
	if (f)
		return f;
	if (b->n_files >= b->n_buckets)
		grow(b);
	f = gw_xalloc(sizeof *f + n + 1);
	memcpy(f->path, path, n + 1);
	f->hash = hash;
	f->wd = -1;
	f->next_path = b->by_path[hash & (b->n_buckets - 1)];
	b->by_path[hash & (b->n_buckets - 1)] = f;
	b->n_files++;
	watch(b, f);
	return f;
}

static void forget(struct bell *b, struct bell_file *f)
{
	struct bell_file **p;

	if (f->wd >= 0) {
		inotify_rm_watch(b->fd, f->wd);
		unlink_wd(b, f);
	}
	for (p = &b->by_path[f->hash & (b->n_buckets - 1)]; *p != f; p = &(*p)->next_path)
		;
	*p = f->next_path;
	b->n_files--;
	free(f);
}

static void stop_listening(struct bell_ear *ear)
{
	if (!ear->file)
		return;
	if (ear->prev)
		ear->prev->next = ear->next;
	else
		ear->file->ears = ear->next;
	if (ear->next)
		ear->next->prev = ear->prev;
	*ear = (struct bell_ear){ .owner = ear->owner };
}

static int64_t ms_between(const struct timespec *from, const struct timespec *to)
{
	return (int64_t)(to->tv_sec - from->tv_sec) * 1000 + (to->tv_nsec - from->tv_nsec) / 1000000;
}

/* The stamp of a touch may lie a little before the touch itself. */
static bool touched_after(const char *path, const struct timespec *since)
{
	struct stat st;

	return stat(path, &st) != 0 || ms_between(since, &st.st_mtim) >= -STAMP_SLACK_MS;
}

bool bell_listen(struct bell *b, struct bell_ear *ear, const char *path, const struct timespec *since)
{
	struct bell_file *f;

	stop_listening(ear);
	if (!path)
		return false;
	f = file_of(b, path);
	ear->file = f;
	ear->prev = NULL;
	ear->next = f->ears;
	if (f->ears)
		f->ears->prev = ear;
	f->ears = ear;
	return touched_after(path, since);
}

bool bell_same(const struct bell_ear *ear, const char *path)
{
	return path ? ear->file && strcmp(ear->file->path, path) == 0 : !ear->file;
}

/* Was the file touched since the last look? One that was touched just now may be touched once more without a new stamp. */
static void look(struct bell *b, struct bell_file *f)
{
	struct timespec before = f->stamp, now;

	stamp_of(f);
	clock_gettime(CLOCK_REALTIME_COARSE, &now);
	if (before.tv_sec != f->stamp.tv_sec || before.tv_nsec != f->stamp.tv_nsec || ms_between(&f->stamp, &now) <= STAMP_SLACK_MS)
		ring(b, f);
}

void bell_look(struct bell *b, const struct bell_ear *ear)
{
	if (ear->file && ear->file->wd < 0)
		look(b, ear->file);
}

static void slow_round(struct bell *b, uint32_t bucket)
{
	for (struct bell_file *f = b->by_path[bucket], *next; f; f = next) {
		next = f->next_path;
		if (f->ears) {
			f->idle_round = false;
			ring(b, f);
		} else if (f->idle_round) {
			forget(b, f);
		} else {
			f->idle_round = true;
		}
	}
}

void bell_tick(struct bell *b, uint32_t now_s)
{
	uint32_t n = b->n_buckets / SLOW_ROUND_S + 1;

	(void)now_s;
	for (uint32_t i = 0; i < b->n_buckets; i++)
		for (struct bell_file *f = b->by_path[i]; f; f = f->next_path)
			if (f->wd < 0 && f->ears)
				look(b, f);
	while (n--) {
		b->round = (b->round + 1) & (b->n_buckets - 1);
		slow_round(b, b->round);
	}
}
