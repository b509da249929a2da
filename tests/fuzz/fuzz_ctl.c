/* fuzz_ctl.c - the control socket's bytes, from both ends
 *
 * The first octet says how the rest is cut into pieces. Each line is read as a request (and written again: the same values
 * must come back), as a greeting and as an answer, whose JSON is walked to its bottom. */
#include "ctl/ctl.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define DEPTH_MAX 40

static void walk_json(struct gw_slice in, struct gw_arena *arena, unsigned depth)
{
	struct gw_ctl_member m;
	size_t before = in.n + 1;

	if (depth > DEPTH_MAX)
		gw_bug("JSON is deeper than its reader allows");
	while (gw_ctl_json_next(&in, arena, &m) == 1) {
		if (in.n >= before)
			gw_bug("reading JSON does not move on");
		before = in.n;
		if (m.kind == GW_CTL_JSON_NESTED)
			walk_json(m.value, arena, depth + 1);
	}
}

static bool same(const struct gw_ctl_request *a, const struct gw_ctl_request *b)
{
	if (a->verb != b->verb)
		return false;
	for (size_t i = 0; i < GW_CTL_PARAMS_MAX; i++)
		if (a->given[i] != b->given[i] || a->number[i] != b->number[i] || !gw_slice_eq(a->value[i], b->value[i]))
			return false;
	return true;
}

/* Write a request as gwctl does and read it again. */
static void write_again(const struct gw_ctl_request *r, struct gw_arena *arena)
{
	struct gw_ctl_request again = { 0 };
	struct gw_buf b;
	bool ok;

	gw_buf_init(&b, 5 * GW_CTL_LINE_MAX);
	ok = gw_ctl_put_verb(&b, r->verb);
	for (size_t i = 0; i < GW_CTL_PARAMS_MAX && r->verb->params[i].name; i++)
		if (r->given[i])
			ok = gw_ctl_put_arg(&b, r->verb->params[i].name, r->value[i]) && ok;
	if (!ok || memchr(b.p, '\n', b.n))
		gw_bug("a request cannot be written");
	if (b.n <= GW_CTL_LINE_MAX &&
	    (gw_ctl_parse(gw_buf_slice(&b), GW_CTL_ADMIN, arena, &again, NULL) != 0 || !same(r, &again)))
		gw_bug("a request changes when it is written again");
	b.n = 0;
	gw_ctl_redacted(r, &b);
	gw_buf_done(&b);
}

static void read_line(struct gw_slice line)
{
	struct gw_ctl_request r = { 0 };
	struct gw_ctl_greeting g;
	struct gw_ctl_answer a;
	struct gw_arena arena;
	struct gw_err err;

	gw_arena_init(&arena, 0, 0);
	if (gw_ctl_parse(line, GW_CTL_ADMIN, &arena, &r, &err) == 0)
		write_again(&r, &arena);
	gw_ctl_request_wipe(&r);
	gw_ctl_parse(line, GW_CTL_VIEWER, &arena, &r, &err);
	gw_ctl_parse_greeting(line, &g);
	switch (gw_ctl_parse_answer(line, &a)) {
	case GW_CTL_LINE_DATA:
	case GW_CTL_LINE_OK:
		walk_json(a.json, &arena, 0);
		break;
	default:
		walk_json(line, &arena, 0);
	}
	gw_arena_done(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct gw_ctl_in in;
	struct gw_slice rest, line;
	size_t piece;

	if (size < 1)
		return 0;
	rest = gw_slice((const char *)data + 1, size - 1);
	piece = data[0] ? data[0] : GW_CTL_LINE_MAX;
	gw_ctl_in_init(&in, GW_CTL_LINE_MAX);
	while (rest.n && gw_ctl_in_add(&in, gw_slice_take(&rest, rest.n < piece ? rest.n : piece)))
		while (gw_ctl_in_next(&in, &line))
			read_line(line);
	gw_ctl_in_done(&in);
	return 0;
}
