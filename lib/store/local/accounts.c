/* accounts.c - signing on
 *
 * One sign-on: the row of the user is read (a few microseconds, so a change made by any process counts at
 * once), then the cache of verified pairs is asked, and only if it does not know the pair the password is
 * hashed. Unknown users, users without a password and impossible names go the same way with a hash that fits
 * nothing, so neither the answer nor its time tells them apart; whether the account or the service is disabled
 * is told only to who knew the password, and that takes the time of a wrong one: the cache, which would answer at once,
 * and the making of SCRAM keys, which would take longer, are for sign-ons that succeed. */
#include <stdlib.h>

#include "store/local/accounts_priv.h"

#define MS 1000u

static const struct {
	const char *service;
	enum local_feature bit;
} features[] = { { "imap", LOCAL_FEATURE_IMAP }, { "pop3", LOCAL_FEATURE_POP3 } };

static int wrong(struct gw_err *err)
{
	return gw_fail(err, GW_EAUTH, "wrong user name or password");
}

/* May the user use this service (NULL: any)? */
static int check_allowed(const struct local_user *u, const char *service, struct gw_err *err)
{
	if (!u->enabled)
		return gw_fail(err, GW_EDISABLED, "the account is disabled");
	for (size_t i = 0; service && i < sizeof features / sizeof *features; i++)
		if (strcmp(features[i].service, service) == 0 && (u->disabled & features[i].bit))
			return gw_fail(err, GW_EDISABLED, "%s is disabled for this user", service);
	return 0;
}

/* Give a user whose hash was imported the SCRAM keys, now that the password is known. A race with a new password is
 * decided by the change number. Failing is no harm: the next sign-on tries again. */
static void add_scram(struct local_accounts *a, const struct accounts_row *row, struct gw_slice password)
{
	static const char sql[] = "UPDATE user SET scram_iterations=?1, scram_salt=?2, scram_stored=?3, scram_server=?4"
				  " WHERE id=?5 AND change=?6";
	struct gw_scram_keys k;
	struct accounts_handle *h;
	sqlite3_stmt *st;

	accounts_scram_invent(a->secret, gw_slice_str(row->user.name), &k); /* the salt that was shown so far */
	if (accounts_scram_derive(password, &k, NULL) < 0 || accounts_take(a, &h, NULL) < 0)
		return;
	if (accounts_prepare(a, h->db, sql, &st, NULL) == 0) {
		sqlite3_bind_int64(st, 1, k.iterations);
		sqlite3_bind_blob(st, 2, k.salt, sizeof k.salt, SQLITE_STATIC);
		sqlite3_bind_blob(st, 3, k.stored_key, sizeof k.stored_key, SQLITE_STATIC);
		sqlite3_bind_blob(st, 4, k.server_key, sizeof k.server_key, SQLITE_STATIC);
		sqlite3_bind_int64(st, 5, (int64_t)row->user.id);
		sqlite3_bind_int64(st, 6, (int64_t)row->user.change);
		sqlite3_step(st);
		sqlite3_finalize(st);
	}
	accounts_give(a, h);
}

static bool verify_hash(struct local_accounts *a, const struct accounts_row *row, struct gw_slice password)
{
	bool real = row && *row->hash;
	bool ok = accounts_hash_verify(password, real ? row->hash : a->dummy_hash);

	atomic_fetch_add_explicit(&a->hashed, 1, memory_order_relaxed);
	return ok && real;
}

/* Cache or hash, for a user who may sign on if the password is right. */
static bool verify(struct local_accounts *a, const struct accounts_row *row, struct gw_slice password)
{
	unsigned char mac[ACCOUNTS_MAC] = { 0 };
	uint64_t now = gw_mono_ms(a->clock);
	bool ok;

	if (a->cache)
		accounts_cache_mac(a->cache, gw_slice_str(row->user.name), password, mac);
	if (a->cache && accounts_cache_has(a->cache, mac, row->user.id, row->user.change, now))
		return true;
	ok = verify_hash(a, row, password);
	if (ok && a->cache)
		accounts_cache_put(a->cache, mac, row->user.id, row->user.change, now, now + (uint64_t)a->cache_ttl_s * MS);
	gw_wipe(mac, sizeof mac);
	if (ok && !row->has_scram)
		add_scram(a, row, password);
	return ok;
}

/* The row of a name as a client typed it: 0, GW_ENOENT for nobody (bad names too), or what the disk says. */
static int find_row(struct local_accounts *a, struct gw_slice user, struct accounts_row *ret, struct gw_err *err)
{
	char name[GW_USER_NAME_MAX + 1];

	if (local_user_name(user, name, NULL) < 0)
		return GW_ENOENT;
	return accounts_row_by_name(a, name, ret, err);
}

/* Hashing takes long: an account that was renamed, removed or disabled meanwhile is not the one that was asked for. */
static int check_still_so(struct local_accounts *a, const struct local_user *u, struct gw_err *err)
{
	struct local_user now;
	int rc = local_accounts_by_id(a, u->id, &now, err);

	if (rc == GW_ENOENT || (rc == 0 && strcmp(u->name, now.name) != 0))
		return wrong(err);
	return rc == 0 && !now.enabled ? check_allowed(&now, NULL, err) : rc;
}

int local_accounts_login(struct local_accounts *a, struct gw_slice user, struct gw_slice password, const char *service,
			 struct local_user *ret, struct gw_err *err)
{
	struct accounts_row *row = gw_xalloc(sizeof *row);
	int rc = find_row(a, user, row, err);

	if (rc == GW_ENOENT) {
		verify_hash(a, NULL, password);
		rc = wrong(err);
	} else if (rc == 0) {
		int allowed = check_allowed(&row->user, service, err);
		bool right = allowed == 0 ? verify(a, row, password) : verify_hash(a, row, password);

		rc = right ? allowed : wrong(err);
	}
	if (rc == 0)
		rc = check_still_so(a, &row->user, err);
	if (rc == 0)
		*ret = row->user;
	gw_wipe(row, sizeof *row);
	free(row);
	return rc;
}

int local_accounts_find(struct local_accounts *a, struct gw_slice user, const char *service, struct local_user *ret,
			struct gw_err *err)
{
	struct accounts_row row;
	int rc = find_row(a, user, &row, err);

	if (rc == GW_ENOENT)
		return wrong(err);
	if (rc == 0)
		rc = check_allowed(&row.user, service, err);
	if (rc == 0)
		*ret = row.user;
	return rc;
}

int local_accounts_by_id(struct local_accounts *a, uint64_t id, struct local_user *ret, struct gw_err *err)
{
	struct accounts_row row;
	int rc = accounts_row_by_id(a, id, &row, err);

	if (rc == 0)
		*ret = row.user;
	return rc;
}

int local_accounts_scram(struct local_accounts *a, struct gw_slice user, struct gw_scram_keys *ret, struct gw_err *err)
{
	char name[GW_USER_NAME_MAX + 1];
	struct gw_slice shown = user;
	struct accounts_row row = { 0 };
	int rc = GW_ENOENT;

	if (local_user_name(user, name, NULL) == 0) {
		shown = gw_slice_str(name);
		rc = accounts_row_by_name(a, name, &row, err);
	}
	if (rc < 0 && rc != GW_ENOENT)
		return rc;
	accounts_scram_invent(a->secret, shown, ret); /* for everybody: it takes the same time then */
	if (row.has_scram)
		*ret = row.scram;
	gw_wipe(&row, sizeof row);
	return 0;
}

int local_accounts_prove(struct local_accounts *a, struct gw_slice user, struct gw_slice password, const char *service,
			 struct local_user *ret, struct gw_err *err)
{
	struct gw_scram_keys kept, made;
	int rc = local_accounts_scram(a, user, &kept, err);

	if (rc < 0)
		return rc;
	made = kept;
	rc = accounts_scram_derive(password, &made, err);
	if (rc == 0 && !gw_equal_ct(kept.stored_key, made.stored_key, sizeof kept.stored_key))
		rc = wrong(err);
	gw_wipe(&kept, sizeof kept);
	gw_wipe(&made, sizeof made);
	return rc < 0 ? rc : local_accounts_find(a, user, service, ret, err);
}
