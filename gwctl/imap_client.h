/* imap_client.h - commands to an IMAP server and its replies (imap_link.h below, mailbox/reply.h for what they mean)
 *
 * Every function but open() needs a connection; one that has broken (GW_EUNAVAIL) is closed, and open() makes the next.
 * Thread: owner. */
#ifndef GWCTL_IMAP_CLIENT_H
#define GWCTL_IMAP_CLIENT_H

#include "gwctl/imap_link.h"
#include "mailbox/reply.h"

struct imap_client {
	struct imap_server server;
	struct imap_link *link;      /* NULL: none */
	struct gw_reply_reader reader;
	struct gw_slice received;    /* what is not read yet */
	struct gw_arena arena;       /* of the reply that was handed out last */
	unsigned long tag;           /* of the last command */
	char *capabilities;          /* owned; the words */
	bool dovecot;                /* so it says */
	char *prefix;                /* owned; of the personal namespace, "" mostly */
	char *foreign[GW_REPLY_NAMESPACES]; /* owned; prefixes of what belongs to others */
	size_t n_foreign;
};

/* Read where to go, and connect. */
int imap_client_init(struct imap_client *c, const char *scheme, const char *where, const struct source_options *o,
		     struct gw_err *err);
void imap_client_done(struct imap_client *c);

/* Connect (again), and ask what the server can do. */
int imap_client_open(struct imap_client *c, struct gw_err *err);

/* The same after the connection broke, a few times with growing pauses. */
int imap_client_again(struct imap_client *c, struct gw_err *err);

bool imap_client_can(const struct imap_client *c, const char *capability);

/* Send a command with a new tag, which is c->tag then. */
int imap_client_send(struct imap_client *c, struct gw_err *err, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* Octets as they are: what comes behind a literal's announcement. */
int imap_client_send_octets(struct imap_client *c, struct gw_slice octets, struct gw_err *err);

enum imap_client_got { IMAP_GOT_REPLY, IMAP_GOT_OCTETS };

/* The next reply, or octets of a message: an enum imap_client_got, or a code. Both are good until the next call. BYE is
 * GW_EUNAVAIL. */
int imap_client_next(struct imap_client *c, struct gw_reply *ret, struct gw_slice *ret_octets, struct gw_err *err);

/* Is it the tagged reply of the command with that tag? */
bool imap_client_ends(const struct gw_reply *r, unsigned long tag);

/* GW_EACCES, GW_ENOENT ... of a tagged reply that is not OK, with a sentence: "HOST refuses to WHAT: text". */
int imap_client_refused(const struct imap_client *c, const struct gw_reply *r, const char *what, struct gw_err *err);

/* Send a command that cannot be told wrong from, hand each of its untagged replies to take (may be NULL), wait for its end. */
int imap_client_run(struct imap_client *c, const char *what, const char *command,
		    void (*take)(void *arg, const struct gw_reply *r), void *arg, struct gw_err *err);

#endif
