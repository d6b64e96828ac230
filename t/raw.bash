# Requests as bytes, for what curl is too polite to send.

# raw PORT TEXT: sends the text as it is (printf escapes) and sets $answer to
# all that comes back until nginx closes.
raw()
{
	# In one piece: nginx may close while the rest is still to come, and then
	# its answer is lost.
	printf '%b' "$2" >"$BATS_TEST_TMPDIR/sent"
	answer=$(
		exec 7<>"/dev/tcp/127.0.0.1/$1"
		cat "$BATS_TEST_TMPDIR/sent" >&7
		timeout 10 cat <&7 | tr -d '\r\0'
	) || true
	status=$(sed -n '1s|^HTTP/1.[01] \([0-9]*\).*|\1|p' <<<"$answer")
	body=$(sed '1,/^$/d' <<<"$answer")
}

# raw_header NAME: the values of a header of the answer, one a line.
raw_header()
{
	sed -n "1,/^\$/s/^$1: //Ip" <<<"$answer"
}

# one_answer STATUS: exactly one response came, with this status.
one_answer()
{
	[ "$status" = "$1" ] && [ "$(grep -c '^HTTP/1' <<<"$answer")" = 1 ] && return
	echo "not one answer with $1: $answer"
	return 1
}

# json_refusal: the body is a refusal in the form of its side.
json_refusal()
{
	[ "$(raw_header Content-Type)" = application/json ] || {
		echo "no JSON: $answer"
		return 1
	}
	says '(.detail | type == "string") or (.jsonrpc == "2.0" and has("id") == false and (.error.message | type == "string"))'
}

# guarded: the headers that every answer has.
guarded()
{
	[ "$(raw_header X-Content-Type-Options)" = nosniff ] &&
		[ "$(raw_header Referrer-Policy)" = no-referrer ] &&
		raw_header Content-Security-Policy | grep -q "default-src 'none'; frame-ancestors 'none'" && return
	echo "headers are missing: $answer"
	return 1
}

# slow_readers PORT COUNT TEXT: so many clients that send the text, want little
# at once and read nothing; in the background, as $slow. The file $slow_said gets
# "answered" once each has the beginning of an answer, "cut" once nginx has
# ended them all.
slow_readers()
{
	slow_said=$BATS_TEST_TMPDIR/slow
	printf '%b' "$3" >"$BATS_TEST_TMPDIR/slow-sent"
	perl -e '
		use strict; use Socket; use IO::Poll qw(POLLIN POLLERR POLLHUP); $| = 1;
		my ($port, $count, $file) = @ARGV;
		open(my $sent, "<", $file); my $text = join("", <$sent>);
		my @clients = map {
			socket(my $client, PF_INET, SOCK_STREAM, 0) or die;
			setsockopt($client, SOL_SOCKET, SO_RCVBUF, 4096) or die;
			connect($client, sockaddr_in($port, INADDR_LOOPBACK)) or die;
			syswrite($client, $text);
			$client } 1 .. $count;
		# Every client in turn, for twenty seconds each at most.
		sub all { my ($events, $said) = @_;
			for my $client (@clients) {
				my $poll = IO::Poll->new; $poll->mask($client => $events);
				exit 1 unless $poll->poll(20) > 0;
			}
			print "$said\n" }
		all(POLLIN, "answered"); all(POLLERR | POLLHUP, "cut");
	' "$1" "$2" "$BATS_TEST_TMPDIR/slow-sent" >"$slow_said" 3>&- &
	slow=$!
}
