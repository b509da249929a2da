/* codes.c - what to do about each finding (see codes.h)
 *
 * One row a code, in their order. The lines of `wrong` really have the finding and those of `right` do not: a test
 * reads both. A finding that no lines alone can have (it needs a machine, an argument, bytes that do not print) has
 * words only. */
#include "config/codes.h"

#include "config/diag.h"

static const struct gw_diag_help rows[] = {
	/* ---- errors ---- */
	{ CONFIG_E_MAIN_FILE,
	  "Name a file that exists, is a regular file, and may be read by whoever asks. Without an argument the usual "
	  "file is read; gwcfg(1) says which that is.",
	  NULL, NULL },
	{ CONFIG_E_INCLUDE,
	  "Correct the path, or take the line out. A relative path begins at the directory of the file it stands in, "
	  "with symbolic links followed. Everything behind `!include` and a blank is the path, quotes too. "
	  "kopano-gateway stopped reading here; we read on, to show all that is wrong, and refuse the file.",
	  "!include no-such-file.cfg\n", NULL },
	{ CONFIG_E_UNKNOWN,
	  "Correct the name; `gwcfg list` shows all. Names are lower case with underscores. A line that begins with a "
	  "blank is no comment, even with a # behind it. Options of other daemons belong to their own files.",
	  "Imap_Port = 143\n", "imap_port = 143\n" },
	{ CONFIG_E_EMPTY,
	  "Write a value, or take the line out: then the default counts.",
	  "imap_port =\n", "imap_port = 143\n" },
	{ CONFIG_E_VALUE,
	  "Write a value of the kind the option takes; `gwcfg explain` with its name says which. Everything behind the = "
	  "is the value, also what looks like a comment or quotes.",
	  "imap_port = 143 # default\n", "# default\nimap_port = 143\n" },
	{ CONFIG_E_RANGE,
	  "Choose a number between the smallest and the largest that the option allows.",
	  "log_level = 9\n", "log_level = 4\n" },
	{ CONFIG_E_WORD,
	  "Choose one of the words that are listed as expected.",
	  "log_method = eventlog\n", "log_method = syslog\n" },
	{ CONFIG_E_NUL,
	  "Take the byte out. It often comes from a file in UTF-16, or from a disk that was full; look at the line with "
	  "`od -c`.",
	  NULL, NULL },
	{ CONFIG_E_LINE,
	  "Break the line up: no option needs 64 KiB. A long list of listeners or certificates can be made shorter with "
	  "shorter paths.",
	  NULL, NULL },
	{ CONFIG_E_FILES,
	  "Include fewer files, or make one of them. A pattern that matches a directory of something else is the usual "
	  "cause.",
	  NULL, NULL },
	{ CONFIG_E_OVERRIDE,
	  "Write the argument as --name=value, with dashes or underscores: --imap-port=1143.",
	  NULL, NULL },
	{ CONFIG_E_LISTENER,
	  "Write ADDRESS:PORT. The address is a number, in brackets when it is IPv6, or * for all; %NAME behind it ties "
	  "the service to an interface; unix:/PATH is a socket file. Names of hosts are not looked up.",
	  "imap_listen = localhost:143\n", "imap_listen = 127.0.0.1:143 [::1]:143\n" },
	{ CONFIG_E_COLLISION,
	  "Give each service a port or an address of its own. The wildcard * takes the port on every address.",
	  "imap_port = 143\npop3_port = 143\n", "imap_port = 143\npop3_port = 110\n" },
	{ CONFIG_E_NO_SERVICE,
	  "Switch a service on. `off`, `No` and an empty value meant something else to kopano-gateway in some options, "
	  "see GW2005.",
	  "imap_enable = no\nimaps_enable = no\npop3_enable = no\npop3s_enable = no\n", "imap_enable = yes\n" },
	{ CONFIG_E_URL,
	  "Name the place of the mail as a URL; local: and an absolute path is the embedded store.",
	  "server_socket = /var/lib/gateway\n", "server_socket = local:/var/lib/gateway\n" },
	{ CONFIG_E_STORE,
	  "Use a store that this version has: local: and a directory, or a JMAP server. The URL itself is fine, and a later version may "
	  "have a driver for it.",
	  NULL, NULL },
	{ CONFIG_E_PATH,
	  "Choose a path of at most 107 bytes: the kernel has no room for more in the address of a socket.",
	  NULL, NULL },
	{ CONFIG_E_PAIR,
	  "Write each certificate with its key behind a colon, and blanks between the pairs.",
	  "ssl_certificates = /etc/gateway/b.pem\n", "ssl_certificates = /etc/gateway/b.pem:/etc/gateway/b.key\n" },
	{ CONFIG_E_TLS,
	  "Leave at least one version on. Since TLS 1.3 is always on unless it is excluded, excluding it is the usual "
	  "cause; `tls_min_proto` is the simpler way to say it.",
	  "ssl_protocols = !SSLv3 !TLSv1 !TLSv1.1 !TLSv1.2 !TLSv1.3\n", "tls_min_proto = tls1.2\n" },
	{ CONFIG_E_LIMITS,
	  "Raise the larger limit or lower the smaller one. A limit that is not set follows by itself.",
	  "max_line = 1M\nmax_session_memory = 512K\n", "max_line = 1M\nmax_session_memory = 16M\n" },
	{ CONFIG_E_BYTES,
	  "Include less. All files together may have 256 MiB, which is far more than any configuration needs: something "
	  "else was included.",
	  NULL, NULL },
	{ CONFIG_E_CHANGED,
	  "Read again. Whoever writes the file should write a new one and rename it into place, as `gwcfg set` does; "
	  "then no reader ever sees half of it.",
	  NULL, NULL },
	{ CONFIG_E_INCOMPLETE,
	  "Set the other option too, or take this one out.",
	  "server_socket = https://mail.example.org/\nbackend_user = gateway\n",
	  "server_socket = https://mail.example.org/\nbackend_user = gateway\nbackend_password_file = /etc/gateway/backend.password\n"
	  "backend_impersonate = authorize-as\n" },
	{ CONFIG_E_NO_USER,
	  "Make the user or group, or name another one. Numbers are taken too; a number without a user of its own needs "
	  "`run_as_group`.",
	  NULL, NULL },
	{ CONFIG_E_CIPHERS,
	  "Use words that `openssl ciphers` knows; HIGH:!aNULL is a good list. Names of TLS 1.3, such as "
	  "TLS_AES_128_GCM_SHA256, do not count here: those ciphers are always on.",
	  NULL, NULL },
	{ CONFIG_E_CURVES,
	  "Use names that `openssl ecparam -list_curves` and the TLS library know, such as X25519, P-256, P-384, P-521, "
	  "with colons between them. One unknown name makes the whole list useless.",
	  NULL, NULL },
	{ CONFIG_E_CERTIFICATE,
	  "The file must be PEM: lines between BEGIN CERTIFICATE and END CERTIFICATE, that of the server first. Convert "
	  "DER with `openssl x509 -inform DER -in FILE -out cert.pem`. The daemon does not start with a file that it "
	  "cannot use.",
	  NULL, NULL },
	{ CONFIG_E_KEY,
	  "The file must be a PEM private key without a pass phrase, and the one the certificate was made for: both "
	  "`openssl x509 -noout -pubkey -in cert.pem` and `openssl pkey -pubout -in key.pem` print the same then.",
	  NULL, NULL },
	{ CONFIG_E_VALIDITY,
	  "Renew the certificate; the daemon takes a new file by itself. When it is said to be not valid yet, look at "
	  "the clock of this machine.",
	  NULL, NULL },
	{ CONFIG_E_AUTHORITIES,
	  "`ssl_verify_file` is a PEM file with at least one certificate; `ssl_verify_path` is a directory that `openssl "
	  "rehash` was run on.",
	  NULL, NULL },
	{ CONFIG_E_ACCESS,
	  "Change owner, group or permissions so that `run_as_user` may: chgrp and chmod g+r for a key, chown for a "
	  "directory the daemon writes to. Every directory on the way must be open to it (x) too.",
	  NULL, NULL },
	{ CONFIG_E_TAKEN,
	  "Stop the other program, or choose another port; `ss -ltnp` shows who it is. What a running gatewayd with the "
	  "same control socket or pid file holds is no finding. A socket that the service manager holds for the daemon "
	  "(socket activation) is told too; then all is well.",
	  NULL, NULL },
	{ CONFIG_E_NO_ADDRESS,
	  "Use an address of this machine (`ip address` shows them) or *. When the address is to come later, start the "
	  "daemon behind the network.",
	  NULL, NULL },
	{ CONFIG_E_CONTROL_PLACE,
	  "Choose a directory that only root and the daemon may write to, such as /run/gateway. Where everybody may, "
	  "anybody could put another socket in its place and be told passwords; the daemon refuses to start.",
	  NULL, NULL },
	{ CONFIG_E_STORE_PLACE,
	  "Make the directory and give it to `run_as_user` with mode 0700.",
	  NULL, NULL },
	{ CONFIG_E_STORE_TLS,
	  "Correct the name in `server_socket`, or name in `backend_ca_file` who signed the certificate; `openssl s_client -connect "
	  "HOST:443` shows it. Nobody can use mail until the two agree.",
	  NULL, NULL },
	{ CONFIG_E_NO_JMAP,
	  "Look whether `server_socket` names the server that has the mail. Without a path its session resource is asked for at "
	  "/.well-known/jmap (RFC 8620 section 2.2); the address may have the path of another.",
	  NULL, NULL },
	{ CONFIG_E_SIGN_ON,
	  "Correct `backend_user` or the first line of `backend_password_file`, or let the account in at the storage server. Until "
	  "then nobody who needs it can sign on.",
	  NULL, NULL },
	{ CONFIG_E_DATABASE,
	  "Give its user the database (ALTER DATABASE ... OWNER TO ...) or CREATE on it, name the server that can be written to, or "
	  "install libpq5; tables of another version need the gateway that made them.",
	  NULL, NULL },
	{ CONFIG_E_PASSWORD_FILE,
	  "Write the password into the first line of a file, give it to `run_as_user` and chmod it to 0400.",
	  NULL, NULL },
	{ CONFIG_E_SOURCE,
	  "Look whether the file is of the server that `--from` names. If it is, correct the line as that server would "
	  "want it.",
	  NULL, NULL },
	{ CONFIG_E_KEY_OPEN,
	  "chmod o-rwx the file. Whoever could read the key can pretend to be this server: if others use the machine, make a "
	  "new key and a new certificate.",
	  NULL, NULL },
	{ CONFIG_E_CONFIG_OPEN,
	  "chmod o-r the file, or let the password come from the environment. Whoever could read it knows it now: change it.",
	  NULL, NULL },
	{ CONFIG_E_CONTROL_OPEN,
	  "Use 0660 in `control_socket_mode` and name the group of the administrators in `control_socket_group`.",
	  NULL, NULL },

	/* ---- warnings ---- */
	{ CONFIG_W_IGNORED,
	  "Write the =, or a # in the first column, or take the line out.",
	  "imap_port 143\n", "imap_port = 143\n" },
	{ CONFIG_W_DIRECTIVE,
	  "Write !include in lower case, in the first column, with a blank behind it.",
	  "!Include /etc/gateway/tls.cfg\n", NULL },
	{ CONFIG_W_COMMENT,
	  "Put the comment on its own line and take the quotes out, unless they really belong to the value.",
	  "server_hostname = \"mail.example.org\"\n", "server_hostname = mail.example.org\n" },
	{ CONFIG_W_ENVIRONMENT,
	  "Set the variable for the daemon (Environment= in its unit) and for whoever checks, or write the value itself. "
	  "Only a $ in front of the whole value counts.",
	  "server_hostname = $NO_SUCH_VARIABLE_HERE\n", "server_hostname = mail.example.org\n" },
	{ CONFIG_W_DIFFERENT,
	  "Write what you mean in the form that all versions read alike: yes or no in lower case, sizes with one letter "
	  "behind a whole number. Look at the old behaviour in the sentence: the site may rely on it.",
	  "imap_public_folders = off\n", "imap_public_folders = no\n" },
	{ CONFIG_W_RETIRED,
	  "Take the line out.",
	  "imap_store_rfc822 = yes\n", NULL },
	{ CONFIG_W_DIALECTS,
	  "Keep one of the two forms for a service; that with _listen is the newer and says more.",
	  "imap_port = 143\nimap_listen = *:1143\n", "imap_listen = *:1143\n" },
	{ CONFIG_W_BOM,
	  "Save the file without a byte order mark: `sed -i '1s/^\\xEF\\xBB\\xBF//' FILE`.",
	  "\xEF\xBB\xBF# a comment\n", "# a comment\n" },
	{ CONFIG_W_LONG,
	  "Nothing, unless an older kopano-gateway must read the file as well.",
	  NULL, NULL },
	{ CONFIG_W_NO_EFFECT,
	  "Take the line out, or change the other option that the sentence names.",
	  "process_model = fork\nworker_threads = 4\n", "process_model = thread\nworker_threads = 4\n" },
	{ CONFIG_W_INSECURE,
	  "Follow the hint, or be sure that you want it so.",
	  "tls_min_proto = tls1.0\n", "tls_min_proto = tls1.2\n" },
	{ CONFIG_W_NO_AUTHORITY,
	  "Name who signs the certificates of your clients.",
	  "ssl_verify_client = yes\n", "ssl_verify_client = yes\nssl_verify_file = /etc/gateway/clients.pem\n" },
	{ CONFIG_W_NO_CERTIFICATE,
	  "Name a certificate and its key, or switch off what needs them.",
	  "ssl_certificate_file =\nimaps_enable = yes\n",
	  "ssl_certificate_file = /etc/gateway/cert.pem\nssl_private_key_file = /etc/gateway/privkey.pem\nimaps_enable = yes\n" },
	{ CONFIG_W_SHORT,
	  "Use at least the time the standard asks for: clients count on it and show errors to their users otherwise.",
	  "imap_timeout = 5m\n", "imap_timeout = 30m\n" },
	{ CONFIG_W_RELATIVE,
	  "Write the whole path, from /.",
	  "ssl_verify_file = ca.pem\n", "ssl_verify_file = /etc/gateway/ca.pem\n" },
	{ CONFIG_W_GAP,
	  "Name the versions between, too, or say the oldest with `tls_min_proto`.",
	  "ssl_protocols = TLSv1 TLSv1.2\n", "tls_min_proto = tls1.2\n" },
	{ CONFIG_W_OCTAL,
	  "Take the 0 in front away, unless you really mean eight times.",
	  "imap_port = 0143\n", "imap_port = 143\n" },
	{ CONFIG_W_PORT,
	  "Use the port that clients expect: 143 IMAP, 993 IMAP in TLS, 110 POP3, 995 POP3 in TLS, 236 a storage server, "
	  "237 one in TLS. On another's port, clients wait for a greeting that never comes.",
	  "imap_port = 993\nimaps_port = 143\n", "imap_port = 143\nimaps_port = 993\n" },
	{ CONFIG_W_PLAINTEXT,
	  "Name a certificate, so that clients can use TLS, or listen on 127.0.0.1 alone when something in front of this "
	  "server speaks TLS.",
	  "ssl_certificate_file =\nssl_private_key_file =\nimaps_enable = no\npop3s_enable = no\n",
	  "ssl_certificate_file =\nssl_private_key_file =\nimap_listen = 127.0.0.1:143\npop3_listen =\n" },
	{ CONFIG_W_OVERLAP,
	  "Give each a directory of its own. Mirrors are made, moved and removed below `mirror_path`, and what lies in `tmp_path` may "
	  "be cleaned away at any time.",
	  "server_socket = https://mail.example.org/\nmirror_path = /tmp/mirror\n",
	  "server_socket = https://mail.example.org/\nmirror_path = /var/lib/gateway/mirror\n" },
	{ CONFIG_W_NO_DATABASE,
	  "Write the name of the database behind the host.",
	  "server_socket = https://mail.example.org/\nstate_database = postgresql://gateway@db.example.org\n",
	  "server_socket = https://mail.example.org/\nstate_database = postgresql://gateway@db.example.org/gateway\n" },
	{ CONFIG_W_FILE,
	  "Make the file or directory, or correct the path. While the first certificate does not exist, the daemon "
	  "starts without TLS.",
	  NULL, NULL },
	{ CONFIG_W_NOT_READ,
	  "Include the file, or name in --replace the path that the configuration includes.",
	  NULL, NULL },
	{ CONFIG_W_KEY_OPEN,
	  "chmod o= the key, and keep its group to the daemon's. Whoever reads it can be this server.",
	  NULL, NULL },
	{ CONFIG_W_CIPHER_WORD,
	  "Take the word out or correct it; `openssl ciphers -v WORD` shows what one gives. Words with ! or - in front "
	  "may be unknown, they take nothing away then.",
	  NULL, NULL },
	{ CONFIG_W_VERSION,
	  "Use `tls_min_proto = tls1.2`. Old clients that need more need an OpenSSL that still has it, and @SECLEVEL=0 "
	  "in `ssl_ciphers`.",
	  NULL, NULL },
	{ CONFIG_W_EXPIRES,
	  "Renew it. The daemon takes the new file by itself within a minute.",
	  NULL, NULL },
	{ CONFIG_W_WEAK,
	  "Make a new key (RSA of 2048 bits and more, or P-256) and have it signed with SHA-256.",
	  NULL, NULL },
	{ CONFIG_W_NAME,
	  "Have a certificate made for the name that clients are told to use, or correct `server_hostname`. Names of "
	  "several domains can each have a certificate, see `ssl_certificates`.",
	  NULL, NULL },
	{ CONFIG_W_CHAIN,
	  "Put the certificate of the server first, then the one that signed it, and so on; the authority itself may be "
	  "left out. Most authorities hand out such a file as fullchain.pem.",
	  NULL, NULL },
	{ CONFIG_W_UNREACHABLE,
	  "Look whether the storage server runs, and whether name, port and firewall let this machine reach it.",
	  NULL, NULL },
	{ CONFIG_W_NO_SYSLOG,
	  "Start a system log, or set `log_method` to file.",
	  NULL, NULL },
	{ CONFIG_W_OPEN_FILES,
	  "Raise LimitNOFILE in the unit of the daemon (`ulimit -n` elsewhere), or lower `max_connections`. A connection "
	  "can need two.",
	  NULL, NULL },
	{ CONFIG_W_PLACE_OPEN,
	  "chmod o-w the directory. Where everybody may write, anybody can put something else in the place of the file.",
	  NULL, NULL },
	{ CONFIG_W_SESSION,
	  "Look at the account on the storage server: it needs mail, and the server must tell its limits and addresses as RFC 8620 "
	  "section 2 has them. Users have session objects of their own, which may be better.",
	  NULL, NULL },
	{ CONFIG_W_DATABASE_AWAY,
	  "Look whether PostgreSQL runs, lets the user in from this machine (pg_hba.conf) and has the database. While it is away, "
	  "clients can read, and changes are refused.",
	  NULL, NULL },
	{ CONFIG_W_PASSWORD_FILE,
	  "chmod o-rwx the file and change the password when others could read it; keep nothing else in it.",
	  NULL, NULL },
	{ CONFIG_W_FILE_SYSTEM,
	  "Use a directory on a disk of this machine. Mirrors are SQLite databases, whose locks file systems of the network do not "
	  "keep well; what lies in memory is gone after a restart.",
	  NULL, NULL },
	{ CONFIG_W_SPACE,
	  "Make room, use another disk, or lower `mirror_cache_size`. It counts for each account.",
	  NULL, NULL },
	{ CONFIG_W_SECRET,
	  "Let it come from the environment: a value that begins with $ names a variable. A comment should not keep it either.",
	  NULL, NULL },
	{ CONFIG_W_WRITABLE,
	  "chmod go-w the file. Who can change it decides where the daemon finds its mail and who it runs as.",
	  NULL, NULL },
	{ CONFIG_W_DIRECTORY_OPEN,
	  "chmod o-rwx the directory. It holds mail, hashes of passwords, or core dumps with passwords in them.",
	  NULL, NULL },
	{ CONFIG_W_LATER,
	  "Give the directory to the user of the daemon, or let its group write there. A log that is rotated is opened "
	  "anew by that user, who is no longer root then.",
	  NULL, NULL },

	/* ---- notes ---- */
	{ CONFIG_N_AGAIN,
	  "Keep one of the lines. An include that sets an option again is meant to do so and is no finding.",
	  "imap_port = 143\nimap_port = 1143\n", "imap_port = 1143\n" },
	{ CONFIG_N_SKIPPED,
	  "Nothing; a file counts once, at the place where it is included first.",
	  NULL, NULL },
	{ CONFIG_N_LOOPBACK,
	  "Name the addresses, or switch the service off with an empty value.",
	  "imap_listen = *:143\n", "imap_listen = *:143\npop3_listen =\n" },
	{ CONFIG_N_NO_MATCH,
	  "Nothing, if the directory may be empty.",
	  NULL, NULL },
	{ CONFIG_N_PLAINTEXT,
	  "Set `disable_plaintext_auth` to yes: clients that can, use STARTTLS then, and others are refused. Connections "
	  "from this machine itself are let through in any case.",
	  "disable_plaintext_auth = no\n", "disable_plaintext_auth = yes\n" },
	{ CONFIG_N_LOG_LEVEL,
	  "4 tells who logs in; 2 only what goes wrong. At 6 the log grows by every line that a client says.",
	  "log_level = 0\n", "log_level = 4\n" },
	{ CONFIG_N_OTHER_STORE,
	  "Nothing, if the line is there for later; else take it out. `server_socket` says which store it is.",
	  "server_socket = local:/var/lib/gateway\nmirror_path = /srv/mirror\n", "server_socket = local:/var/lib/gateway\n" },
	{ CONFIG_N_SPEAKS_FOR_NOBODY,
	  "Nothing, if only checks shall sign on with it. Users who sign on here with a certificate need "
	  "`backend_impersonate`, and a storage server that allows it.",
	  "server_socket = https://mail.example.org/\nbackend_user = gateway\nbackend_password_file = /etc/gateway/backend.password\n",
	  "server_socket = https://mail.example.org/\nbackend_user = gateway\nbackend_password_file = /etc/gateway/backend.password\n"
	  "backend_impersonate = authorize-as\n" },
	{ CONFIG_N_NOT_SEEN,
	  "Run `gwcfg check --live` as root or as the user of the daemon.",
	  NULL, NULL },
	{ CONFIG_N_UNTRUSTED,
	  "Nothing, if your clients know the authority. Otherwise have the certificate signed by one they know, or add "
	  "yours to /usr/local/share/ca-certificates and run update-ca-certificates.",
	  NULL, NULL },

	/* ---- conversions ---- */
	{ CONFIG_N_NOT_SIGNED_ON,
	  "Nothing, if users sign on themselves. `backend_user` and `backend_password_file` name an account that is tried.",
	  NULL, NULL },
	{ CONFIG_N_STORE_SEEN,
	  "Nothing has to be done.",
	  NULL, NULL },
	{ CONFIG_W_NOT_CARRIED,
	  "Do what the hint says, if you need it. Mail, users and passwords are always among them.",
	  NULL, NULL },
	{ CONFIG_W_NEARLY,
	  "Compare what the option says in gateway.cfg(5) with what you want, and change the new file where they differ.",
	  NULL, NULL },
	{ CONFIG_W_UNKNOWN_SETTING,
	  "Look whether the name is right. If it is, see in gateway.cfg(5) whether an option is for the same.",
	  NULL, NULL },
	{ CONFIG_N_NEEDLESS,
	  "Nothing; the gateway does it by itself, or has no use for it.",
	  NULL, NULL },
};

const struct gw_diag_help *gw_diag_code_help(unsigned code)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (rows[i].code == code)
			return &rows[i];
	return NULL;
}
