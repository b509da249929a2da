/* shares.c - whose call is next when there are more of them than connections (see priv.h)
 *
 * Calls that name an owner come in crowds: the downloads of somebody who fetches a mailbox. No owner has more than three quarters of
 * the connections, all of them together leave one to the rest, and the next free one is for the owner who has fewest. Calls without
 * one are few and do not wait. */
#include "store/http/priv.h"

#include <stdlib.h>

#include "util/mem.h"

static unsigned at_least_one(unsigned n)
{
	return n ? n : 1;
}

unsigned http_client_share(const struct http_client *c)
{
	return at_least_one(c->opt.max_connections - c->opt.max_connections / 4);
}

static struct share *share_of(struct http_client *c, const void *owner)
{
	struct share **at = &c->shares;

	while (*at && (*at)->owner != owner)
		at = &(*at)->next;
	if (!*at) {
		*at = gw_xalloc(sizeof **at);
		(*at)->owner = owner;
	}
	return *at;
}

void share_join(struct transfer *t)
{
	t->share = share_of(t->client, t->call->owner);
	t->share->held++;
	t->state = TRANSFER_HELD;
	request_waits(t);
}

void share_leave(struct transfer *t)
{
	struct http_client *c = t->client;
	struct share *s = t->share;

	if (!s)
		return;
	t->share = NULL;
	request_waits_not(t);
	if (t->admitted)
		c->admitted--;
	if (t->admitted)
		s->admitted--;
	else
		s->held--;
	t->admitted = false;
	if (s->held + s->admitted)
		return;
	for (struct share **at = &c->shares; *at; at = &(*at)->next)
		if (*at == s) {
			*at = s->next;
			break;
		}
	free(s);
}

/* The owner with the fewest calls under way who has others waiting. */
static struct share *neediest(const struct http_client *c)
{
	unsigned most = http_client_share(c);
	struct share *best = NULL;

	for (struct share *s = c->shares; s; s = s->next)
		if (s->held && s->admitted < most && (!best || s->admitted < best->admitted))
			best = s;
	return best;
}

/* Its call that waits longest: of those under way new ones are in front. */
static struct transfer *oldest(const struct http_client *c, const struct share *s)
{
	struct transfer *found = NULL;

	for (struct transfer *t = c->running; t; t = t->next)
		if (t->state == TRANSFER_HELD && t->share == s)
			found = t;
	return found;
}

struct transfer *share_next(struct http_client *c)
{
	struct transfer *t;
	struct share *s;

	if (c->admitted >= at_least_one(c->opt.max_connections - 1))
		return NULL;
	s = neediest(c);
	t = s ? oldest(c, s) : NULL;
	if (!t)
		return NULL;
	s->held--;
	s->admitted++;
	c->admitted++;
	t->admitted = true;
	return t;
}
