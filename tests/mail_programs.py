"""mail_programs.py - what imapflow and JavaMail (tests/clients) do with a mailbox, whatever its store.

INBOX has MESSAGE with 0 to 5, in this order; both leave 0, 3, 4, 5 or 0, 2, 3, 4, 5 there.
"""
import json
import subprocess

from gateway import ROOT

MESSAGE = b"From: a@example.org\r\nTo: b@example.org\r\nSubject: hello %d\r\nMessage-ID: <%d@x>\r\n\r\nbody %d\r\n"
CLIENTS = ROOT / "tests/clients"
JARS = "/usr/share/java/javax.mail.jar:/usr/share/java/javax.activation.jar"


def run(*argv, text=None, ok=True, timeout=120):
    """What a program prints. One that is not installed is an error: `make deps' has them."""
    p = subprocess.run([str(a) for a in argv], input=text, capture_output=True, timeout=timeout)
    if ok and p.returncode:
        raise AssertionError("%s: %d\n%s\n%s" % (argv[0], p.returncode, p.stdout.decode(), p.stderr.decode()))
    return p.stdout


def imapflow(case, gw, user, password):
    seen = json.loads(run("node", CLIENTS / "imapflow.js", gw.port["imaps"], user, password, gw.cert))
    case.assertIn(["Sent", "\\Sent"], seen["folders"])
    case.assertEqual(seen["exists"], 6)
    case.assertEqual([s[1:] for s in seen["subjects"]], [["hello %d" % i, "text/plain"] for i in range(6)])
    case.assertEqual(seen["source"].encode(), MESSAGE % (0, 0, 0))
    case.assertLessEqual({"\\Seen", "$Label1"}, set(seen["flags"]))
    case.assertEqual(seen["found"], [seen["subjects"][3][0]])
    case.assertEqual((seen["moved"], seen["left"], seen["inbox"]), (1, 5, 4))
    case.assertEqual(seen["status"]["messages"], 2)
    case.assertIn("UTF8=ACCEPT", seen["enabled"])
    case.assertEqual(seen["kitchen"], {"path": "Küche & Bad", "found": [1], "status": 1, "listed": ["Küche & Bad"],
                                       "subject": "Grüße"})


def javamail(case, gw, user, password):
    out = run("java", "-cp", JARS, CLIENTS / "JavaMail.java", gw.port["imap"], user, password)
    lines = out.decode().splitlines()
    case.assertIn("folder Sent", lines)
    case.assertEqual([s.split()[2] for s in lines if s.startswith("subject")], ["%d" % i for i in range(6)])
    case.assertLess({"text body 0", "found 1", "expunged 1", "left 5", "java hello 0 true",
                     "java from JavaMail false"}, set(lines))
