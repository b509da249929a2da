/* running.h - what a gatewayd that runs has in force, asked over its control socket */
#ifndef GWCFG_RUNNING_H
#define GWCFG_RUNNING_H

#include "cli/control.h"
#include "config/plan.h"
#include "gwcfg/gwcfg.h"

/* A file of TLS as it was when the daemon read it. */
struct running_file {
	struct running_file *next;
	const char *path;
	uint64_t inode, size, modified_ns;
};

struct running_cert {
	struct running_cert *next;
	const char *cert, *key;
	const char *name; /* in the certificate; "" */
	uint64_t expires; /* seconds since 1970 */
};

/* A value of the files that waits for a restart already. */
struct running_wait {
	struct running_wait *next;
	const char *name, *value;
};

struct running {
	struct gw_arena arena;
	struct gw_control control;
	struct gw_config *cfg;     /* in force */
	size_t unknown;            /* options of another version, left out of cfg */
	const char *config;        /* main file */
	uint64_t pid, loaded_s;
	bool ignore_unknown, tls;
	uint64_t sessions[GW_SERVICE_COUNT];
	const char **overrides;    /* "imap_port=1143": the command line, which counts after a reload too */
	size_t n_overrides;
	struct running_file *files;
	struct running_cert *certs;
	struct running_wait *waiting;
};

/* Find the daemon (socket; else where config says; else where the usual file says) and ask it. config NULL or "-":
 * nowhere. 0, or an exit code with a sentence in err. Free with running_done() in any case. */
int running_ask(struct running *r, const char *socket, const char *config, struct gw_err *err);
void running_done(struct running *r);

/* Sessions of services, bits 1 << enum gw_service. */
uint64_t running_sessions(const struct running *r, unsigned services);

/* Was the file changed since the daemon read it? False for one that it did not read, or whose path depends on the
 * directory it runs in. */
bool running_file_changed(const struct running *r, const char *path);

/* Were passwords shown to this user? */
bool running_has_secrets(const struct running *r);

/* Does the new value wait for a restart already? */
bool running_waits(const struct running *r, const struct gw_plan_option *c);

/* Read a configuration as a reload of the daemon would: with its command line. */
void running_read(const struct running *r, const struct input *in, struct result *ret);

/* Would the daemon refuse its files as they are now? It knows more: whether a key fits its certificate, and what the
 * user it runs as may read. Only asked when path is its main file and this user may ask. What is wrong goes to out, one
 * indented line each. */
bool running_refuses(struct running *r, const char *path, struct gw_buf *out);

/* "gatewayd 0.1.0 (process 4711)" */
void running_put_name(const struct running *r, struct gw_buf *out);

#endif
