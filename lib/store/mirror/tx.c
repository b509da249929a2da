/* tx.c - a transaction that changes what clients see
 *
 * Changes of lists are collected by mailbox (row.c) and written when there are many of them, when they are asked for, and
 * at the commit: so thousands of messages cost a few passes over the rows of the lists that hold them. A mailbox that changed
 * gets one new modseq, whatever happened in it. */
#include "store/mirror/priv.h"

int mirror_begin(struct gw_db_account *acc, struct mirror_tx **ret, struct gw_err *err)
{
	struct mirror_tx *tx = gw_xalloc(sizeof *tx);
	int rc = gw_db_get(acc, &tx->db, err);

	gw_arena_init(&tx->scratch, 0, 0);
	gw_arena_init(&tx->keywords_arena, 0, 0);
	tx->tail = gw_xalloc(sizeof *tx->tail);
	tx->now = gw_wall_s(acc->env->opt.clock);
	if (rc == 0)
		rc = db_begin_map(tx->db, err);
	if (rc == 0)
		rc = db_account_get(tx->db, &tx->acct, err);
	if (rc < 0)
		mirror_rollback(tx);
	else
		*ret = tx;
	return rc;
}

void mirror_rollback(struct mirror_tx *tx)
{
	if (!tx)
		return;
	gw_db_put(tx->db); /* rolls back what was not committed */
	for (size_t i = 0; i < tx->n_boxes; i++)
		box_free(tx->boxes[i]);
	free(tx->boxes);
	free(tx->by_id);
	free(tx->by_number);
	free(tx->tail);
	free(tx->keywords);
	gw_arena_done(&tx->scratch);
	gw_arena_done(&tx->keywords_arena);
	free(tx);
}

static int finish(struct mirror_tx *tx, struct gw_err *err)
{
	int rc = 0;

	if (tx->broken)
		return gw_fail(err, GW_EBUG, "a change that failed half-way cannot be committed");
	for (size_t i = 0; i < tx->n_boxes && rc == 0; i++)
		if (!tx->boxes[i]->removed)
			rc = box_finish(tx, tx->boxes[i], err);
	if (rc == 0 && tx->acct_changed)
		rc = db_account_put(tx->db, &tx->acct, err);
	return rc;
}

/* After the commit: cached indexes follow. */
static void publish(struct mirror_tx *tx)
{
	for (size_t i = 0; i < tx->n_boxes; i++) {
		struct tx_box *box = tx->boxes[i];

		if (box->removed)
			db_cache_drop(tx->db->acc, box->mailbox);
		else if (box->changed)
			delta_publish(&box->delta, tx->db->acc, box->from, &box->row);
	}
}

int mirror_commit(struct mirror_tx *tx, struct gw_err *err)
{
	struct gw_db_account *acc = tx->db->acc;
	int rc = finish(tx, err);

	/* What clients do not see, a state string above all, may be lost: then one more look at the server finds it again. */
	if (rc == 0 && (tx->wrote || tx->changed || tx->acct_changed)) {
		rc = gw_db_commit(tx->db, tx->changed ? GW_DB_DURABLE : GW_DB_LAZY, err);
		if (rc == 0) {
			publish(tx);
			gw_db_account_want_sweep(acc);
		}
	}
	mirror_rollback(tx);
	return rc;
}
