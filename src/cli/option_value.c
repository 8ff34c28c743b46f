/* SPDX-License-Identifier: MIT */
#include "cli/option_value.h"

#include "base/num.h"
#include "plan/plan.h"
#include "term/keys.h"
#include "wire/dotenv.h"
#include "wire/version.h"

#include <assert.h>
#include <string.h>

enum {
    PORT_MAX = 65535,
    MEMORY_MIN = 6 << 20, /* Docker refuses less */
    SHM_MIN = 1 << 20,
    CPUS_MAX = 100000,
    PIDS_MIN = 16,
    PIDS_MAX = 1 << 22,
    NANO = 1000000000
};

int option_usage(struct err *e, const struct option *opt, const char *problem)
{
    (void)err_set(e, ERR_USAGE, "--%s: %s", opt->name, problem);
    return err_hint(e, "Use it like this: %s", opt->example);
}

static int refuse(const struct setting *s, const char *problem, struct err *e)
{
    switch (s->source) {
    case SETTING_VARIABLE:
        (void)err_set(e, ERR_USAGE, "%s=%s: %s", s->opt->env, s->value, problem);
        return err_hint(e, "Set another value, or unset the variable: unset %s", s->opt->env);
    case SETTING_FILE:
        return err_set(e, ERR_USAGE, "%s: %s", s->opt->name, problem);
    case SETTING_ARGUMENT:
    default:
        return option_usage(e, s->opt, problem);
    }
}

static int refuse_choice(const struct setting *s, struct err *e)
{
    return refuse(
        s, arena_printf(s->arena, "expected %s", choice_words(s->opt->choices, s->arena)), e);
}

int option_set(const struct setting *s, struct err *e)
{
    if (s->value != NULL && s->value[0] == '\0') {
        return refuse(s, "the value is empty", e);
    }
    return s->opt->set(s, e);
}

static void *member(const struct setting *s, size_t size)
{
    assert(s->opt->size == size);
    return (char *)s->o + s->opt->offset;
}

int option_set_flag(const struct setting *s, struct err *e)
{
    (void)e; /* a flag cannot be wrong */
    *(bool *)member(s, sizeof(bool)) = true;
    return 0;
}

int option_set_text(const struct setting *s, struct err *e)
{
    (void)e; /* any text is accepted */
    *(const char **)member(s, sizeof(const char *)) = s->value;
    return 0;
}

int option_set_choice(const struct setting *s, struct err *e)
{
    const struct choice *c = choice_find(s->opt->choices, str_c(s->value));

    if (c == NULL) {
        return refuse_choice(s, e);
    }
    *(int *)member(s, sizeof(int)) = c->value;
    return 0;
}

int option_set_engine(const struct setting *s, struct err *e)
{
    struct opts *o = s->o;

    if (option_set_choice(s, e) < 0) {
        return -1;
    }
    if (s->source == SETTING_VARIABLE) {
        o->engine_by = arena_printf(s->arena, "%s=%s", s->opt->env, s->value);
    } else if (s->source == SETTING_FILE) {
        o->engine_by = arena_printf(s->arena, "engine = %s in %s", s->value, o->config_file);
    } else {
        o->engine_by = NULL;
    }
    return 0;
}

int option_set_require(const struct setting *s, struct err *e)
{
    if (choice_find(s->opt->choices, str_c(s->value)) == NULL) {
        return refuse_choice(s, e);
    }
    return option_set_flag(s, e);
}

/* Without a value, which is the case on the command line, the option means "always". */
int option_set_trust(const struct setting *s, struct err *e)
{
    const struct choice *c =
        s->value != NULL ? choice_find(s->opt->config_choices, str_c(s->value)) : NULL;

    if (s->value != NULL && c == NULL) {
        return refuse(s,
                      arena_printf(s->arena, "expected %s",
                                   choice_words(s->opt->config_choices, s->arena)),
                      e);
    }
    s->o->trust = c != NULL ? (enum opts_trust)c->value : OPTS_TRUST_ALWAYS;
    return 0;
}

/* WORD[,WORD]: a direction, and "all" if files that git ignores are synchronized, too. */
int option_set_sync(const struct setting *s, struct err *e)
{
    struct str rest = str_c(s->value);

    s->o->sync = OPTS_SYNC_AUTO;
    s->o->sync_all = false;
    while (rest.len > 0) {
        struct str word = {0};
        const struct choice *c;

        (void)str_cut(&rest, ',', &word);
        c = choice_find(s->opt->choices, word);
        if (c == NULL) {
            return refuse_choice(s, e);
        }
        if (str_eq_c(word, "all")) {
            s->o->sync_all = true;
        } else {
            s->o->sync = (enum opts_sync)c->value;
        }
    }
    return 0;
}

int option_set_env(const struct setting *s, struct err *e)
{
    struct str rest = str_c(s->value);
    struct str name = {0};

    (void)str_cut(&rest, '=', &name);
    if (!dotenv_is_key(name)) {
        return refuse(
            s,
            "the name must consist of letters, digits and _, and must not begin with a digit",
            e);
    }
    strv_add(&s->o->env, s->arena, s->value);
    return 0;
}

/* Returns true if s may be the name of a Debian package: lower case letters, digits, + - . and
 * at least two characters. ":arch" and "=version" after it are accepted, because apt accepts
 * them. */
static bool is_package(struct str s)
{
    static const char more[] = "+-.:=~_";

    if (s.len < 2 || !((s.p[0] >= 'a' && s.p[0] <= 'z') || (s.p[0] >= '0' && s.p[0] <= '9'))) {
        return false;
    }
    for (size_t i = 0; i < s.len; i++) {
        if (!str_is_alnum(s.p[i]) && memchr(more, s.p[i], sizeof(more) - 1) == NULL) {
            return false;
        }
    }
    return true;
}

int option_set_packages(const struct setting *s, struct err *e)
{
    struct strv *packages = &s->o->packages;
    struct str rest = str_c(s->value);

    do {
        struct str name = {0};

        (void)str_cut(&rest, ',', &name);
        name = str_trim(name);
        if (!is_package(name)) {
            return refuse(s, "expected names of Debian packages, separated by commas", e);
        }
        const char *copy = arena_str(s->arena, name);

        if (!strv_has(packages, copy)) {
            strv_add(packages, s->arena, copy);
        }
    } while (rest.len > 0);
    strv_sort(packages);
    return 0;
}

/* The container's name is "cco-" and this name. */
int option_set_name(const struct setting *s, struct err *e)
{
    for (const char *c = s->value; *c != '\0'; c++) {
        if ((unsigned char)*c < ' ' || *c == 0x7f) {
            return refuse(s, "expected a name without control characters", e);
        }
    }
    return option_set_text(s, e);
}

int option_set_claude_version(const struct setting *s, struct err *e)
{
    struct version v;

    if (!version_parse(str_c(s->value), &v)) {
        return refuse(s, "expected a version such as 2.1.332", e);
    }
    return option_set_text(s, e);
}

int option_set_detach_keys(const struct setting *s, struct err *e)
{
    struct keys keys;
    struct err own = {0};

    if (keys_parse(&keys, s->value, &own) < 0) {
        return refuse(s, own.text, e);
    }
    return option_set_text(s, e);
}

static int add_path(const struct setting *s, const char *path, enum opts_access access)
{
    struct opts *o = s->o;

    o->paths = list_grow(s->arena, o->paths, o->path_count, &o->path_cap, sizeof(o->paths[0]));
    o->paths[o->path_count++] = (struct opts_path){
        .path = path,
        .access = access,
        .option = arena_printf(s->arena, "--%s", s->opt->name),
    };
    return 0;
}

int option_set_ro(const struct setting *s, struct err *e)
{
    (void)e; /* the plan checks whether the path exists */
    return add_path(s, s->value, ACCESS_READ);
}

int option_set_deny(const struct setting *s, struct err *e)
{
    (void)e; /* the plan checks whether the path exists */
    return add_path(s, s->value, ACCESS_HIDE);
}

/* PATH, PATH:ro or PATH:rw. If the name of a directory itself ends in ":ro" or ":rw", the user
 * adds another ":rw". */
int option_set_add_dir(const struct setting *s, struct err *e)
{
    struct str path = str_c(s->value);
    const bool read_only = str_ends(path, ":ro");

    if (read_only || str_ends(path, ":rw")) {
        path.len -= 3;
    }
    if (path.len == 0) {
        return refuse(s, "the path is missing", e);
    }
    (void)add_path(s, arena_str(s->arena, path), read_only ? ACCESS_READ : ACCESS_WRITE);
    s->o->paths[s->o->path_count - 1].pass_on = true;
    return 0;
}

int option_set_build_arg(const struct setting *s, struct err *e)
{
    struct str rest = str_c(s->value);
    struct str name = {0};

    if (!str_cut(&rest, '=', &name) || !dotenv_is_key(name)) {
        return refuse(s, "expected NAME=VALUE", e);
    }
    if (str_eq_c(name, "BASE")) {
        s->o->base = rest.len > 0 ? rest.p : NULL;
        return rest.len > 0 ? 0 : refuse(s, "BASE is empty", e);
    }
    strv_add(&s->o->build_args, s->arena, s->value);
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

/* [IP:]PORT[:PORT][/PROTOCOL]. An address that contains colons stands in brackets. */
int option_set_publish(const struct setting *s, struct err *e)
{
    struct opts *o = s->o;
    struct str rest = str_c(s->value);
    struct str ports = {0};
    struct str ip = {0};
    struct opts_port port = {.ip = "127.0.0.1", .protocol = "tcp"};

    if (rest.p[0] == '[') {
        rest = str_drop(rest, 1);
        if (!str_cut(&rest, ']', &ip) || rest.len == 0 || rest.p[0] != ':') {
            return refuse(s, "a colon and a port must follow an address in brackets", e);
        }
        rest = str_drop(rest, 1);
    } else if (memchr(rest.p, '.', rest.len) != NULL) {
        (void)str_cut(&rest, ':', &ip);
    }
    (void)str_cut(&rest, '/', &ports);
    if (rest.p != NULL && rest.len > 0) {
        port.protocol = arena_str(s->arena, rest);
    }
    rest = ports;
    (void)str_cut(&rest, ':', &ports);
    if (!is_port(ports, &port.host) || (rest.len > 0 && !is_port(rest, &port.inside))) {
        return refuse(s, "a port is a number from 1 to 65535", e);
    }
    if (strcmp(port.protocol, "tcp") != 0 && strcmp(port.protocol, "udp") != 0) {
        return refuse(s, "expected tcp or udp after the slash", e);
    }
    port.inside = port.inside == 0 ? port.host : port.inside;
    port.ip = ip.len > 0 ? arena_str(s->arena, ip) : port.ip;
    o->ports = list_grow(s->arena, o->ports, o->port_count, &o->port_cap, sizeof(o->ports[0]));
    o->ports[o->port_count++] = port;
    return 0;
}

/* A number of bytes, or a number with k, m, g or t after it (powers of 1024). A b or ib after
 * that letter is accepted, too. `least` is the text of the lowest size. */
static int set_size(const struct setting *s, uint64_t min, const char *least, uint64_t *out,
                    struct err *e)
{
    static const char units[] = "kmgt";
    struct str size = str_c(s->value);
    unsigned shift = 0;
    uint64_t n = 0;
    const char *unit;

    if (size.len > 1 && (size.p[size.len - 1] == 'b' || size.p[size.len - 1] == 'B')) {
        size.len -= size.len > 2 && size.p[size.len - 2] == 'i' ? 2 : 1;
    }
    unit = strchr(units, size.p[size.len - 1] | 0x20);
    if (unit != NULL && *unit != '\0') {
        shift = 10 * (unsigned)(unit - units + 1);
        size.len--;
    }
    if (!str_u64(size, 10, (uint64_t)INT64_MAX >> shift, &n)) {
        return refuse(s, "expected a number of bytes, or a number with k, m, g or t after it",
                      e);
    }
    if (n << shift < min) {
        return refuse(s, least, e);
    }
    *out = n << shift;
    return 0;
}

int option_set_memory(const struct setting *s, struct err *e)
{
    return set_size(s, MEMORY_MIN, "must be at least 6m", &s->o->memory, e);
}

int option_set_shm_size(const struct setting *s, struct err *e)
{
    return set_size(s, SHM_MIN, "must be at least 1m", &s->o->shm_size, e);
}

/* A number with at most nine digits after the point, because engines count billionths of a
 * processor. */
int option_set_cpus(const struct setting *s, struct err *e)
{
    struct str fraction = str_c(s->value);
    struct str whole = {0};
    uint64_t n = 0;
    uint64_t part = 0;
    uint64_t unit = NANO;

    (void)str_cut(&fraction, '.', &whole);
    if ((whole.len > 0 && !str_u64(whole, 10, CPUS_MAX, &n)) ||
        (fraction.len > 0 && (fraction.len > 9 || !str_u64(fraction, 10, NANO, &part))) ||
        whole.len + fraction.len == 0) {
        return refuse(
            s, "expected a number of processors, at most 100000, with at most 9 decimals", e);
    }
    for (size_t i = 0; i < fraction.len; i++) {
        unit /= 10;
    }
    s->o->nano_cpus = n * NANO + part * unit;
    return s->o->nano_cpus > 0 ? 0 : refuse(s, "must be greater than 0", e);
}

int option_set_pids(const struct setting *s, struct err *e)
{
    if (!str_u64(str_c(s->value), 10, PIDS_MAX, &s->o->pids) || s->o->pids < PIDS_MIN) {
        return refuse(s, "expected a number of processes from 16 to 4194304", e);
    }
    return 0;
}

/* Makes the command `help` for the command that --help follows. */
int option_set_help(const struct setting *s, struct err *e)
{
    const struct command *c = command_of(s->o->command);

    (void)e; /* a flag cannot be wrong */
    if (s->o->command != CMD_HELP) {
        s->o->help_of = c != NULL ? command_name(c, s->arena) : NULL;
    }
    s->o->command = CMD_HELP;
    return 0;
}

int option_set_version(const struct setting *s, struct err *e)
{
    (void)e; /* a flag cannot be wrong */
    s->o->command = CMD_VERSION;
    return 0;
}
