/*
 * doc/fsm2dot.c - draws the state diagram of the manual from the rows of
 * lib/fsm/fsm.c, as Graphviz input on standard output.
 *
 * It includes the source, not the header, so that the figure is the table.
 * States stand where RFC 9293, Figure 5 has them; Graphviz draws the straight
 * lines between them.  Dashed is what the figure of the RFC does not have.
 */
#include "fsm/fsm.c"

#include <stdio.h>
#include <string.h>

/* Inches from the lower left. */
typedef struct point {
  double x;
  double y;
} point;

typedef struct place {
  const char *name;
  point at;
} place;

static const place places[TCPFLOW_STATE_COUNT] = {
  [TCPFLOW_STATE_UNKNOWN] = {"nothing seen", {3.8, 9.2}},
  [TCPFLOW_STATE_LISTEN] = {"LISTEN", {3.8, 7.8}},
  [TCPFLOW_STATE_SYN_RECEIVED] = {"SYN-RECEIVED", {0, 6.4}},
  [TCPFLOW_STATE_SYN_SENT] = {"SYN-SENT", {7.6, 6.4}},
  [TCPFLOW_STATE_ESTABLISHED] = {"ESTABLISHED", {3.8, 5.0}},
  [TCPFLOW_STATE_FIN_WAIT_1] = {"FIN-WAIT-1", {0, 3.4}},
  [TCPFLOW_STATE_CLOSE_WAIT] = {"CLOSE-WAIT", {7.6, 3.4}},
  [TCPFLOW_STATE_FIN_WAIT_2] = {"FIN-WAIT-2", {0, 1.7}},
  [TCPFLOW_STATE_CLOSING] = {"CLOSING", {3.8, 1.7}},
  [TCPFLOW_STATE_LAST_ACK] = {"LAST-ACK", {7.6, 1.7}},
  [TCPFLOW_STATE_TIME_WAIT] = {"TIME-WAIT", {3.8, 0}},
  [TCPFLOW_STATE_CLOSED] = {"CLOSED", {7.6, 0}},
};

/* Two more places, to keep long arrows out of the middle. */
static const point picked_up = {7.6, 5.0};
static const point any_state = {7.6, -1.5};

/* Around ESTABLISHED, which is in the way from SYN-RECEIVED to CLOSE-WAIT. */
static const point detour = {3.8, 3.8};

typedef struct arrow {
  tcpflow_state from;
  tcpflow_state to;
  const char *label;
} arrow;

#define ARROW(from, stimulus, to, label)                                       \
  {TCPFLOW_STATE_##from, TCPFLOW_STATE_##to, (label)},

static const arrow arrows[] = {FSM_ARROWS(ARROW)};

enum {
  ARROWS = sizeof(arrows) / sizeof(arrows[0])
};

/* "(obs)", "(3.10.7.4)": not in the figure of the RFC. */
static int is_marked(const char *label) {
  return strchr(label, '(') != NULL;
}

static point middle(point a, point b) {
  const point m = {(a.x + b.x) / 2, (a.y + b.y) / 2};

  return m;
}

static void print_state(const char *id, const char *name, point at,
                        int is_dashed) {
  printf("  %s [label=\"%s\" pos=\"%.2f,%.2f!\"%s];\n", id, name, at.x, at.y,
         is_dashed ? " style=\"rounded,dashed\"" : "");
}

/* "cause / action (mark)" becomes the figure's fraction, and the mark a third
   line, on a white ground over the arrow. */
static void print_label(size_t number, const char *label, point at) {
  const char *mark = strstr(label, " (");
  const char *slash = strstr(label, " / ");
  const char *end = mark == NULL ? label + strlen(label) : mark;

  printf("  l%zu [shape=plain pos=\"%.2f,%.2f!\" label=<<TABLE BORDER=\"0\"\n"
         "    CELLBORDER=\"0\" CELLSPACING=\"0\" BGCOLOR=\"white\">",
         number, at.x, at.y);
  if (slash != NULL) {
    printf("<TR><TD BORDER=\"1\" SIDES=\"B\">%.*s</TD></TR>",
           (int)(slash - label), label);
    label = slash + 3;
  }
  printf("<TR><TD>%.*s</TD></TR>", (int)(end - label), label);
  if (mark != NULL) {
    printf("<TR><TD><I>%s</I></TD></TR>", mark + 1);
  }
  printf("</TABLE>>];\n");
}

static void print_line(const char *from, const char *to, const char *style) {
  printf("  %s -> %s [%s];\n", from, to, style);
}

/* Whether an earlier row has the same ends: one line does for both. */
static int is_drawn(size_t which) {
  for (size_t i = 0; i < which; i++) {
    if (arrows[i].from == arrows[which].from &&
        arrows[i].to == arrows[which].to) {
      return 1;
    }
  }
  return 0;
}

static void print_arrow(size_t which) {
  const arrow *a = &arrows[which];
  const char *style = is_marked(a->label) ? "style=dashed" : "";
  point at = middle(places[a->from].at, places[a->to].at);
  char from[16];
  char to[16];

  snprintf(from, sizeof(from), "s%d", (int)a->from);
  snprintf(to, sizeof(to), "s%d", (int)a->to);
  if (is_drawn(which)) {
    at.y -= 0.5;
  } else if (a->from == TCPFLOW_STATE_UNKNOWN &&
             a->to == TCPFLOW_STATE_ESTABLISHED) {
    at = middle(picked_up, places[a->to].at);
    print_line("picked", to, style);
  } else if (a->from == TCPFLOW_STATE_SYN_RECEIVED &&
             a->to == TCPFLOW_STATE_CLOSE_WAIT) {
    at = middle(detour, middle(detour, places[a->to].at));
    print_line(from, "detour", "style=dashed arrowhead=none");
    print_line("detour", to, style);
  } else {
    print_line(from, to, style);
  }
  print_label(which, a->label, at);
}

static void print_states(void) {
  char id[16];

  for (int i = 0; i < TCPFLOW_STATE_COUNT; i++) {
    snprintf(id, sizeof(id), "s%d", i);
    print_state(id, places[i].name, places[i].at, i == TCPFLOW_STATE_UNKNOWN);
  }
  print_state("picked", places[TCPFLOW_STATE_UNKNOWN].name, picked_up, 1);
  print_state("any", "any state", any_state, 1);
  printf("  detour [shape=point width=0 height=0 label=\"\""
         " pos=\"%.2f,%.2f!\"];\n",
         detour.x, detour.y);
}

int main(void) {
  printf("digraph states {\n"
         "  graph [layout=neato splines=line outputorder=edgesfirst];\n"
         "  node [shape=box style=\"rounded\" fontname=Helvetica fontsize=13\n"
         "        width=1.6 height=0.5];\n"
         "  edge [arrowsize=0.8];\n");
  print_states();
  printf("  node [fontsize=11];\n");
  for (size_t i = 0; i < ARROWS; i++) {
    print_arrow(i);
  }
  print_line("any", "s1", "style=dashed");
  print_label(ARROWS, "rcv RST or snd RST / delete TCB",
              middle(any_state, places[TCPFLOW_STATE_CLOSED].at));
  printf("}\n");
  return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 1;
}
