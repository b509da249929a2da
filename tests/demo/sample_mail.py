"""sample_mail.py - a few hundred realistic messages, the same each time.

Conversations, newsletters, invoices with an attachment, forwards, other languages: enough for a client to show
threads, flags, attachments and folders. Standard library only; no clock, no network.
"""
import base64
import datetime
import email.headerregistry
import email.message
import email.policy
import random

PEOPLE = [("Anna Berg", "anna.berg"), ("Ben Okafor", "ben"), ("Chloé Martin", "chloe.martin"), ("Dmitri Волков", "dmitri"),
          ("Emre Yılmaz", "emre"), ("Fatima Zahra", "fatima"), ("Grace O'Neill", "grace"), ("Hiro 田中", "hiro")]
TOPICS = ["Quarterly report", "Server move on Saturday", "Holiday photos", "Invoice questions", "Meeting notes",
          "Réunion de mardi", "Größere Änderungen am Plan", "Lunch?", "New office", "Backup failed again",
          "Spring conference", "会議の資料", "Contract draft", "Test results", "Birthday present for Grace"]
SENTENCES = ["I looked at the numbers again and they add up now.", "Could you send me the draft before Thursday?",
             "Das können wir am Montag besprechen.", "The second disk is full, I have ordered a larger one.",
             "Merci d'avance pour votre réponse.", "Nobody noticed, which is the best kind of upgrade.",
             "Let us keep the old address working for a year.", "The train was late, so was I.",
             "I attached the plan; page three is the important one.", "よろしくお願いします。",
             "Please do not reply to everyone.", "We should test the restore, not only the backup."]
FOLDERS = {"INBOX": 140, "Sent": 40, "Archive/2025": 60, "Lists/announce": 50, "Lists/devel": 60, "Junk": 12, "Drafts": 3}
START = datetime.datetime(2026, 1, 5, 9, 0, tzinfo=datetime.timezone.utc)


def person(r):
    name, local = r.choice(PEOPLE)
    return email.headerregistry.Address(name, local, "example.org")


def body(r):
    return "\n\n".join(" ".join(r.sample(SENTENCES, r.randint(1, 3))) for _ in range(r.randint(1, 4))) + "\n"


def make(r, number, folder, parent):
    m = email.message.EmailMessage(policy=email.policy.SMTP)
    sent = START + datetime.timedelta(minutes=number * 97 + r.randint(0, 60))
    topic = parent["topic"] if parent else r.choice(TOPICS)
    m["From"] = person(r)
    m["To"] = email.headerregistry.Address("Demo User", "demo", "example.org")
    if r.random() < 0.2:
        m["Cc"] = person(r)
    m["Subject"] = ("Re: " if parent else "") + (("[%s] " % folder.split("/")[1]) if folder.startswith("Lists/") else "") + topic
    m["Date"] = sent
    m["Message-ID"] = "<%06d.demo@example.org>" % number
    if parent:
        m["In-Reply-To"] = parent["id"]
        m["References"] = " ".join(parent["refs"] + [parent["id"]])
    if folder.startswith("Lists/"):
        m["List-Id"] = "<%s.example.org>" % folder.split("/")[1]
    text = body(r)
    m.set_content(text, charset="utf-8", cte=r.choice(["quoted-printable", "8bit"]))
    if r.random() < 0.35:
        m.add_alternative("<html><body><p>%s</p></body></html>" % text.replace("\n\n", "</p><p>"), subtype="html")
    if r.random() < 0.15:
        data = bytes(r.getrandbits(8) for _ in range(r.randint(2000, 20000)))
        m.add_attachment(b"%PDF-1.4\n" + base64.b64encode(data), maintype="application", subtype="pdf",
                         filename="Plan %d.pdf" % number)
    node = {"id": m["Message-ID"], "topic": topic, "refs": (parent["refs"] + [parent["id"]])[-8:] if parent else []}
    flags = "" if folder == "INBOX" and r.random() < 0.3 else "\\Seen"
    if folder == "Drafts":
        flags += " \\Draft"
    if r.random() < 0.08:
        flags += " \\Flagged"
    return node, m.as_bytes(), flags.strip(), sent


def messages(seed=1):
    """Yield (folder, bytes, flags, date) of every sample message."""
    r = random.Random(seed)
    number = 0
    for folder, count in FOLDERS.items():
        nodes = []
        for _ in range(count):
            number += 1
            parent = r.choice(nodes[-12:]) if nodes and r.random() < 0.55 and folder != "Drafts" else None
            node, raw, flags, sent = make(r, number, folder, parent)
            nodes.append(node)
            yield folder, raw, flags, sent
