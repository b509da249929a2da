/* registry.h - who is connected, in memory that all processes of the service share
 *
 * One slot a connection, made before the first fork. The process and thread that serve a connection write its slot;
 * the control server reads all of them without a lock (see reg_read()). The main
 * process alone gives slots out and takes those of dead children back. */
#ifndef GW_DAEMON_REGISTRY_H
#define GW_DAEMON_REGISTRY_H

#include "session/session.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/types.h>

#define REG_BUCKETS 16384u /* of the counters by user and by address; a power of two */

/* What is known of a TLS connection once the handshake is done. */
struct reg_tls {
	char version[12]; /* "TLSv1.3" */
	char cipher[40];
	char sni[128];    /* name the client asked for, or "" */
	char user[128];   /* of a verified certificate, or "" */
	bool resumed;
};

struct reg_slot {
	_Atomic uint64_t id;        /* session number; 0: the slot is free */
	_Atomic int32_t pid;        /* child that serves it, or our own */
	uint32_t loop;              /* event loop that serves it (thread model) */
	uint32_t address_bucket;
	_Atomic uint32_t user_bucket; /* 1 + bucket, once the user is counted */
	uint8_t service;            /* enum service_id */
	_Atomic bool traced;        /* an operator looks at its dialogue (trace.h) */
	bool trusted;               /* in trusted_networks, or a UNIX socket */
	_Atomic bool tls;           /* handshake is what it says below */
	_Atomic bool compressed;    /* RFC 4978 */
	_Atomic bool signed_on;     /* mechanism is what it says below */
	int64_t since_s;            /* wall clock */
	_Atomic uint32_t active_s;  /* conn_clock_s() of the last input */
	_Atomic uint32_t beat_s;    /* conn_clock_s() of the last tick of the child that serves it (fork model) */
	_Atomic uint64_t bytes_in, bytes_out;
	_Atomic uint64_t kicked;    /* the id again: an administrator ends it */
	char kick_reason[128];      /* what the client is told then; "": nothing special */
	_Atomic uint64_t memory;    /* bytes that the connection and its session hold */
	unsigned char ip[16];       /* see config/network.h; all 0 for a UNIX socket */
	char address[64];
	char mechanism[24];         /* it signed on with */
	struct reg_tls handshake;
	struct gw_session_info info;
};

struct reg_shared {
	_Atomic uint32_t max_per_user; /* a reload counts at once, in children too */
	_Atomic uint32_t high;         /* slots from here on were never used */
	_Atomic uint32_t keeper_beat_s; /* conn_clock_s() when the keeper last went round */
	_Atomic uint32_t users[REG_BUCKETS];
	_Atomic uint32_t addresses[REG_BUCKETS];
	struct reg_slot slot[];
};

struct registry {
	struct reg_shared *shared;
	size_t bytes;
	uint32_t n_slots;
	/* of the main process */
	pthread_mutex_t lock; /* of the free list */
	uint32_t *free_slot;
	uint32_t n_free;
	uint64_t next_id;
	uint64_t key0, key1; /* of the hash */
};

/* Map memory for n_slots connections. 0 or -1 with errno. */
int reg_init(struct registry *r, uint32_t n_slots);
void reg_done(struct registry *r);

/* What is known of a connection before it has a slot. */
struct reg_peer {
	const char *address; /* with port */
	unsigned char ip[16];
	bool trusted;
	unsigned service;    /* enum service_id */
	uint32_t bucket;     /* reg_bucket() of its address */
};

/* A slot for a new connection, or NULL when all are taken. now_s: conn_clock_s(). */
struct reg_slot *reg_take(struct registry *r, const struct reg_peer *peer, int64_t wall_s, uint32_t now_s);

/* A copy of a slot as it was at one moment, with texts that end. False: it is free, was given to another connection
 * meanwhile, or is damaged. Any process. */
bool reg_read(const struct reg_slot *slot, struct reg_slot *ret);

/* Give a slot back; its user and address are counted no longer. Any thread of the main process. */
void reg_give(struct registry *r, struct reg_slot *slot);

/* Which counter belongs to an address (IPv6: to its /64)? bytes: the address alone. */
uint32_t reg_bucket(const struct registry *r, const void *bytes, size_t n);
uint32_t reg_address_count(const struct registry *r, uint32_t bucket);

/* The exact number of connections from an address (IPv6: from its /64), by looking at all slots. */
uint32_t reg_count_address(const struct registry *r, const unsigned char ip[16]);

/* Count the slot's user, whose name stands in its info. False when the user has more connections now than
 * max_per_user (0: no limit); it is counted all the same until reg_uncount_user() or reg_give(). */
bool reg_count_user(struct registry *r, struct reg_slot *slot);

/* The slot's user is gone, its client stays: count it no longer. */
void reg_uncount_user(struct registry *r, struct reg_slot *slot);

/* Slots worth looking at: those below were used at least once. */
static inline uint32_t reg_high(const struct registry *r)
{
	uint32_t high = atomic_load_explicit(&r->shared->high, memory_order_acquire);

	return high < r->n_slots ? high : r->n_slots;
}

/* Connections now. */
uint32_t reg_used(struct registry *r);

#endif
