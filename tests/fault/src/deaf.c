/* A disk that does not hear: preload it (LD_PRELOAD), and syncs of paths like the pattern in DEAF do nothing and say
 * that all is well, as cheap sticks and some controllers do. */
#define _GNU_SOURCE
#include <fnmatch.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

static int is_heard(int fd) {
    char link[64], path[PATH_MAX];
    const char *pattern = getenv("DEAF");
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (!pattern || length < 0) return 1;
    path[length] = 0;
    return fnmatch(pattern, path, 0) != 0;
}

int fsync(int fd) { return is_heard(fd) ? (int)syscall(SYS_fsync, fd) : 0; }
int fdatasync(int fd) { return is_heard(fd) ? (int)syscall(SYS_fdatasync, fd) : 0; }
