/* view.h - a signed-on user's view of mailboxes: gw_acct_ops on top of db.h
 *
 * A driver embeds struct view_acct in its account, fills it with view_acct_init() and takes the functions below
 * into its table with GW_VIEW_OPS; close, lock_maildrop, append_commit, append_replace, import_commit and match are its own. */
#ifndef GW_STORE_ACCOUNT_VIEW_H
#define GW_STORE_ACCOUNT_VIEW_H

#include "store/account/db.h"

/* A tree of mailboxes that is not the user's own, and where he sees it. */
struct view_space {
	enum view_kind { VIEW_PUBLIC, VIEW_OTHER } kind; /* whose: everybody's, or another user's */
	char *root;                /* its names begin with this and a '/': "Public folders", "Other Users/anna" */
	struct gw_db_account *acc; /* NULL: not opened, and nothing in it is shown */
	/* Or it has moved to another server, and only its names are here (RFC 2193); else NULL, both. */
	struct gw_db_account *names;
	char *server;
};

struct view_acct {
	struct gw_acct base;
	struct gw_db_account *own; /* space 0 */
	struct view_space *space;  /* space i + 1 */
	uint32_t n_spaces;
};

/* Takes the references. user is copied; pub NULL: no public folders (or the user is the public account itself). */
void view_acct_init(struct view_acct *v, const struct gw_acct_ops *ops, const char *user, struct gw_db_account *own,
	struct gw_db_account *pub);
void view_acct_done(struct view_acct *v);

/* One more tree, whose root is copied, of a length that leaves room for names. Takes the reference (NULL: opened later). Returns the
 * number of the space. */
uint32_t view_add_space(struct view_acct *v, enum view_kind kind, const char *root, struct gw_db_account *acc);

/* One more tree, of everybody, that lies on a server (host or host:port, copied). Takes the reference to what has its names. */
void view_add_remote(struct view_acct *v, const char *root, struct gw_db_account *names, const char *server);

/* The space that a name belongs to, and what it is called there (n 0: the root of the space). False: above all roots of other
 * users, or below where they lie without being one of theirs. */
bool view_locate(const struct view_acct *v, struct gw_slice name, uint32_t *ret_space, struct gw_slice *ret_name);

/* Functions with the contracts of store.h. */
int view_list(struct gw_acct *a, struct gw_arena *arena, struct gw_mailbox **ret, size_t *ret_n, struct gw_err *err);
int view_list_remote(struct gw_acct *a, struct gw_arena *arena, struct gw_mailbox **ret, size_t *ret_n, struct gw_err *err);
const char *view_remote(const struct gw_acct *a, struct gw_slice name);
int view_find(
	struct gw_acct *a, struct gw_arena *arena, struct gw_slice name, struct gw_mailbox *ret, struct gw_err *err);
int view_create(struct gw_acct *a, struct gw_slice name, unsigned special, struct gw_mbox_id *ret, struct gw_err *err);
int view_remove(struct gw_acct *a, struct gw_slice name, struct gw_err *err);
int view_rename(struct gw_acct *a, struct gw_slice from, struct gw_slice to, struct gw_err *err);
int view_subscribe(struct gw_acct *a, struct gw_slice name, bool on, struct gw_err *err);
/* The same in another space, whose database keeps the user's subscriptions (name as it is there). */
int view_subscribe_in(struct gw_acct *a, uint32_t space, struct gw_slice name, bool on, struct gw_err *err);
int view_quota(struct gw_acct *a, struct gw_quota *ret, struct gw_err *err);
int view_account_id(struct gw_acct *a, uint32_t space, char ret[GW_ACCOUNT_ID_MAX], struct gw_err *err);
int view_mbox_may(struct gw_acct *a, struct gw_mbox_id id, unsigned *ret, struct gw_err *err);
int view_metadata_get(struct gw_acct *a, const struct gw_mbox_id *id, struct gw_arena *arena, struct gw_metadata **ret,
	size_t *ret_n, struct gw_err *err);
int view_metadata_set(struct gw_acct *a, const struct gw_mbox_id *id, const struct gw_metadata *v, size_t n, struct gw_err *err);
int view_set_special(struct gw_acct *a, struct gw_mbox_id id, unsigned special, struct gw_err *err);
int view_metadata_marks(struct gw_acct *a, struct gw_arena *arena, struct gw_metadata_mark **ret, size_t *ret_n,
	struct gw_err *err);
int view_annotate(struct gw_acct *a, struct gw_mbox_id id, const struct gw_set *uids, const struct gw_annotation_change *change,
	struct gw_set *ret_modified, struct gw_err *err);
int view_annotated(struct gw_acct *a, struct gw_mbox_id id, const struct gw_set *uids, uint64_t modseq, struct gw_arena *arena,
	struct gw_annotated **ret, size_t *ret_n, struct gw_err *err);
int view_annotation_size(struct gw_acct *a, uint64_t *ret, struct gw_err *err);
const char *view_bell(struct gw_acct *a, struct gw_mbox_id id);
unsigned view_spaces(const struct gw_acct *a);

int view_status(struct gw_acct *a, struct gw_mbox_id id, struct gw_mailbox *ret, struct gw_err *err);
int view_recent(struct gw_acct *a, struct gw_mbox_id id, bool claim, struct gw_recent *ret, struct gw_err *err);
int view_index(struct gw_acct *a, struct gw_mbox_id id, struct gw_index **ret, struct gw_err *err);
int view_ranks(struct gw_acct *a, struct gw_mbox_id id, const struct gw_index *index, enum gw_rank_key key, size_t memory_max,
	struct gw_ranks **ret, struct gw_err *err);
int view_links(struct gw_acct *a, struct gw_mbox_id id, const struct gw_index *index, size_t memory_max, struct gw_links **ret,
	struct gw_err *err);
int view_index_cached(struct gw_acct *a, struct gw_mbox_id id, struct gw_index **ret, struct gw_err *err);
int view_keywords(struct gw_acct *a, struct gw_mbox_id id, struct gw_arena *arena, struct gw_keywords *ret,
	struct gw_err *err);
int view_index_asof(struct gw_acct *a, struct gw_mbox_id id, uint64_t modseq, uint32_t uidnext, struct gw_index **ret,
	struct gw_err *err);
int view_vanished(struct gw_acct *a, struct gw_mbox_id id, uint64_t modseq, struct gw_set *ret, bool *ret_partial,
	struct gw_err *err);
int view_store_flags(struct gw_acct *a, struct gw_mbox_id id, const struct gw_set *uids,
	const struct gw_flag_change *change, struct gw_set *ret_modified, struct gw_err *err);
int view_expunge(struct gw_acct *a, struct gw_mbox_id id, const struct gw_set *uids, bool only_deleted,
	struct gw_set *ret_gone, struct gw_err *err);
int view_copy(struct gw_acct *a, struct gw_mbox_id from, const struct gw_set *uids, struct gw_mbox_id to, bool move,
	struct gw_copied *ret, struct gw_err *err);

int view_append_open(struct gw_acct *a, uint64_t size, struct gw_append **ret, struct gw_err *err);
int view_append_write(struct gw_append *ap, struct gw_slice bytes, struct gw_err *err);
void view_append_set(
	struct gw_append *ap, uint64_t system_flags, const struct gw_slice *keywords, size_t n_keywords, int64_t date);
int view_append_parts(struct gw_append *ap, struct gw_slice *ret, struct gw_err *err);
int view_append_unbinary(struct gw_append *ap, uint64_t *ret_size, struct gw_err *err);
void view_append_annotate(struct gw_append *ap, const struct gw_annotation *v, size_t n);
int view_append_commit(struct gw_acct *a, struct gw_mbox_id id, struct gw_append *const *v, size_t n,
	struct gw_appended *ret, struct gw_err *err);
int view_append_replace(struct gw_acct *a, struct gw_mbox_id into, struct gw_append *ap, struct gw_mbox_id from, uint32_t uid,
	struct gw_appended *ret, struct gw_err *err);
void view_append_close(struct gw_append *ap);

/* In a mirror (gw_db_options.mirror) view_fetch_next() and view_fetch_read() say GW_ENOENT when what is derived from the
 * message, or its bytes, are not in the database though the message is there: the cursor stays in front of it. Whoever brings them
 * (gw_db_bring()) pauses the cursor before, so that it sees them, and asks again. GW_EGONE and *ret_gone are for
 * messages that were removed. */
int view_fetch_open(struct gw_acct *a, struct gw_mbox_id id, const struct gw_index *index, const struct gw_set *seqs,
	unsigned want, struct gw_fetch **ret, struct gw_err *err);
int view_fetch_next(struct gw_fetch *f, struct gw_message *ret, bool *ret_gone, struct gw_err *err);
long view_fetch_read(struct gw_fetch *f, uint64_t off, void *dst, size_t n, struct gw_err *err);
void view_fetch_pause(struct gw_fetch *f);
void view_fetch_close(struct gw_fetch *f);

int view_import_folder(struct gw_acct *a, const struct gw_import_folder *f, struct gw_import_into *ret,
	struct gw_err *err);
int view_import_known(struct gw_acct *a, const struct gw_import_into *into, const struct gw_slice *keys, size_t n,
	bool *ret, struct gw_err *err);
int view_import_commit(struct gw_acct *a, const struct gw_import_into *into, struct gw_import_message *v, size_t n,
	struct gw_err *err);
int view_import_flags(struct gw_acct *a, const struct gw_import_into *into, const struct gw_import_flags *v, size_t n,
	uint64_t *ret, struct gw_err *err);
int view_import_finish(struct gw_acct *a, const struct gw_import_into *into, uint32_t uidnext, struct gw_err *err);
int view_import_uidls(struct gw_acct *a, struct gw_mbox_id id, const struct gw_import_uidl *v, size_t n, uint64_t *ret,
	struct gw_err *err);

#define GW_VIEW_OPS                                                                                                   \
	.list = view_list, .find = view_find, .create = view_create, .remove = view_remove, .rename = view_rename,    \
	.subscribe = view_subscribe, .quota = view_quota, .spaces = view_spaces, .bell = view_bell, .status = view_status, \
	.account_id = view_account_id,                                                                                \
	.metadata_get = view_metadata_get, .metadata_set = view_metadata_set, .metadata_marks = view_metadata_marks,   \
	.annotate = view_annotate, .annotated = view_annotated, .annotation_size = view_annotation_size,               \
	.append_parts = view_append_parts, .append_annotate = view_append_annotate,                                                                      \
	.recent = view_recent, .index = view_index, .index_cached = view_index_cached, .ranks = view_ranks, .links = view_links, .keywords = view_keywords, \
	.index_asof = view_index_asof, .vanished = view_vanished, .store_flags = view_store_flags, .expunge = view_expunge, .copy = view_copy,       \
	.append_open = view_append_open, .append_write = view_append_write, .append_set = view_append_set,            \
	.append_unbinary = view_append_unbinary,                                                                      \
	.append_close = view_append_close, .fetch_open = view_fetch_open, .fetch_next = view_fetch_next,              \
	.fetch_read = view_fetch_read, .fetch_pause = view_fetch_pause, .fetch_close = view_fetch_close,              \
	.import_folder = view_import_folder, .import_known = view_import_known, .import_flags = view_import_flags,    \
	.import_finish = view_import_finish, .import_uidls = view_import_uidls

#endif
