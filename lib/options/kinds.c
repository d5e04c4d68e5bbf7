/*
 * lib/options/kinds.c - the registry of option kinds: one row, one kind.
 *
 * Room: options.  Includes: nothing of ours.  After IANA's "TCP Option Kind
 * Numbers".  RFC 6247 made the RFCs behind kinds 6, 7 and 9 to 15 historic;
 * RFC 5925 made RFC 2385, kind 19, obsolete.  The lengths of kinds 20 to 23 are
 * those of CCSDS 714.0-B; those of kinds 76 and 78 are what Riverbed's devices
 * send.  Squatters without a name are what IANA calls "known unauthorized use
 * without proper IANA assignments".  Places: RFC 1644 section 3.1 for T/TCP,
 * RFC 9768 section 3.2.3.2.1 for AccECN, which the first SYN must not have.
 */
#include "options/kinds.h"

/* clang-format off */
#define ROWS(R)                                                               \
  /* kind                   min  max  step also place    many flags     */    \
  R(EOL,                      1,   1,  1,  0,  ANY,      1,  0)               \
  R(NOP,                      1,   1,  1,  0,  ANY,      1,  0)               \
  R(MSS,                      4,   4,  1,  0,  SYN,      0,  0)               \
  R(WSCALE,                   3,   3,  1,  0,  SYN,      0,  0)               \
  R(SACK_PERMITTED,           2,   2,  1,  0,  SYN,      0,  0)               \
  /* RFC 2018 section 3: 8 octets a block.  None at all is seen, too. */      \
  R(SACK,                    10,  34,  8,  2,  NOT_SYN,  0,  0)               \
  R(ECHO,                     6,   6,  1,  0,  ANY,      0,  OBSOLETE)        \
  R(ECHO_REPLY,               6,   6,  1,  0,  ANY,      0,  OBSOLETE)        \
  R(TIMESTAMPS,              10,  10,  1,  0,  ANY,      0,  0)               \
  R(POC_PERMITTED,            2,   2,  1,  0,  SYN,      0,  OBSOLETE)        \
  R(POC_PROFILE,              3,   3,  1,  0,  ANY,      0,  OBSOLETE)        \
  R(CC,                       6,   6,  1,  0,  ANY,      0,  OBSOLETE)        \
  R(CC_NEW,                   6,   6,  1,  0,  FIRST,    0,  OBSOLETE)        \
  R(CC_ECHO,                  6,   6,  1,  0,  SECOND,   0,  OBSOLETE)        \
  R(ALT_CHECKSUM_REQUEST,     3,   3,  1,  0,  SYN,      0,  OBSOLETE)        \
  R(ALT_CHECKSUM_DATA,        2, 255,  1,  0,  ANY,      0,  OBSOLETE)        \
  R(SKEETER,                  2, 255,  1,  0,  ANY,      0,  0)               \
  R(BUBBA,                    2, 255,  1,  0,  ANY,      0,  0)               \
  R(TRAILER_CHECKSUM,         3,   3,  1,  0,  ANY,      0,  0)               \
  R(MD5,                     18,  18,  1,  0,  ANY,      0,  OBSOLETE)        \
  R(SCPS,                     4, 255,  1,  0,  SYN,      1,  0)               \
  R(SNACK,                    6, 255,  1,  0,  ANY,      0,  0)               \
  R(RECORD_BOUNDARY,          2,   2,  1,  0,  ANY,      0,  0)               \
  R(CORRUPTION,               2,   2,  1,  0,  ANY,      0,  0)               \
  R(SNAP,                     2, 255,  1,  0,  ANY,      0,  0)               \
  R(COMPRESSION_FILTER,       2, 255,  1,  0,  ANY,      0,  0)               \
  R(QUICK_START,              8,   8,  1,  0,  ANY,      0,  0)               \
  R(USER_TIMEOUT,             4,   4,  1,  0,  ANY,      0,  0)               \
  R(AO,                       4, 255,  1,  0,  ANY,      0,  0)               \
  R(MPTCP,                    3, 255,  1,  0,  ANY,      1,  0)               \
  /* RFC 7413 section 4.1.1: a cookie has 4 to 16 octets, an even number,     \
     or none, which asks for one. */                                          \
  R(FAST_OPEN,                6,  18,  2,  2,  SYN,      0,  0)               \
  R(ENO,                      2, 255,  1,  0,  ANY,      0,  0)               \
  R(SQUAT_31,                 2, 255,  1,  0,  ANY,      1,  SQUAT)           \
  R(SQUAT_32,                 2, 255,  1,  0,  ANY,      1,  SQUAT)           \
  R(SQUAT_33,                 2, 255,  1,  0,  ANY,      1,  SQUAT)           \
  R(SQUAT_70,                 2, 255,  1,  0,  ANY,      1,  SQUAT)           \
  R(RIVERBED_PROBE,           3, 255,  1,  0,  ANY,      1,  SQUAT)           \
  R(SQUAT_77,                 2, 255,  1,  0,  ANY,      1,  SQUAT)           \
  R(SQUAT_79,                 2, 255,  1,  0,  ANY,      1,  SQUAT)           \
  R(RIVERBED_TRANSPARENCY,   16,  18,  2,  0,  ANY,      0,  SQUAT)           \
  R(ACCECN_0,                 2,  11,  3,  0,  LATER,    0,  0)               \
  R(ACCECN_1,                 2,  11,  3,  0,  LATER,    0,  0)               \
  R(EXPERIMENT_1,             4, 255,  1,  0,  ANY,      1,  0)               \
  R(EXPERIMENT_2,             4, 255,  1,  0,  ANY,      1,  0)
/* clang-format on */

/* The flags column, spelled short above. */
enum {
  FLAGS_0 = 0,
  FLAGS_OBSOLETE = TCPFLOW_OPTION_FLAG_OBSOLETE,
  FLAGS_SQUAT = TCPFLOW_OPTION_FLAG_SQUAT
};

/* Where an option must not stand, by the column that says where it may. */
enum {
  NOT_IN_ANY = 0,
  NOT_IN_FIRST = TCPFLOW__PLACE_LATER,
  NOT_IN_SECOND = TCPFLOW__PLACE_FIRST | TCPFLOW__PLACE_NOT_SYN,
  NOT_IN_SYN = TCPFLOW__PLACE_NOT_SYN,
  NOT_IN_LATER = TCPFLOW__PLACE_FIRST,
  NOT_IN_NOT_SYN = TCPFLOW__PLACE_SYN
};

#define RULE(kind, min, max, step, also, place, many, flags)                   \
  [TCPFLOW_OPTION_##                                                           \
    kind] = {min, max, step, also, NOT_IN_##place, many, FLAGS_##flags},

const tcpflow__option_rule tcpflow__option_rules[256] = {ROWS(RULE)};
