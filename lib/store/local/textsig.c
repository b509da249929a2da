/* textsig.c - which trigrams are in which of 256 messages (see text.h)
 *
 * A signature is a bit set with one bit for every three bytes of a text; a message has one of all its text, and one of its header
 * alone, which is looked at when a field is asked for. The signatures of a block lie bit-sliced: row b has bit b of
 * all its messages, so asking for a needle is to AND a dozen rows of 32 octets. They are built with the longest length and
 * then folded, one half onto the other, as long as at most one bit of so many is set. */
#include "store/local/text.h"

#include "util/mem.h"

#define BITS_MIN 256u

/* All bits of the three bytes decide about each bit of it (MurmurHash3's last step): folding keeps the low ones. */
static uint32_t place(const unsigned char *p)
{
	uint32_t v = p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16;

	v = (v ^ v >> 16) * UINT32_C(0x85EBCA6B);
	v = (v ^ v >> 13) * UINT32_C(0xC2B2AE35);
	return (v ^ v >> 16) & (TEXT_BITS_MAX - 1);
}

void text_sig_init(struct text_sig *s)
{
	*s = (struct text_sig){ .bits = TEXT_BITS_MAX };
	s->row = gw_xcalloc(TEXT_BITS_MAX, sizeof *s->row);
}

void text_sig_done(struct text_sig *s)
{
	free(s->row);
	*s = (struct text_sig){ 0 };
}

static void add_to(struct text_sig *s, unsigned message, struct gw_slice text)
{
	const unsigned char *p = (const unsigned char *)text.p;
	uint64_t bit = UINT64_C(1) << (message % 64);
	unsigned word = message / 64;

	for (size_t i = 0; i + 3 <= text.n; i++)
		s->row[place(p + i)].w[word] |= bit;
}

void text_sig_add(struct text_sig *s, struct gw_slice text)
{
	add_to(s, s->n++, text);
}

void text_sig_also(struct text_sig *s, struct gw_slice text)
{
	add_to(s, s->n - 1, text);
}

/* Bits that would be set after folding. */
static uint64_t folded(const struct text_sig *s)
{
	uint64_t n = 0;

	for (uint32_t i = 0; i < s->bits / 2; i++)
		for (unsigned k = 0; k < TEXT_WORDS; k++)
			n += (unsigned)__builtin_popcountll(s->row[i].w[k] | s->row[i + s->bits / 2].w[k]);
	return n;
}

void text_sig_finish(struct text_sig *s, unsigned sparse, const struct text_row *all)
{
	while (s->bits > BITS_MIN && folded(s) <= (uint64_t)s->bits / 2 * s->n / sparse) {
		s->bits /= 2;
		for (uint32_t i = 0; i < s->bits; i++)
			for (unsigned k = 0; k < TEXT_WORDS; k++)
				s->row[i].w[k] |= s->row[i + s->bits].w[k];
	}
	for (uint32_t i = 0; i < s->bits; i++)
		for (unsigned k = 0; k < TEXT_WORDS; k++)
			s->row[i].w[k] |= all->w[k];
}

int64_t text_sig_id(uint64_t first, enum text_part part, uint32_t bit)
{
	return (int64_t)(first << 12 | (uint64_t)part << 11 | bit / TEXT_GROUP);
}

unsigned text_probes(struct gw_slice needle, uint32_t ret[TEXT_PROBES])
{
	size_t have = needle.n < 3 ? 0 : needle.n - 2;
	unsigned n = have < TEXT_PROBES ? (unsigned)have : TEXT_PROBES;

	for (unsigned i = 0; i < n; i++) {
		size_t at = n == have ? i : i * (have - 1) / (TEXT_PROBES - 1);

		ret[i] = place((const unsigned char *)needle.p + at);
	}
	return n;
}
