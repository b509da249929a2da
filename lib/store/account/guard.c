/* guard.c - mapped files whose pages cannot be read (see guard.h) */
#include "store/account/guard.h"

#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>

#define PAGE ((uintptr_t)4096) /* no page is smaller */

static atomic_bool guarded;
static atomic_uint faults;

/* Put zeros where the page should be; the instruction that met it is tried again. mmap() is no function that POSIX calls
 * safe here, but on Linux it is a system call and nothing else. */
static void on_sigbus(int sig, siginfo_t *info, void *context)
{
	char *page = info->si_addr;

	(void)context;
	page -= (uintptr_t)page & (PAGE - 1);
	if (info->si_code == BUS_ADRERR &&
	    mmap(page, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != MAP_FAILED) {
		atomic_fetch_add(&faults, 1);
		return;
	}
	signal(sig, SIG_DFL); /* met again, it ends the process */
}

void gw_store_guard(void)
{
	struct sigaction act = { .sa_sigaction = on_sigbus, .sa_flags = SA_SIGINFO | SA_NODEFER };

	sigemptyset(&act.sa_mask);
	if (sigaction(SIGBUS, &act, NULL) == 0)
		atomic_store(&guarded, true);
}

bool gw_store_guarded(void)
{
	return atomic_load_explicit(&guarded, memory_order_relaxed);
}

unsigned gw_store_faults(void)
{
	return atomic_load_explicit(&faults, memory_order_relaxed);
}
