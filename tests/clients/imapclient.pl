#!/usr/bin/perl
# imapclient.pl WHAT PORT TLSPORT USER PASSWORD CERTIFICATE - what Perl's Mail::IMAPClient does with a mailbox; TAP, and
# its exit status tells. It knows UIDs alone (Uid => 1) where nothing else is said.
use strict;
use warnings;
use utf8;
use Encode qw(encode);
use MIME::Base64 qw(encode_base64);
use IO::Socket::SSL;
use Mail::IMAPClient;
use Test::More;

my ($what, $port, $tls_port, $user, $password, $certificate) = @ARGV;

sub client {
	my %more = @_;
	my $c = Mail::IMAPClient->new(Server => 'localhost', Port => $port, User => $user, Password => $password,
		Timeout => 30, %more) or die "no connection: $@";
	return $c;
}

sub message {
	my ($n, %more) = @_;
	my $head = "From: a$n\@example.org\r\nTo: b\@example.org\r\nSubject: hello $n\r\nMessage-ID: <$n\@x>\r\n"
	    . "Date: Mon, @{[10 + $n]} Jan 2022 10:00:00 +0000\r\n";
	$head .= "$_: $more{$_}\r\n" for grep { $_ ne 'body' } sort keys %more;
	return $head . "\r\n" . ($more{body} // "body $n\r\n");
}

sub lines { my ($n) = @_; return (("x" x 998) . "\r\n") x $n }

# Modified UTF-7 (RFC 3501 section 5.1.3).
sub utf7 {
	my ($name) = @_;
	my $run = sub { my $b = encode_base64(encode('UTF-16BE', $_[0]), ''); $b =~ s/=+$//; $b =~ tr|/|,|; return "&$b-" };
	$name =~ s/&/&-/g;
	$name =~ s/([^\x20-\x7e]+)/$run->($1)/ge;
	return $name;
}

sub fill {
	my ($c, $folder, $n) = @_;
	return map { $c->append_string($folder, message($_)) } 1 .. $n;
}

my %checks = (
	login => sub {
		# Each mechanism that it has without more modules.
		for my $m ('LOGIN', 'PLAIN') {
			my $c = client(Authmechanism => $m);
			ok($c->IsAuthenticated, $m);
			ok($c->logout, 'logout');
		}
		my $c = client(Ssl => [ SSL_ca_file => $certificate ], Port => $tls_port);
		isa_ok($c->Socket, 'IO::Socket::SSL');
		ok($c->noop, 'noop over TLS');
		$c = client(Starttls => [ SSL_ca_file => $certificate, SSL_verifycn_name => 'localhost' ]);
		isa_ok($c->Socket, 'IO::Socket::SSL');
		ok($c->compress, 'compress') or diag($c->LastError);
		ok($c->select('INBOX'), 'select in DEFLATE and TLS');
		is(scalar $c->message_count, 0, 'nothing in it');
		ok($c->has_capability('IMAP4rev1'), 'IMAP4rev1') && ok($c->imap4rev1, 'the same');
		is(Mail::IMAPClient->new(Server => 'localhost', Port => $port, User => $user, Password => 'no'), undef, 'wrong');
		like($@, qr/AUTHENTICATIONFAILED/, 'and it says why');
		my $d = Mail::IMAPClient->new(Server => 'localhost', Port => $port);
		ok($d->IsConnected && !$d->IsAuthenticated, 'no user, no login');
		ok(!$d->select('INBOX'), 'no SELECT before login');
		like($d->LastError, qr/BAD/, 'it is BAD');
		ok($d->tag_and_run('ID NIL'), 'tag_and_run');
	},
	folders => sub {
		my $c = client();
		is($c->separator, '/', 'separator');
		is_deeply($c->namespace->[0], [ [ '', '/' ] ], 'namespace');
		my @names = ('plain', 'with space', 'a "quote" \\ and (parens) {5} %*', utf7('Grüße & Küsse'), utf7('日本語'));
		for my $n (@names[ 0, 1, 3, 4 ]) {
			ok($c->create($n), "create $n") or diag($c->LastError);
			ok($c->exists($n), "exists $n");
			ok($c->subscribe($n), "subscribe $n");
			ok($c->selectable($n), "selectable $n");
			like(join('', $c->status($n, 'MESSAGES', 'UIDNEXT')), qr/MESSAGES 0 UIDNEXT 1/, "status $n");
		}
		# it sends such a name as a literal or with escapes; wildcards are not names for LIST
		$c->create($names[2]);
		ok($c->create('a "quote" \\ and (parens)'), 'a name with quotes') or diag($c->LastError);
		ok($c->exists('a "quote" \\ and (parens)'), 'it is there');
		ok(scalar(grep { $_ eq 'a "quote" \\ and (parens)' } $c->folders), 'and is listed') or diag(join "\n", $c->folders);
		my %folders = map { $_ => 1 } $c->folders;
		ok($folders{$_}, "folders has $_") for 'INBOX', @names[ 0, 1, 3, 4 ];
		my %subscribed = map { $_ => 1 } $c->subscribed;
		ok($subscribed{$_}, "subscribed has $_") for @names[ 0, 1, 3, 4 ];
		ok($c->create('tree/branch/leaf'), 'create below');
		ok($c->is_parent('tree'), 'is_parent') && ok(!$c->is_parent('plain'), 'has no children');
		is_deeply([ sort $c->folders('tree') ], [ 'tree', 'tree/branch', 'tree/branch/leaf' ], 'folders below');
		my %special = map { map { $_ => 1 } @{ $_->{attrs} } } $c->folders_hash;
		ok($special{'\\Sent'} && $special{'\\Trash'}, 'special use (RFC 6154)');
		ok($c->unsubscribe('plain'), 'unsubscribe');
		ok(!(grep { $_ eq 'plain' } $c->subscribed), 'it is not');
		ok($c->rename('tree/branch', 'tree/bough'), 'rename');
		ok($c->exists('tree/bough/leaf') && !$c->exists('tree/branch'), 'with what is below');
		ok($c->delete('tree/bough/leaf') && !$c->exists('tree/bough/leaf'), 'delete');
		ok(!$c->delete('never'), 'what is not there is not deleted');
		like($c->LastError, qr/NONEXISTENT/, 'code of RFC 5530');
		ok(!$c->create('plain'), 'nor made twice');
		like($c->LastError, qr/ALREADYEXISTS/, 'code of RFC 5530');
		ok($c->examine('plain') && !$c->append_string('never', "x"), 'no APPEND to what is not there');
		like($c->LastError, qr/TRYCREATE/, 'TRYCREATE');
	},
	messages => sub {
		my $c = client();
		my $peer = client();
		my @uids = fill($c, 'INBOX', 3);
		is_deeply(\@uids, [ 1, 2, 3 ], 'APPENDUID');
		my $file = "/tmp/imapclient.$$";
		open(my $f, '>', $file) or die;
		print $f "Subject: from a file\n\n", "line\n" x 20000;
		close $f;
		is($c->append_file('INBOX', $file, undef, '\\Flagged $Label1', '17-Jul-1996 02:44:25 -0700'), 4, 'append_file');
		unlink $file;
		$c->select('INBOX');
		is($c->size(4), 22 + 6 * 20000 + 2, 'size');
		is($c->internaldate(4), '17-Jul-1996 09:44:25 +0000', 'internaldate');
		is_deeply([ sort grep { $_ ne '\\Recent' } $c->flags(4) ], [ '$Label1', '\\Flagged' ], 'flags');
		is($c->message_string(1), message(1), 'message_string');
		is($c->body_string(2), "body 2\r\n", 'body_string');
		is($c->bodypart_string(2, '1'), "body 2\r\n", 'bodypart_string');
		is($c->bodypart_string(2, '1', 3, 1), "ody", 'a part of it');
		is($c->subject(1), 'hello 1', 'subject') && like($c->date(1), qr/11 Jan 2022/, 'date');
		is_deeply($c->parse_headers([ 1, 2 ], 'Subject', 'From')->{2}, { Subject => ['hello 2'], From => ['a2@example.org'] },
			'parse_headers');
		is($c->get_header(3, 'Message-Id'), '<3@x>', 'get_header');
		is($c->get_envelope(1)->{subject}, 'hello 1', 'get_envelope');
		my $all = $c->fetch_hash([ 1 .. 3 ], 'RFC822.SIZE', 'BODY[HEADER.FIELDS (Subject)]', 'ENVELOPE');
		is(scalar keys %$all, 3, 'fetch_hash');
		is($all->{2}{'RFC822.SIZE'}, length message(2), 'its size');
		is($all->{2}{'BODY[HEADER.FIELDS (SUBJECT)]'}, "Subject: hello 2\r\n\r\n", 'its header');
		is($c->message_count, 4, 'message_count');
		is_deeply([ $c->messages ], [ 1 .. 4 ], 'messages');
		# flags
		$c->deny_seeing(1, 2, 3, 4);
		is($c->unseen_count, 4, 'unseen_count');
		ok($c->see(1, 2), 'see') && is_deeply([ $c->seen ], [ 1, 2 ], 'seen');
		is_deeply([ $c->unseen ], [ 3, 4 ], 'unseen');
		ok($c->mark(3), 'mark') && is_deeply([ $c->search('FLAGGED') ], [ 3, 4 ], 'flagged');
		ok($c->unmark(3, 4), 'unmark') && is_deeply([ $c->search('FLAGGED') ], [], 'not flagged');
		ok($c->set_flag('Answered', 2), 'set_flag') && is_deeply([ $c->search('ANSWERED') ], [2], 'answered');
		ok($c->unset_flag('Answered', 2), 'unset_flag') && is_deeply([ $c->search('ANSWERED') ], [], 'not answered');
		ok($c->store('1:2', '+FLAGS.SILENT', '($Work)'), 'store') && is_deeply([ $c->search('KEYWORD', '$Work') ], [ 1, 2 ],
			'keyword');
		# delete, copy, move
		ok($c->delete_message(1), 'delete_message') && ok($c->restore_message(1), 'restore_message');
		is_deeply([ $c->search('DELETED') ], [], 'none is deleted');
		ok($c->create('Box'), 'create');
		is($c->copy('Box', 1, 2), '1,2', 'copy: COPYUID');
		is($c->move('New', 2, 3), '1,2', 'move makes the folder and copies');
		ok($c->expunge, 'expunge') && is_deeply([ $c->messages ], [ 1, 4 ], 'the rest');
		ok($c->tag_and_run('UID MOVE 4 Box'), 'MOVE (RFC 6851)') && is_deeply([ $c->messages ], [1], 'moved');
		$c->append_string('INBOX', message(5));
		$c->append_string('INBOX', message(6));
		$c->noop;
		$c->delete_message(5, 6);
		ok($c->uidexpunge(5), 'uidexpunge') && is_deeply([ $c->messages ], [ 1, 6 ], 'only that one');
		$peer->select('New');
		is($peer->message_string(1), message(2), 'what was moved is whole');
		is($peer->uidnext('New'), 3, 'uidnext');
		like($peer->uidvalidity('New'), qr/^[1-9]\d*$/, 'uidvalidity');
		ok(!$c->select('Nowhere') && $c->LastError =~ /NONEXISTENT|NO/, 'no SELECT of what is not there');
		$c->select('INBOX');
		ok($c->close, 'close expunges') && $c->select('INBOX');
		is_deeply([ $c->messages ], [1], 'what was deleted is gone');
	},
	structure => sub {
		my $c = client();
		my $alt = "--i\r\nContent-Type: text/plain; charset=utf-8; name=\"a \\\"b\\\" (c)\"\r\n\r\nplain\r\n--i\r\n"
		    . "Content-Type: text/html\r\nContent-Description: =?utf-8?q?=C3=A4?= \"x\\y\"\r\n\r\n<p>html</p>\r\n--i--\r\n";
		my $in = "From: \"Q \\\"uote\\\" \\\\ B\" <q\@example.org>\r\nSubject: in (side) \"there\"\r\n\r\ntext\r\n";
		$c->append_string('INBOX', message(1, 'MIME-Version' => '1.0', 'Content-Type' => 'multipart/mixed; boundary=o',
			body => "--o\r\nContent-Type: multipart/alternative; boundary=i\r\n\r\n$alt\r\n--o\r\nContent-Type: message/rfc822"
			    . "\r\n\r\n$in\r\n--o\r\nContent-Type: application/pdf; name=x.pdf\r\nContent-Disposition: attachment;"
			    . " filename=\"x.pdf\"\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA\r\n--o--\r\n"));
		$c->append_string('INBOX', message(2, Subject => "8-bit \xc3\xa4 and \"quotes\" \\ back", To => 'undisclosed: ;'));
		$c->append_string('INBOX', message(3, 'In-Reply-To' => '<a) b (c>', Cc => '"" <""@x>, group: a@b, c@d;'));
		$c->select('INBOX');
		my $b = $c->get_bodystructure(1) or diag('not parsed: ' . join '', $c->fetch(1, 'BODYSTRUCTURE'));
		is(uc($b->bodytype . '/' . $b->bodysubtype), 'MULTIPART/MIXED', 'its type');
		is(join(' ', $b->parts), '1 1.1 1.2 2 2.HEAD 2.1 3', 'its parts') or diag(join ' ', $b->parts);
		is($c->bodypart_string(1, '1.2'), "<p>html</p>", 'a part');
		is($c->bodypart_string(1, '2.HEADER'), "From: \"Q \\\"uote\\\" \\\\ B\" <q\@example.org>\r\nSubject: in (side) \"there\"\r\n\r\n",
			'the header of a message in it');
		for my $n (1 .. 3) {
			my $e = $c->get_envelope($n);
			ok($e, "envelope $n is parsed") or diag(join '', $c->fetch($n, 'ENVELOPE'));
			is($e->{messageid}, "<$n\@x>", "message-id $n");
		}
	},
	search => sub {
		my $c = client();
		fill($c, 'INBOX', 6);
		$c->append_string('INBOX', message(7, 'In-Reply-To' => '<2@x>', References => '<1@x> <2@x>',
			body => encode('utf-8', "Grüße aus Köln, \"wörtlich\" (5) \\ {9}\r\n"), 'Content-Type' => 'text/plain; charset=utf-8'));
		$c->append_string('INBOX', message(8, 'In-Reply-To' => '<7@x>', References => '<1@x> <2@x> <7@x>'));
		$c->select('INBOX');
		is_deeply([ $c->search('ALL') ], [ 1 .. 8 ], 'all');
		is_deeply([ $c->search('SUBJECT', 'hello 3') ], [3], 'two words are quoted');
		is_deeply([ $c->search(SUBJECT => \'"hello 4"') ], [4], 'quoted by the caller');
		is_deeply([ $c->search('OR', 'FROM', 'a1@example.org', 'FROM', 'a2@example.org') ], [ 1, 2 ], 'or');
		is_deeply([ $c->search('NOT', 'SUBJECT', 'hello') ], [], 'nothing');
		is_deeply([ $c->search('CHARSET', 'UTF-8', 'TEXT', encode('utf-8', 'grüße')) ], [7], 'UTF-8');
		is_deeply([ $c->search('TEXT', "(5) \\ {9}") ], [7], 'braces and backslash in a string');
		is_deeply([ $c->search('HEADER', 'Message-ID', '<5@x>') ], [5], 'header');
		is_deeply([ $c->search('UID', '2:4,6') ], [ 2, 3, 4, 6 ], 'UID');
		is_deeply([ $c->search('1:2') ], [ 1, 2 ], 'sequence numbers');
		is_deeply([ $c->sentbefore(Mail::IMAPClient->Rfc3501_date(1641988800)) ], [1], 'sentbefore');
		is_deeply([ $c->senton('13-Jan-2022') ], [3], 'senton') && is_deeply([ $c->sentsince('17-Jan-2022') ], [ 7, 8 ], 'sentsince');
		is_deeply([ $c->since('01-Jan-2022') ], [ 1 .. 8 ], 'since') && is_deeply([ $c->before('01-Jan-2022') ], [], 'before');
		my $range = do { $c->Ranges(1); my $r = $c->search('ALL'); $c->Ranges(0); "$r" };
		is($range, '1:8', 'a range');
		is_deeply([ $c->sort('REVERSE DATE', 'UTF-8', 'ALL') ], [ reverse 1 .. 8 ], 'sort by date');
		is_deeply([ $c->sort('SUBJECT', 'UTF-8', 'NOT', 'SUBJECT', '"hello 4"') ], [ 1, 2, 3, 5, 6, 7, 8 ], 'sort by subject');
		is_deeply([ $c->sort('(SIZE REVERSE DATE)', 'US-ASCII', 'UID', '1:2') ], [ 2, 1 ], 'two criteria');
		is_deeply($c->thread('REFERENCES', 'UTF-8', 'ALL'), [ [ 1, 2, 7, 8 ], [3], [4], [5], [6] ], 'thread');
		is_deeply($c->thread('ORDEREDSUBJECT', 'UTF-8', 'SUBJECT', 'hello 1'), [ [1] ], 'orderedsubject');
		ok(!defined $c->search('NONSENSE'), 'no such key') && like($c->LastError, qr/BAD/, 'is BAD');
		ok(!defined $c->search('CHARSET', 'X-NONE', 'TEXT', 'x'), 'no such charset') && like($c->LastError, qr/BADCHARSET/, 'says so');
	},
	migrate => sub {
		# From one account into another (USER2, the same password): text, date and flags go along.
		my $c = client();
		my $peer = client(User => "$user.peer");
		$c->create($_) for 'Old', utf7('Zürich');
		for my $folder ('Old', utf7('Zürich')) {
			$c->append_string($folder, message($_), $_ % 2 ? '\\Seen $Label1' : '\\Answered', '0' . $_ . '-Feb-2003 04:05:06 +0100')
			    for 1 .. 4;
			$c->append_string($folder, message(5, body => scalar lines(3000)));
			$c->select($folder);
			ok($c->migrate($peer, 'ALL'), "migrate $folder") or diag($c->LastError);
			$peer->select($folder);
			is($peer->message_count, 5, 'all came');
			is($peer->message_string(3), message(3), 'whole');
			is($peer->size(5), $c->size(5), 'the large one, too');
			is($peer->internaldate(2), ' 2-Feb-2003 03:05:06 +0000', 'with the date');
			is_deeply([ sort grep { !/Recent/ } $peer->flags(1) ], [ '$Label1', '\\Seen' ], 'with the flags');
		}
	},
	idle => sub {
		my $c = client();
		my $other = client();
		fill($c, 'INBOX', 1);
		$c->select('INBOX');
		$other->select('INBOX');
		my $tag = $c->idle;
		ok($tag, 'idle') or diag($c->LastError);
		$other->append_string('INBOX', message(2));
		my @seen;
		push @seen, $c->idle_data(20) until @seen && "@seen" =~ /EXISTS/;
		like("@seen", qr/\* 2 EXISTS/, 'a new message');
		$other->set_flag('Flagged', 1);
		@seen = ();
		push @seen, $c->idle_data(20) until @seen && "@seen" =~ /FETCH/;
		like("@seen", qr/\* 1 FETCH .*\\Flagged/, 'a flag');
		$other->delete_message(2) && $other->expunge;
		@seen = ();
		push @seen, $c->idle_data(20) until @seen && "@seen" =~ /EXPUNGE/;
		like("@seen", qr/\* 2 EXPUNGE/, 'an expunge');
		ok($c->done($tag), 'done') or diag($c->LastError);
		is_deeply([ $c->messages ], [1], 'and on it goes');
	},
	quota => sub {
		my $c = client();
		$c->append_string('INBOX', message(1, body => scalar lines(100)));
		like(join('', @{ $c->getquotaroot('INBOX') }), qr/\* QUOTAROOT INBOX ""\r?$/m, 'QUOTAROOT');
		my ($used, $limit) = map { /^\* QUOTA "" \(STORAGE (\d+) (\d+)/ ? ($1, $2) : () } @{ $c->getquota('') };
		ok($used >= 98 && $used < 110, 'used') or diag(join '', $c->History);
		is($limit, 1024, 'the limit');
		ok(!$c->setquota('', STORAGE => 5), 'nobody sets his own');
		ok(!$c->append_string('INBOX', message(2, body => scalar lines(1000))), 'over it');
		like($c->LastError, qr/OVERQUOTA/, 'OVERQUOTA');
		ok(!$c->append_file('INBOX', \message(3, body => scalar lines(1000))), 'over it, from a file');
		ok($c->noop || $c->reconnect, 'it goes on');
		is_deeply([ $c->select('INBOX') && $c->messages ], [1], 'nothing came of it');
	},
	acl => sub {
		my $c = client();
		$c->create('Mine');
		is_deeply($c->getacl('Mine'), { $user => 'lrswinkxtecda' }, 'getacl') or diag(join '', $c->History);
		is($c->listrights('Mine', $user), 'lrswinkxtecda', 'listrights: all of them, and always');
		is($c->listrights('Mine', 'other'), '', 'listrights: nobody else can be given any');
		like(join('', $c->myrights('Mine')), qr/MYRIGHTS/, 'myrights');
		ok(!$c->setacl('Mine', 'other', 'lr'), 'setacl is refused') && like($c->LastError, qr/NO/, 'NO');
		ok(!$c->deleteacl('Mine', 'other'), 'deleteacl, too');
	},
	metadata => sub {
		# It has no method for RFC 5464; what it reads of the answers is right all the same.
		my $c = client();
		$c->create('Noted');
		ok($c->tag_and_run('SETMETADATA Noted (/private/comment "a \\"note\\" (1)")'), 'set');
		like(join('', @{ $c->tag_and_run('GETMETADATA Noted (/private/comment)') }), qr/METADATA "?Noted"? \(\/private\/comment .*note/s,
			'get');
		ok($c->tag_and_run('SETMETADATA Noted (/private/comment NIL)'), 'and away');
	},
	big => sub {
		# somebody has put messages of 100 octets there
		my $c = client();
		$c->select('INBOX');
		my $n = $c->message_count;
		is($n, 3000, 'all there');
		my @odd = grep { $_ % 2 } $c->messages;
		# a set of 1,500 numbers, one by one: it splits what is longer than Maxcommandlength
		ok($c->set_flag('Seen', \@odd), 'a flag on many');
		is_deeply([ $c->seen ], \@odd, 'those and no others');
		my $h = $c->fetch_hash(\@odd, 'FLAGS', 'RFC822.SIZE');
		is(scalar keys %$h, scalar @odd, 'fetch_hash of many');
		is(scalar(grep { $_->{'RFC822.SIZE'} != 100 } values %$h), 0, 'all sizes are right');
		$c->Ranges(1);
		ok($c->delete_message($c->Range(\@odd)), 'delete many') && ok($c->expunge, 'expunge');
		is($c->message_count, $n / 2, 'half of them are left');
		is_deeply([ ($c->messages)[ 0 .. 2 ] ], [ 2, 4, 6 ], 'the right half');
	},
	reconnect => sub {
		my $c = client(Reconnectretry => 2, Keepalive => 1);
		fill($c, 'INBOX', 2);
		$c->select('INBOX');
		$c->Socket->shutdown(2);
		is_deeply([ $c->messages ], [ 1, 2 ], 'it logs in and selects again by itself') or diag($c->LastError);
		ok($c->logout, 'logout') && ok($c->IsUnconnected, 'gone');
		ok($c->connect && $c->select('INBOX'), 'and comes again');
		is($c->message_count, 2, 'all there');
		ok($c->unselect, 'unselect') if $c->can('unselect');
	},
);

($checks{$what} // die "no such check: $what\n")->();
done_testing();
