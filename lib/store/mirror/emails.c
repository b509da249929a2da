/* emails.c - messages as they are on the server now, told one by one */
#include "store/mirror/priv.h"

/* Does the list of places have the mailbox? */
static bool placed(const struct place *v, size_t n, uint64_t mailbox)
{
	for (size_t i = 0; i < n; i++)
		if (v[i].mailbox == mailbox)
			return true;
	return false;
}

static bool has_number(struct gw_slice text, uint64_t number)
{
	uint64_t have;

	while (facts_number(&text, &have))
		if (have == number)
			return true;
	return false;
}

/* Rows for the message in the mailboxes whose list is complete and lacks it. */
static int add_places(struct mirror_tx *tx, const struct facts *f, const struct place *v, size_t n, struct gw_err *err)
{
	struct gw_slice rest = f->mailboxes;
	uint64_t number;
	int rc = 0;

	while (rc == 0 && facts_number(&rest, &number)) {
		struct tx_box *box;

		if (number == 0 || placed(v, n, number))
			continue;
		rc = box_numbered(tx, number, &box, err);
		if (rc == 0 && box->complete)
			rc = row_add(tx, box, f, false, NULL, err);
	}
	return rc;
}

/* Rows of the message where it is not any more go; the others get its flags. */
static int change_places(struct mirror_tx *tx, const struct facts *f, bool flags, const struct place *v, size_t n,
	struct gw_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < n && rc == 0; i++) {
		bool stays = has_number(f->mailboxes, v[i].mailbox);
		struct tx_box *box;

		if (stays && !flags)
			continue;
		rc = box_numbered(tx, v[i].mailbox, &box, err);
		if (rc == 0)
			rc = stays ? row_flags(tx, box, f, v[i].uid, err) : row_remove(tx, box, f->content, v[i].uid, err);
	}
	return rc;
}

/* Bring what is known of a message up to date. *ret_flags: its keywords are others now. */
static int renew(struct mirror_tx *tx, const struct jmap_email *v, struct facts *f, bool *ret_flags, struct gw_err *err)
{
	struct facts old = *f;
	int rc = 0;

	if (v->mailboxes)
		rc = facts_mailboxes(tx, v->mailboxes, v->n_mailboxes, &f->mailboxes, err);
	f->keywords = facts_keywords(&tx->scratch, v->keywords, v->n_keywords);
	if (v->blob.n) {
		f->blob = v->blob;
		f->thread = v->thread;
	}
	*ret_flags = !gw_slice_eq(old.keywords, f->keywords);
	if (rc < 0 || (!*ret_flags && gw_slice_eq(old.mailboxes, f->mailboxes) && gw_slice_eq(old.blob, f->blob) &&
			      gw_slice_eq(old.thread, f->thread)))
		return rc;
	return facts_put(tx, f, err);
}

static int change_email(struct mirror_tx *tx, const struct jmap_email *v, struct facts *f, struct gw_err *err)
{
	struct place *places = NULL;
	size_t n = 0;
	bool flags = false;
	int rc = renew(tx, v, f, &flags, err);

	if (rc == 0)
		rc = facts_places(tx, f->content, &places, &n, err);
	if (rc == 0)
		rc = add_places(tx, f, places, n, err);
	if (rc == 0)
		rc = change_places(tx, f, flags, places, n, err);
	return rc < 0 ? rc : facts_forget_unplaced(tx, f->content, err);
}

/* Is there a complete list for the message to stand in? */
static int wanted(struct mirror_tx *tx, struct gw_slice mailboxes, struct gw_err *err)
{
	uint64_t number;

	while (facts_number(&mailboxes, &number)) {
		struct tx_box *box;
		int rc = number ? box_numbered(tx, number, &box, err) : GW_ENOENT;

		if (rc == 0 && box->complete)
			return 1;
		if (rc < 0 && rc != GW_ENOENT)
			return rc;
	}
	return 0;
}

static int new_email(struct mirror_tx *tx, const struct jmap_email *v, struct gw_err *err)
{
	struct facts f;
	int rc;

	facts_of(tx, v, &f);
	rc = facts_mailboxes(tx, v->mailboxes, v->n_mailboxes, &f.mailboxes, err);
	if (rc == 0)
		rc = wanted(tx, f.mailboxes, err);
	if (rc <= 0)
		return rc;
	if (!v->blob.n)
		return gw_fail(err, GW_EINVAL, "message %.*s is not known, and only its places and keywords are told",
			GW_FMT(v->id));
	rc = facts_add(tx, &f, err);
	return rc < 0 ? rc : add_places(tx, &f, NULL, 0, err);
}

int mirror_tx_emails(struct mirror_tx *tx, const struct jmap_email *v, size_t n, struct gw_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < n && rc == 0; i++) {
		struct facts f;

		gw_arena_reset(&tx->scratch);
		rc = facts_find(tx->db, v[i].id, &tx->scratch, &f, err);
		if (rc > 0 && !facts_same(&v[i], &f))
			rc = facts_remove(tx, f.content, err);
		else if (rc > 0) {
			rc = change_email(tx, &v[i], &f, err);
			continue;
		}
		if (rc == 0)
			rc = new_email(tx, &v[i], err);
	}
	return rc;
}

int mirror_tx_gone(struct mirror_tx *tx, const struct gw_slice *ids, size_t n, struct gw_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < n && rc == 0; i++) {
		struct facts f;

		gw_arena_reset(&tx->scratch);
		rc = facts_find(tx->db, ids[i], &tx->scratch, &f, err);
		if (rc > 0)
			rc = facts_remove(tx, f.content, err);
	}
	return rc;
}
