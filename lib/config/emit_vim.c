/* emit_vim.c - a syntax file of vim
 *
 * Options with the same values make a class: a match for their names, one for the "=" and one for the values, each
 * leading to the next. What is no option or no value of it is shown as an error. */
#include "config/config.h"
#include "config/pattern.h"
#include "config/priv.h"

static const char head[] =
	"\" Vim syntax file\n"
	"\" Language: gateway.cfg(5), the configuration of gatewayd(8)\n"
	"\" Generated from the option table by `make gen'; change lib/config instead.\n\n"
	"if exists('b:current_syntax')\n  finish\nendif\n"
	"let s:cpo = &cpo\nset cpo&vim\n\n"
	"syn case match\n"
	"syn match gatewayComment ;^#.*; contains=@Spell\n"
	"syn match gatewayUnknownDirective ;^!.*;\n"
	"syn match gatewayDirective ;^!include\\ze[ \\t]; nextgroup=gatewayPath skipwhite\n"
	"syn match gatewayPath ;\\S.*; contained\n"
	"syn match gatewayIgnored ;^\\%([^#!=]\\)\\@=\\s*[^= \\t][^=]*$;\n"
	"syn match gatewayUnknown ;^[^#!=][^=]*\\ze=;\n"
	"syn match gatewayBadValue ;\\S.*; contained\n"
	"syn match gatewayEnvironment ;\\$.*; contained\n\n";

static const char tail[] =
	"\nhi def link gatewayComment Comment\n"
	"hi def link gatewayDirective Include\n"
	"hi def link gatewayPath String\n"
	"hi def link gatewayUnknownDirective Error\n"
	"hi def link gatewayIgnored Error\n"
	"hi def link gatewayUnknown Error\n"
	"hi def link gatewayBadValue Error\n"
	"hi def link gatewayEnvironment Identifier\n"
	"hi def link gatewayOption Keyword\n"
	"hi def link gatewayRetired WarningMsg\n"
	"hi def link gatewayBoolean Boolean\n"
	"hi def link gatewayNumber Number\n"
	"hi def link gatewayWord Constant\n"
	"hi def link gatewayText String\n\n"
	"let b:current_syntax = 'gateway'\n"
	"let &cpo = s:cpo\nunlet s:cpo\n";

static const char *class_of(const struct gw_option *opt)
{
	switch (opt->type) {
	case GW_OPT_BOOL:
		return "Boolean";
	case GW_OPT_UINT:
	case GW_OPT_PORT:
	case GW_OPT_MODE:
	case GW_OPT_SIZE:
	case GW_OPT_SECONDS:
		return "Number";
	case GW_OPT_ENUM:
	case GW_OPT_WORDS:
		return "Word";
	default:
		return "Text";
	}
}

static void put_pattern(struct gw_buf *out, const struct gw_option *opt)
{
	struct gw_buf b;

	gw_buf_init(&b, 0);
	config_put_pattern(&b, opt);
	gw_buf_add(out, b.p + 1, b.n - 2); /* without ^ and $ */
	gw_buf_done(&b);
}

/* The pattern in the form that \v makes current: groups without numbers, and what else means something there escaped.
 * [^\r\n] is any character. */
static void put_very_magic(struct gw_buf *out, struct gw_slice s)
{
	static const char any[] = "[^\\r\\n]";
	bool set = false;

	while (s.n) {
		if (s.n >= sizeof any - 1 && memcmp(s.p, any, sizeof any - 1) == 0) {
			gw_buf_add_char(out, '.');
			gw_slice_take(&s, sizeof any - 1);
			continue;
		}
		if (*s.p == '\\' && s.n > 1) {
			gw_buf_add_slice(out, gw_slice_take(&s, 2));
			continue;
		}
		if (!set && *s.p == '(')
			gw_buf_add_char(out, '%');
		else if (!set && strchr("%=<>&@~", *s.p))
			gw_buf_add_char(out, '\\');
		set = *s.p == '[' || (set && *s.p != ']');
		gw_buf_add_char(out, *s.p);
		gw_slice_take(&s, 1);
	}
}

static bool same_values(const struct gw_option *a, const struct gw_option *b)
{
	struct gw_buf x, y;
	bool same;

	if (a->type != b->type || (a->type == GW_OPT_RETIRED) != (b->type == GW_OPT_RETIRED))
		return false;
	gw_buf_init(&x, 0);
	gw_buf_init(&y, 0);
	put_pattern(&x, a);
	put_pattern(&y, b);
	same = gw_slice_eq(gw_buf_slice(&x), gw_buf_slice(&y));
	gw_buf_done(&x);
	gw_buf_done(&y);
	return same;
}

static bool is_first(size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (same_values(gw_option_at(k), gw_option_at(i)))
			return false;
	return true;
}

static void put_names(struct gw_buf *out, size_t first)
{
	const struct gw_option *opt = gw_option_at(first);
	bool any = false;

	gw_buf_printf(out, "syn match gateway%s ;\\v^\\s*%%(", opt->type == GW_OPT_RETIRED ? "Retired" : "Option");
	for (size_t i = first; i < gw_option_count(); i++) {
		if (!same_values(gw_option_at(i), opt))
			continue;
		gw_buf_printf(out, "%s%s", any ? "|" : "", gw_option_at(i)->name);
		any = true;
	}
	gw_buf_printf(out, ")\\ze\\s*\\=; nextgroup=gatewayIs%zu\n", first);
}

static void put_class(struct gw_buf *out, size_t i)
{
	const struct gw_option *opt = gw_option_at(i);
	struct gw_buf b;

	put_names(out, i);
	gw_buf_printf(out, "syn match gatewayIs%zu ;\\s*=\\s*; contained nextgroup=gatewayBadValue,gatewayEnvironment,gatewayValue%zu\n",
		i, i);
	gw_buf_init(&b, 0);
	put_pattern(&b, opt);
	gw_buf_printf(out, "syn match gatewayValue%zu ;\\v\\$@!", i);
	put_very_magic(out, gw_buf_slice(&b));
	gw_buf_printf(out, "\\ze\\s*$; contained\nhi def link gatewayValue%zu gateway%s\n", i, class_of(opt));
	gw_buf_done(&b);
}

void gw_schema_vim(struct gw_buf *out)
{
	gw_buf_printf(out, "%s", head);
	for (size_t i = 0; i < gw_option_count(); i++)
		if (is_first(i))
			put_class(out, i);
	gw_buf_printf(out, "%s", tail);
}
