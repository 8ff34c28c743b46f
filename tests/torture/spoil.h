/* SPDX-License-Identifier: MIT */
/* System calls that are short, interrupted or not ready at random, from a seed. The objects
 * under test are linked with read and other calls renamed to the functions here
 * (scripts/test-programs.sh). */
#ifndef TESTS_TORTURE_SPOIL_H
#define TESTS_TORTURE_SPOIL_H

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

/* A generator of random numbers, splitmix64: the same seed gives the same numbers. */
struct rng {
    uint64_t state;
};

static uint64_t rng_mix(uint64_t x)
{
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9U;
    x = (x ^ x >> 27) * 0x94d049bb133111ebU;
    return x ^ x >> 31;
}

static uint64_t rng_next(struct rng *r)
{
    r->state += 0x9e3779b97f4a7c15U;
    return rng_mix(r->state);
}

static size_t rng_below(struct rng *r, size_t n)
{
    return (size_t)(rng_next(r) % n);
}

static bool rng_one_in(struct rng *r, size_t n)
{
    return rng_below(r, n) == 0;
}

/* Returns a random length from 1 to max. Each order of magnitude is equally likely. */
static size_t rng_len(struct rng *r, size_t max)
{
    size_t bits = 0;

    while (max >> bits > 1) {
        bits++;
    }
    max >>= rng_below(r, bits + 1);
    return max == 0 ? 1 : 1 + rng_below(r, max);
}

/* How calls are spoiled. */
static struct {
    struct rng rng;
    size_t one_in;             /* one in so many calls is spoiled; 0: none */
    const volatile bool *calm; /* true: for the moment no call is spoiled */
} spoil;

/* Returns true, with errno, if this call must fail now. */
static bool spoil_fails(bool may_block)
{
    if (spoil.one_in == 0 || *spoil.calm || !rng_one_in(&spoil.rng, spoil.one_in)) {
        return false;
    }
    errno = may_block && rng_one_in(&spoil.rng, 2) ? EAGAIN : EINTR;
    return true;
}

static size_t spoil_len(size_t len)
{
    if (len < 2 || spoil.one_in == 0 || *spoil.calm || !rng_one_in(&spoil.rng, spoil.one_in)) {
        return len;
    }
    return rng_len(&spoil.rng, len);
}

ssize_t t_read(int fd, void *p, size_t len);
ssize_t t_write(int fd, const void *p, size_t len);
ssize_t t_recvmsg(int fd, struct msghdr *msg, int flags);
ssize_t t_sendmsg(int fd, const struct msghdr *msg, int flags);
int t_accept4(int fd, struct sockaddr *addr, socklen_t *len, int flags);
int t_poll(struct pollfd *fds, nfds_t n, int timeout);

ssize_t t_read(int fd, void *p, size_t len)
{
    /* A read from a signalfd must have room for a whole structure. */
    size_t less = len == sizeof(struct signalfd_siginfo) ? len : spoil_len(len);

    return spoil_fails(true) ? -1 : read(fd, p, less);
}

ssize_t t_write(int fd, const void *p, size_t len)
{
    return spoil_fails(true) ? -1 : write(fd, p, spoil_len(len));
}

ssize_t t_recvmsg(int fd, struct msghdr *msg, int flags)
{
    if (spoil_fails(true)) {
        return -1;
    }
    msg->msg_iov->iov_len = spoil_len(msg->msg_iov->iov_len);
    return recvmsg(fd, msg, flags);
}

ssize_t t_sendmsg(int fd, const struct msghdr *msg, int flags)
{
    return spoil_fails(true) ? -1 : sendmsg(fd, msg, flags);
}

int t_accept4(int fd, struct sockaddr *addr, socklen_t *len, int flags)
{
    return spoil_fails(true) ? -1 : accept4(fd, addr, len, flags);
}

/* Sometimes reports only a part of the descriptors that are ready. */
int t_poll(struct pollfd *fds, nfds_t n, int timeout)
{
    int ready = spoil_fails(false) ? -1 : poll(fds, n, timeout);

    for (nfds_t i = 0; i < n && ready > 1; i++) {
        if (fds[i].revents != 0 && spoil.one_in > 0 && !*spoil.calm &&
            rng_one_in(&spoil.rng, spoil.one_in)) {
            fds[i].revents = 0;
            ready--;
        }
    }
    return ready;
}

/* Returns zeroed memory that parent and child share after a fork. */
__attribute__((unused)) static void *shared_memory(size_t len)
{
    void *p = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    if (p == MAP_FAILED) {
        _exit(99);
    }
    return p;
}

#endif
