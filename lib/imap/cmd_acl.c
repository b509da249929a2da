/* cmd_acl.c - MYRIGHTS, GETACL, LISTRIGHTS, SETACL, DELETEACL (RFC 4314)
 *
 * Rights are told; they are changed where they belong: those of public folders by the administrator, those of what other users share
 * at the storage server. Who administers a mailbox (right `a`) is whose it is, and he has every right there. */
#include "imap/acl.h"

#include "imap/annotate.h"
#include "imap/commands.h"
#include "imap/put.h"

#define MAY_SEE (GW_MAY_ALL + 1u) /* see a name, which has no messages */
#define RIGHTS_TEXT 16            /* octets of all letters, and a NUL */

/* The letters, and behind them those of RFC 2086 that stand for several: c for k and x, d for t and e (RFC 4314 2.1.1). */
static const char *rights_text(unsigned may, char ret[RIGHTS_TEXT])
{
	static const struct {
		unsigned may; /* one of them is enough */
		const char *letters;
	} rows[] = {
		{ GW_MAY_READ | MAY_SEE, "l" }, { GW_MAY_READ, "r" }, { GW_MAY_SEEN, "s" }, { GW_MAY_FLAGS, "w" },
		{ GW_MAY_INSERT, "i" }, { GW_MAY_ANNOTATE, "n" }, { GW_MAY_CREATE, "k" },
		{ GW_MAY_REMOVE, "x" }, { GW_MAY_DELETE, "t" }, { GW_MAY_EXPUNGE, "e" }, { GW_MAY_CREATE | GW_MAY_REMOVE, "c" },
		{ GW_MAY_DELETE | GW_MAY_EXPUNGE, "d" }, { GW_MAY_ADMINISTER, "a" },
	};
	char *to = ret;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (may & rows[i].may)
			to = stpcpy(to, rows[i].letters);
	*to = 0;
	return ret;
}

/* "* what name" */
static void put_head(const struct imap_session *s, const char *what, const struct gw_mailbox *mb, struct gw_out *out)
{
	gw_out_printf(out, "* %s ", what);
	imap_put_name(s, out, mb->name);
}

/* " rights" and the end of the response */
static void put_rights(unsigned may, struct gw_out *out)
{
	char text[RIGHTS_TEXT];

	gw_out_char(out, ' ');
	imap_put_astring(out, gw_slice_str(rights_text(may, text)));
	gw_out_lit(out, "\r\n");
}

/* "* what name who rights" */
static void put_of(const struct imap_session *s, const char *what, const struct gw_mailbox *mb, struct gw_slice who, unsigned may,
		   struct gw_out *out)
{
	put_head(s, what, mb, out);
	gw_out_char(out, ' ');
	imap_put_astring(out, who);
	put_rights(may, out);
}

/* The right `n` is that of RFC 5257 3.4. A name without messages has the rights that need none; where public folders or those of others
 * begin, which is no mailbox (id 0), it can only be seen. */
static int may_in(struct imap_session *s, const struct gw_mailbox *mb, unsigned *ret, struct gw_err *err)
{
	int rc = 0;

	*ret = 0;
	if (mb->id.id)
		rc = gw_mbox_may(s->acct, mb->id, ret, err);
	if (!imap_offers(s, IMAP_ANNOTATE))
		*ret &= ~(unsigned)GW_MAY_ANNOTATE;
	if (mb->attrs & GW_MBOX_NOSELECT)
		*ret = (*ret & (GW_MAY_CREATE | GW_MAY_REMOVE | GW_MAY_ADMINISTER)) | MAY_SEE;
	return rc;
}

void imap_put_myrights(struct imap_session *s, const struct gw_mailbox *mb, struct gw_out *out)
{
	unsigned may;

	if (may_in(s, mb, &may, NULL) < 0 || !may)
		return;
	put_head(s, "MYRIGHTS", mb, out);
	put_rights(may, out);
}

/* The mailbox of the command and what the user may do there, needs among it; false: the reply is set. What the user may not see
 * does not exist for him (RFC 4314 6). */
static bool find(struct imap_session *s, struct imap_task *t, unsigned needs, struct gw_mailbox *mb, unsigned *ret_may)
{
	struct gw_err err = { 0 };
	int rc;

	if (!imap_find_mailbox(s, t, t->cmd->mailbox, NULL, mb))
		return false;
	if (mb->attrs & GW_MBOX_NONEXISTENT) {
		imap_no(t, "NONEXISTENT", "There is no such mailbox");
		return false;
	}
	rc = may_in(s, mb, ret_may, &err);
	if (rc < 0)
		imap_fail(s, t, rc, &err);
	else if ((*ret_may & needs) != needs)
		imap_no(t, "NOPERM", "You do not administer this mailbox");
	return rc == 0 && (*ret_may & needs) == needs;
}

enum imap_step imap_run_myrights(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	struct gw_mailbox mb;
	unsigned may;

	if (!find(s, t, 0, &mb, &may))
		return IMAP_STEP_DONE;
	put_head(s, "MYRIGHTS", &mb, out);
	put_rights(may, out);
	return imap_ok(t, "MYRIGHTS completed");
}

enum imap_step imap_run_getacl(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	struct gw_mailbox mb;
	unsigned may;

	if (!find(s, t, GW_MAY_ADMINISTER, &mb, &may))
		return IMAP_STEP_DONE;
	put_of(s, "ACL", &mb, gw_slice_str(gw_acct_user(s->acct)), may, out);
	return imap_ok(t, "GETACL completed");
}

/* Whose it is has his rights always; nobody else can be given any. */
enum imap_step imap_run_listrights(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	struct gw_slice who = t->cmd->acl.identifier;
	struct gw_mailbox mb;
	unsigned may;

	if (!find(s, t, GW_MAY_ADMINISTER, &mb, &may))
		return IMAP_STEP_DONE;
	put_of(s, "LISTRIGHTS", &mb, who, gw_slice_eq(who, gw_slice_str(gw_acct_user(s->acct))) ? may : 0, out);
	return imap_ok(t, "LISTRIGHTS completed");
}

/* SETACL and DELETEACL */
enum imap_step imap_run_setacl(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	struct gw_mailbox mb;
	unsigned may;

	(void)out;
	if (t->cmd->acl.rights.n && memchr(t->cmd->acl.rights.p, 'n', t->cmd->acl.rights.n) && !imap_offers(s, IMAP_ANNOTATE))
		return imap_bad(t, "This right is not known");
	if (!find(s, t, GW_MAY_ADMINISTER, &mb, &may))
		return IMAP_STEP_DONE;
	return imap_no(t, "CANNOT", "Mailboxes of your own cannot be shared from here");
}
