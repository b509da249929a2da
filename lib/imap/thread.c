/* thread.c - the conversations that THREAD finds (see thread.h)
 *
 * REFERENCES, by the numbers of RFC 5256: step 1 is done row by row in a forest (forest.h); 2 and 3 give each message its nearest
 * ancestor that is a message, or the dummy at the top. All sorting (4 and 6) is one sort of all messages by date:
 * whoever appends them to their parents' lists in that order has sorted lists, and a dummy comes when its first child does. So
 * the lists are made twice, before and after step 5 gathers what has one subject. */
#include "imap/thread.h"

#include <stdlib.h>

#include "imap/forest.h"
#include "imap/sort.h"
#include "util/mem.h"
#include "util/rank.h"
#include "util/num.h"

#define LOAD 2u /* places of a table for each node in it, at least */

struct message {
	int64_t sent;
	uint64_t subject; /* 0: empty */
	uint32_t number;
	uint32_t node;
	bool reply;
};

/* Nodes by a hash that belongs to each. */
struct table {
	uint32_t *place;
	uint32_t n, size; /* size: a power of two */
};

struct thread {
	enum imap_thread_algorithm algorithm;
	struct gw_hash_key key;
	size_t memory_max;
	struct message *message;
	uint32_t n, cap;
	struct forest forest; /* tag: hash of the identifier, 0: none; owner: the message, counted from 1, 0: a dummy */
	struct table ids;
	uint64_t *hash;    /* room for the references of a row */
	size_t hashes;
	uint32_t *order;   /* messages by date */
	uint32_t at;       /* node that is written next; 0: all are */
	bool up;           /* it is written with all below it: go on behind it */
};

/* From step 4 on the places of the link-cut tree hold the lists. */
#define FIRST(t, x) ((t)->forest.node[x].left)
#define LAST(t, x) ((t)->forest.node[x].right)
#define NEXT(t, x) ((t)->forest.node[x].up)
#define PARENT(t, x) ((t)->forest.node[x].parent)
#define OWNER(t, x) ((t)->forest.node[x].owner)

struct thread *thread_new(enum imap_thread_algorithm algorithm, struct gw_hash_key key, size_t memory_max)
{
	struct thread *t = gw_xalloc(sizeof *t);

	t->algorithm = algorithm;
	t->key = key;
	t->memory_max = memory_max;
	forest_init(&t->forest);
	return t;
}

void thread_free(struct thread *t)
{
	if (!t)
		return;
	forest_done(&t->forest);
	free(t->message);
	free(t->hash);
	free(t->ids.place);
	free(t->order);
	free(t);
}

size_t thread_memory(const struct thread *t)
{
	return t->cap * sizeof *t->message + t->forest.cap * sizeof *t->forest.node +
	       t->ids.size * sizeof *t->ids.place + t->hashes * sizeof *t->hash +
	       (t->order ? t->n * sizeof *t->order : 0);
}

bool thread_is_empty(const struct thread *t)
{
	return t->n == 0;
}

/* ---- nodes ---- */

static uint32_t add_node(struct thread *t, uint64_t id)
{
	uint32_t x = forest_add(&t->forest);

	t->forest.node[x].tag = id;
	return x;
}

static const struct message *message_of(const struct thread *t, uint32_t node)
{
	return &t->message[OWNER(t, node) - 1];
}

static void table_init(struct table *h, uint32_t expected)
{
	h->n = 0;
	for (h->size = 1024; h->size / LOAD < expected; h->size *= 2)
		;
	h->place = gw_xcalloc(h->size, sizeof *h->place);
}

/* Where a node with this id is, or would be. */
static uint32_t *id_place(const struct thread *t, uint64_t id)
{
	const struct table *h = &t->ids;
	uint32_t i = (uint32_t)id & (h->size - 1);

	while (h->place[i] && t->forest.node[h->place[i]].tag != id)
		i = (i + 1) & (h->size - 1);
	return &h->place[i];
}

static void grow_ids(struct thread *t)
{
	struct table was = t->ids;

	table_init(&t->ids, was.size);
	for (uint32_t i = 0; i < was.size; i++)
		if (was.place[i])
			*id_place(t, t->forest.node[was.place[i]].tag) = was.place[i];
	t->ids.n = was.n;
	free(was.place);
}

/* The node of an identifier, made when there is none. */
static uint32_t node_of(struct thread *t, uint64_t id)
{
	uint32_t *place;

	if (t->ids.n >= t->ids.size / LOAD)
		grow_ids(t);
	place = id_place(t, id);
	if (!*place) {
		*place = add_node(t, id);
		t->ids.n++;
	}
	return *place;
}

/* ---- step 1 ---- */

/* (A) Each reference is the parent of the next. Returns the last, 0 when there is none. */
static uint32_t link_references(struct thread *t, const struct thread_link *row)
{
	uint32_t parent = 0;

	for (size_t i = 0; i < row->n; i++) {
		uint32_t x = node_of(t, row->references[i]);

		if (parent && !PARENT(t, x))
			forest_link(&t->forest, parent, x);
		parent = x;
	}
	return parent;
}

/* (B) The last reference is the parent of the message, whatever was thought before. */
static void link_message(struct thread *t, uint32_t parent, uint32_t x)
{
	if (PARENT(t, x) && PARENT(t, x) != parent)
		forest_cut(&t->forest, x);
	if (parent && !PARENT(t, x))
		forest_link(&t->forest, parent, x);
}

/* The node of a message. Only the first with a Message-ID has it. */
static uint32_t own_node(struct thread *t, uint64_t id)
{
	uint32_t x = id ? node_of(t, id) : 0;

	return x && !OWNER(t, x) ? x : add_node(t, 0);
}

bool thread_add_link(struct thread *t, const struct thread_link *row)
{
	uint32_t x, parent;

	if (!t->ids.place && t->algorithm == IMAP_THREAD_REFERENCES)
		table_init(&t->ids, 0);
	if (t->n == t->cap) {
		t->cap = t->cap ? t->cap + t->cap / 2 : 1024;
		t->message = gw_xrealloc(t->message, t->cap, sizeof *t->message);
	}
	x = own_node(t, t->algorithm == IMAP_THREAD_REFERENCES ? row->id : 0);
	t->message[t->n++] = (struct message){
		.sent = row->sent,
		.subject = row->subject,
		.number = row->number,
		.node = x,
		.reply = row->reply,
	};
	OWNER(t, x) = t->n;
	if (t->algorithm == IMAP_THREAD_REFERENCES) {
		parent = link_references(t, row);
		link_message(t, parent, x);
	}
	return thread_memory(t) + 2 * t->n * sizeof(struct gw_pair) <= t->memory_max;
}

bool thread_add(struct thread *t, const struct thread_row *row)
{
	struct thread_link link = {
		.number = row->number,
		.sent = row->sent,
		.subject = gw_link_hash(t->key, row->subject),
		.id = gw_link_hash(t->key, row->id),
		.reply = row->reply,
	};
	struct gw_slice rest = row->references, id;

	while (rest.n && gw_slice_word(&rest, "\n", &id)) {
		if (link.n == t->hashes) {
			t->hashes = t->hashes ? 2 * t->hashes : 64;
			t->hash = gw_xrealloc(t->hash, t->hashes, sizeof *t->hash);
		}
		t->hash[link.n++] = gw_link_hash(t->key, id);
	}
	link.references = t->hash;
	return thread_add_link(t, &link);
}

/* ---- steps 2 and 3 ---- */

static bool is_dummy(const struct thread *t, uint32_t x)
{
	return !OWNER(t, x);
}

/* The nearest ancestor that is a message or has no parent. Dummies on the way are shown the short way. */
static uint32_t kept_ancestor(struct thread *t, uint32_t x)
{
	uint32_t to = PARENT(t, x), d, above;

	while (to && is_dummy(t, to) && PARENT(t, to))
		to = PARENT(t, to);
	for (d = PARENT(t, x); d != to; d = above) {
		above = PARENT(t, d);
		PARENT(t, d) = to;
	}
	return to;
}

/* Only dummies at the top stay, and of those only the ones with two children and more. */
static void prune(struct thread *t)
{
	for (uint32_t i = 0; i < t->n; i++)
		PARENT(t, t->message[i].node) = kept_ancestor(t, t->message[i].node);
	for (uint32_t x = 1; x <= t->forest.n; x++)
		LAST(t, x) = 0;
	for (uint32_t i = 0; i < t->n; i++)
		LAST(t, PARENT(t, t->message[i].node))++; /* counts its children */
	for (uint32_t i = 0; i < t->n; i++) {
		uint32_t x = t->message[i].node, p = PARENT(t, x);

		if (p && is_dummy(t, p) && LAST(t, p) == 1)
			PARENT(t, x) = 0;
	}
}

/* ---- lists, steps 4 and 6 ---- */

static void sort_messages(struct thread *t)
{
	struct gw_pair *v = gw_xcalloc((size_t)t->n + 1, sizeof *v), *tmp = gw_xcalloc((size_t)t->n + 1, sizeof *tmp);

	for (uint32_t i = 0; i < t->n; i++)
		v[i] = (struct gw_pair){ .key = gw_signed_key(t->message[i].sent), .at = i };
	gw_pairs_sort(v, tmp, t->n);
	free(tmp);
	t->order = gw_xcalloc((size_t)t->n + 1, sizeof *t->order);
	for (uint32_t i = 0; i < t->n; i++)
		t->order[i] = v[i].at;
	free(v);
}

static void append(struct thread *t, uint32_t parent, uint32_t x)
{
	if (LAST(t, parent))
		NEXT(t, LAST(t, parent)) = x;
	else
		FIRST(t, parent) = x;
	LAST(t, parent) = x;
}

/* Lists of all children by date; the one of node 0 has what has no parent. */
static void make_lists(struct thread *t)
{
	for (uint32_t x = 0; x <= t->forest.n; x++)
		FIRST(t, x) = LAST(t, x) = NEXT(t, x) = 0;
	for (uint32_t i = 0; i < t->n; i++) {
		uint32_t x = t->message[t->order[i]].node, p = PARENT(t, x);

		if (p && is_dummy(t, p) && !FIRST(t, p))
			append(t, 0, p);
		append(t, p, x);
	}
}

/* ---- step 5 ---- */

/* The message that gives a thread its subject. */
static const struct message *head_of(const struct thread *t, uint32_t root)
{
	return message_of(t, is_dummy(t, root) ? FIRST(t, root) : root);
}

static bool is_reply(const struct thread *t, uint32_t x)
{
	return message_of(t, x)->reply;
}

/* Where the thread of a subject is, or would be. Those in it keep their subject while step 5 goes on: so does a new
 * dummy, which is told by the first of its future children. */
struct subjects {
	struct table table;
	uint64_t *hash; /* of each place */
};

static uint32_t *subject_place(struct subjects *s, uint64_t subject)
{
	uint32_t i = (uint32_t)subject & (s->table.size - 1);

	while (s->table.place[i] && s->hash[i] != subject)
		i = (i + 1) & (s->table.size - 1);
	s->hash[i] = subject;
	return &s->table.place[i];
}

/* (B) */
static void note_subjects(struct thread *t, struct subjects *s)
{
	for (uint32_t x = FIRST(t, 0); x; x = NEXT(t, x)) {
		uint64_t subject = head_of(t, x)->subject;
		uint32_t *place;

		if (!subject)
			continue;
		place = subject_place(s, subject);
		if (!*place || (!is_dummy(t, *place) &&
				(is_dummy(t, x) || (is_reply(t, *place) && !is_reply(t, x)))))
			*place = x;
	}
}

/* x and the thread of its subject become one. */
static void merge(struct thread *t, uint32_t *place, uint32_t x)
{
	uint32_t to = *place;

	if (is_dummy(t, to) && is_dummy(t, x)) {
		for (uint32_t c = FIRST(t, x); c; c = NEXT(t, c))
			PARENT(t, c) = to;
	} else if (is_dummy(t, to) || (is_reply(t, x) && !is_reply(t, to))) {
		PARENT(t, x) = to;
	} else {
		*place = add_node(t, 0);
		PARENT(t, x) = PARENT(t, to) = *place;
	}
}

/* (C) */
static void gather_subjects(struct thread *t)
{
	struct subjects s;
	uint32_t roots = 0;

	for (uint32_t x = FIRST(t, 0); x; x = NEXT(t, x))
		roots++;
	table_init(&s.table, roots);
	s.hash = gw_xcalloc(s.table.size, sizeof *s.hash);
	note_subjects(t, &s);
	for (uint32_t x = FIRST(t, 0); x; x = NEXT(t, x)) {
		uint64_t subject = head_of(t, x)->subject;
		uint32_t *place = subject ? subject_place(&s, subject) : NULL;

		if (place && *place != x)
			merge(t, place, x);
	}
	free(s.table.place);
	free(s.hash);
}

/* ORDEREDSUBJECT: the first of a subject is the parent of all others. */
static void order_subjects(struct thread *t)
{
	struct subjects s;

	table_init(&s.table, t->n);
	s.hash = gw_xcalloc(s.table.size, sizeof *s.hash);
	for (uint32_t i = 0; i < t->n; i++) {
		const struct message *m = &t->message[t->order[i]];
		uint32_t *place = subject_place(&s, m->subject);

		if (*place)
			PARENT(t, m->node) = *place;
		else
			*place = m->node;
	}
	free(s.table.place);
	free(s.hash);
}

void thread_finish(struct thread *t)
{
	if (!t->n)
		return;
	free(t->ids.place);
	t->ids = (struct table){ .place = NULL };
	sort_messages(t);
	if (t->algorithm == IMAP_THREAD_REFERENCES) {
		prune(t);
		make_lists(t);
		gather_subjects(t);
	} else {
		order_subjects(t);
	}
	make_lists(t);
	free(t->order);
	t->order = NULL;
	t->at = FIRST(t, 0);
}

/* ---- telling ---- */

/* Does a list begin with it? It does at the top, and where a thread splits. */
static bool begins(const struct thread *t, uint32_t x)
{
	uint32_t p = PARENT(t, x);

	return !p || FIRST(t, p) != LAST(t, p);
}

static void put_open(struct thread *t, uint32_t x, struct gw_out *out)
{
	char text[2 + GW_U64_DIGITS]; /* written at once: there are many */
	uint32_t p = PARENT(t, x);
	size_t n = 0;

	if (p && !is_dummy(t, p) && FIRST(t, p) == x)
		text[n++] = ' ';
	if (begins(t, x))
		text[n++] = '(';
	if (!is_dummy(t, x))
		n += gw_put_u64(text + n, message_of(t, x)->number);
	gw_out_add(out, text, n);
	t->up = !FIRST(t, x);
	t->at = t->up ? x : FIRST(t, x);
}

static void put_close(struct thread *t, uint32_t x, struct gw_out *out)
{
	if (begins(t, x))
		gw_out_char(out, ')');
	t->up = !NEXT(t, x);
	t->at = t->up ? PARENT(t, x) : NEXT(t, x);
}

bool thread_put(struct thread *t, struct gw_out *out)
{
	while (t->at) {
		if (gw_out_full(out))
			return false;
		if (t->up)
			put_close(t, t->at, out);
		else
			put_open(t, t->at, out);
	}
	return true;
}
