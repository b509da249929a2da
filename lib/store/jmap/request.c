/* request.c - requests that ask: Foo/get, Foo/changes, Foo/query (RFC 8620 3.3, 5.1, 5.2, 5.5; RFC 8621 2, 4) */
#include "store/jmap/request.h"

#include <stdio.h>

void jmap_request_init(struct jmap_request *r, const struct jmap_session *s, struct gw_slice account)
{
	*r = (struct jmap_request){ .account = account, .quota = s->quota, .cyrus_quota = s->cyrus_quota };
	gw_buf_init(&r->out, 0);
	gw_json_init(&r->json, &r->out);
	gw_json_open(&r->json, NULL, '{');
	gw_json_open(&r->json, "using", '[');
	gw_json_str(&r->json, NULL, "urn:ietf:params:jmap:core");
	gw_json_str(&r->json, NULL, "urn:ietf:params:jmap:mail");
	if (r->quota)
		gw_json_str(&r->json, NULL, "urn:ietf:params:jmap:quota");
	if (r->cyrus_quota)
		gw_json_str(&r->json, NULL, "https://cyrusimap.org/ns/jmap/quota");
	gw_json_close(&r->json, ']');
	gw_json_open(&r->json, "methodCalls", '[');
}

void jmap_request_done(struct jmap_request *r)
{
	gw_buf_done(&r->out);
}

struct gw_slice jmap_request_bytes(struct jmap_request *r)
{
	r->json.out = &r->out;
	if (!r->ended) {
		gw_json_close(&r->json, ']');
		gw_json_close(&r->json, '}');
	}
	r->ended = true;
	return gw_buf_slice(&r->out);
}

struct gw_json *jmap_call_open(struct jmap_request *r, const char *method)
{
	struct gw_json *j = &r->json;

	j->out = &r->out;
	gw_json_open(j, NULL, '[');
	gw_json_str(j, NULL, method);
	gw_json_open(j, NULL, '{');
	gw_json_string(j, "accountId", r->account);
	return j;
}

unsigned jmap_call_close(struct jmap_request *r)
{
	char tag[16];

	snprintf(tag, sizeof tag, "%u", r->calls);
	gw_json_close(&r->json, '}');
	gw_json_str(&r->json, NULL, tag);
	gw_json_close(&r->json, ']');
	return r->calls++;
}

void jmap_put_ids(struct gw_json *j, const char *key, const struct gw_slice *ids, size_t n)
{
	if (!ids && n == 0) {
		gw_json_str(j, key, NULL);
		return;
	}
	gw_json_open(j, key, '[');
	for (size_t i = 0; i < n; i++)
		gw_json_string(j, NULL, ids[i]);
	gw_json_close(j, ']');
}

static void put_words(struct gw_json *j, const char *key, const char *const *words)
{
	gw_json_open(j, key, '[');
	for (; *words; words++)
		gw_json_str(j, NULL, *words);
	gw_json_close(j, ']');
}

/* ---- get and changes ---- */

unsigned jmap_mailbox_get(struct jmap_request *r, const struct gw_slice *ids, size_t n)
{
	static const char *const properties[] = { "id", "name", "parentId", "role", "sortOrder", "totalEmails",
		"myRights", "isSubscribed", NULL };
	struct gw_json *j = jmap_call_open(r, "Mailbox/get");

	jmap_put_ids(j, "ids", ids, n);
	put_words(j, "properties", properties);
	return jmap_call_close(r);
}

static unsigned put_state(struct jmap_request *r, const char *method)
{
	struct gw_json *j = jmap_call_open(r, method);

	gw_json_open(j, "ids", '[');
	gw_json_close(j, ']');
	return jmap_call_close(r);
}

unsigned jmap_email_state(struct jmap_request *r)
{
	return put_state(r, "Email/get");
}

static unsigned put_changes(struct jmap_request *r, const char *method, struct gw_slice since, unsigned max)
{
	struct gw_json *j = jmap_call_open(r, method);

	gw_json_string(j, "sinceState", since);
	if (max)
		gw_json_u64(j, "maxChanges", max);
	return jmap_call_close(r);
}

unsigned jmap_mailbox_changes(struct jmap_request *r, struct gw_slice since)
{
	return put_changes(r, "Mailbox/changes", since, 0);
}

unsigned jmap_email_changes(struct jmap_request *r, struct gw_slice since, unsigned max)
{
	return put_changes(r, "Email/changes", since, max);
}

static void put_properties(struct gw_json *j, enum jmap_properties what)
{
	static const char *const changing[] = { "id", "mailboxIds", "keywords", NULL };
	static const char *const all[] = { "id", "mailboxIds", "keywords", "blobId", "threadId", "size", "receivedAt",
		NULL };

	put_words(j, "properties", what == JMAP_CHANGING ? changing : all);
}

unsigned jmap_email_get(struct jmap_request *r, const struct gw_slice *ids, size_t n, enum jmap_properties what)
{
	static const struct gw_slice none;
	struct gw_json *j = jmap_call_open(r, "Email/get");

	/* Never null: that would ask for every message there is. */
	jmap_put_ids(j, "ids", ids ? ids : &none, n);
	put_properties(j, what);
	return jmap_call_close(r);
}

unsigned jmap_email_get_from(
	struct jmap_request *r, unsigned call, const char *method, const char *path, enum jmap_properties what)
{
	struct gw_json *j = jmap_call_open(r, "Email/get");
	char tag[16];

	snprintf(tag, sizeof tag, "%u", call);
	gw_json_open(j, "#ids", '{');
	gw_json_str(j, "resultOf", tag);
	gw_json_str(j, "name", method);
	gw_json_str(j, "path", path);
	gw_json_close(j, '}');
	put_properties(j, what);
	return jmap_call_close(r);
}

unsigned jmap_quota_get(struct jmap_request *r)
{
	struct gw_json *j = jmap_call_open(r, "Quota/get");

	jmap_put_ids(j, "ids", NULL, 0);
	return jmap_call_close(r);
}

/* ---- query ---- */

static void put_limit(struct gw_json *j, unsigned limit)
{
	gw_json_u64(j, "limit", limit && limit < JMAP_OBJECTS_MAX ? limit : JMAP_OBJECTS_MAX);
}

unsigned jmap_email_query(struct jmap_request *r, struct gw_slice mailbox, struct gw_slice after, unsigned limit)
{
	struct gw_json *j = jmap_call_open(r, "Email/query");

	gw_json_open(j, "filter", '{');
	gw_json_string(j, "inMailbox", mailbox);
	gw_json_close(j, '}');
	gw_json_open(j, "sort", '[');
	gw_json_open(j, NULL, '{');
	gw_json_str(j, "property", "receivedAt");
	gw_json_bool(j, "isAscending", true);
	gw_json_close(j, '}');
	gw_json_close(j, ']');
	if (after.n) {
		gw_json_string(j, "anchor", after);
		gw_json_u64(j, "anchorOffset", 1);
	}
	put_limit(j, limit);
	return jmap_call_close(r);
}

unsigned jmap_email_search(
	struct jmap_request *r, struct gw_slice mailbox, const char *field, struct gw_slice words, unsigned limit)
{
	struct gw_json *j = jmap_call_open(r, "Email/query");

	gw_json_open(j, "filter", '{');
	gw_json_string(j, "inMailbox", mailbox);
	gw_json_string(j, field, words);
	gw_json_close(j, '}');
	put_limit(j, limit);
	return jmap_call_close(r);
}
