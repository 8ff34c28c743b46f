/* SPDX-License-Identifier: MIT */
#include "base/rlimits.h"

#include "base/num.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/resource.h>

#define UNLIMITED "unlimited"

static const struct {
    const char *name;
    int resource;
} limits[] = {
    {"as", RLIMIT_AS},       {"core", RLIMIT_CORE},     {"cpu", RLIMIT_CPU},
    {"data", RLIMIT_DATA},   {"fsize", RLIMIT_FSIZE},   {"memlock", RLIMIT_MEMLOCK},
    {"nproc", RLIMIT_NPROC}, {"nofile", RLIMIT_NOFILE}, {"stack", RLIMIT_STACK},
};
enum { LIMITS = sizeof(limits) / sizeof(limits[0]) };

static const char *value_text(struct arena *a, rlim_t value)
{
    return value == RLIM_INFINITY ? UNLIMITED
                                  : arena_printf(a, "%llu", (unsigned long long)value);
}

void rlimits_read(struct strv *out, struct arena *a)
{
    for (size_t i = 0; i < LIMITS; i++) {
        struct rlimit now = {0};

        if (getrlimit(limits[i].resource, &now) == 0) {
            strv_add(out, a,
                     arena_printf(a, "%s %s %s", limits[i].name, value_text(a, now.rlim_cur),
                                  value_text(a, now.rlim_max)));
        }
    }
}

static bool parse_value(struct str text, rlim_t *out)
{
    uint64_t n = 0;

    if (str_eq_c(text, UNLIMITED)) {
        *out = RLIM_INFINITY;
        return true;
    }
    if (!str_u64(text, 10, UINT64_MAX, &n)) {
        return false;
    }
    *out = (rlim_t)n;
    return true;
}

static bool parse(const char *text, int *resource, struct rlimit *out)
{
    struct str rest = str_c(text);
    struct str name = {0};
    struct str soft = {0};

    if (!str_cut(&rest, ' ', &name) || !str_cut(&rest, ' ', &soft) ||
        !parse_value(soft, &out->rlim_cur) || !parse_value(rest, &out->rlim_max)) {
        return false;
    }
    for (size_t i = 0; i < LIMITS; i++) {
        if (str_eq_c(name, limits[i].name)) {
            *resource = limits[i].resource;
            return true;
        }
    }
    return false;
}

/* RLIM_INFINITY is the highest value of rlim_t. */
static rlim_t lower_of(rlim_t a, rlim_t b)
{
    return a < b ? a : b;
}

int rlimits_set(const char *text, struct err *e)
{
    struct rlimit wanted = {0};
    struct rlimit now = {0};
    int resource = 0;

    if (!parse(text, &resource, &wanted)) {
        return err_set(e, ERR_FORMAT, "limit \"%s\": expected NAME SOFT HARD", text);
    }
    if (getrlimit(resource, &now) < 0) {
        return err_sys(e, "read the limit \"%s\"", text);
    }
    wanted.rlim_max = lower_of(wanted.rlim_max, now.rlim_max);
    wanted.rlim_cur = lower_of(wanted.rlim_cur, wanted.rlim_max);
    return setrlimit(resource, &wanted) < 0 ? err_sys(e, "set the limit \"%s\"", text) : 0;
}
