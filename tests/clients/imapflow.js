// node imapflow.js PORT USER PASSWORD CA: what a mail program does with imapflow; prints what it saw as JSON.
'use strict';
const fs = require('fs');
const { ImapFlow } = require('imapflow');
const [port, user, pass, ca] = process.argv.slice(2);

async function main() {
	const client = new ImapFlow({ host: 'localhost', port: Number(port), secure: true, logger: false,
		auth: { user, pass }, tls: { ca: fs.readFileSync(ca) } });
	await client.connect();
	const seen = { folders: (await client.list()).map((f) => [f.path, f.specialUse || '']) };
	await client.mailboxCreate('Flow');
	const put = await client.append('Flow', 'Subject: from imapflow\r\n\r\nhello\r\n', ['\\Flagged']);
	seen.appended = put.uid;
	const lock = await client.getMailboxLock('INBOX');
	seen.exists = client.mailbox.exists;
	seen.subjects = [];
	for await (const m of client.fetch('1:*', { uid: true, flags: true, envelope: true, bodyStructure: true }))
		seen.subjects.push([m.uid, m.envelope.subject, m.bodyStructure.type]);
	seen.source = (await client.fetchOne('1', { source: true })).source.toString('latin1');
	await client.messageFlagsAdd('1', ['\\Seen', '$Label1']);
	seen.flags = [...(await client.fetchOne('1', { flags: true })).flags].sort();
	seen.found = await client.search({ subject: 'hello 3' }, { uid: true });
	const moved = await client.messageMove('2', 'Flow');
	seen.moved = moved.uidMap.size;
	seen.left = client.mailbox.exists;
	await client.messageDelete('2');
	lock.release();
	seen.status = await client.status('Flow', { messages: true });
	seen.inbox = (await client.status('INBOX', { messages: true })).messages;
	await client.mailboxCreate('Küche & Bad'); // in UTF-8: the client has enabled UTF8=ACCEPT
	await client.append('Küche & Bad', 'Subject: Grüße\r\n\r\nhello\r\n');
	await client.mailboxOpen('Küche & Bad');
	seen.enabled = [...client.enabled].sort();
	seen.kitchen = { path: client.mailbox.path, found: await client.search({ subject: 'grü' }),
		status: (await client.status('Küche & Bad', { messages: true })).messages,
		listed: (await client.list()).filter((f) => f.path.startsWith('K')).map((f) => f.path),
		subject: (await client.fetchOne('1', { envelope: true })).envelope.subject };
	await client.mailboxDelete('Küche & Bad');
	await client.logout();
	console.log(JSON.stringify(seen));
}

main().catch((e) => { console.error(e); process.exit(1); });
