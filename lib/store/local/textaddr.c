/* textaddr.c - addresses that are not written in the header as ENVELOPE has them (see text.h)
 *
 * A name in quotes, a comment, a route: then the folded field, which is a key in mail.db, does not have what FROM, TO, CC and BCC
 * may ask for as well. Only that is kept. */
#include "store/local/text.h"

static bool has(struct gw_slice text, struct gw_slice part)
{
	return !part.n || (text.n >= part.n && memmem(text.p, text.n, part.p, part.n));
}

bool text_addresses_pack(struct gw_slice envelope, const struct gw_slice key[TEXT_KEYS], struct gw_buf *ret)
{
	struct text_address_head head = { { 0 } };
	bool any = false;

	ret->n = 0;
	gw_buf_add(ret, &head, sizeof head);
	for (unsigned i = 0; i < TEXT_KEYS; i++) {
		size_t before = ret->n;

		gw_address_text(envelope, text_list_of((enum gw_match_field)i), ret);
		if (has(key[i], gw_slice(ret->p + before, ret->n - before)))
			ret->n = before;
		head.n[i] = (uint32_t)(ret->n - before);
		any = any || head.n[i];
	}
	if (ret->n > TEXT_BYTES_MAX)
		ret->n = 0;
	else
		memcpy(ret->p, &head, sizeof head);
	return any;
}

bool text_addresses_get(struct gw_slice packed, enum gw_match_field field, struct gw_slice *ret)
{
	struct text_address_head head;

	if (packed.n < sizeof head)
		return false;
	memcpy(&head, gw_slice_take(&packed, sizeof head).p, sizeof head);
	for (unsigned i = 0; i < TEXT_KEYS; i++) {
		if (head.n[i] > packed.n)
			return false;
		*ret = gw_slice_take(&packed, head.n[i]);
		if (i == (unsigned)field)
			return true;
	}
	return false;
}
