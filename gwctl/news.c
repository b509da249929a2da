/* news.c - rows that tell what happened (see news.h) */
#include "gwctl/news.h"

#include "log/log.h"

#include <string.h>

void news_read(struct gw_slice json, struct gw_arena *arena, struct news *ret)
{
	struct gw_ctl_member m;
	struct {
		const char *key;
		char **to;
	} known[] = { { "event", &ret->event }, { "account", &ret->account }, { "option", &ret->option },
		      { "text", &ret->text },	{ "done", &ret->done },	      { "total", &ret->total } };
	struct gw_buf text;

	memset(ret, 0, sizeof *ret);
	gw_buf_init(&text, 0);
	while (gw_ctl_json_next(&json, arena, &m) > 0) {
		ret->bytes |= gw_slice_eq(m.key, GW_S("unit")) && gw_slice_eq(m.value, GW_S("bytes"));
		for (size_t i = 0; i < sizeof known / sizeof *known; i++)
			if (gw_slice_eq(m.key, gw_slice_str(known[i].key)) && m.kind != GW_CTL_JSON_NULL) {
				text.n = 0;
				value_put_plain(&text, &m);
				*known[i].to = gw_arena_str(arena, gw_buf_slice(&text));
			}
	}
	gw_buf_done(&text);
}

bool news_is(const struct news *n)
{
	return n->event || (n->text && !n->done);
}

bool news_is_progress(const struct news *n)
{
	return n->event && (strcmp(n->event, "step") == 0 || strcmp(n->event, "account") == 0);
}

/* Those that stand without their names, first. */
static bool is_bare(struct gw_slice key, bool *behind_colon)
{
	static const char *const bare[] = { "time", "level", "module", "event", "account", "option" };
	size_t i = 0;

	while (i < sizeof bare / sizeof *bare && !gw_slice_eq(key, gw_slice_str(bare[i])))
		i++;
	*behind_colon = i >= 3;
	return i < sizeof bare / sizeof *bare;
}

static void put_bare(struct gw_slice json, struct gw_arena *arena, bool color, struct gw_buf *out)
{
	struct gw_ctl_member m;
	bool colon;

	while (gw_ctl_json_next(&json, arena, &m) > 0) {
		struct gw_buf text;
		enum shade shade;

		if (!is_bare(m.key, &colon) || m.kind == GW_CTL_JSON_NULL)
			continue;
		gw_buf_init(&text, 0);
		value_put(&text, arena, &m);
		shade = color ? value_shade(m.key, gw_buf_str(&text)) : SHADE_NONE;
		gw_buf_printf(out, "%s%s%s%s ", shade ? shade_code(shade) : "", gw_buf_str(&text), shade ? shade_code(SHADE_NONE) : "",
			colon ? ":" : "");
		gw_buf_done(&text);
	}
}

static void put_others(struct gw_slice json, struct gw_arena *arena, struct gw_buf *out)
{
	struct gw_ctl_member m;
	bool colon;

	while (gw_ctl_json_next(&json, arena, &m) > 0) {
		if (is_bare(m.key, &colon) || m.kind == GW_CTL_JSON_NULL || (m.kind == GW_CTL_JSON_STRING && m.value.n == 0))
			continue;
		gw_log_escape(out, m.key, SIZE_MAX / 8);
		gw_buf_add_char(out, '=');
		value_put(out, arena, &m);
		gw_buf_add_char(out, ' ');
	}
}

void news_put(struct gw_slice json, struct gw_arena *arena, bool color, struct gw_buf *out)
{
	struct news n;

	news_read(json, arena, &n);
	put_bare(json, arena, color, out);
	if (n.text)
		gw_buf_printf(out, "%s", n.text);
	else
		put_others(json, arena, out);
	while (out->n && (out->p[out->n - 1] == ' ' || out->p[out->n - 1] == ':'))
		out->n--;
}
