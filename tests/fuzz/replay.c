/*
 * tests/fuzz/replay.c - runs a fuzz target over files instead of fuzzing it.
 *
 * Linked with one fuzz_X.c in place of libFuzzer.  Arguments are files, or
 * directories of files.  Without any it reads $srcdir/fuzz/corpus/X, where X
 * comes from the program's own name, so that `make check` can run it as it is.
 */
#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

/* A target may want the command line, as with libFuzzer; most do not. */
__attribute__((weak)) int LLVMFuzzerInitialize(int *argc, char ***argv) {
  (void)argc;
  (void)argv;
  return 0;
}

enum {
  EXIT_SKIP = 77
};

static unsigned long runs;

static int complain(const char *path) {
  fprintf(stderr, "%s: %s\n", path, strerror(errno));
  return -1;
}

/* An exact-size block, so that a sanitizer sees the first octet too many. */
static int run_stream(FILE *file, size_t size, const char *path) {
  uint8_t *data = malloc(size > 0 ? size : 1);

  if (data == NULL || fread(data, 1, size, file) != size) {
    free(data);
    return complain(path);
  }
  LLVMFuzzerTestOneInput(data, size);
  runs++;
  free(data);
  return 0;
}

static int run_file(const char *path, size_t size) {
  FILE *file = fopen(path, "rb");

  if (file == NULL) {
    return complain(path);
  }
  const int result = run_stream(file, size, path);
  fclose(file);
  return result;
}

static int run_entry(const char *folder, const char *name);

static int run_folder(const char *folder) {
  DIR *dir = opendir(folder);

  if (dir == NULL) {
    return complain(folder);
  }
  int result = 0;
  for (const struct dirent *entry; (entry = readdir(dir)) != NULL;) {
    if (entry->d_name[0] != '.' && run_entry(folder, entry->d_name) != 0) {
      result = -1;
    }
  }
  closedir(dir);
  return result;
}

static int run_path(const char *path) {
  struct stat info;

  if (stat(path, &info) != 0) {
    return complain(path);
  }
  return S_ISDIR(info.st_mode) ? run_folder(path)
                               : run_file(path, (size_t)info.st_size);
}

static int run_entry(const char *folder, const char *name) {
  const size_t size = strlen(folder) + strlen(name) + 2;
  char *path = malloc(size);

  if (path == NULL) {
    return complain(name);
  }
  snprintf(path, size, "%s/%s", folder, name);
  const int result = run_path(path);
  free(path);
  return result;
}

/* fuzz/fuzz_options -> options; libtool may have put "lt-" before it. */
static const char *target_name(const char *program) {
  const char *name = strrchr(program, '/');

  name = name == NULL ? program : name + 1;
  name += strncmp(name, "lt-", 3) == 0 ? 3 : 0;
  name += strncmp(name, "fuzz_", 5) == 0 ? 5 : 0;
  return name;
}

static int run_corpus(const char *program) {
  const char *srcdir = getenv("srcdir");
  struct stat info;
  char path[4096];

  snprintf(path, sizeof(path), "%s/fuzz/corpus/%s",
           srcdir == NULL ? "." : srcdir, target_name(program));
  if (stat(path, &info) != 0) {
    printf("%s: no corpus\n", path);
    return EXIT_SKIP;
  }
  return run_path(path) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int argc, char **argv) {
  LLVMFuzzerInitialize(&argc, &argv);

  int result = argc < 2 ? run_corpus(argv[0]) : EXIT_SUCCESS;
  for (int i = 1; i < argc; i++) {
    if (run_path(argv[i]) != 0) {
      result = EXIT_FAILURE;
    }
  }
  printf("%lu inputs\n", runs);
  return result;
}
