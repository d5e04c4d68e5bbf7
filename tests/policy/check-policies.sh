#!/bin/sh
# tests/policy/check-policies.sh - the other policy tests can fail.
#
# Makes a tiny tree that keeps every rule, breaks one rule at a time, and wants
# the test that guards the rule to notice.

here=$(cd "${srcdir:-$(dirname "$0")/..}/policy" && pwd) || exit 99
scratch=$(mktemp -d) || exit 99
trap 'rm -rf "$scratch"' EXIT
failures=0

# A tree with two rooms, its library built.
plant() {
  rm -rf "$scratch/tree"
  mkdir -p "$scratch/tree" && cd "$scratch/tree" || exit 99
  mkdir -p include/tcpflow lib/base lib/wire examples tests/policy bench doc \
    build/include/tcpflow build/lib/.libs
  cp "$here/../../.clang-format" . || exit 99
  echo '# none' >tests/policy/complexity-allow.txt
  cat >include/tcpflow/base.h <<'EOF'
#ifndef TCPFLOW_BASE_H
#define TCPFLOW_BASE_H
#define TCPFLOW_API __attribute__((visibility("default")))
/** @brief A number.  @since 0.1 */
typedef int tcpflow_number;
/**
 * @brief Adds.
 * @since 0.1
 */
TCPFLOW_API tcpflow_number tcpflow_add(tcpflow_number a,
                                       tcpflow_number b);
#endif
EOF
  cat >include/tcpflow/wire.h <<'EOF'
#include <tcpflow/base.h>
EOF
  cp include/tcpflow/wire.h build/include/tcpflow/version.h
  cat >lib/base/add.c <<'EOF'
#include <tcpflow/base.h>

static const char *const names[] = {"a", "b"};

tcpflow_number tcpflow_add(tcpflow_number a, tcpflow_number b) {
  return a + b + names[a & 1][b & 1];
}
EOF
  echo '#include "base/add.h"' >lib/wire/bytes.h
  echo 'int tcpflow__sum(int a);' >lib/base/add.h
  printf 'TCPFLOW_0.1 {\n  global:\n    tcpflow_add;\n  local:\n    *;\n};\n' \
    >lib/libtcpflow.map
  clang_format -i include/tcpflow/*.h lib/*/*.[ch]
  build
}

clang_format() {
  for tool in clang-format-14 clang-format; do
    "$tool" "$@" 2>/dev/null && return
  done
}

# CC and AR are commands with options.
build() {
  # shellcheck disable=SC2086
  ${CC:-cc} -O1 -fPIC -fvisibility=hidden -Iinclude -c lib/base/add.c \
    -o build/add.o &&
    ${CC:-cc} -shared -Wl,--version-script=lib/libtcpflow.map build/add.o \
      -o build/lib/.libs/libtcpflow.so &&
    rm -f build/lib/.libs/libtcpflow-core.a &&
    ${AR:-ar} cr build/lib/.libs/libtcpflow-core.a build/add.o || exit 99
}

# judge TEST: its exit status on the tree.
judge() {
  (
    TCPFLOW_PLAIN_BUILD=yes TCPFLOW_DEBUG_BUILD=no
    top_srcdir=$scratch/tree top_builddir=$scratch/tree/build
    export TCPFLOW_PLAIN_BUILD TCPFLOW_DEBUG_BUILD top_srcdir top_builddir
    exec sh "$here/check-$1.sh"
  ) >"$scratch/said" 2>&1
}

# breaks TEST WHAT FILE LINE: appends a line to a file; the test has to notice.
breaks() {
  plant
  printf '%s\n' "$4" >>"$3"
  notices "$1" "$2"
}

# breaks_build: the same, for a test that looks at the library.
breaks_build() {
  plant
  printf '%s\n' "$4" >>"$3"
  build
  notices "$1" "$2"
}

notices() {
  judge "$1"
  case $? in
  0)
    echo "check-$1 does not notice: $2"
    failures=$((failures + 1))
    ;;
  77) ;;
  *) echo "check-$1 notices: $2: $(sed -n 1p "$scratch/said")" ;;
  esac
}

plant
for test in complexity exports format headers layers purity since unique-names; do
  judge "$test"
  status=$?
  if [ "$status" != 0 ] && [ "$status" != 77 ]; then
    echo "check-$test does not like a good tree:"
    cat "$scratch/said"
    failures=$((failures + 1))
  fi
done

h=include/tcpflow/base.h
c=lib/base/add.c

breaks layers 'a room above' $c '#include "wire/bytes.h"'
breaks layers 'a public header of a room above' $c '#include <tcpflow/wire.h>'
breaks layers 'the same in a public header' $h '#include <tcpflow/conn.h>'
breaks layers 'a private header in a public one' $h '#include "base/add.h"'
breaks layers 'a header without its room' $c '#include "add.h"'
breaks layers 'a header of no room' $c '#include <tcpflow/stray.h>'
breaks layers 'a file of no room' lib/stray.c 'int stray;'
breaks layers 'a comparison by cast' $c 'int f(void) { return (int32_t)(x - y) < 0; }'
breaks layers 'a comparison by hand' $c 'int f(void) { return h->seq < y; }'
breaks unique-names 'two files of one name' lib/wire/add.h ''
breaks format 'another style' $c 'int   f( void );'
breaks complexity 'many decisions' $c \
  'int f(int a) { return a==1||a==2||a==3||a==4||a==5||a==6||a==7||a==8||a==9||a==10||a==11; }'
breaks complexity 'many lines' $c "int f(int a) {
$(i=0; while [ $i -lt 60 ]; do echo 'a++;'; i=$((i + 1)); done)
return a; }"
breaks complexity 'an exception without a reason' \
  tests/policy/complexity-allow.txt 'tcpflow_add'
breaks complexity 'an exception that is not needed' \
  tests/policy/complexity-allow.txt 'tcpflow_add for no reason'
breaks since 'a function without' $h 'TCPFLOW_API int tcpflow_f(void);'
breaks since 'a type without' $h 'typedef int tcpflow_other;'
breaks since 'a release that the map denies' lib/libtcpflow.map \
  'TCPFLOW_0.2 { global:
    tcpflow_add;
};'
breaks headers 'not C++98' $h '#ifndef ONCE
#define ONCE
enum once { ONCE_A, };
#endif'
breaks headers 'not alone' $h 'FILE *f(void);'
breaks headers 'not twice' $h 'struct twice { int a; };'
breaks exports 'not in the map' $h 'TCPFLOW_API int
  tcpflow_f(void);'
breaks exports 'not in the headers' lib/libtcpflow.map \
  'TCPFLOW_0.2 { global:
    tcpflow_f;
};'
breaks_build exports 'a variable' $c 'int tcpflow__count;'
breaks_build exports 'a hidden variable' $c \
  'int tcpflow__f(void); int tcpflow__f(void) { static int n; return n++; }'
breaks_build purity 'a clock' $c \
  'long time(long *); long tcpflow__f(void); long tcpflow__f(void) { return time(0); }
   TCPFLOW_API long tcpflow_g(void); long tcpflow_g(void) { return time(0); }'
breaks_build purity 'an end' $c \
  'void abort(void); TCPFLOW_API void tcpflow_g(void); void tcpflow_g(void) { abort(); }'

echo "$failures failures"
[ "$failures" = 0 ]
