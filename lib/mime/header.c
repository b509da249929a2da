/* header.c - the fields of a header block (see header.h) */
#include "mime/header.h"

#include <stdlib.h>

/* Length of the line at the front of s, its line end included. */
static size_t line_length(struct gw_slice s)
{
	const char *nl = s.n ? memchr(s.p, '\n', s.n) : NULL;

	return nl ? (size_t)(nl - s.p) + 1 : s.n;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool is_empty_line(struct gw_slice s)
{
	return s.n && (s.p[0] == '\n' || (s.p[0] == '\r' && (s.n == 1 || s.p[1] == '\n')));
}

/* Does a field begin here? Then its name is cut into *ret_name and *ret_colon is where the colon stands. */
static bool begins_field(struct gw_slice s, struct gw_slice *ret_name, size_t *ret_colon)
{
	size_t n = 0, colon;

	while (n < s.n && (unsigned char)s.p[n] > 32 && (unsigned char)s.p[n] < 127 && s.p[n] != ':')
		n++;
	for (colon = n; colon < s.n && is_blank(s.p[colon]);)
		colon++;
	if (n == 0 || colon == s.n || s.p[colon] != ':')
		return false;
	*ret_name = gw_slice(s.p, n);
	*ret_colon = colon;
	return true;
}

bool gw_field_next(struct gw_slice *in, struct gw_field *ret)
{
	struct gw_slice rest = *in, name = GW_S("");
	size_t colon = 0, n;
	bool named;

	if (rest.n == 0 || is_empty_line(rest))
		return false;
	named = begins_field(rest, &name, &colon);
	n = line_length(rest);
	gw_slice_take(&rest, n);
	while (rest.n && !is_empty_line(rest)) {
		struct gw_slice other;
		size_t at;

		if (!is_blank(rest.p[0]) && begins_field(rest, &other, &at))
			break;
		at = line_length(rest);
		gw_slice_take(&rest, at);
		n += at;
	}
	ret->name = name;
	ret->whole = gw_slice(in->p, n);
	ret->body = named ? gw_slice(in->p + colon + 1, n - colon - 1) : ret->whole;
	*in = rest;
	return true;
}

struct gw_slice gw_field_find(struct gw_slice block, struct gw_slice name)
{
	struct gw_field f;

	while (gw_field_next(&block, &f))
		if (gw_slice_eqi(f.name, name))
			return f.body;
	return gw_slice(NULL, 0);
}

static bool among(struct gw_slice name, const struct gw_slice *names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (gw_slice_eqi(name, names[i]))
			return true;
	return false;
}

void gw_header_filter(struct gw_slice block, const struct gw_slice *names, size_t n, bool not, struct gw_out *out)
{
	struct gw_field f;

	while (gw_field_next(&block, &f)) {
		if (among(f.name, names, n) == not)
			continue;
		gw_out_slice(out, f.whole);
		if (f.whole.p[f.whole.n - 1] != '\n') /* the message ended in the middle of its header */
			gw_out_lit(out, "\r\n");
	}
	gw_out_lit(out, "\r\n");
}

/* In lower case, in the order of strcmp(). What Thunderbird, Apple Mail, Outlook, K-9, mutt, Roundcube and the
 * synchronising clients ask for. */
static const char *const kept[] = {
	"auto-submitted",
	"bcc",
	"cc",
	"content-class",
	"content-description",
	"content-transfer-encoding",
	"content-type",
	"date",
	"disposition-notification-to",
	"errors-to",
	"from",
	"importance",
	"in-reply-to",
	"lines",
	"list-archive",
	"list-help",
	"list-id",
	"list-owner",
	"list-post",
	"list-subscribe",
	"list-unsubscribe",
	"mail-followup-to",
	"mail-reply-to",
	"message-id",
	"mime-version",
	"newsgroups",
	"organization",
	"precedence",
	"priority",
	"references",
	"reply-to",
	"return-path",
	"return-receipt-to",
	"sender",
	"subject",
	"thread-index",
	"thread-topic",
	"to",
	"user-agent",
	"x-android-message-id",
	"x-forefront-antispam-report",
	"x-label",
	"x-mailer",
	"x-ms-has-attach",
	"x-msmail-priority",
	"x-priority",
	"x-spam-flag",
	"x-spam-score",
	"x-spam-status",
	"x-tuid",
	"x-uniform-type-identifier",
	"x-universally-unique-identifier",
};

static int compare_name(const void *name, const void *row)
{
	return gw_slice_cmpi(*(const struct gw_slice *)name, gw_slice_str(*(const char *const *)row));
}

bool gw_header_is_kept(struct gw_slice name)
{
	return bsearch(&name, kept, sizeof kept / sizeof *kept, sizeof *kept, compare_name) != NULL;
}
