/* view.h - what the client of a selected mailbox has been told
 *
 * The client numbers messages 1..EXISTS and may only be told of removals at certain moments (RFC 3501
 * 5.5, 7.4.1). The view is the server's memory of what the client believes: after SELECT only counters,
 * and from the first use of a message number on an index (store/index.h) whose positions are the
 * client's message numbers. Bringing the client up to date is a comparison of that index with the
 * mailbox as it is now, and it is the only place where EXPUNGE, EXISTS, RECENT, FLAGS and unsolicited
 * FETCH and ESEARCH responses come from. Thread: the session's. */
#ifndef GW_IMAP_VIEW_H
#define GW_IMAP_VIEW_H

#include "store/store.h"
#include "util/out.h"

struct imap_annotations;
struct imap_session;
struct imap_sync;
struct imap_context;

struct imap_view {
	struct gw_mbox_id id;
	struct gw_slice name;     /* UTF-8, owned by the view */
	bool readonly;            /* EXAMINE, or the user may not change it */
	bool examined;            /* EXAMINE */
	bool annotate;            /* (ANNOTATE): the client is told which annotations others change (RFC 5257 4.2) */
	bool dirty;               /* the bell rang since the last look */
	bool as_of;               /* told was made from counters: its flags may be newer than the moment */
	bool owes;                /* told has ghosts: removals that could not be told yet */
	bool own_added;           /* this session put messages there: told whatever NOTIFY keeps back (RFC 3501 6.3.11, RFC 5465 3.1) */
	bool behind;              /* others put messages there that NOTIFY keeps back */
	struct gw_set own_gone;   /* UIDs that it took away, and that are still to be told */
	struct gw_set untold;     /* UIDs whose flags others changed, which NOTIFY keeps back */
	uint32_t uidvalidity;
	/* The moment the client knows. */
	uint32_t exists;
	uint32_t uidnext;
	uint64_t modseq;
	uint64_t settled;         /* modseq of the last moment of which nothing is owed or kept back */
	uint32_t data_from;       /* UIDs from here on are of messages whose data NOTIFY has not brought (RFC 5465 5.2) */
	unsigned keywords;        /* keywords announced with FLAGS */
	struct gw_index *told;    /* NULL until a message number is used */
	struct gw_set recent;     /* UIDs that are \Recent for this session */
	uint64_t looked_ms;       /* when the mailbox was looked at last (monotonic clock) */
	struct imap_context *contexts; /* results that are kept up to date (context.h) */
	struct imap_sync *sync;   /* an update of the client that waits for room in the output */
};

/* The session's own change of flags, which the client need not be told of (or, without silent, must be). */
struct imap_own {
	const struct gw_set *uids;  /* the messages it was meant for */
	const struct gw_set *failed; /* those left alone (RFC 7162 MODIFIED), or NULL */
	enum gw_flag_how how;
	uint64_t flags;             /* system flags and keywords, numbered as in the new index */
	const struct gw_slice *keywords;
	size_t n_keywords;
	bool silent;
	bool with_uid;              /* the command was a UID command: its FETCH responses carry the UID */
	const struct imap_annotations *annotations; /* what was changed instead, or NULL */
	bool modseq;                /* the command was conditional: MODSEQ comes even when silent */
	bool rows;                  /* what the command answers tells of the change: nothing is to be told before it */
};

enum imap_sync_result { IMAP_SYNC_DONE, IMAP_SYNC_MORE, IMAP_SYNC_FAILED };

/* Begin a view on a mailbox whose counters are mb. Returns owned. */
struct imap_view *imap_view_new(const struct gw_mailbox *mb, bool readonly);
void imap_view_free(struct imap_view *v); /* NULL is fine */

/* Make v->told be there. 0 or a negative enum gw_code. */
int imap_view_load(struct imap_session *s, struct gw_err *err);

/* Tell the client what changed. expunge: removals may be told now; else they stay as ghosts. own may be NULL; it is
 * borrowed for this call only. IMAP_SYNC_MORE: the output is full, call imap_view_resume() later.
 * IMAP_SYNC_FAILED: err says why (GW_ENOENT: the mailbox was deleted). */
enum imap_sync_result imap_view_sync(struct imap_session *s, bool expunge, const struct imap_own *own,
				     struct gw_out *out, struct gw_err *err);
enum imap_sync_result imap_view_resume(struct imap_session *s, struct gw_out *out);

/* Have imap_view_resume() tell a client that has just selected a mailbox what it missed: UIDs that vanished, and message numbers of v
 * whose flags changed (RFC 7162 3.2.5). */
void imap_view_catch_up(struct imap_view *v, const struct gw_set *vanished, const struct gw_set *changed);

/* "* VANISHED 41,43:116", in several lines when there are many ranges. *next: of them, 0 at first. False: the output is full, call
 * again (RFC 7162 3.2.10). */
bool imap_put_vanished(const struct gw_set *uids, bool earlier, size_t *next, struct gw_out *out);

/* Is the mailbox the selected one? */
bool imap_view_shows(const struct imap_session *s, struct gw_mbox_id id);

/* This session itself put messages into the mailbox: the command that did it tells so when it is the selected one, even when NOTIFY
 * keeps back what others do. */
void imap_view_added(struct imap_session *s, struct gw_mbox_id id);

/* And it took these away from the selected one; uids NULL: all that were there. */
void imap_view_removed(struct imap_session *s, const struct gw_set *uids);

/* Is the client to be told of own changes that it was not told of? */
bool imap_view_owes_own(const struct imap_view *v);

/* The session will wait, perhaps for hours: let go of a list that can be had again. */
void imap_view_rest(struct imap_view *v);

/* May the answer to "what is new" be given without asking the store? */
bool imap_view_fresh(const struct imap_session *s);

/* "FLAGS (\Answered ...)": the untagged FLAGS and PERMANENTFLAGS responses. */
void imap_view_put_flags(struct imap_session *s, const struct gw_keywords *kw, struct gw_out *out);

/* The bits of a list of flags of a command: keywords that the mailbox does not have are left out and
 * *ret_unknown is set (may be NULL). */
uint64_t imap_flag_bits(uint64_t system, const struct gw_slice *keywords, size_t n, const struct gw_index *ix,
			bool *ret_unknown);

#endif
