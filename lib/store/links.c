/* links.c - what THREAD looks at of the messages of a mailbox (see links.h) */
#include "store/links.h"

#include <stdlib.h>

#include "util/mem.h"

#define REFERENCES_MAX ((uint32_t)INT32_MAX)

static struct gw_links *links_new(const struct gw_index *ix, const struct gw_links *old)
{
	struct gw_links *l = gw_xalloc(sizeof *l);

	l->refs = 1;
	l->uidvalidity = ix->uidvalidity;
	l->key = old ? old->key : gw_hash_key_random();
	l->v = gw_xcalloc((size_t)ix->n + 1, sizeof *l->v);
	return l;
}

struct gw_links *gw_links_ref(struct gw_links *l)
{
	__atomic_add_fetch(&l->refs, 1, __ATOMIC_RELAXED);
	return l;
}

void gw_links_unref(struct gw_links *l)
{
	if (!l || __atomic_sub_fetch(&l->refs, 1, __ATOMIC_ACQ_REL))
		return;
	free(l->v);
	free(l->reference);
	free(l);
}

size_t gw_links_bytes(const struct gw_links *l)
{
	return sizeof *l + l->n * sizeof *l->v + l->cap * sizeof *l->reference;
}

/* The link of uid, at or behind *at, which moves on; NULL: there is none. */
static const struct gw_link *find(const struct gw_links *l, uint32_t uid, uint32_t *at)
{
	while (*at < l->n && l->v[*at].uid < uid)
		++*at;
	return *at < l->n && l->v[*at].uid == uid ? &l->v[*at] : NULL;
}

bool gw_links_cover(const struct gw_links *l, const struct gw_index *index)
{
	struct gw_index_iter it;
	const struct gw_entry *e;
	uint32_t at = 0;

	if (l->uidvalidity != index->uidvalidity)
		return false;
	gw_index_iter(&it, index, 1);
	while ((e = gw_index_next(&it)))
		if (e->content && !find(l, e->uid, &at))
			return false;
	return true;
}

/* ---- making ---- */

struct making {
	struct gw_links *l;
	const struct gw_links *old; /* maybe NULL */
	uint32_t at;                /* in old */
	size_t memory_max;
};

/* Room for n references more. */
static bool make_room(struct making *k, size_t n)
{
	struct gw_links *l = k->l;
	size_t cap = l->cap ? l->cap : 64;

	while (cap < l->n_references + n)
		cap += cap / 2;
	if (cap > REFERENCES_MAX || cap * sizeof *l->reference > k->memory_max)
		return false;
	if (cap > l->cap)
		l->reference = gw_xrealloc(l->reference, cap, sizeof *l->reference);
	l->cap = (uint32_t)cap;
	return true;
}

static void add(struct gw_links *l, struct gw_link link)
{
	link.end = l->n_references & REFERENCES_MAX;
	l->v[l->n++] = link;
}

static bool add_old(struct making *k, const struct gw_link *link)
{
	uint32_t from = link > k->old->v ? link[-1].end : 0, n = link->end - from;

	if (!make_room(k, n))
		return false;
	if (n)
		memcpy(k->l->reference + k->l->n_references, k->old->reference + from, n * sizeof *k->l->reference);
	k->l->n_references += n;
	add(k->l, *link);
	return true;
}

static bool add_new(struct making *k, const struct gw_message *m, bool gone)
{
	struct gw_link link = { .uid = m->entry->uid, .sent = gone || m->sent == INT64_MIN ? m->entry->date : m->sent };
	struct gw_slice rest = gone ? gw_slice("", 0) : m->references, id;

	if (!gone) {
		link.subject = gw_link_hash(k->l->key, m->base_subject);
		link.id = gw_link_hash(k->l->key, m->message_id);
		link.reply = m->is_reply;
	}
	while (rest.n && gw_slice_word(&rest, "\n", &id)) {
		if (!make_room(k, 1))
			return false;
		k->l->reference[k->l->n_references++] = gw_link_hash(k->l->key, id);
	}
	add(k->l, link);
	return true;
}

/* Messages that old ones do not have, by number. */
static void find_new(const struct gw_links *old, const struct gw_index *index, struct gw_set *ret)
{
	struct gw_index_iter it;
	const struct gw_entry *e;
	uint32_t at = 0, seq = 0;

	gw_index_iter(&it, index, 1);
	while ((e = gw_index_next(&it))) {
		seq++;
		if (e->content && !(old && find(old, e->uid, &at)))
			gw_set_add(ret, seq, seq);
	}
}

static int too_much(struct gw_err *err)
{
	return gw_fail(err, GW_ELIMIT, "links of so many messages need too much memory");
}

/* Old ones up to uid; 0: all that are left. What is not in the index any more is left out. */
static bool take_old(struct making *k, struct gw_index_iter *it, uint32_t until)
{
	const struct gw_entry *e;

	while ((e = gw_index_next(it)) && e->uid != until) {
		const struct gw_link *link = k->old ? find(k->old, e->uid, &k->at) : NULL;

		if (link && !add_old(k, link))
			return false;
	}
	return true;
}

static int make(struct making *k, const struct gw_index *index, struct gw_fetch *cursor, struct gw_err *err)
{
	struct gw_index_iter it;
	struct gw_message m;
	bool gone;
	int rc = 0;

	gw_index_iter(&it, index, 1);
	while (cursor && (rc = gw_fetch_next(cursor, &m, &gone, err)) > 0)
		if (!take_old(k, &it, m.entry->uid) || !add_new(k, &m, gone))
			return too_much(err);
	if (rc == 0 && !take_old(k, &it, 0))
		return too_much(err);
	return rc;
}

int gw_links_make(struct gw_acct *a, struct gw_mbox_id id, const struct gw_index *index, const struct gw_links *old,
	size_t memory_max, struct gw_links **ret, struct gw_err *err)
{
	const size_t fixed = index->n * sizeof(struct gw_link);
	struct making k = { .old = old && old->uidvalidity == index->uidvalidity ? old : NULL };
	struct gw_fetch *cursor = NULL;
	struct gw_set fresh;
	int rc = 0;

	if (fixed > memory_max)
		return too_much(err);
	k.memory_max = memory_max - fixed;
	k.l = links_new(index, k.old);
	gw_set_init(&fresh);
	find_new(k.old, index, &fresh);
	if (fresh.n)
		rc = gw_fetch_open(a, id, index, &fresh, GW_WANT_THREAD, &cursor, err);
	if (rc == 0)
		rc = make(&k, index, cursor, err);
	gw_fetch_close(cursor);
	gw_set_done(&fresh);
	if (rc == 0)
		*ret = k.l;
	else
		gw_links_unref(k.l);
	return rc;
}
