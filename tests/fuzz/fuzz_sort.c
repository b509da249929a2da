/* fuzz_sort.c - any rows are sorted as the model of RFC 5256 sorts them */
#include "tests/unit/imap/sort_model.h"
#include "util/err.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ROWS 256

static const uint8_t *take(const uint8_t **p, const uint8_t *end, size_t n)
{
	const uint8_t *at = *p;

	if ((size_t)(end - at) < n)
		return NULL;
	*p += n;
	return at;
}

/* A text: its length, its octets. */
static bool take_text(const uint8_t **p, const uint8_t *end, struct gw_slice *ret)
{
	const uint8_t *n = take(p, end, 1), *octets = n ? take(p, end, *n % 32) : NULL;

	*ret = gw_slice((const char *)octets, octets ? *n % 32 : 0);
	return octets;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = data + size, *head = take(&data, end, 3), *numbers;
	struct imap_sort_criterion criteria[3];
	struct sort_row v[ROWS];
	struct gw_slice address[ROWS][GW_SORT_KEYS];
	size_t n = 0;

	if (!head)
		return 0;
	for (int i = 0; i < 3; i++)
		criteria[i] = (struct imap_sort_criterion){ .key = (enum imap_sort_key)(head[i] % IMAP_SORT_KEYS), .reverse = head[i] & 0x80 };
	for (; n < ROWS && (numbers = take(&data, end, 3)); n++) {
		struct sort_row *r = &v[n];

		*r = (struct sort_row){ .number = (uint32_t)n + 1, .size = numbers[0], .sent = (int8_t)numbers[1],
					.arrival = (int8_t)numbers[2], .address = address[n] };
		if (!take_text(&data, end, &r->subject) || !take_text(&data, end, &address[n][0]))
			break;
		for (int k = 1; k < GW_SORT_KEYS; k++)
			address[n][k] = address[n][0];
	}
	if (!sorted_as_the_model(criteria, 3, v, n))
		gw_bug("the order is not that of the model");
	return 0;
}
