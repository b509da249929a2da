/* request_set.c - requests that change: Email/set, Email/import, Email/copy, Mailbox/set (RFC 8620 5.3, 5.4; RFC
 * 8621 2.5, 4.6 to 4.8) */
#include "store/jmap/answer.h"
#include "store/jmap/request.h"

#include "util/clock.h"

#include <stdio.h>

/* ---- Email/set ---- */

static void put_if_state(struct gw_json *j, struct gw_slice state)
{
	if (state.n)
		gw_json_string(j, "ifInState", state);
}

unsigned jmap_email_set_begin(struct jmap_request *r, struct gw_slice if_state)
{
	put_if_state(jmap_call_open(r, "Email/set"), if_state);
	r->updating = false;
	return r->calls;
}

/* "property/name": a path of a patch (RFC 8620 5.3), in which a name escapes '~' and '/' (RFC 6901 3). */
static const char *path(char p[JMAP_ID_MAX * 2 + 16], const char *property, struct gw_slice name)
{
	size_t n = (size_t)sprintf(p, "%s/", property);

	for (size_t i = 0; i < name.n && i < JMAP_ID_MAX; i++) {
		if (name.p[i] == '~' || name.p[i] == '/') {
			p[n++] = '~';
			p[n++] = name.p[i] == '~' ? '0' : '1';
		} else {
			p[n++] = name.p[i];
		}
	}
	p[n] = '\0';
	return p;
}

static void put_patch(struct gw_json *j, const char *property, struct gw_slice name, bool in)
{
	char p[JMAP_ID_MAX * 2 + 16];

	if (in)
		gw_json_bool(j, path(p, property, name), true);
	else
		gw_json_str(j, path(p, property, name), NULL);
}

static void open_named(struct gw_json *j, struct gw_slice name)
{
	char key[JMAP_ID_MAX + 1] = "";

	memcpy(key, name.p, name.n < JMAP_ID_MAX ? name.n : JMAP_ID_MAX);
	gw_json_open(j, key, '{');
}

void jmap_email_set_patch(struct jmap_request *r, const struct jmap_patch *p)
{
	struct gw_json *j = &r->json;

	if (!r->updating)
		gw_json_open(j, "update", '{');
	r->updating = true;
	open_named(j, p->id);
	for (size_t i = 0; i < p->n_set; i++)
		put_patch(j, "keywords", p->set[i], true);
	for (size_t i = 0; i < p->n_unset; i++)
		put_patch(j, "keywords", p->unset[i], false);
	if (p->into.n)
		put_patch(j, "mailboxIds", p->into, true);
	if (p->out_of.n)
		put_patch(j, "mailboxIds", p->out_of, false);
	gw_json_close(j, '}');
}

static void end_updates(struct jmap_request *r)
{
	if (r->updating)
		gw_json_close(&r->json, '}');
	r->updating = false;
}

void jmap_email_set_destroy(struct jmap_request *r, const struct gw_slice *ids, size_t n)
{
	end_updates(r);
	jmap_put_ids(&r->json, "destroy", ids, n);
}

void jmap_email_set_end(struct jmap_request *r)
{
	end_updates(r);
	jmap_call_close(r);
}

/* ---- Email/import, Email/copy ---- */

static void put_true(struct gw_json *j, const char *property, const struct gw_slice *names, size_t n)
{
	gw_json_open(j, property, '{');
	for (size_t i = 0; i < n; i++) {
		char key[JMAP_ID_MAX + 1] = "";

		memcpy(key, names[i].p, names[i].n < JMAP_ID_MAX ? names[i].n : JMAP_ID_MAX);
		gw_json_bool(j, key, true);
	}
	gw_json_close(j, '}');
}

/* A UTCDate (RFC 8620 1.4); what has no year of four digits is left to the server. */
static void put_date(struct gw_json *j, const char *key, int64_t t)
{
	struct gw_civil c;
	char text[40];

	if (t < gw_time_from_civil(0, 1, 1) || t >= gw_time_from_civil(10000, 1, 1))
		return;
	c = gw_time_to_civil(t);
	snprintf(text, sizeof text, "%04u-%02u-%02uT%02u:%02u:%02uZ", (unsigned)c.year % 10000, c.month % 100,
		c.day % 100, c.hour % 100, c.minute % 100, c.second % 100);
	gw_json_str(j, key, text);
}

static void open_creation(struct gw_json *j, char kind, size_t i)
{
	char key[24];

	snprintf(key, sizeof key, "%c%zu", kind, i);
	gw_json_open(j, key, '{');
}

unsigned jmap_email_import(struct jmap_request *r, const struct jmap_import *v, size_t n, struct gw_slice if_state)
{
	struct gw_json *j = jmap_call_open(r, "Email/import");

	put_if_state(j, if_state);
	gw_json_open(j, "emails", '{');
	for (size_t i = 0; i < n; i++) {
		open_creation(j, 'i', i);
		gw_json_string(j, "blobId", v[i].blob);
		put_true(j, "mailboxIds", &v[i].mailbox, 1);
		put_true(j, "keywords", v[i].keywords, v[i].n_keywords);
		put_date(j, "receivedAt", v[i].received);
		gw_json_close(j, '}');
	}
	gw_json_close(j, '}');
	return jmap_call_close(r);
}

unsigned jmap_email_copy(struct jmap_request *r, struct gw_slice from_account, const struct gw_slice *ids, size_t n,
	struct gw_slice mailbox)
{
	struct gw_json *j = jmap_call_open(r, "Email/copy");

	gw_json_string(j, "fromAccountId", from_account);
	gw_json_open(j, "create", '{');
	for (size_t i = 0; i < n; i++) {
		open_creation(j, 'i', i);
		gw_json_string(j, "id", ids[i]);
		put_true(j, "mailboxIds", &mailbox, 1);
		gw_json_close(j, '}');
	}
	gw_json_close(j, '}');
	return jmap_call_close(r);
}

/* ---- Mailbox/set ---- */

static void put_parent(struct gw_json *j, struct gw_slice parent)
{
	if (parent.n)
		gw_json_string(j, "parentId", parent);
	else
		gw_json_str(j, "parentId", NULL);
}

unsigned jmap_mailbox_create(struct jmap_request *r, struct gw_slice parent, const struct gw_slice *levels, size_t n,
	enum jmap_role role_of_last, bool subscribed)
{
	struct gw_json *j = jmap_call_open(r, "Mailbox/set");
	char above[24] = "";

	gw_json_open(j, "create", '{');
	for (size_t i = 0; i < n; i++) {
		open_creation(j, 'm', i);
		gw_json_string(j, "name", levels[i]);
		put_parent(j, i ? gw_slice_str(above) : parent);
		gw_json_bool(j, "isSubscribed", subscribed);
		if (i == n - 1 && role_of_last != JMAP_NO_ROLE)
			gw_json_str(j, "role", jmap_role_name(role_of_last));
		gw_json_close(j, '}');
		snprintf(above, sizeof above, "#m%zu", i);
	}
	gw_json_close(j, '}');
	return jmap_call_close(r);
}

static struct gw_json *open_update(struct jmap_request *r, struct gw_slice id)
{
	struct gw_json *j = jmap_call_open(r, "Mailbox/set");

	gw_json_open(j, "update", '{');
	open_named(j, id);
	return j;
}

static unsigned close_update(struct jmap_request *r)
{
	gw_json_close(&r->json, '}');
	gw_json_close(&r->json, '}');
	return jmap_call_close(r);
}

unsigned jmap_mailbox_rename(struct jmap_request *r, struct gw_slice id, struct gw_slice parent, struct gw_slice name)
{
	struct gw_json *j = open_update(r, id);

	gw_json_string(j, "name", name);
	put_parent(j, parent);
	return close_update(r);
}

unsigned jmap_mailbox_subscribe(struct jmap_request *r, struct gw_slice id, bool on)
{
	gw_json_bool(open_update(r, id), "isSubscribed", on);
	return close_update(r);
}

unsigned jmap_mailbox_destroy(struct jmap_request *r, struct gw_slice id, bool with_messages)
{
	struct gw_json *j = jmap_call_open(r, "Mailbox/set");

	jmap_put_ids(j, "destroy", &id, 1);
	gw_json_bool(j, "onDestroyRemoveEmails", with_messages);
	return jmap_call_close(r);
}
