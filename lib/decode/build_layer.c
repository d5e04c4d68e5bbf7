/*
 * lib/decode/build_layer.c - headers between a link header and TCP, by type.
 *
 * Room: decode.  Includes: base/sized.h.  One row a layer; how a header is
 * written is said beside its relatives.
 */
#include "base/sized.h"
#include "decode/builder.h"

TCPFLOW__NO_TAIL_PADDING(tcpflow_build_layer, reserved);

typedef struct layer_row {
  tcpflow_layer_type type;
  tcpflow__put_layer *put;
} layer_row;

static const layer_row layers[] = {
  {TCPFLOW_LAYER_ETHERNET, tcpflow__put_ethernet},
  {TCPFLOW_LAYER_VLAN, tcpflow__put_vlan},
  {TCPFLOW_LAYER_LLC, tcpflow__put_llc},
  {TCPFLOW_LAYER_MPLS, tcpflow__put_mpls},
  {TCPFLOW_LAYER_PPPOE, tcpflow__put_pppoe},
  {TCPFLOW_LAYER_PPP, tcpflow__put_ppp},
  {TCPFLOW_LAYER_PBB, tcpflow__put_pbb},
  {TCPFLOW_LAYER_VNTAG, tcpflow__put_vntag},
  {TCPFLOW_LAYER_ETAG, tcpflow__put_etag},
  {TCPFLOW_LAYER_FABRICPATH, tcpflow__put_fabricpath},
  {TCPFLOW_LAYER_CISCO_METADATA, tcpflow__put_metadata},
  {TCPFLOW_LAYER_MACSEC, tcpflow__put_macsec},
  {TCPFLOW_LAYER_PSEUDOWIRE, tcpflow__put_pseudowire},
  {TCPFLOW_LAYER_UDP, tcpflow__put_udp},
  {TCPFLOW_LAYER_GRE, tcpflow__put_gre},
  {TCPFLOW_LAYER_ERSPAN, tcpflow__put_erspan},
  {TCPFLOW_LAYER_VXLAN, tcpflow__put_vxlan},
  {TCPFLOW_LAYER_GENEVE, tcpflow__put_geneve},
  {TCPFLOW_LAYER_GTPU, tcpflow__put_gtpu},
  {TCPFLOW_LAYER_TEREDO, tcpflow__put_teredo},
  {TCPFLOW_LAYER_AYIYA, tcpflow__put_ayiya},
  {TCPFLOW_LAYER_NSH, tcpflow__put_nsh},
  {TCPFLOW_LAYER_L2TP, tcpflow__put_l2tp},
  {TCPFLOW_LAYER_ETHERIP, tcpflow__put_etherip},
  {TCPFLOW_LAYER_ESP, tcpflow__put_esp},
  {TCPFLOW_LAYER_CAPWAP, tcpflow__put_capwap},
  {TCPFLOW_LAYER_TZSP, tcpflow__put_tzsp},
  {TCPFLOW_LAYER_ICMP, tcpflow__put_icmp},
  {TCPFLOW_LAYER_ICMPV6, tcpflow__put_icmpv6},
  {TCPFLOW_LAYER_AMSDU, tcpflow__put_amsdu},
  {TCPFLOW_LAYER_HSR, tcpflow__put_hsr},
  {TCPFLOW_LAYER_RTAG, tcpflow__put_rtag},
  {TCPFLOW_LAYER_TRILL, tcpflow__put_trill},
};

static tcpflow__put_layer *find_layer(tcpflow_layer_type type) {
  for (size_t i = 0; i < sizeof(layers) / sizeof(layers[0]); i++) {
    if (layers[i].type == type) {
      return layers[i].put;
    }
  }
  return NULL;
}

void tcpflow_builder_layer(tcpflow_builder *builder, tcpflow_layer_type type,
                           const tcpflow_build_layer *fields) {
  tcpflow_build_layer ours = {.size = sizeof(ours)};
  tcpflow__put_layer *const put = find_layer(type);
  const int error = fields == NULL
                      ? TCPFLOW_OK
                      : tcpflow__sized_read(&ours, sizeof(ours), fields);

  if (error != TCPFLOW_OK || put == NULL) {
    tcpflow__builder_fail(builder,
                          error != TCPFLOW_OK ? error : TCPFLOW_ERR_INVALID);
    return;
  }
  put(builder, &ours);
  builder->layer = (uint16_t)type;
}
