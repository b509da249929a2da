/* verbs.c - finding the orders of the control socket (see verbs.h) */
#include "ctl/verbs_priv.h"

#include "util/near.h"

static const struct gw_ctl_verb *const areas[] = {
	gw_ctl_verbs_service, gw_ctl_verbs_session, gw_ctl_verbs_observe, gw_ctl_verbs_log,
	gw_ctl_verbs_access,  gw_ctl_verbs_user,    gw_ctl_verbs_mailbox, gw_ctl_verbs_store,
	gw_ctl_verbs_transfer,
};

const struct gw_ctl_verb *gw_ctl_verb_at(size_t i)
{
	for (size_t a = 0; a < sizeof areas / sizeof *areas; a++)
		for (const struct gw_ctl_verb *v = areas[a]; v->name; v++)
			if (i-- == 0)
				return v;
	return NULL;
}

size_t gw_ctl_verb_count(void)
{
	size_t n = 0;

	while (gw_ctl_verb_at(n))
		n++;
	return n;
}

/* How many words the name has when they begin with it, else 0. */
static size_t begin_with(const char *name, const struct gw_slice *words, size_t n)
{
	struct gw_slice rest = gw_slice_str(name);

	for (size_t i = 0; i < n; i++) {
		if (!gw_slice_eqi(gw_slice_take(&rest, gw_slice_find(rest, ' ')), words[i]))
			return 0;
		if (rest.n == 0)
			return i + 1;
		gw_slice_take(&rest, 1);
	}
	return 0;
}

const struct gw_ctl_verb *gw_ctl_verb_find(const struct gw_slice *words, size_t n, size_t *ret_used)
{
	const struct gw_ctl_verb *best = NULL, *v;
	size_t longest = 0;

	for (size_t i = 0; (v = gw_ctl_verb_at(i)); i++) {
		size_t used = begin_with(v->name, words, n);

		if (used > longest) {
			longest = used;
			best = v;
		}
	}
	if (best && ret_used)
		*ret_used = longest;
	return best;
}

const struct gw_ctl_verb *gw_ctl_verb_named(struct gw_slice name)
{
	const struct gw_ctl_verb *v;

	for (size_t i = 0; (v = gw_ctl_verb_at(i)); i++)
		if (gw_slice_eqi(gw_slice_str(v->name), name))
			return v;
	return NULL;
}

#define TEXT_MAX 24 /* longest text worth comparing */

const char *gw_ctl_verb_near(struct gw_slice text)
{
	const char *best = NULL;
	unsigned best_d = 4;

	if (text.n == 0 || text.n > TEXT_MAX)
		return NULL;
	for (size_t i = 0; gw_ctl_verb_at(i); i++) {
		struct gw_slice name = gw_slice_str(gw_ctl_verb_at(i)->name);
		unsigned d = gw_near_distance(text, name);

		if (gw_slice_startsi(name, text) && d > 1)
			d = 1;
		if (d < best_d && d < text.n) {
			best = name.p;
			best_d = d;
		}
	}
	return best;
}

const char *gw_ctl_level_name(enum gw_ctl_level l)
{
	static const char *const names[] = { "viewer", "operator", "admin" };

	return (size_t)l < sizeof names / sizeof *names ? names[l] : "unknown";
}

bool gw_ctl_level_parse(struct gw_slice s, enum gw_ctl_level *ret)
{
	for (enum gw_ctl_level l = GW_CTL_VIEWER; l <= GW_CTL_ADMIN; l++)
		if (gw_slice_eq(s, gw_slice_str(gw_ctl_level_name(l)))) {
			*ret = l;
			return true;
		}
	return false;
}

const char *gw_ctl_type_name(enum gw_ctl_type t)
{
	static const char *const names[] = { "string",	"user",	   "secret",	   "bool",    "number", "size", "path", "words",
					     "time span", "session", "mailbox name", "address", "option", "file" };

	return (size_t)t < sizeof names / sizeof *names ? names[t] : "unknown";
}
