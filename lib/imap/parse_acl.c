/* parse_acl.c - LISTRIGHTS, SETACL, DELETEACL (RFC 4314 4) */
#include "imap/parse.h"

#include "sasl/sasl.h"

/* Those of RFC 4314 2.1 (p is nobody's here), that of annotations (RFC 5257 3.4), and the two of RFC 2086; digits mean nothing here. */
#define RIGHTS "lrswipkxteancd"

/* SP mailbox SP identifier. One that nobody can have is BAD (RFC 4314 3). */
bool imap_parse_identifier(struct gw_slice *in, struct imap_command *c, const char **why)
{
	if (!imap_want_sp(in, why) || !imap_want_mailbox(in, c, &c->mailbox, why) || !imap_want_sp(in, why))
		return false;
	if (!imap_want_astring(in, c, &c->acl.identifier, why))
		return false;
	return gw_sasl_name_ok(c->acl.identifier) || imap_fail_bad(why, "Nobody has a name like this");
}

/* SP mailbox SP identifier SP mod-rights. A right that is not known is BAD (RFC 4314 3.1). */
bool imap_parse_setacl(struct gw_slice *in, struct imap_command *c, const char **why)
{
	struct gw_slice *rights = &c->acl.rights;

	if (!imap_parse_identifier(in, c, why) || !imap_want_sp(in, why) || !imap_want_astring(in, c, rights, why))
		return false;
	if (rights->n && (rights->p[0] == '+' || rights->p[0] == '-'))
		gw_slice_take(rights, 1);
	for (size_t i = 0; i < rights->n; i++)
		if (!rights->p[i] || !strchr(RIGHTS, rights->p[i]))
			return imap_fail_bad(why, "This right is not known");
	return true;
}
