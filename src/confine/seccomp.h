/* SPDX-License-Identifier: MIT */
/* The seccomp filter: the system calls that fail inside a sandbox. The table (seccomp_table.c)
 * lists what is refused, with reasons, because the calls that development tools need cannot be
 * listed. Calls of another architecture, of x32, and calls newer than the table fail with
 * ENOSYS, so that programs use another way. The filter is classic BPF for x86-64 and AArch64,
 * compiled for each sandbox. seccomp(2), include/uapi/linux/seccomp.h. Pure except for
 * seccomp_is_available() and seccomp_apply(). */
#ifndef CONFINE_SECCOMP_H
#define CONFINE_SECCOMP_H

#include <linux/filter.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* The maximum length of the filter, in instructions; the kernel's maximum is 4096. */
enum { SECCOMP_MAX = 512 };

/* What the user allows in spite of the filter. */
enum seccomp_allow {
    SECCOMP_ALLOW_USERNS = 1 /* user namespaces, and in them mounts (--allow-userns) */
};

/* What is refused in addition if the other confinement is incomplete. The bits are disjoint
 * from enum seccomp_allow. */
enum seccomp_instead {
    SECCOMP_NO_NAMESPACES = 2, /* what only namespaces would separate */
    SECCOMP_NO_TRUNCATE = 4 /* truncating files, which Landlock does not control before ABI 3 */
};

/* The condition on an argument under which a call is refused. */
enum seccomp_test {
    SECCOMP_ALWAYS,   /* with any arguments */
    SECCOMP_ANY_BITS, /* (arg & value) != 0 */
    SECCOMP_LOW_IS,   /* the low 32 bits are `value`; the kernel ignores the rest of an ioctl's
                         number */
    SECCOMP_TYPE_IS,  /* (arg & S_IFMT) == value */
    SECCOMP_OPENS_AS, /* (arg & (O_ACCMODE | O_TRUNC)) == value */
    SECCOMP_NOT_IN    /* the low 32 bits are not in `list` */
};

struct seccomp_rule {
    unsigned nr;
    enum seccomp_test test;
    unsigned arg; /* 0 to 5 */
    uint32_t value;
    uint32_t flags; /* if not 0: only if the argument before `arg` has one of these bits */
    const uint32_t *list; /* of SECCOMP_NOT_IN, list_count */
    size_t list_count;
    int errnum;
    unsigned unless; /* of enum seccomp_allow: not refused if one of these bits is given */
    const char *name;
    const char *why;
    unsigned
        only; /* of enum seccomp_instead: refused only if these bits are given; 0: always */
};

/* Returns the table of this program's architecture, which is not sorted. */
const struct seccomp_rule *seccomp_rules(size_t *count);

/* Returns this architecture as the kernel names it to filters: AUDIT_ARCH_X86_64 or
 * AUDIT_ARCH_AARCH64. */
uint32_t seccomp_arch(void);

/* Returns the highest number of a call that the table takes into account. */
unsigned seccomp_last_nr(void);

/* Compiles the filter; `allow` has bits of enum seccomp_allow and enum seccomp_instead. Returns
 * 0 on success and -1 on error: ERR_LIMIT if the filter is longer than SECCOMP_MAX. */
int seccomp_compile(unsigned allow, struct sock_filter out[SECCOMP_MAX], size_t *count,
                    struct err *e);

/* Returns true if the kernel accepts filters. Changes nothing. */
bool seccomp_is_available(void);

/* Compiles the filter as seccomp_compile() and sets it for the calling thread and its
 * descendants. no_new_privs must be set. Returns 0 on success and -1 on error; the thread then
 * has no new filter. */
int seccomp_apply(unsigned allow, struct err *e);

#endif
