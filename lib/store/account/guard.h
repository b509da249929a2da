/* guard.h - mapped files whose pages cannot be read
 *
 * A store may map its files into memory, because that saves a system call and a copy for every page. When the disk does
 * not give a page, or somebody has cut the file off, the kernel raises SIGBUS, which would end the process and with it
 * everybody's sessions. With the guard, such a page reads as zeros and is counted, and the store makes an error of one
 * command of it. Stores map nothing in a process that did not ask for the guard. Thread: any. */
#ifndef GW_STORE_ACCOUNT_GUARD_H
#define GW_STORE_ACCOUNT_GUARD_H

#include <stdbool.h>

/* Take SIGBUS over, for this process and the children it forks. Other reasons for that signal end the process as ever. */
void gw_store_guard(void);

bool gw_store_guarded(void);

/* How many pages were replaced so far. Whoever reads a mapping compares before and after. */
unsigned gw_store_faults(void);

#endif
