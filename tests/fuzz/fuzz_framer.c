/* fuzz_framer.c - IMAP's framer and parser: however the bytes are cut, the same commands come out, and each is parsed
 * without looking past its end
 *
 * The first byte says how the stream is cut into pieces; the rest is what the client sends. */
#include "imap/framer.h"
#include "imap/verbs.h"
#include "util/err.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct run {
	struct imap_framer framer;
	uint64_t left;   /* octets of a message still to come */
	uint64_t digest; /* of everything that came out */
};

static void note_octets(struct run *r, struct gw_slice s)
{
	for (size_t i = 0; i < s.n; i++)
		r->digest = (r->digest ^ (unsigned char)s.p[i]) * 1099511628211u;
}

static void note(struct run *r, unsigned kind, struct gw_slice s)
{
	r->digest = r->digest * 1099511628211u + kind + 1;
	note_octets(r, s);
}

static void parse(struct run *r, struct gw_slice line)
{
	struct imap_parse_ctx ctx = { .find = imap_find_syntax, .string_max = IMAP_STRING_MAX };
	struct imap_command c;
	struct gw_arena arena;
	const char *why = NULL;

	gw_arena_init(&arena, 0, 0);
	memset(&c, 0, sizeof c);
	note(r, 100 + (unsigned)imap_parse(line, &arena, &ctx, &c, &why), c.tag);
	gw_arena_done(&arena);
}

/* One call of the framer; false: it wants more. */
static bool one(struct run *r, struct gw_slice *in)
{
	enum imap_frame frame;
	struct gw_slice line = { "", 0 };

	if (r->left) {
		size_t n = in->n < r->left ? in->n : (size_t)r->left;

		note_octets(r, gw_slice_take(in, n));
		r->left -= n;
		return n > 0;
	}
	frame = imap_framer_next(&r->framer, in, &line);
	switch (frame) {
	case IMAP_FRAME_MORE:
		if (in->n)
			gw_bug("the framer wants more and leaves bytes");
		return false;
	case IMAP_FRAME_CONTINUE:
		break;
	case IMAP_FRAME_COMMAND:
		note(r, frame, line);
		parse(r, line);
		break;
	case IMAP_FRAME_STREAM:
		note(r, frame, line);
		parse(r, line);
		r->left = r->framer.literal.size;
		break;
	case IMAP_FRAME_REFUSE:
		note(r, frame + (unsigned)r->framer.refusal.reason, r->framer.refusal.tag);
	}
	return true;
}

static uint64_t digest(const uint8_t *data, size_t size, size_t piece, bool signed_on)
{
	struct run r = { .left = 0 };
	struct imap_framer_limits limits = imap_framer_limits(signed_on, 4096, 2048, 65536);
	uint64_t ret;

	imap_framer_init(&r.framer, &limits);
	for (size_t at = 0; at < size; at += piece) {
		size_t n = size - at < piece ? size - at : piece;
		struct gw_slice in = gw_slice((const char *)data + at, n);

		while (one(&r, &in))
			;
	}
	ret = r.digest;
	imap_framer_done(&r.framer);
	return ret;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	bool signed_on;
	size_t piece;

	if (size < 2)
		return 0;
	signed_on = data[0] & 1;
	piece = (size_t)(data[0] >> 1) + 1;
	if (digest(data + 1, size - 1, size, signed_on) != digest(data + 1, size - 1, piece, signed_on))
		gw_bug("the framer's answer depends on how the bytes are cut");
	return 0;
}
