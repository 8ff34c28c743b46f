/* SPDX-License-Identifier: MIT */
/* Attempts on the network, on local sockets, and on objects that are shared by number or by
 * name. */
#include "escape.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <mqueue.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

enum {
    LOW_PORT = 81,
    FAMILY_ALG = 38,
    FAMILY_VSOCK = 40,
    FAMILY_XDP = 44,
    FAMILY_BLUETOOTH = 31,
    FAMILY_CAN = 29,
    FAMILY_TIPC = 30,
    FAMILY_RDS = 21,
    FAMILY_KEY = 15,
    TYPE = 7,
    SIZE = 64,
    NR_LANDLOCK = 444,
    ASK_VERSION = 1,
    SEES_SOCKETS = 6
};

static socklen_t address(const char *name, bool abstract, struct sockaddr_un *at)
{
    *at = (struct sockaddr_un){.sun_family = AF_UNIX};
    (void)snprintf(at->sun_path + (abstract ? 1 : 0), sizeof(at->sun_path) - 1, "%s", name);
    return abstract ? (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + strlen(name))
                    : sizeof(*at);
}

static const char *connect_to(const char *name, bool abstract)
{
    struct sockaddr_un at;
    socklen_t len = address(name, abstract, &at);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    return fd < 0 ? failure(errno) : result(connect(fd, (const struct sockaddr *)&at, len));
}

static const char *local(const struct world *w, const struct attempt *a)
{
    char path[TEXT];

    return place(w, a->what, path) == NULL ? NOT_GIVEN : connect_to(path, false);
}

/* Returns true if Landlock controls abstract sockets, from ABI 6 on. Before, only a network
 * namespace keeps them out of reach. */
static bool are_seen(void)
{
    return syscall(NR_LANDLOCK, NULL, 0, ASK_VERSION) >= SEES_SOCKETS;
}

static const char *abstract(const struct world *w, const struct attempt *a)
{
    const char *name = given(w, "abstract");
    struct sockaddr_un at;
    char other[SIZE];
    socklen_t len;
    int fds[2];

    if (name == NULL) {
        return NOT_GIVEN;
    }
    if (given(w, "shared-network") != NULL && !are_seen()) {
        return ABSENT;
    }
    if (a->nr == SOCK_STREAM) {
        return connect_to(name, true);
    }
    (void)snprintf(other, sizeof(other), "%s-d", name);
    len = address(other, true, &at);
    if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, fds) < 0) {
        return failure(errno);
    }
    return result(sendto(fds[0], "x", 1, 0, (const struct sockaddr *)&at, len));
}

static const char *local_port(const struct world *w, const struct attempt *a)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)given_number(w, "port"))};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    (void)a;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return at.sin_port == 0 ? NOT_GIVEN
           : fd < 0         ? failure(errno)
                            : result(connect(fd, (struct sockaddr *)&at, sizeof(at)));
}

/* Connects a datagram socket to an address that nobody has (RFC 5737), to see whether there is
 * a route to other machines. */
static const char *another_machine(const struct world *w, const struct attempt *a)
{
    struct sockaddr_in at = {
        .sin_family = AF_INET, .sin_port = htons(9), .sin_addr.s_addr = htonl(0xc0000201)};
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    (void)w;
    (void)a;
    return fd < 0 ? failure(errno) : result(connect(fd, (struct sockaddr *)&at, sizeof(at)));
}

static const char *open_socket(const struct world *w, const struct attempt *a)
{
    (void)w;
    return result(socket((int)(a->nr >> 16), (int)(a->nr & 0xffff) | SOCK_CLOEXEC,
                         (int)(long)a->args[0]));
}

static const char *low_port(const struct world *w, const struct attempt *a)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(LOW_PORT)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    (void)w;
    (void)a;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return fd < 0 ? failure(errno) : result(bind(fd, (struct sockaddr *)&at, sizeof(at)));
}

/* Sets the flags of the loopback device to the values that they have. */
static const char *interface(const struct world *w, const struct attempt *a)
{
    struct ifreq request = {.ifr_name = "lo"};
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    (void)w;
    (void)a;
    if (fd < 0 || ioctl(fd, SIOCGIFFLAGS, &request) < 0) {
        return failure(errno);
    }
    return result(ioctl(fd, SIOCSIFFLAGS, &request));
}

/* Asks the kernel to add or remove a route. */
static const char *route(const struct world *w, const struct attempt *a)
{
    struct {
        struct nlmsghdr head;
        struct rtmsg route;
    } ask = {
        .head = {.nlmsg_len = sizeof(ask),
                 .nlmsg_type = (uint16_t)a->nr,
                 .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK},
        .route = {.rtm_family = AF_INET, .rtm_table = RT_TABLE_MAIN, .rtm_type = RTN_UNICAST}};
    struct {
        struct nlmsghdr head;
        struct nlmsgerr error;
        char rest[TEXT];
    } answer = {0};
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

    (void)w;
    if (fd < 0 || send(fd, &ask, sizeof(ask), 0) < 0 ||
        recv(fd, &answer, sizeof(answer), 0) < 0) {
        return failure(errno);
    }
    return answer.error.error == 0 ? OPEN : failure(-answer.error.error);
}

/* Sends the credentials of another process over a unix socket. */
static const char *forged(const struct world *w, const struct attempt *a)
{
    char room[CMSG_SPACE(sizeof(struct ucred))] __attribute__((aligned(8))) = {0};
    char byte = 'x';
    struct iovec data = {&byte, 1};
    struct msghdr message = {
        .msg_iov = &data, .msg_iovlen = 1, .msg_control = room, .msg_controllen = sizeof(room)};
    struct cmsghdr *head = CMSG_FIRSTHDR(&message);
    const struct ucred other = {(pid_t)init_pid(w), getuid(), getgid()};
    int fds[2];

    (void)a;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0) {
        return failure(errno);
    }
    head->cmsg_level = SOL_SOCKET;
    head->cmsg_type = SCM_CREDENTIALS;
    head->cmsg_len = CMSG_LEN(sizeof(other));
    (void)memcpy(CMSG_DATA(head), &other, sizeof(other));
    return result(sendmsg(fds[0], &message, 0));
}

/* Finds an object that the bait has made, by its key. */
static const char *by_key(const struct world *w, const struct attempt *a)
{
    key_t key = (key_t)given_number(w, "key");

    if (key == 0) {
        return NOT_GIVEN;
    }
    switch (a->nr) {
    case SYS_shmget:
        return result(shmget(key, 0, 0));
    case SYS_semget:
        return result(semget(key, 0, 0));
    default:
        return result(msgget(key, 0));
    }
}

/* Uses an object that the bait has made by the kernel's number, which needs no key. */
static const char *by_id(const struct world *w, const struct attempt *a)
{
    struct {
        long type;
        char text[SIZE];
    } message;
    struct sembuf up = {0, 1, IPC_NOWAIT};
    char *shared;

    if (given(w, "shm") == NULL) {
        return NOT_GIVEN;
    }
    switch (a->nr) {
    case SYS_shmat:
        shared = shmat((int)given_number(w, "shm"), NULL, 0);
        if (shared == (char *)-1) {
            return failure(errno);
        }
        shared[0] = '!';
        return OPEN;
    case SYS_semop:
        return result(semop((int)given_number(w, "sem"), &up, 1));
    default:
        return result(msgrcv((int)given_number(w, "msg"), &message, SIZE, TYPE, IPC_NOWAIT));
    }
}

static const char *queue(const struct world *w, const struct attempt *a)
{
    const char *name = given(w, "mq");

    (void)a;
    return name == NULL ? NOT_GIVEN : result(mq_open(name, O_RDWR));
}

#define SOCKET(name, family, type, protocol, wanted, why)                                      \
    {                                                                                          \
        "make a socket of", name, open_socket, wanted, why, (long)(family) << 16 | (type),     \
        {                                                                                      \
            NUMBER(protocol)                                                                   \
        }                                                                                      \
    }
#define LOCAL(path, wanted, why)                                                               \
    {                                                                                          \
        "connect to", path, local, wanted, why, 0,                                             \
        {                                                                                      \
            NULL                                                                               \
        }                                                                                      \
    }
#define IPC(verb, what, f, nr, wanted)                                                         \
    {                                                                                          \
        verb, what, f, wanted, "data that other programs share", nr,                           \
        {                                                                                      \
            NULL                                                                               \
        }                                                                                      \
    }

/* clang-format off */
#define OLD "old code of the kernel, which is seldom reviewed"
#define NO_FAMILY "EAFNOSUPPORT"
#define NO_PATH "ENOENT landlock-only=EAFNOSUPPORT"
#define NOT_ABSTRACT "EPERM none=ECONNREFUSED docker-rootless=ECONNREFUSED|EPERM landlock-only=EAFNOSUPPORT out=OPEN"
#define NUMBERED "ENOENT landlock-only=EPERM out=OPEN"
#define BY_ID "EINVAL|EIDRM landlock-only=EPERM out=OPEN"

static const struct attempt attempts[] = {
    LOCAL("@socket", "ENOENT landlock-only=EAFNOSUPPORT out=OPEN", "a program of the host that follows orders"),
    LOCAL("/var/run/docker.sock", NO_PATH, "root on the host"),
    LOCAL("/run/docker.sock", NO_PATH, "root on the host"),
    LOCAL("/run/containerd/containerd.sock", NO_PATH, "root on the host"),
    LOCAL("/run/podman/podman.sock", NO_PATH, "root on the host"),
    LOCAL("/run/dbus/system_bus_socket", NO_PATH, "services of the host"),
    LOCAL("/run/systemd/private", NO_PATH, "services of the host"),
    LOCAL("/run/udev/control", NO_PATH, "services of the host"),
    LOCAL("/tmp/.X11-unix/X0", NO_PATH, "the user's screen and keyboard"),
    {"connect to", "an abstract socket of the host's", abstract, NOT_ABSTRACT, "a program of the host that follows orders", SOCK_STREAM, {NULL}},
    {"send to", "an abstract socket of the host's", abstract, NOT_ABSTRACT, "a program of the host that follows orders", SOCK_DGRAM, {NULL}},
    {"connect to", "a port of the host's own", local_port, "OPEN none=ECONNREFUSED|ENETUNREACH docker-rootless=ECONNREFUSED|OPEN out=OPEN", "nothing that the plan does not allow, except with --network none", 0, {NULL}},
    {"find a way to", "another machine", another_machine, "OPEN|ENETUNREACH none=ENETUNREACH", "nothing that the plan does not allow, except with --network none", 0, {NULL}},
    {"listen on", "a port that is root's", low_port, "EACCES docker=EACCES|OPEN out=OPEN out-user=EACCES|OPEN", "the port of a service of the host", 0, {NULL}},
    {"change", "a network interface", interface, "EPERM out=OPEN out-user=EPERM", "the host's network", 0, {NULL}},
    {"change by netlink:", "add a route", route, "EPERM", "the host's network", RTM_NEWROUTE, {NULL}},
    {"change by netlink:", "remove a route", route, "EPERM", "the host's network", RTM_DELROUTE, {NULL}},
    SOCKET("raw packets", AF_INET, SOCK_RAW, IPPROTO_ICMP, "EPERM out=OPEN out-user=EPERM", "connections of other programs"),
    SOCKET("raw packets of IPv6", AF_INET6, SOCK_RAW, IPPROTO_ICMPV6, "EPERM|EAFNOSUPPORT", "connections of other programs"),
    SOCKET("AF_PACKET", AF_PACKET, SOCK_RAW, 0, "EAFNOSUPPORT out=OPEN out-user=EPERM", "packets of other programs"),
    SOCKET("AF_VSOCK", FAMILY_VSOCK, SOCK_STREAM, 0, NO_FAMILY, "the hypervisor"),
    SOCKET("AF_ALG", FAMILY_ALG, SOCK_SEQPACKET, 0, NO_FAMILY, OLD),
    SOCKET("AF_XDP", FAMILY_XDP, SOCK_RAW, 0, NO_FAMILY, OLD),
    SOCKET("AF_BLUETOOTH", FAMILY_BLUETOOTH, SOCK_RAW, 0, NO_FAMILY, "devices"),
    SOCKET("AF_CAN", FAMILY_CAN, SOCK_RAW, 0, NO_FAMILY, "devices"),
    SOCKET("AF_TIPC", FAMILY_TIPC, SOCK_RAW, 0, NO_FAMILY, OLD),
    SOCKET("AF_RDS", FAMILY_RDS, SOCK_SEQPACKET, 0, NO_FAMILY, OLD),
    SOCKET("AF_KEY", FAMILY_KEY, SOCK_RAW, 2, NO_FAMILY, "keys of the network"),
    SOCKET("AF_UNIX, which is the session's own to use", AF_UNIX, SOCK_STREAM, 0, "OPEN landlock-only=EAFNOSUPPORT out=OPEN", "nothing: only the other families are refused"),
    {"say to be", "init", forged, "EPERM", "trust of a program that asks the kernel for the sender", 0, {NULL}},
    IPC("find by its key", "the host's shared memory", by_key, SYS_shmget, NUMBERED),
    IPC("find by its key", "the host's semaphore", by_key, SYS_semget, NUMBERED),
    IPC("find by its key", "the host's queue", by_key, SYS_msgget, NUMBERED),
    IPC("find by its name", "the host's queue of POSIX", queue, 0, "ENOENT|EACCES landlock-only=EPERM out=OPEN|ENOSYS"),
    IPC("take by its number", "the host's shared memory", by_id, SYS_shmat, "EINVAL|EIDRM landlock-only=EPERM out=OPEN"),
    IPC("take by its number", "the host's semaphore", by_id, SYS_semop, BY_ID),
    IPC("take by its number", "the host's queue", by_id, SYS_msgrcv, BY_ID),
};
/* clang-format on */

const struct attempt *attempts_network(size_t *count)
{
    *count = sizeof(attempts) / sizeof(attempts[0]);
    return attempts;
}
