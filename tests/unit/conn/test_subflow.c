/*
 * tests/unit/conn/test_subflow.c - mirror of lib/conn/subflow.c: what a
 * connection is to Multipath TCP.
 */
#include <tcpflow/build.h>
#include <tcpflow/tracker.h>

#include "play.h"
#include "unit/failmem.h"

/* A SYN with MP_CAPABLE of version 1, as a packet. */
static void make_syn(tcpflow_packet *packet, tcpflow_frame *frame,
                     uint8_t storage[256]) {
  static const uint8_t options[] = {30, 4, 0x01, 0x01};
  tcpflow_builder builder;
  tcpflow_build_tcp tcp;
  tcpflow_build_ip ip;
  tcpflow_tuple tuple = {.version = 4, .port = {40000, 80}};

  tcpflow_build_tcp_init(&tcp);
  tcpflow_build_ip_init(&ip);
  tcp.seq = 1000;
  tcp.flags = TCPFLOW_FLAG_SYN;
  tcp.options = options;
  tcp.options_length = sizeof(options);
  tuple.address[0][3] = 1;
  tuple.address[1][3] = 2;
  tcpflow_builder_init(&builder, storage, 256);
  tcpflow_builder_tcp(&builder, &tuple, &tcp);
  tcpflow_builder_ip(&builder, &tuple, &ip);
  assert_int_equal(tcpflow_builder_finish(&builder, frame), TCPFLOW_OK);
  tcpflow_packet_init(packet);
  assert_int_equal(tcpflow_packet_decode(packet, frame, NULL), TCPFLOW_OK);
}

static void subflow_prepare__no_memory__nothing_changed(void **state) {
  uint8_t storage[256];
  tcpflow_packet packet;
  tcpflow_frame frame;
  tcpflow_options options;
  tcpflow_segment segment;
  tcpflow_subflow_info info;
  tcpflow_conn *conn;
  failmem memory = {0};
  const tcpflow_mem mem = failmem_table(&memory);

  (void)state;
  make_syn(&packet, &frame, storage);
  tcpflow_segment_init(&segment);
  tcpflow_options_init(&options);
  assert_int_equal(tcpflow_segment_from_packet(&segment, &options, &packet),
                   TCPFLOW_OK);
  assert_int_equal(tcpflow_conn_new(&conn, NULL, NULL, NULL, &mem, NULL),
                   TCPFLOW_OK);
  memory.fail_at = memory.requests + 1;
  assert_int_equal(tcpflow_conn_feed(conn, CLIENT, &segment),
                   TCPFLOW_ERR_NOMEM);
  assert_int_equal(tcpflow_conn_state(conn, CLIENT), TCPFLOW_STATE_UNKNOWN);
  assert_int_equal(tcpflow_conn_feed(conn, CLIENT, &segment), TCPFLOW_OK);
  tcpflow_subflow_info_init(&info);
  assert_int_equal(tcpflow_conn_get_subflow(conn, &info), TCPFLOW_OK);
  assert_int_equal(info.kind, TCPFLOW_SUBFLOW_FIRST);
  assert_int_equal(info.version, 1);
  tcpflow_conn_del(conn);
}

static void conn_get_subflow__no_option__none(void **state) {
  tcpflow_subflow_info info;
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_handshake(&p);
  tcpflow_subflow_info_init(&info);
  assert_int_equal(tcpflow_conn_get_subflow(p.conn, &info), TCPFLOW_OK);
  assert_int_equal(info.kind, TCPFLOW_SUBFLOW_NONE);
  assert_int_equal(info.version, -1);
  info.size = 0;
  assert_int_equal(tcpflow_conn_get_subflow(p.conn, &info),
                   TCPFLOW_ERR_VERSION);
  play_finish(&p);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(subflow_prepare__no_memory__nothing_changed),
    cmocka_unit_test(conn_get_subflow__no_option__none),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
