/* envelope.c - the ENVELOPE of a message (see envelope.h) */
#include "mime/envelope.h"

#include "mime/header.h"
#include "mime/lex.h"

enum { DATE, SUBJECT, FROM, SENDER, REPLY_TO, TO, CC, BCC, IN_REPLY_TO, MESSAGE_ID, FIELDS };

static const char *const names[FIELDS] = {
	"Date", "Subject", "From", "Sender", "Reply-To", "To", "Cc", "Bcc", "In-Reply-To", "Message-ID",
};

/* The first field of each name; its body has p NULL when there is none. */
static void find_fields(struct gw_slice block, struct gw_slice body[FIELDS])
{
	struct gw_field f;

	for (int i = 0; i < FIELDS; i++)
		body[i] = gw_slice(NULL, 0);
	while (gw_field_next(&block, &f))
		for (int i = 0; i < FIELDS && f.name.n; i++)
			if (!body[i].p && gw_slice_eqi(f.name, gw_slice_str(names[i])))
				body[i] = f.body;
}

static void put_text(struct gw_slice body, struct gw_buf *out)
{
	struct gw_buf line;

	if (!body.p) {
		gw_buf_add_slice(out, GW_S("NIL"));
		return;
	}
	gw_buf_init(&line, 0);
	gw_unfold(gw_slice_trim(body), &line);
	gw_put_string(gw_buf_slice(&line), out);
	gw_buf_done(&line);
}

/* A piece of the output. */
struct stretch {
	size_t from, to;
};

static void put_again(const struct stretch *piece, struct gw_buf *out)
{
	size_t n = piece->to - piece->from;
	char *room = gw_buf_room(out, n);

	if (!room)
		return;
	memcpy(room, out->p + piece->from, n);
	out->n += n;
}

/* The addresses of a field; where there are none, those of fallback (may be NULL). Returns where they are. */
static struct stretch put_list(struct gw_slice body, const struct stretch *fallback, struct gw_buf *out)
{
	struct stretch r = { out->n, out->n };

	gw_put_addresses(body.p ? body : GW_S(""), out);
	if (fallback && out->n - r.from == 3) { /* NIL */
		out->n = r.from;
		put_again(fallback, out);
	}
	r.to = out->n;
	return r;
}

void gw_put_envelope(struct gw_slice block, struct gw_buf *out)
{
	struct gw_slice body[FIELDS];
	struct stretch from = { 0, 0 };

	find_fields(block, body);
	gw_buf_add_char(out, '(');
	for (int i = 0; i < FIELDS; i++) {
		if (i)
			gw_buf_add_char(out, ' ');
		if (i < FROM || i > BCC)
			put_text(body[i], out);
		else if (i == FROM)
			from = put_list(body[i], NULL, out);
		else
			put_list(body[i], i == SENDER || i == REPLY_TO ? &from : NULL, out);
	}
	gw_buf_add_char(out, ')');
}
