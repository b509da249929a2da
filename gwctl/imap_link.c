/* imap_link.c - a connection to an IMAP server on which somebody is signed on (see imap_link.h)
 *
 * libcurl is told to connect only: it signs on, and leaves the connection to us. Its own FETCH is not used, as it hands
 * replies and literals to its callbacks in ways that cannot be told apart. */
#include "gwctl/imap_link.h"

#include "store/http/curl.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define CONNECT_S 60    /* connecting and signing on */
#define SILENCE_MS 180000 /* after which a server counts as gone */
#define PIECE (64u * 1024) /* octets received at once */

struct imap_link {
	const struct curl *curl;
	CURL *handle;
	int fd;
	const char *host;
	char error[CURL_ERROR_SIZE];
	char piece[PIECE];
};

static int code_of(CURLcode rc)
{
	switch (rc) {
	case CURLE_LOGIN_DENIED:
	case CURLE_AUTH_ERROR:
		return GW_EAUTH;
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_USE_SSL_FAILED:
		return GW_EACCES;
	default:
		return GW_EUNAVAIL;
	}
}

static void set_options(struct imap_link *l, const struct imap_server *s)
{
	const struct curl *c = l->curl;
	long tls = s->insecure ? CURLUSESSL_TRY : s->local ? CURLUSESSL_NONE : CURLUSESSL_ALL;
	bool bearer = s->login && (strcasestr(s->login, "XOAUTH2") || strcasestr(s->login, "OAUTHBEARER"));

	c->curl_easy_setopt(l->handle, CURLOPT_URL, s->url);
	c->curl_easy_setopt(l->handle, CURLOPT_PROTOCOLS_STR, "imap,imaps");
	c->curl_easy_setopt(l->handle, CURLOPT_CONNECT_ONLY, 1L);
	c->curl_easy_setopt(l->handle, CURLOPT_NOSIGNAL, 1L);
	c->curl_easy_setopt(l->handle, CURLOPT_TCP_KEEPALIVE, 1L);
	c->curl_easy_setopt(l->handle, CURLOPT_TIMEOUT, (long)CONNECT_S);
	c->curl_easy_setopt(l->handle, CURLOPT_ERRORBUFFER, l->error);
	c->curl_easy_setopt(l->handle, CURLOPT_USE_SSL, tls);
	c->curl_easy_setopt(l->handle, CURLOPT_SSL_VERIFYPEER, s->insecure ? 0L : 1L);
	c->curl_easy_setopt(l->handle, CURLOPT_SSL_VERIFYHOST, s->insecure ? 0L : 2L);
	if (s->ca_file)
		c->curl_easy_setopt(l->handle, CURLOPT_CAINFO, s->ca_file);
	c->curl_easy_setopt(l->handle, CURLOPT_USERNAME, s->user);
	if (s->login)
		c->curl_easy_setopt(l->handle, CURLOPT_LOGIN_OPTIONS, s->login);
	c->curl_easy_setopt(l->handle, bearer ? CURLOPT_XOAUTH2_BEARER : CURLOPT_PASSWORD, s->password.p);
}

static int refused(const struct imap_link *l, const struct imap_server *s, CURLcode rc, struct gw_err *err)
{
	const char *why = l->error[0] ? l->error : l->curl->curl_easy_strerror(rc);
	int code = code_of(rc);

	if (code == GW_EAUTH)
		return gw_fail(err, GW_EAUTH, "%s does not let %s sign on with this password (%s)", s->host, s->user, why);
	if (rc == CURLE_USE_SSL_FAILED)
		return gw_fail(err, GW_EACCES, "%s offers no TLS, and a password is not sent in the clear without --insecure", s->host);
	if (code == GW_EACCES)
		return gw_fail(err, GW_EACCES, "the certificate of %s is not to be trusted (%s); say --ca-file or --insecure",
			       s->host, why);
	return gw_fail(err, GW_EUNAVAIL, "cannot reach %s: %s", s->url, why);
}

int imap_link_open(const struct imap_server *s, struct imap_link **ret, struct gw_err *err)
{
	const struct curl *c = curl_load();
	struct imap_link *l;
	curl_socket_t fd = CURL_SOCKET_BAD;
	CURLcode rc;

	if (!c)
		return gw_fail(err, GW_ENOTSUP, "libcurl is not on this machine");
	if (memchr(s->password.p, '\0', s->password.n))
		return gw_fail(err, GW_EINVAL, "there is a NUL in the password for %s", s->host);
	l = gw_xalloc(sizeof *l);
	l->curl = c;
	l->fd = -1;
	l->host = s->host;
	l->handle = c->curl_easy_init();
	set_options(l, s);
	rc = c->curl_easy_perform(l->handle);
	if (rc == CURLE_OK)
		rc = c->curl_easy_getinfo(l->handle, CURLINFO_ACTIVESOCKET, &fd);
	if (rc != CURLE_OK || fd == CURL_SOCKET_BAD) {
		int code = refused(l, s, rc, err);

		imap_link_close(l);
		return code;
	}
	l->fd = (int)fd;
	*ret = l;
	return 0;
}

void imap_link_close(struct imap_link *l)
{
	if (!l)
		return;
	/* libcurl would say LOGOUT and wait for the answer, whatever is on its way */
	if (l->fd >= 0)
		shutdown(l->fd, SHUT_RDWR);
	l->curl->curl_easy_cleanup(l->handle);
	free(l);
}

static int gone(const struct imap_link *l, const char *why, struct gw_err *err)
{
	return gw_fail(err, GW_EUNAVAIL, "the connection to %s broke: %s", l->host, why);
}

/* Wait until the socket is ready for events. */
static int wait_for(struct imap_link *l, short events, struct gw_err *err)
{
	struct pollfd p = { .fd = l->fd, .events = events };
	int n;

	do
		n = poll(&p, 1, SILENCE_MS);
	while (n < 0 && errno == EINTR);
	return n > 0 ? 0 : gone(l, n == 0 ? "it says nothing any more" : strerror(errno), err);
}

int imap_link_send(struct imap_link *l, struct gw_slice octets, struct gw_err *err)
{
	while (octets.n) {
		size_t sent = 0;
		CURLcode rc = l->curl->curl_easy_send(l->handle, octets.p, octets.n, &sent);

		if (rc == CURLE_AGAIN) {
			int waited = wait_for(l, POLLOUT, err);

			if (waited < 0)
				return waited;
		} else if (rc != CURLE_OK) {
			return gone(l, l->curl->curl_easy_strerror(rc), err);
		}
		gw_slice_take(&octets, sent);
	}
	return 0;
}

int imap_link_receive(struct imap_link *l, struct gw_slice *ret, struct gw_err *err)
{
	for (;;) {
		size_t got = 0;
		CURLcode rc = l->curl->curl_easy_recv(l->handle, l->piece, sizeof l->piece, &got);
		int waited;

		if (rc == CURLE_OK && got) {
			*ret = gw_slice(l->piece, got);
			return 0;
		}
		if (rc != CURLE_AGAIN)
			return gone(l, rc == CURLE_OK ? "it was closed" : l->curl->curl_easy_strerror(rc), err);
		waited = wait_for(l, POLLIN, err);
		if (waited < 0)
			return waited;
	}
}
