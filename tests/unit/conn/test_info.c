/* tests/unit/conn/test_info.c - mirror of lib/conn/info.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include <tcpflow/conn.h>

static tcpflow_conn *make(const tcpflow_tuple *tuple) {
  tcpflow_conn *conn = NULL;

  assert_int_equal(tcpflow_conn_new(&conn, NULL, NULL, tuple, NULL, NULL),
                   TCPFLOW_OK);
  return conn;
}

static void conn_tuple__made_with_one__the_same(void **state) {
  const tcpflow_tuple tuple = {.scope = 7,
                               .version = 4,
                               .port = {40000, 80},
                               .address = {{192, 0, 2, 1}, {198, 51, 100, 1}}};
  tcpflow_conn *const conn = make(&tuple);

  (void)state;
  assert_ptr_not_equal(tcpflow_conn_tuple(conn), &tuple);
  assert_memory_equal(tcpflow_conn_tuple(conn), &tuple, sizeof(tuple));
  tcpflow_conn_del(conn);
}

static void conn_tuple__made_without__null(void **state) {
  tcpflow_conn *const conn = make(NULL);

  (void)state;
  assert_null(tcpflow_conn_tuple(conn));
  tcpflow_conn_del(conn);
}

static void conn_data__set__given_back(void **state) {
  tcpflow_conn *const conn = make(NULL);

  (void)state;
  assert_null(tcpflow_conn_data(conn));
  tcpflow_conn_set_data(conn, &state);
  assert_ptr_equal(tcpflow_conn_data(conn), &state);
  tcpflow_conn_set_data(conn, NULL);
  assert_null(tcpflow_conn_data(conn));
  tcpflow_conn_del(conn);
}

static void conn_get_info__nothing_seen__nothing_known(void **state) {
  tcpflow_conn *const conn = make(NULL);
  tcpflow_conn_info info;

  (void)state;
  tcpflow_conn_info_init(&info);
  assert_int_equal(tcpflow_conn_get_info(conn, &info), TCPFLOW_OK);
  assert_int_equal(info.open_kind, TCPFLOW_OPEN_UNKNOWN);
  assert_int_equal(info.end_reason, TCPFLOW_END_NONE);
  assert_int_equal(info.established, 0);
  assert_int_equal(info.first_fin, -1);
  assert_int_equal(info.has_tuple, 0);
  assert_true(info.rtt_client == TCPFLOW_TIME_NONE);
  assert_true(info.rtt_server == TCPFLOW_TIME_NONE);
  tcpflow_conn_del(conn);
}

static void get__not_initialized__version_error(void **state) {
  tcpflow_conn *const conn = make(NULL);
  tcpflow_endpoint_info end;
  tcpflow_conn_info info;

  (void)state;
  memset(&info, 0, sizeof(info));
  memset(&end, 0, sizeof(end));
  assert_int_equal(tcpflow_conn_get_info(conn, &info), TCPFLOW_ERR_VERSION);
  assert_int_equal(tcpflow_conn_get_endpoint(conn, TCPFLOW_SIDE_SERVER, &end),
                   TCPFLOW_ERR_VERSION);
  tcpflow_conn_del(conn);
}

static void get__no_side__nothing_known(void **state) {
  tcpflow_conn *const conn = make(NULL);
  tcpflow_endpoint_info end;

  (void)state;
  tcpflow_endpoint_info_init(&end);
  assert_int_equal(tcpflow_conn_get_endpoint(conn, (tcpflow_side)2, &end),
                   TCPFLOW_ERR_INVALID);
  assert_int_equal(tcpflow_conn_state(conn, (tcpflow_side)2),
                   TCPFLOW_STATE_UNKNOWN);
  tcpflow_conn_del(conn);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(conn_tuple__made_with_one__the_same),
    cmocka_unit_test(conn_tuple__made_without__null),
    cmocka_unit_test(conn_data__set__given_back),
    cmocka_unit_test(conn_get_info__nothing_seen__nothing_known),
    cmocka_unit_test(get__not_initialized__version_error),
    cmocka_unit_test(get__no_side__nothing_known),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
