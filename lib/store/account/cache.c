/* cache.c - the newest index of each mailbox in use, its orders (store/ranks.h) and links (store/links.h), shared by the sessions of this process
 *
 * Bounded in bytes over all accounts; least recently used ones go first. An index in here is no promise of
 * being current: whoever takes it compares its modseq with the mailbox's row. */
#include "store/account/priv.h"

#include "store/index.h"
#include "util/mem.h"

struct cached_index {
	struct list lru, of_account;
	uint64_t mailbox;
	struct gw_index *ix;
	struct gw_ranks *ranks[GW_RANK_KEYS]; /* these are maybe of an older index */
	struct gw_links *links;
	size_t bytes;
	uint64_t used_ms;
};

/* Chunks shared with other indexes are counted here alone: the newest has most of them. */
static size_t bytes_of(const struct gw_index *ix)
{
	return sizeof(struct cached_index) + sizeof *ix + ix->n * sizeof(struct gw_entry) +
	       ix->n_chunks * (sizeof(struct gw_index_chunk) + 16);
}

static size_t bytes_of_kept(const struct cached_index *c)
{
	size_t n = c->links ? gw_links_bytes(c->links) : 0;

	for (int i = 0; i < GW_RANK_KEYS; i++)
		n += c->ranks[i] ? gw_ranks_bytes(c->ranks[i]) : 0;
	return n;
}

static struct cached_index *lookup(struct gw_db_account *acc, uint64_t mailbox)
{
	for (struct list *l = acc->cached.next; l != &acc->cached; l = l->next) {
		struct cached_index *c = list_item(l, struct cached_index, of_account);

		if (c->mailbox == mailbox)
			return c;
	}
	return NULL;
}

static void unlink_entry(struct gw_db_env *env, struct cached_index *c)
{
	list_del(&c->lru);
	list_del(&c->of_account);
	env->cache_bytes -= c->bytes;
}

static void free_entry(struct cached_index *c)
{
	gw_index_unref(c->ix);
	for (int i = 0; i < GW_RANK_KEYS; i++)
		gw_ranks_unref(c->ranks[i]);
	gw_links_unref(c->links);
	free(c);
}

struct gw_index *db_cache_get(struct gw_db_account *acc, uint64_t mailbox)
{
	struct gw_db_env *env = acc->env;
	struct gw_index *ix = NULL;
	struct cached_index *c;
	uint64_t now = gw_mono_ms(env->opt.clock);

	pthread_mutex_lock(&env->lock);
	c = lookup(acc, mailbox);
	if (c) {
		ix = gw_index_ref(c->ix);
		c->used_ms = now;
		list_del(&c->lru);
		list_add(&env->cache, &c->lru);
	}
	pthread_mutex_unlock(&env->lock);
	return ix;
}

static bool newer(const struct gw_index *a, const struct gw_index *b)
{
	return a->uidvalidity != b->uidvalidity || a->modseq > b->modseq ||
	       (a->modseq == b->modseq && a->uidnext > b->uidnext);
}

/* The least recently used entries that are too many, linked by their lru lists into *dead. */
static void evict(struct gw_db_env *env, struct list *dead)
{
	while (env->cache_bytes > env->opt.index_cache_bytes && !list_empty(&env->cache)) {
		struct cached_index *c = list_item(env->cache.prev, struct cached_index, lru);

		unlink_entry(env, c);
		list_add(dead, &c->lru);
	}
}

static void free_list(struct list *dead)
{
	struct list *next;

	for (struct list *l = dead->next; l != dead; l = next) {
		next = l->next;
		free_entry(list_item(l, struct cached_index, lru));
	}
	list_init(dead);
}

void db_cache_put(struct gw_db_account *acc, uint64_t mailbox, struct gw_index *ix)
{
	struct gw_db_env *env = acc->env;
	struct cached_index *c, *fresh = NULL;
	struct gw_index *old = NULL;
	struct list dead;
	size_t bytes = bytes_of(ix);
	uint64_t now = gw_mono_ms(env->opt.clock);

	if (bytes > env->opt.index_cache_bytes)
		return;
	list_init(&dead);
	fresh = gw_xalloc(sizeof *fresh);
	pthread_mutex_lock(&env->lock);
	c = lookup(acc, mailbox);
	if (!c) {
		c = fresh;
		fresh = NULL;
		c->mailbox = mailbox;
		list_add(&env->cache, &c->lru);
		list_add(&acc->cached, &c->of_account);
	} else if (!newer(ix, c->ix)) {
		c = NULL;
	} else {
		old = c->ix;
		env->cache_bytes -= c->bytes;
	}
	if (c) {
		c->ix = gw_index_ref(ix);
		c->bytes = bytes + bytes_of_kept(c);
		c->used_ms = now;
		env->cache_bytes += c->bytes;
		evict(env, &dead);
	}
	pthread_mutex_unlock(&env->lock);
	free(fresh);
	gw_index_unref(old);
	free_list(&dead);
}

/* What is kept beside the mailbox's index, with the lock held until let_go(); NULL: there is no index. */
static struct cached_index *hold(struct gw_db_account *acc, uint64_t mailbox)
{
	pthread_mutex_lock(&acc->env->lock);
	return lookup(acc, mailbox);
}

/* c: in which something was replaced, or NULL. */
static void let_go(struct gw_db_env *env, struct cached_index *c)
{
	struct list dead;

	list_init(&dead);
	if (c) {
		env->cache_bytes -= c->bytes;
		c->bytes = bytes_of(c->ix) + bytes_of_kept(c);
		env->cache_bytes += c->bytes;
		evict(env, &dead);
	}
	pthread_mutex_unlock(&env->lock);
	free_list(&dead);
}

struct gw_ranks *db_cache_get_ranks(struct gw_db_account *acc, uint64_t mailbox, enum gw_rank_key key)
{
	struct cached_index *c = hold(acc, mailbox);
	struct gw_ranks *r = c && c->ranks[key] ? gw_ranks_ref(c->ranks[key]) : NULL;

	let_go(acc->env, NULL);
	return r;
}

void db_cache_put_ranks(struct gw_db_account *acc, uint64_t mailbox, enum gw_rank_key key, struct gw_ranks *r)
{
	struct cached_index *c = hold(acc, mailbox);
	struct gw_ranks *old = c ? c->ranks[key] : NULL;

	if (c)
		c->ranks[key] = gw_ranks_ref(r);
	let_go(acc->env, c);
	gw_ranks_unref(old);
}

struct gw_links *db_cache_get_links(struct gw_db_account *acc, uint64_t mailbox)
{
	struct cached_index *c = hold(acc, mailbox);
	struct gw_links *l = c && c->links ? gw_links_ref(c->links) : NULL;

	let_go(acc->env, NULL);
	return l;
}

void db_cache_put_links(struct gw_db_account *acc, uint64_t mailbox, struct gw_links *l)
{
	struct cached_index *c = hold(acc, mailbox);
	struct gw_links *old = c ? c->links : NULL;

	if (c)
		c->links = gw_links_ref(l);
	let_go(acc->env, c);
	gw_links_unref(old);
}

void db_cache_drop(struct gw_db_account *acc, uint64_t mailbox)
{
	struct gw_db_env *env = acc->env;
	struct list dead, *next;

	list_init(&dead);
	pthread_mutex_lock(&env->lock);
	for (struct list *l = acc->cached.next; l != &acc->cached; l = next) {
		struct cached_index *c = list_item(l, struct cached_index, of_account);

		next = l->next;
		if (mailbox && c->mailbox != mailbox)
			continue;
		unlink_entry(env, c);
		list_add(&dead, &c->lru);
	}
	pthread_mutex_unlock(&env->lock);
	free_list(&dead);
}

void db_cache_tidy(struct gw_db_env *env, uint64_t older_than_ms)
{
	struct list dead;

	list_init(&dead);
	pthread_mutex_lock(&env->lock);
	while (!list_empty(&env->cache)) {
		struct cached_index *c = list_item(env->cache.prev, struct cached_index, lru);

		if (c->used_ms > older_than_ms)
			break;
		unlink_entry(env, c);
		list_add(&dead, &c->lru);
	}
	pthread_mutex_unlock(&env->lock);
	free_list(&dead);
}
