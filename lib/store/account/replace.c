/* replace.c - a new message comes and an old one goes (RFC 8508), in one transaction
 *
 * The old one is taken out first, so that quota is that of the outcome. Between two databases, the account's and public
 * folders', there is no common commit: then the new one is on disk before the old one goes. */
#include "store/account/annotate.h"
#include "store/account/append.h"
#include "store/account/removal.h"
#include "store/account/rights.h"

/* Take the old one out; the mailbox's row in *row. */
static int take_out(struct gw_db *db, uint64_t mailbox, uint32_t uid, struct mailbox_row *row, struct removal *r,
	struct gw_err *err)
{
	struct gw_set uids;
	int rc = db_mailbox_select(db, mailbox, row, err);

	if (rc < 0)
		return rc;
	gw_set_init(&uids);
	gw_set_add(&uids, uid, uid);
	rc = removal_do(r, db, row, &uids, false, err);
	gw_set_done(&uids);
	if (rc == 0 && !r->n)
		rc = gw_fail(err, GW_EGONE, "the message was removed");
	return rc;
}

static int put_in(struct append_tx *tx, struct view_append *ap, struct gw_err *err)
{
	uint64_t keywords;
	int rc = db_quota_check(tx->db, &tx->acct, 1, ap->size, err);

	if (rc == 0)
		rc = db_keywords_bits(&tx->row, ap->keywords, ap->n_keywords, true, &keywords, err);
	if (rc == 0)
		rc = append_tx_add(tx, ap, tx->row.uidnext, ap->system | keywords, err);
	return rc;
}

/* The new one, and the commit. In one mailbox both are one change of its index. */
static int add_and_commit(struct gw_db *db, struct gw_mbox_id into, struct view_append *ap, const struct removal *r,
	struct append_tx *tx, struct gw_appended *ret, struct gw_err *err)
{
	bool same = r->row->id == into.id;
	struct delta out = { .n = 0 };
	int rc = append_tx_begin(tx, db, into.id, err);
	struct gw_appended done;

	if (rc < 0)
		return rc;
	tx->who = annotation_who(ap->acct, db);
	done = (struct gw_appended){ .uidvalidity = (uint32_t)tx->row.uidvalidity, .uid_first = (uint32_t)tx->row.uidnext };
	rc = put_in(tx, ap, err);
	if (rc == 0 && same) {
		tx->from = r->from;
		gw_set_union(&tx->delta.gone, &r->gone);
	}
	if (rc == 0)
		rc = append_tx_commit(tx, err);
	if (rc < 0)
		return rc;
	done.near_quota = db_quota_near(db->acc, &tx->acct);
	out.gone = r->gone;
	if (!same)
		delta_publish(&out, db->acc, r->from, r->row);
	*ret = done;
	return 0;
}

static int replace(struct gw_db *db, struct gw_mbox_id into, struct view_append *ap, uint64_t from, uint32_t uid,
	struct gw_appended *ret, struct gw_err *err)
{
	struct append_tx *tx = gw_xalloc(sizeof *tx);
	struct mailbox_row row = { .id = 0 };
	struct removal r = { .n = 0 };
	int rc = take_out(db, from, uid, &row, &r, err);

	if (rc == 0)
		rc = add_and_commit(db, into, ap, &r, tx, ret, err);
	append_tx_done(tx);
	free(tx);
	removal_done(&r);
	db_mailbox_done(&row);
	return rc;
}

static int replace_between(struct gw_acct *a, struct gw_mbox_id into, struct gw_append *ap, struct gw_mbox_id from,
	const struct gw_set *uids, struct gw_appended *ret, struct gw_err *err)
{
	struct gw_set gone;
	int rc = view_append_commit(a, into, &ap, 1, ret, err);

	if (rc < 0)
		return rc;
	gw_set_init(&gone);
	rc = view_expunge(a, from, uids, false, &gone, err);
	gw_set_done(&gone);
	return rc;
}

int view_append_replace(struct gw_acct *a, struct gw_mbox_id into, struct gw_append *base, struct gw_mbox_id from,
	uint32_t uid, struct gw_appended *ret, struct gw_err *err)
{
	struct view_append *ap = (struct view_append *)base;
	struct gw_set uids;
	struct gw_db *db;
	int rc = view_may(a, into, GW_RIGHT_WRITE, err);

	if (rc == 0)
		rc = view_may(a, from, GW_RIGHT_DELETE, err);
	if (rc == 0)
		rc = append_finish(ap, err);
	if (rc < 0)
		return rc;
	if (into.space != from.space) {
		gw_set_init(&uids);
		gw_set_add(&uids, uid, uid);
		rc = replace_between(a, into, base, from, &uids, ret, err);
		gw_set_done(&uids);
		return rc;
	}
	rc = view_begin(a, into.space, VIEW_WRITE, &db, err);
	if (rc < 0)
		return rc;
	rc = replace(db, into, ap, from.id, uid, ret, err);
	gw_db_put(db);
	return rc;
}
