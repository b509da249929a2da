/* fuzz_config.c - gateway.cfg from hostile bytes
 *
 * The input is a set of files: a line "\001name" begins the file "/name"; what stands before the first is the main
 * file. No disk is touched. What loads must survive: dump and load again gives the same options and listeners, the
 * flat form of the files loads to the same, the forms of its values for people mean the same, what a client sees is a
 * value too, masks hide once and for all, and every finding has a place inside its file. */
#include "config/seen.h"
#include "config/show.h"
#include "util/buf.h"
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

struct input {
	struct gw_slice all;
	struct gw_buf flat;
};

/* The bytes of a file: up to the next mark. */
static struct gw_slice file_at(struct gw_slice rest)
{
	rest.n = gw_slice_find(rest, '\001');
	return rest;
}

static int open_input(void *ctx, const char *path, struct gw_config_stream *ret, struct gw_err *err)
{
	struct gw_slice rest = ((struct input *)ctx)->all;

	for (;;) {
		struct gw_slice name, body;

		gw_slice_take(&rest, gw_slice_find(rest, '\001'));
		if (rest.n == 0)
			return gw_fail(err, GW_ENOENT, "No such file or directory");
		gw_slice_take(&rest, 1);
		name = gw_slice_take(&rest, gw_slice_find(rest, '\n'));
		if (*path != '/' || !gw_slice_eq(name, gw_slice_str(path + 1)))
			continue;
		body = file_at(rest);
		gw_config_stream_bytes(ret, gw_xstrdup(path), gw_xslicedup(body), body.n);
		return 0;
	}
}

/* A directory "/d" holds the files "/d/..."; there are no patterns. */
static int list_input(void *ctx, const char *path, size_t max, struct gw_config_names *ret, struct gw_err *err)
{
	struct gw_slice rest = ((struct input *)ctx)->all;

	(void)err;
	while (gw_slice_take(&rest, gw_slice_find(rest, '\001')), rest.n && ret->n < max) {
		struct gw_slice name;

		gw_slice_take(&rest, 1);
		name = gw_slice_take(&rest, gw_slice_find(rest, '\n'));
		if (*path != '/' || !gw_slice_startsi(name, gw_slice_str(path + 1)))
			continue;
		ret->v = gw_xrealloc(ret->v, ret->n + 1, sizeof *ret->v);
		ret->v[ret->n++] = gw_xasprintf("/%.*s", GW_FMT(name));
	}
	return 0;
}

static const char *env_of(void *ctx, const char *name)
{
	(void)ctx;
	return name[0] == 'E' ? name + 1 : NULL;
}

static void flatten(void *ctx, const struct gw_config_line *line)
{
	struct input *in = ctx;
	bool hidden = line->kind == GW_LINE_INCLUDE || line->kind == GW_LINE_INCLUDE_DONE || line->kind == GW_LINE_IGNORED;

	check(line->depth < GW_CONFIG_FILES_MAX);
	if (!hidden) {
		gw_buf_add_slice(&in->flat, line->text);
		gw_buf_add_char(&in->flat, '\n');
	}
}

static void check_findings(const struct gw_diags *d, int rc)
{
	struct gw_buf out;
	struct gw_json j;

	check((rc == 0) == (d->errors == 0));
	check(d->n <= GW_DIAGS_MAX);
	gw_buf_init(&out, 0);
	gw_json_init(&j, &out);
	for (size_t i = 0; i < d->n; i++) {
		check(d->v[i].at.column <= GW_CONFIG_LINE_MAX + 1 || d->v[i].code == 1009);
		gw_diag_put_text(&d->v[i], &out);
		gw_diag_put_json(&d->v[i], NULL, &j);
	}
	gw_buf_done(&out);
}

static int load(const struct gw_config_source *src, struct gw_config **ret)
{
	struct gw_diags diags;
	int rc;

	gw_diags_init(&diags);
	rc = gw_config_load(src, ret, &diags);
	check_findings(&diags, rc);
	gw_diags_done(&diags);
	return rc;
}

static void same(const struct gw_config *a, const struct gw_config *b)
{
	check(gw_config_diff(a, b, NULL, 0) == 0);
	check(a->tls_min == b->tls_min && a->tls_max == b->tls_max && a->n_certs == b->n_certs);
	for (size_t s = 0; s < GW_SERVICE_COUNT; s++) {
		check(a->listen[s].n == b->listen[s].n);
		for (size_t i = 0; i < a->listen[s].n; i++)
			check(strcmp(a->listen[s].v[i].text, b->listen[s].v[i].text) == 0);
	}
}

/* text is another spelling of cfg. */
static void loads_the_same(const struct gw_config *cfg, struct gw_slice text, bool with_env)
{
	struct gw_config_source src = { .path = "/again", .text = &text, .env = with_env ? env_of : NULL };
	struct gw_config *again = NULL;

	check(load(&src, &again) == 0);
	same(cfg, again);
	gw_config_unref(again);
}

/* Masking what is masked changes nothing. */
static void check_mask(struct gw_slice text)
{
	struct gw_buf once, twice;

	gw_buf_init(&once, 0);
	gw_buf_init(&twice, 0);
	gw_secret_put_masked(text, &once);
	gw_secret_put_masked(gw_buf_slice(&once), &twice);
	check(gw_slice_eq(gw_buf_slice(&once), gw_buf_slice(&twice)));
	gw_buf_done(&once);
	gw_buf_done(&twice);
}

/* A value in the form for people and back, and as somebody sees it. */
static void check_shown(const struct gw_config *cfg, const struct gw_option *opt, unsigned who)
{
	const struct gw_viewer w = { .knows = who & 7, .service = (enum gw_service)(who >> 3 & 3), .tls = who & 32,
		.certificate = who & 64, .local = who & 128, .signed_on = who & 1 };
	struct gw_slice text = gw_slice_str(gw_config_text(cfg, opt));
	struct gw_buf human, plain, back;
	struct gw_seen seen;

	gw_buf_init(&human, 0);
	gw_buf_init(&plain, 0);
	gw_buf_init(&back, 0);
	check(gw_option_format(opt, text, GW_FORM_HUMAN, &human) && gw_option_format(opt, text, GW_FORM_PLAIN, &plain));
	check(gw_option_format(opt, gw_buf_slice(&human), GW_FORM_PLAIN, &back));
	check(gw_slice_eq(gw_buf_slice(&plain), gw_buf_slice(&back)));
	gw_config_see(cfg, opt, &w, &seen);
	human.n = 0;
	check(seen.counts ? gw_option_format(opt, gw_slice_str(seen.value), GW_FORM_AS_IS, &human) : seen.why != NULL);
	gw_config_put_masked(cfg, opt, &human);
	check_mask(text);
	gw_buf_done(&human);
	gw_buf_done(&plain);
	gw_buf_done(&back);
}

static void check_all_shown(const struct gw_config *cfg, unsigned who)
{
	for (size_t i = 0; i < gw_option_count(); i++)
		if (gw_option_at(i)->type != GW_OPT_RETIRED)
			check_shown(cfg, gw_option_at(i), who);
}

static void check_loaded(struct gw_config *cfg, const struct gw_buf *flat)
{
	struct gw_config *other = gw_config_defaults();
	struct gw_buf dump;

	gw_buf_init(&dump, 0);
	gw_config_dump(cfg, true, &dump);
	loads_the_same(cfg, gw_buf_slice(&dump), false);
	loads_the_same(cfg, gw_buf_slice(flat), true);
	gw_buf_done(&dump);
	gw_config_keep_restart(other, cfg);
	gw_config_keep_restart(cfg, other);
	gw_config_unref(other);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { .all = { (const char *)data, size } };
	struct gw_slice main_file = file_at(in.all);
	struct gw_config_files files = { open_input, list_input, &in };
	struct gw_config_source src = { .path = "/main", .text = &main_file, .env = env_of, .files = &files,
		.line = flatten, .line_ctx = &in };
	struct gw_config *cfg = NULL;

	if (size > (1u << 18))
		return 0;
	gw_buf_init(&in.flat, 0);
	if (load(&src, &cfg) == 0)
		check_loaded(cfg, &in.flat);
	if (cfg)
		check_all_shown(cfg, (unsigned)size);
	check_mask(in.all);
	gw_config_unref(cfg);
	src.ignore_unknown = true;
	src.line = NULL;
	cfg = NULL;
	load(&src, &cfg);
	gw_config_unref(cfg);
	gw_buf_done(&in.flat);
	return 0;
}
