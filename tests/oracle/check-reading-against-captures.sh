#!/bin/sh
# tests/oracle/check-reading-against-captures.sh - what is read from tcpdump's
# text is what the packets of the capture say.
#
# tcpdump prints each capture four ways, and readback reads that: plain, -e,
# -S -v and -e -v; the library's own printer prints it in the same ways.  One capture in 12; `make check FULL=1` takes them all, in a
# minute or two.  The rules below say where a text cannot tell what the packet
# says; each is counted, and any other difference fails.

. "$srcdir/oracle/need.sh"
need_tool tcpdump
need_data corpus/pcap
[ -x oracle/readback ] || skip 'oracle/readback was left out: no libpcap'

every=12
[ -z "$FULL" ] || every=1
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
export TZ=UTC LC_ALL=C

# A part of the capture's name or *, and a pattern of what readback prints.
# Made-up numbers that are as near as relative ones:
cat >"$work/rules" <<'END'
max_seq (seq|ack|options):
llmnr-tcp (seq|ack):
fuzz- (seq|ack):
handshake_synthetic ack:
http-response-line seq:
same_inner_tuple (seq|ack):
direction_matrix ack:
vlan_splits ack:
_gtpu_ (seq|ack):
END
# A number before the conversation's first one, alone on its line:
cat >>"$work/rules" <<'END'
test1-part2 (ack|options):
END
# A header that is shorter than RFC 4302 section 2.2 lets it be, which tcpdump
# steps over all the same:
cat >>"$work/rules" <<'END'
ah_invalid kind:
END
# A tag behind a VN-Tag, which is not printed:
cat >>"$work/rules" <<'END'
vntag_vlan_sandwich VLAN:
END
# A length of 0, which tcpdump takes at its word:
cat >>"$work/rules" <<'END'
bigtcp broken:
END
# An authentication header in IPv4, which is left out:
cat >>"$work/rules" <<'END'
* length of (IP|the IP header):
END

captures=0
find "$shared/corpus/pcap" -type f | sort |
  awk -v every="$every" 'NR % every == 0' >"$work/files"
while read -r file; do
  captures=$((captures + 1))
  for style in '' -e '-S -v' '-e -v'; do
    case $style in
    -S*) absolute=-S ;;
    *) absolute= ;;
    esac
    # The options are meant to be split.
    tcpdump -nn --number $style -r "$file" 2>/dev/null |
      oracle/readback $absolute "$file" 2>"$work/problem" |
      sed "s|^|${file##*/} $absolute |" >>"$work/found"
  done
  for style in -o -oe -oSv -oev; do
    oracle/readback "$style" "$file" 2>"$work/problem" |
      sed "s|^|${file##*/} $style |" >>"$work/found"
  done
done <"$work/files"

awk '
  FNR == NR {
    part[++parts] = $1
    pattern[parts] = substr($0, index($0, " ") + 1)
    next
  }
  $NF == "differences" {
    read += $(NF - 5)
    explained += $(NF - 3)
    next
  }
  {
    for (i = 1; i <= parts; i++)
      if ((part[i] == "*" || index($1, part[i])) && $0 ~ pattern[i]) {
        ruled++
        next
      }
    if (other++ < 40)
      print
  }
  END {
    printf "%d lines read; %d hide something, %d go by a rule, %d differ\n",
      read, explained, ruled, other
    exit read == 0 || other > 0
  }
' "$work/rules" "$work/found"
status=$?
echo "$captures captures, eight ways each"
exit $status
