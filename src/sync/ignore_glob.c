/* SPDX-License-Identifier: MIT */
#include "sync/ignore_glob.h"

#include "base/limits.h"

#include <string.h>

enum op_kind {
    OP_BYTE, /* the byte `byte` */
    OP_ANY,  /* any byte except '/' */
    OP_SET,  /* any byte of sets[set] */
    OP_STAR, /* any number of bytes except '/' */
    OP_DIRS, /* at least `byte` components, each with the slash behind it */
    OP_REST, /* the rest of the text */
    OP_END   /* the end of the text */
};

struct ignore_glob_op {
    uint8_t kind;
    uint8_t byte;
    uint32_t set;
};

/* The state while a pattern is compiled. */
struct compiler {
    struct str in; /* the pattern behind the head */
    size_t at;     /* position in `in` */
    bool path, nocase;
    struct ignore_glob_op *ops;
    uint8_t (*sets)[32];
    size_t op_count, set_count;
    bool bad; /* the pattern is invalid */
};

unsigned char ignore_glob_fold(unsigned char c)
{
    return c >= 'A' && c <= 'Z' ? (unsigned char)(c + ('a' - 'A')) : c;
}

/* Returns the byte at i places behind the current one, and NUL behind the end of the pattern. A
 * pattern contains no NUL. */
static unsigned char peek(const struct compiler *c, size_t i)
{
    return c->at + i < c->in.len ? (unsigned char)c->in.p[c->at + i] : 0;
}

static bool is_special(char c)
{
    return c == '*' || c == '?' || c == '[' || c == '\\';
}

static void add_op(struct compiler *c, enum op_kind kind, unsigned char byte)
{
    c->ops[c->op_count++] = (struct ignore_glob_op){.kind = (uint8_t)kind, .byte = byte};
}

static void set_add(uint8_t *set, unsigned char byte)
{
    set[byte >> 3] = (uint8_t)(set[byte >> 3] | (1U << (byte & 7U)));
}

static bool set_has(const uint8_t *set, unsigned char byte)
{
    return (set[byte >> 3] & 1U << (byte & 7U)) != 0;
}

static bool is_lower(unsigned c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_upper(unsigned c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_digit(unsigned c)
{
    return c >= '0' && c <= '9';
}

/* As in git, the form feed and the vertical tab do not count as space. */
static bool is_space(unsigned c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_print(unsigned c)
{
    return c >= ' ' && c < 127;
}

/* Returns 1 if the byte belongs to the class `name`, 0 if not, and -1 if there is no such
 * class. The classes are those of ASCII, independent of the locale. */
static int is_of_class(struct str name, unsigned c, bool nocase)
{
    bool alpha = is_lower(c) || is_upper(c);
    const struct {
        const char *name;
        bool is;
    } classes[] = {{"alnum", alpha || is_digit(c)},
                   {"alpha", alpha},
                   {"blank", c == ' ' || c == '\t'},
                   {"cntrl", c < ' ' || c == 127},
                   {"digit", is_digit(c)},
                   {"graph", is_print(c) && !is_space(c)},
                   {"lower", is_lower(c)},
                   {"print", is_print(c)},
                   {"punct", is_print(c) && c != ' ' && !alpha && !is_digit(c)},
                   {"space", is_space(c)},
                   {"upper", is_upper(c) || (nocase && is_lower(c))},
                   {"xdigit", is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')}};

    for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
        if (str_eq_c(name, classes[i].name)) {
            return classes[i].is ? 1 : 0;
        }
    }
    return -1;
}

static void add_range(const struct compiler *c, uint8_t *set, unsigned first, unsigned last)
{
    for (unsigned b = first; b <= last; b++) {
        set_add(set, (unsigned char)b);
        if (c->nocase && is_upper(b)) {
            set_add(set, ignore_glob_fold((unsigned char)b));
        }
    }
}

/* Reads "[:NAME:]" and adds that class to `set`. Returns false and reads nothing if the bracket
 * is an ordinary byte. */
static bool take_class(struct compiler *c, uint8_t *set)
{
    struct str rest = str_drop(c->in, c->at + 2);
    struct str name = str_n(rest.p, str_index(rest, ']'));

    if (name.len == rest.len) {
        c->bad = true;
        return true;
    }
    if (!str_ends(name, ":")) {
        return false;
    }
    c->at += 2 + name.len + 1;
    name.len--;
    for (unsigned b = 0; b < 256; b++) {
        int is = is_of_class(name, b, c->nocase);

        if (is > 0) {
            set_add(set, (unsigned char)b);
        }
        c->bad = c->bad || is < 0;
    }
    return true;
}

/* Reads one byte of a bracket expression, with or without a backslash before it. */
static unsigned char take_byte(struct compiler *c)
{
    unsigned char b;

    if (peek(c, 0) == '\\') {
        c->at++;
    }
    b = peek(c, 0);
    c->bad = c->bad || b == 0;
    c->at++;
    return b;
}

/* Compiles a bracket expression behind the opening bracket, up to the closing bracket. */
static void compile_set(struct compiler *c)
{
    uint8_t *set = c->sets[c->set_count];
    bool negated = peek(c, 0) == '!' || peek(c, 0) == '^';
    unsigned char last = 0; /* the byte before, with which a range may begin; 0: none */
    bool first = true;

    c->at += negated ? 1 : 0;
    for (; !c->bad && (first || peek(c, 0) != ']'); first = false) {
        if (peek(c, 0) == '-' && last != 0 && peek(c, 1) != 0 && peek(c, 1) != ']') {
            c->at++;
            add_range(c, set, last, take_byte(c));
            last = 0;
        } else if (peek(c, 0) == '[' && peek(c, 1) == ':' && take_class(c, set)) {
            last = 0;
        } else {
            last = take_byte(c);
            set_add(set, last);
        }
    }
    c->at++;
    for (size_t i = 0; negated && i < 32; i++) {
        set[i] = (uint8_t)~set[i];
    }
    set['/' >> 3] = (uint8_t)(set['/' >> 3] & ~(1U << ('/' & 7U)));
    add_op(c, OP_SET, 0);
    c->ops[c->op_count - 1].set = (uint32_t)c->set_count++;
}

/* Compiles one or more consecutive stars, behind the first one. */
static void compile_stars(struct compiler *c)
{
    bool at_start = c->at == 1 || c->in.p[c->at - 2] == '/';
    bool many = peek(c, 0) == '*';
    bool escaped;

    while (peek(c, 0) == '*') {
        c->at++;
    }
    escaped = peek(c, 0) == '\\' && peek(c, 1) == '/';
    if (c->path && many && at_start && c->at == c->in.len) {
        add_op(c, OP_REST, 0);
    } else if (c->path && many && at_start && (escaped || peek(c, 0) == '/')) {
        c->at += escaped ? 2 : 1;
        /* If the slash is quoted, git requires at least one directory. */
        add_op(c, OP_DIRS, escaped ? 1 : 0);
    } else {
        add_op(c, OP_STAR, 0);
    }
}

static void compile_op(struct compiler *c)
{
    unsigned char b = peek(c, 0);

    c->at++;
    switch (b) {
    case '*':
        compile_stars(c);
        break;
    case '?':
        add_op(c, OP_ANY, 0);
        break;
    case '[':
        compile_set(c);
        break;
    case '\\':
        b = peek(c, 0);
        c->bad = c->bad || b == 0; /* a backslash at the end */
        c->at++;
        add_op(c, OP_BYTE, c->nocase ? ignore_glob_fold(b) : b);
        break;
    default:
        add_op(c, OP_BYTE, c->nocase ? ignore_glob_fold(b) : b);
        break;
    }
}

static struct str take_head(struct str *pattern, bool nocase, struct arena *a)
{
    struct str head = {pattern->p, 0};
    char *copy;

    while (head.len < pattern->len && !is_special(pattern->p[head.len])) {
        head.len++;
    }
    *pattern = str_drop(*pattern, head.len);
    copy = arena_str(a, head);
    for (size_t i = 0; nocase && i < head.len; i++) {
        copy[i] = (char)ignore_glob_fold((unsigned char)copy[i]);
    }
    return str_n(copy, head.len);
}

struct ignore_glob ignore_glob_compile(struct str pattern, unsigned flags, struct arena *a)
{
    struct ignore_glob g = {0};
    struct compiler c = {.path = (flags & IGNORE_GLOB_PATH) != 0,
                         .nocase = (flags & IGNORE_GLOB_NOCASE) != 0};
    struct str head;
    size_t brackets = 0;

    if (pattern.len > LIMIT_PATH || memchr(pattern.p, '\0', pattern.len) != NULL) {
        g.never = true; /* no path is so long or contains a NUL */
        return g;
    }
    head = take_head(&pattern, c.nocase, a);
    g.head = (const unsigned char *)head.p;
    g.head_len = (uint32_t)head.len;
    if (pattern.len == 0) {
        return g;
    }
    for (size_t i = 0; i < pattern.len; i++) {
        brackets += pattern.p[i] == '[' ? 1 : 0;
    }
    c.in = pattern;
    c.ops = arena_array(a, pattern.len + 1, sizeof(c.ops[0]));
    c.sets = arena_array(a, brackets + 1, sizeof(c.sets[0]));
    while (c.at < c.in.len && !c.bad) {
        compile_op(&c);
    }
    g.ops = c.ops;
    g.op_count = (uint32_t)c.op_count;
    add_op(&c, OP_END, 0);
    g.sets = (const uint8_t(*)[32])c.sets;
    g.never = c.bad;
    return g;
}

static bool begins_with(const struct ignore_glob *g, struct str text, bool nocase)
{
    if (text.len < g->head_len) {
        return false;
    }
    if (!nocase) { /* the first byte is compared first, because most texts differ in it */
        return g->head_len == 0 || ((unsigned char)text.p[0] == g->head[0] &&
                                    memcmp(text.p, g->head, g->head_len) == 0);
    }
    for (size_t i = 0; i < g->head_len; i++) {
        if (ignore_glob_fold((unsigned char)text.p[i]) != g->head[i]) {
            return false;
        }
    }
    return true;
}

static bool takes(const struct ignore_glob *g, const struct ignore_glob_op *op, unsigned char b)
{
    switch ((enum op_kind)op->kind) {
    case OP_BYTE:
        return b == op->byte;
    case OP_ANY:
        return b != '/';
    case OP_SET:
        return set_has(g->sets[op->set], b);
    case OP_STAR:
    case OP_DIRS:
    case OP_REST:
    case OP_END:
        break;
    }
    return false;
}

/* A position to which the matcher goes back if it cannot continue: behind the last OP_STAR or
 * the last OP_DIRS. Only the last of each is needed, because everything before it has matched
 * as few bytes as possible. */
struct retry {
    size_t op, at; /* the next operation, and the position in the text */
    bool possible;
};

/* Makes the last star match one more byte. */
static bool retry_star(struct retry *star, struct str text)
{
    if (!star->possible || star->at >= text.len || text.p[star->at] == '/') {
        return false;
    }
    star->at++;
    return true;
}

/* Makes the last OP_DIRS match one more directory. */
static bool retry_dirs(struct retry *dirs, struct str text)
{
    struct str rest = str_drop(text, dirs->at);
    size_t slash = str_index(rest, '/');

    if (!dirs->possible || slash == rest.len) {
        return false;
    }
    dirs->at += slash + 1;
    return true;
}

/* Sets *next to the position where the matcher continues. Returns false if there is none, so
 * that the text does not match. */
static bool retry(struct retry *star, struct retry *dirs, struct str text, struct retry *next)
{
    if (retry_star(star, text)) {
        *next = *star;
        return true;
    }
    star->possible = false;
    if (!retry_dirs(dirs, text)) {
        return false;
    }
    *next = *dirs;
    return true;
}

static bool match_ops(const struct ignore_glob *g, struct str text, bool nocase)
{
    struct retry star = {0};
    struct retry dirs = {0};
    struct retry now = {.possible = true};

    for (;;) {
        const struct ignore_glob_op *op = &g->ops[now.op];
        bool at_end = now.at == text.len;
        unsigned char b = at_end ? 0 : (unsigned char)text.p[now.at];

        if (op->kind == OP_REST || (op->kind == OP_END && at_end)) {
            return true;
        }
        if (op->kind == OP_STAR) {
            now.op++;
            star = now;
            continue;
        }
        if (op->kind == OP_DIRS) {
            now.op++;
            dirs = now;
            star.possible = false;
            if (op->byte == 0) {
                continue;
            }
        } else if (!at_end && takes(g, op, nocase ? ignore_glob_fold(b) : b)) {
            now.op++;
            now.at++;
            continue;
        }
        if (!retry(&star, &dirs, text, &now)) {
            return false;
        }
    }
}

bool ignore_glob_match(const struct ignore_glob *g, struct str text, bool nocase)
{
    if (g->never || !begins_with(g, text, nocase)) {
        return false;
    }
    if (g->op_count == 0) {
        return text.len == g->head_len;
    }
    return match_ops(g, str_drop(text, g->head_len), nocase);
}

int ignore_glob_last(const struct ignore_glob *g)
{
    if (g->op_count > 0) {
        const struct ignore_glob_op *op = &g->ops[g->op_count - 1];

        return op->kind == OP_BYTE ? op->byte : -1;
    }
    return g->head_len > 0 ? g->head[g->head_len - 1] : -1;
}
