/* jmap.h - the storage driver that fronts a JMAP server */
#ifndef GW_STORE_JMAP_JMAP_H
#define GW_STORE_JMAP_JMAP_H

#include "store/driver.h"

extern const struct gw_store_ops gw_jmap_ops;

#endif
