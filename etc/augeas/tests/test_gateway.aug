(* Test of the lens Gateway: what a file gives, and what changes of the tree make of it *)
module Test_gateway =

  let file = "# gateway.cfg - a sample
#

imap_port = 143
  imaps_port=993\t
ssl_ciphers = ALL:!LOW:kEDH+A=B
run_as_user =
imap_listen = *:143  [::1]:143
pop3_listen =
!include tls dir/tls.cfg
!propmap x
not an option
 # indented, and so no comment
unknown_name = \"in quotes\"   # all of it
"

  test Gateway.lns get file =
    { "#comment" = "gateway.cfg - a sample" }
    { }
    { }
    { "imap_port" = "143" }
    { "imaps_port" = "993" }
    { "ssl_ciphers" = "ALL:!LOW:kEDH+A=B" }
    { "run_as_user" }
    { "imap_listen"
      { "item" = "*:143" }
      { "item" = "[::1]:143" } }
    { "pop3_listen" }
    { "include" = "tls dir/tls.cfg" }
    { "#directive" = "propmap x" }
    { "#ignored" = "not an option" }
    { "#ignored" = " # indented, and so no comment" }
    { "unknown_name" = "\"in quotes\"   # all of it" }

  (* Nothing changed: not a byte is another. *)
  test Gateway.lns put file after set "/imap_port" "143" = file

  (* A value changes in its place; the rest stays as it was written. *)
  test Gateway.lns put "# a\nimap_port=143\r\n\nlog_level = 3\n" after
    set "/imap_port" "1143"
    = "# a\nimap_port=1143\r\n\nlog_level = 3\n"

  (* New options come at the end, in the usual form. *)
  test Gateway.lns put "log_level = 3\n" after
    set "/imap_enable" "yes";
    set "/imap_listen/item[1]" "*:143";
    set "/imap_listen/item[2]" "[::1]:143";
    set "/include" "more.cfg"
    = "log_level = 3\nimap_enable = yes\nimap_listen = *:143 [::1]:143\n!include more.cfg\n"

  (* A value goes away, comes, and a line goes. *)
  test Gateway.lns put "run_as_user = x\nrun_as_group =\nlog_level = 3\n" after
    clear "/run_as_user";
    set "/run_as_group" "gateway";
    rm "/log_level"
    = "run_as_user =\nrun_as_group = gateway\n"

  (* An item of a list goes away. *)
  test Gateway.lns put "imap_listen = *:143 [::1]:143\n" after
    rm "/imap_listen/item[1]"
    = "imap_listen = [::1]:143\n"
