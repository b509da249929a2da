/* request.c - one try of a call, as libcurl is told it (see priv.h) */
#include "store/http/priv.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/mem.h"

#define set(c, easy, option, value) ((c)->curl->curl_easy_setopt((easy), (option), (value)) == CURLE_OK)
#define hint(c, easy, option, value) ((void)(c)->curl->curl_easy_setopt((easy), (option), (value)))

#define STALL_SPEED 64L /* octets a second that count as progress: a slow drip is none */

/* ---- what may be sent ---- */

static bool field_ok(const char *name, struct gw_slice value)
{
	for (const char *p = name; *p; p++)
		if (!isalnum((unsigned char)*p) && *p != '-')
			return false;
	for (size_t i = 0; i < value.n; i++)
		if (value.p[i] == '\r' || value.p[i] == '\n' || value.p[i] == 0)
			return false;
	return *name;
}

int request_check(const struct http_call *call, struct gw_err *err)
{
	if (!field_ok("Authorization", call->authorization))
		return gw_fail(err, GW_EINVAL, "a credential cannot be sent in a header field");
	for (size_t i = 0; i < call->n_headers; i++)
		if (!field_ok(call->headers[i].name, gw_slice_str(call->headers[i].value)))
			return gw_fail(err, GW_EINVAL, "header field %.40s has a value that cannot be sent", call->headers[i].name);
	return 0;
}

static void add_line(const struct curl *curl, struct curl_slist **list, const char *line)
{
	struct curl_slist *more = curl->curl_slist_append(*list, line);

	if (!more)
		gw_bug("out of memory");
	*list = more;
}

static void add_field(const struct curl *curl, struct curl_slist **list, const char *name, struct gw_slice value)
{
	char *line = value.n ? gw_xasprintf("%s: %.*s", name, GW_FMT(value)) : gw_xasprintf("%s;", name);

	add_line(curl, list, line);
	gw_wipe(line, strlen(line));
	free(line);
}

void request_forget(const struct http_client *c, struct curl_slist **fields)
{
	for (struct curl_slist *f = *fields; f; f = f->next)
		gw_wipe(f->data, strlen(f->data));
	c->curl->curl_slist_free_all(*fields);
	*fields = NULL;
}

/* ---- callbacks: the client's thread ---- */

static long status_of(const struct transfer *t)
{
	long status = 0;

	t->client->curl->curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
	return status;
}

static int give_to_sink(struct transfer *t, struct gw_slice bytes)
{
	int rc = t->call->sink(t->call->sink_ctx, bytes, t->restarted);

	t->restarted = false;
	return rc;
}

static size_t on_body(char *p, size_t one, size_t n, void *arg)
{
	struct transfer *t = arg;
	struct http_call *call = t->call;
	bool success = status_of(t) / 100 == 2;
	uint64_t max = !success ? HTTP_PROBLEM : call->max_response ? call->max_response : (uint64_t)64 << 20;

	(void)one;
	atomic_fetch_add_explicit(&t->client->shared->bytes_in, n, memory_order_relaxed);
	t->received += n;
	if (t->received > max) {
		t->enough = !success; /* of a refusal the beginning is enough: it is an answer all the same (retry.c) */
		if (success)
			t->rc = gw_fail(&call->err, GW_ELIMIT, "the storage server's answer is longer than %llu octets", (unsigned long long)max);
		return 0;
	}
	if (!success || !call->sink)
		gw_buf_add(&call->response, p, n);
	else
		t->rc = give_to_sink(t, gw_slice(p, n));
	if (t->rc < 0 && call->err.code == 0)
		gw_fail(&call->err, (enum gw_code)t->rc, "what the storage server sent cannot be kept");
	return t->rc < 0 ? 0 : n;
}

static void note_challenge(struct http_call *call, struct gw_slice line)
{
	if (!gw_slice_startsi(line, GW_S("www-authenticate:")))
		return;
	gw_slice_take(&line, 17);
	for (struct gw_slice word; gw_slice_word(&line, " ,\t\r\n", &word);) { /* one field may name several */
		call->www_basic = call->www_basic || gw_slice_eqi(word, GW_S("basic"));
		call->www_bearer = call->www_bearer || gw_slice_eqi(word, GW_S("bearer"));
	}
}

/* gzip was asked for. Others would be unpacked by libcurl all the same, with as much memory (zstd: 128 MiB) or as many layers as
 * the server likes. */
static bool known_coding(struct gw_slice line)
{
	bool content = gw_slice_startsi(line, GW_S("content-encoding:"));

	if (!content && !gw_slice_startsi(line, GW_S("transfer-encoding:")))
		return true;
	gw_slice_take(&line, content ? 17 : 18);
	line = gw_slice_trim(line);
	if (line.n == 0 || gw_slice_eqi(line, GW_S("identity")))
		return true;
	return content ? gw_slice_eqi(line, GW_S("gzip")) || gw_slice_eqi(line, GW_S("x-gzip")) : gw_slice_eqi(line, GW_S("chunked"));
}

static size_t on_field(char *p, size_t one, size_t n, void *arg)
{
	struct transfer *t = arg;

	(void)one;
	t->field_octets += n;
	if (t->field_octets > HTTP_HEADERS) {
		t->rc = gw_fail(&t->call->err, GW_ELIMIT, "the storage server's header is longer than %zu octets", HTTP_HEADERS);
		return 0;
	}
	if (!known_coding(gw_slice(p, n))) {
		t->rc = gw_fail(&t->call->err, GW_ECORRUPT, "the storage server packs its answer in a way it was not asked for (%.60s)",
			gw_slice_startsi(gw_slice(p, n), GW_S("content")) ? "Content-Encoding" : "Transfer-Encoding");
		return 0;
	}
	note_challenge(t->call, gw_slice(p, n));
	return n;
}

static size_t on_read(char *dst, size_t one, size_t n, void *arg)
{
	struct transfer *t = arg;
	uint64_t left = t->call->read_size - t->sent;
	size_t room = one * n < left ? one * n : (size_t)left;
	long got = room ? t->call->read(t->call->read_ctx, t->sent, dst, room) : 0;

	if (got < 0 || (got == 0 && room) || (size_t)got > room) {
		t->rc = gw_fail(&t->call->err, GW_EIO, got ? "what is to be sent to the storage server cannot be read"
							   : "what is to be sent to the storage server is shorter than was said");
		return CURL_READFUNC_ABORT;
	}
	t->sent += (uint64_t)got;
	atomic_fetch_add_explicit(&t->client->shared->bytes_out, (uint64_t)got, memory_order_relaxed);
	return (size_t)got;
}

static int on_seek(void *arg, curl_off_t off, int origin)
{
	struct transfer *t = arg;

	if (origin != SEEK_SET || off < 0 || (uint64_t)off > t->call->read_size)
		return CURL_SEEKFUNC_CANTSEEK;
	t->sent = (uint64_t)off;
	return CURL_SEEKFUNC_OK;
}

void request_waits(struct transfer *t)
{
	if (!t->waiting)
		atomic_fetch_add(&t->client->shared->waiting, 1);
	t->waiting = true;
}

void request_waits_not(struct transfer *t)
{
	if (t->waiting)
		atomic_fetch_sub(&t->client->shared->waiting, 1);
	t->waiting = false;
}

/* libcurl sends a request again by itself when a kept connection dies without an answer. The server may have done what was asked all
 * the same: only what is safe goes out twice. */
static int on_send(void *arg, char *ip, char *local, int port, int local_port)
{
	struct transfer *t = arg;

	(void)ip;
	(void)local;
	(void)port;
	(void)local_port;
	request_waits_not(t);
	return t->sends++ == 0 || t->call->safe ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
}

/* ---- options ---- */

static bool set_tls(const struct http_client *c, CURL *easy)
{
	const struct http_options *o = &c->opt;
	bool ok = set(c, easy, CURLOPT_SSL_VERIFYPEER, 1L) && set(c, easy, CURLOPT_SSL_VERIFYHOST, 2L) &&
		  set(c, easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);

	if (o->ca_file) /* these and no others: the system's folder would count as well */
		ok = ok && set(c, easy, CURLOPT_CAINFO, o->ca_file) && set(c, easy, CURLOPT_CAPATH, (char *)NULL);
	if (o->certificate_file)
		ok = ok && set(c, easy, CURLOPT_SSLCERT, o->certificate_file);
	if (o->private_key_file)
		ok = ok && set(c, easy, CURLOPT_SSLKEY, o->private_key_file);
	if (o->private_key_password)
		ok = ok && set(c, easy, CURLOPT_KEYPASSWD, o->private_key_password);
	return ok && (!o->pin || set(c, easy, CURLOPT_PINNEDPUBLICKEY, o->pin));
}

static bool set_way(const struct http_client *c, CURL *easy, const char *url)
{
	const struct http_options *o = &c->opt;

	return set(c, easy, CURLOPT_URL, url) && set(c, easy, CURLOPT_PROTOCOLS_STR, "http,https") &&
	       set(c, easy, CURLOPT_FOLLOWLOCATION, 0L) && set(c, easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1) &&
	       /* a credential comes with the call, never from an address that a server made up */
	       set(c, easy, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L) && set(c, easy, CURLOPT_PROXY, o->proxy ? o->proxy : "") &&
	       set(c, easy, CURLOPT_NOPROXY, "") && set(c, easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L) &&
	       (!o->unix_socket || set(c, easy, CURLOPT_UNIX_SOCKET_PATH, o->unix_socket));
}

bool request_common(const struct http_client *c, CURL *easy, const char *url, struct gw_slice authorization, struct curl_slist **fields,
	const struct http_header *headers, size_t n_headers, char problem[CURL_ERROR_SIZE])
{
	if (authorization.n)
		add_field(c->curl, fields, "Authorization", authorization);
	for (size_t i = 0; i < n_headers; i++)
		add_field(c->curl, fields, headers[i].name, gw_slice_str(headers[i].value));
	add_field(c->curl, fields, "User-Agent", GW_S("Gateway/" GW_VERSION));
	return set(c, easy, CURLOPT_HTTPHEADER, *fields) && set(c, easy, CURLOPT_ERRORBUFFER, problem) &&
	       set(c, easy, CURLOPT_NOSIGNAL, 1L) && set(c, easy, CURLOPT_TCP_KEEPALIVE, 1L) &&
	       set(c, easy, CURLOPT_CONNECTTIMEOUT_MS, (long)c->opt.connect_timeout_ms) && set_way(c, easy, url) && set_tls(c, easy);
}

static void set_body(struct transfer *t)
{
	const struct http_client *c = t->client;
	struct http_call *call = t->call;

	if (strcmp(call->method, "POST") != 0)
		return;
	hint(c, t->easy, CURLOPT_POST, 1L);
	add_line(c->curl, &t->fields, "Expect:"); /* none: bodies are sent at once */
	if (call->read) {
		hint(c, t->easy, CURLOPT_READFUNCTION, on_read);
		hint(c, t->easy, CURLOPT_READDATA, t);
		hint(c, t->easy, CURLOPT_SEEKFUNCTION, on_seek);
		hint(c, t->easy, CURLOPT_SEEKDATA, t);
		hint(c, t->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)call->read_size);
		hint(c, t->easy, CURLOPT_UPLOAD_BUFFERSIZE, 262144L);
	} else {
		hint(c, t->easy, CURLOPT_POSTFIELDS, call->body.n ? call->body.p : "");
		hint(c, t->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)call->body.n);
		atomic_fetch_add_explicit(&c->shared->bytes_out, call->body.n, memory_order_relaxed);
	}
}

static void set_times(struct transfer *t)
{
	const struct http_client *c = t->client;
	uint64_t now = client_now(c);

	hint(c, t->easy, CURLOPT_LOW_SPEED_LIMIT, STALL_SPEED);
	hint(c, t->easy, CURLOPT_LOW_SPEED_TIME, (long)c->opt.stall_s);
	if (t->deadline_ms)
		hint(c, t->easy, CURLOPT_TIMEOUT_MS, t->deadline_ms > now ? (long)(t->deadline_ms - now) : 1L);
}

int request_prepare(struct transfer *t, struct gw_err *err)
{
	const struct http_client *c = t->client;
	struct http_call *call = t->call;

	t->easy = client_easy(t->client);
	if (!t->easy)
		return gw_fail(err, GW_EIO, "libcurl has no memory for a request");
	t->sends = 0;
	t->sent = t->received = 0;
	t->field_octets = 0;
	t->enough = false;
	t->restarted = true;
	t->rc = 0;
	t->problem[0] = 0;
	call->response.n = 0;
	call->status = 0;
	call->www_basic = call->www_bearer = false;
	add_field(c->curl, &t->fields, "traceparent", gw_slice_str(t->traceparent));
	set_body(t);
	if (!request_common(c, t->easy, t->url, call->authorization, &t->fields, call->headers, call->n_headers, t->problem))
		return gw_fail(err, GW_EUNAVAIL, "libcurl cannot do what the options of the storage server ask for (%.100s)", t->problem);
	hint(c, t->easy, CURLOPT_ACCEPT_ENCODING, "gzip");
	hint(c, t->easy, CURLOPT_PRIVATE, t);
	hint(c, t->easy, CURLOPT_WRITEFUNCTION, on_body);
	hint(c, t->easy, CURLOPT_WRITEDATA, t);
	hint(c, t->easy, CURLOPT_HEADERFUNCTION, on_field);
	hint(c, t->easy, CURLOPT_HEADERDATA, t);
	hint(c, t->easy, CURLOPT_PREREQFUNCTION, on_send);
	hint(c, t->easy, CURLOPT_PREREQDATA, t);
	hint(c, t->easy, CURLOPT_BUFFERSIZE, call->sink ? 131072L : 16384L);
	set_times(t);
	return 0;
}

/* ---- the answer ---- */

void request_answered(struct transfer *t)
{
	const struct curl *curl = t->client->curl;
	struct http_call *call = t->call;
	curl_off_t after = 0;
	char *type = NULL;
	size_t n = 0;

	call->status = (int)status_of(t);
	curl->curl_easy_getinfo(t->easy, CURLINFO_RETRY_AFTER, &after);
	call->retry_after_s = after > 0 && after < 86400 ? (unsigned)after : 0;
	curl->curl_easy_getinfo(t->easy, CURLINFO_CONTENT_TYPE, &type);
	for (; type && type[n] && type[n] != ';' && type[n] != ' ' && n + 1 < sizeof call->content_type; n++)
		call->content_type[n] = (char)tolower((unsigned char)type[n]);
	call->content_type[n] = 0;
	free(call->final_url);
	call->final_url = gw_xstrdup(t->url);
}
