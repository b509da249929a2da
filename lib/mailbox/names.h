/* names.h - names of mailboxes as other software writes them
 *
 * Inside, a name is UTF-8 in normalization form C with '/' between levels and INBOX in capitals (imap/mbname.h). Others
 * separate levels with '.', '^' or a tab, and write modified UTF-7 (RFC 3501 5.1.3), UTF-8 or plain bytes. Nothing is
 * refused that can be made to fit: mail lies in a folder whatever its name is. Thread: any. */
#ifndef GW_MAILBOX_NAMES_H
#define GW_MAILBOX_NAMES_H

#include "util/arena.h"
#include "util/buf.h"
#include "util/slice.h"

/* The name that raw means; separator 0: it has one level. A level that is not UTF-8 and no valid modified UTF-7 is taken
 * as it stands; empty levels go; what no name of ours can have (control characters, '/' within a level, `.` and `..`)
 * becomes '_'. The result lives in arena, NUL-terminated. False: nothing is left, or it is too long (GW_MAILBOX_NAME_MAX)
 * or too deep (IMAP_LEVELS_MAX). */
bool gw_mailbox_name_read(struct gw_arena *arena, struct gw_slice raw, char separator, struct gw_slice *ret);

/* Append the name in modified UTF-7 with that separator. A separator within a level is written as base64 (as Courier
 * does), which gw_mailbox_name_read() reads again; where the separator is '/' there is none. */
void gw_mailbox_name_put(struct gw_buf *out, struct gw_slice name, char separator);

/* The special use that the name of a folder at the top (or right below INBOX) suggests: GW_MBOX_SENT for "Sent", "Sent
 * Items", "Gesendet" ...; 0 for others. */
unsigned gw_mailbox_special(struct gw_slice name);

#endif
