/*
 * lib/base/compiler.h - words to the compiler about how hot code is.
 *
 * Room: base.  Includes: nothing of ours.  Where the compiler does not know
 * them they mean nothing, and the code is the same.
 */
#ifndef TCPFLOW__BASE_COMPILER_H
#define TCPFLOW__BASE_COMPILER_H

#if defined(__GNUC__)

/* For what plain packets never reach: kept out of the way of what they do. */
#define TCPFLOW__COLD              __attribute__((cold, noinline))

/* Not cold, but kept apart, so that the way around it does not pay for it. */
#define TCPFLOW__APART             __attribute__((noinline))

/* Becomes part of each of its callers, with their constants in place of its
   arguments. */
#define TCPFLOW__FLAT              __attribute__((always_inline)) static inline

/* A condition that holds nearly always: what is done then is not jumped to. */
#define TCPFLOW__MOSTLY(condition) __builtin_expect(!!(condition), 1)

#else

#define TCPFLOW__MOSTLY(condition) (condition)
#define TCPFLOW__COLD
#define TCPFLOW__APART
#define TCPFLOW__FLAT static inline

#endif

#endif /* TCPFLOW__BASE_COMPILER_H */
