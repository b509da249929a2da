(*
Module: Gateway
  Parses gateway.cfg(5), the configuration of gatewayd(8).
  Generated from the option table by `make gen'; change lib/config instead.

  An option is a node of its name; without a value (clear) it is empty. Lists have a node "item" for each word:
    set /files/etc/gateway/gateway.cfg/imap_port 143
    set /files/etc/gateway/gateway.cfg/imap_listen/item[1] *:143
*)
module Gateway =
  autoload xfm

  let eol = del /[ \t\r]*\n/ "\n"
  let indent = del /[ \t]*/ ""
  let equals = del /[ \t]*=/ " ="
  let before = del /[ \t]*/ " "
  let text = /[^ \t\r\n]([^\r\n]*[^ \t\r\n])?/

  (* A comment begins in the first column. *)
  let comment = [ label "#comment" . del /#[ \t]*/ "# " . store text . eol ]
  let empty = [ del /(#[ \t\r]*|[ \t\r]*)\n/ "\n" ]

  let include = [ del "!" "!" . key "include" . del /[ \t]+/ " " . store text . eol ]
  let directive = [ label "#directive" . del "!" "!"
                  . store (/([^\r\n]*[^ \t\r\n])?/ - /include[ \t][^\r\n]*/) . eol ]

  (* Lines without effect. *)
  let ignored = [ label "#ignored"
                . store /([ \t]+[^= \t\r\n]|[^#!= \t\r\n])([^=\r\n]*[^= \t\r\n])?/ . eol ]

  let lists = "pop3_listen" | "pop3s_listen" | "imap_listen" | "imaps_listen" | "metrics_listen" | "control_admins" | "control_operators" | "imap_admins" | "imap_capabilities" | "pop3_client_workarounds" | "auth_mechanisms" | "trusted_networks" | "ssl_certificates" | "ssl_protocols"
  let name = /[A-Za-z0-9_.-]+/ - /include/ - lists

  let option = [ indent . key name . equals . (before . store text)? . eol ]
  let item = [ label "item" . store /[^ \t\r\n]+/ ]
  let list = [ indent . key lists
             . equals . (before . item . (del /[ \t]+/ " " . item)*)? . eol ]

  let lns = (comment | empty | include | directive | ignored | option | list)*

  let filter = incl "/etc/gateway/*.cfg" . incl "/etc/kopano/gateway.cfg"

  let xfm = transform lns filter
