/* take_mailbox.c - Mailbox/get: mailboxes as facts (RFC 8621 2) */
#include "store/jmap/answer.h"

/* Longest name that is taken; session.h's max_name is what the server says of new ones. */
#define NAME_MAX_OCTETS 4096

static const struct {
	const char *name;
	enum jmap_right right;
} rights[] = {
	{ "mayReadItems", JMAP_READ },
	{ "mayAddItems", JMAP_ADD },
	{ "mayRemoveItems", JMAP_REMOVE },
	{ "maySetSeen", JMAP_SEEN },
	{ "maySetKeywords", JMAP_KEYWORDS },
	{ "mayCreateChild", JMAP_CHILD },
	{ "mayRename", JMAP_RENAME },
	{ "mayDelete", JMAP_DELETE },
	{ "maySubmit", JMAP_SUBMIT },
};

/* By enum jmap_role: names of the IANA registry that RFC 8621 10.5 speaks of. */
static const char *const roles[] = { NULL, "inbox", "all", "archive", "drafts", "flagged", "important", "junk", "sent",
	"trash" };

#define ROLES (sizeof roles / sizeof *roles)

const char *jmap_role_name(enum jmap_role role)
{
	return roles[role];
}

static enum jmap_role take_role(struct gw_slice name)
{
	for (size_t i = 1; i < ROLES; i++)
		if (gw_slice_eq(name, gw_slice_str(roles[i])))
			return (enum jmap_role)i;
	return JMAP_NO_ROLE;
}

static int take_rights(const struct jmap_taker *t, struct json_value v, unsigned *ret)
{
	struct json_value list;
	int rc = jmap_want_list(t, v, "myRights", JSON_OBJECT, false, &list);

	for (size_t i = 0; rc == 0 && i < sizeof rights / sizeof *rights; i++)
		if (json_type(json_member(list, gw_slice_str(rights[i].name))) == JSON_TRUE)
			*ret |= rights[i].right;
	return rc;
}

static int take_mailbox(const struct jmap_taker *t, struct json_value v, struct jmap_mailbox *m)
{
	uint64_t sort = 0;
	int rc = jmap_want_id(t, v, "id", &m->id);

	if (rc == 0)
		rc = jmap_may_id(t, v, "parentId", &m->parent);
	if (rc == 0)
		rc = jmap_want_text(t, v, "name", NAME_MAX_OCTETS, &m->name);
	if (rc == 0)
		rc = jmap_may_uint(t, v, "sortOrder", &sort);
	if (rc == 0)
		rc = jmap_may_uint(t, v, "totalEmails", &m->total);
	if (rc == 0)
		rc = take_rights(t, v, &m->rights);
	m->role = take_role(json_text(json_member(v, GW_S("role"))));
	m->sort = sort < UINT32_MAX ? (uint32_t)sort : UINT32_MAX;
	m->subscribed = json_type(json_member(v, GW_S("isSubscribed"))) == JSON_TRUE;
	return rc;
}

/* A role belongs to one mailbox (RFC 8621 2): where a server says it of several, the lowest id has it. */
static void one_of_each_role(struct jmap_mailbox *v, size_t n)
{
	struct jmap_mailbox *first[ROLES] = { NULL };

	for (size_t i = 0; i < n; i++) {
		struct jmap_mailbox *m = &v[i], **f = &first[m->role];

		if (m->role == JMAP_NO_ROLE)
			continue;
		if (*f)
			(gw_slice_cmp(m->id, (*f)->id) < 0 ? *f : m)->role = JMAP_NO_ROLE;
		if (m->role != JMAP_NO_ROLE)
			*f = m;
	}
}

static int take_list(const struct jmap_taker *t, struct json_value list, struct jmap_mailbox *v, size_t *ret_n)
{
	struct gw_slice *ids = gw_arena_calloc(t->arena, json_count(list) + 1, sizeof *ids);
	struct jmap_idset set;
	size_t n = 0;

	jmap_idset_init(&set, ids, json_count(list), t->arena);
	for (struct json_iter it = json_each(list); json_next(&it);) {
		int rc;

		memset(&v[n], 0, sizeof v[n]);
		rc = take_mailbox(t, it.value, &v[n]);
		if (rc < 0)
			return rc;
		ids[n] = v[n].id;
		if (jmap_idset_add(&set, (uint32_t)n))
			n++;
	}
	one_of_each_role(v, n);
	*ret_n = n;
	return 0;
}

int jmap_take_mailboxes(const struct jmap_answer *a, unsigned call, struct gw_slice account, struct gw_arena *arena,
	struct jmap_mailbox **ret, size_t *ret_n, struct gw_slice *ret_state, struct gw_err *err)
{
	struct jmap_taker t = { "Mailbox/get", arena, err };
	struct json_value args, list = { 0 };
	int rc = jmap_args(a, call, t.what, account, &args, err);

	if (rc == 0)
		rc = jmap_want_state(&t, args, "state", ret_state);
	if (rc == 0)
		rc = jmap_want_list(&t, args, "list", JSON_ARRAY, false, &list);
	if (rc < 0)
		return rc;
	*ret = gw_arena_calloc(arena, json_count(list) + 1, sizeof **ret);
	return take_list(&t, list, *ret, ret_n);
}
