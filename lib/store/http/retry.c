/* retry.c - what a try that failed means: once more, or the end (see priv.h) */
#include "store/http/priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/random.h>

#include "util/mem.h"

#define REST_FIRST_MS 60 /* before the second try, at most; then twice as long each time */
#define REST_MOST_MS  5000

/* ---- redirects ---- */

static char *part(const struct curl *curl, CURLU *u, CURLUPart what)
{
	char *text = NULL, *copy;

	if (curl->curl_url_get(u, what, &text, what == CURLUPART_PORT ? CURLU_DEFAULT_PORT : 0) != CURLUE_OK)
		return gw_xstrdup("");
	copy = gw_xstrdup(text);
	curl->curl_free(text);
	return copy;
}

static bool same_part(const struct curl *curl, CURLU *a, CURLU *b, CURLUPart what)
{
	char *x = part(curl, a, what), *y = part(curl, b, what);
	bool same = strcasecmp(x, y) == 0;

	free(x);
	free(y);
	return same;
}

/* Do both lie on the same server? */
static bool same_server(const struct curl *curl, const char *from, const char *to)
{
	CURLU *a = curl->curl_url(), *b = curl->curl_url();
	bool same = a && b && curl->curl_url_set(a, CURLUPART_URL, from, 0) == CURLUE_OK &&
		    curl->curl_url_set(b, CURLUPART_URL, to, 0) == CURLUE_OK && same_part(curl, a, b, CURLUPART_SCHEME) &&
		    same_part(curl, a, b, CURLUPART_HOST) && same_part(curl, a, b, CURLUPART_PORT);

	curl->curl_url_cleanup(a);
	curl->curl_url_cleanup(b);
	return same;
}

static enum verdict follow(struct transfer *t)
{
	const struct curl *curl = t->client->curl;
	char *to = NULL;

	curl->curl_easy_getinfo(t->easy, CURLINFO_REDIRECT_URL, &to);
	if (!to)
		return VERDICT_DONE;
	if (!same_server(curl, t->url, to) || ++t->hops > HTTP_HOPS) {
		t->call->trouble = HTTP_ELSEWHERE;
		t->rc = gw_fail(&t->call->err, GW_EUNAVAIL, t->hops > HTTP_HOPS ? "the storage server redirects without end"
									       : "the storage server redirects to another server");
		return VERDICT_DONE;
	}
	to = gw_xstrdup(to);
	free(t->url);
	t->url = to;
	return VERDICT_AGAIN;
}

/* ---- once more ---- */

static uint64_t random_below(uint64_t n)
{
	uint64_t v = 0;

	return n && getrandom(&v, sizeof v, 0) == (ssize_t)sizeof v ? v % n : 0;
}

/* Full jitter: many clients that failed together do not come back together. */
static bool rest(struct transfer *t, uint64_t at_least_ms)
{
	uint64_t most = (uint64_t)REST_FIRST_MS << (t->tries < 6 ? t->tries : 6), now = client_now(t->client);

	if (t->tries >= HTTP_TRIES)
		return false;
	if (at_least_ms > REST_MOST_MS)
		return false;
	t->rest_until_ms = now + at_least_ms + random_below(most) + 1;
	if (t->deadline_ms && t->rest_until_ms >= t->deadline_ms)
		return false;
	atomic_fetch_add_explicit(&t->client->shared->retried, 1, memory_order_relaxed);
	return true;
}

/* Is it trouble of before a request is sent? */
static bool before_sending(CURLcode code)
{
	return code == CURLE_COULDNT_CONNECT || code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_COULDNT_RESOLVE_PROXY ||
	       code == CURLE_SSL_CONNECT_ERROR;
}

/* Does it say that the server is away? What breaks off in the middle, or makes no sense, may be this request's own fault. */
static bool says_down(CURLcode code)
{
	return before_sending(code) || code == CURLE_OPERATION_TIMEDOUT || code == CURLE_PEER_FAILED_VERIFICATION ||
	       code == CURLE_SSL_PINNEDPUBKEYNOTMATCH || code == CURLE_SSL_CERTPROBLEM || code == CURLE_SSL_CACERT_BADFILE;
}

/* Was nothing of the request sent? libcurl may have sent it over a kept connection that died, and then not have got a new one. */
static bool unsent(const struct transfer *t, CURLcode code)
{
	return before_sending(code) && t->sends == 0;
}

static bool is_of_tls(CURLcode code)
{
	return code == CURLE_SSL_CONNECT_ERROR || code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_PINNEDPUBKEYNOTMATCH ||
	       code == CURLE_SSL_CERTPROBLEM || code == CURLE_SSL_CACERT_BADFILE || code == CURLE_SSL_ISSUER_ERROR;
}

/* Will it be the same next time? */
static bool final(CURLcode code)
{
	return code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_PINNEDPUBKEYNOTMATCH || code == CURLE_URL_MALFORMAT ||
	       code == CURLE_UNSUPPORTED_PROTOCOL || code == CURLE_SSL_CERTPROBLEM || code == CURLE_SSL_CACERT_BADFILE ||
	       code == CURLE_OPERATION_TIMEDOUT || code == CURLE_LOGIN_DENIED;
}

static enum verdict failed(struct transfer *t, CURLcode code)
{
	const struct curl *curl = t->client->curl;
	const char *why = t->problem[0] ? t->problem : curl->curl_easy_strerror(code);

	t->call->trouble = t->rc < 0 ? HTTP_OTHER_TROUBLE : is_of_tls(code) ? HTTP_NO_TLS : HTTP_AWAY;
	if (t->rc < 0) { /* our own doing */
		breaker_nothing(t->client, t->trial);
		return VERDICT_DONE;
	}
	if (t->trial || says_down(code))
		breaker_heard(t->client, false, t->trial, why);
	if (!final(code) && !t->trial && (t->call->safe || unsent(t, code)) && rest(t, 0))
		return VERDICT_REST;
	t->rc = gw_fail(&t->call->err, GW_EUNAVAIL, "the storage server does not answer: %.300s", why);
	return VERDICT_DONE;
}

static bool is_down(int status)
{
	return status == 502 || status == 503 || status == 504;
}

static enum verdict answered(struct transfer *t)
{
	struct http_call *call = t->call;

	request_answered(t);
	breaker_heard(t->client, !is_down(call->status), t->trial, "it answers with a status that says so");
	if (call->follow && call->status / 100 == 3)
		return follow(t);
	if (call->safe && !t->trial && (is_down(call->status) || call->status == 429) && rest(t, call->retry_after_s * UINT64_C(1000)))
		return VERDICT_REST;
	if (call->status / 100 == 2 && call->sink && t->restarted) { /* an empty body */
		t->rc = call->sink(call->sink_ctx, GW_S(""), true);
		t->restarted = false;
	}
	return VERDICT_DONE;
}

enum verdict retry_judge(struct transfer *t, CURLcode code)
{
	t->tries++;
	return (code == CURLE_OK || t->enough) && t->rc == 0 ? answered(t) : failed(t, code);
}
