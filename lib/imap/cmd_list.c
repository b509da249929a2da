/* cmd_list.c - LIST, LSUB, RLIST, RLSUB, XLIST, NAMESPACE (RFC 3501 6.3.8, 6.3.9; RFC 2342; RFC 3348; RFC 5258; RFC 5819; RFC 6154)
 *
 * The store gives all names with their counters at once; the command keeps that list in its arena, decides for each
 * name whether it is asked for, and writes until the output is full. Which names have children is worked out on the
 * names that this client may see, so that a hidden calendar never makes its parent look like one. */
#include "imap/session.h"

#include "config/config.h"
#include "imap/acl.h"
#include "imap/commands.h"
#include "imap/mbname.h"
#include "imap/metadata.h"
#include "imap/objectid.h"
#include "imap/pattern.h"
#include "imap/put.h"

/* What a name is to this client, beside its attributes. */
enum {
	SEEN_HIDDEN = 1 << 0,
	SEEN_CHILDREN = 1 << 1,      /* has a child that is not hidden */
	SEEN_SUB_BELOW = 1 << 2,     /* something below it is subscribed */
	SEEN_SPECIAL_BELOW = 1 << 3, /* something below it has a special use */
	SEEN_BOTH_BELOW = 1 << 4,    /* something below it is subscribed and has a special use */
	SEEN_UNTOLD_BELOW = 1 << 5,  /* RECURSIVEMATCH: something below it is what was asked for, but no pattern matches it */
};

struct listing {
	struct gw_mailbox *mb;
	unsigned char *seen; /* of each name */
	size_t n, next;
	bool annotating;  /* the line of the next name is out, its annotations are not all */
	size_t entry;     /* which of them comes next */
	struct imap_pattern **pattern;
	size_t n_patterns;
};

/* Index of name in the list (byte order, INBOX first), or n. */
static size_t find_name(const struct listing *l, struct gw_slice name)
{
	size_t lo = 0, hi = l->n;

	if (l->n && gw_slice_eq(l->mb[0].name, name))
		return 0;
	if (l->n && gw_slice_eqi(l->mb[0].name, GW_S("INBOX")))
		lo = 1;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		int c = gw_slice_cmp(l->mb[mid].name, name);

		if (c == 0)
			return mid;
		if (c < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return l->n;
}

/* What a name with these attributes is to the names above it. */
static unsigned marks_of(unsigned attrs)
{
	bool sub = attrs & GW_MBOX_SUBSCRIBED, special = attrs & GW_MBOX_SPECIAL;

	return (sub ? SEEN_SUB_BELOW : 0u) | (special ? SEEN_SPECIAL_BELOW : 0u) | (sub && special ? SEEN_BOTH_BELOW : 0u);
}

static bool matches(const struct listing *l, struct gw_slice name)
{
	for (size_t i = 0; i < l->n_patterns; i++)
		if (imap_pattern_match(l->pattern[i], name))
			return true;
	return false;
}

/* Is the name itself what was asked for, whatever is below it? */
static bool meets(const struct imap_list *q, const struct gw_mailbox *mb)
{
	return (!(q->select & IMAP_LIST_SUBSCRIBED) || mb->attrs & GW_MBOX_SUBSCRIBED) &&
	       (!(q->select & IMAP_LIST_SPECIAL_USE) || mb->attrs & GW_MBOX_SPECIAL);
}

/* Tell the ancestors of name i what is below them. A name that is only subscribed is nobody's child. */
static void mark_ancestors(struct listing *l, size_t i, const struct imap_list *q)
{
	unsigned attrs = l->mb[i].attrs;
	bool untold = q->select & IMAP_LIST_RECURSIVEMATCH && meets(q, &l->mb[i]) && !matches(l, l->mb[i].name);
	unsigned char marks = (unsigned char)(marks_of(attrs) | (untold ? SEEN_UNTOLD_BELOW : 0));
	struct gw_slice name = l->mb[i].name;
	bool parent = !(attrs & GW_MBOX_NONEXISTENT) || l->seen[i] & SEEN_CHILDREN || attrs & GW_MBOX_CHILDREN;

	for (size_t at = name.n; at-- > 0;) {
		size_t up;

		if (name.p[at] != '/')
			continue;
		up = find_name(l, gw_slice(name.p, at));
		if (up < l->n) {
			unsigned char add = (unsigned char)(marks | (parent ? SEEN_CHILDREN : 0));

			if ((l->seen[up] & add) == add)
				return; /* and so have those above */
			l->seen[up] |= add;
		}
	}
}

/* Does the client understand referrals to mailboxes elsewhere? (RFC 2193 5; RFC 5258 3.1) */
static bool wants_remote(const struct imap_session *s, const struct imap_task *t)
{
	return t->verb->syntax.id == IMAP_VERB_RLIST || t->verb->syntax.id == IMAP_VERB_RLSUB ||
	       (t->cmd->list.select & IMAP_LIST_REMOTE && imap_offers(s, "MAILBOX-REFERRALS"));
}

static bool open_listing(struct imap_session *s, struct imap_task *t, struct listing *l)
{
	struct gw_err err = { 0 };
	int rc;

	if (wants_remote(s, t))
		rc = gw_acct_list_remote(s->acct, &t->arena, &l->mb, &l->n, &err);
	else
		rc = gw_acct_list(s->acct, &t->arena, &l->mb, &l->n, &err);
	if (rc < 0) {
		imap_fail(s, t, rc, &err);
		return false;
	}
	l->seen = gw_arena_alloc(&t->arena, l->n + 1);
	for (size_t i = 0; i < l->n; i++)
		if (imap_hidden(s, l->mb[i].attrs))
			l->seen[i] = SEEN_HIDDEN;
	for (size_t i = 0; i < l->n; i++)
		if (!(l->seen[i] & SEEN_HIDDEN))
			mark_ancestors(l, i, &t->cmd->list);
	return true;
}

/* Reference and pattern are put together as they stand (RFC 3501 6.3.8: interpretation is ours); a pattern that begins
 * with the separator starts anew. */
static struct imap_pattern *make_pattern(struct imap_task *t, struct gw_slice reference, struct gw_slice pattern)
{
	char *p = gw_arena_alloc(&t->arena, reference.n + pattern.n + 1);
	bool absolute = pattern.n && pattern.p[0] == '/';

	if (absolute) {
		reference.n = 0;
		gw_slice_take(&pattern, 1);
	}
	memcpy(p, reference.p, reference.n);
	memcpy(p + reference.n, pattern.p, pattern.n);
	return imap_pattern_new(&t->arena, gw_slice(p, reference.n + pattern.n));
}

/* ---- one line ---- */

static const struct {
	unsigned bit;
	const char *name;
	const char *xlist; /* what XLIST called it, where RFC 6154 took another name */
} special_uses[] = {
	{ GW_MBOX_ALL, "\\All", "\\AllMail" },
	{ GW_MBOX_ARCHIVE, "\\Archive", NULL },
	{ GW_MBOX_DRAFTS, "\\Drafts", NULL },
	{ GW_MBOX_FLAGGED, "\\Flagged", "\\Starred" },
	{ GW_MBOX_JUNK, "\\Junk", "\\Spam" },
	{ GW_MBOX_SENT, "\\Sent", NULL },
	{ GW_MBOX_TRASH, "\\Trash", NULL },
	{ GW_MBOX_IMPORTANT, "\\Important", NULL },
};

/* The list of names with their uses as it was before RFC 6154: some clients ask for it without being told of it. */
static bool is_xlist(const struct imap_task *t)
{
	return t->verb->syntax.id == IMAP_VERB_XLIST;
}

static void put_attr(struct gw_out *out, bool *first, const char *name)
{
	if (!*first)
		gw_out_char(out, ' ');
	*first = false;
	gw_out_str(out, name);
}

static void put_uses(const struct gw_mailbox *mb, bool xlist, bool *first, struct gw_out *out)
{
	if (xlist && gw_slice_eqi(mb->name, GW_S("INBOX")))
		put_attr(out, first, "\\Inbox");
	for (size_t i = 0; i < sizeof special_uses / sizeof *special_uses; i++) {
		if (!(mb->attrs & special_uses[i].bit))
			continue;
		put_attr(out, first, special_uses[i].name);
		if (xlist && special_uses[i].xlist)
			put_attr(out, first, special_uses[i].xlist);
	}
}

struct gw_slice imap_uses_text(const struct gw_mailbox *mb, struct gw_arena *arena)
{
	struct gw_out text;
	bool first = true;

	if (!(mb->attrs & GW_MBOX_SPECIAL))
		return (struct gw_slice){ 0 };
	gw_out_init(&text);
	put_uses(mb, false, &first, &text);
	return gw_slice_str(imap_out_text(arena, &text));
}

static void put_attrs(const struct imap_session *s, const struct imap_task *t, const struct gw_mailbox *mb, unsigned seen,
		      struct gw_out *out)
{
	const struct imap_list *q = &t->cmd->list;
	bool subscribed = q->select & IMAP_LIST_SUBSCRIBED || q->ret & IMAP_LIST_SUBSCRIBED;
	bool first = true;

	gw_out_char(out, '(');
	put_uses(mb, is_xlist(t), &first, out);
	if (mb->attrs & GW_MBOX_NONEXISTENT && (q->extended || imap_rev2(s)))
		put_attr(out, &first, "\\NonExistent");
	else if (mb->attrs & (GW_MBOX_NONEXISTENT | GW_MBOX_NOSELECT | GW_MBOX_NOMAIL))
		put_attr(out, &first, "\\Noselect");
	if (subscribed && mb->attrs & GW_MBOX_SUBSCRIBED)
		put_attr(out, &first, "\\Subscribed");
	if (mb->attrs & GW_MBOX_REMOTE)
		put_attr(out, &first, "\\Remote");
	put_attr(out, &first, seen & SEEN_CHILDREN ? "\\HasChildren" : "\\HasNoChildren");
	gw_out_char(out, ')');
}

/* What is below the name is all that was asked for (RFC 5258 3.5). */
static void put_childinfo(const struct imap_list *q, struct gw_out *out)
{
	bool sub = q->select & IMAP_LIST_SUBSCRIBED, special = q->select & IMAP_LIST_SPECIAL_USE;

	gw_out_lit(out, " (\"CHILDINFO\" (");
	if (sub)
		gw_out_lit(out, "\"SUBSCRIBED\"");
	if (special)
		gw_out_str(out, sub ? " \"SPECIAL-USE\"" : "\"SPECIAL-USE\"");
	gw_out_lit(out, "))");
}

static void put_list_line(const struct imap_session *s, struct imap_task *t, const struct gw_mailbox *mb, unsigned seen, bool childinfo,
			  struct gw_out *out)
{
	gw_out_str(out, is_xlist(t) ? "* XLIST " : "* LIST ");
	put_attrs(s, t, mb, seen, out);
	gw_out_lit(out, " \"/\" ");
	imap_put_name(s, out, mb->name);
	if (childinfo)
		put_childinfo(&t->cmd->list, out);
	gw_out_lit(out, "\r\n");
}

void imap_put_list(const struct imap_session *s, const struct gw_mailbox *mb, struct gw_slice oldname, struct gw_out *out)
{
	bool first = true;

	gw_out_lit(out, "* LIST (");
	put_uses(mb, false, &first, out);
	if (mb->attrs & GW_MBOX_NONEXISTENT)
		put_attr(out, &first, "\\NonExistent");
	else if (mb->attrs & (GW_MBOX_NOSELECT | GW_MBOX_NOMAIL))
		put_attr(out, &first, "\\Noselect");
	if (mb->attrs & GW_MBOX_SUBSCRIBED)
		put_attr(out, &first, "\\Subscribed");
	if (!(mb->attrs & GW_MBOX_CHILDREN))
		put_attr(out, &first, "\\HasNoChildren");
	else if (!s->env.config->imap_only_mailfolders) /* else they may all be hidden */
		put_attr(out, &first, "\\HasChildren");
	gw_out_lit(out, ") \"/\" ");
	imap_put_name(s, out, mb->name);
	if (oldname.n) {
		gw_out_lit(out, " (\"OLDNAME\" (");
		imap_put_name(s, out, oldname);
		gw_out_lit(out, "))");
	}
	gw_out_lit(out, "\r\n");
}

void imap_put_oldname(struct imap_session *s, struct imap_task *t, struct gw_slice name, struct gw_slice oldname, struct gw_out *out)
{
	struct gw_mailbox mb;

	if (!oldname.n || !imap_rev2(s))
		return;
	if (gw_acct_find(s->acct, &t->arena, name, &mb, NULL) < 0)
		mb = (struct gw_mailbox){ .name = name, .attrs = GW_MBOX_NONEXISTENT };
	imap_put_list(s, &mb, oldname, out);
}

/* Is a name that matches a pattern to be listed? *ret_childinfo: because of (or beside) something below it. */
static bool selected(const struct imap_list *q, const struct gw_mailbox *mb, unsigned seen, bool *ret_childinfo)
{
	bool sub = q->select & IMAP_LIST_SUBSCRIBED, special = q->select & IMAP_LIST_SPECIAL_USE;

	*ret_childinfo = false;
	if (!sub && !special)
		return !(mb->attrs & GW_MBOX_NONEXISTENT) || seen & SEEN_CHILDREN;
	if (q->select & IMAP_LIST_RECURSIVEMATCH)
		*ret_childinfo = seen & (sub && special ? SEEN_BOTH_BELOW : sub ? SEEN_SUB_BELOW : SEEN_SPECIAL_BELOW);
	return meets(q, mb) || (*ret_childinfo && seen & SEEN_UNTOLD_BELOW); /* RFC 5258 3.5: nothing that says what others say */
}

/* What cannot be read is left out. False: the output is full. */
static bool put_metadata(struct imap_session *s, struct listing *l, const struct imap_metadata_list *list, struct gw_out *out)
{
	const struct gw_mailbox *mb = &l->mb[l->next];
	struct gw_metadata *all = NULL;
	struct gw_arena arena;
	size_t n = 0;

	gw_arena_init(&arena, 0, 0);
	l->annotating = imap_metadata_of(s, mb, &arena, &all, &n, NULL) == 0 &&
			!imap_put_metadata(s, mb->name, list, all, n, &l->entry, out);
	gw_arena_done(&arena);
	if (!l->annotating)
		l->entry = 0;
	return !l->annotating;
}

static bool has_messages(const struct gw_mailbox *mb)
{
	return !(mb->attrs & (GW_MBOX_NONEXISTENT | GW_MBOX_NOSELECT | GW_MBOX_NOMAIL | GW_MBOX_REMOTE));
}

static enum imap_step completed(struct imap_task *t)
{
	const char *text = gw_arena_printf(&t->arena, "%s completed", t->verb->syntax.name);

	return imap_ok(t, text);
}

static enum imap_step list_some(struct imap_session *s, struct imap_task *t, struct listing *l, struct gw_out *out)
{
	const struct imap_list *q = &t->cmd->list;

	for (; l->next < l->n; l->next++) {
		const struct gw_mailbox *mb = &l->mb[l->next];
		unsigned seen = l->seen[l->next];
		bool childinfo;

		if (gw_out_full(out))
			return IMAP_STEP_MORE;
		if (seen & SEEN_HIDDEN || !selected(q, mb, seen, &childinfo) || !matches(l, mb->name))
			continue;
		if (!l->annotating)
			put_list_line(s, t, mb, seen, childinfo, out);
		if (!l->annotating && q->ret & IMAP_LIST_MYRIGHTS && meets(q, mb) &&
		    !(mb->attrs & (GW_MBOX_NONEXISTENT | GW_MBOX_REMOTE)))
			imap_put_myrights(s, mb, out);
		if (!l->annotating && q->ret & IMAP_LIST_STATUS && has_messages(mb))
			imap_put_status(s, mb, q->status, out);
		if (q->ret & IMAP_LIST_METADATA && has_messages(mb) && !put_metadata(s, l, &q->metadata, out))
			return IMAP_STEP_MORE;
	}
	return completed(t);
}

static struct listing *begin(struct imap_session *s, struct imap_task *t)
{
	const struct imap_list *q = &t->cmd->list;
	struct listing *l = gw_arena_alloc(&t->arena, sizeof *l);

	l->n_patterns = q->n_patterns;
	l->pattern = gw_arena_calloc(&t->arena, q->n_patterns + 1, sizeof(struct imap_pattern *));
	for (size_t i = 0; i < q->n_patterns; i++)
		l->pattern[i] = make_pattern(t, q->reference, q->patterns[i]);
	if (!open_listing(s, t, l))
		return NULL;
	t->state = l;
	return l;
}

enum imap_step imap_run_list(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	const struct imap_list *q = &t->cmd->list;

	if (q->ret & IMAP_LIST_METADATA && !imap_offers(s, "LIST-METADATA"))
		return imap_bad(t, "There are no annotations here");
	if (q->ret & IMAP_LIST_MYRIGHTS && !imap_offers(s, "LIST-MYRIGHTS"))
		return imap_bad(t, "This option of LIST is not known");
	if (q->status & IMAP_STATUS_OBJECTID && !imap_offers(s, "OBJECTID+"))
		return imap_bad(t, "This status item is not known");
	if (!q->extended && q->n_patterns == 1 && q->patterns[0].n == 0) { /* asks for the separator */
		gw_out_printf(out, "* %s (\\Noselect) \"/\" \"\"\r\n", is_xlist(t) ? "XLIST" : "LIST");
		return completed(t);
	}
	if (q->ret & IMAP_LIST_STATUS && q->status & IMAP_STATUS_HIGHESTMODSEQ)
		imap_condstore_on(s, out);
	if (q->ret & IMAP_LIST_STATUS && q->status & IMAP_STATUS_OBJECTID)
		imap_objectid_on(s, out);
	if (!t->state && !begin(s, t))
		return IMAP_STEP_DONE;
	return list_some(s, t, t->state, out);
}

/* LSUB: subscribed names; and where only a child is subscribed and the pattern stops above it, the name above as
 * \Noselect (RFC 3501 6.3.9). */
enum imap_step imap_run_lsub(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	struct listing *l = t->state ? t->state : begin(s, t);

	if (!l)
		return IMAP_STEP_DONE;
	for (; l->next < l->n; l->next++) {
		const struct gw_mailbox *mb = &l->mb[l->next];
		unsigned seen = l->seen[l->next];
		bool sub = mb->attrs & GW_MBOX_SUBSCRIBED;

		if (gw_out_full(out))
			return IMAP_STEP_MORE;
		if (seen & SEEN_HIDDEN || !(sub || seen & SEEN_SUB_BELOW) || !matches(l, mb->name))
			continue;
		if (!sub && !t->cmd->list.stops_at_level)
			continue;
		gw_out_str(out, sub && !(mb->attrs & GW_MBOX_NOSELECT) ? "* LSUB () \"/\" " : "* LSUB (\\Noselect) \"/\" ");
		imap_put_name(s, out, mb->name);
		gw_out_lit(out, "\r\n");
	}
	return completed(t);
}

/* Public folders are a tree inside the personal namespace, as the predecessor had them. */
void imap_put_namespace(const struct imap_session *s, struct gw_out *out)
{
	unsigned others = gw_acct_spaces(s->acct) & GW_MBOX_OTHER;
	const char *there = gw_lang_text(s->lang, GW_OTHER_ROOT "/");

	gw_out_lit(out, "* NAMESPACE ((\"\" \"/\")) ");
	if (others && !imap_out_of_sight(s, others)) {
		gw_out_lit(out, "((\"" GW_OTHER_ROOT "/\" \"/\"");
		if (s->lang != GW_LANG_DEFAULT) {
			gw_out_lit(out, " \"TRANSLATION\" (");
			imap_put_mailbox(out, gw_slice_str(there));
			gw_out_char(out, ')');
		}
		gw_out_lit(out, "))");
	} else {
		gw_out_lit(out, "NIL");
	}
	gw_out_lit(out, " NIL\r\n");
}

enum imap_step imap_run_namespace(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	imap_put_namespace(s, out);
	return imap_ok(t, "NAMESPACE completed");
}
