/* convert.c - gwcfg convert: the configuration of another server as a gateway.cfg
 *
 * The new file goes to standard output, what could not be carried to standard error or into a file of its own. */
#include "gwcfg/gwcfg.h"

#include "convert/convert.h"
#include "util/json.h"
#include "util/mem.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void put_text(const struct gw_diags *d, struct gw_buf *out)
{
	for (size_t i = 0; i < d->n; i++)
		render_diag(&d->v[i], false, out);
	gw_buf_printf(out, "gwcfg: %zu error%s, %zu warning%s, %zu note%s\n", d->errors, d->errors == 1 ? "" : "s",
		d->warnings, d->warnings == 1 ? "" : "s", d->notes, d->notes == 1 ? "" : "s");
}

static void put_json(const struct gw_diags *d, const char *path, struct gw_buf *out)
{
	struct gw_json j;

	gw_json_init(&j, out);
	gw_json_open(&j, NULL, '{');
	gw_json_str(&j, "file", path);
	gw_json_u64(&j, "errors", d->errors);
	gw_json_u64(&j, "warnings", d->warnings);
	gw_json_u64(&j, "notes", d->notes);
	gw_json_open(&j, "findings", '[');
	for (size_t i = 0; i < d->n; i++)
		gw_diag_put_json(&d->v[i], NULL, &j);
	gw_json_close(&j, ']');
	gw_json_close(&j, '}');
	gw_buf_add_char(out, '\n');
}

/* The report goes where it is wanted; takes b. */
static bool write_report(const char *path, struct gw_buf *b)
{
	FILE *f = path ? fopen(path, "we") : stderr;
	bool fine = f && fwrite(b->p ? b->p : "", 1, b->n, f) == b->n && fflush(f) == 0;

	if (!fine)
		complain("gwcfg convert: cannot write \"%s\": %s", path ? path : "standard error",
			strerror(errno));
	if (path && f)
		fclose(f);
	gw_buf_done(b);
	return fine;
}

static int convert(const struct gw_cli_args *args, struct gw_convert_source *src)
{
	struct gw_buf out, text;
	struct gw_diags report;
	int rc;

	gw_diags_init(&report);
	gw_buf_init(&out, 0);
	gw_buf_init(&text, 0);
	rc = gw_convert(src, &out, &report);
	if (gw_cli_has(args, "json"))
		put_json(&report, src->path, &text);
	else
		put_text(&report, &text);
	gw_diags_done(&report);
	if (!write_report(gw_cli_value(args, "report"), &text)) {
		gw_buf_done(&out);
		return EXIT_IO;
	}
	return print_text(&out) ? exit_of(rc) : EXIT_IO;
}

static int convert_run(const struct gw_cli_args *args);

static bool dialect_word(size_t i, struct gw_cli_word *ret)
{
	static const char *const briefs[GW_DIALECT_COUNT] = {
		[GW_DIALECT_KOPANO] = "gateway.cfg of kopano-gateway, in today's form",
		[GW_DIALECT_DOVECOT] = "dovecot.conf, 2.2 to 2.4",
		[GW_DIALECT_COURIER] = "imapd, imapd-ssl and the like, or their directory",
		[GW_DIALECT_CYRUS] = "imapd.conf, with cyrus.conf beside it",
	};

	if (i >= GW_DIALECT_COUNT)
		return false;
	*ret = (struct gw_cli_word){ gw_dialect_name((enum gw_dialect)i), briefs[i], NULL };
	return true;
}

static const struct gw_cli_value dialect = { "SERVER", GW_CLI_WORDS, dialect_word };
static const struct gw_cli_value source = { "FILE|-", GW_CLI_FILES, NULL };
static const struct gw_cli_flag flag_from = { 'f', "from", &dialect, "the server that the file is of" };
static const struct gw_cli_flag flag_report = { 'r', "report", &value_file, "write there what could not be carried" };
static const struct gw_cli_flag flag_json_report = { 'j', "json", NULL, "the report as JSON" };
static const struct gw_cli_flag *const flags[] = { &flag_from, &flag_report, &flag_json_report, &flag_as, &flag_root,
	NULL };

const struct gw_cli_verb verb_convert = {
	.name = "convert",
	.brief = "make a configuration from that of another server",
	.doc = "The new file is printed. What could not be carried, or does not mean quite the same, is reported on "
	       "standard error, "
	       "each with its place and what to do instead. Mail, users and passwords are not converted.",
	.examples = "  gwcfg convert --from dovecot /etc/dovecot/dovecot.conf > gateway.cfg\n"
		    "  doveconf -n | gwcfg convert --from dovecot -\n"
		    "  gwcfg convert --from courier /etc/courier --report lost.txt > gateway.cfg\n",
	.flags = flags,
	.operand = &source,
	.min = 1,
	.max = 1,
	.run = convert_run,
};

static int convert_run(const struct gw_cli_args *args)
{
	struct gw_convert_source src = { .env = env_of, .stores = store_schemes };
	const char *from = gw_cli_value(args, "from");
	struct gw_err err = { 0 };
	struct overlay *o;
	int code;

	if (!from || !gw_dialect_find(from, &src.dialect))
		return usage_error(&verb_convert, "say with --from which server the file is of: kopano, dovecot, "
			"courier or cyrus");
	o = overlay_new(args->operands[0], args, &err);
	if (!o) {
		complain("gwcfg convert: %s", err.text);
		return exit_of(err.code);
	}
	src.path = overlay_main(o);
	src.files = overlay_files(o);
	code = convert(args, &src);
	overlay_free(o);
	return code;
}
