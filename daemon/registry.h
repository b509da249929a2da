/* registry.h - who is connected, in memory that all processes of the service share
 *
 * One slot a connection, made before the first fork. The process and thread that serve a connection write its slot;
 * the control server reads all of them without a lock (a name may be seen half written, never a pointer). The main
 * process alone gives slots out and takes those of dead children back. */
#ifndef GW_DAEMON_REGISTRY_H
#define GW_DAEMON_REGISTRY_H

#include "session/session.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/types.h>

#define REG_BUCKETS 16384u /* of the counters by user and by address; a power of two */

struct reg_slot {
	_Atomic uint64_t id;        /* session number; 0: the slot is free */
	_Atomic int32_t pid;        /* child that serves it, or our own */
	uint32_t loop;              /* event loop that serves it (thread model) */
	uint32_t address_bucket;
	_Atomic uint32_t user_bucket; /* 1 + bucket, once the user is counted */
	uint8_t service;            /* enum service_id */
	_Atomic bool tls;
	int64_t since_s;            /* wall clock */
	_Atomic uint32_t active_s;  /* conn_clock_s() of the last input */
	_Atomic uint64_t bytes_in, bytes_out;
	char address[64];
	struct gw_session_info info;
};

struct reg_shared {
	_Atomic uint32_t max_per_user; /* a reload counts at once, in children too */
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

/* A slot for a new connection, or NULL when all are taken. address: of the peer, with port. now_s: conn_clock_s(). */
struct reg_slot *reg_take(struct registry *r, const char *address, unsigned service, uint32_t address_bucket,
			  int64_t wall_s, uint32_t now_s);

/* Give a slot back; its user and address are counted no longer. Any thread of the main process. */
void reg_give(struct registry *r, struct reg_slot *slot);

/* Which counter belongs to an address (IPv6: to its /64)? bytes: the address alone. */
uint32_t reg_bucket(const struct registry *r, const void *bytes, size_t n);
uint32_t reg_address_count(const struct registry *r, uint32_t bucket);

/* Count the slot's user, whose name stands in its info. False when the user has more connections now than
 * max_per_user (0: no limit); it is counted all the same until reg_give(). */
bool reg_count_user(struct registry *r, struct reg_slot *slot);

/* Connections now. */
uint32_t reg_used(struct registry *r);

#endif
