/**
 * @file tcpflow/option_names.h
 * @brief Names of what stands in TCP options, and the order of a list as
 *        fingerprints write it.
 *
 * Names are in static storage and never NULL: "?" for a value that has none.
 */
#ifndef TCPFLOW_OPTION_NAMES_H
#define TCPFLOW_OPTION_NAMES_H

#include <tcpflow/auth.h>
#include <tcpflow/base.h>
#include <tcpflow/option_values.h>

TCPFLOW_BEGIN_DECLS

/**
 * @brief Names a kind of option in words: `maximum segment size`.
 *
 * tcpflow_option_name() has the short names of tcpdump, which does not name all
 * of them.
 * @param[in] kind A #tcpflow_option_kind, or any other octet.
 * @return The name.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API const char *tcpflow_option_title(uint8_t kind);

/** @brief How many flags of options have a name, from bit 0 on.  @since 0.1 */
#define TCPFLOW_OPTION_FLAG_COUNT 13

/**
 * @brief Names one flag of an option: `wrong-segment`.
 * @param[in] bit The number of its bit, 0 to #TCPFLOW_OPTION_FLAG_COUNT - 1.
 * @return The name: the constant's, in lower case with hyphens.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API const char *tcpflow_option_flag_name(unsigned bit);

/**
 * @brief Names an experiment: `HOST_ID`.
 * @param[in] exid A #tcpflow_exid, or any other identifier.
 * @return The name.
 * @rfc{6994,3}
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API const char *tcpflow_exid_name(uint32_t exid);

/**
 * @brief Names a subtype of Multipath TCP: `MP_CAPABLE`.
 * @param[in] subtype 0 to 15.
 * @return The name.
 * @rfc{8684,8.1}
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API const char *tcpflow_mptcp_subtype_name(unsigned subtype);

/**
 * @brief Names the reason of an MP_TCPRST: `lack of resources`.
 * @param[in] reason The reason.
 * @return The name.
 * @rfc{8684,3.6}
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API const char *tcpflow_mptcp_reason_name(unsigned reason);

/**
 * @brief Names an encryption protocol: `TCPCRYPT_ECDHE_Curve25519`.
 * @param[in] id Its identifier, 0x20 to 0x7f.
 * @return The name.
 * @rfc{8548,7}
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API const char *tcpflow_tep_name(unsigned id);

/**
 * @brief Names what a signature says: `no-key`.
 * @param[in] auth What it says.
 * @return The name: the constant's, in lower case with hyphens.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API const char *tcpflow_auth_name(tcpflow_auth auth);

/** @brief How the order of a list is written.  @since 0.1 */
typedef enum tcpflow_layout_style {
  /** p0f's `mss,sok,ts,nop,ws`, `eol+1`, `?30`. */
  TCPFLOW_LAYOUT_STYLE_P0F = 0,
  /** JA4T's `2-4-8-1-3`: every octet of an end of list is a 0. */
  TCPFLOW_LAYOUT_STYLE_JA4T
} tcpflow_layout_style;

/** @brief Room that the order of any list fits into, its 0 included.
 *  @since 0.1 */
#define TCPFLOW_TEXT_LAYOUT_MAX 204

/**
 * @brief Writes the order of a list.
 * @param[out] buffer   The text; ends with a 0.
 * @param[in]  capacity Octets at @p buffer, #TCPFLOW_TEXT_LAYOUT_MAX are
 *                      enough; what does not fit is left out.
 * @param[in]  layout   The order.
 * @param[in]  style    How.
 * @return Octets that the whole text takes, without its 0.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API size_t tcpflow_text_layout(char *buffer, size_t capacity,
                                       const tcpflow_options_layout *layout,
                                       tcpflow_layout_style style)
  TCPFLOW_NONNULL(1, 3);

TCPFLOW_END_DECLS

#endif /* TCPFLOW_OPTION_NAMES_H */
