#!/bin/sh
# tests/policy/check-purity.sh - the library asks the C library for memory,
# strings and numbers, and for nothing else.
#
# No file, socket, clock, thread, locale or output; and nothing that ends the
# process.

top_builddir=${top_builddir:-$(dirname "$0")/../../build}
lib=$top_builddir/lib/.libs

if [ "${TCPFLOW_PLAIN_BUILD:-yes}" != yes ]; then
  echo 'skipped: instrumented build'
  exit 77
fi

allowed='
  memchr memcmp memcpy memmove memset bcmp
  strchr strcmp strlen strncmp strnlen strrchr strstr
  snprintf vsnprintf
  malloc calloc realloc free
'
# What compilers and linkers add by themselves.
added='
  __cxa_finalize __gmon_start__ _ITM_deregisterTMCloneTable
  _ITM_registerTMCloneTable _GLOBAL_OFFSET_TABLE_
  __stack_chk_fail __stack_chk_guard __tls_get_addr
  __memcpy_chk __memmove_chk __memset_chk __snprintf_chk __vsnprintf_chk
'
if [ "${TCPFLOW_DEBUG_BUILD:-no}" = yes ]; then
  allowed="$allowed __assert_fail"
fi

# NM may be a command with options; it is left unquoted for that.
if [ -f "$lib/libtcpflow.so" ]; then
  names=$(${NM:-nm} -D --undefined-only "$lib/libtcpflow.so")
else
  names=$(${NM:-nm} -u "$lib/libtcpflow.a" | grep -v ' tcpflow_')
fi
names=$(echo "$names" | awk 'NF == 2 { sub(/@.*/, "", $2); print $2 }' | sort -u)

if [ -z "$names" ]; then
  echo 'found no symbols'
  exit 1
fi

failures=0
for name in $names; do
  case " $(echo $allowed $added) " in
  *" $name "*) ;;
  *)
    echo "$name: not for this library"
    failures=$((failures + 1))
    ;;
  esac
done

echo $names
[ "$failures" = 0 ]
