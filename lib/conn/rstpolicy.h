/*
 * lib/conn/rstpolicy.h - which RST ends a connection, by what its endpoints
 * run.
 *
 * Room: conn.  Includes: base, segment.
 */
#ifndef TCPFLOW__CONN_RSTPOLICY_H
#define TCPFLOW__CONN_RSTPOLICY_H

#include <stdint.h>

/* A tcpflow__rst_taste.  policy is a tcpflow_rst_policy. */
uint8_t tcpflow__rst_taste_of(unsigned policy);

#endif /* TCPFLOW__CONN_RSTPOLICY_H */
