/* http.h - metrics and health over HTTP, for Prometheus and for what watches services
 *
 * On the main loop, and bounded: some connections at a time, a head of a few KiB, deadlines. One answer a connection; when
 * there are too many of them, the oldest goes, so clients that say nothing cannot keep the others out. It has the
 * request of RFC 9112 cut by ctl/http.h instead of a library's server, because the children of the fork model must know
 * every descriptor of it, and connections must be counted: libevent's evhttp tells neither. */
#ifndef GW_DAEMON_HTTP_H
#define GW_DAEMON_HTTP_H

struct http;
struct server;

/* Serve on the listeners of metrics. Returns owned. */
struct http *http_serve(struct server *s);
void http_stop(struct http *h); /* NULL is fine */

/* In a child: close its connections, which are the parent's. NULL is fine. */
void http_abandon(struct http *h);

#endif
