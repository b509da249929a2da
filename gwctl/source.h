/* source.h - where `gwctl import` reads mail from, and where `gwctl export` writes it to
 *
 *	where              source.c      a row of sources[]       import.c
 *	maildir:/srv/a  -> source_open -> open, folder ... close -> one dialogue with the daemon
 *
 * A source hands out its folders one after the other, of each the list of its messages, and the octets of those that
 * are wanted; a sink takes the same in the same order. Neither knows the daemon. Both may block. Functions return 0 or
 * a negative enum gw_code unless they say otherwise; *ret is untouched on failure. Strings handed out belong to the
 * source and are good until the next call of folder(), those in an arena as long as that; strings handed in are borrowed
 * for the call. Names are UTF-8 with '/' between levels, the inbox is "INBOX". Thread: owner. */
#ifndef GWCTL_SOURCE_H
#define GWCTL_SOURCE_H

#include "store/store.h" /* GW_MBOX_*, GW_FLAG_*: no call of it */

struct gw_secret;

/* What the command line says besides where. NULL and false: not given. */
struct source_options {
	const char *user;             /* sign on as; else the user in the URL */
	const char *password_file;    /* its first line is the password */
	const struct gw_secret *password; /* what was asked for; NULL: none */
	const char *ca_file;          /* certificates that vouch for the server */
	bool insecure;                /* do not ask for a certificate, allow a password in the clear */
	bool all;                     /* hidden folders, those of others, those that only show others: whatever is there */
};

struct source_folder {
	const char *name;
	uint32_t uidvalidity; /* 0: it has none */
	uint32_t uidnext;     /* 0: unknown */
	bool subscribed;
	bool selectable;      /* false: a name that holds other folders only */
	unsigned special;     /* GW_MBOX_* of the special-use half, or 0 */
};

#define SOURCE_KEY_MAX 1000 /* octets of a key */
#define SOURCE_UIDL_MAX 70  /* octets of a UIDL (RFC 1939 section 7) */

struct source_message {
	const char *key;      /* names the message within its folder, the same at every run: 1..SOURCE_KEY_MAX octets */
	uint32_t uid;         /* 0: it has none */
	const char *uidl;     /* what POP3 clients know it by; NULL: nothing of its own */
	uint64_t flags;       /* GW_FLAG_* of the low byte */
	const char *const *keywords;
	size_t n_keywords;
	int64_t date;         /* INTERNALDATE, seconds since 1970 UTC; INT64_MIN: unknown */
	uint64_t size;        /* octets, about; 0: unknown */
	uint64_t place;       /* for the source alone: it finds the message by it again */
};

/* ---- sources ---- */

struct source;

struct source_ops {
	const char *scheme; /* "maildir": where begins with "maildir:" */

	/* Does a path without a scheme look like one of ours? Looks only, changes nothing. NULL: never. */
	bool (*guess)(const char *path);

	/* where: what stands behind "scheme:", or the whole path that was guessed. For URL schemes ("imap", "imaps") it
	 * begins with "//". GW_ENOENT, GW_EACCES, GW_EAUTH, GW_EUNAVAIL, GW_EINVAL with a sentence. */
	int (*open)(const char *where, const struct source_options *o, struct source **ret, struct gw_err *err);

	/* Go on to the next folder, parents before what lies in them: 1, 0 at the end, or a negative code. */
	int (*folder)(struct source *s, struct source_folder *ret, struct gw_err *err);

	/* The messages of the folder, in the order they are to get UIDs (ascending where they have some). A message that
	 * cannot be read is listed all the same. */
	int (*list)(struct source *s, struct gw_arena *arena, struct source_message **ret, size_t *ret_n,
		    struct gw_err *err);

	/* Begin to read a message of the list; the one before need not have been read to its end. GW_ENOENT: it vanished
	 * meanwhile. Other failures of one message (GW_EACCES, GW_ECORRUPT) leave the source usable; GW_EUNAVAIL means that
	 * the source as a whole is gone. */
	int (*message)(struct source *s, const struct source_message *m, struct gw_err *err);

	/* Up to n octets of it with CRLF line ends; 0 at its end, or a negative code as message() has them. */
	long (*read)(struct source *s, void *dst, size_t n, struct gw_err *err);

	/* What the store's map of imported messages knows the source by: the same for the same source at every run, whatever
	 * way it was spelled. 1..SOURCE_KEY_MAX octets, without a password. */
	const char *(*id)(struct source *s);

	/* Optional (NULL: left out). The messages from first to last (indexes of the list) are going to be wanted, those
	 * with wanted[i - first] true, in this order: a source far away may ask for many at once. */
	void (*prefetch)(struct source *s, const struct source_message *list, size_t first, size_t last,
			 const bool *wanted);

	void (*close)(struct source *s);
};

/* The first member of every source. */
struct source {
	const struct source_ops *ops;
};

/* Open what `where` says: "scheme:...", or a path whose kind can be told. GW_ENOTSUP names the schemes there are. */
int source_open(const char *where, const struct source_options *o, struct source **ret, struct gw_err *err);
void source_close(struct source *s); /* NULL is fine */

/* ---- sinks ---- */

struct sink;

struct sink_ops {
	const char *scheme;

	/* Make it, or go on with what an earlier run has left. GW_EEXIST: something else is there. */
	int (*open)(const char *where, const struct source_options *o, struct sink **ret, struct gw_err *err);

	/* Make the folder, or go on with it; what follows goes there. uidvalidity is always set. */
	int (*folder)(struct sink *s, const struct source_folder *f, struct gw_err *err);

	/* Is the message (by the folder's uidvalidity and its uid) whole in the current folder already? 1, 0 or a code. */
	int (*has)(struct sink *s, const struct source_message *m, struct gw_err *err);

	/* Write a message: begin, any number of write (its octets with CRLF line ends), end. What was begun and not ended
	 * is not there (a run that was killed leaves at most something that the next one removes). The next begin without
	 * an end drops it. */
	int (*begin)(struct sink *s, const struct source_message *m, struct gw_err *err);
	int (*write)(struct sink *s, struct gw_slice bytes, struct gw_err *err);
	int (*end)(struct sink *s, struct gw_err *err);

	/* Bring all messages that were ended to the disk. */
	int (*flush)(struct sink *s, struct gw_err *err);

	void (*close)(struct sink *s); /* without losing what was flushed */
};

/* The first member of every sink. */
struct sink {
	const struct sink_ops *ops;
};

int sink_open(const char *where, const struct source_options *o, struct sink **ret, struct gw_err *err);
void sink_close(struct sink *s); /* NULL is fine */

#endif
