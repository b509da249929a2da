/* interrupt.c - Ctrl-C while something runs (see interrupt.h) */
#include "gwctl/interrupt.h"

#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <time.h>

static volatile sig_atomic_t count; /* set by the handler */
static struct sigaction was;
static sigset_t open_mask; /* signals that come while waiting */
static unsigned depth;     /* of begin and end */

static void on_interrupt(int sig)
{
	(void)sig;
	if (count < 1000)
		count++;
}

void interrupt_begin(void)
{
	struct sigaction sa = { .sa_handler = on_interrupt };
	sigset_t held;

	if (depth++ > 0)
		return;
	count = 0;
	sigemptyset(&sa.sa_mask);
	sigemptyset(&held);
	sigaddset(&held, SIGINT);
	sigprocmask(SIG_BLOCK, &held, &open_mask);
	sigdelset(&open_mask, SIGINT);
	sigaction(SIGINT, &sa, &was);
}

void interrupt_end(void)
{
	if (--depth > 0)
		return;
	sigaction(SIGINT, &was, NULL);
	sigprocmask(SIG_SETMASK, &open_mask, NULL);
}

unsigned interrupt_count(void)
{
	return (unsigned)count;
}

int interrupt_poll(struct pollfd *v, unsigned n, int timeout_ms)
{
	const struct timespec t = { .tv_sec = timeout_ms / 1000, .tv_nsec = timeout_ms % 1000 * 1000000L };

	return ppoll(v, n, timeout_ms < 0 ? NULL : &t, &open_mask);
}

int interrupt_wait(int fd, int timeout_ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return interrupt_poll(&p, 1, timeout_ms) > 0;
}
