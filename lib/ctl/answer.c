/* answer.c - writing answers: the lines a server sends */
#include "ctl/ctl.h"

#include <stdarg.h>
#include <stdio.h>

void gw_ctl_put_greeting(struct gw_out *out, const char *version, enum gw_ctl_level level)
{
	gw_out_printf(out, "GATEWAY %d version=%s level=%s\n", GW_CTL_PROTOCOL, version, gw_ctl_level_name(level));
}

void gw_ctl_reply_init(struct gw_ctl_reply *r, struct gw_out *out)
{
	*r = (struct gw_ctl_reply){ .out = out };
	gw_buf_init(&r->line, 2 * GW_CTL_REPLY_MAX);
}

void gw_ctl_reply_done(struct gw_ctl_reply *r)
{
	gw_buf_done(&r->line);
}

static struct gw_json *begin(struct gw_ctl_reply *r, struct gw_slice word)
{
	r->line.n = 0;
	gw_buf_add_slice(&r->line, word);
	gw_json_init(&r->json, &r->line);
	gw_json_open(&r->json, NULL, '{');
	return &r->json;
}

struct gw_json *gw_ctl_row(struct gw_ctl_reply *r)
{
	return begin(r, GW_S("D "));
}

struct gw_json *gw_ctl_ok(struct gw_ctl_reply *r)
{
	return begin(r, GW_S("OK "));
}

void gw_ctl_end(struct gw_ctl_reply *r)
{
	gw_json_close(&r->json, '}');
	if (r->line.n > GW_CTL_REPLY_MAX) {
		r->line.n = gw_slice_find(gw_buf_slice(&r->line), ' ') + 1;
		gw_buf_add_slice(&r->line, GW_S("{\"truncated\":true}"));
	}
	gw_out_slice(r->out, gw_buf_slice(&r->line));
	gw_out_char(r->out, '\n');
}

void gw_ctl_ok_empty(struct gw_ctl_reply *r)
{
	gw_ctl_ok(r);
	gw_ctl_end(r);
}

static void put_err(struct gw_ctl_reply *r, int code, char *text)
{
	for (char *p = text; *p; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7F)
			*p = ' ';
	gw_out_printf(r->out, "ERR %s %s\n", gw_code_name(code), text);
}

void gw_ctl_err(struct gw_ctl_reply *r, int code, const char *fmt, ...)
{
	char text[GW_ERR_TEXT];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	put_err(r, code, text);
}

void gw_ctl_fail(struct gw_ctl_reply *r, const struct gw_err *err)
{
	gw_ctl_err(r, (int)err->code, "%s", err->text);
}

static void put_params(struct gw_json *j, const struct gw_ctl_verb *v)
{
	gw_json_open(j, "params", '[');
	for (size_t i = 0; i < GW_CTL_PARAMS_MAX && v->params[i].name; i++) {
		const struct gw_ctl_param *p = &v->params[i];

		gw_json_open(j, NULL, '{');
		gw_json_str(j, "name", p->name);
		gw_json_str(j, "type", gw_ctl_type_name(p->type));
		gw_json_bool(j, "required", p->flags & GW_CTL_REQUIRED);
		gw_json_bool(j, "position", p->flags & GW_CTL_POSITION);
		if (p->words)
			gw_json_str(j, "words", p->words);
		gw_json_str(j, "brief", p->brief);
		gw_json_close(j, '}');
	}
	gw_json_close(j, ']');
}

void gw_ctl_put_help(struct gw_ctl_reply *r, enum gw_ctl_level level)
{
	const struct gw_ctl_verb *v;

	for (size_t i = 0; (v = gw_ctl_verb_at(i)); i++) {
		struct gw_json *j;

		if (v->level > level)
			continue;
		j = gw_ctl_row(r);
		gw_json_str(j, "verb", v->name);
		gw_json_str(j, "level", gw_ctl_level_name(v->level));
		gw_json_str(j, "brief", v->brief);
		gw_json_str(j, "doc", v->doc);
		put_params(j, v);
		gw_ctl_end(r);
	}
	gw_ctl_ok_empty(r);
}
