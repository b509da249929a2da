/* client.c - the other side: writing requests, reading the lines of an answer */
#include "ctl/ctl.h"
#include "util/num.h"

#include <stdio.h>

/* ---- greeting: GATEWAY 1 version=0.1.0 level=admin ---- */

static struct gw_slice next_word(struct gw_slice *in)
{
	struct gw_slice word;

	while (in->n && in->p[0] == ' ')
		gw_slice_take(in, 1);
	word = gw_slice_take(in, gw_slice_find(*in, ' '));
	return word;
}

static bool greeting_word(struct gw_slice word, struct gw_ctl_greeting *g)
{
	if (gw_slice_startsi(word, GW_S("version="))) {
		gw_slice_take(&word, strlen("version="));
		snprintf(g->version, sizeof g->version, "%.*s", GW_FMT(word));
	} else if (gw_slice_startsi(word, GW_S("level="))) {
		gw_slice_take(&word, strlen("level="));
		return gw_ctl_level_parse(word, &g->level);
	}
	return true; /* others come with later versions */
}

bool gw_ctl_parse_greeting(struct gw_slice line, struct gw_ctl_greeting *ret)
{
	struct gw_ctl_greeting g = { 0 };

	if (!gw_slice_eq(next_word(&line), GW_S("GATEWAY")) || !gw_parse_u64(next_word(&line), &g.protocol))
		return false;
	while (line.n)
		if (!greeting_word(next_word(&line), &g))
			return false;
	*ret = g;
	return true;
}

/* ---- requests ---- */

bool gw_ctl_put_verb(struct gw_buf *b, const struct gw_ctl_verb *v)
{
	return gw_buf_add_slice(b, gw_slice_str(v->name));
}

static bool is_bare(struct gw_slice v)
{
	for (size_t i = 0; i < v.n; i++)
		if (v.p[i] <= 0x20 || v.p[i] >= 0x7F || v.p[i] == '"' || v.p[i] == '\\')
			return false;
	return v.n > 0;
}

/* 8-bit bytes stay as they are: names are mostly UTF-8 and logs are read by people. */
static bool put_quoted(struct gw_buf *b, struct gw_slice v)
{
	bool ok = gw_buf_add_char(b, '"');

	for (size_t i = 0; ok && i < v.n; i++) {
		unsigned char c = (unsigned char)v.p[i];

		if (c == '"' || c == '\\')
			ok = gw_buf_printf(b, "\\%c", c);
		else if (c < 0x20 || c == 0x7F)
			ok = gw_buf_printf(b, "\\x%02x", c);
		else
			ok = gw_buf_add_char(b, (char)c);
	}
	return ok && gw_buf_add_char(b, '"');
}

bool gw_ctl_put_arg(struct gw_buf *b, const char *name, struct gw_slice value)
{
	if (!gw_buf_add_char(b, ' ') || !gw_buf_add_slice(b, gw_slice_str(name)) || !gw_buf_add_char(b, '='))
		return false;
	return is_bare(value) ? gw_buf_add_slice(b, value) : put_quoted(b, value);
}

bool gw_ctl_put_end(struct gw_buf *b)
{
	return gw_buf_add_char(b, '\n');
}

/* ---- answers ---- */

enum gw_ctl_line gw_ctl_parse_answer(struct gw_slice line, struct gw_ctl_answer *ret)
{
	struct gw_slice word = gw_slice_take(&line, gw_slice_find(line, ' '));

	*ret = (struct gw_ctl_answer){ 0 };
	if (line.n)
		gw_slice_take(&line, 1);
	if (gw_slice_eq(word, GW_S("ERR"))) {
		ret->code = gw_slice_take(&line, gw_slice_find(line, ' '));
		if (line.n)
			gw_slice_take(&line, 1);
		ret->text = line;
		return ret->code.n ? GW_CTL_LINE_ERR : GW_CTL_LINE_BAD;
	}
	ret->json = line;
	if (line.n == 0 || line.p[0] != '{')
		return GW_CTL_LINE_BAD;
	if (gw_slice_eq(word, GW_S("D")))
		return GW_CTL_LINE_DATA;
	return gw_slice_eq(word, GW_S("OK")) ? GW_CTL_LINE_OK : GW_CTL_LINE_BAD;
}
