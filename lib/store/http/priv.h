/* priv.h - what the files of http/ share
 *
 *   curl.c      libcurl, opened when it is needed
 *   client.c    the client and its thread: what is queued is started, what is done is handed back
 *   loop.c      what the thread sleeps in
 *   shares.c    whose call is next when there are more than connections
 *   load.c      how much is under way
 *   request.c   one try of a call, as libcurl is told it
 *   retry.c     what a try that failed means: once more, or the end
 *   breaker.c   the circuit breaker
 *   stream.c    event streams */
#ifndef GW_STORE_HTTP_PRIV_H
#define GW_STORE_HTTP_PRIV_H

#include <pthread.h>
#include <sys/types.h>

#include "store/http/curl.h"
#include "store/http/http.h"

#define HTTP_TRIES    4
#define HTTP_HOPS     5		     /* redirects followed */
#define HTTP_PROBLEM  ((uint64_t)65536) /* octets kept of an answer that is no success */
#define HTTP_HEADERS  ((size_t)65536)   /* octets of the fields of one answer */

enum transfer_state { TRANSFER_QUEUED, TRANSFER_HELD, TRANSFER_RUNNING, TRANSFER_RESTING, TRANSFER_ENDED };

/* What an owner of calls has under way; the client's thread's. */
struct share {
	struct share *next;
	const void *owner;
	unsigned held, admitted;
};

/* A call under way. The client's thread has it from queueing until it is done. */
struct transfer {
	struct transfer *next;       /* in the queue, or among those under way */
	struct http_client *client;
	struct http_call *call;
	enum transfer_state state;
	struct share *share;         /* NULL: its call has no owner */
	bool admitted;               /* it counts as under way there */
	CURL *easy;
	struct curl_slist *fields;
	char *url;                   /* of this hop */
	char problem[CURL_ERROR_SIZE];
	char traceparent[56];
	uint64_t begun_us, deadline_ms; /* deadline 0: none */
	uint64_t rest_until_ms;
	unsigned tries, hops, sends; /* sends: of this try, by libcurl's own doing */
	uint64_t sent, received;     /* octets of the bodies of this try */
	size_t field_octets;
	bool restarted;              /* the sink has to begin anew */
	bool trial;                  /* of a breaker that was open */
	bool waiting;                /* for a connection */
	bool enough;                 /* of a refusal was read */
	int rc;                      /* of the call */
	bool back;                   /* it is the caller's again; with the client's lock */
	pthread_cond_t done;
};

struct http_stream {
	struct http_stream *next, **back; /* back: what points to it */
	struct http_stream *next_closing;
	uint64_t heard_ms;           /* real time, when something came last */
	struct http_client *client;
	struct http_stream_options opt; /* its strings are owned */
	struct http_header *headers;
	CURL *easy;
	struct curl_slist *fields;
	char problem[CURL_ERROR_SIZE], ours[80]; /* ours: why we ended it ourselves */
	size_t field_octets;
	bool opened, ended, closing, closed;
};

struct http_client {
	struct http_options opt;     /* its strings are owned */
	const struct curl *curl;
	struct http_shared own, *shared;
	struct http_load_slot *load; /* where it counts, once it has its thread */
	CURLM *multi;
	pid_t pid;                   /* whose thread it is; 0: it has none yet */
	pthread_t thread;
	pthread_mutex_t lock;        /* of what follows */
	struct transfer *queue, **queue_end;
	struct http_stream *new_streams, *closing_streams;
	pthread_cond_t stream_closed;
	bool stop;
	/* the thread's */
	struct transfer *running;    /* and resting, and held */
	struct share *shares;
	unsigned admitted;           /* of all owners */
	struct http_stream *streams;
	uint64_t silence_due_ms;     /* real time: not before then one of them has been silent for too long */
	uint64_t curl_due_ms;        /* real time: libcurl wants to be called */
	int epoll_fd, wake_fd;
	CURL *spare[16];
	unsigned n_spare;
};

/* ---- load.c ---- */

/* A place to count for a client of this process, until load_end(). */
struct http_load_slot *load_begin(struct http_shared *h);
void load_end(struct http_load_slot *s); /* NULL is fine */

/* ---- request.c ---- */

/* Values that cannot be sent. GW_EINVAL. */
int request_check(const struct http_call *call, struct gw_err *err);

/* Prepare t->easy for the next try. GW_EIO. */
int request_prepare(struct transfer *t, struct gw_err *err);

/* Options that calls and streams share. False: libcurl has not what they ask for. */
bool request_common(const struct http_client *c, CURL *easy, const char *url, struct gw_slice authorization, struct curl_slist **fields,
	const struct http_header *headers, size_t n_headers, char problem[CURL_ERROR_SIZE]);

/* Free header fields, which may hold a credential; *fields is NULL then. */
void request_forget(const struct http_client *c, struct curl_slist **fields);

/* It waits for a connection; no more. */
void request_waits(struct transfer *t);
void request_waits_not(struct transfer *t);

/* Take the answer's facts from libcurl into the call. */
void request_answered(struct transfer *t);

/* ---- retry.c ---- */

enum verdict { VERDICT_DONE, VERDICT_AGAIN, VERDICT_REST };

/* A try ended with curl's code: what now? DONE: t->rc and the call's err are set. REST: t->rest_until_ms is set. */
enum verdict retry_judge(struct transfer *t, CURLcode code);

/* ---- breaker.c ---- */

/* May a request be tried now? *ret_trial: it is the one that finds out. */
bool breaker_allows(struct http_client *c, bool *ret_trial);
/* What came of it: the server is there (up), or not. Of other outcomes breaker_nothing() is told: they say nothing. */
void breaker_heard(struct http_client *c, bool up, bool trial, const char *why);
void breaker_nothing(struct http_client *c, bool trial);

/* ---- stream.c ---- */

/* Among the client's; the thread. */
void stream_add(struct http_client *c, struct http_stream *s);
void stream_start(struct http_client *c, struct http_stream *s);
void stream_ended(struct http_stream *s, CURLcode code);
/* Let go of those that are to be closed. With the lock. */
void streams_reap(struct http_client *c);
/* End those of which nothing was heard for too long; returns for how many ms there is none, at most. */
uint64_t streams_look(struct http_client *c);

/* ---- loop.c ---- */

int loop_open(struct http_client *c, struct gw_err *err);
void loop_close(struct http_client *c);
void loop_wake(struct http_client *c); /* any thread */
/* Sleep until something happens, wait_ms at most, and let libcurl see to it. */
void loop_turn(struct http_client *c, int wait_ms);

/* ---- shares.c ---- */

void share_join(struct transfer *t);  /* held from now on */
void share_leave(struct transfer *t); /* it ended, held or not */
/* The next one that may begin; NULL: none, now. */
struct transfer *share_next(struct http_client *c);

/* ---- client.c ---- */

CURL *client_easy(struct http_client *c);
void client_easy_done(struct http_client *c, CURL *easy);
int client_wake(struct http_client *c, struct gw_err *err); /* starts the thread when there is none; with the lock */
uint64_t client_now(const struct http_client *c);

#endif
