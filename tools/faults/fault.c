/* One call to the operating system goes wrong. Preloaded into a program, it lets the N-th call of a kind fail, or ends
   the program there, and leaves every other call alone.

       FAULT_UNDER   only files whose path begins so are counted
       FAULT_CALL    write, sync, truncate, open, rename, unlink, or any: whichever of them
       FAULT_NUMBER  which of them, from 1
       FAULT_KIND    EIO or ENOSPC: it fails so, once; EIO-on: it and all that follow fail
                     half: half of what should be written is, and the program is killed; of another call nothing is done
                     kill: the call is done, and then the program is killed
                     stop: the program stands still until it is sent SIGCONT
       FAULT_REPORT  a file that is made when the call was met; of a named pipe, its reader hears the end */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum outcome { GO_ON, FAIL, HALF, KILL };

static const char *under, *call, *kind;
static long wanted;
static long counted;

#define REAL(type, name, ...) \
    static type (*real)(__VA_ARGS__); \
    if (!real) real = (type (*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

__attribute__((constructor)) static void begin(void) {
    under = getenv("FAULT_UNDER");
    call = getenv("FAULT_CALL");
    kind = getenv("FAULT_KIND");
    const char *number = getenv("FAULT_NUMBER");
    if (under && call && kind && number) wanted = atol(number);
}

static void die(void) {
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

static void report(void) {
    const char *path = getenv("FAULT_REPORT");
    REAL(int, "open64", const char *, int, ...);
    if (path) close(real(path, O_CREAT | O_WRONLY, 0600));
}

static enum outcome meet(const char *name, const char *path) {
    if (!wanted || !path || strncmp(path, under, strlen(under)) != 0) return GO_ON;
    if (strcmp(call, name) != 0 && strcmp(call, "any") != 0) return GO_ON;
    long number = __sync_add_and_fetch(&counted, 1);
    int lasts = strcmp(kind, "EIO-on") == 0;
    if (number < wanted || (number > wanted && !lasts)) return GO_ON;
    report();
    if (strcmp(kind, "half") == 0) return HALF;
    if (strcmp(kind, "kill") == 0) return KILL;
    if (strcmp(kind, "stop") == 0) {
        raise(SIGSTOP);
        return GO_ON;
    }
    errno = strcmp(kind, "ENOSPC") == 0 ? ENOSPC : EIO;
    return FAIL;
}

static enum outcome meet_file(const char *name, int file) {
    char link[64], path[4096];
    if (!wanted) return GO_ON;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return GO_ON;
    path[length] = 0;
    return meet(name, path);
}

/* What to do around a call that answers -1 when it fails. */
#define AROUND(outcome, do_half, do_it) \
    switch (outcome) { \
    case FAIL: return -1; \
    case HALF: do_half; die(); return -1; \
    case KILL: do_it; die(); return -1; \
    default: return do_it; \
    }

ssize_t pwrite64(int file, const void *bytes, size_t count, off_t offset) {
    REAL(ssize_t, "pwrite64", int, const void *, size_t, off_t);
    AROUND(meet_file("write", file), real(file, bytes, count / 2, offset), real(file, bytes, count, offset))
}

ssize_t pwrite(int file, const void *bytes, size_t count, off_t offset) {
    return pwrite64(file, bytes, count, offset);
}

ssize_t write(int file, const void *bytes, size_t count) {
    REAL(ssize_t, "write", int, const void *, size_t);
    AROUND(meet_file("write", file), real(file, bytes, count / 2), real(file, bytes, count))
}

int fsync(int file) {
    REAL(int, "fsync", int);
    AROUND(meet_file("sync", file), (void)0, real(file))
}

int fdatasync(int file) {
    REAL(int, "fdatasync", int);
    AROUND(meet_file("sync", file), (void)0, real(file))
}

int ftruncate64(int file, off_t length) {
    REAL(int, "ftruncate64", int, off_t);
    AROUND(meet_file("truncate", file), (void)0, real(file, length))
}

int ftruncate(int file, off_t length) { return ftruncate64(file, length); }

static int open_any(const char *path, int flags, mode_t mode) {
    REAL(int, "open64", const char *, int, ...);
    AROUND(meet("open", path), (void)0, real(path, flags, mode))
}

int open64(const char *path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    return open_any(path, flags, mode);
}

int open(const char *path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    return open_any(path, flags, mode);
}

int rename(const char *from, const char *to) {
    REAL(int, "rename", const char *, const char *);
    AROUND(meet("rename", to), (void)0, real(from, to))
}

int unlink(const char *path) {
    REAL(int, "unlink", const char *);
    AROUND(meet("unlink", path), (void)0, real(path))
}
