/* report.c - findings of a conversion
 *
 * The text of a file is hostile and may hold secrets: of settings that sound like one, neither value nor line is
 * repeated. */
#include "config/show.h"
#include "convert/priv.h"

#include <stdarg.h>
#include <stdio.h>

#define SOURCE_MAX 400 /* bytes of a line that a finding keeps */
#define NAME_SHOWN 100 /* bytes of a name */
#define VALUE_SHOWN 200

struct gw_place conv_place(const struct conv_at *at)
{
	if (!at || !at->file)
		return (struct gw_place){ 0 };
	return (struct gw_place){ at->file->name, at->line, at->column };
}

static bool secret(struct gw_slice text)
{
	static const char *const words[] = { "password", "passwd", "secret", "_pass", "_pw", "api_key", "nonce" };

	for (size_t i = 0; i < text.n; i++)
		for (size_t w = 0; w < sizeof words / sizeof *words; w++)
			if (gw_slice_startsi(gw_slice(text.p + i, text.n - i), gw_slice_str(words[w])))
				return true;
	return false;
}

static const char *source_of(struct conv *c, const struct conv_at *at)
{
	size_t n = at->source.n < SOURCE_MAX ? at->source.n : SOURCE_MAX;
	struct gw_slice found;

	if (secret(gw_slice(at->source.p, n)) || gw_secret_in_line(at->source, &found))
		return NULL;
	return gw_arena_str(&c->arena, gw_slice(at->source.p, n));
}

static const char *masked(struct conv *c, const char *text)
{
	struct gw_buf b;
	const char *ret;

	if (!text)
		return NULL;
	gw_buf_init(&b, 0);
	gw_secret_put_masked(gw_slice_str(text), &b);
	ret = gw_arena_str(&c->arena, gw_buf_slice(&b));
	gw_buf_done(&b);
	return ret;
}

static void add(struct conv *c, unsigned code, const struct conv_at *at, struct gw_diag *d)
{
	d->text = masked(c, d->text);
	d->found = masked(c, d->found);
	d->code = code;
	d->severity = gw_diag_severity(code);
	if (at && at->file) {
		d->at = conv_place(at);
		d->width = at->width;
		d->chain = at->file->chain;
		d->n_chain = at->file->n_chain;
		if (at->line)
			d->source = source_of(c, at);
	}
	gw_diag_add(c->report, d);
}

void conv_find(struct conv *c, unsigned code, const struct conv_at *at, const char *option, const char *found,
	const char *hint, const char *fmt, ...)
{
	struct gw_diag d = { .found = found, .suggestion = hint };
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	d.text = text;
	d.option = option ? gw_option_find(gw_slice_str(option)) : NULL;
	add(c, code, at, &d);
}

void conv_wrong(struct conv *c, const struct conv_at *at, const char *hint, const char *fmt, ...)
{
	struct gw_diag d = { .suggestion = hint };
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	d.text = text;
	add(c, CONFIG_E_SOURCE, at, &d);
	if (c->rc == 0)
		c->rc = GW_EINVAL;
}

/* "protocol imap: mail_max_userip_connections" */
static const char *shown_name(struct conv *c, const struct conv_setting *s)
{
	size_t n = s->name.n < NAME_SHOWN ? s->name.n : NAME_SHOWN;

	return gw_arena_printf(&c->arena, "%s%s%.*s", s->section, *s->section ? ": " : "", (int)n, s->name.p);
}

static const char *shown_value(struct conv *c, const struct conv_setting *s)
{
	struct gw_slice found;

	if (secret(s->name) || secret(s->value) || gw_secret_in_line(s->value, &found))
		return NULL;
	return gw_arena_str(&c->arena, gw_slice(s->value.p, s->value.n < VALUE_SHOWN ? s->value.n : VALUE_SHOWN));
}

void conv_not_carried(struct conv *c, const struct conv_setting *s, const char *why, const char *instead)
{
	conv_find(c, CONFIG_W_NOT_CARRIED, &s->at, NULL, shown_value(c, s), instead, "\"%s\" is not carried: %s",
		shown_name(c, s), why);
}

void conv_nearly(struct conv *c, const struct conv_setting *s, const char *option, const char *why, const char *instead)
{
	conv_find(c, CONFIG_W_NEARLY, &s->at, option, shown_value(c, s), instead,
		"stands for \"%s\", with a difference: %s",
		shown_name(c, s), why);
}

void conv_needless(struct conv *c, const struct conv_row *row, const struct conv_setting *s)
{
	conv_find(c, CONFIG_N_NEEDLESS, &s->at, NULL, shown_value(c, s), row->instead,
		"\"%s\" needs no counterpart: %s",
		shown_name(c, s), row->why);
}
