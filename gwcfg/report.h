/* report.h - the forms in which gwcfg check prints findings
 *
 * One row a form: begin, every file, end. All of it goes into one buffer, so that the same input gives the same bytes
 * and nothing is printed by halves. */
#ifndef GWCFG_REPORT_H
#define GWCFG_REPORT_H

#include "gwcfg/gwcfg.h"
#include "util/json.h"

#include <stdio.h>

struct report {
	struct gw_buf *out;
	struct gw_json json;     /* writes to out */
	bool quiet;              /* no notes, no last line */
	bool color;
	bool warnings_fail;      /* -W error */
	bool unread;             /* some file could not be read */
	struct gw_buf rest;      /* JUnit: its sums stand in front of what is summed up */
	size_t tests, failures;
	size_t left_out;         /* SARIF: findings that no list kept */
};

struct report_format {
	const char *name;
	const char *brief;
	void (*begin)(struct report *r);
	void (*file)(struct report *r, const struct result *result);
	void (*end)(struct report *r, int exit_code);
};

extern const struct report_format format_text, format_json, format_sarif, format_junit;

/* Is the finding printed? */
static inline bool report_wants(const struct report *r, const struct gw_diag *d)
{
	return d->severity != GW_NOTE || !r->quiet;
}

/* How many findings were only counted, being too many. */
static inline size_t report_left_out(const struct gw_diags *d)
{
	return d->errors + d->warnings + d->notes - d->n;
}

/* "GW1003". */
static inline void report_code(unsigned code, char out[16])
{
	snprintf(out, 16, "GW%04u", code);
}

#endif
