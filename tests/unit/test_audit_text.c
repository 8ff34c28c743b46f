/* SPDX-License-Identifier: MIT */
#include "host/audit.h"

#include "host/audit_table.h"

#include "audit.h"

static bool same(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static bool same_audit(const struct audit *a, const struct audit *b)
{
    if (a->count != b->count || !same(a->overflow, b->overflow) ||
        a->linked_count != b->linked_count || a->dir_count != b->dir_count ||
        a->dirs_cut != b->dirs_cut || a->scope.tree_count != b->scope.tree_count ||
        !same(a->scope.trees[0].id, b->scope.trees[0].id) ||
        !same(a->scope.home, b->scope.home)) {
        return false;
    }
    for (size_t i = 0; i < a->count; i++) {
        const struct audit_entry *x = &a->entries[i];
        const struct audit_entry *y = &b->entries[i];

        if (!same(x->path, y->path) || x->rule != y->rule || x->kind != y->kind ||
            x->mode != y->mode || x->harmless != y->harmless || x->size != y->size ||
            !same(x->digest, y->digest) || !same(x->stamp, y->stamp) ||
            !same(x->target, y->target)) {
            return false;
        }
    }
    return true;
}

/* Encodes and decodes a snapshot of the project, and checks that nothing changes. */
static void round_trip(struct buf *text, const char *name)
{
    struct err e = {0};
    struct audit back;
    struct buf again;

    buf_reset(text);
    buf_init(&again, AUDIT_TEXT_MAX);
    take(&before);
    ok(audit_encode(&before, text, &e) == 0, "%s: the snapshot is encoded", name);
    ok(audit_decode(buf_str(text), &arena, &back, &e) == 0, "%s: the text is decoded %s", name,
       e.text);
    ok(same_audit(&before, &back), "%s: the decoded snapshot is the same", name);
    ok(audit_encode(&back, &again, &e) == 0 && str_eq(buf_str(&again), buf_str(text)),
       "%s: it is encoded to the same text", name);
    buf_release(&again);
}

static void decoding_inverts_encoding(struct buf *text)
{
    start();
    round_trip(text, "an empty project");
    put("p/.git/config", "[core]\nhooksPath = \"h \xff%\\\"\\n\"\n");
    put("p/h \xff%\"\n/x", "x");
    put("p/.husky/\"quoted\"\\%41", "y");
    put("p/.husky/\n\t\x01\xc3\xa4\xff", "z");
    (void)symlink("to\xff\n\"", in_tmp("p/.envrc"));
    (void)mkfifo(in_tmp("p/.npmrc"), 0600);
    put("p/node_modules/a", "");
    (void)link(in_tmp("p/node_modules/a"), in_tmp("linked"));
    put("p/.git/info/attributes", "x");
    put("p/.exrc", "");
    (void)chmod(in_tmp("p/.exrc"), 06755);
    round_trip(text, "names of any bytes");
    ok(before.linked_count == 1, "the sample has a file with a hard link outside");
}

/* Returns the text with the first `from` replaced by `to`. */
static struct str edited(struct str text, const char *from, const char *to)
{
    const char *all = arena_str(&arena, text);
    const char *at = strstr(all, from);

    if (at == NULL) {
        ok(false, "the sample contains '%s'", from);
        return text;
    }
    return str_c(arena_printf(&arena, "%.*s%s%s", (int)(at - all), all, to, at + strlen(from)));
}

static void invalid_texts_are_refused(void)
{
    static const struct {
        const char *from, *to, *name;
    } cases[] = {
        {"\"audit\":3", "\"audit\":1", "another format"},
        {"\"audit\":3", "\"audit\":\"3\"", "a format that is a string"},
        {"\"table\":\"", "\"table\":\"0", "another table"},
        {"\"overflow\":null", "\"overflow\":[]", "a list for a name"},
        {"\"overflow\":null", "\"overflow\":1", "a number for a name"},
        {"\"overflow\":null", "\"overflow\":\"\"", "an empty name"},
        {"\"overflow\":null,", "", "a missing member"},
        {"\"trees\":[[\"/", "\"trees\":[[\"", "a tree with a relative path"},
        {"\"trees\":[[", "\"trees\":[[1,", "an additional column of a tree"},
        {"\"leads\":[]", "\"leads\":[[\"a\",\"/b\",99999]]", "a lead with an unknown rule"},
        {"\"leads\":[]", "\"leads\":[[\"a\",\"b\",1]]", "a lead with a relative path"},
        {"\"linked\":\"\"", "\"linked\":\"0\"", "half a state"},
        {"\"linked\":\"\"", "\"linked\":\"000000000000000x\"", "a state that is not a number"},
        {"\"linked\":\"\"", "\"linked\":\"00000000000000020000000000000001\"",
         "states out of order"},
        {"\"dirs\":\"", "\"dirs\":\"0", "half a hash of a directory"},
        {"\"cut\":0", "\"cut\":2", "a number for a truth value"},
        {"\"entries\":[", "\"entries\":[1,", "a number for an entry"},
        {"\"entries\":[", "\"entries\":[[],", "an empty entry"},
        {"\".envrc\"", "\"\"", "an empty path"},
        {"\".envrc\"", "\".e%00nvrc\"", "a NUL in a path"},
        {"\".envrc\"", "\".e%0nvrc\"", "half an escape"},
        {"\".envrc\"", "\".envrc%\"", "a percent sign without digits"},
        {"\".envrc\"", "\".%65nvrc\"", "an escape without need"},
        {"\".envrc\"", "\".e%c3nvrc\"", "an escape in lower case"},
        {"\".envrc\"", "\".e\\u0041nvrc\"", "an escape of JSON"},
        {"\".envrc\"", "\".e nvrc\"", "a blank that is not escaped"},
        {"\".envrc\"", "\".e\xc3\xa4nvrc\"", "bytes that are not escaped"},
        {"\".envrc\"", "\".npmrc\"", "a path twice"},
        {"\".envrc\"", "\".z\"", "paths out of order"},
        {",0,0,420,", ",7,0,420,", "an unknown kind"},
        {",0,0,420,", ",2,0,420,", "a link without a target"},
        {",0,0,420,", ",0,2,420,", "a number for a truth value"},
        {",0,0,420,", ",0,0,4096,", "a mode with too many bits"},
        {",0,0,420,", ",0,0,-1,", "a negative mode"},
        {",0,0,420,3,", ",0,0,420,3.0,", "a size with a decimal point"},
        {",0,0,420,3,", ",0,0,420,18446744073709551616,", "a size past 64 bits"},
        {",null]", ",\"x\"]", "a file with a target"},
        {",null]", ",null,null]", "an additional column"},
        {",null]", "]", "a missing column"},
        {"ba7816bf", "BA7816BF", "a digest in upper case"},
        {"ba7816bf", "ba7816b", "a short digest"},
        {"ba7816bf", "\\u0000a", "a digest with an escape"},
    };
    struct err e = {0};
    struct audit s;
    struct buf text;

    start();
    put("p/.envrc", "abc");
    put("p/.npmrc", "abc");
    take(&before);
    buf_init(&text, AUDIT_TEXT_MAX);
    (void)audit_encode(&before, &text, &e);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct str bad = edited(buf_str(&text), cases[i].from, cases[i].to);

        err_reset(&e);
        ok(audit_decode(bad, &arena, &s, &e) < 0 && e.kind == ERR_FORMAT && s.count == 0 &&
               s.entries == NULL,
           "a text with %s is refused", cases[i].name);
    }
    buf_release(&text);
}

/* Decodes a mutated text, which may be accepted or refused. An accepted snapshot must be
 * usable: it is encoded again and compared. */
static void try_mutant(struct str text, size_t *accepted)
{
    struct arena own = {0};
    struct err e = {0};
    struct audit s;
    struct buf again;

    buf_init(&again, AUDIT_TEXT_MAX);
    if (audit_decode(text, &own, &s, &e) == 0) {
        struct audit_report r;
        struct strv text_lines = {0};

        (*accepted)++;
        if (audit_encode(&s, &again, &e) < 0) {
            ok(false, "an accepted mutant can be encoded");
        }
        audit_diff(&s, &before, &own, &r);
        audit_lines(&r, 20, &own, &text_lines);
    } else if (s.count != 0) {
        ok(false, "a refused mutant leaves no entries");
    }
    buf_release(&again);
    arena_release(&own);
}

static void mutations_are_accepted_or_refused(struct buf *sample)
{
    struct buf text;
    size_t accepted = 0;

    buf_init(&text, AUDIT_TEXT_MAX);
    (void)buf_add_str(&text, buf_str(sample));
    for (size_t i = 0; i < text.len; i++) {
        char *at = text.mem + text.head + i;
        char kept = *at;

        for (unsigned bit = 0; bit < 8; bit++) {
            *at = (char)((unsigned char)kept ^ (1U << bit));
            try_mutant(buf_str(&text), &accepted);
        }
        *at = (char)~(unsigned char)kept;
        try_mutant(buf_str(&text), &accepted);
        *at = kept;
        try_mutant(str_n(buf_data(&text), i), &accepted);
    }
    ok(accepted > 0, "%zu of the mutated texts are accepted", accepted);
    buf_release(&text);
}

static void sizes_are_limited(void)
{
    struct audit_entry *entries = arena_array(&arena, AUDIT_MAX + 1, sizeof(entries[0]));
    struct audit_tree tree = {.path = "/p", .id = "1:2"};
    struct audit s = {
        .entries = entries, .count = AUDIT_MAX + 1, .scope = {.trees = &tree, .tree_count = 1}};
    struct audit back;
    struct err e = {0};
    struct buf text;

    for (unsigned i = 0; i < s.count; i++) {
        entries[i] = (struct audit_entry){.path = arena_printf(&arena, "%06u", i), .stamp = ""};
    }
    buf_init(&text, AUDIT_TEXT_MAX);
    ok(audit_encode(&s, &text, &e) == 0 && audit_decode(buf_str(&text), &arena, &back, &e) < 0,
       "one entry more than AUDIT_MAX is refused");
    buf_reset(&text);
    s.count--;
    ok(audit_encode(&s, &text, &e) == 0 &&
           audit_decode(buf_str(&text), &arena, &back, &e) == 0 && back.count == AUDIT_MAX,
       "AUDIT_MAX entries are accepted");
    buf_release(&text);
    buf_init(&text, 1000);
    ok(audit_encode(&s, &text, &e) < 0 && e.kind == ERR_LIMIT,
       "a buffer that is too small is an error");
    buf_release(&text);
}

int main(void)
{
    struct buf text;

    tmpdir_make();
    (void)umask(022);
    buf_init(&text, AUDIT_TEXT_MAX);
    decoding_inverts_encoding(&text);
    mutations_are_accepted_or_refused(&text);
    invalid_texts_are_refused();
    sizes_are_limited();
    buf_release(&text);
    arena_release(&arena);
    tmpdir_remove();
    return done_testing();
}
