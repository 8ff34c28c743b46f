/* SPDX-License-Identifier: MIT */
/* boot_decode(): what it accepts can be encoded and says the same when decoded again. */
#include "fuzz.h"

#include "base/limits.h"
#include "wire/boot.h"

#include <stdlib.h>

static void add_c(struct buf *out, const char *name, const char *s)
{
    struct str text = str_c(s);

    (void)buf_addf(out, "%s %s%zu:", name, s == NULL ? "none " : "", text.len);
    (void)buf_add_str(out, text);
    (void)buf_add_byte(out, '\n');
}

static void add_list(struct buf *out, const char *name, const struct strv *l)
{
    for (size_t i = 0; i < l->count; i++) {
        add_c(out, name, l->v[i]);
    }
    if (l->v != NULL && l->v[l->count] != NULL) {
        abort();
    }
}

static void describe(const struct boot *b, struct buf *out)
{
    (void)buf_addf(out, "%llu:%llu tty %d %ux%u login %d root %d\n", (unsigned long long)b->uid,
                   (unsigned long long)b->gid, (int)b->tty, b->rows, b->cols,
                   (int)b->login_shell, (int)b->keep_root);
    add_c(out, "user", b->user);
    add_c(out, "home", b->home);
    add_c(out, "workdir", b->workdir);
    add_c(out, "shell", b->shell);
    add_c(out, "tz", b->tz);
    add_list(out, "arg", &b->argv);
    add_list(out, "env", &b->env);
    add_list(out, "dir", &b->dirs);
    for (size_t i = 0; i < b->copy_count; i++) {
        (void)buf_addf(out, "copy %o\n", b->copies[i].mode);
        add_c(out, "from", b->copies[i].source);
        add_c(out, "to", b->copies[i].target);
    }
}

static void check_again(const struct boot *b, struct str want)
{
    struct arena a = {0};
    struct boot again;
    struct buf file;
    struct buf said;
    struct err e = {0};

    buf_init(&file, LIMIT_BOOT);
    buf_init(&said, LIMIT_BOOT);
    if (boot_encode(b, &file, &e) < 0 || boot_decode(buf_str(&file), &a, &again, &e) < 0) {
        abort();
    }
    describe(&again, &said);
    if (!str_eq(buf_str(&said), want)) {
        abort();
    }
    buf_release(&file);
    buf_release(&said);
    arena_release(&a);
}

void fuzz_describe(struct str in, size_t step, struct buf *out)
{
    struct arena a = {0};
    struct boot b;
    struct err e = {0};

    (void)step;
    if (boot_decode(in, &a, &b, &e) == 0) {
        describe(&b, out);
        check_again(&b, buf_str(out));
    } else {
        (void)buf_add_c(out, e.text);
    }
    arena_release(&a);
}
