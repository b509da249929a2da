/* history.c - what the versions of kopano-gateway, and ours, did to the options (see history.h)
 *
 * The table holds what the rows do not say: other defaults, other meanings, and the end of an option. */
#include "config/history.h"

#include "config/priv.h"

#include <stdlib.h>

#define OURS "gateway 0.1"

struct entry {
	const char *option; /* NULL: the file as a whole */
	const char *version;
	enum gw_event_kind kind;
	const char *text;
};

#define LISTEN_AGAIN "read again besides the newer NAME_listen, which counts when both are set"
#define GONE_IN_87 "replaced by the NAME_listen options (first in 8.6.82)"
#define RELOADS "read again by a reload (8.3.0)"

static const struct entry entries[] = {
	/* ---- 8.3 ---- */
	{ "ssl_private_key_file", "8.3", GW_EVENT_CHANGED, RELOADS },
	{ "ssl_certificate_file", "8.3", GW_EVENT_CHANGED, RELOADS },
	{ "ssl_verify_client", "8.3", GW_EVENT_CHANGED, RELOADS },
	{ "ssl_verify_file", "8.3", GW_EVENT_CHANGED, RELOADS },
	{ "ssl_verify_path", "8.3", GW_EVENT_CHANGED, RELOADS },
	{ "ssl_protocols", "8.3", GW_EVENT_CHANGED, RELOADS },
	{ "ssl_ciphers", "8.3", GW_EVENT_CHANGED, RELOADS },
	{ "ssl_prefer_server_ciphers", "8.3", GW_EVENT_CHANGED, RELOADS },

	/* ---- 8.4 ---- */
	{ NULL, "8.4", GW_EVENT_CHANGED, "an empty value of services, ports, log_method, log_file and log_level is "
		"an error (8.4.0)" },
	{ "coredump_enabled", "8.4", GW_EVENT_DEFAULT, "no became systemdefault (8.4.0)" },

	/* ---- 8.5 ---- */
	{ NULL, "8.5", GW_EVENT_CHANGED, "a usual file that does not exist is no error; the defaults count" },
	{ "process_model", "8.5", GW_EVENT_DEFAULT, "fork became thread" },
	{ "imap_cache_folders_time_limit", "8.5", GW_EVENT_UNUSED, "folder lists are no longer cached (8.4.91)" },
	{ "imap_generate_utf8", "8.5", GW_EVENT_UNUSED, "accepted, without effect (8.4.91)" },
	{ "imap_store_rfc822", "8.5", GW_EVENT_UNUSED, "messages are always kept as they came (8.4.91)" },

	/* ---- 8.6 ---- */
	{ "process_model", "8.6", GW_EVENT_CHANGED, "threads and threaded no longer mean thread" },

	/* ---- 8.7 ---- */
	{ "server_bind", "8.7", GW_EVENT_REMOVED, GONE_IN_87 },
	{ "pop3_enable", "8.7", GW_EVENT_REMOVED, GONE_IN_87 },
	{ "pop3_port", "8.7", GW_EVENT_REMOVED, GONE_IN_87 },
	{ "pop3s_enable", "8.7", GW_EVENT_REMOVED, GONE_IN_87 },
	{ "pop3s_port", "8.7", GW_EVENT_REMOVED, GONE_IN_87 },
	{ "imap_enable", "8.7", GW_EVENT_REMOVED, GONE_IN_87 },
	{ "imap_port", "8.7", GW_EVENT_REMOVED, GONE_IN_87 },
	{ "imaps_enable", "8.7", GW_EVENT_REMOVED, GONE_IN_87 },
	{ "imaps_port", "8.7", GW_EVENT_REMOVED, GONE_IN_87 },
	{ "pop3_listen", "8.7", GW_EVENT_DEFAULT, "empty (8.6.81) became *:110 (8.6.82)" },
	{ "imap_listen", "8.7", GW_EVENT_DEFAULT, "empty (8.6.81) became *:143 (8.6.82)" },
	{ "running_path", "8.7", GW_EVENT_UNUSED, "accepted with a warning (8.6.81)" },
	{ "ssl_ciphers", "8.7", GW_EVENT_DEFAULT,
		"ALL:!LOW:!SSLv2:!EXP:!aNULL became DEFAULT:!LOW:!SSLv2:!SSLv3:!TLSv1.0:!TLSv1.1:!EXPORT:!DH:!PSK:!kRSA:"
		"!aDSS:!aNULL:+AES (8.6.81)" },
	{ "ssl_prefer_server_ciphers", "8.7", GW_EVENT_DEFAULT, "no became yes (8.6.81)" },
	{ "ssl_protocols", "8.7", GW_EVENT_DEFAULT, "!SSLv2 became !SSLv2 !SSLv3 !TLSv1 !TLSv1.1 (8.6.81)" },
	{ "ssl_protocols", "8.7", GW_EVENT_CHANGED, "an unknown word behind ! is harmless (8.6.81)" },
	{ "log_method", "8.7", GW_EVENT_DEFAULT, "file became auto, which is new (8.6.81)" },
	{ "log_file", "8.7", GW_EVENT_DEFAULT, "- became empty (8.6.81)" },
	{ "socketspec", "8.7", GW_EVENT_UNUSED, "a switch for the change of listeners (8.6.82)" },

	/* ---- 9.0 ---- */
	{ "pop3_listen", "9.0", GW_EVENT_DEFAULT, "*:110 became *%lo:110, this machine only (8.7.85)" },
	{ "imap_listen", "9.0", GW_EVENT_DEFAULT, "*:143 became *%lo:143, this machine only (8.7.85)" },
	{ "pop3_listen", "9.0", GW_EVENT_CHANGED, "%interface in front of the port" },
	{ "pop3s_listen", "9.0", GW_EVENT_CHANGED, "%interface in front of the port" },
	{ "imap_listen", "9.0", GW_EVENT_CHANGED, "%interface in front of the port" },
	{ "imaps_listen", "9.0", GW_EVENT_CHANGED, "%interface in front of the port" },
	{ "running_path", "9.0", GW_EVENT_REMOVED, "there is no working directory to choose any more (8.7.81)" },
	{ "ssl_protocols", "9.0", GW_EVENT_UNUSED, "tls_min_proto replaces it" },
	{ "imap_always_generate", "9.0", GW_EVENT_REMOVED, "it had never done anything" },
	{ "imap_cache_folders_time_limit", "9.0", GW_EVENT_REMOVED, "it had done nothing since 8.5" },
	{ "imap_generate_utf8", "9.0", GW_EVENT_REMOVED, "it had done nothing since 8.5" },
	{ "imap_store_rfc822", "9.0", GW_EVENT_REMOVED, "it had done nothing since 8.5" },
	{ "socketspec", "9.0", GW_EVENT_REMOVED, "it had never done anything" },

	/* ---- 10.0 ---- */
	{ NULL, "10.0", GW_EVENT_CHANGED, "sizes may have fractions and units up to Y; an unknown unit gives 0 (10.0.1)" },
	{ NULL, "10.0", GW_EVENT_CHANGED, "yes, no, true and false count in any case (10.0.7)" },
	{ "run_as_user", "10.0", GW_EVENT_CHANGED, "may be a number (10.0.2)" },
	{ "run_as_group", "10.0", GW_EVENT_CHANGED, "may be a number (10.0.2)" },
	{ "pid_file", "10.0", GW_EVENT_DEFAULT, "/var/run/kopano/gateway.pid became empty (10.0.7)" },
	{ "pid_file", "10.0", GW_EVENT_UNUSED, "accepted with a warning (10.0.7)" },
	{ "html_safety_filter", "10.0", GW_EVENT_UNUSED, "accepted with a warning (10.0.6)" },

	/* ---- 11.0 ---- */
	{ NULL, "11.0", GW_EVENT_CHANGED, "command lines may have 256 bytes before and 64 KiB after login (11.0.2, "
		"also 8.7.21)" },

	/* ---- ours ---- */
	{ NULL, OURS, GW_EVENT_CHANGED, "both forms of listeners are read; on, off and empty are read as what they say; sizes "
		"and times with an unknown unit are refused" },
	{ "server_bind", OURS, GW_EVENT_CHANGED, LISTEN_AGAIN },
	{ "pop3_enable", OURS, GW_EVENT_CHANGED, LISTEN_AGAIN },
	{ "pop3_port", OURS, GW_EVENT_CHANGED, LISTEN_AGAIN },
	{ "pop3s_enable", OURS, GW_EVENT_CHANGED, LISTEN_AGAIN },
	{ "pop3s_enable", OURS, GW_EVENT_DEFAULT, "yes, as kopano-gateway.cfg(5) had promised; its program had no" },
	{ "pop3s_port", OURS, GW_EVENT_CHANGED, LISTEN_AGAIN },
	{ "imap_enable", OURS, GW_EVENT_CHANGED, LISTEN_AGAIN },
	{ "imap_port", OURS, GW_EVENT_CHANGED, LISTEN_AGAIN },
	{ "imaps_enable", OURS, GW_EVENT_CHANGED, LISTEN_AGAIN },
	{ "imaps_enable", OURS, GW_EVENT_DEFAULT, "yes, as kopano-gateway.cfg(5) had promised; its program had no" },
	{ "imaps_port", OURS, GW_EVENT_CHANGED, LISTEN_AGAIN },
	{ "run_as_user", OURS, GW_EVENT_DEFAULT, "empty, as kopano-gateway.cfg(5) had promised; its program had kopano" },
	{ "run_as_group", OURS, GW_EVENT_DEFAULT, "empty, as kopano-gateway.cfg(5) had promised; its program had kopano" },
	{ "pid_file", OURS, GW_EVENT_CHANGED, "written again, and removed at exit" },
	{ "running_path", OURS, GW_EVENT_CHANGED, "counts again" },
	{ "running_path", OURS, GW_EVENT_DEFAULT, "/, as kopano-gateway.cfg(5) had promised; its program had "
		"/var/lib/kopano" },
	{ "process_model", OURS, GW_EVENT_CHANGED, "upper and lower case are the same; other words are refused" },
	{ "imap_capability_idle", OURS, GW_EVENT_CHANGED, "with no, IDLE is refused too, not only hidden" },
	{ "imap_max_messagesize", OURS, GW_EVENT_CHANGED, "the limit of APPEND alone; other literals have max_literal" },
	{ "imap_max_fail_commands", OURS, GW_EVENT_CHANGED, "0 is no limit, and the client gets the last answer" },
	{ "disable_plaintext_auth", OURS, GW_EVENT_CHANGED, "does not depend on pop3s and imaps being on" },
	{ "ssl_protocols", OURS, GW_EVENT_CHANGED, "counts again when tls_min_proto is not set" },
	{ "html_safety_filter", OURS, GW_EVENT_CHANGED, "counts again, for stores that make messages" },
	{ "log_method", OURS, GW_EVENT_DEFAULT, "file" },
	{ "log_file", OURS, GW_EVENT_DEFAULT, "/var/log/kopano/gateway.log" },
	{ "log_level", OURS, GW_EVENT_DEFAULT, "2, as kopano-gateway.cfg(5) had promised; its program had 3" },
	{ "log_level", OURS, GW_EVENT_CHANGED, "6 shows no passwords" },
};

#define ENTRIES (sizeof entries / sizeof *entries)

/* ---- versions ---- */

/* Take "gateway " or "kopano-gateway " off the front; true for ours. */
static bool take_program(struct gw_slice *s)
{
	static const struct gw_slice ours = { "gateway ", 8 }, theirs = { "kopano-gateway ", 15 };

	if (gw_slice_startsi(*s, theirs))
		gw_slice_take(s, theirs.n);
	if (!gw_slice_startsi(*s, ours))
		return false;
	gw_slice_take(s, ours.n);
	return true;
}

/* The next number and the dot behind it; 0 at the end. */
static unsigned take_part(struct gw_slice *s)
{
	unsigned v = 0;

	for (; s->n && *s->p >= '0' && *s->p <= '9' && v < 1000000; gw_slice_take(s, 1))
		v = v * 10 + (unsigned)(*s->p - '0');
	if (s->n)
		gw_slice_take(s, 1);
	return v;
}

int gw_version_compare(const char *a, const char *b)
{
	struct gw_slice x = gw_slice_str(a), y = gw_slice_str(b);
	bool ours_x = take_program(&x), ours_y = take_program(&y);

	if (ours_x != ours_y)
		return ours_x ? 1 : -1;
	while (x.n || y.n) {
		unsigned p = take_part(&x), q = take_part(&y);

		if (p != q)
			return p < q ? -1 : 1;
	}
	return 0;
}

bool gw_version_valid(const char *s)
{
	struct gw_slice v = gw_slice_str(s);
	bool digit = false;

	take_program(&v);
	for (size_t i = 0; i < v.n; i++) {
		if (v.p[i] != '.' && (v.p[i] < '0' || v.p[i] > '9'))
			return false;
		if (v.p[i] == '.' && !digit)
			return false;
		digit = v.p[i] != '.';
	}
	return digit && v.n < 32;
}

/* ---- events ---- */

const char *gw_event_kind_name(enum gw_event_kind kind)
{
	static const char *const names[] = {
		[GW_EVENT_ADDED] = "added",   [GW_EVENT_DEFAULT] = "default", [GW_EVENT_CHANGED] = "changed",
		[GW_EVENT_UNUSED] = "unused", [GW_EVENT_REMOVED] = "removed",
	};

	return names[kind];
}

struct ranked {
	struct gw_event event;
	size_t rank; /* of events of one version: by row, then as in the tables */
};

static int by_version(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;
	int c = gw_version_compare(x->event.version, y->event.version);

	return c ? c : x->rank < y->rank ? -1 : 1;
}

static struct ranked rank(struct gw_event e, size_t i)
{
	return (struct ranked){ e, (e.option ? config_row(e.option) + 1 : 0) * (CONFIG_ROWS_MAX + ENTRIES) + i };
}

size_t gw_events(struct gw_event *v, size_t cap)
{
	struct ranked all[CONFIG_ROWS_MAX + ENTRIES];
	size_t n = 0;

	for (size_t i = 0; i < gw_option_count(); i++, n++) {
		const struct gw_option *opt = gw_option_at(i);

		all[n] = rank((struct gw_event){ opt, opt->since, GW_EVENT_ADDED, opt->brief }, n);
	}
	for (size_t i = 0; i < ENTRIES; i++, n++) {
		const struct entry *e = &entries[i];
		const struct gw_option *opt = e->option ? gw_option_find(gw_slice_str(e->option)) : NULL;

		all[n] = rank((struct gw_event){ opt, e->version, e->kind, e->text }, n);
	}
	qsort(all, n, sizeof *all, by_version);
	for (size_t i = 0; i < n && i < cap; i++)
		v[i] = all[i].event;
	return n;
}
