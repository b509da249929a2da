/* driver.h - what a storage driver gives to store.c
 *
 * store.h is what the protocols call; store.c hands each call to the driver of the store through the
 * tables here. A driver embeds struct gw_store and struct gw_acct as the first member of its own.
 * Every function has the contract of the function of the same name in store.h. store.c has checked
 * arguments that need no store: names are valid UTF-8 within their limits, with INBOX in capitals. */
#ifndef GW_STORE_DRIVER_H
#define GW_STORE_DRIVER_H

#include <stdatomic.h>

#include "store/import.h"
#include "store/links.h"
#include "store/ranks.h"
#include "store/store.h"

struct gw_probe; /* store/admin.h */

struct gw_store_ops {
	const char *kind; /* of gw_config_store_kind(): "local" */
	bool whole_url;
	bool has_moved; /* gw_store_has_moved() */

	/* target: the URL behind the scheme's colon; with whole_url all of it. */
	int (*open)(
		const struct gw_store_options *opt, struct gw_slice target, struct gw_store **ret, struct gw_err *err);
	void (*close)(struct gw_store *s);
	int (*start_background)(struct gw_store *s, struct gw_err *err); /* may be NULL: none */
	void (*tidy)(struct gw_store *s, unsigned idle_ms);		 /* may be NULL */
	int (*probe)(struct gw_store *s, const struct gw_probe *p, struct gw_err *err); /* gw_admin_probe() */

	int (*login)(struct gw_store *s, struct gw_slice user, struct gw_slice password, const char *service,
		struct gw_acct **ret, struct gw_err *err);
	/* NULL: tokens are not taken. */
	int (*login_token)(struct gw_store *s, struct gw_slice user, struct gw_slice token, const char *service,
		struct gw_acct **ret, struct gw_err *err);
	int (*scram_keys)(struct gw_store *s, struct gw_slice user, struct gw_scram_keys *ret, struct gw_err *err);
	int (*open_account)(struct gw_store *s, struct gw_slice user, const char *service, struct gw_acct **ret,
		struct gw_err *err);
	const struct gw_acct_ops *acct;
};

struct gw_acct_ops {
	void (*close)(struct gw_acct *a);
	int (*lock_maildrop)(struct gw_acct *a, struct gw_err *err);

	int (*list)(
		struct gw_acct *a, struct gw_arena *arena, struct gw_mailbox **ret, size_t *ret_n, struct gw_err *err);
	/* May be NULL, both: all is here. */
	int (*list_remote)(
		struct gw_acct *a, struct gw_arena *arena, struct gw_mailbox **ret, size_t *ret_n, struct gw_err *err);
	const char *(*remote)(const struct gw_acct *a, struct gw_slice name);
	int (*find)(struct gw_acct *a, struct gw_arena *arena, struct gw_slice name, struct gw_mailbox *ret,
		struct gw_err *err);
	int (*create)(
		struct gw_acct *a, struct gw_slice name, unsigned special, struct gw_mbox_id *ret, struct gw_err *err);
	int (*remove)(struct gw_acct *a, struct gw_slice name, struct gw_err *err);
	int (*rename)(struct gw_acct *a, struct gw_slice from, struct gw_slice to, struct gw_err *err);
	int (*subscribe)(struct gw_acct *a, struct gw_slice name, bool on, struct gw_err *err);
	int (*quota)(struct gw_acct *a, struct gw_quota *ret, struct gw_err *err);
	/* May be NULL, both: limits are set elsewhere. */
	int (*quota_of)(struct gw_acct *a, struct gw_slice user, struct gw_quota *ret, struct gw_err *err);
	int (*quota_set)(struct gw_acct *a, struct gw_slice user, const struct gw_limits *limits, struct gw_err *err);
	unsigned (*spaces)(const struct gw_acct *a); /* may be NULL: none */
	int (*may)(struct gw_acct *a, struct gw_mbox_id id, unsigned *ret, struct gw_err *err); /* may be NULL: it cannot tell */
	/* May be NULL, get, set and marks: there are no annotations. */
	int (*metadata_get)(struct gw_acct *a, const struct gw_mbox_id *id, struct gw_arena *arena, struct gw_metadata **ret,
		size_t *ret_n, struct gw_err *err);
	int (*metadata_set)(struct gw_acct *a, const struct gw_mbox_id *id, const struct gw_metadata *v, size_t n,
		struct gw_err *err);
	int (*set_special)(struct gw_acct *a, struct gw_mbox_id id, unsigned special, struct gw_err *err); /* may be NULL: not after creation */
	int (*metadata_marks)(struct gw_acct *a, struct gw_arena *arena, struct gw_metadata_mark **ret, size_t *ret_n,
		struct gw_err *err);
	/* May be NULL, all that is about annotations of messages: there are none. */
	int (*annotate)(struct gw_acct *a, struct gw_mbox_id id, const struct gw_set *uids,
		const struct gw_annotation_change *change, struct gw_set *ret_modified, struct gw_err *err);
	int (*annotated)(struct gw_acct *a, struct gw_mbox_id id, const struct gw_set *uids, uint64_t modseq,
		struct gw_arena *arena, struct gw_annotated **ret, size_t *ret_n, struct gw_err *err);
	int (*annotation_size)(struct gw_acct *a, uint64_t *ret, struct gw_err *err);
	int (*append_parts)(struct gw_append *ap, struct gw_slice *ret, struct gw_err *err);
	void (*append_annotate)(struct gw_append *ap, const struct gw_annotation *v, size_t n);
	const char *(*bell)(struct gw_acct *a, struct gw_mbox_id id);
	/* May be NULL, both: the bell tells everything. */
	int (*poll)(struct gw_acct *a, struct gw_mbox_id id, struct gw_err *err);
	void (*watch)(struct gw_acct *a, struct gw_mbox_id id, bool on);

	int (*status)(struct gw_acct *a, struct gw_mbox_id id, struct gw_mailbox *ret, struct gw_err *err);
	int (*recent)(struct gw_acct *a, struct gw_mbox_id id, bool claim, struct gw_recent *ret, struct gw_err *err);
	int (*index)(struct gw_acct *a, struct gw_mbox_id id, struct gw_index **ret, struct gw_err *err);
	int (*index_cached)(struct gw_acct *a, struct gw_mbox_id id, struct gw_index **ret, struct gw_err *err);
	int (*ranks)(struct gw_acct *a, struct gw_mbox_id id, const struct gw_index *index, enum gw_rank_key key, size_t memory_max,
		struct gw_ranks **ret, struct gw_err *err);
	int (*links)(struct gw_acct *a, struct gw_mbox_id id, const struct gw_index *index, size_t memory_max,
		struct gw_links **ret, struct gw_err *err);
	int (*keywords)(struct gw_acct *a, struct gw_mbox_id id, struct gw_arena *arena, struct gw_keywords *ret,
		struct gw_err *err);
	int (*index_asof)(struct gw_acct *a, struct gw_mbox_id id, uint64_t modseq, uint32_t uidnext,
		struct gw_index **ret, struct gw_err *err);
	int (*vanished)(struct gw_acct *a, struct gw_mbox_id id, uint64_t modseq, struct gw_set *ret, bool *ret_partial,
		struct gw_err *err);
	int (*store_flags)(struct gw_acct *a, struct gw_mbox_id id, const struct gw_set *uids,
		const struct gw_flag_change *change, struct gw_set *ret_modified, struct gw_err *err);
	/* expunge and remove: only_deleted tells which. */
	int (*expunge)(struct gw_acct *a, struct gw_mbox_id id, const struct gw_set *uids, bool only_deleted,
		struct gw_set *ret_gone, struct gw_err *err);
	int (*copy)(struct gw_acct *a, struct gw_mbox_id from, const struct gw_set *uids, struct gw_mbox_id to,
		bool move, struct gw_copied *ret, struct gw_err *err);

	bool (*has_jmap)(const struct gw_acct *a); /* may be NULL: no */
	int (*account_id)(struct gw_acct *a, uint32_t space, char ret[GW_ACCOUNT_ID_MAX], struct gw_err *err);
	uint64_t (*append_max)(const struct gw_acct *a); /* may be NULL: no limit of the store's own */
	int (*append_open)(struct gw_acct *a, uint64_t size, struct gw_append **ret, struct gw_err *err);
	int (*append_write)(struct gw_append *ap, struct gw_slice bytes, struct gw_err *err);
	int (*append_unbinary)(struct gw_append *ap, uint64_t *ret_size, struct gw_err *err);
	void (*append_set)(struct gw_append *ap, uint64_t system_flags, const struct gw_slice *keywords,
		size_t n_keywords, int64_t date);
	int (*append_commit)(struct gw_acct *a, struct gw_mbox_id id, struct gw_append *const *v, size_t n,
		struct gw_appended *ret, struct gw_err *err);
	int (*append_replace)(struct gw_acct *a, struct gw_mbox_id into, struct gw_append *ap, struct gw_mbox_id from,
		uint32_t uid, struct gw_appended *ret, struct gw_err *err);
	void (*append_close)(struct gw_append *ap);

	int (*fetch_open)(struct gw_acct *a, struct gw_mbox_id id, const struct gw_index *index,
		const struct gw_set *seqs, unsigned want, struct gw_fetch **ret, struct gw_err *err);
	int (*fetch_next)(struct gw_fetch *f, struct gw_message *ret, bool *ret_gone, struct gw_err *err);
	long (*fetch_read)(struct gw_fetch *f, uint64_t off, void *dst, size_t n, struct gw_err *err);
	void (*fetch_pause)(struct gw_fetch *f);
	void (*fetch_close)(struct gw_fetch *f);

	/* May be NULL, all of them: imports are not served. */
	int (*import_folder)(struct gw_acct *a, const struct gw_import_folder *f, struct gw_import_into *ret,
		struct gw_err *err);
	int (*import_known)(struct gw_acct *a, const struct gw_import_into *into, const struct gw_slice *keys, size_t n,
		bool *ret, struct gw_err *err);
	int (*import_commit)(struct gw_acct *a, const struct gw_import_into *into, struct gw_import_message *v, size_t n,
		struct gw_err *err);
	int (*import_flags)(struct gw_acct *a, const struct gw_import_into *into, const struct gw_import_flags *v, size_t n,
		uint64_t *ret, struct gw_err *err);
	int (*import_finish)(struct gw_acct *a, const struct gw_import_into *into, uint32_t uidnext, struct gw_err *err);
	int (*import_uidls)(struct gw_acct *a, struct gw_mbox_id id, const struct gw_import_uidl *v, size_t n, uint64_t *ret,
		struct gw_err *err);

	int (*match)(struct gw_acct *a, struct gw_mbox_id id, const struct gw_index *index, const struct gw_match *m,
		const struct gw_set *seqs, struct gw_match_place *place, struct gw_set *ret, struct gw_err *err);
};

struct gw_store {
	const struct gw_store_ops *ops;
	char *url;		/* store.c's: of gw_store_options */
	/* timed.h's: who wants to know how long calls take, or NULL */
	gw_store_observe *observe;
	void *observe_ctx;
	const struct gw_clock *clock;
};

struct gw_acct {
	const struct gw_acct_ops *ops;
	char *user;		 /* canonical name; owned by the driver */
	struct gw_moved *moved;	 /* likewise; NULL: it is here */
	atomic_bool interrupted; /* gw_acct_interrupt(): loops ask gw_acct_stopped() now and then */
	/* timed.h's */
	struct gw_store *store;	 /* NULL: its calls are not measured */
	uint64_t store_us;	 /* spent in them */
};

/* The first member of a driver's cursor and of its half-received message. */
struct gw_fetch {
	const struct gw_acct_ops *ops;
	struct gw_acct *acct; /* messages.c's: who is measured */
};

struct gw_append {
	const struct gw_acct_ops *ops;
	struct gw_acct *acct; /* messages.c's: who is measured */
};

static inline bool gw_acct_stopped(const struct gw_acct *a)
{
	return atomic_load_explicit(&a->interrupted, memory_order_relaxed);
}

/* Open the store with the driver of v whose scheme opt->url names. store/drivers/drivers.c calls it with the list of
 * drivers a program is linked with: that is gw_store_open(). */
int gw_store_open_with(const struct gw_store_ops *const *v, size_t n, const struct gw_store_options *opt,
	struct gw_store **ret, struct gw_err *err);

/* Name levels: how deep a mailbox may lie. */
#define GW_MAILBOX_DEPTH_MAX 50

/* Is name one that a mailbox may have: 1..GW_MAILBOX_NAME_MAX octets of UTF-8 without control characters, levels not
 * empty, at most GW_MAILBOX_DEPTH_MAX of them? GW_EINVAL, GW_ELIMIT. */
int gw_mailbox_name_check(struct gw_slice name, struct gw_err *err);

#endif
