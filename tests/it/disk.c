/* A disk that is watched, refuses, and dies: preload it (LD_PRELOAD) and name the folder it is about in DISK and
 * a folder of its own in DISK_CONTROL:
 *
 *   log      what was synced, a line each: "PATH BYTES" for a file, "PATH/ NAME NAME" for a folder with what it
 *            held at that moment
 *   refuse   a pattern: the next sync of a path like it fails with EIO; then this file is gone
 *   dies     a number: so many changes succeed, and in the next the process ends; a write is left half done
 *
 * Paths are those below DISK. A file that is renamed before it is synced is logged by its new name. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { DEAD = 77 };

/* The part of a path below the watched folder; NULL if it is elsewhere. */
static const char *below(const char *path) {
    const char *disk = getenv("DISK");
    size_t length = disk ? strlen(disk) : 0;
    if (!length || strncmp(path, disk, length) != 0) return NULL;
    return path[length] == '/' ? path + length + 1 : path[length] ? NULL : path + length;
}

static const char *behind(int fd, char path[PATH_MAX]) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    if (length < 0) return NULL;
    path[length] = 0;
    return below(path);
}

static FILE *control(const char *name, const char *how, char path[PATH_MAX]) {
    snprintf(path, PATH_MAX, "%s/%s", getenv("DISK_CONTROL"), name);
    return fopen(path, how);
}

/* Whether this change is the one in which the process ends. */
static int is_last(void) {
    char path[PATH_MAX];
    int left;
    FILE *dies = control("dies", "r+", path);
    if (!dies) return 0;
    int armed = fscanf(dies, "%d", &left) == 1;
    rewind(dies);
    if (armed && left > 0) fprintf(dies, "%d \n", left - 1);
    fclose(dies);
    return armed && left == 0;
}

static int is_refused(const char *name) {
    char path[PATH_MAX], pattern[256];
    FILE *refuse = control("refuse", "r", path);
    if (!refuse) return 0;
    int hit = fscanf(refuse, "%255s", pattern) == 1 && fnmatch(pattern, name, FNM_PATHNAME) == 0;
    fclose(refuse);
    if (hit) remove(path);
    return hit;
}

static void tell(int fd, const char *name, const char *whole) {
    char path[PATH_MAX];
    struct stat data;
    FILE *log = control("log", "a", path);
    if (!log || fstat(fd, &data) != 0) return;
    if (S_ISDIR(data.st_mode)) {
        fprintf(log, "%s/", name);
        DIR *folder = opendir(whole);
        for (struct dirent *entry; folder && (entry = readdir(folder));) fprintf(log, " %s", entry->d_name);
        if (folder) closedir(folder);
        fprintf(log, "\n");
    } else {
        fprintf(log, "%s %lld\n", name, (long long)data.st_size);
    }
    fclose(log);
}

static int sync_by(long number, int fd) {
    char whole[PATH_MAX];
    const char *name = behind(fd, whole);
    if (name) {
        if (is_last()) _exit(DEAD);
        if (is_refused(name)) { errno = EIO; return -1; }
        tell(fd, name, whole);
    }
    return (int)syscall(number, fd);
}

int fsync(int fd) { return sync_by(SYS_fsync, fd); }
int fdatasync(int fd) { return sync_by(SYS_fdatasync, fd); }

ssize_t write(int fd, const void *bytes, size_t count) {
    char whole[PATH_MAX];
    if (behind(fd, whole) && is_last()) {
        syscall(SYS_write, fd, bytes, count / 2);
        _exit(DEAD);
    }
    return syscall(SYS_write, fd, bytes, count);
}

static void before(const char *path) {
    if (below(path) && is_last()) _exit(DEAD);
}

int rename(const char *from, const char *to) {
    before(from);
    return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}
int unlink(const char *path) { before(path); return (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0); }
int rmdir(const char *path) { before(path); return (int)syscall(SYS_unlinkat, AT_FDCWD, path, AT_REMOVEDIR); }
int mkdir(const char *path, mode_t mode) { before(path); return (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode); }
