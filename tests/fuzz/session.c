/* session.c - a whole protocol session over a store in memory, fed with bytes of a fuzzer (see session.h) */
#include "tests/fuzz/session.h"

#include "tests/conv/host.h"
#include "util/err.h"

static struct host host;

/* The store is made once: signing up users burns CPU on purpose. Each input gets a user's account as the inputs before
 * it left it; replaying the corpus in order reproduces that. */
static void begin(void)
{
	static bool done;

	if (!done && !host_init(&host, GW_S("imap_max_fail_commands = 0\nimap_max_messagesize = 1M\nimap_admins = anna\n")))
		gw_bug("no host");
	done = true;
}

static void send_all(struct gw_slice bytes, size_t piece)
{
	struct gw_buf sink;

	gw_buf_init(&sink, 0);
	while (bytes.n) {
		host_send(&host, 0, gw_slice_take(&bytes, bytes.n < piece ? bytes.n : piece));
		do {
			sink.n = 0;
			host_settle(&host);
			host_take(&host, 0, &sink);
		} while (sink.n);
	}
	gw_buf_done(&sink);
}

void fuzz_session(const struct gw_proto *proto, const char *setup, const uint8_t *data, size_t size)
{
	if (size < 2 || size > 65536)
		return;
	begin();
	host_open(&host, 0, proto, NULL);
	send_all(gw_slice_str(setup), SIZE_MAX);
	send_all(gw_slice((const char *)data + 1, size - 1), (size_t)data[0] + 1);
	host_close(&host, 0);
}
