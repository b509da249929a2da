/* landing.h - files that get their names when they are safe on the disk
 *
 * What a sink writes has a temporary name first. Many at once are brought to the disk and then named, so that a file with its
 * name is whole, whatever happens to the machine. Thread: owner. */
#ifndef GWCTL_LANDING_H
#define GWCTL_LANDING_H

#include "gwctl/source.h"

struct landing_file;

struct landing {
	int dir;                /* names are below it; borrowed */
	struct landing_file *v; /* written, not named yet */
	size_t n, cap;
};

void landing_init(struct landing *l, int dir);

/* Begin a file of that temporary name below dir. A file descriptor, or GW_EIO and the like. */
int landing_begin(int dir, const char *temporary, struct gw_err *err);

/* Write all of bytes at the end of the open file; name: for the sentence of a failure. 0, or a code. */
int landing_put(int fd, struct gw_slice bytes, const char *name, struct gw_err *err);

/* The file of that temporary name is written and closed; it is to be called name. */
void landing_add(struct landing *l, const char *temporary, const char *name);

/* Bring all to the disk and name them. GW_EIO. */
int landing_flush(struct landing *l, struct gw_err *err);

void landing_done(struct landing *l); /* what has no name yet is removed */

/* Write a small file as a whole, at once or not at all. 0, or a code. */
int landing_write(int dir, const char *name, struct gw_slice content, struct gw_err *err);

/* Make a folder and those it lies in; path is below dir. 0, or a code. */
int landing_make_folder(int dir, const char *path, struct gw_err *err);

/* Open the root of a sink: an empty folder (made if need be), or one that has the file mark in it, which is put there.
 * GW_EEXIST: other things are in it. A file descriptor. */
int landing_open_root(const char *path, const char *mark, struct gw_err *err);

/* Set the time of an open file. INT64_MIN: leave it. */
void landing_set_time(int fd, int64_t date);

#endif
