/* notify.h - what a session wants to hear of without asking (NOTIFY, RFC 5465)
 *
 * Two kinds of news. Those of the selected mailbox are the view's (view.h): the wish only says which of them are told, and
 * whether new messages bring some of their data. Those of other mailboxes come from a comparison: the notifier remembers
 * the names and counters that the client knows (struct notify_rows), and each time the bell rings looks at all of them
 * again. Both stop when the output is full and go on later. Thread: the session's. */
#ifndef GW_IMAP_NOTIFY_H
#define GW_IMAP_NOTIFY_H

#include "imap/command.h"
#include "imap/view.h"

struct imap_session;
struct imap_task;
struct notify_rows;
struct notify_round;

#define NOTIFY_SPACES 8 /* accounts whose bells are listened to: the user's own, public folders, those of others */
#define NOTIFY_OWN 16   /* own changes that are remembered until the bell rings */

/* A change by this session, of which it need not hear (RFC 5465 5). */
struct notify_own {
	bool server;           /* an annotation of the server */
	struct gw_slice name;  /* owned: a mailbox was made, renamed, deleted, subscribed, annotated; or "" */
	struct gw_mbox_id id;  /* with added: of the mailbox that got messages */
	uint32_t added;
};

struct imap_notifier {
	struct gw_arena arena;     /* of the wish */
	struct imap_notify wish;
	bool pending;              /* the bell rang since the last look */

	/* the selected mailbox */
	bool syncing;              /* imap_view_sync() has begun */
	bool all;                  /* NOTIFY SET: whatever was kept back is told (RFC 5465 3.1) */
	struct gw_set own_uids;    /* of messages that the client put there itself */
	struct imap_task *fetch;   /* brings data of new messages */

	/* the others */
	struct notify_rows *known; /* NULL: nobody asked for them */
	struct notify_round *round; /* a comparison that is being told */
	struct notify_own own[NOTIFY_OWN];
	size_t n_own;
	uint32_t space[NOTIFY_SPACES];
	size_t n_spaces;
};

/* ---- notify.c ---- */

/* A notifier of its own for what the command says. Returns owned. */
struct imap_notifier *imap_notifier_new(const struct imap_notify *command);
void imap_notifier_free(struct imap_notifier *n); /* NULL is fine */

/* Bytes it holds. */
size_t imap_notifier_memory(const struct imap_notifier *n);

/* Does the client want news that it did not ask for? */
bool imap_notify_wanted(const struct imap_session *s);

/* May news of the selected mailbox be told behind a command? Without NOTIFY: always. */
bool imap_notify_of_selected(const struct imap_session *s);

/* And of flags that others changed there? */
bool imap_notify_flags(const struct imap_session *s);

/* And of annotations there: asked for with SELECT (ANNOTATE), or the event AnnotationChange? */
bool imap_notify_annotations(const struct imap_session *s);

/* Is something half told? */
bool imap_notify_busy(const struct imap_session *s);

/* Tell the news of the selected mailbox, as far as they are wanted, with the data of new messages: imap_view_sync() as
 * NOTIFY changes it. Call it again until it does not return IMAP_SYNC_MORE. */
enum imap_sync_result imap_notify_selected(struct imap_session *s, bool expunge, struct gw_out *out, struct gw_err *err);

/* The same, then those of all other mailboxes. */
enum imap_sync_result imap_notify_all(struct imap_session *s, bool expunge, struct gw_out *out, struct gw_err *err);

/* This session made, renamed, deleted, subscribed, unsubscribed or annotated the mailbox. */
void imap_notify_own_name(struct imap_session *s, struct gw_slice name);

/* And it changed annotations of the server. */
void imap_notify_own_server(struct imap_session *s);

/* This session put n messages into the mailbox, the first with UID uid_first (0: nobody knows). */
void imap_notify_own_messages(struct imap_session *s, struct gw_mbox_id id, uint32_t uid_first, uint32_t n);

/* ---- notify_rows.c ---- */

/* The mailboxes as they are, with the events that are wanted of each. Returns owned, or NULL with *err. */
struct notify_rows *notify_rows_load(struct imap_session *s, const struct imap_notify *wish, struct gw_err *err);
void notify_rows_free(struct notify_rows *r); /* NULL is fine */
size_t notify_rows_memory(const struct notify_rows *r);

/* Accounts in which something is waited for, NOTIFY_SPACES at most; the user's own among them. */
size_t notify_rows_spaces(const struct notify_rows *r, uint32_t ret[NOTIFY_SPACES]);

/* ---- notify_diff.c ---- */

/* What separates known from now, without what this session did itself. Takes now. */
struct notify_round *notify_round_new(struct imap_session *s, struct notify_rows *known, struct notify_rows *now,
				      const struct notify_own *own, size_t n_own);

/* End it; what it compared with is what the client knows now. */
struct notify_rows *notify_round_end(struct notify_round *q);

/* ---- notify_tell.c ---- */

/* "* STATUS" of each mailbox whose messages are of interest (RFC 5465 3.1). *at: 0 at first. False: the output is full. */
bool notify_rows_status(struct imap_session *s, const struct notify_rows *r, size_t *at, struct gw_out *out);

/* Tell what a comparison found. False: the output is full. */
bool notify_round_tell(struct imap_session *s, struct notify_round *q, struct gw_out *out);

#endif
