/* SPDX-License-Identifier: MIT */
#include "cli/option_value.h"

#include "base/str.h"
#include "plan/plan.h"
#include "tty/keys.h"
#include "wire/dotenv.h"

#include <string.h>

int option_usage(struct err *e, const struct option *opt, const char *what)
{
    (void)err_set(e, ERR_USAGE, "--%s: %s", opt->name, what);
    return err_hint(e, "Use it like this: %s", opt->example);
}

static int add_env(struct arena *a, struct opts *o, const struct option *opt, const char *value,
                   struct err *e)
{
    struct str rest = str_c(value);
    struct str name = {0};

    (void)str_cut(&rest, '=', &name);
    if (!dotenv_is_key(name)) {
        return option_usage(
            e, opt, "the name must be letters, digits and _, not starting with a digit");
    }
    strv_add(&o->env, a, value);
    return 0;
}

/* Debian's rules: lower case, digits, + - . and at least two characters; ":arch" and "=version" as
 * apt takes them. */
static bool is_package(struct str s)
{
    static const char more[] = "+-.:=~_";

    if (s.len < 2 || !((s.p[0] >= 'a' && s.p[0] <= 'z') || (s.p[0] >= '0' && s.p[0] <= '9'))) {
        return false;
    }
    for (size_t i = 0; i < s.len; i++) {
        char c = s.p[i];

        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) &&
            memchr(more, c, sizeof(more) - 1) == NULL) {
            return false;
        }
    }
    return true;
}

static int add_packages(struct arena *a, struct opts *o, const struct option *opt,
                        const char *value, struct err *e)
{
    struct str rest = str_c(value);

    do {
        struct str name = {0};

        (void)str_cut(&rest, ',', &name);
        name = str_trim(name);
        if (!is_package(name)) {
            return option_usage(e, opt, "these are no names of Debian packages");
        }
        const char *copy = arena_str(a, name);

        if (!strv_has(&o->packages, copy)) {
            strv_add(&o->packages, a, copy);
        }
    } while (rest.len > 0);
    strv_sort(&o->packages);
    return 0;
}

static int set_network(struct opts *o, const struct option *opt, const char *value,
                       struct err *e)
{
    if (strcmp(value, "host") == 0) {
        o->network = NETWORK_HOST;
    } else if (strcmp(value, "bridge") == 0) {
        o->network = NETWORK_BRIDGE;
    } else if (strcmp(value, "none") == 0) {
        o->network = NETWORK_NONE;
    } else {
        return option_usage(e, opt, "this is none of host, bridge, none");
    }
    return 0;
}

/* Becomes the container's name behind "cco-". */
static int set_name(struct opts *o, const struct option *opt, const char *value, struct err *e)
{
    if (!plan_name_is_valid(str_c(value))) {
        return option_usage(e, opt, "a name is made of A-Z a-z 0-9 . _ -, 1 to 64 of them");
    }
    o->name = value;
    return 0;
}

static int set_keys(struct opts *o, const struct option *opt, const char *value, struct err *e)
{
    struct keys keys;
    struct err own = {0};

    if (keys_parse(&keys, value, &own) < 0) {
        return option_usage(e, opt, own.text);
    }
    o->detach_keys = value;
    return 0;
}

int option_set_value(struct arena *a, struct opts *o, const struct option *opt,
                     const char *value, struct err *e)
{
    if (value[0] == '\0') {
        return option_usage(e, opt, "the value is empty");
    }
    if (opt->id == OPT_ENV) {
        return add_env(a, o, opt, value, e);
    }
    if (opt->id == OPT_PACKAGES) {
        return add_packages(a, o, opt, value, e);
    }
    if (opt->id == OPT_NETWORK) {
        return set_network(o, opt, value, e);
    }
    if (opt->id == OPT_NAME) {
        return set_name(o, opt, value, e);
    }
    if (opt->id == OPT_DETACH_KEYS) {
        return set_keys(o, opt, value, e);
    }
    if (opt->id == OPT_RECORD) {
        o->record = value;
    } else {
        o->image = value;
    }
    return 0;
}
