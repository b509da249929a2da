"""Every option that changes what clients see, what the machine sees or what is logged, set to another value than its
default: its effect. (Limits and passwords: test_hostile.py and test_secrets.py; reload and control: test_control.py.)"""
import json
import os
import re
import shutil
import signal
import socket
import ssl
import stat
import subprocess
import sys
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from gateway import Gateway, Wire, make_certificate, until  # noqa: E402

MESSAGE = b"From: a@example.org\r\nSubject: one\r\n\r\nText\r\n"


class OneGateway(unittest.TestCase):
    """A gateway with the options of the test that asks for it, and one account."""

    def gateway(self, user="anna", **options):
        gw = Gateway(**options)
        self.addCleanup(gw.remove)
        self.addCleanup(gw.stop)
        gw.start()
        if user:
            gw.add_user(user, "pw")
        return gw

    def signed_on(self, gw, service="imap"):
        w = Wire(gw, service)
        self.addCleanup(w.close)
        self.assertIn(b"OK", w.command(b"l", b"LOGIN anna pw")[-1])
        return w

    def append(self, w, n, flags=b""):
        for _ in range(n):
            w.send(b"p APPEND INBOX (%s) {%d+}\r\n%s\r\n" % (flags, len(MESSAGE), MESSAGE))
            self.assertIn(b"p OK", w.until(b"p ")[-1])

    def refused(self, address, port):
        with self.assertRaises(OSError):
            socket.create_connection((address, port), 2).close()


class Services(OneGateway):
    def test_the_greeting_names_the_server_when_asked_to(self):
        gw = self.gateway(user=None, server_hostname="mail.example.org", server_hostname_greeting="yes")
        for service in ("imap", "pop3", "imaps", "pop3s"):
            w = Wire(gw, service)
            self.assertTrue(w.greeting.rstrip().endswith(b" on mail.example.org"), w.greeting)
            w.close()
        gw.write_config(server_hostname_greeting="no")
        gw.gwctl("reload")
        w = Wire(gw)
        self.assertNotIn(b"example", w.greeting)
        w.close()

    def test_services_that_are_off_do_not_listen(self):
        gw = self.gateway(user=None, pop3_enable="no", imaps_enable="no")
        self.refused("127.0.0.1", gw.port["pop3"])
        self.refused("127.0.0.1", gw.port["imaps"])
        Wire(gw, "pop3s").close()

    def test_server_bind_is_the_only_address(self):
        gw = self.gateway(user=None, server_bind="127.0.0.2")
        self.refused("127.0.0.1", gw.port["imap"])
        socket.create_connection(("127.0.0.2", gw.port["imap"]), 20).close()

    def test_the_newer_form_of_listeners(self):
        gw = Gateway()
        first, second = gw.port["pop3s"], gw.port["imaps"]
        self.addCleanup(gw.remove)
        self.addCleanup(gw.stop)
        path = gw.folder / "imap.sock"
        for s in ("imap", "imaps", "pop3", "pop3s"):
            del gw.options[s + "_enable"], gw.options[s + "_port"]
        del gw.options["server_bind"]
        gw.options.update(imap_listen="127.0.0.1:%d *%%lo:%d unix:%s" % (gw.port["imap"], first, path),
                          imaps_listen="[::1]:%d" % second, pop3_listen="")
        gw.start()
        self.assertEqual(Wire(gw).greeting[:5], b"* OK ")
        for address, family in ((("127.0.0.1", first), socket.AF_INET), (str(path), socket.AF_UNIX)):
            with socket.socket(family) as s:
                s.settimeout(60)
                s.connect(address)
                self.assertEqual(s.recv(5), b"* OK ")
        if socket.has_ipv6:
            with socket.create_connection(("::1", second), 20) as s:
                with gw.tls_context().wrap_socket(s, server_hostname="localhost") as t:
                    self.assertEqual(t.recv(5), b"* OK ")
        self.refused("127.0.0.1", gw.port["pop3"])
        gw.stop()
        self.assertFalse(path.exists())

    def test_without_certificate_files_there_is_no_tls_and_the_rest_serves(self):
        gw = self.gateway(ssl_certificate_file="/nonexistent/cert.pem", ssl_private_key_file="/nonexistent/key.pem")
        w = self.signed_on(gw)
        self.assertNotIn(b"STARTTLS", Wire(gw).greeting)
        w.close()
        self.refused("127.0.0.1", gw.port["imaps"])
        self.assertIn("No TLS: ssl_certificate_file", gw.log())
        gw.write_config(ssl_certificate_file=gw.cert, ssl_private_key_file=gw.key)
        gw.gwctl("reload")
        gw.imap("anna", "pw", starttls=True).logout()

    def test_a_start_that_fails_says_why_and_leaves_nothing(self):
        for wrong, told in (({"ssl_private_key_file": "{cert}"}, "ssl_private_key_file"),
                            ({"ssl_certificates": "/nonexistent/cert.pem:/nonexistent/key.pem"}, "/nonexistent/cert.pem"),
                            ({"imap_enable": "no", "pop3_enable": "no", "ssl_certificate_file": "/nonexistent/cert.pem"},
                             "ssl_certificate_file"),
                            ({"server_socket": "local:/proc/nowhere"}, "server_socket: ")):
            gw = Gateway()
            self.addCleanup(gw.remove)
            gw.options.update({k: v.format(cert=gw.cert) for k, v in wrong.items()})
            gw.write_config()
            p = subprocess.run([str(gw.build / "gatewayd"), "-c", str(gw.config)], capture_output=True, text=True,
                               timeout=60)
            self.assertEqual(p.returncode, 1)
            self.assertIn(told, p.stderr)
            self.assertFalse(Path(gw.options["pid_file"]).exists())
            self.assertFalse(Path(gw.options["control_socket"]).exists())


class Imap(OneGateway):
    def test_public_folders(self):
        gw = self.gateway()
        gw.add_user("public", "pw")
        gw.add_user("board", "pw")
        for user in ("public", "board"):
            imap = gw.imap(user, "pw")
            imap.create("From-" + user)
            imap.logout()

        def names():
            w = self.signed_on(gw)
            return b"".join(w.command(b"a", b'LIST "" *'))
        self.assertIn(b"Public folders/From-public", names())
        gw.write_config(imap_public_folders="no")
        gw.gwctl("reload")
        self.assertNotIn(b"Public folders", names())

    def test_idle_is_neither_announced_nor_done_when_it_is_off(self):
        gw = self.gateway(imap_capability_idle="no")
        w = self.signed_on(gw)
        self.assertNotIn(b" IDLE", w.command(b"a", b"CAPABILITY")[0])
        self.assertIn(b"b BAD", w.command(b"b", b"IDLE")[-1])

    def test_capabilities_that_are_switched_off(self):
        gw = self.gateway(imap_capabilities="-CONDSTORE -MOVE")
        w = self.signed_on(gw)
        told = w.command(b"a", b"CAPABILITY")[0].split()
        self.assertFalse({b"CONDSTORE", b"MOVE"} & set(told))
        w.command(b"b", b"SELECT INBOX")
        self.assertIn(b"c BAD", w.command(b"c", b"MOVE 1 x")[-1])

    def test_messages_over_the_limit_are_refused_and_the_limit_is_told(self):
        gw = self.gateway(imap_max_messagesize="1k")
        w = self.signed_on(gw)
        self.assertIn(b"APPENDLIMIT=1024", w.command(b"a", b"CAPABILITY")[0])
        w.send(b"b APPEND INBOX {1025}\r\n")
        self.assertIn(b"b NO [TOOBIG]", w.until(b"b ")[-1])
        w.send(b"c APPEND INBOX {1024+}\r\n" + MESSAGE + b"x" * (1024 - len(MESSAGE)) + b"\r\n")
        self.assertIn(b"c OK", w.until(b"c ")[-1])
        w.send(b"d APPEND INBOX {1025+}\r\n" + b"x" * 1025 + b"\r\n")
        self.assertIn(b"d NO [TOOBIG]", w.until(b"d ")[-1])
        self.assertIn(b"e OK", w.command(b"e", b"NOOP")[-1])

    def test_expunge_on_delete(self):
        gw = self.gateway(imap_expunge_on_delete="yes")
        w = self.signed_on(gw)
        self.append(w, 5)
        w.command(b"s", b"SELECT INBOX")
        w.command(b"a", b"STORE 2 +FLAGS (\\Deleted)")  # which must not send EXPUNGE itself (RFC 3501 7.4.1)
        self.assertIn(b"* 2 EXPUNGE\r\n", w.command(b"a", b"NOOP"))
        self.assertIn(b"* 1 EXPUNGE\r\n", w.command(b"b", b"UID STORE 1 +FLAGS.SILENT (\\Deleted)"))
        self.assertFalse([x for x in w.command(b"c", b"STORE 1 -FLAGS (\\Deleted)") if b"EXPUNGE" in x])
        self.assertFalse([x for x in w.command(b"d", b"STORE 1 +FLAGS (\\Seen)") if b"EXPUNGE" in x])
        self.assertIn(b"* 3 EXISTS\r\n", w.command(b"e", b"SELECT INBOX"))

    def test_a_deleted_message_stays_by_default(self):
        w = self.signed_on(self.gateway())
        self.append(w, 1)
        w.command(b"s", b"SELECT INBOX")
        self.assertFalse([x for x in w.command(b"a", b"STORE 1 +FLAGS (\\Deleted)") if b"EXPUNGE" in x])

    def test_failed_commands_in_a_row_end_the_connection(self):
        gw = self.gateway(imap_max_fail_commands="3")
        w = self.signed_on(gw)
        for _ in range(2):
            self.assertIn(b"a BAD", w.command(b"a", b"NONSENSE")[-1])
        self.assertIn(b"a OK", w.command(b"a", b"NOOP")[-1])
        w.send(b"b X\r\nc X\r\nd X\r\ne NOOP\r\n")
        rest = w.closed()
        self.assertIn(b"d BAD", rest)
        self.assertIn(b"* BYE", rest)
        self.assertNotIn(b"e OK", rest)
        gw.write_config(imap_max_fail_commands="0")
        gw.gwctl("reload")
        w = self.signed_on(gw)
        for _ in range(30):
            self.assertIn(b"a BAD", w.command(b"a", b"NONSENSE")[-1])

    def test_commands_during_idle(self):
        for value, expected in (("yes", b"i OK"), ("no", b"i BAD")):
            gw = self.gateway(imap_ignore_command_idle=value)
            w = self.signed_on(gw)
            w.send(b"i IDLE\r\n")
            self.assertEqual(w.line()[:1], b"+")
            w.send(b"n NOOP\r\n")
            if value == "yes":
                w.send(b"DONE\r\n")
            self.assertTrue(w.until(b"i ")[-1].startswith(expected))

    def test_silent_clients_are_sent_away(self):
        gw = self.gateway(imap_timeout="1", pop3_timeout="1")
        w = self.signed_on(gw)
        pop = Wire(gw, "pop3")
        pop.send(b"USER anna\r\nPASS pw\r\n")
        self.assertIn(b"* BYE", w.closed())
        pop.closed()

    def test_another_account_may_have_the_public_folders(self):
        gw = self.gateway(public_account="board")
        gw.add_user("board", "pw")
        imap = gw.imap("board", "pw")
        imap.create("Minutes")
        imap.logout()
        self.assertIn(b"Public folders/Minutes", b"".join(self.signed_on(gw).command(b"a", b'LIST "" *')))

    def test_memory_of_the_commands_of_a_session(self):
        gw = self.gateway(max_session_memory="256k", max_line="256k")
        w = self.signed_on(gw)
        w.command(b"s", b"SELECT INBOX")
        numbers = [b"%d" % n for n in range(10001, 90001, 2)]
        self.assertIn(b"a NO [LIMIT]", w.command(b"a", b"UID FETCH " + b",".join(numbers) + b" FLAGS")[-1])
        self.assertIn(b"b OK", w.command(b"b", b"UID FETCH " + b",".join(numbers[:9000]) + b" FLAGS")[-1])
        gw.write_config(max_session_memory="16m")
        gw.gwctl("reload")
        w = self.signed_on(gw)
        w.command(b"s", b"SELECT INBOX")
        self.assertIn(b"a OK", w.command(b"a", b"UID FETCH " + b",".join(numbers) + b" FLAGS")[-1])

    def test_lines_and_literals_over_their_limit_are_refused(self):
        gw = self.gateway(max_line="2k", max_literal="1k")
        w = self.signed_on(gw)
        w.command(b"s", b"SELECT INBOX")
        self.assertIn(b"a OK", w.command(b"a", b'SEARCH TEXT "' + b"x" * 1000 + b'"')[-1])
        self.assertIn(b"b BAD", w.command(b"b", b'SEARCH TEXT "' + b"x" * 3000 + b'"')[-1])
        w = self.signed_on(gw)
        w.command(b"s", b"SELECT INBOX")
        w.send(b"a SEARCH TEXT {1024+}\r\n" + b"x" * 1024 + b"\r\nb SEARCH TEXT {1025}\r\n")
        self.assertIn(b"a OK", w.until(b"a ")[-1])
        self.assertRegex(w.until(b"b ")[-1], rb"^b (BAD|NO)")

    def test_a_client_that_does_not_read_is_let_go(self):
        gw = self.gateway(write_timeout="1")
        w = self.signed_on(gw)
        body = b"Subject: big\r\n\r\n" + b"x" * 70 * 1000 + b"\r\n"
        body = b"\r\n".join(body[i:i + 900] for i in range(0, len(body), 900))
        w.send(b"a APPEND INBOX {%d+}\r\n%s\r\n" % (len(body), body))
        self.assertIn(b"a OK", w.until(b"a ")[-1])
        w.command(b"s", b"SELECT INBOX")
        w.send(b"".join(b"f%d FETCH 1 BODY.PEEK[]\r\n" % i for i in range(400)))
        self.assertTrue(until(lambda: json.loads(gw.gwctl("-j", "status").stdout)["connections"] == 0))

    def test_limits_of_accounts(self):
        gw = self.gateway(max_mailboxes="8", mail_quota="1m", mail_quota_messages="3", mail_quota_warning="70")
        w = self.signed_on(gw)
        answers = [w.command(b"a", b"CREATE box%d" % i)[-1] for i in range(8)]
        self.assertIn(b"a OK", answers[0])
        self.assertIn(b"a NO [LIMIT]", answers[-1])
        quota = b"".join(w.command(b"q", b"GETQUOTAROOT INBOX"))
        self.assertIn(b"STORAGE 0 1024", quota)
        self.assertIn(b"MESSAGE 0 3", quota)
        self.assertIn(b"MAILBOX 8 8", quota)
        self.append(w, 3)
        answer = w.command(b"s", b"SELECT INBOX")
        self.assertIn(b"s OK", answer[-1])
        self.assertFalse([line for line in answer if b"OVERQUOTA" in line])  # nothing was added (RFC 9208 4.3.1)
        w.send(b"p APPEND INBOX {%d+}\r\n%s\r\n" % (len(MESSAGE), MESSAGE))
        self.assertIn(b"p NO [OVERQUOTA]", w.until(b"p ")[-1])


class Documents(OneGateway):
    """What the server tells stands in README and gatewayd(8), and the other way round."""

    def told(self, gw):
        """Before login and after; ENABLE changes nothing of it: RFC 5161 3.1(e)"""
        w = Wire(gw)
        words = set(w.command(b"a", b"CAPABILITY")[0].decode().split()[2:])
        words |= set(w.command(b"b", b"LOGIN anna pw")[-1].decode().partition("]")[0].split()[3:])
        before = w.command(b"c", b"CAPABILITY")[0]
        self.assertIn(b"* ENABLED CONDSTORE", w.command(b"d", b"ENABLE CONDSTORE QRESYNC UTF8=ACCEPT IMAP4rev2 UIDONLY")[0])
        self.assertEqual(w.command(b"c", b"CAPABILITY")[0], before)
        w.close()
        return {re.sub(r"^(APPENDLIMIT|MESSAGELIMIT|SAVELIMIT)=.*", r"\1", word) for word in words if not word.startswith("AUTH=")}

    def test_capabilities(self):
        """Each is in an RFC, or in a draft where the administrator wants it: RFC 3501 7.2.1(b)"""
        root = Path(__file__).resolve().parent.parent.parent
        told = self.told(self.gateway(imap_admins="anna", imap_message_limit=1000, imap_save_limit=2000,
                                      imap_capabilities="+OBJECTID+")) | {"LOGINDISABLED", "LITERAL-", "JMAPACCESS", "I18NLEVEL=1", "UTF8=ONLY"}
        row = re.search(r"^\| IMAP \| (\S+) \(RFC 3501\); (.*) \|$", (root / "README.md").read_text(), re.M)
        self.assertEqual({row.group(1)} | set(row.group(2).split()), told)
        page = (root / "man/gatewayd.8").read_text().partition("capabilities of IMAP")[2]
        self.assertEqual({name for name in re.findall(r"^\.It (\S+) Ta (?:RFC|draft)", page, re.M) if name != "AUTH="}, told)

    def test_what_pop3_tells(self):
        root = Path(__file__).resolve().parent.parent.parent
        gw = self.gateway(pop3_implementation_early="yes")
        w = Wire(gw, "pop3")
        w.send(b"CAPA\r\n")
        told = {line.split()[0].decode() for line in w.until(b".")[1:-1]}
        row = re.search(r"^\| POP3 \| RFC 1939; (.*) \|$", (root / "README.md").read_text(), re.M)
        self.assertEqual(set(row.group(1).split()), told)
        page = (root / "man/gatewayd.8").read_text().partition("CAPA tells")[2].partition(".Pp")[0]
        self.assertFalse({word for word in told if word not in page})

    def test_codes_of_the_control_protocol(self):
        root = Path(__file__).resolve().parent.parent.parent
        source = re.search(r"const names\[\] = \{(.*?)\}", (root / "lib/util/err.c").read_text(), re.S).group(1)
        page = (root / "man/gateway-ctl.7").read_text().partition("Codes are stable words")[2].partition(".El")[0]
        self.assertEqual(["ok"] + re.findall(r"^\.It Cm (\S+)$", page, re.M), re.findall(r'"([a-z-]+)"', source))

    def test_commands(self):
        root = Path(__file__).resolve().parent.parent.parent
        rows = re.findall(r'^\t\{ \{ "(\w+)", IMAP_VERB_\w+, ', (root / "lib/imap/verbs.c").read_text(), re.M)
        page = (root / "man/gatewayd.8").read_text().partition("The capabilities of IMAP")[0]
        self.assertEqual(re.findall(r"^\.It (\w+) Ta ", page, re.M), rows)


class SignOn(OneGateway):
    def test_mechanisms_are_those_of_the_list(self):
        gw = self.gateway(auth_mechanisms="SCRAM-SHA-256")
        w = Wire(gw)
        told = w.command(b"a", b"CAPABILITY")[0]
        self.assertEqual(re.findall(rb"AUTH=\S+", told), [b"AUTH=SCRAM-SHA-256"])
        self.assertIn(b"b NO", w.command(b"b", b"AUTHENTICATE PLAIN =")[-1])
        p = Wire(gw, "pop3")
        p.send(b"CAPA\r\n")
        self.assertIn(b"SASL SCRAM-SHA-256\r\n", p.until(b"."))

    def test_own_addresses_may_send_passwords_in_the_clear(self):
        w = self.signed_on(self.gateway(disable_plaintext_auth="yes"))
        self.assertNotIn(b"LOGINDISABLED", Wire.command(w, b"a", b"CAPABILITY")[0])

    def test_wrong_passwords_close_the_connection(self):
        gw = self.gateway(max_auth_failures="2")
        w = Wire(gw)
        self.assertIn(b"a NO", w.command(b"a", b"LOGIN anna no")[-1])
        w.send(b"b LOGIN anna no\r\n")
        self.assertIn(b"* BYE", w.closed())

    def test_sessions_of_one_user(self):
        gw = self.gateway(max_connections_per_user="1")
        self.signed_on(gw)
        w = Wire(gw)
        w.send(b"a LOGIN anna pw\r\n")
        self.assertTrue(w.closed().startswith(b"* BYE [UNAVAILABLE] Too many connections of this user"))

    def test_connections_in_all(self):
        gw = self.gateway(user=None, max_connections="2")
        while json.loads(gw.gwctl("-j", "status").stdout)["connections"]:  # that which looked whether it is there
            time.sleep(0.02)
        keep = [Wire(gw), Wire(gw)]
        self.assertEqual([w.greeting[:5] for w in keep], [b"* OK "] * 2)
        self.assertIn(b"* BYE", Wire(gw).greeting)

    def test_one_reader_of_a_maildrop_or_several(self):
        gw = self.gateway()
        first = gw.pop3("anna", "pw")
        with self.assertRaisesRegex(Exception, "IN-USE"):
            gw.pop3("anna", "pw")
        gw.write_config(pop3_lock_maildrop="no")
        first.quit()
        gw.gwctl("reload")
        first, second = gw.pop3("anna", "pw"), gw.pop3("anna", "pw")
        second.quit()
        first.quit()


ELSEWHERE = r"""
import json, socket, sys, time
imap, pop3, imaps = (int(x) for x in sys.argv[1:])

def talk(port, data):
    with socket.create_connection(("10.99.0.1", port), 20) as s:
        s.settimeout(60)
        s.sendall(data)
        said = b""
        while True:
            piece = s.recv(4096)
            if not piece:
                return said.decode()
            said += piece

said = {"imap": talk(imap, b"a LOGIN anna pw\r\nb AUTHENTICATE PLAIN\r\nc LOGOUT\r\n"),
        "pop3": talk(pop3, b"USER anna\r\nPASS pw\r\nCAPA\r\nQUIT\r\n")}

def many():
    kept = [socket.create_connection(("10.99.0.1", imap), 20) for _ in range(3)]
    return [s.recv(400).decode()[:5] for s in kept]

for _ in range(50):  # the sessions above count until they are cleared away
    said["many"] = many()
    if said["many"][1] == "* OK ":
        break
    time.sleep(0.1)
print(json.dumps(said))
"""

# Two networks of their own, so that nothing of this machine's is touched.
NETWORKS = r"""set -e
ip link set lo up
unshare -n sleep 60 & other=$!
trap 'kill $other' EXIT
until [ "$(readlink /proc/$other/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do sleep 0.05; done
ip link add here type veth peer name there netns $other
ip addr add 10.99.0.1/24 dev here
ip link set here up
nsenter -t $other -n ip addr add 10.99.0.2/24 dev there
nsenter -t $other -n ip link set there up
OTHER=$other "$@"
"""


class Elsewhere(OneGateway):
    def inside(self):
        gw = self.gateway(server_bind="10.99.0.1", disable_plaintext_auth="yes", max_connections_per_address="2")
        p = subprocess.run(["nsenter", "-t", os.environ["OTHER"], "-n", sys.executable, "-c", ELSEWHERE, str(gw.port["imap"]),
                            str(gw.port["pop3"]), str(gw.port["imaps"])], capture_output=True, text=True, timeout=60)
        self.assertEqual(p.returncode, 0, p.stderr)
        said = json.loads(p.stdout)
        self.assertIn("LOGINDISABLED", said["imap"])
        self.assertNotIn("AUTH=PLAIN", said["imap"])
        self.assertIn("* BAD [ALERT] ", said["imap"])
        self.assertIn("a NO [PRIVACYREQUIRED]", said["imap"])
        self.assertIn("b NO [PRIVACYREQUIRED]", said["imap"])
        self.assertEqual(said["pop3"].count("-ERR [AUTH]"), 2)
        self.assertNotIn("USER\r\n", said["pop3"])
        self.assertEqual(said["many"], ["* OK ", "* OK ", "* BYE"])

    def test_addresses_of_this_machine_are_not_limited(self):
        gw = self.gateway(user=None, max_connections_per_address="1")
        kept = [Wire(gw) for _ in range(3)]
        self.assertEqual([w.greeting[:4] for w in kept], [b"* OK"] * 3)
        for w in kept:
            w.close()

    def test_clients_of_other_machines(self):
        if "OTHER" in os.environ:
            self.inside()
            return
        if os.geteuid() != 0 or not all(map(shutil.which, ("ip", "nsenter", "unshare"))) or \
                subprocess.run(["unshare", "-n", "ip", "link", "add", "type", "veth"], capture_output=True).returncode:
            self.skipTest("needs root and networks of its own")
        p = subprocess.run(["unshare", "-n", "sh", "-c", NETWORKS, "networks", sys.executable, __file__,
                            "Elsewhere.test_clients_of_other_machines"], capture_output=True, text=True, timeout=90)
        self.assertEqual(p.returncode, 0, p.stdout + p.stderr)


class Tls(OneGateway):
    def context(self, gw, **attributes):
        ctx = gw.tls_context()
        for name, value in attributes.items():
            setattr(ctx, name, value)
        return ctx

    def shake(self, gw, ctx, name="localhost"):
        with socket.create_connection(("127.0.0.1", gw.port["imaps"]), 10) as s:
            with ctx.wrap_socket(s, server_hostname=name) as t:
                t.recv(5)  # with TLS 1.3 a refusal of our certificate comes only now
                return t.version(), t.cipher()[0], t.getpeercert()

    def test_versions(self):
        """RFC 9051 11.1(a); RFC 8314 3.2(a), 4(a)"""
        v12, v13 = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3
        for option, value, works, fails in (("tls_min_proto", "tls1.3", v13, v12), ("ssl_protocols", "!TLSv1.3", v12, v13),
                                            ("ssl_protocols", "TLSv1.3", v13, v12)):
            gw = self.gateway(user=None, **{option: value})
            self.shake(gw, self.context(gw, minimum_version=works, maximum_version=works))
            with self.assertRaises((ssl.SSLError, ConnectionError)):
                self.shake(gw, self.context(gw, minimum_version=fails, maximum_version=fails))

    def test_old_versions_are_off_and_the_end_is_told(self):
        """RFC 8314 4(a), 3.4(a)"""
        gw = self.gateway()
        old = self.context(gw, minimum_version=ssl.TLSVersion.TLSv1, maximum_version=ssl.TLSVersion.TLSv1_1)
        old.set_ciphers("ALL:@SECLEVEL=0")
        with self.assertRaises((ssl.SSLError, ConnectionError)):
            self.shake(gw, old)
        for service, line, left in (("imaps", b"* OK ", b"a LOGOUT\r\n"), ("pop3s", b"+OK", b"QUIT\r\n")):
            with socket.create_connection(("127.0.0.1", gw.port[service]), 10) as s:
                # without suppress_ragged_eofs an end without a close alert is an error
                with gw.tls_context().wrap_socket(s, server_hostname="localhost", suppress_ragged_eofs=False) as t:
                    self.assertTrue(t.recv(4096).startswith(line))
                    t.sendall(left)
                    while t.recv(4096):
                        pass

    def only12(self, gw, ciphers):
        ctx = self.context(gw, maximum_version=ssl.TLSVersion.TLSv1_2)
        ctx.set_ciphers(ciphers)
        return ctx

    def test_ciphers_and_whose_order_counts(self):
        a, b = "ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-ECDSA-AES128-GCM-SHA256"
        gw = self.gateway(user=None, ssl_ciphers="%s:%s" % (a, b))
        self.assertEqual(self.shake(gw, self.only12(gw, b + ":" + a))[1], b)
        with self.assertRaises((ssl.SSLError, ConnectionError)):
            self.shake(gw, self.only12(gw, "ECDHE-ECDSA-CHACHA20-POLY1305"))
        gw.write_config(ssl_prefer_server_ciphers="yes")
        gw.gwctl("reload")
        self.assertEqual(self.shake(gw, self.only12(gw, b + ":" + a))[1], a)

    def test_groups_of_the_key_exchange(self):
        gw = self.gateway(user=None, ssl_curves="P-384")
        def groups(list_):
            p = subprocess.run(["openssl", "s_client", "-connect", "127.0.0.1:%d" % gw.port["imaps"], "-groups", list_],
                               input="", capture_output=True, text=True, timeout=60)
            return p.stdout
        self.assertIn("Server Temp Key: ECDH, secp384r1, 384 bits", groups("X25519:P-384"))
        self.assertNotIn("Server Temp Key", groups("X25519"))

    def test_certificates_by_name(self):
        gw = Gateway()
        self.addCleanup(gw.remove)
        self.addCleanup(gw.stop)
        cert, key = make_certificate(gw.folder, ("mail.example.net", "*.example.net"), "other")
        gw.options["ssl_certificates"] = "%s:%s" % (cert, key)
        gw.start()
        ctx = ssl.create_default_context(cafile=str(cert))
        for name in ("mail.example.net", "POP.example.net"):
            self.assertEqual(dict(self.shake(gw, ctx, name)[2]["subject"][0])["commonName"], "mail.example.net")
        self.assertEqual(dict(self.shake(gw, gw.tls_context())[2]["subject"][0])["commonName"], "localhost")

    def test_certificates_of_clients(self):
        """RFC 8314 4.2(b)"""
        for by_path in (False, True):
            gw = Gateway(auth_mechanisms="EXTERNAL", ssl_verify_client="yes")
            self.addCleanup(gw.remove)
            self.addCleanup(gw.stop)
            cert, key = make_certificate(gw.folder, ("anna",), "client")
            folder = gw.folder / "cas"
            folder.mkdir()
            shutil.copy(cert, folder / "anna.pem")
            subprocess.run(["openssl", "rehash", str(folder)], check=True, capture_output=True)
            gw.options.update({"ssl_verify_path": folder} if by_path else {"ssl_verify_file": cert})
            gw.start()
            with self.assertRaises((ssl.SSLError, ConnectionError)):
                self.shake(gw, gw.tls_context())
            ctx = gw.tls_context()
            ctx.load_cert_chain(str(cert), str(key))
            self.assertEqual(self.shake(gw, ctx)[0], "TLSv1.3")
            ctx.load_cert_chain(str(gw.cert), str(gw.key))  # of no authority that is named
            with self.assertRaises((ssl.SSLError, ConnectionError)):
                self.shake(gw, ctx)
            gw.stop()


class Log(OneGateway):
    def test_levels(self):
        seen = []
        for level in range(7):
            gw = self.gateway(log_level=level)
            self.signed_on(gw).close()
            gw.stop()
            seen.append(len(gw.log().splitlines()))
        self.assertEqual(seen[0], 0)
        self.assertEqual(sorted(seen), seen)
        self.assertGreater(seen[4], seen[3])
        self.assertGreater(seen[6], seen[4])

    def test_lines_without_time_and_lines_as_json(self):
        gw = self.gateway(log_timestamp="no")
        self.assertTrue(all(line.startswith("[") for line in gw.log().splitlines()), gw.log())
        gw = self.gateway()
        self.assertTrue(all(re.match(r".{3} .{3} [ \d]\d \d\d:\d\d:\d\d 20\d\d: ", line) or re.match(r"20\d\d-", line)
                            for line in gw.log().splitlines()), gw.log())
        gw = self.gateway(log_format="json")
        lines = [json.loads(line) for line in gw.log().splitlines()]
        self.assertTrue(lines and all("level" in line for line in lines), gw.log())

    def test_a_buffer_keeps_lines_for_a_moment_only(self):
        gw = self.gateway(log_buffer_size="64k", log_level=6)
        self.signed_on(gw).close()
        self.assertTrue(until(lambda: "anna" in gw.log()))

    def test_minus_is_standard_error(self):
        gw = self.gateway(log_file="-")
        self.assertIn("is ready", gw.output())

    def test_syslog_that_is_not_there_is_said(self):
        if os.path.exists("/dev/log"):
            self.skipTest("there is a system log")
        gw = self.gateway(log_method="syslog")
        self.assertIn("syslog", gw.output())


class ServiceManager(OneGateway):
    """The other side of sd_notify(3) and sd_listen_fds(3)."""

    def start(self, gw, environment, listener=None):
        gw.write_config()
        script = "LISTEN_PID=$$ exec %s -F -c %s" % (gw.build / "gatewayd", gw.config)
        p = subprocess.Popen(["sh", "-c", script], env=dict(os.environ, **environment), stdin=subprocess.DEVNULL,
                             preexec_fn=listener and (lambda: os.dup2(listener.fileno(), 3)), close_fds=not listener)
        self.addCleanup(p.wait)
        self.addCleanup(p.kill)
        return p

    def test_it_is_told_of_start_life_reload_and_end(self):
        gw = Gateway()
        self.addCleanup(gw.remove)
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
            manager.bind(str(gw.folder / "notify"))
            manager.settimeout(60)

            def await_line(wanted):
                while not any(line.startswith(wanted) for line in manager.recv(4096).decode().splitlines()):
                    pass
            p = self.start(gw, {"NOTIFY_SOCKET": str(gw.folder / "notify"), "WATCHDOG_USEC": "2000000"})
            await_line("READY=1")
            await_line("WATCHDOG=1")
            p.send_signal(signal.SIGHUP)
            await_line("RELOADING=1")
            await_line("READY=1")
            p.terminate()
            await_line("STOPPING=1")
            self.assertEqual(p.wait(60), 0)

    def test_a_socket_that_is_passed_serves(self):
        gw = Gateway()
        self.addCleanup(gw.remove)
        with socket.create_server(("127.0.0.1", gw.port["imap"])) as listener:
            listener.set_inheritable(True)
            self.start(gw, {"LISTEN_FDS": "1"}, listener)
            w = Wire(gw)
            self.assertEqual(w.greeting[:5], b"* OK ")
            w.close()


class Process(OneGateway):
    def status(self, pid, name):
        return re.search(r"^%s:\s*(.*)$" % name, Path("/proc/%d/status" % pid).read_text(), re.M).group(1).split()

    def test_directory_pid_file_core_limit_and_modes(self):
        folder = None
        gw = self.gateway(coredump_enabled="no", control_socket_mode="0600")
        folder = os.readlink("/proc/%d/cwd" % gw.pid)
        self.assertEqual(folder, str(gw.folder))
        self.assertEqual(int(Path(gw.options["pid_file"]).read_text()), gw.pid)
        self.assertRegex(Path("/proc/%d/limits" % gw.pid).read_text(), r"Max core file size +0 +0")
        self.assertEqual(stat.S_IMODE(os.stat(gw.options["control_socket"]).st_mode), 0o600)
        gw.stop()
        self.assertFalse(Path(gw.options["pid_file"]).exists())

    def test_the_process_model_decides_who_serves(self):
        gw = self.gateway()
        w = self.signed_on(gw)
        children = Path("/proc/%d/task/%d/children" % (gw.pid, gw.pid)).read_text().split()
        threads = int(self.status(gw.pid, "Threads")[0])
        if gw.model == "fork":
            self.assertEqual(threads, 1)
            self.assertGreaterEqual(len(children), 1)
        else:
            self.assertGreater(threads, 1)
            self.assertEqual(children, [])
        w.close()

    def test_numbers_of_threads(self):
        few = self.gateway(user=None, loop_threads=1, worker_threads=1, auth_threads=1)
        many = self.gateway(user=None, loop_threads=3, worker_threads=5, auth_threads=2)
        few.gwctl("ping"), many.gwctl("ping")
        if few.model == "thread":
            self.assertEqual(int(self.status(many.pid, "Threads")[0]) - int(self.status(few.pid, "Threads")[0]), 7)

    def test_root_is_given_up(self):
        if os.geteuid() != 0:
            self.skipTest("needs root")
        gw = Gateway(run_as_user="nobody", run_as_group="nogroup")
        self.addCleanup(gw.remove)
        self.addCleanup(gw.stop)
        for path in (gw.folder, gw.cert, gw.key):
            shutil.chown(path, "nobody", "nogroup")
        gw.start()
        gw.gwctl("ping")  # the kernel took connections before; an answer comes from a daemon that is ready
        self.assertEqual(len(set(self.status(gw.pid, "Uid"))), 1)
        self.assertNotEqual(self.status(gw.pid, "Uid")[0], "0")
        self.assertNotEqual(self.status(gw.pid, "Gid")[0], "0")
        gw.add_user("anna", "pw")
        gw.gwctl("reload")
        self.signed_on(gw).close()
        self.assertEqual(gw.stop(), 0)


if __name__ == "__main__":
    unittest.main()
