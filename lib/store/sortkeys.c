/* sortkeys.c - what SORT compares of a message's addresses (see sortkeys.h)
 *
 * Packed: for each key its length in two octets, the higher first, and its octets. */
#include "store/sortkeys.h"

#include <stdlib.h>

#include "mime/envelope.h"
#include "mime/words.h"
#include "text/casemap.h"
#include "util/mem.h"

/* Text, decoded if it may have encoded words in it, as one key. */
static void put_key(struct gw_slice text, bool encoded, struct gw_buf *out)
{
	struct gw_buf decoded, key;

	gw_buf_init(&decoded, 0);
	gw_buf_init(&key, GW_SORT_KEY_MAX);
	if (encoded)
		gw_words_decode(text, &decoded);
	gw_casemap(encoded ? gw_buf_slice(&decoded) : text, &key);
	gw_buf_add_char(out, (char)(key.n >> 8));
	gw_buf_add_char(out, (char)(key.n & 0xFF));
	gw_buf_add_slice(out, gw_buf_slice(&key));
	gw_buf_done(&decoded);
	gw_buf_done(&key);
}

static bool is_empty(struct gw_slice encoded)
{
	struct gw_buf text;
	bool empty;

	gw_buf_init(&text, 4);
	gw_words_decode(encoded, &text);
	empty = text.n == 0;
	gw_buf_done(&text);
	return empty;
}

/* The name of a group (an address without a host) is a phrase; a mailbox is not and has no encoded words. */
static void put_mailbox(const struct gw_envelope_address *a, struct gw_buf *out)
{
	put_key(a->mailbox.p ? a->mailbox : GW_S(""), !a->host.p, out);
}

/* RFC 5957 3. */
static void put_display(const struct gw_envelope_address *a, struct gw_buf *out)
{
	struct gw_buf address;

	if (a->name.p && !is_empty(a->name)) {
		put_key(a->name, true, out);
		return;
	}
	if (!a->mailbox.p || !a->host.p) {
		put_mailbox(a, out);
		return;
	}
	gw_buf_init(&address, 0);
	gw_buf_add_slice(&address, a->mailbox);
	gw_buf_add_char(&address, '@');
	gw_buf_add_slice(&address, a->host);
	put_key(gw_buf_slice(&address), false, out);
	gw_buf_done(&address);
}

void gw_sort_keys_pack(struct gw_slice envelope, struct gw_buf *out)
{
	static const struct {
		enum gw_envelope_list list;
		void (*put)(const struct gw_envelope_address *a, struct gw_buf *out);
	} keys[GW_SORT_KEYS] = {
		[GW_SORT_FROM] = { GW_ENVELOPE_FROM, put_mailbox },
		[GW_SORT_TO] = { GW_ENVELOPE_TO, put_mailbox },
		[GW_SORT_CC] = { GW_ENVELOPE_CC, put_mailbox },
		[GW_SORT_DISPLAYFROM] = { GW_ENVELOPE_FROM, put_display },
		[GW_SORT_DISPLAYTO] = { GW_ENVELOPE_TO, put_display },
	};
	char *scratch = gw_xalloc(envelope.n + 1);

	for (int i = 0; i < GW_SORT_KEYS; i++) {
		struct gw_envelope_address a = { .name = { NULL, 0 } };

		gw_envelope_first(envelope, keys[i].list, scratch, &a);
		keys[i].put(&a, out);
	}
	free(scratch);
}

bool gw_sort_keys_unpack(struct gw_slice packed, struct gw_slice ret[GW_SORT_KEYS])
{
	for (int i = 0; i < GW_SORT_KEYS; i++)
		ret[i] = gw_slice("", 0);
	for (int i = 0; i < GW_SORT_KEYS; i++) {
		size_t n;

		if (packed.n < 2)
			return false;
		n = (size_t)(unsigned char)packed.p[0] << 8 | (unsigned char)packed.p[1];
		gw_slice_take(&packed, 2);
		if (n > packed.n)
			return false;
		ret[i] = gw_slice_take(&packed, n);
	}
	return packed.n == 0;
}
