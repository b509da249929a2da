/* loadgen.c - a small load generator for IMAP and POP3 servers on this machine
 *
 *	loadgen METRIC [key=value ...]     prints one JSON object a figure
 *
 * Keys: port, tls=0|1, user (printf pattern of a number), pass, first (first user number), conns, secs, n, size, box.
 * Connections only go to 127.0.0.1. Every run is bounded by n or secs,
 * and a server that is silent for `patience` seconds ends it. Blocking sockets; one thread a connection. */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

#define INPUT_BYTES (2 * 1024 * 1024)
#define MAX_CONNS 4096

static int arg_count;
static char **arg_values;

static const char *key(const char *name, const char *fallback)
{
	size_t n = strlen(name);

	for (int i = 0; i < arg_count; i++)
		if (strncmp(arg_values[i], name, n) == 0 && arg_values[i][n] == '=')
			return arg_values[i] + n + 1;
	return fallback;
}

static long number(const char *name, long fallback)
{
	const char *v = key(name, NULL);

	return v ? strtol(v, NULL, 10) : fallback;
}

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static void die(const char *what)
{
	printf("{\"error\":\"%s\"}\n", what);
	exit(1);
}

static void report(const char *metric, double value, const char *unit)
{
	printf("{\"metric\":\"%s\",\"value\":%.4f,\"unit\":\"%s\"}\n", metric, value, unit);
	fflush(stdout);
}

/* ---- one connection ---- */

/* COMPRESS=DEFLATE (RFC 4978): what came and is not inflated yet stands in raw[0..inflating.avail_in). */
struct deflated {
	z_stream deflating, inflating;
	unsigned char raw[65536];
};

struct conn {
	int fd;
	SSL *ssl;
	struct deflated *z; /* NULL: not compressed */
	char *in;
	size_t pos, end;
	uint64_t bytes; /* received, compressed or not */
};

static SSL_CTX *tls_context;

static void conn_open(struct conn *c, SSL_SESSION *resume)
{
	struct sockaddr_in sa = { .sin_family = AF_INET, .sin_port = htons((uint16_t)number("port", 143)) };
	struct timeval patience = { .tv_sec = number("patience", 120) };
	int one = 1;

	inet_pton(AF_INET, "127.0.0.1", &sa.sin_addr);
	memset(c, 0, sizeof *c);
	c->fd = socket(AF_INET, SOCK_STREAM, 0);
	if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&sa, sizeof sa) != 0)
		die("cannot connect");
	setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	setsockopt(c->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	c->in = malloc(INPUT_BYTES);
	if (!c->in)
		die("out of memory");
	if (!number("tls", 0))
		return;
	c->ssl = SSL_new(tls_context);
	SSL_set_fd(c->ssl, c->fd);
	if (resume)
		SSL_set_session(c->ssl, resume);
	if (SSL_connect(c->ssl) != 1)
		die("TLS handshake failed");
}

static void conn_close(struct conn *c)
{
	if (c->ssl) {
		SSL_shutdown(c->ssl);
		SSL_free(c->ssl);
	}
	if (c->z) {
		deflateEnd(&c->z->deflating);
		inflateEnd(&c->z->inflating);
		free(c->z);
	}
	close(c->fd);
	free(c->in);
}

static void conn_send(struct conn *c, const char *p, size_t n)
{
	while (n) {
		long done = c->ssl ? SSL_write(c->ssl, p, n > 1 << 20 ? 1 << 20 : (int)n) : write(c->fd, p, n);

		if (done <= 0)
			die("the server closed the connection");
		p += done;
		n -= (size_t)done;
	}
}

static void conn_write(struct conn *c, const char *p, size_t n)
{
	char out[65536];

	if (!c->z) {
		conn_send(c, p, n);
		return;
	}
	c->z->deflating.next_in = (z_const Bytef *)p;
	c->z->deflating.avail_in = (uInt)n;
	do {
		c->z->deflating.next_out = (Bytef *)out;
		c->z->deflating.avail_out = sizeof out;
		deflate(&c->z->deflating, Z_SYNC_FLUSH);
		conn_send(c, out, sizeof out - c->z->deflating.avail_out);
	} while (c->z->deflating.avail_out == 0);
}

__attribute__((format(printf, 2, 3))) static void conn_printf(struct conn *c, const char *fmt, ...)
{
	char line[1024];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(line, sizeof line, fmt, ap);
	va_end(ap);
	if (n < 0 || (size_t)n >= sizeof line)
		die("a command is too long");
	conn_write(c, line, (size_t)n);
}

static size_t conn_receive(struct conn *c, void *p, size_t cap)
{
	long got = c->ssl ? SSL_read(c->ssl, p, (int)cap) : read(c->fd, p, cap);

	if (got <= 0)
		die("the server closed the connection, or is silent");
	c->bytes += (uint64_t)got;
	return (size_t)got;
}

static size_t conn_inflate(struct conn *c, void *p, size_t cap)
{
	z_stream *z = &c->z->inflating;

	z->next_out = p;
	z->avail_out = (uInt)cap;
	do {
		if (z->avail_in == 0) {
			z->next_in = c->z->raw;
			z->avail_in = (uInt)conn_receive(c, c->z->raw, sizeof c->z->raw);
		}
		if (inflate(z, Z_SYNC_FLUSH) != Z_OK)
			die("what came cannot be inflated");
	} while (z->avail_out == cap);
	return cap - z->avail_out;
}

static void conn_fill(struct conn *c)
{

	if (c->pos == c->end)
		c->pos = c->end = 0;
	if (c->end == INPUT_BYTES) {
		if (c->pos == 0)
			die("a line is too long");
		memmove(c->in, c->in + c->pos, c->end - c->pos);
		c->end -= c->pos;
		c->pos = 0;
	}
	c->end += (c->z ? conn_inflate : conn_receive)(c, c->in + c->end, INPUT_BYTES - c->end);
}

/* The next line without its end; valid until the next read. */
static char *conn_line(struct conn *c, size_t *ret_n)
{
	size_t seen = 0;

	for (;;) {
		char *from = c->in + c->pos;
		char *nl = memchr(from + seen, '\n', c->end - c->pos - seen);

		if (nl) {
			c->pos += (size_t)(nl - from) + 1;
			*ret_n = (size_t)(nl - from) - (nl > from && nl[-1] == '\r');
			return from;
		}
		seen = c->end - c->pos;
		conn_fill(c);
	}
}

static void conn_skip(struct conn *c, uint64_t n)
{
	while (n) {
		uint64_t have = c->end - c->pos;

		if (have > n)
			have = n;
		c->pos += have;
		n -= have;
		if (n)
			conn_fill(c);
	}
}

/* An untagged answer may go on behind literals: skip them. */
static void skip_literals(struct conn *c, char *line, size_t n)
{
	while (n > 2 && line[n - 1] == '}') {
		char *open = memrchr(line, '{', n);

		if (!open)
			return;
		conn_skip(c, strtoull(open + 1, NULL, 10));
		line = conn_line(c, &n);
	}
}

/* Read to the line tagged `tag`; the number of untagged answers. Dies when it is not OK. */
static long imap_wait(struct conn *c, const char *tag)
{
	size_t tn = strlen(tag), n;
	long untagged = 0;

	for (;;) {
		char *line = conn_line(c, &n);

		if (n > tn && memcmp(line, tag, tn) == 0 && line[tn] == ' ') {
			if (n < tn + 3 || memcmp(line + tn + 1, "OK", 2) != 0) {
				line[n] = '\0';
				fprintf(stderr, "%s\n", line);
				die("a command was refused");
			}
			return untagged;
		}
		untagged++;
		skip_literals(c, line, n);
	}
}

static long imap_do(struct conn *c, const char *command)
{
	conn_printf(c, "t %s\r\n", command);
	return imap_wait(c, "t");
}

static void user_name(char *p, size_t cap, long i)
{
	char pattern[64];
	const char *percent;

	snprintf(pattern, sizeof pattern, "%s", key("user", "u%04ld"));
	percent = strchr(pattern, '%');
	snprintf(p, cap, "%.*s%04ld", (int)(percent ? percent - pattern : (long)strlen(pattern)), pattern, i);
}

static void imap_login(struct conn *c, long user, SSL_SESSION *resume)
{
	char name[64];
	size_t n;

	conn_open(c, resume);
	conn_line(c, &n);
	user_name(name, sizeof name, user);
	conn_printf(c, "l LOGIN %s %s\r\n", name, key("pass", "pw"));
	imap_wait(c, "l");
}

static void imap_compress(struct conn *c)
{
	imap_do(c, "COMPRESS DEFLATE");
	c->z = calloc(1, sizeof *c->z);
	if (!c->z || deflateInit2(&c->z->deflating, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) != Z_OK ||
	    inflateInit2(&c->z->inflating, -15) != Z_OK)
		die("out of memory");
}

/* ---- messages ---- */

/* A message of about `size` octets with header, text and, when it is large, a base64 part. */
static size_t make_message(char *p, size_t cap, long i, long size)
{
	static const char *const words[] = { "report", "meeting", "server", "budget", "review", "release", "draft", "garden",
					     "invoice", "change", "plan", "delivery", "backup", "network", "train", "hotel" };
	uint64_t r = (uint64_t)i * 0x9E3779B97F4A7C15u + 1;
	size_t n = (size_t)snprintf(p, cap,
		"Return-Path: <sender%ld@example.org>\r\nReceived: from mx.example.org by store.example.org; Tue, 01 Sep 2026 10:00:00 +0000\r\n"
		"From: Sender %ld <sender%ld@example.org>\r\nTo: User <user@example.org>\r\nCc: list@example.org\r\n"
		"Subject: %s about %s %ld%s\r\nDate: Tue, 01 Sep 2026 10:%02ld:%02ld +0000\r\nMessage-ID: <%ld.bench@example.org>\r\n"
		"References: <%ld.bench@example.org>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"b%ld\"\r\n\r\n"
		"--b%ld\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n%s",
		i % 50, i % 50, i % 50, words[i % 16], words[i / 16 % 16], i, i % 500 == 7 ? " zanzibar" : "", i / 60 % 60, i % 60, i,
		i > 3 ? i - 3 : 0, i, i, i % 400 == 9 ? "the quokka sleeps\r\n" : "");
	size_t text_end = n + (size_t)(size < 6000 ? size : 6000);

	while (n < text_end && n + 200 < cap) {
		r = r * 6364136223846793005u + 1442695040888963407u;
		n += (size_t)snprintf(p + n, cap - n, "%s%s", words[r >> 60], (r >> 50 & 7) == 0 ? "\r\n" : " ");
	}
	if ((long)n < size)
		n += (size_t)snprintf(p + n, cap - n, "\r\n--b%ld\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n", i);
	while ((long)n < size && n + 200 < cap) {
		for (int k = 0; k < 76; k++) {
			r = r * 6364136223846793005u + 1442695040888963407u;
			p[n++] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"[r >> 58];
		}
		p[n++] = '\r';
		p[n++] = '\n';
	}
	return n + (size_t)snprintf(p + n, cap - n, "\r\n--b%ld--\r\n", i);
}

/* Sizes spread around the mean: most are small, some are large. */
static long message_size(long i, long mean)
{
	uint64_t r = ((uint64_t)i + 1) * 0x9E3779B97F4A7C15u >> 40;

	return r % 20 == 0 ? mean * 10 : r % 4 == 0 ? mean : mean / 3;
}

/* APPEND of n messages, `together` a command (RFC 3502), with `window` commands under way; seconds that it took. */
static double append_many(struct conn *c, const char *box, long from, long n, long mean, long window, long together)
{
	size_t cap = (size_t)mean * 12 + 65536;
	char *m = malloc(cap);
	double t0 = now();
	long acked = 0;
	size_t ln;

	if (!m)
		die("out of memory");
	for (long i = 0; i < n; i++) {
		size_t size = make_message(m, cap, from + i, message_size(from + i, mean));

		bool last = (i + 1) % together == 0 || i + 1 == n;

		if (i % together == 0)
			conn_printf(c, "t APPEND %s", box);
		conn_printf(c, " {%zu+}\r\n", size);
		conn_write(c, m, size);
		if (!last)
			continue;
		conn_write(c, "\r\n", 2);
		while (i / together + 1 - acked >= window) {
			char *line = conn_line(c, &ln);

			if (ln > 4 && memcmp(line, "t OK", 4) == 0)
				acked++;
			else if (ln > 2 && memcmp(line, "t ", 2) == 0)
				die("an APPEND was refused");
		}
	}
	while (acked < (n + together - 1) / together) {
		imap_wait(c, "t");
		acked++;
	}
	free(m);
	return now() - t0;
}

static double append_messages(struct conn *c, const char *box, long from, long n, long mean, long window)
{
	return append_many(c, box, from, n, mean, window, 1);
}

/* ---- metrics ---- */

struct worker {
	pthread_t thread;
	long index, done;
	double until;
};

static void *login_worker(void *arg)
{
	struct worker *w = arg;
	SSL_SESSION *session = NULL;

	while (now() < w->until) {
		struct conn c;

		imap_login(&c, number("first", 101) + w->index, session);
		imap_do(&c, "SELECT INBOX");
		conn_printf(&c, "t LOGOUT\r\n");
		imap_wait(&c, "t");
		if (c.ssl && number("resume", 0)) {
			SSL_SESSION_free(session);
			session = SSL_get1_session(c.ssl);
		}
		conn_close(&c);
		w->done++;
	}
	SSL_SESSION_free(session);
	return NULL;
}

static void *append_worker(void *arg)
{
	struct worker *w = arg;
	struct conn c;

	imap_login(&c, number("first", 11) + w->index, NULL);
	while (now() < w->until) {
		append_messages(&c, "INBOX", w->index * 100000 + w->done, 1, number("size", 8000), 1);
		w->done++;
	}
	conn_close(&c);
	return NULL;
}

static void run_workers(void *(*fn)(void *), const char *unit)
{
	long conns = number("conns", 1), total = 0;
	struct worker *w = calloc((size_t)conns, sizeof *w);
	double t0 = now(), took;

	if (!w)
		die("out of memory");
	for (long i = 0; i < conns; i++) {
		w[i].index = i;
		w[i].until = t0 + (double)number("secs", 3);
		pthread_create(&w[i].thread, NULL, fn, &w[i]);
	}
	for (long i = 0; i < conns; i++) {
		pthread_join(w[i].thread, NULL);
		total += w[i].done;
	}
	took = now() - t0;
	report(key("label", "?"), (double)total / took, unit);
	free(w);
}

static void metric_login(void)
{
	run_workers(login_worker, "sessions/s");
}

static void metric_append(void)
{
	run_workers(append_worker, "msg/s");
}

static void metric_fill(void)
{
	struct conn c;
	long n = number("n", 10000);

	imap_login(&c, number("first", 31), NULL);
	report(key("label", "fill"),
	       (double)n / append_many(&c, key("box", "INBOX"), 0, n, number("size", 16000), 64 / number("together", 1) + 1,
				       number("together", 1)), "msg/s");
	conn_close(&c);
}

/* command=... repeated; value: messages (untagged answers) a second, or ms with unit=ms. */
static void metric_command(void)
{
	struct conn c;
	double best = 1e9;
	long untagged = 0;

	imap_login(&c, number("first", 31), NULL);
	if (number("compress", 0))
		imap_compress(&c);
	if (number("select", 1))
		imap_do(&c, "SELECT INBOX");
	for (long i = 0; i < number("repeat", 3); i++) {
		double t0 = now(), took;

		untagged = imap_do(&c, key("command", "NOOP"));
		took = now() - t0;
		if (took < best)
			best = took;
	}
	if (strcmp(key("unit", ""), "ms") == 0)
		report(key("label", "?"), best * 1e3, "ms");
	else
		report(key("label", "?"), (double)untagged / best, "msg/s");
	conn_close(&c);
}

static void metric_noop(void)
{
	long n = number("n", 20000), window = number("pipeline", 1);
	char *batch = malloc((size_t)window * 16);
	size_t len = 0, ln;
	struct conn c;
	double t0;

	if (!batch)
		die("out of memory");
	for (long i = 0; i < window; i++)
		len += (size_t)sprintf(batch + len, "t NOOP\r\n");
	imap_login(&c, number("first", 31), NULL);
	imap_do(&c, "SELECT INBOX");
	t0 = now();
	for (long i = 0; i < n; i += window) {
		conn_write(&c, batch, len);
		for (long k = 0; k < window; k++)
			conn_line(&c, &ln);
	}
	report(key("label", "noop"), (double)n / (now() - t0), "cmd/s");
	conn_close(&c);
	free(batch);
}

static void metric_store(void)
{
	static const char *const steps[][2] = { { "store_flags", "STORE 1:* +FLAGS.SILENT (\\Answered)" },
		{ "store_keyword", "STORE 1:* +FLAGS.SILENT (Bench)" }, { "copy", "COPY 1:* Copies" }, { "move", "MOVE 1:* Moved" } };
	long n = number("n", 10000);
	struct conn c;
	double t0;

	imap_login(&c, number("first", 3), NULL);
	append_messages(&c, "INBOX", 0, n, 2000, 64);
	imap_do(&c, "CREATE Copies");
	imap_do(&c, "CREATE Moved");
	imap_do(&c, "SELECT INBOX");
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		t0 = now();
		imap_do(&c, steps[i][1]);
		report(steps[i][0], (double)n / (now() - t0), "msg/s");
	}
	imap_do(&c, "SELECT Moved");
	imap_do(&c, "STORE 1:5000 +FLAGS.SILENT (\\Deleted)");
	t0 = now();
	imap_do(&c, "EXPUNGE");
	report("expunge_half", (double)n / 2 / (now() - t0), "msg/s");
	conn_close(&c);
}

static void metric_pop3(void)
{
	long window = number("pipeline", 1), sent = 0, got = 0, n;
	char name[64], *line;
	struct conn c;
	size_t ln;
	double t0;

	conn_open(&c, NULL);
	conn_line(&c, &ln);
	user_name(name, sizeof name, number("first", 31));
	conn_printf(&c, "USER %s\r\n", name);
	conn_line(&c, &ln);
	conn_printf(&c, "PASS %s\r\nSTAT\r\n", key("pass", "pw"));
	conn_line(&c, &ln);
	line = conn_line(&c, &ln);
	n = strtol(line + 4, NULL, 10);
	t0 = now();
	while (got < n) {
		while (sent < n && sent - got < window)
			conn_printf(&c, "RETR %ld\r\n", ++sent);
		do
			line = conn_line(&c, &ln);
		while (ln != 1 || line[0] != '.');
		got++;
	}
	report(key("label", "pop3"), (double)n / (now() - t0), "msg/s");
	conn_printf(&c, "QUIT\r\n");
	conn_close(&c);
}

/* The number behind `word` in the untagged answers of a command. */
static uint64_t number_behind(struct conn *c, const char *command, const char *word)
{
	uint64_t value = 0;
	size_t n;

	conn_printf(c, "t %s\r\n", command);
	for (;;) {
		char *line = conn_line(c, &n), *at = memmem(line, n, word, strlen(word));

		if (at)
			value = strtoull(at + strlen(word), NULL, 10);
		if (n > 2 && memcmp(line, "t ", 2) == 0)
			return value;
	}
}

/* A client comes back to n messages, of which `changes` got a flag and as many were expunged (RFC 7162 3.2.5). */
static void metric_qresync(void)
{
	long n = number("n", 10000), changes = number("changes", 100);
	uint64_t validity, modseq;
	double best = 1e9;
	char line[128];
	struct conn c;

	imap_login(&c, number("first", 31), NULL);
	imap_do(&c, "ENABLE QRESYNC");
	validity = number_behind(&c, "SELECT INBOX", "UIDVALIDITY ");
	modseq = number_behind(&c, "SELECT INBOX", "HIGHESTMODSEQ ");
	if (!validity || !modseq)
		die("no UIDVALIDITY or no HIGHESTMODSEQ");
	for (long i = 1; i <= changes / 2; i++) {
		snprintf(line, sizeof line, "UID STORE %ld +FLAGS (\\Flagged)", i * (n / changes));
		imap_do(&c, line);
		snprintf(line, sizeof line, "UID STORE %ld +FLAGS (\\Deleted)", i * (n / changes) + n / 2);
		imap_do(&c, line);
	}
	imap_do(&c, "EXPUNGE");
	imap_do(&c, "UNSELECT");
	snprintf(line, sizeof line, "SELECT INBOX (QRESYNC (%llu %llu 1:%ld))", (unsigned long long)validity,
		 (unsigned long long)modseq, n);
	for (long i = 0; i < number("repeat", 3); i++) {
		double t0 = now(), took;

		imap_do(&c, line);
		took = now() - t0;
		best = took < best ? took : best;
		imap_do(&c, "UNSELECT");
	}
	report(key("label", "qresync"), best * 1e3, "ms");
	conn_close(&c);
}

/* From the end of an APPEND's sending until the last of conns sessions has heard of it, in IDLE or by NOTIFY (RFC 5465). */
static void metric_fanout(void)
{
	long conns = number("conns", 100), rounds = number("rounds", 5);
	bool notify = number("notify", 0) != 0;
	struct conn *ear = calloc((size_t)conns, sizeof *ear), writer;
	double total = 0;
	size_t ln;

	if (!ear)
		die("out of memory");
	for (long i = 0; i < conns; i++) {
		imap_login(&ear[i], number("first", 21), NULL);
		imap_do(&ear[i], "SELECT INBOX");
		if (notify) {
			imap_do(&ear[i], "NOTIFY SET (SELECTED (MessageNew MessageExpunge))");
		} else {
			conn_printf(&ear[i], "t IDLE\r\n");
			conn_line(&ear[i], &ln);
		}
	}
	imap_login(&writer, number("first", 21), NULL);
	for (long r = 0; r < rounds; r++) {
		double t0;

		usleep(300000);
		t0 = now();
		append_messages(&writer, "INBOX", r, 1, 500, 1);
		for (long i = 0; i < conns; i++) {
			char *line;

			do
				line = conn_line(&ear[i], &ln);
			while (ln < 6 || memcmp(line + ln - 6, "EXISTS", 6) != 0);
		}
		total += now() - t0;
	}
	report(key("label", "idle_fanout"), total / (double)rounds * 1e3, "ms");
	free(ear);
}

/* Opens conns sessions of different users, prints "ready", waits for a line on standard input. */
static void metric_hold(void)
{
	long conns = number("conns", 200);
	struct conn *c = calloc((size_t)conns, sizeof *c);

	if (!c || conns > MAX_CONNS)
		die("too many connections");
	for (long i = 0; i < conns; i++) {
		imap_login(&c[i], number("first", 201) + i, NULL);
		imap_do(&c[i], "SELECT INBOX");
	}
	printf("ready\n");
	fflush(stdout);
	getchar();
	free(c);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*run)(void);
	} metrics[] = { { "login", metric_login }, { "append", metric_append }, { "fill", metric_fill },
			{ "command", metric_command }, { "noop", metric_noop }, { "store", metric_store },
			{ "pop3", metric_pop3 }, { "fanout", metric_fanout }, { "qresync", metric_qresync },
			{ "hold", metric_hold } };

	arg_count = argc - 1;
	arg_values = argv + 1;
	tls_context = SSL_CTX_new(TLS_client_method());
	for (size_t i = 0; argc > 1 && i < sizeof metrics / sizeof *metrics; i++)
		if (strcmp(metrics[i].name, argv[1]) == 0) {
			metrics[i].run();
			SSL_CTX_free(tls_context);
			return 0;
		}
	fprintf(stderr, "usage: loadgen login|append|fill|command|noop|store|pop3|fanout|qresync|hold [key=value ...]\n");
	return 64;
}
