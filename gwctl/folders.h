/* folders.h - the folders that a source of files has found, and which of them are subscribed
 *
 * Thread: owner. */
#ifndef GWCTL_FOLDERS_H
#define GWCTL_FOLDERS_H

#include "gwctl/source.h"
#include "util/arena.h"

struct folder {
	const char *path; /* below the root of the source */
	const char *name; /* in UTF-8 with '/' */
};

struct folders {
	struct gw_arena arena; /* where all strings live */
	struct folder *v;
	size_t n, cap;
	size_t at;             /* the one to come next */
	struct gw_slice *subscribed; /* sorted */
	size_t n_subscribed;
	bool listed;           /* there is a list of those; without one all are */
};

/* A file that may list the subscribed folders. */
struct folders_list {
	const char *file;
	char separator;     /* of the names in it */
	const char *prefix; /* before each name that is not INBOX alone, to be left out; "" */
};

void folders_init(struct folders *f);
void folders_done(struct folders *f);

/* Copies both. */
void folders_add(struct folders *f, const char *path, struct gw_slice name);

/* INBOX first, then by name: parents before what lies in them. */
void folders_sort(struct folders *f);

/* Read the first of the lists (the last has file NULL) that is there. */
void folders_read_subscribed(struct folders *f, int root, const struct folders_list *lists);

/* Fill in what is known of one: name, selectable, subscribed, special. */
void folders_describe(const struct folders *f, const struct folder *folder, struct source_folder *ret);

#endif
