/* interrupt.h - Ctrl-C while something runs: noticed, instead of the end of the program
 *
 * Between interrupt_begin() and interrupt_end() the signal is held back but while interrupt_wait() waits, so that none is
 * lost. Pairs may be nested: the outer one counts. Thread: the main thread. */
#ifndef GWCTL_INTERRUPT_H
#define GWCTL_INTERRUPT_H

void interrupt_begin(void);
void interrupt_end(void);

/* How often Ctrl-C was pressed since interrupt_begin(). */
unsigned interrupt_count(void);

/* Wait until fd (-1: none) can be read, Ctrl-C or another signal with a handler comes, or the time is over (-1: for ever).
 * 1: it can be read, 0: it cannot. */
int interrupt_wait(int fd, int timeout_ms);

struct pollfd;

/* The same for n files, as poll(2); how many have something to say. */
int interrupt_poll(struct pollfd *v, unsigned n, int timeout_ms);

#endif
