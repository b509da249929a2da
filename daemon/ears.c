/* ears.c - the files a connection listens to (see ears.h) */
#include "daemon/ears.h"

#include "session/session.h"
#include "util/mem.h"

#include <stdlib.h>

static const char *path_of(const struct gw_proto *proto, const void *session, unsigned which)
{
	return session ? proto->bell(session, which) : NULL;
}

static bool wants_more(const struct gw_proto *proto, const void *session)
{
	for (unsigned i = 1; i < GW_BELLS; i++)
		if (path_of(proto, session, i))
			return true;
	return false;
}

static bool listen_one(struct bell *b, struct bell_ear *ear, const char *path, void *owner, const struct timespec *since)
{
	ear->owner = owner;
	return !bell_same(ear, path) && bell_listen(b, ear, path, since);
}

static void stop_more(struct bell *b, struct ears *e)
{
	for (unsigned i = 1; e->more && i < GW_BELLS; i++)
		bell_listen(b, &e->more[i - 1], NULL, NULL);
	free(e->more);
	e->more = NULL;
}

bool ears_listen(struct bell *b, struct ears *e, const struct gw_proto *proto, const void *session, void *owner,
		 const struct timespec *since)
{
	bool rang = listen_one(b, &e->first, path_of(proto, session, 0), owner, since);

	if (!wants_more(proto, session)) {
		stop_more(b, e);
		return rang;
	}
	if (!e->more)
		e->more = gw_xcalloc(GW_BELLS - 1, sizeof *e->more);
	for (unsigned i = 1; i < GW_BELLS; i++)
		rang |= listen_one(b, &e->more[i - 1], path_of(proto, session, i), owner, since);
	return rang;
}

void ears_look(struct bell *b, const struct ears *e)
{
	bell_look(b, &e->first);
	for (unsigned i = 1; e->more && i < GW_BELLS; i++)
		bell_look(b, &e->more[i - 1]);
}

bool ears_same(const struct ears *e, const struct gw_proto *proto, const void *session)
{
	if (!bell_same(&e->first, path_of(proto, session, 0)))
		return false;
	if (!e->more)
		return !wants_more(proto, session);
	for (unsigned i = 1; i < GW_BELLS; i++)
		if (!bell_same(&e->more[i - 1], path_of(proto, session, i)))
			return false;
	return true;
}
