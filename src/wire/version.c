/* SPDX-License-Identifier: MIT */
#include "wire/version.h"

#include "base/num.h"

enum { NUMBER_MAX = 1000000000 };

static bool is_digits(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (s.p[i] < '0' || s.p[i] > '9') {
            return false;
        }
    }
    return s.len > 0;
}

static bool has_leading_zero(struct str digits)
{
    return digits.len > 1 && digits.p[0] == '0';
}

/* Returns true if s consists of identifiers with dots between them. Numbers of the pre-release
 * are compared, and therefore may not begin with 0. */
static bool is_identifiers(struct str s, bool compared)
{
    bool more = true;

    while (more) {
        struct str id = {0};

        more = str_cut(&s, '.', &id);
        for (size_t i = 0; i < id.len; i++) {
            if (!str_is_alnum(id.p[i]) && id.p[i] != '-') {
                return false;
            }
        }
        if (id.len == 0 || (compared && is_digits(id) && has_leading_zero(id))) {
            return false;
        }
    }
    return true;
}

static bool take_number(struct str s, uint64_t *out)
{
    return !has_leading_zero(s) && str_u64(s, 10, NUMBER_MAX, out);
}

bool version_parse(struct str text, struct version *v)
{
    struct version got = {0};
    struct str core = {0};
    struct str part = {0};
    struct str build = text;

    if (text.len > VERSION_MAX) {
        return false;
    }
    if (str_cut(&build, '+', &text) && !is_identifiers(build, false)) {
        return false;
    }
    got.pre = text;
    if (str_cut(&got.pre, '-', &core) && !is_identifiers(got.pre, true)) {
        return false;
    }
    if (!str_cut(&core, '.', &part) || !take_number(part, &got.major) ||
        !str_cut(&core, '.', &part) || !take_number(part, &got.minor) ||
        !take_number(core, &got.patch)) {
        return false;
    }
    *v = got;
    return true;
}

static int number_cmp(uint64_t a, uint64_t b)
{
    return a < b ? -1 : a > b ? 1 : 0;
}

/* Numbers are compared by value and come before words. They have no leading zeros, so that of
 * two numbers the longer is larger. */
static int identifier_cmp(struct str a, struct str b)
{
    bool a_number = is_digits(a);
    bool b_number = is_digits(b);

    if (a_number != b_number) {
        return a_number ? -1 : 1;
    }
    if (a_number && a.len != b.len) {
        return number_cmp(a.len, b.len);
    }
    return str_cmp(a, b);
}

static int pre_cmp(struct str a, struct str b)
{
    if (a.len == 0 || b.len == 0) {
        /* A release comes after its pre-releases. */
        return a.len == b.len ? 0 : a.len == 0 ? 1 : -1;
    }
    for (;;) {
        struct str x = {0};
        struct str y = {0};
        bool a_more = str_cut(&a, '.', &x);
        bool b_more = str_cut(&b, '.', &y);
        int order = identifier_cmp(x, y);

        if (order != 0) {
            return order;
        }
        if (!a_more || !b_more) {
            return a_more ? 1 : b_more ? -1 : 0;
        }
    }
}

int version_cmp(const struct version *a, const struct version *b)
{
    int order = number_cmp(a->major, b->major);

    if (order == 0) {
        order = number_cmp(a->minor, b->minor);
    }
    if (order == 0) {
        order = number_cmp(a->patch, b->patch);
    }
    return order == 0 ? pre_cmp(a->pre, b->pre) : order;
}
