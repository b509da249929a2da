/* http.h - an HTTP client for storage servers, on libcurl
 *
 * One struct http_client a process and a storage server. A thread of its own runs curl_multi, so that all requests of all
 * users share its connections; callers block in http_do() or start several and wait for each. What is safe to repeat is repeated with back-off and jitter until the deadline; a circuit breaker
 * refuses at once while the server is down. libcurl is opened when the first client is made (curl.h).
 * Threads: any, but one struct http_call belongs to one caller. After a fork only a client that was never used may be used. */
#ifndef GW_STORE_HTTP_HTTP_H
#define GW_STORE_HTTP_HTTP_H

#include <stdatomic.h>

#include "util/buf.h"
#include "util/clock.h"
#include "util/err.h"
#include "util/slice.h"

struct http_client;

#define HTTP_LOAD_SLOTS 1024

/* What one client has under way. */
struct http_load_slot {
	_Atomic uint64_t owner; /* its process; 0: nobody has the slot */
	_Atomic uint32_t in_flight, streams;
};

/* What all processes know of the server: zeroed memory, shared between them (mmap) or not. */
struct http_shared {
	_Atomic uint32_t breaker;      /* enum http_breaker */
	_Atomic uint32_t failures;     /* in a row */
	_Atomic uint64_t retry_ms;     /* monotonic clock: when the next trial is let through */
	_Atomic uint64_t opened;       /* times the breaker opened */
	_Atomic uint32_t waiting;      /* requests that wait for a connection */
	_Atomic uint64_t requests, failed, retried, bytes_in, bytes_out;
	_Atomic uint64_t last_ok_s, last_failed_s; /* wall clock; 0: never */
	struct http_load_slot load[HTTP_LOAD_SLOTS], more; /* read by http_load(); more: of processes without a slot */
};

struct http_load {
	uint32_t in_flight; /* requests under way */
	uint32_t streams;   /* event streams that are open */
};

/* What the processes have under way that live. Any thread. */
struct http_load http_load(const struct http_shared *h);

/* Why there is no answer. */
enum http_trouble { HTTP_NO_TROUBLE, HTTP_AWAY, HTTP_NO_TLS, HTTP_ELSEWHERE, HTTP_OTHER_TROUBLE };

enum http_breaker { HTTP_CLOSED, HTTP_HALF_OPEN, HTTP_OPEN };

struct http_options {
	const struct gw_clock *clock;
	const char *ca_file;          /* NULL: those of the system */
	const char *certificate_file, *private_key_file, *private_key_password; /* of the client; NULL: none */
	const char *pin;              /* "sha256//..." as CURLOPT_PINNEDPUBLICKEY; NULL: none */
	const char *proxy;            /* NULL: none, whatever the environment says */
	const char *unix_socket;      /* NULL: TCP */
	unsigned connect_timeout_ms;  /* 0: 5 s */
	unsigned timeout_ms;          /* of a request that is not streamed; 0: 60 s */
	unsigned stall_s;             /* a transfer without progress; 0: 30 s */
	unsigned max_connections;     /* to the server; 0: 8 */
	struct http_shared *shared;   /* NULL: the client's own */
	/* A request ended (for statistics). kind: http_call.kind. us: all tries together. Any thread. */
	void (*observe)(void *ctx, unsigned kind, uint64_t us, int rc);
	void *observe_ctx;
	/* Something an operator should know; never with a secret. Any thread. */
	void (*log)(void *ctx, int level, const char *text);
	void *log_ctx;
};

/* GW_ENOTSUP: libcurl is not installed. The thread starts with the first request. */
int http_client_new(const struct http_options *opt, struct http_client **ret, struct gw_err *err);
void http_client_free(struct http_client *c); /* no call may be under way; NULL is fine */
const struct http_shared *http_client_shared(const struct http_client *c);
/* How many connections the calls of one owner get at most. */
unsigned http_client_share(const struct http_client *c);

struct http_header {
	const char *name, *value;
};

struct http_call {
	/* -- the request, borrowed until the call has ended -- */
	unsigned kind;                /* for observe */
	const char *method;           /* "GET", "POST" */
	const char *url;
	struct gw_slice authorization; /* value of that field; never logged; n 0: none */
	const struct http_header *headers; /* more fields; values with CR, LF or NUL are refused */
	size_t n_headers;
	struct gw_slice body;         /* sent when read is NULL */
	/* A body that is streamed: n octets from off on (reads may be repeated from 0 for a retry); the client's thread. */
	long (*read)(void *ctx, uint64_t off, void *dst, size_t n);
	void *read_ctx;
	uint64_t read_size;
	/* What the answer's body of a 2xx is given to; NULL: response. The client's thread; must not block for long. Negative:
	 * the call ends with that code. restart: the transfer begins anew (a retry), what was given is void. */
	int (*sink)(void *ctx, struct gw_slice bytes, bool restart);
	void *sink_ctx;
	uint64_t max_response;        /* octets of the (unpacked) answer; more ends the call with GW_ELIMIT; 0: 64 MiB */
	bool safe;                    /* repeating it changes nothing more: try again when it fails */
	bool follow;                  /* redirects, of this host only (RFC 8620 2.2) */
	unsigned timeout_ms;          /* 0: the client's; streamed ones have only stall_s */
	const atomic_bool *interrupted; /* NULL; true: end with GW_EINTR soon */
	/* Whose it is, of those who may have many under way at once: connections are shared out between owners, and some are left to
	 * calls without one. Compared only; NULL: nobody's. */
	const void *owner;
	/* http_wait() will not block from now on; NULL. The client's thread, or the one that calls http_start(). */
	void (*ended)(void *ctx);
	void *ended_ctx;

	/* -- the answer -- */
	int status;                   /* 100..599; 0: there was none */
	struct gw_buf response;       /* body when there was no sink, or the status is not 2xx (at most 64 KiB then) */
	char content_type[128];       /* lower case, without parameters; "" */
	char *final_url;              /* after redirects; owned */
	bool www_bearer, www_basic;   /* the server named that scheme in WWW-Authenticate */
	unsigned retry_after_s;
	uint64_t us;                  /* from the first try to the end */
	enum http_trouble trouble;    /* no TLS: its certificate too; elsewhere: it redirects to another server, or without end */
	struct gw_err err;            /* of http_wait() */

	void *state;                  /* the client's */
};

/* Zeroes *call and makes it ready to be filled. */
void http_call_init(struct http_call *call);
void http_call_done(struct http_call *call); /* frees the answer */

/* Run the request. 0: there is an answer, whatever its status (5xx and 429 of safe requests were tried again before).
 * GW_EUNAVAIL: no answer (refused, DNS, TLS, timeout, breaker open), the sentence says which. GW_ELIMIT, GW_EINTR, or what
 * the sink said. */
int http_do(struct http_client *c, struct http_call *call, struct gw_err *err);

/* The same in two steps, for several at once. Every call that was started must be waited for. */
void http_start(struct http_client *c, struct http_call *call);
int http_wait(struct http_client *c, struct http_call *call, struct gw_err *err);

/* ---- event streams ---- */

struct http_stream;

struct http_stream_options {
	const char *url;
	struct gw_slice authorization;
	const struct http_header *headers;
	size_t n_headers;
	unsigned silence_s;           /* nothing came for so long: it is dead */
	/* All of these run on the client's thread and must not block. open: the status of an answer (also of a bad one). end: it
	 * ended, with a sentence; it is not opened again by itself. */
	void (*open)(void *ctx, int status);
	void (*bytes)(void *ctx, struct gw_slice bytes);
	void (*end)(void *ctx, const char *why);
	void *ctx;
};

/* Copies what opt points to. */
int http_stream_open(struct http_client *c, const struct http_stream_options *opt, struct http_stream **ret,
	struct gw_err *err);
/* No callback runs any more once this has returned. Not from a callback. */
void http_stream_close(struct http_stream *s);

#endif
