/* SPDX-License-Identifier: MIT */
#include "base/buf.h"
#include "base/log.h"
#include "base/path.h"
#include "host/audit.h"
#include "host/audit_table.h"

#include <string.h>

/* Names in one line, and bytes of one name: longer ones are cut in the middle. */
enum { NAMES_MAX = 6, NAME_LEN_MAX = 120, PATH_LEN_MAX = 240 };

/* Returns a name without anything that would control a terminal, and not longer than `max`
 * bytes and the dots in place of what was cut. */
static const char *printable(struct arena *a, const char *name, size_t max)
{
    struct str s = str_c(name);
    struct buf out;
    const char *text;

    buf_init(&out, 16 * (2 * max + 1));
    if (s.len > max) {
        log_escape(&out, str_n(s.p, max / 2));
        (void)buf_add_c(&out, "...");
        log_escape(&out, str_n(s.p + s.len - max / 2, max / 2));
    } else {
        log_escape(&out, s);
    }
    text = arena_str(a, buf_str(&out));
    buf_release(&out);
    return text;
}

static const char *is_now(const struct audit_finding *f, struct arena *a)
{
    switch (f->kind) {
    case AUDIT_LINK:
        return arena_printf(a, "is now a link to %s", printable(a, f->target, PATH_LEN_MAX));
    case AUDIT_FILE:
        return "is now a file";
    case AUDIT_DIR:
        return "is now a directory";
    case AUDIT_FIFO:
        return "is now a FIFO";
    case AUDIT_SOCKET:
        return "is now a socket";
    case AUDIT_DEVICE:
        return "is now a device";
    case AUDIT_UNREADABLE:
    case AUDIT_KINDS:
    default:
        return "cannot be read";
    }
}

static const char *says(const struct audit_finding *f, struct arena *a)
{
    switch (f->what) {
    case AUDIT_ADDED:
        return "added";
    case AUDIT_CHANGED:
        return f->kind == AUDIT_LINK ? arena_printf(a, "changed: it leads to %s",
                                                    printable(a, f->target, PATH_LEN_MAX))
                                     : "changed";
    case AUDIT_REMOVED:
        return "removed";
    case AUDIT_MODE:
        return arena_printf(a, "has mode %03o now, was %03o", f->mode, f->old_mode);
    case AUDIT_SETID:
        return (f->mode & ~f->old_mode & 04000U) != 0 ? "is setuid now" : "is setgid now";
    case AUDIT_TYPE:
    case AUDIT_OVERFLOW:
    case AUDIT_RELINKED:
    default:
        return f->rule == AUDIT_RULE_ROOT ? "was exchanged or removed" : is_now(f, a);
    }
}

/* Returns the line for one finding. */
static const char *one(const struct audit_finding *f, struct arena *a)
{
    const char *path = printable(a, f->path, PATH_LEN_MAX);
    const struct audit_rule *rule = audit_rule(f->rule);

    if (f->what == AUDIT_OVERFLOW) {
        return arena_printf(a, "%s contains more than the audit examines: check it yourself",
                            path);
    }
    if (f->what == AUDIT_RELINKED) {
        return arena_printf(
            a, "%s: %zu changed file%s hard links outside of the project (%s %s)", path,
            f->count, f->count == 1 ? " has" : "s have", rule->program, rule->why);
    }
    return arena_printf(a, "%s %s (%s %s)", path, says(f, a), rule->program, rule->why);
}

/* Returns the word for a change that several files have in common; NULL if each needs a line of
 * its own because the line has more to say. */
static const char *together(const struct audit_finding *f)
{
    switch (f->what) {
    case AUDIT_ADDED:
        return "added";
    case AUDIT_CHANGED:
        return "changed";
    case AUDIT_REMOVED:
        return "removed";
    case AUDIT_MODE:
        return "with another mode";
    case AUDIT_SETID:
        return "setuid or setgid now";
    case AUDIT_TYPE:
        return f->kind == AUDIT_UNREADABLE ? "that cannot be read"
               : f->kind == AUDIT_LINK     ? "links now"
               : f->kind == AUDIT_FILE     ? "files now"
                                           : "special files or directories now";
    case AUDIT_RELINKED:
    case AUDIT_OVERFLOW:
    default:
        return NULL;
    }
}

static bool is_same_group(const struct audit_finding *x, const struct audit_finding *y)
{
    const struct audit_rule *r = audit_rule(x->rule);
    const struct audit_rule *s = audit_rule(y->rule);
    const char *word = together(x);
    const char *other = together(y);

    return word != NULL && other != NULL && strcmp(word, other) == 0 &&
           strcmp(r->program, s->program) == 0 && strcmp(r->why, s->why) == 0;
}

/* Returns the length of the directory, with its slash, that all findings of the group have in
 * common. */
static size_t common_dir(const struct audit_finding *const *group, size_t count)
{
    size_t len = strlen(group[0]->path);

    for (size_t i = 1; i < count; i++) {
        size_t same = 0;

        while (same < len && group[i]->path[same] == group[0]->path[same] &&
               group[i]->path[same] != '\0') {
            same++;
        }
        len = same;
    }
    while (len > 0 && group[0]->path[len - 1] != '/') {
        len--;
    }
    return len;
}

/* Returns the line for a group of at least two findings. */
static const char *several(const struct audit_finding *const *group, size_t count,
                           struct arena *a)
{
    const struct audit_rule *rule = audit_rule(group[0]->rule);
    size_t dir = common_dir(group, count);
    struct buf out;
    const char *text;

    buf_init(&out, 64 << 10);
    if (dir > 0) {
        (void)buf_addf(&out, "%s: ",
                       printable(a, arena_str(a, str_n(group[0]->path, dir > 1 ? dir - 1 : 1)),
                                 PATH_LEN_MAX));
    }
    (void)buf_addf(&out, "%zu %s (for each: %s %s): ", count, together(group[0]), rule->program,
                   rule->why);
    for (size_t i = 0; i < count && i < NAMES_MAX; i++) {
        (void)buf_addf(&out, "%s%s", i > 0 ? ", " : "",
                       printable(a, group[i]->path + dir, NAME_LEN_MAX));
    }
    if (count > NAMES_MAX) {
        (void)buf_addf(&out, " and %zu more", count - NAMES_MAX);
    }
    text = arena_str(a, buf_str(&out));
    buf_release(&out);
    return text;
}

/* Returns the length of the directory of a new virtual environment of Python, with its slash,
 * if the finding is the file that marks one. Returns 0 otherwise: also for the project itself,
 * and for a directory that existed before, whose programs may run what is new in it. */
static size_t venv_dir(const struct audit_finding *f)
{
    const char *slash = strrchr(f->path, '/');

    return f->what == AUDIT_ADDED && f->in_new_dir && slash != NULL &&
                   strcmp(audit_rule(f->rule)->pattern, "pyvenv.cfg") == 0
               ? (size_t)(slash - f->path) + 1
               : 0;
}

/* Returns whether the finding is a new file or link that only says what such an environment is:
 * it has a Python, which runs code from it. */
static bool is_of_venv(const struct audit_finding *f)
{
    static const char *const patterns[] = {"pyvenv.cfg",       "bin/python*",
                                           "bin/activate*",    "*.pth",
                                           "sitecustomize.py", "usercustomize.py"};
    const bool is_new =
        f->what == AUDIT_ADDED || (f->what == AUDIT_TYPE && f->kind == AUDIT_LINK);

    for (size_t i = 0; is_new && i < sizeof(patterns) / sizeof(patterns[0]); i++) {
        if (strcmp(audit_rule(f->rule)->pattern, patterns[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* Sets venvs[i], for each finding of a new virtual environment, to the finding that marks it,
 * for at most `max` environments. */
static void find_venvs(const struct audit_report *report, size_t max,
                       const struct audit_finding **venvs)
{
    for (size_t i = 0, count = 0; i < report->count && count < max; i++) {
        const struct audit_finding *mark = &report->findings[i];
        const size_t len = venv_dir(mark);

        for (size_t k = 0; len > 0 && k < report->count; k++) {
            const struct audit_finding *f = &report->findings[k];

            if (venvs[k] == NULL && is_of_venv(f) && strncmp(f->path, mark->path, len) == 0) {
                venvs[k] = mark;
            }
        }
        count += len > 0 ? 1U : 0U;
    }
}

/* Returns the line for a new virtual environment, whose findings it stands for. */
static const char *one_venv(const struct audit_finding *mark, struct arena *a)
{
    const char *dir = arena_str(a, str_n(mark->path, venv_dir(mark) - 1));

    return arena_printf(
        a, "%s added: an environment of Python (Python and editors run code from it)",
        printable(a, dir, PATH_LEN_MAX));
}

void audit_lines(const struct audit_report *report, size_t max, struct arena *a,
                 struct strv *lines)
{
    bool *done = arena_array(a, report->count + 1, sizeof(done[0]));
    const struct audit_finding **group =
        arena_array(a, report->count + 1, sizeof(const struct audit_finding *));
    const size_t before = lines->count;
    const struct audit_finding **venvs =
        arena_array(a, report->count + 1, sizeof(const struct audit_finding *));
    size_t left = report->count;

    find_venvs(report, max, venvs);
    for (size_t i = 0; i < report->count; i++) {
        size_t count = 0;

        if (done[i]) {
            continue;
        }
        if (lines->count - before == max) {
            break;
        }
        for (size_t k = i; k < report->count; k++) {
            if (!done[k] && venvs[k] == venvs[i] &&
                (k == i || venvs[i] != NULL ||
                 is_same_group(&report->findings[i], &report->findings[k]))) {
                done[k] = true;
                group[count++] = &report->findings[k];
            }
        }
        left -= count;
        strv_add(lines, a,
                 venvs[i] != NULL ? one_venv(venvs[i], a)
                 : count > 1      ? several(group, count, a)
                                  : one(group[0], a));
    }
    if (left > 0) {
        strv_add(lines, a, arena_printf(a, "%zu more changes", left));
    }
}
