/* cyrus.c - Cyrus IMAP: imapd.conf, and the services of cyrus.conf that lies beside it
 *
 * imapd.conf is "key: value"; a key may begin with the name of a service of cyrus.conf and then counts for it alone.
 * cyrus.conf has sections of services, jobs and daemons; only imapd and pop3d are ours. */
#include "convert/priv.h"

#define SERVICES_MAX 64

struct service {
	struct gw_slice name;
	bool ours;
};

struct cyrus {
	struct conv *c;
	struct service services[SERVICES_MAX];
	size_t n;
};

/* ---- imapd.conf ---- */

/* A key of one service: "imaps_tls_server_cert". False: it is one of a service that is not ours. */
static bool key_of_service(struct cyrus *cy, struct conv_setting *s)
{
	for (size_t i = 0; i < cy->n; i++) {
		struct gw_slice name = cy->services[i].name;
		struct gw_slice rest;

		if (s->name.n <= name.n + 1 || memcmp(s->name.p, name.p, name.n) != 0 || s->name.p[name.n] != '_')
			continue;
		rest = gw_slice(s->name.p + name.n + 1, s->name.n - name.n - 1);
		if (!conv_row_of(&cyrus_table, rest))
			continue;
		s->section = gw_arena_printf(&cy->c->arena, "service %.*s", GW_FMT(name));
		s->name = rest;
		s->scope = 1 + (unsigned)(i < CONV_SCOPES - 2 ? i : CONV_SCOPES - 2);
		if (!cy->services[i].ours)
			conv_not_carried(cy->c, s, "it is about a service that the gateway does not have", NULL);
		return cy->services[i].ours;
	}
	return true;
}

static struct gw_slice lower(struct conv *c, struct gw_slice s)
{
	char *copy = gw_arena_str(&c->arena, s);

	for (size_t i = 0; i < s.n; i++)
		copy[i] = gw_lower(copy[i]);
	return gw_slice(copy, s.n);
}

static struct gw_slice unquoted(struct gw_slice s)
{
	s = gw_slice_trim(s);
	if (s.n >= 2 && s.p[0] == '"' && s.p[s.n - 1] == '"')
		s = gw_slice(s.p + 1, s.n - 2);
	return s;
}

/* The value, and the lines that continue it with a backslash. */
static struct gw_slice whole_value(struct cyrus *cy, const struct conv_file *f, struct gw_slice *rest,
	struct conv_at *at,
	struct gw_slice value)
{
	const char *text = NULL;

	while (value.n && value.p[value.n - 1] == '\\' && value.n < GW_CONFIG_LINE_MAX) {
		struct gw_slice head = gw_slice(value.p, value.n - 1);

		if (!conv_line(f, rest, at))
			return head;
		text = gw_arena_printf(&cy->c->arena, "%.*s%.*s", GW_FMT(head), GW_FMT(at->source));
		cy->c->held += strlen(text);
		if (cy->c->held > GW_CONVERT_BYTES_MAX)
			return head;
		value = gw_slice_str(text);
	}
	return unquoted(value);
}

static void read_keys(struct cyrus *cy, const char *path, const struct conv_at *from, bool missing_ok);

static void key_line(struct cyrus *cy, const struct conv_file *f, struct gw_slice *rest, struct conv_at *at)
{
	struct gw_slice line = gw_slice_trim(at->source), key, value;
	size_t colon = gw_slice_find(line, ':');
	struct conv_at here = *at;
	struct conv_setting s = { .section = "" };

	if (line.n == 0 || *line.p == '#')
		return;
	if (colon == line.n) {
		conv_wrong(cy->c, at, "write key: value", "the line has no colon");
		return;
	}
	key = gw_slice_trim(gw_slice(line.p, colon));
	value = gw_slice_trim(gw_slice(line.p + colon + 1, line.n - colon - 1));
	s.at = conv_part(&here, value);
	s.value = whole_value(cy, f, rest, at, value);
	s.name = lower(cy->c, key);
	if (gw_slice_eq(s.name, GW_S("@include"))) {
		read_keys(cy, gw_arena_str(&cy->c->arena, s.value), &s.at, false);
		return;
	}
	if (key_of_service(cy, &s))
		conv_add(cy->c, &s);
}

static void read_keys(struct cyrus *cy, const char *path, const struct conv_at *from, bool missing_ok)
{
	const struct conv_file *f = conv_read(cy->c, path, from, missing_ok);
	struct gw_slice rest;
	struct conv_at at = { .file = f };

	if (!f)
		return;
	rest = f->text;
	while (cy->c->rc == 0 && conv_line(f, &rest, &at))
		key_line(cy, f, &rest, &at);
}

/* ---- cyrus.conf ---- */

/* name="value" behind the name of an entry. */
static bool next_field(struct gw_slice *s, struct gw_slice *name, struct gw_slice *value)
{
	size_t n;

	*s = gw_slice_trim(*s);
	n = gw_slice_find(*s, '=');
	if (n == s->n)
		return false;
	*name = gw_slice_trim(gw_slice_take(s, n));
	gw_slice_take(s, 1);
	if (s->n && *s->p == '"') {
		gw_slice_take(s, 1);
		*value = gw_slice_take(s, gw_slice_find(*s, '"'));
		if (s->n)
			gw_slice_take(s, 1);
		return true;
	}
	for (n = 0; n < s->n && s->p[n] != ' ' && s->p[n] != '\t';)
		n++;
	*value = gw_slice_take(s, n);
	return true;
}

struct entry {
	struct gw_slice name, cmd, listen, proto, maxchild;
};

static void parse_entry(struct gw_slice line, struct entry *ret)
{
	struct gw_slice field, value;

	*ret = (struct entry){ GW_S(""), GW_S(""), GW_S(""), GW_S(""), GW_S("") };
	gw_slice_word(&line, " \t", &ret->name);
	while (next_field(&line, &field, &value)) {
		if (gw_slice_eqi(field, GW_S("cmd")))
			ret->cmd = value;
		else if (gw_slice_eqi(field, GW_S("listen")))
			ret->listen = value;
		else if (gw_slice_eqi(field, GW_S("maxchild")))
			ret->maxchild = value;
		else if (gw_slice_eqi(field, GW_S("proto")))
			ret->proto = value;
	}
}

/* Which service does a command serve? False: none of ours. */
static bool which(struct gw_slice cmd, enum gw_service *ret)
{
	struct gw_slice word, base;
	bool tls = false, imap;

	if (!gw_slice_word(&cmd, " \t", &word))
		return false;
	base = word;
	for (size_t i = 0; i < word.n; i++)
		if (word.p[i] == '/')
			base = gw_slice(word.p + i + 1, word.n - i - 1);
	imap = gw_slice_eq(base, GW_S("imapd")) || gw_slice_eq(base, GW_S("proxyd"));
	if (!imap && !gw_slice_eq(base, GW_S("pop3d")) && !gw_slice_eq(base, GW_S("pop3proxyd")))
		return false;
	while (gw_slice_word(&cmd, " \t", &word))
		tls |= gw_slice_eq(word, GW_S("-s"));
	*ret = imap ? tls ? GW_SERVICE_IMAPS : GW_SERVICE_IMAP : tls ? GW_SERVICE_POP3S : GW_SERVICE_POP3;
	return true;
}

static void report_family(struct conv *c, const struct entry *e, const struct conv_at *line)
{
	struct conv_at at = conv_part(line, e->proto);

	if (e->proto.n && !gw_slice_eqi(e->proto, GW_S("tcp")))
		conv_find(c, CONFIG_W_NOT_CARRIED, &at, NULL, NULL, "write 0.0.0.0 or [::] for one family of addresses",
			"\"proto\" of %.*s is not carried: a listener is of both families unless its address says "
				"otherwise",
			(int)(e->name.n < 60 ? e->name.n : 60), e->name.p);
}

static void add_listen(struct conv *c, enum gw_service service, struct gw_slice listen, const struct conv_at *line)
{
	struct conv_at place = conv_part(line, listen), *at = &place;
	bool local = listen.n && *listen.p == '/';
	const char *colon = listen.n && !local ? memrchr(listen.p, ':', listen.n) : NULL;

	if (colon)
		conv_add_listener(c, service, gw_slice(listen.p, (size_t)(colon - listen.p)),
			gw_slice(colon + 1, listen.n - (size_t)(colon + 1 - listen.p)), at);
	else
		conv_add_listener(c, service, local ? listen : GW_S("*"), listen, at);
}

static void add_children(struct conv *c, const struct entry *e, const struct conv_at *line)
{
	static const struct conv_row row = { .option = "max_connections",
		.why = "all services have one limit together, so theirs are added" };
	struct conv_setting s = { .name = GW_S("maxchild"), .value = e->maxchild, .section = "",
		.at = conv_part(line, e->maxchild) };

	if (e->maxchild.n && *e->maxchild.p != '-')
		conv_sum(c, &row, &s);
}

static void service_entry(struct cyrus *cy, struct gw_slice line, const struct conv_at *at)
{
	enum gw_service service;
	struct entry e;
	bool ours;

	parse_entry(line, &e);
	ours = which(e.cmd, &service);
	if (cy->n < SERVICES_MAX)
		cy->services[cy->n++] = (struct service){ lower(cy->c, e.name), ours };
	if (!ours) {
		conv_find(cy->c, CONFIG_W_NOT_CARRIED, at, NULL, NULL, NULL,
			"the service \"%.*s\" is not carried: the gateway serves IMAP and POP3 only",
			(int)(e.name.n < 60 ? e.name.n : 60), e.name.p);
		return;
	}
	add_listen(cy->c, service, e.listen, at);
	report_family(cy->c, &e, at);
	add_children(cy->c, &e, at);
}

static void section_begins(struct cyrus *cy, struct gw_slice name, const struct conv_at *at)
{
	if (gw_slice_eqi(name, GW_S("SERVICES")))
		return;
	conv_find(cy->c, CONFIG_N_NEEDLESS, at, NULL, NULL, NULL,
		"the section \"%.*s\" needs no counterpart: it runs tools of "
		"Cyrus on its own databases", (int)(name.n < 60 ? name.n : 60), name.p);
}

static void read_services(struct cyrus *cy, const struct conv_file *f)
{
	struct gw_slice rest = f->text, section = { 0 };
	struct conv_at at = { .file = f };

	while (conv_line(f, &rest, &at)) {
		struct gw_slice line = gw_slice_trim(gw_slice(at.source.p, gw_slice_find(at.source, '#')));

		if (line.n == 0)
			continue;
		if (line.p[line.n - 1] == '{') {
			section = gw_slice_trim(gw_slice(line.p, line.n - 1));
			section_begins(cy, section, &at);
		} else if (*line.p == '}') {
			section.n = 0;
		} else if (section.n == 0) {
			conv_wrong(cy->c, &at, "write SERVICES { in front", "the line stands in no section");
			return;
		} else if (gw_slice_eqi(section, GW_S("SERVICES"))) {
			service_entry(cy, line, &at);
		}
	}
}

/* ---- both together ---- */

static bool is_services_file(const char *path)
{
	return gw_slice_startsi(conv_base(path), GW_S("cyrus.conf"));
}

static void assume_services(struct conv *c, const char *path)
{
	conv_find(c, CONFIG_W_NEARLY, NULL, NULL, NULL,
		"write the addresses in imap_listen, imaps_listen, pop3_listen and pop3s_listen",
		"there is no \"%.200s\" that would say which services listen where; IMAP and IMAP inside TLS are "
			"assumed", path);
	conv_add_listener(c, GW_SERVICE_IMAP, GW_S("*"), GW_S("143"), NULL);
	conv_add_listener(c, GW_SERVICE_IMAPS, GW_S("*"), GW_S("993"), NULL);
}

void conv_cyrus(struct conv *c)
{
	const char *path = c->src->path, *dir = conv_is_directory(c, path) ? path : conv_directory(c, path);
	bool inside = dir == path, services_named = !inside && is_services_file(path);
	const char *keys = inside || services_named ? conv_inside(c, dir, "imapd.conf") : path;
	const char *services = services_named ? path : conv_inside(c, dir, "cyrus.conf");
	struct cyrus *cy = gw_arena_alloc(&c->arena, sizeof *cy);
	const struct conv_file *f;

	cy->c = c;
	f = conv_read(c, services, NULL, !services_named);
	if (f)
		read_services(cy, f);
	else if (c->rc == 0)
		assume_services(c, services);
	if (c->rc == 0)
		read_keys(cy, keys, NULL, services_named);
	if (c->rc < 0)
		return;
	conv_assume(c, &cyrus_table, "allowplaintext", "no");
	conv_assume(c, &cyrus_table, "uidl_format", "cyrus");
	conv_apply(c, &cyrus_table);
	conv_set(c, "log_method", "syslog", NULL);
	conv_complete(c);
}
