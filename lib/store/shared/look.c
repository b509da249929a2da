/* look.c - can the database that gateways share be used? (see look.h)
 *
 * One connection of its own, which is closed again. Rights are asked for, not tried. */
#include "store/shared/look.h"

#include "store/shared/priv.h"

#include <stdio.h>

/* Rights on the schema and each of its tables, when they are there; else that to make them. */
static const char rights_of_tables[] =
	"SELECT has_schema_privilege('gateway', 'USAGE') AND bool_and(has_table_privilege('gateway.' || t, p))"
	" FROM unnest(ARRAY['meta', 'account', 'log', 'snapshot']) t, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) p"
	" WHERE t <> 'meta' OR p = 'SELECT'";
static const char right_to_make[] =
	"SELECT CASE WHEN to_regnamespace('gateway') IS NULL THEN has_database_privilege(current_database(), 'CREATE')"
	" ELSE has_schema_privilege('gateway', 'CREATE') END";

/* A statement whose answer is one number, or one yes or no (1 or 0); 0 also for NULL. */
static int ask(struct shared *sh, struct shared_conn *c, const char *sql, int64_t *ret, struct gw_err *err)
{
	PGresult *r = NULL;
	int rc = conn_script(sh, c, sql, 0, &r, err);

	*ret = 0;
	if (rc == 0 && sh->pq->PQntuples(r) == 1)
		*ret = *sh->pq->PQgetvalue(r, 0, 0) == 't' ? 1 : conn_int_text(sh, r, 0, 0);
	sh->pq->PQclear(r);
	return rc;
}

static int look_at_tables(struct shared *sh, struct shared_conn *c, struct shared_facts *f, struct gw_err *err)
{
	int64_t there = 0, usable = 0, version = 0;
	int rc = ask(sh, c, "SELECT to_regclass('gateway.meta') IS NOT NULL", &there, err);

	if (rc == 0)
		rc = ask(sh, c, there ? rights_of_tables : right_to_make, &usable, err);
	if (rc < 0)
		return rc;
	if (!usable)
		return gw_fail(err, GW_EACCES, there ? "state_database: its user may not use the tables in schema \"gateway\"" :
			"state_database: the tables in schema \"gateway\" are still to be made, and its user may not make them");
	if (there)
		rc = ask(sh, c, "SELECT version FROM gateway.meta", &version, err);
	if (rc == 0 && there && version != SHARED_SCHEMA)
		return gw_fail(err, GW_ENOTSUP, "state_database: its tables are of version %lld, this gateway knows version %d",
			(long long)version, SHARED_SCHEMA);
	f->schema = (unsigned)version;
	return rc;
}

static int look(struct shared *sh, struct shared_conn *c, struct shared_facts *f, struct gw_err *err)
{
	int64_t v = 0;
	int rc = ask(sh, c, "SELECT current_setting('server_version_num')", &v, err);

	if (rc < 0)
		return rc;
	f->server = (unsigned)v;
	rc = ask(sh, c, "SELECT current_setting('transaction_read_only')::bool", &v, err);
	if (rc == 0 && v)
		return gw_fail(err, GW_ENOTSUP, "state_database: PostgreSQL lets nobody write there (transaction_read_only)");
	return rc < 0 ? rc : look_at_tables(sh, c, f, err);
}

int shared_probe(struct shared *sh, struct shared_facts *ret, struct gw_err *err)
{
	struct shared_facts f = { 0 };
	struct shared_conn *c = NULL;
	int rc = conn_open(sh, &c, err);

	if (rc < 0)
		return rc;
	rc = look(sh, c, &f, err);
	conn_close(sh, c);
	if (rc == 0)
		*ret = f;
	return rc;
}

int shared_look(const char *url, struct shared_facts *ret, struct gw_err *err)
{
	struct shared sh = { .pq = libpq_load() };
	int rc;

	if (!sh.pq)
		return gw_fail(err, GW_ENOTSUP, "state_database: PostgreSQL's library libpq.so.5 is not installed (package libpq5)");
	sh.url = gw_xstrdup(url);
	rc = conn_read_url(&sh, err);
	if (rc == 0)
		rc = shared_probe(&sh, ret, err);
	conn_forget_url(&sh);
	return rc;
}

void shared_facts_text(const struct shared_facts *f, char *out, size_t cap)
{
	int n = snprintf(out, cap, "PostgreSQL %u.%u can be written to; ", f->server / 10000, f->server % 10000);
	size_t used = n < 0 || (size_t)n >= cap ? cap : (size_t)n;

	if (f->schema)
		snprintf(out + used, cap - used, "its tables are of version %u", f->schema);
	else
		snprintf(out + used, cap - used, "its tables are made when a gateway comes first");
}
