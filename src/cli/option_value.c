/* SPDX-License-Identifier: MIT */
#include "cli/option_value.h"

#include "base/num.h"
#include "base/str.h"
#include "plan/plan.h"
#include "term/keys.h"
#include "wire/dotenv.h"

#include <stdint.h>
#include <string.h>

enum {
    PORT_MAX = 65535,
    MEMORY_MIN = 6 << 20,
    CPUS_MAX = 100000,
    PIDS_MIN = 16,
    PIDS_MAX = 1 << 22,
    NANO = 1000000000
};

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

static void add_path(struct arena *a, struct opts *o, const struct option *opt,
                     const char *path, enum opts_access access)
{
    o->paths = list_grow(a, o->paths, o->path_count, &o->path_cap, sizeof(o->paths[0]));
    o->paths[o->path_count++] = (struct opts_path){
        .path = path,
        .access = access,
        .option = arena_printf(a, "--%s", opt->name),
    };
}

/* PATH, PATH:ro or PATH:rw; a path that really ends so gets another ":rw". */
static int add_dir(struct arena *a, struct opts *o, const struct option *opt, const char *value,
                   struct err *e)
{
    struct str path = str_c(value);
    const bool read_only = str_ends(path, ":ro");

    if (read_only || str_ends(path, ":rw")) {
        path.len -= 3;
    }
    if (path.len == 0) {
        return option_usage(e, opt, "the path is missing");
    }
    add_path(a, o, opt, arena_str(a, path), read_only ? ACCESS_READ : ACCESS_WRITE);
    o->paths[o->path_count - 1].pass_on = true;
    return 0;
}

static int add_build_arg(struct arena *a, struct opts *o, const struct option *opt,
                         const char *value, struct err *e)
{
    struct str rest = str_c(value);
    struct str name = {0};

    if (!str_cut(&rest, '=', &name) || !dotenv_is_key(name)) {
        return option_usage(e, opt, "it wants NAME=VALUE");
    }
    if (str_eq_c(name, "BASE")) {
        o->base = rest.len > 0 ? rest.p : NULL;
        return rest.len > 0 ? 0 : option_usage(e, opt, "BASE is empty");
    }
    strv_add(&o->build_args, a, value);
    return 0;
}

static bool is_port(struct str s, unsigned *out)
{
    uint64_t n = 0;

    if (!str_u64(s, 10, PORT_MAX, &n) || n == 0) {
        return false;
    }
    *out = (unsigned)n;
    return true;
}

/* [IP:]PORT[:PORT][/PROTOCOL]: from the end, so that an address may hold colons, in brackets. */
static int add_port(struct arena *a, struct opts *o, const struct option *opt,
                    const char *value, struct err *e)
{
    struct str rest = str_c(value);
    struct str ports = {0};
    struct str ip = {0};
    struct opts_port port = {.ip = "127.0.0.1", .protocol = "tcp"};

    if (rest.p[0] == '[') {
        rest = str_drop(rest, 1);
        if (!str_cut(&rest, ']', &ip) || rest.len == 0 || rest.p[0] != ':') {
            return option_usage(e, opt, "an address in brackets ends with ]: and a port");
        }
        rest = str_drop(rest, 1);
    } else if (memchr(rest.p, '.', rest.len) != NULL) {
        (void)str_cut(&rest, ':', &ip);
    }
    (void)str_cut(&rest, '/', &ports);
    if (rest.p != NULL && rest.len > 0) {
        port.protocol = arena_str(a, rest);
    }
    rest = ports;
    (void)str_cut(&rest, ':', &ports);
    if (!is_port(ports, &port.host) || (rest.len > 0 && !is_port(rest, &port.inside))) {
        return option_usage(e, opt, "a port is a number from 1 to 65535");
    }
    if (strcmp(port.protocol, "tcp") != 0 && strcmp(port.protocol, "udp") != 0) {
        return option_usage(e, opt, "behind the / stands tcp or udp");
    }
    port.inside = port.inside == 0 ? port.host : port.inside;
    port.ip = ip.len > 0 ? arena_str(a, ip) : port.ip;
    o->ports = list_grow(a, o->ports, o->port_count, &o->port_cap, sizeof(o->ports[0]));
    o->ports[o->port_count++] = port;
    return 0;
}

/* Bytes, or with k, m, g, t behind the number (powers of 1024; a further b or ib is taken too). */
static int set_memory(struct opts *o, const struct option *opt, const char *value,
                      struct err *e)
{
    static const char units[] = "kmgt";
    struct str s = str_c(value);
    unsigned shift = 0;
    uint64_t n = 0;
    const char *unit;

    if (s.len > 1 && (s.p[s.len - 1] == 'b' || s.p[s.len - 1] == 'B')) {
        s.len -= s.len > 2 && s.p[s.len - 2] == 'i' ? 2 : 1;
    }
    unit = strchr(units, s.p[s.len - 1] | 0x20);
    if (unit != NULL && *unit != '\0') {
        shift = 10 * (unsigned)(unit - units + 1);
        s.len--;
    }
    if (!str_u64(s, 10, (uint64_t)INT64_MAX >> shift, &n)) {
        return option_usage(e, opt, "a size is a number, and k, m or g behind it");
    }
    if (n << shift < MEMORY_MIN) {
        return option_usage(e, opt, "engines want at least 6m");
    }
    o->memory = n << shift;
    return 0;
}

/* Up to nine digits behind the point: engines count in billionths. */
static int set_cpus(struct opts *o, const struct option *opt, const char *value, struct err *e)
{
    struct str fraction = str_c(value);
    struct str whole = {0};
    uint64_t n = 0;
    uint64_t part = 0;
    uint64_t unit = NANO;

    (void)str_cut(&fraction, '.', &whole);
    if ((whole.len > 0 && !str_u64(whole, 10, CPUS_MAX, &n)) ||
        (fraction.len > 0 && (fraction.len > 9 || !str_u64(fraction, 10, NANO, &part))) ||
        whole.len + fraction.len == 0) {
        return option_usage(e, opt, "this is no number of processors");
    }
    for (size_t i = 0; i < fraction.len; i++) {
        unit /= 10;
    }
    o->nano_cpus = n * NANO + part * unit;
    return o->nano_cpus > 0 ? 0 : option_usage(e, opt, "more than none is needed");
}

static int set_pids(struct opts *o, const struct option *opt, const char *value, struct err *e)
{
    if (!str_u64(str_c(value), 10, PIDS_MAX, &o->pids) || o->pids < PIDS_MIN) {
        return option_usage(e, opt, "a number of processes, from 16 on");
    }
    return 0;
}

/* WORD[,WORD]: a direction, and whether what git ignores travels as well. */
static int set_sync(struct opts *o, const struct option *opt, const char *value, struct err *e)
{
    static const struct {
        const char *word;
        enum opts_sync way;
    } ways[] = {{"auto", OPTS_SYNC_AUTO},
                {"none", OPTS_SYNC_NONE},
                {"push", OPTS_SYNC_PUSH},
                {"both", OPTS_SYNC_BOTH}};
    struct str rest = str_c(value);

    o->sync = OPTS_SYNC_AUTO;
    o->sync_all = false;
    while (rest.len > 0) {
        struct str word = {0};
        bool known;

        (void)str_cut(&rest, ',', &word);
        known = str_eq_c(word, "all");
        o->sync_all = o->sync_all || known;
        for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
            if (str_eq_c(word, ways[i].word)) {
                o->sync = ways[i].way;
                known = true;
            }
        }
        if (!known) {
            return option_usage(e, opt, "this is none of auto, none, push, both, all");
        }
    }
    return 0;
}

static int set_engine(struct opts *o, const struct option *opt, const char *value,
                      struct err *e)
{
    static const char *const names[] = {"auto", "docker", "native"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(value, names[i]) == 0) {
            o->engine = (enum opts_engine)i;
            return 0;
        }
    }
    return option_usage(e, opt, "this is none of auto, docker, native");
}

static int set_require(struct opts *o, const struct option *opt, const char *value,
                       struct err *e)
{
    if (strcmp(value, "full") != 0) {
        return option_usage(e, opt, "this is not full");
    }
    o->require_full = true;
    return 0;
}

int option_set_value(struct arena *a, struct opts *o, const struct option *opt,
                     const char *value, struct err *e)
{
    if (value[0] == '\0') {
        return option_usage(e, opt, "the value is empty");
    }
    switch ((int)opt->id) {
    case OPT_ENV:
        return add_env(a, o, opt, value, e);
    case OPT_PACKAGES:
        return add_packages(a, o, opt, value, e);
    case OPT_BUILD_ARG:
        return add_build_arg(a, o, opt, value, e);
    case OPT_ADD_DIR:
        return add_dir(a, o, opt, value, e);
    case OPT_RO:
        add_path(a, o, opt, value, ACCESS_READ);
        return 0;
    case OPT_DENY:
        add_path(a, o, opt, value, ACCESS_HIDE);
        return 0;
    case OPT_NETWORK:
        return set_network(o, opt, value, e);
    case OPT_PUBLISH:
        return add_port(a, o, opt, value, e);
    case OPT_MEMORY:
        return set_memory(o, opt, value, e);
    case OPT_CPUS:
        return set_cpus(o, opt, value, e);
    case OPT_PIDS:
        return set_pids(o, opt, value, e);
    case OPT_SYNC:
        return set_sync(o, opt, value, e);
    case OPT_ENGINE:
        return set_engine(o, opt, value, e);
    case OPT_REQUIRE:
        return set_require(o, opt, value, e);
    case OPT_NAME:
        return set_name(o, opt, value, e);
    case OPT_DETACH_KEYS:
        return set_keys(o, opt, value, e);
    case OPT_RECORD:
        o->record = value;
        return 0;
    case OPT_BASE:
        o->base = value;
        return 0;
    default:
        o->image = value;
        return 0;
    }
}
