/* filter.c - which sessions an order is about (see filter.h) */
#include "daemon/ctl/filter.h"

#include "daemon/conn.h"
#include "daemon/daemon.h"
#include "util/clock.h"
#include "util/glob.h"

static const char *const states[] = { "greeting", "login", "authenticated", "selected", "idle", "logout" };

const char *filter_state_name(uint32_t state)
{
	return state < sizeof states / sizeof *states ? states[state] : "unknown";
}

struct gw_slice filter_text(const char *p, size_t cap)
{
	return gw_slice(p, strnlen(p, cap));
}

/* Does the verb know this filter? */
static bool knows(const struct gw_ctl_request *r, const char *name)
{
	const struct gw_ctl_param *p = r->verb->params;

	while (p->name && strcmp(p->name, name) != 0)
		p++;
	return p->name;
}

static struct gw_slice take(const struct gw_ctl_request *r, const char *name, struct filter *f)
{
	struct gw_slice v = knows(r, name) ? gw_ctl_slice(r, name) : gw_slice("", 0);

	f->given += v.n > 0;
	return v;
}

/* Seconds; absent when it is not given. */
static uint64_t take_span(const struct gw_ctl_request *r, const char *name, uint64_t absent, struct filter *f)
{
	return take(r, name, f).n ? gw_ctl_number(r, name, absent) : absent;
}

int filter_read(const struct gw_ctl_request *r, struct filter *ret, struct gw_err *err)
{
	struct filter f = { .now_s = conn_clock_s() };
	struct gw_slice address = take(r, "address", &f);

	f.wall_s = gw_wall_s(gw_clock_system());
	f.id = take_span(r, "id", 0, &f);
	f.user = take(r, "user", &f);
	f.client = take(r, "client", &f);
	f.command = take(r, "command", &f);
	f.mailbox = take(r, "mailbox", &f);
	f.service = take(r, "service", &f);
	f.protocol = take(r, "protocol", &f);
	f.state = take(r, "state", &f);
	f.has_tls = take(r, "tls", &f).n > 0;
	f.tls = f.has_tls && gw_ctl_flag(r, "tls");
	f.older_s = take_span(r, "older", 0, &f);
	f.younger_s = take_span(r, "younger", UINT64_MAX, &f);
	f.idle_s = take_span(r, "idle", 0, &f);
	f.has_net = address.n > 0;
	if (f.has_net && !gw_network_parse(address, &f.net))
		return gw_fail(err, GW_EINVAL, "\"%.*s\" is not an IP address or a network such as 192.0.2.0/24", GW_FMT(address));
	*ret = f;
	return 0;
}

/* Names are kept cut to the size of the slot. Even * is a name: who has none does not fit. */
static bool name_fits(struct gw_slice pattern, const char *name, size_t cap)
{
	struct gw_slice text = filter_text(name, cap);

	if (pattern.n == 0)
		return true;
	if (pattern.n >= cap && text.n + 4 > cap && gw_slice_startsi(pattern, text))
		return true;
	return text.n && gw_glob(pattern, text);
}

static bool has_part(struct gw_slice part, struct gw_slice text)
{
	for (; text.n >= part.n; gw_slice_take(&text, 1)) {
		if (gw_slice_startsi(text, part))
			return true;
		if (text.n == 0)
			break;
	}
	return false;
}

static bool connection_fits(const struct filter *f, const struct reg_slot *slot)
{
	int64_t age_s = f->wall_s - slot->since_s;
	uint32_t idle_s = f->now_s - slot->active_s;
	uint64_t age = age_s < 0 ? 0 : (uint64_t)age_s, idle = (int32_t)idle_s < 0 ? 0 : idle_s;

	if (slot->service >= SERVICES || age < f->older_s || age > f->younger_s || idle < f->idle_s)
		return false;
	if ((f->id && slot->id != f->id) || (f->has_tls && slot->tls != f->tls) || (f->has_net && !gw_network_has(&f->net, slot->ip)))
		return false;
	if (f->service.n && !gw_slice_eqi(f->service, gw_slice_str(services[slot->service].name)))
		return false;
	return !f->protocol.n || gw_slice_eqi(f->protocol, gw_slice_str(services[slot->service].proto->name));
}

bool filter_has(const struct filter *f, const struct reg_slot *slot)
{
	const struct gw_session_info *i = &slot->info;

	return connection_fits(f, slot) && name_fits(f->user, i->user, sizeof i->user) &&
	       name_fits(f->mailbox, i->mailbox, sizeof i->mailbox) && name_fits(f->command, i->command, sizeof i->command) &&
	       (!f->state.n || gw_slice_eqi(f->state, gw_slice_str(filter_state_name(i->state)))) &&
	       (!f->client.n || has_part(f->client, filter_text(i->client, sizeof i->client)));
}
