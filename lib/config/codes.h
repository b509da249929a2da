/* codes.h - every finding has a number that stays
 *
 * CODE(number, name, meaning). GW1xxx errors, GW2xxx warnings, GW3xxx notes, GWx1xx about the machine (gwcfg only),
 * GW4xxx about a conversion: warnings up to GW4499, notes from GW4500.
 * A number is never given to another meaning. */
#ifndef GW_CONFIG_CODES_H
#define GW_CONFIG_CODES_H

#define CONFIG_CODES(CODE) \
	CODE(1001, E_MAIN_FILE, "The configuration file cannot be read.") \
	CODE(1002, E_INCLUDE, "An included file cannot be read. It must exist and be a regular file.") \
	CODE(1003, E_UNKNOWN, "There is no option of this name. Names are lower case and a comment begins in the first column.") \
	CODE(1004, E_EMPTY, "This option needs a value.") \
	CODE(1005, E_VALUE, "The value is not of the kind this option takes.") \
	CODE(1006, E_RANGE, "The number is smaller or larger than this option allows.") \
	CODE(1007, E_WORD, "The word is none of those this option knows.") \
	CODE(1008, E_NUL, "The line has a NUL byte; kopano-gateway read only up to it.") \
	CODE(1009, E_LINE, "The line is longer than any line may be.") \
	CODE(1010, E_FILES, "Too many files are included, or too many large ones inside each other.") \
	CODE(1011, E_OVERRIDE, "An argument is not of the form --option-name=value.") \
	CODE(1012, E_LISTENER, "An address or listener cannot be understood. Addresses are numeric.") \
	CODE(1013, E_COLLISION, "Two services would listen on the same address and port.") \
	CODE(1014, E_NO_SERVICE, "No service is on, so there is nothing to do.") \
	CODE(1015, E_URL, "The place of the mail cannot be understood.") \
	CODE(1016, E_STORE, "This program has no driver for such a store.") \
	CODE(1017, E_PATH, "The path is too long for a socket.") \
	CODE(1018, E_PAIR, "A certificate needs its key: cert.pem:key.pem.") \
	CODE(1019, E_TLS, "No version of TLS is left.") \
	CODE(1020, E_LIMITS, "Two limits contradict each other.") \
	CODE(1021, E_BYTES, "The files of the configuration are larger together than they may be.") \
	CODE(1022, E_CHANGED, "The file was changed while it was read. Nothing of this reading counts; read again.") \
	CODE(1023, E_INCOMPLETE, "The option needs another one, which is not set.") \
	CODE(1101, E_NO_USER, "The user or group does not exist on this machine.") \
	CODE(1102, E_CIPHERS, "The TLS library of this machine has no cipher of the list, so there would be no TLS.") \
	CODE(1103, E_CURVES, "The TLS library of this machine does not know a group of the list, so there would be no TLS.") \
	CODE(1104, E_CERTIFICATE, "The certificate cannot be used.") \
	CODE(1105, E_KEY, "The private key cannot be used, or belongs to another certificate.") \
	CODE(1106, E_VALIDITY, "The certificate has expired, or is not valid yet.") \
	CODE(1107, E_AUTHORITIES, "The authorities for the certificates of clients cannot be loaded.") \
	CODE(1108, E_ACCESS, "The user of the daemon may not read or write what it needs.") \
	CODE(1109, E_TAKEN, "Another program has the address of a service.") \
	CODE(1110, E_NO_ADDRESS, "The address or the interface of a service is not one of this machine.") \
	CODE(1111, E_CONTROL_PLACE, "The control socket cannot be made where it should be.") \
	CODE(1112, E_STORE_PLACE, "The directory of the mail cannot be used.") \
	CODE(1113, E_STORE_TLS, "TLS with the storage server fails, or its certificate is not accepted.") \
	CODE(1114, E_NO_JMAP, "What answers where the storage server should be is no JMAP server for mail.") \
	CODE(1115, E_SIGN_ON, "The storage server does not let the service account in.") \
	CODE(1116, E_DATABASE, "The database in which gateways share the numbers of messages cannot be used.") \
	CODE(1117, E_PASSWORD_FILE, "A file with a password cannot be used.") \
	CODE(1150, E_KEY_OPEN, "Everybody on this machine can read or replace a private key.") \
	CODE(1151, E_CONFIG_OPEN, "A password stands in the configuration, and everybody on this machine can read the file.") \
	CODE(1152, E_CONTROL_OPEN, "Everybody on this machine may give orders to the daemon through its control socket.") \
	CODE(1401, E_SOURCE, "The file is not in the form of the server that it is said to be of.") \
	CODE(2001, W_IGNORED, "The line has no effect: it is neither a comment nor \"name = value\".") \
	CODE(2002, W_DIRECTIVE, "The directive is not known; only !include is, in the first column.") \
	CODE(2003, W_COMMENT, "Everything behind the = is the value, also what looks like a comment or quotes.") \
	CODE(2004, W_ENVIRONMENT, "The environment variable is not set, so the text itself is the value.") \
	CODE(2005, W_DIFFERENT, "kopano-gateway read this value in another way.") \
	CODE(2006, W_RETIRED, "The option no longer does anything.") \
	CODE(2007, W_DIALECTS, "A service is described in the older and in the newer form; the newer counts.") \
	CODE(2008, W_BOM, "The file begins with a byte order mark, which kopano-gateway took for a part of the first name.") \
	CODE(2009, W_LONG, "kopano-gateway cut lines at 4095 bytes and values at 1023.") \
	CODE(2010, W_NO_EFFECT, "The option has no effect together with the others.") \
	CODE(2011, W_INSECURE, "The setting makes the server less safe.") \
	CODE(2012, W_NO_AUTHORITY, "Certificates of clients are demanded, but no authority for them is named.") \
	CODE(2013, W_NO_CERTIFICATE, "TLS is wanted, but there is no pair of certificate and key.") \
	CODE(2014, W_SHORT, "The time is shorter than the protocol's standard asks for.") \
	CODE(2015, W_RELATIVE, "A relative path depends on the directory the daemon is started in.") \
	CODE(2016, W_GAP, "Versions of TLS below a gap are off.") \
	CODE(2018, W_OCTAL, "A number with a leading 0 is octal.") \
	CODE(2019, W_PORT, "The port is known as that of another protocol.") \
	CODE(2020, W_PLAINTEXT, "There is no TLS, so passwords cross the network as they are.") \
	CODE(2021, W_OVERLAP, "Two things that do not get along lie in one directory.") \
	CODE(2022, W_NO_DATABASE, "The URL of the database does not say which database of the server it is.") \
	CODE(2101, W_FILE, "A file or directory that is named does not exist on this machine, or is something else.") \
	CODE(2102, W_NOT_READ, "A file that should be replaced is no part of the configuration, so nothing of it was checked.") \
	CODE(2103, W_KEY_OPEN, "Others than the daemon and root may read the private key.") \
	CODE(2104, W_CIPHER_WORD, "The TLS library of this machine has no cipher of this name, so the word does not count.") \
	CODE(2105, W_VERSION, "The TLS library of this machine does not speak a version of TLS that is allowed.") \
	CODE(2106, W_EXPIRES, "The certificate expires soon.") \
	CODE(2107, W_WEAK, "The key or the signature of the certificate is weak; clients may refuse it.") \
	CODE(2108, W_NAME, "The name of the server is none of those in the certificate.") \
	CODE(2109, W_CHAIN, "The certificates in the file do not lead from the server's to an authority.") \
	CODE(2110, W_UNREACHABLE, "The storage server does not answer.") \
	CODE(2111, W_NO_SYSLOG, "There is no system log on this machine.") \
	CODE(2112, W_OPEN_FILES, "Fewer files may be open than all connections together can need.") \
	CODE(2113, W_PLACE_OPEN, "Everybody may write where only the daemon should.") \
	CODE(2114, W_LATER, "The daemon starts, but its user may not write where it will want to later.") \
	CODE(2115, W_SESSION, "The session object of the service account is not what mail can be served with.") \
	CODE(2116, W_DATABASE_AWAY, "The database in which gateways share the numbers of messages does not answer.") \
	CODE(2117, W_PASSWORD_FILE, "A file with a password is open to others, or holds more than the password.") \
	CODE(2118, W_FILE_SYSTEM, "The file system of a directory does not suit what is kept there.") \
	CODE(2119, W_SPACE, "Less space is free than a mirror may take.") \
	CODE(2150, W_SECRET, "A password stands in the configuration.") \
	CODE(2151, W_WRITABLE, "Others than the owner can change a file of the configuration.") \
	CODE(2152, W_DIRECTORY_OPEN, "Everybody on this machine can look into a directory of mail or core dumps.") \
	CODE(3001, N_AGAIN, "The option is set again in the same file; the last one counts.") \
	CODE(3002, N_SKIPPED, "The file has been read already and is not read again.") \
	CODE(3003, N_LOOPBACK, "The service is not mentioned; as in kopano-gateway 9 it serves this machine only.") \
	CODE(3004, N_NO_MATCH, "No file matches what is included.") \
	CODE(3005, N_PLAINTEXT, "Clients may log in without TLS, so that their passwords cross the network as they are.") \
	CODE(3006, N_LOG_LEVEL, "The log tells nothing at all, or everything that is said.") \
	CODE(3007, N_OTHER_STORE, "The option is for another kind of store than the one that is set.") \
	CODE(3008, N_SPEAKS_FOR_NOBODY, "The service account of the storage server signs on, but speaks for no user.") \
	CODE(3101, N_NOT_SEEN, "Something could not be looked at.") \
	CODE(3102, N_UNTRUSTED, "The certificate leads to no authority that this machine knows.") \
	CODE(3103, N_NOT_SIGNED_ON, "The storage server answers, but whether it lets anybody in was not tried.") \
	CODE(3104, N_STORE_SEEN, "What the storage server or the database said when it was looked at; it is as it should be.") \
	CODE(4001, W_NOT_CARRIED, "A setting of the other server has no counterpart here, or its value has none.") \
	CODE(4002, W_NEARLY, "A setting of the other server is carried, but does not mean quite the same.") \
	CODE(4003, W_UNKNOWN_SETTING, "The conversion does not know this setting, so it is not carried.") \
	CODE(4501, N_NEEDLESS, "A setting of the other server needs no counterpart; nothing is lost.")

#define CONFIG_CODE_NAME(number, name, meaning) CONFIG_##name = (number),
enum config_code { CONFIG_CODES(CONFIG_CODE_NAME) };

#endif
