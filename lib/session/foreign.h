/* foreign.h - what a client of another protocol says
 *
 * A web browser can be led to send a request to a mail server, with what an attacker chose in it, and takes the answer for that of
 * the web server it thinks it speaks to (RFC 7301 and ALPACA, USENIX Security 2021). Such a client is not to be answered line by line,
 * nor one that greets a server for mail transfer: a scanner, or a program with the wrong port. Thread: any. */
#ifndef GW_SESSION_FOREIGN_H
#define GW_SESSION_FOREIGN_H

#include "util/slice.h"

struct gw_foreign {
	const char *protocol; /* "HTTP", "SMTP" */
	const char *farewell; /* what the client is told, in English */
};

/* Which other protocol a line is of that is no command of ours; NULL: of none. That is one of an HTTP request: "GET / HTTP/1.1"
 * (RFC 9112 3), or a field, "Host: example.org" (RFC 9110 5); or a greeting of SMTP or LMTP (RFC 5321 4.1.1.1, RFC 2033 4.1).
 * line: without its line end. */
const struct gw_foreign *gw_foreign_of(struct gw_slice line);

#endif
