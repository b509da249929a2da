/* watch.c - `watch 2 session list`: frames on a terminal, else one answer after the other */
#include "gwctl/watch.h"

#include "gwctl/filter.h"
#include "gwctl/interrupt.h"
#include "gwctl/output.h"

#include <time.h>
#include <unistd.h>

#define DAY_MS (24 * 3600 * 1000)

static void put_title(const struct request *r)
{
	time_t now = time(NULL);
	struct tm tm;
	char clock[16] = "";

	if (localtime_r(&now, &tm))
		strftime(clock, sizeof clock, "%H:%M:%S", &tm);
	printf("\033[H\033[2J%s  every %.*s:", clock, GW_FMT(request_get(r, "every")));
	for (size_t i = 0; i < r->n_rest; i++)
		printf(" %s", r->rest[i]);
	printf("\n\n");
}

/* One answer, no longer than the terminal. */
static int frame(const struct request *r, const struct options *base, bool terminal)
{
	struct options o = *base;
	char lines[16];
	char *head[] = { (char *)"head", lines, NULL };
	int code;

	o.interactive = false;
	if (!terminal)
		return run_words(&o, r->n_rest, r->rest);
	put_title(r);
	if (!o.filter) {
		snprintf(lines, sizeof lines, "%d", output_lines() > 6 ? output_lines() - 4 : 2);
		filter_read(head, 2, &o, &o.filter, NULL);
	}
	code = run_words(&o, r->n_rest, r->rest);
	fflush(stdout);
	if (!base->filter)
		filter_free(o.filter);
	return code;
}

int watch_run(const struct request *r, const struct options *o)
{
	uint64_t every = request_number(r, "every", 2), left = request_number(r, "count", UINT64_MAX);
	int wait_ms = every < DAY_MS / 1000 ? (int)every * 1000 : DAY_MS, code = EXIT_FINE;
	bool terminal = isatty(STDOUT_FILENO) && !o->json && !o->csv;

	if (left == 0 || every == 0) {
		complain("watch: every and count are to be above 0");
		return EXIT_USAGE;
	}
	interrupt_begin();
	while (left-- > 0) {
		code = frame(r, o, terminal);
		if (code == EXIT_USAGE || interrupt_count() || ferror(stdout) || left == 0)
			break;
		interrupt_wait(-1, wait_ms);
		if (interrupt_count())
			break;
	}
	code = interrupt_count() ? EXIT_FINE : code;
	interrupt_end();
	return code;
}
