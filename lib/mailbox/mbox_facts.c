/* mbox_facts.c - what mail programs note in the headers of an mbox (see mbox.h) */
#include "mailbox/mbox.h"

#include "mime/header.h"
#include "store/index.h"
#include "util/num.h"

#include <stdlib.h>

void gw_mbox_facts_init(struct gw_mbox_facts *f)
{
	*f = (struct gw_mbox_facts){ 0 };
	gw_buf_init(&f->keywords, GW_MBOX_KEYWORDS_MAX);
}

void gw_mbox_facts_reset(struct gw_mbox_facts *f)
{
	struct gw_buf kept = f->keywords;

	kept.n = 0;
	*f = (struct gw_mbox_facts){ .keywords = kept };
}

void gw_mbox_facts_done(struct gw_mbox_facts *f)
{
	gw_buf_done(&f->keywords);
}

/* ---- one reader a field ---- */

static bool next_number(struct gw_slice *body, uint32_t *ret)
{
	struct gw_slice word;
	uint64_t v;

	if (!gw_slice_word(body, " \t\r\n", &word) || !gw_parse_u64_range(word, 0, UINT32_MAX, &v))
		return false;
	*ret = (uint32_t)v;
	return true;
}

/* Status and X-Status: a letter a flag. */
static void read_status(struct gw_mbox_facts *f, struct gw_slice body)
{
	for (size_t i = 0; i < body.n; i++) {
		switch (body.p[i]) {
		case 'R':
			f->flags |= GW_FLAG_SEEN;
			break;
		case 'A':
			f->flags |= GW_FLAG_ANSWERED;
			break;
		case 'F':
			f->flags |= GW_FLAG_FLAGGED;
			break;
		case 'D':
			f->flags |= GW_FLAG_DELETED;
			break;
		case 'T':
			f->flags |= GW_FLAG_DRAFT;
			break;
		default:
			break;
		}
	}
}

static void read_keywords(struct gw_mbox_facts *f, struct gw_slice body)
{
	struct gw_slice word;

	while (gw_slice_word(&body, " \t\r\n", &word)) {
		size_t before = f->keywords.n;

		if ((before && !gw_buf_add_char(&f->keywords, ' ')) || !gw_buf_add_slice(&f->keywords, word)) {
			f->keywords.n = before;
			return;
		}
	}
}

static void read_uid(struct gw_mbox_facts *f, struct gw_slice body)
{
	next_number(&body, &f->uid);
}

/* X-IMAPbase: UIDVALIDITY, the highest UID so far, all keywords of the file. */
static void read_base(struct gw_mbox_facts *f, struct gw_slice body)
{
	if (!next_number(&body, &f->uidvalidity) || !next_number(&body, &f->uidlast))
		f->uidvalidity = f->uidlast = 0;
}

static void read_internal(struct gw_mbox_facts *f, struct gw_slice body)
{
	f->internal = true;
	read_base(f, body);
}

/* X-Mozilla-Status: four hexadecimal digits. */
static void read_mozilla(struct gw_mbox_facts *f, struct gw_slice body)
{
	char text[5] = "";
	unsigned long bits;

	body = gw_slice_trim(body);
	memcpy(text, body.p, body.n < 4 ? body.n : 4);
	bits = strtoul(text, NULL, 16);
	f->flags |= (bits & 1 ? GW_FLAG_SEEN : 0) | (bits & 2 ? GW_FLAG_ANSWERED : 0) | (bits & 4 ? GW_FLAG_FLAGGED : 0);
	f->expunged = bits & 8;
}

static void read_nothing(struct gw_mbox_facts *f, struct gw_slice body)
{
	(void)f;
	(void)body;
}

static const struct {
	const char *name;
	void (*read)(struct gw_mbox_facts *f, struct gw_slice body);
} fields[] = {
	{ "Status", read_status },
	{ "X-Status", read_status },
	{ "X-Keywords", read_keywords },
	{ "X-UID", read_uid },
	{ "X-IMAPbase", read_base },
	{ "X-IMAP", read_internal },
	{ "X-Mozilla-Status", read_mozilla },
	{ "X-Mozilla-Status2", read_nothing },
	{ "X-Mozilla-Keys", read_keywords },
};

#define FIELDS (sizeof fields / sizeof *fields)

/* The row of a name, or FIELDS. */
static size_t field_of(struct gw_slice name)
{
	size_t i = 0;

	while (i < FIELDS && !gw_slice_eqi(name, gw_slice_str(fields[i].name)))
		i++;
	return i;
}

bool gw_mbox_is_fact(struct gw_slice name)
{
	return field_of(name) < FIELDS;
}

void gw_mbox_fact(struct gw_mbox_facts *f, struct gw_slice field)
{
	size_t colon = gw_slice_find(field, ':');
	size_t i = field_of(gw_slice_trim(gw_slice(field.p, colon)));

	if (colon < field.n && i < FIELDS)
		fields[i].read(f, gw_slice(field.p + colon + 1, field.n - colon - 1));
}
