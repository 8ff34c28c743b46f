/* SPDX-License-Identifier: MIT */
#include "wire/pem.h"

#include "wire/base64.h"

#include <string.h>

static const char begin[] = "-----BEGIN ";
static const char end[] = "-----END ";
static const char dashes[] = "-----";

void pem_init(struct pem *p)
{
    *p = (struct pem){.label = {NULL, 0}};
    buf_init(&p->der, PEM_BLOCK_MAX);
    buf_init(&p->text, 2 * (size_t)PEM_BLOCK_MAX);
    /* A buffer that grows leaves copies of a key in memory. */
    (void)buf_reserve(&p->der, p->der.max);
    (void)buf_reserve(&p->text, p->text.max);
}

void pem_release(struct pem *p)
{
    buf_wipe(&p->der);
    buf_wipe(&p->text);
}

/* Returns the text between `mark` and the dashes at the end of the line. Its p is NULL if the
 * line does not have this form. */
static struct str label_of(struct str line, const char *mark)
{
    struct str rest = str_drop(line, strlen(mark) < line.len ? strlen(mark) : line.len);

    if (!str_starts(line, mark) || !str_ends(rest, dashes)) {
        return str_n(NULL, 0);
    }
    return str_n(rest.p, rest.len - (sizeof(dashes) - 1));
}

/* Joins the lines up to the end mark. Returns false if the end mark with this label is missing.
 */
static bool take_lines(struct str *text, struct pem *p)
{
    struct str line = {0};

    while (text->len > 0) {
        (void)str_cut(text, '\n', &line);
        line = str_trim(line);
        if (str_starts(line, dashes)) {
            struct str label = label_of(line, end);

            return label.p != NULL && str_eq(label, p->label);
        }
        if (memchr(line.p, ':', line.len) != NULL) {
            /* Fields of the older format (RFC 1421): Proc-Type: 4,ENCRYPTED; DEK-Info: ... */
            p->encrypted = p->encrypted || str_ends(line, "ENCRYPTED");
            continue;
        }
        (void)buf_add_str(&p->text, line); /* an overflow is sticky */
    }
    return false;
}

static bool take_block(struct str *text, struct pem *p)
{
    struct err ignored = {0}; /* malformed blocks are skipped */

    buf_reset(&p->der);
    buf_reset(&p->text);
    p->encrypted = str_starts(p->label, "ENCRYPTED ");
    if (!take_lines(text, p) || p->text.overflowed) {
        return false;
    }
    return p->encrypted || base64_decode(buf_str(&p->text), false, &p->der, &ignored) == 0;
}

bool pem_next(struct str *text, struct pem *p)
{
    struct str line = {0};

    while (text->len > 0) {
        (void)str_cut(text, '\n', &line);
        p->label = label_of(str_trim(line), begin);
        if (p->label.p != NULL && take_block(text, p)) {
            return true;
        }
    }
    return false;
}
