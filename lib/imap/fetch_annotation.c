/* fetch_annotation.c - ANNOTATION in FETCH (RFC 5257 4.3, 4.4)
 *
 * An entry that is named in full is told even if it is not there: its values are NIL, their sizes 0. One that only a wildcard
 * finds is told when it has a value of those that were asked for. Where nothing is to be told, the item is left out, since
 * its list cannot be empty. */
#include "imap/annotate.h"
#include "imap/fetch.h"
#include "imap/pattern.h"
#include "imap/put.h"

struct fetch_patterns {
	struct imap_pattern **v; /* of each entry; NULL: it has no wildcards */
};

/* ---- which entries ---- */

static bool same_name(const struct gw_message *m, size_t i, size_t k)
{
	return gw_slice_eq(m->annotation[i].name, m->annotation[k].name);
}

/* One entry has its values side by side: how many from i on. */
static size_t values_at(const struct gw_message *m, size_t i)
{
	return i + 1 < m->n_annotations && same_name(m, i, i + 1) ? 2 : 1;
}

static bool wanted(const struct imap_annotation_query *q, const struct gw_annotation *a)
{
	const unsigned shared = IMAP_ANNOTATION_VALUE_SHARED | IMAP_ANNOTATION_SIZE_SHARED;
	const unsigned priv = IMAP_ANNOTATION_VALUE_PRIV | IMAP_ANNOTATION_SIZE_PRIV;

	return q->attributes & (a->shared ? shared : priv);
}

/* Does an entry of the query before end mean this name? */
static bool meant(const struct imap_annotation_query *q, const struct fetch_patterns *p, size_t end, struct gw_slice name)
{
	for (size_t k = 0; k < end; k++)
		if (q->entry[k].wild ? imap_pattern_match(p->v[k], name) : gw_slice_eq(q->entry[k].name, name))
			return true;
	return false;
}

/* The values of the entry at i, as far as they are wanted; NULL: not there. */
struct values {
	const struct gw_annotation *priv, *shared;
};

static struct values values_of(const struct gw_message *m, struct gw_slice name)
{
	struct values v = { NULL, NULL };

	for (size_t i = 0; i < m->n_annotations; i++) {
		if (!gw_slice_eq(m->annotation[i].name, name))
			continue;
		if (m->annotation[i].shared)
			v.shared = &m->annotation[i];
		else
			v.priv = &m->annotation[i];
	}
	return v;
}

/* ---- saying it ---- */

static void put_attribute(struct gw_out *out, const char *name, bool size, const struct gw_annotation *a, bool *begun)
{
	gw_out_str(out, *begun ? " " : "(");
	*begun = true;
	gw_out_str(out, name);
	gw_out_char(out, ' ');
	if (size)
		gw_out_printf(out, "\"%zu\"", a ? a->value.n : 0);
	else
		imap_put_value(out, a ? a->value : (struct gw_slice){ 0 });
}

static void put_entry(struct gw_out *out, const struct imap_annotation_query *q, struct gw_slice name, const struct gw_message *m,
		      bool *begun)
{
	struct values v = values_of(m, name);
	bool open = false;

	gw_out_str(out, *begun ? " " : "ANNOTATION (");
	*begun = true;
	imap_put_astring(out, name);
	gw_out_char(out, ' ');
	if (q->attributes & IMAP_ANNOTATION_VALUE_PRIV)
		put_attribute(out, "value.priv", false, v.priv, &open);
	if (q->attributes & IMAP_ANNOTATION_VALUE_SHARED)
		put_attribute(out, "value.shared", false, v.shared, &open);
	if (q->attributes & IMAP_ANNOTATION_SIZE_PRIV)
		put_attribute(out, "size.priv", true, v.priv, &open);
	if (q->attributes & IMAP_ANNOTATION_SIZE_SHARED)
		put_attribute(out, "size.shared", true, v.shared, &open);
	gw_out_char(out, ')');
}

/* Those that a pattern finds and no entry before it meant. */
static void put_found(struct gw_out *out, const struct imap_annotation_query *q, const struct fetch_patterns *p, size_t k,
		      const struct gw_message *m, bool *begun)
{
	size_t n;

	for (size_t i = 0; i < m->n_annotations; i += n) {
		struct gw_slice name = m->annotation[i].name;

		n = values_at(m, i);
		if (!wanted(q, &m->annotation[i]) && !(n > 1 && wanted(q, &m->annotation[i + 1])))
			continue;
		if (imap_pattern_match(p->v[k], name) && !meant(q, p, k, name))
			put_entry(out, q, name, m, begun);
	}
}

/* One that is named in full, unless a pattern before it has found it. */
static void put_named(struct gw_out *out, const struct imap_annotation_query *q, const struct fetch_patterns *p, size_t k,
		      const struct gw_message *m, bool *begun)
{
	struct gw_slice name = q->entry[k].name;
	struct values v = values_of(m, name);

	if (meant(q, p, k, name) && ((v.priv && wanted(q, v.priv)) || (v.shared && wanted(q, v.shared))))
		return;
	put_entry(out, q, name, m, begun);
}

static const struct fetch_patterns *patterns_of(struct fetch_run *r, const struct imap_fetch_item *item)
{
	const struct imap_annotation_query *q = item->annotation;
	struct fetch_patterns *p;
	size_t at = (size_t)(item - r->f->item);

	if (!r->patterns)
		r->patterns = gw_arena_calloc(&r->t->arena, r->f->n, sizeof *r->patterns);
	if (r->patterns[at])
		return r->patterns[at];
	r->patterns[at] = p = gw_arena_alloc(&r->t->arena, sizeof *p);
	p->v = gw_arena_calloc(&r->t->arena, q->n, sizeof(struct imap_pattern *));
	for (size_t k = 0; k < q->n; k++)
		if (q->entry[k].wild)
			p->v[k] = imap_pattern_new(&r->t->arena, q->entry[k].name);
	return p;
}

bool fetch_has_annotation(struct fetch_run *r, const struct imap_fetch_item *item)
{
	const struct imap_annotation_query *q = item->annotation;
	const struct fetch_patterns *p = patterns_of(r, item);

	for (size_t k = 0; k < q->n; k++)
		if (!q->entry[k].wild)
			return true;
	for (size_t i = 0; i < r->m.n_annotations; i++)
		if (wanted(q, &r->m.annotation[i]) && meant(q, p, q->n, r->m.annotation[i].name))
			return true;
	return false;
}

void fetch_annotation(struct fetch_run *r, const struct imap_fetch_item *item, struct gw_out *out)
{
	const struct imap_annotation_query *q = item->annotation;
	const struct fetch_patterns *p = patterns_of(r, item);
	bool begun = false;

	for (size_t k = 0; k < q->n; k++) {
		if (q->entry[k].wild)
			put_found(out, q, p, k, &r->m, &begun);
		else
			put_named(out, q, p, k, &r->m, &begun);
		if (q->entry[k].n_part && !imap_has_part(r->m.parts, &q->entry[k]))
			r->no_part = true;
	}
	gw_out_char(out, ')');
}

void fetch_keep_annotations(struct fetch_run *r)
{
	struct gw_annotation *v;

	if (!r->m.n_annotations)
		return;
	v = gw_arena_calloc(&r->kept, r->m.n_annotations, sizeof *v);
	for (size_t i = 0; i < r->m.n_annotations; i++) {
		v[i] = r->m.annotation[i];
		v[i].name = gw_arena_dup(&r->kept, v[i].name);
		v[i].value = gw_arena_dup(&r->kept, v[i].value);
	}
	r->m.annotation = v;
}
