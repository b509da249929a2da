/* live_backend.c - is the JMAP server what the gateway needs, and the database that gateways share?
 *
 * Asked with the very functions of `gwctl backend test' (store/jmap/look.h, store/shared/look.h), each in a child that is stopped
 * when its time is over: names are looked up, TLS is spoken and libraries wait there. */
#include "gwcfg/live.h"

#include "store/jmap/look.h"
#include "store/jmap/reach.h"
#include "store/shared/look.h"
#include "util/mem.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#define FIRST_MS 3000  /* until something answers */
#define NEXT_MS  10000 /* a sign-on: hashes of passwords may be slow; the database: a few statements */

/* What a child says, whole (PIPE_BUF). */
struct word {
	enum jmap_found found;
	int rc;         /* of the database; of reading the password */
	char name[16];  /* of the step; "password", "database" */
	char text[GW_ERR_TEXT];
};

/* ---- in the child ---- */

struct child {
	const struct gw_config *cfg;
	int fd;
};

static bool say(const struct child *c, const char *name, enum jmap_found found, int rc, const char *text)
{
	struct word w = { .found = found, .rc = rc };

	snprintf(w.name, sizeof w.name, "%s", name);
	snprintf(w.text, sizeof w.text, "%s", text);
	return write(c->fd, &w, sizeof w) == (ssize_t)sizeof w;
}

static bool on_seen(void *ctx, const struct jmap_seen *s)
{
	return say(ctx, s->name, s->found, 0, s->text);
}

static int do_http(void *ctx, struct http_call *call, struct gw_err *err)
{
	return http_do(ctx, call, err);
}

/* The service account's credentials, when there are any. */
static bool credentials(const struct child *c, struct gw_secret *ret)
{
	struct gw_secret password = { 0 };
	struct gw_err err = { .text = "" };
	int rc;

	if (!*c->cfg->backend_user || !*c->cfg->backend_password_file)
		return false;
	rc = jmap_read_password(&password, c->cfg->backend_password_file, &err);
	if (rc < 0)
		say(c, "password", JMAP_FOUND_GOOD, rc, err.text);
	else
		jmap_basic(ret, gw_slice_str(c->cfg->backend_user), gw_secret_slice(&password));
	gw_secret_free(&password);
	return rc == 0;
}

static void look_at_server(struct child *c)
{
	struct http_options opt;
	struct http_client *http = NULL;
	struct gw_secret authorization = { 0 };
	struct gw_err err = { .text = "" };
	struct jmap_look look = { .http = do_http, .url = jmap_session_address(c->cfg->server_socket), .server_ms = FIRST_MS - 500,
		.seen = on_seen, .ctx = c };
	int rc;

	jmap_http_options(c->cfg, &opt);
	opt.clock = gw_clock_system();
	rc = http_client_new(&opt, &http, &err);
	if (rc < 0) {
		say(c, "server", JMAP_FOUND_AWAY, rc, err.text);
		return;
	}
	look.http_ctx = http;
	if (credentials(c, &authorization)) {
		look.user = c->cfg->backend_user;
		look.authorization = gw_secret_slice(&authorization);
	}
	jmap_look(&look);
}

static void look_at_database(struct child *c)
{
	struct shared_facts facts;
	struct gw_err err = { .text = "" };
	int rc = shared_look(c->cfg->state_database, &facts, &err);
	char text[GW_ERR_TEXT];

	if (rc == 0)
		shared_facts_text(&facts, text, sizeof text);
	say(c, "database", JMAP_FOUND_GOOD, rc, rc == 0 ? text : err.text);
}

/* ---- in the parent ---- */

/* What is told of each thing that was found. */
static const struct {
	unsigned code;
	const char *option, *hint;
} verdicts[] = {
	[JMAP_FOUND_GOOD] = { CONFIG_N_STORE_SEEN, "backend_user", NULL },
	[JMAP_FOUND_AWAY] = { CONFIG_W_UNREACHABLE, "server_socket", NULL },
	[JMAP_FOUND_NO_TLS] = { CONFIG_E_STORE_TLS, "server_socket", NULL },
	[JMAP_FOUND_ELSEWHERE] = { CONFIG_E_NO_JMAP, "server_socket", "write the address where it leads to" },
	[JMAP_FOUND_NO_RESOURCE] = { CONFIG_E_NO_JMAP, "server_socket", NULL },
	[JMAP_FOUND_REFUSED] = { CONFIG_E_SIGN_ON, "backend_user", "look at the first line of backend_password_file" },
	[JMAP_FOUND_LOCKED] = { CONFIG_E_SIGN_ON, "backend_user", "let it sign on at the storage server" },
	[JMAP_FOUND_NO_JSON] = { CONFIG_E_NO_JMAP, "server_socket", NULL },
	[JMAP_FOUND_NO_MAIL] = { CONFIG_E_NO_JMAP, "server_socket", NULL },
	[JMAP_FOUND_UNFIT] = { CONFIG_W_SESSION, "backend_user", NULL },
	[JMAP_FOUND_LIMITS] = { CONFIG_W_SESSION, "backend_user", NULL },
};

static void not_signed_on(struct live *l, const char *text)
{
	if (!*l->cfg->backend_user)
		LIVE(l, CONFIG_N_NOT_SIGNED_ON, "server_socket", "name a service account in backend_user to have it tried",
			"%s; signing on was not tried, there is no backend_user", text);
	else
		LIVE(l, CONFIG_N_NOT_SIGNED_ON, "backend_user", NULL,
			"%s; signing on was not tried, the password of the account is not known", text);
}

static void hear_server(struct live *l, const struct word *w)
{
	bool server = strcmp(w->name, "server") == 0;

	if (w->rc < 0 && !server) /* live_files.c says what is wrong with the file */
		l->no_password = true;
	else if (w->found == JMAP_FOUND_GOOD && server && (!*l->cfg->backend_user || !*l->cfg->backend_password_file || l->no_password))
		not_signed_on(l, w->text);
	else if (w->found != JMAP_FOUND_GOOD || !server)
		LIVE(l, verdicts[w->found].code, verdicts[w->found].option, verdicts[w->found].hint, "%s", w->text);
}

static void server_is_silent(struct live *l, size_t heard, const char *why)
{
	if (heard && *l->cfg->backend_user)
		LIVE(l, CONFIG_W_UNREACHABLE, "backend_user", NULL, "the storage server does not answer a sign-on: %s", why);
	else
		LIVE(l, CONFIG_W_UNREACHABLE, "server_socket", NULL, "the storage server does not answer: %s", why);
}

static void hear_database(struct live *l, const struct word *w)
{
	const char *text = strncmp(w->text, "state_database: ", 16) == 0 ? w->text + 16 : w->text;

	LIVE(l, w->rc == 0 ? CONFIG_N_STORE_SEEN : w->rc == GW_EUNAVAIL ? CONFIG_W_DATABASE_AWAY : CONFIG_E_DATABASE, "state_database",
		NULL, "%s", text);
}

static void database_is_silent(struct live *l, size_t heard, const char *why)
{
	(void)heard;
	LIVE(l, CONFIG_W_DATABASE_AWAY, "state_database", NULL, "the database does not answer: %s", why);
}

struct asking {
	void (*ask)(struct child *c);
	void (*hear)(struct live *l, const struct word *w);
	void (*silent)(struct live *l, size_t heard, const char *why);
	int first_ms;
};

static void await(struct live *l, const struct asking *a, int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	size_t heard = 0;
	struct word w;
	char why[64];

	for (;;) {
		int ms = heard ? NEXT_MS : a->first_ms;
		ssize_t n;

		if (poll(&p, 1, ms) != 1) {
			snprintf(why, sizeof why, "nothing in %d seconds", ms / 1000);
			a->silent(l, heard, why);
			return;
		}
		n = read(fd, &w, sizeof w);
		if (n != (ssize_t)sizeof w)
			break;
		a->hear(l, &w);
		heard += w.rc == 0 || strcmp(w.name, "password") != 0;
	}
	if (!heard)
		a->silent(l, 0, "the attempt failed");
}

static void ask_in_time(struct live *l, const struct asking *a)
{
	int fds[2];
	pid_t child;

	if (pipe2(fds, O_CLOEXEC) < 0)
		return;
	child = fork();
	if (child == 0) {
		struct child c = { l->cfg, fds[1] };

		signal(SIGPIPE, SIG_IGN);
		a->ask(&c);
		_exit(0);
	}
	close(fds[1]);
	if (child > 0) {
		await(l, a, fds[0]);
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
	}
	close(fds[0]);
}

void live_backend(struct live *l)
{
	static const struct asking server = { look_at_server, hear_server, server_is_silent, FIRST_MS };
	static const struct asking database = { look_at_database, hear_database, database_is_silent, NEXT_MS };

	ask_in_time(l, &server);
	if (*l->cfg->state_database)
		ask_in_time(l, &database);
}
