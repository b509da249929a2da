/* ban.c - orders about addresses that are shut out, and about those that must wait (see ctl.h, ban.h, penalty.h) */
#include "daemon/ctl/ctl.h"

#include "daemon/conn.h"
#include "daemon/ctl/filter.h"

/* The argument "address"; *ret is untouched when it is not given. */
static int get_network(const struct gw_ctl_request *r, struct gw_network *ret, struct gw_err *err)
{
	struct gw_slice text = gw_ctl_slice(r, "address");

	if (text.n == 0 || gw_network_parse(text, ret))
		return 0;
	return gw_fail(err, GW_EINVAL, "\"%.*s\" is not an IP address or a network such as 192.0.2.0/24", GW_FMT(text));
}

static bool given(const struct gw_ctl_request *r, const char *name)
{
	return gw_ctl_slice(r, name).n > 0;
}

/* Is one of them inside the other? */
static bool overlap(const struct gw_network *a, const struct gw_network *b)
{
	return a->bits <= b->bits ? gw_network_has(a, b->ip) : gw_network_has(b, a->ip);
}

static void put_network(struct gw_json *j, const struct gw_network *net)
{
	char text[GW_NETWORK_TEXT];

	gw_network_put(net, text);
	gw_json_str(j, "address", text);
}

static int end_count(struct ctl_client *c, const char *what, uint64_t n)
{
	gw_json_u64(gw_ctl_ok(&c->reply), what, n);
	gw_ctl_end(&c->reply);
	return 0;
}

/* ---- bans ---- */

static void put_ban(struct ctl_client *c, const struct ban *ban, uint32_t now_s)
{
	struct gw_json *j = gw_ctl_row(&c->reply);

	put_network(j, &ban->net);
	gw_json_bool(j, "for_good", ban->for_good);
	gw_json_u64(j, "left_s", ban->for_good ? 0 : ban->until_s - now_s);
	gw_json_u64(j, "age_s", now_s - ban->since_s);
	gw_json_bool(j, "automatic", ban->by_itself);
	gw_json_u64(j, "refused", ban->refused);
	gw_json_string(j, "reason", filter_text(ban->reason, sizeof ban->reason));
	gw_ctl_end(&c->reply);
}

/* There are BAN_MAX at most: that many rows have room. */
static int answer_list(struct ctl_client *c, struct gw_err *err)
{
	uint32_t now_s = conn_clock_s();
	struct gw_network net = { .bits = 0 };
	uint64_t rows = 0;
	struct ban ban;

	if (get_network(&c->request, &net, err) < 0)
		return GW_EINVAL;
	for (size_t i = 0; ban_at(&c->s->g.bans, i, now_s, &ban); i++) {
		if (given(&c->request, "address") && !overlap(&ban.net, &net))
			continue;
		put_ban(c, &ban, now_s);
		rows++;
	}
	return end_count(c, "bans", rows);
}

static bool comes_from(const void *ctx, const struct reg_slot *slot)
{
	static const unsigned char none[16];

	return memcmp(slot->ip, none, sizeof none) != 0 && gw_network_has(ctx, slot->ip);
}

static int answer_add(struct ctl_client *c, struct gw_err *err)
{
	const struct gw_ctl_request *r = &c->request;
	uint64_t for_s = gw_ctl_number(r, "for", c->s->g.current->config->ban_time);
	struct gw_slice reason = gw_ctl_slice(r, "reason");
	char text[GW_NETWORK_TEXT];
	struct gw_network net;
	int rc = get_network(r, &net, err);

	if (rc == 0 && for_s > INT32_MAX)
		rc = gw_fail(err, GW_EINVAL, "a ban lasts at most 68 years; 0 is one that stays until it is removed");
	if (rc == 0)
		rc = ban_add(&c->s->g.bans, &net, conn_clock_s(), (uint32_t)for_s, reason, false, err);
	if (rc < 0)
		return rc;
	gw_network_put(&net, text);
	log_event(&c->s->g.log, GW_EV_BAN, GW_STR("address", text), GW_NUM("seconds", for_s),
		  GW_TEXT("detail", reason.n ? reason : GW_S("an order")));
	return end_count(c, "sessions", gw_ctl_flag(r, "kick") ? ctl_kick(c->s, comes_from, &net, gw_slice("", 0)) : 0);
}

static int no_ban(struct bans *b, const struct gw_network *net, struct gw_err *err)
{
	char text[GW_NETWORK_TEXT], other[GW_NETWORK_TEXT];
	struct ban ban;

	gw_network_put(net, text);
	if (!ban_find(b, net->ip, conn_clock_s(), false, &ban))
		return gw_fail(err, GW_ENOENT, "%s is not banned", text);
	gw_network_put(&ban.net, other);
	return gw_fail(err, GW_ENOENT, "%s is banned with %s: remove that", text, other);
}

static int answer_remove(struct ctl_client *c, struct gw_err *err)
{
	struct bans *b = &c->s->g.bans;
	bool all = gw_ctl_flag(&c->request, "all");
	char text[GW_NETWORK_TEXT] = "all";
	struct gw_network net = { .bits = 0 };
	int rc = get_network(&c->request, &net, err);
	uint64_t n = 1;

	if (rc < 0)
		return rc;
	if (given(&c->request, "address") == all)
		return gw_fail(err, GW_EINVAL, "give the address or network of ban list, or all=yes");
	if (all)
		n = ban_clear(b, conn_clock_s());
	else if (!ban_remove(b, &net, conn_clock_s()))
		return no_ban(b, &net, err);
	else
		gw_network_put(&net, text);
	log_event(&c->s->g.log, GW_EV_UNBAN, GW_STR("address", text), GW_STR("detail", "an order"));
	return end_count(c, "bans", n);
}

/* ---- failures ---- */

struct wanted {
	bool any;
	struct gw_network net;
};

static struct gw_network network_of(const struct penalty_row *row)
{
	struct gw_network net = { .bits = row->bits };

	memcpy(net.ip, row->ip, sizeof net.ip);
	return net;
}

static bool penalties_on(struct ctl_client *c)
{
	struct penalty_rule rule = penalty_rule_of(c->s->g.current->config);
	const struct wanted *w = c->stream.ctx;
	uint32_t now_s = conn_clock_s();
	uint64_t max = gw_ctl_number(&c->request, "max", UINT64_MAX);
	struct penalty_row row;

	while (c->rows < max && !gw_out_full(&c->out)) {
		struct gw_network net;
		struct gw_json *j;

		if (!penalty_next(&c->s->g.penalties, &rule, now_s, &c->cursor, &row)) {
			max = 0;
			break;
		}
		net = network_of(&row);
		if (!w->any && !overlap(&net, &w->net))
			continue;
		j = gw_ctl_row(&c->reply);
		put_network(j, &net);
		gw_json_u64(j, "failures", row.count);
		gw_json_u64(j, "delay_s", row.delay_s);
		gw_json_u64(j, "last_s", now_s - row.last_s);
		gw_ctl_end(&c->reply);
		c->rows++;
	}
	if (c->rows < max)
		return true;
	end_count(c, "addresses", c->rows);
	return false;
}

static int answer_penalties(struct ctl_client *c, struct gw_err *err)
{
	struct wanted *w = gw_arena_alloc(&c->arena, sizeof *w);
	int rc = get_network(&c->request, &w->net, err);

	w->any = !given(&c->request, "address");
	c->cursor = 0;
	c->rows = 0;
	if (rc == 0)
		c->stream = (struct ctl_stream){ .more = penalties_on, .ctx = w };
	return rc;
}

static bool is_wanted(void *ctx, const struct penalty_row *row)
{
	const struct wanted *w = ctx;
	struct gw_network net = network_of(row);

	return w->any || overlap(&net, &w->net);
}

static int answer_clear(struct ctl_client *c, struct gw_err *err)
{
	struct wanted w = { .any = gw_ctl_flag(&c->request, "all") };
	bool user = given(&c->request, "user"), address = given(&c->request, "address");
	unsigned n = 0;

	if (get_network(&c->request, &w.net, err) < 0)
		return GW_EINVAL;
	if (!user && address == w.any)
		return gw_fail(err, GW_EINVAL, "give an address, a user, or all=yes");
	if (address || w.any)
		n = penalty_forget(&c->s->g.penalties, is_wanted, &w);
	if (user)
		penalty_forget_user(&c->s->g.penalties, gw_ctl_slice(&c->request, "user"));
	return end_count(c, "addresses", n);
}

const struct ctl_handler ctl_handlers_ban[] = {
	{ "ban list", .answer = answer_list },
	{ "ban add", .answer = answer_add },
	{ "ban remove", .answer = answer_remove },
	{ "penalty list", .answer = answer_penalties },
	{ "penalty clear", .answer = answer_clear },
	{ 0 },
};
