# bash completion of gwcfg(1), generated from the option table
_gwcfg()
{
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} verb=${COMP_WORDS[1]}
	COMPREPLY=()
	if [ "$COMP_CWORD" -eq 1 ]; then
		COMPREPLY=($(compgen -W "check expand dump explain list schema help" -- "$cur"))
		return
	fi
	case $prev in
	--format) COMPREPLY=($(compgen -W "text json" -- "$cur")); return ;;
	--completion) COMPREPLY=($(compgen -W "bash zsh fish" -- "$cur")); return ;;
	-W) COMPREPLY=($(compgen -W "error" -- "$cur")); return ;;
	esac
	case $verb in
	check) [[ $cur == -* ]] && COMPREPLY=($(compgen -W "--format --ignore-unknown --live --override --quiet -W" -- "$cur")) ;;
	dump) [[ $cur == -* ]] && COMPREPLY=($(compgen -W "--changed --json --override" -- "$cur")) ;;
	list) [[ $cur == -* ]] && COMPREPLY=($(compgen -W "--json" -- "$cur")) ;;
	schema) [[ $cur == -* ]] && COMPREPLY=($(compgen -W "--man --sample --completion" -- "$cur")) ;;
	explain) COMPREPLY=($(compgen -W "--file server_bind server_hostname server_hostname_greeting pop3_enable pop3_port pop3s_enable pop3s_port imap_enable imap_port imaps_enable imaps_port pop3_listen pop3s_listen imap_listen imaps_listen server_socket bypass_auth public_account mail_quota mail_quota_messages max_mailboxes run_as_user run_as_group pid_file running_path tmp_path coredump_enabled process_model worker_threads loop_threads auth_threads shutdown_timeout control_socket control_socket_mode control_socket_group imap_only_mailfolders imap_public_folders imap_capability_idle imap_max_messagesize imap_expunge_on_delete imap_max_fail_commands imap_ignore_command_idle imap_capabilities imap_timeout pop3_lock_maildrop pop3_timeout disable_plaintext_auth auth_mechanisms auth_cache_ttl max_auth_failures login_timeout ssl_private_key_file ssl_certificate_file ssl_certificates ssl_verify_client ssl_verify_file ssl_verify_path tls_min_proto ssl_protocols ssl_ciphers ssl_curves ssl_prefer_server_ciphers max_connections max_connections_per_address max_connections_per_user max_line_prelogin max_line max_literal_prelogin max_literal max_session_memory write_timeout log_method log_file log_format log_level log_timestamp log_buffer_size html_safety_filter imap_always_generate imap_cache_folders_time_limit imap_generate_utf8 imap_store_rfc822 socketspec" -- "$cur")); return ;;
	esac
	[ ${#COMPREPLY[@]} -gt 0 ] || COMPREPLY=($(compgen -f -- "$cur"))
}
complete -o filenames -F _gwcfg gwcfg
