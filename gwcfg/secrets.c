/* secrets.c - gwcfg lint-secrets: who can read what should be nobody's business
 *
 * Looks at the texts of the configuration (comments too: a password that was commented out is still one) and at the
 * modes of what it names. A secret is never printed, nor is the line it stands in. */
#include "gwcfg/tree.h"

#include "config/codes.h"
#include "util/json.h"
#include "util/mem.h"

#include <grp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define PEM_MAX (1024 * 1024) /* bytes of a certificate file that are looked at */

struct linter {
	struct tree c;
	const struct gw_config *cfg; /* NULL: it has errors */
	struct gw_diags found;
};

static void find(struct linter *l, unsigned code, const struct gw_option *opt, struct gw_place at, unsigned width,
	const char *hint, const char *fmt, ...) __attribute__((format(printf, 7, 8)));

static void find(struct linter *l, unsigned code, const struct gw_option *opt, struct gw_place at, unsigned width,
	const char *hint, const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	gw_diag_add(&l->found, &(struct gw_diag){ .severity = gw_diag_severity(code), .code = code, .option = opt,
		.at = at, .width = width, .text = text, .suggestion = hint });
}

/* ---- texts ---- */

static size_t lint_text(struct linter *l, const struct tree_file *f)
{
	struct gw_slice rest = f->was, secret;
	unsigned number = 0;
	size_t n = 0;

	while (rest.n) {
		struct gw_slice line = gw_slice_take(&rest, gw_slice_find(rest, '\n'));
		bool comment = line.n && *line.p == '#';

		gw_slice_take(&rest, rest.n > 0);
		number++;
		if (!gw_secret_in_line(line, &secret))
			continue;
		n++;
		find(l, CONFIG_W_SECRET, NULL, (struct gw_place){ f->name, number, (unsigned)(secret.p - line.p) + 1 },
			(unsigned)secret.n, comment ? "take the line out" : "let it come from the environment: name = $VARIABLE",
			"a password stands %s", comment ? "in a comment" : "in the file");
	}
	return n;
}

/* ---- modes ---- */

static void lint_config_file(struct linter *l, const struct tree_file *f, size_t secrets)
{
	struct gw_place at = { f->name, 0, 0 };
	struct stat st;

	if (!f->real || stat(f->real, &st) < 0)
		return;
	if (secrets && st.st_mode & S_IROTH)
		find(l, CONFIG_E_CONFIG_OPEN, NULL, at, 0, "chmod o-r",
			"everybody on this machine can read the password in it (mode %04o)", (unsigned)st.st_mode & 07777);
	if (st.st_mode & S_IWOTH || (st.st_mode & S_IWGRP && st.st_gid != 0))
		find(l, CONFIG_W_WRITABLE, NULL, at, 0, "chmod go-w", "others than its owner can change it (mode %04o)",
			(unsigned)st.st_mode & 07777);
}

/* Groups that may read a key: root, that of the daemon, and the one Debian has for keys. */
static bool trusted_group(const struct gw_config *cfg, gid_t gid)
{
	const char *names[] = { cfg->run_as_group, "ssl-cert" };
	char *end;

	if (gid == 0 || (*names[0] && strtoul(names[0], &end, 10) == gid && !*end))
		return true;
	for (size_t i = 0; i < 2; i++) {
		const struct group *g = *names[i] ? getgrnam(names[i]) : NULL;

		if (g && g->gr_gid == gid)
			return true;
	}
	return false;
}

static struct gw_place place_of(const struct linter *l, const char *option, const struct gw_option **opt)
{
	struct gw_place at;

	*opt = gw_option_find(gw_slice_str(option));
	gw_config_is_set(l->cfg, *opt, &at);
	return at;
}

static void lint_key(struct linter *l, const char *option, const char *path)
{
	const struct gw_option *opt;
	struct gw_place at = place_of(l, option, &opt);
	struct stat st;

	if (!*path || stat(path, &st) < 0)
		return;
	if (st.st_mode & (S_IROTH | S_IWOTH))
		find(l, CONFIG_E_KEY_OPEN, opt, at, 0, "chmod o-rwx",
			"everybody on this machine can %s the private key \"%.200s\" (mode %04o)", st.st_mode & S_IROTH ? "read" : "replace", path, (unsigned)st.st_mode & 07777);
	else if (st.st_mode & (S_IRGRP | S_IWGRP) && !trusted_group(l->cfg, st.st_gid))
		find(l, CONFIG_W_KEY_OPEN, opt, at, 0, "chmod g-rwx, or give it to the group of the daemon",
			"a group other than the daemon's can read the private key \"%.200s\" (mode %04o)", path,
			(unsigned)st.st_mode & 07777);
}

/* A file for a certificate may hold the key too. */
static bool holds_key(const char *path)
{
	struct gw_config_file f;
	bool found;

	if (gw_config_read_file(&gw_config_disk, path, PEM_MAX, &f, NULL) < 0)
		return false;
	found = memmem(f.bytes, f.n, "PRIVATE KEY-----", 16) != NULL;
	free(f.bytes);
	free(f.real_path);
	return found;
}

static void lint_keys(struct linter *l)
{
	for (size_t i = 0; i < l->cfg->n_certs; i++) {
		const struct gw_cert_pair *pair = &l->cfg->certs[i];
		bool first = pair->key == l->cfg->ssl_private_key_file;

		lint_key(l, first ? "ssl_private_key_file" : "ssl_certificates", pair->key);
		if (strcmp(pair->cert, pair->key) != 0 && holds_key(pair->cert))
			lint_key(l, first ? "ssl_certificate_file" : "ssl_certificates", pair->cert);
	}
}

static void lint_control(struct linter *l)
{
	const struct gw_option *opt;
	struct gw_place at = place_of(l, "control_socket_mode", &opt);
	struct stat st;

	if (!*l->cfg->control_socket)
		return;
	if (l->cfg->control_socket_mode & S_IWOTH)
		find(l, CONFIG_E_CONTROL_OPEN, opt, at, 0, "write 0660 and set control_socket_group",
			"everybody on this machine may give orders to the daemon");
	else if (stat(l->cfg->control_socket, &st) == 0 && S_ISSOCK(st.st_mode) && st.st_mode & S_IWOTH)
		find(l, CONFIG_E_CONTROL_OPEN, opt, at, 0, "restart the daemon, or chmod o-w",
			"the socket \"%.100s\" is open to everybody, unlike the option says", l->cfg->control_socket);
}

static void lint_directory(struct linter *l, const char *option, const char *path, const char *what)
{
	const struct gw_option *opt;
	struct gw_place at = place_of(l, option, &opt);
	struct stat st;

	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode) && st.st_mode & (S_IROTH | S_IXOTH))
		find(l, CONFIG_W_DIRECTORY_OPEN, opt, at, 0, "chmod o-rwx",
			"everybody on this machine can look into \"%.200s\", where %s (mode %04o)", path, what, (unsigned)st.st_mode & 07777);
}

static void lint_values(struct linter *l)
{
	const struct gw_config *cfg = l->cfg;

	lint_keys(l);
	lint_control(l);
	if (strncmp(cfg->server_socket, "local:", 6) == 0)
		lint_directory(l, "server_socket", cfg->server_socket + 6, "mail and password hashes are");
	if (cfg->coredump_enabled == GW_COREDUMP_ON)
		lint_directory(l, "running_path", cfg->running_path, "core dumps with passwords will be");
}

/* ---- telling ---- */

static void put_text(const struct linter *l, struct gw_buf *out)
{
	bool color = render_color();

	for (size_t i = 0; i < l->found.n; i++)
		render_diag(&l->found.v[i], color, out);
	gw_diag_put_safe(out, gw_slice_str(l->c.before.path));
	if (l->found.errors + l->found.warnings)
		gw_buf_printf(out, ": %zu error%s, %zu warning%s\n", l->found.errors, l->found.errors == 1 ? "" : "s",
			l->found.warnings, l->found.warnings == 1 ? "" : "s");
	else
		gw_buf_printf(out, ": no secret is open\n");
}

static void put_json(const struct linter *l, struct gw_buf *out)
{
	struct gw_json j;

	gw_json_init(&j, out);
	gw_json_open(&j, NULL, '{');
	gw_json_str(&j, "file", l->c.before.path);
	gw_json_u64(&j, "errors", l->found.errors);
	gw_json_u64(&j, "warnings", l->found.warnings);
	gw_json_open(&j, "findings", '[');
	for (size_t i = 0; i < l->found.n; i++)
		gw_diag_put_json(&l->found.v[i], NULL, &j);
	gw_json_close(&j, ']');
	gw_json_close(&j, '}');
	gw_buf_add_char(out, '\n');
}

static int lint(struct linter *l, const struct gw_cli_args *args)
{
	struct gw_buf out;

	for (size_t i = 0; i < l->c.n; i++)
		lint_config_file(l, l->c.v[i], lint_text(l, l->c.v[i]));
	l->cfg = l->c.before.cfg;
	if (l->cfg)
		lint_values(l);
	else
		complain("gwcfg lint-secrets: %s has errors; only its texts were looked at", l->c.before.path);
	gw_buf_init(&out, 0);
	if (gw_cli_has(args, "json"))
		put_json(l, &out);
	else
		put_text(l, &out);
	if (!print_buf(&out))
		return EXIT_IO;
	if (l->found.errors || !l->cfg)
		return EXIT_ERRORS;
	return l->found.warnings && gw_cli_has(args, "warn") ? EXIT_WARNINGS : EXIT_FINE;
}

static int secrets_run(const struct gw_cli_args *args)
{
	struct linter *l = gw_xalloc(sizeof *l);
	int code = tree_open(&l->c, args->verb->name, args->n ? args->operands[0] : NULL, NULL, NULL);

	gw_diags_init(&l->found);
	if (code == 0)
		code = lint(l, args);
	gw_diags_done(&l->found);
	tree_done(&l->c);
	free(l);
	return code;
}

static bool strict_word(size_t i, struct gw_cli_word *ret)
{
	*ret = (struct gw_cli_word){ .word = "error" };
	return i == 0;
}

static const struct gw_cli_value strict = { "error", GW_CLI_WORDS, strict_word };
static const struct gw_cli_flag flag_warn = { 'W', "warn", &strict, "exit with 2 when there are only warnings" };
static const struct gw_cli_flag *const flags[] = { &flag_warn, &flag_json, NULL };

const struct gw_cli_verb verb_secrets = {
	.name = "lint-secrets",
	.brief = "find keys and passwords that others can read",
	.doc = "Private keys that more users can read than should, passwords in the files (in comments too) and whether everybody "
	       "can read those, a control socket that is open to all, files that others can change, directories of mail and core "
	       "dumps that are open. Secrets themselves are never printed.",
	.examples = "  gwcfg lint-secrets -W error\n",
	.flags = flags,
	.operand = &value_file,
	.max = 1,
	.run = secrets_run,
};
