/* parse_search.c - SEARCH (RFC 9051 6.4.4, RFC 3501 6.4.4, RFC 4731, RFC 5032, RFC 5182, RFC 5257, RFC 7162, RFC 8474, RFC 8514,
 * RFC 9394, RFC 5466, RFC 6203, RFC 9738), ESEARCH (RFC 7377 4)
 *
 * Keys nest, but this code does not: the nodes that are still open (AND for a parenthesis, OR, NOT) are kept on a small
 * stack of their own, and a node's span is known when it is closed. See command.h for the form of the result. */
#include "imap/parse.h"

/* What follows the name of a key. */
enum argument {
	ARG_NONE,
	ARG_FLAG,    /* nothing either: which flag is in the row */
	ARG_TEXT,
	ARG_KEYWORD,
	ARG_HEADER,
	ARG_DATE,
	ARG_SECONDS,
	ARG_SIZE,
	ARG_MODSEQ,
	ARG_SET,
	ARG_UID,
	ARG_FILTER,
	ARG_ANNOTATION,
	ARG_NODE,    /* other keys */
};

static const struct key {
	const char *name;
	enum imap_search_op op;
	enum argument arg;
	uint64_t flag; /* of ARG_FLAG; of ARG_NODE: how many children */
} keys[] = {
	{ "ALL", IMAP_KEY_ALL, ARG_NONE, 0 },
	{ "ANNOTATION", IMAP_KEY_ANNOTATION, ARG_ANNOTATION, 0 },
	{ "ANSWERED", IMAP_KEY_FLAG, ARG_FLAG, GW_FLAG_ANSWERED },
	{ "BCC", IMAP_KEY_BCC, ARG_TEXT, 0 },
	{ "BEFORE", IMAP_KEY_BEFORE, ARG_DATE, 0 },
	{ "BODY", IMAP_KEY_BODY, ARG_TEXT, 0 },
	{ "CC", IMAP_KEY_CC, ARG_TEXT, 0 },
	{ "DELETED", IMAP_KEY_FLAG, ARG_FLAG, GW_FLAG_DELETED },
	{ "DRAFT", IMAP_KEY_FLAG, ARG_FLAG, GW_FLAG_DRAFT },
	{ "EMAILID", IMAP_KEY_EMAILID, ARG_TEXT, 0 },
	{ "FILTER", IMAP_KEY_FILTER, ARG_FILTER, 0 },
	{ "FLAGGED", IMAP_KEY_FLAG, ARG_FLAG, GW_FLAG_FLAGGED },
	{ "FROM", IMAP_KEY_FROM, ARG_TEXT, 0 },
	{ "FUZZY", IMAP_KEY_AND, ARG_NODE, 1 },
	{ "HEADER", IMAP_KEY_HEADER, ARG_HEADER, 0 },
	{ "KEYWORD", IMAP_KEY_KEYWORD, ARG_KEYWORD, 0 },
	{ "LARGER", IMAP_KEY_LARGER, ARG_SIZE, 0 },
	{ "MODSEQ", IMAP_KEY_MODSEQ, ARG_MODSEQ, 0 },
	{ "NEW", IMAP_KEY_NEW, ARG_NONE, 0 },
	{ "NOT", IMAP_KEY_NOT, ARG_NODE, 1 },
	{ "OLD", IMAP_KEY_OLD, ARG_NONE, 0 },
	{ "OLDER", IMAP_KEY_OLDER, ARG_SECONDS, 0 },
	{ "ON", IMAP_KEY_ON, ARG_DATE, 0 },
	{ "OR", IMAP_KEY_OR, ARG_NODE, 2 },
	{ "RECENT", IMAP_KEY_RECENT, ARG_NONE, 0 },
	{ "SAVEDATESUPPORTED", IMAP_KEY_SAVEDATESUPPORTED, ARG_NONE, 0 },
	{ "SAVEDBEFORE", IMAP_KEY_SAVEDBEFORE, ARG_DATE, 0 },
	{ "SAVEDON", IMAP_KEY_SAVEDON, ARG_DATE, 0 },
	{ "SAVEDSINCE", IMAP_KEY_SAVEDSINCE, ARG_DATE, 0 },
	{ "SEEN", IMAP_KEY_FLAG, ARG_FLAG, GW_FLAG_SEEN },
	{ "SENTBEFORE", IMAP_KEY_SENTBEFORE, ARG_DATE, 0 },
	{ "SENTON", IMAP_KEY_SENTON, ARG_DATE, 0 },
	{ "SENTSINCE", IMAP_KEY_SENTSINCE, ARG_DATE, 0 },
	{ "SINCE", IMAP_KEY_SINCE, ARG_DATE, 0 },
	{ "SMALLER", IMAP_KEY_SMALLER, ARG_SIZE, 0 },
	{ "SUBJECT", IMAP_KEY_SUBJECT, ARG_TEXT, 0 },
	{ "TEXT", IMAP_KEY_TEXT, ARG_TEXT, 0 },
	{ "THREADID", IMAP_KEY_THREADID, ARG_TEXT, 0 },
	{ "TO", IMAP_KEY_TO, ARG_TEXT, 0 },
	{ "UID", IMAP_KEY_UID, ARG_SET, 0 },
	{ "UIDAFTER", IMAP_KEY_UIDAFTER, ARG_UID, 0 },
	{ "UIDBEFORE", IMAP_KEY_UIDBEFORE, ARG_UID, 0 },
	{ "UNANSWERED", IMAP_KEY_UNFLAG, ARG_FLAG, GW_FLAG_ANSWERED },
	{ "UNDELETED", IMAP_KEY_UNFLAG, ARG_FLAG, GW_FLAG_DELETED },
	{ "UNDRAFT", IMAP_KEY_UNFLAG, ARG_FLAG, GW_FLAG_DRAFT },
	{ "UNFLAGGED", IMAP_KEY_UNFLAG, ARG_FLAG, GW_FLAG_FLAGGED },
	{ "UNKEYWORD", IMAP_KEY_UNKEYWORD, ARG_KEYWORD, 0 },
	{ "UNSEEN", IMAP_KEY_UNFLAG, ARG_FLAG, GW_FLAG_SEEN },
	{ "YOUNGER", IMAP_KEY_YOUNGER, ARG_SECONDS, 0 },
};

static const struct key *find_key(struct gw_slice name)
{
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (gw_slice_eqi(name, gw_slice_str(keys[i].name)))
			return &keys[i];
	return NULL;
}

/* ---- the tree ---- */

/* A node whose children are being read. */
struct open_node {
	uint32_t at;       /* its entry */
	unsigned children; /* still to come; 0: until ")" or the end */
};

struct tree {
	struct imap_search_key *key;
	uint32_t n, cap;
	unsigned annotations;                             /* keys */
	struct open_node open[IMAP_SEARCH_DEPTH_MAX + 1]; /* the first is the AND over everything */
	size_t depth;                                     /* of them in use */
};

static struct imap_search_key *add_key(struct imap_command *c, struct tree *t, enum imap_search_op op, const char **why)
{
	if (t->n == IMAP_SEARCH_KEYS_MAX) {
		imap_fail_no(c, "LIMIT", why, "SEARCH has too many keys");
		return NULL;
	}
	if (t->n == t->cap) {
		uint32_t cap = t->cap ? 2 * t->cap : 8;
		struct imap_search_key *v = gw_arena_calloc(c->arena, cap, sizeof *v);

		if (t->n)
			memcpy(v, t->key, t->n * sizeof *v);
		t->key = v;
		t->cap = cap;
	}
	t->key[t->n] = (struct imap_search_key){ .op = op, .span = 1 };
	return &t->key[t->n++];
}

static bool open_node(struct imap_command *c, struct tree *t, enum imap_search_op op, unsigned children,
		      const char **why)
{
	if (t->depth > IMAP_SEARCH_DEPTH_MAX)
		return imap_fail_no(c, "LIMIT", why, "SEARCH is nested too deeply");
	if (!add_key(c, t, op, why))
		return false;
	t->open[t->depth++] = (struct open_node){ .at = t->n - 1, .children = children };
	return true;
}

static void close_node(struct tree *t)
{
	struct open_node *o = &t->open[--t->depth];

	t->key[o->at].span = t->n - o->at;
}

/* A key is complete: so are the OR and NOT that waited for it, from the inside out. */
static void completed(struct tree *t)
{
	while (t->open[t->depth - 1].children && --t->open[t->depth - 1].children == 0)
		close_node(t);
}

/* ---- keys ---- */

bool imap_get_filter_name(struct gw_slice *in, struct gw_slice *ret)
{
	struct gw_slice rest = *in;

	if (!imap_get_atom(&rest, ret) || gw_slice_find(*ret, '/') < ret->n)
		return false;
	*in = rest;
	return true;
}

/* entry-type-req */
static bool get_entry_type(struct gw_slice *in)
{
	return imap_get_word(in, GW_S("priv")) || imap_get_word(in, GW_S("shared")) || imap_get_word(in, GW_S("all"));
}

/* [SP entry-name SP entry-type-req] SP mod-sequence-valzer (RFC 7162 3.1.5). We have one counter for all flags. */
static bool parse_modseq(struct gw_slice *in, struct imap_command *c, uint64_t *ret)
{
	struct gw_slice entry;

	if (imap_peek(*in, '"')) {
		if (!imap_get_quoted(in, c->arena, &entry) || !imap_get_sp(in) || !get_entry_type(in) ||
		    !imap_get_sp(in))
			return false;
	}
	return imap_get_number64(in, ret);
}

/* 0 is no UID, but clients that page begin with UIDAFTER 0. */
static bool parse_uid(struct gw_slice *in, uint64_t *ret)
{
	uint32_t n;

	if (!imap_get_number(in, &n))
		return false;
	*ret = n;
	return true;
}

static bool parse_seconds(struct gw_slice *in, uint64_t *ret)
{
	uint32_t n;

	if (!imap_get_nz_number(in, &n))
		return false;
	*ret = n;
	return true;
}

static bool parse_argument(struct gw_slice *in, struct imap_command *c, enum argument arg, struct imap_search_key *k,
			   const char **why)
{
	if (!imap_want_sp(in, why))
		return false;
	switch (arg) {
	case ARG_TEXT:
		return imap_want_astring(in, c, &k->text, why);
	case ARG_HEADER:
		return imap_want_astring(in, c, &k->field, why) && imap_want_sp(in, why) &&
		       imap_want_astring(in, c, &k->text, why);
	case ARG_KEYWORD:
		return imap_get_atom(in, &k->text) || imap_fail_bad(why, "A keyword is expected");
	case ARG_DATE:
		return imap_get_date(in, &k->day) || imap_fail_bad(why, "A date like 1-Feb-1994 is expected");
	case ARG_SECONDS:
		return parse_seconds(in, &k->number) || imap_fail_bad(why, "A number of seconds is expected");
	case ARG_SIZE:
		return imap_get_number64(in, &k->number) || imap_fail_bad(why, "A size is expected");
	case ARG_MODSEQ:
		return parse_modseq(in, c, &k->number) || imap_fail_bad(why, "A mod-sequence is expected");
	case ARG_SET:
		return imap_want_seqset(in, c, &k->set, why);
	case ARG_UID:
		return parse_uid(in, &k->number) || imap_fail_bad(why, "A UID is expected");
	case ARG_FILTER:
		return imap_get_filter_name(in, &k->text) || imap_fail_bad(why, "The name of a filter is expected");
	case ARG_ANNOTATION:
		return imap_want_annotation_key(in, c, k, why);
	case ARG_NONE:
	case ARG_FLAG:
	case ARG_NODE:
		break;
	}
	return true;
}

/* A message set stands for itself. */
static bool parse_set_key(struct gw_slice *in, struct imap_command *c, struct tree *t, const char **why)
{
	struct imap_search_key *k = add_key(c, t, IMAP_KEY_SEQSET, why);

	if (!k || !imap_want_seqset(in, c, &k->set, why))
		return false;
	completed(t);
	return true;
}

static bool is_about_recent(const struct key *k)
{
	return k->op == IMAP_KEY_RECENT || k->op == IMAP_KEY_OLD || k->op == IMAP_KEY_NEW;
}

/* One step into the tree: a whole key, or the head of a node. *ret_node: its first child comes next. */
static bool parse_key(struct gw_slice *in, struct imap_command *c, struct tree *t, bool *ret_node, const char **why)
{
	const struct key *q;
	struct imap_search_key *k;
	struct gw_slice name;

	*ret_node = imap_get_char(in, '(');
	if (*ret_node)
		return open_node(c, t, IMAP_KEY_AND, 0, why);
	if (in->n && (imap_is(in->p[0], IMAP_CT_DIGIT) || in->p[0] == '*' || in->p[0] == '$'))
		return parse_set_key(in, c, t, why);
	if (!imap_get_atom(in, &name) || !(q = find_key(name)) || (c->ctx->rev2 && is_about_recent(q)))
		return imap_fail_bad(why, "This key of SEARCH is not known");
	if (q->arg == ARG_NODE) {
		*ret_node = true;
		if (!open_node(c, t, q->op, (unsigned)q->flag, why))
			return false;
		t->key[t->n - 1].fuzzy = q->op == IMAP_KEY_AND;
		return imap_want_sp(in, why);
	}
	if (q->arg == ARG_ANNOTATION && t->annotations++ == IMAP_ANNOTATION_KEYS_MAX)
		return imap_fail_no(c, "LIMIT", why, "SEARCH has too many keys");
	k = add_key(c, t, q->op, why);
	if (!k)
		return false;
	k->flag = q->flag;
	if (q->arg != ARG_NONE && q->arg != ARG_FLAG && !parse_argument(in, c, q->arg, k, why))
		return false;
	c->search.uses_modseq |= q->op == IMAP_KEY_MODSEQ;
	completed(t);
	return true;
}

static bool parse_keys(struct gw_slice *in, struct imap_command *c, struct tree *t, const char **why)
{
	bool node;

	if (!open_node(c, t, IMAP_KEY_AND, 0, why))
		return false;
	for (;;) {
		if (!parse_key(in, c, t, &node, why))
			return false;
		if (node)
			continue;
		while (t->depth > 1 && t->open[t->depth - 1].children == 0 && imap_get_char(in, ')')) {
			close_node(t);
			completed(t);
		}
		if (!imap_get_sp(in))
			break;
	}
	if (t->depth > 1)
		return imap_fail_bad(why, "SEARCH ends in the middle of a key");
	close_node(t);
	return true;
}

bool imap_want_search_keys(struct gw_slice *in, struct imap_command *c, const char **why)
{
	struct tree t = { .n = 0 };

	if (!parse_keys(in, c, &t, why))
		return false;
	c->search.key = t.key;
	c->search.n = t.n;
	return true;
}

/* ---- options ---- */

static const struct {
	const char *name;
	unsigned bit;
} return_options[] = {
	{ "MIN", IMAP_RETURN_MIN },	{ "MAX", IMAP_RETURN_MAX },   { "ALL", IMAP_RETURN_ALL },
	{ "COUNT", IMAP_RETURN_COUNT }, { "SAVE", IMAP_RETURN_SAVE }, { "PARTIAL", IMAP_RETURN_PARTIAL },
	{ "UPDATE", IMAP_RETURN_UPDATE }, { "CONTEXT", IMAP_RETURN_CONTEXT },
	{ "RELEVANCY", IMAP_RETURN_RELEVANCY },
};

static unsigned find_return(struct gw_slice name)
{
	for (size_t i = 0; i < sizeof return_options / sizeof *return_options; i++)
		if (gw_slice_eqi(name, gw_slice_str(return_options[i].name)))
			return return_options[i].bit;
	return 0;
}

/* modifier-update = "UPDATE" [ "(" fetch-att *(SP fetch-att) ")" ] (RFC 5465 8); a blank may stand before the list, as in its example. */
static bool parse_brings(struct gw_slice *in, struct imap_command *c, const char **why)
{
	struct imap_search *s = &c->search;
	struct imap_fetch *items;
	struct gw_slice text;

	if (!imap_get_prefix(in, GW_S(" (")) && !imap_get_char(in, '('))
		return true;
	items = gw_arena_alloc(c->arena, sizeof *items);
	text = *in;
	if (!imap_want_fetch_items(in, c, items, why))
		return false;
	text.n -= in->n;
	s->brings_text = gw_arena_dup(c->arena, text);
	s->brings = items;
	return true;
}

/* "(" [search-return-opt *(SP search-return-opt)] ")" SP */
static bool parse_return(struct gw_slice *in, struct imap_command *c, const char **why)
{
	struct imap_search *s = &c->search;

	if (!imap_get_char(in, '('))
		return imap_fail_bad(why, "RETURN needs a list");
	s->esearch = true;
	while (!imap_get_char(in, ')')) {
		struct gw_slice name;
		unsigned bit;

		if (s->ret && !imap_want_sp(in, why))
			return false;
		bit = imap_get_atom(in, &name) ? find_return(name) : 0;
		if (!bit)
			return imap_fail_bad(why, "This option of RETURN is not known");
		if (bit == IMAP_RETURN_PARTIAL && (!imap_want_sp(in, why) || !imap_want_window(in, &s->window, why)))
			return false;
		if (bit == IMAP_RETURN_PARTIAL && s->ret & bit)
			return imap_fail_bad(why, "PARTIAL may be given once");
		if (bit == IMAP_RETURN_UPDATE && !parse_brings(in, c, why))
			return false;
		s->ret |= bit;
	}
	if (s->ret & IMAP_RETURN_PARTIAL && s->ret & IMAP_RETURN_ALL) /* RFC 9394 3.1 */
		return imap_fail_bad(why, "ALL and PARTIAL exclude each other");
	if (!s->ret)
		s->ret = IMAP_RETURN_ALL;
	return imap_want_sp(in, why);
}

bool imap_want_return(struct gw_slice *in, struct imap_command *c, const char **why)
{
	return !imap_get_prefix(in, GW_S("RETURN ")) || parse_return(in, c, why);
}

/* SP ["RETURN" SP options SP] ["CHARSET" SP charset SP] keys */
bool imap_parse_search(struct gw_slice *in, struct imap_command *c, const char **why)
{
	if (!imap_want_sp(in, why) || !imap_want_return(in, c, why))
		return false;
	if (imap_get_prefix(in, GW_S("CHARSET ")) &&
	    (!imap_want_astring(in, c, &c->search.charset, why) || !imap_want_sp(in, why)))
		return false;
	if (c->ctx->rev2 && !c->search.esearch) { /* RFC 9051 6.4.4: as with RETURN () */
		c->search.esearch = true;
		c->search.ret = IMAP_RETURN_ALL;
	}
	return imap_want_search_keys(in, c, why);
}

/* 1*(SP quoted) (RFC 5267 5) */
bool imap_parse_cancelupdate(struct gw_slice *in, struct imap_command *c, const char **why)
{
	struct imap_slices l = { 0 };

	do {
		struct gw_slice tag;

		if (!imap_want_sp(in, why))
			return false;
		if (!imap_get_quoted(in, c->arena, &tag))
			return imap_fail_bad(why, "A tag in quotes is expected");
		if (l.n == IMAP_LIST_ITEMS_MAX)
			return imap_fail_no(c, "LIMIT", why, "There are too many tags");
		imap_slices_add(c, &l, tag);
	} while (imap_peek(*in, ' '));
	c->cancelupdate = (struct imap_cancelupdate){ .tag = l.v, .n = l.n };
	return true;
}

/* "(" filter-mailboxes *(SP filter-mailboxes) [SP "(" scope-options ")"] ")"; there are no scope options. */
static bool parse_sources(struct gw_slice *in, struct imap_command *c, const char **why)
{
	struct imap_choice *v = gw_arena_calloc(c->arena, IMAP_CHOICES_MAX, sizeof *v);
	size_t names = 0;

	c->search.in = v;
	if (!imap_get_char(in, '('))
		return imap_fail_bad(why, "IN needs a list");
	do {
		if (imap_peek(*in, '('))
			return imap_fail_bad(why, "ESEARCH knows no options of the scope");
		if (c->search.n_in == IMAP_CHOICES_MAX)
			return imap_fail_no(c, "LIMIT", why, "There are too many choices of mailboxes");
		if (!imap_want_choice(in, c, &names, &v[c->search.n_in], why))
			return false;
		if (v[c->search.n_in++].who == IMAP_CHOICE_SELECTED_DELAYED)
			return imap_fail_bad(why, "ESEARCH does not know this choice of mailboxes");
	} while (imap_get_sp(in));
	return imap_get_char(in, ')') || imap_fail_bad(why, "A ) is missing");
}

/* `$` holds messages of the selected mailbox (RFC 7377 2.2). */
static bool only_selected(const struct imap_search *s)
{
	for (size_t i = 0; i < s->n_in; i++)
		if (s->in[i].who != IMAP_CHOICE_SELECTED)
			return false;
	return true;
}

/* [SP "IN" SP sources] and what SEARCH has. It is about UIDs, and answers with ESEARCH (RFC 7377 2.1). */
bool imap_parse_esearch(struct gw_slice *in, struct imap_command *c, const char **why)
{
	c->uid = true;
	if (imap_get_prefix(in, GW_S(" IN ")) && !parse_sources(in, c, why))
		return false;
	if (!imap_parse_search(in, c, why))
		return false;
	if (!c->search.esearch) {
		c->search.esearch = true;
		c->search.ret = IMAP_RETURN_ALL;
	}
	if (c->search.ret & IMAP_RETURN_SAVE && !only_selected(&c->search))
		return imap_fail_bad(why, "SAVE is about the selected mailbox");
	return true;
}
