/* drivers.c - the storage drivers a program is linked with
 *
 * It is no part of the library, as store.c is: a tool that opens no store links none of them. */
#include "store/jmap/jmap.h"
#include "store/local/local.h"

int gw_store_open(const struct gw_store_options *opt, struct gw_store **ret, struct gw_err *err)
{
	static const struct gw_store_ops *const drivers[] = { &gw_local_ops, &gw_mem_ops, &gw_jmap_ops };

	return gw_store_open_with(drivers, sizeof drivers / sizeof *drivers, opt, ret, err);
}
