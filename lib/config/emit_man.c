/* emit_man.c - gateway.cfg(5) in mdoc: prose around the rows
 *
 * The prose is mdoc already; the texts of the rows are plain and are escaped here, with `backticks` shown bold. */
#include "config/config.h"
#include "config/priv.h"

#include "util/buf.h"

#define MAN_WIDTH 62 /* columns of a source line, about */

static const char head[] =
	".\\\" Generated from the option table by `make gen'; change lib/config instead.\n"
	".Dd $Mdocdate: November 24 2026 $\n"
	".Dt GATEWAY.CFG 5\n"
	".Os\n"
	".Sh NAME\n"
	".Nm gateway.cfg\n"
	".Nd configuration of the IMAP and POP3 gateway\n"
	".Sh DESCRIPTION\n"
	".Nm\n"
	"is read by\n"
	".Xr gatewayd 8\n"
	"at its start and when it reloads.\n"
	".Xr gwcfg 1\n"
	"checks it beforehand.\n"
	"Files of kopano-gateway 8.0 to 11.0 are understood; where that daemon read a\n"
	"value in a surprising way,\n"
	"the value is read in the safe way and a warning says so.\n"
	".Ss Lines\n"
	"The first byte of a line says what the line is.\n"
	"With\n"
	".Ql #\n"
	"it is a comment, with\n"
	".Ql \\&!\n"
	"a directive.\n"
	"Other lines are\n"
	".Dl name = value\n"
	"split at the first\n"
	".Ql = .\n"
	"Blanks around name and value do not count.\n"
	"Everything behind the\n"
	".Ql =\n"
	"is the value: there are no quotes, no comments behind a value, and no\n"
	"continued lines.\n"
	"Names are lower case.\n"
	"When an option is set more than once, the last one counts.\n"
	"An unknown name is an error.\n"
	".Pp\n"
	"A line has at most 64 KiB, all files together 256 MiB.\n"
	"Line ends are LF or CR LF.\n"
	".Ss Including files\n"
	".Dl !include path\n"
	"reads another file in this place.\n"
	"The path is the rest of the line; unless it is absolute, it begins at the\n"
	"directory of the file that\n"
	"includes, after symbolic links are resolved.\n"
	"The file must exist.\n"
	".Pp\n"
	"A directory stands for its files whose names end in\n"
	".Ql .cfg\n"
	"and do not begin with a dot, and a path with\n"
	".Ql * , \\&? No or Ql \\&[\n"
	"for the files it matches as in\n"
	".Xr glob 7 ,\n"
	"unless a file of just this name exists; both in the order of the bytes of their\n"
	"names.\n"
	"That there are none is no error.\n"
	".Pp\n"
	"A file is read once: including it again does nothing, so cycles end.\n"
	"At most 50000 files are read, and 32 of more than 64 KiB may include each other\n"
	"in a chain; at most 100000 are named by\n"
	".Cm !include\n"
	"lines and their patterns, those that have been read before too.\n"
	"To find the files of a pattern, at most 200000 names are looked at.\n"
	"A file that is changed while it is read is an error: nothing of it counts.\n"
	".Ss Values\n"
	".Bl -tag -width permissions\n"
	".It boolean\n"
	".Cm yes ,\n"
	".Cm true ,\n"
	".Cm on\n"
	"and\n"
	".Cm 1 ,\n"
	"or\n"
	".Cm \\&no ,\n"
	".Cm false ,\n"
	".Cm off ,\n"
	".Cm 0\n"
	"and nothing, in any case of letters.\n"
	".It number , port\n"
	"Decimal, hexadecimal behind 0x, octal behind 0.\n"
	".It size\n"
	"Bytes; a unit behind the number multiplies by 1024 once or more:\n"
	".Cm k , m , g , t .\n"
	"A fraction must give whole bytes:\n"
	".Cm 1.5M .\n"
	".It time\n"
	"Seconds, or a number with\n"
	".Cm s , m , h\n"
	"or\n"
	".Cm d .\n"
	".It list , listeners\n"
	"Words separated by blanks.\n"
	".It permissions\n"
	"Octal digits.\n"
	".El\n"
	".Pp\n"
	"A value that begins with\n"
	".Ql $\n"
	"is replaced by the environment variable of that name.\n"
	"When it is not set, the text stands for itself and there is a warning.\n"
	".Ss Command line\n"
	"An argument\n"
	".Fl -imap-port Ns = Ns Ar 1143\n"
	"of\n"
	".Xr gatewayd 8\n"
	"sets\n"
	".Cm imap_port\n"
	"after all files; a reload does not change it.\n"
	".Ss Reloading\n"
	"A reload reads everything anew.\n"
	"An option whose line is gone has its default again.\n"
	"With any error nothing changes at all.\n"
	"Below,\n"
	".Em live\n"
	"options count at once, also for sessions that are open;\n"
	".Em next\n"
	"options for sessions that begin afterwards;\n"
	".Em restart\n"
	"options after the daemon was started again.\n"
	".Sh OPTIONS\n";

static const char tail[] =
	".Sh ENVIRONMENT\n"
	".Bl -tag -width Ds\n"
	".It Ev KOPANO_CONFIG_PATH\n"
	"Directory of the file that is read when none is named.\n"
	".El\n"
	".Sh FILES\n"
	".Bl -tag -width Ds\n"
	".It Pa /etc/gateway/gateway.cfg\n"
	"Read when no file is named, or\n"
	".Pa /etc/kopano/gateway.cfg\n"
	"when only that exists.\n"
	".El\n"
	".Sh EXAMPLES\n"
	"A server with the embedded store that speaks TLS only, except to programs on\n"
	"the same machine:\n"
	".Bd -literal -offset indent\n"
	"server_socket = local:/var/lib/gateway\n"
	"run_as_user = gateway\n"
	"imap_listen = 127.0.0.1:143 [::1]:143\n"
	"imaps_listen = *:993\n"
	"pop3_listen =\n"
	"ssl_certificate_file = /etc/gateway/cert.pem\n"
	"ssl_private_key_file = /etc/gateway/privkey.pem\n"
	".Ed\n"
	".Sh SEE ALSO\n"
	".Xr gwcfg 1 ,\n"
	".Xr gatewayd 8 ,\n"
	".Xr gwctl 8\n";

/* One byte of text inside a line. */
static void put_char(struct gw_buf *out, char c, bool bold)
{
	if (c == '\\')
		gw_buf_printf(out, "\\e");
	else if (c == '-' && bold)
		gw_buf_printf(out, "\\-");
	else
		gw_buf_add_char(out, c);
}

/* A word, with its bold parts. */
static void put_word(struct gw_buf *out, struct gw_slice word, bool *bold)
{
	for (size_t i = 0; i < word.n; i++) {
		if (word.p[i] == '`') {
			*bold = !*bold;
			gw_buf_printf(out, *bold ? "\\fB" : "\\fR");
		} else {
			put_char(out, word.p[i], *bold);
		}
	}
}

/* Plain text to mdoc: each sentence begins a line, lines are short, and nothing is taken for a macro. */
static void put_paragraph(struct gw_buf *out, struct gw_slice rest)
{
	struct gw_slice word;
	size_t column = 0;
	bool bold = false, sentence_ends = false;

	while (config_next_word(&rest, &word)) {
		if (column && !bold && (sentence_ends || column + word.n > MAN_WIDTH)) {
			gw_buf_add_char(out, '\n');
			column = 0;
		}
		if (column)
			gw_buf_add_char(out, ' ');
		else if (*word.p == '.' || *word.p == '\'')
			gw_buf_printf(out, "\\&");
		put_word(out, word, &bold);
		column += word.n + 1;
		sentence_ends = word.p[word.n - 1] == '.';
	}
	gw_buf_add_char(out, '\n');
}

static void put_text(struct gw_buf *out, const char *s)
{
	while (*s) {
		const char *end = strstr(s, "\n\n");
		size_t n = end ? (size_t)(end - s) : strlen(s);

		put_paragraph(out, gw_slice(s, n));
		s += n;
		if (end && *(s += 2))
			gw_buf_printf(out, ".Pp\n");
	}
}

/* A phrase of our own words that ends in a full stop of ours. */
static void put_sentence(struct gw_buf *out, const char *before, const char *s)
{
	struct gw_buf b;

	gw_buf_init(&b, 0);
	gw_buf_printf(&b, "%s%s.", before, s);
	put_paragraph(out, gw_buf_slice(&b));
	gw_buf_done(&b);
}

/* A value as the argument of a macro. */
static void put_value(struct gw_buf *out, const char *s)
{
	for (; *s; s++) {
		if (*s == '\\')
			gw_buf_printf(out, "\\e");
		else if (*s == '"')
			gw_buf_printf(out, "\\(dq");
		else
			gw_buf_add_char(out, *s);
	}
}

static void put_facts(struct gw_buf *out, const struct gw_option *opt)
{
	char takes[256];

	gw_option_takes(opt, takes, sizeof takes);
	if (*takes && opt->type != GW_OPT_LISTEN && opt->type != GW_OPT_PATH)
		put_sentence(out, "Takes ", takes);
	if (*opt->def) {
		gw_buf_printf(out, "The default is\n.Ql ");
		put_value(out, opt->def);
		gw_buf_printf(out, " .\n");
	} else {
		gw_buf_printf(out, "The default is empty.\n");
	}
	if (opt->flags & GW_OPT_NOT_EMPTY)
		gw_buf_printf(out, "It may not be empty.\n");
	gw_buf_printf(out, "Reload:\n.Em %s .\n", gw_option_reload_name(opt->reload));
}

static void put_option(struct gw_buf *out, const struct gw_option *opt)
{
	gw_buf_printf(out, ".It Cm %s Pq %s\n", opt->name, gw_option_type_name(opt));
	put_sentence(out, "", opt->brief);
	put_text(out, opt->doc);
	if (opt->type != GW_OPT_RETIRED)
		put_facts(out, opt);
}

static void put_findings(struct gw_buf *out)
{
	unsigned code;

	gw_buf_printf(out, ".Sh FINDINGS\n"
			   "What\n.Xr gatewayd 8\nand\n.Xr gwcfg 1\nsay of a configuration has a code that never changes its meaning:\n"
			   "GW1 is an error, GW2 a warning, GW3 a note.\n"
			   ".Bl -tag -width GW1234\n");
	for (size_t i = 0; (code = gw_diag_code_at(i)) != 0; i++) {
		gw_buf_printf(out, ".It GW%04u\n", code);
		put_text(out, gw_diag_code_meaning(code));
	}
	gw_buf_printf(out, ".El\n");
}

void gw_schema_man(struct gw_buf *out)
{
	gw_buf_printf(out, "%s", head);
	for (unsigned g = 0; g < GW_GROUP_COUNT; g++) {
		gw_buf_printf(out, ".Ss %s\n", gw_option_group_title(g));
		if (g == GW_GROUP_OLD)
			gw_buf_printf(out, "These are accepted since old files have them.\n");
		gw_buf_printf(out, ".Bl -tag -width Ds\n");
		for (size_t i = 0; i < gw_option_count(); i++)
			if (gw_option_at(i)->group == g)
				put_option(out, gw_option_at(i));
		gw_buf_printf(out, ".El\n");
	}
	put_findings(out);
	gw_buf_printf(out, "%s", tail);
}
