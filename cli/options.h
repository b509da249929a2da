/* options.h - the options of gateway.cfg as words of a command line */
#ifndef GW_CLI_OPTIONS_H
#define GW_CLI_OPTIONS_H

#include "cli/cli.h"

/* Option i, "imap_port", with what can stand behind "imap_port="; false behind the last. As gw_cli_value.word.
 * What it gives lives as long as the program. Thread: the main thread. */
bool gw_cli_option_word(size_t i, struct gw_cli_word *ret);

/* The same as an argument of gatewayd(8), without those that have no effect any more: "--imap-port". */
bool gw_cli_option_argument(size_t i, struct gw_cli_word *ret);

#endif
