/* SPDX-License-Identifier: MIT */
/* Parses the command lines in tests/plan/lines, one in each line, with '|' between the words
 * and \xNN for any byte. tests/plan/lines.golden has the result of each: the lines that its
 * plan has in addition to the plan of plain `cco` ("+") and the lines that are missing ("-"),
 * or the command, or the error. CCO_UPDATE_GOLDEN=1 writes the file. */
#include "base/path.h"
#include "cli/options.h"
#include "plan.h"
#include "tap.h"

enum { WORDS_MAX = 64, GOLDEN_MAX = 1 << 20, LINES_MIN = 150 };

/* The files that exist in these tests. */
static const struct fact_option_path files[] = {
    {"/home/ann/src/lib", "/home/ann/src/lib", FACT_DIR, NULL, "1:1", NULL, NULL},
    {"/home/ann/src/a b:c", "/home/ann/src/a b:c", FACT_DIR, NULL, "1:2", NULL, NULL},
    {"/home/ann/src/mcp.json", "/home/ann/src/mcp.json", FACT_FILE, NULL, "1:3", NULL, NULL},
    {"/home/ann/src/app/sub", "/home/ann/src/app/sub", FACT_DIR, NULL, "1:4", NULL, NULL},
    {"/home/ann/src/app/.env", "/home/ann/src/app/.env", FACT_FILE, NULL, "1:5", NULL, NULL},
    {"/home/ann/src/app/link", "/data/secret", FACT_DIR, "/home/ann/src/app/link", "1:6", NULL,
     NULL},
    {"/home/ann/src/app", "/home/ann/src/app", FACT_DIR, NULL, "1:7", NULL, NULL},
    {"/home/ann/.config/gh", "/home/ann/.config/gh", FACT_DIR, NULL, "1:8", NULL, NULL},
    {"/home/ann", "/home/ann", FACT_DIR, NULL, "1:9", NULL, NULL},
    {"/etc/hosts", "/etc/hosts", FACT_FILE, NULL, "1:10", NULL, NULL},
    {"/usr", "/usr", FACT_DIR, NULL, "1:11", NULL, NULL},
    {"/tmp/debug.log", NULL, FACT_MISSING, NULL, NULL, "/tmp", NULL},
};

static void look(const struct opts *o, struct facts *f, struct arena *a)
{
    f->option_paths = arena_array(a, o->path_count, sizeof(f->option_paths[0]));
    f->option_path_count = o->path_count;
    for (size_t i = 0; i < o->path_count; i++) {
        const char *path = o->paths[i].path;

        if (strncmp(path, "~/", 2) == 0) {
            path = arena_printf(a, "%s/%s", f->home, path + 2);
        }
        f->option_paths[i] = (struct fact_option_path){
            .target = path_clean(a, path_join(a, f->cwd_physical, path)), .type = FACT_MISSING};
        for (size_t k = 0; k < sizeof(files) / sizeof(files[0]); k++) {
            if (strcmp(files[k].target, f->option_paths[i].target) == 0) {
                f->option_paths[i] = files[k];
            }
        }
    }
}

static int split(char *line, char **argv)
{
    static char cco[] = "cco";
    int argc = 1;
    char *out = line;

    argv[0] = cco;
    if (line[0] == '\0') {
        return 1;
    }
    argv[argc++] = line;
    for (const char *in = line; *in != '\0'; in++) {
        if (*in == '|' && argc < WORDS_MAX - 1) {
            *out++ = '\0';
            argv[argc++] = out;
        } else if (in[0] == '\\' && in[1] == 'x') {
            char digits[3] = {in[2], in[3], '\0'};

            *out++ = (char)strtoul(digits, NULL, 16);
            in += 3;
        } else {
            *out++ = *in;
        }
    }
    *out = '\0';
    argv[argc] = NULL;
    return argc;
}

/* Adds the lines that occur in `s` more often than in `other`. */
static void differ(struct str s, struct str other, char sign, struct buf *out)
{
    struct str all = s;

    while (s.len > 0) {
        struct str line = {0};
        struct str before = all;
        struct str there = other;
        struct str one = {0};
        int count = 0;

        (void)str_cut(&s, '\n', &line);
        before.len = (size_t)(line.p - all.p);
        while (before.len > 0) {
            (void)str_cut(&before, '\n', &one);
            count -= str_eq(one, line) ? 1 : 0;
        }
        while (there.len > 0) {
            (void)str_cut(&there, '\n', &one);
            count += str_eq(one, line) ? 1 : 0;
        }
        if (count <= 0 && str_index(line, '"') < line.len) {
            (void)buf_addf(out, "%c %.*s\n", sign, (int)line.len, line.p);
        }
    }
}

static void plan_of(const struct opts *o, struct arena *a, struct buf *plain, struct buf *out)
{
    struct facts f;
    struct plan p;
    struct err e = {0};
    struct buf text;

    buf_init(&text, LIMIT_REQUEST);
    plan_facts(&f, a);
    f.ssh_dir = (struct fact_path){"/home/ann/.ssh", "/home/ann/.ssh", FACT_DIR};
    f.engine.socket = "/run/docker.sock";
    f.engine.socket_gid = 998;
    look(o, &f, a);
    if (plan_build(o, &f, a, &p, &e) < 0 || plan_check(&p, &f, &e) < 0 ||
        plan_print(&p, &f, &text, &e) < 0) {
        (void)buf_addf(out, "exit %d: %s\n  %s\n", e.kind == ERR_USAGE ? 2 : 125, e.text,
                       e.hint);
    } else if (plain->len == 0) {
        (void)buf_add_str(plain, buf_str(&text));
    } else {
        differ(buf_str(&text), buf_str(plain), '+', out);
        differ(buf_str(plain), buf_str(&text), '-', out);
    }
    buf_release(&text);
}

static void add_list(struct buf *out, const char *name, const struct strv *l)
{
    for (size_t i = 0; i < l->count; i++) {
        (void)buf_addf(out, "  %s: %s\n", name, l->v[i]);
    }
}

static void command_of_line(const struct opts *o, struct buf *out)
{
    const struct command *c = command_of(o->command);

    (void)buf_addf(out, "  command: %s %s\n",
                   o->command == CMD_VERSION ? "version"
                   : c != NULL               ? c->word
                                             : "claude",
                   c != NULL && c->sub != NULL ? c->sub : "");
    add_list(out, "word", &o->args);
    add_list(out, "package", &o->packages);
    add_list(out, "build-arg", &o->build_args);
    if (o->help_of != NULL) {
        (void)buf_addf(out, "  help of: %s\n", o->help_of);
    }
    (void)buf_addf(out, "  flags:%s%s%s%s%s%s%s%s%s%s\n", o->json ? " json" : "",
                   o->all ? " all" : "", o->list ? " list" : "", o->check ? " check" : "",
                   o->read_only ? " read-only" : "", o->wait ? " wait" : "",
                   o->yes ? " yes" : "", o->quiet ? " quiet" : "", o->dry_run ? " dry-run" : "",
                   o->rebuild ? " rebuild" : "");
}

static void one_line(const char *text, struct buf *plain, struct buf *out)
{
    static char line[2048];
    char *argv[WORDS_MAX];
    struct arena a = {0};
    struct opts o = {0};
    struct err e = {0};
    int argc;

    (void)snprintf(line, sizeof(line), "%s", text);
    argc = split(line, argv);
    (void)buf_addf(out, "$ cco %s\n", text);
    if (options_parse(argc, argv, &a, &o, &e) < 0) {
        (void)buf_addf(out, "exit 2: %s\n  %s\n", e.text, e.hint);
    } else if (o.command == CMD_CLAUDE || o.command == CMD_SHELL) {
        add_list(out, "misspelled", &o.misspelled);
        plan_of(&o, &a, plain, out);
    } else {
        command_of_line(&o, out);
    }
    arena_release(&a);
}

/* Returns the content of a file, NUL-terminated. */
static char *text_of(const char *path)
{
    static char text[GOLDEN_MAX];
    FILE *f = fopen(path, "rbe");
    size_t n = f == NULL ? 0 : fread(text, 1, sizeof(text) - 1, f);

    if (f != NULL) {
        (void)fclose(f);
    }
    text[n] = '\0';
    return text;
}

/* Compares the result of each command line in a check of its own, so that a difference is easy
 * to find. */
static void compare(struct str got, struct str want)
{
    while (got.len > 0 || want.len > 0) {
        struct str g = got;
        struct str w = want;
        size_t g_end = 1;
        size_t w_end = 1;

        while (g_end < got.len && !(got.p[g_end] == '$' && got.p[g_end - 1] == '\n')) {
            g_end++;
        }
        while (w_end < want.len && !(want.p[w_end] == '$' && want.p[w_end - 1] == '\n')) {
            w_end++;
        }
        g.len = got.len < g_end ? got.len : g_end;
        w.len = want.len < w_end ? want.len : w_end;
        ok(str_eq(g, w), "%.*s", (int)str_index(g, '\n'), g.p == NULL ? "" : g.p);
        if (!str_eq(g, w)) {
            (void)printf("# now:\n%.*s# before:\n%.*s", (int)g.len, g.p, (int)w.len, w.p);
        }
        got = str_drop(got, g.len);
        want = str_drop(want, w.len);
    }
}

int main(void)
{
    struct str rest = str_c(text_of("tests/plan/lines"));
    char *copy = malloc(rest.len + 1);
    struct buf plain;
    struct buf out;
    int count = 0;

    memcpy(copy, rest.p, rest.len);
    rest.p = copy;
    buf_init(&plain, LIMIT_REQUEST);
    buf_init(&out, LIMIT_REQUEST);
    one_line("", &plain, &out);
    buf_reset(&out);
    while (rest.len > 0) {
        struct str line = {0};
        char text[2048];

        (void)str_cut(&rest, '\n', &line);
        if (line.len > 0 && line.p[0] == '#') {
            continue;
        }
        (void)snprintf(text, sizeof(text), "%.*s", (int)line.len, line.p);
        one_line(text, &plain, &out);
        count++;
    }
    ok(count >= LINES_MIN, "%d command lines", count);
    if (getenv("CCO_UPDATE_GOLDEN") != NULL) {
        FILE *f = fopen("tests/plan/lines.golden", "wbe");

        ok(f != NULL && fwrite(buf_data(&out), 1, out.len, f) == out.len && fclose(f) == 0,
           "written");
    }
    compare(buf_str(&out), str_c(text_of("tests/plan/lines.golden")));
    buf_release(&plain);
    buf_release(&out);
    free(copy);
    return done_testing();
}
