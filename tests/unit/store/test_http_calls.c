/* Calls of the HTTP client: connections, retries, the breaker, redirects, limits, streaming. */
#include "tests/unit/store/httptest.h"

static struct http_client *client;
static struct http_shared shared;
static struct http_call call;
static struct gw_err err;

static void begin_with(bool (*answer)(struct request *r), unsigned stall_s)
{
	struct http_options opt = { .clock = gw_clock_system(), .timeout_ms = 20000, .stall_s = stall_s, .shared = &shared };

	memset(&shared, 0, sizeof shared);
	server_start(0, answer);
	ck_assert_int_eq(http_client_new(&opt, &client, &err), 0);
	http_call_init(&call);
	call.url = server.url;
}

static void begin(bool (*answer)(struct request *r))
{
	begin_with(answer, 20);
}

static void end(void)
{
	http_call_done(&call);
	http_client_free(client);
	server_stop();
}

static int again(void)
{
	http_call_done(&call);
	return http_do(client, &call, &err);
}

/* ---- connections ---- */

static bool says_hello(struct request *r)
{
	return answer_with(r, 200, "Content-Type: Application/JSON; charset=utf-8\r\n", "hello");
}

START_TEST(a_connection_is_kept_and_each_call_has_its_own_credential)
{
	begin(says_hello);
	for (int i = 0; i < 6; i++) {
		call.authorization = i % 3 == 0 ? GW_S("Basic YW5uYQ==") : i % 3 == 1 ? GW_S("Basic Ym9i") : GW_S("");
		ck_assert_int_eq(again(), 0);
		ck_assert_int_eq(call.status, 200);
		ck_assert_slice_eq(gw_buf_slice(&call.response), "hello");
		ck_assert_str_eq(call.content_type, "application/json");
		ck_assert_str_eq(call.final_url, server.url);
		ck_assert_int_eq(!!strstr(server.heads[i], "\r\nAuthorization: Basic YW5uYQ==\r\n"), i % 3 == 0);
		ck_assert_int_eq(!!strstr(server.heads[i], "\r\nAuthorization: Basic Ym9i\r\n"), i % 3 == 1);
		ck_assert_int_eq(!!strstr(server.heads[i], "Authorization"), i % 3 != 2);
		ck_assert_ptr_nonnull(strstr(server.heads[i], "\r\ntraceparent: 00-"));
	}
	ck_assert_uint_eq(atomic_load(&server.connections), 1);
	ck_assert_uint_eq(atomic_load(&shared.requests), 6);
	ck_assert_uint_eq(http_load(&shared).in_flight + atomic_load(&shared.waiting), 0);
	end();
}
END_TEST

START_TEST(a_credential_in_an_address_is_refused)
{
	char url[100];

	begin(says_hello);
	snprintf(url, sizeof url, "http://eve:secret@127.0.0.1:%d/", server.port);
	call.url = url;
	ck_assert_int_lt(http_do(client, &call, &err), 0);
	ck_assert_ptr_null(strstr(err.text, "secret"));
	ck_assert_uint_eq(atomic_load(&server.requests), 0);
	end();
}
END_TEST

START_TEST(a_field_with_CR_or_LF_is_not_sent)
{
	struct http_header h = { "X-A", "a\r\nX-B: b" };

	begin(says_hello);
	call.headers = &h;
	call.n_headers = 1;
	ck_assert_int_eq(http_do(client, &call, &err), GW_EINVAL);
	h.value = "a\nb";
	ck_assert_int_eq(http_do(client, &call, &err), GW_EINVAL);
	h = (struct http_header){ "X: y", "a" };
	ck_assert_int_eq(http_do(client, &call, &err), GW_EINVAL);
	call.n_headers = 0;
	call.authorization = gw_slice("Bearer a\0b", 10);
	ck_assert_int_eq(http_do(client, &call, &err), GW_EINVAL);
	ck_assert_uint_eq(atomic_load(&server.requests), 0);
	end();
}
END_TEST

START_TEST(many_calls_at_once_share_few_connections)
{
	enum { N = 100 };
	static struct http_call many[N];

	begin(says_hello);
	for (int i = 0; i < N; i++) {
		http_call_init(&many[i]);
		many[i].url = server.url;
		http_start(client, &many[i]);
	}
	for (int i = 0; i < N; i++) {
		ck_assert_int_eq(http_wait(client, &many[i], &err), 0);
		ck_assert_slice_eq(gw_buf_slice(&many[i].response), "hello");
		http_call_done(&many[i]);
	}
	ck_assert_uint_eq(atomic_load(&server.requests), N);
	ck_assert_uint_le(atomic_load(&server.connections), 8);
	end();
}
END_TEST

static atomic_uint answered; /* requests up to this number get their answers */

static bool in_its_turn(struct request *r)
{
	while (r->number > atomic_load(&answered))
		usleep(1000);
	return says_hello(r);
}

static void wait_for_requests(unsigned n)
{
	while (atomic_load(&server.requests) < n)
		usleep(1000);
}

static bool asked_for(unsigned number, const char *path)
{
	bool is;

	pthread_mutex_lock(&server.lock);
	is = strncmp(server.heads[number - 1], path, strlen(path)) == 0;
	pthread_mutex_unlock(&server.lock);
	return is;
}

START_TEST(an_owner_of_many_calls_holds_up_neither_other_owners_nor_single_calls)
{
	enum { N = 12 };
	const struct http_options opt = { .clock = gw_clock_system(), .max_connections = 4 };
	const char *paths[] = { "crowd", "other", "single" };
	static struct http_call many[N];
	char url[3][100];
	int owner[2];

	atomic_store(&answered, 0);
	server_start(0, in_its_turn);
	ck_assert_int_eq(http_client_new(&opt, &client, &err), 0);
	ck_assert_uint_eq(http_client_share(client), 3);
	for (int i = 0; i < N; i++) {
		int who = i < N - 2 ? 0 : i - (N - 3);

		snprintf(url[who], sizeof url[who], "%s/%s", server.url, paths[who]);
		http_call_init(&many[i]);
		many[i].url = url[who];
		many[i].owner = who < 2 ? &owner[who] : NULL;
		http_start(client, &many[i]);
		if (i == N - 3)
			wait_for_requests(3); /* all that the crowd gets */
	}
	wait_for_requests(4);
	ck_assert(asked_for(4, "GET /jmap/single "));
	atomic_store(&answered, 1);
	wait_for_requests(5);
	ck_assert(asked_for(5, "GET /jmap/other "));
	atomic_store(&answered, N);
	for (int i = 0; i < N; i++) {
		ck_assert_int_eq(http_wait(client, &many[i], &err), 0);
		http_call_done(&many[i]);
	}
	ck_assert_uint_eq(atomic_load(&http_client_shared(client)->waiting), 0);
	ck_assert_uint_eq(atomic_load(&server.requests), N);
	http_client_free(client);
	server_stop();
}
END_TEST

START_TEST(a_call_that_waits_for_its_turn_can_be_interrupted)
{
	const struct http_options opt = { .clock = gw_clock_system(), .max_connections = 1 };
	static struct http_call two[2];
	atomic_bool stop = false;

	atomic_store(&answered, 0);
	server_start(0, in_its_turn);
	ck_assert_int_eq(http_client_new(&opt, &client, &err), 0);
	for (int i = 0; i < 2; i++) {
		http_call_init(&two[i]);
		two[i].url = server.url;
		two[i].owner = &opt;
		two[i].interrupted = i ? &stop : NULL;
		http_start(client, &two[i]);
	}
	wait_for_requests(1);
	atomic_store(&stop, true);
	ck_assert_int_eq(http_wait(client, &two[1], &err), GW_EINTR);
	atomic_store(&answered, 1);
	ck_assert_int_eq(http_wait(client, &two[0], &err), 0);
	ck_assert_uint_eq(atomic_load(&server.requests), 1);
	for (int i = 0; i < 2; i++)
		http_call_done(&two[i]);
	http_client_free(client);
	server_stop();
}
END_TEST

START_TEST(a_client_that_was_used_is_not_for_the_child_of_a_fork)
{
	int rc;

	begin(says_hello);
	ck_assert_int_eq(http_do(client, &call, &err), 0);
	if (fork() == 0)
		_exit(again() == GW_EBUG ? 7 : 1);
	wait(&rc);
	ck_assert_int_eq(WEXITSTATUS(rc), 7);
	end();
}
END_TEST

/* ---- retries ---- */

static bool dies_on_second(struct request *r)
{
	return r->number == 2 ? false : says_hello(r);
}

START_TEST(what_is_safe_is_repeated_when_a_kept_connection_dies)
{
	begin(dies_on_second);
	ck_assert_int_eq(http_do(client, &call, &err), 0);
	call.safe = true;
	ck_assert_int_eq(again(), 0);
	ck_assert_slice_eq(gw_buf_slice(&call.response), "hello");
	ck_assert_uint_eq(atomic_load(&server.requests), 3);
	end();
}
END_TEST

START_TEST(what_is_not_safe_goes_out_once)
{
	begin(dies_on_second);
	call.method = "POST";
	call.body = GW_S("{}");
	ck_assert_int_eq(http_do(client, &call, &err), 0);
	ck_assert_ptr_null(strcasestr(server.heads[0], "Expect"));
	ck_assert_int_eq(again(), GW_EUNAVAIL);
	ck_assert_uint_eq(atomic_load(&server.requests), 2);
	ck_assert_uint_eq(atomic_load(&shared.breaker), HTTP_CLOSED);
	end();
}
END_TEST

/* The whole server is killed when it has done what was asked. */
static bool killed_on_second(struct request *r)
{
	if (r->number == 2)
		shutdown(server.listener, SHUT_RDWR);
	return dies_on_second(r);
}

START_TEST(what_went_out_on_a_kept_connection_is_not_unsent_when_there_is_no_new_one)
{
	begin(killed_on_second);
	call.method = "POST";
	call.body = GW_S("{}");
	ck_assert_int_eq(http_do(client, &call, &err), 0);
	ck_assert_int_eq(again(), GW_EUNAVAIL);
	ck_assert_uint_eq(atomic_load(&server.requests), 2);
	ck_assert_uint_eq(atomic_load(&shared.retried), 0);
	end();
}
END_TEST

static bool busy_once(struct request *r)
{
	return r->number == 1 ? answer_with(r, 503, "Retry-After: 1\r\n", "busy") : says_hello(r);
}

START_TEST(what_is_safe_is_repeated_after_a_503)
{
	char *first, *second;

	begin(busy_once);
	call.safe = true;
	ck_assert_int_eq(http_do(client, &call, &err), 0);
	ck_assert_int_eq(call.status, 200);
	ck_assert_slice_eq(gw_buf_slice(&call.response), "hello");
	ck_assert_uint_eq(atomic_load(&shared.retried), 1);
	first = strstr(server.heads[0], "traceparent: ");
	second = strstr(server.heads[1], "traceparent: ");
	ck_assert_int_eq(memcmp(first, second, 68), 0);
	end();
}
END_TEST

static bool too_many(struct request *r)
{
	return answer_with(r, 429, "Retry-After: 3600\r\nWWW-Authenticate: Basic realm=x, Bearer\r\n", "slowly");
}

START_TEST(a_long_Retry_After_is_the_callers_to_wait_for)
{
	begin(too_many);
	call.safe = true;
	ck_assert_int_eq(http_do(client, &call, &err), 0);
	ck_assert_int_eq(call.status, 429);
	ck_assert_uint_eq(call.retry_after_s, 3600);
	ck_assert(call.www_basic && call.www_bearer);
	ck_assert_slice_eq(gw_buf_slice(&call.response), "slowly");
	ck_assert_uint_eq(atomic_load(&server.requests), 1);
	end();
}
END_TEST

/* ---- the breaker ---- */

static bool gone(struct request *r)
{
	return answer_with(r, 503, "", "");
}

START_TEST(the_breaker_opens_refuses_tries_and_closes)
{
	begin(gone);
	for (int i = 0; i < 5; i++) {
		ck_assert_uint_eq(atomic_load(&shared.breaker), HTTP_CLOSED);
		ck_assert_int_eq(again(), 0);
	}
	ck_assert_uint_eq(atomic_load(&shared.breaker), HTTP_OPEN);
	ck_assert_uint_eq(atomic_load(&shared.opened), 1);
	atomic_store(&shared.retry_ms, UINT64_MAX); /* nobody is let through yet */
	ck_assert_int_eq(again(), GW_EUNAVAIL);
	ck_assert_uint_eq(atomic_load(&server.requests), 5);
	atomic_store(&shared.retry_ms, 0); /* a trial, which fails */
	ck_assert_int_eq(again(), 0);
	ck_assert_uint_eq(atomic_load(&shared.breaker), HTTP_OPEN);
	atomic_store(&server.answer, says_hello);
	atomic_store(&shared.retry_ms, 0);
	ck_assert_int_eq(again(), 0);
	ck_assert_uint_eq(atomic_load(&shared.breaker), HTTP_CLOSED);
	ck_assert_uint_eq(atomic_load(&shared.failures), 0);
	end();
}
END_TEST

static bool holds(struct request *r)
{
	hold(r);
	return false;
}

START_TEST(one_request_finds_out_whether_the_server_is_back)
{
	atomic_bool stop = false;
	struct http_call other;

	begin(holds);
	atomic_store(&shared.breaker, HTTP_OPEN);
	call.interrupted = &stop;
	http_start(client, &call);
	while (atomic_load(&server.requests) == 0)
		usleep(1000);
	ck_assert_uint_eq(atomic_load(&shared.breaker), HTTP_HALF_OPEN);
	http_call_init(&other);
	other.url = server.url;
	ck_assert_int_eq(http_do(client, &other, &err), GW_EUNAVAIL);
	atomic_store(&stop, true); /* the trial says nothing: the next may be one */
	ck_assert_int_eq(http_wait(client, &call, &err), GW_EINTR);
	atomic_store(&server.answer, says_hello);
	ck_assert_int_eq(http_do(client, &other, &err), 0);
	ck_assert_uint_eq(atomic_load(&shared.breaker), HTTP_CLOSED);
	http_call_done(&other);
	end();
}
END_TEST

START_TEST(a_server_that_comes_back_is_found_by_what_waits)
{
	int port;

	begin(says_hello);
	port = server.port;
	server_stop();
	ck_assert_int_eq(http_do(client, &call, &err), GW_EUNAVAIL); /* refused, several times */
	ck_assert_uint_ge(atomic_load(&shared.retried), 1);
	server_start(port, says_hello);
	atomic_store(&shared.retry_ms, 0);
	ck_assert_int_eq(again(), 0);
	end();
}
END_TEST

/* ---- redirects ---- */

static bool redirects(struct request *r)
{
	if (strncmp(r->head, "GET /jmap ", 10) == 0)
		return answer_with(r, 301, "Location: /there\r\n", "");
	if (strncmp(r->head, "GET /there ", 11) == 0)
		return says_hello(r);
	if (strncmp(r->head, "GET /file ", 10) == 0)
		return answer_with(r, 302, "Location: file:///etc/passwd\r\n", "");
	if (strncmp(r->head, "GET /round ", 11) == 0)
		return answer_with(r, 302, "Location: /round\r\n", "");
	return answer_with(r, 302, "Location: http://localhost/there\r\n", "");
}

START_TEST(redirects_are_followed_on_the_same_server_alone)
{
	static const char *const refused[] = { "other", "file", "round" };
	char url[100];

	begin(redirects);
	ck_assert_int_eq(http_do(client, &call, &err), 0);
	ck_assert_int_eq(call.status, 301);
	call.follow = true;
	ck_assert_int_eq(again(), 0);
	ck_assert_int_eq(call.status, 200);
	snprintf(url, sizeof url, "http://127.0.0.1:%d/there", server.port);
	ck_assert_str_eq(call.final_url, url);
	for (size_t i = 0; i < 3; i++) {
		snprintf(url, sizeof url, "http://127.0.0.1:%d/%s", server.port, refused[i]);
		call.url = url;
		ck_assert_int_eq(again(), GW_EUNAVAIL);
		ck_assert_ptr_nonnull(strstr(err.text, "redirects"));
	}
	end();
}
END_TEST

/* ---- limits ---- */

static bool endless(struct request *r)
{
	static char piece[65536];

	put(r, strstr(r->head, "/refused") ? "HTTP/1.1 404 x\r\n\r\n" : "HTTP/1.1 200 x\r\n\r\n");
	while (send(r->fd, piece, sizeof piece, MSG_NOSIGNAL) > 0)
		continue;
	return false;
}

START_TEST(an_answer_over_the_limit_ends_the_call)
{
	char url[100];

	begin(endless);
	call.max_response = 100000;
	call.safe = true;
	ck_assert_int_eq(http_do(client, &call, &err), GW_ELIMIT);
	ck_assert_uint_eq(atomic_load(&server.requests), 1);
	snprintf(url, sizeof url, "http://127.0.0.1:%d/refused", server.port);
	call.url = url; /* of a refusal the beginning is kept */
	ck_assert_int_eq(again(), 0);
	ck_assert_int_eq(call.status, 404);
	ck_assert_uint_le(call.response.n, 65536);
	end();
}
END_TEST

/* 16 MiB of zeros, packed by gzip(1) into 16 KiB. */
static bool bomb(struct request *r)
{
	FILE *f = popen("head -c 16777216 /dev/zero | gzip -9", "r");
	char packed[65536];
	size_t n = fread(packed, 1, sizeof packed, f);
	char head[200];

	pclose(f);
	snprintf(head, sizeof head, "HTTP/1.1 200 x\r\nContent-Encoding: gzip\r\nContent-Length: %zu\r\n\r\n", n);
	put(r, head);
	return send(r->fd, packed, n, MSG_NOSIGNAL) == (ssize_t)n;
}

START_TEST(what_is_unpacked_counts)
{
	begin(bomb);
	call.max_response = 1 << 20;
	ck_assert_int_eq(http_do(client, &call, &err), GW_ELIMIT);
	ck_assert_uint_le(call.response.cap, 4 << 20);
	call.max_response = 16 << 20;
	ck_assert_int_eq(again(), 0);
	ck_assert_uint_eq(call.response.n, 16 << 20);
	end();
}
END_TEST

static bool packs_strangely(struct request *r)
{
	return answer_with(r, 200, r->number == 1 ? "Content-Encoding: zstd\r\n" : "Content-Encoding: gzip, gzip\r\n", "xxxx");
}

START_TEST(what_was_not_asked_for_is_not_unpacked)
{
	begin(packs_strangely);
	ck_assert_int_eq(http_do(client, &call, &err), GW_ECORRUPT);
	ck_assert_int_eq(again(), GW_ECORRUPT);
	end();
}
END_TEST

static bool long_header(struct request *r)
{
	put(r, "HTTP/1.1 200 x\r\n");
	while (put(r, "X-Field: 0123456789012345678901234567890123456789\r\n"))
		continue;
	return false;
}

START_TEST(a_header_without_end_ends_the_call)
{
	begin(long_header);
	ck_assert_int_eq(http_do(client, &call, &err), GW_ELIMIT);
	end();
}
END_TEST

static bool drips(struct request *r)
{
	put(r, "HTTP/1.1 200 x\r\nContent-Length: 1000000\r\n\r\n");
	while (!atomic_load(&server.let_go) && put(r, "x"))
		usleep(100000);
	return false;
}

static int count(void *ctx, struct gw_slice bytes, bool restart)
{
	uint64_t *n = ctx;

	*n = (restart ? 0 : *n) + bytes.n;
	return 0;
}

START_TEST(a_slow_drip_is_a_stall)
{
	uint64_t n = 0;

	begin_with(drips, 1);
	call.sink = count; /* no deadline */
	call.sink_ctx = &n;
	ck_assert_int_eq(http_do(client, &call, &err), GW_EUNAVAIL);
	ck_assert_uint_eq(call.response.n, 0);
	end();
}
END_TEST

START_TEST(a_call_that_is_interrupted_ends)
{
	atomic_bool stop = false;

	begin(holds);
	call.interrupted = &stop;
	http_start(client, &call);
	while (atomic_load(&server.requests) == 0)
		usleep(1000);
	atomic_store(&stop, true);
	ck_assert_int_eq(http_wait(client, &call, &err), GW_EINTR);
	end();
}
END_TEST

/* ---- streaming ---- */

#define BIG ((uint64_t)64 << 20)
static uint64_t farthest; /* octet that was asked for, by the client's thread */

static long ones(void *ctx, uint64_t off, void *dst, size_t n)
{
	(void)ctx;
	memset(dst, 1, n);
	ck_assert_uint_le(n, 1 << 20);
	farthest = off + n > farthest ? off + n : farthest;
	return (long)n;
}

static bool counts(struct request *r)
{
	char text[64];

	snprintf(text, sizeof text, "%llu %u", (unsigned long long)r->body, r->sum);
	return answer_with(r, 201, "", text);
}

START_TEST(an_upload_is_streamed_to_its_last_octet)
{
	begin(counts);
	call.method = "POST";
	call.read = ones;
	call.read_size = BIG;
	ck_assert_int_eq(http_do(client, &call, &err), 0);
	ck_assert_int_eq(call.status, 201);
	ck_assert_slice_eq(gw_buf_slice(&call.response), "67108864 67108864");
	ck_assert_uint_eq(farthest, BIG);
	end();
}
END_TEST

static long runs_dry(void *ctx, uint64_t off, void *dst, size_t n)
{
	(void)ctx;
	if (off >= 1000)
		return 0;
	n = n < 1000 ? n : 1000;
	memset(dst, 1, n);
	return (long)n;
}

START_TEST(an_upload_shorter_than_was_said_is_no_upload)
{
	begin(counts);
	call.method = "POST";
	call.read = runs_dry;
	call.read_size = 2000;
	ck_assert_int_eq(http_do(client, &call, &err), GW_EIO);
	end();
}
END_TEST

static bool cut_once(struct request *r)
{
	return r->number == 1 ? put(r, "HTTP/1.1 200 x\r\nContent-Length: 10\r\n\r\nhel") && false : says_hello(r);
}

START_TEST(a_download_that_was_cut_begins_anew)
{
	uint64_t n = 0;

	begin(cut_once);
	call.sink = count;
	call.sink_ctx = &n;
	call.safe = true;
	ck_assert_int_eq(http_do(client, &call, &err), 0);
	ck_assert_uint_eq(n, 5);
	call.safe = false;
	atomic_store(&server.requests, 0);
	free(server.heads[0]);
	ck_assert_int_eq(again(), GW_EUNAVAIL);
	end();
}
END_TEST

static int refuses(void *ctx, struct gw_slice bytes, bool restart)
{
	(void)ctx;
	(void)bytes;
	(void)restart;
	return GW_ENOSPC;
}

START_TEST(what_the_sink_says_ends_the_call)
{
	begin(says_hello);
	call.sink = refuses;
	call.safe = true;
	ck_assert_int_eq(http_do(client, &call, &err), GW_ENOSPC);
	ck_assert_uint_eq(atomic_load(&server.requests), 1);
	end();
}
END_TEST

static TCase *connections(void)
{
	TCase *t = tcase_create("connections");

	tcase_set_timeout(t, 30);
	tcase_add_test(t, a_connection_is_kept_and_each_call_has_its_own_credential);
	tcase_add_test(t, a_credential_in_an_address_is_refused);
	tcase_add_test(t, a_field_with_CR_or_LF_is_not_sent);
	tcase_add_test(t, many_calls_at_once_share_few_connections);
	tcase_add_test(t, an_owner_of_many_calls_holds_up_neither_other_owners_nor_single_calls);
	tcase_add_test(t, a_call_that_waits_for_its_turn_can_be_interrupted);
	tcase_add_test(t, a_client_that_was_used_is_not_for_the_child_of_a_fork);
	return t;
}

static TCase *retries(void)
{
	TCase *t = tcase_create("retries");

	tcase_set_timeout(t, 30);
	tcase_add_test(t, what_is_safe_is_repeated_when_a_kept_connection_dies);
	tcase_add_test(t, what_is_not_safe_goes_out_once);
	tcase_add_test(t, what_went_out_on_a_kept_connection_is_not_unsent_when_there_is_no_new_one);
	tcase_add_test(t, what_is_safe_is_repeated_after_a_503);
	tcase_add_test(t, a_long_Retry_After_is_the_callers_to_wait_for);
	tcase_add_test(t, the_breaker_opens_refuses_tries_and_closes);
	tcase_add_test(t, one_request_finds_out_whether_the_server_is_back);
	tcase_add_test(t, a_server_that_comes_back_is_found_by_what_waits);
	tcase_add_test(t, redirects_are_followed_on_the_same_server_alone);
	return t;
}

static TCase *limits(void)
{
	TCase *t = tcase_create("limits");

	tcase_set_timeout(t, 30);
	tcase_add_test(t, an_answer_over_the_limit_ends_the_call);
	tcase_add_test(t, what_is_unpacked_counts);
	tcase_add_test(t, what_was_not_asked_for_is_not_unpacked);
	tcase_add_test(t, a_header_without_end_ends_the_call);
	tcase_add_test(t, a_slow_drip_is_a_stall);
	tcase_add_test(t, a_call_that_is_interrupted_ends);
	tcase_add_test(t, an_upload_is_streamed_to_its_last_octet);
	tcase_add_test(t, an_upload_shorter_than_was_said_is_no_upload);
	tcase_add_test(t, a_download_that_was_cut_begins_anew);
	tcase_add_test(t, what_the_sink_says_ends_the_call);
	return t;
}

UNIT_MAIN("http_calls", connections(), retries(), limits())
