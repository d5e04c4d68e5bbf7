/*
 * tests/oracle/option_cells.h - the values of a packet's options by the names
 * that tshark gives them.
 */
#ifndef TCPFLOW_TESTS_OPTION_CELLS_H
#define TCPFLOW_TESTS_OPTION_CELLS_H

#include <tcpflow/tcpflow.h>

/* Prints `name:value` for each, joined by bars; numbers are decimal, octets
   hexadecimal.  What tshark shows anyway, by the parse, is left out. */
void print_option_cells(const tcpflow_packet *packet);

#endif /* TCPFLOW_TESTS_OPTION_CELLS_H */
