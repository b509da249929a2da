/* session.c - a whole protocol session over a store in memory, fed with bytes of a fuzzer (see session.h) */
#include "tests/fuzz/session.h"

#include "store/admin.h"
#include "tests/conv/host.h"
#include "tests/fuzz/oracle.h"
#include "util/err.h"

static struct host host;

/* The links: who sends what the fuzzer made up, who watches the mailbox meanwhile, who looks at it afterwards. */
enum { ACTOR, WATCHER, VISITOR, LINKS };

/* "anna", by a scheme that burns little CPU: the other passwords are hashed as they are by default. */
static const char quick_hash[] = "$5$rounds=1000$gateway$2qENqC4J0/vBsrZLsemdcyNi1cqK3nqJaJz70g0CwP7";

/* The store is made once: signing up users burns CPU on purpose. Each input gets a user's account as the inputs before
 * it left it; replaying the corpus in order reproduces that. */
static void begin(void)
{
	const struct gw_user_password quick = { .hash = gw_slice_str(quick_hash) };
	static bool done;

	if (!done && (!host_init(&host, GW_S("imap_max_fail_commands = 0\nimap_max_messagesize = 1M\n")) ||
		      gw_admin_user_passwd(host.store, GW_S("anna"), &quick, NULL) != 0))
		gw_bug("no host");
	done = true;
}

/* Let everything happen; what the links were told goes to their oracles, where there are some. */
static void settle(struct oracle *oracles)
{
	struct gw_buf told;
	bool more;

	gw_buf_init(&told, 0);
	do {
		more = false;
		host_settle(&host);
		for (unsigned n = 0; n < LINKS; n++) {
			told.n = 0;
			host_take(&host, n, &told);
			more |= told.n > 0;
			if (oracles)
				oracle_take(&oracles[n], gw_buf_slice(&told));
		}
	} while (more);
	gw_buf_done(&told);
}

static void send_all(struct oracle *oracles, struct gw_slice bytes, size_t piece)
{
	while (bytes.n) {
		host_send(&host, ACTOR, gw_slice_take(&bytes, bytes.n < piece ? bytes.n : piece));
		settle(oracles);
	}
}

static void act(const struct gw_proto *proto, struct oracle *oracles, const char *setup, const uint8_t *data, size_t size)
{
	host_open(&host, ACTOR, proto, NULL);
	send_all(oracles, gw_slice_str(setup), SIZE_MAX);
	send_all(oracles, gw_slice((const char *)data + 1, size - 1), (size_t)data[0] + 1);
}

void fuzz_session(const struct gw_proto *proto, const char *setup, const uint8_t *data, size_t size)
{
	if (size < 2 || size > 65536)
		return;
	begin();
	act(proto, NULL, setup, data, size);
	host_close(&host, ACTOR);
}

/* One command of a session that is ours; was it OK? */
static bool ask(struct oracle *oracles, unsigned n, const char *command)
{
	oracles[n].status[0] = '\0';
	host_send(&host, n, gw_slice_str(command));
	settle(oracles);
	return strcmp(oracles[n].status, "OK") == 0;
}

/* Sessions of ours stay signed on from input to input. */
static void sign_on(struct oracle *oracles, unsigned n)
{
	if (host.link[n].session && !host.link[n].closed)
		return;
	host_open(&host, n, &gw_imap_proto, NULL);
	if (!ask(oracles, n, "o LOGIN anna anna\r\n"))
		gw_bug("nobody can sign on any more");
}

static void compare(struct oracle *oracles)
{
	static const char fetch[] = "o UID FETCH 1:* (UID FLAGS RFC822.SIZE BODY.PEEK[])\r\n";
	struct oracle *watcher = &oracles[WATCHER], *visitor = &oracles[VISITOR];

	if (!ask(oracles, WATCHER, "o NOOP\r\n") || !ask(oracles, VISITOR, "o EXAMINE fuzz\r\n") ||
	    watcher->uidvalidity != visitor->uidvalidity)
		return; /* the mailbox is gone, or another one has its name */
	if (!ask(oracles, WATCHER, fetch) || !ask(oracles, VISITOR, fetch))
		gw_bug("messages that are there cannot be fetched");
	oracle_compare(watcher, visitor);
}

void fuzz_imap_session(const char *setup, const uint8_t *data, size_t size)
{
	struct oracle oracles[LINKS];

	if (size < 2 || size > 65536)
		return;
	begin();
	for (unsigned n = 0; n < LINKS; n++)
		oracle_init(&oracles[n]);
	sign_on(oracles, WATCHER);
	sign_on(oracles, VISITOR);
	ask(oracles, VISITOR, "o DELETE fuzz\r\n");
	if (!ask(oracles, VISITOR, "o CREATE fuzz\r\n") || !ask(oracles, WATCHER, "o SELECT fuzz\r\n"))
		gw_bug("no mailbox can be made any more");
	act(&gw_imap_proto, oracles, setup, data, size);
	compare(oracles);
	ask(oracles, WATCHER, "o UNSELECT\r\n");
	ask(oracles, VISITOR, "o UNSELECT\r\n");
	host_close(&host, ACTOR);
	for (unsigned n = 0; n < LINKS; n++)
		oracle_done(&oracles[n]);
}
