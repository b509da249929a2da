/* download.h - one message on its way from the server (RFC 8620 6.2)
 *
 * It is fetched whole and read by the deriver as it comes; what does not fit in memory goes to a file without a name. Nothing is
 * shown of it before all octets are here and their number is the one that the server told. */
#ifndef GW_STORE_JMAP_DOWNLOAD_H
#define GW_STORE_JMAP_DOWNLOAD_H

#include "store/derive.h"
#include "store/jmap/driver.h"

#define DOWNLOAD_MAX ((uint64_t)UINT32_MAX) /* octets of a message: more RFC822.SIZE cannot tell (RFC 3501 9, number) */
#define DOWNLOAD_MEMORY ((uint64_t)256 << 10) /* octets of a message kept in memory */

enum download_state { DOWNLOAD_WANTED, DOWNLOAD_UNDER_WAY, DOWNLOAD_HERE, DOWNLOAD_FAILED };

struct download {
	struct list list;            /* the window's (bring.c), as are the next four */
	struct jmap_window *window;
	enum download_state state;
	bool ended;                  /* the HTTP client is done with it; with the window's lock */
	struct gw_err err;           /* of one that failed */
	struct http_call call;
	struct http_header header[1];
	struct jmap_login *login;
	uint64_t content, size;
	struct gw_slice blob;
	struct gw_buf bytes;
	int fd;                      /* -1: in bytes */
	uint64_t n;                  /* octets that came */
	struct gw_deriver *deriver;
	struct gw_arena arena;
	struct gw_derived derived;
};

struct download *download_new(const struct mirror_need *need); /* copies it */
void download_free(struct download *d); /* none that was started and not finished */

/* Octets of memory that it takes when it is started. */
uint64_t download_memory(const struct download *d);

/* ended: see http.h; its ctx is d. When it fails nothing was started. */
int download_start(struct download *d, struct jmap_remote *r, const atomic_bool *stop, void (*ended)(void *ctx), struct gw_err *err);

/* Of one that was started: wait for it, and fill d->derived. GW_ENOENT: the server does not have it. GW_ECORRUPT ... */
int download_finish(struct download *d, struct jmap_remote *r, struct gw_err *err);

/* A gw_read_fn of one that is here; ctx is d. */
long download_read(void *ctx, uint64_t off, void *dst, size_t n);

#endif
