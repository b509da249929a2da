/* http.h - the head of an HTTP/1 request (RFC 9112), as far as serving metrics needs it
 *
 * Bodies are not read: only GET and HEAD are served, and a connection ends with its answer. Pure. */
#ifndef GW_CTL_HTTP_H
#define GW_CTL_HTTP_H

#include "util/slice.h"

#define GW_HTTP_HEAD_MAX 8192u /* octets of a head; what is longer is answered with 431 */

struct gw_http_request {
	struct gw_slice method; /* as it was written: methods know capitals */
	struct gw_slice path;   /* without the query; "/" at least */
	struct gw_slice accept; /* of the last Accept field; empty: none */
};

/* Read a head from what has come. 0: it is not whole yet. 200: *ret points into bytes. Else the status to answer with:
 * 400, 431 (GW_HTTP_HEAD_MAX octets, and no end), 505 (not HTTP/1). */
int gw_http_parse(struct gw_slice bytes, struct gw_http_request *ret);

/* Does an Accept field ask for this media type by its name? "a/b" in "a/b;version=1;q=0.5, c/d". */
bool gw_http_accepts(struct gw_slice accept, struct gw_slice type);

/* "Not Found" ...; "Error" for what we do not send. */
const char *gw_http_reason(int status);

#endif
