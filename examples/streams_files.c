/*
 * streams_files.c - files that are written in turns, of which few are open.
 *
 * What is open and was not written to for longest is closed, and opened again
 * to append.  Whatever a capture says, names stay in the folder, nothing that
 * exists is overwritten, and no link is followed.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common.h"
#include "streams_files.h"

int fail(writer *to, const char *name) {
  if (!to->failed) {
    complain("streams", name, strerror(errno));
  }
  to->failed = 1;
  return 1;
}

static void unlink_stream(writer *to, stream *s) {
  *(s->newer != NULL ? &s->newer->older : &to->newest) = s->older;
  *(s->older != NULL ? &s->older->newer : &to->oldest) = s->newer;
}

static void link_newest(writer *to, stream *s) {
  s->newer = NULL;
  s->older = to->newest;
  *(to->newest != NULL ? &to->newest->newer : &to->oldest) = s;
  to->newest = s;
}

int close_stream(writer *to, stream *s) {
  if (s->file < 0) {
    return 0;
  }
  unlink_stream(to, s);
  to->open--;
  const int error = close(s->file);
  s->file = -1;
  return error != 0 ? fail(to, s->name) : 0;
}

/* Digits, dots, hyphens and underscores only, and letters of IPv6.  The number
   makes it the only one of this name: ports are used again, and tunnels lead to
   the same addresses. */
int name_stream(writer *to, stream *s, uint64_t number,
                const tcpflow_conn *conn, tcpflow_side from) {
  tcpflow_tuple tuple;
  char text[2][46];
  char name[160];

  (void)tcpflow_conn_get_tuple(conn, &tuple); /* A tracker's has one. */
  for (int side = 0; side < 2; side++) {
    tcpflow_text_address(text[side], sizeof(text[side]), tuple.version,
                         tuple.address[side]);
    for (char *c = text[side]; *c != '\0'; c++) {
      *c = *c == ':' ? '_' : *c;
    }
  }
  snprintf(name, sizeof(name), "%08" PRIu64 "-%s.%u-%s.%u", number, text[from],
           (unsigned)tuple.port[from], text[!from],
           (unsigned)tuple.port[!from]);
  s->name = strdup(name);
  return s->name == NULL ? fail(to, name) : 0;
}

/* Opens the file; -1: it cannot be, and errno says why. */
static int try_open(const writer *to, const stream *s) {
  const int how = O_WRONLY | O_APPEND | O_NOFOLLOW | O_CLOEXEC;

  return openat(to->folder, s->name,
                s->written == 0 ? how | O_CREAT | O_EXCL : how, 0666);
}

/* Lets a stream have its file open, and be the newest. */
static int open_stream(writer *to, stream *s) {
  if (s->file >= 0) {
    unlink_stream(to, s);
    link_newest(to, s);
    return 0;
  }
  if (to->open >= to->open_files && close_stream(to, to->oldest) != 0) {
    return 1;
  }
  s->file = try_open(to, s);
  while (s->file < 0 && (errno == EMFILE || errno == ENFILE) &&
         to->oldest != NULL) { /* The system allows fewer. */
    if (close_stream(to, to->oldest) != 0) {
      return 1;
    }
    s->file = try_open(to, s);
  }
  if (s->file < 0) {
    return fail(to, s->name);
  }
  link_newest(to, s);
  to->open++;
  return 0;
}

/* Lets the file be as long as what stands before the octets at OFFSET. */
static int fill_up(writer *to, stream *s, uint64_t offset) {
  if (offset == s->written) {
    return 0;
  }
  if (offset > INT64_MAX || ftruncate(s->file, (off_t)offset) != 0) {
    errno = offset > INT64_MAX ? EFBIG : errno;
    return fail(to, s->name);
  }
  s->written = offset;
  return 0;
}

int write_octets(writer *to, stream *s, uint64_t place, const uint8_t *bytes,
                 size_t length) {
  if (open_stream(to, s) != 0 || fill_up(to, s, place) != 0) {
    return 1;
  }
  while (length > 0) {
    const ssize_t count = write(s->file, bytes, length);
    if (count < 0 && errno != EINTR) {
      return fail(to, s->name);
    }
    if (count > 0) {
      bytes += count;
      length -= (size_t)count;
      s->written += (uint64_t)count;
    }
  }
  return 0;
}

int open_folder(writer *to, const char *name) {
  if (mkdir(name, 0777) != 0 && errno != EEXIST) {
    return fail(to, name);
  }
  to->folder = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (to->folder < 0) {
    return fail(to, name);
  }
  const int file =
    openat(to->folder, "index.jsonl",
           O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
  to->index = file < 0 ? NULL : fdopen(file, "w");
  return to->index == NULL ? fail(to, "index.jsonl") : 0;
}

int close_folder(writer *to) {
  const int error =
    to->index != NULL && fclose(to->index) != 0 ? fail(to, "index.jsonl") : 0;

  if (to->folder >= 0) {
    close(to->folder);
  }
  return error;
}
