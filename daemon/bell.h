/* bell.h - hear that a mailbox changed, whoever changed it
 *
 * A store touches a file after each commit (gw_acct_bell() in store/store.h); here is who waits for which file. Threads,
 * children and foreign programs are all heard alike, because the kernel carries the news (inotify). One instance a
 * loop, one in each child. Where the kernel gives none (each user may have so many), files are looked at once a second, and
 * when a client asks something. A slow round wakes everybody every five minutes, for a writer that died between its commit
 * and the touch. Thread: the loop's. */
#ifndef GW_DAEMON_BELL_H
#define GW_DAEMON_BELL_H

#include <event2/event.h>
#include <event2/event_struct.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

struct loop;
struct bell_file;

/* Embedded in who listens. */
struct bell_ear {
	struct bell_file *file; /* NULL: listens to nothing */
	struct bell_ear *next, *prev;
	void *owner; /* who listens */
};

struct bell {
	struct loop *loop;
	int fd; /* -1: no inotify, look at the files instead */
	struct event event;
	struct bell_file **by_path; /* hash tables with the same number of buckets */
	struct bell_file **by_wd;
	uint32_t n_buckets, n_files;
	uint32_t round; /* bucket of the slow round */
	uint64_t key0, key1;
};

void bell_init(struct bell *b, struct loop *loop);
void bell_done(struct bell *b);

/* Let the ear listen to path (NULL: to nothing). since: wall clock of the moment from which on no touch may be missed.
 * True when the file was touched after it: the caller wakes the session itself. */
bool bell_listen(struct bell *b, struct bell_ear *ear, const char *path, const struct timespec *since);

/* Is it this path that the ear listens to? */
bool bell_same(const struct bell_ear *ear, const char *path);

/* A client asks something now: where there is no inotify, look whether there is news for the ear. */
void bell_look(struct bell *b, const struct bell_ear *ear);

/* Once a second. */
void bell_tick(struct bell *b, uint32_t now_s);

#endif
