/* ears.h - the files a connection listens to: one nearly always, more when its client waits for news of other mailboxes
 *
 * Which they are is asked of the session (gw_proto.bell) after each of its calls. Thread: the loop's. */
#ifndef GW_DAEMON_EARS_H
#define GW_DAEMON_EARS_H

#include "daemon/bell.h"

struct gw_proto;

struct ears {
	struct bell_ear first;
	struct bell_ear *more; /* GW_BELLS - 1 of them, or NULL */
};

/* Listen to what the session wants to hear of, and to nothing else; session NULL: to nothing. owner: what bell_ear.owner
 * shall be. True: one of them was touched after since, before we listened. */
bool ears_listen(struct bell *b, struct ears *e, const struct gw_proto *proto, const void *session, void *owner,
		 const struct timespec *since);

/* Before what a client sent is read: news that came before it is heard before it. */
void ears_look(struct bell *b, const struct ears *e);

/* Is that what we listen to already? */
bool ears_same(const struct ears *e, const struct gw_proto *proto, const void *session);

#endif
