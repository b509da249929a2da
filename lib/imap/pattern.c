/* pattern.c - matching of LIST patterns without backtracking (see pattern.h)
 *
 * The pattern becomes a row of positions: a byte to be equal to, `*` (any bytes) or `%` (any bytes but the
 * separator). A set of bits holds the positions that the name read so far may stand at; one byte of the name moves
 * them all with a few machine instructions per 64 positions. */
#include "imap/pattern.h"

#include "store/store.h"

#define SEPARATOR '/'
/* A longer pattern has more plain bytes than any name. */
#define POSITIONS_MAX (2 * GW_MAILBOX_NAME_MAX + 2)
#define WORDS_MAX ((POSITIONS_MAX + 64) / 64)

struct imap_pattern {
	size_t words;
	size_t end;            /* the bit that says "matched" */
	bool never;            /* too long for any name */
	uint64_t star[WORDS_MAX], percent[WORDS_MAX];
	uint64_t now[WORDS_MAX];
	unsigned char row[256]; /* which row of equal[] belongs to a byte; 0: none */
	uint64_t *equal;       /* rows of `words` words */
};

static void set_bit(uint64_t *v, size_t bit)
{
	v[bit / 64] |= UINT64_C(1) << (bit % 64);
}

static bool wild(char c)
{
	return c == '*' || c == '%';
}

/* Runs of wildcards become one: `*` if there is one among them. Returns the number of positions. */
static size_t squeeze(struct gw_slice text, char *to, size_t max)
{
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];

		if (wild(c) && n && wild(to[n - 1])) {
			if (c == '*')
				to[n - 1] = '*';
			continue;
		}
		if (n == max)
			return max + 1;
		to[n++] = c;
	}
	return n;
}

struct imap_pattern *imap_pattern_new(struct gw_arena *arena, struct gw_slice text)
{
	struct imap_pattern *p = gw_arena_alloc(arena, sizeof *p);
	char *flat = gw_arena_alloc(arena, POSITIONS_MAX);
	size_t n = squeeze(text, flat, POSITIONS_MAX - 1), rows = 0;

	if (n >= POSITIONS_MAX) {
		p->never = true;
		return p;
	}
	p->end = n;
	p->words = n / 64 + 1;
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)flat[i];

		if (flat[i] == '*')
			set_bit(p->star, i);
		else if (flat[i] == '%')
			set_bit(p->percent, i);
		else if (!p->row[c])
			p->row[c] = (unsigned char)++rows;
	}
	p->equal = gw_arena_calloc(arena, (rows + 1) * p->words, sizeof *p->equal);
	for (size_t i = 0; i < n; i++)
		if (!wild(flat[i]))
			set_bit(p->equal + p->row[(unsigned char)flat[i]] * p->words, i);
	return p;
}

/* A position on a wildcard may also stand behind it. Two wildcards never touch, so once is enough. */
static void close_over(struct imap_pattern *p)
{
	uint64_t carry = 0;

	for (size_t w = 0; w < p->words; w++) {
		uint64_t on = p->now[w] & (p->star[w] | p->percent[w]);

		p->now[w] |= on << 1 | carry;
		carry = on >> 63;
	}
}

static bool move(struct imap_pattern *p, unsigned char a, unsigned char b)
{
	const uint64_t *ea = p->equal + p->row[a] * p->words, *eb = p->equal + p->row[b] * p->words;
	uint64_t carry = 0, any = 0;

	for (size_t w = 0; w < p->words; w++) {
		uint64_t stay = p->now[w] & (a == SEPARATOR ? p->star[w] : p->star[w] | p->percent[w]);
		uint64_t step = p->now[w] & ((p->row[a] ? ea[w] : 0) | (p->row[b] ? eb[w] : 0));

		p->now[w] = stay | step << 1 | carry;
		carry = step >> 63;
		any |= p->now[w];
	}
	close_over(p);
	return any != 0;
}

static bool inbox_head(struct gw_slice name)
{
	return gw_slice_startsi(name, GW_S("INBOX")) && (name.n == 5 || name.p[5] == SEPARATOR);
}

bool imap_pattern_match(struct imap_pattern *p, struct gw_slice name)
{
	bool inbox = inbox_head(name);

	if (p->never)
		return false;
	memset(p->now, 0, p->words * sizeof *p->now);
	p->now[0] = 1;
	close_over(p);
	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i];
		bool fold = inbox && i < 5;

		if (!move(p, (unsigned char)(fold ? gw_lower(c) : c), (unsigned char)(fold ? gw_upper(c) : c)))
			return false;
	}
	return p->now[p->end / 64] >> (p->end % 64) & 1;
}
