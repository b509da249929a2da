/* foreign.h - what a client of another protocol says
 *
 * A web browser can be led to send a request to a mail server, with what an attacker chose in it, and takes the answer for that of
 * the web server it thinks it speaks to (RFC 7301 and ALPACA, USENIX Security 2021). Such a client is not to be answered line by line. Thread: any. */
#ifndef GW_SESSION_FOREIGN_H
#define GW_SESSION_FOREIGN_H

#include "util/slice.h"

#include <stdbool.h>

/* Is a line that is no command of ours one of an HTTP request: "GET / HTTP/1.1" (RFC 9112 3), or a field, "Host: example.org"
 * (RFC 9110 5)? line: without its line end. */
bool gw_speaks_http(struct gw_slice line);

#endif
