/* json.c - reading JSON (see json.h)
 *
 * One pass over a copy of the text that ends in NUL, so that no step asks for the end. Decoded strings are never longer
 * than written ones and stay where they were. An object of more than FEW members has its keys sorted once: that finds
 * what is there twice, and later every member. */
#include "store/jmap/json.h"

#include "util/mem.h"
#include "util/num.h"
#include "util/utf8.h"

#include <stdlib.h>

#define FEW 8 /* members that are compared one by one */

struct node {
	uint32_t type; /* enum json_type */
	uint32_t end;  /* the node behind this value and all that is in it */
	uint32_t n;    /* octets of text; elements or members */
	uint32_t at;   /* where the text is; of what is sorted: 1 + where in `sorted` it begins */
};

struct json {
	char *text;
	struct node *v;
	uint32_t n, cap;
	uint32_t *sorted; /* nodes of strings: the keys of big objects, the elements of some arrays */
	uint32_t n_sorted, cap_sorted;
};

struct reader {
	struct json *j;
	char *p;
	unsigned depth;
	struct gw_err *err;
};

static int bad(struct reader *r, const char *what)
{
	return gw_fail(
		r->err, GW_ECORRUPT, "no JSON as RFC 8259 has it: %s at octet %zu", what, (size_t)(r->p - r->j->text));
}

static struct gw_slice text_of(const struct json *j, uint32_t i)
{
	return gw_slice(j->text + j->v[i].at, j->v[i].n);
}

static int add(struct reader *r, enum json_type type, uint32_t *ret)
{
	struct json *j = r->j;

	if (j->n == JSON_NODES)
		return bad(r, "too many values");
	if (j->n == j->cap) {
		j->cap = j->cap ? j->cap * 2 : 64;
		j->v = gw_xrealloc(j->v, j->cap, sizeof *j->v);
	}
	j->v[j->n] = (struct node){ .type = type, .end = j->n + 1 };
	*ret = j->n++;
	return 0;
}

static void blanks(struct reader *r)
{
	while (*r->p == ' ' || *r->p == '\n' || *r->p == '\r' || *r->p == '\t')
		r->p++;
}

/* ---- strings ---- */

static bool hex4(const char *p, uint32_t *ret)
{
	uint32_t v = 0;

	for (int i = 0; i < 4; i++) {
		char c = gw_lower(p[i]);

		if (c >= '0' && c <= '9')
			v = v << 4 | (uint32_t)(c - '0');
		else if (c >= 'a' && c <= 'f')
			v = v << 4 | (uint32_t)(c - 'a' + 10);
		else
			return false;
	}
	*ret = v;
	return true;
}

/* \uXXXX, and two of them for what lies beyond the BMP (RFC 8259 7); a half of a pair alone is refused (RFC 7493 2.1).
 */
static int unicode(struct reader *r, char **w)
{
	uint32_t cp, low;

	if (!hex4(r->p, &cp))
		return bad(r, "\\u without four hexadecimal digits");
	r->p += 4;
	if (cp >= 0xD800 && cp < 0xE000) {
		if (cp >= 0xDC00 || r->p[0] != '\\' || r->p[1] != 'u' || !hex4(r->p + 2, &low) || low < 0xDC00 ||
			low >= 0xE000)
			return bad(r, "half of a surrogate pair");
		cp = 0x10000 + ((cp - 0xD800) << 10) + (low - 0xDC00);
		r->p += 6;
	}
	*w += gw_utf8_put(*w, cp);
	return 0;
}

static int escape(struct reader *r, char **w)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	const char *e = r->p[1] ? strchr(from, r->p[1]) : NULL;

	if (r->p[1] == 'u') {
		r->p += 2;
		return unicode(r, w);
	}
	if (!e)
		return bad(r, "an unknown escape");
	*(*w)++ = to[e - from];
	r->p += 2;
	return 0;
}

static int beyond_ascii(struct reader *r, char **w)
{
	struct gw_slice rest = { r->p, strnlen(r->p, 4) };
	size_t before = rest.n;
	uint32_t cp;

	if (!gw_utf8_next(&rest, &cp))
		return bad(r, "text that is no UTF-8");
	for (size_t n = before - rest.n; n; n--)
		*(*w)++ = *r->p++;
	return 0;
}

static int string(struct reader *r)
{
	char *w = ++r->p, *start = w;
	uint32_t i = 0;
	int rc = add(r, JSON_STRING, &i);

	while (rc == 0 && *r->p != '"') {
		unsigned char c = (unsigned char)*r->p;

		if (c == '\\')
			rc = escape(r, &w);
		else if (c >= 0x80)
			rc = beyond_ascii(r, &w);
		else if (c >= 0x20)
			*w++ = *r->p++;
		else
			rc = bad(r, "a control character or the end inside a string");
	}
	if (rc < 0)
		return rc;
	r->p++;
	r->j->v[i].at = (uint32_t)(start - r->j->text);
	r->j->v[i].n = (uint32_t)(w - start);
	return 0;
}

/* ---- numbers and words ---- */

static bool digits(struct reader *r)
{
	char *p = r->p;

	while (*r->p >= '0' && *r->p <= '9')
		r->p++;
	return r->p > p;
}

static int number(struct reader *r)
{
	char *start = r->p;
	uint32_t i = 0;
	bool ok;

	if (*r->p == '-')
		r->p++;
	ok = *r->p == '0' ? r->p++ != NULL : digits(r);
	if (ok && *r->p == '.') {
		r->p++;
		ok = digits(r);
	}
	if (ok && (*r->p == 'e' || *r->p == 'E')) {
		r->p += r->p[1] == '+' || r->p[1] == '-' ? 2 : 1;
		ok = digits(r);
	}
	if (!ok)
		return bad(r, "what is no value");
	if (add(r, JSON_NUMBER, &i) < 0)
		return GW_ECORRUPT;
	r->j->v[i].at = (uint32_t)(start - r->j->text);
	r->j->v[i].n = (uint32_t)(r->p - start);
	return 0;
}

static int word(struct reader *r, struct gw_slice name, enum json_type type)
{
	uint32_t i = 0;

	if (strncmp(r->p, name.p, name.n) != 0)
		return bad(r, "what is no value");
	r->p += name.n;
	return add(r, type, &i);
}

/* ---- arrays and objects ---- */

static int value(struct reader *r);

static int by_text(const void *a, const void *b, void *ctx)
{
	return gw_slice_cmp(text_of(ctx, *(const uint32_t *)a), text_of(ctx, *(const uint32_t *)b));
}

/* Sort the keys of an object, or the elements of an array that holds only strings. */
static uint32_t *sort(struct json *j, uint32_t owner, bool keys)
{
	uint32_t n = j->v[owner].n, i = owner + 1, *v;

	if (j->n_sorted + n > j->cap_sorted) {
		j->cap_sorted = (j->n_sorted + n) * 2;
		j->sorted = gw_xrealloc(j->sorted, j->cap_sorted, sizeof *j->sorted);
	}
	v = j->sorted + j->n_sorted;
	for (uint32_t k = 0; k < n; k++) {
		v[k] = i;
		i = j->v[keys ? i + 1 : i].end;
	}
	qsort_r(v, n, sizeof *v, by_text, j);
	j->v[owner].at = j->n_sorted + 1;
	j->n_sorted += n;
	return v;
}

/* The node of text in what is sorted, or 0 (which is never inside something). */
static uint32_t find(const struct json *j, uint32_t owner, struct gw_slice text)
{
	const uint32_t *v = j->sorted + j->v[owner].at - 1;
	uint32_t lo = 0, hi = j->v[owner].n;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		int c = gw_slice_cmp(text_of(j, v[mid]), text);

		if (c == 0)
			return v[mid];
		if (c < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return 0;
}

static bool twice_few(const struct json *j, uint32_t object)
{
	uint32_t keys[FEW], n = j->v[object].n;

	for (uint32_t i = 0, k = object + 1; i < n; k = j->v[k + 1].end, i++) {
		keys[i] = k;
		for (uint32_t o = 0; o < i; o++)
			if (gw_slice_eq(text_of(j, keys[o]), text_of(j, k)))
				return true;
	}
	return false;
}

static bool twice_many(struct json *j, uint32_t object)
{
	const uint32_t *keys = sort(j, object, true);

	for (uint32_t i = 1; i < j->v[object].n; i++)
		if (gw_slice_eq(text_of(j, keys[i - 1]), text_of(j, keys[i])))
			return true;
	return false;
}

static int member(struct reader *r)
{
	int rc;

	if (*r->p != '"')
		return bad(r, "a member without a name");
	rc = string(r);
	if (rc < 0)
		return rc;
	blanks(r);
	if (*r->p != ':')
		return bad(r, "a name without ':'");
	r->p++;
	blanks(r);
	return value(r);
}

/* The inside of '[' or '{' and its end; node i counts what is in it. */
static int list(struct reader *r, uint32_t i, char end)
{
	r->p++;
	blanks(r);
	while (*r->p != end) {
		int rc = end == ']' ? value(r) : member(r);

		if (rc < 0)
			return rc;
		r->j->v[i].n++;
		blanks(r);
		if (*r->p != ',' && *r->p != end)
			return bad(r, "neither ',' nor the end of a list");
		if (*r->p == end)
			break;
		r->p++;
		blanks(r);
		if (*r->p == end)
			return bad(r, "',' before the end of a list");
	}
	r->p++;
	r->j->v[i].end = r->j->n;
	return 0;
}

static int container(struct reader *r, enum json_type type)
{
	uint32_t i = 0;
	int rc = add(r, type, &i);

	if (rc < 0)
		return rc;
	if (r->depth == JSON_DEPTH)
		return bad(r, "too many levels");
	r->depth++;
	rc = list(r, i, type == JSON_ARRAY ? ']' : '}');
	r->depth--;
	if (rc < 0 || type == JSON_ARRAY)
		return rc;
	if (r->j->v[i].n <= FEW ? twice_few(r->j, i) : twice_many(r->j, i))
		return bad(r, "an object that has a member twice");
	return 0;
}

static int value(struct reader *r)
{
	switch (*r->p) {
	case '"':
		return string(r);
	case '{':
		return container(r, JSON_OBJECT);
	case '[':
		return container(r, JSON_ARRAY);
	case 't':
		return word(r, GW_S("true"), JSON_TRUE);
	case 'f':
		return word(r, GW_S("false"), JSON_FALSE);
	case 'n':
		return word(r, GW_S("null"), JSON_NULL);
	default:
		return number(r);
	}
}

static int whole(struct reader *r, size_t n)
{
	int rc;

	blanks(r);
	rc = value(r);
	if (rc < 0)
		return rc;
	blanks(r);
	return r->p == r->j->text + n ? 0 : bad(r, "something behind the value");
}

int json_read(struct gw_slice text, struct json **ret, struct gw_err *err)
{
	struct reader r = { .err = err };
	int rc;

	if (text.n > JSON_TEXT_MAX)
		return gw_fail(
			err, GW_ECORRUPT, "a JSON text of %zu octets, at most %u are read", text.n, JSON_TEXT_MAX);
	r.j = gw_xalloc(sizeof *r.j);
	r.p = r.j->text = gw_xslicedup(text);
	rc = whole(&r, text.n);
	if (rc < 0) {
		json_free(r.j);
		return rc;
	}
	*ret = r.j;
	return 0;
}

void json_free(struct json *j)
{
	if (!j)
		return;
	free(j->text);
	free(j->v);
	free(j->sorted);
	free(j);
}

/* ---- asking ---- */

struct json_value json_root(struct json *j)
{
	return (struct json_value){ j, 0 };
}

enum json_type json_type(struct json_value v)
{
	return v.in ? (enum json_type)v.in->v[v.at].type : JSON_ABSENT;
}

struct gw_slice json_text(struct json_value v)
{
	return json_type(v) == JSON_STRING ? text_of(v.in, v.at) : GW_S("");
}

bool json_uint(struct json_value v, uint64_t *ret)
{
	return json_type(v) == JSON_NUMBER && gw_parse_u64_range(text_of(v.in, v.at), 0, JSON_INT_MAX, ret);
}

struct json_value json_member(struct json_value v, struct gw_slice name)
{
	uint32_t key;

	if (json_type(v) != JSON_OBJECT)
		return (struct json_value){ 0 };
	if (v.in->v[v.at].at) {
		key = find(v.in, v.at, name);
		return key ? (struct json_value){ v.in, key + 1 } : (struct json_value){ 0 };
	}
	for (struct json_iter it = json_each(v); json_next(&it);)
		if (gw_slice_eq(it.name, name))
			return it.value;
	return (struct json_value){ 0 };
}

void json_sort(struct json_value array)
{
	if (json_type(array) != JSON_ARRAY || json_count(array) == 0 || array.in->v[array.at].at)
		return;
	for (struct json_iter it = json_each(array); json_next(&it);)
		if (json_type(it.value) != JSON_STRING)
			return;
	sort(array.in, array.at, false);
}

bool json_holds(struct json_value array, struct gw_slice text)
{
	if (json_type(array) != JSON_ARRAY)
		return false;
	if (array.in->v[array.at].at)
		return find(array.in, array.at, text) != 0;
	for (struct json_iter it = json_each(array); json_next(&it);)
		if (json_type(it.value) == JSON_STRING && gw_slice_eq(json_text(it.value), text))
			return true;
	return false;
}

size_t json_count(struct json_value v)
{
	enum json_type t = json_type(v);

	return t == JSON_ARRAY || t == JSON_OBJECT ? v.in->v[v.at].n : 0;
}

struct json_iter json_each(struct json_value v)
{
	return (struct json_iter){ .value.in = v.in,
		.next = v.at + 1,
		.left = (uint32_t)json_count(v),
		.named = json_type(v) == JSON_OBJECT };
}

bool json_next(struct json_iter *it)
{
	if (it->left == 0)
		return false;
	it->left--;
	if (it->named)
		it->name = text_of(it->value.in, it->next++);
	it->value.at = it->next;
	it->next = it->value.in->v[it->next].end;
	return true;
}
