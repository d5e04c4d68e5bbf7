/*
 * lib/options/multipath.h - what a walk has to say of a Multipath TCP option.
 *
 * Room: options.  Includes: nothing of ours.
 */
#ifndef TCPFLOW__OPTIONS_MULTIPATH_H
#define TCPFLOW__OPTIONS_MULTIPATH_H

#include <tcpflow/options.h>

/*
 * TCPFLOW_OPTION_FLAG_BAD_LENGTH, _WRONG_SEGMENT and _BAD_VALUE of an option
 * that is whole, by its subtype.  TCP_FLAGS are those of its segment.
 */
unsigned tcpflow__multipath_judge(const tcpflow_option *option,
                                  unsigned tcp_flags);

#endif /* TCPFLOW__OPTIONS_MULTIPATH_H */
