/*
 * lib/options/options.h - parsing without the size stamp, for the packet path.
 *
 * Room: options.  Includes: nothing of ours.
 */
#ifndef TCPFLOW__OPTIONS_OPTIONS_H
#define TCPFLOW__OPTIONS_OPTIONS_H

#include <tcpflow/options.h>

/*
 * As tcpflow_options_parse(), for a struct of this library's own size, which
 * need not be initialized: everything in it is set, the stamp included.
 */
void tcpflow__options_parse(tcpflow_options *options, const uint8_t *bytes,
                            size_t length, size_t captured, unsigned tcp_flags);

/*
 * The same by walking, always; tcpflow__options_parse() knows the commonest
 * lists by sight.  Tests hold the one against the other.
 */
void tcpflow__options_parse_walking(tcpflow_options *options,
                                    const uint8_t *bytes, size_t length,
                                    size_t captured, unsigned tcp_flags);

#endif /* TCPFLOW__OPTIONS_OPTIONS_H */
