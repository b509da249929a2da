/* Ways to a server of HTTP: TLS with all that is checked, UNIX sockets; and event streams. */
#include "tests/unit/store/httptest.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>

static struct gw_err err;
static char dir[] = "/tmp/http-XXXXXX";

static const char *in_dir(const char *name)
{
	static char text[4][200];
	static unsigned i;

	i = (i + 1) % 4;
	snprintf(text[i], sizeof text[i], "%s/%s", dir, name);
	return text[i];
}

static void run(const char *command)
{
	char text[1000];

	snprintf(text, sizeof text, "cd %s && { %s; } >log 2>&1", dir, command);
	ck_assert_int_eq(system(text), 0);
}

static void make_dir(void)
{
	ck_assert_ptr_nonnull(mkdtemp(dir));
}

static void remove_dir(void)
{
	char text[200];

	snprintf(text, sizeof text, "rm -rf %s", dir);
	ck_assert_int_eq(system(text), 0);
	snprintf(dir, sizeof dir, "/tmp/http-XXXXXX");
}

static int get(const struct http_options *way, const char *url)
{
	struct http_options opt = *way;
	struct http_client *client;
	struct http_call call;
	int rc;

	opt.clock = gw_clock_system();
	ck_assert_int_eq(http_client_new(&opt, &client, &err), 0);
	http_call_init(&call);
	call.url = url;
	rc = http_do(client, &call, &err);
	if (rc == 0)
		rc = call.status;
	http_call_done(&call);
	http_client_free(client);
	return rc;
}

/* ---- TLS: the server of openssl(1), whose certificate is for the name localhost ---- */

static pid_t tls;
static int tls_port;

static int free_port(void)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	socklen_t n = sizeof at;

	ck_assert_int_eq(bind(fd, (struct sockaddr *)&at, n), 0);
	ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&at, &n), 0);
	close(fd);
	return ntohs(at.sin_port);
}

static void wait_for_port(int port)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };

	for (int fd = -1, rc = -1; rc < 0; usleep(2000)) {
		fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
		rc = connect(fd, (struct sockaddr *)&at, sizeof at);
		close(fd);
	}
}

static void start_tls(const char *more)
{
	char text[400];

	make_dir();
	run("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key -out crt -subj /CN=localhost -addext "
	    "subjectAltName=DNS:localhost && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key2 -out crt2 "
	    "-subj /CN=client && openssl x509 -in crt -pubkey -noout | openssl pkey -pubin -outform der | openssl dgst -sha256 -binary | "
	    "openssl base64 > pin");
	tls_port = free_port();
	snprintf(text, sizeof text, "cd %s && exec openssl s_server -accept 127.0.0.1:%d -cert crt -key key -www -quiet %s >log 2>&1 </dev/null",
		 dir, tls_port, more);
	tls = fork();
	if (tls == 0) {
		execl("/bin/sh", "sh", "-c", text, NULL);
		_exit(127);
	}
	wait_for_port(tls_port);
}

static void end_tls(void)
{
	kill(tls, SIGKILL);
	waitpid(tls, NULL, 0);
	remove_dir();
}

static const char *tls_url(const char *host)
{
	static char text[100];

	snprintf(text, sizeof text, "https://%s:%d/", host, tls_port);
	return text;
}

START_TEST(certificates_are_verified_against_the_CA_file_and_the_name)
{
	struct http_options way = { 0 };

	start_tls("");
	ck_assert_int_eq(get(&way, tls_url("localhost")), GW_EUNAVAIL); /* unknown CA */
	way.ca_file = in_dir("crt2");
	ck_assert_int_eq(get(&way, tls_url("localhost")), GW_EUNAVAIL); /* another CA */
	way.ca_file = in_dir("none");
	ck_assert_int_eq(get(&way, tls_url("localhost")), GW_EUNAVAIL);
	way.ca_file = in_dir("crt");
	ck_assert_int_eq(get(&way, tls_url("localhost")), 200);
	ck_assert_int_eq(get(&way, tls_url("127.0.0.1")), GW_EUNAVAIL); /* another name */
	ck_assert_ptr_nonnull(strstr(err.text, "127.0.0.1"));
	end_tls();
}
END_TEST

START_TEST(a_pinned_key_must_be_the_servers)
{
	struct http_options way = { .pin = "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=" };
	char pin[100] = "sha256//";
	FILE *f;

	start_tls("");
	way.ca_file = in_dir("crt");
	ck_assert_int_eq(get(&way, tls_url("localhost")), GW_EUNAVAIL);
	f = fopen(in_dir("pin"), "re");
	ck_assert_ptr_nonnull(fgets(pin + 8, 60, f));
	fclose(f);
	pin[strcspn(pin, "\n")] = 0;
	way.pin = pin;
	ck_assert_int_eq(get(&way, tls_url("localhost")), 200);
	way.ca_file = NULL; /* the right key does not stand for a certificate that nobody vouches for */
	ck_assert_int_eq(get(&way, tls_url("localhost")), GW_EUNAVAIL);
	end_tls();
}
END_TEST

START_TEST(a_client_shows_its_certificate)
{
	struct http_options way = { 0 };

	start_tls("-Verify 1 -verify_return_error -CAfile crt2");
	way.ca_file = in_dir("crt");
	ck_assert_int_eq(get(&way, tls_url("localhost")), GW_EUNAVAIL);
	way.certificate_file = in_dir("crt2");
	way.private_key_file = in_dir("key2");
	ck_assert_int_eq(get(&way, tls_url("localhost")), 200);
	end_tls();
}
END_TEST

/* ---- a UNIX socket, no proxy of the environment ---- */

static bool says_hello(struct request *r)
{
	return answer_with(r, 200, "", "hello");
}

START_TEST(a_server_may_listen_on_a_unix_socket)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	struct http_options way = { 0 };

	make_dir();
	snprintf(at.sun_path, sizeof at.sun_path, "%s/socket", dir);
	server_listen((struct sockaddr *)&at, sizeof at, says_hello);
	way.unix_socket = at.sun_path;
	ck_assert_int_eq(get(&way, "http://mail.example.org/jmap"), 200);
	ck_assert_ptr_nonnull(strstr(server.heads[0], "\r\nHost: mail.example.org\r\n"));
	server_stop();
	remove_dir();
}
END_TEST

START_TEST(a_proxy_is_what_the_options_say_and_not_the_environment)
{
	struct http_options way = { 0 };
	char proxy[100];

	server_start(0, says_hello);
	ck_assert_int_eq(setenv("http_proxy", "http://127.0.0.1:1/", 1) + setenv("no_proxy", "*", 1), 0);
	ck_assert_int_eq(get(&way, server.url), 200);
	snprintf(proxy, sizeof proxy, "http://127.0.0.1:%d", server.port);
	way.proxy = proxy;
	ck_assert_int_eq(get(&way, "http://mail.example.org/jmap"), 200);
	ck_assert_int_eq(strncmp(server.heads[1], "GET http://mail.example.org/jmap ", 33), 0);
	server_stop();
}
END_TEST

/* ---- event streams ---- */

static struct {
	pthread_mutex_t lock;
	pthread_cond_t moved;
	struct gw_buf got;
	int status, ends;
	char why[300];
} seen = { .lock = PTHREAD_MUTEX_INITIALIZER, .moved = PTHREAD_COND_INITIALIZER };

static void on_open(void *ctx, int status)
{
	(void)ctx;
	pthread_mutex_lock(&seen.lock);
	seen.status = status;
	pthread_cond_broadcast(&seen.moved);
	pthread_mutex_unlock(&seen.lock);
}

static void on_bytes(void *ctx, struct gw_slice bytes)
{
	(void)ctx;
	pthread_mutex_lock(&seen.lock);
	gw_buf_add_slice(&seen.got, bytes);
	pthread_cond_broadcast(&seen.moved);
	pthread_mutex_unlock(&seen.lock);
}

static void on_end(void *ctx, const char *why)
{
	(void)ctx;
	pthread_mutex_lock(&seen.lock);
	seen.ends++;
	snprintf(seen.why, sizeof seen.why, "%s", why);
	pthread_cond_broadcast(&seen.moved);
	pthread_mutex_unlock(&seen.lock);
}

static void wait_until(size_t octets, int ends)
{
	pthread_mutex_lock(&seen.lock);
	while (seen.got.n < octets || seen.ends < ends)
		pthread_cond_wait(&seen.moved, &seen.lock);
	pthread_mutex_unlock(&seen.lock);
}

static struct http_client *client;

static struct http_stream *listen_to(bool (*answer)(struct request *r))
{
	struct http_options opt = { .clock = gw_clock_system() };
	struct http_stream_options so = { .authorization = GW_S("Basic YW5uYQ=="), .silence_s = 1, .open = on_open, .bytes = on_bytes,
		.end = on_end };
	struct http_stream *s = NULL;
	char url[100];

	gw_buf_init(&seen.got, 0);
	seen.status = seen.ends = 0;
	server_start(0, answer);
	snprintf(url, sizeof url, "%s", server.url);
	so.url = url;
	ck_assert_int_eq(http_client_new(&opt, &client, &err), 0);
	ck_assert_int_eq(http_stream_open(client, &so, &s, &err), 0);
	memset(url, 0, sizeof url); /* it was copied */
	return s;
}

static void close_all(struct http_stream *s)
{
	http_stream_close(s);
	ck_assert_uint_eq(http_load(http_client_shared(client)).streams, 0);
	http_client_free(client);
	server_stop();
	gw_buf_done(&seen.got);
}

static bool two_events(struct request *r)
{
	put(r, "HTTP/1.1 103 early\r\n\r\nHTTP/1.1 200 x\r\nContent-Type: text/event-stream\r\n\r\n");
	put(r, "event: a\n\n");
	wait_until(10, 0); /* the first is not held back for the second */
	put(r, "event: b\n\n");
	return false;
}

START_TEST(events_come_as_they_are_sent_and_the_end_is_told)
{
	struct http_stream *s = listen_to(two_events);

	wait_until(20, 1);
	ck_assert_int_eq(seen.status, 200);
	ck_assert_slice_eq(gw_buf_slice(&seen.got), "event: a\n\nevent: b\n\n");
	ck_assert_ptr_nonnull(strstr(server.heads[0], "\r\nAuthorization: Basic YW5uYQ==\r\n"));
	close_all(s);
	ck_assert_int_eq(seen.ends, 1);
}
END_TEST

static bool silent(struct request *r)
{
	put(r, "HTTP/1.1 200 x\r\n\r\nhello");
	hold(r);
	return false;
}

static bool mute(struct request *r)
{
	put(r, "HTTP/1.1 200 x\r\n\r\n");
	hold(r);
	return false;
}

START_TEST(a_stream_that_says_nothing_is_dead)
{
	struct http_stream *s = listen_to(mute);

	wait_until(0, 1);
	ck_assert_int_eq(seen.status, 200);
	close_all(s);
}
END_TEST

START_TEST(many_streams_are_open_at_once)
{
	enum { N = 7 }; /* and one: each has a connection */
	struct http_stream *s = listen_to(silent), *more[N];
	struct http_stream_options so = { .url = server.url, .silence_s = 60, .open = on_open, .bytes = on_bytes, .end = on_end };

	for (int i = 0; i < N; i++)
		ck_assert_int_eq(http_stream_open(client, &so, &more[i], &err), 0);
	wait_until((N + 1) * 5, 0); /* "hello" of each */
	for (int i = 0; i < N; i++)
		http_stream_close(more[i]);
	close_all(s);
}
END_TEST

START_TEST(nothing_is_told_of_a_stream_that_was_closed)
{
	struct http_stream *s = listen_to(silent);

	wait_until(5, 0);
	close_all(s);
	ck_assert_int_eq(seen.ends, 0);
}
END_TEST

static bool refused(struct request *r)
{
	return answer_with(r, 403, "", "data: no event\n\n");
}

START_TEST(a_refusal_is_told_by_its_status_alone)
{
	struct http_stream *s = listen_to(refused);

	wait_until(0, 1);
	ck_assert_int_eq(seen.status, 403);
	ck_assert_uint_eq(seen.got.n, 0);
	ck_assert_ptr_nonnull(strstr(seen.why, "403"));
	close_all(s);
}
END_TEST

static bool no_source(struct request *r)
{
	return put(r, "HTTP/1.1 204 x\r\n\r\n");
}

START_TEST(a_server_without_events_says_204)
{
	struct http_stream *s = listen_to(no_source);

	wait_until(0, 1);
	ck_assert_int_eq(seen.status, 204);
	close_all(s);
}
END_TEST

static bool long_header(struct request *r)
{
	put(r, "HTTP/1.1 200 x\r\n");
	while (put(r, "X-Field: 0123456789012345678901234567890123456789\r\n"))
		continue;
	return false;
}

START_TEST(a_header_without_end_ends_a_stream)
{
	struct http_stream *s = listen_to(long_header);

	wait_until(0, 1);
	ck_assert_int_eq(seen.status, 0);
	ck_assert_ptr_nonnull(strstr(seen.why, "its header is longer"));
	close_all(s);
}
END_TEST

static TCase *ways(void)
{
	TCase *t = tcase_create("ways");

	tcase_set_timeout(t, 30);
	tcase_add_test(t, certificates_are_verified_against_the_CA_file_and_the_name);
	tcase_add_test(t, a_pinned_key_must_be_the_servers);
	tcase_add_test(t, a_client_shows_its_certificate);
	tcase_add_test(t, a_server_may_listen_on_a_unix_socket);
	tcase_add_test(t, a_proxy_is_what_the_options_say_and_not_the_environment);
	return t;
}

static TCase *streams(void)
{
	TCase *t = tcase_create("streams");

	tcase_set_timeout(t, 30);
	tcase_add_test(t, events_come_as_they_are_sent_and_the_end_is_told);
	tcase_add_test(t, a_stream_that_says_nothing_is_dead);
	tcase_add_test(t, many_streams_are_open_at_once);
	tcase_add_test(t, nothing_is_told_of_a_stream_that_was_closed);
	tcase_add_test(t, a_refusal_is_told_by_its_status_alone);
	tcase_add_test(t, a_server_without_events_says_204);
	tcase_add_test(t, a_header_without_end_ends_a_stream);
	return t;
}

UNIT_MAIN("http_ways", ways(), streams())
