/* conn.c - connections to PostgreSQL: a few, kept, and never waited for without an end
 *
 * libpq's own waiting has no limit once a connection stands, so everything is sent and received here with a deadline. A
 * connection that did not answer in time, or whose transaction cannot be ended, is closed: what it was doing is unknown. */
#include "store/shared/priv.h"

#include <endian.h>
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <time.h>

#define FIRST_PAUSE_MS 100

/* ---- what went wrong ---- */

/* libpq's text may have several lines and, in theory, the URL. */
static void tidy_text(const struct shared *sh, const char *text, char out[GW_ERR_TEXT])
{
	size_t n = 0, secret = sh->password ? strlen(sh->password) : 0;

	while (*text && n + 4 < GW_ERR_TEXT) {
		if (secret && strncmp(text, sh->password, secret) == 0) {
			memcpy(out + n, "***", 3);
			n += 3;
			text += secret;
			continue;
		}
		out[n] = (unsigned char)*text < ' ' ? ' ' : *text;
		if (!(out[n] == ' ' && n && out[n - 1] == ' '))
			n++;
		text++;
	}
	while (n && out[n - 1] == ' ')
		n--;
	out[n] = '\0';
}

int conn_complain(const struct shared *sh, const char *text, enum gw_code code, const char *what, struct gw_err *err)
{
	char clean[GW_ERR_TEXT];

	tidy_text(sh, text && *text ? text : "no reason was given", clean);
	return gw_fail(err, code, "state_database: %s: %s", what, clean);
}

static int lost(struct shared *sh, struct shared_conn *c, const char *why, struct gw_err *err)
{
	c->lost = true;
	return conn_complain(sh, why ? why : sh->pq->PQerrorMessage(c->pg), GW_EUNAVAIL, "the connection was lost", err);
}

/* ---- the URL ---- */

/* See that the URL is one, and learn which text must not be shown. libpq's complaint would quote all of it. */
int conn_read_url(struct shared *sh, struct gw_err *err)
{
	PQconninfoOption *v = sh->pq->PQconninfoParse(sh->url, NULL);

	if (!v)
		return gw_fail(err, GW_EINVAL,
			"state_database: not a URL that PostgreSQL's library understands; expected postgresql://user@host/database");
	for (PQconninfoOption *o = v; o->keyword; o++)
		if (strcmp(o->keyword, "password") == 0 && o->val && *o->val)
			sh->password = gw_xstrdup(o->val);
	sh->pq->PQconninfoFree(v);
	return 0;
}

void conn_forget_url(struct shared *sh)
{
	if (sh->password)
		gw_wipe(sh->password, strlen(sh->password));
	gw_wipe(sh->url, strlen(sh->url));
	free(sh->password);
	free(sh->url);
}

/* ---- connecting ---- */

/* libpq would print what the server remarks. */
static void keep_quiet(void *ctx, const PGresult *r)
{
	(void)ctx, (void)r;
}

static PGconn *dial(struct shared *sh)
{
	/* The URL comes last: what it says counts. */
	static const char *const names[] = { "connect_timeout", "keepalives_idle", "keepalives_interval", "keepalives_count",
		"tcp_user_timeout", "target_session_attrs", "fallback_application_name", "client_encoding", "dbname", NULL };
	const char *const values[] = { "5", "10", "5", "3", "15000", "read-write", "gatewayd", "UTF8", sh->url, NULL };

	return sh->pq->PQconnectdbParams(names, values, 1);
}

static int settings(struct shared *sh, struct shared_conn *c, struct gw_err *err)
{
	char sql[320];

	snprintf(sql, sizeof sql,
		"SET statement_timeout=%d; SET lock_timeout=%d; SET idle_in_transaction_session_timeout=%d; SET bytea_output='hex';"
		" SET standard_conforming_strings=on",
		SHARED_STATEMENT_MS, SHARED_LOCK_MS, SHARED_IDLE_TX_MS);
	return conn_script(sh, c, sql, 0, NULL, err);
}

int conn_open(struct shared *sh, struct shared_conn **ret, struct gw_err *err)
{
	struct shared_conn *c = gw_xalloc(sizeof *c);
	int rc = 0;

	c->pg = dial(sh);
	if (!c->pg)
		gw_bug("libpq has no memory");
	sh->pq->PQsetNoticeReceiver(c->pg, keep_quiet, NULL);
	if (sh->pq->PQstatus(c->pg) != CONNECTION_OK)
		rc = conn_complain(sh, sh->pq->PQerrorMessage(c->pg), GW_EUNAVAIL, "cannot be reached", err);
	else if (sh->pq->PQsetnonblocking(c->pg, 1) != 0)
		rc = lost(sh, c, NULL, err);
	if (rc == 0)
		rc = settings(sh, c, err);
	if (rc < 0) {
		conn_close(sh, c);
		return rc;
	}
	*ret = c;
	return 0;
}

void conn_close(struct shared *sh, struct shared_conn *c)
{
	sh->pq->PQfinish(c->pg);
	free(c);
}

/* ---- the pool ---- */

/* Something that comes unasked is the server saying good-bye. */
static bool still_there(struct shared *sh, struct shared_conn *c)
{
	struct pollfd p = { .fd = sh->pq->PQsocket(c->pg), .events = POLLIN };

	if (poll(&p, 1, 0) == 0)
		return true;
	return sh->pq->PQconsumeInput(c->pg) && sh->pq->PQstatus(c->pg) == CONNECTION_OK;
}

static void note_trouble(struct shared *sh, const struct gw_err *e)
{
	sh->pause_ms = !sh->pause_ms ? FIRST_PAUSE_MS : sh->pause_ms * 2 > SHARED_RETRY_MS ? SHARED_RETRY_MS : sh->pause_ms * 2;
	sh->retry_at_ms = gw_mono_ms(sh->opt.clock) + sh->pause_ms;
	snprintf(sh->trouble, sizeof sh->trouble, "%s", e->text);
}

/* A place for one more connection, whose number is counted already. */
static int open_counted(struct shared *sh, struct shared_conn **ret, struct gw_err *err)
{
	struct gw_err e = { .code = GW_OK };
	bool check;
	int rc = conn_open(sh, ret, &e);

	pthread_mutex_lock(&sh->lock);
	check = !sh->tables_checked;
	pthread_mutex_unlock(&sh->lock);
	if (rc == 0 && check && (rc = tables_ensure(sh, *ret, &e)) < 0)
		conn_close(sh, *ret);
	pthread_mutex_lock(&sh->lock);
	if (rc == 0) {
		sh->tables_checked = true;
		sh->retry_at_ms = 0;
		sh->pause_ms = 0;
	} else {
		note_trouble(sh, &e);
		sh->n_open--;
		pthread_cond_signal(&sh->freed);
	}
	pthread_mutex_unlock(&sh->lock);
	return rc < 0 ? gw_fail(err, e.code, "%s", e.text) : 0;
}

/* Wait until a connection is idle or may be opened; *ret NULL: open one. */
static int await_place(struct shared *sh, struct shared_conn **ret, struct gw_err *err)
{
	struct timespec until;
	int rc = 0;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += SHARED_CONNECT_S;
	pthread_mutex_lock(&sh->lock);
	while (!sh->n_idle && sh->n_open >= sh->max && rc == 0)
		rc = pthread_cond_timedwait(&sh->freed, &sh->lock, &until);
	*ret = NULL;
	if (sh->n_idle)
		*ret = sh->idle[--sh->n_idle];
	else if (sh->n_open >= sh->max)
		rc = gw_fail(err, GW_EUNAVAIL, "state_database: all %u connections have been in use for too long", sh->max);
	else if (gw_mono_ms(sh->opt.clock) < sh->retry_at_ms)
		rc = gw_fail(err, GW_EUNAVAIL, "%s", sh->trouble);
	else
		rc = 0;
	if (rc == 0 && !*ret) {
		sh->n_open++;
		if (sh->pause_ms) /* while it is in trouble one tries, the others are told of the last try */
			sh->retry_at_ms = gw_mono_ms(sh->opt.clock) + SHARED_RETRY_MS;
	}
	pthread_mutex_unlock(&sh->lock);
	return rc > 0 ? gw_fail(err, GW_EUNAVAIL, "state_database: all connections are in use") : rc;
}

void conn_forget(struct shared *sh, struct shared_conn *c)
{
	conn_close(sh, c);
	pthread_mutex_lock(&sh->lock);
	sh->n_open--;
	pthread_cond_signal(&sh->freed);
	pthread_mutex_unlock(&sh->lock);
}

int conn_outside(struct shared *sh, struct shared_conn **ret, struct gw_err *err)
{
	int rc;

	pthread_mutex_lock(&sh->lock);
	rc = gw_mono_ms(sh->opt.clock) < sh->retry_at_ms ? gw_fail(err, GW_EUNAVAIL, "%s", sh->trouble) : 0;
	sh->n_open += rc == 0;
	pthread_mutex_unlock(&sh->lock);
	if (rc == 0)
		rc = open_counted(sh, ret, err);
	if (rc < 0)
		return rc;
	pthread_mutex_lock(&sh->lock);
	sh->n_open--;
	pthread_mutex_unlock(&sh->lock);
	return 0;
}

int conn_get(struct shared *sh, struct shared_conn **ret, struct gw_err *err)
{
	struct shared_conn *c;

	for (;;) {
		int rc = await_place(sh, &c, err);

		if (rc < 0)
			return rc;
		if (!c)
			return open_counted(sh, ret, err);
		if (still_there(sh, c)) {
			*ret = c;
			return 0;
		}
		conn_forget(sh, c);
	}
}

void conn_put(struct shared *sh, struct shared_conn *c)
{
	if (!c)
		return;
	if (!c->lost && sh->pq->PQtransactionStatus(c->pg) != PQTRANS_IDLE)
		conn_script(sh, c, "ROLLBACK", 0, NULL, NULL);
	if (c->lost || sh->pq->PQtransactionStatus(c->pg) != PQTRANS_IDLE) {
		conn_forget(sh, c);
		return;
	}
	c->idle_since_ms = gw_mono_ms(sh->opt.clock);
	pthread_mutex_lock(&sh->lock);
	sh->idle[sh->n_idle++] = c;
	pthread_cond_signal(&sh->freed);
	pthread_mutex_unlock(&sh->lock);
}

/* ---- waiting ---- */

static int64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

int conn_wait(struct shared *sh, struct shared_conn *c, int also, int ms)
{
	struct pollfd p[2] = { { .fd = sh->pq->PQsocket(c->pg), .events = POLLIN }, { .fd = also, .events = POLLIN } };
	int n = poll(p, also >= 0 ? 2 : 1, ms);

	if (n <= 0 || !p[0].revents)
		return n < 0 && errno != EINTR ? -1 : 0;
	return sh->pq->PQconsumeInput(c->pg) && sh->pq->PQstatus(c->pg) == CONNECTION_OK ? 1 : -1;
}

/* One turn of sending what is left and receiving what has come. */
static int exchange(struct shared *sh, struct shared_conn *c, bool sending, int64_t until, struct gw_err *err)
{
	struct pollfd p = { .fd = sh->pq->PQsocket(c->pg), .events = (short)(POLLIN | (sending ? POLLOUT : 0)) };
	int64_t left = until - now_ms();

	if (left <= 0 || poll(&p, 1, (int)left) == 0)
		return lost(sh, c, "it has not answered in time", err);
	if (p.revents & ~POLLOUT && !sh->pq->PQconsumeInput(c->pg))
		return lost(sh, c, NULL, err);
	return 0;
}

/* The next result; *ret NULL: there is none any more. */
static int next(struct shared *sh, struct shared_conn *c, int64_t until, PGresult **ret, struct gw_err *err)
{
	int flush, rc;

	while ((flush = sh->pq->PQflush(c->pg)) > 0) {
		rc = exchange(sh, c, true, until, err);
		if (rc < 0)
			return rc;
	}
	if (flush < 0)
		return lost(sh, c, NULL, err);
	while (sh->pq->PQisBusy(c->pg)) {
		rc = exchange(sh, c, false, until, err);
		if (rc < 0)
			return rc;
	}
	*ret = sh->pq->PQgetResult(c->pg);
	return 0;
}

/* What the server says a statement failed with. */
static int judge(struct shared *sh, struct shared_conn *c, const PGresult *r, struct gw_err *err)
{
	const char *state = sh->pq->PQresultErrorField(r, PG_DIAG_SQLSTATE);
	const char *text = sh->pq->PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY);

	if (sh->pq->PQstatus(c->pg) != CONNECTION_OK)
		return lost(sh, c, text, err);
	if (state && strcmp(state, "55P03") == 0)
		return gw_fail(err, GW_EBUSY, "state_database: another gateway has been changing the account for too long");
	return conn_complain(sh, text, GW_EUNAVAIL, "a statement failed", err);
}

static bool good(const struct shared *sh, const PGresult *r)
{
	ExecStatusType s = sh->pq->PQresultStatus(r);

	return s == PGRES_COMMAND_OK || s == PGRES_TUPLES_OK || s == PGRES_SINGLE_TUPLE;
}

/* Take the results of what was sent; the one numbered `which` goes into *keep, rows to fn. */
static int take(struct shared *sh, struct shared_conn *c, unsigned which, PGresult **keep, conn_row_fn fn, void *ctx,
	struct gw_err *err)
{
	PGresult *r = NULL;
	int rc = 0, waited;

	for (unsigned i = 0;; i++) {
		waited = next(sh, c, now_ms() + SHARED_WAIT_MS, &r, rc < 0 ? NULL : err);
		if (waited < 0 || !r)
			break;
		if (rc == 0 && !good(sh, r))
			rc = judge(sh, c, r, err);
		else if (rc == 0 && fn && sh->pq->PQresultStatus(r) == PGRES_SINGLE_TUPLE)
			rc = fn(ctx, sh->pq, r, err);
		if (rc == 0 && keep && i == which) {
			*keep = r;
			continue;
		}
		sh->pq->PQclear(r);
	}
	return waited < 0 && rc == 0 ? waited : rc;
}

/* A result is kept only when all went well. */
static int take_one(struct shared *sh, struct shared_conn *c, unsigned which, PGresult **ret, struct gw_err *err)
{
	PGresult *r = NULL;
	int rc = take(sh, c, which, ret ? &r : NULL, NULL, NULL, err);

	if (rc == 0 && ret && !r)
		rc = conn_complain(sh, "an answer is missing", GW_EUNAVAIL, "a statement failed", err);
	if (rc < 0)
		sh->pq->PQclear(r);
	else if (ret)
		*ret = r;
	return rc;
}

/* ---- statements ---- */

struct conn_param conn_number(int64_t v)
{
	struct conn_param p = { .p = NULL };

	snprintf(p.text, sizeof p.text, "%" PRId64, v);
	return p;
}

struct conn_param conn_bytes(const void *p, size_t n)
{
	return (struct conn_param){ .p = n ? p : "", .n = n, .binary = true };
}

struct conn_param conn_text(const char *s)
{
	return (struct conn_param){ .p = s, .n = strlen(s) };
}

#define PARAMS_MAX 8

static int send(struct shared *sh, struct shared_conn *c, const char *sql, const struct conn_param *v, int n,
	struct gw_err *err)
{
	const char *values[PARAMS_MAX];
	int lengths[PARAMS_MAX], formats[PARAMS_MAX];

	if (n > PARAMS_MAX)
		gw_bug("too many parameters");
	for (int i = 0; i < n; i++) {
		values[i] = v[i].p ? v[i].p : v[i].text;
		lengths[i] = (int)v[i].n;
		formats[i] = v[i].binary;
	}
	return sh->pq->PQsendQueryParams(c->pg, sql, n, NULL, values, lengths, formats, 1) ? 0 : lost(sh, c, NULL, err);
}

int conn_run(struct shared *sh, struct shared_conn *c, const char *sql, const struct conn_param *v, int n, PGresult **ret,
	struct gw_err *err)
{
	int rc = send(sh, c, sql, v, n, err);

	return rc < 0 ? rc : take_one(sh, c, 0, ret, err);
}

int conn_each(struct shared *sh, struct shared_conn *c, const char *sql, const struct conn_param *v, int n, conn_row_fn fn,
	void *ctx, struct gw_err *err)
{
	int rc = send(sh, c, sql, v, n, err);

	if (rc == 0 && !sh->pq->PQsetSingleRowMode(c->pg))
		rc = lost(sh, c, NULL, err);
	return rc < 0 ? rc : take(sh, c, 0, NULL, fn, ctx, err);
}

int conn_script(struct shared *sh, struct shared_conn *c, const char *sql, unsigned which, PGresult **ret, struct gw_err *err)
{
	if (!sh->pq->PQsendQuery(c->pg, sql))
		return lost(sh, c, NULL, err);
	return take_one(sh, c, which, ret, err);
}

/* Everything after the COMMIT may fail as it likes. */
int conn_commit(struct shared *sh, struct shared_conn *c, const char *then, struct gw_err *err)
{
	char *sql = gw_xasprintf("COMMIT; %s", then);
	PGresult *r = NULL;
	int rc = sh->pq->PQsendQuery(c->pg, sql) ? 0 : lost(sh, c, NULL, err);
	struct gw_err why = { .code = GW_OK };

	free(sql);
	if (rc < 0)
		return rc;
	rc = take(sh, c, 0, &r, NULL, NULL, &why);
	if (r && strcmp(sh->pq->PQcmdStatus(r), "COMMIT") == 0)
		rc = 0;
	else if (rc == 0)
		rc = conn_complain(sh, "it was rolled back", GW_EUNAVAIL, "the transaction failed", err);
	else
		rc = gw_fail(err, why.code, "%s", why.text);
	sh->pq->PQclear(r);
	return rc;
}

int64_t conn_int_text(const struct shared *sh, const PGresult *r, int row, int column)
{
	return strtoll(sh->pq->PQgetvalue(r, row, column), NULL, 10);
}

int64_t conn_int(const struct libpq *pq, const PGresult *r, int row, int column)
{
	uint64_t v = 0;

	if (pq->PQgetlength(r, row, column) == sizeof v)
		memcpy(&v, pq->PQgetvalue(r, row, column), sizeof v);
	return (int64_t)be64toh(v);
}
