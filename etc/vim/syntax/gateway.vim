" Vim syntax file
" Language: gateway.cfg(5), the configuration of gatewayd(8)
" Generated from the option table by `make gen'; change lib/config instead.

if exists('b:current_syntax')
  finish
endif
let s:cpo = &cpo
set cpo&vim

syn case match
syn match gatewayComment ;^#.*; contains=@Spell
syn match gatewayUnknownDirective ;^!.*;
syn match gatewayDirective ;^!include\ze[ \t]; nextgroup=gatewayPath skipwhite
syn match gatewayPath ;\S.*; contained
syn match gatewayIgnored ;^\%([^#!=]\)\@=\s*[^= \t][^=]*$;
syn match gatewayUnknown ;^[^#!=][^=]*\ze=;
syn match gatewayBadValue ;\S.*; contained
syn match gatewayEnvironment ;\$.*; contained

syn match gatewayOption ;\v^\s*%(server_bind)\ze\s*\=; nextgroup=gatewayIs0
syn match gatewayIs0 ;\s*=\s*; contained nextgroup=gatewayBadValue,gatewayEnvironment,gatewayValue0
syn match gatewayValue0 ;\v\$@!%(|[0-9]+%(\.[0-9]+){3}|[0-9a-fA-F:]*:[0-9a-fA-F:.]*%(\%\S{1,15})?)\ze\s*$; contained
hi def link gatewayValue0 gatewayText
syn match gatewayOption ;\v^\s*%(server_hostname|public_account|state_database|backend_pin|backend_proxy|backend_user|backend_impersonate_login|jmap_access_url|run_as_user|run_as_group|control_socket_group|ssl_ciphers|ssl_curves)\ze\s*\=; nextgroup=gatewayIs1
syn match gatewayIs1 ;\s*=\s*; contained nextgroup=gatewayBadValue,gatewayEnvironment,gatewayValue1
syn match gatewayValue1 ;\v\$@!%(.*)\ze\s*$; contained
hi def link gatewayValue1 gatewayText
syn match gatewayOption ;\v^\s*%(server_hostname_greeting|bypass_auth|mirror_offline|jmap_push|imap_only_mailfolders|imap_public_folders|imap_shared_accounts|imap_capability_idle|imap_expunge_on_delete|imap_ignore_command_idle|imap_utf8_only|pop3_lock_maildrop|pop3_set_seen|pop3_implementation_early|disable_plaintext_auth|ssl_verify_client|ssl_prefer_server_ciphers|log_timestamp)\ze\s*\=; nextgroup=gatewayIs2
syn match gatewayIs2 ;\s*=\s*; contained nextgroup=gatewayBadValue,gatewayEnvironment,gatewayValue2
syn match gatewayValue2 ;\v\$@!%(|[yY][eE][sS]|[nN][oO]|[tT][rR][uU][eE]|[fF][aA][lL][sS][eE]|[oO][nN]|[oO][fF][fF]|1|0)\ze\s*$; contained
hi def link gatewayValue2 gatewayBoolean
syn match gatewayOption ;\v^\s*%(preferred_language)\ze\s*\=; nextgroup=gatewayIs3
syn match gatewayIs3 ;\s*=\s*; contained nextgroup=gatewayBadValue,gatewayEnvironment,gatewayValue3
syn match gatewayValue3 ;\v\$@!%([iI]-[dD][eE][fF][aA][uU][lL][tT]|[eE][nN]|[dD][eE]|[eE][sS]|[fF][rR]|[nN][lL])\ze\s*$; contained
hi def link gatewayValue3 gatewayWord
syn match gatewayOption ;\v^\s*%(pop3_enable|pop3s_enable|imap_enable|imaps_enable)\ze\s*\=; nextgroup=gatewayIs4
syn match gatewayIs4 ;\s*=\s*; contained nextgroup=gatewayBadValue,gatewayEnvironment,gatewayValue4
syn match gatewayValue4 ;\v\$@!%([yY][eE][sS]|[nN][oO]|[tT][rR][uU][eE]|[fF][aA][lL][sS][eE]|[oO][nN]|[oO][fF][fF]|1|0|[aA][uU][tT][oO])\ze\s*$; contained
hi def link gatewayValue4 gatewayBoolean
syn match gatewayOption ;\v^\s*%(pop3_port|pop3s_port|imap_port|imaps_port)\ze\s*\=; nextgroup=gatewayIs5
syn match gatewayIs5 ;\s*=\s*; contained nextgroup=gatewayBadValue,gatewayEnvironment,gatewayValue5
syn match gatewayValue5 ;\v\$@!%(\+?%([1-9]|[1-9][0-9]|[1-9][0-9]{2}|[1-9][0-9]{3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]|0[0-7]+|0[xX][0-9a-fA-F]+))\ze\s*$; contained
hi def link gatewayValue5 gatewayNumber
syn match gatewayOption ;\v^\s*%(pop3_listen|pop3s_listen|imap_listen|imaps_listen|metrics_listen)\ze\s*\=; nextgroup=gatewayIs12
syn match gatewayIs12 ;\s*=\s*; contained nextgroup=gatewayBadValue,gatewayEnvironment,gatewayValue12
syn match gatewayValue12 ;\v\$@!%(%(%(%(\*|[0-9]+%(\.[0-9]+){3}|\[[0-9a-fA-F:.]+%(\%[^ \t/:\]]{1,15})?\])%(\%[^ \t/:\]]{1,15})?:%([1-9]|[1-9][0-9]|[1-9][0-9]{2}|[1-9][0-9]{3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])|unix:/\S{1,106})%([ \t]+|$))*)\ze\s*$; contained
hi def link gatewayValue12 gatewayText
syn match gatewayOption ;\v^\s*%(server_socket)\ze\s*\=; nextgroup=gatewayIs16
syn match gatewayIs16 ;\s*=\s*; contained nextgroup=gatewayBadValue,gatewayEnvironment,gatewayValue16
syn match gatewayValue16 ;\v\$@!%([dD][eE][fF][aA][uU][lL][tT]:|[lL][oO][cC][aA][lL]:/.*|[fF][iI][lL][eE]://.*/.*|[hH][tT][tT][pP]://[^/:].*|[hH][tT][tT][pP][sS]://[^/:].*)\ze\s*$; contained
hi def link gatewayValue16 gatewayText
syn match gatewayOption ;\v^\s*%(mail_quota)\ze\s*\=; nextgroup=gatewayIs19
syn match gatewayIs19 ;\s*=\s*; contained nextgroup=gatewayBadValue,gatewayEnvironment,gatewayValue19
syn match gatewayValue19 ;\v\$@!%(\+?%(0*%(0|[1-9]|[1-9][0-9]|[1-9][0-9]{2}|[1-9][0-9]{3}|[1-9][0-9]{4}|[1-9][0-9]{5}|[1-9][0-9]{6}|[1-9][0-9]{7}|[1-9][0-9]{8}|[1-9][0-9]{9}|[1-9][0-9]{10}|[1-9][0-9]{11}|[1-9][0-9]{12}|[1-9][0-9]{13}|[1-9][0-9]{14}|10[0-9]{14}|11[0-1][0-9]{13}|112[0-4][0-9]{12}|1125[0-7][0-9]{11}|11258[0-8][0-9]{10}|112589[0-8][0-9]{9}|1125899[0-8][0-9]{8}|112589990[0-5][0-9]{6}|1125899906[0-7][0-9]{5}|11258999068[0-3][0-9]{4}|112589990684[0-1][0-9]{3}|1125899906842[0-5][0-9]{2}|11258999068426[0-1][0-9]|112589990684262[0-4])[ \t]*[bB]?|0*%(0|[1-9]|[1-9][0-9]|[1-9][0-9]{2}|[1-9][0-9]{3}|[1-9][0-9]{4}|[1-9][0-9]{5}|[1-9][0-9]{6}|[1-9][0-9]{7}|[1-9][0-9]{8}|[1-9][0-9]{9}|[1-9][0-9]{10}|[1-9][0-9]{11}|10[0-8][0-9]{10}|109[0-8][0-9]{9}|1099[0-4][0-9]{8}|109950[0-9]{7}|1099510[0-9]{6}|1099511[0-5][0-9]{5}|10995116[0-1][0-9]{4}|109951162[0-6][0-9]{3}|1099511627[0-6][0-9]{2}|10995116277[0-6][0-9]|109951162777[0-6])[ \t]*[kK]%([iI]?[bB])?|0*%(0|[1-9]|[1-9][0-9]|[1-9][0-9]{2}|[1-9][0-9]{3}|[1-9][0-9]{4}|[1-9][0-9]{5}|[1-9][0-9]{6}|[1-9][0-9]{7}|[1-9][0-9]{8}|10[0-6][0-9]{7}|107[0-2][0-9]{6}|1073[0-6][0-9]{5}|10737[0-3][0-9]{4}|1073740[0-9]{3}|1073741[0-7][0-9]{2}|10737418[0-1][0-9]|107374182[0-4])[ \t]*[mM]%([iI]?[bB])?|0*%(0|[1-9]|[1-9][0-9]|[1-9][0-9]{2}|[1-9][0-9]{3}|[1-9][0-9]{4}|[1-9][0-9]{5}|10[0-3][0-9]{4}|104[0-7][0-9]{3}|1048[0-4][0-9]{2}|10485[0-6][0-9]|104857[0-6])[ \t]*[gG]%([iI]?[bB])?|0*%(0|[1-9]|[1-9][0-9]|[1-9][0-9]{2}|10[0-1][0-9]|102[0-4])[ \t]*[tT]%([iI]?[bB])?|[0-9]+\.[0-9]+[ \t]*[kKmMgGtT]%([iI]?[bB])?))\ze\s*$; contained
hi def link gatewayValue19 gatewayNumber
syn match gatewayOption ;\v^\s*%(mail_quota_messages|imap_message_limit|imap_save_limit)\ze\s*\=; nextgroup=gatewayIs20
syn match gatewayIs20 ;\s*=\s*; contained nextgroup=gatewayBadValue,gatewayEnvironment,gatewayValue20
syn match gatewayValue20 ;\v\$@!%(\+?%(0|[1-9]|[1-9][0-9]|[1-9][0-9]{2}|[1-9][0-9]{3}|[1-9][0-9]{4}|[1-9][0-9]{5}|[1-9][0-9]{6}|[1-9][0-9]{7}|[1-9][0-9]{8}|[1-3][0-9]{9}|4[0-1][0-9]{8}|42[0-8][0-9]{7}|429[0-3][0-9]{6}|4294[0-8][0-9]{5}|42949[0-5][0-9]{4}|429496[0-6][0-9]{3}|4294967[0-1][0-9]{2}|42949672[0-8][0-9]|429496729[0-5]|0[0-7]+|0[xX][0-9a-fA-F]+))\ze\s*$; contained
hi def link gatewayValue20 gatewayNumber
syn match gatewayOption ;\v^\s*%(mail_quota_warning)\ze\s*\=; nextgroup=gatewayIs21
syn match gatewayIs21 ;\s*=\s*; contained nextgroup=gatewayBadValue,gatewayEnvironment,gatewayValue21
syn match gatewayValue21 ;\v\$@!%(\+?%(0|[1-9]|[1-9][0-9]|100|0[0-7]+|0[xX][0-9a-fA-F]+))\ze\s*$; contained
hi def link gatewayValue21 gatewayNumber
syn match gatewayOption ;\v^\s*%(max_mailboxes|max_connections)\ze\s*\=; nextgroup=gatewayIs22
syn match gatewayIs22 ;\s*=\s*; contained nextgroup=gatewayBadValue,gatewayEnvironment,gatewayValue22
syn match gatewayValue22 ;\v\$@!%(\+?%([1-9]|[1-9][0-9]|[1-9][0-9]{2}|[1-9][0-9]{3}|[1-9][0-9]{4}|[1-9][0-9]{5}|1000000|0[0-7]+|0[xX][0-9a-fA-F]+))\ze\s*$; contained
hi def link gatewayValue22 gatewayNumber
syn match gatewayOption ;\v^\s*%(mirror_path|backend_ca_file|backend_certificate_file|backend_private_key_file|backend_unix_socket|backend_password_file|pid_file|running_path|tmp_path|ssl_private_key_file|ssl_certificate_file|ssl_verify_file|ssl_verify_path|log_file)\ze\s*\=; nextgroup=gatewayIs23
syn match gatewayIs23 ;\s*=\s*; contained nextgroup=gatewayBadValue,gatewayEnvironment,gatewayValue23
syn match gatewayValue23 ;\v\$@!%(.*)\ze\s*$; contained
hi def link gatewayValue23 gatewayText
syn match gatewayOption ;\v^\s*%(mirror_cache_size)\ze\s*\=; nextgroup=gatewayIs24
syn match gatewayIs24 ;\s*=\s*; contained nextgroup=gatewayBadValue,gatewayEnvironment,gatewayValue24
syn match gatewayValue24 ;\v\$@!%(\+?%(0*%(0|[1-9]|[1-9][0-9]|[1-9][0-9]{2}|[1-9][0-9]{3}|[1-9][0-9]{4}|[1-9][0-9]{5}|[1-9][0-9]{6}|[1-9][0-9]{7}|[1-9][0-9]{8}|[1-9][0-9]{9}|[1-9][0-9]{10}|[1-9][0-9]{11}|10[0-8][0-9]{10}|109[0-8][0-9]{9}|1099[0-4][0-9]{8}|109950[0-9]{7}|1099510[0-9]{6}|1099511[0-5][0-9]{5}|10995116[0-1][0-9]{4}|109951162[0-6][0-9]{3}|1099511627[0-6][0-9]{2}|10995116277[0-6][0-9]|109951162777[0-6])[ \t]*[bB]?|0*%(0|[1-9]|[1-9][0-9]|[1-9][0-9]{2}|[1-9][0-9]{3}|[1-9][0-9]{4}|[1-9][0-9]{5}|[1-9][0-9]{6}|[1-9][0-9]{7}|[1-9][0-9]{8}|10[0-6][0-9]{7}|107[0-2][0-9]{6}|1073[0-6][0-9]{5}|10737[0-3][0-9]{4}|1073740[0-9]{3}|1073741[0-7][0-9]{2}|10737418[0-1][0-9]|107374182[0-4])[ \t]*[kK]%([iI]?[bB])?|0*%(0|[1-9]|[1-9][0-9]|[1-9][0-9]{2}|[1-9][0-9]{3}|[1-9][0-9]{4}|[1-9][0-9]{5}|10[0-3][0-9]{4}|104[0-7][0-9]{3}|1048[0-4][0-9]{2}|10485[0-6][0-9]|104857[0-6])[ \t]*[mM]%([iI]?[bB])?|0*%(0|[1-9]|[1-9][0-9]|[1-9][0-9]{2}|10[0-1][0-9]|102[0-4])[ \t]*[gG]%([iI]?[bB])?|0*%(0|1)[ \t]*[tT]%([iI]?[bB])?|[0-9]+\.[0-9]+[ \t]*[kKmMgGtT]%([iI]?[bB])?))\ze\s*$; contained
hi def link gatewayValue24 gatewayNumber
syn match gatewayOption ;\v^\s*%(backend_timeout|jmap_poll_interval)\ze\s*\=; nextgroup=gatewayIs27
syn match gatewayIs27 ;\s*=\s*; contained nextgroup=gatewayBadValue,gatewayEnvironment,gatewayValue27
syn match gatewayValue27 ;\v\$@!%(\+?%(0*%([1-9]|[1-9][0-9]|[1-9][0-9]{2}|[1-2][0-9]{3}|3[0-5][0-9]{2}|3600)[ \t]*[sS]?|0*%([1-9]|[1-5][0-9]|60)[ \t]*[mM]|0*%(1)[ \t]*[hH]))\ze\s*$; contained
hi def link gatewayValue27 gatewayNumber
syn match gatewayOption ;\v^\s*%(backend_connect_timeout)\ze\s*\=; nextgroup=gatewayIs28
syn match gatewayIs28 ;\s*=\s*; contained nextgroup=gatewayBadValue,gatewayEnvironment,gatewayValue28
syn match gatewayValue28 ;\v\$@!%(\+?%(0*%([1-9]|[1-9][0-9]|[1-2][0-9]{2}|300)[ \t]*[sS]?|0*%([1-5])[ \t]*[mM]))\ze\s*$; contained
hi def link gatewayValue28 gatewayNumber
syn match gatewayOption ;\v^\s*%(backend_connections)\ze\s*\=; nextgroup=gatewayIs29
syn match gatewayIs29 ;\s*=\s*; contained nextgroup=gatewayBadValue,gatewayEnvironment,gatewayValue29
syn match gatewayValue29 ;\v\$@!%(\+?%([1-9]|[1-9][0-9]|[1-9][0-9]{2}|10[0-1][0-9]|102[0-4]|0[0-7]+|0[xX][0-9a-fA-F]+))\ze\s*$; contained
hi def link gatewayValue29 gatewayNumber
syn match gatewayOption ;\v^\s*%(backend_impersonate)\ze\s*\=; nextgroup=gatewayIs38
syn match gatewayIs38 ;\s*=\s*; contained nextgroup=gatewayBadValue,gatewayEnvironment,gatewayValue38
syn match gatewayValue38 ;\v\$@!%([nN][oO][nN][eE]|[aA][uU][tT][hH][oO][rR][iI][zZ][eE]-[aA][sS]|[lL][oO][gG][iI][nN])\ze\s*$; contained
hi def link gatewayValue38 gatewayWord
syn match gatewayOption ;\v^\s*%(jmap_poll_interval_quiet|login_timeout|write_timeout)\ze\s*\=; nextgroup=gatewayIs42
syn match gatewayIs42 ;\s*=\s*; contained nextgroup=gatewayBadValue,gatewayEnvironment,gatewayValue42
syn match gatewayValue42 ;\v\$@!%(\+?%(0*%([1-9]|[1-9][0-9]|[1-9][0-9]{2}|[1-9][0-9]{3}|[1-7][0-9]{4}|8[0-5][0-9]{3}|86[0-3][0-9]{2}|86400)[ \t]*[sS]?|0*%([1-9]|[1-9][0-9]|[1-9][0-9]{2}|1[0-3][0-9]{2}|14[0-3][0-9]|1440)[ \t]*[mM]|0*%([1-9]|1[0-9]|2[0-4])[ \t]*[hH]|0*%(1)[ \t]*[dD]))\ze\s*$; contained
hi def link gatewayValue42 gatewayNumber
syn match gatewayOption ;\v^\s*%(jmap_search)\ze\s*\=; nextgroup=gatewayIs44
syn match gatewayIs44 ;\s*=\s*; contained nextgroup=gatewayBadValue,gatewayEnvironment,gatewayValue44
syn match gatewayValue44 ;\v\$@!%([mM][iI][rR][rR][oO][rR]|[sS][eE][rR][vV][eE][rR])\ze\s*$; contained
hi def link gatewayValue44 gatewayWord
syn match gatewayOption ;\v^\s*%(jmap_expunge)\ze\s*\=; nextgroup=gatewayIs45
syn match gatewayIs45 ;\s*=\s*; contained nextgroup=gatewayBadValue,gatewayEnvironment,gatewayValue45
syn match gatewayValue45 ;\v\$@!%([dD][eE][sS][tT][rR][oO][yY]|[tT][rR][aA][sS][hH])\ze\s*$; contained
hi def link gatewayValue45 gatewayWord
syn match gatewayOption ;\v^\s*%(coredump_enabled)\ze\s*\=; nextgroup=gatewayIs51
syn match gatewayIs51 ;\s*=\s*; contained nextgroup=gatewayBadValue,gatewayEnvironment,gatewayValue51
syn match gatewayValue51 ;\v\$@!%(|[sS][yY][sS][tT][eE][mM][dD][eE][fF][aA][uU][lL][tT]|[nN][oO]|[yY][eE][sS]|[oO][fF][fF]|[fF][aA][lL][sS][eE]|0|[oO][nN]|[tT][rR][uU][eE]|1)\ze\s*$; contained
hi def link gatewayValue51 gatewayWord
syn match gatewayOption ;\v^\s*%(process_model)\ze\s*\=; nextgroup=gatewayIs52
syn match gatewayIs52 ;\s*=\s*; contained nextgroup=gatewayBadValue,gatewayEnvironment,gatewayValue52
syn match gatewayValue52 ;\v\$@!%([tT][hH][rR][eE][aA][dD]|[fF][oO][rR][kK]|[tT][hH][rR][eE][aA][dD][sS]|[tT][hH][rR][eE][aA][dD][eE][dD])\ze\s*$; contained
hi def link gatewayValue52 gatewayWord
syn match gatewayOption ;\v^\s*%(worker_threads)\ze\s*\=; nextgroup=gatewayIs53
syn match gatewayIs53 ;\s*=\s*; contained nextgroup=gatewayBadValue,gatewayEnvironment,gatewayValue53
syn match gatewayValue53 ;\v\$@!%(\+?%(0|[1-9]|[1-9][0-9]|[1-9][0-9]{2}|10[0-1][0-9]|102[0-4]|0[0-7]+|0[xX][0-9a-fA-F]+))\ze\s*$; contained
hi def link gatewayValue53 gatewayNumber
syn match gatewayOption ;\v^\s*%(loop_threads|auth_threads)\ze\s*\=; nextgroup=gatewayIs54
syn match gatewayIs54 ;\s*=\s*; contained nextgroup=gatewayBadValue,gatewayEnvironment,gatewayValue54
syn match gatewayValue54 ;\v\$@!%(\+?%(0|[1-9]|[1-9][0-9]|1[0-9]{2}|2[0-4][0-9]|25[0-6]|0[0-7]+|0[xX][0-9a-fA-F]+))\ze\s*$; contained
hi def link gatewayValue54 gatewayNumber
syn match gatewayOption ;\v^\s*%(shutdown_timeout)\ze\s*\=; nextgroup=gatewayIs56
syn match gatewayIs56 ;\s*=\s*; contained nextgroup=gatewayBadValue,gatewayEnvironment,gatewayValue56
syn match gatewayValue56 ;\v\$@!%(\+?%(0*%(0|[1-9]|[1-9][0-9]|[1-9][0-9]{2}|[1-2][0-9]{3}|3[0-5][0-9]{2}|3600)[ \t]*[sS]?|0*%(0|[1-9]|[1-5][0-9]|60)[ \t]*[mM]|0*%(0|1)[ \t]*[hH]|0*%(0)[ \t]*[dD]))\ze\s*$; contained
hi def link gatewayValue56 gatewayNumber
syn match gatewayOption ;\v^\s*%(control_socket)\ze\s*\=; nextgroup=gatewayIs57
syn match gatewayIs57 ;\s*=\s*; contained nextgroup=gatewayBadValue,gatewayEnvironment,gatewayValue57
syn match gatewayValue57 ;\v\$@!%(.{0,107})\ze\s*$; contained
hi def link gatewayValue57 gatewayText
syn match gatewayOption ;\v^\s*%(control_socket_mode)\ze\s*\=; nextgroup=gatewayIs58
syn match gatewayIs58 ;\s*=\s*; contained nextgroup=gatewayBadValue,gatewayEnvironment,gatewayValue58
syn match gatewayValue58 ;\v\$@!%(0?[0-7]{3})\ze\s*$; contained
hi def link gatewayValue58 gatewayNumber
syn match gatewayOption ;\v^\s*%(control_admins|control_operators|imap_admins|imap_capabilities|trusted_networks|ssl_certificates|ssl_protocols)\ze\s*\=; nextgroup=gatewayIs61
syn match gatewayIs61 ;\s*=\s*; contained nextgroup=gatewayBadValue,gatewayEnvironment,gatewayValue61
syn match gatewayValue61 ;\v\$@!%(%(%(\S+)%([ \t]+|$))*)\ze\s*$; contained
hi def link gatewayValue61 gatewayWord
syn match gatewayOption ;\v^\s*%(imap_max_messagesize)\ze\s*\=; nextgroup=gatewayIs67
syn match gatewayIs67 ;\s*=\s*; contained nextgroup=gatewayBadValue,gatewayEnvironment,gatewayValue67
syn match gatewayValue67 ;\v\$@!%(\+?%(0*%([1-9]|[1-9][0-9]|[1-9][0-9]{2}|[1-9][0-9]{3}|[1-9][0-9]{4}|[1-9][0-9]{5}|[1-9][0-9]{6}|[1-9][0-9]{7}|[1-9][0-9]{8}|[1-3][0-9]{9}|4[0-1][0-9]{8}|42[0-8][0-9]{7}|429[0-3][0-9]{6}|4294[0-8][0-9]{5}|42949[0-5][0-9]{4}|429496[0-6][0-9]{3}|4294967[0-1][0-9]{2}|42949672[0-8][0-9]|429496729[0-5])[ \t]*[bB]?|0*%([1-9]|[1-9][0-9]|[1-9][0-9]{2}|[1-9][0-9]{3}|[1-9][0-9]{4}|[1-9][0-9]{5}|[1-3][0-9]{6}|40[0-9]{5}|41[0-8][0-9]{4}|419[0-3][0-9]{3}|4194[0-2][0-9]{2}|419430[0-3])[ \t]*[kK]%([iI]?[bB])?|0*%([1-9]|[1-9][0-9]|[1-9][0-9]{2}|[1-3][0-9]{3}|40[0-8][0-9]|409[0-5])[ \t]*[mM]%([iI]?[bB])?|0*%([1-3])[ \t]*[gG]%([iI]?[bB])?|[0-9]+\.[0-9]+[ \t]*[kKmMgGtT]%([iI]?[bB])?))\ze\s*$; contained
hi def link gatewayValue67 gatewayNumber
syn match gatewayOption ;\v^\s*%(imap_max_fail_commands)\ze\s*\=; nextgroup=gatewayIs71
syn match gatewayIs71 ;\s*=\s*; contained nextgroup=gatewayBadValue,gatewayEnvironment,gatewayValue71
syn match gatewayValue71 ;\v\$@!%(\+?%(0|[1-9]|[1-9][0-9]|[1-9][0-9]{2}|[1-9][0-9]{3}|[1-9][0-9]{4}|[1-9][0-9]{5}|[1-9][0-9]{6}|[1-9][0-9]{7}|[1-9][0-9]{8}|1[0-9]{9}|20[0-9]{8}|21[0-3][0-9]{7}|214[0-6][0-9]{6}|2147[0-3][0-9]{5}|21474[0-7][0-9]{4}|214748[0-2][0-9]{3}|2147483[0-5][0-9]{2}|21474836[0-3][0-9]|214748364[0-7]|0[0-7]+|0[xX][0-9a-fA-F]+)|-1)\ze\s*$; contained
hi def link gatewayValue71 gatewayNumber
syn match gatewayOption ;\v^\s*%(imap_timeout|pop3_timeout|auth_forget)\ze\s*\=; nextgroup=gatewayIs76
syn match gatewayIs76 ;\s*=\s*; contained nextgroup=gatewayBadValue,gatewayEnvironment,gatewayValue76
syn match gatewayValue76 ;\v\$@!%(\+?%(0*%([1-9]|[1-9][0-9]|[1-9][0-9]{2}|[1-9][0-9]{3}|[1-9][0-9]{4}|[1-5][0-9]{5}|60[0-3][0-9]{3}|604[0-7][0-9]{2}|604800)[ \t]*[sS]?|0*%([1-9]|[1-9][0-9]|[1-9][0-9]{2}|[1-9][0-9]{3}|100[0-7][0-9]|10080)[ \t]*[mM]|0*%([1-9]|[1-9][0-9]|1[0-5][0-9]|16[0-8])[ \t]*[hH]|0*%([1-7])[ \t]*[dD]))\ze\s*$; contained
hi def link gatewayValue76 gatewayNumber
syn match gatewayOption ;\v^\s*%(pop3_uidl_format)\ze\s*\=; nextgroup=gatewayIs78
syn match gatewayIs78 ;\s*=\s*; contained nextgroup=gatewayBadValue,gatewayEnvironment,gatewayValue78
syn match gatewayValue78 ;\v\$@!%([gG][aA][tT][eE][wW][aA][yY]|[dD][oO][vV][eE][cC][oO][tT]|[cC][yY][rR][uU][sS]|[uU][iI][dD][oO][nN][lL][yY]|[cC][oO][uU][rR][iI][eE][rR]|[cC][oO][uU][rR][iI][eE][rR]-[oO][lL][dD]|[cC][yY][rR][uU][sS]-[cC][oO][uU][rR][iI][eE][rR]|[kK][oO][pP][aA][nN][oO])\ze\s*$; contained
hi def link gatewayValue78 gatewayWord
syn match gatewayOption ;\v^\s*%(pop3_delete)\ze\s*\=; nextgroup=gatewayIs79
syn match gatewayIs79 ;\s*=\s*; contained nextgroup=gatewayBadValue,gatewayEnvironment,gatewayValue79
syn match gatewayValue79 ;\v\$@!%([eE][xX][pP][uU][nN][gG][eE]|[fF][lL][aA][gG]|[tT][rR][aA][sS][hH])\ze\s*$; contained
hi def link gatewayValue79 gatewayWord
syn match gatewayOption ;\v^\s*%(pop3_client_workarounds)\ze\s*\=; nextgroup=gatewayIs81
syn match gatewayIs81 ;\s*=\s*; contained nextgroup=gatewayBadValue,gatewayEnvironment,gatewayValue81
syn match gatewayValue81 ;\v\$@!%(%(%([oO][uU][tT][lL][oO][oO][kK]-[nN][oO]-[nN][uU][lL][sS]|[oO][eE]-[nN][sS]-[eE][oO][hH])%([ \t]+|$))*)\ze\s*$; contained
hi def link gatewayValue81 gatewayWord
syn match gatewayOption ;\v^\s*%(pop3_login_delay|auth_cache_ttl|slow_command_time)\ze\s*\=; nextgroup=gatewayIs82
syn match gatewayIs82 ;\s*=\s*; contained nextgroup=gatewayBadValue,gatewayEnvironment,gatewayValue82
syn match gatewayValue82 ;\v\$@!%(\+?%(0*%(0|[1-9]|[1-9][0-9]|[1-9][0-9]{2}|[1-9][0-9]{3}|[1-7][0-9]{4}|8[0-5][0-9]{3}|86[0-3][0-9]{2}|86400)[ \t]*[sS]?|0*%(0|[1-9]|[1-9][0-9]|[1-9][0-9]{2}|1[0-3][0-9]{2}|14[0-3][0-9]|1440)[ \t]*[mM]|0*%(0|[1-9]|1[0-9]|2[0-4])[ \t]*[hH]|0*%(0|1)[ \t]*[dD]))\ze\s*$; contained
hi def link gatewayValue82 gatewayNumber
syn match gatewayOption ;\v^\s*%(pop3_login_burst|max_auth_failures|auth_delay_after)\ze\s*\=; nextgroup=gatewayIs83
syn match gatewayIs83 ;\s*=\s*; contained nextgroup=gatewayBadValue,gatewayEnvironment,gatewayValue83
syn match gatewayValue83 ;\v\$@!%(\+?%([1-9]|[1-9][0-9]|[1-9][0-9]{2}|1000|0[0-7]+|0[xX][0-9a-fA-F]+))\ze\s*$; contained
hi def link gatewayValue83 gatewayNumber
syn match gatewayOption ;\v^\s*%(pop3_expire)\ze\s*\=; nextgroup=gatewayIs84
syn match gatewayIs84 ;\s*=\s*; contained nextgroup=gatewayBadValue,gatewayEnvironment,gatewayValue84
syn match gatewayValue84 ;\v\$@!%(\+?%(0|[1-9]|[1-9][0-9]|[1-9][0-9]{2}|[1-9][0-9]{3}|[1-2][0-9]{4}|3[0-5][0-9]{3}|36[0-4][0-9]{2}|36500|0[0-7]+|0[xX][0-9a-fA-F]+))\ze\s*$; contained
hi def link gatewayValue84 gatewayNumber
syn match gatewayOption ;\v^\s*%(auth_mechanisms)\ze\s*\=; nextgroup=gatewayIs88
syn match gatewayIs88 ;\s*=\s*; contained nextgroup=gatewayBadValue,gatewayEnvironment,gatewayValue88
syn match gatewayValue88 ;\v\$@!%(%(%([pP][lL][aA][iI][nN]|[lL][oO][gG][iI][nN]|[sS][cC][rR][aA][mM]-[sS][hH][aA]-256|[sS][cC][rR][aA][mM]-[sS][hH][aA]-256-[pP][lL][uU][sS]|[eE][xX][tT][eE][rR][nN][aA][lL]|[oO][aA][uU][tT][hH][bB][eE][aA][rR][eE][rR]|[xX][oO][aA][uU][tT][hH]2)%([ \t]+|$))*)\ze\s*$; contained
hi def link gatewayValue88 gatewayWord
syn match gatewayOption ;\v^\s*%(auth_delay_max)\ze\s*\=; nextgroup=gatewayIs92
syn match gatewayIs92 ;\s*=\s*; contained nextgroup=gatewayBadValue,gatewayEnvironment,gatewayValue92
syn match gatewayValue92 ;\v\$@!%(\+?%(0*%(0|[1-9]|[1-5][0-9]|60)[ \t]*[sS]?|0*%(0|1)[ \t]*[mM]|0*%(0)[ \t]*[hH]|0*%(0)[ \t]*[dD]))\ze\s*$; contained
hi def link gatewayValue92 gatewayNumber
syn match gatewayOption ;\v^\s*%(ban_after)\ze\s*\=; nextgroup=gatewayIs94
syn match gatewayIs94 ;\s*=\s*; contained nextgroup=gatewayBadValue,gatewayEnvironment,gatewayValue94
syn match gatewayValue94 ;\v\$@!%(\+?%(0|[1-9]|[1-9][0-9]|[1-9][0-9]{2}|[1-9][0-9]{3}|10000|0[0-7]+|0[xX][0-9a-fA-F]+))\ze\s*$; contained
hi def link gatewayValue94 gatewayNumber
syn match gatewayOption ;\v^\s*%(ban_time)\ze\s*\=; nextgroup=gatewayIs95
syn match gatewayIs95 ;\s*=\s*; contained nextgroup=gatewayBadValue,gatewayEnvironment,gatewayValue95
syn match gatewayValue95 ;\v\$@!%(\+?%(0*%([1-9]|[1-9][0-9]|[1-9][0-9]{2}|[1-9][0-9]{3}|[1-9][0-9]{4}|[1-9][0-9]{5}|[1-9][0-9]{6}|[1-2][0-9]{7}|30[0-9]{6}|31[0-4][0-9]{5}|315[0-2][0-9]{4}|3153[0-5][0-9]{3}|31536000)[ \t]*[sS]?|0*%([1-9]|[1-9][0-9]|[1-9][0-9]{2}|[1-9][0-9]{3}|[1-9][0-9]{4}|[1-4][0-9]{5}|5[0-1][0-9]{4}|52[0-4][0-9]{3}|525[0-5][0-9]{2}|525600)[ \t]*[mM]|0*%([1-9]|[1-9][0-9]|[1-9][0-9]{2}|[1-7][0-9]{3}|8[0-6][0-9]{2}|87[0-5][0-9]|8760)[ \t]*[hH]|0*%([1-9]|[1-9][0-9]|[1-2][0-9]{2}|3[0-5][0-9]|36[0-5])[ \t]*[dD]))\ze\s*$; contained
hi def link gatewayValue95 gatewayNumber
syn match gatewayOption ;\v^\s*%(tls_min_proto)\ze\s*\=; nextgroup=gatewayIs104
syn match gatewayIs104 ;\s*=\s*; contained nextgroup=gatewayBadValue,gatewayEnvironment,gatewayValue104
syn match gatewayValue104 ;\v\$@!%([sS][sS][lL]3|[tT][lL][sS]1\.0|[tT][lL][sS]1\.1|[tT][lL][sS]1\.2|[tT][lL][sS]1\.3)\ze\s*$; contained
hi def link gatewayValue104 gatewayWord
syn match gatewayOption ;\v^\s*%(max_connections_per_address|max_connections_per_user)\ze\s*\=; nextgroup=gatewayIs110
syn match gatewayIs110 ;\s*=\s*; contained nextgroup=gatewayBadValue,gatewayEnvironment,gatewayValue110
syn match gatewayValue110 ;\v\$@!%(\+?%(0|[1-9]|[1-9][0-9]|[1-9][0-9]{2}|[1-9][0-9]{3}|[1-9][0-9]{4}|[1-9][0-9]{5}|1000000|0[0-7]+|0[xX][0-9a-fA-F]+))\ze\s*$; contained
hi def link gatewayValue110 gatewayNumber
syn match gatewayOption ;\v^\s*%(max_line_prelogin)\ze\s*\=; nextgroup=gatewayIs112
syn match gatewayIs112 ;\s*=\s*; contained nextgroup=gatewayBadValue,gatewayEnvironment,gatewayValue112
syn match gatewayValue112 ;\v\$@!%(\+?%(0*%(102[4-9]|10[3-9][0-9]|1[1-9][0-9]{2}|[2-9][0-9]{3}|[1-9][0-9]{4}|[1-9][0-9]{5}|10[0-3][0-9]{4}|104[0-7][0-9]{3}|1048[0-4][0-9]{2}|10485[0-6][0-9]|104857[0-6])[ \t]*[bB]?|0*%([1-9]|[1-9][0-9]|[1-9][0-9]{2}|10[0-1][0-9]|102[0-4])[ \t]*[kK]%([iI]?[bB])?|0*%(1)[ \t]*[mM]%([iI]?[bB])?|[0-9]+\.[0-9]+[ \t]*[kKmMgGtT]%([iI]?[bB])?))\ze\s*$; contained
hi def link gatewayValue112 gatewayNumber
syn match gatewayOption ;\v^\s*%(max_line)\ze\s*\=; nextgroup=gatewayIs113
syn match gatewayIs113 ;\s*=\s*; contained nextgroup=gatewayBadValue,gatewayEnvironment,gatewayValue113
syn match gatewayValue113 ;\v\$@!%(\+?%(0*%(102[4-9]|10[3-9][0-9]|1[1-9][0-9]{2}|[2-9][0-9]{3}|[1-9][0-9]{4}|[1-9][0-9]{5}|[1-9][0-9]{6}|1[0-5][0-9]{6}|16[0-6][0-9]{5}|167[0-6][0-9]{4}|1677[0-6][0-9]{3}|16777[0-1][0-9]{2}|1677720[0-9]|1677721[0-6])[ \t]*[bB]?|0*%([1-9]|[1-9][0-9]|[1-9][0-9]{2}|[1-9][0-9]{3}|1[0-5][0-9]{3}|16[0-2][0-9]{2}|163[0-7][0-9]|1638[0-4])[ \t]*[kK]%([iI]?[bB])?|0*%([1-9]|1[0-6])[ \t]*[mM]%([iI]?[bB])?|[0-9]+\.[0-9]+[ \t]*[kKmMgGtT]%([iI]?[bB])?))\ze\s*$; contained
hi def link gatewayValue113 gatewayNumber
syn match gatewayOption ;\v^\s*%(max_literal_prelogin)\ze\s*\=; nextgroup=gatewayIs114
syn match gatewayIs114 ;\s*=\s*; contained nextgroup=gatewayBadValue,gatewayEnvironment,gatewayValue114
syn match gatewayValue114 ;\v\$@!%(\+?%(0*%(6[4-9]|[7-9][0-9]|[1-9][0-9]{2}|[1-9][0-9]{3}|[1-9][0-9]{4}|[1-9][0-9]{5}|10[0-3][0-9]{4}|104[0-7][0-9]{3}|1048[0-4][0-9]{2}|10485[0-6][0-9]|104857[0-6])[ \t]*[bB]?|0*%([1-9]|[1-9][0-9]|[1-9][0-9]{2}|10[0-1][0-9]|102[0-4])[ \t]*[kK]%([iI]?[bB])?|0*%(1)[ \t]*[mM]%([iI]?[bB])?|[0-9]+\.[0-9]+[ \t]*[kKmMgGtT]%([iI]?[bB])?))\ze\s*$; contained
hi def link gatewayValue114 gatewayNumber
syn match gatewayOption ;\v^\s*%(max_literal)\ze\s*\=; nextgroup=gatewayIs115
syn match gatewayIs115 ;\s*=\s*; contained nextgroup=gatewayBadValue,gatewayEnvironment,gatewayValue115
syn match gatewayValue115 ;\v\$@!%(\+?%(0*%(6[4-9]|[7-9][0-9]|[1-9][0-9]{2}|[1-9][0-9]{3}|[1-9][0-9]{4}|[1-9][0-9]{5}|[1-9][0-9]{6}|[1-5][0-9]{7}|6[0-6][0-9]{6}|670[0-9]{5}|6710[0-7][0-9]{3}|67108[0-7][0-9]{2}|671088[0-5][0-9]|6710886[0-4])[ \t]*[bB]?|0*%([1-9]|[1-9][0-9]|[1-9][0-9]{2}|[1-9][0-9]{3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-6])[ \t]*[kK]%([iI]?[bB])?|0*%([1-9]|[1-5][0-9]|6[0-4])[ \t]*[mM]%([iI]?[bB])?|[0-9]+\.[0-9]+[ \t]*[kKmMgGtT]%([iI]?[bB])?))\ze\s*$; contained
hi def link gatewayValue115 gatewayNumber
syn match gatewayOption ;\v^\s*%(max_session_memory)\ze\s*\=; nextgroup=gatewayIs116
syn match gatewayIs116 ;\s*=\s*; contained nextgroup=gatewayBadValue,gatewayEnvironment,gatewayValue116
syn match gatewayValue116 ;\v\$@!%(\+?%(0*%(26214[4-9]|2621[5-9][0-9]|262[2-9][0-9]{2}|26[3-9][0-9]{3}|2[7-9][0-9]{4}|[3-9][0-9]{5}|[1-9][0-9]{6}|[1-9][0-9]{7}|[1-9][0-9]{8}|[1-3][0-9]{9}|4[0-1][0-9]{8}|42[0-8][0-9]{7}|429[0-3][0-9]{6}|4294[0-8][0-9]{5}|42949[0-5][0-9]{4}|429496[0-6][0-9]{3}|4294967[0-1][0-9]{2}|42949672[0-8][0-9]|429496729[0-6])[ \t]*[bB]?|0*%(25[6-9]|2[6-9][0-9]|[3-9][0-9]{2}|[1-9][0-9]{3}|[1-9][0-9]{4}|[1-9][0-9]{5}|[1-3][0-9]{6}|40[0-9]{5}|41[0-8][0-9]{4}|419[0-3][0-9]{3}|4194[0-2][0-9]{2}|419430[0-4])[ \t]*[kK]%([iI]?[bB])?|0*%([1-9]|[1-9][0-9]|[1-9][0-9]{2}|[1-3][0-9]{3}|40[0-8][0-9]|409[0-6])[ \t]*[mM]%([iI]?[bB])?|0*%([1-4])[ \t]*[gG]%([iI]?[bB])?|[0-9]+\.[0-9]+[ \t]*[kKmMgGtT]%([iI]?[bB])?))\ze\s*$; contained
hi def link gatewayValue116 gatewayNumber
syn match gatewayOption ;\v^\s*%(imap_sort_memory)\ze\s*\=; nextgroup=gatewayIs117
syn match gatewayIs117 ;\s*=\s*; contained nextgroup=gatewayBadValue,gatewayEnvironment,gatewayValue117
syn match gatewayValue117 ;\v\$@!%(\+?%(0*%(104857[6-9]|10485[8-9][0-9]|1048[6-9][0-9]{2}|1049[0-9]{3}|10[5-9][0-9]{4}|1[1-9][0-9]{5}|[2-9][0-9]{6}|[1-9][0-9]{7}|[1-9][0-9]{8}|[1-3][0-9]{9}|4[0-1][0-9]{8}|42[0-8][0-9]{7}|429[0-3][0-9]{6}|4294[0-8][0-9]{5}|42949[0-5][0-9]{4}|429496[0-6][0-9]{3}|4294967[0-1][0-9]{2}|42949672[0-8][0-9]|429496729[0-6])[ \t]*[bB]?|0*%(102[4-9]|10[3-9][0-9]|1[1-9][0-9]{2}|[2-9][0-9]{3}|[1-9][0-9]{4}|[1-9][0-9]{5}|[1-3][0-9]{6}|40[0-9]{5}|41[0-8][0-9]{4}|419[0-3][0-9]{3}|4194[0-2][0-9]{2}|419430[0-4])[ \t]*[kK]%([iI]?[bB])?|0*%([1-9]|[1-9][0-9]|[1-9][0-9]{2}|[1-3][0-9]{3}|40[0-8][0-9]|409[0-6])[ \t]*[mM]%([iI]?[bB])?|0*%([1-4])[ \t]*[gG]%([iI]?[bB])?|[0-9]+\.[0-9]+[ \t]*[kKmMgGtT]%([iI]?[bB])?))\ze\s*$; contained
hi def link gatewayValue117 gatewayNumber
syn match gatewayOption ;\v^\s*%(log_method)\ze\s*\=; nextgroup=gatewayIs119
syn match gatewayIs119 ;\s*=\s*; contained nextgroup=gatewayBadValue,gatewayEnvironment,gatewayValue119
syn match gatewayValue119 ;\v\$@!%([fF][iI][lL][eE]|[sS][yY][sS][lL][oO][gG]|[aA][uU][tT][oO])\ze\s*$; contained
hi def link gatewayValue119 gatewayWord
syn match gatewayOption ;\v^\s*%(log_format)\ze\s*\=; nextgroup=gatewayIs121
syn match gatewayIs121 ;\s*=\s*; contained nextgroup=gatewayBadValue,gatewayEnvironment,gatewayValue121
syn match gatewayValue121 ;\v\$@!%([tT][eE][xX][tT]|[jJ][sS][oO][nN])\ze\s*$; contained
hi def link gatewayValue121 gatewayWord
syn match gatewayOption ;\v^\s*%(log_level)\ze\s*\=; nextgroup=gatewayIs122
syn match gatewayIs122 ;\s*=\s*; contained nextgroup=gatewayBadValue,gatewayEnvironment,gatewayValue122
syn match gatewayValue122 ;\v\$@!%(\+?%(0|[1-6]|0[0-7]+|0[xX][0-9a-fA-F]+))\ze\s*$; contained
hi def link gatewayValue122 gatewayNumber
syn match gatewayOption ;\v^\s*%(log_buffer_size)\ze\s*\=; nextgroup=gatewayIs125
syn match gatewayIs125 ;\s*=\s*; contained nextgroup=gatewayBadValue,gatewayEnvironment,gatewayValue125
syn match gatewayValue125 ;\v\$@!%(\+?%(0*%(0|[1-9]|[1-9][0-9]|[1-9][0-9]{2}|[1-9][0-9]{3}|[1-9][0-9]{4}|[1-9][0-9]{5}|[1-9][0-9]{6}|1[0-5][0-9]{6}|16[0-6][0-9]{5}|167[0-6][0-9]{4}|1677[0-6][0-9]{3}|16777[0-1][0-9]{2}|1677720[0-9]|1677721[0-6])[ \t]*[bB]?|0*%(0|[1-9]|[1-9][0-9]|[1-9][0-9]{2}|[1-9][0-9]{3}|1[0-5][0-9]{3}|16[0-2][0-9]{2}|163[0-7][0-9]|1638[0-4])[ \t]*[kK]%([iI]?[bB])?|0*%(0|[1-9]|1[0-6])[ \t]*[mM]%([iI]?[bB])?|0*%(0)[ \t]*[gG]%([iI]?[bB])?|0*%(0)[ \t]*[tT]%([iI]?[bB])?|[0-9]+\.[0-9]+[ \t]*[kKmMgGtT]%([iI]?[bB])?))\ze\s*$; contained
hi def link gatewayValue125 gatewayNumber
syn match gatewayOption ;\v^\s*%(html_safety_filter)\ze\s*\=; nextgroup=gatewayIs126
syn match gatewayIs126 ;\s*=\s*; contained nextgroup=gatewayBadValue,gatewayEnvironment,gatewayValue126
syn match gatewayValue126 ;\v\$@!%(|[nN][oO]|[yY][eE][sS]|[iI][gG][nN][oO][rR][eE][dD]|[oO][fF][fF]|[fF][aA][lL][sS][eE]|0|[oO][nN]|[tT][rR][uU][eE]|1)\ze\s*$; contained
hi def link gatewayValue126 gatewayWord
syn match gatewayRetired ;\v^\s*%(imap_always_generate|imap_cache_folders_time_limit|imap_generate_utf8|imap_store_rfc822|socketspec)\ze\s*\=; nextgroup=gatewayIs127
syn match gatewayIs127 ;\s*=\s*; contained nextgroup=gatewayBadValue,gatewayEnvironment,gatewayValue127
syn match gatewayValue127 ;\v\$@!%(.*)\ze\s*$; contained
hi def link gatewayValue127 gatewayText

hi def link gatewayComment Comment
hi def link gatewayDirective Include
hi def link gatewayPath String
hi def link gatewayUnknownDirective Error
hi def link gatewayIgnored Error
hi def link gatewayUnknown Error
hi def link gatewayBadValue Error
hi def link gatewayEnvironment Identifier
hi def link gatewayOption Keyword
hi def link gatewayRetired WarningMsg
hi def link gatewayBoolean Boolean
hi def link gatewayNumber Number
hi def link gatewayWord Constant
hi def link gatewayText String

let b:current_syntax = 'gateway'
let &cpo = s:cpo
unlet s:cpo
