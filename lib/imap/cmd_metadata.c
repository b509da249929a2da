/* cmd_metadata.c - GETMETADATA, SETMETADATA (RFC 5464)
 *
 * The store gives all entries of a mailbox; which of them are meant is found here. Values may be long, so a response ends
 * where the output is full, and another one goes on. */
#include "imap/metadata.h"

#include "imap/commands.h"
#include "imap/filters.h"
#include "imap/notify.h"
#include "imap/put.h"

struct get_run {
	struct gw_slice name; /* of the mailbox; n 0: the server */
	struct gw_metadata *all;
	size_t n;
	bool *wanted;         /* of each of all */
	size_t at, missing;   /* what comes next: of all, then of the entries that are not there */
	uint64_t longest;     /* value that was left out because of MAXSIZE */
};

int imap_metadata_of(const struct imap_session *s, const struct gw_mailbox *mb, struct gw_arena *arena, struct gw_metadata **ret,
		     size_t *ret_n, struct gw_err *err)
{
	int rc = gw_metadata_get(s->acct, mb ? &mb->id : NULL, arena, ret, ret_n, err);
	struct gw_slice uses = rc == 0 && mb ? imap_uses_text(mb, arena) : (struct gw_slice){ 0 };
	struct gw_metadata *all;

	if (!uses.p || !imap_offers(s, "SPECIAL-USE"))
		return rc;
	all = gw_arena_calloc(arena, *ret_n + 1, sizeof *all);
	if (*ret_n)
		memcpy(all, *ret, *ret_n * sizeof *all);
	all[*ret_n] = (struct gw_metadata){ GW_S(IMAP_SPECIAL_USE_ENTRY), uses };
	*ret = all;
	++*ret_n;
	return 0;
}

/* ---- saying it ---- */

static void put_pair(struct gw_out *out, bool *open, const struct imap_session *s, struct gw_slice mailbox, struct gw_slice name,
		     struct gw_slice value)
{
	if (!*open) {
		gw_out_lit(out, "* METADATA ");
		if (mailbox.n)
			imap_put_name(s, out, mailbox);
		else
			gw_out_lit(out, "\"\"");
		gw_out_lit(out, " (");
	} else {
		gw_out_char(out, ' ');
	}
	*open = true;
	imap_put_astring(out, name);
	gw_out_char(out, ' ');
	imap_put_value(out, value);
}

static void close_response(struct gw_out *out, bool open)
{
	if (open)
		gw_out_lit(out, ")\r\n");
}

static const struct gw_metadata *find(const struct gw_metadata *all, size_t n, struct gw_slice key)
{
	for (size_t i = 0; i < n; i++)
		if (gw_slice_eq(all[i].name, key))
			return &all[i];
	return NULL;
}

bool imap_put_metadata(const struct imap_session *s, struct gw_slice name, const struct imap_metadata_list *list,
		       const struct gw_metadata *all, size_t n, size_t *next, struct gw_out *out)
{
	bool open = false;

	for (; *next < list->n && !gw_out_full(out); (*next)++) {
		const struct imap_metadata_entry *e = &list->v[*next];
		const struct gw_metadata *m = find(all, n, e->key);

		put_pair(out, &open, s, name, e->name, m ? m->value : (struct gw_slice){ 0 });
	}
	close_response(out, open);
	return *next == list->n;
}

/* ---- GETMETADATA ---- */

/* Is name the entry key, or so deep below it (RFC 5464 4.2.2)? */
static bool covers(struct gw_slice key, unsigned depth, struct gw_slice name)
{
	struct gw_slice rest;

	if (gw_slice_eq(name, key))
		return true;
	if (!depth || name.n <= key.n || name.p[key.n] != '/' || !gw_slice_eq(gw_slice(name.p, key.n), key))
		return false;
	rest = gw_slice(name.p + key.n + 1, name.n - key.n - 1);
	return depth == IMAP_DEPTH_INFINITY || gw_slice_find(rest, '/') == rest.n;
}

static void choose(struct get_run *r, const struct imap_metadata *q)
{
	for (size_t i = 0; i < r->n; i++) {
		for (size_t k = 0; k < q->entries.n && !r->wanted[i]; k++)
			r->wanted[i] = covers(q->entries.v[k].key, q->depth, r->all[i].name);
		if (!r->wanted[i] || !q->has_maxsize || r->all[i].value.n <= q->maxsize)
			continue;
		r->wanted[i] = false;
		if (r->all[i].value.n > r->longest)
			r->longest = r->all[i].value.n;
	}
}

/* The mailbox of the command; false: the reply is set. */
static bool find_target(struct imap_session *s, struct imap_task *t, struct gw_mailbox *mb)
{
	if (t->cmd->metadata.server)
		return true;
	if (!imap_find_mailbox(s, t, t->cmd->mailbox, NULL, mb))
		return false;
	if (!(mb->attrs & (GW_MBOX_NOSELECT | GW_MBOX_NONEXISTENT)))
		return true;
	imap_no(t, "NONEXISTENT", "There is no such mailbox");
	return false;
}

/* NULL: the reply is set. */
static struct get_run *begin(struct imap_session *s, struct imap_task *t)
{
	struct get_run *r = gw_arena_alloc(&t->arena, sizeof *r);
	const struct imap_metadata *q = &t->cmd->metadata;
	struct gw_err err = { 0 };
	struct gw_mailbox mb = { 0 };
	int rc;

	if (!find_target(s, t, &mb))
		return NULL;
	rc = imap_metadata_of(s, q->server ? NULL : &mb, &t->arena, &r->all, &r->n, &err);
	if (rc < 0) {
		imap_fail(s, t, rc, &err);
		return NULL;
	}
	r->name = q->server ? GW_S("") : mb.name;
	r->wanted = gw_arena_calloc(&t->arena, r->n + 1, sizeof *r->wanted);
	choose(r, q);
	t->state = r;
	return r;
}

/* How the client wrote the name. */
static struct gw_slice spelled(const struct imap_metadata *q, struct gw_slice name)
{
	for (size_t k = 0; k < q->entries.n; k++)
		if (gw_slice_eq(q->entries.v[k].key, name))
			return q->entries.v[k].name;
	return name;
}

static bool put_some(struct imap_session *s, struct get_run *r, const struct imap_metadata *q, struct gw_out *out)
{
	bool open = false;

	for (; r->at < r->n && !gw_out_full(out); r->at++)
		if (r->wanted[r->at])
			put_pair(out, &open, s, r->name, spelled(q, r->all[r->at].name), r->all[r->at].value);
	for (; r->at == r->n && !q->depth && r->missing < q->entries.n && !gw_out_full(out); r->missing++)
		if (!find(r->all, r->n, q->entries.v[r->missing].key))
			put_pair(out, &open, s, r->name, q->entries.v[r->missing].name, (struct gw_slice){ 0 });
	close_response(out, open);
	return r->at == r->n && (q->depth || r->missing == q->entries.n);
}

enum imap_step imap_run_getmetadata(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	struct get_run *r = t->state ? t->state : begin(s, t);

	if (!r)
		return IMAP_STEP_DONE;
	if (!put_some(s, r, &t->cmd->metadata, out))
		return IMAP_STEP_MORE;
	if (r->longest)
		return imap_ok_code(t, gw_arena_printf(&t->arena, "METADATA LONGENTRIES %llu", (unsigned long long)r->longest),
				    "GETMETADATA completed");
	return imap_ok(t, "GETMETADATA completed");
}

/* ---- SETMETADATA ---- */

/* What the store takes, and what comes as a literal. */
const char *imap_value_limit(const struct imap_session *s, struct gw_arena *arena)
{
	uint64_t literal = s->framer.limits.literal_max, store = GW_METADATA_VALUE_MAX;

	return gw_arena_printf(arena, "METADATA MAXSIZE %llu", (unsigned long long)(literal < store ? literal : store));
}

/* "\\Archive \\Sent"; an empty value is none. False: one of them is not known. */
static bool uses_of(struct gw_slice value, unsigned *ret)
{
	unsigned uses = 0, bit;

	while (value.n) {
		struct gw_slice name = gw_slice_take(&value, gw_slice_find(value, ' '));

		gw_slice_take(&value, value.n > 0);
		bit = imap_special_use(name);
		if (!bit)
			return false;
		uses |= bit;
	}
	*ret = uses;
	return true;
}

/* The mailboxes that have lost uses to the one of this id (RFC 6154 5.4). */
static void put_losers(struct imap_session *s, struct imap_task *t, const struct gw_mailbox *v, size_t n, struct gw_mbox_id id,
		       unsigned uses, struct gw_out *out)
{
	for (size_t i = 0; i < n; i++) {
		struct gw_mailbox mb = v[i];
		bool open = false;

		if (!(mb.attrs & uses) || mb.id.space || mb.id.id == id.id)
			continue;
		mb.attrs &= ~uses;
		put_pair(out, &open, s, mb.name, GW_S(IMAP_SPECIAL_USE_ENTRY), imap_uses_text(&mb, &t->arena));
		close_response(out, open);
		imap_notify_own_name(s, mb.name);
	}
}

static enum imap_step set_special_use(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	const struct imap_metadata_list *l = &t->cmd->metadata.entries;
	struct gw_mailbox mb = { 0 }, *all;
	struct gw_err err = { 0 };
	unsigned uses = 0;
	size_t n;
	int rc;

	if (l->n > 1) /* all or none is done, and it is kept elsewhere */
		return imap_no(t, "CANNOT", "The special use of a mailbox is set alone");
	if (!uses_of(l->v[0].value, &uses))
		return imap_no(t, "USEATTR", "This special use is not known");
	if (!find_target(s, t, &mb))
		return IMAP_STEP_DONE;
	if (uses && gw_slice_eq(mb.name, GW_S("INBOX")))
		return imap_no(t, "USEATTR", "It cannot have this special use");
	rc = gw_acct_list(s->acct, &t->arena, &all, &n, &err);
	if (rc == 0)
		rc = gw_mbox_set_special(s->acct, mb.id, uses, &err);
	if (rc == GW_ENOTSUP)
		return imap_no(t, "CANNOT", "The special use of a mailbox is set when it is made");
	if (rc == GW_EINVAL)
		return imap_no(t, "USEATTR", "It cannot have this special use");
	if (rc < 0)
		return imap_fail(s, t, rc, &err);
	imap_notify_own_name(s, mb.name);
	put_losers(s, t, all, n, mb.id, uses, out);
	return imap_ok(t, "SETMETADATA completed");
}

static bool is_special_use(const struct imap_session *s, const struct imap_metadata *q)
{
	for (size_t i = 0; i < q->entries.n; i++)
		if (!q->server && imap_offers(s, "SPECIAL-USE") && gw_slice_eq(q->entries.v[i].key, GW_S(IMAP_SPECIAL_USE_ENTRY)))
			return true;
	return false;
}

enum imap_step imap_run_setmetadata(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	const struct imap_metadata_list *l = &t->cmd->metadata.entries;
	struct gw_metadata *v = gw_arena_calloc(&t->arena, l->n + 1, sizeof *v);
	struct gw_err err = { 0 };
	struct gw_mailbox mb = { 0 };
	int rc;

	if (is_special_use(s, &t->cmd->metadata))
		return set_special_use(s, t, out);
	for (size_t i = 0; i < l->n; i++) {
		const char *problem = NULL;

		if (t->cmd->metadata.server && imap_offers(s, "FILTERS"))
			problem = imap_filter_problem(&t->arena, l->v[i].key, l->v[i].value);
		if (problem)
			return imap_no(t, NULL, problem);
		if (l->v[i].value.n > GW_METADATA_VALUE_MAX)
			return imap_no(t, imap_value_limit(s, &t->arena), "The value is too long");
		v[i] = (struct gw_metadata){ l->v[i].key, l->v[i].value };
	}
	if (!find_target(s, t, &mb))
		return IMAP_STEP_DONE;
	rc = gw_metadata_set(s->acct, t->cmd->metadata.server ? NULL : &mb.id, v, l->n, &err);
	if (rc == GW_ELIMIT)
		return imap_no(t, "METADATA TOOMANY", "There are too many entries");
	if (rc == GW_EQUOTA) {
		imap_fail(s, t, rc, &err);
		t->text = "There is no room for more annotations";
		return IMAP_STEP_DONE;
	}
	if (rc < 0)
		return imap_fail(s, t, rc, &err);
	if (t->cmd->metadata.server)
		imap_notify_own_server(s);
	else
		imap_notify_own_name(s, mb.name);
	return imap_ok(t, "SETMETADATA completed");
}
