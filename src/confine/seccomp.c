/* SPDX-License-Identifier: MIT */
#include "confine/seccomp.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The filter while it is compiled. */
struct program {
    struct sock_filter *out;
    size_t count;
    bool full; /* it would have been longer than SECCOMP_MAX */
};

/* Adds an instruction. A jump skips `yes` or `no` instructions. */
static void put(struct program *p, uint16_t code, uint32_t k, uint8_t yes, uint8_t no)
{
    if (p->count == SECCOMP_MAX) {
        p->full = true;
        return;
    }
    p->out[p->count++] = (struct sock_filter){code, yes, no, k};
}

static void load(struct program *p, size_t offset)
{
    put(p, BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0, 0);
}

/* Ends the filter: the call fails with errnum, or is allowed if errnum is 0. */
static void answer(struct program *p, int errnum)
{
    put(p, BPF_RET | BPF_K,
        errnum == 0 ? SECCOMP_RET_ALLOW
                    : SECCOMP_RET_ERRNO | ((uint32_t)errnum & SECCOMP_RET_DATA),
        0, 0);
}

/* Loads the low 32 bits of an argument. Both architectures are little-endian. */
static void load_arg(struct program *p, unsigned arg)
{
    load(p, offsetof(struct seccomp_data, args) + sizeof(uint64_t) * arg);
}

/* Adds the test of a row on the value in the accumulator. If the test is true, the filter ends
 * with the row's errno; otherwise it continues after that answer. */
static void put_test(struct program *p, const struct seccomp_rule *r)
{
    size_t n = r->list_count;

    switch (r->test) {
    case SECCOMP_ALWAYS:
        break;
    case SECCOMP_ANY_BITS:
        put(p, BPF_JMP | BPF_JSET | BPF_K, r->value, 0, 1);
        break;
    case SECCOMP_TYPE_IS:
        put(p, BPF_ALU | BPF_AND | BPF_K, S_IFMT, 0, 0);
        put(p, BPF_JMP | BPF_JEQ | BPF_K, r->value, 0, 1);
        break;
    case SECCOMP_OPENS_AS:
        put(p, BPF_ALU | BPF_AND | BPF_K, O_ACCMODE | O_TRUNC, 0, 0);
        put(p, BPF_JMP | BPF_JEQ | BPF_K, r->value, 0, 1);
        break;
    case SECCOMP_LOW_IS:
        put(p, BPF_JMP | BPF_JEQ | BPF_K, r->value, 0, 1);
        break;
    case SECCOMP_NOT_IN:
        for (size_t i = 0; i < n; i++) {
            put(p, BPF_JMP | BPF_JEQ | BPF_K, r->list[i], (uint8_t)(n - i), 0);
        }
        break;
    }
    answer(p, r->errnum);
}

static void put_rule(struct program *p, const struct seccomp_rule *r)
{
    if (r->flags != 0) {
        load_arg(p, r->arg - 1);
        put(p, BPF_JMP | BPF_JSET | BPF_K, r->flags, 0,
            3); /* skips the load, the test and the answer */
    }
    if (r->test != SECCOMP_ALWAYS) {
        load_arg(p, r->arg);
    }
    put_test(p, r);
}

/* Adds all rows of one call. They form a block that always ends with an answer. */
static void put_call(struct program *p, const struct seccomp_rule *const *rows, size_t count)
{
    bool always = false;

    for (size_t i = 0; i < count && !always; i++) {
        put_rule(p, rows[i]);
        always = rows[i]->test == SECCOMP_ALWAYS;
    }
    if (!always) {
        answer(p, 0);
    }
}

static int by_number(const void *a, const void *b)
{
    const struct seccomp_rule *const *x = a;
    const struct seccomp_rule *const *y = b;

    if ((*x)->nr != (*y)->nr) {
        return (*x)->nr < (*y)->nr ? -1 : 1;
    }
    return *x < *y ? -1 : *x > *y; /* the rows of one call keep the order of the table */
}

/* Adds the blocks of all calls, in the order of their numbers. In front of each block is a jump
 * over it, for the other calls. */
static void put_calls(struct program *p, const struct seccomp_rule *const *rows, size_t count)
{
    size_t i = 0;

    while (i < count && !p->full) {
        size_t end = i;
        size_t jump = p->count;

        while (end < count && rows[end]->nr == rows[i]->nr) {
            end++;
        }
        put(p, BPF_JMP | BPF_JEQ | BPF_K, rows[i]->nr, 0, 0);
        put_call(p, rows + i, end - i);
        if (!p->full) {
            p->out[jump].jf =
                (uint8_t)(p->count - jump - 1); /* a block is shorter than 256 instructions */
        }
        i = end;
    }
}

int seccomp_compile(unsigned allow, struct sock_filter out[SECCOMP_MAX], size_t *count,
                    struct err *e)
{
    const struct seccomp_rule *rows[SECCOMP_MAX / 2];
    struct program p = {.out = out};
    size_t all;
    size_t n = 0;
    const struct seccomp_rule *table = seccomp_rules(&all);

    for (size_t i = 0; i < all && n < SECCOMP_MAX / 2; i++) {
        if ((table[i].unless & allow) == 0 && (table[i].only & ~allow) == 0) {
            rows[n++] = &table[i];
        }
    }
    qsort(rows, n, sizeof(void *), by_number);
    load(&p, offsetof(struct seccomp_data, arch));
    put(&p, BPF_JMP | BPF_JEQ | BPF_K, seccomp_arch(), 1, 0);
    answer(&p, ENOSYS);
    load(&p, offsetof(struct seccomp_data, nr));
    /* Numbers higher than the last one of the table are refused. The numbers of the x32 ABI are
     * among them, and so is -1, which a tracer sets as the number of a call that it has handled
     * itself. */
    put(&p, BPF_JMP | BPF_JGT | BPF_K, seccomp_last_nr(), 0, 1);
    answer(&p, ENOSYS);
    put_calls(&p, rows, n);
    answer(&p, 0);
    if (p.full) {
        return err_set(e, ERR_LIMIT,
                       "the filter of system calls is longer than %d instructions",
                       SECCOMP_MAX);
    }
    *count = p.count;
    return 0;
}

bool seccomp_is_available(void)
{
    const uint32_t action = SECCOMP_RET_ERRNO;

    return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
}

int seccomp_apply(unsigned allow, struct err *e)
{
    struct sock_filter filter[SECCOMP_MAX];
    struct sock_fprog program = {.filter = filter};
    size_t count = 0;

    if (seccomp_compile(allow, filter, &count, e) < 0) {
        return -1;
    }
    program.len = (unsigned short)count;
    if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) < 0) {
        return err_sys(e, "set the filter of system calls");
    }
    return 0;
}
