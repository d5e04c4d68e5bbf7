#!/bin/sh
# tests/examples/test-explain.sh - the explanations, word for word, and what
# happens to bad input.  With UPDATE=1 the golden files are written anew: read
# what changed before you keep it.
#
# The captures in explain-cases/ are connections of a real kernel across an
# impaired link, cut behind the headers; the texts are written by hand.

explain=$top_builddir/examples/explain
[ -x "$explain" ] || {
  echo "skipped: $explain was left out"
  exit 77
}

# Captures have local times.
TZ=UTC0
export TZ

data=$srcdir/data
cases=$srcdir/examples/explain-cases
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
checks=0
failures=0

fail() {
  echo "FAILED: $*"
  failures=$((failures + 1))
}

# matches FILE GOLDEN: they are the same; or the golden file becomes so.
matches() {
  checks=$((checks + 1))
  if [ -n "$UPDATE" ]; then
    cp "$1" "$2"
    return
  fi
  diff -u "$2" "$1" || fail "$2"
}

# golden STATUS INPUT NAME LANGUAGE FORMAT: explains INPUT; what it says is in
# NAME.LANGUAGE.FORMAT, and NAME.err holds its complaints, if there are any.
golden() {
  "$explain" --lang "$4" --format "$5" "$2" >"$work/out" 2>"$work/complaints"
  status=$?
  [ "$status" = "$1" ] || fail "$3 $4 $5: exit status $status"
  # Complaints name the file as it was given.
  sed "s,$2,INPUT,g" "$work/complaints" >"$work/err"
  grep -n '{[1-9]}' "$work/out" && fail "$3 $4 $5: something is not filled in"
  matches "$work/out" "$cases/$3.$4.$5"
  if [ -s "$work/err" ] || [ -e "$cases/$3.err" ]; then
    matches "$work/err" "$cases/$3.err"
  fi
}

# --- Both languages say everything --------------------------------------------

# list FILE...: the words of a language with what they are filled with, one a
# line.  The headings of steps are filled differently on purpose.
list() {
  cat "$@" | awk '
    match($0, /^  \[[A-Z0-9_]+\]/) { key = substr($0, 4, RLENGTH - 4) }
    /^};/ { key = "" }
    key != "" {
      keys[key] = 1
      for (line = $0; match(line, /\{[1-9]\}/);
           line = substr(line, RSTART + RLENGTH))
        filled[key, substr(line, RSTART + 1, 1)] = 1
    }
    END {
      for (key in keys) {
        text = key
        for (i = 1; i <= 9 && key !~ /^STEP_HEADING_/; i++)
          if ((key, i) in filled)
            text = text " {" i "}"
        print text
      }
    }' | sort
}

words=$top_srcdir/examples/explainer
list "$words"/words_en*.c >"$work/en"
list "$words"/words_zh*.c >"$work/zh"
diff -u "$work/en" "$work/zh" || fail 'the languages differ in what they say'
for word in $(sed -n 's/^  \([A-Z]*_[A-Z0-9_]*\),.*/\1/p' "$words/words.h" |
  grep -v -e _COUNT -e NOTHING); do
  checks=$((checks + 1))
  grep -q "^$word\( \|\$\)" "$work/en" || fail "$word has no words"
done

# --- The handshake page -------------------------------------------------------

for language in en zh; do
  for format in text markdown checklist; do
    golden 0 "$data/handshake-page.txt" page $language $format
  done
done
golden 0 "$data/handshake-page.pcap" page-capture en text
golden 0 "$data/handshake-page.md" page-notes zh markdown

# --- Variants -----------------------------------------------------------------

for name in fast-open half-close mid-stream one-sided refused reset \
  simultaneous-close simultaneous-open syn-loss unanswered zero-window; do
  golden 0 "$cases/$name.pcap" $name en text
done
for name in refused simultaneous-close zero-window; do
  golden 0 "$cases/$name.pcap" $name zh text
done
for name in half-close refused simultaneous-close; do
  golden 0 "$cases/$name.pcap" $name en checklist
done
for name in half-open no-options; do
  golden 0 "$cases/$name.txt" $name en text
  golden 0 "$cases/$name.txt" $name zh text
done
golden 1 "$cases/host-names.txt" host-names en text

# --- The same from everywhere ---------------------------------------------------

"$explain" --lang en - <"$data/handshake-page.txt" >"$work/out" || fail '-'
cmp "$work/out" "$cases/page.en.text" || fail 'text from standard input'
"$explain" --lang en - <"$data/handshake-page.pcap" >"$work/out" || fail '-'
cmp "$work/out" "$cases/page-capture.en.text" ||
  fail 'a capture from standard input'
LC_ALL=zh_CN.UTF-8 "$explain" "$data/handshake-page.txt" >"$work/out"
cmp "$work/out" "$cases/page.zh.text" || fail 'the language of the locale'

# --- Options --------------------------------------------------------------------

"$explain" --lang en --max 1 "$cases/syn-loss.pcap" >"$work/out" || fail '--max'
[ "$(grep -c '^TCP connection' "$work/out")" -eq 1 ] || fail '--max: chapters'
grep -q '^2 connections, 1 of them explained' "$work/out" || fail '--max: rest'
"$explain" --help | grep -q '^usage: explain' || fail '--help'
for wrong in --lang=xx --format=html --max=-1 --nonsense; do
  "$explain" "$wrong" "$data/handshake-page.txt" >"$work/out" 2>/dev/null
  [ $? = 2 ] || fail "$wrong: exit status"
  [ -s "$work/out" ] && fail "$wrong: it explains something"
done

# --- Bad input --------------------------------------------------------------------

# complains WHAT FILE PATTERN: fails, with one line that names the file.
complains() {
  "$explain" --lang en "$2" >"$work/out" 2>"$work/err" &&
    fail "$1: exit status 0"
  [ "$(wc -l <"$work/err")" -eq 1 ] || fail "$1: not one line of complaint"
  grep -qF "explain: $2: " "$work/err" || fail "$1: the file is not named"
  checks=$((checks + 1))
}

complains 'no such file' "$work/nothing"
complains 'a directory' "$work"
: >"$work/empty"
complains 'an empty file' "$work/empty"
echo 'Dear diary, no packet today.' >"$work/prose"
complains 'text without a packet' "$work/prose"
head -c 3000 "$explain" | tail -c 2000 >"$work/garbage"
complains 'garbage' "$work/garbage"
head -c 24 "$data/handshake-page.pcap" >"$work/header.pcap"
complains 'a capture without a packet' "$work/header.pcap"
head -c 20 "$data/handshake-page.pcap" >"$work/short.pcap"
complains 'a cut file header' "$work/short.pcap"
# The link type stands in octets 20 to 23, in either byte order.
{
  head -c 20 "$data/handshake-page.pcap"
  printf '\143\143\143\143'
  tail -c +25 "$data/handshake-page.pcap"
} >"$work/link.pcap"
complains 'an unknown link type' "$work/link.pcap"

# The last packet is cut: all before it is explained.
size=$(wc -c <"$data/handshake-page.pcap")
head -c "$((size - 10))" "$data/handshake-page.pcap" >"$work/cut.pcap"
complains 'a damaged capture' "$work/cut.pcap"
grep -q 'client FIN → server ACK → server FIN$' "$work/out" ||
  fail 'a damaged capture: what came before the damage is lost'
grep -q 'client FIN-WAIT-2, server LAST-ACK$' "$work/out" ||
  fail 'a damaged capture: the states'

echo "$checks checks, $failures failures"
[ "$failures" = 0 ]
