/* maildir.c - names of files in a Maildir, and the lists beside them (see maildir.h) */
#include "mailbox/maildir.h"

#include "store/index.h"
#include "util/num.h"

#include <stdio.h>

/* ---- file names ---- */

static const struct {
	char letter;
	uint64_t flag;
} letters[] = { /* in the order of the file name */
	{ 'D', GW_FLAG_DRAFT },
	{ 'F', GW_FLAG_FLAGGED },
	{ 'R', GW_FLAG_ANSWERED },
	{ 'S', GW_FLAG_SEEN },
	{ 'T', GW_FLAG_DELETED },
};

static void read_letter(char c, struct gw_maildir_file *f)
{
	for (size_t i = 0; i < sizeof letters / sizeof *letters; i++)
		if (letters[i].letter == c)
			f->flags |= letters[i].flag;
	if (c == 'P')
		f->passed = true;
	if (c >= 'a' && c <= 'z')
		f->keywords |= 1u << (c - 'a');
}

/* ",S=123" within base: the number, or 0. */
static uint64_t size_in(struct gw_slice base, char letter)
{
	struct gw_slice field;
	uint64_t v;

	gw_slice_take(&base, gw_slice_find(base, ','));
	while (gw_slice_word(&base, ",", &field))
		if (field.n > 2 && field.p[0] == letter && field.p[1] == '=' &&
		    gw_parse_u64(gw_slice(field.p + 2, field.n - 2), &v))
			return v;
	return 0;
}

bool gw_maildir_file(struct gw_slice name, struct gw_maildir_file *ret)
{
	struct gw_maildir_file f = { .base = { name.p, gw_slice_find(name, ':') } };
	struct gw_slice info = name;

	if (f.base.n == 0 || name.p[0] == '.')
		return false;
	gw_slice_take(&info, f.base.n);
	if (gw_slice_startsi(info, GW_S(":2,")))
		for (size_t i = 3; i < info.n && info.p[i] != ','; i++)
			read_letter(info.p[i], &f);
	f.size = size_in(f.base, 'S');
	f.vsize = size_in(f.base, 'W');
	*ret = f;
	return true;
}

void gw_maildir_put_info(struct gw_buf *out, uint64_t flags, uint32_t keywords)
{
	gw_buf_add(out, ":2,", 3);
	for (size_t i = 0; i < sizeof letters / sizeof *letters; i++)
		if (flags & letters[i].flag)
			gw_buf_add_char(out, letters[i].letter);
	for (unsigned k = 0; k < GW_MAILDIR_KEYWORDS; k++)
		if (keywords >> k & 1)
			gw_buf_add_char(out, (char)('a' + k));
}

/* ---- lines and words ---- */

/* The next line without its end. False: the end of the file. */
static bool next_line(struct gw_slice *file, struct gw_slice *ret)
{
	if (file->n == 0)
		return false;
	*ret = gw_slice_take(file, gw_slice_find(*file, '\n'));
	if (file->n)
		gw_slice_take(file, 1);
	if (ret->n && ret->p[ret->n - 1] == '\r')
		ret->n--;
	return true;
}

static bool number(struct gw_slice s, uint32_t *ret)
{
	uint64_t v;

	if (!gw_parse_u64_range(s, 1, UINT32_MAX, &v))
		return false;
	*ret = (uint32_t)v;
	return true;
}

static bool next_number(struct gw_slice *line, uint32_t *ret)
{
	struct gw_slice word;

	return gw_slice_word(line, " ", &word) && number(word, ret);
}

static struct gw_slice base_of(struct gw_slice name)
{
	return gw_slice(name.p, gw_slice_find(name, ':'));
}

/* ---- UIDs ---- */

/* "V1275660208 N25022 G3085f01b7f11094c501100008c4a11c1" */
static void read_head_v3(struct gw_slice line, struct gw_uidlist *l)
{
	struct gw_slice word;

	while (gw_slice_word(&line, " ", &word)) {
		struct gw_slice value = gw_slice(word.p + 1, word.n - 1);

		if (word.p[0] == 'V')
			number(value, &l->uidvalidity);
		else if (word.p[0] == 'N')
			number(value, &l->uidnext);
	}
}

bool gw_uidlist_open(struct gw_slice file, struct gw_uidlist *ret)
{
	struct gw_uidlist l = { .rest = file };
	struct gw_slice line, version;

	if (!next_line(&l.rest, &line) || !gw_slice_word(&line, " ", &version))
		return false;
	l.v3 = gw_slice_eq(version, GW_S("3"));
	if (l.v3)
		read_head_v3(line, &l);
	else if (!gw_slice_eq(version, GW_S("1")) || !next_number(&line, &l.uidvalidity) || !next_number(&line, &l.uidnext))
		return false;
	if (l.uidvalidity == 0)
		return false;
	*ret = l;
	return true;
}

/* "7 P0000000747b31e53 W2012 :1035478339.27041_118.foo.org,S=1956" behind its UID. */
static bool read_row_v3(struct gw_slice line, struct gw_uidlist_row *row)
{
	while (line.n) {
		struct gw_slice word;

		if (line.p[0] == ' ') {
			gw_slice_take(&line, 1);
			continue;
		}
		if (line.p[0] == ':') {
			row->base = base_of(gw_slice(line.p + 1, line.n - 1));
			return row->base.n > 0;
		}
		word = gw_slice_take(&line, gw_slice_find(line, ' '));
		if (word.p[0] == 'P')
			row->uidl = gw_slice(word.p + 1, word.n - 1);
	}
	return false;
}

bool gw_uidlist_next(struct gw_uidlist *l, struct gw_uidlist_row *ret)
{
	struct gw_slice line;

	while (next_line(&l->rest, &line)) {
		struct gw_uidlist_row row = { 0 };

		if (!next_number(&line, &row.uid))
			continue;
		if (!l->v3)
			row.base = base_of(gw_slice_trim(line));
		if (l->v3 ? read_row_v3(line, &row) : row.base.n > 0) {
			*ret = row;
			return true;
		}
	}
	return false;
}

/* The last word of *line, cut off. */
static bool last_word(struct gw_slice *line, struct gw_slice *ret)
{
	size_t at = line->n;

	while (at && line->p[at - 1] != ' ')
		at--;
	if (at == 0)
		return false;
	*ret = gw_slice(line->p + at, line->n - at);
	line->n = at - 1;
	return true;
}

/* "12:1275660208:0" of lists since "/2", "12" of "/1": what Courier shows for it. */
static bool courier_uidl(struct gw_slice ids, char text[static 48], struct gw_slice *ret)
{
	struct gw_slice word;
	uint32_t uid, validity = 0;
	int n;

	if (!gw_slice_word(&ids, ":", &word) || !number(word, &uid))
		return false;
	if (gw_slice_word(&ids, ":", &word) && !number(word, &validity))
		validity = 0;
	n = validity ? snprintf(text, 48, "UID%u-%u", uid, validity) : snprintf(text, 48, "UID%u", uid);
	*ret = gw_slice(text, (size_t)n);
	return true;
}

bool gw_courier_uidl_next(struct gw_slice *file, char text[static 48], struct gw_uidlist_row *ret)
{
	struct gw_slice line, ids, size;

	while (next_line(file, &line)) {
		struct gw_uidlist_row row = { 0 };

		if (line.n == 0 || line.p[0] == '/' || !last_word(&line, &ids) || !last_word(&line, &size))
			continue;
		row.base = base_of(line);
		if (row.base.n && courier_uidl(ids, text, &row.uidl)) {
			*ret = row;
			return true;
		}
	}
	return false;
}

/* ---- keywords ---- */

bool gw_keywords_next(struct gw_slice *file, unsigned *ret_number, struct gw_slice *ret_name)
{
	struct gw_slice line, word;
	uint64_t v;

	while (next_line(file, &line)) {
		if (!gw_slice_word(&line, " ", &word) || !gw_parse_u64_range(word, 0, GW_MAILDIR_KEYWORDS - 1, &v))
			continue;
		line = gw_slice_trim(line);
		if (line.n == 0)
			continue;
		*ret_number = (unsigned)v;
		*ret_name = line;
		return true;
	}
	return false;
}

bool gw_courier_keyword_next(struct gw_slice *file, struct gw_slice *ret_name)
{
	return next_line(file, ret_name) && ret_name->n > 0;
}

bool gw_courier_keywords_of_next(struct gw_slice *file, struct gw_slice *ret_base, struct gw_slice *ret_numbers)
{
	struct gw_slice line;

	while (next_line(file, &line)) {
		struct gw_slice base = gw_slice_take(&line, gw_slice_find(line, ':'));

		if (base.n == 0 || line.n == 0)
			continue;
		*ret_base = base;
		*ret_numbers = gw_slice(line.p + 1, line.n - 1);
		return true;
	}
	return false;
}

/* ---- subscriptions ---- */

void gw_subscriptions_open(struct gw_slice *file, char given, char *ret_separator)
{
	struct gw_slice rest = *file, line;

	*ret_separator = given;
	if (!next_line(&rest, &line) || !gw_slice_eq(line, GW_S("V\t2")))
		return;
	*ret_separator = '\t';
	*file = rest;
}

/* Dovecot's escapes of what would end a field: \001 and a digit. */
static char unescaped(char digit)
{
	return digit == '0' ? '\0' : digit == '1' ? '\001' : digit == 't' ? '\t' : digit == 'r' ? '\r' : digit == 'n' ? '\n' : digit;
}

bool gw_subscriptions_next(struct gw_slice *file, struct gw_buf *text, struct gw_slice *ret)
{
	struct gw_slice line;

	while (next_line(file, &line)) {
		if (line.n == 0)
			continue;
		text->n = 0;
		for (size_t i = 0; i < line.n; i++) {
			bool escape = line.p[i] == '\001' && i + 1 < line.n;

			gw_buf_add_char(text, escape ? unescaped(line.p[++i]) : line.p[i]);
		}
		*ret = gw_buf_slice(text);
		return true;
	}
	return false;
}
