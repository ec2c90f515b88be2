/* A webcam that is not there, for programs that speak V4L2: preload it (LD_PRELOAD) and name a folder in
 * FAKE_WEBCAM. The folder is then /dev, and a file in it is a camera:
 *
 *   videoN    the camera, and the frame it sends, as bytes: replace it and the picture changes, empty it and
 *             no frame comes any more, remove it and the camera is unplugged
 *   formatsN  what it offers, a line each: "YUYV 1280 720 2 15" is 2/15 of a second a frame; without this
 *             file the camera carries no pictures, like the second entry a USB webcam has
 *   nameN     what it is called; portN where it is plugged in: "1-4:1.0"
 *   busyN     another program uses it
 *   hangsN    its driver hangs whenever a frame is fetched, until this file is removed
 *   crowdedN  its bus has no room for frames that are not compressed
 *   lossyN    every frame lost a part on its way
 *   stepsN    it takes any size and rate up to those of its formats, in steps
 *
 * Like a USB webcam it keeps its format between two openings, takes what it has that is nearest to what it is
 * asked for, leaves whatever a buffer held behind a frame that is shorter, and serves who opened it first. */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/videodev2.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>


enum { CAMERAS = 10, HANDLES = 1024, BUFFERS = 4, ROOM = 4 << 20, MODES = 32, FRAME_US = 33000 };

struct mode { unsigned fourcc, width, height, numerator, denominator; };
static struct { struct mode now; int waiting[BUFFERS], first, count, owner, on; } cameras[CAMERAS];
static int camera_of[HANDLES]; /* by file descriptor: 0 is none, 1 is video0 */

static int failed(int why) { errno = why; return -1; }

/* Whether a camera has this file; its path. */
static int has(const char *kind, int number, char path[4096]) {
    snprintf(path, 4096, "%s/%s%d", getenv("FAKE_WEBCAM"), kind, number);
    return access(path, F_OK) == 0;
}

static int modes(int number, struct mode *m) {
    char path[4096], fourcc[5];
    FILE *list = has("formats", number, path) ? fopen(path, "r") : NULL;
    int n = 0;
    for (; list && n < MODES; n++, m++) {
        if (fscanf(list, "%4s %u %u %u %u", fourcc, &m->width, &m->height, &m->numerator, &m->denominator) != 5) break;
        memcpy(&m->fourcc, fourcc, 4);
    }
    if (list) fclose(list);
    return n;
}

/* Of the modes whose first `same` fields are those of `like`: the index-th that differs in the next `step`. */
static const struct mode *nth(const struct mode *list, int n, const void *like, int same, int step, unsigned index) {
    for (int i = 0; i < n; i++) {
        int passed = memcmp(&list[i], like, same * sizeof(unsigned)) != 0;
        for (int k = 0; k < i && !passed; k++) passed = !memcmp(&list[k], &list[i], (same + step) * sizeof(unsigned));
        if (!passed && index-- == 0) return &list[i];
    }
    return NULL;
}

/* Puts the camera's frame into the buffer that has waited longest. */
static int dequeue(int fd, int number, struct v4l2_buffer *buffer) {
    char path[4096];
    while (has("hangs", number, path)) usleep(FRAME_US);
    int picture = has("video", number, path) ? open(path, O_RDONLY) : -1;
    if (picture < 0) return failed(ENODEV);
    if (!cameras[number].count) return close(picture), failed(EAGAIN);
    int index = cameras[number].waiting[cameras[number].first];
    void *place = mmap(NULL, ROOM, PROT_READ | PROT_WRITE, MAP_SHARED, fd, (off_t)index * ROOM);
    ssize_t used = read(picture, place, ROOM);
    close(picture);
    munmap(place, ROOM);
    cameras[number].first = (cameras[number].first + 1) % BUFFERS;
    cameras[number].count--;
    buffer->index = index, buffer->bytesused = used > 0 ? used : 0;
    buffer->flags = has("lossy", number, path) ? V4L2_BUF_FLAG_ERROR : 0;
    return 0;
}

static int answer(int fd, int number, unsigned long request, void *arg) {
    char path[4096];
    struct mode list[MODES], *now = &cameras[number].now;
    const struct mode *found;
    int n = modes(number, list);
    if (!has("video", number, path)) return failed(ENODEV);
    if (!n) return failed(EINVAL);
    if (!now->fourcc && n) *now = list[0];
    struct v4l2_fmtdesc *kind = arg;
    struct v4l2_frmsizeenum *size = arg;
    struct v4l2_frmivalenum *rate = arg;
    struct v4l2_pix_format *pix = &((struct v4l2_format *)arg)->fmt.pix;
    struct v4l2_fract *interval = &((struct v4l2_streamparm *)arg)->parm.capture.timeperframe;
    struct v4l2_requestbuffers *wanted = arg;
    struct v4l2_buffer *buffer = arg;
    switch (request) {
    case VIDIOC_ENUM_FMT:
        if (!(found = nth(list, n, NULL, 0, 1, kind->index))) return failed(EINVAL);
        kind->pixelformat = found->fourcc;
        return 0;
    case VIDIOC_ENUM_FRAMESIZES:
        if (!(found = nth(list, n, &size->pixel_format, 1, 2, size->index))) return failed(EINVAL);
        size->type = V4L2_FRMSIZE_TYPE_DISCRETE;
        size->discrete.width = found->width, size->discrete.height = found->height;
        if (!has("steps", number, path)) return 0;
        size->type = V4L2_FRMSIZE_TYPE_STEPWISE;
        size->stepwise = (struct v4l2_frmsize_stepwise){16, found->width, 2, 16, found->height, 2};
        return 0;
    case VIDIOC_ENUM_FRAMEINTERVALS:
        if (has("steps", number, path)) {
            rate->type = V4L2_FRMIVAL_TYPE_CONTINUOUS;
            rate->stepwise = (struct v4l2_frmival_stepwise){{1, 60}, {1, 1}, {1, 1}};
            return rate->index ? failed(EINVAL) : 0;
        }
        if (!(found = nth(list, n, &rate->pixel_format, 3, 2, rate->index))) return failed(EINVAL);
        rate->type = V4L2_FRMIVAL_TYPE_DISCRETE;
        rate->discrete.numerator = found->numerator, rate->discrete.denominator = found->denominator;
        return 0;
    case VIDIOC_S_FMT: {
        unsigned like[] = {pix->pixelformat, pix->width, pix->height};
        if (has("busy", number, path) || cameras[number].owner) return failed(EBUSY);
        if (!(found = nth(list, n, like, 3, 0, 0)) && !(found = nth(list, n, like, 1, 0, 0))) found = list;
        *now = *found;
    } /* fall through */
    case VIDIOC_G_FMT:
        pix->pixelformat = now->fourcc, pix->width = now->width, pix->height = now->height, pix->sizeimage = ROOM;
        pix->bytesperline = 0;
        return 0;
    case VIDIOC_S_PARM: {
        struct mode like = *now;
        double wish = (double)interval->numerator / interval->denominator, nearest = 1e9;
        for (unsigned i = 0; (found = nth(list, n, &like, 3, 2, i)); i++) {
            double off = (double)found->numerator / found->denominator - wish;
            if (off * off < nearest) nearest = off * off, *now = *found;
        }
    } /* fall through */
    case VIDIOC_G_PARM:
        interval->numerator = now->numerator, interval->denominator = now->denominator;
        return 0;
    case VIDIOC_REQBUFS:
        if (has("busy", number, path) || (cameras[number].owner && cameras[number].owner != fd)) return failed(EBUSY);
        if (wanted->count > BUFFERS) wanted->count = BUFFERS;
        cameras[number].owner = wanted->count ? fd : 0, cameras[number].count = 0;
        return ftruncate(fd, (off_t)wanted->count * ROOM);
    case VIDIOC_QUERYBUF: buffer->length = ROOM, buffer->m.offset = buffer->index * ROOM; return 0;
    case VIDIOC_QBUF:
        cameras[number].waiting[(cameras[number].first + cameras[number].count++) % BUFFERS] = buffer->index;
        return 0;
    case VIDIOC_DQBUF: return cameras[number].on ? dequeue(fd, number, buffer) : failed(EINVAL);
    case VIDIOC_STREAMON:
        if (has("crowded", number, path) && memcmp(&now->fourcc, "MJPG", 4)) return failed(ENOSPC);
        cameras[number].on = 1;
        return 0;
    case VIDIOC_STREAMOFF: return cameras[number].on = cameras[number].count = 0;
    default: return failed(ENOTTY);
    }
}

/* A camera is a file in memory, which the program maps for its buffers. */
static int opened(const char *path, int flags, mode_t mode) {
    char real[4096];
    int number, end = 0;
    if (sscanf(path, "/dev/video%d%n", &number, &end) == 1 && !path[end] && number < CAMERAS) {
        int fd = has("video", number, real) ? memfd_create("fake webcam", MFD_CLOEXEC) : failed(ENOENT);
        if (fd >= 0 && fd < HANDLES) camera_of[fd] = number + 1;
        return fd;
    }
    int name = sscanf(path, "/sys/class/video4linux/video%d/name%n", &number, &end) == 1 && end;
    return syscall(SYS_openat, AT_FDCWD, name && has("name", number, real) ? real : path, flags, mode);
}

/* The mode is there only when a file may be made, and looked at only then. */
#define OPEN(name) \
    int name(const char *path, int flags, ...) { \
        va_list more; \
        va_start(more, flags); \
        mode_t mode = va_arg(more, mode_t); \
        va_end(more); \
        return opened(path, flags, mode); \
    }
OPEN(open)
OPEN(open64)

int close(int fd) {
    int number = fd >= 0 && fd < HANDLES ? camera_of[fd] - 1 : -1;
    if (number >= 0) camera_of[fd] = 0;
    if (number >= 0 && cameras[number].owner == fd) cameras[number].owner = cameras[number].on = cameras[number].count = 0;
    return syscall(SYS_close, fd);
}

/* A camera is ready when it has a frame, thirty times a second, or when it has gone. */
int poll(struct pollfd *fds, nfds_t n, int timeout) {
    int (*real)(struct pollfd *, nfds_t, int) = (int (*)(struct pollfd *, nfds_t, int))dlsym(RTLD_NEXT, "poll");
    if (n != 1 || fds->fd < 0 || fds->fd >= HANDLES || !camera_of[fds->fd]) return real(fds, n, timeout);
    char path[4096];
    struct stat frame;
    for (int waited = 0; timeout < 0 || waited <= timeout; waited += FRAME_US / 1000) {
        usleep(FRAME_US);
        has("video", camera_of[fds->fd] - 1, path);
        fds->revents = stat(path, &frame) ? POLLERR : POLLIN;
        if (fds->revents == POLLERR || frame.st_size) return 1;
    }
    return fds->revents = 0;
}

ssize_t readlink(const char *path, char *to, size_t room) {
    char real[4096];
    int number, end = 0;
    if (sscanf(path, "/sys/class/video4linux/video%d/device%n", &number, &end) != 1 || !end || !has("port", number, real))
        return syscall(SYS_readlinkat, AT_FDCWD, path, to, room);
    int port = open(real, O_RDONLY);
    ssize_t length = read(port, to, room);
    close(port);
    return length;
}

DIR *opendir(const char *path) {
    DIR *(*real)(const char *) = (DIR * (*)(const char *)) dlsym(RTLD_NEXT, "opendir");
    return real(strcmp(path, "/dev") ? path : getenv("FAKE_WEBCAM"));
}

/* The crate `v4l` calls ioctl by its number. */
long syscall(long number, ...) {
    long (*real)(long, ...) = (long (*)(long, ...))dlsym(RTLD_NEXT, "syscall"), a[6];
    va_list more;
    va_start(more, number);
    for (int i = 0; i < 6; i++) a[i] = va_arg(more, long);
    va_end(more);
    if (number == SYS_ioctl && a[0] >= 0 && a[0] < HANDLES && camera_of[a[0]])
        return answer(a[0], camera_of[a[0]] - 1, (unsigned)a[1], (void *)a[2]);
    return real(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}
