/**
 * @file tcpflow/option_values.h
 * @brief The value of any TCP option, typed, and its encoder.
 *
 * #tcpflow_options holds what nearly every segment has.  Here each kind of
 * option has its value, one option at a time: a walk (options.h) finds the
 * options, tcpflow_option_value_get() takes an option apart, and
 * tcpflow_options_builder_value() puts it together again, to the octet.
 */
#ifndef TCPFLOW_OPTION_VALUES_H
#define TCPFLOW_OPTION_VALUES_H

#include <tcpflow/base.h>
#include <tcpflow/options.h>
#include <tcpflow/wire.h>

TCPFLOW_BEGIN_DECLS

/**
 * @brief Which member of tcpflow_option_value::as is set.
 * @since 0.1  Appended to; an unknown type is to be treated as an unknown
 *        option.
 */
typedef enum tcpflow_value_type {
  /** @p octets: data without a published form, or damaged. */
  TCPFLOW_VALUE_RAW = 0,
  /** None: being there says all (NOP, SACK permitted, SMC-R, ...). */
  TCPFLOW_VALUE_EMPTY,
  /** @p octets: the padding behind an end of list. */
  TCPFLOW_VALUE_EOL,
  /** @p number: octets of a segment. */
  TCPFLOW_VALUE_MSS,
  /** @p number: the shift as it was sent. */
  TCPFLOW_VALUE_WSCALE,
  /** @p sack. */
  TCPFLOW_VALUE_SACK,
  /** @p timestamps. */
  TCPFLOW_VALUE_TIMESTAMPS,
  /** @p number: what is echoed, or is to be (RFC 1072). */
  TCPFLOW_VALUE_ECHO,
  /** @p partial_order. */
  TCPFLOW_VALUE_PARTIAL_ORDER,
  /** @p number: a connection count of T/TCP (RFC 1644). */
  TCPFLOW_VALUE_CONNECTION_COUNT,
  /** @p number: 0 TCP's checksum, 1 and 2 Fletcher's with 8 and 16 bits, 3
      redundant checksum avoidance (RFC 1146). */
  TCPFLOW_VALUE_ALT_CHECKSUM,
  /** @p md5. */
  TCPFLOW_VALUE_MD5,
  /** @p scps. */
  TCPFLOW_VALUE_SCPS,
  /** @p octets: read them with tcpflow_scps_next(). */
  TCPFLOW_VALUE_SCPS_EXTENDED,
  /** @p snack. */
  TCPFLOW_VALUE_SNACK,
  /** @p quick_start. */
  TCPFLOW_VALUE_QUICK_START,
  /** @p user_timeout. */
  TCPFLOW_VALUE_USER_TIMEOUT,
  /** @p ao. */
  TCPFLOW_VALUE_AO,
  /** @p mp_capable: subtype 0. */
  TCPFLOW_VALUE_MP_CAPABLE,
  /** @p mp_join: subtype 1. */
  TCPFLOW_VALUE_MP_JOIN,
  /** @p mp_dss: subtype 2. */
  TCPFLOW_VALUE_MP_DSS,
  /** @p mp_add_address: subtype 3. */
  TCPFLOW_VALUE_MP_ADD_ADDRESS,
  /** @p mp_other: subtype 4; its octets are address identifiers. */
  TCPFLOW_VALUE_MP_REMOVE_ADDRESS,
  /** @p mp_priority: subtype 5. */
  TCPFLOW_VALUE_MP_PRIORITY,
  /** @p mp_number, a data sequence number: subtype 6. */
  TCPFLOW_VALUE_MP_FAIL,
  /** @p mp_number, the receiver's key: subtype 7. */
  TCPFLOW_VALUE_MP_FAST_CLOSE,
  /** @p mp_reset: subtype 8. */
  TCPFLOW_VALUE_MP_RESET,
  /** @p mp_other: any other subtype; 15 is for private experiments. */
  TCPFLOW_VALUE_MP_OTHER,
  /** @p octets: the cookie; none asks for one (RFC 7413). */
  TCPFLOW_VALUE_FAST_OPEN,
  /** @p octets: read them with tcpflow_eno_next(). */
  TCPFLOW_VALUE_ENO,
  /** @p accecn. */
  TCPFLOW_VALUE_ACCECN,
  /** @p extended_offset. */
  TCPFLOW_VALUE_EXTENDED_OFFSET,
  /** @p ack_rate. */
  TCPFLOW_VALUE_ACK_RATE,
  /** @p riverbed_probe. */
  TCPFLOW_VALUE_RIVERBED_PROBE,
  /** @p riverbed_transparency. */
  TCPFLOW_VALUE_RIVERBED_TRANSPARENCY
} tcpflow_value_type;

/**
 * @brief Experiment identifiers of options 253 and 254.
 *
 * IANA's registry, and drafts that are seen.  The long ones have 32 bits on the
 * wire; any other number is one of 16.
 * @rfc{6994,3}
 * @since 0.1
 */
typedef enum tcpflow_exid {
  TCPFLOW_EXID_TARR = 0x00ac,           /**< ACK rate request. */
  TCPFLOW_EXID_HOST_ID = 0x0348,        /**< Host identifier (RFC 7974). */
  TCPFLOW_EXID_ASC = 0x0a0d,            /**< Autonomous system compensation. */
  TCPFLOW_EXID_CAPABILITY = 0x0ca0,     /**< Capability option. */
  TCPFLOW_EXID_EDO = 0x0ed0,            /**< Extended data offset. */
  TCPFLOW_EXID_ENO = 0x454e,            /**< Encryption negotiation. */
  TCPFLOW_EXID_SNO = 0x5323,            /**< Service number option. */
  TCPFLOW_EXID_ACCECN_0 = 0xacc0,       /**< Accurate ECN, order 0. */
  TCPFLOW_EXID_ACCECN_1 = 0xacc1,       /**< Accurate ECN, order 1. */
  TCPFLOW_EXID_ACCECN = 0xacce,         /**< Accurate ECN, an older draft. */
  TCPFLOW_EXID_FAST_OPEN = 0xf989,      /**< Fast open (RFC 7413). */
  TCPFLOW_EXID_LOW_LATENCY = 0xf990,    /**< Low latency. */
  TCPFLOW_EXID_TS_INTERVAL = 0x75ecffee /**< Timestamp interval; 32 bits. */
} tcpflow_exid;

/** @brief SMC-R (RFC 7609), "SMCR" in EBCDIC; 32 bits.  No enumerator, for it
 *  is no `int`.  @since 0.1 */
#define TCPFLOW_EXID_SMC_R UINT32_C(0xe2d4c3d9)

/** @brief Octets of any length, borrowed.  @since 0.1 */
typedef struct tcpflow_octets {
  const uint8_t *bytes; /**< @p length octets; may be NULL if there are none. */
  size_t length;        /**< How many. */
} tcpflow_octets;

/** @brief SACK blocks.  @rfc{2018,3}  @since 0.1 */
typedef struct tcpflow_sack_value {
  tcpflow_sack_block block[TCPFLOW_SACK_BLOCKS_MAX]; /**< The blocks. */
  uint32_t count;                                    /**< How many, 0 to 4. */
} tcpflow_sack_value;

/** @brief Timestamps.  @rfc{7323,3.2}  @since 0.1 */
typedef struct tcpflow_timestamps_value {
  uint32_t val; /**< TSval. */
  uint32_t ecr; /**< TSecr; means something only with ACK. */
} tcpflow_timestamps_value;

/** @brief A partial order service profile (RFC 1693).  @since 0.1 */
typedef struct tcpflow_partial_order_value {
  uint8_t start;  /**< 1: the profile starts here. */
  uint8_t end;    /**< 1: it ends here. */
  uint8_t filler; /**< The 6 bits behind. */
} tcpflow_partial_order_value;

/** @brief A signature.  auth.h checks it.  @rfc{2385,3}  @since 0.1 */
typedef struct tcpflow_md5_value {
  uint8_t digest[16]; /**< MD5. */
} tcpflow_md5_value;

/** @brief Capabilities of SCPS-TP: bits.  @since 0.1 */
typedef enum tcpflow_scps_flag {
  TCPFLOW_SCPS_BETS = 0x80,    /**< Partial reliability. */
  TCPFLOW_SCPS_SNACK_1 = 0x40, /**< SNACK, short form. */
  TCPFLOW_SCPS_SNACK_2 = 0x20, /**< SNACK, long form. */
  TCPFLOW_SCPS_COMP = 0x10,    /**< Header compression. */
  TCPFLOW_SCPS_NLTS = 0x08     /**< Network layer timestamps. */
} tcpflow_scps_flag;

/** @brief SCPS capabilities (CCSDS 714.0-B, 3.2.3).  @since 0.1 */
typedef struct tcpflow_scps_value {
  uint8_t flags;      /**< #tcpflow_scps_flag bits, and three reserved ones. */
  uint8_t connection; /**< Connection identifier of header compression. */
} tcpflow_scps_value;

/** @brief A selective negative acknowledgment (CCSDS 714.0-B, 3.5).
 *  @since 0.1 */
typedef struct tcpflow_snack_value {
  uint16_t offset;     /**< Where the hole starts, from the acknowledgment
                            number on, in units of the segment size. */
  uint16_t size;       /**< Its size, in the same units. */
  tcpflow_octets bits; /**< The long form's bit vector of further holes. */
} tcpflow_snack_value;

/** @brief A Quick-Start response.  @rfc{4782,3.2}  @since 0.1 */
typedef struct tcpflow_quick_start_value {
  uint32_t nonce; /**< 30 bits. */
  /** 0: no rate; n: 40,000 * 2^n bits a second. */
  uint8_t rate;
  uint8_t ttl_difference; /**< TTL of IP minus that of the request. */
  uint8_t reserved;       /**< The 4 bits in front of @p rate. */
  uint8_t reserved_end;   /**< The 2 bits behind @p nonce. */
} tcpflow_quick_start_value;

/** @brief How long to wait for an acknowledgment.  @rfc{5482,3}
 *  @since 0.1 */
typedef struct tcpflow_user_timeout_value {
  uint16_t timeout; /**< 15 bits: seconds or minutes. */
  uint8_t minutes;  /**< The granularity bit, which is the first one: 1 if @p
                         timeout counts minutes. */
} tcpflow_user_timeout_value;

/** @brief TCP authentication.  auth.h checks it.  @rfc{5925,2.2}
 *  @since 0.1 */
typedef struct tcpflow_ao_value {
  tcpflow_octets mac;  /**< Message authentication code. */
  uint8_t key_id;      /**< KeyID. */
  uint8_t next_key_id; /**< RNextKeyID. */
} tcpflow_ao_value;

/** @brief Bits of MP_CAPABLE.  @rfc{8684,3.1}  @since 0.1 */
typedef enum tcpflow_mp_capable_flag {
  TCPFLOW_MP_CAPABLE_CHECKSUM = 0x80, /**< A: checksums are required. */
  TCPFLOW_MP_CAPABLE_EXTENDED = 0x40, /**< B: extensibility; to be 0. */
  TCPFLOW_MP_CAPABLE_NO_JOIN = 0x20,  /**< C: no subflow to this address. */
  TCPFLOW_MP_CAPABLE_HMAC = 0x01      /**< H: HMAC-SHA256; HMAC-SHA1 in
                                            version 0 (RFC 6824). */
} tcpflow_mp_capable_flag;

/** @brief MP_CAPABLE.  @rfc{8684,3.1} @rfc{6824,3.1}  @since 0.1 */
typedef struct tcpflow_mp_capable_value {
  uint64_t key[2];         /**< The sender's, the receiver's. */
  uint16_t data_length;    /**< Data-level length. */
  uint16_t checksum;       /**< Of the data, as it stands. */
  uint8_t version;         /**< 0 or 1; 4 bits. */
  uint8_t flags;           /**< #tcpflow_mp_capable_flag bits, and others. */
  uint8_t key_count;       /**< Keys: 0, 1 or 2. */
  uint8_t has_data_length; /**< 1 if there is one; only behind two keys. */
  uint8_t has_checksum;    /**< 1 if there is one; only behind a length. */
} tcpflow_mp_capable_value;

/** @brief Which of the three MP_JOINs.  @rfc{8684,3.2}  @since 0.1 */
typedef enum tcpflow_mp_join_step {
  TCPFLOW_MP_JOIN_SYN = 1,     /**< Token and nonce. */
  TCPFLOW_MP_JOIN_SYN_ACK = 2, /**< Truncated HMAC and nonce. */
  TCPFLOW_MP_JOIN_ACK = 3      /**< HMAC. */
} tcpflow_mp_join_step;

/** @brief MP_JOIN.  @rfc{8684,3.2}  @since 0.1 */
typedef struct tcpflow_mp_join_value {
  uint32_t token;     /**< The receiver's; in the first step. */
  uint32_t nonce;     /**< The sender's; in the first two steps. */
  uint8_t hmac[20];   /**< 8 octets in the second step, 20 in the third. */
  uint8_t step;       /**< A #tcpflow_mp_join_step. */
  uint8_t backup;     /**< B: 1 asks to use the path as a backup. */
  uint8_t reserved;   /**< The 3 bits in front of @p backup. */
  uint8_t address_id; /**< Of the sender; reserved in the third step. */
} tcpflow_mp_join_value;

/** @brief Bits of a data sequence signal.  @rfc{8684,3.3}  @since 0.1 */
typedef enum tcpflow_mp_dss_flag {
  TCPFLOW_MP_DSS_FIN = 0x10,   /**< F: DATA_FIN. */
  TCPFLOW_MP_DSS_SEQ_8 = 0x08, /**< m: the sequence number has 8 octets. */
  TCPFLOW_MP_DSS_SEQ = 0x04,   /**< M: there is a mapping. */
  TCPFLOW_MP_DSS_ACK_8 = 0x02, /**< a: the acknowledgment has 8 octets. */
  TCPFLOW_MP_DSS_ACK = 0x01    /**< A: there is an acknowledgment. */
} tcpflow_mp_dss_flag;

/** @brief A data sequence signal.  @rfc{8684,3.3}  @since 0.1 */
typedef struct tcpflow_mp_dss_value {
  uint64_t ack;         /**< Data acknowledgment; with A. */
  uint64_t seq;         /**< Data sequence number; with M. */
  uint32_t subflow_seq; /**< Relative subflow sequence number; with M. */
  uint16_t length;      /**< Data-level length; with M. */
  uint16_t checksum;    /**< As it stands. */
  uint8_t has_checksum; /**< 1 if there is one; only with M. */
  uint8_t flags;        /**< #tcpflow_mp_dss_flag bits, and three others. */
  uint8_t reserved;     /**< The 4 bits behind the subtype. */
} tcpflow_mp_dss_value;

/** @brief ADD_ADDR.  @rfc{8684,3.4.1} @rfc{6824,3.4.1}  @since 0.1 */
typedef struct tcpflow_mp_add_address_value {
  uint64_t hmac;       /**< Truncated; with @p has_hmac. */
  uint8_t address[16]; /**< Network order; IPv4: the first 4 octets. */
  uint16_t port;       /**< With @p has_port. */
  uint8_t version;     /**< 4 or 6: which IP, as the length tells. */
  /** The 4 bits behind the subtype.  Version 1: the last one is the echo;
      version 0: 4 or 6. */
  uint8_t bits;
  uint8_t address_id; /**< Its identifier. */
  uint8_t has_port;   /**< 1 if there is one. */
  uint8_t has_hmac;   /**< 1 if there is one. */
} tcpflow_mp_add_address_value;

/** @brief MP_PRIO.  @rfc{8684,3.3.8} @rfc{6824,3.3.8}  @since 0.1 */
typedef struct tcpflow_mp_priority_value {
  uint8_t backup;         /**< B: 1 if the path is to be a backup. */
  uint8_t reserved;       /**< The 3 bits in front. */
  uint8_t address_id;     /**< Which path; with @p has_address_id. */
  uint8_t has_address_id; /**< 1 if there is one, as version 0 has it. */
} tcpflow_mp_priority_value;

/** @brief MP_FAIL and MP_FASTCLOSE.  @rfc{8684,3.5} @rfc{8684,3.7}
 *  @since 0.1 */
typedef struct tcpflow_mp_number_value {
  uint64_t number;   /**< A data sequence number, or a key. */
  uint16_t reserved; /**< The 12 bits behind the subtype. */
} tcpflow_mp_number_value;

/** @brief MP_TCPRST.  @rfc{8684,3.6}  @since 0.1 */
typedef struct tcpflow_mp_reset_value {
  uint8_t flags;  /**< U, V, W and T (1: the condition is transient). */
  uint8_t reason; /**< Why. */
} tcpflow_mp_reset_value;

/** @brief REMOVE_ADDR, and subtypes without a form of their own.
 *  @rfc{8684,3.4.2}  @since 0.1 */
typedef struct tcpflow_mp_other_value {
  tcpflow_octets octets; /**< What follows the octet of the subtype. */
  uint8_t subtype;       /**< 4 bits. */
  uint8_t bits;          /**< The 4 bits behind it. */
} tcpflow_mp_other_value;

/** @brief Accurate ECN: counters of 24 bits.  @rfc{9768,3.2.3}
 *  @since 0.1 */
typedef struct tcpflow_accecn_value {
  uint32_t ee0b; /**< Octets that came with ECT(0). */
  uint32_t eceb; /**< Octets that came with CE. */
  uint32_t ee1b; /**< Octets that came with ECT(1). */
  /** 0: E0, CE, E1; 1: E1, CE, E0. */
  uint8_t order;
  uint8_t count; /**< How many stand there, 0 to 3; the others are 0. */
} tcpflow_accecn_value;

/** @brief Extended data offset (draft-ietf-tcpm-tcp-edo).  It is told, never
 *  obeyed: a middlebox may have put it there.  @since 0.1 */
typedef struct tcpflow_extended_offset_value {
  uint16_t header_length;  /**< As on the wire. */
  uint16_t segment_length; /**< As on the wire. */
  uint8_t count;           /**< How many of both stand there, 0 to 2. */
} tcpflow_extended_offset_value;

/** @brief ACK rate request (draft-ietf-tcpm-ack-rate-request).
 *  @since 0.1 */
typedef struct tcpflow_ack_rate_value {
  uint8_t rate;     /**< 7 bits: segments for each acknowledgment. */
  uint8_t reserved; /**< The bit behind. */
  uint8_t has_rate; /**< 1 if there is one. */
} tcpflow_ack_rate_value;

/** @brief What Riverbed's devices look for each other with; by observation.
 *  @since 0.1 */
typedef struct tcpflow_riverbed_probe_value {
  tcpflow_octets octets; /**< The rest. */
  uint8_t type;          /**< Version 1: 4 bits; version 2: 7 bits. */
  uint8_t version;       /**< 1 or 2: the last bit of the octet is 1 or 0. */
  uint8_t version_bits;  /**< Version 1: the last 4 bits. */
} tcpflow_riverbed_probe_value;

/** @brief What they tell each other; by observation.  @since 0.1 */
typedef struct tcpflow_riverbed_transparency_value {
  uint8_t source[4];         /**< IPv4 address of one device. */
  uint8_t destination[4];    /**< Of the other. */
  uint16_t flags;            /**< Bit 0: transparency mode. */
  uint16_t source_port;      /**< Of the first. */
  uint16_t destination_port; /**< Of the second. */
  uint16_t client_port;      /**< With @p has_client_port. */
  uint8_t has_client_port;   /**< 1 if there is one. */
} tcpflow_riverbed_transparency_value;

/**
 * @brief The value of one option.
 *
 * Caller's storage of a fixed size; members of `as` that later releases know
 * fit into what is reserved.  The octets of `as` behind the member that is used
 * are 0.
 * @since 0.1
 */
typedef struct tcpflow_option_value {
  /** A #tcpflow_option_kind, or any other octet. */
  uint8_t kind;
  /** Octets of @p exid on the wire: 2 or 4; 0 for an option without. */
  uint8_t exid_length;
  /** A #tcpflow_value_type: which member of `as` is set. */
  uint16_t type;
  /** #tcpflow_option_flag bits of the option, and what is wrong inside. */
  uint32_t flags;
  /** A #tcpflow_exid, or any other identifier. */
  uint32_t exid;
  /** 0. */
  uint32_t reserved;
  /** By @p type. */
  union {
    uint64_t reserved[12];                     /**< Room. */
    tcpflow_octets octets;                     /**< See #tcpflow_value_type. */
    uint32_t number;                           /**< See #tcpflow_value_type. */
    tcpflow_sack_value sack;                   /**< SACK. */
    tcpflow_timestamps_value timestamps;       /**< Timestamps. */
    tcpflow_partial_order_value partial_order; /**< Service profile. */
    tcpflow_md5_value md5;                     /**< MD5 signature. */
    tcpflow_scps_value scps;                   /**< Capabilities. */
    tcpflow_snack_value snack;                 /**< SNACK. */
    tcpflow_quick_start_value quick_start;     /**< Quick-Start. */
    tcpflow_user_timeout_value user_timeout;   /**< User timeout. */
    tcpflow_ao_value ao;                       /**< TCP-AO. */
    tcpflow_mp_capable_value mp_capable;       /**< MP_CAPABLE. */
    tcpflow_mp_join_value mp_join;             /**< MP_JOIN. */
    tcpflow_mp_dss_value mp_dss;               /**< DSS. */
    tcpflow_mp_add_address_value mp_add_address;   /**< ADD_ADDR. */
    tcpflow_mp_priority_value mp_priority;         /**< MP_PRIO. */
    tcpflow_mp_number_value mp_number;             /**< FAIL, FASTCLOSE. */
    tcpflow_mp_reset_value mp_reset;               /**< MP_TCPRST. */
    tcpflow_mp_other_value mp_other;               /**< REMOVE_ADDR, others. */
    tcpflow_accecn_value accecn;                   /**< Accurate ECN. */
    tcpflow_extended_offset_value extended_offset; /**< EDO. */
    tcpflow_ack_rate_value ack_rate;               /**< TARR. */
    tcpflow_riverbed_probe_value riverbed_probe;   /**< Kind 76. */
    tcpflow_riverbed_transparency_value riverbed_transparency; /**< Kind 78. */
  } as;
} tcpflow_option_value;

/**
 * @brief Clears a value, and says what it is to be.
 * @param[out] value The value; set the member of `as` that @p type names.
 * @param[in]  kind  A #tcpflow_option_kind, or any other octet.
 * @param[in]  type  Its type of value.
 * @since 0.1
 */
static inline void tcpflow_option_value_init(tcpflow_option_value *value,
                                             uint8_t kind,
                                             tcpflow_value_type type) {
  value->kind = kind;
  value->exid_length = 0;
  value->type = (uint16_t)type;
  value->flags = 0;
  value->exid = 0;
  value->reserved = 0;
  for (unsigned i = 0; i < 12; i++) {
    value->as.reserved[i] = 0;
  }
}

/**
 * @brief Takes the value of an option.
 *
 * An option whose length its kind, subtype or experiment cannot have, or that
 * is damaged or cut, has the type #TCPFLOW_VALUE_RAW and flags that tell it.
 * Of a SACK option that the capture cuts the whole blocks are taken.
 * @param[out] value  The value; octets in it are those of the list.
 * @param[in]  option An option of a walk, whose list is still there.
 * @return Non-zero if the value is that of the whole option.  0: damaged, cut,
 *         or of a wrong length.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API int tcpflow_option_value_get(tcpflow_option_value *value,
                                         const tcpflow_option *option)
  TCPFLOW_NONNULL(1, 2);

/**
 * @brief Appends an option by its value.
 *
 * Kind, @p exid and the member of `as` that @p type names are written; flags do
 * not matter.  The value of a whole option gives its octets again.  Nothing is
 * refused for being nonsense, as long as there is a way to write it; as
 * #TCPFLOW_VALUE_RAW or with tcpflow_options_builder_raw() any octets are.
 * @param[in,out] builder The builder.
 * @param[in]     value   The value.
 * @retval TCPFLOW_OK          Appended.
 * @retval TCPFLOW_ERR_LIMIT   No room; nothing changed.
 * @retval TCPFLOW_ERR_INVALID @p type is none that an option of this kind,
 *                             subtype or experiment is read as, a number does
 *                             not fit into its field (an MSS of 70000, a shift
 *                             of 256), a count is out of its range, or octets
 *                             are NULL that should not be; nothing changed.
 * @since 0.1
 */
TCPFLOW_API int tcpflow_options_builder_value(tcpflow_options_builder *builder,
                                              const tcpflow_option_value *value)
  TCPFLOW_NONNULL(1, 2) TCPFLOW_NODISCARD;

/**
 * @brief Says whether the first of some SACK blocks reports a duplicate
 *        (D-SACK).
 *
 * It does if it lies below the acknowledgment number, or inside the second
 * block.
 * @param[in] blocks @p count blocks.
 * @param[in] count  How many.
 * @param[in] ack    The acknowledgment number of their segment.
 * @return Non-zero if it does.
 * @rfc{2883,4}
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API int tcpflow_sack_is_duplicate(const tcpflow_sack_block *blocks,
                                          size_t count, tcpflow_seq ack);

/** @brief One suboption of an encryption negotiation.  @rfc{8547,4.1}
 *  @since 0.1 */
typedef struct tcpflow_eno_suboption {
  /** Below 0x20: the global suboption, of which bit 0 is the role b and bit 1
      the application's a.  Otherwise an encryption protocol (TEP), 0x20 to
      0x7f. */
  uint8_t id;
  uint8_t has_data; /**< v: 1 if data belong to it; never to a global. */
  /** 1 if it is ill-formed, and with it all that follows, which @p data has:
      the negotiation fails.  @p id and @p has_data are 0 then. */
  uint8_t damaged;
  tcpflow_octets data; /**< The data; borrowed. */
} tcpflow_eno_suboption;

/**
 * @brief Takes the next suboption of an encryption negotiation.
 *
 * Only the option of a SYN has suboptions; elsewhere its octets mean nothing.
 * @param[in]     eno       The octets of the value.
 * @param[in,out] offset    0 for the first one; then left alone.
 * @param[out]    suboption The suboption; untouched unless there is one.
 * @return Non-zero if there was one.  One that is damaged is the last one.
 * @rfc{8547,4.1}
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API int tcpflow_eno_next(const tcpflow_octets *eno, size_t *offset,
                                 tcpflow_eno_suboption *suboption)
  TCPFLOW_NONNULL(1, 2, 3);

/**
 * @brief Appends an encryption negotiation.
 *
 * The last suboption needs no length octet, so it gets none.  Whether there is
 * room is asked only of suboptions that can be written.
 * @param[in,out] builder    The builder.
 * @param[in]     suboptions @p count suboptions; NULL only if there are none.
 * @param[in]     count      How many.
 * @retval TCPFLOW_OK          Appended.
 * @retval TCPFLOW_ERR_LIMIT   No room; nothing changed.
 * @retval TCPFLOW_ERR_INVALID An identifier above 0x7f, data of a global
 *                             suboption, data at NULL, a damaged one, no data
 *                             or more than 32 octets of them where a length is
 *                             needed; nothing changed.
 * @rfc{8547,4.1}
 * @since 0.1
 */
TCPFLOW_API int
tcpflow_options_builder_eno(tcpflow_options_builder *builder,
                            const tcpflow_eno_suboption *suboptions,
                            size_t count) TCPFLOW_NONNULL(1) TCPFLOW_NODISCARD;

/** @brief One extended capability (CCSDS 714.0-B, 3.2.5).  @since 0.1 */
typedef struct tcpflow_scps_capability {
  uint8_t space; /**< Binding space: whose capability it is. */
  uint8_t bits;  /**< The 4 bits behind the length. */
  /** 1 if the list ends inside it.  @p data has the rest of the list then, the
      octets of space and length included, and the other members are 0. */
  uint8_t damaged;
  tcpflow_octets data; /**< Up to 30 octets, an even number; borrowed. */
} tcpflow_scps_capability;

/**
 * @brief Takes the next extended capability.
 * @param[in]     scps       The octets of the value.
 * @param[in,out] offset     0 for the first one; then left alone.
 * @param[out]    capability The capability; untouched unless there is one.
 * @return Non-zero if there was one.  One that is damaged is the last one.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API int tcpflow_scps_next(const tcpflow_octets *scps, size_t *offset,
                                  tcpflow_scps_capability *capability)
  TCPFLOW_NONNULL(1, 2, 3);

/**
 * @brief The order of a list: what tells systems apart (fingerprints).
 * @since 0.1
 */
typedef struct tcpflow_options_layout {
  /** Kinds in their order, up to the first end of list, which is one of
      them. */
  uint8_t kind[TCPFLOW_OPTIONS_MAX];
  /** How many there are. */
  uint8_t count;
  /** Octets behind the end of list. */
  uint8_t padding;
  /** 0. */
  uint16_t reserved;
  /** All #tcpflow_option_flag bits of the walk, but for those that the segment
      decides; a list that ends badly has the kind of its last, bad option. */
  uint32_t flags;
} tcpflow_options_layout;

/**
 * @brief Tells the order of a list.
 * @param[out] layout   The order.
 * @param[in]  bytes    As for tcpflow_option_walk_init().
 * @param[in]  length   As for tcpflow_option_walk_init(), but above 40 taken as
 *                      40.
 * @param[in]  captured As for tcpflow_option_walk_init().
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API void tcpflow_options_layout_get(tcpflow_options_layout *layout,
                                            const uint8_t *bytes, size_t length,
                                            size_t captured) TCPFLOW_NONNULL(1);

TCPFLOW_END_DECLS

#endif /* TCPFLOW_OPTION_VALUES_H */
