/* scratch.h - big buffers that belong to a thread, so that connections need none
 *
 * Everything in here is empty between two events; a connection keeps only what it could not hand on. */
#ifndef GW_DAEMON_SCRATCH_H
#define GW_DAEMON_SCRATCH_H

#include <stddef.h>

struct z_stream_s;

#define SCRATCH_RAW (64u * 1024)            /* one read from a socket */
#define SCRATCH_PLAIN (SCRATCH_RAW + 32u * 1024) /* what it can decrypt to, with a record that had begun before */
#define SCRATCH_STAGE (256u * 1024)         /* records on their way out */
#define SCRATCH_GATHER (16u * 1024)         /* one TLS record's worth of small pieces */

struct scratch {
	char *raw;    /* SCRATCH_RAW */
	char *plain;  /* SCRATCH_PLAIN */
	char *stage;  /* SCRATCH_STAGE */
	char *gather; /* SCRATCH_GATHER */
	size_t staged; /* bytes in stage */
	struct z_stream_s *deflater, *inflater; /* of deflate.c; NULL: not needed yet, or lent to a connection */
};

/* The buffer, made on first use. */
char *scratch_get(char **p, size_t n);
void scratch_done(struct scratch *s);

/* Overwrite what was read: n octets, perhaps with a password in them. */
void scratch_wipe(struct scratch *s, size_t n);

#endif
