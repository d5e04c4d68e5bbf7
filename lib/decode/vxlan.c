/*
 * lib/decode/vxlan.c - headers of virtual networks: VXLAN (RFC 7348), VXLAN-GPE
 * (draft-ietf-nvo3-vxlan-gpe), GENEVE (RFC 8926), NSH (RFC 8300).
 *
 * Room: decode.  Includes: wire.
 */
#include "decode/tunnel.h"
#include "wire/bytes.h"

enum {
  HEADER_SIZE = 8,
  FLAG_VNI = 0x08,
  FLAG_NEXT_PROTOCOL = 0x04,
  WORD_SIZE = 4
};

enum {
  GENEVE_OPTIONS = 0x3f
};

enum {
  NSH_WORDS = 0x3f,
  NSH_WORDS_LEAST = 2, /* Base header and service path header. */
  NSH_MD_FIXED = 1,
  NSH_MD_FIXED_WORDS = 6
};

static const uint8_t *enter(tcpflow__walk *walk, tcpflow_tunnel tunnel,
                            tcpflow_layer_type type) {
  return tcpflow__tunnel_enter(walk, tunnel)
           ? tcpflow__tunnel_header(walk, type, HEADER_SIZE)
           : NULL;
}

static void note_network(tcpflow__walk *walk, tcpflow_tunnel tunnel,
                         const uint8_t *bytes) {
  tcpflow__tunnel_number(walk, tunnel, tcpflow__fetch32(bytes + 4) >> 8);
}

/* RFC 7348 section 5: the number is valid only with its flag, which must be
   set; reserved bits are ignored. */
static void note_flagged_network(tcpflow__walk *walk, tcpflow_tunnel tunnel,
                                 const uint8_t *bytes) {
  if ((bytes[0] & FLAG_VNI) != 0) {
    note_network(walk, tunnel, bytes);
  } else {
    walk->packet->findings |= TCPFLOW_FINDING_BAD_HEADER;
  }
}

uint32_t tcpflow__step_vxlan(tcpflow__walk *walk) {
  const uint8_t *const bytes =
    enter(walk, TCPFLOW_TUNNEL_VXLAN, TCPFLOW_LAYER_VXLAN);

  if (bytes == NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  note_flagged_network(walk, TCPFLOW_TUNNEL_VXLAN, bytes);
  return tcpflow__tunnel_ethernet(walk);
}

/* Section 3.1 of the draft: without its flag there is no next protocol, and the
   header is VXLAN's. */
uint32_t tcpflow__step_vxlan_gpe(tcpflow__walk *walk) {
  const uint8_t *const bytes =
    enter(walk, TCPFLOW_TUNNEL_VXLAN_GPE, TCPFLOW_LAYER_VXLAN);

  if (bytes == NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  note_flagged_network(walk, TCPFLOW_TUNNEL_VXLAN_GPE, bytes);
  return (bytes[0] & FLAG_NEXT_PROTOCOL) == 0
           ? tcpflow__tunnel_ethernet(walk)
           : tcpflow__tunnel_next_protocol(walk, bytes[3]);
}

/* RFC 8926 section 3.4. */
uint32_t tcpflow__step_geneve(tcpflow__walk *walk) {
  const uint8_t *const bytes =
    enter(walk, TCPFLOW_TUNNEL_GENEVE, TCPFLOW_LAYER_GENEVE);

  if (bytes == NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  if (bytes[0] >> 6 != 0) {
    return tcpflow__tunnel_unknown(walk);
  }
  note_network(walk, TCPFLOW_TUNNEL_GENEVE, bytes);
  if (!tcpflow__tunnel_skip(walk, (bytes[0] & GENEVE_OPTIONS) * WORD_SIZE)) {
    return TCPFLOW__NEXT_STOP;
  }
  return tcpflow__tunnel_type(walk, tcpflow__fetch16(bytes + 2));
}

/* RFC 8300 sections 2.2 and 2.4: context headers of a fixed length must have
   that length. */
uint32_t tcpflow__step_nsh(tcpflow__walk *walk) {
  const uint8_t *const bytes =
    enter(walk, TCPFLOW_TUNNEL_NSH, TCPFLOW_LAYER_NSH);

  if (bytes == NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  const uint32_t words = bytes[1] & NSH_WORDS;

  if (bytes[0] >> 6 != 0) {
    return tcpflow__tunnel_unknown(walk);
  }
  if (words < NSH_WORDS_LEAST) {
    return tcpflow__walk_stop_bad(walk);
  }
  if ((bytes[2] & 0xfU) == NSH_MD_FIXED && words != NSH_MD_FIXED_WORDS) {
    walk->packet->findings |= TCPFLOW_FINDING_BAD_HEADER;
  }
  return tcpflow__tunnel_skip(walk, (words - NSH_WORDS_LEAST) * WORD_SIZE)
           ? tcpflow__tunnel_next_protocol(walk, bytes[3])
           : TCPFLOW__NEXT_STOP;
}
