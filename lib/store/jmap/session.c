/* session.c - the session object (see session.h) */
#include "store/jmap/answer.h"
#include "store/jmap/url.h"

#include <stdlib.h>

#define CORE	    "urn:ietf:params:jmap:core"
#define MAIL	    "urn:ietf:params:jmap:mail"
#define QUOTA	    "urn:ietf:params:jmap:quota"
#define CYRUS_QUOTA "https://cyrusimap.org/ns/jmap/quota"

#define ACCOUNTS_MAX 10000
#define NAME_OCTETS  1024 /* of a user or an account */

/* ---- limits ---- */

/* What is missing, or is nothing at all, becomes the least that RFC 8620 suggests. */
static uint64_t limit(struct json_value core, const char *name, uint64_t least, uint64_t most)
{
	uint64_t v;

	if (!json_uint(json_member(core, gw_slice_str(name)), &v) || v == 0)
		return least;
	return v < most ? v : most;
}

static struct jmap_limits read_limits(struct json_value core)
{
	return (struct jmap_limits){ .max_upload = limit(core, "maxSizeUpload", 50000000, JSON_INT_MAX),
		.max_request = limit(core, "maxSizeRequest", 10000000, JSON_INT_MAX),
		.max_calls = (uint32_t)limit(core, "maxCallsInRequest", 16, 1000),
		.max_get = (uint32_t)limit(core, "maxObjectsInGet", 500, JMAP_OBJECTS_MAX),
		.max_set = (uint32_t)limit(core, "maxObjectsInSet", 500, JMAP_OBJECTS_MAX),
		.max_concurrent_upload = (uint32_t)limit(core, "maxConcurrentUpload", 4, 1000),
		.max_concurrent_requests = (uint32_t)limit(core, "maxConcurrentRequests", 4, 1000) };
}

/* ---- accounts ---- */

static bool is_true(struct json_value object, const char *name)
{
	return json_type(json_member(object, gw_slice_str(name))) == JSON_TRUE;
}

static bool has(struct json_value object, const char *name)
{
	return json_type(json_member(object, gw_slice_str(name))) == JSON_OBJECT;
}

static int read_account(const struct jmap_taker *t, struct gw_slice id, struct json_value v, struct jmap_account *a)
{
	struct json_value capabilities = json_member(v, GW_S("accountCapabilities"));
	struct json_value mail = json_member(capabilities, GW_S(MAIL));

	if (!jmap_id_ok(id))
		return gw_fail(t->err, GW_ECORRUPT, "%s: an account whose id is none (RFC 8620 1.2)", t->what);
	*a = (struct jmap_account){ .id = gw_arena_dup(t->arena, id),
		.personal = is_true(v, "isPersonal"),
		.readonly = is_true(v, "isReadOnly"),
		.mail = json_type(mail) == JSON_OBJECT,
		.quota = has(capabilities, QUOTA) || has(capabilities, CYRUS_QUOTA),
		.max_mailboxes = (uint32_t)limit(mail, "maxMailboxesPerEmail", 0, UINT32_MAX),
		.max_name = (uint32_t)limit(mail, "maxSizeMailboxName", 100, UINT32_MAX),
		.may_create_top = json_type(json_member(mail, GW_S("mayCreateTopLevelMailbox"))) != JSON_FALSE };
	return jmap_want_any_text(t, v, "name", NAME_OCTETS, &a->name);
}

static int read_accounts(const struct jmap_taker *t, struct json_value root, struct jmap_session *s)
{
	struct json_value list;
	int rc = jmap_want_list(t, root, "accounts", JSON_OBJECT, false, &list);

	if (rc < 0)
		return rc;
	if (json_count(list) > ACCOUNTS_MAX)
		return gw_fail(t->err, GW_ECORRUPT, "%s: %zu accounts; at most %d are read", t->what, json_count(list),
			ACCOUNTS_MAX);
	s->accounts = gw_arena_calloc(t->arena, json_count(list) + 1, sizeof *s->accounts);
	for (struct json_iter it = json_each(list); json_next(&it);) {
		rc = read_account(t, it.name, it.value, &s->accounts[s->n_accounts]);
		if (rc < 0)
			return rc;
		if (s->accounts[s->n_accounts].mail)
			s->n_accounts++;
	}
	if (s->n_accounts == 0)
		return gw_fail(t->err, GW_ECORRUPT, "%s: the user has no account for mail (%s)", t->what, MAIL);
	return 0;
}

/* The primary account for mail comes first; where none is named, the first of the user's own. */
static int primary_first(const struct jmap_taker *t, struct json_value root, struct jmap_session *s)
{
	struct json_value named = json_member(json_member(root, GW_S("primaryAccounts")), GW_S(MAIL));
	struct jmap_account primary;
	size_t i = 0;

	if (json_type(named) == JSON_STRING) {
		while (i < s->n_accounts && !gw_slice_eq(s->accounts[i].id, json_text(named)))
			i++;
		if (i == s->n_accounts)
			return gw_fail(t->err, GW_ECORRUPT,
				"%s: the primary account for mail is not among the accounts", t->what);
	} else {
		while (i < s->n_accounts && !s->accounts[i].personal)
			i++;
		i = i == s->n_accounts ? 0 : i;
	}
	primary = s->accounts[i];
	memmove(s->accounts + 1, s->accounts, i * sizeof *s->accounts);
	s->accounts[0] = primary;
	return 0;
}

/* ---- addresses ---- */

/* A template must hold what makes its address that of one account and one blob: else answers would be somebody else's.
 */
static const struct address {
	const char *name;
	size_t at; /* the slice in struct jmap_session */
	const char *need[4];
	bool must;
} addresses[] = {
	{ "apiUrl", offsetof(struct jmap_session, api), { NULL }, true },
	{ "downloadUrl", offsetof(struct jmap_session, download), { "accountId", "blobId", NULL }, true },
	{ "uploadUrl", offsetof(struct jmap_session, upload), { "accountId", NULL }, true },
	{ "eventSourceUrl", offsetof(struct jmap_session, events), { "types", "closeafter", "ping", NULL }, false },
};

static int read_address(const struct jmap_taker *t, struct json_value root, const struct address *a, const char *base,
	bool other_hosts, struct jmap_session *s)
{
	struct gw_slice *ret = (struct gw_slice *)((char *)s + a->at);
	struct gw_slice text = json_text(json_member(root, gw_slice_str(a->name)));
	int rc;

	if (text.n == 0 && !a->must)
		return 0;
	rc = jmap_url_resolve(base, text, other_hosts, t->arena, ret, t->err);
	if (rc == 0)
		rc = jmap_template_check(*ret, a->need, t->err);
	if (rc < 0)
		gw_err_ctx(t->err, "%s: \"%s\"", t->what, a->name);
	return rc;
}

/* ---- the whole ---- */

static int read_capabilities(const struct jmap_taker *t, struct json_value root, struct jmap_session *s)
{
	struct json_value list;
	int rc = jmap_want_list(t, root, "capabilities", JSON_OBJECT, false, &list);

	if (rc < 0)
		return rc;
	if (!has(list, CORE) || !has(list, MAIL))
		return gw_fail(t->err, GW_ECORRUPT, "%s: the server does not have both %s and %s", t->what, CORE, MAIL);
	s->limit = read_limits(json_member(list, GW_S(CORE)));
	s->quota = has(list, QUOTA);
	s->cyrus_quota = has(list, CYRUS_QUOTA);
	return 0;
}

static int read_session(
	const struct jmap_taker *t, struct json_value root, const char *url, bool other_hosts, struct jmap_session *s)
{
	int rc = read_capabilities(t, root, s);

	if (rc == 0)
		rc = read_accounts(t, root, s);
	if (rc == 0)
		rc = primary_first(t, root, s);
	if (rc == 0)
		rc = jmap_want_any_text(t, root, "username", NAME_OCTETS, &s->username);
	if (rc == 0)
		rc = jmap_may_state(t, root, "state", &s->state);
	for (size_t i = 0; rc == 0 && i < sizeof addresses / sizeof *addresses; i++)
		rc = read_address(t, root, &addresses[i], url, other_hosts, s);
	return rc;
}

int jmap_session_read(struct gw_slice text, const char *url, bool other_hosts, struct gw_arena *arena,
	struct jmap_session *ret, struct gw_err *err)
{
	struct jmap_taker t = { "the session resource (RFC 8620 2)", arena, err };
	struct jmap_session s = { .state = GW_S(""), .events = GW_S("") };
	struct json *json;
	int rc = json_read(text, &json, err);

	if (rc < 0) {
		gw_err_ctx(err, "%s", t.what);
		return rc;
	}
	rc = read_session(&t, json_root(json), url, other_hosts, &s);
	json_free(json);
	if (rc == 0)
		*ret = s;
	return rc;
}

/* ---- templates ---- */

const char *jmap_download_url(
	const struct jmap_session *s, struct gw_slice account, struct gw_slice blob, struct gw_arena *arena)
{
	const struct jmap_variable v[] = { { "accountId", account }, { "blobId", blob },
		{ "name", GW_S("message.eml") }, { "type", GW_S("message/rfc822") } };

	return jmap_template_fill(s->download, v, sizeof v / sizeof *v, arena);
}

const char *jmap_upload_url(const struct jmap_session *s, struct gw_slice account, struct gw_arena *arena)
{
	const struct jmap_variable v[] = { { "accountId", account } };

	return jmap_template_fill(s->upload, v, sizeof v / sizeof *v, arena);
}

const char *jmap_event_url(const struct jmap_session *s, unsigned ping_s, struct gw_arena *arena)
{
	const struct jmap_variable v[] = { { "types", GW_S("Email,Mailbox") }, { "closeafter", GW_S("no") },
		{ "ping", gw_slice_str(gw_arena_printf(arena, "%u", ping_s)) } };

	return jmap_template_fill(s->events, v, sizeof v / sizeof *v, arena);
}
