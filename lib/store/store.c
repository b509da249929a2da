/* store.c - from the calls of store.h to the driver that serves them
 *
 * No driver is named here: a program hands its list of drivers to gw_store_open_with(). What every driver
 * would have to check in the same way - mailbox names, which come from clients - is checked here once, and here
 * calls are timed (calls.h). */
#include "store/driver.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/config.h"
#include "store/admin.h"
#include "util/mem.h"
#include "util/utf8.h"

/* ---- measuring ---- */

static uint64_t begin(const struct gw_store *s)
{
	return s && s->observe ? gw_mono_us(s->clock) : 0;
}

/* Hands rc on. */
static int end(struct gw_store *s, enum gw_store_call call, uint64_t begun_us, int rc)
{
	if (s && s->observe)
		s->observe(s->observe_ctx, call, gw_mono_us(s->clock) - begun_us, rc);
	return rc;
}

/* The same for a call with an account. */
static int spent(struct gw_acct *a, enum gw_store_call call, uint64_t begun_us, int rc)
{
	struct gw_store *s = a->store;
	uint64_t us;

	if (!s || !s->observe)
		return rc;
	us = gw_mono_us(s->clock) - begun_us;
	a->store_us += us;
	s->observe(s->observe_ctx, call, us, rc);
	return rc;
}

uint64_t gw_acct_store_us(const struct gw_acct *a)
{
	return a->store_us;
}

/* An account that was opened, or not: from here on its calls count. */
static int opened(struct gw_store *s, enum gw_store_call call, uint64_t begun_us, int rc, struct gw_acct *a)
{
	if (rc < 0)
		return end(s, call, begun_us, rc);
	a->store = s;
	return spent(a, call, begun_us, rc);
}

/* ---- the store ---- */

static int open_with(const struct gw_store_ops *ops, const struct gw_store_options *opt, struct gw_slice target,
	struct gw_store **ret, struct gw_err *err)
{
	int rc = ops->open(opt, target, ret, err);

	if (rc < 0)
		return rc;
	(*ret)->url = gw_xstrdup(opt->url);
	(*ret)->observe = opt->observe;
	(*ret)->observe_ctx = opt->observe_ctx;
	(*ret)->clock = opt->clock;
	return rc;
}

int gw_store_open_with(const struct gw_store_ops *const *v, size_t n, const struct gw_store_options *opt,
	struct gw_store **ret, struct gw_err *err)
{
	const char *kind = opt->url ? gw_config_store_kind(opt->url) : NULL;
	struct gw_slice url = gw_slice_str(opt->url);
	size_t colon = gw_slice_find(url, ':');

	if (colon == url.n)
		return gw_fail(err, GW_EINVAL,
			"\"%s\" is not a storage address: expected scheme:target, as in "
			"local:/var/lib/gateway",
			opt->url ? opt->url : "");
	for (size_t i = 0; i < n; i++)
		if (kind && strcmp(kind, v[i]->kind) == 0)
			return open_with(v[i], opt, v[i]->whole_url ? url : gw_slice(url.p + colon + 1, url.n - colon - 1), ret, err);
	return gw_fail(err, GW_ENOTSUP, "this version does not serve storage of the kind \"%.*s:\" (%s)", (int)colon, url.p, opt->url);
}

void gw_store_close(struct gw_store *s)
{
	char *url = s ? s->url : NULL;

	if (s)
		s->ops->close(s);
	free(url);
}

int gw_admin_probe(struct gw_store *s, const struct gw_probe *p, struct gw_err *err)
{
	return s->ops->probe(s, p, err);
}

int gw_store_start_background(struct gw_store *s, struct gw_err *err)
{
	return s->ops->start_background ? s->ops->start_background(s, err) : 0;
}

void gw_store_tidy(struct gw_store *s, unsigned idle_ms)
{
	if (s->ops->tidy)
		s->ops->tidy(s, idle_ms);
}

int gw_store_login(struct gw_store *s, struct gw_slice user, struct gw_slice password, const char *service,
	struct gw_acct **ret, struct gw_err *err)
{
	uint64_t t = begin(s);
	int rc = s->ops->login(s, user, password, service, ret, err);

	return opened(s, GW_CALL_LOGIN, t, rc, rc < 0 ? NULL : *ret);
}

bool gw_store_has_tokens(const struct gw_store *s)
{
	return s->ops->login_token != NULL;
}

int gw_store_login_token(struct gw_store *s, struct gw_slice user, struct gw_slice token, const char *service, struct gw_acct **ret,
	struct gw_err *err)
{
	uint64_t t = begin(s);
	int rc;

	if (!s->ops->login_token)
		return gw_fail(err, GW_ENOTSUP, "this store takes no tokens");
	rc = s->ops->login_token(s, user, token, service, ret, err);
	return opened(s, GW_CALL_LOGIN, t, rc, rc < 0 ? NULL : *ret);
}

bool gw_store_has_scram(const struct gw_store *s)
{
	return s->ops->scram_keys != NULL;
}

int gw_store_scram_keys(struct gw_store *s, struct gw_slice user, struct gw_scram_keys *ret, struct gw_err *err)
{
	uint64_t t = begin(s);

	if (!s->ops->scram_keys)
		return gw_fail(err, GW_ENOTSUP, "this store keeps no SCRAM keys");
	return end(s, GW_CALL_SCRAM_KEYS, t, s->ops->scram_keys(s, user, ret, err));
}

int gw_store_open_account(
	struct gw_store *s, struct gw_slice user, const char *service, struct gw_acct **ret, struct gw_err *err)
{
	uint64_t t = begin(s);
	int rc = s->ops->open_account(s, user, service, ret, err);

	return opened(s, GW_CALL_OPEN_ACCOUNT, t, rc, rc < 0 ? NULL : *ret);
}

void gw_acct_close(struct gw_acct *a)
{
	struct gw_store *s = a ? a->store : NULL;
	uint64_t t = begin(s);

	if (!a)
		return;
	a->ops->close(a);
	end(s, GW_CALL_CLOSE_ACCOUNT, t, 0);
}

unsigned gw_acct_spaces(const struct gw_acct *a)
{
	return a->ops->spaces ? a->ops->spaces(a) : 0;
}

const char *gw_acct_user(const struct gw_acct *a)
{
	return a->user;
}

void gw_acct_interrupt(struct gw_acct *a)
{
	atomic_store_explicit(&a->interrupted, true, memory_order_relaxed);
}

void gw_acct_resume(struct gw_acct *a)
{
	atomic_store_explicit(&a->interrupted, false, memory_order_relaxed);
}

/* ---- names ---- */

/* INBOX in any case, alone or as the first level, is spelled INBOX (RFC 3501 5.1). */
static struct gw_slice canonical(struct gw_slice name, char buf[GW_MAILBOX_NAME_MAX])
{
	if (!gw_slice_startsi(name, GW_S("INBOX")) || (name.n > 5 && name.p[5] != '/') || name.n > GW_MAILBOX_NAME_MAX)
		return name;
	memcpy(buf, name.p, name.n);
	memcpy(buf, "INBOX", 5);
	return gw_slice(buf, name.n);
}

static bool level_ok(struct gw_slice level)
{
	return level.n && !gw_slice_eq(level, GW_S(".")) && !gw_slice_eq(level, GW_S(".."));
}

/* C0, DEL, C1 and the separators U+2028, U+2029 (RFC 5198 forbids them in a name, RFC 9051 5.1). */
static bool control(uint32_t cp)
{
	return cp < 0x20 || (cp >= 0x7F && cp < 0xA0) || cp == 0x2028 || cp == 0x2029;
}

int gw_mailbox_name_check(struct gw_slice name, struct gw_err *err)
{
	struct gw_slice rest = name;
	unsigned depth = 0;
	uint32_t cp;

	if (name.n > GW_MAILBOX_NAME_MAX)
		return gw_fail(err, GW_ELIMIT, "a mailbox name has at most %d octets", GW_MAILBOX_NAME_MAX);
	while (rest.n)
		if (!gw_utf8_next(&rest, &cp) || control(cp))
			return gw_fail(err, GW_EINVAL, "a mailbox name is UTF-8 without control characters");
	for (rest = name;; depth++) {
		size_t n = gw_slice_find(rest, '/');

		if (!level_ok(gw_slice(rest.p, n)))
			return gw_fail(err, GW_EINVAL, "a level of a mailbox name is empty or made of dots");
		if (n == rest.n)
			break;
		gw_slice_take(&rest, n + 1);
	}
	if (depth >= GW_MAILBOX_DEPTH_MAX)
		return gw_fail(err, GW_ELIMIT, "mailboxes lie at most %d levels deep", GW_MAILBOX_DEPTH_MAX);
	return 0;
}

/* A name that is looked for: what cannot be a name cannot exist. */
static int known_name(struct gw_slice *name, char buf[GW_MAILBOX_NAME_MAX], struct gw_err *err)
{
	if (gw_mailbox_name_check(*name, NULL) < 0)
		return gw_fail(err, GW_ENOENT, "no such mailbox");
	*name = canonical(*name, buf);
	return 0;
}

static int new_name(struct gw_slice *name, char buf[GW_MAILBOX_NAME_MAX], struct gw_err *err)
{
	int rc = gw_mailbox_name_check(*name, err);

	if (rc == 0)
		*name = canonical(*name, buf);
	return rc;
}

int gw_acct_list(struct gw_acct *a, struct gw_arena *arena, struct gw_mailbox **ret, size_t *ret_n, struct gw_err *err)
{
	uint64_t t = begin(a->store);

	return spent(a, GW_CALL_LIST, t, a->ops->list(a, arena, ret, ret_n, err));
}

int gw_acct_list_remote(struct gw_acct *a, struct gw_arena *arena, struct gw_mailbox **ret, size_t *ret_n, struct gw_err *err)
{
	uint64_t t = begin(a->store);

	if (!a->ops->list_remote)
		return gw_acct_list(a, arena, ret, ret_n, err);
	return spent(a, GW_CALL_LIST, t, a->ops->list_remote(a, arena, ret, ret_n, err));
}

const char *gw_acct_remote(const struct gw_acct *a, struct gw_slice name)
{
	return a->ops->remote ? a->ops->remote(a, name) : NULL;
}

int gw_acct_find(
	struct gw_acct *a, struct gw_arena *arena, struct gw_slice name, struct gw_mailbox *ret, struct gw_err *err)
{
	uint64_t t = begin(a->store);
	char buf[GW_MAILBOX_NAME_MAX];
	int rc = known_name(&name, buf, err);

	return rc < 0 ? rc : spent(a, GW_CALL_FIND, t, a->ops->find(a, arena, name, ret, err));
}

int gw_acct_create(
	struct gw_acct *a, struct gw_slice name, unsigned special, struct gw_mbox_id *ret, struct gw_err *err)
{
	uint64_t t = begin(a->store);
	char buf[GW_MAILBOX_NAME_MAX];
	int rc = new_name(&name, buf, err);

	return rc < 0 ? rc : spent(a, GW_CALL_CREATE, t, a->ops->create(a, name, special & GW_MBOX_SPECIAL, ret, err));
}

int gw_acct_delete(struct gw_acct *a, struct gw_slice name, struct gw_err *err)
{
	uint64_t t = begin(a->store);
	char buf[GW_MAILBOX_NAME_MAX];
	int rc = known_name(&name, buf, err);

	return rc < 0 ? rc : spent(a, GW_CALL_DELETE, t, a->ops->remove(a, name, err));
}

int gw_acct_rename(struct gw_acct *a, struct gw_slice from, struct gw_slice to, struct gw_err *err)
{
	uint64_t t = begin(a->store);
	char from_buf[GW_MAILBOX_NAME_MAX], to_buf[GW_MAILBOX_NAME_MAX];
	int rc = known_name(&from, from_buf, err);

	if (rc == 0)
		rc = new_name(&to, to_buf, err);
	return rc < 0 ? rc : spent(a, GW_CALL_RENAME, t, a->ops->rename(a, from, to, err));
}

int gw_acct_subscribe(struct gw_acct *a, struct gw_slice name, bool on, struct gw_err *err)
{
	uint64_t t = begin(a->store);
	char buf[GW_MAILBOX_NAME_MAX];
	int rc = new_name(&name, buf, err);

	return rc < 0 ? rc : spent(a, GW_CALL_SUBSCRIBE, t, a->ops->subscribe(a, name, on, err));
}

/* ---- rights ---- */

bool gw_acct_has_rights(const struct gw_acct *a)
{
	return a->ops->may;
}

int gw_mbox_may(struct gw_acct *a, struct gw_mbox_id id, unsigned *ret, struct gw_err *err)
{
	uint64_t t = begin(a->store);

	if (!gw_acct_has_rights(a))
		return gw_fail(err, GW_ENOTSUP, "the store does not tell rights");
	return spent(a, GW_CALL_MAY, t, a->ops->may(a, id, ret, err));
}

/* ---- annotations ---- */

bool gw_acct_has_metadata(const struct gw_acct *a)
{
	return a->ops->metadata_get;
}

static int no_metadata(struct gw_err *err)
{
	return gw_fail(err, GW_ENOTSUP, "the store keeps no annotations");
}

int gw_metadata_get(struct gw_acct *a, const struct gw_mbox_id *id, struct gw_arena *arena, struct gw_metadata **ret,
		    size_t *ret_n, struct gw_err *err)
{
	uint64_t t = begin(a->store);

	if (!gw_acct_has_metadata(a))
		return no_metadata(err);
	return spent(a, GW_CALL_METADATA_GET, t, a->ops->metadata_get(a, id, arena, ret, ret_n, err));
}

int gw_metadata_set(struct gw_acct *a, const struct gw_mbox_id *id, const struct gw_metadata *v, size_t n,
		    struct gw_err *err)
{
	uint64_t t = begin(a->store);

	if (!gw_acct_has_metadata(a))
		return no_metadata(err);
	return spent(a, GW_CALL_METADATA_SET, t, a->ops->metadata_set(a, id, v, n, err));
}

int gw_mbox_set_special(struct gw_acct *a, struct gw_mbox_id id, unsigned special, struct gw_err *err)
{
	uint64_t t = begin(a->store);

	if (!a->ops->set_special)
		return gw_fail(err, GW_ENOTSUP, "the store gives special uses to new mailboxes only");
	return spent(a, GW_CALL_METADATA_SET, t, a->ops->set_special(a, id, special & GW_MBOX_SPECIAL, err));
}

int gw_metadata_marks(struct gw_acct *a, struct gw_arena *arena, struct gw_metadata_mark **ret, size_t *ret_n,
		      struct gw_err *err)
{
	uint64_t t = begin(a->store);

	if (!gw_acct_has_metadata(a))
		return no_metadata(err);
	return spent(a, GW_CALL_METADATA_GET, t, a->ops->metadata_marks(a, arena, ret, ret_n, err));
}

/* ---- annotations of messages ---- */

bool gw_acct_has_annotations(const struct gw_acct *a)
{
	return a->ops->annotate;
}

static int no_annotations(struct gw_err *err)
{
	return gw_fail(err, GW_ENOTSUP, "the store keeps no annotations of messages");
}

int gw_mbox_annotate(struct gw_acct *a, struct gw_mbox_id id, const struct gw_set *uids, const struct gw_annotation_change *change,
		     struct gw_set *ret_modified, struct gw_err *err)
{
	uint64_t t = begin(a->store);

	if (!gw_acct_has_annotations(a))
		return no_annotations(err);
	return spent(a, GW_CALL_ANNOTATE, t, a->ops->annotate(a, id, uids, change, ret_modified, err));
}

int gw_mbox_annotated(struct gw_acct *a, struct gw_mbox_id id, const struct gw_set *uids, uint64_t modseq, struct gw_arena *arena,
		      struct gw_annotated **ret, size_t *ret_n, struct gw_err *err)
{
	uint64_t t = begin(a->store);

	if (!gw_acct_has_annotations(a))
		return no_annotations(err);
	return spent(a, GW_CALL_ANNOTATED, t, a->ops->annotated(a, id, uids, modseq, arena, ret, ret_n, err));
}

int gw_acct_annotation_size(struct gw_acct *a, uint64_t *ret, struct gw_err *err)
{
	uint64_t t = begin(a->store);

	if (!gw_acct_has_annotations(a))
		return no_annotations(err);
	return spent(a, GW_CALL_ANNOTATION_SIZE, t, a->ops->annotation_size(a, ret, err));
}

int gw_append_parts(struct gw_append *ap, struct gw_slice *ret, struct gw_err *err)
{
	return ap->ops->append_parts ? ap->ops->append_parts(ap, ret, err) : no_annotations(err);
}

void gw_append_annotate(struct gw_append *ap, const struct gw_annotation *v, size_t n)
{
	if (n && ap->ops->append_annotate)
		ap->ops->append_annotate(ap, v, n);
}

/* ---- imports: an operator's work, not timed ---- */

static bool key_ok(struct gw_slice key)
{
	return key.n && key.n <= GW_IMPORT_KEY_MAX;
}

static int key_failed(struct gw_err *err)
{
	return gw_fail(err, GW_EINVAL, "what names a message at its source has 1 to %d octets", GW_IMPORT_KEY_MAX);
}

static int no_imports(const struct gw_acct *a, struct gw_err *err)
{
	return gw_fail(err, GW_ENOTSUP, "mail lives on the storage server %s: imports work only with an embedded store",
		a->store ? a->store->url : "");
}

int gw_import_folder(
	struct gw_acct *a, const struct gw_import_folder *f, struct gw_import_into *ret, struct gw_err *err)
{
	struct gw_import_folder named = *f;
	char buf[GW_MAILBOX_NAME_MAX];
	int rc;

	if (!a->ops->import_folder)
		return no_imports(a, err);
	rc = key_ok(f->source) ? new_name(&named.name, buf, err) : key_failed(err);
	named.special &= GW_MBOX_SPECIAL;
	return rc < 0 ? rc : a->ops->import_folder(a, &named, ret, err);
}

int gw_import_known(struct gw_acct *a, const struct gw_import_into *into, const struct gw_slice *keys, size_t n,
	bool *ret, struct gw_err *err)
{
	return a->ops->import_known(a, into, keys, n, ret, err);
}

int gw_import_commit(struct gw_acct *a, const struct gw_import_into *into, struct gw_import_message *v, size_t n,
	struct gw_err *err)
{
	for (size_t i = 0; i < n; i++)
		if (!key_ok(v[i].key))
			return key_failed(err);
	return a->ops->import_commit(a, into, v, n, err);
}

int gw_import_flags(struct gw_acct *a, const struct gw_import_into *into, const struct gw_import_flags *v, size_t n,
	uint64_t *ret, struct gw_err *err)
{
	return a->ops->import_flags(a, into, v, n, ret, err);
}

int gw_import_finish(struct gw_acct *a, const struct gw_import_into *into, uint32_t uidnext, struct gw_err *err)
{
	return a->ops->import_finish(a, into, uidnext, err);
}

bool gw_import_uidl_ok(struct gw_slice uidl)
{
	for (size_t i = 0; i < uidl.n; i++)
		if (uidl.p[i] < 0x21 || uidl.p[i] > 0x7E)
			return false;
	return uidl.n > 0 && uidl.n <= GW_IMPORT_UIDL_MAX;
}

int gw_import_uidls(struct gw_acct *a, struct gw_mbox_id id, const struct gw_import_uidl *v, size_t n, uint64_t *ret, struct gw_err *err)
{
	if (!a->ops->import_uidls)
		return no_imports(a, err);
	for (size_t i = 0; i < n; i++)
		if (!gw_import_uidl_ok(v[i].uidl) || (i && v[i].uid <= v[i - 1].uid))
			return gw_fail(err, GW_EINVAL, "no message can be known to POP3 clients by \"%.*s\"", GW_FMT(v[i].uidl));
	return a->ops->import_uidls(a, id, v, n, ret, err);
}

/* ---- the rest is timed and handed on as it is ---- */

int gw_acct_quota(struct gw_acct *a, struct gw_quota *ret, struct gw_err *err)
{
	uint64_t t = begin(a->store);

	return spent(a, GW_CALL_QUOTA, t, a->ops->quota(a, ret, err));
}

bool gw_acct_sets_quota(const struct gw_acct *a)
{
	return a->ops->quota_set != NULL;
}

static int no_limits(struct gw_err *err)
{
	return gw_fail(err, GW_ENOTSUP, "the storage server sets the limits of its accounts");
}

int gw_acct_quota_of(struct gw_acct *a, struct gw_slice user, struct gw_quota *ret, struct gw_err *err)
{
	uint64_t t = begin(a->store);

	return a->ops->quota_of ? spent(a, GW_CALL_QUOTA, t, a->ops->quota_of(a, user, ret, err)) : no_limits(err);
}

int gw_acct_quota_set(struct gw_acct *a, struct gw_slice user, const struct gw_limits *limits, struct gw_err *err)
{
	uint64_t t = begin(a->store);

	return a->ops->quota_set ? spent(a, GW_CALL_QUOTA_SET, t, a->ops->quota_set(a, user, limits, err)) : no_limits(err);
}

const struct gw_moved *gw_acct_moved(const struct gw_acct *a)
{
	return a->moved;
}

bool gw_store_has_moved(const struct gw_store *s)
{
	return s->ops->has_moved;
}

const char *gw_acct_bell(struct gw_acct *a, struct gw_mbox_id id)
{
	return a->ops->bell(a, id);
}

bool gw_acct_polls(const struct gw_acct *a)
{
	return a->ops->poll != NULL;
}

int gw_acct_poll(struct gw_acct *a, struct gw_mbox_id id, struct gw_err *err)
{
	uint64_t t = begin(a->store);

	return a->ops->poll ? spent(a, GW_CALL_POLL, t, a->ops->poll(a, id, err)) : 0;
}

void gw_acct_watch(struct gw_acct *a, struct gw_mbox_id id, bool on)
{
	if (a->ops->watch)
		a->ops->watch(a, id, on);
}

int gw_acct_lock_maildrop(struct gw_acct *a, struct gw_err *err)
{
	uint64_t t = begin(a->store);

	return spent(a, GW_CALL_LOCK_MAILDROP, t, a->ops->lock_maildrop(a, err));
}

int gw_mbox_status(struct gw_acct *a, struct gw_mbox_id id, struct gw_mailbox *ret, struct gw_err *err)
{
	uint64_t t = begin(a->store);

	return spent(a, GW_CALL_STATUS, t, a->ops->status(a, id, ret, err));
}

int gw_mbox_recent(struct gw_acct *a, struct gw_mbox_id id, bool claim, uint32_t *ret_first, struct gw_err *err)
{
	uint64_t t = begin(a->store);

	return spent(a, GW_CALL_RECENT, t, a->ops->recent(a, id, claim, ret_first, err));
}

int gw_mbox_index(struct gw_acct *a, struct gw_mbox_id id, struct gw_index **ret, struct gw_err *err)
{
	uint64_t t = begin(a->store);

	return spent(a, GW_CALL_INDEX, t, a->ops->index(a, id, ret, err));
}

int gw_mbox_index_cached(struct gw_acct *a, struct gw_mbox_id id, struct gw_index **ret, struct gw_err *err)
{
	return a->ops->index_cached(a, id, ret, err);
}

int gw_mbox_keywords(struct gw_acct *a, struct gw_mbox_id id, struct gw_arena *arena, struct gw_keywords *ret,
	struct gw_err *err)
{
	uint64_t t = begin(a->store);

	return spent(a, GW_CALL_KEYWORDS, t, a->ops->keywords(a, id, arena, ret, err));
}

int gw_mbox_index_asof(struct gw_acct *a, struct gw_mbox_id id, uint64_t modseq, uint32_t uidnext,
	struct gw_index **ret, struct gw_err *err)
{
	uint64_t t = begin(a->store);

	return spent(a, GW_CALL_INDEX_ASOF, t, a->ops->index_asof(a, id, modseq, uidnext, ret, err));
}

int gw_mbox_vanished(struct gw_acct *a, struct gw_mbox_id id, uint64_t modseq, struct gw_set *ret, bool *ret_partial,
	struct gw_err *err)
{
	uint64_t t = begin(a->store);

	return spent(a, GW_CALL_VANISHED, t, a->ops->vanished(a, id, modseq, ret, ret_partial, err));
}

int gw_mbox_store_flags(struct gw_acct *a, struct gw_mbox_id id, const struct gw_set *uids,
	const struct gw_flag_change *change, struct gw_set *ret_modified, struct gw_err *err)
{
	uint64_t t = begin(a->store);

	return spent(a, GW_CALL_STORE_FLAGS, t, a->ops->store_flags(a, id, uids, change, ret_modified, err));
}

int gw_mbox_expunge(
	struct gw_acct *a, struct gw_mbox_id id, const struct gw_set *uids, struct gw_set *ret_gone, struct gw_err *err)
{
	uint64_t t = begin(a->store);

	return spent(a, GW_CALL_EXPUNGE, t, a->ops->expunge(a, id, uids, true, ret_gone, err));
}

int gw_mbox_remove(
	struct gw_acct *a, struct gw_mbox_id id, const struct gw_set *uids, struct gw_set *ret_gone, struct gw_err *err)
{
	uint64_t t = begin(a->store);

	return spent(a, GW_CALL_REMOVE, t, a->ops->expunge(a, id, uids, false, ret_gone, err));
}

int gw_mbox_copy(struct gw_acct *a, struct gw_mbox_id from, const struct gw_set *uids, struct gw_mbox_id to, bool move,
	struct gw_copied *ret, struct gw_err *err)
{
	uint64_t t = begin(a->store);

	return spent(a, GW_CALL_COPY, t, a->ops->copy(a, from, uids, to, move, ret, err));
}

int gw_mbox_ranks(struct gw_acct *a, struct gw_mbox_id id, const struct gw_index *index, enum gw_rank_key key, size_t memory_max,
	struct gw_ranks **ret, struct gw_err *err)
{
	*ret = NULL;
	return a->ops->ranks(a, id, index, key, memory_max, ret, err);
}

int gw_mbox_links(struct gw_acct *a, struct gw_mbox_id id, const struct gw_index *index, size_t memory_max, struct gw_links **ret,
	struct gw_err *err)
{
	*ret = NULL;
	return a->ops->links(a, id, index, memory_max, ret, err);
}

void gw_copied_done(struct gw_copied *c)
{
	gw_set_done(&c->src);
	gw_set_done(&c->dst);
}

bool gw_acct_has_jmap(const struct gw_acct *a)
{
	return a->ops->has_jmap && a->ops->has_jmap(a);
}

int gw_acct_account_id(struct gw_acct *a, uint32_t space, char ret[GW_ACCOUNT_ID_MAX], struct gw_err *err)
{
	return a->ops->account_id(a, space, ret, err);
}

uint64_t gw_acct_append_max(const struct gw_acct *a)
{
	return a->ops->append_max ? a->ops->append_max(a) : 0;
}

int gw_append_open(struct gw_acct *a, uint64_t size, struct gw_append **ret, struct gw_err *err)
{
	uint64_t t = begin(a->store);
	int rc = a->ops->append_open(a, size, ret, err);

	if (rc >= 0)
		(*ret)->acct = a;
	return spent(a, GW_CALL_APPEND_OPEN, t, rc);
}

int gw_append_write(struct gw_append *ap, struct gw_slice bytes, struct gw_err *err)
{
	uint64_t t = begin(ap->acct->store);

	return spent(ap->acct, GW_CALL_APPEND_WRITE, t, ap->ops->append_write(ap, bytes, err));
}

int gw_append_unbinary(struct gw_append *ap, uint64_t *ret_size, struct gw_err *err)
{
	uint64_t t = begin(ap->acct->store);

	return spent(ap->acct, GW_CALL_APPEND_WRITE, t, ap->ops->append_unbinary(ap, ret_size, err));
}

void gw_append_set(
	struct gw_append *ap, uint64_t system_flags, const struct gw_slice *keywords, size_t n_keywords, int64_t date)
{
	ap->ops->append_set(ap, system_flags, keywords, n_keywords, date);
}

void gw_append_close(struct gw_append *ap)
{
	if (ap)
		ap->ops->append_close(ap);
}

int gw_append_commit(struct gw_acct *a, struct gw_mbox_id id, struct gw_append *const *v, size_t n,
	struct gw_appended *ret, struct gw_err *err)
{
	uint64_t t = begin(a->store);

	return spent(a, GW_CALL_APPEND_COMMIT, t, a->ops->append_commit(a, id, v, n, ret, err));
}

int gw_append_replace(struct gw_acct *a, struct gw_mbox_id into, struct gw_append *ap, struct gw_mbox_id from, uint32_t uid,
	struct gw_appended *ret, struct gw_err *err)
{
	uint64_t t = begin(a->store);

	return spent(a, GW_CALL_APPEND_REPLACE, t, a->ops->append_replace(a, into, ap, from, uid, ret, err));
}

int gw_fetch_open(struct gw_acct *a, struct gw_mbox_id id, const struct gw_index *index, const struct gw_set *seqs,
	unsigned want, struct gw_fetch **ret, struct gw_err *err)
{
	uint64_t t = begin(a->store);
	int rc = a->ops->fetch_open(a, id, index, seqs, want, ret, err);

	if (rc >= 0)
		(*ret)->acct = a;
	return spent(a, GW_CALL_FETCH_OPEN, t, rc);
}

int gw_fetch_next(struct gw_fetch *f, struct gw_message *ret, bool *ret_gone, struct gw_err *err)
{
	uint64_t t = begin(f->acct->store);

	return spent(f->acct, GW_CALL_FETCH_NEXT, t, f->ops->fetch_next(f, ret, ret_gone, err));
}

long gw_fetch_read(struct gw_fetch *f, uint64_t off, void *dst, size_t n, struct gw_err *err)
{
	uint64_t t = begin(f->acct->store);
	long got = f->ops->fetch_read(f, off, dst, n, err);

	spent(f->acct, GW_CALL_FETCH_READ, t, got < 0 ? (int)got : 0);
	return got;
}

void gw_fetch_pause(struct gw_fetch *f)
{
	f->ops->fetch_pause(f);
}

void gw_fetch_close(struct gw_fetch *f)
{
	if (f)
		f->ops->fetch_close(f);
}

int gw_mbox_match(struct gw_acct *a, struct gw_mbox_id id, const struct gw_index *index, const struct gw_match *m,
	const struct gw_set *seqs, struct gw_match_place *place, struct gw_set *ret, struct gw_err *err)
{
	uint64_t t = begin(a->store);

	return spent(a, GW_CALL_MATCH, t, a->ops->match(a, id, index, m, seqs, place, ret, err));
}

void gw_match_place_done(struct gw_match_place *p)
{
	gw_set_done(&p->left);
	gw_set_done(&p->keyed);
}
