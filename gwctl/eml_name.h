/* eml_name.h - the names that `gwctl export` gives to .eml files
 *
 *	0000000012.eml		UID 12
 *	0000000012.FS.eml	with flags, by the letters of a Maildir
 *
 * Thread: any. */
#ifndef GWCTL_EML_NAME_H
#define GWCTL_EML_NAME_H

#include "util/buf.h"

/* False: the name is of somebody else; then *ret_uid and *ret_flags are 0. */
bool eml_name_read(struct gw_slice name, uint32_t *ret_uid, uint64_t *ret_flags);

void eml_name_put(struct gw_buf *out, uint32_t uid, uint64_t flags);

#endif
