/*
 * lib/text/drill.c - a connection in packetdrill's notation: its life.
 *
 * Room: text.  Includes: base.
 */
#include "text/drill.h"

#include "base/sized.h"

TCPFLOW__NO_TAIL_PADDING(tcpflow_packetdrill_config, reserved);

void tcpflow_packetdrill_config_defaults(tcpflow_packetdrill_config *config,
                                         size_t size) {
  const tcpflow_packetdrill_config ours = {.size = sizeof(ours)};

  tcpflow_sized_init(config, size);
  tcpflow__sized_write(config, &ours, sizeof(ours));
}

static int read_config(tcpflow_packetdrill_config *ours,
                       const tcpflow_packetdrill_config *theirs) {
  if (theirs == NULL) {
    tcpflow_packetdrill_config_init(ours);
    return TCPFLOW_OK;
  }
  const int error = tcpflow__sized_read(ours, sizeof(*ours), theirs);

  if (error != TCPFLOW_OK) {
    return error;
  }
  const unsigned version = ours->tuple.version;

  return (version == 0 || version == 4 || version == 6) &&
             ours->time <= TCPFLOW_PACKETDRILL_TIME_OMITTED &&
             ours->isn_known <= 3
           ? TCPFLOW_OK
           : TCPFLOW_ERR_INVALID;
}

int tcpflow_packetdrill_new(tcpflow_packetdrill **out,
                            const tcpflow_packetdrill_config *config,
                            const tcpflow_mem *mem) {
  tcpflow_packetdrill_config wanted;
  tcpflow_mem ours;
  int error = read_config(&wanted, config);

  if (error == TCPFLOW_OK) {
    error = tcpflow__mem_read(&ours, mem);
  }
  if (error != TCPFLOW_OK) {
    return error;
  }
  tcpflow_packetdrill *const script =
    tcpflow__calloc(&ours, 1, sizeof(*script));
  if (script == NULL) {
    return TCPFLOW_ERR_NOMEM;
  }
  script->mem = ours;
  script->config = wanted;
  for (unsigned side = 0; side < 2; side++) {
    script->isn[side] = wanted.isn[side];
    script->known[side] = (uint8_t)(wanted.isn_known >> side & 1U);
  }
  script->problem = "";
  *out = script;
  return TCPFLOW_OK;
}

void tcpflow_packetdrill_del(tcpflow_packetdrill *script) {
  if (script != NULL) {
    const tcpflow_mem mem = script->mem;

    tcpflow__free(&mem, script);
  }
}

uint32_t tcpflow_packetdrill_untold_bits(const tcpflow_packetdrill *script) {
  return script->untold;
}

const char *tcpflow_packetdrill_problem(const tcpflow_packetdrill *script) {
  return script->problem;
}
