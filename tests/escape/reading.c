/* SPDX-License-Identifier: MIT */
/* Attempts to read something of the host: files of the user, of other users and of the system,
 * /proc and /sys, and devices. */
#include "escape.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HEAD = 1 << 16 };

/* Reads a file, and looks for the mark that the test has put into the files of the host. */
static const char *marked(const struct world *w, const struct attempt *a)
{
    const char *mark = given(w, "mark");
    char path[TEXT];
    char *text = malloc(HEAD);
    int fd;
    ssize_t got;

    if (mark == NULL || place(w, a->what, path) == NULL || text == NULL) {
        return NOT_GIVEN;
    }
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    got = fd < 0 ? -1 : read(fd, text, HEAD);
    if (got < 0) {
        return failure(errno);
    }
    return memmem(text, (size_t)got, mark, strlen(mark)) != NULL ? OPEN
           : got == 0                                            ? EMPTY
                                                                 : OWN;
}

/* Lists a directory, and finds out whether it is the host's own and has entries. */
static const char *listed(const struct world *w, const struct attempt *a)
{
    char path[TEXT];
    const char *out;
    const struct dirent *entry;
    size_t count = 0;
    DIR *d;

    if (place(w, a->what, path) == NULL) {
        return NOT_GIVEN;
    }
    d = opendir(path);
    if (d == NULL) {
        return failure(errno);
    }
    out = whose(w, dirfd(d), a->what);
    errno = 0;
    while ((entry = readdir(d)) != NULL) {
        count += strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ? 0 : 1;
    }
    return errno != 0 ? failure(errno) : count == 0 ? EMPTY : out;
}

/* Reads a byte of a file of the system. */
static const char *of_system(const struct world *w, const struct attempt *a)
{
    char byte;
    char path[TEXT];
    int fd;

    if (place(w, a->what, path) == NULL) {
        return NOT_GIVEN;
    }
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
        return failure(errno);
    }
    switch (read(fd, &byte, 1)) {
    case 1:
        return whose(w, fd, a->what);
    case 0:
        return EMPTY;
    default:
        return failure(errno);
    }
}

/* Opens a device and reads nothing. */
static const char *device(const struct world *w, const struct attempt *a)
{
    struct stat st;
    char path[TEXT];
    int fd;

    if (place(w, a->what, path) == NULL) {
        return NOT_GIVEN;
    }
    fd = open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0 && errno == EROFS) {
        fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    }
    if (fd < 0) {
        return errno == ENOENT && a->what[0] == '%'
                   ? ABSENT
                   : failure(errno); /* only root can plant it */
    }
    return fstat(fd, &st) == 0 && (S_ISCHR(st.st_mode) || S_ISBLK(st.st_mode)) ? OPEN : OWN;
}

/* Looks for addresses of the kernel that are not hidden. */
static const char *symbols(const struct world *w, const struct attempt *a)
{
    char head[TEXT];
    int fd = open(a->what, O_RDONLY | O_CLOEXEC);
    ssize_t got = fd < 0 ? -1 : read(fd, head, sizeof(head));

    (void)w;
    if (got <= 0) {
        return got < 0 ? failure(errno) : EMPTY;
    }
    for (ssize_t i = 0; i < got && head[i] != ' '; i++) {
        if (head[i] != '0') {
            return OPEN;
        }
    }
    return SAME; /* zeros, which the kernel shows instead of hidden addresses */
}

/* Looks for files with a secret of cco in a directory of the session. */
static const char *secrets(const struct world *w, const struct attempt *a)
{
    static const char *const names[] = {"boot", "key",   "secret",
                                        "line", "login", "credentials"};

    (void)w;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char path[TEXT];
        int fd;

        (void)snprintf(path, sizeof(path), "%s/%s", a->what, names[i]);
        fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
        if (fd >= 0) {
            return OPEN;
        }
    }
    return NONE;
}

/* Looks for a process of the host in /proc. */
static const char *processes(const struct world *w, const struct attempt *a)
{
    DIR *d = opendir("/proc");
    const struct dirent *entry;
    long host = given_number(w, "pid");
    bool seen = false;

    (void)a;
    if (d == NULL || host == 0) {
        return d == NULL ? failure(errno) : NOT_GIVEN;
    }
    while ((entry = readdir(d)) != NULL) {
        char *end;
        long pid = strtol(entry->d_name, &end, 10);

        seen = seen || (*end == '\0' && pid == host);
    }
    return seen ? OPEN : NONE;
}

/* Opens an entry of a process of the host in /proc, and reads it if opening alone shows
 * nothing. */
static const char *host_entry(const struct world *w, const struct attempt *a)
{
    char path[TEXT];
    char byte;
    int fd;
    long pid = given_number(w, "pid");

    if (pid == 0) {
        return NOT_GIVEN;
    }
    (void)snprintf(path, sizeof(path), "/proc/%ld/%s", pid, a->what);
    if (strcmp(a->what, "cwd") == 0 || strcmp(a->what, "root") == 0 ||
        strcmp(a->what, "fd") == 0) {
        fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        return fd < 0 ? failure(errno) : OPEN;
    }
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return failure(errno);
    }
    return strcmp(a->what, "mem") == 0 ? OPEN : read(fd, &byte, 1) == 1 ? OPEN : failure(errno);
}

#define HOME(path, wanted, why)                                                                \
    {                                                                                          \
        "read", path, marked, wanted, why, 0,                                                  \
        {                                                                                      \
            NULL                                                                               \
        }                                                                                      \
    }
#define LIST(path, wanted, why)                                                                \
    {                                                                                          \
        "list", path, listed, wanted, why, 0,                                                  \
        {                                                                                      \
            NULL                                                                               \
        }                                                                                      \
    }
#define FILE_OF(path, wanted, why)                                                             \
    {                                                                                          \
        "read", path, of_system, wanted, why, 0,                                               \
        {                                                                                      \
            NULL                                                                               \
        }                                                                                      \
    }
#define DEVICE(path, wanted, why)                                                              \
    {                                                                                          \
        "open", path, device, wanted, why, 0,                                                  \
        {                                                                                      \
            NULL                                                                               \
        }                                                                                      \
    }
#define HOST(name, wanted, why)                                                                \
    {                                                                                          \
        "look into the host's process:", name, host_entry, wanted, why, 0,                     \
        {                                                                                      \
            NULL                                                                               \
        }                                                                                      \
    }

/* clang-format off */
#define GONE "ENOENT landlock-only=EACCES out=OPEN"
#define NO_DEVICE "ENOENT landlock-only=EACCES|ENOENT"

static const struct attempt attempts[] = {
    HOME("~/.ssh/id_ed25519", GONE, "a key to other machines"),
    HOME("~/.netrc", GONE, "passwords of servers"),
    HOME("~/.bash_history", GONE, "the typed commands, which can contain passwords"),
    HOME("~/.aws/credentials", GONE, "a cloud"),
    HOME("~/.kube/config", GONE, "a cluster"),
    HOME("~/.config/gh/hosts.yml", GONE, "repositories"),
    HOME("~/.docker/config.json", GONE, "registries"),
    HOME("~/.gnupg/private-keys-v1.d/key", GONE, "a key to sign with"),
    HOME("~/.npmrc", GONE, "packages published under the user's name"),
    HOME("~/.mozilla/cookies.sqlite", GONE, "sessions in a browser"),
    HOME("~/other project/.env", GONE, "another project's secrets"),
    HOME("~/.local/share/cco/backups/claude-credentials.json", GONE, "cco's own copies of logins"),
    HOME("~/.claude/.credentials.json", "ENOENT|OWN landlock-only=EACCES out=OPEN", "the login, with its refresh token"),
    HOME("~/.claude/debug/host.log", GONE, "a file of claude's directory that is not in cco's list"),
    HOME("@other/secret", GONE, "another user's file"),
    HOME("@tmpfile", GONE, "temporary files of the host's programs"),
    HOME("@vartmpfile", GONE, "temporary files of the host's programs"),
    HOME("@shmfile", GONE, "shared memory of the host's programs"),
    HOME("@runfile", GONE, "the user's runtime directory"),
    HOME("%/../beside", GONE, "a file beside the project"),
    HOME("%/link-to-secret", "ENOENT landlock-only=EACCES out=OPEN", "a file to which a planted link in the project leads"),
    HOME("%/link-to-home/.netrc", "ENOENT landlock-only=EACCES out=OPEN", "a directory to which a planted link in the project leads"),
    HOME("~/.claude/projects/link-to-secret", "ENOENT landlock-only=EACCES out=OPEN", "a file to which a planted link in shared data leads"),
    HOME("%/link-through-proc", "EACCES landlock-only=EACCES user=EACCES", "init's root, to which a link in the project leads"),
    FILE_OF("@key", "ENOENT landlock-only=ENOENT|EACCES", "the session's key, with which a process is cco for init"),
    FILE_OF("@lock", "ENOENT landlock-only=EACCES", "files of the session beside its directory"),
    HOME("@runtime", "ENOENT landlock-only=EACCES|EISDIR out=EISDIR", "the directory where sessions keep their secrets"),
    LIST("~", "EMPTY|OWN landlock-only=EACCES out=OPEN", "the names of the user's files"),
    LIST("/root", "ENOENT docker=OWN|EMPTY|EACCES|EPERM landlock-only=EACCES out=OPEN out-user=-", "the administrator's home"),
    LIST("/home", "ENOENT docker=OWN|EMPTY|ENOENT landlock-only=EACCES out=OPEN|EMPTY", "the homes of all users"),
    LIST("/boot", "ENOENT docker=OWN|EMPTY landlock-only=EACCES", "the kernel"),
    LIST("/var/log", "ENOENT docker=OWN landlock-only=EACCES out=OPEN", "the logs of the machine"),
    LIST("/var/lib", "ENOENT docker=OWN landlock-only=EACCES out=OPEN", "databases, containers"),
    LIST("/var/spool", "ENOENT docker=OWN landlock-only=EACCES out=OPEN|EMPTY", "mail, jobs"),
    LIST("/srv", "ENOENT docker=OWN|EMPTY landlock-only=EACCES", "files of servers"),
    LIST("/mnt", "ENOENT docker=OWN|EMPTY landlock-only=EACCES", "other file systems"),
    LIST("/media", "ENOENT docker=OWN|EMPTY landlock-only=EACCES", "other file systems"),
    LIST("/", "OWN landlock-only=EACCES docker=OWN out=OPEN", "the host's root"),
    LIST("/tmp", "OWN|EMPTY landlock-only=EACCES out=OPEN", "the temporary files of all users"),
    LIST("/run", "OWN|EMPTY landlock-only=EACCES out=OPEN", "the sockets of all services"),
    LIST("/dev", "OWN landlock-only=EACCES out=OPEN", "the machine's devices"),
    LIST("/sys/fs/cgroup", "ENOENT docker=OWN|OPEN landlock-only=EACCES", "the limits of all processes"),
    LIST("/sys/class/block", "ENOENT docker=OPEN|OWN landlock-only=EACCES", "disks"),
    LIST("/sys/kernel/debug", "ENOENT docker=EMPTY|EACCES|EPERM|ENOENT|OPEN landlock-only=EACCES|ENOENT", "internal data of the kernel"),
    LIST("/sys/firmware", "ENOENT docker=EMPTY|EACCES|ENOENT landlock-only=EACCES|ENOENT", "internal data of the machine"),
    FILE_OF("/etc/shadow", "EACCES docker=OWN|EACCES out=OPEN out-user=EACCES", "hashes of passwords"),
    FILE_OF("/etc/gshadow", "EACCES|ENOENT docker=OWN|EACCES out=OPEN out-user=EACCES", "hashes of passwords"),
    FILE_OF("/etc/sudoers", "EACCES|ENOENT docker=ENOENT|OWN", "the names of users who may become root"),
    FILE_OF("/etc/ssl/private/x", "EACCES|ENOENT docker=ENOENT|EACCES", "keys of servers"),
    FILE_OF("/proc/kcore", "EACCES|ENOENT docker=EMPTY|ENOENT|EACCES", "the memory of the machine"),
    FILE_OF("/proc/kmsg", "EACCES|EPERM docker=EPERM|EACCES|EMPTY|ENOENT", "the kernel's messages"),
    FILE_OF("/proc/keys", "EACCES|ENOENT userns-user=OWN|EMPTY docker=EMPTY|ENOENT landlock-only=EACCES|EMPTY|ENOENT|OPEN", "the names of keys"),
    FILE_OF("/proc/timer_list", "EACCES|ENOENT docker=EMPTY|ENOENT landlock-only=EACCES|EPERM|ENOENT|OPEN", "the addresses of the kernel in memory"),
    {"read addresses in", "/proc/kallsyms", symbols, "EACCES userns-user=SAME docker=SAME|EACCES|ENOENT landlock-only=SAME", "the addresses of the kernel in memory", 0, {NULL}},
    FILE_OF("/dev/mem", "ENOENT landlock-only=EACCES|ENOENT", "the memory of the machine"),
    FILE_OF("/dev/kmsg", "ENOENT landlock-only=EACCES|ENOENT", "the kernel's messages"),
    FILE_OF("/dev/port", "ENOENT landlock-only=EACCES|ENOENT", "the I/O ports of the processor"),
    DEVICE("@disk", "ENOENT landlock-only=EACCES", "the host's disk"),
    DEVICE("/dev/kvm", NO_DEVICE, "virtual machines"),
    DEVICE("/dev/fuse", NO_DEVICE, "file systems"),
    DEVICE("/dev/net/tun", NO_DEVICE, "networks"),
    DEVICE("/dev/loop-control", NO_DEVICE, "disks"),
    DEVICE("/dev/vhost-vsock", NO_DEVICE, "the hypervisor"),
    DEVICE("/dev/vsock", NO_DEVICE, "the hypervisor"),
    DEVICE("/dev/console", "ENOENT landlock-only=EACCES|ENOENT", "the machine's console"),
    DEVICE("/dev/tty0", NO_DEVICE, "the machine's console"),
    DEVICE("/dev/uinput", NO_DEVICE, "the keyboard"),
    DEVICE("/dev/userfaultfd", NO_DEVICE, "a way to stop the kernel at a page fault"),
    DEVICE("%/char-device", "EACCES docker=EPERM|EACCES landlock-only=EPERM|EACCES|ENXIO", "a node of /dev/mem, planted in the project"),
    DEVICE("%/block-device", "EACCES docker=EPERM|EACCES landlock-only=OPEN|EPERM landlock-only-user=OPEN|EPERM|EACCES", "a node of the disk, planted by root"),
    DEVICE("%/zero-device", "EACCES docker=OPEN|EACCES podman-rootless=EACCES landlock-only=OPEN out=OPEN out-user=OPEN|EACCES", "a planted node of /dev/zero"),
    {"read a secret of the session's in", "/run/cco", secrets, "NONE", "the line to init", 0, {NULL}},
    {"read a secret of the session's in", "/cco-line", secrets, "NONE", "the line to init", 0, {NULL}},
    {"see", "the host's processes", processes, "NONE landlock-only=EACCES|OPEN out=OPEN", "the programs that run, and their arguments", 0, {NULL}},
    HOST("environ", "ENOENT landlock-only=EACCES out=OPEN", "its secrets"),
    HOST("cmdline", "ENOENT landlock-only=OPEN|EACCES out=OPEN", "its arguments"),
    HOST("mem", "ENOENT landlock-only=EACCES out=OPEN", "its memory"),
    HOST("maps", "ENOENT landlock-only=EACCES out=OPEN", "the addresses of its memory"),
    HOST("fd", "ENOENT landlock-only=OPEN out=OPEN", "the number of its open files"),
    HOST("fd/1", "ENOENT landlock-only=EACCES", "its files"),
    HOST("cwd", "ENOENT landlock-only=EACCES out=OPEN", "its working directory"),
    HOST("root", "ENOENT landlock-only=EACCES out=OPEN", "the host's root"),
};
/* clang-format on */

const struct attempt *attempts_reading(size_t *count)
{
    *count = sizeof(attempts) / sizeof(attempts[0]);
    return attempts;
}
