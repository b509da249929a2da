/* emit_augeas.c - a lens of Augeas
 *
 * The lens takes any line that the parser of the daemon takes, also those that have no effect, so that a tool can always
 * open and mend a file. Names are not checked: that is for gwcfg check. From the rows comes what has a list as its
 * value: it is a subtree there, one item a node. */
#include "config/config.h"
#include "config/priv.h"

#include "util/buf.h"

static const char head[] =
	"(*\n"
	"Module: Gateway\n"
	"  Parses gateway.cfg(5), the configuration of gatewayd(8).\n"
	"  Generated from the option table by `make gen'; change lib/config instead.\n\n"
	"  An option is a node of its name; without a value (clear) it is empty. Lists have a node \"item\" for each word:\n"
	"    set /files/etc/gateway/gateway.cfg/imap_port 143\n"
	"    set /files/etc/gateway/gateway.cfg/imap_listen/item[1] *:143\n"
	"*)\n"
	"module Gateway =\n"
	"  autoload xfm\n\n"
	"  let eol = del /[ \\t\\r]*\\n/ \"\\n\"\n"
	"  let indent = del /[ \\t]*/ \"\"\n"
	"  let equals = del /[ \\t]*=/ \" =\"\n"
	"  let before = del /[ \\t]*/ \" \"\n"
	"  let text = /[^ \\t\\r\\n]([^\\r\\n]*[^ \\t\\r\\n])?/\n\n"
	"  (* A comment begins in the first column. *)\n"
	"  let comment = [ label \"#comment\" . del /#[ \\t]*/ \"# \" . store text . eol ]\n"
	"  let empty = [ del /(#[ \\t\\r]*|[ \\t\\r]*)\\n/ \"\\n\" ]\n\n"
	"  let include = [ del \"!\" \"!\" . key \"include\" . del /[ \\t]+/ \" \" . store text . eol ]\n"
	"  let directive = [ label \"#directive\" . del \"!\" \"!\"\n"
	"                  . store (/([^\\r\\n]*[^ \\t\\r\\n])?/ - /include[ \\t][^\\r\\n]*/) . eol ]\n\n"
	"  (* Lines without effect. *)\n"
	"  let ignored = [ label \"#ignored\"\n"
	"                . store /([ \\t]+[^= \\t\\r\\n]|[^#!= \\t\\r\\n])([^=\\r\\n]*[^= \\t\\r\\n])?/ . eol ]\n\n";

static const char tail[] =
	"  let name = /[A-Za-z0-9_.-]+/ - /include/ - lists\n\n"
	"  let option = [ indent . key name . equals . (before . store text)? . eol ]\n"
	"  let item = [ label \"item\" . store /[^ \\t\\r\\n]+/ ]\n"
	"  let list = [ indent . key lists\n"
	"             . equals . (before . item . (del /[ \\t]+/ \" \" . item)*)? . eol ]\n\n"
	"  let lns = (comment | empty | include | directive | ignored | option | list)*\n\n"
	"  let filter = incl \"/etc/gateway/*.cfg\" . incl \"/etc/kopano/gateway.cfg\"\n\n"
	"  let xfm = transform lns filter\n";

void gw_schema_augeas(struct gw_buf *out)
{
	bool any = false;

	gw_buf_printf(out, "%s  let lists = \"", head);
	for (size_t i = 0; i < gw_option_count(); i++) {
		const struct gw_option *opt = gw_option_at(i);

		if (opt->type != GW_OPT_WORDS && opt->type != GW_OPT_LISTEN)
			continue;
		gw_buf_printf(out, "%s%s", any ? "\" | \"" : "", opt->name);
		any = true;
	}
	gw_buf_printf(out, "\"\n%s", tail);
}
