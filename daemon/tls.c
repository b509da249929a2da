/* tls.c - one TLS connection, without a socket of its own (see tls.h)
 *
 * The BIO hands OpenSSL what was received (tls_conn.in) and takes what it wants to send: into the thread's staging
 * buffer while there is room, else (a very long certificate chain) onto the connection's own rope. Records are made 16
 * KiB at a time until the stage is full, then go out in one call; what the socket does not take moves to the rope. */
#include "daemon/tls.h"

#include "daemon/tls_set.h"
#include "util/mem.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/uio.h>

#define RECORD_BYTES (16u * 1024)
#define STAGE_FULL (SCRATCH_STAGE - RECORD_BYTES - 1024) /* another record may not fit */
#define SMALL_PIECE 4096u   /* pieces below are gathered into one record */
#define HANDSHAKES_MAX 1000u /* key updates a client may ask for in a session */
#define IOV_MAX_HERE 32

/* ---- between OpenSSL and us ---- */

static int bio_write(BIO *b, const char *p, size_t n, size_t *ret)
{
	struct tls_conn *t = BIO_get_data(b);
	struct scratch *io = t->io;
	char *stage = scratch_get(&io->stage, SCRATCH_STAGE);

	if (t->wire.n || SCRATCH_STAGE - io->staged < n) {
		gw_out_add(&t->wire, stage, io->staged);
		gw_out_add(&t->wire, p, n);
		io->staged = 0;
	} else {
		memcpy(stage + io->staged, p, n);
		io->staged += n;
	}
	*ret = n;
	return 1;
}

static int bio_read(BIO *b, char *p, size_t n, size_t *ret)
{
	struct tls_conn *t = BIO_get_data(b);

	BIO_clear_retry_flags(b);
	if (t->in.n == 0) {
		BIO_set_retry_read(b);
		return 0;
	}
	if (n > t->in.n)
		n = t->in.n;
	memcpy(p, gw_slice_take(&t->in, n).p, n);
	*ret = n;
	return 1;
}

static long bio_ctrl(BIO *b, int cmd, long larg, void *parg)
{
	(void)b;
	(void)larg;
	(void)parg;
	return cmd == BIO_CTRL_FLUSH;
}

BIO_METHOD *tls_bio_method(void)
{
	BIO_METHOD *m = BIO_meth_new(BIO_TYPE_SOURCE_SINK | BIO_get_new_index(), "connection");

	if (m) {
		BIO_meth_set_write_ex(m, bio_write);
		BIO_meth_set_read_ex(m, bio_read);
		BIO_meth_set_ctrl(m, bio_ctrl);
	}
	return m;
}

struct tls_conn *tls_conn_new(struct tls_set *set, const char *alpn)
{
	struct tls_conn *t = gw_xalloc(sizeof *t);
	BIO *bio = BIO_new(set->bio);

	t->alpn = alpn;
	t->ssl = SSL_new(set->ctx[0]);
	if (!t->ssl || !bio) {
		BIO_free(bio);
		tls_conn_free(t);
		return NULL;
	}
	BIO_set_data(bio, t);
	BIO_set_init(bio, 1);
	SSL_set_bio(t->ssl, bio, bio);
	SSL_set_app_data(t->ssl, t);
	SSL_set_accept_state(t->ssl);
	return t;
}

void tls_conn_free(struct tls_conn *t)
{
	if (!t)
		return;
	SSL_free(t->ssl);
	gw_out_done(&t->wire);
	free(t);
}

/* ---- reading ---- */

static enum tls_result failed(struct tls_conn *t)
{
	const char *reason = ERR_reason_error_string(ERR_peek_error());

	t->problem = reason ? reason : "protocol error"; /* static text of OpenSSL */
	ERR_clear_error();
	return TLS_FAILED;
}

enum tls_result tls_handshake(struct tls_conn *t, struct scratch *io, struct gw_slice *in)
{
	int rc;

	t->in = *in;
	t->io = io;
	rc = SSL_do_handshake(t->ssl);
	*in = t->in; /* the client's first commands may be behind it */
	if (rc == 1)
		return TLS_OK;
	return SSL_get_error(t->ssl, rc) == SSL_ERROR_WANT_READ ? TLS_MORE : failed(t);
}

enum tls_result tls_read(struct tls_conn *t, struct scratch *io, struct gw_slice *in, size_t *ret_n)
{
	char *plain = scratch_get(&io->plain, SCRATCH_PLAIN);
	enum tls_result result = TLS_OK;
	size_t n = 0;

	t->in = *in;
	t->io = io;
	while (n < SCRATCH_PLAIN) {
		size_t part;
		int rc = SSL_read_ex(t->ssl, plain + n, SCRATCH_PLAIN - n, &part), e;

		if (rc == 1) {
			n += part;
			continue;
		}
		e = SSL_get_error(t->ssl, rc);
		if (e != SSL_ERROR_WANT_READ)
			result = e == SSL_ERROR_ZERO_RETURN ? TLS_EOF : failed(t);
		break;
	}
	if (t->handshakes > HANDSHAKES_MAX) {
		t->problem = "too many key updates";
		result = TLS_FAILED;
	}
	*in = t->in;
	*ret_n = n;
	return result;
}

/* ---- writing ---- */

/* Small pieces become one record. */
static struct gw_slice next_piece(struct scratch *io, const struct gw_out *out)
{
	struct gw_slice front = gw_out_front(out);
	struct iovec iov[IOV_MAX_HERE];
	char *gather;
	size_t n = 0;
	int count;

	if (front.n > RECORD_BYTES)
		front.n = RECORD_BYTES;
	if (front.n >= SMALL_PIECE || front.n == out->n)
		return front;
	gather = scratch_get(&io->gather, SCRATCH_GATHER);
	count = gw_out_iov(out, iov, IOV_MAX_HERE);
	for (int i = 0; i < count && n < SCRATCH_GATHER; i++) {
		size_t part = iov[i].iov_len < SCRATCH_GATHER - n ? iov[i].iov_len : SCRATCH_GATHER - n;

		memcpy(gather + n, iov[i].iov_base, part);
		n += part;
	}
	return gw_slice(gather, n);
}

static bool encrypt(struct tls_conn *t, struct scratch *io, struct gw_out *out)
{
	while (out->n && io->staged < STAGE_FULL && t->wire.n == 0) {
		struct gw_slice piece = next_piece(io, out);
		size_t done;

		if (SSL_write_ex(t->ssl, piece.p, piece.n, &done) != 1) {
			failed(t);
			return false;
		}
		gw_out_drop(out, done);
	}
	return true;
}

/* One call to the socket. Returns what it took, or -1 when it is broken. */
static ssize_t put_stage(int fd, const char *p, size_t n)
{
	ssize_t sent = send(fd, p, n, MSG_NOSIGNAL | MSG_DONTWAIT);

	return sent >= 0 ? sent : errno == EAGAIN || errno == EINTR ? 0 : -1;
}

static ssize_t put_wire(int fd, struct gw_out *wire)
{
	struct iovec iov[IOV_MAX_HERE];
	struct msghdr msg = { .msg_iov = iov };
	ssize_t sent;

	msg.msg_iovlen = (size_t)gw_out_iov(wire, iov, IOV_MAX_HERE);
	sent = sendmsg(fd, &msg, MSG_NOSIGNAL | MSG_DONTWAIT);
	if (sent > 0)
		gw_out_drop(wire, (size_t)sent);
	return sent >= 0 ? sent : errno == EAGAIN || errno == EINTR ? 0 : -1;
}

static ssize_t put(struct tls_conn *t, struct scratch *io, int fd)
{
	ssize_t sent;

	if (t->wire.n) {
		gw_out_add(&t->wire, io->stage, io->staged);
		io->staged = 0;
		return put_wire(fd, &t->wire);
	}
	sent = put_stage(fd, io->stage, io->staged);
	if (sent >= 0 && (size_t)sent < io->staged)
		gw_out_add(&t->wire, io->stage + sent, io->staged - (size_t)sent);
	io->staged = 0;
	return sent;
}

enum tls_result tls_flush(struct tls_conn *t, struct scratch *io, int fd, struct gw_out *out, bool last,
			  uint64_t *ret_sent)
{
	t->io = io;
	t->in = gw_slice("", 0);
	for (;;) {
		ssize_t sent;

		if (!encrypt(t, io, out))
			return TLS_FAILED;
		if (last && out->n == 0 && !t->closed) {
			t->closed = true;
			SSL_shutdown(t->ssl);
			ERR_clear_error();
		}
		if (io->staged == 0 && t->wire.n == 0)
			return TLS_OK;
		sent = put(t, io, fd);
		if (sent < 0)
			return TLS_FAILED;
		*ret_sent += (uint64_t)sent;
		if (t->wire.n)
			return TLS_MORE;
	}
}

/* ---- what is known of the peer ---- */

static bool copy_name(const ASN1_STRING *s, char *p, size_t cap)
{
	unsigned char *utf8;
	int n = s ? ASN1_STRING_to_UTF8(&utf8, s) : -1;
	bool ok;

	if (n < 0)
		return false;
	ok = n > 0 && (size_t)n < cap && !memchr(utf8, 0, (size_t)n);
	if (ok) {
		memcpy(p, utf8, (size_t)n);
		p[n] = 0;
	}
	OPENSSL_free(utf8);
	return ok;
}

/* The user of a verified certificate: its mail address, else its common name. A name with a NUL in it is none. */
static void user_of(SSL *ssl, char *p, size_t cap)
{
	X509 *cert = SSL_get0_peer_certificate(ssl);
	GENERAL_NAMES *alt;
	X509_NAME *subject;
	bool found = false;
	int at;

	*p = 0;
	if (!cert || SSL_get_verify_result(ssl) != X509_V_OK)
		return;
	alt = X509_get_ext_d2i(cert, NID_subject_alt_name, NULL, NULL);
	for (int i = 0; i < sk_GENERAL_NAME_num(alt) && !found; i++) {
		const GENERAL_NAME *n = sk_GENERAL_NAME_value(alt, i);

		found = n->type == GEN_EMAIL && copy_name(n->d.rfc822Name, p, cap);
	}
	GENERAL_NAMES_free(alt);
	subject = X509_get_subject_name(cert);
	at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
	if (!found && at >= 0)
		copy_name(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)), p, cap);
}

void tls_describe(const struct tls_conn *t, struct gw_peer *peer)
{
	static const char label[] = "EXPORTER-Channel-Binding"; /* RFC 9266 section 2 */

	peer->tls = true;
	peer->tls_possible = false;
	/* RFC 9266 section 4.2: below TLS 1.3 only with the extended master secret. */
	peer->has_exporter = (SSL_version(t->ssl) >= TLS1_3_VERSION || SSL_get_extms_support(t->ssl) == 1) &&
			     SSL_export_keying_material(t->ssl, peer->tls_exporter, sizeof peer->tls_exporter, label,
							sizeof label - 1, NULL, 0, 0) == 1;
	user_of(t->ssl, peer->tls_user, sizeof peer->tls_user);
}

bool tls_resumed(const struct tls_conn *t)
{
	return SSL_session_reused(t->ssl);
}

const char *tls_sni(const struct tls_conn *t)
{
	const char *name = SSL_get_servername(t->ssl, TLSEXT_NAMETYPE_host_name);

	return name ? name : "";
}

void tls_name(const struct tls_conn *t, char *p, size_t cap)
{
	snprintf(p, cap, "%s %s", SSL_get_version(t->ssl), SSL_get_cipher_name(t->ssl));
}

const char *tls_version(const struct tls_conn *t)
{
	return SSL_get_version(t->ssl);
}

const char *tls_cipher(const struct tls_conn *t)
{
	return SSL_get_cipher_name(t->ssl);
}
