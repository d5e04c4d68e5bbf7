#!/bin/sh
# tests/examples/test-dump.sh - dump on the handshake page in its three forms,
# and on input that is wrong in one way or another.

dump=$top_builddir/examples/dump
textcap=$top_builddir/examples/textcap
for program in "$dump" "$textcap"; do
  [ -x "$program" ] || {
    echo "skipped: $program was left out"
    exit 77
  }
done

work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
page=$srcdir/data/handshake-page
failures=0

fail() {
  echo "FAILED: $*"
  failures=$((failures + 1))
}

# says WORDS COMMAND...: it fails, with one line that has the words.
says() {
  words=$1
  shift
  "$@" >"$work/out" 2>"$work/err" && fail "$*: exit status 0"
  [ "$(wc -l <"$work/err")" -eq 1 ] || fail "$*: not one line of complaint"
  grep -qF "$words" "$work/err" || fail "$*: $(cat "$work/err")"
}

# --- The page: its lines, all of it, its capture, standard input ---------------

for style in -S '' -t -tt -ttt -tttt -ttttt '-tt --nano' '-S --states'; do
  # The options are meant to be split.
  "$dump" -nn $style "$page.pcap" >"$work/pcap" 2>"$work/err" ||
    fail "$style: exit status $?"
  [ "$(wc -l <"$work/pcap")" -eq 7 ] || fail "$style: not seven lines"
  for form in txt md; do
    "$dump" -nn $style "$page.$form" 2>>"$work/err" |
      cmp - "$work/pcap" || fail "$style: .$form and .pcap differ"
    "$dump" -nn $style - <"$page.$form" 2>>"$work/err" |
      cmp - "$work/pcap" || fail "$style: standard input differs"
  done
  [ -s "$work/err" ] && fail "$style: $(cat "$work/err")"
done

# Only the third line is short of an option's padding, and of a comma.
"$dump" -nn -S "$page.txt" | sed 's/,eol\]/]/; s/\[\.\], ack/[.] ack/' |
  diff - "$page.txt" || fail 'the page comes out as other lines'

"$dump" -nn -t --states "$page.pcap" | sed 's/.*{\(.*\)}.*/\1/' >"$work/states"
diff - "$work/states" <<'END' || fail 'the states are other ones'
SYN-SENT, LISTEN
ESTABLISHED, SYN-RECEIVED
ESTABLISHED, ESTABLISHED
FIN-WAIT-1, ESTABLISHED
FIN-WAIT-2, CLOSE-WAIT
FIN-WAIT-2, LAST-ACK
TIME-WAIT, CLOSED
END

# The capture of the page is the one that its text makes.
"$textcap" "$page.txt" "$work/page.pcap" && cmp "$work/page.pcap" "$page.pcap" ||
  fail 'textcap makes another capture'
says 'a capture already' "$textcap" "$page.pcap" "$work/page.pcap"

# --- Local time ----------------------------------------------------------------

TZ=UTC-8 "$dump" -tttt "$page.pcap" | head -n 1 |
  grep -q '^1970-01-02 00:29:59\.847444 IP ' || fail 'local time'

# --- Bad input -----------------------------------------------------------------

says "$work/none: No such file" "$dump" "$work/none"
says "$work: Is a directory" "$dump" "$work"
: >"$work/empty"
says "$work/empty: the file is empty" "$dump" "$work/empty"
printf 'Dear all,\n\nhello > world\n' >"$work/prose"
says "$work/prose: neither a capture nor text" "$dump" "$work/prose"
head -c 3000 /dev/urandom | sed 's/^/x/' >"$work/noise"
says "$work/noise: " "$dump" "$work/noise"
printf '\241\262\303\324' >"$work/magic"
says "$work/magic: " "$dump" "$work/magic"
{ head -c 20 "$page.pcap"; printf '\223\0\0\0'; } >"$work/link"
says 'link type 147 (unknown) is not supported' "$dump" "$work/link"

# What came before the damage is printed, in full.
size=$(wc -c <"$page.pcap")
head -c $((size - 5)) "$page.pcap" >"$work/cut"
says "$work/cut: truncated dump file" "$dump" -nn -S "$work/cut"
"$dump" -nn -S "$page.pcap" | head -n 6 | cmp - "$work/out" ||
  fail 'a cut capture loses packets'

# A line that cannot be read is told with its number, the next one is read, and
# the exit status tells of it.
{ echo 'IP 10.0.0.1.1 > 10.0.0.2.2: Flags [Q], seq 1'; cat "$page.txt"; } \
  >"$work/broken"
"$dump" -nn -S "$work/broken" >"$work/out" 2>"$work/err" &&
  fail 'a broken line: exit status 0'
grep -qF "$work/broken:1: " "$work/err" || fail 'a broken line: not told'
"$dump" -nn -S "$page.txt" | cmp - "$work/out" ||
  fail 'a broken line: the others are lost'

if [ -w /dev/full ]; then
  "$dump" "$page.pcap" >/dev/full 2>"$work/err" && fail 'a full disk: status 0'
  grep -q 'standard output' "$work/err" || fail 'a full disk: not told'
fi

# --- The command line ------------------------------------------------------------

"$dump" --help | grep -q '^usage: dump' || fail '--help'
"$dump" --version | grep -q '[0-9]\.[0-9]' || fail '--version'
"$dump" >/dev/null 2>&1 && fail 'no file: exit status 0'
"$dump" --bogus "$page.pcap" >/dev/null 2>&1 && fail '--bogus: exit status 0'

echo "$failures failures"
[ "$failures" = 0 ]
