/* dovecot.c - what the sections of Dovecot mean here (2.2 to 2.4)
 *
 * Listeners, certificates by name and limits of services stand in sections and are put together here; single settings
 * are rows of dovecot_rows.c. */
#include "convert/dovecot.h"

enum scope { GLOBAL, IMAP, POP3, SERVICES };

bool dove_known(struct gw_slice name)
{
	return conv_row_of(&dove_table, name) != NULL;
}

/* ---- sections ---- */

static const struct {
	const char *name;
	const char *why, *instead;
} other_sections[] = {
	{ "passdb", DOVE_USERS, DOVE_ACCOUNTS },
	{ "userdb", DOVE_USERS, DOVE_ACCOUNTS },
	{ "auth", DOVE_USERS, DOVE_ACCOUNTS },
	{ "namespace", "folders stand beside INBOX, with a slash between their names; shared ones are below \"Public "
		"folders\"",
	  "see public_account" },
	{ "mailbox", "clients make their mailboxes", NULL },
	{ "dict", DOVE_USERS, NULL },
	{ "dict_server", DOVE_USERS, NULL },
	{ "local", "settings do not depend on the address of the server", "write listeners with their addresses" },
	{ "remote", "settings do not depend on the address of the client", NULL },
	{ "metric", DOVE_OWN, NULL },
	{ "event_exporter", DOVE_OWN, NULL },
	{ "acl", "there are no access lists", NULL },
	{ "fts", "SEARCH has its own index", NULL },
	{ "language", "SEARCH has its own index", NULL },
	{ "sieve_script", DOVE_OTHER, NULL },
	{ "ssl_client", DOVE_CLIENT, NULL },
	{ "unix_listener", DOVE_OWN, NULL },
	{ "fifo_listener", DOVE_OWN, NULL },
	{ "quota_warning", "nothing is run when a quota is nearly full", NULL },
};

static void ignore(struct dove_section *s, unsigned code, const char *why, const char *instead)
{
	s->kind = DOVE_IGNORED;
	s->code = code;
	s->why = why;
	s->instead = instead;
}

/* Something stands in sections that are ignored: the outermost is reported, once. */
static void report_ignored(struct dove *d)
{
	for (size_t i = 1; i <= d->depth; i++) {
		struct dove_section *s = &d->stack[i];

		if (s->kind != DOVE_IGNORED)
			continue;
		if (s->why)
			conv_find(d->c, s->code, &s->at, NULL, NULL, s->instead, "the section \"%.*s%s%.*s\" %s: %s",
				(int)(s->name.n < 60 ? s->name.n : 60), s->name.p, s->arg.n ? " " : "",
					(int)(s->arg.n < 60 ? s->arg.n : 60),
				s->arg.p, s->code == CONFIG_N_NEEDLESS ? "needs no counterpart" : "is not carried",
					s->why);
		s->why = NULL;
		return;
	}
}

static void open_other(struct dove_section *s)
{
	for (size_t i = 0; i < sizeof other_sections / sizeof *other_sections; i++)
		if (gw_slice_eq(s->name, gw_slice_str(other_sections[i].name))) {
			ignore(s, CONFIG_W_NOT_CARRIED, other_sections[i].why, other_sections[i].instead);
			s->always = s->arg.n > 0;
			return;
		}
	if (s->arg.n || !dove_known(s->name)) {
		ignore(s, CONFIG_W_UNKNOWN_SETTING, "the conversion does not know it", NULL);
		return;
	}
	s->kind = DOVE_WORDS;
	s->words = GW_S("");
}

static const char *shown(struct dove *d, const struct dove_section *s)
{
	return gw_arena_printf(&d->c->arena, "%.*s %.*s", (int)(s->name.n < 60 ? s->name.n : 60), s->name.p,
		(int)(s->arg.n < 60 ? s->arg.n : 60), s->arg.p);
}

static void open_protocol(struct dove *d, struct dove_section *s)
{
	bool imap = gw_slice_eq(s->arg, GW_S("imap"));

	if (!imap && !gw_slice_eq(s->arg, GW_S("pop3"))) {
		ignore(s, CONFIG_W_NOT_CARRIED, DOVE_OTHER, NULL);
		return;
	}
	s->kind = DOVE_PROTOCOL;
	s->scope = imap ? IMAP : POP3;
	s->shown = shown(d, s);
}

/* Sessions run in "imap" and "pop3"; connections come in at "imap-login" and "pop3-login". */
static void open_service(struct dove *d, struct dove_section *s)
{
	static const char *const ours[] = { "imap", "pop3", "imap-login", "pop3-login" };

	s->scope = SERVICES;
	for (unsigned i = 0; i < 4; i++)
		if (gw_slice_eq(s->arg, gw_slice_str(ours[i]))) {
			s->kind = DOVE_SERVICE;
			s->scope += i;
			s->shown = shown(d, s);
			s->prefix = i < 2 ? "service." : "service.login_";
			return;
		}
	if (gw_slice_eq(s->arg, GW_S("lmtp")) || gw_slice_startsi(s->arg, GW_S("submission")) ||
	    gw_slice_startsi(s->arg, GW_S("managesieve")))
		ignore(s, CONFIG_W_NOT_CARRIED, DOVE_OTHER, NULL);
	else
		ignore(s, CONFIG_N_NEEDLESS, DOVE_OWN, NULL);
}

static void open_listener(struct dove *d, struct dove_section *s)
{
	struct gw_slice service = dove_top(d)->arg;
	size_t i = 0;

	while (i < d->n_listeners &&
	       !(gw_slice_eq(d->listeners[i].service, service) && gw_slice_eq(d->listeners[i].name, s->arg)))
		i++;
	if (i == DOVE_LISTENERS_MAX) {
		ignore(s, CONFIG_W_NOT_CARRIED, "there are too many listeners", NULL);
		return;
	}
	if (i == d->n_listeners)
		d->listeners[d->n_listeners++] = (struct dove_listener){ .service = service, .name = s->arg,
			.imap = gw_slice_startsi(service, GW_S("imap")) };
	d->listeners[i].at = s->at;
	s->kind = DOVE_LISTENER;
	s->listener = i;
}

static bool inherits(struct dove *d, struct dove_section *s)
{
	const struct dove_section *up = dove_top(d);

	s->scope = up->scope;
	s->shown = up->shown;
	if (up->kind == DOVE_IGNORED) {
		s->kind = DOVE_IGNORED;
		return true;
	}
	if (gw_slice_eq(s->name, GW_S("ssl_server")) && s->arg.n == 0) {
		s->kind = up->kind == DOVE_LOCAL_NAME ? DOVE_LOCAL_NAME : DOVE_PREFIX;
		s->prefix = "ssl_server_";
		return true;
	}
	return false;
}

/* Its settings stand for all, wherever it stands. */
static void open_prefix(struct dove_section *s, const char *prefix)
{
	s->kind = DOVE_PREFIX;
	s->shown = "";
	s->scope = GLOBAL;
	s->prefix = prefix;
}

void dove_open(struct dove *d, struct dove_section *s)
{
	if (inherits(d, s))
		return;
	if (gw_slice_eq(s->name, GW_S("protocol")))
		open_protocol(d, s);
	else if (gw_slice_eq(s->name, GW_S("service")))
		open_service(d, s);
	else if (gw_slice_eq(s->name, GW_S("inet_listener")) && dove_top(d)->kind == DOVE_SERVICE)
		open_listener(d, s);
	else if (gw_slice_eq(s->name, GW_S("local_name")))
		s->kind = DOVE_LOCAL_NAME;
	else if (gw_slice_eq(s->name, GW_S("plugin")))
		open_prefix(s, "plugin.");
	else if (gw_slice_eq(s->name, GW_S("quota")))
		open_prefix(s, "quota_");
	else
		open_other(s);
}

/* ---- settings ---- */

static void add(struct dove *d, struct gw_slice name, struct gw_slice value, const struct conv_at *at)
{
	const struct dove_section *s = dove_top(d);

	conv_add(d->c, &(struct conv_setting){ .name = name, .value = value, .section = s->shown, .scope = s->scope,
		.at = *at });
}

static void in_listener(struct dove *d, struct gw_slice name, struct gw_slice value, const struct conv_at *at)
{
	struct dove_listener *l = &d->listeners[dove_top(d)->listener];
	bool on = false;

	if (gw_slice_startsi(name, GW_S("inet_listener_"))) /* 2.4 takes the whole name too */
		gw_slice_take(&name, 14);
	l->at = *at;
	if (gw_slice_eq(name, GW_S("port")))
		l->port = value;
	else if (gw_slice_eq(name, GW_S("address")) || gw_slice_eq(name, GW_S("listen")))
		l->address = value;
	else if (gw_slice_eq(name, GW_S("ssl")) && conv_parse_bool(value, &on))
		l->ssl = on;
	else if (!gw_slice_eq(name, GW_S("reuse_port")) && !(conv_parse_bool(value, &on) && !on))
		conv_find(d->c, CONFIG_W_NOT_CARRIED, at, NULL, NULL, gw_slice_eq(name, GW_S("haproxy")) ?
			"the PROXY protocol is not spoken: let the proxy pass addresses through" : NULL,
				"\"%.*s\" of a listener is not carried",
			(int)(name.n < 60 ? name.n : 60), name.p);
}

/* Is the name one of these, with or without the prefix of its section? */
static bool is_one_of(struct gw_slice name, const char *a, const char *b)
{
	if (gw_slice_startsi(name, GW_S("ssl_server_")))
		gw_slice_take(&name, 11);
	return gw_slice_eq(name, gw_slice_str(a)) || gw_slice_eq(name, gw_slice_str(b));
}

static void in_local_name(struct dove *d, struct gw_slice name, struct gw_slice value, const struct conv_at *at)
{
	struct dove_section *s = dove_top(d);
	struct conv_setting set = { .name = name, .value = value, .section = "local_name", .at = *at };

	if (*s->prefix) /* ssl_server inside */
		s = &d->stack[d->depth - 1];
	if (value.n && *value.p == '<')
		set.value = gw_slice_trim(gw_slice(value.p + 1, value.n - 1));
	if (is_one_of(name, "ssl_cert", "cert_file"))
		s->cert = set;
	else if (is_one_of(name, "ssl_key", "key_file"))
		s->key = set;
	else
		conv_not_carried(d->c, &set, "only certificates depend on the name that a client asks for", NULL);
}

static void in_words(struct dove *d, struct gw_slice name, struct gw_slice value)
{
	struct dove_section *s = dove_top(d);
	bool on;

	if (conv_parse_bool(value, &on) && on && s->words.n + name.n < 4096)
		s->words = gw_slice_str(gw_arena_printf(&d->c->arena, "%.*s %.*s", GW_FMT(s->words), GW_FMT(name)));
}

void dove_setting(struct dove *d, struct gw_slice name, struct gw_slice value, const struct conv_at *at)
{
	const struct dove_section *s = dove_top(d);
	size_t n = strlen(s->prefix);

	switch (s->kind) {
	case DOVE_LISTENER:
		in_listener(d, name, value, at);
		break;
	case DOVE_LOCAL_NAME:
		in_local_name(d, name, value, at);
		break;
	case DOVE_WORDS:
		in_words(d, name, value);
		break;
	case DOVE_IGNORED:
		report_ignored(d);
		break;
	case DOVE_SERVICE:
		if (gw_slice_startsi(name, GW_S("service_")) && !gw_slice_eq(name, GW_S("service_count")))
			gw_slice_take(&name, 8);
		/* fall through */
	default:
		if (n && !(name.n > n && memcmp(name.p, s->prefix, n) == 0))
			name = gw_slice_str(gw_arena_printf(&d->c->arena, "%s%.*s", s->prefix, GW_FMT(name)));
		add(d, name, value, at);
	}
}

static bool fits_a_pair(struct gw_slice path)
{
	return path.n && !memchr(path.p, ':', path.n) && !memchr(path.p, ' ', path.n);
}

/* A certificate for a name joins the list; paths with blanks or colons cannot stand in one. */
static void add_pair(struct dove *d, const struct dove_section *s)
{
	const char *have = conv_get(d->c, "ssl_certificates");
	struct gw_slice cert = s->cert.value, key = s->key.value;

	if (cert.n == 0 && key.n == 0)
		return;
	if (!fits_a_pair(cert) || !fits_a_pair(key) || (have && strlen(have) > 8192)) {
		conv_not_carried(d->c, cert.n ? &s->cert : &s->key,
			"it needs a certificate and a key, whose paths have no blank and no colon",
			"write it into ssl_certificates");
		return;
	}
	conv_set(d->c, "ssl_certificates", gw_arena_printf(&d->c->arena, "%s%s%.*s:%.*s", have ? have : "",
		have ? " " : "",
		GW_FMT(cert), GW_FMT(key)), &s->cert.at);
}

void dove_close(struct dove *d)
{
	const struct dove_section *s = dove_top(d);

	if (s->kind == DOVE_WORDS) {
		struct dove_section words = *s;

		d->depth--; /* the list stands in the section around */
		add(d, words.name, gw_slice_trim(words.words), &words.at);
		d->depth++;
	} else if (s->kind == DOVE_LOCAL_NAME && !*s->prefix) {
		add_pair(d, s);
	} else if (s->kind == DOVE_IGNORED && s->always) {
		report_ignored(d);
	}
}

/* ---- listeners ---- */

static bool has_word(struct gw_slice list, const char *word)
{
	struct gw_slice w;

	while (gw_slice_word(&list, " \t,", &w))
		if (gw_slice_eqi(w, gw_slice_str(word)))
			return true;
	return false;
}

static void report_protocols(struct dove *d, const struct conv_setting *s)
{
	struct gw_slice rest = s->value, w;

	for (size_t n = 0; n < 64 && gw_slice_word(&rest, " \t,", &w); n++)
		if (!has_word(GW_S("imap pop3 imaps pop3s none"), gw_arena_str(&d->c->arena, w)))
			conv_find(d->c, CONFIG_W_NOT_CARRIED, &s->at, NULL, NULL, NULL,
				"the protocol \"%.*s\" is not carried: " DOVE_OTHER,
				(int)(w.n < 60 ? w.n : 60), w.p);
}

static void listen_on(struct dove *d, const struct dove_listener *l, struct gw_slice everywhere)
{
	enum gw_service service = l->imap ? l->ssl ? GW_SERVICE_IMAPS : GW_SERVICE_IMAP :
				  l->ssl      ? GW_SERVICE_POP3S : GW_SERVICE_POP3;
	struct gw_slice rest = l->address.n ? l->address : everywhere, address;

	if (l->port.n == 0 || gw_slice_eq(l->port, GW_S("0")))
		return;
	while (gw_slice_word(&rest, " \t,", &address))
		conv_add_listener(d->c, service, address, l->port, &l->at);
}

static void usual_listeners(struct dove *d)
{
	static const struct dove_listener usual[] = {
		{ .service = { "imap-login", 10 }, .name = { "imap", 4 }, .port = { "143", 3 }, .imap = true },
		{ .service = { "imap-login", 10 }, .name = { "imaps", 5 }, .port = { "993", 3 }, .imap = true,
			.ssl = true },
		{ .service = { "pop3-login", 10 }, .name = { "pop3", 4 }, .port = { "110", 3 } },
		{ .service = { "pop3-login", 10 }, .name = { "pop3s", 5 }, .port = { "995", 3 }, .ssl = true },
	};

	memcpy(d->listeners, usual, sizeof usual);
	d->n_listeners = sizeof usual / sizeof *usual;
}

static void set_listeners(struct dove *d)
{
	const struct conv_setting *p = conv_last(d->c, "protocols", GLOBAL);
	const struct conv_setting *listen = conv_last(d->c, "listen", GLOBAL);
	const struct conv_setting *ssl = conv_last(d->c, "ssl", GLOBAL);
	bool no_tls = ssl && (gw_slice_eqi(ssl->value, GW_S("no")) || gw_slice_eqi(ssl->value, GW_S("off")));
	struct gw_slice protocols = p ? p->value : GW_S("imap pop3");

	if (p)
		report_protocols(d, p);
	else
		conv_find(d->c, CONFIG_W_NEARLY, NULL, NULL, NULL, NULL,
			"\"protocols\" is not set; IMAP and POP3 are assumed");
	for (size_t i = 0; i < d->n_listeners; i++) {
		const struct dove_listener *l = &d->listeners[i];

		if (has_word(protocols, l->imap ? "imap" : "pop3") && !(no_tls && l->ssl))
			listen_on(d, l, listen && listen->value.n ? listen->value : GW_S("*"));
	}
	if (no_tls) {
		conv_set(d->c, "ssl_certificate_file", "", &ssl->at);
		conv_set(d->c, "ssl_private_key_file", "", &ssl->at);
	}
}

void conv_dovecot(struct conv *c)
{
	struct dove *d = gw_arena_alloc(&c->arena, sizeof *d);
	const struct conv_setting *size;
	const char *path = c->src->path;

	d->c = c;
	d->stack[0] = (struct dove_section){ .kind = DOVE_ROOT, .shown = "", .prefix = "" };
	usual_listeners(d);
	if (conv_is_directory(c, path))
		path = conv_inside(c, path, "dovecot.conf");
	dove_read(d, path, NULL, false);
	if (c->rc < 0)
		return;
	conv_assume(c, &dove_table, "disable_plaintext_auth", "yes");
	conv_assume(c, &dove_table, "log_path", "syslog");
	conv_apply(c, &dove_table);
	size = conv_last(c, "auth_cache_size", GLOBAL);
	if (size && dove_no_cache(size))
		conv_set(c, "auth_cache_ttl", "0", &size->at);
	set_listeners(d);
	conv_complete(c);
}
