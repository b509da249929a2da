/* state.c - which account it is, and how far the picture goes */
#include "store/mirror/priv.h"

static int read_state(struct gw_db *db, struct gw_arena *arena, struct mirror_state *ret, struct gw_err *err)
{
	sqlite3_stmt *st;
	struct gw_slice account;
	int rc = gw_db_step_i64(db, GW_SQL_REMOTE_GET, &st, err, 0);

	if (rc <= 0)
		return rc ? rc : gw_fail(err, GW_ENOENT, "nothing is known of the account yet");
	account = text_of(st, 0);
	if (account.n >= sizeof ret->account) {
		sqlite3_reset(st);
		return gw_fail(err, GW_ECORRUPT, "%s: the id of the account is damaged", gw_db_account_path(db->acc));
	}
	memcpy(ret->account, account.p, account.n);
	ret->account[account.n] = '\0';
	ret->email_state = gw_arena_dup(arena, text_of(st, 1));
	ret->mailbox_state = gw_arena_dup(arena, text_of(st, 2));
	ret->listed = sqlite3_column_int(st, 3) != 0;
	sqlite3_reset(st);
	return 0;
}

int mirror_state_get(struct gw_db_account *acc, struct gw_arena *arena, struct mirror_state *ret, struct gw_err *err)
{
	struct gw_db *db;
	int rc = gw_db_get(acc, &db, err);

	if (rc < 0)
		return rc;
	rc = read_state(db, arena, ret, err);
	gw_db_put(db);
	return rc;
}

int mirror_tx_state(struct mirror_tx *tx, struct gw_arena *arena, struct mirror_state *ret, struct gw_err *err)
{
	return read_state(tx->db, arena, ret, err);
}

/* Run the UPDATE with the text. */
static int put_text(struct mirror_tx *tx, enum gw_sql which, struct gw_slice text, struct gw_err *err)
{
	sqlite3_stmt *st;
	int rc = gw_db_step_i64(tx->db, GW_SQL_REMOTE_NEW, NULL, err, 0);

	if (rc < 0)
		return rc;
	st = gw_db_stmt(tx->db, which, err);
	if (!st)
		return GW_EIO;
	bind_text(st, 1, text);
	rc = db_run(tx->db, st, err);
	sqlite3_clear_bindings(st);
	tx->wrote |= sqlite3_changes(tx->db->sql) > 0;
	return rc;
}

int mirror_tx_set_account(struct mirror_tx *tx, struct gw_slice account, struct gw_err *err)
{
	if (account.n == 0 || account.n > JMAP_ID_MAX)
		return gw_fail(err, GW_EINVAL, "an id of an account has 1 to %d octets, this one has %zu", JMAP_ID_MAX,
			account.n);
	return put_text(tx, GW_SQL_REMOTE_ACCOUNT, account, err);
}

int mirror_tx_set_states(
	struct mirror_tx *tx, const struct gw_slice *email, const struct gw_slice *mailbox, struct gw_err *err)
{
	int rc = email ? put_text(tx, GW_SQL_REMOTE_EMAIL_STATE, *email, err) : 0;

	return rc < 0 || !mailbox ? rc : put_text(tx, GW_SQL_REMOTE_MAILBOX_STATE, *mailbox, err);
}
