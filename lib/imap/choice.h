/* choice.h - which mailboxes NOTIFY and ESEARCH mean (RFC 5465 6, RFC 7377 2.2) */
#ifndef GW_IMAP_CHOICE_H
#define GW_IMAP_CHOICE_H

#include "imap/command.h"

/* Does the name lie below top? */
bool imap_below(struct gw_slice name, struct gw_slice top);

/* Does the choice name this mailbox? Those of the selected mailbox name none. */
bool imap_choice_has(const struct imap_choice *c, const struct gw_mailbox *mb);

/* May a mailbox with these attributes be selected? */
bool imap_selectable(unsigned attrs);

#endif
