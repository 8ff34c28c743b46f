/* SPDX-License-Identifier: MIT */
#include "sync/listing.h"

#include "base/file.h"
#include "base/hash.h"
#include "base/limits.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static const char magic[] = "ccosync1";
static const struct sync_entry gone = {.type = SYNC_GONE};

enum { MAGIC = sizeof(magic) - 1, BASE_HEAD = MAGIC + SYNC_DIGEST + LISTING_TREE };

/* Two listings that are read in parallel. */
struct pair {
    struct synclist_r a, b;
    struct synclist_w out;
};

static int pair_open(struct pair *p, struct str a, struct str b, struct buf *out, struct err *e)
{
    synclist_r_init(&p->a, a);
    synclist_r_init(&p->b, b);
    synclist_w_init(&p->out, out);
    return synclist_next(&p->a, e) < 0 || synclist_next(&p->b, e) < 0 ? -1 : 0;
}

static void pair_release(struct pair *p)
{
    synclist_r_release(&p->a);
    synclist_r_release(&p->b);
    synclist_w_release(&p->out);
}

/* Returns which listing has the next path: a number below 0 for a, above 0 for b, and 0 for
 * both. At least one node has a path. */
static int pair_order(const struct pair *p)
{
    if (!p->a.has || !p->b.has) {
        return p->a.has ? -1 : 1;
    }
    return sync_path_cmp(buf_str(&p->a.path), buf_str(&p->b.path));
}

static int pair_next(struct pair *p, int order, struct err *e)
{
    if (order <= 0 && synclist_next(&p->a, e) < 0) {
        return -1;
    }
    return order >= 0 ? synclist_next(&p->b, e) : 0;
}

/* If `differs` is true, adds the changes that turn `first` into `second`. Otherwise adds the
 * result of applying the changes `second` to `first`. */
static int merge(struct str first, struct str second, bool differs, struct buf *out,
                 struct err *e)
{
    struct pair p;
    int rc = pair_open(&p, first, second, out, e);

    while (rc == 0 && (p.a.has || p.b.has)) {
        int order = pair_order(&p);
        bool takes_b = differs ? order > 0 || !sync_same(&p.a.entry, &p.b.entry)
                               : p.b.entry.type != SYNC_GONE;

        if (order < 0) {
            rc = synclist_add(&p.out, buf_str(&p.a.path), differs ? &gone : &p.a.entry, e);
        } else if (takes_b) {
            rc = synclist_add(&p.out, buf_str(&p.b.path), &p.b.entry, e);
        }
        rc = rc < 0 ? -1 : pair_next(&p, order, e);
    }
    pair_release(&p);
    return rc;
}

int listing_diff(struct str from, struct str to, struct buf *out, struct err *e)
{
    return merge(from, to, true, out, e);
}

int listing_apply(struct str from, struct str change, struct buf *out, struct err *e)
{
    return merge(from, change, false, out, e);
}

/* Returns true if the directory of `path` is in the listing. `before` is the preceding path.
 * Because of the order, the directory is that path, or that path is below the directory. */
static bool has_parent(struct str path, struct str before, bool before_is_dir)
{
    size_t len = path.len;

    while (len > 0 && path.p[len - 1] != '/') {
        len--;
    }
    if (len == 0) {
        return true;
    }
    path.len = len - 1;
    return (before_is_dir && str_eq(before, path)) || sync_is_below(before, path);
}

int listing_check(struct str listing, bool whole, struct err *e)
{
    struct synclist_r r;
    struct buf before;
    bool is_dir = false;
    int rc;

    synclist_r_init(&r, listing);
    buf_init(&before, LIMIT_SYNC_PATH);
    rc = synclist_next(&r, e);
    while (rc == 0 && r.has) {
        if (whole && !has_parent(buf_str(&r.path), buf_str(&before), is_dir)) {
            rc = err_set(e, ERR_FORMAT, "a listing contains '%.*s', but not its directory",
                         (int)r.path.len, buf_data(&r.path));
            break;
        }
        if (whole) {
            is_dir = r.entry.type == SYNC_DIR;
            buf_reset(&before);
            (void)buf_add_str(&before, buf_str(&r.path)); /* it fits: a path of a listing */
        }
        rc = synclist_next(&r, e);
    }
    synclist_r_release(&r);
    buf_release(&before);
    return rc;
}

void listing_digest(struct str listing, char out[SYNC_DIGEST + 1])
{
    struct sha256 h;

    _Static_assert(SYNC_DIGEST + 1 == SHA256_HEX, "digests are SHA-256");
    sha256_init(&h);
    sha256_add(&h, listing.p, listing.len);
    sha256_hex(&h, out);
}

static void no_base(struct base *b)
{
    buf_release(&b->bytes);
    b->has = false;
    b->listing = (struct str){0};
    memset(b->digest, '0', SYNC_DIGEST);
    b->digest[SYNC_DIGEST] = '\0';
    memset(b->tree, 0, sizeof(b->tree));
}

void base_release(struct base *b)
{
    no_base(b);
}

int base_load(struct base *b, const char *path, const char *tree, struct err *e)
{
    struct err why = {0};
    struct str in;

    buf_init(&b->bytes, LIMIT_SYNC_LISTING);
    no_base(b);
    if (file_read(path, &b->bytes, &why) < 0) {
        if (why.kind == ERR_NOT_FOUND || why.kind == ERR_LIMIT || why.kind == ERR_REFUSED) {
            no_base(b);
            return 0;
        }
        *e = why;
        return -1;
    }
    in = buf_str(&b->bytes);
    if (in.len < BASE_HEAD || !str_starts(in, magic)) {
        no_base(b);
        return 0;
    }
    b->listing = str_drop(in, BASE_HEAD);
    memcpy(b->digest, in.p + MAGIC, SYNC_DIGEST);
    memcpy(b->tree, in.p + MAGIC + SYNC_DIGEST, LISTING_TREE);
    if ((tree[0] != '\0' && strncmp(b->tree, tree, LISTING_TREE) != 0) ||
        listing_check(b->listing, false, &why) < 0) {
        no_base(b);
        return 0;
    }
    b->has = true;
    return 0;
}

int base_save(const char *path, const char *tree, const char *digest, struct str listing,
              struct err *e)
{
    struct buf out;
    char padded[LISTING_TREE] = {0};
    int rc;

    (void)snprintf(padded, sizeof(padded), "%s", tree);
    buf_init(&out, LIMIT_SYNC_LISTING + BASE_HEAD);
    (void)buf_add_c(&out, magic);
    (void)buf_add(&out, digest, SYNC_DIGEST);
    (void)buf_add(&out, padded, sizeof(padded));
    (void)buf_add_str(&out, listing);
    rc = out.overflowed ? err_set(e, ERR_LIMIT, "%s: the base is too large", path)
                        : file_write_atomic(path, buf_str(&out), 0600, e);
    buf_release(&out);
    return rc;
}

/* The kernel's struct statx, with names only for the members that are used. musl 1.2.3 does not
 * define it. statx(2). */
struct times {
    uint32_t mask;
    uint32_t before[19];
    int64_t born; /* stx_btime: seconds, and then nanoseconds */
    uint32_t born_ns;
    uint32_t behind[41];
};

void base_tree_of(int fd, char out[LISTING_TREE])
{
    struct times t = {0};
    struct stat st;

    _Static_assert(sizeof(struct times) == 256, "the size of the kernel's struct statx");
    memset(out, 0, LISTING_TREE);
    if (fstat(fd, &st) < 0) {
        return;
    }
#ifdef SYS_statx
    /* AT_EMPTY_PATH is 0x1000, STATX_BTIME is 0x800. The kernel uses inode numbers again, but a
     * new directory has a new time of birth. */
    (void)syscall(SYS_statx, fd, "", 0x1000, 0x800U, &t);
#endif
    (void)snprintf(out, LISTING_TREE, "%llx %llx.%lx", (unsigned long long)st.st_ino,
                   (t.mask & 0x800U) != 0 ? (unsigned long long)t.born : 0ULL,
                   (t.mask & 0x800U) != 0 ? (unsigned long)t.born_ns : 0UL);
}
