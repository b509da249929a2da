/* check.h - what gwcfg check asks this machine
 *
 * Findings are added to those of the file. */
#ifndef GWCFG_CHECK_H
#define GWCFG_CHECK_H

#include "gwcfg/gwcfg.h"

/* Do the TLS options give anything with the TLS library of this machine? */
void judge_tls(const struct gw_config *cfg, struct gw_diags *diags);

/* Does the configuration fit this machine? Users, files, certificates, ports, servers; may take some seconds. */
void live_check(const struct gw_config *cfg, struct gw_diags *diags);

#endif
