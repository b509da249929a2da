/* fuzz_edit.c - set, unset, fix and fmt on hostile text
 *
 * The first two bytes choose an option and the length of a value for it, which follows; the rest is the file. No edit
 * may change what a file that loads means (but for the option that is set), fix and fmt of their own result change
 * nothing, and no byte is lost by an edit that has nothing to do. */
#include "config/config.h"
#include "config/edit.h"
#include "util/json.h"
#include "util/mem.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool ok)
{
	if (!ok)
		abort();
}

static int open_nothing(void *ctx, const char *path, struct gw_config_stream *ret, struct gw_err *err)
{
	(void)ctx, (void)path, (void)ret;
	return gw_fail(err, GW_ENOENT, "No such file or directory");
}

static const char *env_of(void *ctx, const char *name)
{
	(void)ctx;
	return name[0] == 'E' ? name + 1 : NULL;
}

/* NULL when it has errors. */
static struct gw_config *load(struct gw_slice text)
{
	static const struct gw_config_files nothing = { .open = open_nothing };
	struct gw_config_source src = { .path = "/main", .text = &text, .env = env_of, .files = &nothing };
	struct gw_config *cfg = NULL;
	struct gw_diags diags;

	gw_diags_init(&diags);
	gw_config_load(&src, &cfg, &diags);
	gw_diags_done(&diags);
	return cfg;
}

static void check_edits(const struct gw_edits *e)
{
	struct gw_buf out;
	struct gw_json j;

	gw_buf_init(&out, 0);
	gw_json_init(&j, &out);
	check(e->n <= GW_EDITS_MAX && e->n <= e->total);
	for (size_t i = 0; i < e->n; i++) {
		check(e->v[i].before || e->v[i].after);
		gw_edit_put_json(&e->v[i], NULL, NULL, &j);
	}
	gw_buf_done(&out);
}

static void tidy(bool fix, unsigned flags, struct gw_slice text, struct gw_buf *out, struct gw_edits *edits)
{
	gw_buf_init(out, 0);
	gw_edits_init(edits);
	if (fix)
		gw_config_fix(text, flags, out, edits);
	else
		gw_config_fmt(text, out, edits);
	check_edits(edits);
	if (edits->total == 0)
		check(gw_slice_eq(gw_buf_slice(out), text));
}

static void try_tidy(bool fix, unsigned flags, struct gw_slice text, const struct gw_config *cfg)
{
	struct gw_buf once, twice;
	struct gw_edits first, second;
	struct gw_config *now;

	tidy(fix, flags, text, &once, &first);
	tidy(fix, flags, gw_buf_slice(&once), &twice, &second);
	check(second.total == 0);
	if (cfg && !flags) {
		now = load(gw_buf_slice(&once));
		check(now && gw_config_diff(cfg, now, NULL, 0) == 0);
		gw_config_unref(now);
	}
	gw_buf_done(&once);
	gw_buf_done(&twice);
	gw_edits_done(&first);
	gw_edits_done(&second);
}

/* What others have that was set stays. */
static void others_stay(const struct gw_config *was, const struct gw_config *now, const struct gw_option *but)
{
	for (size_t i = 0; i < gw_option_count(); i++) {
		const struct gw_option *opt = gw_option_at(i);

		if (opt != but && gw_config_is_set(was, opt, NULL))
			check(strcmp(gw_config_text(was, opt), gw_config_text(now, opt)) == 0);
	}
}

static void try_unset(const struct gw_option *opt, struct gw_slice text, const struct gw_config *was)
{
	struct gw_buf out;
	struct gw_config *now;

	gw_buf_init(&out, 0);
	gw_config_edit_unset(text, opt, &out, NULL);
	now = load(gw_buf_slice(&out));
	if (was && now) {
		check(!gw_config_is_set(now, opt, NULL));
		others_stay(was, now, opt);
	}
	gw_config_unref(now);
	gw_buf_done(&out);
}

static void try_set(const struct gw_option *opt, struct gw_slice value, struct gw_slice text, const struct gw_config *was)
{
	struct gw_buf out, again;
	struct gw_edits edits;
	struct gw_config *now;

	gw_buf_init(&out, 0);
	gw_buf_init(&again, 0);
	gw_edits_init(&edits);
	if (gw_config_edit_set(text, opt, value, &out, &edits, NULL) == 0) {
		check_edits(&edits);
		check(edits.total <= 1);
		check(gw_config_edit_set(gw_buf_slice(&out), opt, value, &again, NULL, NULL) == 0);
		check(gw_slice_eq(gw_buf_slice(&out), gw_buf_slice(&again)));
		now = load(gw_buf_slice(&out));
		if (was && now && opt->type != GW_OPT_RETIRED) {
			check(gw_config_is_set(now, opt, NULL));
			others_stay(was, now, opt);
		}
		gw_config_unref(now);
		try_unset(opt, gw_buf_slice(&out), was);
	} else {
		check(out.n == 0);
	}
	gw_edits_done(&edits);
	gw_buf_done(&out);
	gw_buf_done(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct gw_slice rest = gw_slice((const char *)data, size), value;
	const struct gw_option *opt;
	struct gw_config *cfg;
	size_t n;

	if (size < 2 || size > (1u << 18))
		return 0;
	opt = gw_option_at(data[0] % gw_option_count());
	n = data[1] % 64;
	gw_slice_take(&rest, 2);
	value = gw_slice_take(&rest, n < rest.n ? n : rest.n);
	cfg = load(rest);
	try_tidy(false, 0, rest, cfg);
	try_tidy(true, 0, rest, cfg);
	try_tidy(true, GW_FIX_MEANT, rest, cfg);
	try_set(opt, value, rest, cfg);
	try_unset(opt, rest, cfg);
	gw_config_unref(cfg);
	return 0;
}
