/* diag.c - the list of findings and their text (see diag.h)
 *
 * A finding borrows nothing: what it points to is copied into the list's arena, because the snapshot it speaks of may
 * never come to be. Text of files is hostile: control characters are shown as \xNN. */
#include "config/diag.h"

#include "config/priv.h"
#include "config/show.h"
#include "util/buf.h"
#include "util/json.h"
#include "util/mem.h"
#include "util/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define CHAIN_MAX 32  /* places of !include lines that a finding keeps */
#define FOUND_MAX 200 /* bytes of a value that a finding repeats */

void gw_diags_init(struct gw_diags *d)
{
	*d = (struct gw_diags){ 0 };
	gw_arena_init(&d->arena, 0, 0);
}

void gw_diags_done(struct gw_diags *d)
{
	gw_arena_done(&d->arena);
	free(d->v);
	*d = (struct gw_diags){ 0 };
}

const char *gw_severity_name(enum gw_severity s)
{
	static const char *const names[] = { "note", "warning", "error" };

	return names[s];
}

enum gw_severity gw_diag_severity(unsigned code)
{
	if (code < 2000)
		return GW_ERROR;
	return code < 3000 || (code >= 4000 && code < 4500) ? GW_WARNING : GW_NOTE;
}

static const char *keep(struct gw_diags *d, const char *s, size_t max)
{
	struct gw_slice t = gw_slice_str(s);

	if (!s)
		return NULL;
	if (t.n > max)
		return gw_arena_printf(&d->arena, "%.*s...", (int)max, t.p);
	return gw_arena_str(&d->arena, t);
}

static const struct gw_place *keep_chain(struct gw_diags *d, const struct gw_place *chain, size_t n)
{
	struct gw_place *copy = gw_arena_calloc(&d->arena, n ? n : 1, sizeof *copy);

	for (size_t i = 0; i < n; i++) {
		copy[i] = chain[i];
		copy[i].file = keep(d, chain[i].file, SIZE_MAX);
	}
	return copy;
}

/* There is room for errors when there is none for others: those that stop a start must be seen. */
static bool has_room(const struct gw_diags *d, enum gw_severity s)
{
	return d->n < (s == GW_ERROR ? GW_DIAGS_MAX : GW_DIAGS_MAX - GW_DIAGS_OF_ERRORS);
}

void gw_diag_add(struct gw_diags *d, const struct gw_diag *from)
{
	struct gw_diag *to;

	*(from->severity == GW_ERROR ? &d->errors : from->severity == GW_WARNING ? &d->warnings : &d->notes) += 1;
	if (!has_room(d, from->severity))
		return;
	if (d->n == d->cap) {
		d->cap = d->cap ? d->cap * 2 : 16;
		d->v = gw_xrealloc(d->v, d->cap, sizeof *d->v);
	}
	to = &d->v[d->n++];
	*to = *from;
	to->at.file = keep(d, from->at.file, SIZE_MAX);
	to->chain = keep_chain(d, from->chain, from->n_chain);
	to->text = keep(d, from->text, SIZE_MAX);
	to->found = keep(d, from->found, FOUND_MAX);
	to->expected = keep(d, from->expected, SIZE_MAX);
	to->suggestion = keep(d, from->suggestion, SIZE_MAX);
	to->source = keep(d, from->source, CONFIG_SOURCE_MAX);
}

/* Errors about a name or a value are forgiven when the caller asked for it; all others are not. */
static bool forgivable(unsigned code)
{
	static const unsigned codes[] = { CONFIG_E_UNKNOWN, CONFIG_E_EMPTY, CONFIG_E_VALUE, CONFIG_E_RANGE, CONFIG_E_WORD,
		CONFIG_E_OVERRIDE, CONFIG_E_LISTENER, CONFIG_E_URL, CONFIG_E_PATH, CONFIG_E_PAIR };

	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
		if (codes[i] == code)
			return true;
	return false;
}

const struct gw_place *config_chain(const struct config_include *from, struct gw_arena *arena, size_t *n, size_t *left_out)
{
	size_t depth = from ? from->depth : 0, i = 0;
	struct gw_place *v;

	*n = depth < CHAIN_MAX ? depth : CHAIN_MAX;
	*left_out = depth - *n;
	v = gw_arena_calloc(arena, *n ? *n : 1, sizeof *v);
	for (; from; from = from->from, i++)
		if (i < *n - 1 || i == depth - 1)
			v[i < *n ? i : *n - 1] = from->at;
	return v;
}

/* What a sentence quotes, from the first quotation mark to the last, is hidden. */
static const char *hide_quoted(struct gw_arena *arena, const char *text)
{
	const char *first = strchr(text, '"'), *last = strrchr(text, '"');

	if (first == last)
		return text;
	return gw_arena_printf(arena, "%.*s\"" GW_MASK "%s", (int)(first - text), text, last);
}

/* Findings go to logs and to build servers: no password is told. */
static void hide_secrets(struct gw_diag *d, const struct config_origin *o, struct gw_arena *arena)
{
	bool whole = o && o->env && gw_secret_variable(gw_slice_str(o->env));

	d->text = whole ? hide_quoted(arena, d->text) : config_mask(arena, gw_slice_str(d->text));
	if (d->found)
		d->found = whole ? GW_MASK : config_mask(arena, gw_slice_str(d->found));
}

static enum gw_severity severity(const struct config_load *l, unsigned code)
{
	enum gw_severity s = gw_diag_severity(code);

	return s == GW_ERROR && l->src->ignore_unknown && forgivable(code) ? GW_WARNING : s;
}

bool config_keeps(const struct config_load *l, unsigned code)
{
	return has_room(l->diags, severity(l, code));
}

void config_find(struct config_load *l, const struct config_origin *o, const struct config_finding *f, const char *fmt, ...)
{
	struct gw_diag d = { .code = f->code, .option = f->option, .found = f->found, .expected = f->expected,
		.suggestion = f->suggestion, .severity = severity(l, f->code) };
	bool kept = config_keeps(l, f->code);
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	if (kept)
		vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	d.text = text;
	if (kept)
		hide_secrets(&d, o, &l->scratch);
	if (o && kept) {
		d.at = f->at_name ? o->name : o->at;
		d.width = f->at_name ? o->name_width : o->width;
		if (f->width && !o->env) { /* the line has the name of the variable */
			d.at.column += f->skip;
			d.width = f->width;
		}
		d.chain = config_chain(o->from, &l->scratch, &d.n_chain, &d.chain_left_out);
		d.source = o->source;
	}
	gw_diag_add(l->diags, &d);
}

void config_at_word(struct config_finding *f, const struct config_origin *o, const char *word)
{
	struct gw_slice rest, next;
	const char *start;

	if (!o || !o->source || o->at.column == 0 || o->at.column > strlen(o->source))
		return;
	start = o->source + o->at.column - 1;
	rest = gw_slice(start, strnlen(start, o->width));
	while (config_next_word(&rest, &next))
		if (gw_slice_eq(next, gw_slice_str(word))) {
			f->skip = (unsigned)(next.p - start);
			f->width = (unsigned)next.n;
			return;
		}
}

/* Control characters, and what is not seen or turns the direction of text. */
static bool misleads(uint32_t cp)
{
	return cp < 0x20 || (cp >= 0x7F && cp < 0xA0) || (cp >= 0x200B && cp <= 0x200F) || (cp >= 0x2028 && cp <= 0x202E) ||
		(cp >= 0x2066 && cp <= 0x2069) || cp == 0xFEFF;
}

void gw_diag_put_safe(struct gw_buf *out, struct gw_slice t)
{
	while (t.n) {
		struct gw_slice before = t;
		uint32_t cp;

		if (!gw_utf8_next(&t, &cp) || misleads(cp)) {
			for (size_t i = 0; i < before.n - t.n; i++)
				gw_buf_printf(out, "\\x%02x", (unsigned char)before.p[i]);
		} else {
			gw_buf_add(out, before.p, before.n - t.n);
		}
	}
}

static void put_safe(struct gw_buf *out, const char *s)
{
	gw_diag_put_safe(out, gw_slice_str(s));
}

static void put_place(struct gw_buf *out, const struct gw_place *at)
{
	put_safe(out, at->file);
	if (at->line)
		gw_buf_printf(out, ":%u", at->line);
	if (at->column)
		gw_buf_printf(out, ":%u", at->column);
}

void gw_diag_put_place(const struct gw_diag *d, struct gw_buf *out)
{
	if (!d->at.file)
		return;
	put_place(out, &d->at);
	gw_buf_add(out, ": ", 2);
}

void gw_diag_put_sentence(const struct gw_diag *d, struct gw_buf *out)
{
	if (d->option)
		gw_buf_printf(out, "%s: ", d->option->name);
	put_safe(out, d->text);
	gw_buf_printf(out, " [GW%04u]\n", d->code);
}

void gw_diag_put_chain(const struct gw_diag *d, struct gw_buf *out)
{
	for (size_t i = 0; i < d->n_chain; i++) {
		if (d->chain_left_out && i == d->n_chain - 1)
			gw_buf_printf(out, "  ... %zu more ...\n", d->chain_left_out);
		gw_buf_printf(out, "  included from ");
		put_place(out, &d->chain[i]);
		gw_buf_add_char(out, '\n');
	}
}

void gw_diag_put_text(const struct gw_diag *d, struct gw_buf *out)
{
	gw_diag_put_place(d, out);
	gw_buf_printf(out, "%s: ", gw_severity_name(d->severity));
	gw_diag_put_sentence(d, out);
	gw_diag_put_chain(d, out);
}

static void put_json_place(struct gw_json *j, const struct gw_place *at)
{
	gw_json_str(j, "file", at->file);
	gw_json_u64(j, "line", at->line);
	gw_json_u64(j, "column", at->column);
}

void gw_diag_put_json(const struct gw_diag *d, const char *key, struct gw_json *j)
{
	char code[16];

	snprintf(code, sizeof code, "GW%04u", d->code);
	gw_json_open(j, key, '{');
	gw_json_str(j, "severity", gw_severity_name(d->severity));
	gw_json_str(j, "code", code);
	put_json_place(j, &d->at);
	gw_json_u64(j, "width", d->width);
	gw_json_open(j, "included_from", '[');
	for (size_t i = 0; i < d->n_chain; i++) {
		gw_json_open(j, NULL, '{');
		put_json_place(j, &d->chain[i]);
		gw_json_close(j, '}');
	}
	gw_json_close(j, ']');
	if (d->chain_left_out)
		gw_json_u64(j, "included_from_left_out", d->chain_left_out);
	gw_json_str(j, "option", d->option ? d->option->name : NULL);
	gw_json_str(j, "text", d->text);
	gw_json_str(j, "found", d->found);
	gw_json_str(j, "expected", d->expected);
	gw_json_str(j, "suggestion", d->suggestion);
	gw_json_close(j, '}');
}

const char *gw_diag_code_meaning(unsigned code)
{
	switch (code) {
#define MEANING(number, name, meaning) \
	case number: \
		return meaning;
		CONFIG_CODES(MEANING)
	default:
		return NULL;
	}
}

unsigned gw_diag_code_at(size_t i)
{
#define NUMBER(number, name, meaning) number,
	static const unsigned codes[] = { CONFIG_CODES(NUMBER) };

	return i < sizeof codes / sizeof *codes ? codes[i] : 0;
}
