#!/bin/sh
# doc/script-index.sh - the manual's page "Index of the scripts", out of the
# scripts themselves.
#
# usage: script-index.sh FILE.flow... > scripts.dox
#
# A script begins with a comment that says what it shows and which RFC says so.
# The comments are listed by family, which is the first word of the name, and
# the names by the sections that the comments give.  Each script becomes a page,
# as an example of Doxygen's.

set -e
export LC_ALL=C

# NAME, tab, comment: one script a line.
list_comments() {
  for script in "$@"; do
    awk -v name="$(basename "$script" .flow)" '
      !/^#/ { exit }
      { sub(/^# ?/, ""); text = text (NR > 1 ? " " : "") $0 }
      END { gsub(/  +/, " ", text); print name "\t" text }' "$script"
  done
}

comments=$(list_comments "$@" | sort)

printf '%s\n' "$comments" | awk -F '\t' '
  # To the page that Doxygen makes of an example.
  function link(name) {
    return "<a href=\"" name "_8flow-example.html\">" name "</a>"
  }
  function escape(text) {
    gsub(/&/, "\\&amp;", text)
    gsub(/</, "\\&lt;", text)
    gsub(/>/, "\\&gt;", text)
    gsub(/\|/, "\\&#124;", text)
    gsub(/[_*#@%]/, "\\\\&", text)
    return text
  }
  function family(title, words,   n, word, i) {
    titles[++count] = title
    n = split(words, word, " ")
    for (i = 1; i <= n; i++) {
      title_of[word[i]] = title
    }
  }
  BEGIN {
    family("Opening", "three handshake open")
    family("SYNs and their answers", "syn")
    family("What was not captured", "capture mid flip ipv6")
    family("Loss, overlaps, acknowledgments", "loss overlap wrap ack sack")
    family("Frames captured twice", "duplicate")
    family("Windows, probes, keep-alives", "window probe keep")
    family("Timestamps", "paws")
    family("Urgent data", "urgent")
    family("Closing", "fin close")
    family("Resets", "reset")
    family("Ports used again, TIME-WAIT", "reuse reused stragglers")
    family("Timeouts", "timeout timeouts")
    family("ICMP errors", "icmp")
    family("ECN", "ecn")
    family("Multipath TCP", "mptcp")
    family("What the caller does not want", "ignore stop skip")
    family("Nonsense, attacks, and the rest", "")
  }
  {
    word = $1
    sub(/[-.].*/, "", word)
    title = word in title_of ? title_of[word] : titles[count]
    rows[title] = rows[title] "\n| " link($1) " | " escape($2) " |"
  }
  END {
    print "/**\n@page script_index_page Index of the scripts\n"
    print "@tableofcontents\n"
    print NR " scripts of `tests/script`, with the comments that they begin"
    print "with; @ref scripts_page goes through some of them."
    for (i = 1; i <= count; i++) {
      if (rows[titles[i]] != "") {
        print "\n@section script_family_" i " " titles[i] "\n"
        printf "| script | what it shows |\n|---|---|"
        print rows[titles[i]]
      }
    }
  }'

# RFC, section with each number in three digits, section, link: one a line.
printf '%s\n' "$comments" | awk -F '\t' '
  function note(rfc, section,   digits, n, i, key) {
    sub(/\.$/, "", section)
    n = split(section, digits, ".")
    for (i = 1; i <= n; i++) {
      key = key sprintf(".%03d", digits[i])
    }
    print rfc "\t" key "\t" section "\t" $1
  }
  {
    text = $2
    while (match(text, /RFC [0-9]+ sections? [0-9.]+((,| and|, and) [0-9.]+)*/)) {
      found = substr(text, RSTART, RLENGTH)
      text = substr(text, RSTART + RLENGTH)
      n = split(found, word, /[ ,]+/)
      for (i = 4; i <= n; i++) {
        if (word[i] ~ /^[0-9]/) {
          note(word[2], word[i])
        }
      }
    }
  }' | sort -t '	' -k1,1n -k2,2 -k4,4 -u | awk -F '\t' '
  BEGIN {
    print "\n@section script_rfcs By RFC section\n"
    printf "| RFC | section | scripts |\n|---|---|---|"
  }
  $1 " " $3 != place {
    place = $1 " " $3
    printf "\n| %s | [%s](https://www.rfc-editor.org/rfc/rfc%s.html#section-%s) | ",
      $1, $3, $1, $3
    between = ""
  }
  {
    printf "%s<a href=\"%s_8flow-example.html\">%s</a>", between, $4, $4
    between = ", "
  }
  END { print "\n*/" }'

# An example each.
printf '%s\n' "$comments" | cut -f 1 | while read -r name; do
  printf '\n/**\n@example %s.flow\n*/\n' "$name"
done
