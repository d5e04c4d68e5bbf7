dnl libtcpflow - m4/tcpflow.m4: what configure.ac asks more than once.

dnl TCPFLOW_ARG_ENABLE(NAME, WHAT IT DOES, DEFAULT: yes or no)
dnl Leaves yes or no, and nothing else, in $enable_NAME.
AC_DEFUN([TCPFLOW_ARG_ENABLE], [
  AC_ARG_ENABLE([$1],
    m4_if([$3], [yes],
      [AS_HELP_STRING([--disable-$1], [do not $2])],
      [AS_HELP_STRING([--enable-$1], [$2])]))
  AS_CASE(["${enable_$1:=$3}"],
    [yes|no], [],
    [AC_MSG_ERROR([--enable-$1 takes yes or no, not "$enable_$1"])])
])

dnl TCPFLOW_CHECK_CFLAGS(VARIABLE, FLAGS)
dnl Appends those of FLAGS that the compiler takes without a word.
AC_DEFUN([TCPFLOW_CHECK_CFLAGS], [
  AC_SUBST([$1])
  for tcpflow_flag in $2; do
    AS_VAR_PUSHDEF([tcpflow_var], [tcpflow_cv_cflag_$tcpflow_flag])
    AC_CACHE_CHECK([whether $CC takes $tcpflow_flag], [tcpflow_var], [
      tcpflow_saved_CFLAGS=$CFLAGS
      CFLAGS="$CFLAGS -Werror $tcpflow_flag"
      AC_COMPILE_IFELSE([AC_LANG_SOURCE([[int tcpflow_probe;]])],
        [AS_VAR_SET([tcpflow_var], [yes])],
        [AS_VAR_SET([tcpflow_var], [no])])
      CFLAGS=$tcpflow_saved_CFLAGS])
    AS_VAR_IF([tcpflow_var], [yes], [$1="${$1:+$$1 }$tcpflow_flag"])
    AS_VAR_POPDEF([tcpflow_var])
  done
])

dnl TCPFLOW_CHECK_LINK_CFLAGS(VARIABLE, FLAG, IF NOT)
dnl Appends FLAG if a program can be compiled and linked with it.
AC_DEFUN([TCPFLOW_CHECK_LINK_CFLAGS], [
  AC_MSG_CHECKING([whether $CC links with $2])
  tcpflow_saved_CFLAGS=$CFLAGS
  CFLAGS="$CFLAGS $2"
  AC_LINK_IFELSE([AC_LANG_PROGRAM([], [])],
    [tcpflow_links=yes], [tcpflow_links=no])
  CFLAGS=$tcpflow_saved_CFLAGS
  AC_MSG_RESULT([$tcpflow_links])
  AS_IF([test "$tcpflow_links" = yes], [$1="${$1:+$$1 }$2"], [$3])
])

dnl TCPFLOW_CHECK_VERSION_SCRIPT
dnl Sets the conditional HAVE_VERSION_SCRIPT.
AC_DEFUN([TCPFLOW_CHECK_VERSION_SCRIPT], [
  AC_CACHE_CHECK([whether the linker takes a version script],
    [tcpflow_cv_version_script], [
    echo 'PROBE_1 { global: tcpflow_probe; local: *; };' > conftest.map
    tcpflow_saved_LDFLAGS=$LDFLAGS
    LDFLAGS="$LDFLAGS -shared -fPIC -Wl,--version-script=conftest.map"
    AC_LINK_IFELSE([AC_LANG_SOURCE([[int tcpflow_probe;]])],
      [tcpflow_cv_version_script=yes], [tcpflow_cv_version_script=no])
    LDFLAGS=$tcpflow_saved_LDFLAGS
    rm -f conftest.map])
  AM_CONDITIONAL([HAVE_VERSION_SCRIPT],
    [test "$tcpflow_cv_version_script" = yes])
])
