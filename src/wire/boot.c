/* SPDX-License-Identifier: MIT */
#include "wire/boot.h"

#include "base/num.h"

#include <string.h>

#define MAGIC "ccoboot1"
enum {
    MAGIC_LEN = 8,
    HEAD_LEN = 5,
    MODE_MAX = 07777,
    FILTER_MAX = 65535,
    UMASK_MAX = 0777,
    NICE_MAX = 19
};

enum { TAG_END = 0, TAG_MODE = 12 };

struct decoder {
    struct arena *a;
    struct boot *b;
    uint64_t seen; /* a bit for each tag that has occurred */
    unsigned mode; /* of the last TAG_MODE */
};

/* Returns true if s can become a C string. */
static bool is_string(struct str s)
{
    return s.len == 0 || memchr(s.p, '\0', s.len) == NULL;
}

static void put_head(struct buf *out, unsigned tag, size_t len)
{
    unsigned char head[HEAD_LEN] = {(unsigned char)tag};

    if (len > UINT32_MAX) {
        out->overflowed = true;
    }
    be32_put(head + 1, (uint32_t)len);
    (void)buf_add(out, head, sizeof(head)); /* an overflow is sticky: boot_encode() checks it */
}

static void put(struct buf *out, unsigned tag, struct str payload)
{
    put_head(out, tag, payload.len);
    (void)buf_add_str(out, payload);
}

static void put_number(struct buf *out, unsigned tag, uint64_t n)
{
    char digits[24];
    size_t at = sizeof(digits);

    do {
        digits[--at] = (char)('0' + n % 10);
        n /= 10;
    } while (n > 0);
    put(out, tag, str_n(digits + at, sizeof(digits) - at));
}

static void put_pair(struct buf *out, unsigned tag, const char *first, struct str second)
{
    size_t len = strlen(first) + 1;

    put_head(out, tag, len + second.len);
    (void)buf_add(out, first, len);
    (void)buf_add_str(out, second);
}

static void put_copies(struct buf *out, unsigned tag, const struct boot *b)
{
    for (size_t i = 0; i < b->copy_count; i++) {
        put_number(out, TAG_MODE, b->copies[i].mode);
        put_pair(out, tag, b->copies[i].source, str_c(b->copies[i].target));
    }
}

static void put_files(struct buf *out, unsigned tag, const struct boot *b)
{
    for (size_t i = 0; i < b->file_count; i++) {
        put_number(out, TAG_MODE, b->files[i].mode);
        put_pair(out, tag, b->files[i].path, b->files[i].data);
    }
}

static void put_links(struct buf *out, unsigned tag, const struct boot *b)
{
    for (size_t i = 0; i < b->link_count; i++) {
        put_pair(out, tag, b->links[i].path, str_c(b->links[i].target));
    }
}

static bool take_mode(struct decoder *d, struct str s)
{
    uint64_t n = 0;

    if (!str_u64(s, 10, MODE_MAX, &n)) {
        return false;
    }
    d->mode = (unsigned)n;
    return true;
}

/* Takes the first string, which must not be empty, from the front of *s. */
static bool take_first(struct decoder *d, struct str *s, const char **first)
{
    struct str text = {0};

    if (!str_cut(s, '\0', &text) || text.len == 0) {
        return false;
    }
    *first = arena_str(d->a, text);
    return true;
}

static bool take_two(struct decoder *d, struct str s, const char **first, const char **second)
{
    if (!take_first(d, &s, first) || s.len == 0 || !is_string(s)) {
        return false;
    }
    *second = arena_str(d->a, s);
    return true;
}

static bool take_copy(struct decoder *d, struct str s)
{
    struct boot *b = d->b;
    struct boot_copy copy = {.mode = d->mode};

    if (!take_two(d, s, &copy.source, &copy.target)) {
        return false;
    }
    b->copies = list_grow(d->a, b->copies, b->copy_count, &b->copy_cap, sizeof(copy));
    b->copies[b->copy_count++] = copy;
    return true;
}

static bool take_file(struct decoder *d, struct str s)
{
    struct boot *b = d->b;
    struct boot_file file = {.mode = d->mode};

    if (!take_first(d, &s, &file.path)) {
        return false;
    }
    file.data = str_n(arena_str(d->a, s), s.len);
    b->files = list_grow(d->a, b->files, b->file_count, &b->file_cap, sizeof(file));
    b->files[b->file_count++] = file;
    return true;
}

static bool take_link(struct decoder *d, struct str s)
{
    struct boot *b = d->b;
    struct boot_link link = {0};

    if (!take_two(d, s, &link.path, &link.target)) {
        return false;
    }
    b->links = list_grow(d->a, b->links, b->link_count, &b->link_cap, sizeof(link));
    b->links[b->link_count++] = link;
    return true;
}

enum kind {
    STRING, /* const char *: a record that is not empty, and none if it is NULL */
    LIST,   /* struct strv: a record for each item */
    FLAG,   /* bool: an empty record if it is true, and none otherwise */
    NUMBER, /* uint64_t: a record with a number of at most `max` */
    OTHER   /* the row has functions for it */
};

#define AT(member) .at = offsetof(struct boot, member)

/* One row per record, in the order in which boot_encode() writes them. A tag is at most 63,
 * because struct decoder has a bit for each. 15 and 16 are retired; the next tag is 41. */
static const struct row {
    unsigned tag;
    enum kind kind;
    size_t at;     /* offset of the member in struct boot; unused for OTHER */
    bool required; /* a file without such a record is refused */
    uint64_t max;  /* for NUMBER: the highest number that is accepted */
    bool repeats;  /* for OTHER: the record may occur several times, like that of a LIST */
    /* For OTHER: writes the records; NULL if the functions of other rows do. */
    void (*put)(struct buf *out, unsigned tag, const struct boot *b);
    /* For OTHER: reads a record. Returns false if it is malformed. */
    bool (*take)(struct decoder *d, struct str payload);
} rows[] = {
    {1, NUMBER, AT(uid), .max = UINT32_MAX - 1},
    {2, NUMBER, AT(gid), .max = UINT32_MAX - 1},
    {3, STRING, AT(user), .required = true},
    {4, STRING, AT(home), .required = true},
    {5, STRING, AT(workdir), .required = true},
    {6, STRING, AT(shell), .required = true},
    {7, STRING, AT(tz)},
    {8, LIST, AT(argv), .required = true},
    {9, FLAG, AT(login_shell)},
    {10, LIST, AT(env)},
    {11, LIST, AT(dirs)},
    {22, LIST, AT(mount_ids)},
    {23, LIST, AT(groups)},
    {34, NUMBER, AT(umask), .max = UMASK_MAX},
    {35, LIST, AT(limits)},
    {TAG_MODE, OTHER, .repeats = true, .take = take_mode},
    {13, OTHER, .repeats = true, .put = put_copies, .take = take_copy},
    {24, OTHER, .repeats = true, .put = put_files, .take = take_file},
    {25, OTHER, .repeats = true, .put = put_links, .take = take_link},
    {21, STRING, AT(return_file)},
    {36, LIST, AT(return_copies)},
    {37, LIST, AT(wanted)},
    {38, NUMBER, AT(nice), .max = NICE_MAX},
    {39, LIST, AT(ignored)},
    {27, STRING, AT(login_file)},
    {28, STRING, AT(key_file)},
    {33, STRING, AT(agent_socket)},
    {26, FLAG, AT(final_wait)},
    {14, FLAG, AT(tty)},
    {40, NUMBER, AT(side), .max = BOOT_SIDE_MAX},
    {18, STRING, AT(line)},
    {19, STRING, AT(secret), .required = true},
    {20, STRING, AT(key), .required = true},
    {17, FLAG, AT(keep_root)},
    {29, FLAG, AT(single)},
    {32, FLAG, AT(landlock_only)},
    {30, LIST, AT(grants)},
    {31, NUMBER, AT(filter), .max = FILTER_MAX},
};
enum { ROW_COUNT = sizeof(rows) / sizeof(rows[0]) };

static void put_row(struct buf *out, const struct row *r, const struct boot *b)
{
    const void *member = (const char *)b + r->at;
    const char *const *string = member;
    const struct strv *list = member;
    const bool *flag = member;
    const uint64_t *number = member;

    switch (r->kind) {
    case STRING:
        if (*string != NULL) {
            put(out, r->tag, str_c(*string));
        }
        break;
    case LIST:
        for (size_t i = 0; i < list->count; i++) {
            put(out, r->tag, str_c(list->v[i]));
        }
        break;
    case FLAG:
        if (*flag) {
            put(out, r->tag, str_c(""));
        }
        break;
    case NUMBER:
        put_number(out, r->tag, *number);
        break;
    case OTHER:
        if (r->put != NULL) {
            r->put(out, r->tag, b);
        }
        break;
    }
}

int boot_encode(const struct boot *b, struct buf *out, struct err *e)
{
    (void)buf_add(out, MAGIC, MAGIC_LEN); /* an overflow is sticky: checked below */
    for (size_t i = 0; i < ROW_COUNT; i++) {
        put_row(out, &rows[i], b);
    }
    put(out, TAG_END, str_c(""));
    if (out->overflowed) {
        return err_set(e, ERR_LIMIT,
                       "the environment and the arguments are past the limit of %zu bytes",
                       out->max);
    }
    return 0;
}

static bool take_row(struct decoder *d, const struct row *r, struct str s)
{
    void *member = (char *)d->b + r->at;
    const char **string = member;
    bool *flag = member;

    switch (r->kind) {
    case STRING:
        *string = arena_str(d->a, s);
        return is_string(s) && s.len > 0;
    case LIST:
        strv_add(member, d->a, arena_str(d->a, s));
        return is_string(s);
    case FLAG:
        *flag = true;
        return s.len == 0;
    case NUMBER:
        return str_u64(s, 10, r->max, member);
    case OTHER:
        return r->take(d, s);
    }
    return false;
}

static bool take_record(struct decoder *d, unsigned tag, struct str s)
{
    for (size_t i = 0; i < ROW_COUNT; i++) {
        const struct row *r = &rows[i];
        uint64_t bit = (uint64_t)1 << r->tag;

        if (r->tag == tag) {
            bool again = (d->seen & bit) != 0 && r->kind != LIST && !r->repeats;

            d->seen |= bit;
            return !again && take_row(d, r, s);
        }
    }
    return false;
}

static bool is_complete(const struct decoder *d)
{
    for (size_t i = 0; i < ROW_COUNT; i++) {
        if (rows[i].required && (d->seen >> rows[i].tag & 1) == 0) {
            return false;
        }
    }
    return true;
}

static int broken(size_t at, struct err *e)
{
    return err_set(e, ERR_FORMAT, "the boot file is malformed at byte %zu", at);
}

int boot_decode(struct str in, struct arena *a, struct boot *b, struct err *e)
{
    struct decoder d = {.a = a, .b = b};
    size_t all = in.len;

    *b = (struct boot){0};
    if (!str_starts(in, MAGIC)) {
        return err_set(e, ERR_FORMAT, "this is not a boot file of this version of cco");
    }
    in = str_drop(in, MAGIC_LEN);
    while (in.len >= HEAD_LEN) {
        const unsigned char *h = (const unsigned char *)in.p;
        size_t len = be32_get(h + 1);

        if (h[0] == TAG_END) {
            bool at_end = len == 0 && in.len == HEAD_LEN;

            return at_end && is_complete(&d) ? 0 : broken(all - in.len, e);
        }
        if (len > in.len - HEAD_LEN || !take_record(&d, h[0], str_n(in.p + HEAD_LEN, len))) {
            return broken(all - in.len, e);
        }
        in = str_drop(in, HEAD_LEN + len);
    }
    return broken(all - in.len, e);
}
