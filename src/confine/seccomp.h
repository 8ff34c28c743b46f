/* SPDX-License-Identifier: MIT */
/* The seccomp filter: which system calls nothing inside a sandbox gets to. A list of what is refused, each with its
 * reason (seccomp_table.c), because what development tools need cannot be listed; calls of another architecture, of x32,
 * and calls newer than the table answer ENOSYS, so that programs take another way. Classic BPF, made anew for each
 * sandbox: x86-64 and AArch64. seccomp(2), include/uapi/linux/seccomp.h. Pure but for seccomp_apply(). */
#ifndef CONFINE_SECCOMP_H
#define CONFINE_SECCOMP_H

#include <linux/filter.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* An upper bound of the filter's length; the kernel's own is 4096. */
enum { SECCOMP_MAX = 512 };

/* What the user wants to have all the same. */
enum seccomp_allow {
    SECCOMP_ALLOW_USERNS = 1 /* user namespaces, and in them mounts (--allow-userns) */
};

/* What is refused besides, where other walls are missing; stands beside enum seccomp_allow. */
enum seccomp_instead {
    SECCOMP_NO_NAMESPACES = 2, /* of what only namespaces keep apart */
    SECCOMP_NO_TRUNCATE =
        4 /* of cutting files short, which Landlock does not see before ABI 3 */
};

/* How an argument makes a call one that is refused. */
enum seccomp_test {
    SECCOMP_ALWAYS,   /* whatever the arguments are */
    SECCOMP_ANY_BITS, /* (arg & value) != 0 */
    SECCOMP_LOW_IS, /* the low 32 bits are `value`: the kernel looks at no more of an ioctl's number */
    SECCOMP_TYPE_IS,  /* (arg & S_IFMT) == value */
    SECCOMP_OPENS_AS, /* (arg & (O_ACCMODE | O_TRUNC)) == value */
    SECCOMP_NOT_IN    /* the low 32 bits are none of `list` */
};

struct seccomp_rule {
    unsigned nr;
    enum seccomp_test test;
    unsigned arg; /* 0 to 5 */
    uint32_t value;
    uint32_t flags;       /* 0, or: only where the argument before has one of these bits */
    const uint32_t *list; /* of SECCOMP_NOT_IN, list_count */
    size_t list_count;
    int errnum;
    unsigned unless; /* of enum seccomp_allow: which of these gives it free; 0: nothing */
    const char *name;
    const char *why;
    unsigned only; /* of enum seccomp_instead: refused only with this; 0: always */
};

/* The table of this program's architecture, sorted by nothing. */
const struct seccomp_rule *seccomp_rules(size_t *count);

/* What the filter takes for calls of this architecture: AUDIT_ARCH_X86_64, AUDIT_ARCH_AARCH64. */
uint32_t seccomp_arch(void);

/* The last call that the table was made for. */
unsigned seccomp_last_nr(void);

/* The filter; `allow` may have bits of enum seccomp_instead, too. 0, or -1 where it does not fit: ERR_LIMIT. */
int seccomp_compile(unsigned allow, struct sock_filter out[SECCOMP_MAX], size_t *count,
                    struct err *e);

/* Whether this machine's kernel takes a filter. Changes nothing. */
bool seccomp_is_available(void);

/* Puts the filter on the calling thread, and all that comes of it. no_new_privs must be set. */
int seccomp_apply(unsigned allow, struct err *e);

#endif
