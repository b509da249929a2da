/* tables.c - the tables in PostgreSQL, made by whoever comes first
 *
 * They stand in a schema of their own, "gateway". An account's row is what its transactions lock. Its `log` has every change
 * of the map since the snapshot, and some before it, for gateways that are a little behind. */
#include "store/shared/priv.h"

#define STRING(x) #x
#define NUMBER(x) STRING(x)

static const char make[] =
	"CREATE SCHEMA IF NOT EXISTS gateway;"
	"CREATE TABLE IF NOT EXISTS gateway.meta("
	" one int PRIMARY KEY CHECK (one = 1),"
	" version int NOT NULL);"
	"CREATE TABLE IF NOT EXISTS gateway.account("
	" id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
	" name text NOT NULL UNIQUE,"           /* the storage server and the account on it */
	" epoch text NOT NULL,"                 /* drawn when the row was made */
	" version bigint NOT NULL DEFAULT 0,"
	" mark bigint NOT NULL DEFAULT 0,"      /* drawn for each version */
	" schema int NOT NULL DEFAULT 0,"       /* of the gateway that wrote last: an older one must not read it */
	" snapshot bigint NOT NULL DEFAULT 0,"  /* version of the snapshot; 0: none */
	" snapshot_bytes bigint NOT NULL DEFAULT 0,"
	" log_bytes bigint NOT NULL DEFAULT 0," /* since the snapshot */
	" changed timestamptz NOT NULL DEFAULT now());"
	"CREATE TABLE IF NOT EXISTS gateway.log("
	" account bigint NOT NULL REFERENCES gateway.account ON DELETE CASCADE,"
	" version bigint NOT NULL,"
	" mark bigint NOT NULL,"
	" changes bytea NOT NULL,"              /* a patchset of SQLite's session extension */
	" PRIMARY KEY (account, version));"
	"CREATE TABLE IF NOT EXISTS gateway.snapshot("
	" account bigint NOT NULL REFERENCES gateway.account ON DELETE CASCADE,"
	" version bigint NOT NULL,"
	" piece int NOT NULL,"
	" data bytea NOT NULL,"
	" PRIMARY KEY (account, version, piece));"
	"INSERT INTO gateway.meta VALUES (1, " NUMBER(SHARED_SCHEMA) ") ON CONFLICT DO NOTHING;";

/* 0: there are none. */
static int version_of(struct shared *sh, struct shared_conn *c, int64_t *ret, struct gw_err *err)
{
	PGresult *r = NULL;
	int rc = conn_run(sh, c, "SELECT to_regclass('gateway.meta') IS NOT NULL", NULL, 0, &r, err);
	bool there = rc == 0 && *sh->pq->PQgetvalue(r, 0, 0) != 0;

	sh->pq->PQclear(r);
	r = NULL;
	*ret = 0;
	if (rc == 0 && there)
		rc = conn_run(sh, c, "SELECT version::int8 FROM gateway.meta", NULL, 0, &r, err);
	if (rc == 0 && there && sh->pq->PQntuples(r) == 1)
		*ret = conn_int(sh->pq, r, 0, 0);
	sh->pq->PQclear(r);
	return rc;
}

/* One at a time; who waited finds them made. */
static int make_tables(struct shared *sh, struct shared_conn *c, struct gw_err *err)
{
	int rc = conn_script(sh, c, "BEGIN; SELECT pg_advisory_xact_lock(hashtext('gateway.meta'))", 0, NULL, err);

	if (rc == 0)
		rc = conn_script(sh, c, make, 0, NULL, err);
	if (rc == 0)
		rc = conn_script(sh, c, "COMMIT", 0, NULL, err);
	if (rc < 0 && !c->lost)
		conn_script(sh, c, "ROLLBACK", 0, NULL, NULL);
	if (rc < 0)
		gw_err_ctx(err, "the tables in schema \"gateway\" cannot be made");
	return rc;
}

int tables_ensure(struct shared *sh, struct shared_conn *c, struct gw_err *err)
{
	int64_t version = 0;
	int rc = version_of(sh, c, &version, err);

	if (rc == 0 && version == 0) {
		rc = make_tables(sh, c, err);
		if (rc == 0)
			rc = version_of(sh, c, &version, err);
	}
	if (rc == 0 && version != SHARED_SCHEMA)
		rc = gw_fail(err, GW_ENOTSUP, "state_database: its tables are of version %lld, this gateway knows version %d",
			(long long)version, SHARED_SCHEMA);
	return rc;
}
