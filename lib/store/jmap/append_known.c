/* append_known.c - APPEND of messages that the server had, and rows for all that arrived
 *
 * A server that keeps equal messages once has a message of several mailboxes then, with one set of keywords: what it has is
 * filed into the mailbox too. IMAP wants a new message for each: the mirror gives it a row of its own. */
#include "store/jmap/appending.h"

/* ---- the mirror ---- */

static int place_one(struct appending *g, struct mirror_tx *tx, struct arrival *at, struct gw_err *err)
{
	struct jmap_email e = { .id = at->made.id, .blob = at->made.blob, .thread = at->made.thread, .size = at->made.size,
		.received = append_date(g, at->ap), .mailboxes = &g->mb.id, .n_mailboxes = 1 };
	int rc;

	if (at->ap->n_keywords) {
		rc = mirror_tx_spelling(tx, g->id.id, at->ap->keywords, at->ap->n_keywords, err);
		if (rc < 0)
			return rc;
	}
	e.keywords = append_words(g, at->ap, &e.n_keywords);
	rc = at->existed ? mirror_tx_emails(tx, &at->is, 1, err) : mirror_tx_list(tx, g->id.id, &e, 1, err);
	if (rc < 0)
		return rc;
	return at->here ? mirror_tx_alias(tx, g->id.id, e.id, &at->uid, err) : mirror_tx_placed(tx, g->id.id, e.id, &at->uid, err);
}

int append_place(struct appending *g, struct gw_err *err)
{
	struct gw_set deleted;
	struct mirror_tx *tx;
	int rc = mirror_begin(g->remote->acc, &tx, err);

	if (rc < 0)
		return rc;
	gw_set_init(&deleted);
	for (size_t i = 0; i < g->n && rc == 0; i++) {
		rc = place_one(g, tx, &g->v[i], err);
		if (rc == 0 && g->v[i].ap->system & GW_FLAG_DELETED)
			gw_set_add(&deleted, g->v[i].uid, g->v[i].uid);
	}
	if (rc == 0 && deleted.n)
		rc = mirror_tx_deleted(tx, g->id.id, &deleted, true, err);
	gw_set_done(&deleted);
	if (rc == 0)
		return mirror_commit(tx, err);
	mirror_rollback(tx);
	return rc;
}

/* ---- messages that the server had ---- */

static bool has(const struct gw_slice *v, size_t n, struct gw_slice word)
{
	for (size_t i = 0; i < n; i++)
		if (gw_slice_eq(v[i], word))
			return true;
	return false;
}

/* v and one word more, by bytes, each once. */
static const struct gw_slice *with(struct gw_arena *arena, const struct gw_slice *v, size_t *n, struct gw_slice word)
{
	struct gw_slice *out = gw_arena_calloc(arena, *n + 1, sizeof *out);
	size_t at = 0;

	if (has(v, *n, word))
		return v;
	while (at < *n && gw_slice_cmp(v[at], word) < 0)
		at++;
	for (size_t i = 0; i < *n; i++)
		out[i + (i >= at)] = v[i];
	out[at] = word;
	++*n;
	return out;
}

/* Is there an arrival of the same message before this one? known: that the server had. */
static bool comes_again(const struct appending *g, size_t i, bool known)
{
	for (size_t k = 0; k < i; k++)
		if (gw_slice_eq(g->v[k].made.id, g->v[i].made.id) && (!known || g->v[k].existed))
			return true;
	return false;
}

/* What one arrival adds to the message that the server says it is. */
static void merge(struct appending *g, size_t i, const struct jmap_email *known)
{
	struct arrival *at = &g->v[i];

	for (size_t k = 0; k < g->n; k++) {
		size_t n;
		struct gw_slice *words;

		if (!g->v[k].existed || !gw_slice_eq(g->v[k].made.id, at->made.id))
			continue;
		words = append_words(g, g->v[k].ap, &n);
		for (size_t w = 0; w < n; w++)
			at->words = with(&g->arena, at->words, &at->n_words, words[w]);
	}
	at->here = at->here || comes_again(g, i, false) || has(known->mailboxes, known->n_mailboxes, g->mb.id);
	at->is = *known;
	at->is.mailboxes = with(&g->arena, at->is.mailboxes, &at->is.n_mailboxes, g->mb.id);
	for (size_t w = 0; w < at->n_words; w++)
		at->is.keywords = with(&g->arena, at->is.keywords, &at->is.n_keywords, at->words[w]);
}

/* The mirror may not know them: their mailboxes were not looked at, or they are new. */
static int learn_existing(struct appending *g, struct gw_err *err)
{
	struct gw_slice *ids = gw_arena_calloc(&g->arena, g->n + 1, sizeof *ids);
	uint64_t *here = gw_arena_calloc(&g->arena, g->n + 1, sizeof *here);
	struct jmap_email *known = NULL;
	size_t n = 0, n_known = 0;
	int rc;

	for (size_t i = 0; i < g->n; i++)
		if (g->v[i].existed)
			ids[n++] = g->v[i].made.id;
	rc = mirror_known(g->remote->acc, g->id.id, ids, n, here, err);
	if (rc == 0)
		rc = jmap_ask_emails(g->remote, ids, n, JMAP_ALL_FACTS, &g->arena, NULL, &known, &n_known, err);
	if (rc != 0)
		return rc;
	for (size_t i = 0, k = 0; i < g->n; i++) {
		const struct jmap_email *e = jmap_email_named(known, n_known, g->v[i].made.id);

		if (!g->v[i].existed)
			continue;
		if (!e)
			return gw_fail(err, GW_EBUSY, "the storage server has the message, and then it has not");
		g->v[i].here = here[k++] != 0;
		merge(g, i, e);
	}
	return 0;
}

static int apply(void *ctx, struct jmap_batch *b, struct gw_err *err)
{
	for (size_t i = 0; i < b->n_patch; i++)
		if (b->patched[i].kind != JMAP_OK)
			return 0;
	return append_place(ctx, err);
}

static int refused(const struct jmap_batch *b, struct gw_err *err)
{
	for (size_t i = 0; i < b->n_patch; i++)
		if (b->patched[i].kind == JMAP_ERR_NOT_FOUND)
			return gw_fail(err, GW_EBUSY, "the storage server has the message, and then it has not");
	return jmap_batch_refused(b, err);
}

static void note_filed(struct appending *g, const struct jmap_batch *b)
{
	for (size_t i = 0, k = 0; i < g->n; i++)
		if (g->v[i].existed && !comes_again(g, i, true))
			g->v[i].filed = b->patched[k++].kind == JMAP_OK;
}

int append_file_known(struct appending *g, struct gw_err *err)
{
	struct jmap_batch b = { .remote = g->remote, .arena = &g->arena, .apply = apply, .ctx = g };
	struct jmap_patch *v = gw_arena_calloc(&g->arena, g->n + 1, sizeof *v);
	int rc = learn_existing(g, err);

	if (rc < 0)
		return rc;
	for (size_t i = 0; i < g->n; i++)
		if (g->v[i].existed && !comes_again(g, i, true))
			v[b.n_patch++] = (struct jmap_patch){ .id = g->v[i].made.id, .into = g->mb.id, .set = g->v[i].words,
				.n_set = g->v[i].n_words };
	b.patch = v;
	rc = jmap_batch_do(&b, err);
	note_filed(g, &b);
	return rc < 0 ? rc : refused(&b, err);
}
