/* replace.c - REPLACE on a JMAP server (RFC 8508): the new message is imported before the old one goes
 *
 * JMAP has no transaction over Email/import and Email/set, so the order is the one that loses nothing. When the server refuses the
 * removal, the new message goes again; when it is not known what came of the removal, both may be there. */
#include "store/jmap/driver.h"

/* Is the old one there, for who may remove it? */
static int check_old(struct gw_acct *a, struct gw_mbox_id from, const struct gw_set *uids, struct gw_err *err)
{
	struct mirror_message *v;
	struct jmap_remote *r;
	struct gw_arena arena;
	size_t n = 0;
	int rc = jmap_remote_of(a, from.space, &r, err);

	if (rc < 0)
		return rc;
	gw_arena_init(&arena, 1024, 0);
	rc = mirror_messages(r->acc, from.id, uids, &arena, &v, &n, err);
	gw_arena_done(&arena);
	return rc == 0 && !n ? gw_fail(err, GW_EGONE, "the message was removed") : rc;
}

static bool refused(int rc)
{
	return rc == GW_EACCES || rc == GW_ELIMIT || rc == GW_EINVAL || rc == GW_ENOTSUP || rc == GW_EQUOTA;
}

int jmap_append_replace(struct gw_acct *a, struct gw_mbox_id into, struct gw_append *ap, struct gw_mbox_id from, uint32_t uid,
	struct gw_appended *ret, struct gw_err *err)
{
	struct gw_appended done = { 0 };
	struct gw_set old, fresh;
	int rc;

	gw_set_init(&old);
	gw_set_init(&fresh);
	gw_set_add(&old, uid, uid);
	rc = check_old(a, from, &old, err);
	if (rc == 0)
		rc = jmap_append_commit(a, into, &ap, 1, &done, err);
	if (rc == 0) {
		rc = jmap_expunge(a, from, &old, false, NULL, err);
		if (refused(rc) && done.uid_first) {
			gw_set_add(&fresh, done.uid_first, done.uid_first);
			jmap_expunge(a, into, &fresh, false, NULL, NULL);
		}
	}
	if (rc == 0)
		*ret = done;
	gw_set_done(&fresh);
	gw_set_done(&old);
	return rc;
}
