/* SPDX-License-Identifier: MIT */
#include "wire/boot.h"

#include "base/num.h"

#include <string.h>

#define MAGIC "ccoboot1"
enum { MAGIC_LEN = 8, HEAD_LEN = 5 };

enum boot_type {
    BOOT_END = 0,
    BOOT_UID = 1,
    BOOT_GID = 2,
    BOOT_USER = 3,
    BOOT_HOME = 4,
    BOOT_WORKDIR = 5,
    BOOT_SHELL = 6,
    BOOT_TZ = 7,
    BOOT_ARG = 8,
    BOOT_LOGIN_SHELL = 9,
    BOOT_ENV = 10,
    BOOT_DIR = 11,
    BOOT_COPY_MODE = 12, /* precedes its BOOT_COPY */
    BOOT_COPY = 13,      /* source NUL target */
    BOOT_TTY = 14,
    /* 15 and 16 were the terminal's size */
    BOOT_KEEP_ROOT = 17,
    BOOT_LINE = 18,
    BOOT_SECRET = 19,
    BOOT_KEY = 20,
    BOOT_RETURN_FILE = 21,
    BOOT_MOUNT_IDS = 22,
    BOOT_GROUP = 23,
    BOOT_FILE = 24, /* path NUL bytes; BOOT_COPY_MODE precedes it */
    BOOT_LINK = 25, /* path NUL target */
    BOOT_FINAL_WAIT = 26,
    BOOT_LOGIN_FILE = 27,
    BOOT_KEY_FILE = 28,
    BOOT_SINGLE = 29,
    BOOT_GRANT = 30, /* one letter, a path */
    BOOT_FILTER = 31,
    BOOT_LANDLOCK_ONLY = 32,
    BOOT_TYPE_COUNT
};

static void put(struct buf *out, enum boot_type type, const char *p, size_t len)
{
    unsigned char head[HEAD_LEN] = {(unsigned char)type};

    if (len > UINT32_MAX) {
        out->overflowed = true;
    }
    be32_put(head + 1, (uint32_t)len);
    (void)buf_add(out, head, sizeof(head)); /* sticky */
    (void)buf_add(out, p, len);
}

static void put_c(struct buf *out, enum boot_type type, const char *s)
{
    put(out, type, s, strlen(s));
}

static void put_number(struct buf *out, enum boot_type type, uint64_t n)
{
    char digits[24];
    size_t at = sizeof(digits);

    do {
        digits[--at] = (char)('0' + n % 10);
        n /= 10;
    } while (n > 0);
    put(out, type, digits + at, sizeof(digits) - at);
}

static void put_flag(struct buf *out, enum boot_type type, bool set)
{
    if (set) {
        put(out, type, "", 0);
    }
}

static void put_list(struct buf *out, enum boot_type type, const struct strv *l)
{
    for (size_t i = 0; i < l->count; i++) {
        put_c(out, type, l->v[i]);
    }
}

static void put_pair(struct buf *out, enum boot_type type, const char *first, struct str second)
{
    struct buf pair;

    buf_init(&pair, out->max);
    (void)buf_reserve(&pair, strlen(first) + 1 + second.len); /* no growth that leaves copies */
    (void)buf_add(&pair, first, strlen(first) + 1);           /* sticky */
    (void)buf_add_str(&pair, second);
    out->overflowed = out->overflowed || pair.overflowed;
    put(out, type, buf_data(&pair), pair.len);
    buf_wipe(&pair);
}

static void put_files(struct buf *out, const struct boot *b)
{
    for (size_t i = 0; i < b->copy_count; i++) {
        put_number(out, BOOT_COPY_MODE, b->copies[i].mode);
        put_pair(out, BOOT_COPY, b->copies[i].source, str_c(b->copies[i].target));
    }
    for (size_t i = 0; i < b->file_count; i++) {
        put_number(out, BOOT_COPY_MODE, b->files[i].mode);
        put_pair(out, BOOT_FILE, b->files[i].path, b->files[i].data);
    }
    for (size_t i = 0; i < b->link_count; i++) {
        put_pair(out, BOOT_LINK, b->links[i].path, str_c(b->links[i].target));
    }
}

static void put_optional(struct buf *out, enum boot_type type, const char *s)
{
    if (s != NULL) {
        put_c(out, type, s);
    }
}

int boot_encode(const struct boot *b, struct buf *out, struct err *e)
{
    (void)buf_add(out, MAGIC, MAGIC_LEN); /* sticky, like all of these */
    put_number(out, BOOT_UID, b->uid);
    put_number(out, BOOT_GID, b->gid);
    put_c(out, BOOT_USER, b->user);
    put_c(out, BOOT_HOME, b->home);
    put_c(out, BOOT_WORKDIR, b->workdir);
    put_c(out, BOOT_SHELL, b->shell);
    put_optional(out, BOOT_TZ, b->tz);
    put_list(out, BOOT_ARG, &b->argv);
    put_flag(out, BOOT_LOGIN_SHELL, b->login_shell);
    put_list(out, BOOT_ENV, &b->env);
    put_list(out, BOOT_DIR, &b->dirs);
    put_list(out, BOOT_MOUNT_IDS, &b->mount_ids);
    put_list(out, BOOT_GROUP, &b->groups);
    put_files(out, b);
    put_optional(out, BOOT_RETURN_FILE, b->return_file);
    put_optional(out, BOOT_LOGIN_FILE, b->login_file);
    put_optional(out, BOOT_KEY_FILE, b->key_file);
    put_flag(out, BOOT_FINAL_WAIT, b->final_wait);
    put_flag(out, BOOT_TTY, b->tty);
    put_optional(out, BOOT_LINE, b->line);
    put_c(out, BOOT_SECRET, b->secret);
    put_c(out, BOOT_KEY, b->key);
    put_flag(out, BOOT_KEEP_ROOT, b->keep_root);
    put_flag(out, BOOT_SINGLE, b->single);
    put_flag(out, BOOT_LANDLOCK_ONLY, b->landlock_only);
    put_list(out, BOOT_GRANT, &b->grants);
    put_number(out, BOOT_FILTER, b->filter);
    put(out, BOOT_END, "", 0);
    if (out->overflowed) {
        return err_set(e, ERR_LIMIT,
                       "environment and arguments are past the limit of %zu bytes", out->max);
    }
    return 0;
}

struct decoder {
    struct arena *a;
    struct boot *b;
    uint64_t seen; /* bit per type */
    unsigned copy_mode;
};

/* Where a single string goes. */
static const char **string_slot(struct boot *b, unsigned type)
{
    switch (type) {
    case BOOT_USER:
        return &b->user;
    case BOOT_HOME:
        return &b->home;
    case BOOT_WORKDIR:
        return &b->workdir;
    case BOOT_SHELL:
        return &b->shell;
    case BOOT_TZ:
        return &b->tz;
    case BOOT_LINE:
        return &b->line;
    case BOOT_SECRET:
        return &b->secret;
    case BOOT_KEY:
        return &b->key;
    case BOOT_RETURN_FILE:
        return &b->return_file;
    case BOOT_LOGIN_FILE:
        return &b->login_file;
    case BOOT_KEY_FILE:
        return &b->key_file;
    default:
        return NULL;
    }
}

static struct strv *list_slot(struct boot *b, unsigned type)
{
    switch (type) {
    case BOOT_ARG:
        return &b->argv;
    case BOOT_ENV:
        return &b->env;
    case BOOT_DIR:
        return &b->dirs;
    case BOOT_MOUNT_IDS:
        return &b->mount_ids;
    case BOOT_GROUP:
        return &b->groups;
    case BOOT_GRANT:
        return &b->grants;
    default:
        return NULL;
    }
}

static bool *flag_slot(struct boot *b, unsigned type)
{
    switch (type) {
    case BOOT_LOGIN_SHELL:
        return &b->login_shell;
    case BOOT_TTY:
        return &b->tty;
    case BOOT_KEEP_ROOT:
        return &b->keep_root;
    case BOOT_FINAL_WAIT:
        return &b->final_wait;
    case BOOT_SINGLE:
        return &b->single;
    case BOOT_LANDLOCK_ONLY:
        return &b->landlock_only;
    default:
        return NULL;
    }
}

static bool take_number(struct decoder *d, unsigned type, struct str s)
{
    uint64_t max = type == BOOT_UID || type == BOOT_GID ? UINT32_MAX - 1 : 65535;
    uint64_t n = 0;

    if (!str_u64(s, 10, max, &n)) {
        return false;
    }
    switch (type) {
    case BOOT_UID:
        d->b->uid = n;
        return true;
    case BOOT_GID:
        d->b->gid = n;
        return true;
    case BOOT_FILTER:
        d->b->filter = (unsigned)n;
        return true;
    case BOOT_COPY_MODE:
        d->copy_mode = (unsigned)n;
        return n <= 07777;
    default:
        return false;
    }
}

static bool take_file(struct decoder *d, struct str s)
{
    struct boot *b = d->b;
    struct str path = {0};

    if (!str_cut(&s, '\0', &path) || path.len == 0) {
        return false;
    }
    b->files = list_grow(d->a, b->files, b->file_count, &b->file_cap, sizeof(b->files[0]));
    b->files[b->file_count++] = (struct boot_file){arena_str(d->a, path), d->copy_mode,
                                                   str_n(arena_str(d->a, s), s.len)};
    return true;
}

/* A copy or a link: two names. */
static bool take_pair(struct decoder *d, unsigned type, struct str s)
{
    struct boot *b = d->b;
    struct str first = {0};

    if (!str_cut(&s, '\0', &first) || first.len == 0 || s.len == 0 ||
        memchr(s.p, '\0', s.len) != NULL) {
        return false;
    }
    if (type == BOOT_LINK) {
        b->links = list_grow(d->a, b->links, b->link_count, &b->link_cap, sizeof(b->links[0]));
        b->links[b->link_count++] =
            (struct boot_link){arena_str(d->a, first), arena_str(d->a, s)};
        return true;
    }
    b->copies = list_grow(d->a, b->copies, b->copy_count, &b->copy_cap, sizeof(b->copies[0]));
    b->copies[b->copy_count++] =
        (struct boot_copy){arena_str(d->a, first), arena_str(d->a, s), d->copy_mode};
    return true;
}

static bool take_record(struct decoder *d, unsigned type, struct str s)
{
    const char **string = string_slot(d->b, type);
    struct strv *list = list_slot(d->b, type);
    bool *flag = flag_slot(d->b, type);
    bool pair = type == BOOT_COPY || type == BOOT_LINK;
    bool repeats = list != NULL || pair || type == BOOT_FILE || type == BOOT_COPY_MODE;

    if (type >= BOOT_TYPE_COUNT || (!repeats && (d->seen >> type & 1) != 0)) {
        return false;
    }
    d->seen |= (uint64_t)1 << type;
    if (type == BOOT_FILE) {
        return take_file(d, s);
    }
    if (pair) {
        return take_pair(d, type, s);
    }
    if (s.len > 0 && memchr(s.p, '\0', s.len) != NULL) {
        return false;
    }
    if (string != NULL) {
        *string = arena_str(d->a, s);
        return s.len > 0;
    }
    if (list != NULL) {
        strv_add(list, d->a, arena_str(d->a, s));
        return true;
    }
    if (flag != NULL) {
        *flag = true;
        return s.len == 0;
    }
    return take_number(d, type, s);
}

static bool is_complete(const struct boot *b)
{
    return b->user != NULL && b->home != NULL && b->workdir != NULL && b->shell != NULL &&
           b->secret != NULL && b->key != NULL && b->argv.count > 0;
}

static int broken(size_t at, struct err *e)
{
    return err_set(e, ERR_FORMAT, "broken argument file at byte %zu", at);
}

int boot_decode(struct str in, struct arena *a, struct boot *b, struct err *e)
{
    struct decoder d = {.a = a, .b = b};
    size_t all = in.len;

    *b = (struct boot){0};
    if (!str_starts(in, MAGIC)) {
        return err_set(e, ERR_FORMAT, "no argument file of this version of cco");
    }
    in = str_drop(in, MAGIC_LEN);
    while (in.len >= HEAD_LEN) {
        const unsigned char *h = (const unsigned char *)in.p;
        size_t len = be32_get(h + 1);

        if (h[0] == BOOT_END) {
            bool at_end = len == 0 && in.len == HEAD_LEN;

            return at_end && is_complete(b) ? 0 : broken(all - in.len, e);
        }
        if (len > in.len - HEAD_LEN || !take_record(&d, h[0], str_n(in.p + HEAD_LEN, len))) {
            return broken(all - in.len, e);
        }
        in = str_drop(in, HEAD_LEN + len);
    }
    return broken(all - in.len, e);
}
