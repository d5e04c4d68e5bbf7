/**
 * @file tcpflow/auth.h
 * @brief Signed segments: MD5 signatures and TCP-AO, checked by who has the
 *        key.
 *
 * MD5 is computed here.  TCP-AO leaves the algorithm open, so the caller brings
 * it; what it has to cover is put together here.
 */
#ifndef TCPFLOW_AUTH_H
#define TCPFLOW_AUTH_H

#include <tcpflow/base.h>
#include <tcpflow/option_values.h>
#include <tcpflow/packet.h>

TCPFLOW_BEGIN_DECLS

/** @brief What a signature says.  @since 0.1 */
typedef enum tcpflow_auth {
  /** It is right. */
  TCPFLOW_AUTH_OK = 0,
  /** It is wrong: another key, or another segment. */
  TCPFLOW_AUTH_BAD,
  /** The segment has no such option, or a damaged one. */
  TCPFLOW_AUTH_ABSENT,
  /** The packet does not hold all the octets that are signed: cut, or a
      fragment. */
  TCPFLOW_AUTH_UNCOVERED,
  /** There is no TCP segment, or its header ends outside of it. */
  TCPFLOW_AUTH_NONE,
  /** The caller's function has no key for it. */
  TCPFLOW_AUTH_NO_KEY
} tcpflow_auth;

/**
 * @brief Computes the MD5 signature of a segment, whether it has one or not.
 * @param[out] digest     16 octets; untouched unless #TCPFLOW_AUTH_OK.
 * @param[in]  packet     A decoded packet whose bytes are still there.
 * @param[in]  key        The secret; NULL only if it is empty.
 * @param[in]  key_length Octets of it.
 * @return #TCPFLOW_AUTH_OK, #TCPFLOW_AUTH_UNCOVERED or #TCPFLOW_AUTH_NONE.
 * @rfc{2385,2}
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API tcpflow_auth tcpflow_md5_digest(uint8_t *digest,
                                            const tcpflow_packet *packet,
                                            const uint8_t *key,
                                            size_t key_length)
  TCPFLOW_NONNULL(1, 2);

/**
 * @brief Checks the MD5 signature of a segment, in constant time.
 * @param[in] packet     A decoded packet whose bytes are still there.
 * @param[in] key        The secret; NULL only if it is empty.
 * @param[in] key_length Octets of it.
 * @return What the first well-formed option of its kind says; never
 *         #TCPFLOW_AUTH_NO_KEY.
 * @rfc{2385,2}
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API tcpflow_auth tcpflow_md5_verify(const tcpflow_packet *packet,
                                            const uint8_t *key,
                                            size_t key_length)
  TCPFLOW_NONNULL(1);

/**
 * @brief What the message authentication code of TCP-AO covers: the caller's
 *        storage.
 *
 * A piece points into the struct, so it is not to be copied.
 * @since 0.1
 */
typedef struct tcpflow_ao_message {
  /** The octets in their order: what stands in front of the payload, and the
      payload, which is the packet's. */
  tcpflow_octets piece[2];
  /** The code that the segment has; the packet's octets. */
  tcpflow_octets mac;
  /** KeyID. */
  uint8_t key_id;
  /** RNextKeyID. */
  uint8_t next_key_id;
  /** 0. */
  uint8_t reserved[6];
  /** Private: sequence number extension, pseudo-header, header. */
  uint8_t head[104];
} tcpflow_ao_message;

/**
 * @brief Puts together what the code of a segment covers.
 *
 * Checksum and code are zeros in it.  A sender leaves room for the code, gets
 * the message, and writes the code.
 * @param[out] message      The message.
 * @param[in]  packet       A decoded packet; its bytes have to stay.
 * @param[in]  sne          Sequence number extension: how often the sequence
 *                          numbers of this direction went through 0.
 * @param[in]  with_options Non-zero: the code covers all options.  0: TCP-AO
 *                          itself only.
 * @return #TCPFLOW_AUTH_OK, or why there is no message: _ABSENT, _UNCOVERED or
 *         _NONE.
 * @rfc{5925,5.1}
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API tcpflow_auth tcpflow_ao_message_get(tcpflow_ao_message *message,
                                                const tcpflow_packet *packet,
                                                uint32_t sne, int with_options)
  TCPFLOW_NONNULL(1, 2);

/**
 * @brief Computes a message authentication code: the caller's function.
 * @param[in]  message What to cover, and the identifiers of the key.
 * @param[out] mac     Room for @p length octets.
 * @param[in]  length  Octets that the segment's code has, 1 to 36.
 * @param[in]  user    From the caller.
 * @return 0 if @p mac was written; otherwise there is no such key.
 * @since 0.1
 */
typedef int (*tcpflow_ao_mac)(const tcpflow_ao_message *message, uint8_t *mac,
                              size_t length, void *user);

/**
 * @brief Checks the code of a segment, in constant time.
 * @param[in] packet       As for tcpflow_ao_message_get().
 * @param[in] sne          As for tcpflow_ao_message_get().
 * @param[in] with_options As for tcpflow_ao_message_get().
 * @param[in] mac          Computes the code.
 * @param[in] user         Handed to @p mac.
 * @return What the first well-formed option of its kind says.  One with a code
 *         of no octets is #TCPFLOW_AUTH_BAD.
 * @rfc{5925,5.1}
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API tcpflow_auth tcpflow_ao_verify(const tcpflow_packet *packet,
                                           uint32_t sne, int with_options,
                                           tcpflow_ao_mac mac, void *user)
  TCPFLOW_NONNULL(1, 4);

TCPFLOW_END_DECLS

#endif /* TCPFLOW_AUTH_H */
