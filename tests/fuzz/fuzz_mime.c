/* fuzz_mime.c - what is derived of a message is the same however its bytes are cut, and everything in it lies inside the
 * message
 *
 * The first two bytes say how the message is cut into pieces. */
#include "mime/bodystructure.h"
#include "mime/parts.h"
#include "store/addresses.h"
#include "store/derive.h"
#include "store/local/text.h"
#include "util/err.h"
#include "util/mem.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void derive(struct gw_slice in, size_t piece, struct gw_arena *arena, struct gw_derived *ret)
{
	struct gw_deriver *d = gw_deriver_new();

	while (in.n)
		gw_deriver_feed(d, gw_slice_take(&in, in.n < piece ? in.n : piece));
	gw_deriver_finish(d, arena, ret);
	gw_deriver_free(d);
}

static void same(struct gw_slice a, struct gw_slice b, const char *what)
{
	if (!gw_slice_eq(a, b))
		gw_bug(what);
}

static void compare(const struct gw_derived *a, const struct gw_derived *b)
{
	same(a->envelope, b->envelope, "the envelope depends on the pieces");
	same(a->bodystructure, b->bodystructure, "the structure depends on the pieces");
	same(a->parts, b->parts, "the parts depend on the pieces");
	same(a->headers, b->headers, "the headers depend on the pieces");
	same(a->key_from, b->key_from, "a key depends on the pieces");
	same(a->key_subject, b->key_subject, "a key depends on the pieces");
	same(a->addresses, b->addresses, "the keys of addresses depend on the pieces");
	same(a->base_subject, b->base_subject, "the base subject depends on the pieces");
	same(a->references, b->references, "the references depend on the pieces");
	same(a->preview, b->preview, "the preview depends on the pieces");
	if (a->size != b->size || a->header_size != b->header_size || a->sent != b->sent || a->is_reply != b->is_reply)
		gw_bug("a number depends on the pieces");
}

/* Parentheses outside strings are balanced, literals are whole, and nothing stands behind the outermost pair. */
static bool well_formed(struct gw_slice s)
{
	size_t depth = 0;

	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (c == '"') {
			for (i++; i < s.n && s.p[i] != '"'; i++)
				i += s.p[i] == '\\';
			if (i >= s.n)
				return false;
		} else if (c == '{') {
			size_t n = 0;

			for (i++; i < s.n && s.p[i] >= '0' && s.p[i] <= '9'; i++)
				n = n * 10 + (size_t)(s.p[i] - '0');
			if (i + 2 >= s.n || memcmp(s.p + i, "}\r\n", 3) != 0 || n > s.n - i - 3)
				return false;
			i += 2 + n;
		} else if (c == '(') {
			depth++;
		} else if (c == ')') {
			if (depth-- == 0)
				return false;
			if (depth == 0)
				return i + 1 == s.n;
		} else if (depth == 0 || (unsigned char)c < 32 || (unsigned char)c > 126) {
			return false;
		}
	}
	return false;
}

static void check_body(struct gw_slice bodystructure)
{
	struct gw_out out;
	struct gw_buf flat;

	gw_out_init(&out);
	gw_buf_init(&flat, 0);
	gw_body_without_extensions(bodystructure, &out);
	while (out.n) {
		struct gw_slice front = gw_out_front(&out);

		gw_buf_add_slice(&flat, front);
		gw_out_drop(&out, front.n);
	}
	if (!well_formed(gw_buf_slice(&flat)))
		gw_bug("BODY is not well formed");
	gw_buf_done(&flat);
	gw_out_done(&out);
}

static void check_parts(const struct gw_derived *d, struct gw_arena *arena)
{
	struct gw_parts ps;

	if (!gw_parts_unpack(d->parts, arena, &ps))
		gw_bug("the parts cannot be unpacked");
	for (size_t i = 0; i < ps.n; i++)
		if (ps.v[i].header > ps.v[i].body || ps.v[i].body > ps.v[i].end || ps.v[i].end > d->size)
			gw_bug("a part lies outside the message");
}

/* The addresses as text are shorter than what they come from, and what the text index keeps of them is all there. */
static void check_addresses(const struct gw_derived *d)
{
	const struct gw_slice key[TEXT_KEYS] = { d->key_from, d->key_to, d->key_cc, d->key_bcc };
	char *scratch = gw_xalloc(d->envelope.n + 1);
	struct gw_buf text, packed;
	bool any;

	gw_buf_init(&text, 0);
	gw_buf_init(&packed, 0);
	any = text_addresses_pack(d->envelope, key, &packed);
	for (unsigned i = 0; i < TEXT_KEYS; i++) {
		struct gw_slice kept = GW_S(""), all;

		text.n = 0;
		gw_envelope_put_text(d->envelope, text_list_of((enum gw_match_field)i), scratch, &text);
		if (text.n >= d->envelope.n)
			gw_bug("addresses are longer than the envelope");
		text.n = 0;
		gw_address_text(d->envelope, text_list_of((enum gw_match_field)i), &text);
		all = gw_buf_slice(&text);
		if (!text_addresses_get(gw_buf_slice(&packed), (enum gw_match_field)i, &kept) && any && packed.n)
			gw_bug("kept addresses cannot be read");
		if (packed.n && !(kept.n ? gw_slice_eq(kept, all) : !all.n || memmem(key[i].p, key[i].n, all.p, all.n)))
			gw_bug("addresses are neither kept nor in the key");
	}
	gw_buf_done(&text);
	gw_buf_done(&packed);
	free(scratch);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct gw_derived whole, cut;
	struct gw_slice message;
	struct gw_arena arena;

	if (size < 2)
		return 0;
	gw_arena_init(&arena, 0, 0);
	message = gw_slice((const char *)data + 2, size - 2);
	derive(message, SIZE_MAX, &arena, &whole);
	derive(message, ((size_t)data[0] | (size_t)data[1] << 8) % 600 + 1, &arena, &cut);
	compare(&whole, &cut);
	if (!well_formed(whole.envelope) || !well_formed(whole.bodystructure))
		gw_bug("ENVELOPE or BODYSTRUCTURE is not well formed");
	check_body(whole.bodystructure);
	check_parts(&whole, &arena);
	check_addresses(&whole);
	gw_arena_done(&arena);
	return 0;
}
