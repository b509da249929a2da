/* names.c - names of mailboxes as other software writes them (see names.h)
 *
 * Modified UTF-7 is read here with less rigour than imap/mbname.c has: characters that need no base64 may be in it. */
#include "mailbox/names.h"

#include "imap/mbname.h"
#include "store/store.h"
#include "util/utf8.h"

#define REPLACEMENT '_'
#define RAW_MAX (IMAP_MUTF7_ROOM(GW_MAILBOX_NAME_MAX)) /* what is longer makes no name of ours */

static const char base64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

/* ---- reading ---- */

/* One unit of UTF-16; *high is a first surrogate that waits for its second. */
static bool put_unit(struct gw_buf *out, uint32_t unit, uint32_t *high)
{
	char utf8[4];

	if (unit >= 0xDC00 && unit <= 0xDFFF) {
		if (!*high)
			return false;
		unit = 0x10000 + ((*high - 0xD800) << 10) + (unit - 0xDC00);
		*high = 0;
	} else if (*high || unit == 0) {
		return false;
	} else if (unit >= 0xD800 && unit <= 0xDBFF) {
		*high = unit;
		return true;
	}
	return gw_buf_add(out, utf8, gw_utf8_put(utf8, unit));
}

/* What stands between `&` and `-`, with the `-`. */
static bool read_shifted(struct gw_slice *in, struct gw_buf *out)
{
	uint32_t bits = 0, high = 0;
	unsigned n_bits = 0;
	const char *v;

	while (in->n && in->p[0] && (v = strchr(base64, in->p[0]))) {
		gw_slice_take(in, 1);
		bits = bits << 6 | (uint32_t)(v - base64);
		n_bits += 6;
		if (n_bits < 16)
			continue;
		n_bits -= 16;
		if (!put_unit(out, bits >> n_bits & 0xFFFF, &high))
			return false;
		bits &= (1u << n_bits) - 1;
	}
	if (n_bits >= 6 || bits || high || !in->n || in->p[0] != '-')
		return false;
	gw_slice_take(in, 1);
	return true;
}

static bool read_mutf7(struct gw_slice in, struct gw_buf *out)
{
	while (in.n) {
		char c = gw_slice_take(&in, 1).p[0];

		if (c != '&') {
			gw_buf_add_char(out, c);
		} else if (in.n && in.p[0] == '-') {
			gw_slice_take(&in, 1);
			gw_buf_add_char(out, '&');
		} else if (!read_shifted(&in, out)) {
			return false;
		}
	}
	return true;
}

/* Decoded, whatever the encoding is; not yet fit. */
static void read_level(struct gw_slice raw, struct gw_buf *out)
{
	size_t start = out->n;

	if (gw_is_ascii(raw) && read_mutf7(raw, out))
		return;
	out->n = start;
	gw_buf_add_slice(out, raw);
}

static bool is_control(uint32_t c)
{
	return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029;
}

/* Append a decoded level as one that a name of ours can have. */
static void put_fit(struct gw_buf *out, struct gw_slice level)
{
	bool dots = gw_slice_eq(level, GW_S(".")) || gw_slice_eq(level, GW_S(".."));

	while (level.n) {
		struct gw_slice from = level;
		uint32_t c;
		bool good = gw_utf8_next(&level, &c);

		if (!good || is_control(c) || c == '/' || dots)
			gw_buf_add_char(out, REPLACEMENT);
		else
			gw_buf_add(out, from.p, from.n - level.n);
	}
}

bool gw_mailbox_name_read(struct gw_arena *arena, struct gw_slice raw, char separator, struct gw_slice *ret)
{
	struct gw_buf level, name;
	struct gw_slice fit = { NULL, 0 };
	const char *why;
	bool ok = raw.n <= RAW_MAX;

	gw_buf_init(&level, 0);
	gw_buf_init(&name, 0);
	while (ok && raw.n) {
		size_t n = separator ? gw_slice_find(raw, separator) : raw.n;

		level.n = 0;
		read_level(gw_slice_take(&raw, n), &level);
		if (raw.n)
			gw_slice_take(&raw, 1);
		if (level.n && name.n)
			gw_buf_add_char(&name, '/');
		put_fit(&name, gw_buf_slice(&level));
	}
	ok = ok && imap_name_decode(arena, gw_arena_dup(arena, gw_buf_slice(&name)), true, &fit, &why);
	if (ok)
		*ret = gw_arena_dup(arena, fit);
	gw_buf_done(&level);
	gw_buf_done(&name);
	return ok;
}

/* ---- writing ---- */

/* "&AC4-" for '.': the 16 bits of a character that would be taken for the separator. */
static void put_hidden(struct gw_buf *out, char c)
{
	uint32_t bits = (uint32_t)(unsigned char)c << 2;

	gw_buf_add_char(out, '&');
	gw_buf_add_char(out, base64[bits >> 12 & 63]);
	gw_buf_add_char(out, base64[bits >> 6 & 63]);
	gw_buf_add_char(out, base64[bits & 63]);
	gw_buf_add_char(out, '-');
}

/* A run without separators. */
static void put_run(struct gw_buf *out, struct gw_slice run)
{
	char *to = gw_buf_room(out, IMAP_MUTF7_ROOM(run.n));

	if (to)
		out->n += imap_name_encode(to, run);
}

void gw_mailbox_name_put(struct gw_buf *out, struct gw_slice name, char separator)
{
	while (name.n) {
		size_t n = 0;

		while (n < name.n && name.p[n] != '/' && name.p[n] != separator)
			n++;
		put_run(out, gw_slice_take(&name, n));
		if (!name.n)
			return;
		if (gw_slice_take(&name, 1).p[0] == '/')
			gw_buf_add_char(out, separator);
		else
			put_hidden(out, separator);
	}
}

/* ---- what a name suggests ---- */

static const struct {
	const char *name;
	unsigned special;
} usual[] = {
	{ "Sent", GW_MBOX_SENT },
	{ "Sent Items", GW_MBOX_SENT },
	{ "Sent Messages", GW_MBOX_SENT },
	{ "sent-mail", GW_MBOX_SENT },
	{ "Gesendet", GW_MBOX_SENT },
	{ "Gesendete Objekte", GW_MBOX_SENT },
	{ "Gesendete Elemente", GW_MBOX_SENT },
	{ "Drafts", GW_MBOX_DRAFTS },
	{ "Entw\xC3\xBCrfe", GW_MBOX_DRAFTS },
	{ "Trash", GW_MBOX_TRASH },
	{ "Deleted Items", GW_MBOX_TRASH },
	{ "Deleted Messages", GW_MBOX_TRASH },
	{ "Papierkorb", GW_MBOX_TRASH },
	{ "Gel\xC3\xB6schte Objekte", GW_MBOX_TRASH },
	{ "Gel\xC3\xB6schte Elemente", GW_MBOX_TRASH },
	{ "Junk", GW_MBOX_JUNK },
	{ "Junk E-mail", GW_MBOX_JUNK },
	{ "Spam", GW_MBOX_JUNK },
	{ "Archive", GW_MBOX_ARCHIVE },
	{ "Archives", GW_MBOX_ARCHIVE },
	{ "Archiv", GW_MBOX_ARCHIVE },
};

unsigned gw_mailbox_special(struct gw_slice name)
{
	if (gw_slice_startsi(name, GW_S("INBOX/")))
		gw_slice_take(&name, 6);
	for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
		if (gw_slice_eqi(name, gw_slice_str(usual[i].name)))
			return usual[i].special;
	return 0;
}
