/* SPDX-License-Identifier: MIT */
/* A hostile remote end: whichever bytes it sends, the run ends, and the local tree is
 * unchanged. */
#include "sync/lead.h"

#include "base/limits.h"
#include "sync.h"
#include "tap.h"

/* The turns of the remote end, as bytes that were prepared. */
struct script {
    struct sync_io io;
    struct buf turns[6];
    size_t turn, at;
};

static int script_fill(struct sync_io *io, struct buf *in, struct err *e)
{
    struct script *s = (struct script *)io;
    struct str left;

    if (s->turn >= 6) {
        return err_set(e, ERR_EOF, "it has nothing more to say");
    }
    left = str_drop(buf_str(&s->turns[s->turn]), s->at);
    if (left.len == 0) {
        return err_set(e, ERR_TIMEOUT, "it stalls");
    }
    left.len = left.len < buf_room(in) ? left.len : buf_room(in);
    left.len = left.len < 7 ? left.len : left.len / 2 + 1; /* small pieces */
    (void)buf_add_str(in, left);
    s->at += left.len;
    return 0;
}

static int script_send(struct sync_io *io, struct str data, struct err *e)
{
    struct script *s = (struct script *)io;

    (void)e;
    /* END is the last message of a turn, and each turn is sent at once. */
    if (data.len >= SYNC_HEAD && data.p[data.len - SYNC_HEAD] == SYNC_MSG_END && s->at > 0) {
        s->turn++;
        s->at = 0;
    }
    return 0;
}

static void add_entry(struct buf *list, const char *path, size_t shared, const char *target,
                      enum sync_type type, uint64_t size)
{
    const struct sync_entry entry = {
        .type = type, .mode = 0644, .size = size, .mtime = 5, .target = str_c(target)};

    sync_put_number(list, shared);
    sync_put_text(list, str_c(path));
    sync_put_entry(list, &entry);
}

static void listing(struct script *s, const struct buf *list)
{
    sync_msg_add_byte(&s->turns[0], SYNC_MSG_HELLO, SYNC_VERSION);
    sync_msg_add(&s->turns[0], SYNC_MSG_LIST, buf_str(list));
    sync_msg_add_state(&s->turns[0], SYNC_BASE_NONE, 0);
    sync_msg_add(&s->turns[0], SYNC_MSG_END, str_c(""));
}

static void file(struct script *s, uint64_t size, const char *data, unsigned char done)
{
    const struct sync_entry entry = {.type = SYNC_FILE, .mode = 0644, .size = size, .mtime = 5};

    sync_msg_add_file(&s->turns[1], &entry);
    if (data != NULL) {
        sync_msg_add(&s->turns[1], SYNC_MSG_DATA, str_c(data));
    }
    sync_msg_add_byte(&s->turns[1], SYNC_MSG_DONE, done);
}

static void plain_list(struct buf *list)
{
    add_entry(list, "f", 0, "", SYNC_FILE, 4);
}

/* Each function prepares the turns of one hostile remote end. */
static void parent_of_all(struct script *s, struct buf *list)
{
    add_entry(list, "..", 0, "", SYNC_DIR, 0);
    listing(s, list);
}

static void parent_inside(struct script *s, struct buf *list)
{
    add_entry(list, "d", 0, "", SYNC_DIR, 0);
    add_entry(list, "/../x", 1, "", SYNC_LINK, 0);
    listing(s, list);
}

static void absolute(struct script *s, struct buf *list)
{
    add_entry(list, "/etc/x", 0, "", SYNC_FILE, 4);
    listing(s, list);
}

static void zero_byte(struct script *s, struct buf *list)
{
    const struct sync_entry entry = {.type = SYNC_DIR, .mode = 0755};

    sync_put_number(list, 0);
    sync_put_text(list, str_n("a\0b", 3));
    sync_put_entry(list, &entry);
    listing(s, list);
}

static void through_a_link(struct script *s, struct buf *list)
{
    add_entry(list, "l", 0, "/tmp", SYNC_LINK, 0);
    add_entry(list, "/x", 1, "", SYNC_FILE, 4);
    listing(s, list);
    file(s, 4, "evil", 1);
}

static void without_a_parent(struct script *s, struct buf *list)
{
    add_entry(list, "no/such/x", 0, "", SYNC_FILE, 4);
    listing(s, list);
}

static void a_device(struct script *s, struct buf *list)
{
    sync_put_number(list, 0);
    sync_put_text(list, str_c("dev"));
    (void)buf_add(list, "\x07\x01\x03", 3);
    listing(s, list);
}

static void mode_past_0777(struct script *s, struct buf *list)
{
    const struct sync_entry entry = {.type = SYNC_DIR, .mode = 04755};

    sync_put_number(list, 0);
    sync_put_text(list, str_c("d"));
    sync_put_entry(list, &entry);
    listing(s, list);
}

static void twice(struct script *s, struct buf *list)
{
    plain_list(list);
    plain_list(list);
    listing(s, list);
}

static void unsorted(struct script *s, struct buf *list)
{
    plain_list(list);
    add_entry(list, "a", 0, "", SYNC_FILE, 4);
    listing(s, list);
}

static void huge_name(struct script *s, struct buf *list)
{
    static char name[LIMIT_SYNC_PATH + 2];

    memset(name, 'n', sizeof(name) - 1);
    add_entry(list, name, 0, "", SYNC_DIR, 0);
    listing(s, list);
}

static void size_that_never_comes(struct script *s, struct buf *list)
{
    add_entry(list, "f", 0, "", SYNC_FILE, 1000000);
    listing(s, list);
    file(s, 1000000, "four", 1);
}

static void more_than_said(struct script *s, struct buf *list)
{
    plain_list(list);
    listing(s, list);
    file(s, 4, "five!", 1);
}

static void endless_nothing(struct script *s, struct buf *list)
{
    const struct sync_entry entry = {.type = SYNC_FILE, .mode = 0644, .size = 4};

    plain_list(list);
    listing(s, list);
    sync_msg_add_file(&s->turns[1], &entry);
    sync_msg_add(&s->turns[1], SYNC_MSG_DATA, str_c(""));
    sync_msg_add(&s->turns[1], SYNC_MSG_DATA, str_c("four"));
    sync_msg_add_byte(&s->turns[1], SYNC_MSG_DONE, 1);
}

static void monstrous(struct script *s, struct buf *list)
{
    add_entry(list, "f", 0, "", SYNC_FILE, 1ULL << 60);
    listing(s, list);
    file(s, 1ULL << 60, "x", 0);
}

static void a_hole_too_large(struct script *s, struct buf *list)
{
    const struct sync_entry entry = {.type = SYNC_FILE, .mode = 0644, .size = 4};

    plain_list(list);
    listing(s, list);
    sync_msg_add_file(&s->turns[1], &entry);
    sync_msg_add_number(&s->turns[1], SYNC_MSG_HOLE, 1ULL << 40);
}

static void a_stall(struct script *s, struct buf *list)
{
    const struct sync_entry entry = {.type = SYNC_FILE, .mode = 0644, .size = 4};

    plain_list(list);
    listing(s, list);
    sync_msg_add_file(&s->turns[1], &entry);
    sync_msg_add(&s->turns[1], SYNC_MSG_DATA, str_c("fo"));
}

static void a_base_not_offered(struct script *s, struct buf *list)
{
    (void)list;
    sync_msg_add_byte(&s->turns[0], SYNC_MSG_HELLO, SYNC_VERSION);
    sync_msg_add_state(&s->turns[0], SYNC_BASE_LAST, 0);
    sync_msg_add(&s->turns[0], SYNC_MSG_END, str_c(""));
}

static void another_version(struct script *s, struct buf *list)
{
    (void)list;
    sync_msg_add_byte(&s->turns[0], SYNC_MSG_HELLO, SYNC_VERSION + 1);
}

static void out_of_place(struct script *s, struct buf *list)
{
    plain_list(list);
    listing(s, list);
    sync_msg_add_byte(&s->turns[1], SYNC_MSG_DONE, 1);
}

static void a_fault_of_nothing(struct script *s, struct buf *list)
{
    listing(s, list);
    sync_msg_add_fault(&s->turns[1], 99, str_c("no"));
}

static void garbage(struct script *s, struct buf *list)
{
    (void)list;
    (void)buf_add_c(&s->turns[0], "HTTP/1.1 200 OK\r\n\r\n");
}

static void a_bomb(struct script *s, struct buf *list)
{
    (void)list;
    (void)buf_add(&s->turns[0], "\x01\xff\xff\xff\xff", 5);
}

static void endless_listing(struct script *s, struct buf *list)
{
    sync_msg_add_byte(&s->turns[0], SYNC_MSG_HELLO, SYNC_VERSION);
    (void)buf_reserve(list, 1 << 20);
    memset(list->mem, 'x', 1 << 20);
    buf_commit(list, 1 << 20);
    for (int i = 0; i < 257; i++) {
        sync_msg_add(&s->turns[0], SYNC_MSG_LIST, buf_str(list));
    }
}

static void its_own_error(struct script *s, struct buf *list)
{
    (void)list;
    sync_msg_add(&s->turns[0], SYNC_MSG_ERROR, str_c("no space there"));
}

static const struct {
    const char *name;
    void (*make)(struct script *s, struct buf *list);
    enum err_kind kind;
} table[] = {
    {"the parent directory", parent_of_all, ERR_FORMAT},
    {"a parent directory inside a path", parent_inside, ERR_FORMAT},
    {"an absolute path", absolute, ERR_FORMAT},
    {"a zero byte in a name", zero_byte, ERR_FORMAT},
    {"a file below a link", through_a_link, ERR_FORMAT},
    {"a file without its directory", without_a_parent, ERR_FORMAT},
    {"a device", a_device, ERR_FORMAT},
    {"a mode with setuid", mode_past_0777, ERR_FORMAT},
    {"the same name twice", twice, ERR_FORMAT},
    {"a listing out of order", unsorted, ERR_FORMAT},
    {"a huge name", huge_name, ERR_LIMIT},
    {"fewer bytes than the size", size_that_never_comes, ERR_FORMAT},
    {"more bytes than the size", more_than_said, ERR_FORMAT},
    {"an empty DATA message", endless_nothing, ERR_FORMAT},
    {"a file that is too large", monstrous, ERR_LIMIT},
    {"a hole that exceeds the size", a_hole_too_large, ERR_FORMAT},
    {"a stall in the middle of a file", a_stall, ERR_TIMEOUT},
    {"a base that the local end does not have", a_base_not_offered, ERR_FORMAT},
    {"another version of the protocol", another_version, ERR_FORMAT},
    {"an unexpected message", out_of_place, ERR_FORMAT},
    {"a fault of an unknown operation", a_fault_of_nothing, ERR_FORMAT},
    {"a text that is not a message", garbage, ERR_FORMAT},
    {"a message that is too long", a_bomb, ERR_FORMAT},
    {"a listing that is too long", endless_listing, ERR_LIMIT},
    {"an ERROR message", its_own_error, ERR_REFUSED},
};

static void hostile(void)
{
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        struct script s = {.io = {script_fill, script_send}};
        struct sync_tree tree = {.id = "tree",
                                 .local_path = arena_strdup(&sync_arena, in_tmp("local")),
                                 .remote_path = "/x",
                                 .push = true,
                                 .pull = true};
        struct sync_job job = {.trees = &tree,
                               .tree_count = 1,
                               .base_dir = arena_strdup(&sync_arena, in_tmp("base")),
                               .remote_base_dir = "/b",
                               .arena = &sync_arena};
        struct err e = {0};
        struct buf list;
        struct buf before;
        struct buf after;
        int rc;

        dir_at("base");
        dir_at("local");
        write_at("local/mine", "mine", 1);
        for (size_t k = 0; k < 6; k++) {
            buf_init(&s.turns[k], 300 << 20);
        }
        buf_init(&list, 8 << 20);
        table[i].make(&s, &list);
        tree_of("local", true, &before);
        rc = sync_lead(&s.io, &job, &e);
        tree_of("local", true, &after);
        ok(rc < 0 && e.kind == table[i].kind, "%s is refused: %s", table[i].name, e.text);
        ok(str_eq(buf_str(&before), buf_str(&after)), "the local tree is unchanged");
        buf_release(&before);
        buf_release(&after);
        buf_release(&list);
        for (size_t k = 0; k < 6; k++) {
            buf_release(&s.turns[k]);
        }
        remove_at("local");
        remove_at("base");
    }
}

int main(void)
{
    sync_start();
    hostile();
    sync_end();
    return done_testing();
}
