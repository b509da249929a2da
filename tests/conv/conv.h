/* conv.h - the two places a conversation can be held: with a session object, or over a socket
 *
 * A back end opens connections, carries bytes and (if it can) moves the clock and sets options. */
#ifndef GW_TESTS_CONV_H
#define GW_TESTS_CONV_H

#include "util/buf.h"
#include "util/slice.h"

#include <stdbool.h>

struct conv_setup {
	const char *proto;        /* "imap", "pop3" */
	struct gw_buf config;     /* lines of gateway.cfg */
	bool tls, tls_possible, remote;
	const char *connect;      /* host:port, for sockets */
	const char *imap;         /* the same, of connections that speak IMAP where the file speaks POP3; or NULL */
};

struct conv_link {
	struct gw_buf in;         /* received and not matched yet */
	bool closed;
	const char *proto;        /* as that of setup; NULL before it is opened */
};

struct conv_back {
	bool can_setup;           /* options, peers and clock can be set */
	void *(*start)(const struct conv_setup *setup);
	void (*stop)(void *b);
	/* A new connection; its greeting will arrive in link->in. */
	bool (*open)(void *b, unsigned number, struct conv_link *link);
	void (*send)(void *b, unsigned number, struct gw_slice bytes);
	void (*hangup)(void *b, unsigned number);
	/* Wait until something arrived for the connection or nothing more will; false: nothing came. patient: it should. */
	bool (*receive)(void *b, unsigned number, bool patient);
	void (*pass_time)(void *b, unsigned seconds);
	void (*special)(void *b, unsigned number, const char *what); /* "shutdown", "kick", "compress" ... */
};

extern const struct conv_back conv_object, conv_socket;

#endif
