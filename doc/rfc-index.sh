#!/bin/sh
# doc/rfc-index.sh - the manual's page "By RFC section", out of the headers.
#
# usage: rfc-index.sh HEADER... > rfc.dox
#
# Every description that names a section, by @rfc{9293,3.4} or in words (RFC
# 9293 section 3.4), is listed at that section under the name that it describes.
# Doxygen would list them by name, which helps nobody who has the RFC open.

set -e
export LC_ALL=C

# RFC, section with each number in three digits, section, name: one a line.
list_sections() {
  awk '
    function note(rfc, section) {
      sub(/\.$/, "", section)
      count++
      found[count] = rfc "\t" section
    }
    # What the comment says: @rfc{9293,3.4}, RFC 9293 section 3.4.
    function read_comment(text,   parts) {
      while (match(text, /@rfc\{[0-9]+,[0-9.]+\}|RFC [0-9]+ section [0-9.]+/)) {
        split(substr(text, RSTART, RLENGTH), parts, /@rfc\{|RFC | section |[,}]/)
        note(parts[2], parts[3])
        text = substr(text, RSTART + RLENGTH)
      }
    }
    # What a declaration names: a function, a constant, or its type.
    function name_of(text) {
      if (match(text, /tcpflow_[a-z0-9_]+\(/)) {
        return substr(text, RSTART, RLENGTH - 1) "()"
      }
      gsub(/TCPFLOW_API/, "", text)
      if (match(text, /TCPFLOW_[A-Z0-9_]+/)) {
        return substr(text, RSTART, RLENGTH)
      }
      return match(text, /tcpflow_[a-z0-9_]+ *\{/) ||
             text ~ /;/ ? type : ""
    }
    function tell(name,   i, parts, digits, n, key) {
      for (i = 1; i <= count; i++) {
        split(found[i], parts, "\t")
        n = split(parts[2], digits, ".")
        key = ""
        for (; n > 0; n--) {
          key = sprintf(".%03d", digits[n]) key
        }
        print parts[1] "\t" key "\t" parts[2] "\t@ref " name
      }
      count = 0
    }
    FNR == 1 { file = FILENAME; sub(/.*\//, "", file); about_file = 0 }
    /\/\*\*/ { comment = ""; inside = 1; count = 0; declaration = "" }
    inside {
      line = $0
      sub(/^ *(\/\*\*|\*)? ?/, "", line)
      comment = comment " " line
      about_file = about_file || /@file/
      if (/\*\//) {
        inside = 0
        gsub(/  +/, " ", comment)
        read_comment(comment)
        if (about_file) {
          tell(file)
          about_file = 0
        }
      }
      next
    }
    /^typedef (struct|enum) / { type = $3 }
    count > 0 {
      declaration = declaration " " $0
      name = name_of(declaration)
      if (name != "") {
        tell(name)
      }
    }' "$@"
}

list_sections "$@" | sort -t '	' -k1,1n -k2,2 -k4,4 -u | awk -F '\t' '
  BEGIN { printf "/**\n@page rfc_page By RFC section\n\n@tableofcontents" }
  $1 != rfc {
    rfc = $1
    print "\n\n@section rfc_" rfc " RFC " rfc "\n\n| section | in the library |"
    printf "|---|---|"
    section = ""
  }
  $3 != section {
    section = $3
    printf "\n| [%s](https://www.rfc-editor.org/rfc/rfc%s.html#section-%s) | %s",
      section, rfc, section, $4
    next
  }
  { printf ", %s", $4 }
  END { print "\n*/" }'
