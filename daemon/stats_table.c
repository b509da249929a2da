/* stats_table.c - every family of metrics, one row each, and what its labels may be (see stats.h)
 *
 * Label values are names of tables of the program, never what a client said: their number is bounded. */
#include "daemon/backend.h"
#include "daemon/daemon.h"
#include "daemon/server.h"
#include "daemon/stats.h"
#include "sasl/sasl.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define OTHER "other"
#define COUNT(a) (sizeof(a) / sizeof *(a))

/* ---- labels ---- */

static const char *service_name(unsigned i, unsigned which)
{
	(void)which;
	return i < SERVICES ? services[i].name : NULL;
}

static const char *refusal_name(unsigned i, unsigned which)
{
	static const char *const names[] = { "max_connections", "address", "user", "banned" };

	(void)which;
	return i < COUNT(names) ? names[i] : NULL;
}

/* SASL mechanisms, then what signs on without SASL. */
static const char *mechanism_name(unsigned i, unsigned which)
{
	static const char *const others[] = { "USER", OTHER };
	unsigned n = 0;

	(void)which;
	while (gw_sasl_at(n))
		n++;
	if (i < n)
		return gw_sasl_at(i)->name;
	return i - n < COUNT(others) ? others[i - n] : NULL;
}

/* The words that sessions give (struct gw_env.login). */
static const char *login_name(unsigned i, unsigned which)
{
	static const char *const names[] = { "ok", "auth", "plaintext", "disabled", "moved", "unavailable", OTHER };

	(void)which;
	return i < COUNT(names) ? names[i] : NULL;
}

static const char *tls_version_name(unsigned i, unsigned which)
{
	static const char *const names[] = { "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3", OTHER };

	(void)which;
	return i < COUNT(names) ? names[i] : NULL;
}

static const char *yes_no(unsigned i, unsigned which)
{
	(void)which;
	return i == 0 ? "no" : i == 1 ? "yes" : NULL;
}

static const char *tls_cipher_name(unsigned i, unsigned which)
{
	static const char *const names[] = {
		"TLS_AES_128_GCM_SHA256",        "TLS_AES_256_GCM_SHA384",        "TLS_CHACHA20_POLY1305_SHA256",
		"ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-ECDSA-CHACHA20-POLY1305",
		"ECDHE-RSA-AES128-GCM-SHA256",   "ECDHE-RSA-AES256-GCM-SHA384",   "ECDHE-RSA-CHACHA20-POLY1305",
		OTHER,
	};

	(void)which;
	return i < COUNT(names) ? names[i] : NULL;
}

/* Rows of one protocol, and one behind them for what was not understood. NULL: it has no row i; *i is moved on. */
static const char *verb_name(const struct gw_proto *proto, unsigned *i)
{
	unsigned n = 0;

	for (; proto->verb_name(n); n++)
		if (n == *i)
			return proto->verb_name(n);
	if (*i == n)
		return "unknown";
	*i -= n + 1;
	return NULL;
}

static const char *command_name(unsigned i, unsigned which)
{
	const char *name = verb_name(&gw_imap_proto, &i), *proto = gw_imap_proto.name;

	if (!name) {
		name = verb_name(&gw_pop3_proto, &i);
		proto = gw_pop3_proto.name;
	}
	return which == 0 && name ? proto : name;
}

static const char *failure_name(unsigned i, unsigned which)
{
	(void)which;
	return i == 0 ? "no" : i == 1 ? "bad" : NULL;
}

static const char *code_name(unsigned i, unsigned which)
{
	int code = -(int)i - 1;

	(void)which;
	return code >= GW_EBUG ? gw_code_name(code) : NULL;
}

static const char *call_name(unsigned i, unsigned which)
{
	(void)which;
	return gw_store_call_name(i);
}

static const char *pool_name(unsigned i, unsigned which)
{
	(void)which;
	return i == STAT_POOL_STORE ? "store" : i == STAT_POOL_AUTH ? "auth" : NULL;
}

static const char *loop_name(unsigned i, unsigned which)
{
	(void)which;
	return i == STAT_LOOP_MAIN ? "main" : i == STAT_LOOP_CLIENTS ? "clients" : NULL;
}

static const char *version_name(unsigned i, unsigned which)
{
	(void)which;
	return i == 0 ? GW_VERSION : NULL;
}

static const char *model_name(unsigned i, unsigned which)
{
	(void)which;
	return i == 0 ? "thread" : i == 1 ? "fork" : NULL;
}

static const char *breaker_name(unsigned i, unsigned which)
{
	(void)which;
	return backend_breaker_name(i);
}

static const struct stat_dim by_service = { { "service" }, service_name };
static const struct stat_dim by_refusal = { { "reason" }, refusal_name };
static const struct stat_dim by_mechanism = { { "mechanism" }, mechanism_name };
static const struct stat_dim by_login = { { "result" }, login_name };
static const struct stat_dim by_tls_version = { { "version" }, tls_version_name };
static const struct stat_dim by_resumed = { { "resumed" }, yes_no };
static const struct stat_dim by_cipher = { { "cipher" }, tls_cipher_name };
static const struct stat_dim by_command = { { "protocol", "command" }, command_name };
static const struct stat_dim by_failure = { { "result" }, failure_name };
static const struct stat_dim by_code = { { "code" }, code_name };
static const struct stat_dim by_call = { { "call" }, call_name };
static const struct stat_dim by_pool = { { "pool" }, pool_name };
static const struct stat_dim by_loop = { { "loop" }, loop_name };
static const struct stat_dim by_version = { { "version" }, version_name };
static const struct stat_dim by_model = { { "model" }, model_name };
static const struct stat_dim by_breaker = { { "state" }, breaker_name };

/* ---- gauges ---- */

static double one(struct server *s, unsigned i)
{
	(void)s, (void)i;
	return 1;
}

static double model(struct server *s, unsigned i)
{
	return s->g.fork_model == (i == 1);
}

static double started(struct server *s, unsigned i)
{
	(void)i;
	return (double)s->g.started_s;
}

static double loaded(struct server *s, unsigned i)
{
	(void)i;
	return (double)s->loaded_s;
}

static double ready(struct server *s, unsigned i)
{
	(void)i;
	return server_ready(s, NULL);
}

static double sessions(struct server *s, unsigned i)
{
	const struct registry *reg = &s->g.reg;
	unsigned n = 0;

	for (uint32_t k = 0; k < reg_high(reg); k++) {
		const struct reg_slot *slot = &reg->shared->slot[k];

		n += atomic_load_explicit(&slot->id, memory_order_relaxed) && slot->service == i;
	}
	return n;
}

static double sessions_max(struct server *s, unsigned i)
{
	(void)i;
	return s->g.reg.n_slots;
}

static struct pool *pool_of(struct server *s, unsigned i)
{
	return i == STAT_POOL_STORE ? &s->g.store_pool : &s->g.auth_pool;
}

static double pool_threads(struct server *s, unsigned i)
{
	return pool_of(s, i)->n_threads;
}

static double pool_busy(struct server *s, unsigned i)
{
	return pool_load(pool_of(s, i)).busy;
}

static double pool_queue(struct server *s, unsigned i)
{
	return pool_load(pool_of(s, i)).queued;
}

static double memory(struct server *s, unsigned i)
{
	unsigned long long pages = 0;
	FILE *f = fopen("/proc/self/statm", "re");

	(void)s, (void)i;
	if (!f)
		return NAN;
	if (fscanf(f, "%*u %llu", &pages) != 1)
		pages = 0;
	fclose(f);
	return pages ? (double)pages * (double)sysconf(_SC_PAGESIZE) : NAN;
}

/* The first of the certificates to end. */
static double certificate(struct server *s, unsigned i)
{
	const struct tls_set *tls = s->g.current->tls;
	double first = NAN;
	int64_t expires;
	char name[8];

	for (i = 0; tls && tls_set_certificate(tls, i, &expires, name, sizeof name); i++)
		if (isnan(first) || (double)expires < first)
			first = (double)expires;
	return first;
}

/* ---- a storage server ---- */

static double backend_state(struct server *s, unsigned i)
{
	const struct http_shared *h = backend_facts(s);

	return h ? backend_breaker(h) == i : NAN;
}

#define BACKEND_NUMBER(member)                                         \
	static double backend_##member(struct server *s, unsigned i)   \
	{                                                              \
		const struct http_shared *h = backend_facts(s);        \
		(void)i;                                               \
		return h ? (double)atomic_load(&h->member) : NAN;      \
	}

BACKEND_NUMBER(requests)
BACKEND_NUMBER(failed)
BACKEND_NUMBER(retried)
BACKEND_NUMBER(opened)
BACKEND_NUMBER(bytes_in)
BACKEND_NUMBER(bytes_out)

static double backend_in_flight(struct server *s, unsigned i)
{
	const struct http_shared *h = backend_facts(s);

	(void)i;
	return h ? (double)http_load(h).in_flight : NAN;
}

static double backend_streams(struct server *s, unsigned i)
{
	const struct http_shared *h = backend_facts(s);

	(void)i;
	return h ? (double)http_load(h).streams : NAN;
}

/* ---- the families ---- */

const struct stat_family stats_table[STATS] = {
	[STAT_ACCEPTED] = { "connections_accepted", STAT_COUNTER, "", { &by_service },
		"Connections that were taken, the refused ones included" },
	[STAT_REFUSED] = { "connections_refused", STAT_COUNTER, "", { &by_refusal },
		"Connections that were refused because a limit was reached" },
	[STAT_LOGINS] = { "logins", STAT_COUNTER, "", { &by_mechanism, &by_login },
		"Attempts to sign on, by how they ended" },
	[STAT_TLS] = { "tls_handshakes", STAT_COUNTER, "", { &by_tls_version, &by_resumed },
		"TLS handshakes that succeeded" },
	[STAT_TLS_CIPHERS] = { "tls_cipher_handshakes", STAT_COUNTER, "", { &by_cipher },
		"TLS handshakes that succeeded, by cipher suite" },
	[STAT_TLS_FAILED] = { "tls_handshakes_failed", STAT_COUNTER, "", { 0 },
		"TLS handshakes that failed" },
	[STAT_FOREIGN] = { "foreign_clients", STAT_COUNTER, "", { 0 },
		"Clients that were cut off because they spoke HTTP or SMTP" },
	[STAT_TIMEOUTS] = { "client_timeouts", STAT_COUNTER, "", { 0 },
		"Clients that were silent, or did not read, for too long" },
	[STAT_CRASHES] = { "process_crashes", STAT_COUNTER, "", { 0 },
		"Processes of connections that a signal ended" },
	[STAT_RECEIVED] = { "received_bytes", STAT_COUNTER, "bytes", { &by_service },
		"Octets from clients, as they were on the wire" },
	[STAT_SENT] = { "sent_bytes", STAT_COUNTER, "bytes", { &by_service },
		"Octets to clients, as they were on the wire" },
	[STAT_FETCHED] = { "messages_fetched", STAT_COUNTER, "", { 0 },
		"Messages of which something was sent to a client" },
	[STAT_APPENDED] = { "messages_appended", STAT_COUNTER, "", { 0 },
		"Messages that clients stored" },
	[STAT_EXPUNGED] = { "messages_expunged", STAT_COUNTER, "", { 0 },
		"Messages that clients removed" },
	[STAT_COMMANDS_FAILED] = { "commands_failed", STAT_COUNTER, "", { &by_command, &by_failure },
		"Commands that were not answered with OK" },
	[STAT_STORE_ERRORS] = { "store_call_errors", STAT_COUNTER, "", { &by_code },
		"Calls of the store that failed, by the word for the reason" },
	[STAT_COMMAND_TIME] = { "command_duration_seconds", STAT_HISTOGRAM, "seconds", { &by_command },
		"Time for a command: reading it, waiting for a worker, running; without waiting for the client" },
	[STAT_STORE_TIME] = { "store_call_duration_seconds", STAT_HISTOGRAM, "seconds", { &by_call },
		"Time of a call of the store" },
	[STAT_WORKER_WAIT] = { "worker_wait_seconds", STAT_HISTOGRAM, "seconds", { &by_pool },
		"Time that work waited for a thread (process_model thread)" },
	[STAT_LOOP_LAG] = { "event_loop_lag_seconds", STAT_HISTOGRAM, "seconds", { &by_loop },
		"How much later than it should be a loop's tick of each second came" },
	[STAT_BUILD] = { "build", STAT_INFO, "", { &by_version },
		"Version of the program", one },
	[STAT_MODEL] = { "process_model", STAT_GAUGE, "", { &by_model },
		"1 for the process_model that is used", model },
	[STAT_START_TIME] = { "start_time_seconds", STAT_GAUGE, "seconds", { 0 },
		"When the service was started, since 1970 UTC", started },
	[STAT_CONFIG_TIME] = { "config_load_time_seconds", STAT_GAUGE, "seconds", { 0 },
		"When the configuration in force was read, since 1970 UTC", loaded },
	[STAT_READY] = { "ready", STAT_GAUGE, "", { 0 },
		"1 while clients are served; 0 when the service drains, stops or has no store", ready },
	[STAT_SESSIONS] = { "sessions", STAT_GAUGE, "", { &by_service },
		"Connections now, those that have not signed on included", sessions },
	[STAT_SESSIONS_MAX] = { "sessions_max", STAT_GAUGE, "", { 0 },
		"Connections that there may be at a time (max_connections)", sessions_max },
	[STAT_POOL_THREADS] = { "pool_threads", STAT_GAUGE, "", { &by_pool },
		"Threads of a pool of workers; 0 with process_model fork", pool_threads },
	[STAT_POOL_BUSY] = { "pool_busy_threads", STAT_GAUGE, "", { &by_pool },
		"Threads of a pool that work now", pool_busy },
	[STAT_POOL_QUEUE] = { "pool_queue_length", STAT_GAUGE, "", { &by_pool },
		"Jobs that wait for a thread now", pool_queue },
	[STAT_MEMORY] = { "resident_memory_bytes", STAT_GAUGE, "bytes", { 0 },
		"Memory in use by the main process", memory },
	[STAT_CERTIFICATE_TIME] = { "tls_certificate_expiry_time_seconds", STAT_GAUGE, "seconds", { 0 },
		"When the first of the TLS certificates in use ends, since 1970 UTC; absent without TLS", certificate },
	[STAT_BACKEND_BREAKER] = { "backend_breaker", STAT_GAUGE, "", { &by_breaker },
		"1 for the state of the storage server's breaker: closed while it answers; absent with an embedded store", backend_state },
	[STAT_BACKEND_IN_FLIGHT] = { "backend_requests_in_flight", STAT_GAUGE, "", { 0 },
		"Requests to the storage server under way", backend_in_flight },
	[STAT_BACKEND_STREAMS] = { "backend_streams", STAT_GAUGE, "", { 0 },
		"Event streams from the storage server that are open", backend_streams },
	[STAT_BACKEND_REQUESTS] = { "backend_requests", STAT_COUNTER, "", { 0 },
		"Requests to the storage server", backend_requests },
	[STAT_BACKEND_FAILED] = { "backend_requests_failed", STAT_COUNTER, "", { 0 },
		"Requests to the storage server that failed after all tries", backend_failed },
	[STAT_BACKEND_RETRIED] = { "backend_requests_retried", STAT_COUNTER, "", { 0 },
		"Tries of requests to the storage server behind the first", backend_retried },
	[STAT_BACKEND_OPENED] = { "backend_breaker_opened", STAT_COUNTER, "", { 0 },
		"Times that the storage server was found to be away", backend_opened },
	[STAT_BACKEND_RECEIVED] = { "backend_received_bytes", STAT_COUNTER, "bytes", { 0 },
		"Octets of answers of the storage server", backend_bytes_in },
	[STAT_BACKEND_SENT] = { "backend_sent_bytes", STAT_COUNTER, "bytes", { 0 },
		"Octets of requests to the storage server", backend_bytes_out },
};
