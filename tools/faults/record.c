/* Writes down what a program does to the files of one folder, in order, and what it says on standard output, so that
   the states in which a power cut could have left the folder can be built afterwards (Tests/CommandTests/FaultsPower).

       RECORD_UNDER  the folder
       RECORD_TO     the file of the record; it is appended to
       RECORD_FAIL   the number of a sync, from 1, that fails with EIO: what it should have made sure is lost

   A record is: kind (1 byte), inode, offset, length (8 bytes each, little endian), then `length` bytes.

       C  a file came to be; the bytes are its name
       W  bytes were written at an offset
       T  a file was cut or grown to the length that stands in offset
       S  a file was synced: what was written to it before is on the disk
       F  a sync failed: what was written to the file before never comes to the disk
       D  the folder was synced: its names are on the disk
       N  a file was renamed; the bytes are both names, with a zero between them
       U  a name was removed
       A  something was said on standard output */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static const char *under;
static size_t under_length;
static int record = -1;
static long failing;
static long syncs;

#define REAL(type, name, ...) \
    static type (*real)(__VA_ARGS__); \
    if (!real) real = (type (*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

static int real_open(const char *path, int flags, mode_t mode) {
    REAL(int, "open64", const char *, int, ...);
    return real(path, flags, mode);
}

__attribute__((constructor)) static void begin(void) {
    under = getenv("RECORD_UNDER");
    const char *to = getenv("RECORD_TO");
    const char *fail = getenv("RECORD_FAIL");
    if (!under || !to) return;
    under_length = strlen(under);
    failing = fail ? atol(fail) : 0;
    record = real_open(to, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
}

static void put(char kind, uint64_t inode, uint64_t offset, const void *bytes, uint64_t length) {
    char head[25];
    head[0] = kind;
    memcpy(head + 1, &inode, 8);
    memcpy(head + 9, &offset, 8);
    memcpy(head + 17, &length, 8);
    struct iovec parts[2] = {{head, sizeof head}, {(void *)bytes, length}};
    if (writev(record, parts, 2) != (ssize_t)(sizeof head + length)) abort();
}

/* The name within the folder; NULL for what lies elsewhere. */
static const char *name_of(const char *path) {
    if (record < 0 || strncmp(path, under, under_length) != 0 || path[under_length] != '/') return NULL;
    return path + under_length + 1;
}

/* The inode of an open file of the folder; 0 for others. */
static uint64_t inode_of(int file, int *is_folder) {
    char link[64], path[PATH_MAX];
    struct stat facts;
    *is_folder = 0;
    if (record < 0 || file == record) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    if (strncmp(path, under, under_length) != 0 || fstat(file, &facts) != 0) return 0;
    *is_folder = S_ISDIR(facts.st_mode);
    return facts.st_ino;
}

ssize_t pwrite64(int file, const void *bytes, size_t count, off_t offset) {
    REAL(ssize_t, "pwrite64", int, const void *, size_t, off_t);
    int is_folder;
    uint64_t inode = inode_of(file, &is_folder);
    ssize_t done = real(file, bytes, count, offset);
    if (inode && done > 0) put('W', inode, offset, bytes, done);
    return done;
}

ssize_t pwrite(int file, const void *bytes, size_t count, off_t offset) {
    return pwrite64(file, bytes, count, offset);
}

ssize_t write(int file, const void *bytes, size_t count) {
    REAL(ssize_t, "write", int, const void *, size_t);
    int is_folder;
    uint64_t inode = inode_of(file, &is_folder);
    off_t offset = inode ? lseek(file, 0, SEEK_CUR) : 0;
    ssize_t done = real(file, bytes, count);
    if (inode && done > 0) put('W', inode, offset, bytes, done);
    if (file == 1 && record >= 0 && done > 0) put('A', 0, 0, bytes, done);
    return done;
}

static int synced(int file, int (*real)(int)) {
    int is_folder;
    uint64_t inode = inode_of(file, &is_folder);
    if (!inode) return real(file);
    if (!is_folder && ++syncs == failing) {
        put('F', inode, 0, NULL, 0);
        errno = EIO;
        return -1;
    }
    int code = real(file);
    if (code == 0) put(is_folder ? 'D' : 'S', inode, 0, NULL, 0);
    return code;
}

int fsync(int file) {
    REAL(int, "fsync", int);
    return synced(file, real);
}

int fdatasync(int file) {
    REAL(int, "fdatasync", int);
    return synced(file, real);
}

int ftruncate64(int file, off_t length) {
    REAL(int, "ftruncate64", int, off_t);
    int is_folder;
    uint64_t inode = inode_of(file, &is_folder);
    int code = real(file, length);
    if (inode && code == 0) put('T', inode, length, NULL, 0);
    return code;
}

int ftruncate(int file, off_t length) { return ftruncate64(file, length); }

static int open_any(const char *path, int flags, mode_t mode) {
    const char *name = name_of(path);
    struct stat facts;
    int is_new = name && (flags & O_CREAT) && stat(path, &facts) != 0;
    int file = real_open(path, flags, mode);
    if (name && file >= 0 && fstat(file, &facts) == 0) {
        if (is_new) put('C', facts.st_ino, 0, name, strlen(name));
        if (!is_new && (flags & O_TRUNC)) put('T', facts.st_ino, 0, NULL, 0);
    }
    return file;
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
    int code = real(from, to);
    const char *old = name_of(from), *new = name_of(to);
    if (code == 0 && old && new) {
        char names[2 * NAME_MAX + 2];
        int length = snprintf(names, sizeof names, "%s%c%s", old, 0, new);
        put('N', 0, 0, names, length);
    }
    return code;
}

int unlink(const char *path) {
    REAL(int, "unlink", const char *);
    int code = real(path);
    const char *name = name_of(path);
    if (code == 0 && name) put('U', 0, 0, name, strlen(name));
    return code;
}
