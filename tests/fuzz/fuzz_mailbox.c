/* fuzz_mailbox.c - mail as other software keeps it, from hostile bytes (lib/mailbox)
 *
 * The first byte says what the rest is: 'n' the name of a mailbox, 'f' a file name of a Maildir, 'l' a list beside one,
 * 'm' an mbox, 'w' a message that is written to one, 'r' what an IMAP server says. Cutting must not depend on where the
 * input is split, and what is written must be read again as it was. */
#include "mailbox/maildir.h"
#include "mailbox/mbox.h"
#include "mailbox/names.h"
#include "mailbox/reply.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool ok)
{
	if (!ok)
		abort();
}

static void fuzz_name(struct gw_slice in)
{
	struct gw_arena arena;
	struct gw_slice name, again;
	struct gw_buf raw;
	char separator = in.n ? gw_slice_take(&in, 1).p[0] : '.';

	gw_arena_init(&arena, 0, 0);
	gw_buf_init(&raw, 0);
	if (gw_mailbox_name_read(&arena, in, separator, &name)) {
		gw_mailbox_special(name);
		gw_mailbox_name_put(&raw, name, '.');
		check(gw_mailbox_name_read(&arena, gw_buf_slice(&raw), '.', &again) && gw_slice_eq(name, again));
	}
	gw_buf_done(&raw);
	gw_arena_done(&arena);
}

static void fuzz_file(struct gw_slice in)
{
	struct gw_maildir_file f, again;
	struct gw_buf name;

	if (!gw_maildir_file(in, &f))
		return;
	gw_buf_init(&name, 0);
	gw_buf_add_slice(&name, f.base);
	gw_maildir_put_info(&name, f.flags, f.keywords);
	check(gw_maildir_file(gw_buf_slice(&name), &again) && again.flags == f.flags && again.keywords == f.keywords &&
	      gw_slice_eq(again.base, f.base));
	gw_buf_done(&name);
}

static void fuzz_list(struct gw_slice in)
{
	struct gw_uidlist l;
	struct gw_uidlist_row row;
	struct gw_slice file = in, name, numbers;
	struct gw_buf text;
	char uidl[48], separator;
	unsigned n;

	if (gw_uidlist_open(in, &l))
		while (gw_uidlist_next(&l, &row))
			check(row.uid && row.base.n);
	while (gw_courier_uidl_next(&file, uidl, &row))
		check(row.uidl.n && row.uidl.n < sizeof uidl);
	for (file = in; gw_keywords_next(&file, &n, &name);)
		check(n < GW_MAILDIR_KEYWORDS && name.n);
	for (file = in; gw_courier_keyword_next(&file, &name);)
		check(name.n);
	while (gw_courier_keywords_of_next(&file, &name, &numbers))
		check(name.n);
	gw_buf_init(&text, 0);
	file = in;
	gw_subscriptions_open(&file, '.', &separator);
	while (gw_subscriptions_next(&file, &text, &name))
		check(name.n);
	gw_buf_done(&text);
}

/* All pieces of an mbox that comes in steps. */
static void cut(struct gw_slice file, size_t step, struct gw_buf *octets, struct gw_mbox_facts *facts, size_t *messages)
{
	struct gw_mbox m;
	struct gw_slice in = { file.p, 0 }, piece;
	enum gw_mbox_piece kind;

	gw_mbox_init(&m, 0);
	while ((kind = gw_mbox_next(&m, &in, in.p + in.n == file.p + file.n, &piece)) != GW_MBOX_DONE) {
		size_t left = (size_t)(file.p + file.n - in.p) - in.n;

		if (kind == GW_MBOX_MORE)
			in.n += left < step ? left : step;
		else if (kind == GW_MBOX_OCTETS)
			gw_buf_add_slice(octets, piece);
		else if (kind == GW_MBOX_FACT)
			gw_mbox_fact(facts, piece);
		else if (kind == GW_MBOX_BEGIN)
			++*messages;
		check(kind != GW_MBOX_MORE || left);
	}
}

static void fuzz_mbox(struct gw_slice in)
{
	struct gw_buf whole, pieces;
	struct gw_mbox_facts facts;
	size_t n = 0, m = 0;

	gw_buf_init(&whole, 0);
	gw_buf_init(&pieces, 0);
	gw_mbox_facts_init(&facts);
	cut(in, in.n + 1, &whole, &facts, &n);
	cut(in, 3, &pieces, &facts, &m);
	check(n == m && gw_slice_eq(gw_buf_slice(&whole), gw_buf_slice(&pieces)));
	gw_mbox_facts_done(&facts);
	gw_buf_done(&pieces);
	gw_buf_done(&whole);
}

/* What is in a message for sure when it has been in an mbox: no LF alone, an end of line at its end. */
static void as_kept(struct gw_slice in, struct gw_buf *ret)
{
	struct gw_lineends ends = { 0 };

	gw_lineends_to_crlf(&ends, in, ret);
	if (ret->n && ret->p[ret->n - 1] != '\n')
		gw_lineends_to_crlf(&ends, GW_S("\r\n"), ret);
}

static void fuzz_write(struct gw_slice in)
{
	struct gw_mbox_writer w;
	struct gw_buf message, file, octets, back;
	struct gw_mbox_facts facts;
	struct gw_lineends ends = { 0 };
	size_t n = 0;

	gw_buf_init(&message, 0);
	gw_buf_init(&file, 0);
	gw_buf_init(&octets, 0);
	gw_buf_init(&back, 0);
	gw_mbox_facts_init(&facts);
	as_kept(in, &message);
	gw_mbox_put_from(&file, GW_S("a@b"), 1);
	gw_mbox_writer_init(&w);
	for (struct gw_slice rest = gw_buf_slice(&message); rest.n;)
		gw_mbox_put(&w, gw_slice_take(&rest, rest.n < 7 ? rest.n : 7), GW_S("X-UID: 7\n"), &file);
	gw_mbox_put_end(&w, GW_S("X-UID: 7\n"), &file);
	gw_mbox_writer_done(&w);
	cut(gw_buf_slice(&file), 1000, &octets, &facts, &n);
	check(n == 1);
	gw_lineends_to_crlf(&ends, gw_buf_slice(&octets), &back);
	check(back.n <= message.n); /* facts are taken out */
	for (size_t i = 0; back.n == message.n && i < back.n; i++)
		check(back.p[i] == message.p[i]);
	gw_mbox_facts_done(&facts);
	gw_buf_done(&back);
	gw_buf_done(&octets);
	gw_buf_done(&file);
	gw_buf_done(&message);
}

/* The replies and octets of a stream that comes in steps; an arena of one reply at a time. */
static void read_replies(struct gw_slice wire, size_t step, struct gw_buf *ret)
{
	struct gw_reply_reader r;
	struct gw_arena arena;
	struct gw_reply reply;
	struct gw_slice piece;
	bool bad = false;

	gw_reply_init(&r);
	gw_arena_init(&arena, 0, 0);
	while (wire.n && !bad) {
		struct gw_slice in = gw_slice_take(&wire, wire.n < step ? wire.n : step);
		enum gw_reply_step kind;

		while (!bad && (kind = gw_reply_next(&r, &in, &piece)) != GW_REPLY_MORE) {
			bad = kind == GW_REPLY_BAD;
			if (!bad)
				gw_buf_add_slice(ret, piece);
			if (kind == GW_REPLY_LINE && gw_reply_parse(&arena, piece, &reply))
				check(reply.n_keywords <= piece.n);
			gw_arena_reset(&arena);
		}
	}
	gw_arena_done(&arena);
	gw_reply_done(&r);
}

static void fuzz_replies(struct gw_slice in)
{
	struct gw_buf whole, pieces;

	gw_buf_init(&whole, 0);
	gw_buf_init(&pieces, 0);
	read_replies(in, in.n + 1, &whole);
	read_replies(in, 3, &pieces);
	check(gw_slice_eq(gw_buf_slice(&whole), gw_buf_slice(&pieces)));
	gw_buf_done(&whole);
	gw_buf_done(&pieces);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct {
		char kind;
		void (*fuzz)(struct gw_slice in);
	} kinds[] = {
		{ 'n', fuzz_name }, { 'f', fuzz_file }, { 'l', fuzz_list }, { 'm', fuzz_mbox }, { 'w', fuzz_write },
		{ 'r', fuzz_replies },
	};
	struct gw_slice in = { (const char *)data, size };
	char kind = size ? gw_slice_take(&in, 1).p[0] : 0;

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (kinds[i].kind == kind)
			kinds[i].fuzz(in);
	return 0;
}
