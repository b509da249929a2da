/* members.c - a single object as lines: a member a line, objects and lists of objects indented below their name */
#include "gwctl/render.h"

#include "gwctl/table.h"

#define DEEPEST 4

static int widest_key(struct gw_slice json, struct gw_arena *arena)
{
	struct gw_ctl_member m;
	int width = 8;

	while (gw_ctl_json_next(&json, arena, &m) > 0)
		if ((int)m.key.n > width && m.key.n < 40)
			width = (int)m.key.n;
	return width;
}

static bool has_objects(const struct gw_ctl_member *m)
{
	struct gw_slice s = gw_slice_trim(m->value);

	if (m->kind != GW_CTL_JSON_NESTED)
		return false;
	if (s.p[0] == '{')
		return s.n > 2;
	gw_slice_take(&s, 1);
	return gw_slice_trim(s).p[0] == '{';
}

static void show_line(struct output *out, int indent, const char *plain, const char *shown)
{
	struct gw_buf a, b;

	gw_buf_init(&a, 0);
	gw_buf_init(&b, 0);
	gw_buf_printf(&a, "%*s%s", indent, "", plain);
	gw_buf_printf(&b, "%*s%s", indent, "", shown ? shown : plain);
	output_line(out, gw_buf_str(&a), shown ? gw_buf_str(&b) : NULL, false);
	gw_buf_done(&a);
	gw_buf_done(&b);
}

/* A list of objects as a table. */
static void show_list(struct output *out, struct gw_slice json, int indent, bool color)
{
	struct gw_ctl_member m;
	struct gw_buf plain, shown;
	struct table t;

	table_init(&t, 0);
	gw_buf_init(&plain, 0);
	gw_buf_init(&shown, 0);
	for (struct gw_arena *a = &t.arena; gw_ctl_json_next(&json, a, &m) > 0;)
		if (m.kind == GW_CTL_JSON_NESTED && m.value.p[0] == '{')
			table_add(&t, m.value);
	table_fix(&t);
	table_put_head(&t, &plain);
	show_line(out, indent, gw_buf_str(&plain), NULL);
	for (const struct table_row *row = t.first; row; row = row->next) {
		plain.n = shown.n = 0;
		table_put_row(&t, row, false, &plain);
		table_put_row(&t, row, color, &shown);
		show_line(out, indent, gw_buf_str(&plain), gw_buf_str(&shown));
	}
	gw_buf_done(&plain);
	gw_buf_done(&shown);
	table_done(&t);
}

static void show_value(struct output *out, const struct gw_ctl_member *m, struct gw_arena *arena, int indent, int width,
	bool color)
{
	struct gw_buf line, text, shown, key;
	enum shade shade;

	gw_buf_init(&key, 0);
	put_safe(&key, m->key);
	gw_buf_init(&line, 0);
	gw_buf_init(&text, 0);
	gw_buf_init(&shown, 0);
	value_put(&text, arena, m);
	gw_buf_printf(&line, "%-*s  %s", width, gw_buf_str(&key), gw_buf_str(&text));
	shade = color ? value_shade(m->key, gw_buf_str(&text)) : SHADE_NONE;
	gw_buf_printf(&shown, "%-*s  %s%s%s", width, gw_buf_str(&key), shade_code(shade), gw_buf_str(&text),
		shade_code(SHADE_NONE));
	show_line(out, indent, gw_buf_str(&line), shade ? gw_buf_str(&shown) : NULL);
	gw_buf_done(&key);
	gw_buf_done(&line);
	gw_buf_done(&text);
	gw_buf_done(&shown);
}

static void show_object(struct output *out, struct gw_slice json, struct gw_arena *arena, int depth, bool color)
{
	int width = widest_key(json, arena), indent = 2 * depth;
	struct gw_ctl_member m;
	struct gw_buf title;

	gw_buf_init(&title, 0);
	while (gw_ctl_json_next(&json, arena, &m) > 0) {
		if (depth == 0 && gw_slice_eq(m.key, GW_S("exit")))
			continue; /* is what gwctl ends with */
		if (!has_objects(&m) || depth == DEEPEST) {
			show_value(out, &m, arena, indent, width, color);
			continue;
		}
		title.n = 0;
		value_put_plain(&title, &(struct gw_ctl_member){ .value = m.key, .kind = GW_CTL_JSON_STRING });
		show_line(out, indent, gw_buf_str(&title), NULL);
		if (m.value.p[0] == '{')
			show_object(out, m.value, arena, depth + 1, color);
		else
			show_list(out, m.value, indent + 2, color);
	}
	gw_buf_done(&title);
}

void members_show(struct output *out, struct gw_slice json, bool color)
{
	struct gw_arena arena;

	gw_arena_init(&arena, 0, 0);
	show_object(out, json, &arena, 0, color);
	gw_arena_done(&arena);
}
