/* convert.h - the configuration of another IMAP and POP3 server as a gateway.cfg
 *
 * Four dialects are read: that of kopano-gateway (any version), Dovecot (2.2 to 2.4), Courier-IMAP and Cyrus IMAP. Each
 * has a table of its settings: what they become here, or why they do not. Nothing is dropped in silence: whatever is
 * not carried, or does not mean quite the same, is a finding with its place (GW4xxx in codes.h).
 *
 * Files are read through callbacks (config.h); nothing is printed and nothing is written. Memory is bounded by the
 * limits below.
 * Thread: any, with its own report. */
#ifndef GW_CONVERT_CONVERT_H
#define GW_CONVERT_CONVERT_H

#include "config/config.h"
#include "util/buf.h"

enum gw_dialect { GW_DIALECT_KOPANO, GW_DIALECT_DOVECOT, GW_DIALECT_COURIER, GW_DIALECT_CYRUS };
#define GW_DIALECT_COUNT 4

#define GW_CONVERT_BYTES_MAX (8u * 1024 * 1024) /* of all files of a conversion but a gateway.cfg */
#define GW_CONVERT_FILES_MAX 1000
#define GW_CONVERT_DEPTH_MAX 32                 /* files inside files, and sections inside sections */
#define GW_CONVERT_SETTINGS_MAX 20000
#define GW_CONVERT_VARIABLES_MAX 20000          /* times that a value names another */

/* "kopano", "dovecot", "courier", "cyrus"; the name for people: "Dovecot". */
const char *gw_dialect_name(enum gw_dialect d);
const char *gw_dialect_title(enum gw_dialect d);

/* By name; false when there is none. */
bool gw_dialect_find(const char *name, enum gw_dialect *ret);

struct gw_convert_source {
	enum gw_dialect dialect;
	const char *path;          /* main file; for all but kopano it may be the directory of the files */
	const struct gw_config_files *files; /* NULL: gw_config_disk */
	const char *(*env)(void *ctx, const char *name); /* of a kopano file; NULL: no environment */
	void *env_ctx;
	const char *const *stores; /* as in struct gw_config_source: another server_socket is replaced; NULL: kept */
};

/* Convert. The text of the new file is appended to out, findings to report (which must be initialised). Returns 0, and
 * then the text loads without errors; or a negative gw_code with nothing in out and at least one error in report:
 * GW_ENOENT, GW_EACCES, GW_EIO when the main file cannot be read, GW_EINVAL when what it says cannot be understood. */
int gw_convert(const struct gw_convert_source *src, struct gw_buf *out, struct gw_diags *report);

#endif
