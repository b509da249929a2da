/* imap_link.h - a connection to an IMAP server on which somebody is signed on
 *
 * libcurl makes it: addresses, proxies, TLS, STARTTLS, SASL. From then on octets go through it as they are. Blocks, but not
 * for longer than its limits. Thread: owner. */
#ifndef GWCTL_IMAP_LINK_H
#define GWCTL_IMAP_LINK_H

#include "gwctl/source.h"
#include "util/mem.h"
#include "util/slice.h"

/* Where to, and as whom. Strings are owned. */
struct imap_server {
	char *url;      /* "imaps://host:port" */
	char *host;
	char *user;
	char *login;    /* login options, "AUTH=XOAUTH2"; NULL: none */
	char *ca_file;  /* NULL: what the system trusts */
	struct gw_secret password; /* or the token of XOAUTH2 and OAUTHBEARER */
	bool insecure;
	bool local;     /* the host is this machine: nobody can listen in */
};

/* Take "imaps://anna;AUTH=XOAUTH2@host:port" apart and fetch the password. GW_EINVAL with a sentence; a password in the URL
 * is refused, as everybody can see a command line. Free with done() in any case. */
int imap_server_read(struct imap_server *s, const char *scheme, const char *where, const struct source_options *o,
		     struct gw_err *err);
void imap_server_done(struct imap_server *s);

struct imap_link;

/* Connect and sign on. GW_EUNAVAIL: cannot be reached; GW_EAUTH: does not want us; GW_EACCES: its certificate is not good. */
int imap_link_open(const struct imap_server *s, struct imap_link **ret, struct gw_err *err);
void imap_link_close(struct imap_link *l); /* NULL is fine */

/* Send all of it. GW_EUNAVAIL. */
int imap_link_send(struct imap_link *l, struct gw_slice octets, struct gw_err *err);

/* What has come, at least one octet, good until the next call. GW_EUNAVAIL. */
int imap_link_receive(struct imap_link *l, struct gw_slice *ret, struct gw_err *err);

#endif
